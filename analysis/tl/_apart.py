"""What sets units and groups of them apart: features whose difference from the rest is sure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from scipy.stats import norm

LEVEL = 0.95  # of all intervals together


def differences(
    z: np.ndarray, errors: np.ndarray, drawn: Iterable[np.ndarray], sets: Sequence[frozenset[int]]
) -> pd.DataFrame:
    """Features in which the mean of some units differs from the mean of all others.

    Parameters
    ----------
    z : array of shape (n_units, n_columns)
    errors : array of the same shape
        The least standard errors that its cells can have.
    drawn : iterable of arrays of shape (draws, n_units, n_columns)
        Resamples of `z`.
    sets : sequence of frozenset of int
        Units that are compared with all others.

    Returns
    -------
    DataFrame
        set, column, difference, low, high: those whose interval excludes 0, the surest first. The
        intervals hold for all sets and columns together (Bonferroni).
    """
    n_units, n_columns = z.shape
    contrast = np.zeros((len(sets), n_units))
    for row, units in zip(contrast, sets):
        inside = np.isin(np.arange(n_units), sorted(units))
        if 0 < inside.sum() < n_units:
            row[:] = inside / inside.sum() - ~inside / (~inside).sum()
    total, squares, n = 0.0, 0.0, 0
    for chunk in drawn:
        found = contrast @ chunk
        total, squares, n = (
            total + found.sum(axis=0),
            squares + (found**2).sum(axis=0),
            n + len(found),
        )
    variance = np.maximum(squares / n - (total / n) ** 2, 0) * n / max(n - 1, 1)
    error = np.sqrt(np.maximum(variance, contrast**2 @ errors**2))
    counted = (np.abs(z).max(axis=0) > 0).sum() * max(len(sets), 1)
    reach = norm.ppf(1 - (1 - LEVEL) / (2 * max(counted, 1))) * error
    difference = contrast @ z
    sure = (np.abs(difference) > reach) & (error > 0)
    of, column = np.nonzero(sure)
    table = pd.DataFrame(
        {
            "set": of,
            "column": column,
            "difference": difference[sure],
            "low": (difference - reach)[sure],
            "high": (difference + reach)[sure],
            "sureness": (np.abs(difference)[sure] / error[sure]),
        }
    )
    order = ["set", "sureness", "column"]
    table = table.round({"sureness": 9}).sort_values(order, ascending=[True, False, True])
    return table.drop(columns="sureness").reset_index(drop=True)
