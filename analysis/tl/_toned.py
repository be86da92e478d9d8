"""Tone as it is shared: means no finer than would tell the tone of one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.groups import PERIODS, By, Grouping, usual_groups
from analysis.store import Shipment

_MOST_GROUPS = 200  # of which tone is shipped


def shipped_groupings(shipment: Shipment) -> Iterator[tuple[str, By]]:
    """The groups of which tone is shipped: the usual ones, and those by day, week and month.

    Parameters
    ----------
    shipment : Shipment

    Yields
    ------
    name : str
        As results call it.
    by : str or Series
        As the shared form names the groups, which may withhold some.
    """
    articles = shipment.articles
    usual = usual_groups(articles)
    yield usual, articles.set_index("article_id", drop=False)[usual]
    yield from ((period, period) for period in PERIODS)


def stored(table: pd.DataFrame, by: str, sizes: np.ndarray, names: list[str]) -> pd.DataFrame:
    """A table of groups as it is stored: by whom, and how many articles each group has.

    Parameters
    ----------
    table : DataFrame
    by : str
    sizes : int array
    names : list of str
        The groups.

    Returns
    -------
    DataFrame
        Empty where there are more groups than are shipped.
    """
    if len(names) > _MOST_GROUPS:
        return table.iloc[:0].assign(by="", size=0)
    of = table["group"].map(dict(zip(names, sizes.tolist()))) if "group" in table else len(names)
    return table.assign(by=by, size=of)


def restored(table: pd.DataFrame, grouping: Grouping, every: pd.DataFrame) -> pd.DataFrame | None:
    """The stored rows for a grouping; None unless they are of the very same groups and articles.

    Parameters
    ----------
    table : DataFrame
        The rows that are asked for.
    grouping : Grouping
    every : DataFrame
        The stored table that names all groups.
    """
    every = every[every["by"] == grouping.by]
    sizes = every.drop_duplicates("group").set_index("group")["size"].to_dict()
    if not sizes or sizes != dict(zip(grouping.names, grouping.sizes.tolist())):
        return None
    rows = table[table["by"] == grouping.by].drop(columns=["by", "size"])
    return rows.reset_index(drop=True)


def coarse(
    table: pd.DataFrame, columns: Iterable[str], n: pd.Series, of_sum: float = 0.5
) -> pd.DataFrame:
    """Means no finer than that their sum is known to half a mention; of a single one, to a whole.

    Finer ones would tell the tone of one sentence: where a cell has one mention, or by subtracting
    one cell from another.

    Parameters
    ----------
    table : DataFrame
    columns : iterable of str
        Those that hold means, or their bounds.
    n : Series
        Mentions that each row's mean is of.
    of_sum : float
        To what the sum is rounded.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> shown = pd.DataFrame({"tone": [0.4, 0.4, 0.4]})
    >>> coarse(shown, ["tone"], pd.Series([1, 2, 100]))["tone"].tolist()
    [0.0, 0.5, 0.4]
    """
    steps = (of_sum / n.clip(lower=1)).where(n > 1, 1.0)
    there = [column for column in columns if column in table]
    rounded = {column: (table[column].astype(float) / steps).round() * steps for column in there}
    return table.assign(**{column: cells.round(6) + 0.0 for column, cells in rounded.items()})


def coarse_shrunk(shrunk: pd.Series, n: pd.Series) -> pd.Series:
    """Shrunk means in coarse steps from their median, so that equal ones, and their order, stay.

    Parameters
    ----------
    shrunk : Series
        Of all groups that are compared.
    n : Series
        Mentions of each.

    Returns
    -------
    Series
    """
    middle = pd.DataFrame({"middle": shrunk.median()}, shrunk.index)
    middle = coarse(middle, ["middle"], pd.Series(n.sum(), n.index))["middle"]
    away = coarse(pd.DataFrame({"away": shrunk - middle}), ["away"], n)["away"]
    return (middle + away).round(6)


def has_tone(features: Features) -> bool:
    """Whether any mention has a tone."""
    return features.has("mentions") and bool(features.table("mentions")["negative"].notna().any())
