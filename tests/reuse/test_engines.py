"""Engines give the same passages, lose nothing silently, and go on where a killed run stopped."""

import os
import pickle
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import tl
from analysis.errors import EngineError, OptionError
from analysis.reuse import engines, spill
from analysis.reuse.engines import Dask, Local
from analysis.reuse.spill import Folder
from analysis.reuse.stages import Options, find_passages
from benchmarks import reuse_scale
from benchmarks.archive import Texts, read_archive
from tests.archives import archive_features, archive_file, texts_that_share
from tests.engines import Spilled, Stopped
from tests.memory import unparsed
from tests.places import ROOT
from tests.reuse.test_rewrites import prose, reworded, text

TEXTS = texts_that_share(60)


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return Texts(
        read_archive(archive_file(tmp_path_factory.mktemp("archive") / "articles.parquet", TEXTS))
    )


@pytest.fixture(scope="module")
def here(archive):
    """The passages that a run in this process finds."""
    return find_passages(archive, Options(), Local())[0]


@pytest.fixture(scope="module")
def features():
    return archive_features(TEXTS)


@pytest.fixture(
    scope="module", params=["threads", pytest.param("processes", marks=pytest.mark.long)]
)
def workers(request):
    """Two workers of Dask: threads of this process, to which nothing has to be imported anew."""
    from distributed import Client, LocalCluster

    options = {"threads_per_worker": 1, "dashboard_address": ":0", "silence_logs": 50}
    options["processes"] = request.param == "processes"
    with LocalCluster(n_workers=2, **options) as here, Client(here) as client:
        yield client


class Sent(Dask):
    """Workers are sent what could be sent to other processes."""

    def map(self, function, job, parts, step, here=False):
        if not here:
            sent = replace(job, source=job.source if job.source.anywhere else None)
            function, _ = pickle.loads(pickle.dumps((function, sent)))
        return super().map(function, job, parts, step, here)


@pytest.fixture
def cluster(workers):
    workers.wait_for_workers(2)  # also where a test before killed one
    return workers


def same(one, other):
    for name in ("table", "pairs", "articles", "families"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


def equal(one, other):
    assert list(one) == list(other)
    for name in one:
        assert np.array_equal(one[name], other[name]) and one[name].dtype == other[name].dtype, name


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"max_articles": 3}, marks=pytest.mark.long),
        {"max_articles": None, "across_outlets": True, "within_days": 2, "n": 6},
    ],
)
def test_every_engine_gives_the_same_tables(features, cluster, options):
    found = tl.reuse(features, **options)
    assert len(found.table) > 5
    same(found, tl.reuse(features, memory_limit="300MB", **options))
    same(found, tl.reuse(features, engine=Spilled(), **options))
    same(found, tl.reuse(features, engine=Sent(cluster), **options))


def test_rewritten_passages_of_a_cluster_are_those_of_one_process(cluster):
    texts = [prose(14, 100)]
    for i in range(1, 20):
        taken = texts[max(i - 1 - i % 5, 0)][3:8]
        texts.append(prose(4, 100 + i) + reworded(taken, 0.3, i) + prose(5, 200 + i))
    features = unparsed({f"s{i}": text(sentences) for i, sentences in enumerate(texts)})
    here = tl.reuse(features)
    assert len(here.rewrites) > 5
    steps = []

    class Seen(Sent):
        def map(self, function, job, parts, step, here=False):
            steps.append((step, len(parts), here))
            return super().map(function, job, parts, step, here)

    there = tl.reuse(features, engine=Seen(cluster))
    same(here, there)
    pd.testing.assert_frame_equal(here.sentences, there.sentences)
    assert [step[:1] + step[2:] for step in steps[-3:]] == [
        ("stems", True),
        ("candidates", False),
        ("rewrites", False),
    ]
    assert steps[-1][1] >= 4, "in as many parts as workers find work in"


def test_tokens_alone_give_the_passages_of_full_features(archive, features):
    found, faults = find_passages(archive, Options(), Local())
    table = tl.reuse(features, kinds=("verbatim",)).table
    assert faults == [] and len(table) == len(found["a"])
    for name in (
        "a_position",
        "a_words",
        "b_position",
        "b_words",
        "n_matching",
        "a_start",
        "a_end",
        "b_start",
        "b_end",
    ):
        assert found[name].tolist() == table[name].tolist(), name


def test_blocks_read_by_workers_give_the_same(archive, here, cluster):
    equal(here, find_passages(archive, Options(), Sent(cluster))[0])


HARM = {"words": "row", "rows": "file", "seeds": "row", "passages": "file"}


