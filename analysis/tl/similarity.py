"""Similarity: how alike articles or groups of them are, pair by pair, in what they are about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.groups import By, unit_labels
from analysis.options import check_choice
from analysis.results import Result
from analysis.store import Shipment, Ships
from analysis.tl._group_sample import groups_of
from analysis.tl.vectorise import METHODS, embedded, vectorise
from analysis.views import origin


@dataclass(frozen=True, eq=False, repr=False)
class Similarity(Result):
    """How alike articles or groups of them are.

    Attributes
    ----------
    table : DataFrame
        One row a pair of articles or groups.

        ======  =======  =======================================================
        column  unit     meaning
        ======  =======  =======================================================
        a, b             the articles or groups, in the order of the metadata
        cosine  -1 to 1  of their vectors; 0 where nothing is common
        ======  =======  =======================================================
    """

    @property
    def finding(self) -> str:
        """Which two articles or groups are most alike."""
        if self.table.empty:
            return "There are no two articles or groups to compare"
        top = self.table.loc[self.table["cosine"].idxmax()]
        a, b = self.labels[[top["a"], top["b"]]]
        return f"Most alike in what they are about are {a} and {b} (cosine {top['cosine']:.2f})"

    @property
    def labels(self) -> pd.Series:
        """What people call each article or group."""
        return unit_labels(self.groups)


def similarity(
    corpus: Corpus | Features, *, by: By | None = None, method: str = "tfidf"
) -> Similarity:
    """Compare articles, or groups by their articles' summed words, in what they are about.

    Groups of many articles are more alike than those of few, whatever they are about: their words
    vary less.

    Parameters
    ----------
    corpus : Corpus or Features
        "embeddings" of the shared form are read from its results.
    by : str, sequence of str, mapping or Series, optional
        What is compared: "outlet", several columns, or a group for each article_id. If not given:
        articles up to 40, else the outlet, where at least two have two articles each.
    method : {"tfidf", "lsa", "embeddings"}
        See `vectorise`.

    Returns
    -------
    Similarity

    Raises
    ------
    OptionError
        If `method` is not one of these.
    FeaturesError
        If there are no sentence embeddings.
    LanguageError
        If `method` is "embeddings" and no article is in English.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.tl.similarity(tw.load("amnesty2024")).table.head(3).round(2)
               a           b  cosine
    0  mcclatchy      caruzo    0.41
    1  mcclatchy  aggregator    0.33
    2  mcclatchy        blog    0.30
    """
    features = features_of(corpus)
    check_choice("method", method, METHODS)
    grouping = groups_of(features, by)
    single = grouping.by == "article_id"
    if (
        single
        and method == "embeddings"
        and not features.has("vectors")
        and (ships := SHIPS.read(features))
    ):
        embedded(features)
        params = {"by": grouping.by, "method": method, **origin(features)}
        params["measured_on"] = "results"
        return Similarity(ships["similarity"], params, groups=grouping.table)
    groups = None if single else grouping.by if by is None else by
    vectors = vectorise(features, by=groups, method=method)
    cosine = vectors.similarity()
    ids, (a, b) = cosine.index.to_numpy(), np.triu_indices(len(cosine), 1)
    pairs = pd.DataFrame({"a": ids[a], "b": ids[b], "cosine": cosine.to_numpy()[a, b]})
    return Similarity(pairs, vectors.params, notes=vectors.notes, groups=grouping.table)


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    embedded = shipment.features.table("vectors", ["article_id"])["article_id"]
    if set(embedded) != set(shipment.features.article_ids):
        return {}
    return {"similarity": similarity(shipment.features, by="article_id", method="embeddings").table}


SHIPS = Ships(("similarity",), _ship)
