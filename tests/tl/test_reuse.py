"""Passages against a planted truth and a plain reference."""

import functools
import itertools
import json

import numpy as np
import pandas as pd
import pytest

from analysis import load, pl, tl
from analysis.errors import FeaturesError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import SHARED, from_tables
from analysis.io.article import Article
from analysis.shared_form import keyed_ngrams
from analysis.tl._between import SOURCES
from analysis.tl.reuse import FIGURES
from analysis.views import sum_credits
from tests.archives import archive_features, texts_that_share
from tests.memory import features_of
from tests.pl.legibility import record
from tests.places import AMNESTY

WORDS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lam mu nu xi omicron pi rho sigma tau"
    " upsilon".split()
)


def passages(*texts, **options):
    return tl.reuse(features_of(dict(zip("abcdef", texts))), **options)


def test_a_planted_passage_is_found_with_its_offsets():
    shared = "the crane had been overdue for inspection since the spring of last year"
    a, b = (
        f"One begins so. Then: {shared}, they wrote.",
        f"Another text. {shared.upper()} and more.",
    )
    row = passages(a, b).table.iloc[0]
    assert a[row["a_start"] : row["a_end"]] == shared
    assert b[row["b_start"] : row["b_end"]] == shared.upper()
    assert (row["n_matching"], row["identity"]) == (13, 1.0)


def test_small_gaps_are_tolerated_and_large_ones_are_not():
    left, right = WORDS[:7], WORDS[7:15]
    a = " ".join([*left, *right])
    assert passages(a, " ".join([*left, "x", "y", *right])).table[
        ["a_words", "b_words", "n_matching"]
    ].values.tolist() == [[15, 17, 15]]
    far = passages(a, " ".join([*left, *"qrstuvw", *right]), min_words=7).table
    assert far["n_matching"].tolist() == [7, 8]


def test_replaced_words_count_for_the_length_and_not_as_equal():
    row = passages(" ".join(WORDS[:14]), " ".join([*WORDS[:6], "x", *WORDS[7:14]])).table.iloc[0]
    assert (row["a_words"], row["b_words"], row["n_matching"]) == (14, 14, 13)


def test_short_runs_are_no_passages():
    assert passages(" ".join(WORDS[:7]), " ".join(WORDS[:7])).table.empty
    assert passages("one word", "another word").pairs.empty


def test_marks_on_either_side_are_told():
    speech = "we have counted every box twice and nothing at all is missing"
    row = passages(f"He said: “{speech},” and left.", f"It is known that {speech}.").table.iloc[0]
    assert (row["a_quoted"], row["b_quoted"], row["quoted"]) == (1.0, 0.0, False)


@pytest.mark.short("order3")
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_reuse_is_symmetric(order):
    texts = [" ".join(WORDS[:12]), " ".join(["x", *WORDS[2:15]]), " ".join([*WORDS[5:18], "y"])]
    names = "abc"
    found = tl.reuse(features_of({names[i]: texts[i] for i in order})).table
    pairs = {
        frozenset([(r.a, r.a_start, r.a_end), (r.b, r.b_start, r.b_end)])
        for r in found.itertuples()
    }
    straight = tl.reuse(features_of(dict(zip(names, texts)))).table
    assert pairs == {
        frozenset([(r.a, r.a_start, r.a_end), (r.b, r.b_start, r.b_end)])
        for r in straight.itertuples()
    }


def test_every_word_of_an_article_is_counted_once():
    shared = "the crane had been overdue for inspection since the spring"
    result = passages(
        f"“{shared},” he said. More words here.",
        f"Yes: {shared}. “It was late again,” she said.",
        "Nothing alike at all.",
    )
    articles = result.articles
    assert (articles[[*SOURCES]].sum(axis=1) == articles["n_words"]).all()
    assert articles["shared"].tolist() == [10, 10, 0]
    assert articles["shared_quoted"].tolist() == [10, 0, 0]
    assert articles["quoted"].tolist() == [10, 4, 0], "quoted words are the speaker's"
    assert articles["outlets_uncredited"].tolist() == [0, 10, 0]


