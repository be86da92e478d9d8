"""Reuse in an archive that grows, and of texts from outside: one JSON line.

    python -m benchmarks.reuse_growing --features corpus/NAME/private --articles FILE.parquet
        [--new 1000] [--queries 1 100]

The features are private, as `twicetold extract NAME --parse none --no-vectors --no-tone` makes them
of FILE (columns id and text). So many articles, anywhere among the others, count as new. Verbatim
passages of the whole archive are found anew (`fresh`), with those of all but the new ones kept
(`update`) and with all kept (`unchanged`); the first of the new articles are looked for as texts.
Each is a process of its own; told are the CPU seconds of the search after imports and compilation
(of a query with its table), the memory of the process at the peak, and the passages, with a digest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from analysis.extract.memory import extract_articles
from analysis.features import Features, load_features
from analysis.io.article import Article
from analysis.reuse.corpus_words import CorpusWords, outlet_codes
from analysis.reuse.engines import Local
from analysis.reuse.kept import Kept
from analysis.reuse.spill import Arrays
from analysis.reuse.stages import Options, find_passages
from analysis.tl import reuse
from analysis.views import publication_days
from benchmarks.reuse_scale import peak_mb

KINDS = ("verbatim",)
WARM = "The crane had been overdue for an inspection since the spring of last year, he said. " * 2


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reuse_growing", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--new", type=int, default=1000)
    parser.add_argument("--queries", type=int, nargs="*", default=[1, 100])
    parser.add_argument("--step", help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.step:
        print(json.dumps(measure(given, given.step)))
        return 0
    told: dict = {"new": given.new}
    with tempfile.TemporaryDirectory(prefix="twicetold-") as place:
        there = Path(place) / "private"  # so that what is kept lies beside it
        there.symlink_to(given.features.resolve(), target_is_directory=True)
        options = ["--features", there, "--articles", given.articles, "--new", given.new]
        for step in ("fresh", "before", "update", "unchanged", *map(str, given.queries)):
            command = [sys.executable, "-m", "benchmarks.reuse_growing", *options, "--step", step]
            done = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, check=True)
            told[step] = json.loads(done.stdout)
            print(step, told[step], file=sys.stderr)
    print(json.dumps(told))
    return 0


def measure(given: argparse.Namespace, step: str) -> dict:
    """One step."""
    features = load_features(given.features)
    ids = np.array(features.article_ids, object)
    new = np.sort(np.random.default_rng(0).choice(len(ids), given.new, replace=False))
    tiny = extract_articles([Article(name, WARM) for name in "ab"], parse="none", values=False)
    reuse(tiny, query=WARM, draws=1)  # everything is compiled, or read as it was compiled
    if step == "before":
        _search(features.only(np.delete(ids, new)), keep=True)
        return {}
    began = time.process_time()
    if step in ("fresh", "update", "unchanged"):
        found = pd.DataFrame(_search(features, keep=step != "fresh"))
    else:
        texts = pq.read_table(given.articles, columns=["id", "text"]).to_pandas()
        texts = texts.set_index("id")["text"].loc[ids[new[: int(step)]]]
        began = time.process_time()
        found = reuse(features, kinds=KINDS, query=texts).table
    return {
        "cpu_seconds": round(time.process_time() - began, 2),
        "peak_mb": peak_mb(),
        "passages": len(found),
        "digest": hashlib.sha256(found.to_csv(index=False).encode()).hexdigest()[:16],
    }


def _search(features: Features, keep: bool) -> Arrays:
    """Only find the verbatim passages, and keep them."""
    articles: pd.DataFrame = features.table("articles")
    source = CorpusWords(features, outlet_codes(articles["outlet"]), publication_days(articles))
    if not keep:
        return find_passages(source, Options(), Local())[0]
    kept = Kept(features, Options(), KINDS)
    found = kept.verbatim(source, Local())
    kept.save(None)
    return found


if __name__ == "__main__":
    sys.exit(main())
