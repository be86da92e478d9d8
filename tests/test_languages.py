"""A few articles in another language: what is made for English measures the English ones."""

import pandas as pd
import pytest

from analysis import tl
from analysis.features import from_tables
from tests.memory import features_of, with_column
from tests.quick import Encoder

ENGLISH = {
    "a": "The mayor called it safe. A good day. The crane is a danger to the town.",
    "b": "A bad day for the town. The plan is safe, the mayor said.",
    "c": "The town fears the danger of a crane. Nobody called it safe.",
}
GERMAN = {"d": "Ein guter Tag."}
POLES = {"safety": {"low": ["danger"], "high": ["safe"]}}
MEASURES = {
    "axes": lambda f: tl.axes(f, axes=POLES, encoder=Encoder(), draws=20),
    "frames": lambda f: tl.frames(f, method="prototypes", encoder=Encoder(), draws=20),
    "sentiment": lambda f: tl.sentiment(f, draws=20),
    "similarity": lambda f: tl.similarity(f, method="embeddings"),
    "tone": lambda f: tl.tone(f, by={"a": "one", "b": "two", "d": "two"}, draws=20),
    "vectorise": lambda f: tl.vectorise(f, method="embeddings"),
}
ACTORS = {"mayor": {"name": "The mayor", "aliases": ["mayor"], "side": ""}}


def corpus(texts):
    options = {"dictionaries": {"mine": {"good": 1, "bad": -1}}, "frames": {"risk": ["danger"]}}
    features = features_of(texts, encoder=Encoder(), **options)
    features = with_column(features, "language", ["de" if a == "d" else "en" for a in texts])
    tables = {table: features.table(table) for table in features.manifest["tables"]}
    rows = [(a, 0, "mayor", "name", 4, 9, "outlet", "", 0.2, 0.3, 0.5) for a in texts]
    tables["mentions"] = pd.DataFrame(rows, columns=tables["mentions"].columns)
    about = {**features.manifest["codebook"], "actors": ACTORS}
    return from_tables(tables, entries=features.manifest["entries"], codebook=about)


@pytest.mark.short("tone", "sentiment", "similarity")
@pytest.mark.parametrize("measure", MEASURES)
def test_english_articles_are_measured_and_the_others_named(measure):
    mixed, english = corpus(ENGLISH | GERMAN), corpus(ENGLISH)
    result = MEASURES[measure](mixed)
    note = result.notes[0]
    assert note.startswith("Left out: 1 of 4 articles") and "d (de)" in note
    if measure == "tone":
        assert result.table["n_mentions"].sum() == 2
        return
    pd.testing.assert_frame_equal(result.table, MEASURES[measure](english).table)
    assert not any("Left out" in note for note in MEASURES[measure](english).notes)


def test_features_of_some_articles_hold_no_row_of_the_others():
    features = corpus(ENGLISH | GERMAN)
    some = features.only(["a", "d"])
    assert some.article_ids == ["a", "d"] and features.article_ids == ["a", "b", "c", "d"]
    for name in features.manifest["tables"]:
        kept = features.table(name).loc[lambda table: table["article_id"].isin(["a", "d"])]
        pd.testing.assert_frame_equal(some.table(name), kept.reset_index(drop=True))
    assert list(some.table("sentences", ["n_tokens"])) == ["n_tokens"]
    assert some.rows("tokens", ["hash"], 0, 3).num_rows == 3
    assert some.whole.article_ids == features.article_ids
