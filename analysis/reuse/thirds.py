"""Third witnesses: what other articles that carry the same words say about a pair of articles."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from analysis.reuse.passages import covered_words

# articles that share most with one: enough to witness, and linear in articles of a large family
PARTNERS = 12


@dataclass(frozen=True)
class Sides:
    """Passages seen from either of their articles, sorted by article, then by the other one.

    Attributes
    ----------
    key : int64 array of shape (2 * n_passages,)
        Article and the other article, as ``article << 32 | other``.
    first, words : int64 arrays
        First word and words in the article.
    same : float64 array
        Share of the words that are equal on the other side.
    partners : int64 array of shape (n_articles, PARTNERS)
        The articles that share most words with each; -1 where there are fewer.
    """

    key: np.ndarray
    first: np.ndarray
    words: np.ndarray
    same: np.ndarray
    partners: np.ndarray


def sides(
    a: np.ndarray, b: np.ndarray, places: dict[str, np.ndarray], same: np.ndarray, n_articles: int
) -> Sides:
    """Put passages on both their sides; `places` holds a_position, a_words, b_position, b_words."""
    key = np.r_[a << 32 | b, b << 32 | a]
    first, words = (
        np.r_[places[f"a_{name}"], places[f"b_{name}"]] for name in ("position", "words")
    )
    order = np.lexsort((first, key))
    keys = np.unique(key)
    n_shared = covered_words(key, first, words) if len(key) else np.zeros(0, np.int64)
    article, other = keys >> 32, keys & 0xFFFFFFFF
    rank = np.lexsort((other, -n_shared, article))
    place = np.arange(len(rank)) - np.searchsorted(article[rank], article[rank])
    kept = place < PARTNERS
    partners = np.full((n_articles, PARTNERS), -1, np.int64)
    partners[article[rank][kept], place[kept]] = other[rank][kept]
    return Sides(key[order], first[order], words[order], np.r_[same, same][order], partners)


@numba.njit(cache=True, nogil=True)
def _range(key, wanted):
    low = np.searchsorted(key, wanted)
    high = low
    while high < len(key) and key[high] == wanted:
        high += 1
    return low, high


@numba.njit(cache=True, nogil=True)
def _equal(key, first, words, same, article, other, start, end):
    """Words from `start` to `end` of an article that another one has too."""
    low, high = _range(key, article << 32 | other)
    total, at = 0.0, start
    for i in range(low, high):
        overlap = min(end, first[i] + words[i]) - max(at, first[i])
        if overlap > 0:
            total += overlap * same[i]
            at = max(at, first[i] + words[i])
    return total


@numba.njit(cache=True, nogil=True)
def _on_passage(
    key, first, words, same, partners, a, b, a_first, a_words, b_first, b_words, equal, out
):
    for i in range(len(a)):
        size = max(a_words[i], b_words[i])
        n, more_a, more_b, between, most = 0, 0.0, 0.0, 0.0, 0.0
        for side in range(2):
            one = a[i] if side == 0 else b[i]
            for k in range(partners.shape[1]):
                c = partners[one, k]
                if c < 0 or c == a[i] or c == b[i]:
                    continue
                seen = False
                for m in range(partners.shape[1]):
                    seen = seen or side == 1 and partners[a[i], m] == c
                if seen:
                    continue
                with_a = (
                    _equal(key, first, words, same, a[i], c, a_first[i], a_first[i] + a_words[i])
                    / size
                )
                with_b = (
                    _equal(key, first, words, same, b[i], c, b_first[i], b_first[i] + b_words[i])
                    / size
                )
                if with_a == 0 and with_b == 0:
                    continue
                n += 1
                more_a += max(with_a - with_b, 0)
                more_b += max(with_b - with_a, 0)
                most = max(most, with_a, with_b)
                between = max(between, min(with_a, with_b) - equal[i] / size)
        if n:
            out[i, 0], out[i, 1], out[i, 2], out[i, 3], out[i, 4] = (
                n,
                more_a / n,
                more_b / n,
                between,
                most,
            )


@numba.njit(cache=True, nogil=True)
def _paint(key, first, words, one, other, mask, value):
    """Mark the words that an article shares with another one; how many of them were not marked yet."""
    fresh = 0
    low, high = _range(key, one << 32 | other)
    for r in range(low, high):
        for w in range(first[r], first[r] + words[r]):
            if mask[w] == 0:
                fresh += 1
                mask[w] = value
    return fresh


@numba.njit(cache=True, nogil=True)
def _beside(key, first, words, partners, sizes, a, b, out):
    masks = np.zeros((2, sizes.max() + 1), np.int64)
    for i in range(len(a)):
        pair = (a[i], b[i])
        for side in range(2):
            masks[side, : sizes[pair[side]]] = 0
            _paint(key, first, words, pair[side], pair[1 - side], masks[side], -1)
        for side in range(2):
            for k in range(partners.shape[1]):
                c = partners[pair[side], k]
                if c < 0 or c == pair[1 - side]:
                    continue
                low, high = _range(key, pair[1 - side] << 32 | c)
                if low == high:
                    continue
                out[i, side] += _paint(key, first, words, pair[side], c, masks[side], 1)
                least = sizes.max()
                for one in range(2):
                    own = 0
                    low, high = _range(key, pair[one] << 32 | c)
                    for r in range(low, high):
                        for w in range(first[r], first[r] + words[r]):
                            own += masks[one, w] != -1
                    least = min(least, own)
                out[i, 2] = max(out[i, 2], least)


def on_passages(
    seen: Sides, a: np.ndarray, b: np.ndarray, places: dict[str, np.ndarray], equal: np.ndarray
) -> np.ndarray:
    """What thirds share on each passage.

    Returns
    -------
    float64 array of shape (n_passages, 5)
        Third articles that have words of it; by how much more of it they have in common with a than
        with b, and with b than with a (mean share of the longer side, 0 to 1); by how much more a
        third has in common with both than they with each other; the share of it that the third with
        most of it has.
    """
    out = np.zeros((len(a), 5))
    if len(seen.key):
        _on_passage(
            seen.key,
            seen.first,
            seen.words,
            seen.same,
            seen.partners,
            a,
            b,
            places["a_position"],
            places["a_words"],
            places["b_position"],
            places["b_words"],
            equal.astype(float),
            out,
        )
    return out


def beside(seen: Sides, a: np.ndarray, b: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Words that a pair shares with a third article of both, but not with each other.

    Returns
    -------
    int64 array of shape (n_pairs, 3)
        Words of a, of b, and the fewer of either that one third has: who copied one of the pair
        lacks what only the other has.
    """
    out = np.zeros((len(a), 3), np.int64)
    if len(seen.key):
        _beside(seen.key, seen.first, seen.words, seen.partners, sizes, a, b, out)
    return out
