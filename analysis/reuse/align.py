"""Passages: from a run of equal words outwards, over small changes, to where two articles part."""

from __future__ import annotations

import numba
import numpy as np

from analysis.reuse.seed_words import BOILERPLATE, MANY
from analysis.reuse.shingles import unwritten

PASSAGE_COLUMNS = (
    "a",
    "b",
    "a_position",
    "a_words",
    "b_position",
    "b_words",
    "n_matching",
    "flags",
)
ONCE = 0.5  # share of a passage that may stand in longer ones of the same pair
_MOST = 0.5  # share of a passage's shingles with a mark that gives the passage its flag


def align(
    seeds: dict[str, np.ndarray],
    a_words,
    a_bounds,
    a_first,
    a_marks,
    b_words,
    b_bounds,
    b_first,
    b_marks,
    *,
    n: int,
    width: int = 1,
    min_words: int = 8,
    max_gap: int = 3,
) -> np.ndarray:
    """Grow seeds to passages.

    From the run of equal words at a seed the passage grows to either side. A word changed, put in
    or left out is a difference; growth goes on over differences once more equal words than
    differences follow, and ends where the differences outnumber the equal words by more than
    `max_gap`. Words are taken from one place: of the passages of one pair, from the one with most
    equal words down, those are left out of which in either article more than half stands in
    passages kept.

    Parameters
    ----------
    seeds : dict of uint32 arrays
        a, b, p, q: see `analysis.reuse.seed_words`.
    a_words, b_words : uint64 arrays
        Hashes of the words of two blocks of articles (the same block twice for pairs within it).
    a_bounds, b_bounds : int64 arrays
        Where each article begins among them.
    a_first, b_first : int
        Number of the blocks' first articles.
    a_marks, b_marks : uint8 arrays of the length of the words
        Marks of the shingles that begin at each word.
    n : int
        Words of a shingle.
    width : int
        Running words that begin at a place of which `a_words` holds the hash: 1, or 5 for the
        shared form, in which two words count as equal where they stand in an equal run of five.
    min_words, max_gap : int

    Returns
    -------
    int32 array of shape (n_passages, 8)
        PASSAGE_COLUMNS; positions and lengths in words, `flags` as in the marks; in the order of
        the pairs of articles.

    References
    ----------
    Zhang, Z., Schwartz, S., Wagner, L. and Miller, W. (2000). A greedy algorithm for aligning DNA
    sequences. Journal of Computational Biology 7, 203-214. doi.org/10.1089/10665270050081478 (the
    growth over differences).
    """
    edges, b, p, q = _by_article(
        seeds["a"], seeds["b"], seeds["p"], seeds["q"], a_first, len(a_bounds) - 1
    )
    return _align(
        edges,
        b,
        p,
        q,
        unwritten(a_words),
        a_bounds,
        a_first,
        a_marks,
        unwritten(b_words),
        b_bounds,
        b_first,
        b_marks,
        n,
        width,
        min_words,
        max_gap,
    )


@numba.njit(cache=True, nogil=True)
def flags_of(marks, first, end, words):
    """Flags of passages on one side, from `first` to `end` (exclusive) among marked words."""
    flags = np.empty(len(first), np.int32)
    for i in range(len(first)):
        flags[i] = _flags(marks, first[i], end[i], words)
    return flags


@numba.njit(cache=True, nogil=True)
def _by_article(a, b, p, q, first, n_articles):
    """Sort the seeds by their first article, by counting; and where each article's begin."""
    edges = np.zeros(n_articles + 1, np.int64)
    for i in range(len(a)):
        edges[a[i] - first + 1] += 1
    for k in range(n_articles):
        edges[k + 1] += edges[k]
    at, out_b, out_p, out_q = (
        edges[:-1].copy(),
        np.empty_like(b),
        np.empty_like(p),
        np.empty_like(q),
    )
    for i in range(len(a)):
        to = at[a[i] - first]
        out_b[to], out_p[to], out_q[to] = b[i], p[i], q[i]
        at[a[i] - first] = to + 1
    return edges, out_b, out_p, out_q


