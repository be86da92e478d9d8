"""Krippendorff's alpha is what he publishes, and what its definition gives."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import OptionError
from analysis.va import krippendorff_alpha
from tests.va.coding import FOUR, naive_alpha

# Krippendorff (2011), sections A (binary) and B (nominal, two coders)
BINARY = list(zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]))
LETTERS = list(zip("aabbdcccedda", "babbbccceddd"))


@pytest.mark.parametrize(
    "codes, metric, alpha",
    [
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
        (FOUR, "interval", 0.849),
        (BINARY, "nominal", 0.095),
        (LETTERS, "nominal", 0.692),
    ],
)
def test_alpha_is_what_krippendorff_publishes(codes, metric, alpha):
    assert round(krippendorff_alpha(codes, metric=metric), 3) == alpha


@given(
    st.lists(
        st.lists(st.sampled_from([-1, 0, 1, 4, None]), min_size=3, max_size=3),
        min_size=1,
        max_size=10,
    ),
    st.sampled_from(["nominal", "ordinal", "interval"]),
)
def test_alpha_is_what_its_definition_gives(rows, metric):
    np.testing.assert_allclose(
        krippendorff_alpha(rows, metric=metric),
        naive_alpha(rows, metric),
        atol=1e-9,
        equal_nan=True,
    )


def test_alpha_of_nothing_to_agree_on_is_not_defined_and_options_are_checked():
    for nothing in ([[1, 1], [1, 1]], [[1, None], [None, 2]], [[None]]):
        assert np.isnan(krippendorff_alpha(nothing))
    assert (
        krippendorff_alpha([[1, 1], [2, 2]], metric="ordinal") == 1
        and krippendorff_alpha([[1, 2], [2, 1]]) < 0
    )
    with pytest.raises(OptionError, match="metric must be one of 'nominal', 'ordinal', 'interval'"):
        krippendorff_alpha([[1, 2]], metric="ratio")
    with pytest.raises(OptionError, match="labels have no order"):
        krippendorff_alpha([["a", "b"]], metric="ordinal")
    for no_table in (5, [1, 2], "ab"):
        with pytest.raises(OptionError, match="codes must be a table"):
            krippendorff_alpha(no_table)


def test_alpha_takes_a_table_of_pandas_with_a_column_for_each_coder():
    table = pd.DataFrame(FOUR, columns=list("ABCD"), index=["u"] * 12)
    assert krippendorff_alpha(table) == krippendorff_alpha(FOUR)
