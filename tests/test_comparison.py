"""Groups compared by one estimator, against planted truths and naive references."""

import numpy as np
import pytest

from analysis.comparison import FEWEST_ARTICLES, SHARE_LIMITS, compare_groups
from benchmarks.groups_compared import evaluate, planted

OPTIONS = {"what": "test", "draws": 200, "level": 0.95, "seed": 0}


def test_estimates_are_ratios_of_sums_and_the_rest_is_all_others_together():
    rng = np.random.default_rng(0)
    above, below, group, article, names = planted(rng, 4, 6)
    found = compare_groups(above, below, group, article, names, **OPTIONS)
    for g in range(4):
        mine = group == g
        assert found.estimate[g, 0] == pytest.approx(above[mine].sum() / below[mine].sum())
        assert found.rest[g, 0] == pytest.approx(above[~mine].sum() / below[~mine].sum())
        assert found.weight[g, 0] == below[mine].sum() and found.unit[g] == "article"
    assert ((found.low < found.estimate) & (found.estimate < found.high)).all()


def test_equal_groups_are_seldom_apart_and_planted_ones_mostly_are():
    rng = np.random.default_rng(1)
    wrong = [compare_groups(*planted(rng, 6, 8), **OPTIONS).apart.any() for _ in range(30)]
    right = [compare_groups(*planted(rng, 6, 8, 1.0), **OPTIONS).apart[0, 0] for _ in range(10)]
    assert np.mean(wrong) < 0.12 and np.mean(right) > 0.8


def test_several_comparisons_beside_each_other_are_seldom_wrong_together():
    """Three sets of equal groups, as three columns of one figure: some is apart in 5 of 100."""
    rng = np.random.default_rng(8)
    apart = {1: [], 3: []}
    for _ in range(40):
        sets = [planted(rng, 5, 8) for _ in range(3)]
        for beside, wrong in apart.items():
            found = [compare_groups(*one, **OPTIONS, beside=beside).apart.any() for one in sets]
            wrong.append(any(found))
    assert np.mean(apart[3]) < 0.1 < np.mean(apart[1])


def test_intervals_of_few_articles_hold_the_truth():
    rng = np.random.default_rng(2)
    found = [compare_groups(*planted(rng, 6, 4), **OPTIONS) for _ in range(30)]
    held = np.mean([(f.low < 0.5) & (f.high > 0.5) for f in found])
    assert 0.87 < held <= 1


def test_articles_are_resampled_and_sentences_only_of_a_single_article():
    above, below, group, article, names = planted(np.random.default_rng(3), 3, 1)
    found = compare_groups(above, below, group, article, names, **OPTIONS)
    assert found.unit == ["sentence"] * 3 and found.n_units[:, 0].tolist() == [10] * 3
    doubled = compare_groups(
        np.r_[above, above], np.r_[below, below], np.r_[group, group], np.r_[article, article + 9],
        names, **OPTIONS,
    )  # fmt: skip
    assert doubled.unit == ["article"] * 3
    # two articles that are the same show no difference between articles
    assert np.allclose(doubled.low, doubled.high)


def test_another_group_moves_no_interval_of_ones_own():
    above, below, group, article, names = planted(np.random.default_rng(4), 3, 6)
    some = group < 2
    few = compare_groups(above[some], below[some], group[some], article[some], names[:2], **OPTIONS)
    all_of_them = compare_groups(above, below, group, article, names, **OPTIONS)
    assert np.array_equal(few.low, all_of_them.low[:2])
    assert np.array_equal(few.high, all_of_them.high[:2])


def test_few_articles_none_and_no_spread_are_never_apart():
    above, below, group, article, names = planted(np.random.default_rng(5), 3, 8, 5.0)
    few = (group != 0) | (article < FEWEST_ARTICLES - 1)
    kept = [part[few] for part in (above, below, group, article)]
    found = compare_groups(*kept, [*names, "empty"], **OPTIONS)
    assert not found.apart[0] and np.isnan(found.estimate[3, 0]) and not found.apart[3]
    assert np.isnan(found.joint_low[0, 0]) and np.isfinite(found.joint_low[1:3]).all()
    alone = compare_groups(above, below, np.zeros_like(group), article, ["all"], **OPTIONS)
    assert np.isnan(alone.rest).all() and not alone.apart.any()
    sparse = np.where(article == article[0], below, 0)  # one article alone has a denominator
    assert np.isnan(compare_groups(above, sparse, group, article, names, **OPTIONS).low[0, 0])


