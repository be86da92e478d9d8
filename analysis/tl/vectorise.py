"""Vectors: articles, their groups or sentences as rows of one matrix with named columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.preprocessing import normalize

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, Grouping, group_articles, unit_labels
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.views import ENGLISH, article_terms, in_language, origin

METHODS = ("tfidf", "lsa", "embeddings")
_UNITS = ("article", "sentence")
_EQUAL = 1e-9  # rows whose variance is less are the same
WEIGHTING = "(1 + ln count) (1 + ln((1 + rows) / (1 + rows with the word))), length 1"


@dataclass(frozen=True, eq=False, repr=False)
class Vectors(Result):
    """A matrix with named rows and columns.

    Attributes
    ----------
    table : DataFrame
        One row a row of `matrix`: its place on the two dimensions along which the rows differ most
        (principal components).

        ==========  ====  ==================================================================
        column      unit  meaning
        ==========  ====  ==================================================================
        article_id        or `group`, where `by` is given
        sentence          from 0; only where the unit is the sentence
        x, y              the place; 0 where too few rows differ
        ==========  ====  ==================================================================
    matrix : array or scipy.sparse.csr_array of shape (n_rows, n_columns)
        Rows have length 1 (or 0, where no word is known).
    columns : list of str
        Words, "lsa 1" ..., or "dimension 1" ...
    shown : float
        The share of the variance of `matrix` that `x` and `y` hold.
    """

    matrix: np.ndarray | sparse.csr_array = field(repr=False)
    columns: list[str] = field(repr=False)
    shown: float

    @property
    def rows(self) -> pd.DataFrame:
        """What the rows of `matrix` are: article_id (and sentence), or group."""
        return self.table.drop(columns=["x", "y"])

    @property
    def labels(self) -> pd.Series:
        """What people call each row's article or group."""
        return unit_labels(self.groups).loc[self.table.iloc[:, 0]].reset_index(drop=True)

    @property
    def outlets(self) -> pd.DataFrame:
        """The outlet of each row, and its colour in figures."""
        assert self.groups is not None, "made by `vectorise`"
        named = self.groups.set_index("group")[["outlet", "colour"]]
        return named.loc[self.table.iloc[:, 0]].reset_index(drop=True)

    @property
    def finding(self) -> str:
        """How much of the rows' differences two dimensions hold."""
        rows = count(len(self.table), "group" if "group" in self.table else self.params["unit"])
        return (
            f"{rows} as vectors of {count(len(self.columns), 'dimension')}; the two drawn hold"
            f" {self.shown:.0%} of how they differ"
        )

    def similarity(self) -> pd.DataFrame:
        """Cosine between rows, named by article (and sentence)."""
        product = self.matrix @ self.matrix.T
        cosine = product.toarray() if sparse.issparse(product) else product
        rows = self.rows
        names = rows.iloc[:, 0] if rows.shape[1] == 1 else pd.MultiIndex.from_frame(rows)
        return pd.DataFrame(np.asarray(cosine, float).clip(-1, 1), index=names, columns=names)


