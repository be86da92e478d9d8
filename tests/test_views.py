"""Views: what they sum over sentences."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.corpus import load
from analysis.features import PRIVATE
from analysis.views import origin, pattern_counts, quoted_mask, sum_terms, word_sums
from tests.small import extract_small, ship, write_corpus


@pytest.mark.parametrize(
    "as_name, otherwise, is_name",
    [
        ([1, 1], [1], True),
        ([1], [1], False),
        ([1], [1, 1], False),
        ([3], [1, 1], True),
        ([1], [], True),
    ],
)
def test_a_word_is_a_name_where_more_than_half_of_its_occurrences_are(as_name, otherwise, is_name):
    counts = [*as_name, *otherwise]
    terms = pd.DataFrame({"article_id": "a", "sentence": range(len(counts)), "term": "may"})
    terms = terms.assign(is_name=[True] * len(as_name) + [False] * len(otherwise), count=counts)
    found = sum_terms(terms)[["article_id", "term", "is_name", "count"]].values.tolist()
    assert found == [["a", "may", is_name, sum(counts)]]


def test_quoted_words_are_those_of_direct_quotes_that_are_no_scare_quotes():
    quotes = pd.DataFrame({
        "article_id": ["a", "a", "b", "b"], "position": [1, 3, 0, 2], "n_words": [2, 1, 1, 1],
        "direct": [True, True, False, True], "scare": [False, True, False, False],
    })  # fmt: skip
    features = SimpleNamespace(article_ids=["a", "b"], table=lambda *_: quotes)
    mask = quoted_mask(features, np.array([0, 4, 7]))
    assert np.flatnonzero(mask).tolist() == [1, 2, 6]
    assert word_sums(mask, np.array([0, 4, 7])).tolist() == [2, 1]


def test_matched_words_of_an_entry_stand_by_their_count_then_by_name():
    hits = pd.DataFrame({"pattern": ["b", "c", "c", "a", "x"], "entry": "f", "article_id": "a"})
    hits = hits.assign(
        kind=["frame"] * 4 + ["dictionary"], negated=[True, False, True, False, True]
    )
    articles = pd.DataFrame({"article_id": ["a"], "language": ["en-GB"]})
    tables = {"hits": hits, "articles": articles}
    features = SimpleNamespace(form=PRIVATE, table=lambda name, *_: tables[name])
    found = pattern_counts(features, "frame")
    assert list(zip(found["pattern"], found["count"])) == [("c", 2), ("a", 1), ("b", 1)]
    assert found["n_negated"].tolist() == [1, 0, 1]
    articles["language"] = "de"
    assert pattern_counts(features, "frame")["n_negated"].isna().all()


def test_the_material_of_a_result_is_the_same_in_both_forms(tmp_path):
    texts = {"a": "It rained.<br>Then all was well.\n", "b": "Photo: Ada Mayor/Wire\nIt snowed.\n"}
    folder = write_corpus(tmp_path / "small", texts, published={"b": "2024-08-03T10:00:00Z"})
    private = origin(extract_small(folder))["material"]
    ship(folder)
    assert origin(load(folder).features)["material"] == private
    assert (private["n_articles"], private["n_words"], private["languages"]) == (2, 8, {"en": 2})
    assert (private["first"], private["last"]) == ("2024-08-01", "2024-08-03")
    assert private["mended"] == {"html": 1} and private["masked"] == {"caption": 4}
