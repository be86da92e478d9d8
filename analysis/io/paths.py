"""The files under the paths that a user gave."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from analysis.errors import CorpusError, Fault
from analysis.io.formats.source import Source

_OF_SYSTEMS = {"thumbs.db", "desktop.ini", "__macosx"}


def files_below(paths: Iterable[str | Path]) -> Iterator[Source]:
    """Every file of the paths, of folders in the order of their names, without hidden ones.

    Parameters
    ----------
    paths : iterable of path
        Files and folders. A file that two of them hold is given once.

    Yields
    ------
    Source
        Called by its path in the folder that was given.

    Raises
    ------
    CorpusError
        If there is no such path; before any file is given.
    """
    paths = [Path(path) for path in paths]
    missing = [path for path in paths if not path.exists()]
    if missing:
        faults = [Fault(str(path), None, "no such file or folder.") for path in missing]
        raise CorpusError(missing[0], faults)
    return _sources(paths)


def _sources(paths: list[Path]) -> Iterator[Source]:
    seen = set()
    several = len(paths) > 1
    for path in paths:
        if path.is_file():
            found = [(path, path.name)]
        else:
            above = f"{path.resolve().name}/" if several else ""
            found = ((file, above + file.relative_to(path).as_posix()) for file in _under(path))
        for file, name in found:
            if (real := os.path.realpath(file)) not in seen:
                seen.add(real)
                yield Source(file, name)


def _under(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        for name in sorted(files):
            path = Path(here, name)
            if not _hidden(name) and path.is_file():
                yield path


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$")) or name.lower() in _OF_SYSTEMS
