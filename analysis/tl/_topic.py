"""What articles are about, by their words alone: taken out of profiles, set beside trees."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from analysis.codebook import Entry
from analysis.features import Features
from analysis.matching import Matcher
from analysis.tl.vectorise import vectorise
from analysis.views import pattern_counts

MOST_DIMENSIONS = 30
_ARTICLES = 3  # to a dimension, at least
_RIDGE = 0.3


def topic_vectors(features: Features) -> np.ndarray:
    """Articles on the first dimensions of their words, without those that the codebook counts.

    Words of frames and of families of labels are no topic: they would take out what is compared.

    Returns
    -------
    array of shape (n_articles, n_dimensions)
    """
    n = len(features.article_ids)
    vectors = vectorise(features, method="tfidf")
    kept = ~np.isin(vectors.columns, list(_counted_words(features, vectors.columns)))
    matrix = sparse.csr_array(vectors.matrix)[:, np.flatnonzero(kept)]
    k = min(MOST_DIMENSIONS, n // _ARTICLES, min(matrix.shape) - 1)
    if k < 1 or matrix.nnz == 0:
        return np.zeros((n, 0))
    svd = TruncatedSVD(k, algorithm="arpack", random_state=0)
    # rows that are all the same have no variance
    with np.errstate(invalid="ignore", divide="ignore"):
        return normalize(svd.fit_transform(normalize(matrix)))


def _counted_words(features: Features, vocabulary: list[str]) -> set[str]:
    """The words of a vocabulary that frames and families of labels count."""
    patterns = set(pattern_counts(features, "frame")["pattern"]) if features.has("hits") else set()
    for family in features.codebook("labels").values():
        patterns |= {word.lower() for word in family["words"]}
    matcher = Matcher(Entry("labels", "counted", dict.fromkeys(sorted(patterns), 1.0)))
    found = matcher.find(vocabulary, list(range(len(vocabulary))))
    return {vocabulary[place] for place, _, _ in found}


def less_topic(values: np.ndarray, known: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """What is left of articles' values once a ridge regression on topic vectors is taken out.

    Parameters
    ----------
    values : array of shape (n_articles, n_columns)
    known : bool array of the same shape
    vectors : array of shape (n_articles, n_dimensions)

    Returns
    -------
    array of the same shape; 0 where a value is not known
    """
    design = np.column_stack([np.ones(len(vectors)), vectors - vectors.mean(axis=0)])
    penalty = np.diag([1e-9] + [_RIDGE] * vectors.shape[1])
    left = np.zeros(values.shape)
    patterns, of = np.unique(known, axis=1, return_inverse=True)
    for number in range(patterns.shape[1]):
        rows, columns = patterns[:, number], np.flatnonzero(of.ravel() == number)
        if rows.any():
            x, y = design[rows], values[np.ix_(rows, columns)]
            left[np.ix_(rows, columns)] = y - x @ np.linalg.solve(x.T @ x + penalty, x.T @ y)
    return left
