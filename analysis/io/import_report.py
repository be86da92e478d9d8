"""What reading left out, emptied or guessed: one line each, and a summary by kind."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.io.sheets import safe

_COLUMNS = ("file", "row", "fault", "done")
# words of a fault → the option that helps
_HELP = (("two meanings", "--day-first or --month-first"), ("is not UTF-8", "--encoding"))


@dataclass(frozen=True)
class Line:
    """One line of the report.

    Attributes
    ----------
    file : str
        As it was given, or its path in the folder that was given.
    row : int or None
        The article's place in the file (of a table the row as a spreadsheet numbers it); None for
        the whole file.
    fault : str
    done : str
        "left out", "left empty", or what else was done.
    """

    file: str
    row: int | None
    fault: str
    done: str

    @property
    def kind(self) -> str:
        """The fault and what was done, without what is special about this row."""
        plain = re.sub(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", "…", self.fault)
        plain = re.sub(r"(?<=JSON: ).*|(?<=CSV: ).*|(?<=\().*(?=\))", "…", plain)
        return f"{re.sub(r'[0-9][0-9,.]*', 'N', plain)}: {re.sub(r'[0-9][0-9,.]*', 'N', self.done)}"


def report_csv(lines: Iterable[Line]) -> bytes:
    """The report as a CSV file.

    Parameters
    ----------
    lines : iterable of Line

    Returns
    -------
    bytes
        UTF-8 with the header file,row,fault,done.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for line in lines:
        row = "" if line.row is None else line.row
        file, fault, done = (safe(_plain(text)) for text in (line.file, line.fault, line.done))
        writer.writerow([file, row, fault, done])
    return sink.getvalue().encode("utf-8")


def _plain(text: str) -> str:
    """Text that every encoding can write, as names of files may not be."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def summary(lines: Iterable[Line]) -> Iterator[str]:
    """One line for each kind of fault, the most frequent first.

    Parameters
    ----------
    lines : iterable of Line

    Yields
    ------
    str
        How often, the first example, and the option that would help.
    """
    kinds: dict[str, list[Line]] = {}
    for line in lines:
        kinds.setdefault(line.kind, []).append(line)
    for found in sorted(kinds.values(), key=len, reverse=True):
        first = found[0]
        where = first.file if first.row is None else f"{first.file}, row {first.row}"
        said = f"{first.fault.rstrip('.')}: {first.done}"
        option = next((option for words, option in _HELP if words in first.fault), "")
        if option and option not in said:
            said = f"{said}; try {option}"
        times = f"{len(found)} times, first in {where}" if len(found) > 1 else where
        yield _plain(f"{times}: {said}")
