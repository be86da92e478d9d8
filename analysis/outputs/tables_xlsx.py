"""One workbook of all tables: what each holds, what its columns mean, and a sheet for each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from analysis.files import write_bytes
from analysis.io.sheets import MOST_ROWS, Cell, Sheet, xlsx_bytes
from analysis.outputs.saved_figures import SavedFigure

_MOST_CHARACTERS = 32_000  # of a cell; Excel holds 767 more
_MOST_NAME = 31  # characters of a sheet's name
_NO_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_WIDEST, _LEAST = 40, 8
_LEFT_OUT = "left out: {rows:,} rows are more than a sheet holds ({most:,}); {file} has them"
_CONTENTS, _COLUMNS = "contents", "columns"


def write_workbook(path: Path, figures: Sequence[SavedFigure]) -> list[str]:
    """Write the tables of some figures as one .xlsx; the same bytes for the same tables.

    Parameters
    ----------
    path : path
    figures : sequence of SavedFigure

    Returns
    -------
    list of str
        What was left out, and why.
    """
    places = [(figure, table) for figure in figures for table in figure.tables]
    names = sheet_names([figure.sheet_of(table) for figure, table in places])
    contents: list[list[Cell]] = [
        ["sheet", "figure", "measure", "finding", "what is measured", "rows", "notes"]
    ]
    columns: list[list[Cell]] = [["sheet", "column", "unit", "meaning"]]
    sheets, left = [], []
    for name, (figure, table) in zip(names, places):
        rows, about = figure.tables[table], figure.about
        notes = "\n".join(about.get("notes", ()))
        if len(rows) >= MOST_ROWS:
            file = f"{figure.sheet_of(table)}.csv"
            notes = _LEFT_OUT.format(rows=len(rows), most=MOST_ROWS - 1, file=file)
            left.append(f"{name}: {notes}")
        else:
            sheets.append(_sheet(name, rows))
        said = about.get("measure"), figure.finding, about.get("subtitle")
        contents.append([name, figure.name, *map(_cell, said), len(rows), _cell(notes)])
        columns += [[name, column, *figure.meaning(table, column)] for column in rows]
    first = Sheet(_CONTENTS, contents, [24, 20, 14, 60, 60, 8, 60])
    second = Sheet(_COLUMNS, [[_cell(c) for c in row] for row in columns], [24, 20, 16, 80])
    write_bytes(path, xlsx_bytes([first, second, *sheets]))
    return left


def _sheet(name: str, table: pd.DataFrame) -> Sheet:
    cells = table.astype(object).where(table.notna(), None)
    rows = [[_cell(c) for c in row] for row in cells.itertuples(index=False, name=None)]
    head: list[Cell] = [_cell(str(column)) for column in table.columns]
    widths = []
    for column, title in enumerate(head):
        longest = max((len(str(row[column])) for row in rows[:200]), default=0)
        widths.append(min(_WIDEST, max(_LEAST, len(str(title)) + 2, longest + 1)))
    return Sheet(name, [head, *rows], widths)


def _cell(value) -> Cell:
    """A value that a cell holds: truth in words, what is too long cut with a remark."""
    if isinstance(value, str):
        if len(value) <= _MOST_CHARACTERS:
            return value
        return f"{value[:_MOST_CHARACTERS]} … (cut: the CSV has all {len(value):,} characters)"
    if type(value).__name__ in ("bool", "bool_"):
        return str(bool(value))
    if isinstance(value, float) and value in (float("inf"), float("-inf")):
        return str(value)
    return value


def sheet_names(names: Sequence[str]) -> list[str]:
    r"""Names that Excel takes: 31 characters, none of ``[]:*?/\``, no two alike in any case.

    Examples
    --------
    >>> sheet_names(["a/b", "A_b", "history", "x" * 40])
    ['a_b', 'A_b 2', 'history 2', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx']
    """
    taken, found = {_CONTENTS, _COLUMNS, "history"}, []  # the last is Excel's own
    for name in names:
        wanted = _NO_NAME.sub("_", name).strip("' ")[:_MOST_NAME] or "table"
        chosen, number = wanted, 1
        while chosen.casefold() in taken:
            number += 1
            ending = f" {number}"
            chosen = wanted[: _MOST_NAME - len(ending)] + ending
        taken.add(chosen.casefold())
        found.append(chosen)
    return found
