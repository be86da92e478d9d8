"""The joint account: of every stretch, how probably each witness had it from whom."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.inference import generator
from analysis.reuse.evidence import Evidence
from analysis.reuse.stemmata import descents, marginals

LINEAGE_WEIGHTS = Path(__file__).parents[1] / "data" / "lineage.csv"
AT_ONCE = 1 << 20  # numbers of matrices that are worked on at a time


class Account(NamedTuple):
    """Probabilities over the stemmata of every stretch.

    Attributes
    ----------
    edge, above : float arrays of shape (n_edges,)
        Of the child having had the stretch from the parent, straight from it or through others too.
    origin, lost : float arrays of shape (n_members,)
        Of the witness having brought the stretch into the corpus, and of having it, as others do,
        from a text that the corpus lacks. With the edges of a witness they sum to 1.
    log_weight, several : float arrays of shape (n_stretches,)
        Log of the summed weights of the stemmata; how probably several drew on a lost text.
    """

    edge: np.ndarray
    above: np.ndarray
    origin: np.ndarray
    lost: np.ndarray
    log_weight: np.ndarray
    several: np.ndarray


@functools.cache
def read_weights() -> dict[str, pd.Series]:
    """Weights of evidence: "edge", "origin", "lost", as `benchmarks.descent` fitted them."""
    table = pd.read_csv(LINEAGE_WEIGHTS, index_col="evidence")
    return {level: part["weight"] for level, part in table.groupby("level")}


def scores(found: Evidence, weights: Mapping[str, pd.Series]) -> tuple[np.ndarray, ...]:
    """Log weights of edges, and of members at the root alone and with others."""
    return tuple(
        table.to_numpy() @ weights[level][table.columns].to_numpy()
        for level, table in (
            ("edge", found.edges),
            ("origin", found.witnesses),
            ("lost", found.witnesses),
        )
    )


def account(
    found: Evidence, log_weights: tuple[np.ndarray, ...], *, above: bool = True, seed: int = 0
) -> Account:
    """Sum over the stemmata of every stretch.

    Parameters
    ----------
    found : Evidence
    log_weights : tuple of arrays
        As `scores` gives them.
    above : bool
        Whether descent through others is wanted, which takes longer.
    seed : int
        For stretches with so many witnesses that stemmata are drawn.
    """
    of_edge, of_origin, of_lost = log_weights
    edge, through = np.zeros((2, len(of_edge)))
    origin, lost = np.zeros((2, len(of_origin)))
    log_weight, several = np.zeros((2, found.stretches.stretch.max(initial=-1) + 1))
    rng = generator(seed, "lineage", "stemmata")
    for members, edges, child, parent in _alike(found):
        m, n = members.shape
        weight = np.full((m, n, n), -np.inf)
        row = np.repeat(np.arange(m), [len(e) for e in edges])
        flat = np.concatenate(edges)
        c, p = np.concatenate(child), np.concatenate(parent)
        weight[row, c, p] = of_edge[flat]
        sums = marginals(weight, of_origin[members], of_lost[members])
        edge[flat] = sums.edge[row, c, p]
        origin[members], lost[members] = sums.origin, sums.lost
        stretch = found.stretches.stretch[members[:, 0]]
        log_weight[stretch], several[stretch] = sums.log_weight, sums.several
        if above:
            climbs = zip(weight, of_origin[members], of_lost[members])
            every = np.array([descents(*one, rng) for one in climbs])
            through[flat] = every[row, c, p]
    return Account(edge, through, origin, lost, log_weight, several)


def _alike(found: Evidence) -> Iterator[tuple[np.ndarray, list, list, list]]:
    """Stretches with as many witnesses, some at a time.

    Members of shape (m, n), and of each stretch its edges and their places among its members.
    """
    stretch = found.stretches.stretch
    if not len(stretch):
        return
    first = np.searchsorted(stretch, np.arange(stretch[-1] + 2))
    order = np.argsort(found.stretch, kind="stable")
    edges = np.split(order, np.searchsorted(found.stretch[order], np.arange(1, stretch[-1] + 1)))
    size = np.diff(first)
    for n in np.unique(size):
        those = np.flatnonzero(size == n)
        step = max(AT_ONCE // int(n) ** 2, 1)
        for at in range(0, len(those), step):
            some = those[at : at + step]
            mine = [edges[s] for s in some]
            yield (
                first[some][:, None] + np.arange(n),
                mine,
                [found.child[e] - first[s] for s, e in zip(some, mine)],
                [found.parent[e] - first[s] for s, e in zip(some, mine)],
            )
