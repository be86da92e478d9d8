"""Hostile inputs, one after another: which raise what nobody foresaw, and which take too long."""

from __future__ import annotations

import contextlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analysis.errors import TwicetoldError
from analysis.io.dictionary_rows import Unreadable
from benchmarks.robustness.bounded import TooLong, quiet, within
from benchmarks.robustness.inputs import hostile_text, numbered, spoiled
from benchmarks.robustness.targets import (
    SMALL_FILES,
    read_export,
    small_reader,
    text_functions,
    whole_articles,
)

ROOT = Path(__file__).resolve().parents[2]
EXPORTS = ROOT / "tests" / "data" / "exports"
TEXTS = ROOT / "corpus" / "harbour" / "articles"
FOUND = Path(__file__).with_name("found.json")  # texts on which something failed once
KINDS = ("text", "file", "small")
_SHARE = {"text": 0.88, "file": 0.06}  # of the inputs; the others are small files
_TEXT_LIMIT, _FILE_LIMIT = 3.0, 10.0  # CPU seconds that one input may take in all
# Functions that guess a page's layout or a date's language get some texts; whole articles are made
# of one text in ten, in batches, of which one in five is parsed.
_SOME = {"io.formats.page.page_record": 50, "io.dates.read_dates": 100}
_ARTICLES, _BATCH, _PARSED, _LANGUAGES = 10, 50, 5, ("en", "de", "en", "fr", "xx", "en")


def fuzz(
    n: int,
    seed: int = 0,
    *,
    data: Path | None = None,
    only: tuple[str, int] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> dict:
    """Give `n` inputs to what reads them.

    Parameters
    ----------
    n, seed : int
    data : path, optional
        A folder of exports besides those of the tests.
    only : (kind, number), optional
        Of the one input that is given, as a failure names it.
    say : callable
        Takes a line for each failure.

    Returns
    -------
    dict
        inputs and refused by kind, calls of functions, failures (kind, number, where, error), and
        the slowest input.
    """
    given = {kind: int(n * share) for kind, share in _SHARE.items()}
    given["small"] = n - sum(given.values())
    said: dict = {"seed": seed, "inputs": given, "calls": 0, "refused": Counter()}
    said |= {"failures": [], "slowest": [0.0, ""]}

    def failed(kind: str, number: int, where: str, error: BaseException) -> None:
        told = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        said["failures"].append([kind, number, where, told])
        say(f"{kind} {number}: {where}: {told}")

    with tempfile.TemporaryDirectory(prefix="twicetold-fuzz-") as folder, quiet():
        if only is None:
            _again(said, failed)
        run = {"text": _texts, "file": _files, "small": _small}
        for kind, inputs in given.items():
            numbers: Sequence[int] = range(inputs)
            if only is not None:
                numbers = [only[1]] if kind == only[0] else []
            run[kind](numbers, seed, Path(folder), data, said, failed)
    said["slowest"][0] = round(said["slowest"][0], 2)
    return said


def _again(said: dict, failed) -> None:
    """Give the texts on which something failed once to all functions and to extraction."""
    texts = json.loads(FOUND.read_text(encoding="utf-8"))
    for number, text in enumerate(texts):
        for name, function in text_functions().items():
            said["calls"] += 1
            _called(function, text, "found", number, name, _TEXT_LIMIT, said, failed)
    given = [(number, text) for number, text in enumerate(texts) if text.strip()]
    _extracted(given, "all", "en", said, failed, "found")


def given_input(kind: str, number: int, seed: int = 0, data: Path | None = None):
    """One input again: a text, or the name and bytes of a file."""
    rng = numbered(seed, kind, number)
    if kind == "text":
        return hostile_text(rng, _articles())
    files = _exports(data) if kind == "file" else _small_files()
    name, content = rng.choice(files)
    return name, spoiled(rng, content, [other for _, other in files])


def _articles() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted(TEXTS.glob("*.txt"))]


