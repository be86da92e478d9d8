"""What passages cover, against plain sets; families and flags of planted articles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import tl
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.reuse.passages import covered_share, covered_words, pair_words, ranges
from tests.archives import WORDS

BOX = "sign up here for the daily letter of this paper and never miss a story again"
SPEECH = "we have counted every box twice and nothing at all is missing from them"


def words(n, seed):
    return " ".join(WORDS[np.random.default_rng(seed).integers(len(WORDS), size=n)])


def reuse(articles, **options):
    """`articles` maps ids to (outlet, date, text)."""
    return tl.reuse(
        extract_articles(
            [
                Article(a, text, "en", {"outlet": outlet, "published": date})
                for a, (outlet, date, text) in articles.items()
            ],
            parse="none",
        ),
        **options,
    )


def test_a_box_of_one_outlet_is_flagged_and_stays_in_the_table():
    articles = {f"a{i}": ("Echo", "", f"{words(60, i)}. {BOX}.") for i in range(5)}
    articles |= {
        "b": ("Post", "", f"{words(40, 9)}. {words(30, 77)}."),
        "c": ("Echo", "", f"{words(30, 77)}. {words(40, 8)}."),
    }
    result = reuse(articles)
    boxes = result.table[result.table["boilerplate"]]
    assert len(boxes) == 10 and set(boxes["n_matching"]) == {16}
    [plain] = result.table[~result.table["boilerplate"]].itertuples()
    assert (plain.a, plain.b, plain.n_matching) == ("b", "c", 30)
    assert result.articles.set_index("article_id")["boilerplate"].to_dict() == {
        **{f"a{i}": 16 for i in range(5)},
        "b": 0,
        "c": 0,
    }


@pytest.mark.parametrize(
    "outlets", [["A", "B", "C", "D", "E"], [""] * 5, ["A", "A", "A", "A", "B"]]
)
def test_what_recurs_in_several_outlets_or_too_seldom_in_one_is_none(outlets):
    assert (
        not reuse({f"a{i}": (o, "", f"{words(60, i)}. {BOX}.") for i, o in enumerate(outlets)})
        .table["boilerplate"]
        .any()
    )


def test_a_speech_that_many_articles_quote_is_marked_as_carried_by_many_and_as_quoted():
    articles = {
        f"a{i}": (f"O{i}", "", f"{words(50, i)}. “{SPEECH},” he said {words(9, 100 + i)}.")
        for i in range(10)
    }
    table = reuse(articles).table
    assert (
        len(table) == 45
        and table["many"].all()
        and table["quoted"].all()
        and not table["boilerplate"].any()
    )
    articles.pop("a9")
    assert not reuse(articles).table["many"].any()


def test_articles_of_one_text_are_a_family_named_after_the_earliest():
    wire, other = words(100, 1), words(100, 2)
    articles = {
        "cut": ("A", "2024-08-03", wire[: len(wire) * 6 // 10]),
        "whole": ("B", "2024-08-02", f"{wire}. {words(20, 3)}."),
        "half": ("C", "2024-08-04", f"{wire}. {words(90, 4)}."),
        "alone": ("D", "2024-08-01", f"{words(80, 5)}. {SPEECH}."),
        "x": ("E", "", other),
        "y": ("F", "", other),
        "brief": ("G", "", SPEECH),
    }
    kin = reuse(articles).families
    assert kin[["family", "article_id"]].values.tolist() == [
        ["whole", "whole"],
        ["whole", "cut"],
        ["whole", "half"],
        ["x", "x"],
        ["x", "y"],
    ]
    assert (
        kin["common"].tolist()[0] == 100
        and kin["common"].tolist()[2] == 100
        and kin["n_words"].tolist()[2] == 190
    )
    assert kin["share"].tolist()[2] == pytest.approx(100 / 190)
    assert len(reuse(articles, family_share=1.1).families) == 0


def test_of_a_family_the_words_of_the_shorter_are_counted():
    wire = words(35, 1).split()
    padded = " ".join(" ".join([*wire[i : i + 7], "indeed", "also"]) for i in range(0, 35, 7))
    articles = {
        "short": ("A", "", f"{' '.join(wire)}. {words(45, 2)}."),
        "long": ("B", "", f"{padded}. {words(60, 3)}."),
    }
    [pair] = reuse(articles).pairs.itertuples()
    assert (pair.a_shared, pair.b_shared) == (35, 43)
    assert reuse(articles).families.empty  # less than half of the shorter
    assert len(reuse(articles, family_share=0.43).families) == 2


def test_boilerplate_makes_no_family():
    long_box = words(60, 11)
    assert reuse(
        {f"a{i}": ("Echo", "", f"{words(30, i)}. {long_box}.") for i in range(6)}
    ).families.empty


def test_credits_are_reported_beside_each_article():
    articles = {
        "a": (
            "Echo",
            "",
            f"LONDON (Reuters) - {words(40, 1)}. The Associated Press contributed to this report.",
        ),
        "b": ("Post", "", words(40, 2)),
    }
    assert reuse(articles).articles["credits"].tolist() == ["Reuters, Associated Press", ""]


SIDES = ("a", "b", "a_position", "a_words", "b_position", "b_words")
PASSAGES = st.lists(
    st.tuples(*(st.integers(0, 2),) * 2, *(st.integers(0, 20), st.integers(1, 9)) * 2), max_size=12
)


def arrays(rows):
    return dict(zip(SIDES, np.array(rows, np.int64).reshape(-1, 6).T))


def stretch(row, side):
    first, words = (row[2], row[3]) if side == "a" else (row[4], row[5])
    return set(range(first, first + words))


@given(PASSAGES)
def test_words_that_passages_cover_are_counted_once(rows):
    pairs = pair_words(arrays(rows))
    keys = sorted({row[:2] for row in rows})
    assert list(zip(pairs["a"], pairs["b"])) == keys
    for k, key in enumerate(keys):
        here = [row for row in rows if row[:2] == key]
        assert pairs["n_passages"][k] == len(here)
        for side in "ab":
            covered = set().union(*(stretch(row, side) for row in here))
            assert pairs[f"{side}_covered"][k] == len(covered)


@given(PASSAGES, PASSAGES)
def test_the_share_that_other_passages_of_the_pair_cover(rows, others):
    for side in "ab":
        expected = [
            len(
                stretch(row, side)
                & set().union(*(stretch(o, side) for o in others if o[:2] == row[:2]))
            )
            / len(stretch(row, side))
            for row in rows
        ]
        assert covered_share(arrays(rows), arrays(others), side).tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9))))
def test_ranges_count_from_the_first_up_to_the_end(pairs):
    row, number = ranges(*np.array(pairs, np.int64).reshape(-1, 2).T)
    plain = [(k, n) for k, (first, stop) in enumerate(pairs) for n in range(first, stop)]
    assert list(zip(row, number)) == plain


def test_nothing_covers_nothing():
    assert covered_words(*(np.empty(0, np.int64),) * 3).tolist() == []
