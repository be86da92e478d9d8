"""Word shifts: contributions against a naive reference, sums, planted and exchangeable groups."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon

from analysis.errors import FeaturesError, OptionError
from analysis.features import SHARED, from_tables
from analysis.pl.figure import settle
from analysis.pl.word_shift import word_shift as draw
from analysis.shared_form import shared_tables
from analysis.tl.word_shift import word_shift
from tests.memory import features_of

WORDS = "red blue green amber violet grey".split()


def two(a, b, **options):
    return word_shift(
        features_of({"a": a, "b": b}, parse="none"),
        a="a",
        b="b",
        by="article_id",
        **{"draws": 20, "stop_words": True, **options},
    )


def text_of(counts):
    return " ".join(f"{w} " * n for w, n in zip(WORDS, counts))


counts = st.lists(st.integers(0, 6), min_size=6, max_size=6).filter(any)


@settings(max_examples=settings.default.max_examples // 3)  # each is measured three times
@given(counts, counts)
def test_contributions_sum_to_the_divergence_of_scipy(one, other):
    p, q = (np.array(c) / sum(c) for c in (one, other))
    result = two(text_of(one), text_of(other), draws=2)
    assert result.total["total"].iloc[0] == pytest.approx(
        jensenshannon(p, q, base=2) ** 2, abs=1e-9
    )
    assert result.table["contribution"].sum() == pytest.approx(result.total["total"].iloc[0])
    assert (result.table["contribution"] >= -1e-12).all()
    variation = two(text_of(one), text_of(other), draws=2, measure="proportion")
    assert variation.total["total"].iloc[0] == pytest.approx(np.abs(p - q).sum() / 2)
    weights = dict(zip(WORDS, [3.0, -2.0, 0.0, 1.0, 5.0, -1.0]))
    average = two(text_of(one), text_of(other), draws=2, weights=weights)
    assert average.total["total"].iloc[0] == pytest.approx(
        (p - q) @ np.array(list(weights.values()))
    )
    assert average.table["contribution"].sum() == pytest.approx(average.total["total"].iloc[0])


def test_no_word_in_common_is_one_bit_and_the_same_words_none():
    assert two("red red", "blue").total["total"].iloc[0] == pytest.approx(1)
    same = two("red. blue.", "red. blue.")
    assert (
        same.total["total"].iloc[0] == 0
        and same.total["p"].iloc[0] == 1
        and (same.table["group"] == "").all()
    )


def test_each_word_is_written_out():
    row = two("red red red blue", "red blue").table.set_index("term").loc["red"]
    p, q, m = 0.75, 0.5, 0.625
    assert row["contribution"] == pytest.approx((p * np.log2(p / m) + q * np.log2(q / m)) / 2)
    assert (row["group"], row["count_a"], row["count_b"], row["share_a"]) == ("a", 3, 1, 0.75)


def test_the_mirror_has_the_same_contributions():
    one, other = two("red red blue", "blue green"), two("blue green", "red red blue")
    assert np.allclose(
        one.table.set_index("term")["contribution"].sort_index(),
        other.table.set_index("term")["contribution"].sort_index(),
    )
    weights = {"red": 2, "blue": -1, "green": 0}
    assert two("red red blue", "blue green", weights=weights).total["total"].iloc[
        0
    ] == pytest.approx(-two("blue green", "red red blue", weights=weights).total["total"].iloc[0])


def corpus(seed, extra=""):
    rng = np.random.default_rng(seed)
    return {
        f"a{i}": " ".join(
            " ".join(rng.choice(WORDS, 6)).capitalize() + (extra if i % 2 else "") + "."
            for _ in range(6)
        )
        for i in range(24)
    }


def test_a_planted_difference_is_beyond_chance_and_its_word_leads():
    texts = corpus(1, " scandal")
    result = word_shift(
        features_of(texts, outlets={a: str(i % 2) for i, a in enumerate(texts)}, parse="none"),
        a="0",
        b="1",
        draws=200,
    )
    assert result.params["unit"] == "article" and result.total["p"].iloc[0] < 0.02
    first = result.table.iloc[0]
    assert (first["term"], first["group"]) == ("scandal", "1") and first["low"] > 0
    total = result.total.iloc[0]
    assert total["low"] < total["total"] < total["high"] and total["expected"] < total["total"]


def test_exchangeable_groups_differ_as_chance_gives():
    p, features, rng = [], features_of(corpus(50), parse="none"), np.random.default_rng(7)
    for _ in range(20):
        drawn = dict(zip(features.article_ids, map(str, rng.permutation(np.arange(24) % 2))))
        p.append(word_shift(features, a="0", b="1", by=drawn, draws=49).total["p"].iloc[0])
    assert np.mean(np.array(p) <= 0.05) <= 0.15 and 0.3 < np.mean(p) < 0.7


def test_the_shared_form_gives_the_same_without_chance():
    features = features_of({"a": "Red red blue. Green box.", "b": "Blue box. Green rope."})
    shared = from_tables(shared_tables(features, b"k" * 32, say=lambda line: None), form=SHARED)
    own, theirs = (
        word_shift(f, a="a", b="b", by="article_id", draws=5) for f in (features, shared)
    )
    assert (
        np.allclose(own.table["contribution"], theirs.table["contribution"])
        and theirs.table["low"].isna().all()
        and np.isnan(theirs.total["p"].iloc[0])
    )
    assert "not known" in theirs.notes[0]


def test_words_without_a_weight_are_left_out_and_counted():
    total = two(
        "red red blue grey", "red green grey grey", weights={"RED": 1, "blue": -1}
    ).total.iloc[0]
    assert (total["coverage_a"], total["coverage_b"]) == (0.75, 0.25)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"a": "c"}, "a must be one of 'a', 'b'"),
        ({"a": 3}, "a must be one of 'a', 'b'"),
        ({"b": "a"}, "b must be another group than a"),
        ({"by": "colour"}, "by must be one or more of"),
        ({"within": "colour"}, "within must be one or more of"),
        ({"measure": "kl"}, "measure must be one of 'jsd'"),
        ({"measure": "average"}, "weights must be a mapping"),
        ({"weights": {}}, "weights must be a mapping"),
        ({"weights": 3}, "weights must be a mapping"),
        ({"weights": ["red"]}, "weights must be a mapping"),
        ({"weights": {"red": "much"}}, "'red' has none"),
        ({"measure": "jsd", "weights": {"red": 1}}, "measure must be one of 'average'"),
        ({"names": 1}, "names must be True or False"),
        ({"draws": 0}, "draws must be a whole number of at least 1"),
        ({"draws": 10.5}, "draws must be a whole number of at least 1"),
        ({"level": 1.0}, "level must be a number between 0 and 1"),
        ({"seed": "a"}, "seed must be a whole number"),
    ],
)
def test_a_wrong_option_is_refused(options, message):
    with pytest.raises(OptionError, match=message):
        word_shift(
            features_of({"a": "red", "b": "blue"}),
            **{"a": "a", "b": "b", "by": "article_id", **options},
        )


def test_a_group_without_words_is_refused():
    with pytest.raises(FeaturesError, match="no words to compare"):
        two("red", "12 34")
    with pytest.raises(FeaturesError, match="that have a weight"):
        two("red", "blue", weights={"red": 1})


@pytest.mark.short("many-", "many-proportion", "many-weights", "apart-weights", "alike-")
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"measure": "proportion"},
        {"weights": {"red": 1, "blue": -2, "green": 0.5, "amber": -0.5}},
    ],
    ids=["", "proportion", "weights"],
)
@pytest.mark.parametrize(
    "texts",
    [
        ("Red red blue. Green grey. Amber box.", "Blue blue green. Amber rope."),
        ("red", "blue"),
        ("red", "red"),
    ],
    ids=["many", "apart", "alike"],
)
def test_the_figure_fits_and_its_title_says_what_was_found(texts, options):
    result = two(*texts, **options)
    figure = draw(result).canvas
    settle(figure)
    (x0, y0), (x1, y1) = figure.get_tightbbox().get_points()
    width, height = figure.get_size_inches()
    assert x0 >= -0.01 and y0 >= -0.01 and x1 <= width + 0.01 and y1 <= height + 0.01
    drawn = draw(result)
    assert drawn.alt.startswith(result.finding.rstrip("."))
    total = result.total["total"].iloc[0]
    said = f"{total:.0%}" if options.get("measure") == "proportion" else f"{total:.2f}"
    assert said in drawn.subtitle
    assert ("score" if "weights" in options else "differ in their words") in result.finding


def test_the_finding_says_whether_chance_gives_as_much_and_names_the_words_that_make_it():
    texts = corpus(1, " scandal")
    outlets = {a: ("Echo", "Lantern")[i % 2] for i, a in enumerate(texts)}
    result = word_shift(features_of(texts, outlets=outlets, parse="none"), draws=200)
    assert sorted(result.groups["group"]) == ["Echo", "Lantern"], "those with most words"
    assert result.params["a"] == "Lantern", "the one with more words first"
    a, b = result.names
    assert result.finding.startswith(f"{a} and {b} differ in their words more than chance gives:")
    assert "Lantern has more of “scandal”" in result.finding
    row = result.total.iloc[0]
    assert f"{row['total']:.2f} bits (chance alone: {row['expected']:.2f}; " in result.measured
    assert f"{row['n_words_a']} words in 12 articles of Lantern" in result.measured
    alike = word_shift(features_of(corpus(50), outlets=outlets), draws=200)
    assert alike.total["p"].iloc[0] > 0.05
    assert alike.finding.endswith("differ in their words no more than chance gives")


def test_the_two_groups_with_most_words_are_compared_unless_others_are_named():
    texts = {"x": "red", "y": "red blue green. red", "z": "blue blue blue"}
    features = features_of(texts)
    result = word_shift(features, draws=2, stop_words=True)
    assert (result.params["a"], result.params["b"]) == ("y", "z")
    other = word_shift(features, a="z", draws=2, stop_words=True)
    assert (other.params["a"], other.params["b"]) == ("z", "y")
    with pytest.raises(FeaturesError, match="has one only"):
        word_shift(features_of({"x": "red"}))


def test_long_names_fit_the_page():
    long = "The Honourable Society of Harbour Masters and Keepers of Lights on the Western " * 2
    texts = corpus(2)
    outlets = {a: long[: 120 + i % 2] for i, a in enumerate(texts)}
    figure = draw(word_shift(features_of(texts, outlets=outlets, parse="none"), draws=5)).canvas
    settle(figure)
    (x0, _), (x1, _) = figure.get_tightbbox().get_points()
    assert x0 >= -0.01 and x1 <= figure.get_size_inches()[0] + 0.01


def test_the_figure_draws_the_first_words_on_the_side_of_their_group():
    result = two("red red red blue", "red blue blue green")
    figure = draw(result, top=2)
    assert figure.table["term"].tolist() == result.table["term"].head(2).tolist()
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    sign = np.where(figure.table["group"] == "a", 1, -1)
    assert widths == pytest.approx((1000 * sign * figure.table["contribution"]).tolist())


def test_without_rows_the_figure_says_so_and_wrong_options_are_refused():
    result = two("red", "blue")
    (ax,) = draw(replace(result, table=result.table[:0])).axes
    assert ax.texts[0].get_text() == "No words were compared."
    with pytest.raises(OptionError, match="top must be"):
        draw(result, top=0.5)
