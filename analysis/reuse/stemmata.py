"""Stemmata: all trees of who had a stretch from whom, and how probable each answer is in them.

A stemma gives each witness of a stretch one parent, another witness or the root, in no circle. Its
weight is the product of the weights of its edges. Where one witness alone hangs on the root, that
witness brought the stretch into the corpus ("origin"); where several do, they drew on a text that
the corpus lacks ("lost").
"""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np

MOST_ENUMERATED = 5  # witnesses; of six there are 7 ** 5 trees, of more they are drawn
DRAWS = 400
FAINTEST = -20.0  # log of a weight beside the heaviest of its child: less is lost in rounding
LEAST = 1e-12  # of a probability, so that its logarithm is a number
_TRIES = 50  # to draw a tree with two witnesses at its root


class Marginals(NamedTuple):
    """Probabilities over all stemmata of m stretches with n witnesses each.

    Attributes
    ----------
    log_weight : float array of shape (m,)
        Log of the sum of the weights of all stemmata.
    edge : float array of shape (m, n, n)
        Of each child (row) the parent (column).
    origin, lost : float arrays of shape (m, n)
        Of each witness hanging on the root, alone or with others.
    several : float array of shape (m,)
        Of more than one witness hanging on the root.
    """

    log_weight: np.ndarray
    edge: np.ndarray
    origin: np.ndarray
    lost: np.ndarray
    several: np.ndarray


def marginals(edge: np.ndarray, origin: np.ndarray, lost: np.ndarray) -> Marginals:
    """Sum over all stemmata by the matrix-tree theorem.

    Parameters
    ----------
    edge : float array of shape (m, n, n)
        Log of the weight of each parent (column) of each child (row); -inf where it can be none.
    origin, lost : float arrays of shape (m, n)
        Log of the weight of each witness at the root, alone and with others.

    References
    ----------
    Koo, T., Globerson, A., Carreras, X. and Collins, M. (2007). Structured prediction models via
    the matrix-tree theorem. EMNLP-CoNLL. https://aclanthology.org/D07-1015/

    Examples
    --------
    Two witnesses, and all weights 1: one from the other, the other way round, or both from a third.

    >>> one, none = np.zeros((1, 2)), -np.inf
    >>> found = marginals(np.array([[[none, 0], [0, none]]]), one, one)
    >>> found.edge.round(2).tolist(), found.lost.round(2).tolist()
    ([[[0.0, 0.33], [0.33, 0.0]]], [[0.33, 0.33]])
    """
    # a factor of all weights of one child changes no probability, and keeps numbers small
    shift, weight, origin, lost = _weights(edge, origin, lost)
    laplacian = -weight
    places = np.arange(weight.shape[-1])
    laplacian[:, places, places] += weight.sum(axis=-1)
    every = laplacian.copy()
    every[:, places, places] += lost
    log_every, inverse = np.linalg.slogdet(every)[1], np.linalg.inv(every)
    own = np.diagonal(inverse, axis1=1, axis2=2)
    edge_every, lost_every = weight * (own[..., None] - _turned(inverse)), own * lost
    log_origin, edge_origin, at_origin = _one_at_root(laplacian, weight, origin)
    log_one, edge_one, lost_one = _one_at_root(laplacian, weight, lost)
    # of all trees with a lost source, those with one witness at the root show none
    one = np.exp(np.minimum(log_one - log_every, 0))
    several = np.maximum(1 - one, LEAST)
    log_lost = log_every + np.log(several)
    total = np.logaddexp(log_origin, log_lost)
    p_origin, p_lost = np.exp(log_origin - total)[:, None], np.exp(log_lost - total)[:, None]

    def of_lost(of_every, of_one):
        rest = (of_every.T - of_one.T * one).T
        return (rest.T / several).T

    edges = p_origin[..., None] * edge_origin + p_lost[..., None] * of_lost(edge_every, edge_one)
    return Marginals(
        total + shift.sum(axis=-1),
        np.clip(edges, 0, 1),
        np.clip(p_origin * at_origin, 0, 1),
        np.clip(p_lost * of_lost(lost_every, lost_one), 0, 1),
        p_lost[:, 0],
    )


def _weights(edge: np.ndarray, origin: np.ndarray, lost: np.ndarray) -> tuple[np.ndarray, ...]:
    """What each child's weights were divided by, in logs, and the weights."""
    shift = np.maximum(edge.max(axis=-1), np.maximum(origin, lost))
    no_edge = np.isneginf(edge)
    weight = np.where(no_edge, 0, np.exp(np.maximum(edge - shift[..., None], FAINTEST)))
    roots = (np.exp(np.maximum(values - shift, FAINTEST)) for values in (origin, lost))
    return shift, weight, *roots