def test_the_shared_form_gives_the_same_passages():
    texts = {
        "a": " ".join([*WORDS[:12], "x", *WORDS[12:]]),
        "b": " ".join(["q", *WORDS]),
        "c": "short",
    }
    private = features_of(texts)
    tables = {name: private.table(name) for name in ("articles", "sentences", "quotes")}
    tables["credits"] = sum_credits(private.table("credits"))
    tables["ngrams"] = keyed_ngrams(private.table("tokens"), b"k" * 32)
    shared = from_tables(tables, form=SHARED)
    columns = [
        "a",
        "b",
        "a_position",
        "a_words",
        "b_position",
        "b_words",
        "n_matching",
        "a_quoted",
        "b_quoted",
        "quoted",
    ]
    pd.testing.assert_frame_equal(tl.reuse(shared).table[columns], tl.reuse(private).table[columns])
    assert tl.reuse(shared).table["a_start"].isna().all()
    with pytest.raises(OptionError, match=r"runs of 5 words \(got 4\)"):
        tl.reuse(shared, n=4, min_words=4)
    pd.testing.assert_frame_equal(
        tl.reuse(shared, n=7).table[columns], tl.reuse(private, n=7).table[columns]
    )


@pytest.mark.parametrize(
    "options",
    [
        {"n": 0},
        {"min_words": 3},
        {"max_gap": -1},
        {"n": "5"},
        {"n": 5.0},
        {"max_gap": float("inf")},
        {"max_gap": 10**9},
        {"min_words": 2**70},
        {"max_articles": 1},
        {"max_articles": -1},
        {"within_days": -1},
        {"within_days": float("nan")},
        {"max_articles": True},
        {"within_days": "7"},
        {"across_outlets": "no"},
        {"across_outlets": 1},
        {"family_share": -0.1},
        {"family_share": True},
        {"kinds": ()},
        {"kinds": None},
        {"kinds": "spun"},
        {"kinds": ("verbatim", "spun")},
        {"engine": "dask"},
        {"memory_limit": "little"},
    ],
)
def test_a_wrong_option_raises(options):
    with pytest.raises(OptionError, match=r"must be .*\(got "):
        passages("one two three", "one two three", **options)


def test_a_corpus_or_its_features_are_taken_and_nothing_else():
    corpus = load(AMNESTY)
    same = tl.reuse(corpus)
    pd.testing.assert_frame_equal(same.table, tl.reuse(corpus.features).table)
    assert same.params["measured_on"] == "results"
    with pytest.raises(FeaturesError, match="shared without n-grams"):
        tl.reuse(corpus, n=6)


def test_shipped_passages_are_those_that_were_measured():
    shipped = tl.reuse(load(AMNESTY)).table
    packed = load(AMNESTY).features.result("passages")
    assert len(shipped) == len(packed)
    pd.testing.assert_frame_equal(shipped[packed.columns], packed, check_dtype=False)
    verbatim = tl.reuse(load(AMNESTY), kinds=("verbatim",))
    assert len(verbatim.table) == (packed["kind"] == "verbatim").sum()
    assert verbatim.rewrites.empty and verbatim.sentences.empty
    rewritten = tl.reuse(load(AMNESTY), kinds=("rewritten",))
    assert rewritten.table["passage"].tolist() == list(range(1, len(rewritten.table) + 1))
    assert set(rewritten.sentences["passage"]) == set(rewritten.table["passage"])
    assert tl.reuse(load(AMNESTY), kinds={"rewritten"}).table.equals(rewritten.table)


def test_rewrites_are_the_rows_that_are_not_verbatim():
    result = tl.reuse(load(AMNESTY))
    assert set(result.rewrites["kind"]) == {"rewritten"}
    assert len(result.rewrites) + (result.table["kind"] == "verbatim").sum() == len(result.table)