def test_a_single_article_is_apart_beside_its_like_but_not_beside_groups_of_several():
    rng = np.random.default_rng(11)
    sentences = 30
    far = np.r_[np.full(sentences, 0.9), rng.normal(0.5, 0.1, 5 * sentences)]
    far[:sentences] += rng.normal(0, 0.02, sentences)
    article, ones = np.repeat(np.arange(6), sentences), np.ones(6 * sentences)
    alone = compare_groups(far, ones, article, article, list("abcdef"), **OPTIONS)
    assert alone.apart[0, 0]
    beside = np.minimum(article, 1)  # one article, and a group of five
    found = compare_groups(far, ones, beside, article, ["one", "five"], **OPTIONS)
    assert found.unit == ["sentence", "article"] and found.apart[:, 0].tolist() == [False, True]
    assert np.isnan(found.joint_low[0, 0]) and np.isfinite(found.low[0, 0])


def test_shrunk_lies_between_the_estimate_and_the_mean_and_closer_where_less_is_known():
    rng = np.random.default_rng(6)
    above, below, group, article, names = planted(rng, 5, 8, 1.5)
    few = (group != 0) | (article < 2)
    kept = [part[few] for part in (above, below, group, article)]
    many = compare_groups(above, below, group, article, names, **OPTIONS)
    found = compare_groups(*kept, names, **OPTIONS)
    moved = [abs(f.estimate[0, 0] - f.shrunk[0, 0]) for f in (many, found)]
    assert moved[0] < moved[1]
    assert found.estimate[1:].min() <= found.shrunk[0, 0] <= found.estimate[0, 0]


def test_columns_are_estimated_each_by_itself():
    above, below, group, article, names = planted(np.random.default_rng(7), 3, 6)
    both = compare_groups(np.c_[above, -above], below, group, article, names, **OPTIONS)
    one = compare_groups(above, below, group, article, names, **OPTIONS)
    assert np.allclose(both.estimate[:, 1], -one.estimate[:, 0])
    assert np.array_equal(both.low[:, 0], one.low[:, 0])
    columns = both.columns("share", 1)
    assert list(columns)[0] == "share" and np.array_equal(columns["share"], both.estimate[:, 1])


def test_a_group_without_a_rare_word_is_apart_only_where_chance_seldom_gives_that():
    rng, wrong = np.random.default_rng(5), 0
    groups = np.repeat(np.arange(12), 30)
    names = list("abcdefghijkl")
    for draw in range(20):
        words = rng.poisson(18, len(groups)) + 1
        hits = rng.poisson(0.003 * words)
        options = {"what": "t", "draws": 200, "level": 0.95, "seed": draw}
        found = compare_groups(hits, words, groups, groups, names, counts=True, **options)
        wrong += found.apart.any()
    assert wrong <= 2
    without = np.where(groups == 0, 0, rng.poisson(0.1 * words))
    found = compare_groups(without, words, groups, groups, names, counts=True, **OPTIONS)
    assert found.apart[0, 0]
    # of other numbers none knows how far those might lie that are all alike
    assert not compare_groups(without, words, groups, groups, names, **OPTIONS).apart[0, 0]


def test_a_group_with_many_of_a_word_that_others_lack_is_apart_all_the_same():
    rng = np.random.default_rng(6)
    article = np.repeat(np.arange(60), 20)
    words = np.full(len(article), 18)
    hits = rng.poisson(np.where(article < 10, 0.01, 0.002) * words)
    found = compare_groups(
        hits,
        words,
        article // 10,
        article,
        list("abcdef"),
        what="t",
        draws=500,
        level=0.95,
        seed=0,
        counts=True,
    )
    assert found.apart[0, 0] and found.joint_low[0, 0] > found.rest[0, 0]


def test_the_benchmark_prints_a_share_for_each_size():
    told = evaluate(samples=8, draws=100)
    assert told["samples"] == 8 and len(told) == 6
    few = told["8 groups of 3 articles"]
    assert few["wrong"] == few["found"] == 0 and few["held"] > 0.8
    assert told["20 groups of 10 articles"]["found"] > told["3 groups of 5 articles"]["wrong"]


def test_bounds_of_a_share_end_at_none_and_at_all():
    """Resampled differences reach beyond what a share can be; the estimate stays as it is."""
    rng = np.random.default_rng(0)
    group = np.repeat([0, 1, 2], [6, 6, 6])
    omitted = np.r_[np.ones(5), 0, np.zeros(5), 1, rng.integers(0, 2, 6)]
    found = compare_groups(
        omitted,
        np.ones(18),
        group,
        np.arange(18),
        list("abc"),
        what="x",
        draws=200,
        level=0.95,
        seed=0,
    )
    free, ended = found.columns("share"), found.columns("share", limits=SHARE_LIMITS)
    assert free["joint_high"].max() > 1 and free["joint_low"].min() < 0
    assert (ended["joint_high"] <= 1).all() and (ended["joint_low"] >= 0).all()
    assert ended["low"].min() >= 0 and ended["high"].max() <= 1
    assert (ended["share"] == free["share"]).all() and (ended["shrunk"] == free["shrunk"]).all()
