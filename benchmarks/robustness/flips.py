"""Random bits that flip in the features: which are noticed, and which values are wrong."""

from __future__ import annotations

import contextlib
import os
import pickle
import random
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.errors import TwicetoldError
from analysis.features import MANIFEST, PRIVATE, Features, load_features
from benchmarks.robustness import corpora

FORMS = ("shared folder", "shared zip", "private folder")
OUTCOMES = ("noticed", "harmless", "unnamed", "silent", "crash")


def flips(
    n: int, seed: int = 0, *, say: Callable[[str], None] = lambda line: None, places=None
) -> dict:
    """Flip `n` random bits of each form, one at a time, and read what they are in.

    Parameters
    ----------
    n, seed : int
    say : callable
        Takes a line for each flip that was not noticed as it should be.
    places : dict of str to path, optional
        The features to damage, by the names of `FORMS`; those of an invented corpus if not given.

    Returns
    -------
    dict
        By form: noticed (an error that names the file), harmless (the values read are equal),
        unnamed (an error that does not name it), silent (other values), crash (an error that nobody
        foresaw).
    """
    with contextlib.ExitStack() as stack:
        if places is None:
            root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="twicetold-flips-")))
            folder, archive = corpora.write(root), root / "mini.zip"
            corpora.shared(folder, archive)
            places = dict(zip(FORMS, (folder / "features", archive, folder / PRIVATE)))
        said: dict = {"seed": seed}
        for form, place in places.items():
            said[form] = dict.fromkeys(OUTCOMES, 0) | _flipped(form, Path(place), n, seed, say)
    return said


def _flipped(form: str, place: Path, n: int, seed: int, say) -> Counter:
    rng, found = random.Random(f"{seed} {form}"), Counter()
    files = [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file())
    sizes = [file.stat().st_size for file in files]
    sound = {name: _read(place, name) for name in _members(place)}
    for _ in range(n):
        (file,) = rng.choices(files, sizes)
        data = file.read_bytes()
        at, bit = rng.randrange(len(data)), rng.randrange(8)
        name = _member_at(place, at) if file == place else file.relative_to(place).as_posix()
        damaged = bytearray(data)
        damaged[at] ^= 1 << bit
        with _written(file, bytes(damaged), data):
            outcome, why = _outcome(place, name, sound)
        found[outcome] += 1
        if outcome not in ("noticed", "harmless"):
            say(f"{form}: {name or 'frame of the zip'}, byte {at}, bit {bit}: {outcome} {why}")
    return found


@contextlib.contextmanager
def _written(file: Path, damaged: bytes, sound: bytes) -> Iterator[None]:
    """A file that is damaged; its time does not tell, as a disk that fails does not change it."""
    times = file.stat().st_atime_ns, file.stat().st_mtime_ns
    file.write_bytes(damaged)
    os.utime(file, ns=times)
    try:
        yield
    finally:
        file.write_bytes(sound)
        os.utime(file, ns=times)


def _outcome(place: Path, name: str, sound: dict[str, bytes]) -> tuple[str, str]:
    """What comes of reading all that a flip in this file can have changed."""
    every = name == "" or name.endswith(MANIFEST) or name not in sound
    try:
        changed = [other for other in (sound if every else [name]) if _differs(place, other, sound)]
    except TwicetoldError as error:
        # a table whose sha256 is not the manifest's: either may be what is damaged
        named = {place.name if place.is_file() else Path(name).name}
        named |= {"the manifest's"} if name.endswith(MANIFEST) else set()
        found = any(word in str(error) for word in named)
        return ("noticed" if found else "unnamed"), str(error)
    except Exception as error:
        return "crash", f"{type(error).__name__}: {error}"
    return ("silent", ", ".join(changed)) if changed else ("harmless", "")


def _differs(place: Path, name: str, sound: dict[str, bytes]) -> bool:
    return _read(place, name) != sound[name]


def _members(place: Path) -> list[str]:
    """The files of features that are read, as their manifest lists them."""
    features = load_features(place)
    found = [MANIFEST, *(f"{table}.parquet" for table in features.manifest["tables"])]
    found += [f"results/{table}.parquet" for table in features.manifest["results"]]
    titles = place / "titles"
    return found + ([f"titles/{name}" for name in _members(titles)] if titles.is_dir() else [])


def _read(place: Path, name: str) -> bytes:
    """What a reader gets of one file."""
    titles = name.startswith("titles/")
    features = load_features(place / "titles" if titles else place)
    return pickle.dumps(_value(features, name.removeprefix("titles/")))


def _value(features: Features, file: str):
    if file == MANIFEST:
        return features.manifest
    if file.startswith("results/"):
        table = features.result(file.removeprefix("results/").removesuffix(".parquet"))
    else:
        table = features.table(file.removesuffix(".parquet"))
    return {column: table[column].tolist() for column in table}


def _member_at(archive: Path, at: int) -> str:
    """The member of features whose packed bytes a place of a zip is among; empty if none."""
    with zipfile.ZipFile(archive) as opened:
        for about in opened.infolist():
            start = about.header_offset + 30 + len(about.filename.encode())
            if start <= at < start + about.compress_size and "/features/" in about.filename:
                return about.filename.split("/features/")[1]
    return ""
