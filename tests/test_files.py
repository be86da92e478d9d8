"""Writing: whole or not at all, wherever the writer is killed."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from analysis.errors import InUseError
from analysis.files import (
    HELD,
    _told,
    held,
    locked,
    new_folder,
    project_root,
    recover,
    write_bytes,
    write_text,
)
from tests.places import ROOT, needs_links
from tests.small import put

# kills itself before the n-th step that it takes on the file system, the steps told by Python's
# audit events
KILLED = """
import importlib.util, os, signal, sys
spec = importlib.util.spec_from_file_location("files", sys.argv[1])
files = importlib.util.module_from_spec(spec)
spec.loader.exec_module(files)
left = int(sys.argv[3])
steps = {"os." + name for name in ("rename", "remove", "rmdir", "mkdir", "chmod", "scandir")}
def step(event, arguments):
    global left
    if event in steps | {"open", "shutil.rmtree"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
with files.new_folder(sys.argv[2]) as fresh:
    for name in ("a", "b"):
        (fresh / name).write_text("new")
"""


def content(folder):
    return {p.name: p.read_text() for p in folder.iterdir()} if folder.exists() else None


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "private").mkdir()
    for name in ("a", "b"):
        put(tmp_path / "private" / name, "old")
    return tmp_path / "private"


def test_a_new_folder_takes_the_place_of_the_old_one(folder):
    with new_folder(folder) as fresh:
        put(fresh / "c", "new")
        assert content(folder) == {"a": "old", "b": "old"}
    assert content(folder) == {"c": "new"}
    assert os.listdir(folder.parent) == ["private"], "nothing else is left behind"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_whatever_interrupts_the_writing_leaves_the_old_folder_whole(folder, error):
    with pytest.raises(error):
        with new_folder(folder) as fresh:
            put(fresh / "a", "new")
            raise error
    assert content(folder) == {"a": "old", "b": "old"}
    assert os.listdir(folder.parent) == ["private"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_kill_at_any_step_leaves_the_old_folder_or_the_new_one_whole_and_the_next_writer_succeeds(
    folder,
):
    seen = set()
    for moment in range(60):
        with new_folder(folder) as fresh:
            put(fresh / "a", "old")
            put(fresh / "b", "old")
        done = subprocess.run(
            [
                sys.executable,
                "-S",
                "-E",
                "-c",
                KILLED,
                str(ROOT / "analysis" / "files.py"),
                str(folder),
                str(moment),
            ]
        )
        recover(folder)
        state = content(folder)
        assert state in ({"a": "old", "b": "old"}, {"a": "new", "b": "new"}), (
            f"killed at step {moment}"
        )
        seen.add(state["a"])
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
    assert moment > 5 and seen == {"old", "new"}


def test_what_a_killed_writer_left_is_cleared_away_by_a_later_one(folder):
    left = folder.parent / ".private.new-dead"
    left.mkdir()
    put(left / "a", "half")
    with new_folder(folder):
        assert left.exists(), "another writer may be at work"
    os.utime(left, (time.time() - 3000,) * 2)
    with new_folder(folder):
        assert left.exists(), "within an hour it may still be"
    os.utime(left, (time.time() - 4000,) * 2)
    with new_folder(folder):
        assert not left.exists()


@needs_links
def test_a_folder_that_is_a_link_stays_one(folder, tmp_path):
    (tmp_path / "disk").mkdir()
    folder.rename(tmp_path / "disk" / "private")
    folder.symlink_to(tmp_path / "disk" / "private")
    for word in ("new", "newer"):
        with new_folder(folder) as fresh:
            put(fresh / "a", word)
        assert folder.is_symlink() and content(tmp_path / "disk" / "private") == {"a": word}


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = put(tmp_path / "a.csv", "old\n")
    monkeypatch.setattr(os, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_bytes(path, b"new\n")
    assert content(tmp_path) == {"a.csv": "old\n"}


@pytest.mark.skipif(os.name == "nt", reason="no such rights on Windows")
@pytest.mark.parametrize("umask, mode", [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_who_may_read_a_file_is_as_the_system_says(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        write_text(tmp_path / "file", "text")
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_a_file_that_holds_the_same_already_is_left_untouched(tmp_path):
    path = put(tmp_path / "a.csv", "same\r\n")
    os.utime(path, (1, 1))
    write_text(path, "same\r\n")
    assert path.stat().st_mtime == 1
    write_text(path, "other\n")
    assert path.read_bytes() == b"other\n" and path.stat().st_mtime > 1


# holds the lock of a folder until it is told to end, or killed
HOLDER = """
import sys
from analysis.files import locked
with locked(sys.argv[1], "twicetold run mine"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock of the test's folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


def test_who_holds_a_lock_since_when_and_doing_what_is_said(holder, tmp_path):
    since = r"since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d"
    said = rf"in use by `twicetold run mine` \(process {holder.pid}, {since}.*\); wait for its end"
    with pytest.raises(InUseError, match=said):
        with locked(tmp_path, "twicetold extract mine"):
            pass
    holder.communicate("\n")
    with locked(tmp_path, "twicetold extract mine"):
        pass
    assert os.listdir(tmp_path) == []


def test_a_process_on_another_machine_is_told_with_its_name(tmp_path):
    about = {"pid": 7, "host": "elsewhere", "since": "2024-08-01", "doing": "twicetold run mine"}
    said = _told(put(tmp_path / ".lock.json", json.dumps(about)))
    assert said == " by `twicetold run mine` (process 7 on elsewhere, since 2024-08-01)"


def test_the_lock_of_a_process_that_was_killed_stops_nobody(holder, tmp_path):
    holder.kill()
    holder.communicate()
    assert (tmp_path / ".lock.json").exists()
    with locked(tmp_path, "twicetold extract mine"):
        pass


def test_what_a_process_holds_it_and_those_that_it_starts_may_use(holder, tmp_path, monkeypatch):
    mine = tmp_path / "mine"
    mine.mkdir()
    with locked(mine, "run"), locked(mine, "extract"):
        assert held() == str(mine.resolve())
    assert held() == ""
    monkeypatch.setenv(HELD, str(tmp_path.resolve()))
    with locked(tmp_path, "extract"):
        pass


def test_what_cannot_be_written_to_is_not_locked(tmp_path):
    path = put(tmp_path / "archive.zip", "")
    with locked(path, "share"):
        pass


def test_a_project_is_the_nearest_folder_with_corpora_else_this_clone(tmp_path, monkeypatch):
    deep = tmp_path / "mine" / "corpus" / "small"
    deep.mkdir(parents=True)
    for here, root in (
        (tmp_path, ROOT),
        (tmp_path / "mine", tmp_path / "mine"),
        (deep, tmp_path / "mine"),
    ):
        monkeypatch.chdir(here)
        assert project_root() == root
