"""Results for reading: some rows of a table in plain words."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
import pytest

from analysis.results import Result, later

TABLE = pd.DataFrame(
    {
        "group": ["The <Post>", "Echo", "Sun"],
        "n_words": [1200, 3, 40],
        "share": [0.123, np.nan, 0.5],
        "apart": [True, False, False],
        "empty": [np.nan] * 3,
    }
)


def test_a_brief_table_has_no_row_numbers_no_empty_columns_and_says_how_many_rows_there_are():
    said = repr(Result(TABLE, {}).brief(sort="-n_words", n=2))
    assert said.splitlines()[0].split() == ["group", "words", "share", "apart"]
    assert "1,200  0.12   yes" in said and "Echo" not in said
    assert said.endswith("2 of 3 rows")


def test_a_brief_table_takes_columns_and_rows_and_escapes_what_it_shows():
    brief = Result(TABLE, {}).brief("group", "share", where="share > 0")
    assert list(brief.table) == ["group", "share"] and len(brief.table) == 2
    assert "The &lt;Post&gt;" in brief._repr_html_() and "rows" not in brief._repr_html_()


@dataclass(frozen=True, eq=False, repr=False)
class Counted(Result):
    rows: pd.DataFrame = later()


def test_a_field_that_is_counted_later_is_counted_once_and_survives_a_copy():
    asked = []
    result = Counted(TABLE, {}, rows=partial(lambda: asked.append(1) or TABLE[:1]))
    assert repr(result).endswith("also rows>") and not asked
    assert result.rows is result.rows and replace(result, params={}).rows is result.rows
    assert asked == [1]
    with pytest.raises(FrozenInstanceError):
        result.rows = TABLE


def test_a_result_that_was_stored_before_it_was_counted_is_counted_when_it_is_read():
    stored = pickle.dumps(Counted(TABLE, {}, rows=partial(getattr, TABLE, "T")))
    assert list(pickle.loads(stored).rows.index) == list(TABLE)
