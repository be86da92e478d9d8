"""Shingles: hashes of running words, and the maximal runs of equal ones in two articles."""

from __future__ import annotations

import numba
import numpy as np

_ODD = np.uint64(0x9E3779B97F4A7C15)
BUCKET_BITS = 26


@numba.njit(cache=True)
def shingle(words, bounds, n):
    """Hash every run of n words of every article.

    Parameters
    ----------
    words : uint64 array of shape (n_words,)
        Hashes of the words of all articles, one article after the other.
    bounds : int64 array of shape (n_articles + 1,)
        Where each article begins in `words`.
    n : int

    Returns
    -------
    shingles : uint64 array of shape (n_shingles,)
    starts : int64 array of shape (n_articles + 1,)
        Where each article begins in `shingles`; an article of w words has max(w - n + 1, 0) of them.
    """
    starts = np.zeros(len(bounds), np.int64)
    for a in range(len(bounds) - 1):
        starts[a + 1] = starts[a] + max(bounds[a + 1] - bounds[a] - n + 1, 0)
    shingles = np.empty(starts[-1], np.uint64)
    for a in range(len(bounds) - 1):
        for i in range(starts[a + 1] - starts[a]):
            mixed = np.uint64(0)
            for k in range(n):  # wrap-around is the arithmetic of the hash
                mixed = (mixed ^ words[bounds[a] + i + k]) * _ODD
                mixed ^= mixed >> np.uint64(29)
            shingles[starts[a] + i] = mixed
    return shingles, starts


