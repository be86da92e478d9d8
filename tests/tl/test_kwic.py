"""Keyword in context: a planted place is listed once with its words, and none without leave."""

from dataclasses import replace

import pytest

from analysis import pl, tl
from analysis.corpus import load
from analysis.errors import OptionError
from tests.small import extract_small, ship, write_corpus

TEXTS = {
    "a1": "The Mayor, a bad man, spoke. Nobody “clashed”  here;\nthe Mayor left. Mayoress came.\n",
    "b1": "It rained. Sharp words flew. They can’t clash again, Mayor Ada said.\n",
    "c1": "Nothing.\n",
}


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = write_corpus(tmp_path_factory.mktemp("kwic") / "small", TEXTS)
    extract_small(folder)
    return load(folder)


def lines(result):
    return result.table[["article_id", "before", "match", "after"]].to_numpy().tolist()


def test_words_are_found_in_any_case_with_endings_and_as_phrases(corpus):
    found = lines(tl.kwic(corpus, words=["CLASH*", "sharp words"], window=2))
    assert found == [
        ["a1", "spoke. Nobody “", "clashed", "” here; the"],
        ["b1", "It rained.", "Sharp words", "flew. They"],
        ["b1", "They can’t", "clash", "again, Mayor"],
    ]
    assert lines(tl.kwic(corpus, words="can't", window=0)) == [["b1", "", "can’t", ""]]
    assert tl.kwic(corpus, words="here the mayor").table["match"].tolist() == ["here; the Mayor"]
    assert tl.kwic(corpus, words="words it").table.empty, "no phrase over the end of an article"
    assert tl.kwic(corpus, words="came it").table.empty


def test_an_actor_and_a_frame_stand_where_extraction_found_them(corpus):
    mentions = corpus.features.table("mentions")
    result = tl.kwic(corpus, actor="mayor")
    assert result.table[["article_id", "start", "end"]].to_numpy().tolist() == (
        mentions[["article_id", "start", "end"]].to_numpy().tolist()
    )
    texts = {a.article_id: a.text for a in corpus.articles()}
    for row in result.table.itertuples():
        assert texts[row.article_id][row.start : row.end] == row.match
    assert result.table.loc[0, ["outlet", "sentence", "place"]].tolist() == ["Outlet a1", 0, 1 / 14]
    frames = tl.kwic(corpus, frame="conflict")
    assert sorted(frames.table["match"]) == ["Sharp words", "clash", "clashed"]
    assert frames.articles["n"].tolist() == [1, 2, 0]
    assert frames.finding == (
        "The frame “conflict”: 3 places in 2 of 3 articles, most in Outlet b1 (2) and Outlet a1 (1)"
    )


def test_lines_are_sorted_by_the_words_around(corpus):
    before = tl.kwic(corpus, words=["mayor", "mayoress"], sort="before").table["before"]
    last = [said.split()[-1].casefold() for said in before]
    assert last == sorted(last) and len(last) == 4
    after = tl.kwic(corpus, words=["mayor", "mayoress"], sort="after").table["after"]
    assert after.str.casefold().is_monotonic_increasing


def test_no_words_are_shown_that_may_not_be(corpus):
    withheld = replace(corpus, datasheet=corpus.datasheet | {"texts": "withheld"})
    result = tl.kwic(withheld, actor="mayor")
    assert len(result.table) and not result.table[["before", "match", "after"]].any(axis=None)
    assert "withheld=True" in result.notes[0]
    assert tl.kwic(withheld, actor="mayor", withheld=True).table["match"].all()
    bare = tl.kwic(corpus.features, actor="mayor")
    assert "not on this machine" in bare.notes[0] and not bare.table["match"].any()


def test_the_shared_form_gives_places_without_words(tmp_path):
    folder = write_corpus(tmp_path / "small", TEXTS)
    private = tl.kwic(extract_small(folder), actor="mayor").table
    ship(folder)
    shared = load(folder)
    result = tl.kwic(shared, actor="mayor")
    assert result.table["article_id"].tolist() == private["article_id"].tolist()
    assert result.table["sentence"].isna().all(), "shared mentions do not say their sentence"
    assert result.table["start"].isna().all() and "no characters" in result.notes[0]
    words = tl.kwic(shared, words="mayor*")
    assert dict(zip(words.table["article_id"], words.table["n"])) == {"a1": 3, "b1": 1}
    assert tl.kwic(shared, frame="conflict").table["n"].sum() == 3
    with pytest.raises(OptionError, match="single words by article"):
        tl.kwic(shared, words="sharp words")
    (ax,) = pl.kwic(words).axes
    assert "No line" in ax.texts[0].get_text()


@pytest.mark.parametrize(
    "options, words",
    [
        ({}, r"one of actor, frame, label and words.*\(got none\)"),
        ({"actor": "mayor", "frame": "conflict"}, r"got actor, frame"),
        ({"actor": "nobody"}, "actor must be one of the codebook: mayor"),
        ({"frame": "war"}, "frame must be one of the codebook: conflict"),
        ({"label": "nobody's"}, "label must be one of those found"),
        ({"words": ""}, "words must be a word or phrase"),
        ({"words": "…"}, "a letter or digit"),
        ({"words": "rain", "sort": "size"}, "sort must be"),
        ({"words": "rain", "window": -1}, "window must be"),
    ],
)
def test_what_cannot_be_listed_is_said(corpus, options, words):
    with pytest.raises(OptionError, match=words):
        tl.kwic(corpus, **options)


def test_its_figure_has_a_mark_for_each_place(corpus):
    figure = pl.kwic(tl.kwic(corpus, actor="mayor"))
    (ax,) = figure.axes
    marks = ax.collections[0].get_segments()
    assert len(marks) == len(figure.table) == 3
    assert sorted(round(mark[0][0], 1) for mark in marks)[0] == round(100 / 14, 1)
    assert not {"before", "match", "after"} & set(figure.table)
    assert [label.get_text()[:9] for label in ax.get_yticklabels()] == ["Outlet a1", "Outlet b1"]
