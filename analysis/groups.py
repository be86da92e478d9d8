"""Articles in groups: the one `by` and the one `within` of every measure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

from analysis.errors import OptionError
from analysis.features import Features
from analysis.views import publication_days

UNKNOWN = "(unknown)"
# made from the day of publication; weeks begin on Mondays
PERIODS = {"day": "D", "week": "W", "month": "M"}

By: TypeAlias = str | Sequence[str] | Mapping[str, str] | pd.Series


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
    """

    codes: np.ndarray
    names: list[str]
    by: str

    @property
    def sizes(self) -> np.ndarray:
        """Articles of each group."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))


def group_articles(features: Features, by: By) -> Grouping:
    """Put articles into groups.

    Parameters
    ----------
    features : Features
    by : str, sequence of str, mapping or Series
        A column of `articles` such as "outlet"; "day", "week" or "month" of publication; several of
        these, whose cells are joined by " · "; or a group for each article_id, where articles that
        are not named are left out. An empty cell is the group "(unknown)".

    Returns
    -------
    Grouping

    Raises
    ------
    OptionError
        If `by` is none of these, or names an article that is not in the corpus.
    """
    articles = features.table("articles")
    if isinstance(by, Mapping | pd.Series):
        given = _given(features, pd.Series(by, dtype=object))
        named, label = articles["article_id"].map(given), "(given)"
        kept = articles["article_id"].isin(given.index)
    else:
        columns = _columns(articles, by, "by", " or a mapping from article_id to group")
        named, label = _joined(articles, columns, " · "), " · ".join(columns)
        kept = pd.Series(True, articles.index)
    named = _known(named)
    names = list(dict.fromkeys(named[kept]))
    codes = named.map({name: i for i, name in enumerate(names)}).where(kept, -1)
    return Grouping(codes.to_numpy(np.int64), names, label)


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
    joined = _joined(articles, _columns(articles, within, "within"), "\x1f")
    return np.unique(joined.to_numpy(str), return_inverse=True)[1].astype(np.int64)


def _columns(articles: pd.DataFrame, given, option: str, other: str = "") -> list[str]:
    """The columns that an option names."""
    columns = [given] if isinstance(given, str) else given
    there = [*articles.columns, *PERIODS]
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
    days = pd.to_datetime(publication_days(articles), unit="D", origin="unix")
    starts = pd.Series(days, articles.index).dt.to_period(PERIODS[column]).dt.start_time
    return _known(starts.dt.strftime("%Y-%m" if column == "month" else "%Y-%m-%d"))


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
