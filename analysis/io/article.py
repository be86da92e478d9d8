"""One article record, and what may be wrong with it."""

from __future__ import annotations

import datetime
import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from ftfy import fix_encoding
from ftfy.fixes import fix_c1_controls

from analysis.io.text import decode

COLUMNS = ("article_id", "file", "outlet", "published", "author", "url", "language")
EXTRACTED = ("n_chars", "n_tokens", "n_sentences", "sha256")  # what extraction adds to them
LONGEST_CELL = 100_000  # characters; Python's csv reads no more than 131,072
MOST_LOST = 200  # one character in so many may be a replacement character
DATES = "allowed are empty, YYYY-MM-DD, or YYYY-MM-DDThh:mm with a zone such as +02:00 or Z."
MOJIBAKE = "mojibake: UTF-8 was read as another encoding; fetch or convert it again."
_BROKEN = re.compile("[\0\ud800-\udfff]")
_NO_WINDOWS_NAME = re.compile(
    r'[<>:"|?*\x00-\x1f]|[. ](/|$)|(^|/)(con|prn|aux|nul|com\d|lpt\d)(\.|/|$)', re.IGNORECASE
)
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")


@dataclass(frozen=True)
class Article:
    """One article as stored.

    Attributes
    ----------
    article_id : str
    text : str
        The text as stored; all offsets count its characters (Unicode code points).
    language : str
    about : dict
        The metadata row, with the user's own columns.
    """

    article_id: str
    text: str = field(repr=False)
    language: str = "en"
    about: dict = field(default_factory=dict, repr=False)

    @property
    def sha256(self) -> str:
        """Digest of the text's UTF-8 bytes."""
        return hashlib.sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()


def header_problems(header: list[str]) -> Iterator[str]:
    """What is wrong with a table's column names: doubled, empty, or taken by extraction.

    Parameters
    ----------
    header : list of str
        Names of the columns.

    Yields
    ------
    str
        Each a sentence.
    """
    counts = Counter(c.strip() for c in header)
    for i, c in enumerate(header, start=1):
        if not c.strip():
            yield f"column {i} has no name; give it one, or remove it."
    for c in counts:
        if c and counts[c] > 1:
            yield f"the column {c!r} is there twice; keep one."
        if _BROKEN.search(c):
            yield f"the column {c!r} holds NUL or half a character; give it another name."
        if c in EXTRACTED:
            yield f"the column {c!r} is made by extraction; give yours another name."


def row_problems(cells: dict[str, str], languages: list[str]) -> Iterator[str]:
    """What is wrong with a row of metadata, whose language must be one of `languages`, if any.

    Parameters
    ----------
    cells : dict of str to str
        A row of metadata, by column.
    languages : list of str
        The corpus's; empty if any is allowed.

    Yields
    ------
    str
        Each a sentence.
    """
    if not _ID.fullmatch(given := cells["article_id"]):
        needed = "1 to 80 letters, digits, dots, dashes or underscores"
        yield f"article_id {given!r}: needed are {needed}."
    checked = [cell_problem(column, cell) for column, cell in cells.items()]
    for problem in [file_problem(cells["file"]), *checked, date_problem(cells["published"])]:
        if problem is not None:
            yield problem
    if languages and (given := cells["language"]) not in languages:
        yield f"language {given!r} is not among corpus.yml's languages ({', '.join(languages)})."


def cell_problem(column: str, cell: str) -> str | None:
    """What is wrong with a cell of metadata, or None.

    Parameters
    ----------
    column : str
    cell : str

    Returns
    -------
    str or None
        A sentence.
    """
    if (n := len(cell)) > LONGEST_CELL:
        return f"{column} has {n:,} characters; allowed are {LONGEST_CELL:,}. Remove the column."
    if (bad := _BROKEN.search(cell)) is not None:
        return f"{column} holds {bad.group()!r}, which is NUL or half a character; remove it."
    if find_mojibake(cell.replace("\ufffd", "")) is not None:
        return f"{column} {cell!r} holds {MOJIBAKE}"
    return None


def file_problem(file: str) -> str | None:
    """What is wrong with the name of a text's file inside `articles/`, or None.

    Parameters
    ----------
    file : str
        Name inside `articles/`.

    Returns
    -------
    str or None
        A sentence.
    """
    path = PurePosixPath(file)
    if not file:
        return "file is empty; needed is the text's file name inside articles/."
    if "\\" in file or path.is_absolute() or ".." in path.parts:
        return f"file {file!r} leaves the corpus folder; give a name inside articles/."
    if len(file.encode()) > 255:
        return f"file {file[:20]!r}... is longer than 255 bytes; give it a shorter name."
    if path.as_posix() != file or file == ".":
        return f"file {file!r} is not written plainly; give {path.as_posix()!r}."
    if not is_portable(file):
        return f"file {file!r} cannot be stored on Windows; give it a plainer name."
    return None


def is_portable(name: str) -> bool:
    """Whether Windows, too, can store a file of this name.

    Parameters
    ----------
    name : str
        Of a file.

    Returns
    -------
    bool

    Examples
    --------
    >>> [name for name in ("a.1.txt", "aux.1.txt", "a:1.txt", "a.") if is_portable(name)]
    ['a.1.txt']
    """
    return _NO_WINDOWS_NAME.search(name) is None


def date_problem(published: str) -> str | None:
    """What is wrong with a date, or None.

    Allowed are empty, YYYY-MM-DD, or a date-time with its zone.

    Parameters
    ----------
    published : str
        Empty, YYYY-MM-DD, or a date-time with its zone.

    Returns
    -------
    str or None
        A sentence.
    """
    if not published:
        return None
    try:
        when = datetime.datetime.fromisoformat(published)
    except ValueError:
        return f"published {published!r} is not a date; {DATES}"
    if not re.match(r"\d{4}-\d\d-\d\d", published) or when.year < 1600:
        return f"published {published!r} is not a plausible date; {DATES}"
    if len(published) > 10 and when.tzinfo is None:
        return f"published {published!r} lacks a time zone; {DATES}"
    return None


def text_problem(data: bytes) -> tuple[int | None, str] | None:
    """Line and fault of a text's bytes; None if it is sound.

    A text may be undecodable, mojibake, or without a word.

    Parameters
    ----------
    data : bytes
        The bytes of the file.

    Returns
    -------
    (int or None, str) or None
        The line, and a sentence.
    """
    text, problem = decode(data)
    if problem is not None:
        return problem
    if not any(c.isalnum() for c in text):
        return None, "the text is empty: it holds no letter and no digit."
    if (at := find_mojibake(text)) is None:
        return None
    problem = f"character {at} ({text[at : at + 3]!r}) is {MOJIBAKE}"
    return text.count("\n", 0, at) + 1, problem


def find_mojibake(text: str) -> int | None:
    """Offset of the first mojibake, or of the first of many replacement characters, or None.

    A few replacement characters (U+FFFD) are no fault: what they stand for is lost for good.
    Mojibake is UTF-8 that was read as another encoding, as `ftfy` finds and repairs it.
    Windows-1252 that was read as Latin-1 (controls in the place of quotation marks) is none.

    Parameters
    ----------
    text : str

    Returns
    -------
    int or None
    """
    if text.isascii():
        return None
    many = text.count("\ufffd") * MOST_LOST > len(text)
    places = [text.find("\ufffd") if many else -1]
    plain, repaired = fix_c1_controls(text), fix_encoding(text)
    if repaired != plain:
        places.append(len(os.path.commonprefix([plain, repaired])))
    return min((at for at in places if at >= 0), default=None)
