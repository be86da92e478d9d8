"""Furniture: lines that recur in an outlet's articles, told from text that is reused."""

import numpy as np
import pytest

from analysis.clean import clean, find_furniture, sampled
from analysis.clean.furniture import MOST_OF_OUTLET

STORIES = [
    f"The {thing} of {town} was sold on Monday to a firm that nobody in the town had heard of.\n\n"
    f"Mayor Ada Orr said the {thing} had cost {price} crowns a year since the {town} fire."
    for thing, town, price in [
        ("quay", "Velbrik", 12),
        ("hall", "Oxmere", 310),
        ("mill", "Tarn", 4_000),
        ("zoo", "Lund", 77),
        ("pool", "Port Elva", 9),
        ("bridge", "Norwick", 1_250),
    ]
]

# digits as letters: numbers do not tell lines apart
WORDED = str.maketrans("0123456789", "abcdefghij")


def found(texts, days=None, outlet="Lantern"):
    days = days or [f"2024-05-{i + 1:02}" for i in range(len(texts))]
    return find_furniture((outlet, day, text) for day, text in zip(days, texts)).get(outlet)


def left(text, furniture):
    return [line for line in clean(text, furniture).text.split("\n") if line.strip()]


def test_lines_at_the_edges_of_many_articles_are_masked():
    texts = [
        f"LANTERN LOCAL\n\n{story}\n\nUpdated {i}:30 p.m.\n\nMore local news on the Lantern app"
        for i, story in enumerate(STORIES)
    ]
    furniture = found(texts)
    for text, story in zip(texts, STORIES):
        assert left(text, furniture) == [line for line in story.split("\n") if line]
        edits = clean(text, furniture).edits
        assert [edit.reason for edit in edits] == ["furniture"] * 3


def test_wire_copy_and_updates_of_one_story_stay():
    short = "The port is shut."
    wire = f"{STORIES[0]}\n\n{short}\n\nNobody was hurt\n\nThe end of the pier"
    texts = [f"{wire}\n\nUpdate {word} follows here." for word in ("one", "two", "three", "four")]
    assert found(texts) is None


def test_background_that_every_report_of_a_story_repeats_stays():
    background = "The ferry sank on 3 May off Port Elva, and twelve people died."
    texts = [f"{a}\n\n{background}\n\n{b}" for a, b in zip(STORIES, STORIES[1:])]
    furniture = found(texts)
    assert all(background in left(text, furniture) for text in texts)


def test_what_recurs_on_one_day_only_stays():
    texts = [f"{story}\n\nElection day in the county" for story in STORIES]
    assert found(texts, ["2024-05-01"] * 5 + ["2024-06-01"]) is not None, "of two days, on both"
    days = ["2024-05-01"] * 3 + ["2024-06-01", "2024-07-01", "2024-08-01"]
    on_one_day = texts[:3] + STORIES[3:]
    assert found(on_one_day, days) is None


def test_quotations_turns_answers_and_credits_are_no_furniture():
    lines = [
        "“No comment”",
        "ORR: Thank you",
        "Thank you.",
        "The Associated Press contributed to this report.",
    ]
    texts = [story + "\n\n" + "\n\n".join(lines) for story in STORIES]
    furniture = found(texts)
    assert all(left(text, furniture)[-4:] == lines for text in texts)


def test_outlets_are_apart():
    line = "All the news of the coast"
    rows = [
        (outlet, "", f"{story}\n\n{line}") for story, outlet in zip(STORIES, ["A", "A", "B", "B"])
    ]
    assert find_furniture(rows) == {}


def test_of_a_large_outlet_evenly_spread_articles_are_counted():
    outlets = ["small"] * 3 + ["large"] * 100_000
    taken = sampled(outlets)
    assert taken[:3].all() and taken.sum() <= MOST_OF_OUTLET + 3
    gaps = np.diff(np.flatnonzero(taken[3:]))
    assert gaps.max() - gaps.min() <= 1
    assert sampled(["one"] * 10).all()


@pytest.mark.parametrize("at_edge, is_furniture", [(4, True), (3, False)])
def test_a_rare_line_is_furniture_where_seven_in_ten_stand_at_the_edge_and_only_there(
    at_edge, is_furniture
):
    texts = []
    for i in range(200):  # the line stands in one of forty
        lines = [
            f"In town {i} the {word} {i} was sold." for word in "quay hall mill zoo inn".split()
        ]
        lines += [
            f"Nobody in town {i} knew {word} {i}." for word in "why when how where whom".split()
        ]
        if i < 5:
            lines.insert(len(lines) if i < at_edge else 5, "The Lantern app")
        texts.append("\n\n".join(lines).translate(WORDED))
    furniture = found(texts, ["2024-05-01", "2024-05-02"] * 100)
    assert (furniture is not None) is is_furniture
    if furniture:
        assert len(furniture.edges) == 1 and not furniture.anywhere
