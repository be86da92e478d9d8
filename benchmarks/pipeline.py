"""What a user's first hour costs: a corpus made, extracted, measured and drawn; one JSON line.

    python -m benchmarks.pipeline --articles FILE.parquet --rows N [--topic T] [--base REV]
        [--each-measure]

FILE has the columns id, text, outlet and date, and perhaps title and topic. Its first N articles by
date (of the topic T) become a table, and the commands of the README do the rest in an empty
project: `new --from` (with the codebook that it suggests), `extract`, `run` with every notebook.
Told are CPU seconds, seconds and the memory of the largest process of each, with all processes that
they start. `--each-measure` adds the CPU seconds and the memory of every measure with its figure,
as `benchmarks.measures` has them. With `--base` a git revision does the same on the same table,
right after, and stands beside it as `base`.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from benchmarks.measures import measured_in
from benchmarks.same import ROOT, unpack

NAME = "measured"
FIELDS = ("id", "title", "text", "outlet", "date")
STEPS = {"new": ("new", NAME, "--from"), "extract": ("extract", NAME), "run": ("run", NAME)}


def main(arguments: list[str] | None = None) -> None:
    """Print the line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pipeline", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--rows", type=int, required=True, help="the first N by date")
    parser.add_argument("--topic", help="only articles of this topic")
    parser.add_argument("--base", help="a git revision to compare with")
    parser.add_argument("--each-measure", action="store_true", help="one by one, too")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="twicetold-") as place:
        table = Path(place) / "articles.csv"
        chosen = articles(given.articles, given.rows, given.topic)
        chosen.to_csv(table, index=False)
        words = int(chosen["text"].str.split().str.len().sum())
        told = {"articles": len(chosen), "words": words} | pipeline(
            ROOT, table, Path(place) / "now", given.each_measure
        )
        if given.base is not None:
            base = Path(place) / "revision"
            unpack(ROOT, given.base, base)
            told["base"] = {"revision": given.base} | pipeline(
                base, table, Path(place) / "then", given.each_measure
            )
    print(json.dumps(told))


def articles(path: Path, rows: int, topic: str | None = None) -> pd.DataFrame:
    """The first articles of a table by date, of one topic if asked.

    Parameters
    ----------
    path : Path
        A Parquet file.
    rows : int
        How many.
    topic : str, optional

    Returns
    -------
    DataFrame
        One row an article, with those of the columns id, title, text, outlet and date that there
        are.
    """
    table = pq.read_table(path).to_pandas()
    if topic is not None:
        table = table[table["topic"] == topic]
    table = table.sort_values(["date", "id"], kind="stable").head(rows)
    return table[[field for field in FIELDS if field in table]]


def pipeline(root: Path, table: Path, project: Path, each_measure: bool = False) -> dict:
    """The commands in an empty project, by the package below a folder.

    Parameters
    ----------
    root : Path
        Of the package.
    table : Path
        A CSV of articles.
    project : Path
        Is made.
    each_measure : bool
        Measure them one by one, too.

    Returns
    -------
    dict
        For each step `cpu_seconds`, `seconds` and `peak_mb`.
    """
    (project / "corpus").mkdir(parents=True)
    shutil.copytree(root / "notebooks", project / "notebooks")
    told: dict = {}
    for step, command in STEPS.items():
        files = [str(table)] if step == "new" else []
        told[step] = cost(root, ["--root", str(project), *command, *files])
        print(f"{step}: {told[step]}", file=sys.stderr)
    if each_measure:
        told["measures"] = measured_in(root, [str(project / "corpus" / NAME)], [], 1)
    return told


def cost(root: Path, command: list[str]) -> dict[str, float]:
    """What a command of the package below a folder costs, with the processes that it starts."""
    environment = os.environ | {"PYTHONPATH": str(root)}
    began = time.monotonic()
    started = subprocess.Popen(
        [sys.executable, "-m", "analysis.cli", *command],
        cwd=root,
        env=environment,
        stdout=sys.stderr,
    )
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode not in (0, 1):  # 1: some of it was left out, which is told above
        raise subprocess.CalledProcessError(started.returncode, started.args)
    return {
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "seconds": round(time.monotonic() - began, 1),
        "peak_mb": _megabytes(used),
    }


def _megabytes(used: resource.struct_rusage) -> int:
    return round(used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1024))


if __name__ == "__main__":
    main()