@pytest.mark.parametrize(
    "step, harm",
    [
        pytest.param(step, harm, marks=() if harm == now else pytest.mark.long)
        for step, now in HARM.items()
        for harm in ("row", "file")
    ],
)
def test_what_a_shuffle_loses_stops_the_run(archive, here, tmp_path, step, harm):
    after = {"words": "words", "rows": "shingles", "seeds": "seeds", "passages": "passages"}[step]

    class Losing(Spilled):
        def map(self, function, job, parts, name, here=True):
            made = super().map(function, job, parts, name, here)
            if name == after:
                part = next(
                    p
                    for (s, p), sums in list(
                        made[0].items() if isinstance(made[0], dict) else made[0][0].items()
                    )
                    if s == step and sums
                )
                [key, expected] = next(
                    iter((made[0] if isinstance(made[0], dict) else made[0][0])[step, part].items())
                )
                if harm == "file":
                    (job.store.path / f"{step}-{part}.parquet").unlink()
                else:
                    whole = job.store.get(step, part, key, expected)
                    job.store.put(
                        step,
                        part,
                        [(key, {column: values[1:] for column, values in whole.items()})],
                    )
            return made

    with pytest.raises(EngineError, match="arrived|missing or damaged"):
        find_passages(archive, Options(), Losing(scratch=tmp_path))
    equal(find_passages(archive, Options(), Spilled(scratch=tmp_path))[0], here)


def test_a_stopped_run_goes_on_from_its_finished_parts(archive, here, tmp_path):
    stamps = {}

    class Stopping(Spilled):
        def map(self, function, job, parts, step, here=True):
            if step == "seeds":
                stamps.update({f.name: f.stat().st_mtime_ns for f in job.store.path.glob("rows-*")})
                raise KeyboardInterrupt
            return super().map(function, job, parts, step, here)

    class Watching(Spilled):
        def map(self, function, job, parts, step, here=True):
            made = super().map(function, job, parts, step, here)
            if step == "shingles":
                assert {
                    f.name: f.stat().st_mtime_ns for f in job.store.path.glob("rows-*")
                } == stamps
            return made

    with pytest.raises(KeyboardInterrupt):
        find_passages(archive, Options(), Stopping(scratch=tmp_path))
    assert len(stamps) > 1
    found, _ = find_passages(archive, Options(), Watching(scratch=tmp_path))
    equal(found, here)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import os, signal, sys
from analysis.reuse import shingles
from benchmarks import reuse_scale

whole = shingles.collect

def collect(*given, first, **options):
    for n, rows in enumerate(whole(*given, first=first, **options)):
        if first and n:  # the second block is half written
            os.kill(os.getpid(), signal.SIGKILL)
        yield rows

