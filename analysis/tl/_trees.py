"""Grouping: what a tree of articles rests on, and how it stands against chance and beside the
topic.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist
from scipy.stats import rankdata
from sklearn.metrics import adjusted_rand_score

from analysis.features import Features
from analysis.inference import generator
from analysis.tl.profile import Sample
from analysis.tl.vectorise import vectorise

MOST_GROUPS = 10  # that a cut may have, and no more than half as many as articles


def clades(tree: np.ndarray, n: int) -> list[frozenset[int]]:
    """Members of each merge, in the order of the merges."""
    members = {i: frozenset([i]) for i in range(n)}
    for step, (left, right, *_) in enumerate(tree):
        members[n + step] = members[int(left)] | members[int(right)]
    return [members[n + step] for step in range(len(tree))]


def undo(found: list[frozenset[int]], n: int, k: int) -> np.ndarray:
    """The k groups, numbered by size, then by first article, that a tree falls into when its last k
    - 1 merges are undone; by article.
    """
    groups: list[frozenset[int]] = []
    for clade in [*reversed(found[: n - k]), *(frozenset([i]) for i in range(n))]:
        if not any(clade <= g for g in groups):
            groups.append(clade)
    out = np.zeros(n, np.int64)
    for number, group in enumerate(sorted(groups, key=lambda g: (-len(g), min(g))), start=1):
        out[sorted(group)] = number
    return out


def tree_table(tree: np.ndarray, ids: list[str]) -> pd.DataFrame:
    """Steps of a dendrogram: merge, left, right, height, size, members."""
    return pd.DataFrame(
        {
            "merge": np.arange(len(tree)) + len(ids),
            "left": tree[:, 0].astype(int),
            "right": tree[:, 1].astype(int),
            "height": tree[:, 2],
            "size": tree[:, 3].astype(int),
            "members": [" ".join(ids[i] for i in sorted(c)) for c in clades(tree, len(ids))],
        }
    )


def contributions(
    weighted: np.ndarray, found: list[frozenset[int]], tree: np.ndarray, block_of: list[str]
) -> pd.DataFrame:
    """Each block's share in the sum of squares that each merge adds: merge by block, empty where it
    adds none.
    """
    n = len(weighted)
    groups = [frozenset([i]) for i in range(n)] + found
    of, names = np.array(block_of), list(dict.fromkeys(block_of))
    rows = []
    for left, right, *_ in tree:
        gap = (
            weighted[sorted(groups[int(left)])].mean(axis=0)
            - weighted[sorted(groups[int(right)])].mean(axis=0)
        ) ** 2
        by_block = np.array([gap[of == name].sum() for name in names])
        rows.append(
            by_block / by_block.sum() if by_block.sum() > 1e-12 else np.full(len(names), np.nan)
        )
    return pd.DataFrame(rows, columns=names)


def permuted(
    weighted: np.ndarray, units: np.ndarray, stories: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """A profile whose columns are dealt anew to the articles of each story; columns of one unit
    stay together.
    """
    out = weighted.copy()
    for number in range(stories.max() + 1):
        rows = np.flatnonzero(stories == number)
        for unit in range(units.max() + 1):
            columns = np.flatnonzero(units == unit)
            out[np.ix_(rows, columns)] = weighted[np.ix_(rng.permutation(rows), columns)]
    return out


def best_cut(
    weighted: np.ndarray, sample: Sample, permutations: int, seed: int
) -> tuple[int, list[tuple]]:
    """The number of groups that stands out most, and the tests of structure and of agreement (see
    `cluster`).
    """
    n = len(weighted)
    most = min(MOST_GROUPS, max(n // 2, 2), n - 1)
    differ = np.flatnonzero(np.abs(weighted).max(axis=0) > 0)
    if most < 2 or not len(differ):
        return 1, [
            ("structure", np.nan, np.nan, np.nan, 0),
            ("agreement of blocks", np.nan, np.nan, np.nan, 0),
            ("groups", 1, np.nan, np.nan, n),
        ]
    kept = weighted[:, differ]
    rng = generator(seed, "cluster", "permutations")
    observed = _between(kept, most)
    rows, k = [], 1
    for test, units in (
        ("structure", np.arange(len(differ))),
        ("agreement of blocks", pd.factorize(np.array(sample.block_of)[differ])[0]),
    ):
        if units.max() == 0:
            rows.append((test, np.nan, np.nan, np.nan, 0))
            continue
        shares = np.stack(
            [
                observed,
                *(
                    _between(permuted(kept, units, sample.stories, rng), most)
                    for _ in range(permutations)
                ),
            ]
        ).round(9)
        mean, sd = shares.mean(axis=0), shares.std(axis=0)
        z = np.divide(shares - mean, sd, out=np.zeros_like(shares), where=sd > 1e-9).round(9)
        if test == "structure":
            k = int(z[0].argmax()) + 2
        rows.append(
            (
                test,
                z[0].max(),
                z[1:].max(axis=1).mean(),
                (z.max(axis=1) >= z[0].max()).mean(),
                permutations,
            )
        )
    return k, [*rows, ("groups", k, np.nan, np.nan, n)]


def _between(profile: np.ndarray, most: int) -> np.ndarray:
    """Share of the sum of squares between the groups of Ward's tree, cut into 2 to `most` groups."""
    added = linkage(pdist(profile.round(9)), method="ward")[:, 2] ** 2 / 2
    total = added.sum()
    return np.cumsum(added[::-1])[: most - 1] / total if total > 0 else np.zeros(most - 1)


def topic_distances(features: Features) -> np.ndarray:
    """Distances of the articles' words, 1 less the cosine of tf-idf, as a condensed vector."""
    cosine = vectorise(features, method="tfidf").similarity().to_numpy()
    return np.sqrt(np.maximum(2 - 2 * cosine[np.triu_indices(len(cosine), 1)], 0))


def beside_topic(
    weighted: np.ndarray,
    tree: np.ndarray,
    topic_far: np.ndarray,
    topic_tree: np.ndarray,
    k: int,
    stories: np.ndarray,
    permutations: int,
    seed: int,
) -> list[tuple]:
    """Rows of the tests that compare with the words alone: their groups, their distances."""
    n = len(weighted)
    if not 1 < k < n:
        return [
            ("topic: cuts", np.nan, np.nan, np.nan, 0),
            ("topic: distances", np.nan, np.nan, np.nan, 0),
        ]
    cuts = adjusted_rand_score(undo(clades(tree, n), n, k), undo(clades(topic_tree, n), n, k))
    near = rankdata(pdist(weighted).round(9))
    far = np.zeros((n, n))
    far[np.triu_indices(n, 1)] = rankdata(topic_far.round(9))
    far += far.T
    rng, correlations = generator(seed, "cluster", "mantel"), []
    for draw in range(permutations + 1):
        order = np.arange(n)
        if draw:
            for number in range(stories.max() + 1):
                rows = np.flatnonzero(stories == number)
                order[rows] = rng.permutation(rows)
        there = far[np.ix_(order, order)][np.triu_indices(n, 1)]
        correlations.append(
            np.corrcoef(near, there)[0, 1] if near.std() > 0 and there.std() > 0 else np.nan
        )
    correlations = np.round(correlations, 9)
    p = (correlations >= correlations[0]).mean() if not np.isnan(correlations[0]) else np.nan
    return [
        ("topic: cuts", cuts, 0.0, np.nan, n),
        ("topic: distances", correlations[0], correlations[1:].mean(), p, permutations),
    ]
