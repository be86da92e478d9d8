"""Krippendorff's alpha: agreement among any number of coders, beyond what chance gives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from pandas.api.types import is_list_like, is_number

from analysis.errors import OptionError
from analysis.options import check_choice

METRICS = ("nominal", "ordinal", "interval")


def krippendorff_alpha(
    codes: Sequence[Sequence] | np.ndarray | pd.DataFrame, *, metric: str = "nominal"
) -> float:
    r"""Krippendorff's alpha of a table of codes.

    .. math::

        \alpha = 1 - \frac{D_o}{D_e}
        = 1 - (n - 1) \frac{\sum_{c,k} o_{ck} \delta^2_{ck}}{\sum_{c,k} n_c n_k \delta^2_{ck}}

    where :math:`o_{ck}` counts the pairs of codes c and k within units, each unit's pairs divided
    by one less than its number of codes, :math:`n_c` is the sum of row c and n of all. The
    difference :math:`\delta^2` is 0 or 1 for nominal codes, :math:`(c - k)^2` for interval ones,
    and for ordinal ones the square of the number of codes from c to k, those of c and k themselves
    counted half.

    Parameters
    ----------
    codes : array or DataFrame of shape (n_units, n_coders)
        Numbers, with NaN (or None) where a coder gave no code; for the nominal metric also labels.
        A unit with fewer than two codes does not count.
    metric : {"nominal", "ordinal", "interval"}

    Returns
    -------
    float
        1 for perfect agreement, 0 for what chance gives, below it for worse; NaN where no unit has
        two codes, or all codes are the same, so that there is nothing to agree on.

    Raises
    ------
    OptionError
        If the codes are no table, or labels are given for a metric that needs numbers.

    References
    ----------
    Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
    https://repository.upenn.edu/asc_papers/43

    Hayes, A. F., and Krippendorff, K. (2007). Answering the call for a standard reliability measure
    for coding data. Communication Methods and Measures 1(1).
    https://doi.org/10.1080/19312450709336664

    Examples
    --------
    >>> import analysis as tw
    >>> round(tw.va.krippendorff_alpha([[1, 1], [2, 2], [1, 1], [2, 1]]), 3)
    0.533
    """
    check_choice("metric", metric, METRICS)
    rows = codes.to_numpy() if isinstance(codes, pd.DataFrame) else codes
    if not is_list_like(rows) or not all(is_list_like(row) for row in rows):
        raise OptionError(
            "codes must be a table with a row for each unit and a cell for each coder"
        )
    table = pd.DataFrame(list(rows), dtype=object).to_numpy()
    known = pd.notna(table)
    if metric != "nominal" and not all(map(is_number, table[known])):
        raise OptionError(f"codes must be numbers for the metric {metric!r}: labels have no order")
    counts = pd.crosstab(known.nonzero()[0], table[known])
    observed = coincidences(counts.to_numpy(float)).sum(axis=0)
    return float(alphas(observed[None], counts.columns.to_numpy(), metric)[0])


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
    same = counts[:, :, None] * np.eye(counts.shape[1])
    pairs = counts[:, :, None] * counts[:, None, :] - same
    return pairs / np.maximum(counts.sum(axis=1) - 1, 1)[:, None, None]


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
    if metric == "nominal":
        delta = 1.0 - np.eye(len(values))
    else:
        # for the ordinal metric, the codes up to each value, its own counted half
        scale = values if metric == "interval" else np.cumsum(margins, axis=1) - margins / 2
        scale = np.asarray(scale, float)
        delta = (scale[..., :, None] - scale[..., None, :]) ** 2
    within = (observed * delta).sum(axis=(1, 2))
    between = (margins[:, :, None] * margins[:, None, :] * delta).sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(between > 0, 1.0 - (margins.sum(axis=1) - 1) * within / between, np.nan)
