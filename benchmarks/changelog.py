"""The renamed and the resampled that CHANGELOG.md names, for `benchmarks.same`."""

from __future__ import annotations

import re


class Changelog:
    """The renamed and the resampled of a CHANGELOG."""

    def __init__(self, text: str) -> None:
        self.renamed = [tuple(row) for row in rows(text, "Renamed", 3)]
        self.values = {(old, new) for what, old, new in self.renamed if what == "value"}
        self.moved = {
            (place, column.strip(" `"))
            for place, columns in rows(text, "Resampled", 2)
            for column in columns.split(",")
        }

    def names(self, what: str, old: str, places: list[str] | None = None) -> list[str]:
        """New names of `old`, then `old` itself; without `places`, those of any file."""
        found = []
        for kind, was, new in self.renamed:
            place, _, column = was.rpartition(": ")
            in_place = column == old and (places is None or place in places)
            if kind == what and (was == old or in_place):
                found.append(new.removeprefix(f"{place}: ") if in_place else new)
        return [*found, old]

    def resampled(self, places: list[str], columns: list[str]) -> bool:
        return any((place, column) in self.moved for place in places for column in columns)


def rows(text: str, section: str, width: int) -> list[list[str]]:
    """Rows of the tables below the heading `section`, without their heads."""
    _, _, rest = text.partition(f"\n### {section}\n")
    body = re.split(r"^#", rest, maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in body.splitlines() if line.startswith("|")]
    cells = [[cell.strip(" `") for cell in line.strip("| ").split("|")] for line in lines]
    rules = {i for i, row in enumerate(cells) if set("".join(row)) <= set("-: ")}
    kept = [row for i, row in enumerate(cells) if not {i, i + 1} & rules]
    for row in kept:
        if len(row) != width:
            raise ValueError(
                f"CHANGELOG.md, {section}: a row has {width} cells (got {' | '.join(row)})"
            )
    return kept
