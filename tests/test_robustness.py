"""The harness of benchmarks/robustness in short, and that it sees what is planted for it.

`make test-long` runs it in full: 200 kills, 600 bits of a form, 100,000 inputs, growth.
"""

import os
import re
import subprocess
import time
import zipfile

import pytest

from benchmarks.robustness import corpora, kills
from benchmarks.robustness import flips as flips_room
from benchmarks.robustness import fuzz as fuzz_room
from benchmarks.robustness import growth as growth_room
from benchmarks.robustness.flips import FORMS, flips
from benchmarks.robustness.fuzz import fuzz, given_input
from benchmarks.robustness.growth import MOST, growth
from tests.small import extract_small, put, ship

needs_forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="POSIX only")
WRONG = ("damaged", "orphans", "left", "stuck")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Small features of each form, without results."""
    root = tmp_path_factory.mktemp("robust")
    folder = corpora.write(root)
    extract_small(folder)
    shared, archive = ship(folder), root / "mini.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        for path in sorted(shared.rglob("*.*")):
            target.write(path, f"mini/features/{path.relative_to(shared)}")
    return dict(zip(FORMS, (shared, archive, folder / "private")))


def faults(said):
    """What is wrong in what the harness of kills says, by command."""
    counted = {name: found for name, found in said.items() if name != "seed"}
    return {n: w for n, f in counted.items() if (w := {k: f[k] for k in WRONG if f.get(k)})}


# ----- in short


def test_inputs_raise_nothing_that_is_not_meant():
    said = fuzz(110)
    assert said["failures"] == [] and sum(said["inputs"].values()) == 110


def test_flipped_bits_are_noticed_or_harmless(places):
    said = flips(15, places=places)
    for form in FORMS:
        assert said[form]["noticed"] + said[form]["harmless"] == 15, said[form]


@needs_forks
def test_killed_commands_leave_the_old_state_or_the_new_one():
    said = kills.kills(4, only=["update", "sheets"])
    assert faults(said) == {} and said["update"]["kills"] + said["sheets"]["kills"] == 4


# ----- in full


@pytest.mark.long
def test_a_hundred_thousand_inputs():
    assert fuzz(100_000)["failures"] == []


@pytest.mark.long
def test_six_hundred_bits_of_each_form():
    said = flips(600)
    assert all(said[form]["noticed"] + said[form]["harmless"] == 600 for form in FORMS), said


@pytest.mark.long
@needs_forks
def test_two_hundred_kills():
    assert faults(kills.kills(200)) == {}


@pytest.mark.long
def test_nothing_takes_much_more_than_double_the_time_for_double_the_size():
    assert growth()["beyond"] == []


# ----- what is planted


def test_an_error_and_an_input_that_takes_too_long_are_told(monkeypatch):
    def fails(text):
        if "crane" in text:
            raise KeyError("crane")

    def slow(text):
        while True:
            len(text)

    monkeypatch.setattr(fuzz_room, "_ARTICLES", 10**9)
    monkeypatch.setattr(fuzz_room, "text_functions", lambda: {"fails": fails})
    told = [failure for failure in fuzz(100)["failures"] if failure[2] == "fails"]
    assert told and all("crane" in given_input(kind, number) for kind, number, *_ in told)
    kind, number = told[0][:2]
    assert [f[:2] for f in fuzz(100, only=(kind, number))["failures"]] == [[kind, number]]
    monkeypatch.setattr(fuzz_room, "text_functions", lambda: {"slow": slow})
    monkeypatch.setattr(fuzz_room, "_TEXT_LIMIT", 0.01)
    assert "TooLong" in fuzz(1, only=("text", 0))["failures"][0][3]


def test_an_input_is_the_same_each_time_and_another_by_seed():
    assert given_input("file", 3) == given_input("file", 3) != given_input("file", 3, seed=1)


def test_a_value_that_is_silently_wrong_is_counted(places, monkeypatch):
    read = flips_room._read
    monkeypatch.setattr(flips_room, "_differs", lambda *_: True)
    found = flips(3, places={FORMS[0]: places[FORMS[0]]})[FORMS[0]]
    assert found["silent"] == 3 and read is flips_room._read


@needs_forks
@pytest.mark.parametrize("fault", WRONG[:3])
def test_what_a_killed_command_leaves_is_seen(fault, monkeypatch):
    def does(project):
        notebook = project / "notebooks" / "01_mini.ipynb"
        if fault == "damaged":
            put(notebook, notebook.read_bytes()[:20])
        if fault == "orphans":
            subprocess.Popen(["sleep", "60"], start_new_session=True)
        if fault == "left":
            put(project.parents[1] / "tmp" / "words.txt", "The crane fell.")
        time.sleep(0.5)
        put(notebook, "new")
        (project.parents[1] / "tmp" / "words.txt").unlink(missing_ok=True)

    monkeypatch.setattr(kills, "ENDING", 0.2)
    monkeypatch.setitem(kills.COMMANDS, "bad", kills.Command(lambda p: None, does, 1))
    monkeypatch.setattr(kills, "_counted", lambda *_: (0, 0.4))
    monkeypatch.setattr(kills.random.Random, "random", lambda self: 0.9)
    monkeypatch.setattr(kills.random.Random, "randrange", lambda self, n: None)
    lines = []
    said = kills.kills(2, only=["bad"], say=lines.append)
    assert said["bad"][fault] == 2, (said, lines)


def test_growth_tells_what_is_quadratic_and_nothing_else(monkeypatch):
    costs = {
        "text.linear": lambda text: len(text),
        "text.quadratic": lambda text: len(text) ** 2 / 1e4,
    }
    monkeypatch.setattr(growth_room, "text_functions", lambda whole: costs)
    monkeypatch.setattr(growth_room, "TEXTS", {"letters": "a", "stops": ". "})
    monkeypatch.setattr(growth_room, "FILES", {"plain.txt": growth_room.FILES["plain.txt"]})
    monkeypatch.setattr(growth_room, "whole_articles", lambda texts: len(texts[0]))
    monkeypatch.setattr(growth_room, "read_export", lambda path: path.stat().st_size)
    monkeypatch.setattr(growth_room, "_seconds", lambda function, given: function(given) / 1e5)
    said = growth()
    assert {name for name, *_ in said["beyond"]} == {"text.quadratic"}
    assert all(ratio > MOST for *_, ratio in said["beyond"]) and said["largest"][0] == 4


def test_every_command_of_the_harness_prints_one_line(capsys, monkeypatch):
    from benchmarks.robustness.__main__ import main

    monkeypatch.setattr(growth_room, "growth", lambda n, seed, say: {"n": n})
    assert main(["growth"]) == 0
    assert re.fullmatch(
        r'\{"n": 1, "seconds": [\d.]+, "cpu_seconds": [\d.]+\}\n', capsys.readouterr().out
    )
