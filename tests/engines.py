"""Engines for tests: a run in a folder, and one that stops on its way."""

import contextlib
from dataclasses import replace

from analysis.reuse import engines
from analysis.reuse.engines import Local
from analysis.reuse.spill import Folder


class Spilled(Local):
    """A run in a folder that is split into several blocks and ranges, as a larger one would be."""

    @contextlib.contextmanager
    def open(self, source, options):
        job = replace(engines.split_run(source, options, least=4), n_slices=4)
        with engines.scratch_folder(self.scratch, job) as folder:
            yield replace(job, store=Folder(folder))


class Stopped(Spilled):
    """It stops when a step is finished."""

    def __init__(self, after, scratch):
        super().__init__(scratch=scratch)
        object.__setattr__(self, "after", after)

    def map(self, function, job, parts, step, here=True):
        made = super().map(function, job, parts, step, here)
        if step == self.after:
            raise KeyboardInterrupt
        return made
