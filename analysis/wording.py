"""Words that findings share: lists of names, who stands apart, how well a measure is known."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd

AGREEMENT = Path(__file__).parent / "data" / "agreement.csv"
_NUMBERS = "no one two three four five six seven eight nine ten".split()
_PERIODS = ("day", "week", "month")
_NOUNS = {"article_id": "article"} | {name: name for name in ("outlet", *_PERIODS)}


_AS_FAR = 0.6  # of the farthest


def listed(names: Sequence[str], most: int = 3) -> str:
    """Names as a list in a sentence, those beyond `most` counted.

    Examples
    --------
    >>> listed(["The Post", "The Echo"])
    'The Post and The Echo'
    >>> listed(["The Post", "The Echo", "The Sun", "The Star", "The Mail"])
    'The Post, The Echo, The Sun and two others'
    """
    names = list(names)
    if len(names) > most + 1:
        names = [*names[:most], f"{number(len(names) - most)} others"]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def number(n: int) -> str:
    """A whole number as a sentence has it: in letters up to ten.

    Examples
    --------
    >>> number(3), number(12)
    ('three', '12')
    """
    return _NUMBERS[n] if 0 <= n < len(_NUMBERS) else f"{n:,}"


def noun(by: str) -> tuple[str, str]:
    """What one group and several are called, by `Grouping.by`.

    Examples
    --------
    >>> noun("outlet"), noun("lean · month")
    (('outlet', 'outlets'), ('group', 'groups'))
    """
    one = _NOUNS.get(by, "group")
    return one, f"{one}s"


def none_of(by: str) -> str:
    """The subject of a sentence that denies something of all groups, by `Grouping.by`.

    Examples
    --------
    >>> none_of("outlet"), none_of("outlet · week"), none_of("lean")
    ('No outlet', 'No outlet in any week', 'No group')
    """
    units = by.split(" · ")
    times = [unit for unit in units if unit in _PERIODS]
    others = [unit for unit in units if unit not in _PERIODS]
    if not times or not others:
        return f"No {noun(by)[0]}"
    return f"No {noun(' · '.join(others))[0]} {'on' if times[0] == 'day' else 'in'} any {times[0]}"


def no_difference(table: pd.DataFrame, by: str, deed: str) -> str:
    """The finding where no group is apart: that none is, or that all are too small to be compared.

    Parameters
    ----------
    table : DataFrame
        With the columns of `analysis.comparison.Comparison.columns`.
    by : str
        `analysis.groups.Grouping.by`.
    deed : str
        Such as "differs from the rest in its tone".
    """
    if table["joint_low"].isna().all():
        return f"Too few articles to say which {noun(by)[0]} {deed}"
    return f"{none_of(by)} {deed} beyond chance"


def names_of(groups: pd.DataFrame, by: str) -> pd.Series:
    """The groups' names in a sentence, with their day, week or month; the index is `group`.

    Of a group that is one article a sentence says so, as it tells of that alone.

    Parameters
    ----------
    groups : DataFrame
        `analysis.groups.Grouping.table`.
    by : str
        `analysis.groups.Grouping.by`.
    """
    units = by.split(" · ")
    names = {}
    for row in groups.itertuples():
        name = row.label if pd.isna(row.period) else _dated(row.series, row.period, units)
        if units == ["article_id"]:  # a comma would not do in a list
            name = name.replace(f"{row.outlet}, ", f"{row.outlet} of ", 1)
        elif row.n_articles == 1:
            name = f"{name} (one article)"
        names[row.group] = name
    return pd.Series(names, dtype=object)


def _dated(series: str, period: pd.Timestamp, units: Sequence[str]) -> str:
    day = f"{period.day} {period:%B %Y}"
    said = f"{period:%B %Y}" if "month" in units else day
    said = f"the week of {day}" if "week" in units and "month" not in units else said
    if not series:
        return said
    return f"{series} {'on' if said == day else 'in'} {said}"


def apart(table: pd.DataFrame, groups: pd.DataFrame, by: str = "") -> tuple[list[str], list[str]]:
    """Names of the groups above the rest, and of those below, the farthest first.

    Parameters
    ----------
    table : DataFrame
        With `group` and the columns of `analysis.comparison.Comparison.columns`.
    groups : DataFrame
        `analysis.groups.Grouping.table`.
    by : str
        `analysis.groups.Grouping.by`, for the names of periods.
    """
    label = names_of(groups, by)
    named = table[table["apart"].astype(bool)]
    distance = (named["shrunk"] - named["rest"]).to_numpy(float)
    order = (-abs(distance)).argsort(kind="stable")
    names = label[named["group"]].tolist()
    return [names[i] for i in order if distance[i] >= 0], [
        names[i] for i in order if distance[i] < 0
    ]


def differing(
    table: pd.DataFrame, groups: pd.DataFrame, by: str = ""
) -> list[tuple[float, list[str]]]:
    """How far the farthest group is from the rest, above or below, and the names on its side.

    The other side follows where it is about as far: where one group stands out, all others are a
    little apart from a rest that it is in.

    Parameters
    ----------
    table, groups, by
        As for `apart`.
    """
    named = table[table["apart"].astype(bool)]
    distance = (named["shrunk"] - named["rest"]).to_numpy(float)
    above, below = apart(table, groups, by)
    sides = [(float(distance.max(initial=0)), above), (float(distance.min(initial=0)), below)]
    sides = sorted([side for side in sides if side[1]], key=lambda side: -abs(side[0]))
    two = table["shrunk"].notna().sum() == 2
    if len(sides) == 2 and (two or abs(sides[1][0]) < _AS_FAR * abs(sides[0][0])):
        return sides[:1]
    return sides


@cache
def agreement(measure: str) -> str:
    """How well a measure agrees with people, as a benchmark of this repository found; else "".

    Parameters
    ----------
    measure : str
        Such as "tone".
    """
    with AGREEMENT.open(encoding="utf-8", newline="") as stream:
        return {row["measure"]: row["says"] for row in csv.DictReader(stream)}.get(measure, "")
