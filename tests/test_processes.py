"""Processes of a pool end with the one that started them, also while they import."""

import os
import subprocess
import sys
import time

import pytest

from tests.places import ROOT
from tests.small import put

PARENT = """
import concurrent.futures, multiprocessing, sys
from analysis.processes import begin
import slow

context = multiprocessing.get_context("spawn")
theirs, ours = context.Pipe(duplex=False)
tie = getattr(slow, sys.argv[1])(theirs)
pool = concurrent.futures.ProcessPoolExecutor(1, context, begin, (tie, slow.Imported()))
sys.modules["__main__"].__spec__ = sys.modules["__main__"].__file__ = None
pool.submit(print)
"""
SLOW = """
import sys, time
from analysis.processes import Tie, _tied

class Elsewhere(Tie):
    def __reduce__(self):
        return elsewhere, (self._end,)

def elsewhere(end):
    sys.platform = "one that kills nobody for us"
    return _tied(end)

class Imported:
    def __reduce__(self):
        return imported, ()

def imported():
    print("up", flush=True)
    time.sleep(10)
"""


@pytest.mark.parametrize("tie", ["Tie", "Elsewhere"])
def test_a_process_that_still_imports_ends_when_its_parent_is_killed(tie, tmp_path):
    put(tmp_path / "slow.py", SLOW)
    process = subprocess.Popen(
        [sys.executable, str(put(tmp_path / "parent.py", PARENT)), tie],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "up\n"
    process.kill()
    started = time.monotonic()
    # nothing is left to read when nobody holds the other end any more: the process has ended too
    assert process.stdout.read() == "" and time.monotonic() - started < 2
    process.communicate()
