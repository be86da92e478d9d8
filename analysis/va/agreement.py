"""Krippendorff's alpha: agreement among any number of coders, beyond what chance gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.errors import OptionError, choose

METRICS = ("nominal", "ordinal", "interval")


def krippendorff_alpha(codes: Sequence[Sequence] | np.ndarray, *, metric: str = "nominal") -> float:
    """Krippendorff's alpha of a table of codes.

    .. math:: \\alpha = 1 - \\frac{D_o}{D_e} = 1 - (n - 1) \\frac{\\sum_{c,k} o_{ck} \\delta^2_{ck}}{\\sum_{c,k} n_c n_k \\delta^2_{ck}}

    where :math:`o_{ck}` counts the pairs of codes c and k within units, each unit's pairs divided
    by one less than its number of codes, :math:`n_c` is the sum of row c and n of all. The
    difference :math:`\\delta^2` is 0 or 1 for nominal codes, :math:`(c - k)^2` for interval ones,
    and for ordinal ones the square of the number of codes from c to k, those of c and k themselves
    counted half.

    Parameters
    ----------
    codes : array of shape (n_units, n_coders)
        Numbers, with NaN (or None) where a coder gave no code; for the nominal metric also labels.
        A unit with fewer than two codes tells nothing.
    metric : {"nominal", "ordinal", "interval"}

    Returns
    -------
    float
        1 for perfect agreement, 0 for what chance gives, below it for worse; NaN where no unit has
        two codes, or all codes are the same, so that there is nothing to agree on.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
    https://repository.upenn.edu/asc_papers/43

    Hayes, A. F., and Krippendorff, K. (2007). Answering the call for a standard reliability measure
    for coding data. Communication Methods and Measures 1(1).
    https://doi.org/10.1080/19312450709336664

    Examples
    --------
    >>> round(krippendorff_alpha([[1, 1], [2, 2], [1, 1], [2, 1]]), 3)
    0.533
    """
    choose("metric", metric, METRICS)
    table = np.array([[None if c is None or c != c else c for c in row] for row in codes], object)
    if table.ndim != 2:
        raise OptionError("codes must be a table of one row per unit and one column per coder.")
    given = [c for c in table.ravel() if c is not None]
    if metric != "nominal" and not all(isinstance(c, int | float | np.number) for c in given):
        raise OptionError(
            f"metric={metric!r} was given; labels have no order: allowed is 'nominal', or give"
            " numbers."
        )
    values = sorted(set(given), key=lambda c: (isinstance(c, str), c))
    place = {value: i for i, value in enumerate(values)}
    counts = np.zeros((len(table), len(values)))
    for unit, row in enumerate(table):
        for code in row:
            if code is not None:
                counts[unit, place[code]] += 1
    return float(alphas(coincidences(counts).sum(axis=0)[None], _scale(values), metric)[0])


def coincidences(counts: np.ndarray) -> np.ndarray:
    """Pairs of codes within each unit.

    Parameters
    ----------
    counts : array of shape (n_units, n_values)
        How many coders gave a unit each value.

    Returns
    -------
    array of shape (n_units, n_values, n_values)
        Ordered pairs, divided by one less than the unit's number of codes; 0 for a unit with fewer
        than two.
    """
    total = counts.sum(axis=1)
    pairs = counts[:, :, None] * counts[:, None, :] - np.einsum(
        "uc,ck->uck", counts, np.eye(counts.shape[1])
    )
    return np.where(
        (total > 1)[:, None, None], pairs / np.maximum(total - 1, 1)[:, None, None], 0.0
    )


def alphas(observed: np.ndarray, values: np.ndarray, metric: str) -> np.ndarray:
    """Alpha of each of several matrices of coincidences.

    Parameters
    ----------
    observed : array of shape (n, n_values, n_values)
    values : array of shape (n_values,)
        What the values are, in order; used for the interval metric.
    metric : {"nominal", "ordinal", "interval"}

    Returns
    -------
    array of shape (n,)
        NaN where there is nothing to agree on.
    """
    margins = observed.sum(axis=2)
    n = margins.sum(axis=1)
    if metric == "nominal":
        delta = np.broadcast_to(1.0 - np.eye(len(values)), observed.shape)
    elif metric == "interval":
        delta = np.broadcast_to((values[:, None] - values[None, :]) ** 2, observed.shape)
    else:
        middle = (
            np.cumsum(margins, axis=1) - margins / 2
        )  # codes up to each value, its own counted half
        delta = (middle[:, :, None] - middle[:, None, :]) ** 2
    within = (observed * delta).sum(axis=(1, 2))
    between = (margins[:, :, None] * margins[:, None, :] * delta).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(between > 0, 1.0 - (n - 1) * within / between, np.nan)


def _scale(values: list) -> np.ndarray:
    return (
        np.array(values, float)
        if all(not isinstance(v, str) for v in values)
        else np.arange(len(values), dtype=float)
    )
