"""Shingles: hashes of running words, and the diagonals of equal ones in two articles."""

from __future__ import annotations

import numpy as np

_ODD = np.uint64(0x9E3779B97F4A7C15)


def shingle(words: np.ndarray, n: int) -> np.ndarray:
    """Hash every run of n words.

    Parameters
    ----------
    words : uint64 array of shape (n_words,)
        Hashes of the words of one article, in order.
    n : int

    Returns
    -------
    uint64 array of shape (max(n_words - n + 1, 0),)
    """
    if len(words) < n:
        return np.empty(0, np.uint64)
    size = len(words) - n + 1
    mixed = np.zeros(size, np.uint64)
    for offset in range(n):  # wrap-around is the arithmetic of the hash
        mixed = (mixed ^ words[offset:offset + size]) * _ODD
        mixed ^= mixed >> np.uint64(29)
    return mixed


def diagonals(hashes: np.ndarray, article: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Find the maximal runs of shingles that two articles share.

    Parameters
    ----------
    hashes, article, position : arrays of shape (n_shingles,)
        Hash, number of the article, and position of the first word of every shingle.

    Returns
    -------
    int64 array of shape (n_runs, 5)
        a, b (article numbers, a < b), first position in a, first position in b, number of consecutive shingles;
        sorted by all columns.
    """
    order = np.lexsort((position, article, hashes))
    h, art, pos = hashes[order], article[order].astype(np.int64), position[order].astype(np.int64)
    first = np.flatnonzero(np.r_[True, h[1:] != h[:-1]]) if len(h) else np.empty(0, np.int64)
    size = np.diff(np.r_[first, len(h)])
    pairs = []
    # shift k pairs each shingle with the k-th next of its group, so that no loop runs over shingles
    group = np.repeat(np.arange(len(first)), size)
    for shift in range(1, int(size.max(initial=1))):
        left = np.flatnonzero(group[shift:] == group[:-shift]) if shift < len(group) else np.empty(0, np.int64)
        if not len(left):
            break
        right = left + shift
        other = art[left] != art[right]
        left, right = left[other], right[other]
        pairs.append(np.stack([art[left], art[right], pos[right] - pos[left], pos[left]], axis=1))
    if not pairs:
        return np.empty((0, 5), np.int64)
    rows = np.concatenate(pairs)
    rows = rows[np.lexsort(rows.T[::-1])]
    new = np.r_[True, (rows[1:, :3] != rows[:-1, :3]).any(axis=1) | (rows[1:, 3] != rows[:-1, 3] + 1)] if len(rows) else []
    start = np.flatnonzero(new)
    length = np.diff(np.r_[start, len(rows)])
    runs = np.column_stack([rows[start, 0], rows[start, 1], rows[start, 3], rows[start, 3] + rows[start, 2], length])
    return runs[np.lexsort(runs.T[::-1])]
