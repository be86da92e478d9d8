"""Views: what they sum over sentences."""

import pandas as pd
import pytest

from analysis.views import sum_terms


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
