"""Near-duplicates within an outlet: updates, print and online, an agency's text run twice."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from analysis.options import Number, check_choice, check_option
from analysis.text.scan import scan
from analysis.text.tokens import MIX

_WORDS = 5  # of a run that is compared
_COMMON = 50  # articles: a run that more of an outlet's share tells none apart
SKETCH = 64  # runs of an article that are compared first
KEEP = ("longest", "first", "last")


def near_duplicates(
    articles: Iterable[tuple[str, str, str, str]], *, share: float = 0.8, keep: str = "longest"
) -> pd.DataFrame:
    """Articles of one outlet that are nearly the same text.

    Two are if they have that share of the runs of five words of the shorter one in common. Every
    article of a group is nearly the same as the one to keep. Runs that stand in more than fifty
    articles of an outlet are not compared (they are furniture). The time is linear in the words,
    but for outlets that repeat themselves.

    Parameters
    ----------
    articles : iterable of (str, str, str, str)
        Article_id, outlet, date (or empty) and text of each.
    share : float
        From 0 to 1.
    keep : {"longest", "first", "last"}
        Which article of a group to keep: the one of most words, or the one published first or last
        (where dates are alike or missing: in the order given).

    Returns
    -------
    DataFrame
        One row for each article but the kept one of each group, in the order given.

        ==========  ======  ===========================================================
        column      unit    meaning
        ==========  ======  ===========================================================
        group               number of the group, from 1
        outlet
        kept                article_id of the one to keep
        article_id          one that is nearly the same
        share       0 to 1  of the shorter one's runs that `kept` and it have in common
        ==========  ======  ===========================================================

    Raises
    ------
    OptionError
        If an option is not among what is allowed.

    Examples
    --------
    >>> told = "The harbour board closed the quay on Tuesday after a crane fell into the water."
    >>> rows = [("a", "Lantern", "", told), ("b", "Lantern", "", f"{told} Nobody was hurt.")]
    >>> near_duplicates(rows)[["group", "kept", "article_id", "share"]]
       group kept article_id  share
    0      1    b          a    1.0
    """
    check_option("share", share, Number(0, 1))
    check_choice("keep", keep, KEEP)
    about, runs = [], []
    for article_id, outlet, published, text in articles:
        hashes = scan(text)[2]
        about.append((article_id, outlet, published[:19], len(hashes)))
        runs.append(_runs(hashes))
    table = pd.DataFrame(about, columns=["article_id", "outlet", "published", "n_words"])
    found = []
    for outlet, places in table.groupby("outlet", sort=False).indices.items():
        labels = _groups([runs[i] for i in places], share)
        for label in np.flatnonzero(np.bincount(labels) > 1).tolist():
            rest = places[labels == label].tolist()
            while len(rest) > 1:
                kept = _kept(table, rest, keep)
                parts = {i: _shared(runs[kept], runs[i]) for i in rest if i != kept}
                same = [i for i, part in parts.items() if part >= share]
                found += ((min(kept, *same), outlet, kept, i, parts[i]) for i in same)
                rest = [i for i in rest if i != kept and i not in same]
    found.sort(key=lambda row: (row[0], row[3]))
    numbers = {first: n for n, first in enumerate(dict.fromkeys(row[0] for row in found), 1)}
    ids = table["article_id"].tolist()
    rows = [(numbers[g], outlet, ids[k], ids[i], part) for g, outlet, k, i, part in found]
    return pd.DataFrame(rows, columns=["group", "outlet", "kept", "article_id", "share"])


def _runs(hashes: np.ndarray) -> np.ndarray:
    """The distinct runs of words of an article, sorted; of a shorter one its words as one run."""
    n = max(len(hashes) - _WORDS + 1, 1 if len(hashes) else 0)
    run = np.zeros(n, np.uint64)
    mix = np.uint64(MIX)
    for i in range(min(_WORDS, len(hashes))):
        run = (run ^ hashes[i : i + n]) * mix
        run ^= run >> np.uint64(32)
    return np.unique(run)


def _groups(runs: list[np.ndarray], share: float) -> np.ndarray:
    """The group of each of an outlet's articles."""
    firsts: dict[bytes, int] = {}
    same_text = [firsts.setdefault(one.tobytes(), len(firsts)) for one in runs]
    distinct = [np.frombuffer(data, np.uint64) for data in firsts]
    return _linked(distinct, share)[same_text]


def _linked(runs: list[np.ndarray], share: float) -> np.ndarray:
    """The group of each of some articles of different words."""
    n = len(runs)
    # Of every article the runs with the smallest hashes: near-duplicates have most of them alike.
    rows = np.repeat(np.arange(n), [min(len(r), SKETCH) for r in runs])
    values = np.concatenate([r[:SKETCH] for r in runs])
    _, columns, counts = np.unique(values, return_inverse=True, return_counts=True)
    useful = (counts[columns] > 1) & (counts[columns] <= _COMMON)
    matrix = coo_matrix(
        (np.ones(useful.sum(), np.int32), (rows[useful], columns[useful])), (n, len(counts))
    ).tocsr()
    beside = (matrix @ matrix.T).tocoo()
    same = []
    for a, b in zip(beside.row.tolist(), beside.col.tolist()):
        if a < b and _shared(runs[a], runs[b]) >= share:
            same.append((a, b))
    a, b = np.array(same, np.int64).reshape(-1, 2).T
    links = coo_matrix((np.ones(len(a), np.int8), (a, b)), (n, n))
    return connected_components(links, directed=False)[1]


def _shared(a: np.ndarray, b: np.ndarray) -> float:
    """Share of the shorter one's runs that both have."""
    shorter = min(len(a), len(b))
    return len(np.intersect1d(a, b, assume_unique=True)) / shorter if shorter else 0.0


def _kept(table: pd.DataFrame, members: list[int], keep: str) -> int:
    if keep == "longest":
        return max(members, key=lambda i: (table["n_words"].iat[i], -i))
    dates = table["published"].tolist()
    ordered = sorted(members, key=lambda i: dates[i])  # stable: else in the order given
    dated = [i for i in ordered if dates[i]]
    if len(dated) < len(members):
        ordered = members
    return ordered[0 if keep == "first" else -1]
