"""How surely groups come together: their nearest ones, and how sure chance and topic are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage

from analysis.inference import generator, permute_within
from analysis.tl._group_sample import GroupSample
from analysis.tl._trees import clades, profile_tree

EQUAL = 1e-6  # heights of merges that differ by less are the same: no group stands out
_NULL_DRAWS, _NULL_TREES = 40, 4000
_MANY = 40  # groups, beyond which fewer trees of chance must do


def set_apart(tree: np.ndarray) -> np.ndarray:
    """Whether each merge lies lower than the one that takes it up.

    The order of merges at equal distances is arbitrary.
    """
    n = len(tree) + 1
    above = np.full(n + len(tree), np.inf)
    above[tree[:, :2].astype(int)] = tree[:, 2:3]
    return above[n:] - tree[:, 2] > EQUAL


def counted(trees: Iterable[np.ndarray]) -> Counter:
    """In how many trees each set of leaves is joined, before all others are."""
    return Counter(clade for tree in trees for clade in clades(tree))


def surest_by_chance(sample: GroupSample, permutations: int, seed: int) -> np.ndarray:
    """Stability of the surest set of groups where articles are exchanged between groups.

    Only articles of one stratum are exchanged.

    Returns
    -------
    array of shape (n_permutations,)
    """
    n, rng = len(sample.ids), generator(seed, "cluster", "exchanged")
    turns = min(permutations, _NULL_TREES // _NULL_DRAWS // (1 if n <= _MANY else 4))
    surest = np.zeros(turns)
    for turn in range(turns):
        codes = sample.codes[permute_within(sample.articles.stratum, rng)]
        other = sample.permuted(codes)
        tree = profile_tree(other.weighted)
        drawn = (one for chunk in other.draws(_NULL_DRAWS) for one in chunk)
        times = counted(profile_tree(one) for one in drawn)
        held = [
            times[clade] for clade, stands in zip(clades(tree), set_apart(tree)) if stands
        ]  # the last merge has all groups, and stands apart from nothing
        surest[turn] = max(held[:-1], default=0) / _NULL_DRAWS
    return surest


def topic_trees(vectors: np.ndarray) -> np.ndarray:
    """Ward's tree of groups' mean words, by their directions."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return linkage((vectors / np.where(length > 0, length, 1)).round(9), method="ward")


def nearest_table(
    names: list[str],
    times: Counter,
    topic_times: Counter,
    draws: tuple[int, int],
    chance: np.ndarray,
) -> pd.DataFrame:
    """With which other group each one is most often joined first: one row a group."""
    n = len(names)
    best: list[tuple[int, int]] = [(0, -1)] * n
    for clade, found in times.items():
        if len(clade) == 2:
            a, b = sorted(clade)
            for one, other in ((a, b), (b, a)):
                if (found, -other) > (best[one][0], -best[one][1]):
                    best[one] = (found, other)
    rows = []
    for one, (found, other) in enumerate(best):
        together = found / draws[0]
        topic = topic_times[frozenset((one, other))] / draws[1]
        name = names[other] if other >= 0 else ""
        rows.append((names[one], name, together, topic, p_by_chance(together, chance)))
    return pd.DataFrame(rows, columns=["group", "nearest", "together", "topic", "p"])


def p_by_chance(stability: float, chance: np.ndarray) -> float:
    """Share of exchanges whose surest set of groups is at least as sure; NaN without any."""
    if not len(chance):
        return float("nan")
    return float((1 + (chance >= stability - 1e-9).sum()) / (1 + len(chance)))