@numba.njit(cache=True, nogil=True)
def _align(
    edges,
    seed_b,
    seed_p,
    seed_q,
    a_words,
    a_bounds,
    a_first,
    a_marks,
    b_words,
    b_bounds,
    b_first,
    b_marks,
    n,
    width,
    min_words,
    max_gap,
):
    out, found = np.empty((1024, 8), np.int32), 0
    here = np.empty(
        (64, 5), np.int64
    )  # passages of one pair: first and end (exclusive) in a, the same in b, equal words
    a_covered, b_covered = (
        np.zeros(_longest(a_bounds), np.bool_),
        np.zeros(_longest(b_bounds), np.bool_),
    )
    runs = np.empty(
        (16, 2), np.int64
    )  # the latest runs of the pair: diagonal, and end (exclusive) in a
    scratch = np.empty((4, 4 * max_gap + 9), np.int64)
    touched = np.uint64(0)
    for article in range(len(edges) - 1):
        a, a0, a1 = a_first + article, a_bounds[article], a_bounds[article + 1]
        sb, sp, sq = _sorted(
            seed_b[edges[article] : edges[article + 1]],
            seed_p[edges[article] : edges[article + 1]],
            seed_q[edges[article] : edges[article + 1]],
        )
        for k in range(
            len(sb)
            # all loads at once: one after the other, as the growth needs them, each would wait for
            # memory
        ):
            touched ^= b_words[b_bounds[sb[k] - b_first] + sq[k]]
        i, last = 0, len(sb)
        while i < last:
            b = np.int64(sb[i])
            b0, b1 = b_bounds[b - b_first], b_bounds[b - b_first + 1]
            kept, n_runs = 0, 0
            while i < last and sb[i] == b:
                p, q = np.int64(sp[i]), np.int64(sq[i])
                i += 1
                # a common shingle lets a run have several seeds: all stand for its beginning
                again = False
                for k in range(min(n_runs, len(runs))):
                    if runs[k, 0] == p - q and p < runs[k, 1]:
                        again = True
                        break
                if again:
                    continue
                while (
                    p > 0
                    and q > 0
                    and _same(a_words, a0, a0 + p - 1, b_words, b0, b0 + q - 1, width)
                ):
                    p, q = p - 1, q - 1
                e, f = _run_end(a_words, a0, a1, a0 + p, b_words, b0, b1, b0 + q, n, width)
                runs[n_runs % len(runs)] = p - q, e - a0
                n_runs += 1
                inside = e == a0 + p
                for k in range(kept - 1, -1, -1):
                    if (
                        here[k, 0] <= p
                        and e - a0 <= here[k, 1]
                        and here[k, 2] <= q
                        and f - b0 <= here[k, 3]
                    ):
                        inside = True
                        break
                if inside:
                    continue
                first_a, end_a, first_b, end_b, equal = _grow(
                    a_words, a0, a1, a0 + p, e, b_words, b0, b1, b0 + q, f, width, max_gap, scratch
                )
                if equal < min_words:
                    continue
                if kept == len(here):
                    larger = np.empty((2 * kept, 5), np.int64)
                    larger[:kept] = here
                    here = larger
                here[kept] = first_a - a0, end_a - a0, first_b - b0, end_b - b0, equal
                kept += 1
            if kept == 0:
                continue
            if kept > 1:
                kept = _select(here, kept, a_covered, b_covered)
            for k in range(kept):
                if found == len(out):
                    grown = np.empty((2 * found, 8), np.int32)
                    grown[:found] = out
                    out = grown
                flags = _flags(a_marks, a0 + here[k, 0], a0 + here[k, 1], n) | _flags(
                    b_marks, b0 + here[k, 2], b0 + here[k, 3], n
                )
                out[found] = (
                    a,
                    b,
                    here[k, 0],
                    here[k, 1] - here[k, 0],
                    here[k, 2],
                    here[k, 3] - here[k, 2],
                    here[k, 4],
                    flags,
                )
                found += 1
    scratch[0, 0] = np.int64(touched & np.uint64(1))  # so that the loads are not left out
    return out[:found].copy()