def repeated(shingles: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shingles that may stand elsewhere too, sorted by hash: their hashes, places and articles. A table of small counters
    leaves out nearly all that stand once before anything is sorted."""
    counts = np.zeros(1 << BUCKET_BITS, np.uint8)
    n = _count(shingles, counts)
    hashes, places, article = np.empty(n, np.uint64), np.empty(n, np.int64), np.empty(n, np.int32)
    _collect(shingles, starts, counts, hashes, places, article)
    order = np.argsort(hashes)
    return hashes[order], places[order], article[order]


@numba.njit(cache=True)
def _count(shingles, counts):
    for h in shingles:
        bucket = h >> np.uint64(64 - BUCKET_BITS)
        if counts[bucket] < 2:
            counts[bucket] += 1
    n = 0
    for h in shingles:
        n += counts[h >> np.uint64(64 - BUCKET_BITS)] > 1
    return n


@numba.njit(cache=True)
def _collect(shingles, starts, counts, hashes, places, article):
    n = 0
    for a in range(len(starts) - 1):
        for i in range(starts[a], starts[a + 1]):
            if counts[shingles[i] >> np.uint64(64 - BUCKET_BITS)] > 1:
                hashes[n], places[n], article[n] = shingles[i], i, a
                n += 1


def runs(shingles: np.ndarray, starts: np.ndarray, *, group: np.ndarray | None = None, day: np.ndarray | None = None,
         within_days: float = np.inf, max_articles: int = 0, shortest: int = 1, reach: int = 0) -> np.ndarray:
    """Find the maximal runs of shingles that two articles share.

    Parameters
    ----------
    shingles, starts
        See `shingle`.
    group : int array of shape (n_articles,), optional
        Articles of one group (an outlet) are not compared with each other; negative groups are compared with all.
    day : float array of shape (n_articles,), optional
        Articles more than `within_days` apart are not compared; those without a day (NaN) are compared with all.
    max_articles : int
        Shingles in more articles than this start no run (a run that others start goes on through them); 0 for no limit.
    shortest, reach : int
        Runs of fewer than `shortest` shingles are left out, unless two equal shingles stand within `reach` of either end,
        so that the run may be chained. Most runs of an archive are short and alone: they are never written nor sorted.

    Returns
    -------
    int64 array of shape (n_runs, 5)
        a, b (article numbers, a < b), first position in a, first position in b, number of consecutive shingles;
        sorted by all columns.
    """
    n_articles = len(starts) - 1
    group = np.full(n_articles, -1, np.int64) if group is None else group.astype(np.int64)
    day = np.full(n_articles, np.nan) if day is None else day.astype(float)
    hashes, places, article = repeated(shingles, starts)
    edges = np.flatnonzero(np.r_[True, hashes[1:] != hashes[:-1], True]) if len(hashes) else np.zeros(1, np.int64)
    common = _common(places, article, edges, max_articles, len(shingles))
    rows = _runs(shingles, starts, places, article, edges, common, group, day, within_days, shortest, reach)
    # two keys sort as the first four columns do, in half the time; equal ones are the same run
    rows = rows[np.lexsort((rows[:, 2] << 32 | rows[:, 3], rows[:, 0] * n_articles + rows[:, 1]))]
    if max_articles and len(rows):  # a run whose middle is common is found from either side of it
        rows = rows[np.r_[True, (rows[1:] != rows[:-1]).any(axis=1)]]
    return rows


@numba.njit(cache=True)
def _common(places, article, edges, max_articles, size):
    """Which shingles stand in too many articles; empty where there is no limit."""
    common = np.zeros(size if max_articles else 0, np.bool_)
    if max_articles:
        for g in range(len(edges) - 1):
            if edges[g + 1] - edges[g] > max_articles and len(np.unique(article[edges[g]:edges[g + 1]])) > max_articles:
                for i in range(edges[g], edges[g + 1]):
                    common[places[i]] = True
    return common


@numba.njit(cache=True)
def _runs(shingles, starts, places, article, edges, common, group, day, within_days, shortest, reach):
    """The runs; each starts where no equal shingle stands before it."""
    rows = np.empty((1024, 5), np.int64)
    found, limited = 0, len(common) > 0
    for g in range(len(edges) - 1):
        first, last = edges[g], edges[g + 1]
        if last - first < 2 or limited and common[places[first]]:
            continue
        for i in range(first, last - 1):
            for j in range(i + 1, last):
                a, b, p, q = np.int64(article[i]), np.int64(article[j]), places[i], places[j]
                if a == b or group[a] == group[b] and group[a] >= 0 or abs(day[a] - day[b]) > within_days:
                    continue
                if a > b:
                    a, b, p, q = b, a, q, p
                if p > starts[a] and q > starts[b] and shingles[p - 1] == shingles[q - 1] and not (limited and common[p - 1]):
                    continue
                while p > starts[a] and q > starts[b] and shingles[p - 1] == shingles[q - 1]:
                    p, q = p - 1, q - 1
                length = 1
                while p + length < starts[a + 1] and q + length < starts[b + 1] and shingles[p + length] == shingles[q + length]:
                    length += 1
                if length < shortest and not _chainable(shingles, starts, a, b, p, q, length, reach):
                    continue
                if found == len(rows):
                    grown = np.empty((2 * found, 5), np.int64)
                    grown[:found] = rows
                    rows = grown
                rows[found] = a, b, p - starts[a], q - starts[b], length
                found += 1
    return rows[:found]


@numba.njit(cache=True)
def _chainable(shingles, starts, a, b, p, q, length, reach):
    """Whether two equal shingles stand near a run's end, or near its beginning, in both articles."""
    for i in range(p + length, min(p + length + reach, starts[a + 1])):
        for j in range(q + length, min(q + length + reach, starts[b + 1])):
            if shingles[i] == shingles[j]:
                return True
    for i in range(max(p - reach, starts[a]), p):
        for j in range(max(q - reach, starts[b]), q):
            if shingles[i] == shingles[j]:
                return True
    return False


@numba.njit(cache=True)
def chain(rows, n, max_gap):
    """Chain runs of one pair of articles over gaps.

    Parameters
    ----------
    rows : int64 array of shape (n_runs, 5)
        As `runs` gives them.
    n : int
        Words of a shingle.
    max_gap : int
        Words that may lie between two runs on either side.

    Returns
    -------
    int64 array of shape (n_chains, 7)
        a, b, first word and number of words in a, the same in b, equal words.
    """
    chains = np.empty((len(rows), 7), np.int64)  # while they grow: a, b, from, to (exclusive) in a, the same in b, equal words
    open_chains = np.empty(len(rows), np.int64)  # those of this pair that a run may still continue
    count, n_open = 0, 0
    for r in range(len(rows)):
        a, b, p, q, length = rows[r]
        words = length + n - 1
        if r == 0 or rows[r - 1, 0] != a or rows[r - 1, 1] != b:
            n_open = 0
        best, nearest, kept = -1, np.int64(1 << 60), 0
        for i in range(n_open):
            c = open_chains[i]
            gap_a, gap_b = p - chains[c, 3], q - chains[c, 5]
            if gap_a > max_gap:
                continue  # runs come in the order of a, so none after this one reaches it
            open_chains[kept] = c
            kept += 1
            # runs overlap by less than a shingle where a word was put in or left out
            if -n < gap_a and -n < gap_b <= max_gap and q >= chains[c, 4] and abs(gap_a - gap_b) <= nearest:
                best, nearest = c, abs(gap_a - gap_b)
        n_open = kept
        if best < 0:
            chains[count] = a, b, p, p + words, q, q + words, words
            open_chains[n_open] = count
            count, n_open = count + 1, n_open + 1
        else:
            chains[best, 6] += words - max(0, chains[best, 3] - p, chains[best, 5] - q)
            chains[best, 3], chains[best, 5] = max(chains[best, 3], p + words), max(chains[best, 5], q + words)
    chains = chains[:count]
    chains[:, 3] -= chains[:, 2]
    chains[:, 5] -= chains[:, 4]
    return chains
