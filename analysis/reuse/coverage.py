"""Coverage: which words of an article stand in passages, counted without a loop over passages in
Python.
"""

from __future__ import annotations

import numba
import numpy as np


@numba.njit(cache=True, nogil=True)
def unions(keys, first, end):
    """Words that intervals cover, for each key.

    Parameters
    ----------
    keys, first, end : int64 arrays of shape (n_intervals,)
        Sorted by key, then by first; end exclusive.

    Returns
    -------
    int64 array of shape (n_keys,)
        In the order of the keys.
    """
    out, n = np.empty(len(keys), np.int64), 0
    at = np.int64(0)
    for i in range(len(keys)):
        if i == 0 or keys[i] != keys[i - 1]:
            out[n], at = 0, first[i]
            n += 1
        out[n - 1] += max(end[i] - max(first[i], at), 0)
        at = max(at, end[i])
    return out[:n]


@numba.njit(cache=True, nogil=True)
def cover(mask, first, end):
    """Set a mask of words to True in every interval."""
    for i in range(len(first)):
        mask[first[i] : end[i]] = True


def shared(keys: np.ndarray, first: np.ndarray, words: np.ndarray) -> np.ndarray:
    """Words that intervals of any order cover, for each key in ascending order."""
    order = np.lexsort((first, keys))
    return unions(
        keys[order].astype(np.int64),
        first[order].astype(np.int64),
        (first + words)[order].astype(np.int64),
    )