@numba.njit(cache=True, nogil=True)
def _longest(bounds):
    longest = 0
    for i in range(len(bounds) - 1):
        longest = max(longest, bounds[i + 1] - bounds[i])
    return longest


@numba.njit(cache=True, nogil=True)
def _sorted(b, p, q):
    """Seeds of one article in the order of the other article and of their places."""
    keys = np.empty(len(b), np.uint64)
    for k in range(len(b)):
        keys[k] = np.uint64(b[k]) << np.uint64(32) | np.uint64(p[k])
    order = np.argsort(keys, kind="mergesort")
    b, p, q = b[order], p[order], q[order]
    for k in range(1, len(b)):  # those of the same place in a by their place in b
        at, j = q[k], k
        while j > 0 and b[j - 1] == b[k] and p[j - 1] == p[k] and q[j - 1] > at:
            q[j] = q[j - 1]
            j -= 1
        q[j] = at
    return b, p, q


@numba.njit(cache=True, nogil=True, inline="always")
def _same(a_words, a0, i, b_words, b0, j, width):
    """Whether two words are equal, as far as the hashes tell."""
    if width == 1:
        return a_words[i] == b_words[j]
    for k in range(width):
        if i - k >= a0 and j - k >= b0 and a_words[i - k] == b_words[j - k]:
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _run_end(a_words, a0, a1, p, b_words, b0, b1, q, n, width):
    """End (exclusive) of the run of equal words that begins at (p, q).

    Its beginning where the words differ, though their hash does not.
    """
    for k in range(n - width + 1):
        if a_words[p + k] != b_words[q + k]:
            return p, q
    e, f = p + n, q + n
    while e < a1 and f < b1 and _same(a_words, a0, e, b_words, b0, f, width):
        e, f = e + 1, f + 1
    return e, f


@numba.njit(cache=True, nogil=True)
def _grow(a_words, a0, a1, i, e, b_words, b0, b1, j, f, width, max_gap, scratch):
    """First and end (exclusive) of the passage around a run, in either article; its equal words."""
    equal = e - i
    if _near(
        a_words,
        a0,
        i - 1,
        min(i - a0, max_gap + 1),
        b_words,
        b0,
        j - 1,
        min(j - b0, max_gap + 1),
        -1,
        width,
    ):
        da, db, more = _over(
            a_words, a0, a1, i - 1, b_words, b0, b1, j - 1, -1, width, max_gap, scratch
        )
        i, j, equal = i - da, j - db, equal + more
    if _near(
        a_words, a0, e, min(a1 - e, max_gap + 1), b_words, b0, f, min(b1 - f, max_gap + 1), 1, width
    ):
        da, db, more = _over(a_words, a0, a1, e, b_words, b0, b1, f, 1, width, max_gap, scratch)
        e, f, equal = e + da, f + db, equal + more
    return i, e, j, f, equal


@numba.njit(cache=True, nogil=True)
def _near(a_words, a0, i, a_size, b_words, b0, j, b_size, step, width):
    """Whether any two words are equal that so many differences lead to; mostly none are."""
    if width == 1:
        for x in range(a_size):
            word = a_words[i + step * x]
            for y in range(b_size):
                if word == b_words[j + step * y]:
                    return True
        return False
    for x in range(a_size):
        for y in range(b_size):
            if _same(a_words, a0, i + step * x, b_words, b0, j + step * y, width):
                return True
    return False


