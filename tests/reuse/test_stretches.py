"""Stretches: sentences of articles that passages put side by side."""

import numpy as np

from analysis import tl
from analysis.reuse.stretches import find_stretches, locate, sentence_starts
from tests.memory import features_of
from tests.tl.test_lineage import words

SENTENCES = [words(20, seed)[:-1].replace(".", ",") + "." for seed in range(40, 44)]


def stretches(texts):
    features = features_of(texts)
    articles = features.table("articles")
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    rows, passages = locate(tl.reuse(features, draws=1).table, articles["article_id"].to_numpy())
    same = rows["identity"].fillna(0).to_numpy(float)
    return find_stretches(
        passages, same, sentence_starts(features, articles["article_id"], bounds), bounds
    )


def witnesses(found):
    return [
        "".join("abc"[article] for article in found.article[found.stretch == number])
        for number in range(found.stretch.max() + 1)
    ]


def test_each_sentence_is_a_stretch_with_all_that_have_it():
    one, two, three, four = SENTENCES
    texts = {
        "a": f"{words(30, 1)} {one} {two} {three}",
        "b": f"{two} {one} {words(30, 2)}",
        "c": f"{words(30, 3)} {three} {one} {four}",
    }
    found = stretches(texts)
    assert sorted(witnesses(found)) == ["ab", "abc", "ac"]
    assert set(found.words) == {20} and found.overlap.tolist() == [20] * 5


def test_a_sentence_that_an_article_has_twice_stands_once_in_a_stretch():
    one, two, *_ = SENTENCES
    found = stretches({"a": f"{one} {words(30, 1)} {one}", "b": f"{one} {two}"})
    keys = list(zip(found.stretch.tolist(), found.article.tolist()))
    assert len(set(keys)) == len(keys) and "ab" in witnesses(found)


def test_no_passage_gives_no_stretch():
    found = stretches({"a": words(40, 1), "b": words(40, 2)})
    assert all(len(column) == 0 for column in found)
