"""Writing so that an interruption leaves the old state whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO


def write_bytes(path: str | Path, data: bytes) -> None:
    """Write a file whole or not at all; a file that already holds `data` is left untouched.

    Parameters
    ----------
    path : path
    data : bytes
    """
    path = Path(path)
    if path.is_file() and path.read_bytes() == data:
        return
    with writing(path) as stream:
        stream.write(data)


@contextlib.contextmanager
def writing(path: str | Path) -> Iterator[BinaryIO]:
    """A stream whose bytes become the file if the block ends; if it raises, the file is unchanged.

    Parameters
    ----------
    path : path

    Yields
    ------
    BinaryIO
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(temporary, 0o666 & ~umask)  # mkstemp makes private files; these are ordinary ones
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def write_text(path: str | Path, text: str) -> None:
    """Write UTF-8 text with the line ends as given, whole or not at all.

    Parameters
    ----------
    path : path
    text : str
    """
    write_bytes(path, text.encode("utf-8"))


AN_HOUR = 3600  # no writer fills its folder for longer, so an older one was killed


@contextlib.contextmanager
def new_folder(folder: str | Path) -> Iterator[Path]:
    """Fill a fresh folder, then put it in the place of `folder` in one step.

    If the block raises, `folder` stays as it was. `recover` undoes the first of the two renames
    where a writer was killed before the second.

    Parameters
    ----------
    folder : path

    Yields
    ------
    Path
        Of the fresh folder.
    """
    folder = _target(folder)
    recover(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    for left in folder.parent.glob(f".{folder.name}.new-*"):
        if time.time() - left.stat().st_mtime > AN_HOUR:
            shutil.rmtree(left, ignore_errors=True)
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.new-"))
    fresh.chmod(0o755)
    try:
        yield fresh
        old = _old(folder)
        if folder.exists():
            # of a writer that was killed after its second rename
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        recover(folder)
        raise


def recover(folder: str | Path) -> None:
    """Put the old folder back where a writer was killed between its two renames.

    Parameters
    ----------
    folder : path
    """
    folder = _target(folder)
    old = _old(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)


def _target(folder: str | Path) -> Path:
    """The folder itself where its name is a link, so that the link stays."""
    folder = Path(folder)
    return folder.resolve() if folder.is_symlink() else folder


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def project_root() -> Path:
    """The nearest folder from here upwards that holds `corpus/`, else the folder of this clone.

    Returns
    -------
    Path
    """
    here, clone = Path.cwd(), Path(__file__).resolve().parents[1]
    above = (folder for folder in (here, *here.parents) if (folder / "corpus").is_dir())
    return next(above, clone)
