"""CSV of every dialect: separators, quotation marks, byte order marks, cells over lines."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.io.encodings import codec_of, find_encoding
from analysis.io.formats.decoding import encoding_remarks
from analysis.io.formats.source import Remark, Source, UnreadableFile
from analysis.io.tables.headers import MOST_HEADS, header_row, recognised

SEPARATORS = ",;\t|"
_SAMPLE = 64  # rows that decide the separator
_DECLARED = re.compile(r'"?sep=(.)"?\r?\n?')
_MOST_AGAIN = 50_000  # lines of a record that broke
_MOST_SPENT = 1 << 26  # characters
_LARGEST_CELL = 1 << 27


@dataclass(frozen=True)
class Dialect:
    """How a table's cells are separated and quoted.

    Attributes
    ----------
    separator : str
    escaped : bool
        Whether a backslash, not a second quotation mark, keeps a quotation mark in a cell.
    """

    separator: str
    escaped: bool = False

    def reader(self, lines, strict: bool = True):
        """Python's reader of CSV."""
        how = {"doublequote": False, "escapechar": "\\"} if self.escaped else {}
        return csv.reader(lines, delimiter=self.separator, strict=strict, **how)


def _row(reader) -> list[str]:
    """The next row, whose cells may be whole texts; Python's limit is everyone's."""
    usual = csv.field_size_limit(_LARGEST_CELL)
    try:
        return next(reader)
    finally:
        csv.field_size_limit(usual)


def find_dialect(head: str, settings: dict[str, str] | None = None) -> Dialect:
    """The dialect of a table by its first lines.

    Parameters
    ----------
    head : str
    settings : dict, optional
        A field → the name of its column.

    Returns
    -------
    Dialect
        Whose separator gives most names of columns that are known, then rows of one length.
    """
    if declared := _DECLARED.match(head):
        head = head[declared.end() :]
        choices = declared[1]
    else:
        choices = SEPARATORS
    ranked = []
    for separator in choices:
        rows = _first_rows(Dialect(separator), head)
        header = header_row(rows, settings)
        width = len(rows[header]) if rows else 0
        alike = sum(len(row) == width for row in rows[header:]) / max(len(rows) - header, 1)
        known = len(recognised(rows[header], settings)) if rows else 0
        ranked.append((known, width > 1, alike, width, separator))
    separator = max(ranked, key=lambda rank: rank[:-1])[-1]
    escaped = '\\"' in head and not re.search(r'[^\\,;\t|\n]""', head)
    return Dialect(separator, escaped)


def _first_rows(dialect: Dialect, head: str) -> list[list[str]]:
    reader = dialect.reader(io.StringIO(head, newline=""), strict=False)
    rows: list[list[str]] = []
    try:
        for _ in range(_SAMPLE + MOST_HEADS):
            rows.append(_row(reader))
    except StopIteration:
        pass
    except csv.Error:
        return []
    return rows[:-1] if len(rows) > 2 else rows  # the last may be cut


def head_of(source: Source, encoding: str | None = None) -> str:
    """The first lines of a file of text.

    Parameters
    ----------
    source : Source
    encoding : str, optional

    Returns
    -------
    str
    """
    codec, errors = codec_of(encoding or find_encoding(source.head))
    errors = "ignore" if errors == "replace" else errors
    return source.head.decode(codec, errors).removeprefix("\ufeff")


class _Lines:
    """Lines of a file, one after another; those of a record that broke can be read again."""

    def __init__(self, stream):
        self.stream, self.number = stream, 0  # of the last line that was given
        self._record: list[str] = []  # lines given since a record began
        self._again: deque[str] = deque()
        self._spent = 0  # characters that were read again

    def __iter__(self):
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self.stream)
        self.number += 1
        if len(self._record) <= _MOST_AGAIN:
            self._record.append(line)
        return line

    def begin(self) -> None:
        """Note that a record begins with the next line."""
        self._record.clear()

    def retry(self) -> None:
        """Give the lines of a broken record again but for the first, unless that costs too much."""
        lines = self._record[1:]
        self._spent += sum(map(len, lines))
        if len(self._record) <= _MOST_AGAIN and self._spent <= _MOST_SPENT:
            self._again.extendleft(reversed(lines))
            self.number -= len(lines)


def delimited_rows(
    source: Source, encoding: str | None, settings: dict[str, str]
) -> Iterator[tuple[int, list[str]] | Remark]:
    """Rows of a file, each with its number; the first is the header.

    A row that cannot be read, or has more or fewer cells than the header, becomes a remark.

    Parameters
    ----------
    source : Source
    encoding : str or None
    settings : dict
        A field → the name of its column.

    Yields
    ------
    (int, list of str) or Remark
        Rows count from 1, as a spreadsheet counts them.

    Raises
    ------
    UnreadableFile
        If there is nothing to read.
    """
    found = encoding or find_encoding(source.data)
    yield from encoding_remarks(found, encoding)
    head = head_of(source, found)
    if not head.strip():
        raise UnreadableFile("the file is empty.")
    dialect = find_dialect(head, settings)
    codec, errors = codec_of(found)
    with source.path.open(encoding=codec, errors=errors, newline="") as stream:
        lines = _Lines(stream)
        skipped = _skip_to_header(lines, head, dialect, settings)
        yield from _rows(dialect, lines, skipped, source)


