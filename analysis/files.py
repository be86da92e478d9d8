"""Writing so that an interruption leaves the old state whole."""

from __future__ import annotations

import contextlib
import datetime
import functools
import json
import os
import platform
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from analysis.errors import InUseError


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
    remove_left(folder.parent, f".{folder.name}.new-*")
    fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}.new-"))
    fresh.chmod(0o755)
    try:
        yield fresh
        for path in (*fresh.rglob("*"), fresh):
            _on_disk(path)
        old = _old(folder)
        if folder.exists():
            # of a writer that was killed after its second rename
            shutil.rmtree(old, ignore_errors=True)
            folder.rename(old)
        fresh.rename(folder)
        _on_disk(folder.parent)  # before the old one goes
        shutil.rmtree(old, ignore_errors=True)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        recover(folder)
        raise


def remove_left(folder: Path, pattern: str) -> None:
    """Remove folders that were left by processes that were killed.

    Parameters
    ----------
    folder : Path
    pattern : str
        Of their names.
    """
    for left in folder.glob(pattern):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > AN_HOUR:
                shutil.rmtree(left, ignore_errors=True)


def _on_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk, where the system lets one (folders: not Windows).

    Else a computer that loses power could have the new name and not yet what is in it.
    """
    with contextlib.suppress(OSError):
        opened = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


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


LOCK = ".lock"  # in a corpus folder; its holder is told by `.lock.json`
HELD = "TWICETOLD_HELD"  # folders whose lock an outer process holds for this one
_held: set[str] = set()


@contextlib.contextmanager
def locked(folder: str | Path, doing: str) -> Iterator[None]:
    """Keep other processes from working on a corpus folder while the block runs.

    The operating system drops the lock of a process that has ended in whatever way, so none is left
    behind. A folder that this process holds already, or that cannot be written to, is not locked.

    Parameters
    ----------
    folder : path
    doing : str
        What others are told, such as "twicetold run mine".

    Raises
    ------
    InUseError
        If another process holds the lock; it says which, since when, and what it does.
    """
    from filelock import FileLock, Timeout

    folder = Path(folder).resolve()
    outer = os.environ.get(HELD, "").split(os.pathsep)
    if str(folder) in _held or str(folder) in outer:
        yield
        return
    lock, holder = FileLock(folder / LOCK, timeout=0), folder / f"{LOCK}.json"
    try:
        lock.acquire()
    except Timeout:
        raise InUseError(f"{folder} is in use{_told(holder)}; wait for its end.") from None
    except OSError:  # a folder that can only be read: nothing can be changed in it anyway
        yield
        return
    _held.add(str(folder))
    try:
        since = datetime.datetime.now().astimezone().isoformat(" ", "seconds")
        about = {"pid": os.getpid(), "host": platform.node(), "since": since, "doing": doing}
        write_text(holder, json.dumps(about))
        yield
    finally:
        _held.discard(str(folder))
        for file in (holder, folder / LOCK):  # while it is held: no waiting process has it then
            with contextlib.suppress(OSError):
                file.unlink()
        lock.release()


def locking(function: Callable) -> Callable:
    """Lock the folder of the corpus that a function takes first while it runs.

    Parameters
    ----------
    function : callable
        Called as the command is, such as `extract`.

    Returns
    -------
    callable
        Raises `InUseError` where another process holds the lock.
    """

    @functools.wraps(function)
    def alone(corpus, *arguments, **options):
        with locked(corpus.folder, f"twicetold {function.__name__} {corpus.name}"):
            return function(corpus, *arguments, **options)

    return alone


def _told(holder: Path) -> str:
    """Who holds a lock, as its holder wrote it down."""
    try:
        about = json.loads(holder.read_text(encoding="utf-8"))
        where = f" on {about['host']}" if about["host"] != platform.node() else ""
        return f" by `{about['doing']}` (process {about['pid']}{where}, since {about['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return " by another process"


def held() -> str:
    """The folders that this process holds, as `TWICETOLD_HELD` tells a process that it starts."""
    return os.pathsep.join(sorted(_held))


def _target(folder: str | Path) -> Path:
    """The folder itself where its name is a link, so that the link stays."""
    folder = Path(folder)
    return folder.resolve() if folder.is_symlink() else folder


def _old(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def figures_folder(root: Path) -> Path:
    """The folder of all corpora's figures: `$TWICETOLD_FIGURES`, or `figures/` of the project."""
    return Path(os.environ.get("TWICETOLD_FIGURES") or root / "figures")


def project_root() -> Path:
    """The nearest folder from here upwards that holds `corpus/`, else the folder of this clone.

    Returns
    -------
    Path
    """
    here = Path.cwd()
    above = (folder for folder in (here, *here.parents) if (folder / "corpus").is_dir())
    return next(above, clone_root())


def clone_root() -> Path:
    """The folder of this clone, which holds the package and its notebooks."""
    return Path(__file__).resolve().parents[1]