@numba.njit(cache=True, nogil=True)
def _over(a_words, a0, a1, i, b_words, b0, b1, j, step, width, max_gap, scratch):
    """Grow over differences in one direction from (i, j), where the words differ.

    Returns by how many words the passage grows in either article, and how many of them are equal.

    `reach` is how far in a the best path with so many differences comes, by how many more words of
    a than of b it holds.
    """
    grown_a, grown_b, equal, zero = 0, 0, 0, 2 * max_gap + 4
    reach, value, old_reach, old_value = scratch[0], scratch[1], scratch[2], scratch[3]
    while True:
        a_left, b_left = (a1 - i, b1 - j) if step > 0 else (i - a0 + 1, j - b0 + 1)
        best, best_a, best_b, differences = 0, 0, 0, 0
        low, high = 0, 0  # between which the paths go on
        old_reach[zero - 1 : zero + 2] = -1
        old_reach[zero], old_value[zero] = 0, 0
        while best == 0 and low <= high and differences < 2 * max_gap + 2:
            differences += 1
            reach[zero + low - 2], reach[zero + high + 2] = -1, -1
            new_low, new_high = high + 2, low - 2
            for d in range(low - 1, high + 2):
                k = zero + d
                reach[k] = -1
                far, equals = np.int64(-1), np.int64(0)
                if old_reach[k] >= 0:  # a word changed
                    far, equals = old_reach[k] + 1, old_value[k]
                if (
                    d > low and old_reach[k - 1] >= 0 and old_reach[k - 1] + 1 > far
                ):  # one more in a
                    far, equals = old_reach[k - 1] + 1, old_value[k - 1]
                if d < high and old_reach[k + 1] > far:  # one more in b
                    far, equals = old_reach[k + 1], old_value[k + 1]
                if far < 0 or far > a_left or far - d > b_left or equals - differences < -max_gap:
                    continue
                while (
                    far < a_left
                    and far - d < b_left
                    and _same(a_words, a0, i + step * far, b_words, b0, j + step * (far - d), width)
                ):
                    far, equals = far + 1, equals + 1
                reach[k], value[k] = far, equals
                new_low, new_high = min(new_low, d), max(new_high, d)
                if equals - differences > best:
                    best, best_a, best_b = equals - differences, far, far - d
            low, high = new_low, new_high
            reach, value, old_reach, old_value = old_reach, old_value, reach, value
        if best == 0:
            return grown_a, grown_b, equal
        i, j = i + step * best_a, j + step * best_b
        grown_a, grown_b, equal = grown_a + best_a, grown_b + best_b, equal + best + differences


@numba.njit(cache=True, nogil=True)
def _select(here, kept, a_covered, b_covered):
    """Keep a pair's passages from the longest down, if no half of one stands in those kept.

    They come in order of place.
    """
    rank = np.empty(kept, np.int64)
    for k in range(kept):
        rank[k] = -here[k, 4]
    good = np.zeros(kept, np.bool_)
    for k in np.argsort(rank, kind="mergesort"):
        in_a, in_b = a_covered[here[k, 0] : here[k, 1]], b_covered[here[k, 2] : here[k, 3]]
        if in_a.sum() <= ONCE * len(in_a) and in_b.sum() <= ONCE * len(in_b):
            good[k], in_a[:], in_b[:] = True, True, True
    n = 0
    for k in range(kept):
        a_covered[here[k, 0] : here[k, 1]], b_covered[here[k, 2] : here[k, 3]] = False, False
        if good[k]:
            here[n] = here[k]
            n += 1
    return n


@numba.njit(cache=True, nogil=True)
def _flags(marks, first, end, words):
    """Flags of a passage on one side: those that at least half of its shingles are marked with."""
    flags = 0
    size = end - first - words + 1
    for bit in (BOILERPLATE, MANY):
        marked = 0
        for i in range(first, first + size):
            marked += marks[i] & bit > 0
        if size > 0 and marked >= _MOST * size:
            flags |= bit
    return flags
