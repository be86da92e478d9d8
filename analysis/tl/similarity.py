"""Similarity: how alike articles are, pair by pair, in what they are about."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import tl
from analysis.errors import choose
from analysis.features import Features
from analysis.results import Result
from analysis.tl.vectorise import METHODS
from analysis.views import ENGLISH, origin, require_language


@dataclass(frozen=True, eq=False, repr=False)
class Similarity(Result):
    """`table`: a, b, cosine of the two articles' vectors, from -1 to 1."""


def similarity(features: Features, *, method: str = "tfidf") -> Similarity:
    """How alike the articles are, pair by pair, in what they are about.

    Parameters
    ----------
    features : Features
        Either form; "embeddings" of the shared form are read from its results.
    method : {"tfidf", "lsa", "embeddings"}
        See `vectorise`.
    """
    choose("method", method, METHODS)
    if method == "embeddings" and not features.has("vectors") and features.has_result("similarity"):
        require_language(features, "the sentence encoder", ENGLISH, 'Use method="tfidf" or "lsa".')
        return Similarity(
            features.result("similarity"),
            {"method": method, **origin(features), "measured_on": "results"},
        )
    vectors = tl.vectorise(features, method=method)
    cosine = vectors.similarity()
    rows = [
        (a, b, cosine.iat[i, j])
        for i, a in enumerate(cosine.index)
        for j, b in enumerate(cosine.columns)
        if i < j
    ]
    return Similarity(pd.DataFrame(rows, columns=["a", "b", "cosine"]), vectors.params)
