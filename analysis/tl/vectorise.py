"""Vectors: articles or sentences as rows of one matrix with named rows and columns."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from analysis.errors import FeaturesError, OptionError, choose
from analysis.features import PRIVATE, Features
from analysis.results import at_least
from analysis.views import ENGLISH, article_terms, origin, require_language

METHODS = ("tfidf", "lsa", "embeddings")
UNITS = ("article", "sentence")


@dataclass(frozen=True, eq=False)
class Vectors:
    """A matrix with names.

    Attributes
    ----------
    matrix : array or scipy.sparse.csr_array of shape (n_rows, n_columns)
        Rows have length 1 (or 0, where no word is known).
    rows : DataFrame
        article_id, and sentence where the unit is the sentence.
    columns : list of str
        Words, "lsa 1" ..., or "dimension 1" ...
    params : dict
    """

    matrix: np.ndarray | sparse.csr_array = field(repr=False)
    rows: pd.DataFrame = field(repr=False)
    columns: list[str] = field(repr=False)
    params: dict

    def similarity(self) -> pd.DataFrame:
        """Cosine between rows, named by article (and sentence)."""
        product = self.matrix @ self.matrix.T
        names = (
            self.rows["article_id"]
            if self.rows.shape[1] == 1
            else pd.MultiIndex.from_frame(self.rows)
        )
        cosine = product.toarray() if sparse.issparse(product) else product
        return pd.DataFrame(np.asarray(cosine, float).clip(-1, 1), index=names, columns=names)


def vectorise(
    features: Features,
    *,
    method: str = "tfidf",
    unit: str = "article",
    dimensions: int = 50,
    min_articles: int = 1,
    seed: int = 0,
) -> Vectors:
    r"""Turn articles or sentences into vectors.

    "tfidf" weighs a word that stands :math:`c` times in a row and in :math:`d` of :math:`n` rows as
    :math:`(1+\ln c)\,(1+\ln\frac{1+n}{1+d})`. "lsa" projects those on their first `dimensions`
    singular vectors, the sign of each fixed so that its heaviest word is positive. "embeddings" are
    those of extraction's sentence encoder; an article's is the mean of its sentences'.

    Parameters
    ----------
    features : Features
        "tfidf" and "lsa" of articles read `terms` in either form; sentences and "embeddings" need
        the private form.
    method : {"tfidf", "lsa", "embeddings"}
    unit : {"article", "sentence"}
    dimensions : int
        For "lsa"; at most one less than rows and words allow.
    min_articles : int
        Words in fewer rows are left out ("tfidf" and "lsa").
    seed : int
        For the solver of "lsa".

    Returns
    -------
    Vectors

    References
    ----------
    Deerwester, S., and others (1990). Indexing by latent semantic analysis. JASIS 41(6).
    """
    choose("method", method, METHODS)
    choose("unit", unit, UNITS)
    at_least("dimensions", dimensions, 1)
    at_least("min_articles", min_articles, 1)
    params = {"method": method, "unit": unit, **origin(features)}
    if method == "embeddings":
        return _embeddings(features, unit, params)
    if unit == "sentence" and features.form != PRIVATE:
        raise FeaturesError(
            f"{features.where}: the words of single sentences are only in the private form; "
            'use unit="article", or extract where the texts are.'
        )
    terms = features.table("terms") if unit == "sentence" else article_terms(features)
    keys = ["article_id", "sentence"] if unit == "sentence" else ["article_id"]
    rows = (
        features.table("sentences", keys)
        if unit == "sentence"
        else pd.DataFrame({"article_id": features.article_ids})
    )
    place = {key: i for i, key in enumerate(rows.itertuples(index=False, name=None))}
    spread = terms.groupby("term")["count"].size()
    columns = sorted(spread.index[spread >= min_articles])
    if not columns:
        raise OptionError(
            f"min_articles={min_articles} leaves no word of {len(spread)}; choose a smaller number."
        )
    terms = terms[terms["term"].isin(set(columns))]
    where = {term: i for i, term in enumerate(columns)}
    row = [place[key] for key in terms[keys].itertuples(index=False, name=None)]
    weight = (1 + np.log(terms["count"].to_numpy(float))) * (
        1 + np.log((1 + len(rows)) / (1 + spread.loc[terms["term"]].to_numpy(float)))
    )
    matrix = normalize(
        sparse.csr_array(
            (weight, (row, [where[t] for t in terms["term"]])), shape=(len(rows), len(columns))
        )
    )
    params |= {
        "weighting": "(1 + ln count) (1 + ln((1 + rows) / (1 + rows with the word))), length 1",
        "min_articles": min_articles,
    }
    if method == "tfidf":
        return Vectors(matrix, rows, columns, params)
    k = min(dimensions, len(rows) - 1, len(columns) - 1)
    if k < 1:
        raise FeaturesError(
            f"lsa needs at least two rows and two words; there are {len(rows)} and {len(columns)}."
        )
    svd = TruncatedSVD(k, algorithm="arpack", random_state=seed)
    projected = svd.fit_transform(matrix)
    heaviest = np.abs(svd.components_.round(9)).argmax(axis=1)
    projected *= np.sign(svd.components_[np.arange(k), heaviest])
    return Vectors(
        normalize(projected),
        rows,
        [f"lsa {i}" for i in range(1, k + 1)],
        params | {"dimensions": k, "seed": seed},
    )


def _embeddings(features: Features, unit: str, params: dict) -> Vectors:
    require_language(features, "the sentence encoder", ENGLISH, 'Use method="tfidf" or "lsa".')
    table = features.table("vectors")
    matrix = (
        np.stack(table["embedding"].to_numpy()).astype(np.float32)
        if len(table)
        else np.empty((0, 0), np.float32)
    )
    columns = [f"dimension {i}" for i in range(1, matrix.shape[1] + 1)]
    if unit == "sentence":
        return Vectors(normalize(matrix), table[["article_id", "sentence"]], columns, params)
    ids = features.article_ids
    codes = pd.Categorical(table["article_id"], categories=ids).codes
    means = np.zeros((len(ids), matrix.shape[1]), np.float32)
    np.add.at(means, codes, matrix)
    return Vectors(normalize(means), pd.DataFrame({"article_id": ids}), columns, params)
