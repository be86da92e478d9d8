"""What text reuse in a larger archive would take, from a cost model fitted to runs on growing parts
of a smaller one: one JSON line.

    python -m benchmarks.reuse_cost --articles FILE.parquet [--project 10000000] [--workers 100]
    [--memory 4GB] [--within-days D]

Each part runs spilled, as on a cluster (`benchmarks.reuse_scale --memory-limit`), in a process of
its own. The model: reading, counting and hashing cost so much a word and a pass (each slice of the
hashes is counted in one); finding seeds so much a row (a shingle that may stand twice) and a seed;
growing passages so much a seed and a word of each pair of blocks that is read (nonnegative least
squares over the parts). N articles have `c N^alpha` seeds (a line through the logarithms; alpha is
taken as 1 if it is less). The CPU seconds of all steps are divided by the workers, as no step waits
for one task; what the disks take is not in it: the bytes are given. Within a window of days, of an
archive in order of date, only blocks next to each other have seeds, and no others are read.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

from analysis.reuse.engines import in_bytes, split_run
from analysis.reuse.stages import Options

SHARES = (0.125, 0.25, 0.5, 1.0)
MEMORY = "250MB"  # so little that the largest part is counted in two slices
A_SEED, A_HASH, A_WORD, A_ROW = (
    16,
    8,
    16,
    28,
)  # bytes in the store; a word has a hash and its characters


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reuse_cost", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument(
        "--rows",
        type=int,
        required=True,
        help="rows of FILE, of which an eighth, a quarter, a half and all are run",
    )
    parser.add_argument(
        "--project", type=int, default=10_000_000, help="articles (default: 10,000,000)"
    )
    parser.add_argument(
        "--workers", type=int, default=100, help="tasks that run at once (default: 100)"
    )
    parser.add_argument("--memory", default="4GB", help="of one task (default: 4GB)")
    parser.add_argument(
        "--within-days", type=float, help="compare only articles so many days apart"
    )
    options = parser.parse_args(arguments)
    runs = [
        measure(options.articles, round(share * options.rows), options.within_days)
        for share in SHARES
    ]
    print(
        json.dumps(
            {
                "runs": runs,
                **fit_and_project(
                    runs,
                    options.project,
                    options.workers,
                    options.memory,
                    options.within_days is not None,
                ),
            }
        )
    )


def measure(articles: Path, rows: int, within_days: float | None) -> dict:
    """One spilled run on the first rows."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "benchmarks.reuse_scale",
            "--articles",
            articles,
            "--rows",
            str(rows),
            "--memory-limit",
            MEMORY,
            "--out",
            Path(folder) / "passages.parquet",
            *(["--within-days", str(within_days)] if within_days is not None else []),
        ]
        result = json.loads(
            subprocess.run(
                list(map(str, command)),
                check=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            ).stdout
        )
    spilled = result["bytes_spilled"]
    words = spilled["words"] // A_HASH
    return {
        "articles": result["articles"],
        "words": words,
        "rows": spilled["rows"] // A_ROW,
        "seeds": spilled["seeds"] // A_SEED,
        "passes": words * result["slices"],
        "read": round(words * (result["blocks"] + 1) / 2),
        "passages": result["passages"],
        "mark_bytes": spilled["marks"],
        "cpu_seconds": result["cpu_seconds"],
    }


def fit_and_project(
    runs: list[dict], articles: int, workers: int, memory: str, window: bool
) -> dict:
    """The model and what it says of so many articles."""
    largest = runs[-1]
    n = np.array([run["articles"] for run in runs], float)
    slope, log_c = np.polyfit(np.log(n), np.log([max(run["seeds"], 1) for run in runs]), 1)
    alpha = max(float(slope), 1.0)
    reading = {"words": largest["cpu_seconds"]["words"] / largest["words"]}
    counting, hashing = (_fit(runs, step, ("words", "passes")) for step in ("counting", "shingles"))
    seeding = _fit(runs, "seeds", ("rows", "seeds"))
    growing = _fit(runs, "passages", ("read", "seeds"))
    scale = articles / largest["articles"]
    words, rows, seeds = (
        largest["words"] * scale,
        largest["rows"] * scale,
        largest["seeds"] * scale**alpha,
    )
    job = split_run(
        _Sized(articles, words / articles), Options(), in_bytes(memory), least=2 * workers
    )
    blocks = len(job.blocks)
    read = words * (2 if window else (blocks + 1) / 2)
    passes = words * job.n_slices
    cpu = {
        "words": reading["words"] * words,
        "counting": counting["words"] * words + counting["passes"] * passes,
        "shingles": hashing["words"] * words + hashing["passes"] * passes,
        "seeds": seeding["rows"] * rows + seeding["seeds"] * seeds,
        "passages": growing["read"] * read + growing["seeds"] * seeds,
    }
    total = sum(cpu.values())
    said = {
        "articles": articles,
        "words": words,
        "rows": rows,
        "seeds": seeds,
        "cpu_hours": {step: float(f"{seconds / 3600:.2g}") for step, seconds in cpu.items()},
        "cpu_hours_all": total / 3600,
        "workers": workers,
        "hours": total / 3600 / workers,
        "memory_a_task": memory,
        "blocks": blocks,
        "ranges": job.ranges,
        "slices": job.n_slices,
        "gb_words": A_WORD * words / 1e9,
        "gb_shuffled": (A_ROW * rows + largest["mark_bytes"] * scale + A_SEED * seeds) / 1e9,
        "gb_read_by_pairs_of_blocks": A_WORD * read / 1e9,
    }
    costs = {
        "words": reading,
        "counting": counting,
        "shingles": hashing,
        "seeds": seeding,
        "passages": growing,
    }
    return {
        "model": {
            "alpha": round(float(slope), 3),
            "ns": {step: _ns(cost) for step, cost in costs.items()},
        },
        "projection": {
            k: float(f"{v:.3g}") if isinstance(v, float) else v for k, v in said.items()
        },
    }


def _fit(runs: list[dict], step: str, causes: tuple[str, str]) -> dict[str, float]:
    """CPU seconds of a step for each of two causes."""
    found, _ = nnls(
        np.array([[run[cause] for cause in causes] for run in runs], float),
        np.array([run["cpu_seconds"][step] for run in runs]),
    )
    return dict(zip(causes, found.tolist()))


def _ns(costs: dict[str, float]) -> dict[str, float]:
    return {name: round(seconds * 1e9, 1) for name, seconds in costs.items()}


class _Sized:
    """Articles of which only the number and the mean length are known."""

    anywhere = True

    def __init__(self, articles: int, words: float):
        self.sizes = self.measured = np.full(articles, words)
        self.outlets, self.days = np.empty(0, np.int32), np.empty(0)


if __name__ == "__main__":
    main()
