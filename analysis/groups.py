"""Articles in groups: the one `by` and the one `within` of every measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from analysis.errors import OptionError
from analysis.event_names import story_labels
from analysis.events import STORY, story_of
from analysis.features import Features
from analysis.views import publication_days

UNKNOWN = "(unknown)"
# made from the day of publication; weeks begin on Mondays
PERIODS = {"day": "D", "week": "W", "month": "M"}

By: TypeAlias = str | Sequence[str] | Mapping[str, str] | pd.Series
# for every measure of a corpus again: by features, and the columns that `by` names
_GROUPED: WeakKeyDictionary[Features, dict] = WeakKeyDictionary()


@dataclass(frozen=True)
class Grouping:
    """Articles in groups.

    Attributes
    ----------
    codes : int array of shape (n_articles,)
        The group of each article in the order of `features.article_ids`; -1 for those left out.
    names : list of str
        The groups, in the order of their first articles.
    by : str
        What results call it: the columns, or "(given)".
    table : DataFrame
        One row a group, which results carry as `groups`.

        ===========  =========  ===================================================================
        column       unit       meaning
        ===========  =========  ===================================================================
        group                   its name in results
        label                   its name for people: of an article, its outlet and day
        series                  the group without its period; empty where `by` is a period alone
        period       date       first day of its day, week or month; NaT where `by` has none
        outlet                  the outlet of all its articles; empty where it has several or none
        colour                  the place of that outlet among the corpus's, by articles; else -1
        n_articles   articles
        n_sentences  sentences
        n_words      words
        ===========  =========  ===================================================================
    """

    codes: np.ndarray
    names: list[str]
    by: str
    table: pd.DataFrame = field(repr=False)

    @property
    def sizes(self) -> np.ndarray:
        """Articles of each group."""
        return self.table["n_articles"].to_numpy()

    @property
    def over_time(self) -> bool:
        """Whether groups differ by a day, week or month."""
        return has_periods(self.table)


def has_periods(groups: pd.DataFrame) -> bool:
    """Whether groups of `Grouping.table` differ by a day, week or month."""
    return bool(groups["period"].notna().any())


def group_articles(features: Features, by: By | None = None) -> Grouping:
    """Put articles into groups.

    Parameters
    ----------
    features : Features
    by : str, sequence of str, mapping, Series or None
        A column of `articles` such as "outlet"; "day", "week" or "month" of publication; "story",
        the event that articles are about (see `analysis.events.story_of`); several of these (of the
        periods one), whose cells are joined by " · "; or a group for each article_id, where
        articles that are not named are left out. An empty cell is the group "(unknown)".
        Without one: the outlet, where at least two outlets have two articles each, else the
        article.

    Returns
    -------
    Grouping

    Raises
    ------
    OptionError
        If `by` is none of these, holds two periods, or names an article that is not in the corpus.
    """
    columns = [by] if by is None or isinstance(by, str) else by
    if not isinstance(columns, list | tuple) or not all(isinstance(c, str | None) for c in columns):
        return _grouped(features, by)
    grouped = _GROUPED.setdefault(features, {})
    if (key := tuple(columns)) not in grouped:
        grouped[key] = _grouped(features, by)
    known = grouped[key]
    own = {"codes": known.codes.copy(), "names": [*known.names], "table": known.table.copy()}
    return replace(known, **own)


def _grouped(features: Features, by: By | None) -> Grouping:
    articles = features.table("articles")
    by = usual_groups(articles) if by is None else by
    articles = _with_stories(features, articles, by)
    period = pd.Series(pd.NaT, articles.index)
    if isinstance(by, Mapping | pd.Series):
        given = _given(features, pd.Series(by, dtype=object))
        named, label = _known(articles["article_id"].map(given)), "(given)"
        kept = articles["article_id"].isin(given.index)
        series = named
    else:
        columns = _columns(articles, by, "by", " or a mapping from article_id to group")
        named, label = _joined(articles, columns, " · "), " · ".join(columns)
        kept = pd.Series(True, articles.index)
        times = [column for column in columns if column in PERIODS and column not in articles]
        if len(times) > 1:
            kept_one = [column for column in columns if column not in times[1:]]
            raise OptionError(
                f"by must hold at most one of {', '.join(map(repr, PERIODS))}, as a figure has one"
                f" axis of time (got {by!r:.60}); give by={kept_one}"
            )
        others = [column for column in columns if column not in times]
        series = pd.Series("", articles.index)
        if others:
            called = _called(features, articles, others)
            series = _joined(called, others, " · ")
        if times:
            period = _starts(articles, times[0])
    names = list(dict.fromkeys(named[kept]))
    codes = named.map({name: i for i, name in enumerate(names)}).where(kept, -1)
    codes = codes.to_numpy(np.int64)
    label_of = article_labels(articles) if label == "article_id" else series
    label_of = label_of.where(label_of != "", named)
    table = _described(articles, codes, names, label_of, series, period)
    return Grouping(codes, names, label, table)


def usual_groups(articles: pd.DataFrame) -> str:
    """What `by` is where none is given: "outlet", or "article_id" where there are too few.

    Parameters
    ----------
    articles : DataFrame
        The table of features.
    """
    sizes = articles["outlet"].replace("", None).value_counts()
    return "outlet" if (sizes >= 2).sum() >= 2 else "article_id"


def _described(
    articles: pd.DataFrame,
    codes: np.ndarray,
    names: list[str],
    labels: pd.Series,
    series: pd.Series,
    period: pd.Series,
) -> pd.DataFrame:
    """The groups with their labels, periods and sizes."""
    rank = {name: i for i, name in enumerate(ranked_outlets(articles))}
    kept = codes >= 0
    of, n = codes[kept], len(names)
    firsts = np.unique(of, return_index=True)[1]  # each group has an article
    outlet = articles["outlet"].fillna("").astype(str)[kept].to_numpy(object)
    other = outlet != outlet[firsts][of]
    alone = np.bincount(of, weights=other, minlength=n) == 0
    columns = {"group": pd.Series(names, dtype=object)}
    for column, cells in {"label": labels, "series": series, "period": period}.items():
        columns[column] = cells[kept].iloc[firsts].reset_index(drop=True)
    if period.notna().any():
        columns["period"] = period[kept].groupby(of).min()
    columns["outlet"] = pd.Series(np.where(alone, outlet[firsts], ""), dtype=str)
    colours = [rank.get(name, -1) for name in columns["outlet"]]
    columns |= {"colour": np.array(colours, int), "n_articles": np.bincount(of, minlength=n)}
    for column, cells in {"n_sentences": "n_sentences", "n_words": "n_tokens"}.items():
        columns[column] = np.bincount(of, articles[cells][kept], n).astype(int)
    return pd.DataFrame(columns)


def ranked_outlets(articles: pd.DataFrame) -> list[str]:
    """The outlets, those with most articles first, then by name: who has which colour."""
    sizes = articles["outlet"].replace("", None).dropna().value_counts()
    return sorted(sizes.index, key=lambda name: (-sizes[name], name))


def article_labels(articles: pd.DataFrame) -> pd.Series:
    """Outlet and day of each article, numbered where two have the same; else its id."""
    day = pd.to_datetime(publication_days(articles), unit="D", origin="unix")
    written = ["" if pd.isna(d) else f"{d.day} {d:%b %Y}" for d in day]
    outlets = articles["outlet"].fillna("").astype(str).tolist()
    if any(outlets):  # beside named ones an id would be no name
        said = zip((outlet or "outlet unknown" for outlet in outlets), written)
        labels = [", ".join(filter(None, both)) for both in said]
    else:
        labels = articles["article_id"].astype(str).tolist()
    times, seen = Counter(labels), Counter[str]()
    for place, label in enumerate(labels):
        if times[label] > 1:
            seen[label] += 1
            labels[place] = f"{label} ({seen[label]})"
    return pd.Series(labels, articles.index, dtype=str)


def unit_labels(groups: pd.DataFrame) -> pd.Series:
    """What people call groups of `Grouping.table`, by group; with its period where it has one."""
    days = [day for day in groups["period"] if not pd.isna(day)]
    pattern = "{:%b %Y}" if all(day.day == 1 for day in days) else "{0.day} {0:%b %Y}"
    said = [
        ", ".join(filter(None, [str(label), "" if pd.isna(day) else pattern.format(day)]))
        for label, day in zip(groups["label"], groups["period"])
    ]
    return pd.Series(said, index=groups["group"])


def strata(features: Features, within: str | Sequence[str] | None) -> np.ndarray:
    """Number the articles' strata: only articles of one stratum are exchanged between groups.

    Parameters
    ----------
    features : Features
    within : str, sequence of str or None
        As `by` of `group_articles`; with None all articles are of one stratum.

    Returns
    -------
    int array of shape (n_articles,)

    Raises
    ------
    OptionError
        If `within` names no column of the articles.
    """
    articles = features.table("articles")
    if within is None:
        return np.zeros(len(articles), np.int64)
    articles = _with_stories(features, articles, within)
    joined = _joined(articles, _columns(articles, within, "within"), "\x1f")
    return np.unique(joined.to_numpy(str), return_inverse=True)[1].astype(np.int64)


def _with_stories(features: Features, articles: pd.DataFrame, given) -> pd.DataFrame:
    """The articles with the column "story", if an option names it."""
    named = [given] if isinstance(given, str) else given
    if not isinstance(named, Sequence) or STORY not in named:
        return articles
    return articles.assign(**{STORY: story_of(features).to_numpy()})


def _called(features: Features, articles: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """The articles with their story as people call it, if it is one of the columns."""
    if STORY not in columns:
        return articles
    return articles.assign(**{STORY: story_labels(features).to_numpy()})


def _columns(articles: pd.DataFrame, given, option: str, other: str = "") -> list[str]:
    """The columns that an option names."""
    columns = [given] if isinstance(given, str) else given
    there = list(dict.fromkeys([*articles.columns, *PERIODS, STORY]))
    if isinstance(columns, Sequence) and columns and all(column in there for column in columns):
        return list(columns)
    allowed = f"one or more of {', '.join(map(repr, there))}{other}"
    raise OptionError(f"{option} must be {allowed} (got {given!r:.60})")


def _joined(articles: pd.DataFrame, columns: list[str], mark: str) -> pd.Series:
    """The cells of several columns, joined by a mark."""
    joined, *others = (_cells(articles, column) for column in columns)
    for cells in others:
        joined = joined + mark + cells
    return joined


def _cells(articles: pd.DataFrame, column: str) -> pd.Series:
    if column in articles:
        return _known(articles[column])
    starts = _starts(articles, column)
    return _known(starts.dt.strftime("%Y-%m" if column == "month" else "%Y-%m-%d"))


def _starts(articles: pd.DataFrame, column: str) -> pd.Series:
    """The first day of each article's day, week or month; NaT where it has no date."""
    days = pd.to_datetime(publication_days(articles), unit="D", origin="unix")
    return pd.Series(days, articles.index).dt.to_period(PERIODS[column]).dt.start_time


def _known(cells: pd.Series) -> pd.Series:
    return cells.where(cells.notna() & (cells.astype(str) != ""), UNKNOWN).astype(str)


def _given(features: Features, given: pd.Series) -> pd.Series:
    known = set(features.whole.article_ids)
    strange = [str(a) for a in given.index if a not in known]
    if strange or given.index.has_duplicates or given.empty:
        twice = "names an article twice" if len(given) else "is empty"
        problem = f"names {', '.join(strange[:5])}" if strange else twice
        needed = f"a mapping from each article_id of {features.corpus} to its group"
        raise OptionError(f"by must be {needed} (it {problem})")
    return given