def test_numbers_of_numpy_are_numbers():
    texts = (
        "one two three four five six seven eight nine",
        "so one two three four five six seven eight nine",
    )
    same = passages(
        *texts,
        n=np.int64(5),
        min_words=np.int32(8),
        within_days=np.float32(3),
        max_articles=np.uint8(50),
    )
    pd.testing.assert_frame_equal(same.table, passages(*texts).table)
    assert json.dumps(same.params)


SPEECH = "we have counted every box twice and nothing at all is missing"


def pairs(texts, published=None, outlets=None, **options):
    articles = [
        Article(
            a,
            text,
            "en",
            {"outlet": (outlets or {}).get(a, ""), "published": (published or {}).get(a, "")},
        )
        for a, text in texts.items()
    ]
    return set(
        tl.reuse(extract_articles(articles), **options)
        .table[["a", "b"]]
        .itertuples(index=False, name=None)
    )


def test_one_outlets_articles_need_not_be_compared_with_each_other():
    texts = dict.fromkeys("abc", SPEECH)
    assert pairs(texts, outlets={"a": "Echo", "b": "Echo", "c": ""}, across_outlets=True) == {
        ("a", "c"),
        ("b", "c"),
    }


def test_articles_far_apart_in_time_need_not_be_compared():
    texts, published = (
        dict.fromkeys("abcd", SPEECH),
        {"a": "2024-08-01", "b": "2024-08-03", "c": "2024-08-09T23:00+02:00"},
    )
    assert pairs(texts, published, within_days=7) == {
        ("a", "b"),
        ("b", "c"),
        ("a", "d"),
        ("b", "d"),
        ("c", "d"),
    }


def test_what_too_many_articles_carry_is_listed_between_neighbours_and_cuts_no_passage():
    box = "sign up for our letter today"
    texts = {a: f"{box} only{a}" for a in "cdefg"}
    texts |= {"a": f"{SPEECH} {box} {' '.join(WORDS)}", "b": f"{SPEECH} {box} {' '.join(WORDS)}"}
    texts = dict(sorted(texts.items()))
    assert pairs(texts, max_articles=3, min_words=6) == {
        ("a", "b"),
        ("b", "c"),
        ("c", "d"),
        ("d", "e"),
        ("e", "f"),
        ("f", "g"),
    }
    table = tl.reuse(features_of(texts), max_articles=3, min_words=6).table
    assert table[["a_words", "n_matching"]].values.tolist()[0] == [12 + 6 + 20, 12 + 6 + 20]
    assert len(pairs(texts, min_words=6)) == 21
    outlets = dict(zip("abcdefg", "XXYXYYX"))
    assert pairs(texts, outlets=outlets, max_articles=3, min_words=6, across_outlets=True) == {
        ("a", "c"),
        ("b", "c"),
        ("c", "d"),
        ("d", "e"),
        ("e", "g"),
        ("f", "g"),
    }


@pytest.mark.short("2-8", "50-9", "None-7", "None-30")
@pytest.mark.parametrize("times", [7, 8, 9, 30])
@pytest.mark.parametrize("max_articles", [2, 50, None])
def test_a_formula_that_recurs_in_an_article_hides_no_copy_behind_it(times, max_articles):
    copy = " ".join(f"w{i}" for i in range(60))
    text = (
        " ".join(f"so say we all of us {i}x" for i in range(times)) + f" so say we all of us {copy}"
    )
    table = tl.reuse(
        features_of({"a": text, "b": f"other words. so say we all of us {copy}"}),
        max_articles=max_articles,
    ).table
    assert table["n_matching"].max() == 66


def test_neighbours_that_repeat_a_phrase_very_often_are_listed():
    phrase = "so say we all of us and so we say it "
    assert len(pairs({f"a{i}": phrase * 100 + f"only{i}" for i in range(6)}, max_articles=3)) == 5


# --- figures ---


