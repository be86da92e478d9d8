"""Pieces of one passage: stretches near to each other in the article that took them over."""

from __future__ import annotations

import numba
import numpy as np

from analysis.reuse.passages import pair_keys
from analysis.reuse.spill import Arrays

APART = 50  # words between two pieces
# of the words on the other side that make a side the shorter, where nobody knows who was later
SHORTER = 0.95


def whole_passages(passages: Arrays, days: np.ndarray) -> np.ndarray:
    """The first piece of the passage that each passage is a piece of.

    A writer who retells or sums up an article tells in one go what stands scattered in it. Two
    stretches of two articles are of one passage if at most 50 words lie between them in both, or in
    the later article; where it is not known which is later, in the one in which they are shorter.

    Parameters
    ----------
    passages : dict of arrays
        In any order.
    days : array of shape (n_articles,)
        When articles were published; NaN where it is not known.

    Returns
    -------
    int64 array of shape (n_passages,)

    Examples
    --------
    >>> side = {"a_words": [60, 60, 60], "b_words": [30, 30, 30], "a_position": [0, 200, 900]}
    >>> side |= {"a": [0, 0, 0], "b": [1, 1, 1], "b_position": [10, 50, 500]}
    >>> passages = {name: np.array(values) for name, values in side.items()}
    >>> whole_passages(passages, np.array([1.0, 2.0]))
    array([0, 0, 2])
    """
    order = np.lexsort([passages[name] for name in ("b_position", "a_position")])
    order = order[np.argsort(pair_keys(passages)[order], kind="stable")]
    later = later_side(days[passages["a"]], days[passages["b"]])[order]
    first, words = (
        np.stack([passages[f"{side}_{what}"][order] for side in "ab"]).astype(np.int64)
        for what in ("position", "words")
    )
    whole = np.empty(len(order), np.int64)
    whole[order] = order[join_pieces(pair_keys(passages)[order], later, first, words)]
    return whole


def later_side(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Which of two articles is later by their days: 0, 1, or -1 where that is not known."""
    return np.where(b > a, 1, np.where(b < a, 0, -1))  # of NaN nothing is greater


@numba.njit(cache=True, nogil=True)
def join_pieces(pair, later, first, words):
    """The first piece of each whole; those of a pair of articles stand together.

    `first` and `words`, of shape (2, n_pieces), are changed.
    """
    n = len(pair)
    whole, end = np.arange(n), first + words
    begin = 0
    while begin < n:
        stop = begin + 1
        while stop < n and pair[stop] == pair[begin]:
            stop += 1
        joined = stop - begin > 1
        while joined:
            joined = False
            for i in range(begin, stop):
                if whole[i] != i:
                    continue
                for j in range(i + 1, stop):
                    if whole[j] != j or not _one(first, end, words, i, j, later[i]):
                        continue
                    for side in range(2):
                        first[side, i] = min(first[side, i], first[side, j])
                        end[side, i] = max(end[side, i], end[side, j])
                        words[side, i] += words[side, j]
                    for k in range(j, stop):
                        if whole[k] == j:
                            whole[k] = i
                    joined = True
        begin = stop
    return whole


@numba.njit(cache=True, nogil=True)
def _one(first, end, words, i, j, later):
    """Whether two stretches are of one passage."""
    near = 0
    for side in range(2):
        between = max(first[side, i], first[side, j]) - min(end[side, i], end[side, j])
        near += (between <= APART) << side
    if later >= 0 or near == 3:
        return near == 3 or near & (1 << max(later, 0)) > 0
    a, b = words[0, i] + words[0, j], words[1, i] + words[1, j]
    return (near == 1 and a <= SHORTER * b) or (near == 2 and b <= SHORTER * a)
