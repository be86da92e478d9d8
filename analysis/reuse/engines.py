"""Engines: who runs the steps of text reuse, and where their parts lie meanwhile."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analysis.errors import EngineError, OptionError
from analysis.reuse.shingles import PARTITIONS, SLICE_BITS, slices
from analysis.reuse.stages import Job, Options, Source
from analysis.reuse.store import Folder, Memory, give_back

LEAST = 250_000_000  # bytes; tables of fixed size take a good part of less
LEAST_PARTS = 5  # of a limited run: few articles can have very many passages
QUIET = 5.0  # seconds before a step says how far it is
VERSION = 2  # of what the parts hold


def _print(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Local:
    """This process, in memory, or within a limit on it.

    Parameters
    ----------
    memory_limit : int or str, optional
        Bytes, or such as "400MB" or "2GB" (powers of 1,000), that the run may take above what the
        process holds when it starts. What does not fit lies as Parquet in a scratch folder, which
        is removed afterwards.
    scratch : path, optional
        Where. If you name a folder, a run that was killed goes on from its finished parts when it
        is started again.
    say : callable
        Takes each line of progress; steps of less than 5 s say nothing.
    """

    memory_limit: int | str | None = None
    scratch: str | Path | None = None
    say: Callable[[str], None] = _print

    @contextlib.contextmanager
    def open(self, source: Source, options: Options) -> Iterator[Job]:
        limit = in_bytes(self.memory_limit)
        job = plan(
            source,
            options,
            limit,
            least=1 if limit is None else LEAST_PARTS,
            exact=limit is not None,
        )
        if limit is None and self.scratch is None:
            yield job
            return
        with scratch_folder(self.scratch, job) as folder:
            yield replace(job, store=Folder(folder))

    def map(self, function, job: Job, parts: list[str], step: str, here: bool = True) -> list:
        progress, made = Progress(step, len(parts), self.say), []
        for part in parts:
            made.append(_run(function, job, part))
            progress.add()
        return made

    def shares(self, n_blocks: int) -> list[str]:
        """Running blocks that are counted in one table: "first..last"."""
        return [f"0..{n_blocks - 1}"]


@dataclass(frozen=True)
class Dask:
    """The workers of a Dask cluster; the same steps, in parts of their own.

    Parameters
    ----------
    client : distributed.Client
    scratch : path, optional
        A folder that the client and all workers see, for what goes from step to step; the temporary
        folder of this machine if not given, which does for a cluster on one machine. If you name
        one, a run that was killed goes on from its finished parts.
    memory_limit : int or str, optional
        Of one task; if not given, half of what a worker may take for each of its threads.
    say : callable
        Takes each line of progress.
    """

    client: object
    scratch: str | Path | None = None
    memory_limit: int | str | None = None
    say: Callable[[str], None] = _print

    @contextlib.contextmanager
    def open(self, source: Source, options: Options) -> Iterator[Job]:
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        if not workers:
            raise EngineError(
                "the Dask cluster has no worker; start some, and wait with"
                " client.wait_for_workers(1)."
            )
        limit = (
            in_bytes(self.memory_limit)
            or int(min((w["memory_limit"] or 2**32) / w["nthreads"] for w in workers)) // 2
        )
        job = plan(
            source,
            options,
            limit,
            least=2 * sum(w["nthreads"] for w in workers),
            exact=self.memory_limit is not None,
        )
        with scratch_folder(self.scratch, job) as folder:
            self._seen_by_all(folder)
            yield replace(job, store=Folder(folder))

    def map(self, function, job: Job, parts: list[str], step: str, here: bool = False) -> list:
        if here:
            return Local(say=self.say).map(function, job, parts, step)
        from distributed import as_completed

        sent = replace(job, source=job.source if job.source.anywhere else None)
        [everywhere] = self.client.scatter([sent], broadcast=True, hash=False)
        futures = self.client.map(
            _run_on,
            parts,
            function=function,
            job=everywhere,
            pure=False,
            key=f"twicetold-{step}",
            retries=3,
        )
        place, made, progress = (
            {future.key: i for i, future in enumerate(futures)},
            [None] * len(parts),
            Progress(step, len(parts), self.say),
        )
        try:
            for future in as_completed(futures):
                made[place[future.key]] = future.result()
                progress.add()
        finally:
            self.client.cancel([f for f in futures if not f.done()])
        return made

    def shares(self, n_blocks: int) -> list[str]:
        """Running blocks that one task counts in one table: "first..last"."""
        n = max(1, min(n_blocks, sum(self.client.nthreads().values())))
        return [f"{share[0]}..{share[-1]}" for share in np.array_split(np.arange(n_blocks), n)]

    def _seen_by_all(self, folder: Path) -> None:
        blind = [worker for worker, sees in self.client.run(_sees, str(folder)).items() if not sees]
        if blind:
            raise EngineError(
                f"{len(blind)} workers do not see {folder}, among them {blind[0]}: give"
                " Dask(client, scratch=...) a folder on a file system that this process and all"
                " workers share."
            )


def _run(function, job: Job, part: str):
    if isinstance(job.store, Memory):
        return function(job, part)
    try:
        return function(job, part)
    finally:
        give_back()


def _run_on(part: str, function, job: Job):
    return _run(function, job, part)


def _sees(folder: str) -> bool:
    return Path(folder).is_dir()


def plan(
    source: Source,
    options: Options,
    limit: int | None = None,
    *,
    least: int = 1,
    exact: bool = False,
) -> Job:
    """Split a run so that no step takes more than a limit; its parts lie in memory.

    The largest are: two blocks with their words, characters and marks; one block with the counters
    of a slice of the shingles; and one range of hashes with its seeds. There are at least `least`
    blocks and ranges, so that as many workers find work. An `exact` plan costs a reading of all
    texts, and holds where their lengths differ much.
    """
    sizes = source.measured if exact else source.sizes
    n_words = int(sizes.sum())
    block = max(n_words // least, 1000) + 1
    block = block if limit is None else min(block, limit // 90)
    before = np.cumsum(sizes) - sizes
    number = (before / block).astype(np.int64)
    firsts = np.r_[
        np.flatnonzero(np.r_[True, number[1:] != number[:-1]]) if len(number) else 0, len(sizes)
    ].astype(np.int64)
    rows = 3_000_000 if limit is None else limit // 250
    n_slices, bits = slices(n_words, SLICE_BITS if limit is None else int(np.log2(limit / 5)) + 2)
    ranges = min(max(int(0.4 * n_words // rows) + 1, least), PARTITIONS)
    return Job(
        Memory(), source, options, source.outlets, source.days, firsts, ranges, n_slices, bits
    )


@contextlib.contextmanager
def scratch_folder(scratch: str | Path | None, job: Job) -> Iterator[Path]:
    """A folder that is removed at the end; in a named one, the parts of a killed run with the same
    input, options and plan stay usable.
    """
    try:
        if scratch is None:
            folder = Path(tempfile.mkdtemp(prefix="twicetold-reuse-"))
        else:
            said = (
                VERSION,
                job.options,
                job.source.digest(),
                job.firsts.tolist(),
                job.ranges,
                job.n_slices,
                job.bits,
            )
            folder = Path(scratch) / f"reuse-{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"
            folder.mkdir(parents=True, exist_ok=True)
        held = _hold(folder)
    except OSError as error:
        raise EngineError(
            f"{scratch or tempfile.gettempdir()} cannot be used as scratch folder"
            f" ({error.strerror or error}); name another with scratch=..."
        ) from None
    try:
        for left in folder.glob(".*.parquet.*"):  # half parts of the killed run
            left.unlink(missing_ok=True)
        yield folder
    except BaseException:
        if scratch is None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    else:
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(held)


def _hold(folder: Path) -> int:
    """Keep other processes from the folder until the handle is closed or this process ends, where
    the file system can do that.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise EngineError(
            f"{folder} is in use by another run of the same input and options; wait for its end, or"
            " name another scratch folder."
        ) from None
    except OSError:
        pass  # some file systems of clusters have no locks
    return handle


def in_bytes(said: int | str | None) -> int | None:
    """A size in bytes from a number or a text such as "400MB"."""
    if said is None:
        return None
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([kMGT]?)(i?)B?\s*", str(said), re.IGNORECASE)
    size = (
        int(
            float(match[1])
            * (1024 if match[3] else 1000) ** " kMGT".upper().index(match[2].upper() or " ")
        )
        if match
        else 0
    )
    if size < LEAST:
        raise OptionError(
            f"memory_limit={said!r} was given; allowed are {LEAST // 10**6}MB and more, such as"
            ' "400MB" or 400000000.'
        )
    return size


class Progress:
    """Says every few seconds how far a step is, how fast it goes and how long it will take."""

    def __init__(self, step: str, total: int, say: Callable[[str], None]):
        self._step, self._total, self._say, self._done = step, total, say, 0
        self._started = self._told = time.monotonic()

    def add(self) -> None:
        self._done += 1
        now = time.monotonic()
        if now - self._told > QUIET and self._done < self._total:
            self._told = now
            rate = self._done / (now - self._started)
            self._say(
                f"{self._step}: {self._done} of {self._total} parts, {rate:.2g} a second, about"
                f" {(self._total - self._done) / rate:.0f} s left"
            )