def _turned(matrices: np.ndarray) -> np.ndarray:
    return np.swapaxes(matrices, -1, -2)


def _one_at_root(laplacian: np.ndarray, weight: np.ndarray, at_root: np.ndarray) -> tuple:
    """Log of the sum over trees with one witness at the root, and what each edge and root has."""
    single = laplacian.copy()
    single[:, :, 0] = at_root
    log, inverse = np.linalg.slogdet(single)[1], np.linalg.inv(single)
    own, of_parent = np.diagonal(inverse, axis1=1, axis2=2).copy(), _turned(inverse).copy()
    own[:, 0], of_parent[:, :, 0] = 0, 0
    return log, weight * (own[..., None] - of_parent), inverse[:, 0] * at_root


def descents(
    edge: np.ndarray, origin: np.ndarray, lost: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """How probably each witness had the stretch from each other one, directly or through others.

    Up to five witnesses all stemmata are enumerated; of more, 400 are drawn (Wilson's algorithm).

    Returns
    -------
    float array of shape (n, n)
        Child (row), from whom (column).

    References
    ----------
    Wilson, D. B. (1996). Generating random spanning trees more quickly than the cover time. STOC.
    https://doi.org/10.1145/237814.237880
    """
    _, *weights = _weights(edge, origin, lost)
    if len(origin) <= MOST_ENUMERATED:
        return _enumerated(*weights)
    found = marginals(*(values[None] for values in (edge, origin, lost)))
    return _drawn(weights[0], weights[2], found.origin[0], DRAWS, rng)


@numba.njit(cache=True, nogil=True)
def _climb(parent, above, weight):
    """Add a tree's weight to all that each node descends from; False if it is no tree."""
    n = len(parent)
    for node in range(n):
        up, steps = parent[node], 0
        while up >= 0 and steps < n:
            up, steps = parent[up], steps + 1
        if up >= 0:
            return False
    for node in range(n):
        up = parent[node]
        while up >= 0:
            above[node, up] += weight
            up = parent[up]
    return True


@numba.njit(cache=True, nogil=True)
def _enumerated(edge, origin, lost):
    n = len(origin)
    above, total = np.zeros((n, n)), 0.0
    parent = np.full(n, -1)
    while True:
        at_root = (parent < 0).sum()
        weight = 1.0
        for node in range(n):
            if parent[node] >= 0:
                weight *= edge[node, parent[node]]
            else:
                weight *= origin[node] if at_root == 1 else lost[node]
        if at_root and weight > 0 and _climb(parent, above, weight):
            total += weight
        place = 0
        while place < n and parent[place] == n - 1:
            parent[place] = -1
            place += 1
        if place == n:
            return above / max(total, 1e-300)
        parent[place] += 1


@numba.njit(cache=True, nogil=True)
def _drawn(edge, lost, p_origin, draws, rng):
    """The share of drawn trees in which each node descends from each other one."""
    n = len(lost)
    summed = edge.copy()
    for other in range(1, n):
        summed[:, other] += summed[:, other - 1]
    above, done = np.zeros((n, n)), 0
    parent, state = np.empty(n, np.int64), np.empty(n, np.int64)
    for _ in range(draws):
        top, chance = -1, rng.random()  # the node that alone hangs on the root
        for node in range(n):
            chance -= p_origin[node]
            if chance < 0:
                top = node
                break
        for _ in range(_TRIES):
            if _wilson(summed, lost, top, parent, state, rng) and (
                top >= 0 or (parent < 0).sum() > 1
            ):
                done += _climb(parent, above, 1.0)
                break
    return above / max(done, 1)


@numba.njit(cache=True, nogil=True)
def _wilson(summed, lost, top, parent, state, rng):
    """Draw one tree, by summed weights; False if the walks took too long."""
    n = len(lost)
    state[:] = 0
    if top >= 0:
        state[top], parent[top] = 1, -1
    steps = 0
    for start in range(n):
        node = start
        while node >= 0 and state[node] == 0:
            steps += 1
            if steps > 1000 * n:
                return False
            at_root = lost[node] if top < 0 else 0.0
            chance = rng.random() * (summed[node, n - 1] + at_root) - at_root
            step = -1
            if chance >= 0 and summed[node, n - 1] > 0:
                step = np.searchsorted(summed[node], chance, side="right")
            parent[node] = step
            node = step
        node = start
        while node >= 0 and state[node] == 0:
            state[node] = 1
            node = parent[node]
    return True
