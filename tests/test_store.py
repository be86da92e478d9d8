"""Results that ship: what a measure declares is made, what it cannot make is passed over."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.errors import FeaturesError, LanguageError
from analysis.store import Ships, first_words, shipped_tables

TABLE = pd.DataFrame({"a": [1]})


def fails(error):
    def make(shipment):
        raise error("not here")

    return Ships(("none",), make)


def test_what_a_measure_cannot_make_stops_no_other():
    made = Ships(("one", "two"), lambda shipment: {"one": TABLE})
    found = shipped_tables([fails(FeaturesError), fails(LanguageError), made], None)
    assert list(found) == ["one"]
    with pytest.raises(ZeroDivisionError):
        shipped_tables([fails(ZeroDivisionError), made], None)


def test_a_table_that_is_not_declared_is_an_error():
    with pytest.raises(ValueError, match="not declared: two"):
        shipped_tables([Ships(("one",), lambda shipment: {"one": TABLE, "two": TABLE})], None)


@pytest.mark.parametrize(
    "shipped, itself, read",
    [(["one", "two"], False, True), (["one"], False, False), (["one", "two"], True, False)],
)
def test_results_are_read_where_all_are_there_and_nothing_can_be_measured(shipped, itself, read):
    features = SimpleNamespace(
        measures_itself=itself, has_result=shipped.__contains__, result=lambda name: name
    )
    found = Ships(("one", "two"), lambda shipment: {}).read(features)
    assert found == ({"one": "one", "two": "two"} if read else None)


def test_five_words_of_a_text_may_ship():
    assert first_words("the  crane on the quay fell") == "the crane on the quay"
