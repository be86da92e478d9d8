"""Trees of articles: their groups, what each merge rests on, and how they stand against chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage
from scipy.spatial.distance import pdist, squareform
from scipy.stats import rankdata
from sklearn.metrics import adjusted_rand_score

from analysis.inference import generator, permute_within
from analysis.tl._group_sample import GroupSample
from analysis.tl._profile_sample import ProfileSample

MOST_GROUPS = 10  # that a cut may have, and no more than half as many as articles
MEMBERS = " | "  # between the names of what a merge joins
NOT_TESTED = (np.nan, np.nan, np.nan, 0)


def profile_tree(weighted: np.ndarray) -> np.ndarray:
    """Ward's tree of profiles, whose last digits are arbitrary."""
    return linkage(pdist(weighted.round(9)), method="ward")


def clades(tree: np.ndarray) -> list[frozenset[int]]:
    """Members of each merge, in the order of the merges."""
    members = [frozenset([i]) for i in range(len(tree) + 1)]
    for left, right in tree[:, :2].astype(int):
        members.append(members[left] | members[right])
    return members[len(tree) + 1 :]


def by_size(groups: list[frozenset[int]]) -> list[frozenset[int]]:
    """Groups by falling size, then by first article."""
    return sorted(groups, key=lambda group: (-len(group), min(group)))


def numbered(groups: list[frozenset[int]], n: int) -> np.ndarray:
    """The number of each article's group, from 1 by falling size, then by first article."""
    labels = np.zeros(n, np.int64)
    for number, group in enumerate(by_size(groups), start=1):
        labels[sorted(group)] = number
    return labels


def undo(found: list[frozenset[int]], k: int) -> np.ndarray:
    """The number of each article's group when the last k - 1 merges of a tree are undone."""
    n = len(found) + 1
    groups: list[frozenset[int]] = []
    for clade in [*reversed(found[: n - k]), *(frozenset([i]) for i in range(n))]:
        if not any(clade <= group for group in groups):
            groups.append(clade)
    return numbered(groups, n)


def tree_table(tree: np.ndarray, ids: list[str]) -> pd.DataFrame:
    """Steps of a dendrogram: merge, left, right, height, size, members."""
    table = pd.DataFrame(tree, columns=["left", "right", "height", "size"])
    table = table.astype({"left": int, "right": int, "size": int})
    table.insert(0, "merge", np.arange(len(tree)) + len(ids))
    return table.assign(members=[MEMBERS.join(ids[i] for i in sorted(c)) for c in clades(tree)])


def contributions(weighted: np.ndarray, tree: np.ndarray, block_of: np.ndarray) -> pd.DataFrame:
    """Each block's share in the sum of squares that each merge adds: merge by block.

    Empty where a merge adds nothing.
    """
    groups = [*(frozenset([i]) for i in range(len(weighted))), *clades(tree)]
    means = np.array([weighted[sorted(group)].mean(axis=0) for group in groups])
    left, right = tree[:, :2].astype(int).T
    gaps = pd.DataFrame((means[left] - means[right]) ** 2).T.groupby(block_of, sort=False).sum().T
    total = gaps.sum(axis=1)
    return gaps.div(total.where(total > 1e-12), axis=0)


def best_cut(
    weighted: np.ndarray, sample: ProfileSample | GroupSample, permutations: int, seed: int
) -> tuple[int, list[tuple]]:
    """The number of groups that stands out most, and the tests of structure and of agreement.

    See `clusters`.
    """
    n = len(weighted)
    most = min(MOST_GROUPS, max(n // 2, 2), n - 1)
    differ = np.flatnonzero(np.abs(weighted).max(axis=0) > 0)
    k, rows = 1, {"structure": NOT_TESTED, "agreement of blocks": NOT_TESTED}
    if most >= 2 and len(differ):
        kept, rng = weighted[:, differ], generator(seed, "cluster", "permutations")
        units = {
            "structure": np.arange(len(differ)),
            "agreement of blocks": pd.factorize(sample.block_of[differ])[0],
        }
        for test, unit in units.items():
            if not unit.any():  # one feature or one block: permuted, it is the same
                continue
            drawn = (_permuted(kept, unit, sample.stratum, rng) for _ in range(permutations))
            shares = np.stack([_between(part, most) for part in (kept, *drawn)]).round(9)
            mean, sd = shares.mean(axis=0), shares.std(axis=0)
            z = np.divide(shares - mean, sd, out=np.zeros_like(shares), where=sd > 1e-9).round(9)
            if test == "structure":
                k = int(z[0].argmax()) + 2
            highest = z.max(axis=1)
            p = (highest >= highest[0]).mean()
            rows[test] = highest[0], highest[1:].mean(), p, permutations
    rows["groups"] = k, np.nan, np.nan, n
    return k, [(test, *row) for test, row in rows.items()]


def _permuted(
    weighted: np.ndarray, unit: np.ndarray, stratum: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Profiles whose columns are permuted within each stratum; those of one unit stay together."""
    out = weighted.copy()
    for number in np.unique(stratum):
        rows = np.flatnonzero(stratum == number)
        for part in range(unit.max() + 1):
            columns = np.flatnonzero(unit == part)
            order = rows[permute_within(stratum[rows], rng)]
            out[np.ix_(rows, columns)] = weighted[np.ix_(order, columns)]
    return out


def _between(weighted: np.ndarray, most: int) -> np.ndarray:
    """Share of the sum of squares between the groups of the tree, cut into 2 to `most` groups."""
    added = profile_tree(weighted)[:, 2] ** 2 / 2
    total = added.sum()
    return np.cumsum(added[::-1])[: most - 1] / total if total > 0 else np.zeros(most - 1)


def beside_topic(
    weighted: np.ndarray,
    topic_far: np.ndarray,
    cuts: tuple[np.ndarray, np.ndarray],
    stratum: np.ndarray,
    permutations: int,
    seed: int,
) -> list[tuple]:
    """Rows of the tests that compare with the words alone: their groups, their distances.

    Parameters
    ----------
    weighted : array of shape (n_articles, n_columns)
    topic_far : array of shape (n_articles * (n_articles - 1) / 2,)
        Condensed distances of the words.
    cuts : pair of int arrays of shape (n_articles,)
        The group of each article by profiles, and by words.
    stratum : int array of shape (n_articles,)
    permutations, seed : int
    """
    if not 1 < cuts[0].max() < len(weighted):
        return [("topic: cuts", *NOT_TESTED), ("topic: distances", *NOT_TESTED)]
    near = rankdata(pdist(weighted).round(9))
    far = squareform(rankdata(topic_far.round(9)))
    upper = np.triu_indices(len(weighted), 1)
    rng, correlations = generator(seed, "cluster", "mantel"), []
    for draw in range(permutations + 1):
        order = permute_within(stratum, rng) if draw else np.arange(len(weighted))
        there = far[np.ix_(order, order)][upper]
        known = near.std() > 0 and there.std() > 0
        correlations.append(np.corrcoef(near, there)[0, 1] if known else np.nan)
    observed, *null = np.round(correlations, 9)
    p = np.nan if np.isnan(observed) else (np.r_[observed, null] >= observed).mean()
    return [
        ("topic: cuts", adjusted_rand_score(*cuts), 0.0, np.nan, len(weighted)),
        ("topic: distances", observed, np.mean(null), p, permutations),
    ]
