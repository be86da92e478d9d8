"""Plagdet and its parts on cases worked out by hand."""

import json
import math

import pandas as pd
import pytest

from benchmarks import pan
from benchmarks.pan import Passage

CASE = Passage(100, 200, 300, 400)  # 200 characters on both sides


def values(*pairs):
    said = pan.evaluate(list(pairs))
    return tuple(said[name] for name in ("precision", "recall", "granularity", "plagdet"))


def test_a_perfect_detection_scores_one():
    assert values(([CASE], [CASE])) == (1, 1, 1, 1)


def test_pairs_drawn_together_vary_together():
    half, whole = ([CASE], [Passage(100, 150, 300, 350)]), ([CASE], [CASE])
    alone = pan.evaluate([half, whole])
    together = pan.evaluate([half, whole], [7, 7])
    assert alone["recall_interval"] == [0.5, 1.0] and together["recall_interval"] == [0.75, 0.75]
    assert alone["recall"] == together["recall"] == 0.75
    assert pan.evaluate([half, whole], [4, 2])["recall_interval"] == [0.5, 1.0]


def test_half_of_a_case():
    # 100 of 200 characters, all of them right: F1 = 2 · 1 · .5 / 1.5
    assert values(([CASE], [Passage(100, 150, 300, 350)])) == (1, 0.5, 1, round(2 / 3, 4))


def test_a_detection_twice_as_long():
    assert values(([CASE], [Passage(100, 300, 300, 500)])) == (0.5, 1, 1, round(2 / 3, 4))


def test_two_halves_are_whole_but_grainy():
    # one case, detected twice: plagdet = 1 / log2(3)
    halves = [Passage(100, 150, 300, 350), Passage(150, 200, 350, 400)]
    assert values(([CASE], halves)) == (1, 1, 2, round(1 / math.log2(3), 4))


def test_overlapping_detections_count_a_character_once():
    # 100 to 180 and 120 to 200 cover the suspicious side; 300 to 350 of the source twice: (100 +
    # 50) of 200 are recalled
    twice = [Passage(100, 180, 300, 350), Passage(120, 200, 300, 350)]
    assert values(([CASE], twice))[:3] == (1, 0.75, 2)


def test_a_detection_that_meets_on_one_side_only_detects_nothing():
    assert values(([CASE], [Passage(100, 200, 500, 600)])) == (0, 0, 1, 0)
    assert values(([CASE], [Passage(200, 300, 300, 400)])) == (0, 0, 1, 0)  # ends are exclusive


def test_averages_run_over_detections_and_over_cases():
    # Detections: one all right, one all wrong → .5. Cases: found, half found (60 of 120), missed →
    # .5.
    # Granularity over the two detected cases: 1. F1 of .6667 and .5 with three detections.
    first, second, third = CASE, Passage(500, 560, 700, 760), Passage(0, 40, 900, 940)
    detections = [first, Passage(500, 530, 700, 730), Passage(800, 900, 0, 100)]
    precision, recall, granularity, plagdet = values(([first, second], detections), ([third], []))
    assert (precision, recall, granularity) == (round(2 / 3, 4), 0.5, 1)
    assert plagdet == round(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5), 4)


def test_a_detection_over_two_cases():
    # 0 to 100 and 0 to 100 holds two cases of 40 + 40 characters: precision 160 of 200, both found
    # whole, granularity 1
    cases = [Passage(0, 40, 0, 40), Passage(60, 100, 60, 100)]
    assert values((cases, [Passage(0, 100, 0, 100)]))[:3] == (0.8, 1, 1)


def test_nothing_found_scores_nothing():
    assert values(([CASE], [])) == (0, 0, 1, 0)


@pytest.fixture
def folder(tmp_path):
    shared = (
        "the crane had been overdue for inspection since the spring of last year and nobody had"
        " said so"
    )
    texts = {
        "s1": f"One begins so. {shared}.",
        "s2": "Nothing of this is anywhere else.",
        "o1": f"{shared}. Thus it ends.",
        "o2": "Quite another tale.",
    }
    documents = pd.DataFrame(
        {
            "document": list(texts),
            "role": ["suspicious"] * 2 + ["source"] * 2,
            "text": list(texts.values()),
        }
    )
    documents.to_parquet(tmp_path / "documents.parquet")
    pd.DataFrame(
        {
            "suspicious": ["s1", "s2"],
            "source": ["o1", "o2"],
            "obfuscation": ["no-obfuscation", "no-plagiarism"],
        }
    ).to_parquet(tmp_path / "pairs.parquet")
    pd.DataFrame(
        {
            "suspicious": ["s1"],
            "source": ["o1"],
            "obfuscation": ["no-obfuscation"],
            "suspicious_offset": [15],
            "suspicious_length": [len(shared)],
            "source_offset": [0],
            "source_length": [len(shared)],
        }
    ).to_parquet(tmp_path / "cases.parquet")
    return tmp_path


def test_the_command_finds_a_copied_case(folder, capsys):
    pan.main(["--data", str(folder)])
    result = json.loads(capsys.readouterr().out)
    assert (result["pairs"], result["n_cases"], result["plagdet"]) == (1, 1, 1)
    assert result["no-plagiarism"] == {
        "pairs": 1,
        "pairs_with_passages": 0,
        "passages": 0,
        "characters": 0,
    }


def test_an_unknown_obfuscation_is_told(folder):
    with pytest.raises(SystemExit, match="no-obfuscation, no-plagiarism"):
        pan.main(["--data", str(folder), "--obfuscation", "none"])
