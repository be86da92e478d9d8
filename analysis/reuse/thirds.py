"""Third articles: what they share with either of two articles, word by word.

Where two articles had a text independently, each has changed or left out what the other still
shares with a third; where one had it from the other, that one alone has done so (Maas's separative
errors).
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pandas as pd

from analysis.reuse.passages import covered_words
from analysis.reuse.stretches import Passages

# articles that share most with one: enough to witness, and linear in articles of a large family
PARTNERS = 12
# by how many words two sides of a passage may drift apart besides the difference of their lengths
DRIFT = 24
LEAST_RUN = 4  # equal words of a rewritten passage that are no chance
# of a word outside passages, and in one in which other words say the same: these differ for more
# reasons than that of one copy
LACKS, REWRITTEN = -1.0, -0.5
HALF_ALONE, HALF_MORE = 4, 20  # words that say half of what they can: changed, and left out


class Sides(NamedTuple):
    """Passages seen from either of their articles, sorted by article, then by the other one.

    Attributes
    ----------
    key : int64 array of shape (2 * n_passages,)
        Article and the other article, as ``article << 32 | other``.
    first, words : int64 arrays of shape (2 * n_passages,)
        First word and words in the article.
    begin : int64 array of shape (2 * n_passages,)
        Where its words begin in an array of all words of the passages' first sides, then of all of
        their other sides.
    same : float64 array of shape (2 * n_passages,)
        Share of the words that are equal on the other side.
    partners : int64 array of shape (n_articles, PARTNERS)
        The articles that share most words with each; -1 where there are fewer.
    """

    key: np.ndarray
    first: np.ndarray
    words: np.ndarray
    begin: np.ndarray
    same: np.ndarray
    partners: np.ndarray

    def of_partners(self, passages: Passages) -> np.ndarray:
        """Whether the two articles of each passage are among those that share most with either."""
        near = self.partners[passages.article] == passages.article[::-1, :, None]
        return near.any(axis=(0, 2))


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
    begin = np.cumsum(words) - words
    same = np.r_[same, same]
    return Sides(key[order], first[order], words[order], begin[order], same[order], partners)


def least_runs(rows: pd.DataFrame) -> np.ndarray:
    """How many equal words of each passage must follow one another."""
    return np.where(rows["kind"] == "verbatim", 1, LEAST_RUN)


def pair_key(article: np.ndarray, other: np.ndarray) -> np.ndarray:
    """One number for an article and another one."""
    return article << 32 | other


class Thirds(NamedTuple):
    """What third articles say of pairs of articles; means over thirds, if nothing else is said.

    Shares and strengths are from 0 to 1; n words are of the strength n / (n + half).

    Attributes
    ----------
    n : float array of shape (n_pairs,)
        Third articles that have words of both.
    alone : float array of shape (2, n_pairs)
        Strength of the words at which either article differs while the other agrees with a third.
    edited : float array of shape (n_pairs,)
        Strength of the words that the three have in some form, and not all alike.
    both_alone : float array of shape (n_pairs,)
        Strength of the fewer of either's, the most of any third.
    more : float array of shape (2, n_pairs)
        Strength of the words that either shares with a third and the other lacks or has changed.
    lack, often_lack : float arrays of shape (n_pairs,)
        Strength of the fewer of either's `more`: the most of any third, and the mean.
    witnessed : float array of shape (n_pairs,)
        Share of what the two share that some third has in some form.
    """

    n: np.ndarray
    alone: np.ndarray
    edited: np.ndarray
    both_alone: np.ndarray
    more: np.ndarray
    lack: np.ndarray
    often_lack: np.ndarray
    witnessed: np.ndarray


def third_articles(seen: Sides, equal: np.ndarray, sizes: np.ndarray) -> Thirds:
    """What articles that share with both articles of a pair say of it.

    Of each article the pairs among its partners are counted, so that time and memory grow with the
    number of articles.

    Parameters
    ----------
    seen : Sides
    equal : float64 array of shape (n_words,)
        Of each word of passages (see `Sides.begin`) whether it is equal on the other side, 0 to 1.
    sizes : int64 array of shape (n_articles,)
        Words of articles.

    Returns
    -------
    Thirds
        Of the pairs of articles in the order of `pair_key`.
    """
    keys = np.unique(seen.key)
    pairs = keys[keys >> 32 < keys & 0xFFFFFFFF]
    found = _by_third(seen, equal, sizes, pairs)
    n = found[0]
    mean = found / np.maximum(n, 1)
    return Thirds(
        n,
        mean[1:3],
        mean[3],
        found[4],
        mean[5:7],
        found[7],
        mean[8],
        found[9] / np.maximum(found[10], 1),
    )


@numba.njit(cache=True, nogil=True)
def equal_words(a, b, least_run):
    """Places of equal words in the longest common subsequence of two short texts.

    Parameters
    ----------
    a, b : uint64 arrays of shape (n_words,)
        Hashes of words. Only places near the diagonal are compared.
    least_run : int
        Equal words that must follow one upon the other on both sides to count.

    Returns
    -------
    int32 array of shape (n_equal, 2)
    """
    n, m = len(a), len(b)
    low, high = min(0, m - n) - DRIFT, max(0, m - n) + DRIFT  # place in b less place in a
    width = high - low + 1
    best = np.zeros((n + 1, width + 1), np.int32)
    for i in range(n - 1, -1, -1):
        for d in range(width - 1, -1, -1):
            j = i + d + low
            if j < 0 or j >= m:
                continue
            value = max(best[i + 1, d - 1] if d > 0 else 0, best[i, d + 1])
            if a[i] == b[j]:
                value = max(value, best[i + 1, d] + 1)
            best[i, d] = value
    out, found = np.empty((min(n, m), 2), np.int32), 0
    i = j = 0
    while i < n and j < m:
        d = j - i - low
        if d < 0:
            j += 1
        elif d >= width:
            i += 1
        elif a[i] == b[j] and best[i, d] == best[i + 1, d] + 1:
            out[found, 0], out[found, 1] = i, j
            found += 1
            i, j = i + 1, j + 1
        elif d > 0 and best[i + 1, d - 1] >= best[i, d + 1]:
            i += 1
        else:
            j += 1
    kept, start = 0, 0
    for k in range(1, found + 1):
        if k == found or out[k, 0] != out[k - 1, 0] + 1 or out[k, 1] != out[k - 1, 1] + 1:
            if k - start >= least_run:
                for x in range(start, k):
                    out[kept] = out[x]
                    kept += 1
            start = k
    return out[:kept].copy()


@numba.njit(cache=True, nogil=True)
def equal_in_passages(hashes, begin, words, least):
    """Which words of passages are equal on the other side: 1, else 0 (see `Sides.begin`).

    `REWRITTEN` where a passage is passed over.

    Parameters
    ----------
    hashes : uint64 array
        Of the words of the corpus.
    begin, words : int64 arrays of shape (2, n_passages)
        First words, as words of the corpus, and lengths.
    least : int array of shape (n_passages,)
        Equal words that must follow one upon the other; 0 where a passage is passed over.
    """
    out = np.full(words.sum(), REWRITTEN)
    a_at, b_at = 0, words[0].sum()
    for k in range(len(least)):
        if least[k]:
            a = hashes[begin[0, k] : begin[0, k] + words[0, k]]
            b = hashes[begin[1, k] : begin[1, k] + words[1, k]]
            out[a_at : a_at + words[0, k]] = 0
            out[b_at : b_at + words[1, k]] = 0
            for i, j in equal_words(a, b, least[k]):
                out[a_at + i] = out[b_at + j] = 1
        a_at += words[0, k]
        b_at += words[1, k]
    return out


@numba.njit(cache=True, nogil=True)
def _alike(seen, equal, third, other, row):
    """Of each word of a third article whether another one has it: 0 to 1, `REWRITTEN`, `LACKS`."""
    row[:] = LACKS
    key = third << 32 | other
    low, high = np.searchsorted(seen.key, key), np.searchsorted(seen.key, key, side="right")
    for passage in range(low, high):
        for word in range(seen.words[passage]):
            at = seen.first[passage] + word
            row[at] = max(row[at], equal[seen.begin[passage] + word])


@numba.njit(cache=True, nogil=True)
def _strength(n, half):
    return n / (n + half)


@numba.njit(cache=True, nogil=True)
def _by_third(seen, equal, sizes, pairs):
    """Sums, or the most, over third articles: `Thirds` in rows."""
    out = np.zeros((11, len(pairs)))
    n_partners = seen.partners.shape[1]
    alike = np.empty((n_partners, sizes.max() if len(sizes) else 0))
    n_have = np.zeros(alike.shape[1])
    for third in range(len(sizes)):
        n_have[: sizes[third]] = 0
        for p in range(n_partners):
            if seen.partners[third, p] < 0:
                break
            mine = alike[p, : sizes[third]]
            _alike(seen, equal, third, seen.partners[third, p], mine)
            n_have[: sizes[third]] += mine > LACKS
            for q in range(p):
                x, y = seen.partners[third, q], seen.partners[third, p]
                key = min(x, y) << 32 | max(x, y)
                k = np.searchsorted(pairs, key)
                if k == len(pairs) or pairs[k] != key:
                    continue
                a, b = alike[q if x < y else p], alike[p if x < y else q]
                all_three = a_alone = b_alone = a_only = b_only = edits = 0.0
                for word in range(sizes[third]):
                    u, v = a[word], b[word]
                    if u >= 0 and v >= 0:
                        all_three += min(u, v)
                        edits += 1 - min(u, v)
                        a_alone += max(v - u, 0.0)
                        b_alone += max(u - v, 0.0)
                    elif u > 0 and v == LACKS:
                        a_only += u
                    elif v > 0 and u == LACKS:
                        b_only += v
                if not all_three + a_alone + b_alone:
                    continue
                a_more, b_more = a_only + b_alone, b_only + a_alone
                lack = _strength(min(a_more, b_more), HALF_MORE)
                both = _strength(min(a_alone, b_alone), HALF_ALONE)
                out[0, k] += 1
                out[1, k] += _strength(a_alone, HALF_ALONE)
                out[2, k] += _strength(b_alone, HALF_ALONE)
                out[3, k] += _strength(edits, HALF_ALONE)
                out[4, k] = max(out[4, k], both)
                out[5, k] += _strength(a_more, HALF_MORE)
                out[6, k] += _strength(b_more, HALF_MORE)
                out[7, k] = max(out[7, k], lack)
                out[8, k] += lack
        for p in range(n_partners):  # the article as one of a pair
            other = seen.partners[third, p]
            k = np.searchsorted(pairs, min(third, other) << 32 | max(third, other))
            if other < 0 or k == len(pairs):
                break
            for word in range(sizes[third]):
                if alike[p, word] > LACKS:
                    out[9, k] += n_have[word] > 1
                    out[10, k] += 1
    return out


@numba.njit(cache=True, nogil=True)
def _equal(seen, article, other, start, end):
    """Words from `start` to `end` of an article that another one has too."""
    key = article << 32 | other
    low, high = np.searchsorted(seen.key, key), np.searchsorted(seen.key, key, side="right")
    total, at = 0.0, start
    for row in range(low, high):
        overlap = min(end, seen.first[row] + seen.words[row]) - max(at, seen.first[row])
        if overlap > 0:
            total += overlap * seen.same[row]
            at = max(at, seen.first[row] + seen.words[row])
    return total


@numba.njit(cache=True, nogil=True)
def on_passages(seen, passages, equal):
    """What third articles share on each passage, rewritten or not.

    Returns
    -------
    float64 array of shape (3, n_passages)
        By how much more of it thirds have in common with a than with b, and with b than with a
        (mean share of the longer side, 0 to 1); by how much more one has in common with both than
        they with each other.
    """
    out = np.zeros((3, len(equal)))
    for i in range(len(equal)):
        a, b = passages.article[0, i], passages.article[1, i]
        size, n = passages.words[:, i].max(), 0
        start, end = passages.first[:, i], passages.first[:, i] + passages.words[:, i]
        for third in np.unique(np.concatenate((seen.partners[a], seen.partners[b]))):
            if third < 0 or third == a or third == b:
                continue
            with_a = _equal(seen, a, third, start[0], end[0]) / size
            with_b = _equal(seen, b, third, start[1], end[1]) / size
            if with_a == 0 and with_b == 0:
                continue
            n += 1
            out[0, i] += max(with_a - with_b, 0)
            out[1, i] += max(with_b - with_a, 0)
            out[2, i] = max(out[2, i], min(with_a, with_b) - equal[i] / size)
        out[:2, i] /= max(n, 1)
    return out