shingles.collect = collect
reuse_scale.main(sys.argv[1:])
"""


def test_a_run_that_was_killed_leaves_nothing_that_a_new_one_reads_half(tmp_path, capsys):
    articles = archive_file(tmp_path / "in.parquet", texts_that_share(600, seed=2))
    limited = ["--articles", str(articles), "--memory-limit", "300MB", "--out"]
    named = [*limited, str(tmp_path / "again.parquet"), "--scratch", str(tmp_path / "scratch")]
    killed = subprocess.run([sys.executable, "-c", KILLED, *named], cwd=ROOT, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    left = [path.name for path in (tmp_path / "scratch").glob("*/*")]
    assert {"rows-0.parquet", "common-0.parquet"} <= set(left) and "rows-1.parquet" not in left
    assert any(name.startswith(".rows-1.parquet.") for name in left)
    assert reuse_scale.main(named) == 0
    assert reuse_scale.main([*limited, str(tmp_path / "fresh.parquet")]) == 0
    again, fresh = tmp_path / "again.parquet", tmp_path / "fresh.parquet"
    assert again.read_bytes() == fresh.read_bytes() and len(pd.read_parquet(again)) > 300
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_changed_loop_goes_on_from_no_part(archive, here, tmp_path, monkeypatch):
    room = shutil.copytree(Path(engines.__file__).parent, tmp_path / "room")
    assert engines.source_digest(room) == engines.CODE
    loop = room / "align.py"
    loop.write_text(loop.read_text().replace("ONCE = 0.5", "ONCE = 0.6"))
    changed = engines.source_digest(room)
    assert changed != engines.CODE
    scratch = tmp_path / "scratch"
    with pytest.raises(KeyboardInterrupt):
        find_passages(archive, Options(), Stopped("passages", scratch))
    for part in scratch.glob("*/passages-*"):  # as another loop would have made them
        engines.Folder(part.parent).put("passages", part.stem.split("-")[1], [])
    monkeypatch.setattr(engines, "CODE", changed)
    equal(find_passages(archive, Options(), Spilled(scratch=scratch))[0], here)


def test_passages_of_some_kinds_are_no_parts_of_a_run_for_others(tmp_path):
    source = prose(40, 2)
    spun = prose(12, 3) + reworded(source[10:16], 0.3, 4) + prose(12, 4)
    texts = [source, spun, *(prose(40, 5 + i) for i in range(4))]
    features = unparsed({f"s{i}": text(sentences) for i, sentences in enumerate(texts)})
    with pytest.raises(KeyboardInterrupt):
        tl.reuse(features, kinds="summarised", engine=Stopped("rewrites", tmp_path))
    found = tl.reuse(features, engine=Spilled(scratch=tmp_path))
    assert len(found.rewrites) and (found.rewrites["kind"] == "rewritten").any()
    same(found, tl.reuse(features))


def test_workers_must_see_the_scratch_folder(archive, cluster, monkeypatch):
    monkeypatch.setattr(engines, "_sees", lambda folder: False)
    with pytest.raises(EngineError, match="workers do not see .* scratch="):
        find_passages(archive, Options(), Dask(cluster))


def test_a_scratch_folder_that_cannot_be_used_raises(archive, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        EngineError, match="file/x cannot be used as scratch folder .*; name another"
    ):
        find_passages(archive, Options(), Local(scratch=tmp_path / "file" / "x"))


def test_two_runs_do_not_share_a_scratch_folder(archive, tmp_path):
    with (
        Spilled(scratch=tmp_path).open(archive, Options()),
        pytest.raises(EngineError, match="in use by another run"),
    ):
        find_passages(archive, Options(), Spilled(scratch=tmp_path))
    find_passages(archive, Options(), Spilled(scratch=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_part_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spill.pq.ParquetWriter, "write_table", full)
    with pytest.raises(
        EngineError,
        match="rows-3.parquet cannot be written .No space left on device.: make room for it, or",
    ):
        Folder(tmp_path).put("rows", "3", [("all", {"n": np.arange(3)})])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limit", ["10MB", "lots", "-5", 0, True, [1]])
def test_a_limit_that_cannot_be_kept_raises(features, limit):
    with pytest.raises(OptionError, match="memory_limit must be 250MB or more.* .got"):
        tl.reuse(features, memory_limit=limit)
    with pytest.raises(OptionError, match="give the limit to the engine"):
        tl.reuse(features, memory_limit="400MB", engine=Local())


@pytest.mark.parametrize(
    "said, size",
    [
        ("400MB", 400_000_000),
        ("1GiB", 2**30),
        ("0.5 GB", 500_000_000),
        (300_000_000, 300_000_000),
        (None, None),
    ],
)
def test_limits_are_read(said, size):
    assert engines.in_bytes(said) == size


def test_every_part_of_a_step_counts_as_progress(archive, monkeypatch):
    seen = []

    def progress(items, *, what, total=None, unit):
        items = list(items)
        seen.append((what, len(items)))
        return items

    monkeypatch.setattr(engines, "progress", progress)
    find_passages(archive, Options(), Spilled())
    steps = dict(seen)
    assert list(steps) == ["words", "counting", "shingles", "seeds", "passages"]
    assert steps["words"] == steps["passages"] >= 4 and steps["counting"] == 4


def test_blocks_hold_every_article_once(archive):
    job = engines.split_run(archive, Options(), least=4)
    assert (
        job.firsts[0] == 0
        and job.firsts[-1] == len(TEXTS)
        and (np.diff(job.firsts) > 0).all()
        and len(job.blocks) >= 4
    )


def slowly(function):
    def part(job, name):
        time.sleep(0.2)
        return function(job, name)

    return part


# a third process is started, and Dask itself does again what was lost
@pytest.mark.parametrize(
    "workers", [pytest.param("processes", marks=pytest.mark.long)], indirect=True
)
def test_a_worker_killed_in_mid_run_costs_no_passage(archive, here, cluster):
    pids = sorted(cluster.run(os.getpid).values())

    class Killing(Dask):
        """Kills a worker while its third step runs."""

        def map(self, function, job, parts, step, here=False):
            if step == "shingles":
                threading.Timer(0.3, os.kill, (pids[0], signal.SIGKILL)).start()
                function = slowly(function)
            return super().map(function, job, parts, step, here)

    found, _ = find_passages(archive, Options(), Killing(cluster))
    assert pids[0] not in cluster.run(os.getpid).values(), "it was not killed"
    equal(found, here)