def _exports(data: Path | None) -> list[tuple[str, bytes]]:
    folders = [EXPORTS] if data is None else [EXPORTS, data]
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    paths = [path for path in paths if path.suffix not in (".py", ".md")]
    return [(path.name, path.read_bytes()) for path in paths]


def _small_files() -> list[tuple[str, bytes]]:
    return [(name, content.encode("utf-8")) for name, content in SMALL_FILES.items()]


def _texts(numbers, seed, folder, data, said, failed) -> None:
    functions, articles, batch = text_functions(), _articles(), []
    alone = len(numbers) == 1
    for number in numbers:
        text = hostile_text(numbered(seed, "text", number), articles)
        with _timed(said, f"text {number}"):
            for name, function in functions.items():
                if alone or (number + 1) % _SOME.get(name, 1) == 0:
                    said["calls"] += 1
                    _called(function, text, "text", number, name, _TEXT_LIMIT, said, failed)
        if text.strip() and (alone or number % _ARTICLES == 0):
            batch.append((number, text))
        if batch and (len(batch) == _BATCH or number == numbers[-1]):
            of = number // (_BATCH * _ARTICLES)
            language = _LANGUAGES[of % len(_LANGUAGES)]
            parse = "all" if alone or of % _PARSED == 0 else "none"
            _extracted(batch, parse, language, said, failed)
            batch = []


def _extracted(batch, parse, language, said, failed, kind="text") -> None:
    """Extract a batch of articles; if that fails, each by itself, to know which."""
    said["calls"] += len(batch)
    try:
        with within(_TEXT_LIMIT * max(len(batch), 5)):
            whole_articles([text for _, text in batch], parse=parse, language=language)
    except (Exception, TooLong) as error:
        where = f"extract, {language}, parse {parse}"
        before = len(said["failures"])

        def again(text: str) -> None:
            whole_articles([text], parse=parse, language=language)

        for number, text in batch:
            _called(again, text, kind, number, where, _TEXT_LIMIT, said, failed)
        if len(said["failures"]) == before:
            failed(kind, batch[0][0], f"{where}, {len(batch)} together", error)


def _files(numbers, seed, folder, data, said, failed) -> None:
    files = _exports(data)
    contents = [content for _, content in files]
    for number in numbers:
        rng = numbered(seed, "file", number)
        name, content = rng.choice(files)
        path = folder / name
        path.write_bytes(spoiled(rng, content, contents))
        said["calls"] += 1
        with _timed(said, f"file {number} ({name})"):
            _called(read_export, path, "file", number, name, _FILE_LIMIT, said, failed)
        path.unlink()


def _small(numbers, seed, folder, data, said, failed) -> None:
    files = _small_files()
    contents = [content for _, content in files]
    for number in numbers:
        rng = numbered(seed, "small", number)
        name, content = rng.choice(files)
        (folder / "one").mkdir(exist_ok=True)
        path = folder / "one" / name
        path.write_bytes(spoiled(rng, content, contents))
        said["calls"] += 1
        with _timed(said, f"small {number} ({name})"):
            _called(small_reader(name), path, "small", number, name, _FILE_LIMIT, said, failed)


def _called(function, given, kind, number, where, limit, said, failed) -> None:
    """Call a function; an error that is meant is counted, any other is a failure."""
    try:
        with within(limit):
            function(given)
    except (TwicetoldError, Unreadable):
        said["refused"][kind] += 1
    except ValueError as error:  # how a dictionary's wrong entry is told
        if where.startswith("words.") and str(error).startswith("dictionary "):
            said["refused"][kind] += 1
        else:
            failed(kind, number, where, error)
    except (Exception, SystemExit, TooLong) as error:
        failed(kind, number, where, error)


@contextlib.contextmanager
def _timed(said: dict, what: str) -> Iterator[None]:
    began = time.process_time()
    yield
    said["slowest"] = max(said["slowest"], [time.process_time() - began, what])
