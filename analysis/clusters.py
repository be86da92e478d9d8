"""Clusters: which articles are framed and toned alike, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import pdist

from .errors import FeaturesError, OptionError
from .features import Features
from .framing.frames import frame_matrix, frames
from .results import Result, at_least, bootstrap, few, generator
from .sentiment import sentiment
from .views import origin, sentence_hits, sentence_spans

BLOCKS = ("frames", "sentiment")


@dataclass(frozen=True, eq=False, repr=False)
class Clusters(Result):
    """Groups of articles with alike profiles.

    Attributes
    ----------
    table : DataFrame
        article_id, cluster (1 is the largest), size, stability (of the group; empty for an article alone),
        place (order of the leaves in the dendrogram).
    profile : DataFrame
        One row per article, one column per part of the profile ("frames: conflict"), in standard deviations from the mean.
    merges : DataFrame
        merge, left, right, height, size, members, stability: the steps of the dendrogram; ids below the number of
        articles are articles, the others earlier merges.
    together : DataFrame
        article by article, the share of bootstrap draws in which the two are in one cluster.
    """

    profile: pd.DataFrame
    merges: pd.DataFrame
    together: pd.DataFrame


def cluster(features: Features, *, blocks: tuple[str, ...] = BLOCKS, stable: float = 0.5, draws: int = 500,
            seed: int = 0) -> Clusters:
    """Cluster articles by profiles of framing and sentiment.

    The profile is the share of each frame's words and the mean polarity by each dictionary, each standardised over
    articles. Ward's method joins the articles; a group counts as a cluster if the very same group stands in at least
    `stable` of the trees that resampled sentences give. An article in no such group is a cluster of its own.

    Parameters
    ----------
    features : Features
        Either form.
    blocks : tuple of str
        Which of "frames" and "sentiment" the profile holds; every column weighs the same.
    stable : float
        From 0 to 1.
    draws, seed
        Bootstrap over the sentences of each article.

    Returns
    -------
    Clusters
        With a warning in `notes` where the corpus is small; nothing is refused but a corpus of one article.

    References
    ----------
    Ward, J. (1963). Hierarchical grouping to optimize an objective function. JASA 58(301).
    Hennig, C. (2007). Cluster-wise assessment of cluster stability. CSDA 52(1). https://doi.org/10.1016/j.csda.2006.11.025
    """
    at_least("draws", draws, 1)
    blocks = (blocks,) if isinstance(blocks, str) else tuple(blocks)
    if not blocks or set(blocks) - set(BLOCKS):
        raise OptionError(f"blocks={blocks!r} was given; allowed are one or more of {', '.join(BLOCKS)}.")
    if not 0 <= stable <= 1:
        raise OptionError(f"stable={stable!r} was given; allowed are numbers from 0 to 1.")
    observed, resampled = _profiles(features, blocks, draws, seed)
    ids = list(observed.index)
    if len(ids) < 2:
        raise FeaturesError(f"{features.corpus} has {len(ids)} article; clusters need at least two.")
    mean, sd = observed.mean(), observed.std(ddof=0)
    sd = sd.where(sd > 1e-12, 1.0)
    profile = (observed - mean) / sd
    tree = _linkage(profile.to_numpy())
    clades = _clades(tree, len(ids))
    counts = dict.fromkeys(clades, 0)
    groups_in_draws = np.zeros((len(ids), len(ids)))
    trees = []
    for draw in range(draws):
        found = _clades(_linkage((resampled[draw] - mean.to_numpy()) / sd.to_numpy()), len(ids))
        trees.append(found)
        for clade in set(found) & counts.keys():
            counts[clade] += 1
    stability = {clade: counts[clade] / draws for clade in clades}
    labels, sizes = _cut(clades, stability, len(ids), stable)
    n_clusters = len(set(labels.values()))
    for found in trees:
        for members in _top(found, len(ids), n_clusters):
            index = np.array(sorted(members))
            groups_in_draws[np.ix_(index, index)] += 1
    order = leaves_list(tree)
    chosen = {frozenset(i for i in labels if labels[i] == c): c for c in set(labels.values())}
    table = pd.DataFrame({
        "article_id": ids, "cluster": [labels[i] for i in range(len(ids))], "size": [sizes[labels[i]] for i in range(len(ids))],
        "stability": [next((stability[m] for m in chosen if i in m and len(m) > 1), np.nan) for i in range(len(ids))],
        "place": np.argsort(order)})
    merges = pd.DataFrame({
        "merge": np.arange(len(tree)) + len(ids), "left": tree[:, 0].astype(int), "right": tree[:, 1].astype(int),
        "height": tree[:, 2], "size": tree[:, 3].astype(int),
        "members": [" ".join(ids[i] for i in sorted(c)) for c in clades], "stability": [stability[c] for c in clades]})
    together = pd.DataFrame(groups_in_draws / draws, index=pd.Index(ids, name="article_id"), columns=ids)
    params = {"blocks": list(blocks), "stable": stable, "draws": draws, "seed": seed, "method": "Ward",
              **origin(features)}
    return Clusters(table, params, profile, merges, together, notes=few(len(ids)))


def _profiles(features: Features, blocks, draws: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Observed profile, and resampled ones as an array of shape (draws, n_articles, n_columns)."""
    tables, spans = {}, sentence_spans(features)
    names, dictionaries, hits = [], [], None
    if "frames" in blocks:
        table = frames(features, draws=1).table
        names = list(dict.fromkeys(table["frame"]))
        tables["frames"] = table.pivot(index="article_id", columns="frame", values="share")[names]
        hits = sentence_hits(features, "frame")
    if "sentiment" in blocks:
        result = sentiment(features, draws=1)
        dictionaries = result.dictionaries
        tables["sentiment"] = result.table.pivot(index="article_id", columns="dictionary", values="mean")[dictionaries]
        polarity = result.sentences.pivot(index=["article_id", "sentence"], columns="dictionary", values="score")[dictionaries]
    ids = features.article_ids
    observed = pd.concat([t.reindex(ids).rename(columns=lambda c, b=b: f"{b}: {c}") for b, t in tables.items()], axis=1)
    observed.index.name, observed.columns.name = "article_id", None
    resampled = np.empty((draws, len(ids), observed.shape[1]))
    for row, article in enumerate(ids):
        part = spans[spans["article_id"] == article]
        # the same sentences are drawn for both blocks
        if names:
            matrix = frame_matrix(part, hits[hits["article_id"] == article], names)
            resampled[:, row, :len(names)] = bootstrap(matrix, part["n_tokens"].to_numpy(float), draws=draws,
                                                       rng=generator(seed, "cluster", article))
        if dictionaries:
            values = polarity.loc[article].to_numpy()
            resampled[:, row, len(names):] = bootstrap(values, np.ones(len(values)), draws=draws,
                                                       rng=generator(seed, "cluster", article))
    return observed, np.nan_to_num(resampled)


