"""What groups leave out of what others tell, over the claims of one story or many."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.comparison import SHARE_LIMITS, compare_groups
from analysis.inference import wilson

OTHERS = 3  # other groups that tell a claim which a group may be said to leave out
GROUPED = "story claim group answer p rate article_id sentence place down voice".split()
_RANK = {"tells": 0, "unsure": 1, "omits": 2, "not judged": 3}


def by_group(cells: pd.DataFrame, group_of: dict[str, str]) -> pd.DataFrame:
    """Cells of groups: the best answer of their articles.

    Parameters
    ----------
    cells : DataFrame
        `Story.table`.
    group_of : dict of str to str
        Article → group; others are left out.

    Returns
    -------
    DataFrame
        Columns `GROUPED`. What all articles omit is wrong if it is for one of them.
    """
    cells = cells.assign(group=cells["article_id"].map(group_of)).dropna(subset="group")
    cells = cells.assign(rank=cells["answer"].map(_RANK), right=1 - cells["rate"].astype(float))
    keys = ["story", "claim", "group"]
    order = cells.reset_index(names="at").sort_values(["rank", "down", "at"], kind="stable")
    first = order.drop_duplicates(keys).set_index(keys)
    every = cells.groupby(keys, sort=False)
    right = every["right"].prod().where(every["right"].count() == every.size())
    omitted = first["answer"] == "omits"
    rate = first["rate"].astype(float).where(~omitted, 1 - right.reindex(first.index)).round(3)
    best = every["p"].max().reindex(first.index)
    return first.assign(rate=rate, p=best).sort_values("at").reset_index()[GROUPED]


def judged_omissions(grouped: pd.DataFrame) -> pd.DataFrame:
    """The cells of claims that enough other groups tell: story, claim, group, omitted."""
    tells = grouped["answer"] == "tells"
    others = tells.groupby([grouped["story"], grouped["claim"]]).transform("sum") - tells
    asked = grouped[(others >= OTHERS) & (grouped["answer"] != "not judged")]
    return asked.assign(omitted=asked["answer"] == "omits")[["story", "claim", "group", "omitted"]]


def omissions(
    grouped: pd.DataFrame, names: Sequence[str], *, draws: int, level: float, seed: int
) -> pd.DataFrame:
    """The share of claims that each group omits of those that enough others tell."""
    asked = judged_omissions(grouped)
    code = pd.Index(names).get_indexer(asked["group"])
    story = pd.factorize(asked["story"])[0]
    compared = compare_groups(
        asked["omitted"].to_numpy(float),
        np.ones(len(asked)),
        code,
        story,
        list(names),
        what="omissions",
        draws=draws,
        level=level,
        seed=seed,
    )
    counts = asked.groupby("group")["omitted"].agg(["size", "sum"]).reindex(names, fill_value=0)
    table = pd.DataFrame({"group": list(names), "n_claims": counts["size"].to_numpy()})
    return table.assign(
        n_omitted=counts["sum"].to_numpy(int), **compared.columns("share", limits=SHARE_LIMITS)
    )


def of_what(grouped: pd.DataFrame, topics: pd.DataFrame, level: float) -> pd.DataFrame:
    """The same by what claims are about: frames, actors and voices."""
    asked = judged_omissions(grouped).merge(topics, on=["story", "claim"])
    keys = ["group", "kind", "name"]
    counts = asked.groupby(keys)["omitted"].agg(["size", "sum"]).reset_index()
    counts = counts.rename(columns={"size": "n_claims", "sum": "n_omitted"})
    n, k = counts["n_claims"].to_numpy(float), counts["n_omitted"].to_numpy(float)
    low, high = wilson(k, n, level)
    return counts.assign(share=k / np.maximum(n, 1), low=low, high=high)
