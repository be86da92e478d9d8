"""Results that ship: what a measure declares is made, what it cannot make is passed over."""

import pandas as pd
import pytest

from analysis.errors import FeaturesError, LanguageError
from analysis.store import Ships, shipped_tables

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
