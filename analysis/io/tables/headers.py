"""Which column of a table is the title, which the outlet, which the text."""

from __future__ import annotations

import csv
import datetime
import functools
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import OptionError
from analysis.io.formats.source import Record, Remark

_NAMES = Path(__file__).parents[2] / "data" / "column_names.csv"
FIELDS = (
    "text", "title", "outlet", "published", "author", "section", "page", "url", "language",
    "source_id",
)  # fmt: skip
_OTHER_NAMES = {"body": "text", "date": "published", "id": "source_id", "article_id": "source_id"}
EXCEL_DAYS = (20_000, 80_000)  # 1954 to 2119, counted from 30 December 1899
_EXCEL_BEGINS = datetime.datetime(1899, 12, 30)
_UNNAMED = re.compile(r"(unnamed:? ?\d*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://(?:www\.)?(?P<host>[\w.-]+)", re.IGNORECASE)  # of a page
MOST_HEADS = 20  # rows that may stand above the header


def normal_name(name: object) -> str:
    """A column's name without capitals, marks and camel case: "publishedAt" is "published at".

    Parameters
    ----------
    name : object

    Returns
    -------
    str
    """
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(name))
    return " ".join(re.findall(r"\w+", split.replace("_", " ").lower()))


@functools.cache
def known_names() -> dict[str, list[str]]:
    """Names that people and programs give to each field, the surest first.

    Returns
    -------
    dict of str to list of str
    """
    with _NAMES.open(encoding="utf-8", newline="") as stream:
        rows = [(row["field"], row["names"].split(";")) for row in csv.DictReader(stream)]
    return {field: list(dict.fromkeys(map(normal_name, names))) for field, names in rows}


def field_named(name: str) -> str:
    """The field that a user's option means: "date" is `published`.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Raises
    ------
    OptionError
        If there is none.
    """
    field = _OTHER_NAMES.get(name, name)
    if field not in FIELDS:
        raise OptionError(f"column must be one of {', '.join(FIELDS)} (got {name!r})")
    return field


def recognised(header: Sequence[object], settings: Mapping[str, str] | None = None) -> dict:
    """Which place of a header is which field.

    Parameters
    ----------
    header : sequence
    settings : mapping, optional
        A field → the name of its column, which overrules what is recognised.

    Returns
    -------
    dict of str to int
    """
    names = [normal_name(name) for name in header]
    plain = [str(name).strip() for name in header]
    found: dict[str, int] = {}
    for field, column in (settings or {}).items():
        if column in plain:
            found[field] = plain.index(column)
        elif normal_name(column) in names:
            found[field] = names.index(normal_name(column))
    for field, known in known_names().items():
        if field in found:
            continue
        places = (names.index(name) for name in known if name in names)
        place = next((place for place in places if place not in found.values()), None)
        if place is not None:
            found[field] = place
    return found


def header_row(rows: Sequence[Sequence[object]], settings: Mapping[str, str] | None = None) -> int:
    """Place of the row that names the columns among a table's first ones.

    Parameters
    ----------
    rows : sequence of rows
    settings : mapping, optional
        As for `recognised`.

    Returns
    -------
    int
        Of the row with most names that are known; else of the first with two cells.
    """
    if not rows:
        return 0
    looked_at = rows[:MOST_HEADS]
    known = [
        len(recognised(row, settings)) if all(len(str(cell)) < 100 for cell in row) else 0
        for row in looked_at
    ]
    if max(known) > 1 or known[0] == 1:
        return known.index(max(known))
    filled = [sum(bool(str(cell).strip()) for cell in row) for row in looked_at]
    return next((i for i, n in enumerate(filled) if n > 1), 0)


