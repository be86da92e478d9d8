"""Clusters: which articles are framed alike, by which blocks of their profiles, and how surely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from analysis.errors import FeaturesError, OptionError
from analysis.features import PRIVATE, Features
from analysis.inference import few_articles
from analysis.results import Result, at_least
from analysis.tl._trees import (
    beside_topic,
    best_cut,
    clades,
    contributions,
    topic_distances,
    tree_table,
    undo,
)
from analysis.tl.profile import Sample
from analysis.views import origin

RESULTS = (
    "clusters",
    "cluster_profile",
    "cluster_merges",
    "cluster_contributions",
    "cluster_together",
    "cluster_tests",
    "cluster_blocks",
    "cluster_topic",
)
STABLE, DRAWS, PERMUTATIONS = 0.5, 500, 499
EQUAL = 1e-6  # heights of merges that differ by less are the same: no group stands out


@dataclass(frozen=True, eq=False, repr=False)
class Clusters(Result):
    """Groups of articles with alike profiles.

    Attributes
    ----------
    table : DataFrame
        article_id, cluster (1 is the largest), size, stability (of the group; empty for an article
        alone), place (order of the leaves in the dendrogram), cut (the group at the number of
        groups that stands out most from permuted profiles, however sure), topic (the group that the
        words alone would give at that number).
    profile : DataFrame
        One row per article, one column per feature ("frames: conflict"), in standard deviations
        from the mean (of its story, if one is named).
    merges : DataFrame
        merge, left, right, height, size, members, stability, mainly (the block that makes most of
        the distance bridged): the steps of the dendrogram; ids below the number of articles are
        articles, the others earlier merges.
    contributions : DataFrame
        merge, block, share of the sum of squares that the merge adds; the shares of a merge sum to
        1 (empty where nothing is bridged).
    together : DataFrame
        article by article, the share of bootstrap draws in which the two are in one cluster.
    tests : DataFrame
        test, value, expected (mean of the permutations), p, n: see `cluster`.
    blocks : DataFrame
        block, n_features, weight, scale, n_imputed, used, why_not; as in `profile`.
    topic : DataFrame
        The dendrogram of the words alone (cosine of tf-idf), as `merges` without stability.
    """

    profile: pd.DataFrame
    merges: pd.DataFrame
    contributions: pd.DataFrame
    together: pd.DataFrame
    tests: pd.DataFrame
    blocks: pd.DataFrame
    topic: pd.DataFrame


def clusters(
    features: Features,
    *,
    blocks: tuple[str, ...] | None = None,
    story: str | None = None,
    weights: Mapping[str, float] | None = None,
    stable: float = STABLE,
    draws: int = DRAWS,
    permutations: int = PERMUTATIONS,
    seed: int = 0,
) -> Clusters:
    r"""Cluster articles by profiles of their framing.

    Ward's method joins the articles' profiles (see `profile`); what the merge of groups A and B
    adds to the sum of squares is a sum over features,

    .. math:: \frac{|A||B|}{|A|+|B|} \sum_f w_f^2 (\bar z_{Af} - \bar z_{Bf})^2,

    and so each block has a share in it. A group counts as a cluster if the very same group stands
    in at least `stable` of the trees that resampled sentences give, and is set apart from what it
    is joined with next. An article in no such group is a cluster of its own.

    `tests` has five rows. "structure": the share of the sum of squares between groups, at the
    number of groups where it exceeds most what profiles give whose every feature is dealt anew to
    the articles (of a story, if one is named), in standard deviations of these permutations; p is
    that of the maximum, taken for the permutations too. Features that go together by their nature,
    as shares of one whole, lower it also where there are no groups. "agreement of blocks": the same
    with whole blocks dealt anew, which asks whether blocks group the articles alike; empty for one
    block. "topic: cuts": adjusted Rand index of the groups at that number with those of the words
    alone (0 by chance, 1 the same). "topic: distances": rank correlation of the distances between
    articles in profile and in words, p by dealing articles anew (Mantel). "groups": the number
    itself.

    Parameters
    ----------
    features : Features
        Either form; from the shared form the default options give the owner's result, if it is
        shipped, which has all blocks.
    blocks, story, weights
        See `profile`. Neither style nor content is among the blocks unless you name it.
    stable : float
        From 0 to 1.
    draws, seed
        Bootstrap over the sentences of each article.
    permutations : int
        For each test.

    Returns
    -------
    Clusters
        With a warning in `notes` where the corpus is small; nothing is refused but a corpus of one
        article.

    References
    ----------
    Ward, J. (1963). Hierarchical grouping to optimize an objective function. JASA 58(301).
    https://doi.org/10.1080/01621459.1963.10500845 Hennig, C. (2007). Cluster-wise assessment of
    cluster stability. CSDA 52(1). https://doi.org/10.1016/j.csda.2006.11.025 Clarke, K.,
    Somerfield, P., and Gorley, R. (2008). Testing of null hypotheses in exploratory community
    analyses: similarity profiles and biota-environment linkage. J. Exp. Mar. Biol. Ecol. 366.
    https://doi.org/10.1016/j.jembe.2008.07.009
    """
    at_least("draws", draws, 1)
    at_least("permutations", permutations, 1)
    if not 0 <= stable <= 1:
        raise OptionError(f"stable={stable!r} was given; allowed are numbers from 0 to 1.")
    ids = features.article_ids
    if len(ids) < 2:
        raise FeaturesError(
            f"{features.corpus} has {len(ids)} article; clusters need at least two."
        )
    default = (blocks, story, weights, stable, draws, permutations, seed) == (
        None,
        None,
        None,
        STABLE,
        DRAWS,
        PERMUTATIONS,
        0,
    )
    if features.form != PRIVATE and default and features.has_result(RESULTS[0]):
        return _shipped(features)
    sample = Sample.of(features, blocks=blocks, story=story, weights=weights, seed=seed)
    weighted = sample.weighted
    tree = _linkage(weighted)
    stability, together = _stability(sample, tree, stable, draws)
    found = clades(tree, len(ids))
    labels, sizes = _cut(found, stability, _apart(tree), len(ids), stable)
    topic_far = topic_distances(features)
    topic_tree = linkage(topic_far.round(9), method="ward")
    k, tests = best_cut(weighted, sample, permutations, seed)
    tests += beside_topic(
        weighted, tree, topic_far, topic_tree, k, sample.stories, permutations, seed
    )
    cut, topic = (undo(clades(t, len(ids)), len(ids), k) for t in (tree, topic_tree))
    chosen = {frozenset(i for i in labels if labels[i] == c): c for c in set(labels.values())}
    of = dict(zip(found, stability))
    table = pd.DataFrame(
        {
            "article_id": ids,
            "cluster": [labels[i] for i in range(len(ids))],
            "size": [sizes[labels[i]] for i in range(len(ids))],
            "stability": [
                next((of[m] for m in chosen if i in m and len(m) > 1), np.nan)
                for i in range(len(ids))
            ],
            "place": np.argsort(leaves_list(tree)),
            "cut": cut,
            "topic": topic,
        }
    )
    merges = tree_table(tree, ids).assign(stability=stability)
    shares = contributions(weighted, found, tree, sample.block_of)
    merges["mainly"] = [_largest(row) for row in shares.to_dict("records")]
    long = (
        shares.rename_axis("merge")
        .reset_index()
        .melt("merge", var_name="block", value_name="share")
        .sort_values(["merge", "block"], ignore_index=True)
    )
    long["merge"] += len(ids)
    params = {
        "blocks": sample.names,
        "story": story,
        "weights": sample.weights,
        "stable": stable,
        "draws": draws,
        "permutations": permutations,
        "seed": seed,
        "method": "Ward",
        **origin(features),
    }
    tests = pd.DataFrame(tests, columns=["test", "value", "expected", "p", "n"])
    return Clusters(
        table,
        params,
        sample.matrix,
        merges,
        long,
        pd.DataFrame(together, index=pd.Index(ids, name="article_id"), columns=ids),
        tests,
        sample.blocks,
        tree_table(topic_tree, ids),
        notes=(*few_articles(len(ids)), *sample.notes, *_said(tests)),
    )


def result_tables(private: Features) -> dict[str, pd.DataFrame]:
    """The default result as tables that may be shipped beside the shared form: numbers by article
    and by feature of the codebook.
    """
    made = clusters(private)
    profile = made.profile.reset_index().melt("article_id", var_name="feature", value_name="z")
    together = made.together.reset_index().melt("article_id", var_name="other", value_name="share")
    notes = pd.DataFrame({"test": [f"note: {note}" for note in made.notes]})
    tests = pd.concat([made.tests, notes], ignore_index=True)
    return dict(
        zip(
            RESULTS,
            (
                made.table,
                profile,
                made.merges,
                made.contributions,
                together,
                tests,
                made.blocks,
                made.topic,
            ),
        )
    )


def _shipped(features: Features) -> Clusters:
    table, profile, merges, shares, together, tests, blocks, topic = (
        features.result(name) for name in RESULTS
    )
    ids = table["article_id"].tolist()
    profile = profile.pivot(index="article_id", columns="feature", values="z").loc[
        ids, list(dict.fromkeys(profile["feature"]))
    ]
    together = together.pivot(index="article_id", columns="other", values="share").loc[ids, ids]
    profile.columns.name = together.columns.name = None
    is_note = tests["test"].str.startswith("note: ")
    used = blocks[blocks["used"]]
    params = {
        "blocks": used["block"].tolist(),
        "story": None,
        "weights": dict(zip(used["block"], used["weight"])),
        "stable": STABLE,
        "draws": DRAWS,
        "permutations": PERMUTATIONS,
        "seed": 0,
        "method": "Ward",
        **origin(features),
        "measured_on": "results",
    }
    return Clusters(
        table,
        params,
        profile,
        merges,
        shares,
        together,
        tests[~is_note].reset_index(drop=True),
        blocks,
        topic,
        notes=tuple(tests.loc[is_note, "test"].str.removeprefix("note: ")),
    )


def _linkage(profile: np.ndarray) -> np.ndarray:
    return linkage(pdist(profile.round(9)), method="ward")


def _stability(
    sample: Sample, tree: np.ndarray, stable: float, draws: int
) -> tuple[list[float], np.ndarray]:
    """Share of draws whose tree has each group of `tree`; and in which two articles are together
    when trees are cut into as many groups.
    """
    n = len(sample.ids)
    found = clades(tree, n)
    counts = dict.fromkeys(found, 0)
    trees = []
    for chunk in sample.draws(draws):
        for drawn in chunk:
            trees.append(clades(_linkage(drawn), n))
            for clade in counts.keys() & set(trees[-1]):
                counts[clade] += 1
    stability = [counts[clade] / draws for clade in found]
    n_clusters = len(set(_cut(found, stability, _apart(tree), n, stable)[0].values()))
    together = np.zeros((n, n))
    for drawn in trees:
        groups = undo(drawn, n, n_clusters)
        together += groups[:, None] == groups[None, :]
    return stability, together / draws


def _apart(tree: np.ndarray) -> np.ndarray:
    """Whether each merge lies lower than the one that takes it up; of equal distances the order is
    arbitrary.
    """
    n = len(tree) + 1
    above = np.full(len(tree), np.inf)
    for step, (left, right, height, _) in enumerate(tree):
        for child in (int(left), int(right)):
            if child >= n:
                above[child - n] = height
    return above - tree[:, 2] > EQUAL


def _cut(found, stability, apart, n: int, stable: float) -> tuple[dict[int, int], dict[int, int]]:
    """The largest stable groups short of the whole, numbered by size, then by first article."""
    groups: list[frozenset[int]] = []
    for clade, held, stands_out in sorted(
        zip(found, stability, apart), key=lambda c: (-len(c[0]), min(c[0]))
    ):
        if len(clade) < n and held >= stable and stands_out and not any(clade & g for g in groups):
            groups.append(clade)
    alone = set(range(n)) - set().union(*groups)
    groups += [frozenset([i]) for i in alone]
    groups.sort(key=lambda g: (-len(g), min(g)))
    labels = {i: number for number, group in enumerate(groups, start=1) for i in group}
    return labels, {number: len(group) for number, group in enumerate(groups, start=1)}


def _largest(shares: dict[str, float]) -> str:
    known = {name: round(share, 6) for name, share in shares.items() if not np.isnan(share)}
    return max(known, key=known.get) if known else ""


def _said(tests: pd.DataFrame) -> tuple[str, ...]:
    p = tests.set_index("test")["p"]
    rows = [
        ("structure", "groups as clear where every feature is dealt anew to the articles"),
        ("agreement of blocks", "blocks that agree as much where whole blocks are"),
    ]
    told = [f"{what}, p = {p[name]:.2g}" for name, what in rows if not np.isnan(p[name])]
    return (f"By permutations: {'; '.join(told)}.",) if told else ()
