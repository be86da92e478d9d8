"""Articles in groups: what `by` and `within` may be, and what is refused."""

import pytest

from analysis.errors import OptionError
from analysis.extract.memory import extract_articles
from analysis.groups import group_articles, strata
from analysis.io.article import Article


@pytest.fixture(scope="module")
def features():
    about = [("Bee", "2024-08-01"), ("Gazette", "2024-08-02"), ("Bee", "2024-08-02")]
    rows = [{"outlet": outlet, "published": day} for outlet, day in about]
    return extract_articles([Article(f"a{i}", f"Text {i}.", "en", r) for i, r in enumerate(rows)])


def test_columns_are_joined(features):
    grouping = group_articles(features, ["outlet", "day"])
    assert grouping.names == ["Bee · 2024-08-01", "Gazette · 2024-08-02", "Bee · 2024-08-02"]
    assert grouping.by == "outlet · day"
    assert strata(features, ["outlet"]).tolist() == [0, 1, 0]


@pytest.mark.parametrize("given", [5, [["outlet"]], [{}], [], "colour", ["outlet", None], {"a"}])
def test_anything_else_is_an_option_error(features, given):
    with pytest.raises(OptionError, match="by must be one or more of 'article_id'"):
        group_articles(features, given)
    with pytest.raises(OptionError, match="within must be one or more of 'article_id'"):
        strata(features, given)
