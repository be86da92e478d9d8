"""Results for reading: some rows of a table in plain words."""

import numpy as np
import pandas as pd

from analysis.results import Result

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
