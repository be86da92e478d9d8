"""What text reuse in a larger archive would take, from a cost model fitted to runs on growing parts of a smaller one: one JSON line.

    python -m benchmarks.reuse_cost --articles FILE.parquet [--project 10000000] [--workers 100] [--memory 4GB] [--within-days D]

Each part runs spilled, as on a cluster (`benchmarks.reuse_scale --memory-limit`), in a process of its own. The model: reading, counting and hashing
cost so much a word; finding seeds and growing passages so much a seed; and there are `c N^alpha` seeds in N articles (a line through the logarithms). All
stages' CPU seconds are added and divided by the workers, as no stage waits for one task; reading the words of pairs of blocks comes on top, in bytes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from analysis.reuse.engines import in_bytes, plan
from analysis.reuse.stages import Options

SHARES = (0.125, 0.25, 0.5, 1.0)
A_SEED, A_WORD = 16, 16  # bytes in the store


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reuse_cost", description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--rows", type=int, required=True, help="rows of FILE, of which an eighth, a quarter, a half and all are run")
    parser.add_argument("--project", type=int, default=10_000_000, help="articles (default: 10,000,000)")
    parser.add_argument("--workers", type=int, default=100, help="tasks that run at once (default: 100)")
    parser.add_argument("--memory", default="4GB", help="of one task (default: 4GB)")
    parser.add_argument("--within-days", type=float, help="compare only articles so many days apart")
    options = parser.parse_args(arguments)
    runs = [measure(options.articles, round(share * options.rows), options.within_days) for share in SHARES]
    print(json.dumps({"runs": runs, **fit_and_project(runs, options.project, options.workers, options.memory)}))


def measure(articles: Path, rows: int, within_days: float | None) -> dict:
    """One spilled run on the first rows."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.reuse_scale", "--articles", articles, "--rows", str(rows), "--memory-limit", "400MB",
                   "--out", Path(folder) / "passages.parquet", *(["--within-days", str(within_days)] if within_days is not None else [])]
        result = json.loads(subprocess.run(list(map(str, command)), check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout)
    spilled = result["bytes_spilled"]
    return {"articles": result["articles"], "words": spilled["words"] // A_WORD, "seeds": spilled.get("seeds", 0) // A_SEED, "passages": result["passages"],
            "row_bytes": spilled["rows"], "mark_bytes": spilled["marks"], "cpu_seconds": result["cpu_seconds"]}


def fit_and_project(runs: list[dict], articles: int, workers: int, memory: str) -> dict:
    """The model and what it says of so many articles."""
    largest = runs[-1]
    n = np.array([run["articles"] for run in runs], float)
    alpha, log_c = np.polyfit(np.log(n), np.log([max(run["seeds"], 1) for run in runs]), 1)
    by_word = {step: largest["cpu_seconds"][step] / largest["words"] for step in ("words", "counting", "shingles")}
    by_seed = {step: largest["cpu_seconds"][step] / max(largest["seeds"], 1) for step in ("seeds", "passages")}
    words = largest["words"] / largest["articles"] * articles
    seeds = float(np.exp(log_c) * articles**alpha)
    job = plan(None, _Sized(articles, words / articles), Options(), in_bytes(memory), least=2 * workers)
    blocks = len(job.blocks)
    cpu = sum(by_word.values()) * words + sum(by_seed.values()) * seeds
    shuffled = (largest["row_bytes"] + largest["mark_bytes"]) / largest["words"] * words + A_SEED * seeds
    block_bytes = A_WORD * words / blocks
    said = {"articles": articles, "words": words, "seeds": seeds, "cpu_hours": cpu / 3600, "hours": cpu / 3600 / workers, "workers": workers,
            "memory_a_task": memory, "blocks": blocks, "ranges": job.ranges, "gb_words": A_WORD * words / 1e9, "gb_shuffled": shuffled / 1e9,
            "gb_read_by_pairs_of_blocks_at_most": block_bytes * blocks * (blocks + 1) / 2 / 1e9}
    return {"model": {"alpha": round(float(alpha), 3), "ns_a_word": {k: round(v * 1e9, 1) for k, v in by_word.items()},
                      "ns_a_seed": {k: round(v * 1e9, 1) for k, v in by_seed.items()}},
            "projection": {k: float(f"{v:.3g}") if isinstance(v, float) else v for k, v in said.items()}}


class _Sized:
    """Articles of which only the number and the mean length are known."""

    anywhere = True

    def __init__(self, articles: int, words: float):
        self.sizes = np.full(articles, words)
        self.outlets, self.days = np.empty(0, np.int32), np.empty(0)


if __name__ == "__main__":
    main()
