"""What the readers of dictionary files give: rows of a pattern, notes, and what is unreadable."""

from __future__ import annotations

from typing import NamedTuple

from analysis.errors import Fault
from analysis.io.text import csv_rows

FORMATS = {
    ".csv": "csv",
    ".lc3": "lexicoder",
    ".lcd": "lexicoder",
    ".ykd": "yoshikoder",
    ".dic": "liwc",
    ".dicx": "liwc",
    ".yml": "yaml",
    ".yaml": "yaml",
}


class Row(NamedTuple):
    """One pattern of a dictionary file.

    With the path of its category from the top, or with its score as it is written.
    """

    number: int
    pattern: str
    category: tuple[str, ...] = ()
    score: str | None = None


class Note(NamedTuple):
    """A row of a dictionary file that cannot be used, and why."""

    number: int
    problem: str


class Unreadable(Exception):
    """A dictionary file is not of its format: the row, or None, and what is wrong."""


def raise_first(faults: list[Fault]) -> None:
    """Raise the first of the faults, if there is one."""
    if faults:
        raise Unreadable(faults[0].row, faults[0].problem)


def cells_of(text: str, delimiter: str = ",") -> list[tuple[int, list[str]]]:
    """Rows of a table that hold something, each with the line that it begins in."""
    rows, faults = csv_rows(text, "", delimiter)
    raise_first(faults)
    return [(number, cells) for number, cells in rows if cells]
