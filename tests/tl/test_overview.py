"""Overview: words and quotations are counted as they stand in the texts."""

from analysis import pl, tl
from tests.memory import features_of


def test_words_and_quotations_are_counted():
    texts = {"a": "“It is all fine by me,” said Ada Orr. It was a day.", "b": "Nobody spoke."}
    result = tl.overview(features_of(texts))
    assert result.table["n_words"].tolist() == [13, 2]
    assert result.table["n_quotations"].tolist() == [1, 0]
    assert result.table["quoted_words"].tolist() == [6, 0]
    assert result.table["quoted_share"].tolist() == [6 / 13, 0]
    assert result.finding.startswith("2 articles of 2 to 13 words;")


def test_its_figure_draws_what_its_table_says():
    result = tl.overview(features_of({"a": "“It is all fine by me,” said Ada Orr. It was a day."}))
    (ax,) = pl.overview(result).axes
    assert sorted(bar.get_width() for bar in ax.patches) == [6, 7]
