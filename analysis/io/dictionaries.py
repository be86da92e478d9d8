"""Weights of a dictionary's words: from its scores, or from the categories that count."""

from __future__ import annotations

import functools
import importlib.resources
import math
import re
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path

from analysis.errors import CorpusError, Fault
from analysis.io.dictionary_formats import read_rows
from analysis.io.dictionary_rows import FORMATS, Row, Unreadable
from analysis.io.text import LANGUAGE

PACKAGED = {"vader": ("vaderSentiment", "vader_lexicon.txt", "en")}
NEGATED = ("neg_positive", "neg_negative")
# the whole set of a file's categories → what counts unless its owner says otherwise; and the same
# for some of many categories
LEXICODER = {"positive": 1.0, "negative": -1.0, "neg_positive": -1.0, "neg_negative": 1.0}
LIWC = ({"posemo": 1.0, "negemo": -1.0}, {"tone_pos": 1.0, "tone_neg": -1.0})
DEFAULT_WEIGHTS = (LEXICODER, *LIWC)
_SHOWN = 30
_MOST = 1e300  # beyond it a sum of weights would be no number
# a word may begin with an apostrophe ('cause), and hold points, hyphens, strokes
_WORD = re.compile(r"['’]?\w[\w'’.&/-]*")


@dataclass(frozen=True)
class Dictionary:
    """What extraction needs of a dictionary.

    Attributes
    ----------
    weights : dict of str to float
        Pattern → weight, the heaviest 1 or -1.
    language : str
    negate : bool
        Whether a negation before a word turns its sign; not where the dictionary lists negated
        phrases itself.
    categories : dict of str to str
        Pattern → its categories that count, joined by commas; empty for a dictionary of scores.
    notes : tuple of Fault
        What of the file could not be used, with rows.
    known_digest : str
        Of a dictionary of a shared archive, which has no words.
    """

    weights: dict[str, float] = field(repr=False)
    language: str
    negate: bool = True
    categories: dict[str, str] = field(default_factory=dict, repr=False)
    notes: tuple[Fault, ...] = ()
    known_digest: str = ""


def load_dictionary(name: str, entry: dict, folder: Path) -> Dictionary:
    """Load a dictionary that a codebook names.

    Parameters
    ----------
    name : str
    entry : dict
        Either `package` ("vader"), or `file` (one name inside the folder, or a list of two or more
        that are read as one, as Lexicoder's two are) with `language`, and if needed `format` (by
        default from the file's ending), `weights` (category → number) and `negate` (whether
        negations turn the sign: by default, unless categories of negated phrases count).
    folder : Path
        The corpus folder.

    Returns
    -------
    Dictionary
        A pattern in several categories has the sum of their weights. Of nested categories, the
        weight that is named for the innermost one counts.

    Raises
    ------
    ValueError
        If the entry itself is wrong.
    CorpusError
        If its files have faults.

    References
    ----------
    Young, L., and Soroka, S. (2012). Affective news: the automated coding of sentiment in political
    texts. Political Communication 29(2). https://doi.org/10.1080/10584609.2012.671234

    Pennebaker, J. W., Boyd, R. L., Jordan, K., and Blackburn, K. (2015). The development and
    psychometric properties of LIWC2015. University of Texas at Austin.
    https://doi.org/10.15781/T29G6Z

    Examples
    --------
    In codebook.yml::

        dictionaries:
          lsd: {file: [LSD2015.lc3, LSD2015_NEG.lc3], language: en}
          liwc:
            file: LIWC2015_English.dic
            language: en
            weights: {anger: -1, anx: -1, sad: -1, posemo: 1}
    """
    try:
        return _load(entry, folder)
    except ValueError as error:
        raise ValueError(f"dictionary {name!r}: {error}") from None


def _load(entry: dict, folder: Path) -> Dictionary:
    if "digest" in entry:
        return _without_words(entry)
    if ("package" in entry) == ("file" in entry):
        kinds = ", ".join(sorted({*FORMATS.values()} - {"csv"}))
        file = f"`file`, a CSV with the columns word and score, or a file of the kind {kinds}"
        raise ValueError(f"it needs either `package` ({', '.join(PACKAGED)}) or {file}.")
    negate = entry.get("negate")
    if "negate" in entry and not isinstance(negate, bool):
        raise ValueError(f"negate is {negate!r}; allowed are true and false.")
    if "package" in entry:
        (language, rows), notes = _package(entry), []
        files = [(PACKAGED[entry["package"]][1], "")]
    else:
        language, files = _files(entry, folder)
        rows, notes = _read(files, folder)
    weights, categories, negated, faults = {}, {}, False, []
    if any(row.score is not None for _, row in rows):
        if "weights" in entry:
            raise ValueError("its words have scores; `weights` are for categories. Remove them.")
        weights, faults = _scores(rows, doubled="file" in entry)
    elif rows:
        counted = _weights(entry, rows)
        negated = any(counted.get(category) for category in NEGATED)
        weights, categories, more = _sums(rows, counted)
        notes += more
    heaviest = max(map(abs, weights.values()), default=0.0)
    if not heaviest and not faults:
        at = rows[0][0] if rows else files[0][0]
        faults = [Fault(at, None, "holds no word with a score other than 0.")]
    if faults:
        raise CorpusError(folder, faults)
    weights = {pattern: weight / heaviest for pattern, weight in weights.items()}
    negate = not negated if negate is None else negate
    return Dictionary(weights, language, negate, categories, tuple(notes))