@dataclass
class RecognisedColumns:
    """The columns of one table.

    Attributes
    ----------
    names : list of str
        Of all columns, none empty, none twice.
    fields : dict of str to int
        Which place is which field.
    dropped : set of int
        Places of row numbers that a program wrote.
    remarks : list of Remark
        What was done to the names.
    excel : bool
        Whether numbers may be Excel's dates.
    """

    names: list[str]
    fields: dict[str, int]
    dropped: set[int]
    remarks: list[Remark]
    excel: bool = False

    @classmethod
    def of(
        cls,
        header: Sequence[object],
        sample: Iterable[Sequence[object]],
        settings: Mapping[str, str],
        place: int | None = None,
    ) -> RecognisedColumns:
        """Recognise the columns of a table.

        Parameters
        ----------
        header : sequence
        sample : iterable of rows
            The first ones.
        settings : mapping
            A field → the name of its column.
        place : int, optional
            The header's row, for remarks.

        Returns
        -------
        RecognisedColumns
        """
        given = ["" if name is None else " ".join(str(name).split()) for name in header]
        remarks, names, dropped = [], [], set()
        rows = list(sample)
        for at, name in enumerate(given):
            cells = [row[at] for row in rows if at < len(row)]
            if _UNNAMED.fullmatch(name) and _are_numbers(cells):
                dropped.add(at)
            if not name:
                name = f"column_{at + 1}"
                if at not in dropped and any(cell_text(cell) for cell in cells):
                    problem = f"column {at + 1} has no name"
                    remarks.append(Remark(place, problem, f"called {name}"))
            if name in names:
                number = next(n for n in range(2, len(given) + 2) if f"{name}_{n}" not in names)
                problem = f"the column {name!r} is there twice"
                remarks.append(Remark(place, problem, f"the second one is called {name}_{number}"))
                name = f"{name}_{number}"
            names.append(name)
        kept = [name if at not in dropped else "" for at, name in enumerate(names)]
        for field, column in settings.items():
            if column not in names and normal_name(column) not in map(normal_name, names):
                there = ", ".join(names[:30])
                problem = f"no column {column!r} for {field}; there are {there}"
                remarks.append(Remark(place, problem, "recognised by the usual names"))
        return cls(names, recognised(kept, settings), dropped, remarks)

    def record(self, cells: Sequence, place: int) -> Record | Remark:
        """One article of a row.

        Parameters
        ----------
        cells : sequence
            As many as there are columns.
        place : int
            The row's number.

        Returns
        -------
        Record or Remark
            A remark if the text is none.
        """
        try:
            return self._record(cells, place)
        except RecursionError:
            return Remark(place, "a cell is nested too deeply")

    def _record(self, cells: Sequence, place: int) -> Record | Remark:
        about = {f: cell_text(cells[at]) for f, at in self.fields.items() if f != "text"}
        if "published" in self.fields:
            about["published"] = _when(cells[self.fields["published"]], self.excel)
        text = cells[self.fields["text"]] if "text" in self.fields else ""
        if isinstance(text, list) and text and all(isinstance(part, str) for part in text):
            text = "\n\n".join(text)  # paragraphs
        if text is None or text != text:
            text = ""
        if not isinstance(text, str):
            return Remark(place, f"the text is {text!r:.60}; needed is a string")
        if address := _ADDRESS.match(about.get("outlet", "")):
            about["url"] = about.get("url") or about["outlet"]
            about["outlet"] = address["host"].lower()
        used = {*self.fields.values(), *self.dropped}
        more = {
            name: value
            for at, name in enumerate(self.names)
            if at not in used and (value := cell_text(cells[at]))
        }
        return Record(text, place, **about, more=more)


def _are_numbers(cells: list[object]) -> bool:
    """Whether cells count up by one, as the rows that pandas or R wrote."""
    try:
        numbers = [int(str(cell)) for cell in cells]
    except ValueError:
        return False
    return all(after == before + 1 for before, after in zip(numbers, numbers[1:]))


def _when(value: object, excel: bool) -> str:
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if excel and EXCEL_DAYS[0] <= value <= EXCEL_DAYS[1]:
            return f"{_EXCEL_BEGINS + datetime.timedelta(days=int(value)):%Y-%m-%d}"
        if value == value and value >= 10**9:
            return str(int(value))  # seconds since 1970
    return cell_text(value)


def cell_text(value: object) -> str:
    """A cell of any type as one line of text; empty where it says nothing.

    Parameters
    ----------
    value : object

    Returns
    -------
    str

    Examples
    --------
    >>> cell_text(["Ada", {"name": "Bo"}]), cell_text(None), cell_text(5)
    ('Ada, Bo', '', '5')
    """
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, dict):
        named = next((value[key] for key in ("name", "title") if value.get(key)), None)
        if named is None and all(part in (None, "", [], {}) for part in value.values()):
            return ""
        return (
            cell_text(named)
            if named is not None
            else json.dumps(value, default=str, ensure_ascii=False)
        )
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(cell_text, value)))
    return " ".join(str(value).split())
