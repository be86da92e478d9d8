"""Near-duplicates: updates and reprints within an outlet, and nothing else."""

import numpy as np
import pytest

from analysis.clean.duplicates import near_duplicates
from analysis.errors import OptionError

WORDS = np.array([f"w{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(600)])


def text_of(seed, n=120):
    return " ".join(np.random.default_rng(seed).choice(WORDS, n))


TOLD = text_of(1)
ROWS = [
    ("print", "Lantern", "2024-05-02", TOLD),
    ("other", "Lantern", "2024-05-02", text_of(2)),
    ("online", "Lantern", "2024-05-01", TOLD + " with twelve words more that only stand online"),
    ("agency", "Herald", "2024-05-01", TOLD),
    ("third", "Lantern", "2024-05-03", TOLD.replace("w", "W").replace(" ", "  ")),
]


@pytest.mark.parametrize(
    "keep, kept, others",
    [
        ("longest", "online", ["print", "third"]),
        ("first", "online", ["print", "third"]),
        ("last", "third", ["print", "online"]),
    ],
)
def test_one_of_a_group_is_kept_and_other_outlets_are_left_alone(keep, kept, others):
    found = near_duplicates(ROWS, keep=keep)
    assert found["kept"].unique().tolist() == [kept] and found["article_id"].tolist() == others
    assert found["outlet"].unique().tolist() == ["Lantern"] and (found["share"] == 1).all()
    assert found["group"].tolist() == [1, 1]


def test_the_share_that_is_asked_for_decides():
    half = " ".join(TOLD.split()[:60]) + " " + text_of(3, 60)
    rows = [("a", "", "", TOLD), ("b", "", "", half)]
    assert near_duplicates(rows).empty
    found = near_duplicates(rows, share=0.4)
    assert found["share"].between(0.4, 0.5).all() and len(found) == 1


def test_an_article_that_is_near_only_to_a_duplicate_is_not_dropped():
    words = [text_of(seed, 100) for seed in (4, 5, 6)]
    a, b, c = (f"{words[0]} {words[1]}", words[1], f"{words[1]} {words[2]}")
    found = near_duplicates([("a", "", "", a), ("b", "", "", b), ("c", "", "", c)])
    assert found["article_id"].tolist() == ["b"] and found["kept"].tolist() == ["a"]


def test_a_text_that_stands_there_a_hundred_times_is_found():
    found = near_duplicates([(f"a{i}", "Lantern", "", TOLD) for i in range(100)])
    assert len(found) == 99 and found["kept"].unique().tolist() == ["a0"]


def test_texts_without_words_and_none_at_all_are_taken():
    assert near_duplicates([]).empty
    found = near_duplicates([("a", "", "", "..."), ("b", "", "", "One."), ("c", "", "", "Two.")])
    assert found.empty


def test_options_are_checked():
    with pytest.raises(OptionError, match="keep must be one of 'longest', 'first', 'last'"):
        near_duplicates([], keep="newest")
    with pytest.raises(OptionError, match="share must be a number from 0 to 1"):
        near_duplicates([], share=80)


def test_the_share_itself_is_enough():
    assert len(near_duplicates([("a", "", "", TOLD), ("b", "", "", TOLD)], share=1)) == 1


@pytest.mark.parametrize("keep, kept", [("first", "a"), ("last", "c")])
def test_where_a_date_is_missing_the_order_given_decides(keep, kept):
    dates = {"a": "2024-05-02", "b": "", "c": "2024-05-01"}
    found = near_duplicates([(i, "", date, TOLD) for i, date in dates.items()], keep=keep)
    assert found["kept"].unique().tolist() == [kept]


@pytest.mark.parametrize("n, others", [(50, 49), (51, 0)])
def test_runs_in_more_than_fifty_articles_tell_none_apart(n, others):
    ends = [f"end{chr(97 + i % 26)}{chr(97 + i // 26)}" for i in range(n)]
    told = " ".join(TOLD.split()[:60])  # all its runs are compared
    found = near_duplicates([(end, "", "", f"{told} {end}") for end in ends])
    assert len(found) == others
