"""Similarity: how alike articles are, pair by pair, in what they are about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.options import check_choice
from analysis.results import Result
from analysis.store import Shipment, Ships
from analysis.tl.vectorise import METHODS, embedded, vectorise
from analysis.views import origin


@dataclass(frozen=True, eq=False, repr=False)
class Similarity(Result):
    """How alike articles are.

    Attributes
    ----------
    table : DataFrame
        One row a pair of articles.

        ======  =======  =======================================================
        column  unit     meaning
        ======  =======  =======================================================
        a, b             the articles, in the order of the metadata
        cosine  -1 to 1  of their vectors; 0 where nothing is common
        ======  =======  =======================================================
    """

    @property
    def finding(self) -> str:
        """Which two articles are most alike."""
        if self.table.empty:
            return "There are no two articles to compare"
        top = self.table.loc[self.table["cosine"].idxmax()]
        return f"Most alike are {top['a']} and {top['b']} (cosine {top['cosine']:.2f})"


def similarity(corpus: Corpus | Features, *, method: str = "tfidf") -> Similarity:
    """Compare the articles, pair by pair, in what they are about.

    Parameters
    ----------
    corpus : Corpus or Features
        "embeddings" of the shared form are read from its results.
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
    if method == "embeddings" and not features.has("vectors") and (ships := SHIPS.read(features)):
        embedded(features)
        params = {"method": method, **origin(features), "measured_on": "results"}
        return Similarity(ships["similarity"], params)
    vectors = vectorise(features, method=method)
    cosine = vectors.similarity()
    ids, (a, b) = cosine.index.to_numpy(), np.triu_indices(len(cosine), 1)
    pairs = pd.DataFrame({"a": ids[a], "b": ids[b], "cosine": cosine.to_numpy()[a, b]})
    return Similarity(pairs, vectors.params, notes=vectors.notes)


def _ship(shipment: Shipment) -> dict[str, pd.DataFrame]:
    embedded = shipment.features.table("vectors", ["article_id"])["article_id"]
    if set(embedded) != set(shipment.features.article_ids):
        return {}
    return {"similarity": similarity(shipment.features, method="embeddings").table}


SHIPS = Ships(("similarity",), _ship)