def _linkage(profile: np.ndarray) -> np.ndarray:
    return linkage(pdist(profile.round(9)), method="ward")


def _clades(tree: np.ndarray, n: int) -> list[frozenset[int]]:
    """Members of each merge, in the order of the merges."""
    members = {i: frozenset([i]) for i in range(n)}
    for step, (left, right, *_) in enumerate(tree):
        members[n + step] = members[int(left)] | members[int(right)]
    return [members[n + step] for step in range(len(tree))]


def _cut(clades, stability, n: int, stable: float) -> tuple[dict[int, int], dict[int, int]]:
    """The largest stable groups short of the whole, numbered by size, then by first article."""
    groups: list[frozenset[int]] = []
    for clade in sorted(clades, key=lambda c: (-len(c), min(c))):
        if len(clade) < n and stability[clade] >= stable and not any(clade & g for g in groups):
            groups.append(clade)
    alone = set(range(n)) - set().union(*groups)
    groups += [frozenset([i]) for i in alone]
    groups.sort(key=lambda g: (-len(g), min(g)))
    labels = {i: number for number, group in enumerate(groups, start=1) for i in group}
    return labels, {number: len(group) for number, group in enumerate(groups, start=1)}


def _top(clades: list[frozenset[int]], n: int, k: int) -> list[frozenset[int]]:
    """The k groups that a tree falls into when its last k - 1 merges are undone."""
    groups: list[frozenset[int]] = []
    for clade in [*reversed(clades[:n - k]), *(frozenset([i]) for i in range(n))]:
        if not any(clade <= g for g in groups):
            groups.append(clade)
    return groups
