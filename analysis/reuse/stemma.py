"""The stemma: from whom each article of a family had the shared text, as a tree with probabilities."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

CERTAIN = 1 - 1e-9


def stemma(words: pd.DataFrame, pairs: pd.DataFrame) -> pd.DataFrame:
    """Parents of each witness of a missing source.

    An article had the text from one of the others or from none of them, that is from the source.
    With p the probability that it had it from another one, the odds ``p / (1 - p)`` against "from
    none" (odds 1) are shared out to sum 1. The tree takes the likeliest parents first, leaving out
    what would close a circle.

    Parameters
    ----------
    words : DataFrame
        family, witnesses: see `MissingSource.table`.
    pairs : DataFrame
        a, b, p_a_from_b, p_b_from_a: see `Lineage.table`.

    Returns
    -------
    DataFrame
        family, parent (the family's name is the missing source), child, probability, in_tree. Of
        each child all parents with a probability of at least 0.05 and the one in the tree.
    """
    rows = []
    for family, part in words.groupby("family", sort=False):
        members = dict.fromkeys(
            article for said in part["witnesses"].unique() for article in said.split(" ")
        )
        odds: dict[str, dict[str, float]] = defaultdict(dict)
        inside = pairs[pairs["a"].isin(members) & pairs["b"].isin(members)]
        for a, b, from_b, from_a in inside[["a", "b", "p_a_from_b", "p_b_from_a"]].itertuples(
            index=False
        ):
            odds[a][b], odds[b][a] = (
                min(p, CERTAIN) / (1 - min(p, CERTAIN)) for p in (from_b, from_a)
            )
        edges = []
        for child in members:
            total = 1 + sum(odds[child].values())
            edges += [(parent, child, value / total) for parent, value in odds[child].items()] + [
                (family, child, 1 / total)
            ]
        up: dict[str, str] = {}
        for parent, child, _ in sorted(edges, key=lambda edge: -edge[2]):
            if child not in up and not _above(up, parent, child):
                up[child] = parent
        rows += [
            (family, *edge, up.get(edge[1]) == edge[0])
            for edge in edges
            if edge[2] >= 0.05 or up.get(edge[1]) == edge[0]
        ]
    return pd.DataFrame(
        rows, columns=["family", "parent", "child", "probability", "in_tree"]
    ).astype({"probability": float, "in_tree": bool})


def _above(up: dict[str, str], article: str, other: str) -> bool:
    """Whether `other` stands above `article`, or is it."""
    while article != other and article in up:
        article = up[article]
    return article == other
