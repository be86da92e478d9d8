"""Stemmata: sums over all trees against a naive count of them."""

import itertools

import numpy as np
import pytest

from analysis.reuse import stemmata
from analysis.reuse.stemmata import descents, marginals

NONE = -np.inf


def drawn(n, seed=0):
    rng = np.random.default_rng(seed)
    edge = rng.normal(size=(n, n)) * 2
    edge[np.diag_indices(n)] = NONE
    return edge, rng.normal(size=n), rng.normal(size=n)


def naive(edge, origin, lost):
    """Over every choice of parents that is a tree: log weight, edges, roots, descent."""
    n = len(origin)
    edges, above = np.zeros((2, n, n))
    alone, several, total = np.zeros(n), np.zeros(n), 0.0
    for parents in itertools.product(range(-1, n), repeat=n):
        lines = []
        for node in range(n):
            line, up = [], parents[node]
            while up >= 0 and up not in line and up != node:
                line.append(up)
                up = parents[up]
            lines.append(line if up < 0 else None)
        roots = [node for node in range(n) if parents[node] < 0]
        if None in lines:
            continue
        at_root = origin if len(roots) == 1 else lost
        weight = np.exp(sum(at_root[i] if p < 0 else edge[i, p] for i, p in enumerate(parents)))
        total += weight
        for node, line in enumerate(lines):
            if parents[node] >= 0:
                edges[node, parents[node]] += weight
            above[node, line] += weight
        (alone if len(roots) == 1 else several)[roots] += weight
    return np.log(total), edges / total, alone / total, several / total, above / total


@pytest.mark.parametrize("n", [2, 3, 4])
def test_sums_are_those_of_all_trees(n):
    edge, origin, lost = drawn(n)
    found = marginals(edge[None], origin[None], lost[None])
    log, edges, alone, several, above = naive(edge, origin, lost)
    assert found.log_weight[0] == pytest.approx(log)
    for values, expected in ((found.edge, edges), (found.origin, alone), (found.lost, several)):
        assert np.allclose(values[0], expected)
    assert found.several[0] == pytest.approx(1 - alone.sum())
    assert np.allclose(descents(edge, origin, lost, np.random.default_rng(0)), above)


def test_drawn_trees_are_near_the_sums_of_all(monkeypatch):
    monkeypatch.setattr(stemmata, "MOST_ENUMERATED", 1)
    monkeypatch.setattr(stemmata, "DRAWS", 4000)
    edge, origin, lost = drawn(4, seed=1)
    *_, above = naive(edge, origin, lost)
    assert np.allclose(descents(edge, origin, lost, np.random.default_rng(0)), above, atol=0.04)


def test_a_parent_that_is_none_is_never_one_and_each_witness_has_one_source():
    edge, origin, lost = drawn(6, seed=2)
    edge[2, 3] = NONE
    found = marginals(edge[None], origin[None], lost[None])
    assert found.edge[0, 2, 3] == 0
    sums = found.edge[0].sum(axis=1) + found.origin[0] + found.lost[0]
    assert np.allclose(sums, 1)


def test_five_hundred_witnesses_take_bounded_time_also_where_two_hold_each_other(monkeypatch):
    monkeypatch.setattr(stemmata, "DRAWS", 20)  # each takes all its steps
    edge, origin, lost = drawn(500, seed=3)
    edge[0, 1] = edge[1, 0] = 40.0
    found = marginals(edge[None], origin[None], lost[None] - 5)
    sums = found.edge[0].sum(axis=1) + found.origin[0] + found.lost[0]
    assert np.allclose(sums, 1, atol=1e-3)
    above = descents(edge, origin, lost - 5, np.random.default_rng(0))
    assert ((above >= 0) & (above <= 1 + 1e-9)).all() and np.diag(above).max() == 0
