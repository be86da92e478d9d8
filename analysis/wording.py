"""Words that findings share: lists of names, who stands apart, how well a measure is known."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pandas as pd

AGREEMENT = Path(__file__).parent / "data" / "agreement.csv"
_NUMBERS = "no one two three four five six seven eight nine ten".split()


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


def apart(table: pd.DataFrame, groups: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Labels of the groups above the rest, and of those below, the farthest first.

    Parameters
    ----------
    table : DataFrame
        With `group` and the columns of `analysis.inference.Comparison.columns`.
    groups : DataFrame
        `analysis.groups.Grouping.table`.
    """
    label = groups.set_index("group")["label"]
    named = table[table["apart"].astype(bool)]
    distance = (named["shrunk"] - named["rest"]).to_numpy(float)
    order = (-abs(distance)).argsort(kind="stable")
    names = label[named["group"]].tolist()
    return [names[i] for i in order if distance[i] >= 0], [
        names[i] for i in order if distance[i] < 0
    ]


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