def test_the_matrix_shows_the_shares_of_the_table():
    texts = {"a": " ".join([*WORDS[:12], *"xyz"]), "b": " ".join(WORDS[:12]), "c": "alone"}
    figure = pl.reuse(tl.reuse(features_of(texts)))
    (ax,) = figure.axes
    assert figure.name == "reuse"
    share = figure.table.set_index(["taker", "giver"])["share"]
    assert share.to_dict() == {("a", "b"): 12 / 15, ("b", "a"): 1}
    rows, columns = ([t.get_text() for t in axis.get_ticklabels()] for axis in (ax.yaxis, ax.xaxis))
    cells = {
        (rows[round(y)], columns[round(x)]): t.get_text()
        for t in ax.texts
        for x, y in [t.get_position()]
    }
    shares = {pair: said for pair, said in cells.items() if set(pair) <= {"a", "b"}}
    assert shares == {("a", "b"): "80", ("b", "a"): "100"}
    assert "1 pair of articles of different outlets" in figure.subtitle


def test_each_pair_has_a_panel_with_a_band_for_each_passage():
    texts = {"a": " ".join(WORDS), "b": " ".join(WORDS[:12]), "c": " ".join(WORDS[5:])}
    result = tl.reuse(features_of(texts))
    figure = pl.reuse(result, kind="alignment")
    assert figure.name == "reuse_alignment" and len(figure.axes) == len(result.pairs) == 2
    assert [len(ax.patches) for ax in figure.axes] == [1, 1]
    (ax,) = pl.reuse(result, kind="alignment", pairs=[("c", "a")]).axes
    band = ax.patches[0].get_xy()
    assert band[:4].tolist() == [[5, 1], [20, 1], [15, 0], [0, 0]]
    with pytest.raises(OptionError, match=r"pairs must be of two .*\(got \('b', 'c'\)\)"):
        pl.reuse(result, kind="alignment", pairs=[("b", "c")])
    with pytest.raises(OptionError, match="pairs are of the kind 'alignment'"):
        pl.reuse(result, pairs=[("a", "b")])
    with pytest.raises(OptionError, match="lineage is of the kind 'network'"):
        pl.reuse(result, lineage=tl.lineage(features_of(texts)))
    with pytest.raises(OptionError, match="kind must be one of 'matrix', 'network', 'words'"):
        pl.reuse(result, kind="bars")


def test_bars_hold_every_word_of_an_article():
    figure = pl.reuse(tl.reuse(load(AMNESTY)), kind="words")
    (ax,) = figure.axes
    widths = np.array([bar.get_width() for bar in ax.patches]).reshape(-1, 5).sum(axis=0)
    assert figure.name == "reuse_words" and widths == pytest.approx(100)


@pytest.mark.short(
    "matrix-texts1", "network-texts1", "words-texts1", "life-texts1", "alignment-texts1"
)
@pytest.mark.parametrize("texts", [{"a": "one word"}, {"a": "one word", "b": "other words"}])
@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_without_passages_says_so(texts, kind):
    figure = pl.reuse(tl.reuse(features_of(texts)), kind=kind)
    if kind != "words":
        said = " ".join(t.get_text() for t in figure.axes[0].texts).replace("\n", " ")
        assert "passage" in said or said == "One article has no other to share words with"
    assert record(figure, layouts=0).lines


@functools.cache
def many():
    return tl.reuse(archive_features(texts_that_share(150)), "article_id")


@pytest.mark.long
@pytest.mark.parametrize("kind", FIGURES)
def test_figures_of_many_articles_fit_a_page_and_pool_the_rest(kind):
    result = many()
    figure = pl.reuse(result, kind=kind)
    assert max(figure.canvas.get_size_inches()) <= 9
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    if kind == "matrix":
        assert names.pop() == "in words" and names.pop() == "of 100 words of all others"
    if kind in ("matrix", "words"):
        assert len(names) == (19 if kind == "matrix" else 20) and "more" in names[-1]
    if kind == "matrix":
        label = result.groups.set_index("group")["label"]
        assert set(label[result.between.iloc[0][["taker", "giver"]]]) <= set(names)
    if kind == "alignment":
        assert len(figure.axes) == 8