def vectorise(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
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
    corpus : Corpus or Features
        "tfidf" and "lsa" of articles read `terms` in either form; sentences and "embeddings" need
        the private form.
    by : str, sequence of str, mapping or Series, optional
        Groups whose articles' words are summed, such as "outlet"; articles if not given.
    method : {"tfidf", "lsa", "embeddings"}
    unit : {"article", "sentence"}
    dimensions : int
        For "lsa"; at most one less than rows and words allow.
    min_articles : int
        Words in fewer rows are left out ("tfidf" and "lsa").
    seed : int
        For the solver of "lsa" and of the two dimensions drawn.

    Returns
    -------
    Vectors

    Raises
    ------
    OptionError
        If an option is not one of those allowed, or `min_articles` leaves no word.
    FeaturesError
        If the features do not hold what the method or the unit needs.
    LanguageError
        If `method` is "embeddings" and no article is in English.

    References
    ----------
    Deerwester, S., and others (1990). Indexing by latent semantic analysis. JASIS 41(6).
    https://doi.org/10.1002/(SICI)1097-4571(199009)41:6<391::AID-ASI1>3.0.CO;2-9

    Examples
    --------
    >>> import analysis as tw
    >>> vectors = tw.tl.vectorise(tw.load("amnesty2024"))
    >>> vectors.matrix.shape
    (5, 990)
    >>> vectors.table[["article_id", "x"]].round(1)
       article_id    x
    0   mcclatchy  0.3
    1      caruzo  0.2
    2  aggregator -0.4
    3        blog -0.5
    4   explainer  0.4
    """
    features = features_of(corpus)
    check_choice("method", method, METHODS)
    check_choice("unit", unit, _UNITS)
    check_options(dimensions=dimensions, min_articles=min_articles, seed=seed)
    if by is not None and unit == "sentence":
        raise OptionError("by must be None where unit is 'sentence', whose rows are not summed")
    grouping = group_articles(features, "article_id" if by is None else by)
    params = {"by": grouping.by, "method": method, "unit": unit, **origin(features)}
    summed = None if by is None else grouping
    if method == "embeddings":
        readable, left_out = embedded(features)
        rows, matrix = _embeddings(readable, unit, summed)
        columns = [f"dimension {i}" for i in range(1, matrix.shape[1] + 1)]
        made = _placed(rows, matrix, columns, params, seed)
        return replace(made, notes=left_out, groups=grouping.table)
    rows, matrix, columns = _weighted(features, unit, min_articles, summed)
    params |= {"weighting": WEIGHTING, "min_articles": min_articles}
    if method == "lsa":
        matrix = _lsa(matrix, dimensions, seed)
        columns = [f"lsa {i}" for i in range(1, matrix.shape[1] + 1)]
        params |= {"dimensions": len(columns), "seed": seed}
    return replace(_placed(rows, matrix, columns, params, seed), groups=grouping.table)


def embedded(features: Features) -> tuple[Features, tuple[str, ...]]:
    """The articles that the sentence encoder can read, and a note about the others."""
    return in_language(features, "the encoder", ENGLISH, 'Use method="tfidf" or "lsa".')


def _weighted(
    features: Features, unit: str, min_articles: int, grouping: Grouping | None
) -> tuple[pd.DataFrame, sparse.csr_array, list[str]]:
    """Rows, tf-idf and words."""
    if unit == "sentence":
        terms, keys = features.table("terms"), ["article_id", "sentence"]
        if "sentence" not in terms:
            raise FeaturesError(
                f"{features.where}: the words of single sentences are only in the private form; "
                'use unit="article", or extract where the texts are.'
            )
    else:
        terms, keys = article_terms(features), ["article_id"]
    if grouping is None:
        rows = features.table("sentences" if unit == "sentence" else "articles", keys)
    else:
        rows, keys = pd.DataFrame({"group": grouping.names}), ["group"]
        group = dict(zip(features.article_ids, grouping.codes))
        terms = terms.assign(code=terms["article_id"].map(group))
        terms = terms[terms["code"] >= 0].groupby(["code", "term"])["count"].sum().reset_index()
        terms["group"] = np.array(grouping.names, object)[terms["code"]]
    spread = terms.groupby("term")["count"].size()
    columns = sorted(spread.index[spread >= min_articles])
    if not columns:
        raise OptionError(
            f"min_articles must leave a word of {len(spread)} (got {min_articles}); choose a"
            " smaller number"
        )
    terms = terms[terms["term"].isin(columns)]
    row = pd.MultiIndex.from_frame(rows).get_indexer(pd.MultiIndex.from_frame(terms[keys]))
    column = pd.Index(columns).get_indexer(terms["term"])
    rarity = 1 + np.log((1 + len(rows)) / (1 + spread.loc[terms["term"]].to_numpy(float)))
    weight = (1 + np.log(terms["count"].to_numpy(float))) * rarity
    shape = (len(rows), len(columns))
    return rows, normalize(sparse.csr_array((weight, (row, column)), shape=shape)), columns


def _lsa(matrix: sparse.csr_array, dimensions: int, seed: int) -> np.ndarray:
    k = min(dimensions, min(matrix.shape) - 1)
    if k < 1:
        raise FeaturesError(
            f"lsa needs at least two rows and two words (there are {matrix.shape[0]} and"
            f" {matrix.shape[1]})"
        )
    svd = TruncatedSVD(k, algorithm="arpack", random_state=seed)
    with np.errstate(invalid="ignore"):  # the variance of rows that are all the same
        projected = svd.fit_transform(matrix)
    return normalize(projected * _signs(svd.components_))


def _embeddings(
    features: Features, unit: str, grouping: Grouping | None
) -> tuple[pd.DataFrame, np.ndarray]:
    table = features.table("vectors")
    if table.empty:
        raise FeaturesError(f"{features.where}: no sentence has an embedding.")
    matrix = np.stack(table["embedding"].to_numpy()).astype(np.float32)
    if unit == "sentence":
        return table[["article_id", "sentence"]], normalize(matrix)
    rows = features.table("articles", ["article_id"])
    place = pd.Index(rows["article_id"]).get_indexer(table["article_id"])
    if grouping is not None:
        every = dict(zip(features.whole.article_ids, grouping.codes))
        place = table["article_id"].map(every).to_numpy()
        rows = pd.DataFrame({"group": grouping.names})
    means = np.zeros((len(rows), matrix.shape[1]), np.float32)
    np.add.at(means, place[place >= 0], matrix[place >= 0])
    return rows, normalize(means)


def _placed(rows: pd.DataFrame, matrix, columns: list[str], params: dict, seed: int) -> Vectors:
    """The result, with each row's place on the first two principal components."""
    places, shown = np.zeros((len(rows), 2)), 1.0
    k = min(2, min(matrix.shape) - 1)
    if k > 0 and (matrix**2).sum() / len(rows) - (matrix.mean(axis=0) ** 2).sum() > _EQUAL:
        pca = PCA(k, svd_solver="arpack", random_state=seed)
        places[:, :k] = pca.fit_transform(matrix) * _signs(pca.components_)
        shown = float(pca.explained_variance_ratio_.sum())
    return Vectors(rows.assign(x=places[:, 0], y=places[:, 1]), params, matrix, columns, shown)


def _signs(components: np.ndarray) -> np.ndarray:
    """What makes the heaviest column of each component positive, whatever the solver gave."""
    heaviest = np.abs(components.round(9)).argmax(axis=1)
    return np.sign(components[np.arange(len(components)), heaviest])
