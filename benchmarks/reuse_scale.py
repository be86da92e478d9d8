"""Passages in an archive, from one Parquet file to another: one JSON line.

    python -m benchmarks.reuse_scale --articles FILE.parquet --out passages.parquet [--engine
    local|dask] [--memory-limit 400MB] [--rows N]

FILE has the columns id, outlet, date, text. Only tokens are extracted. Printed are the articles and
bytes of text read, seconds and CPU seconds by stage (compilation apart, under `compile`, not in
`all`; with dask those of all workers), memory after imports and compilation (`base_mb`) and at its
peak (of this process; with dask also of the largest worker), passages and pairs of articles, and
where something is spilled its bytes by step. Bad rows are told on standard error.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import json
import resource
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import TwicetoldError
from analysis.files import writing
from analysis.reuse.align import PASSAGE_COLUMNS
from analysis.reuse.engines import Dask, Local
from analysis.reuse.spill import Arrays, Folder
from analysis.reuse.stages import CHARACTERS, Options, finding
from analysis.tl._reuse_table import FLAGS
from benchmarks.archive import Texts, read_archive, tell

SIDES = ("a", "b")
GROUP = 1 << 17  # rows


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reuse_scale", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--engine", choices=("local", "dask"), default="local")
    parser.add_argument(
        "--workers",
        type=int,
        default=2,
        help="dask: processes of the cluster on this machine (default: 2)",
    )
    parser.add_argument(
        "--memory-limit",
        help="such as 400MB, above what the process holds after imports and compilation",
    )
    parser.add_argument(
        "--scratch", type=Path, help="a folder for what is spilled; a killed run goes on from it"
    )
    parser.add_argument("--rows", type=int, help="only the first N rows")
    parser.add_argument("--n", type=int, default=Options.n)
    parser.add_argument("--min-words", type=int, default=Options.min_words)
    parser.add_argument("--max-gap", type=int, default=Options.max_gap)
    parser.add_argument(
        "--max-articles",
        type=int,
        default=Options.max_articles,
        help=(
            "what stands in more articles is listed between each and the next only; 0: no limit"
            " (default: 50)"
        ),
    )
    parser.add_argument("--within-days", type=float)
    parser.add_argument("--across-outlets", action="store_true")
    options = parser.parse_args(arguments)
    if options.rows is not None and options.rows < 1:
        parser.error(f"--rows {options.rows} was given; allowed are numbers from 1")
    if not options.out.parent.is_dir():
        parser.error(f"--out {options.out} was given; there is no folder {options.out.parent}")
    try:
        print(json.dumps(measure(options)))
    except TwicetoldError as error:
        print(f"reuse_scale: {error}", file=sys.stderr)
        return 1
    return 0


def measure(options: argparse.Namespace) -> dict:
    """Run, write the passages, and say what it took."""
    chosen = Options(
        options.n,
        1,
        options.min_words,
        options.max_gap,
        options.across_outlets,
        options.within_days,
        options.max_articles or None,
    )
    with cluster(options) as (engine, workers):
        watch = Watch(workers)
        warm_up(options, workers)
        watch.lap("compile")
        base = peak_mb()
        archive = read_archive(options.articles, rows=options.rows)
        watch.lap("rows")
        watched = watch.watched(engine)
        with finding(Texts(archive), chosen, watched) as (pieces, faults):
            passages, pairs = write(options.out, pieces, archive.ids)
        watch.lap("write")
        tell([*archive.faults, *faults])
        bad = len({fault.row for fault in faults})
        said = {
            "articles": len(archive) - bad,
            "bytes": int(archive.text_bytes().sum()),
            "seconds": watch.wall(),
            "cpu_seconds": watch.cpu(),
            "base_mb": base,
            "peak_mb": peak_mb(),
            "passages": passages,
            "pairs": pairs,
            "engine": options.engine,
            "memory_limit": options.memory_limit,
            "max_articles": options.max_articles,
            **watched.plan,
        }
        if watched.spilled:
            said["bytes_spilled"] = {
                step: sum(files.values()) for step, files in watched.spilled.items()
            }
        if workers is not None:
            said["worker_peak_mb"] = max(workers.run(peak_mb).values())
        return said


@contextlib.contextmanager
def cluster(options: argparse.Namespace):
    """The engine, and the client of its workers if it has some."""
    if options.engine == "local":
        yield Local(options.memory_limit, options.scratch), None
        return
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=options.workers, threads_per_worker=1, dashboard_address=":0", silence_logs=40
        ) as here,
        Client(here) as client,
    ):
        yield Dask(client, options.scratch, options.memory_limit), client


def warm_up(options: argparse.Namespace, workers) -> None:
    """Compile everything on two sentences, in this process and in each worker."""
    limit = options.memory_limit or ("1GB" if workers is not None or options.scratch else None)
    _tiny(limit)
    if workers is not None:
        workers.run(_tiny, limit)


def _tiny(limit) -> None:
    words = "one two three four five six seven eight nine ten"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.parquet"
        pq.write_table(
            pa.table(
                {
                    "id": ["a", "b", "c"],
                    "outlet": ["x", "y", "z"],
                    "date": ["", "", ""],
                    "text": [words, f"so {words.replace('five', 'v')} no ﬁne", f"{words} {words}"],
                }
            ),
            path,
        )
        with finding(
            Texts(read_archive(path)), Options(n=3, min_words=4, max_articles=50), Local(limit)
        ) as (pieces, _):
            write(Path(folder) / "out.parquet", pieces, pa.array(["a", "b", "c"]))


def write(path: Path, pieces: Iterable[Arrays], ids: pa.Array) -> tuple[int, int]:
    """Write one row for each passage, in characters; returns the passages and pairs of articles."""
    passages = pairs = 0
    waiting = _rows({name: np.empty(0, np.int32) for name in (*PASSAGE_COLUMNS, *CHARACTERS)}, ids)
    with (
        writing(path) as file,
        pq.ParquetWriter(file, waiting.schema, compression="zstd") as writer,
    ):
        for found in pieces:
            passages += len(found["a"])
            pairs += (
                int(np.count_nonzero(np.diff(found["a"]) | np.diff(found["b"]))) + 1
            )  # sorted, and a pair is in one piece
            for first in range(0, len(found["a"]), GROUP):
                waiting = pa.concat_tables(
                    [
                        waiting,
                        _rows(
                            {name: values[first : first + GROUP] for name, values in found.items()},
                            ids,
                        ),
                    ]
                )
                while len(waiting) >= GROUP:
                    writer.write_table(waiting[:GROUP])
                    waiting = waiting[GROUP:]
        writer.write_table(waiting)
    return passages, pairs


def _rows(found: Arrays, ids: pa.Array) -> pa.Table:
    columns = {}
    for side in SIDES:
        columns[f"{side}_id"] = ids.take(pa.array(found[side]))
        columns |= {f"{side}_{end}": found[f"{side}_{end}"] for end in ("start", "end")}
    n_words = np.maximum(found["a_words"], found["b_words"])
    columns |= {
        "n_words": n_words,
        "n_matching": found["n_matching"],
        "identity": found["n_matching"] / n_words,
        "flags": pa.DictionaryArray.from_arrays(
            pa.array(found["flags"]), pa.array(_flag_names(), pa.string())
        ),
    }
    return pa.table(columns)


def _flag_names() -> list[str]:
    """What each value of `flags` means, several with commas between them."""
    return [
        ",".join(name for name, bit in FLAGS.items() if value & bit)
        for value in range(sum(FLAGS.values()) + 1)
    ]


class Watch:
    """Wall and CPU seconds by stage, those of workers included."""

    def __init__(self, workers=None):
        self._workers = workers
        self._last = self._now()
        self._laps: dict[str, tuple[float, float]] = {}

    def _now(self) -> tuple[float, float]:
        elsewhere = (
            sum(self._workers.run(time.process_time).values()) if self._workers is not None else 0.0
        )
        return time.monotonic(), time.process_time() + elsewhere

    def lap(self, name: str) -> None:
        now = self._now()
        before = self._laps.get(name, (0.0, 0.0))
        self._laps[name] = before[0] + now[0] - self._last[0], before[1] + now[1] - self._last[1]
        self._last = now

    def watched(self, engine):
        """The engine, with each of its steps a lap."""
        return _Watched(engine, self)

    def _of(self, which: int) -> dict[str, float]:
        said = {name: round(lap[which], 3) for name, lap in self._laps.items()}
        return said | {
            "all": round(
                sum(lap[which] for name, lap in self._laps.items() if name != "compile"), 3
            )
        }

    def wall(self) -> dict[str, float]:
        return self._of(0)

    def cpu(self) -> dict[str, float]:
        return self._of(1)


class _Watched:
    def __init__(self, engine, watch: Watch):
        self._engine, self._watch = engine, watch
        self.open, self.shares = engine.open, engine.shares
        self.spilled: dict[str, dict[str, int]] = collections.defaultdict(dict)

    def map(self, function, job, parts, step, **options):
        made = self._engine.map(function, job, parts, step, **options)
        self._watch.lap(step)
        if isinstance(job.store, Folder):
            for file in job.store.path.glob("*.parquet"):
                self.spilled[file.name.split("-")[0]][file.name] = file.stat().st_size
        self.plan = {"blocks": len(job.blocks), "ranges": job.ranges, "slices": job.n_slices}
        return made


def memory_mb() -> float:
    """What this process holds now, where the system says so; else its peak so far."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return peak_mb()
    return round(pages * resource.getpagesize() / 2**20, 1)


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 if sys.platform != "darwin" else 1024**2), 1)


if __name__ == "__main__":
    sys.exit(main())
