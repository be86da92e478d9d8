"""Cells, tables and printed sentences as `benchmarks.same` compares them."""

from __future__ import annotations

import csv
import json
import math
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pyarrow.parquet as pq

Table = dict[str, list]  # cells by column

_NUMBER = re.compile(r"(?<![\w.])-?(?:\d[\d,]*\d|\d)?(?:\.\d+|(?<=\d))(?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])|\n+")


@dataclass
class Page:
    """What a notebook shows: tables, sentences printed, sentences shown beside tables."""

    tables: list[Table] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


def notebook(path: Path) -> Page:
    """The stored outputs of a notebook."""
    page = Page()
    for cell in json.loads(path.read_bytes())["cells"]:
        for output in cell.get("outputs", []):
            if output.get("name") == "stdout":
                page.printed += sentences("".join(output["text"]))
            shown = output.get("data", {})
            if "text/html" in shown:
                reader = _Tables()
                reader.feed("".join(shown["text/html"]))
                page.tables += [_table(grid, n_head) for grid, n_head in reader.tables]
                page.shown += sentences("".join(reader.text))
            else:
                page.shown += sentences("".join(shown.get("text/plain", "")))
    return page


def read_csv(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        head, *body = csv.reader(lines)
    return {name: [parse(row[i]) for row in body] for i, name in enumerate(head)}


def read_parquet(path: Path) -> Table:
    return pq.read_table(path).to_pydict()


def sentences(text: str) -> list[str]:
    return [" ".join(part.split()) for part in _SENTENCE_END.split(text) if part.strip()]


def numbers(text: str) -> list[str]:
    """The numbers in a sentence, as printed.

    Examples
    --------
    >>> numbers("alpha .944 (95 % interval -.900 to 1,000) of courier1, digest 3ed15.")
    ['.944', '95', '-.900', '1,000']
    """
    return [found for found in _NUMBER.findall(text) if found]


def parse(text: str) -> object:
    """A cell of a CSV as a whole number, a float or text; an empty one is None."""
    for convert in (int, float):
        try:
            return convert(text)
        except ValueError:
            pass
    return text or None


def to_float(cell: object) -> float:
    try:
        return float(str(cell).replace(",", ""))
    except ValueError:
        return math.nan


def equal(old: object, new: object) -> bool:
    """Whether two cells agree: floats to 1e-9, all else exactly; NaN, None and "" are one."""
    if _missing(old) or _missing(new):
        return _missing(old) and _missing(new)
    if isinstance(old, float) or isinstance(new, float):
        return math.isclose(to_float(old), to_float(new), rel_tol=1e-9, abs_tol=1e-12)
    return old == new


def as_printed(old: str, new: str) -> bool:
    """Whether two printed cells agree in the digits that the old one shows.

    Examples
    --------
    >>> as_printed("0.10", "0.1"), as_printed("0.10", "0.1049"), as_printed("0.10", "0.11")
    (True, True, False)
    """
    if old == new or math.isnan(to_float(old)):
        return old == new
    places = len(old.partition(".")[2]) if old.strip("-").replace(".", "", 1).isdigit() else 0
    more = places and len(new.partition(".")[2]) > places
    slack = 0.5000001 * 10**-places if more else 0
    return abs(to_float(old) - to_float(new)) <= slack


def _missing(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))


class _Tables(HTMLParser):
    """Grids of cells of the tables of a page, with the number of rows in each head."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[tuple[list[list[str]], int]] = []
        self.text: list[str] = []
        self._grid: dict[tuple[int, int], list[str]] | None = None
        self._cell: list[str] | None = None
        self._row = self._n_head = -1
        self._style = self._head = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._grid, self._row, self._n_head = {}, -1, 0
        elif tag == "tr":
            self._row += 1
            self._n_head += self._head
        elif tag in ("td", "th") and self._grid is not None:
            self._cell = []
            self._place({name: int(value or 1) for name, value in attrs if name.endswith("span")})
        self._head = tag == "thead" or (self._head and tag != "tbody")
        self._style = tag in ("style", "script")

    def _place(self, spans: dict[str, int]) -> None:
        """Puts the cell into the first free place of its row and all that it spans."""
        column = 0
        while (self._row, column) in self._grid:
            column += 1
        for down in range(spans.get("rowspan", 1)):
            for across in range(spans.get("colspan", 1)):
                self._grid[self._row + down, column + across] = self._cell

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)
        elif not self._style:
            self.text.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._style = False
        if tag in ("td", "th"):
            self._cell = None
        elif tag == "table" and self._grid:
            height, width = (max(place[axis] for place in self._grid) + 1 for axis in (0, 1))
            grid = [
                [" ".join("".join(self._grid.get((i, j), [])).split()) for j in range(width)]
                for i in range(height)
            ]
            self.tables.append((grid, self._n_head))
            self._grid = None
        elif tag in ("p", "div", "li", "br", "caption"):
            self.text.append("\n")


def _table(grid: list[list[str]], n_head: int) -> Table:
    """Columns of a grid; an index of row numbers has no name and is left out."""
    table: Table = {}
    for j in range(len(grid[0])):
        heads = [row[j] for row in grid[:n_head] if row[j]]
        cells = [row[j] for row in grid[n_head:]]
        name = (heads[-1] if heads else "") if j == 0 else " ".join(dict.fromkeys(heads))
        if name or not all(cell.isdigit() for cell in cells):
            table[f"{name} again" if name in table else name] = cells
    return table
