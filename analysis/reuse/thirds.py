"""Third articles: what they share with either of two articles, on a passage and beside it."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

from analysis.reuse.passages import covered_words
from analysis.reuse.stretches import Passages

# articles that share most with one: enough to witness, and linear in articles of a large family
PARTNERS = 12


class Sides(NamedTuple):
    """Passages seen from either of their articles, sorted by article, then by the other one.

    Attributes
    ----------
    key : int64 array of shape (2 * n_passages,)
        Article and the other article, as ``article << 32 | other``.
    first, words : int64 arrays of shape (2 * n_passages,)
        First word and words in the article.
    same : float64 array of shape (2 * n_passages,)
        Share of the words that are equal on the other side.
    partners : int64 array of shape (n_articles, PARTNERS)
        The articles that share most words with each; -1 where there are fewer.
    """

    key: np.ndarray
    first: np.ndarray
    words: np.ndarray
    same: np.ndarray
    partners: np.ndarray


def sides(passages: Passages, same: np.ndarray, n_articles: int) -> Sides:
    """Passages from both their sides, and with whom each article shares most words."""
    key = np.r_[pair_key(*passages.article), pair_key(*passages.article[::-1])]
    first, words = passages.first.ravel(), passages.words.ravel()
    order = np.lexsort((first, key))
    keys = np.unique(key)
    n_shared = covered_words(key, first, words) if len(key) else np.zeros(0, np.int64)
    article, other = keys >> 32, keys & 0xFFFFFFFF
    rank = np.lexsort((other, -n_shared, article))
    article, other = article[rank], other[rank]
    place = np.arange(len(rank)) - np.searchsorted(article, article)
    near = place < PARTNERS
    partners = np.full((n_articles, PARTNERS), -1, np.int64)
    partners[article[near], place[near]] = other[near]
    return Sides(key[order], first[order], words[order], np.r_[same, same][order], partners)


def pair_key(article: np.ndarray, other: np.ndarray) -> np.ndarray:
    """One number for an article and another one."""
    return article << 32 | other


@numba.njit(cache=True, nogil=True)
def _rows(seen, article, other):
    """Bounds of the rows of an article's passages with another one."""
    key = article << 32 | other
    return np.searchsorted(seen.key, key), np.searchsorted(seen.key, key, side="right")


@numba.njit(cache=True, nogil=True)
def _equal(seen, article, other, start, end):
    """Words from `start` to `end` of an article that another one has too."""
    low, high = _rows(seen, article, other)
    total, at = 0.0, start
    for row in range(low, high):
        overlap = min(end, seen.first[row] + seen.words[row]) - max(at, seen.first[row])
        if overlap > 0:
            total += overlap * seen.same[row]
            at = max(at, seen.first[row] + seen.words[row])
    return total


@numba.njit(cache=True, nogil=True)
def on_passages(seen, passages, equal):
    """What third articles share on each passage.

    Returns
    -------
    float64 array of shape (n_passages, 5)
        Third articles that have words of it; by how much more of it they have in common with a than
        with b, and with b than with a (mean share of the longer side, 0 to 1); by how much more a
        third has in common with both than they with each other; the share of it that the third with
        most of it has.
    """
    out = np.zeros((len(equal), 5))
    for i in range(len(equal)):
        a, b = passages.article[0, i], passages.article[1, i]
        size = passages.words[:, i].max()
        for third in np.unique(np.concatenate((seen.partners[a], seen.partners[b]))):
            if third < 0 or third == a or third == b:
                continue
            start, end = passages.first[:, i], passages.first[:, i] + passages.words[:, i]
            with_a = _equal(seen, a, third, start[0], end[0]) / size
            with_b = _equal(seen, b, third, start[1], end[1]) / size
            if with_a == 0 and with_b == 0:
                continue
            out[i, 0] += 1
            out[i, 1] += max(with_a - with_b, 0)
            out[i, 2] += max(with_b - with_a, 0)
            out[i, 3] = max(out[i, 3], min(with_a, with_b) - equal[i] / size)
            out[i, 4] = max(out[i, 4], with_a, with_b)
        out[i, 1:3] /= max(out[i, 0], 1)
    return out


@numba.njit(cache=True, nogil=True)
def _paint(seen, article, other, mask, value):
    """Mark the words that an article shares with another one; how many were not marked yet."""
    fresh = 0
    low, high = _rows(seen, article, other)
    for row in range(low, high):
        for word in range(seen.first[row], seen.first[row] + seen.words[row]):
            if mask[word] == 0:
                fresh += 1
                mask[word] = value
    return fresh


@numba.njit(cache=True, nogil=True)
def _not_in_pair(seen, article, third, mask):
    """Words that an article shares with a third one, and not with the other of its pair."""
    n = 0
    low, high = _rows(seen, article, third)
    for row in range(low, high):
        n += (mask[seen.first[row] : seen.first[row] + seen.words[row]] != -1).sum()
    return n


@numba.njit(cache=True, nogil=True)
def shared_beside(seen, pairs, sizes):
    """Words that a pair shares with a third article of both, but not with each other.

    Returns
    -------
    int64 array of shape (n_pairs, 3)
        Words of a, of b, and the fewer of either that one third has: who copied one of the pair
        lacks what only the other has.
    """
    out = np.zeros((pairs.shape[1], 3), np.int64)
    masks = np.zeros((2, sizes.max() + 1 if len(sizes) else 1), np.int64)
    for i in range(len(out)):
        for side in range(2):
            here, there = pairs[side, i], pairs[1 - side, i]
            masks[side, : sizes[here]] = 0
            _paint(seen, here, there, masks[side], -1)
        for side in range(2):
            here, there = pairs[side, i], pairs[1 - side, i]
            for third in seen.partners[here]:
                low, high = _rows(seen, there, third)
                if third < 0 or third == there or low == high:
                    continue
                out[i, side] += _paint(seen, here, third, masks[side], 1)
                fewer = min(
                    _not_in_pair(seen, here, third, masks[side]),
                    _not_in_pair(seen, there, third, masks[1 - side]),
                )
                out[i, 2] = max(out[i, 2], fewer)
    return out
