"""Matters: the values of several articles that differ on one thing, who gave them, and when."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reuse.passages import linked
from analysis.tl._claim_contexts import ClaimContexts
from analysis.views import publication_days

MATTER_COLUMNS = ["matter", "kind", "what", "value", "article_id", "outlet", "published", "before"]
MATTER_COLUMNS += ["sentence", "start", "end", "claim"]
ABOUT_MATTERS = [
    "matter",
    "a_outlet",
    "a_published",
    "a_since",
    "b_outlet",
    "b_published",
    "b_since",
]
_COUNTS = {"dead": "toll", "more dead": "toll", "injured": "injured", "%": "share", "": "count"}
_COUNTS |= dict.fromkeys(["dollar", "pound", "euro"], "amount")


def what_is_measured(kind: str, dimension: str) -> str:
    """What a value of a dimension is, in a word for readers.

    Examples
    --------
    >>> what_is_measured("number", "dead"), what_is_measured("number", "year-old Ada Orr")
    ('toll', 'age')
    >>> what_is_measured("number", "mass"), what_is_measured("date", "date")
    ('measure', 'date')
    """
    if kind != "number":
        return kind
    if dimension.startswith("year-old"):
        return "age"
    return _COUNTS.get(dimension, "measure")


def find_matters(
    table: pd.DataFrame, articles: pd.DataFrame, claims: ClaimContexts | None
) -> pd.DataFrame:
    """The values that differ, those linked by a row of a table of disagreements as one matter.

    Parameters
    ----------
    table : DataFrame
        Of `tl.disagreements`, the surest first.
    articles : DataFrame
        article_id, outlet, published.
    claims : ClaimContexts or None
        Of the corpus, where they are known.

    Returns
    -------
    DataFrame
        MATTER_COLUMNS, as `Disagreements.matters`.
    """
    columns = ["article", "value", "sentence", "start", "end"]
    sides = [
        table[["kind", "what", side, *(f"{side}_{name}" for name in columns[1:])]].set_axis(
            ["kind", "what", *columns], axis=1
        )
        for side in "ab"
    ]
    both = pd.concat(sides, ignore_index=True)
    place, _ = pd.factorize(pd.MultiIndex.from_frame(both[["article", "start", "end"]]))
    n = len(table)
    group = linked(place[:n], place[n:], place.max(initial=-1) + 1)[place]
    rank = {name: i for i, name in enumerate(dict.fromkeys(group[:n].tolist()), start=1)}
    both["matter"] = [rank[name] for name in group.tolist()]
    both = both[~pd.Series(place).duplicated().to_numpy()]
    at = pd.Index(articles["article_id"]).get_indexer(both["article"])
    both["article_id"] = both["article"]
    both["outlet"], both["published"] = (
        articles[name].to_numpy(object)[at] for name in ("outlet", "published")
    )
    both = both.assign(day=publication_days(articles)[at], order=at)
    both = both.sort_values(["matter", "day", "order", "start"], kind="stable", ignore_index=True)
    both["before"] = _neighbour(both, 1)
    both["claim"] = "" if claims is None else claims.names(both)
    return both[MATTER_COLUMNS]


def _neighbour(mentions: pd.DataFrame, step: int) -> np.ndarray:
    """The value that the outlet gave next before (1) or last of all after (-1), if another."""
    given = [""] * len(mentions)
    for _, rows in mentions[mentions["outlet"] != ""].groupby(["matter", "outlet"]).indices.items():
        day, value = (mentions[name].to_numpy()[rows] for name in ("day", "value"))
        for k, row in enumerate(rows):
            other = np.flatnonzero(day < day[k] if step > 0 else day > day[k])
            if len(other) and value[k] not in value[day == day[other[-1]]]:
                given[row] = value[other[-1]]
    return np.array(given, object)


def with_matters(
    table: pd.DataFrame, mentions: pd.DataFrame, articles: pd.DataFrame
) -> pd.DataFrame:
    """The table with `ABOUT_MATTERS`: matter, outlet and time of either value, what came since."""
    day = pd.Series(publication_days(articles), articles["article_id"])
    mentions = mentions.assign(day=day[mentions["article_id"]].to_numpy())
    mentions["since"] = _neighbour(mentions, -1)
    known = mentions.set_index(["article_id", "start", "end"])
    for side in "ab":
        places = pd.MultiIndex.from_frame(table[[side, f"{side}_start", f"{side}_end"]])
        of = known.reindex(places)
        table = table.assign(
            matter=of["matter"].to_numpy(int),
            **{f"{side}_{name}": of[name].to_numpy() for name in ("outlet", "published", "since")},
        )
    return table