def _without_words(entry: dict) -> Dictionary:
    """A dictionary of a shared archive: known by its digest."""
    if {*entry} != {"digest", "language"} or not re.fullmatch("[0-9a-f]{64}", str(entry["digest"])):
        raise ValueError(
            "with `digest`, a sha256 of 64 digits that `share` wrote, it has `language` and no"
            " other key. Where the dictionary's file is, name it by `file` instead."
        )
    if not isinstance(entry["language"], str) or not LANGUAGE.fullmatch(entry["language"]):
        raise ValueError(f"language is {entry['language']!r}; needed is a code such as en.")
    return Dictionary({}, entry["language"], known_digest=entry["digest"])


def _read(files: list[tuple[str, str]], folder: Path) -> tuple[list[tuple[str, Row]], list[Fault]]:
    """Rows of several files, each with its file, and notes."""
    rows, notes, faults = [], [], []
    for file, format in files:
        try:
            more, noted = read_rows(folder / file, file, format)
        except Unreadable as error:
            faults.append(Fault(file, *error.args))
        else:
            rows += [(file, row) for row in more]
            notes += noted
    if faults:
        raise CorpusError(folder, faults)
    return rows, notes


def is_pattern(given) -> bool:
    """Whether something is a word or a phrase of words that can match a text.

    Each word has at most one * at its end, and the first is no mere *.

    Parameters
    ----------
    given : object

    Returns
    -------
    bool
    """
    # without a letter or digit it could match no word of a text
    return (
        isinstance(given, str)
        and any(c.isalnum() for c in given)
        and all("*" not in word[:-1] for word in given.split())
        and given.split()[0] != "*"
    )


def _package(entry: dict) -> tuple[str, list[tuple[str, Row]]]:
    package = entry["package"]
    if package not in list(PACKAGED):
        raise ValueError(f"package is {package!r}; allowed are {', '.join(PACKAGED)}.")
    language = PACKAGED[package][2]
    if entry.get("language", language) != language:
        given = entry["language"]
        raise ValueError(f"language is {given!r}, but the package {package} is for {language!r}.")
    for key in ("format", "weights"):
        if key in entry:
            raise ValueError(f"`{key}` goes with a file, not with a package; remove it.")
    return language, _packaged(package)


@functools.cache
def _packaged(name: str) -> list[tuple[str, Row]]:
    """Rows of a dictionary that comes in a package; emoticons are no words."""
    package, file, _ = PACKAGED[name]
    text = importlib.resources.files(package).joinpath(file).read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines()]
    return [
        (file, Row(number, cells[0], score=cells[1]))
        for number, cells in enumerate(lines, start=1)
        if len(cells) > 1 and any(map(str.isalpha, cells[0]))
    ]


def _files(entry: dict, folder: Path) -> tuple[str, list[tuple[str, str]]]:
    """The language of a dictionary, and its files with their formats."""
    language, given, format = entry.get("language"), entry["file"], entry.get("format")
    if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
        raise ValueError("it needs `language`, a code such as en.")
    files = given if isinstance(given, list) and len(given) > 1 else [given]
    for file in files:
        if not isinstance(file, str) or not _inside(folder / file, folder):
            here = f"no file {file!r} inside the corpus folder"
            raise ValueError(f"{here}; write one name, or a list of two or more.")
    if format is not None and format not in list(FORMATS.values()):
        allowed = ", ".join(sorted({*FORMATS.values()}))
        raise ValueError(f"format is {format!r}; allowed are {allowed}.")
    usual = (FORMATS.get(Path(file).suffix.lower(), "csv") for file in files)
    return language, [(file, format or ending) for file, ending in zip(files, usual)]


def _inside(path: Path, folder: Path) -> bool:
    try:
        return path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):  # a name too long for the system, or with a NUL
        return False


