"""Compare the numbers of the working tree with those of a git revision: one JSON line.

    python -m benchmarks.same --base REV [--changed-draws]

Compared are the CSV of every figure, every Parquet of features and results, and what notebooks
show: each HTML table, and each printed sentence that holds numbers, wherever it stands now. Rows
stay in order; counts and text are exact; floats agree to 1e-9; notebooks agree as printed, and a
sentence in other words that holds the same numbers is listed as reworded.
CHANGELOG.md names what may differ: `### Renamed` (a new name; the old one still counts) and
`### Resampled` (see `tolerance`; the column `printed` is a notebook's sentences). What is new is
counted as added. Differences are listed on standard error; any of them ends in status 1.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from benchmarks.cells import (
    Table,
    as_printed,
    equal,
    notebook,
    numbers,
    read_csv,
    read_parquet,
    to_float,
)
from benchmarks.changelog import Changelog

ROOT = Path(__file__).resolve().parents[1]
FIGURES = "figures/*/*.csv"
TABLES = "corpus/*/features/**/*.parquet"
NOTEBOOKS = "notebooks/*.ipynb"

Same = Callable[[object, object], bool]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.same", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--base", required=True, help="the git revision to compare with")
    parser.add_argument(
        "--changed-draws", action="store_true", help="also list each resampled column that moved"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        unpack(ROOT, options.base, Path(folder))
        comparison = Comparison(Path(folder), ROOT)
        comparison.run()
    listed = comparison.differences + [f"reworded: {line}" for line in comparison.reworded]
    if options.changed_draws:
        listed += [f"resampled: {line}" for line in comparison.resampled]
    print(*listed, sep="\n", end="\n" if listed else "", file=sys.stderr)
    print(json.dumps({"base": options.base} | comparison.report()))
    sys.exit(bool(comparison.differences))


def unpack(root: Path, revision: str, folder: Path) -> None:
    """Writes the files of a git revision below a folder."""
    command = ["git", "-C", str(root), "archive", revision]
    packed = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


class Comparison:
    """What differs in the folder `new` from `old`."""

    def __init__(self, old: Path, new: Path) -> None:
        self.old, self.new = old, new
        self.changelog = Changelog((new / "CHANGELOG.md").read_text(encoding="utf-8"))
        self.counts: Counter[str] = Counter()
        self.added: Counter[str] = Counter()
        self.differences: list[str] = []
        self.resampled: list[str] = []
        self.reworded: list[str] = []

    def report(self) -> dict:
        columns = sorted({line.partition(": ")[0] for line in self.resampled})
        return {
            "compared": dict(self.counts),
            "added": dict(self.added),
            "reworded": len(self.reworded),
            "resampled": columns,
            "differences": len(self.differences),
        }

    def run(self) -> None:
        self.files("figure", FIGURES, read_csv)
        self.files("table", TABLES, read_parquet)
        self.notebooks()

    def files(self, what: str, pattern: str, read: Callable[[Path], Table]) -> None:
        new = set(self.new.glob(pattern))
        for path in sorted(self.old.glob(pattern)):
            place = path.relative_to(self.old)
            names = self.changelog.names(what, path.stem)
            here = [self.new / place.with_stem(name) for name in names]
            found = next((name for name in here if name.exists()), None)
            self.counts[f"{what}s"] += 1
            if found is None:
                self.differences.append(f"{place}: missing")
                continue
            new.discard(found)
            self.counts["renamed_files"] += found.stem != path.stem
            old_table, new_table = read(path), read(found)
            self.record(str(place), *self.tables(old_table, new_table, names, equal))
            self.added["columns"] += max(0, len(new_table) - len(old_table))
        self.added[f"{what}s"] += len(new)

    def record(self, path: str, differences: list[str], resampled: list[str]) -> None:
        self.differences += [f"{path}, {line}" for line in differences]
        self.resampled += [f"{path}, {line}" for line in resampled]

    def tables(
        self, old: Table, new: Table, places: list[str], same: Same, anywhere: bool = False
    ) -> tuple[list[str], list[str]]:
        """The columns that differ, and the resampled ones that moved within tolerance."""
        n_old, n_new = (len(next(iter(table.values()), [])) for table in (old, new))
        if n_old != n_new:
            missing = [f"{column}: missing" for column in old if column not in new]
            return [f"rows: {n_new} instead of {n_old}", *missing], []
        differences: list[str] = []
        resampled: list[str] = []
        for column, cells in old.items():
            names = self.changelog.names("column", column, None if anywhere else places)
            names += self.changelog.names("value", column)[:-1]
            tried = [self.unequal(cells, new[name], same) for name in names if name in new]
            if not tried:
                differences.append(f"{column}: missing")
                continue
            unequal = min(tried, key=len)
            if not unequal:
                continue
            within = self.changelog.resampled(places, names) and all(
                abs(to_float(now) - to_float(cells[i])) <= tolerance(old, column, i)
                for i, now in unequal.items()
            )
            (resampled if within else differences).append(f"{column}: {summary(cells, unequal)}")
        return differences, resampled

    def unequal(self, old: list, new: list, same: Same) -> dict[int, object]:
        """Rows whose cells differ also under the new names of values, with the new cells."""
        return {
            i: now
            for i, (was, now) in enumerate(zip(old, new, strict=True))
            if not same(was, now) and (was, now) not in self.changelog.values
        }

    def notebooks(self) -> None:
        pages = [notebook(path) for path in sorted(self.new.glob(NOTEBOOKS))]
        tables = [table for page in pages for table in page.tables]
        printed = {line for page in pages for line in page.printed + page.shown}
        met: set[int] = set()
        for path in sorted(self.old.glob(NOTEBOOKS)):
            page, places = notebook(path), [path.stem]
            for number, table in enumerate(page.tables, 1):
                place = f"{path.name}, table {number}"
                self.counts["notebook_tables"] += 1
                tried = [self.tables(table, new, places, as_printed, True) for new in tables]
                best = min(range(len(tried)), key=lambda i: len(tried[i][0]), default=None)
                if best is None or len(tried[best][0]) > len(table) / 2:
                    columns = ", ".join(table)
                    self.differences.append(f"{place} ({columns}): no table has its numbers")
                else:
                    met.add(best)
                    self.record(place, *tried[best])
            self.lines(path.stem, [line for line in page.printed if numbers(line)], printed)
        self.added["notebook_tables"] += len(tables) - len(met)

    def lines(self, place: str, old: list[str], new: set[str]) -> None:
        fresh = {tuple(numbers(line)): line for line in new.difference(old)}
        moved = self.changelog.resampled([place], ["printed"])
        for line in old:
            self.counts["printed"] += 1
            if line in new:
                continue
            values = numbers(line)
            if tuple(values) in fresh:
                self.reworded.append(f"{place}: {line} → {fresh[tuple(values)]}")
            elif moved and any(near(values, others) for others in fresh):
                self.resampled.append(f"{place}, printed: {line}")
            else:
                self.differences.append(f"{place}, printed: {line}")


def tolerance(table: Table, column: str, row: int) -> float:
    """How far a resampled value may move.

    .05 for p; a quarter of the interval's width for its bounds and for what it encloses; .05 and
    5 % for what has no interval.
    """
    if re.fullmatch(r"p|p_.*|false_discovery", column):
        return 0.05
    stem = re.sub(r"(low|high)$", "", column)
    for low, high in [
        (f"{stem}low", f"{stem}high"),
        (f"{column}_low", f"{column}_high"),
        ("low", "high"),
    ]:
        if low in table and high in table:
            return 0.25 * abs(to_float(table[high][row]) - to_float(table[low][row])) + 1e-9
    return 0.05 + 0.05 * abs(to_float(table[column][row]))


def near(old: list[str], new: tuple[str, ...]) -> bool:
    return len(old) == len(new) and all(
        math.isclose(to_float(a), to_float(b), rel_tol=0.05, abs_tol=0.05)
        for a, b in zip(old, new, strict=True)
    )


def summary(old: list, unequal: dict[int, object]) -> str:
    """How many rows differ, and the largest difference."""
    gaps = {row: abs(to_float(now) - to_float(old[row])) for row, now in unequal.items()}
    row = max(gaps, key=lambda row: -1 if math.isnan(gaps[row]) else gaps[row])
    largest = "" if math.isnan(gaps[row]) else f", largest difference {gaps[row]:.3g}"
    return f"{len(unequal)} rows{largest} (row {row}: {old[row]!r} → {unequal[row]!r})"


if __name__ == "__main__":
    main()
