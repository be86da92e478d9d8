"""Scores of a model are those of scikit-learn and scipy in every resample, with weights too."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from sklearn.metrics import f1_score

from analysis.va.scores import f1_scores, mean_of, rank_correlation, samples_of


@pytest.fixture
def times():
    return samples_of(30, 40, np.random.default_rng(0))


def test_the_first_row_is_the_sample_and_the_others_are_resamples(times):
    assert (times[0] == 1).all() and (times.sum(axis=1) == 30).all()
    assert len({row.tobytes() for row in times}) == 41
    assert samples_of(0, 5, np.random.default_rng(0)).shape == (6, 0)


def test_f1_is_that_of_scikit_learn_in_every_resample(times):
    rng = np.random.default_rng(1)
    truth, predicted = rng.integers(0, 3, (2, 30))
    found = f1_scores(times, truth, predicted, 3)
    for weights, f1 in zip(times, found):
        wanted = f1_score(truth, predicted, average=None, sample_weight=weights, zero_division=0)
        np.testing.assert_allclose(np.nan_to_num(f1), wanted)
    np.testing.assert_allclose(mean_of(found), np.nanmean(found, axis=1))
    assert np.isnan(f1_scores(times, truth * 0, predicted * 0, 2)[:, 1]).all()


def test_scores_do_not_depend_on_the_unit_of_the_weights(times):
    truth, predicted = np.random.default_rng(1).integers(0, 3, (2, 30))
    found = f1_scores(times, truth, predicted, 3)
    np.testing.assert_allclose(f1_scores(times / 1000, truth, predicted, 3), found)
    x, y = np.random.default_rng(2).integers(0, 5, (2, 30)).astype(float)
    rank = rank_correlation(times, x, y)
    np.testing.assert_allclose(rank_correlation(times / 7, x, y), rank)


def test_what_does_not_vary_has_no_rank_correlation_whatever_the_weights():
    weights = np.random.default_rng(3).random((200, 30))
    x = np.arange(30.0)
    assert np.isnan(rank_correlation(weights, x, np.full(30, 5.0))).all()
    one_unit = np.eye(30)[:1] * 0.3
    assert np.isnan(rank_correlation(one_unit, x, x)).all()


def test_rank_correlation_is_that_of_scipy_in_every_resample(times):
    x, y = np.random.default_rng(2).integers(0, 5, (2, 30)).astype(float)
    for weights, rank in zip(times, rank_correlation(times, x, y)):
        drawn = np.repeat(np.arange(30), weights.astype(int))
        np.testing.assert_allclose(rank, spearmanr(x[drawn], y[drawn]).statistic)
    assert np.isnan(rank_correlation(times, x, np.full(30, 5.0))).all()


def test_close_values_have_ranks_of_their_own_and_round_off_none():
    x, y = np.arange(6) / 1000, np.array([2.0, 0, 1, 5, 3, 4])
    ones = np.ones((1, 6))
    np.testing.assert_allclose(rank_correlation(ones, x, y), spearmanr(x, y).statistic)
    tied = np.array([0.1 + 0.2, 0.3, 1, 2, 3, 4])  # the first two are one value
    wanted = spearmanr(tied.round(9), y).statistic
    assert spearmanr(tied, y).statistic != wanted
    np.testing.assert_allclose(rank_correlation(ones, tied, y), wanted)