def _scores(rows: list[tuple[str, Row]], *, doubled: bool) -> tuple[dict[str, float], list[Fault]]:
    """Weights of a dictionary of scores; every row that is wrong is a fault."""
    weights: dict[str, float] = {}
    faults = []
    for file, row in rows:
        if problem := _score_problem(row, weights, doubled):
            faults.append(Fault(file, row.number, problem))
    return weights, faults


def _score_problem(row: Row, weights: dict[str, float], doubled: bool) -> str | None:
    """What is wrong with a word's score, which is added to the weights if nothing is."""
    given = [row.pattern, *([row.score] if row.score else [])]
    try:
        word, score = " ".join(row.pattern.lower().split()), float(row.score or "")
    except ValueError:
        return f"{given!r} was given; needed are a word and a number."
    if not is_pattern(word) or not math.isfinite(score):
        needed = "a word with a letter or digit, at most one * at its end, and a finite score"
        return f"{given!r} was given; needed are {needed}."
    if weights.setdefault(word, score) != score and doubled:
        return f"scores {word!r} a second time, differently; keep one."
    return None


def _weights(entry: dict, rows: list[tuple[str, Row]]) -> dict[str, float]:
    """Weight of each category, in small letters, that counts.

    As the owner says, or as is usual for the file's categories.
    """
    paths = dict.fromkeys(row.category for _, row in rows)
    known = {key for path in paths for key in _names(path)}
    found = [".".join(path) for path in paths]
    listed = ", ".join(found[:_SHOWN])
    if len(found) > _SHOWN:
        listed += f" and {len(found) - _SHOWN} more"
    example = "such as {positive: 1, negative: -1}"
    if "weights" not in entry:
        tops = {category.casefold() for category in found}
        if {"positive", "negative"} <= tops <= set(LEXICODER):
            return {category: weight for category, weight in LEXICODER.items() if category in tops}
        if usual := next((usual for usual in LIWC if set(usual) <= known), None):
            return usual
        raise ValueError(f"it needs `weights`, {example}; the file holds {listed}.")
    given = entry["weights"]
    numbers = isinstance(given, dict) and all(
        isinstance(k, str) and isinstance(w, Real) and not isinstance(w, bool) and abs(w) < _MOST
        for k, w in given.items()
    )
    if not numbers or not any(given.values()):
        needed = f"it must map categories to numbers, not all 0, {example}"
        raise ValueError(f"weights is {given!r:.200}; {needed}; the file holds {listed}.")
    if unknown := [category for category in given if category.casefold() not in known]:
        names = ", ".join(map(repr, unknown))
        raise ValueError(f"weights names {names}, not in the file; it has {listed}.")
    return {category.casefold(): float(weight) for category, weight in given.items()}


def _names(path: tuple[str, ...]) -> list[str]:
    """What a nested category may be called, the innermost first.

    By all names from the top, or by its own.
    """
    return [
        name.casefold()
        for depth in range(len(path), 0, -1)
        for name in (".".join(path[:depth]), path[depth - 1])
    ]


def _sums(
    rows: list[tuple[str, Row]], counted: dict[str, float]
) -> tuple[dict[str, float], dict[str, str], list[Fault]]:
    """Weights and categories of the patterns that count, and notes on those that match no word."""
    weight = {
        path: next((counted[n] for n in _names(path) if n in counted), 0.0)
        for path in dict.fromkeys(row.category for _, row in rows)
    }
    held: dict[str, dict[tuple[str, ...], float]] = {}
    notes: dict[tuple[str, int], Fault] = {}
    for file, row in rows:
        if not weight[row.category]:
            continue
        pattern = re.sub(r"\*+", "*", " ".join(row.pattern.lower().split()))
        if why := _unmatched(pattern):
            note = Fault(file, row.number, f"{row.pattern!r:.60} is left out: {why}.")
            notes[file, row.number] = note
        else:
            held.setdefault(pattern, {})[row.category] = weight[row.category]
    sums = {pattern: sum(weights.values()) for pattern, weights in held.items()}
    categories = {pattern: ", ".join(map(".".join, weights)) for pattern, weights in held.items()}
    return sums, categories, list(notes.values())


def _unmatched(pattern: str) -> str:
    """Why no word of a text can match a pattern; empty if one can."""
    words = pattern.split()
    if not any(c.isalnum() for c in pattern):
        return "it has no letter or digit"
    if any("*" in word[:-1] for word in words) or "?" in pattern:
        return "of wildcards, only * at the end of a word can be matched"
    if words[0] == "*":
        return "a phrase cannot begin with any word"
    if not all(word == "*" or _WORD.fullmatch(word.removesuffix("*")) for word in words):
        return "it has signs that belong to no word"
    return ""
