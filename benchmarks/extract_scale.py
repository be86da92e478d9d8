"""Extraction of an archive, everything but embeddings: one JSON line.

    python -m benchmarks.extract_scale --articles FILE.parquet [--rows N] [--sample N [--seed S]]
        [--parse all|voices|none] [--actors NAME ...] [--workers W]

FILE has the columns id and text, and outlet and date if there are. Its articles, or a sample drawn
by the seed, become a corpus folder in a temporary place (stage `corpus`), with the codebook that
`twicetold new` scaffolds, or one of the actors given, and are extracted (stage `extract`). Printed
are the articles, words and bytes of text, seconds and CPU seconds by stage (of all processes,
starting them included), CPU milliseconds of `extract` for 1,000 words, the memory of the largest
process at its peak, and the rows of every table. Rows that cannot be used are told on standard
error and left out; an article with an absurd date stays, without the date. What `twicetold check`
says of a corpus beyond that (mojibake, the same text twice in an outlet) does not matter here.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import datetime
import json
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis import extract
from analysis.codebook import read_codebook
from analysis.corpus import Corpus
from analysis.errors import Fault
from analysis.extract.attributed import PARSE_ALL, PARSES
from analysis.io.article import COLUMNS
from analysis.scaffold import SCAFFOLD
from analysis.text.scan import scan
from benchmarks.archive import Archive, read_archive, tell


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.extract_scale", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=None, help="only the first N rows")
    parser.add_argument(
        "--workers", type=int, default=None, help="processes (default: one for each core)"
    )
    parser.add_argument("--sample", type=int, default=None, help="so many of these rows, drawn")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    parser.add_argument("--parse", choices=PARSES, default=PARSE_ALL, help="which sentences")
    parser.add_argument("--actors", nargs="+", default=(), help="names of a codebook's actors")
    options = parser.parse_args(arguments)
    started, seconds, cpu_seconds = (time.monotonic(), cpu()), {}, {}

    def lap(stage: str, since: tuple[float, float]) -> tuple[float, float]:
        now = time.monotonic(), cpu()
        seconds[stage], cpu_seconds[stage] = (round(b - a, 2) for a, b in zip(since, now))
        return now

    with tempfile.TemporaryDirectory(prefix="twicetold-") as place:
        archive = read_archive(options.articles, rows=options.rows)
        if options.sample is not None:
            archive = sample_of(archive, options.sample, options.seed)
        corpus, size, words = make_corpus(archive, Path(place) / "archive", options.actors)
        written = lap("corpus", started)
        features = extract(
            corpus,
            encoder=None,
            parse=options.parse,
            workers=options.workers,
            say=lambda line: print(line, file=sys.stderr),
        )
        lap("extract", written)
        lap("all", started)
        rows = {name: about["rows"] for name, about in features.manifest["tables"].items()}
    peak = (
        max(
            resource.getrusage(who).ru_maxrss
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        // 1024
    )
    print(
        json.dumps(
            {
                "articles": len(corpus.metadata),
                "words": words,
                "bytes": size,
                "parse": options.parse,
                "seconds": seconds,
                "cpu_seconds": cpu_seconds,
                "cpu_ms_per_1000_words": round(1e6 * cpu_seconds["extract"] / max(words, 1), 1),
                "peak_mb": peak,
                "peak_of": "largest process",
                "rows": rows,
            }
        )
    )


def sample_of(archive: Archive, size: int, seed: int) -> Archive:
    """Some of the articles of an archive, drawn by a seed, in their order."""
    rng = np.random.default_rng(seed)
    drawn = np.sort(rng.permutation(len(archive))[:size])
    ids, outlets = archive.ids.take(pa.array(drawn)), archive.outlets.take(pa.array(drawn))
    days, rows = archive.days[drawn], archive.rows[drawn]
    return dataclasses.replace(archive, ids=ids, outlets=outlets, days=days, rows=rows)


def make_corpus(
    archive: Archive, folder: Path, actors: Sequence[str] = ()
) -> tuple[Corpus, int, int]:
    """A corpus folder of a table's articles, and the bytes and words of its texts."""
    (folder / "articles").mkdir(parents=True)
    ids, outlets = archive.ids.to_pylist(), archive.outlets.to_pylist()
    faults, kept, size, words = list(archive.faults), [], 0, 0
    for number, texts, found in archive.texts():
        faults += found
        bad = {fault.row for fault in found}
        for i, text in enumerate(texts.to_pylist(), start=number):
            row = int(archive.rows[i])
            if row in bad:
                continue
            if not len(scan(text)[0]):
                faults.append(Fault(archive.path.name, row, "has a text without a word; left out"))
                continue
            day = archive.days[i]
            published = (
                ""
                if day != day
                else (
                    datetime.date(1970, 1, 1) + datetime.timedelta(days=int(day // 1))
                ).isoformat()
            )
            data = text.encode("utf-8")
            (folder / "articles" / f"{row}.txt").write_bytes(data)
            size += len(data)
            words += len(text.split())
            kept.append((ids[i], f"{row}.txt", outlets[i], published, "", "", "en"))
    tell(faults)
    with (folder / "metadata.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([COLUMNS, *kept])
    codebook = (SCAFFOLD / "codebook.yml").read_text(encoding="utf-8")
    if actors:
        about = {f"actor{i}": {"name": name} for i, name in enumerate(actors)}
        codebook = json.dumps({"actors": about})  # which is YAML, too
    (folder / "codebook.yml").write_text(codebook, encoding="utf-8")
    metadata = pd.DataFrame(kept, columns=list(COLUMNS), dtype=str)
    return (
        Corpus(
            folder,
            {"name": folder.name, "languages": ["en"], "texts": "withheld"},
            metadata,
            read_codebook(folder / "codebook.yml")[0],
        ),
        size,
        words,
    )


def cpu() -> float:
    """CPU seconds of this process and of those it started that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
