"""The benchmark of stories: its scores on planted stories, and its way through extraction."""

import pandas as pd
import pytest

from benchmarks import stories as bench
from tests.planted_stories import planted


def frame(cells):
    """Stories and events of articles, given as "article story event"."""
    rows = [cell.split(" ") for cell in cells]
    table = pd.DataFrame(rows, columns=["id", "story", "event"]).set_index("id")
    return table["story"], table["event"]


def judged(*rows):
    keys = pd.MultiIndex.from_tuples([row[:2] for row in rows] or [("", "")])
    return pd.Series([row[2] for row in rows] or ["0"], keys)


def test_scores_are_b_cubed_of_the_hidden_articles():
    # of event e two articles are in story s, beside x and y; one is alone; f is whole
    story, event = frame(["a s e", "b s e", "c t e", "x s ", "y s ", "d u f", "g u f"])
    scores = bench.scored(story, event, ["e", "f"], judged())
    assert scores["pairs_kept"] == pytest.approx(2 / 4, abs=1e-3)
    assert scores["precision"] == pytest.approx((0.5 + 0.5 + 1 + 1 + 1) / 5, abs=1e-3)
    assert scores["recall"] == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5, abs=1e-3)
    told = bench.scored(story, event, ["e"], judged(("x", "e", "1"), ("y", "e", "0")))
    assert told["precision"] == pytest.approx((0.75 + 0.75 + 1) / 3, abs=1e-3)
    assert told["f1_strict"] < told["f1"]
    # another event in the story is wrong, whatever was judged
    both, events = frame(["a s e", "b s e", "d s f"])
    assert bench.scored(both, events, ["e"], judged())["precision"] == pytest.approx(0.667)


def test_pairs_that_nobody_judged_are_told():
    story, event = frame(["a s e", "x s ", "y s ", "z t "])
    assert bench.unjudged(story, event, judged(("x", "e", "1"))) == {("y", "e")}


def test_planted_events_are_found_by_the_way_that_ships(tmp_path):
    texts, days, truth = planted([[0, 1, 1], [0, 0, 1], [5, 5, 6]])
    table = pd.DataFrame(
        {
            "id": list(texts),
            "event": [f"event{truth[a]}" for a in texts],
            "outlet": [f"Outlet {a[-1]}" for a in texts],
            "published": [days[a] for a in texts],
            "title": "",
            "text": list(texts.values()),
        }
    )
    found = bench.alone(table, tmp_path / "few")
    assert (found["articles"], found["events"], found["rand"]) == (9, 3, 1.0)
    again = bench.alone(table, tmp_path / "few")
    assert "extraction_cpu_s" in found and "extraction_cpu_s" not in again
    scores = bench.hidden(table, tmp_path / "few", mates=False)
    assert scores["all"]["f1"] == scores["all"]["pairs_kept"] == 1


def test_judged_mates_are_articles_and_events():
    table = pd.read_csv(bench.MATES, dtype=str)
    assert set(table["same"]) <= {"0", "1"}
    assert not table.duplicated(["article_id", "event"]).any()
    assert table["event"].str.fullmatch(r"event\d{3}").all()
