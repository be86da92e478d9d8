"""Articles in groups: what `by` and `within` may be, and what is refused."""

import pytest

from analysis.errors import OptionError
from analysis.extract.memory import extract_articles
from analysis.groups import group_articles, strata
from analysis.io.article import Article
from tests.memory import features_of, with_column


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


def test_what_one_measure_makes_of_its_groups_is_not_what_the_next_is_given(features):
    before = group_articles(features, "outlet")
    changed = group_articles(features, "outlet")
    changed.codes[:] = -1
    changed.names.clear()
    changed.table["label"] = "changed"
    again = group_articles(features, "outlet")
    assert again.names == before.names == ["Bee", "Gazette"]
    assert again.codes.tolist() == before.codes.tolist() == [0, 1, 0]
    assert again.table.equals(before.table) and "changed" not in set(again.table["label"])


def test_cells_that_are_the_same_only_when_joined_are_other_strata():
    about = [("ab", "c"), ("a", "bc"), ("ab", "c")]
    rows = [{"outlet": outlet, "author": author} for outlet, author in about]
    features = extract_articles(
        [Article(f"a{i}", f"Text {i}.", "en", row) for i, row in enumerate(rows)]
    )
    first, second, third = strata(features, ["outlet", "author"])
    assert first == third != second


def test_weeks_begin_on_mondays_and_months_on_their_first_day():
    days = ["2024-08-04", "2024-08-05", "2024-08-11T23:30:00+00:00", "2024-09-01", ""]
    rows = [Article(f"a{i}", "Text.", "en", {"published": day}) for i, day in enumerate(days)]
    features = extract_articles(rows)
    weeks, months = (group_articles(features, period) for period in ("week", "month"))
    assert weeks.names == ["2024-07-29", "2024-08-05", "2024-08-26", "(unknown)"]
    assert weeks.codes.tolist() == [0, 1, 1, 2, 3]
    assert months.names == ["2024-08", "2024-09", "(unknown)"]


@pytest.mark.parametrize("given", [5, [["outlet"]], [{}], [], "colour", ["outlet", None], {"a"}])
def test_anything_else_is_an_option_error(features, given):
    with pytest.raises(OptionError, match="by must be one or more of 'article_id'"):
        group_articles(features, given)
    with pytest.raises(OptionError, match="within must be one or more of 'article_id'"):
        strata(features, given)


def test_groups_are_described_for_people_and_outlets_are_the_usual_ones():
    features = features_of(
        dict.fromkeys("abcde", "A day. A night."),
        outlets={"a": "Post", "b": "Post", "c": "Echo", "d": "Echo"},
    )
    days = ["2024-08-01", "2024-08-01", "2024-08-01", "", "2024-08-09"]
    features = with_column(features, "published", days)
    usual = group_articles(features)
    assert usual.by == "outlet" and usual.names == ["Post", "Echo", "(unknown)"]
    assert usual.table["n_articles"].tolist() == [2, 2, 1]
    assert usual.table["n_sentences"].tolist() == [4, 4, 2]
    assert usual.table["colour"].tolist() == [1, 0, -1], "by articles, then by name"
    each = group_articles(features, "article_id").table
    assert each["label"].tolist() == [
        *("Post, 1 Aug 2024 (1)", "Post, 1 Aug 2024 (2)", "Echo, 1 Aug 2024"),
        *("Echo", "outlet unknown, 9 Aug 2024"),
    ]  # fmt: skip
    weekly = group_articles(features, ["outlet", "week"])
    assert weekly.over_time and not usual.over_time
    assert weekly.table["series"].tolist() == ["Post", "Echo", "Echo", "(unknown)"]
    assert weekly.table["period"].isna().tolist() == [False, False, True, False]
    assert group_articles(features, "month").table["series"].tolist() == ["", ""]


def test_without_two_outlets_of_two_articles_the_article_is_the_usual_group():
    texts = dict.fromkeys("abc", "A day.")
    assert group_articles(features_of(texts)).by == "article_id"
    lone = features_of(texts, outlets={"a": "Post", "b": "Post", "c": "Echo"})
    assert group_articles(lone).by == "article_id"


@pytest.mark.parametrize("given", [["week", "month"], ["outlet", "day", "week"]])
def test_two_periods_are_refused_as_a_figure_has_one_axis_of_time(features, given):
    with pytest.raises(OptionError, match="at most one of 'day', 'week', 'month'") as refused:
        group_articles(features, given)
    assert str(refused.value).endswith(f"give by={given[:-1]}")


def test_a_column_of_ones_own_that_is_called_as_a_period_is_a_column(features):
    features = with_column(features, "month", ["early", "late", "late"])
    groups = group_articles(features, ["month", "week"])
    assert groups.table["series"].tolist() == ["early", "late"] and groups.over_time
