"""What passages cover: words, pairs of articles, and families that descend from one text.

Passages are arrays of one length by name: a and b number the articles; a_position, a_words,
b_position and b_words give the first word and the length on either side.
"""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.reuse.spill import Arrays, take

LEAST_SHARED = (
    30  # words that two articles of a family share; two notes of a sentence are no family
)


@numba.njit(cache=True, nogil=True)
def cover(mask, first, end):
    """Set a mask of words to True in every interval."""
    for i in range(len(first)):
        mask[first[i] : end[i]] = True


def covered_words(keys: np.ndarray, first: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Count the words that intervals cover, for each key in ascending order.

    Parameters
    ----------
    keys, first, words : int arrays of shape (n_intervals,)
        In any order; `first` from 0.

    Returns
    -------
    int64 array of shape (n_keys,)

    Examples
    --------
    >>> covered_words(np.array([7, 7, 3]), np.array([0, 5, 9]), np.array([10, 10, 2]))
    array([ 2, 15])
    """
    order = np.lexsort((first, keys))
    names, key = np.unique(keys[order], return_inverse=True)
    begin = first[order].astype(np.int64)
    end = begin + words[order]
    shift = key * (end.max(initial=0) + 1)  # the intervals of each key behind those of the last
    reached = np.maximum.accumulate(end + shift)
    fresh = end + shift - np.maximum(begin + shift, np.r_[0, reached[:-1]][: len(reached)])
    return np.bincount(key, np.maximum(fresh, 0), len(names)).astype(np.int64)


def ranges(first: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every number from `first` up to `stop` (exclusive), and for which of the ranges it is.

    Returns
    -------
    row, number : int64 arrays of shape (n_numbers,)

    Examples
    --------
    >>> ranges(np.array([4, 0]), np.array([6, 1]))
    (array([0, 0, 1]), array([4, 5, 0]))
    """
    size = np.maximum(stop - first, 0)
    row = np.repeat(np.arange(len(size)), size)
    return row, np.arange(len(row)) + np.repeat(first - np.cumsum(size) + size, size)


def pair_keys(passages: Arrays) -> np.ndarray:
    """One number for the pair of articles of each passage."""
    return passages["a"].astype(np.int64) << 32 | passages["b"]


def pair_words(passages: Arrays) -> Arrays:
    """Count what the passages of each pair of articles cover.

    Returns
    -------
    dict of int64 arrays of shape (n_pairs,)
        a, b, n_passages, a_covered, b_covered (words of either article); in the order of a and b.
    """
    key = pair_keys(passages)
    pairs, n_passages = np.unique(key, return_counts=True)
    counts = {"a": pairs >> 32, "b": pairs & 0xFFFFFFFF, "n_passages": n_passages}
    for side in "ab":
        places = passages[f"{side}_position"], passages[f"{side}_words"]
        counts[f"{side}_covered"] = covered_words(key, *places)
    return counts


def covered_share(passages: Arrays, others: Arrays, side: str) -> np.ndarray:
    """Share of each passage's words on one side in other passages of the same two articles.

    Parameters
    ----------
    passages, others : dict of arrays
    side : {"a", "b"}

    Returns
    -------
    float array of shape (n_passages,)
        0 to 1.
    """
    known = take(others, np.argsort(pair_keys(others), kind="stable"))
    known_key, key = pair_keys(known), pair_keys(passages)
    row, other = ranges(np.searchsorted(known_key, key), np.searchsorted(known_key, key, "right"))
    (first, words), (known_first, known_words) = (
        (rows[f"{side}_position"].astype(np.int64), rows[f"{side}_words"])
        for rows in (passages, known)
    )
    begin = np.maximum(known_first[other], first[row])
    end = np.minimum(known_first[other] + known_words[other], first[row] + words[row])
    inside = end > begin
    covered = np.zeros(len(key))
    covered[np.unique(row[inside])] = covered_words(
        row[inside], begin[inside], (end - begin)[inside]
    )
    return covered / np.maximum(words, 1)


def linked(a: np.ndarray, b: np.ndarray, n_articles: int) -> np.ndarray:
    """Number the groups of articles that are linked by pairs, directly or through others."""
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(n_articles, n_articles))
    return connected_components(graph, directed=False)[1]


def find_families(passages: Arrays, articles: pd.DataFrame, *, share: float = 0.5) -> pd.DataFrame:
    """Group articles that share most of their words.

    Two articles are of one family if passages other than boilerplate hold at least `share` of the
    shorter one's words, and at least 30; so are all that are linked through such pairs. Who wrote
    first is not said: the common text may be in none of them.

    Parameters
    ----------
    passages : dict of arrays
        Verbatim ones, with `boilerplate`.
    articles : DataFrame
        article_id, published, n_tokens.
    share : float
        From 0.

    Returns
    -------
    DataFrame
        Families by size, members by date where it is known.

        ==========  =======  ==================================================
        column      unit     meaning
        ==========  =======  ==================================================
        family               named after its earliest article, else its first
        article_id
        n_words     words
        common      words    those shared with others of the family
        share       0 to 1   `common` of `n_words`
        ==========  =======  ==================================================
    """
    sizes = articles["n_tokens"].to_numpy(np.int64)
    plain = take(passages, ~passages["boilerplate"])
    pairs = pair_words(plain)
    a, b = pairs["a"], pairs["b"]
    common = np.where(sizes[a] <= sizes[b], pairs["a_covered"], pairs["b_covered"])
    kin = (common >= share * np.minimum(sizes[a], sizes[b])) & (common >= LEAST_SHARED)
    family = linked(a[kin], b[kin], len(sizes))
    inside = take(plain, family[plain["a"]] == family[plain["b"]])
    member, first, words = (
        np.r_[inside[f"a{column}"], inside[f"b{column}"]] for column in ("", "_position", "_words")
    )
    common = np.zeros(len(sizes), np.int64)
    common[np.unique(member)] = covered_words(member, first, words)
    table = pd.DataFrame(
        {
            "family": family,
            "article_id": articles["article_id"],
            "n_words": sizes,
            "common": common,
            "share": common / np.maximum(sizes, 1),
            "published": articles["published"].replace("", "~"),  # behind every date
        }
    )
    table["members"] = table.groupby("family")["family"].transform("size")
    table = table[table["members"] > 1].sort_values(
        ["members", "family", "published"], ascending=[False, True, True], kind="stable"
    )
    earliest = table.groupby("family")["article_id"].transform("first")
    return table.assign(family=earliest).iloc[:, :5].reset_index(drop=True)
