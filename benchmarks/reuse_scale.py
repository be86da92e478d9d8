"""Passages in an archive, from one Parquet file to another: one JSON line.

    python -m benchmarks.reuse_scale --articles FILE.parquet --out passages.parquet [--rows N] [--max-articles M]

FILE has the columns id, outlet, date, text. Only tokens are extracted. Printed are the articles and bytes read, seconds and CPU seconds by
stage (compilation apart, under `compile`, not in `all`), memory after imports and compilation (`base_mb`) and at its peak, passages and pairs of
articles. Rows without id or text, with a doubled id or without a word are told on standard error and left out.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.files import write_bytes
from analysis.reuse.passages import passages
from analysis.text.scan import scan

BATCH = 500


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reuse_scale", description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=None, help="only the first N rows")
    parser.add_argument("--max-articles", type=int, default=100, help="runs of five words in more articles start no passage (default: 100)")
    options = parser.parse_args(arguments)
    watch = Watch()
    scan("a b c d e f")
    passages(np.arange(20, dtype=np.uint64) % 9, np.array([0, 10, 20]), max_articles=2)
    watch.lap("compile")
    base = _peak_mb()
    ids, hashes, starts, ends, bounds, size = read(options.articles, options.rows)
    watch.lap("tokens")
    found = passages(hashes, bounds, max_articles=options.max_articles)
    watch.lap("passages")
    write(options.out, found, ids, starts, ends, bounds)
    watch.lap("write")
    pairs = len(np.unique(found[:, 0] * len(ids) + found[:, 1]))
    print(json.dumps({"articles": len(ids), "bytes": size, "seconds": watch.wall(), "cpu_seconds": watch.cpu(), "base_mb": base,
                      "peak_mb": _peak_mb(), "passages": len(found), "pairs": pairs, "max_articles": options.max_articles}))


def read(path: Path, rows: int | None) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, np.ndarray, int]:
    """Ids, hashes and characters of all words, where each article begins among them, and the bytes of text."""
    ids: list[str] = []
    seen: set[str] = set()
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    row = size = 0
    for batch in pq.ParquetFile(path).iter_batches(BATCH, columns=["id", "text"]):
        for identity, text in zip(batch["id"].to_pylist(), batch["text"].to_pylist()):
            if rows is not None and row >= rows:
                break
            row += 1
            problem = None
            if identity is None or identity == "" or not isinstance(text, str):
                problem = "has no id or no text"
            elif str(identity) in seen:
                problem = f"has the id {identity!r} a second time"
            else:
                start, end, words = scan(text)
                problem = None if len(words) else "has no word"
            if problem is not None:
                print(f"row {row} {problem}; left out", file=sys.stderr)
                continue
            ids.append(str(identity))
            seen.add(str(identity))
            parts.append((words, start, end))
            size += len(text.encode("utf-8", "surrogatepass"))
    bounds = np.r_[0, np.cumsum([len(words) for words, _, _ in parts])].astype(np.int64)
    joined = [np.empty(bounds[-1], kind) for kind in (np.uint64, np.int32, np.int32)]
    for i in range(len(parts)):
        for whole, part in zip(joined, parts[i]):
            whole[bounds[i]:bounds[i + 1]] = part
        parts[i] = None  # so that tokens do not stand in memory twice
    return ids, *joined, bounds, size


def write(path: Path, found: np.ndarray, ids: list[str], starts: np.ndarray, ends: np.ndarray, bounds: np.ndarray) -> None:
    """One row for each passage, in characters."""
    names = pa.array(ids)
    columns = {}
    for side, (article, first, words) in {"a": (0, 2, 3), "b": (1, 4, 5)}.items():
        at = bounds[found[:, article]] + found[:, first]
        columns[f"{side}_id"] = pa.DictionaryArray.from_arrays(pa.array(found[:, article], pa.int32()), names)
        columns[f"{side}_start"] = starts[at]
        columns[f"{side}_end"] = ends[at + found[:, words] - 1]
    n_words = np.maximum(found[:, 3], found[:, 5])
    table = pa.table(columns | {"n_words": n_words.astype(np.int32), "n_matching": found[:, 6].astype(np.int32), "identity": found[:, 6] / n_words})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    write_bytes(path, sink.getvalue())


class Watch:
    """Wall and CPU seconds by stage."""

    def __init__(self):
        self._last = time.monotonic(), time.process_time()
        self._laps: dict[str, tuple[float, float]] = {}

    def lap(self, name: str) -> None:
        now = time.monotonic(), time.process_time()
        self._laps[name] = now[0] - self._last[0], now[1] - self._last[1]
        self._last = now

    def _of(self, which: int) -> dict[str, float]:
        said = {name: round(lap[which], 3) for name, lap in self._laps.items()}
        return said | {"all": round(sum(lap[which] for name, lap in self._laps.items() if name != "compile"), 3)}

    def wall(self) -> dict[str, float]:
        return self._of(0)

    def cpu(self) -> dict[str, float]:
        return self._of(1)


def _peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 if sys.platform != "darwin" else 1024 ** 2), 1)


if __name__ == "__main__":
    main()
