"""How a model agrees with codes: F1 and rank correlation, in many bootstrap samples at once."""

from __future__ import annotations

import numpy as np

from analysis.inference import resample


def samples_of(n_units: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """How often each unit is drawn in each bootstrap sample, after the sample itself.

    Returns
    -------
    array of shape (draws + 1, n_units)
        The first row holds ones.
    """
    drawn = resample(n_units, draws, rng) if n_units else np.zeros((draws, 0))
    return np.vstack([np.ones((1, n_units)), drawn])


def f1_scores(
    times: np.ndarray, truth: np.ndarray, predicted: np.ndarray, n_classes: int
) -> np.ndarray:
    """F1 of each class, 2 TP / (2 TP + FP + FN); NaN where a class is neither coded nor predicted.

    Parameters
    ----------
    times : array of shape (n, n_units)
        Weight of each unit in each sample.
    truth, predicted : int arrays of shape (n_units,)
        Classes from 0.
    n_classes : int

    Returns
    -------
    array of shape (n, n_classes)
    """
    is_true, is_predicted = (np.eye(n_classes)[which] for which in (truth, predicted))
    hits = times @ (is_true * is_predicted)
    sizes = times @ is_true + times @ is_predicted
    return _ratio(2 * hits, sizes)


def mean_of(scores: np.ndarray) -> np.ndarray:
    """The mean over classes that occur; NaN where none does."""
    there = ~np.isnan(scores)
    return _ratio(np.where(there, scores, 0).sum(axis=1), there.sum(axis=1))


def rank_correlation(times: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Spearman's rank correlation in each sample, with weights; NaN where either does not vary.

    Weighted ranks are the weight of all lower values, and half that of equal ones; with equal
    weights that is the usual rank with ties.
    """
    u, v = _ranks(times, x), _ranks(times, y)
    total = times.sum(axis=1, keepdims=True)
    u, v = (rank - _ratio((times * rank).sum(axis=1, keepdims=True), total) for rank in (u, v))
    spread = np.sqrt((times * u * u).sum(axis=1) * (times * v * v).sum(axis=1))
    varies = spread > 1e-9 * np.maximum(total[:, 0], 1) ** 2  # by more than round-off
    return _ratio((times * u * v).sum(axis=1), np.where(varies, spread, 0))


def _ranks(times: np.ndarray, values: np.ndarray) -> np.ndarray:
    distinct, which = np.unique(np.round(values, 9), return_inverse=True)
    mass = times @ np.eye(len(distinct))[which]
    return (np.cumsum(mass, axis=1) - mass / 2)[:, which]


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / below, np.nan)
