"""Where parts lie: what was put comes back, or an error says why not."""

import os
import subprocess
import sys
import tempfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import EngineError
from analysis.reuse.spill import Folder, Memory, Nameless, checksum
from tests.places import ROOT

TABLE = {"a": np.arange(5, dtype=np.uint32), "b": np.array([9, 8, 7, 6, 5], np.uint64)}


def part(columns, rows):
    return {name: values[rows] for name, values in columns.items()}


@pytest.fixture(params=[Memory, Folder, Nameless])
def store(request, tmp_path):
    if request.param is Nameless:
        with tempfile.TemporaryFile(buffering=0, dir=tmp_path) as file:
            yield Nameless(file)
    else:
        yield Memory() if request.param is Memory else Folder(tmp_path)


def test_tables_come_back_by_key_and_those_of_one_key_are_one(store):
    other = {"n": np.arange(100_000)}
    store.put("sizes", "0", [("x", other)])
    sums = store.put(
        "rows",
        "0",
        [
            ("x", part(TABLE, slice(0, 2))),
            ("y", part(TABLE, slice(2, 3))),
            ("x", part(TABLE, slice(3, 5))),
            ("z", part(TABLE, slice(0, 0))),
        ],
    )
    assert {key: n for key, (n, _) in sums.items()} == {"x": 4, "y": 1}
    assert all(store.get("sizes", "0", "x", (100_000, checksum(other)))["n"] == other["n"])
    got = store.get("rows", "0", "x", sums["x"])
    assert got["a"].tolist() == [0, 1, 3, 4] and got["b"].dtype == np.uint64


def test_a_folder_remembers_what_was_finished_and_nothing_else(tmp_path):
    sums = Folder(tmp_path).put("rows", "0", [("x", TABLE)])
    assert Folder(tmp_path).sums("rows", "0") == sums and Folder(tmp_path).sums("rows", "1") is None
    whole = (tmp_path / "rows-0.parquet").read_bytes()
    (tmp_path / "rows-1.parquet").write_bytes(whole[: len(whole) // 2])
    assert Folder(tmp_path).sums("rows", "1") is None
    (tmp_path / "rows-1.parquet").write_bytes(whole)
    assert Folder(tmp_path).sums("rows", "1") is None, "it is another part's"


def test_a_part_without_a_name_is_written_while_others_are_read_and_checked(tmp_path):
    with tempfile.TemporaryFile(buffering=0, dir=tmp_path) as file:
        store = Nameless(file)
        first = store.put("rows", "0", [("x", TABLE)])

        def later():
            for name in "yz":
                yield name, store.get("rows", "0", "x", first["x"])

        sums = store.put("seeds", "0", later())
        for key in "yz":
            got = store.get("seeds", "0", key, sums[key])
            assert all((got[name] == TABLE[name]).all() for name in TABLE)
        at, size = store.parts["rows", "0"]
        file.seek(at + 4)
        file.write(bytes(8))
        with pytest.raises((EngineError, OSError), match="of 5 rows of rows 0|"):
            store.get("rows", "0", "x", first["x"])


KILLED = """
import os, signal, types
import numpy as np
from analysis.reuse.engines import Local
from analysis.reuse.stages import Options

sizes = np.ones(3)
source = types.SimpleNamespace(sizes=sizes, measured=sizes, outlets=None, days=None)
with Local(memory_limit="250MB").open(source, Options()) as job:
    job.put("0", words={"hash": np.arange(200_000, dtype=np.uint64)})
    print(os.fstat(job.store.file.fileno()).st_size, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="nothing can be sent there that kills")
def test_a_run_that_is_killed_leaves_nothing_in_the_temporary_folder(tmp_path):
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", KILLED], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode < 0 and int(done.stdout) > 1_600_000, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_no_part(tmp_path):
    def broken():
        yield "x", TABLE
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Folder(tmp_path).put("rows", "0", broken())
    assert list(tmp_path.iterdir()) == []


def test_lost_rows_changed_values_and_missing_files_raise(tmp_path):
    store = Folder(tmp_path)
    sums = store.put("rows", "0", [("x", TABLE)])
    store.put("rows", "0", [("x", part(TABLE, slice(0, 4)))])
    with pytest.raises(EngineError, match="of 5 rows of rows 0 .* 4 arrived"):
        store.get("rows", "0", "x", sums["x"])
    store.put("rows", "0", [("x", {**TABLE, "b": TABLE["b"] + np.uint64(1)})])
    with pytest.raises(EngineError, match="checksum"):
        store.get("rows", "0", "x", sums["x"])
    assert store.sums("rows", "0") is None, (
        "a damaged part is removed, so that the next run makes it again"
    )
    with pytest.raises(EngineError, match="missing or damaged"):
        store.get("rows", "0", "x", sums["x"])


@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 2**63)), min_size=1, max_size=20),
    st.randoms(),
)
def test_the_checksum_is_that_of_the_rows_in_any_order(rows, random):
    def columns(rows):
        return {
            "p": np.array([p for p, _ in rows], np.uint32),
            "q": np.array([q for _, q in rows], np.uint64),
        }

    shuffled = rows[:]
    random.shuffle(shuffled)
    assert checksum(columns(rows)) == checksum(columns(shuffled))
    assert checksum(columns(rows)) != checksum(columns(rows[1:]))
    p, q = rows[0]
    assert checksum(columns(rows)) != checksum(columns([(p ^ 1, q), *rows[1:]]))
