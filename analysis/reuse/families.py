"""Families: articles that descend from one text, by how much of the shorter one they share."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.reuse.coverage import shared
from analysis.reuse.seeds import BOILERPLATE
from analysis.reuse.store import Columns

LEAST_WORDS = 30  # that two articles of a family share; two notes of a sentence each are no family


def families(found: Columns, articles: pd.DataFrame, *, share: float = 0.5) -> pd.DataFrame:
    """Group articles that share most of their words.

    Two articles are of one family if passages other than boilerplate hold at least `share` of the
    shorter one's words, and at least 30; so are all that are linked through such pairs. Who wrote
    first is not said: the common text may be in none of them.

    Parameters
    ----------
    found : dict of arrays
        Passages, as `find_passages` gives them.
    articles : DataFrame
        article_id, published, n_tokens.
    share : float

    Returns
    -------
    DataFrame
        family (named after its earliest article, else its first), article_id, n_words, common
        (words that it shares with others of the family), share; families by size, members by date
        where it is known.
    """
    sizes = articles["n_tokens"].to_numpy(np.int64)
    plain = found["flags"] & BOILERPLATE == 0
    rows = {name: values[plain] for name, values in found.items()}
    key = rows["a"].astype(np.int64) << 32 | rows["b"]
    keys = np.unique(key)
    a, b = keys >> 32, keys & 0xFFFFFFFF
    words = {side: shared(key, rows[f"{side}_position"], rows[f"{side}_words"]) for side in "ab"}
    shorter = np.where(sizes[a] <= sizes[b], words["a"], words["b"])
    kin = (shorter >= share * np.minimum(sizes[a], sizes[b])) & (shorter >= LEAST_WORDS)
    _, family = connected_components(
        coo_array((np.ones(kin.sum()), (a[kin], b[kin])), shape=(len(sizes), len(sizes))),
        directed=False,
    )
    inside = family[rows["a"]] == family[rows["b"]]
    member = np.r_[rows["a"][inside], rows["b"][inside]].astype(np.int64)
    first = np.r_[rows["a_position"][inside], rows["b_position"][inside]]
    length = np.r_[rows["a_words"][inside], rows["b_words"][inside]]
    common = np.zeros(len(sizes), np.int64)
    common[np.unique(member)] = shared(member, first, length)
    table = pd.DataFrame(
        {
            "family": family,
            "article_id": articles["article_id"],
            "n_words": sizes,
            "common": common,
            "share": common / np.maximum(sizes, 1),
            "published": articles["published"].replace("", "~"),
            "place": np.arange(len(sizes)),
        }
    )
    table["members"] = table.groupby("family")["family"].transform("size")
    table = table[table["members"] > 1].sort_values(
        ["members", "family", "published", "place"], ascending=[False, True, True, True]
    )
    named = table.drop_duplicates("family").set_index("family")["article_id"]
    return table.assign(family=named.reindex(table["family"]).to_numpy())[
        ["family", "article_id", "n_words", "common", "share"]
    ].reset_index(drop=True)
