"""Sentences that tell the same, put together by average linkage, of one story at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

from analysis.tl._story_units import StoryUnits, probability

_FEWEST_TELLING = 3  # words, without function words, of a sentence that tells something


def same_claims(units: StoryUnits, cut: float) -> np.ndarray:
    """Number the units so that those of one number tell the same claim.

    Clusters of average linkage whose mean probability is at least `cut`. Each lies within the units
    that are linked by pairs of at least `cut`, so that only these are set beside each other.

    Parameters
    ----------
    units : StoryUnits
    cut : float
        0 to 1.

    Returns
    -------
    int array of shape (n_units,)
    """
    ends = [np.zeros((2, 0), np.int64)]
    for rows in units.blocks():
        i, j = np.nonzero(units.same(rows) >= cut)
        i = rows[i]
        ends.append(np.stack([i, j])[:, i < j])
    i, j = np.concatenate(ends, axis=1)
    graph = sparse.csr_array((np.ones(len(i), bool), (i, j)), shape=(len(units), len(units)))
    _, linked = connected_components(graph, directed=False)
    numbers, made = np.zeros(len(units), np.int64), 0
    for members in pd.Series(linked).groupby(linked).indices.values():
        if len(members) > 1:
            part = _clusters(units, members, cut)
        else:
            part = np.zeros(1, np.int64)
        numbers[members] = made + part
        made += part.max() + 1
    return numbers


def _clusters(units: StoryUnits, members: np.ndarray, cut: float) -> np.ndarray:
    far = 1 - same_among(units, members)
    np.fill_diagonal(far, 0)
    tree = linkage(squareform(far, checks=False), "average")
    return fcluster(tree, 1 - cut + 1e-9, "distance") - 1


def same_among(units: StoryUnits, members: np.ndarray) -> np.ndarray:
    """Probability that each two of some units tell the same, symmetric."""
    vectors, words = units.vectors[members], units.words[members]
    cosine, tfidf = vectors @ vectors.T, (words @ words.T).toarray()
    alike = probability(cosine, tfidf).astype(np.float64)
    return (alike + alike.T) / 2


@dataclass(frozen=True, eq=False)
class FoundClaim:
    """A claim that was found.

    Attributes
    ----------
    units : int array
    p : array
        Of each unit: the mean probability of telling the same as the units of other articles.
    coherence : float
        The mean of all these pairs.
    medoid : int
        The unit that is nearest to those of other articles.
    """

    units: np.ndarray
    p: np.ndarray
    coherence: float
    medoid: int


def found_claims(units: StoryUnits, cut: float) -> list[FoundClaim]:
    """The claims of a story, the most coherent first.

    Two articles at least have a sentence of a claim that is more than "It was not over".
    """
    telling = units.table["n_telling"].to_numpy() >= _FEWEST_TELLING
    found = []
    numbers = same_claims(units, cut)
    order = np.argsort(numbers, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(numbers[order])) + 1):
        article = units.article[members]
        if len(np.unique(article[telling[members]])) < 2:
            continue
        alike = same_among(units, members)
        across = article[:, None] != article
        p = (alike * across).sum(axis=1) / across.sum(axis=1)
        medoid = int(members[p.round(9).argmax()])
        found.append(FoundClaim(members, p, float(alike[across].mean()), medoid))
    return sorted(found, key=lambda claim: (-round(claim.coherence, 9), claim.units.min()))