def _skip_to_header(lines: _Lines, head: str, dialect: Dialect, settings) -> int:
    """Read past what stands above the header; returns how many rows a spreadsheet shows there."""
    declared = _DECLARED.match(head)
    if declared:
        next(lines)
        head = head[declared.end() :]
    above = header_row(_first_rows(dialect, head), settings)
    reader = dialect.reader(lines, strict=False)
    for _ in range(above):
        _row(reader)
    return above


def _rows(dialect: Dialect, lines: _Lines, number: int, source: Source):
    reader = dialect.reader(lines)
    shapes = _Shapes()
    width, broken = 0, None  # broken: row, line and fault from which nothing was understood
    while True:
        line = lines.number + 1
        lines.begin()
        try:
            cells = _row(reader)
        except StopIteration:
            break
        except csv.Error as error:
            number += 1
            if broken is None:
                broken = number, line, str(error)
            if not width:
                raise UnreadableFile(f"not readable as CSV: {error}.") from None
            lines.retry()
            continue
        number += 1
        if not any(cell.strip() for cell in cells):
            continue
        if not width:
            while len(cells) > 1 and not cells[-1].strip():
                cells.pop()
            width = len(cells)
            yield number, [cell.removeprefix("\ufeff") for cell in cells]
            continue
        spare = cells[width:]
        if len(cells) > width and not any(cell.strip() for cell in spare):
            cells = cells[:width]
        if broken is not None:
            if len(cells) != width or not shapes.fit(cells):
                continue
            yield _lost(broken, line - 1)
            broken = None
        if len(cells) != width:
            yield Remark(number, f"{len(cells)} cells, but the header has {width} columns")
            continue
        shapes.add(cells)
        yield number, cells
    if broken is not None:
        yield _lost(broken, lines.number)


def _lost(broken: tuple[int, int, str], last: int) -> Remark:
    row, line, error = broken
    where = f"line {line}" if last <= line else f"lines {line} to {last}"
    return Remark(row, f"not readable as CSV: {error}", f"{where} of the file left out")


class _Shapes:
    """What cells of each column look like, to find the next whole row behind a broken one."""

    _KINDS = (
        ("number", re.compile(r"\d+")),
        ("date", re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.{0,20}")),
        ("address", re.compile(r"https?://\S+")),
        ("token", re.compile(r"\S{1,80}")),
    )

    def __init__(self):
        self.seen: list[Counter] = []
        self.n = 0

    def add(self, cells: Sequence[str]) -> None:
        if not self.seen:
            self.seen = [Counter() for _ in cells]
        for counts, cell in zip(self.seen, cells):
            counts[self._kind(cell)] += 1
        self.n += 1

    def fit(self, cells: Sequence[str]) -> bool:
        """Whether a row looks as the others do, and not as prose with its commas does.

        Without a column that always looks one way, three columns are needed.
        """
        if any(cell.startswith(" ") for cell in cells):
            return False
        telling = [
            (kinds, self._kind(cell))
            for kinds, cell in zip(self.seen, cells)
            if "text" not in kinds and any(kinds)
        ]
        if not telling:
            return len(cells) > 2
        return all(kind in kinds for kinds, kind in telling)

    def _kind(self, cell: str) -> str:
        return next((kind for kind, shape in self._KINDS if shape.fullmatch(cell)), "text")


def looks_delimited(source: Source) -> bool:
    """Whether a file of text begins with a header that is a table's.

    Parameters
    ----------
    source : Source

    Returns
    -------
    bool
        By its ending, or by two names of columns, one that of texts or titles.
    """
    head = head_of(source)
    controls = sum(c < " " and c not in "\t\r\n\f" for c in head[:2000])
    if not head.strip() or controls > 2 or head.lstrip()[:1] in "<{[" or head.startswith("%PDF"):
        return False
    if source.suffix in (".csv", ".tsv", ".tab"):
        return True
    rows = _first_rows(find_dialect(head), head)
    if not rows:
        return False
    fields = recognised(rows[header_row(rows)])
    return len(fields) >= 2 and ("text" in fields or "title" in fields)


def header_of(source: Source) -> list[str]:
    """Names of the columns of a file, if it is a table of text; else none.

    Parameters
    ----------
    source : Source

    Returns
    -------
    list of str
    """
    head = head_of(source)
    if not head.strip() or head.lstrip()[:1] in "<{[" or source.members:
        return []
    rows = _first_rows(find_dialect(head), _DECLARED.sub("", head, count=1))
    return [cell.strip() for cell in rows[header_row(rows)]] if rows else []
