"""Frames learned from a coded sheet: a linear model on a sentence's embedding, its words and what
the codebook says of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from analysis.errors import FeaturesError
from analysis.features import PRIVATE, Features
from analysis.inference import bootstrap, generator, interval
from analysis.models.encoder import Encoder, load_encoder
from analysis.tl._frame_codes import Codes, place_codes
from analysis.tl._frames_prototypes import frame_prototypes, sentence_marks
from analysis.tl.vectorise import vectorise
from analysis.views import ENGLISH, require_language

STRENGTH = 3.0  # inverse of the penalty
WORD, NEAR = (
    0.5,
    0.3,
)  # weights of the codebook's words and prototypes beside an embedding and words of length 1
FOLDS = 5
FEW_EXAMPLES = 10
PULLING = 10  # words listed for an article and frame
MEAN = "(mean of frames)"


class Design(NamedTuple):
    """What the model sees of every sentence: `rows` names them, `words` are tf-idf weights of
    `terms`, `rest` is everything else.
    """

    rows: pd.DataFrame
    rest: np.ndarray
    words: sparse.csr_array
    terms: list[str]


@dataclass(frozen=True, eq=False)
class Learned:
    """What was learned: see `learn`."""

    scores: pd.DataFrame
    words: pd.DataFrame
    quality: pd.DataFrame
    params: dict
    notes: tuple[str, ...]


def learn(
    features: Features,
    codes: Codes,
    *,
    encoder: Encoder | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Learned:
    r"""Learn frames from coded sentences and score every sentence of the corpus.

    For each frame a logistic regression with an :math:`L_2` penalty (C = 3), both sides weighed
    alike, tells sentences coded with it from the other coded ones. It sees the sentence's
    embedding, its words and two-word phrases (tf-idf, length 1), which frames of the codebook have
    a word in it (weight .5), and how near it is to their prototypes (weight .3, in standard
    deviations). The score is the log-odds.

    The probability comes from scores of sentences that the model had not seen (five folds that keep
    articles together): Platt's logistic curve, with one slope and an intercept for each frame. It
    holds for sentences drawn as the sheet's were. A sentence carries a frame if its score is above
    0; where no sentence of the sheet has two frames, only the highest, and where each has one, that
    one in any case.

    Returns
    -------
    Learned
        scores : article_id, sentence, frame, score, probability, carries. words : article_id,
            frame, pattern, count (sentences), pull (sum of
        tf-idf weight times coefficient), the ten that pull most. quality : frame, n_coded,
        n_articles, precision, recall, f1, low, high, of sentences that the model had not seen, the
        interval by bootstrap over articles; the last row is the mean of frames.

    References
    ----------
    Platt, J. (1999). Probabilistic outputs for support vector machines. Advances in Large Margin
    Classifiers, 61-74.
    """
    require_language(features, "the sentence encoder", ENGLISH, 'Use method="words".')
    if features.form != PRIVATE or not features.has("vectors"):
        raise FeaturesError(
            f'{features.where}: method="coded" needs sentences\' words and `vectors`, which only'
            " the private form can have; extract them where the texts are, with embeddings."
        )
    placed = place_codes(codes, features)
    listed = [
        entry.split("/", 1)[1]
        for entry in features.manifest["entries"]
        if entry.startswith("frame/")
    ]
    named = set(placed["frame"]) - {""}
    names = [f for f in listed if f in named] + sorted(named - set(listed))
    sentences = (
        placed[["article_id", "sentence"]]
        .drop_duplicates()
        .sort_values(["article_id", "sentence"], ignore_index=True)
    )
    keys = pd.MultiIndex.from_frame(sentences)
    marks = np.zeros((len(sentences), len(names)), bool)
    coded = placed[placed["frame"] != ""]
    marks[
        keys.get_indexer(pd.MultiIndex.from_frame(coded[["article_id", "sentence"]])),
        pd.Index(names).get_indexer(coded["frame"]),
    ] = True
    if marks.all(axis=0).any():
        raise FeaturesError(
            f"{codes.name}: every sentence is coded with"
            f" {names[int(marks.all(axis=0).argmax())]!r}; needed are sentences without it too,"
            " coded with another frame or as having none (an empty frame)."
        )
    design = _design(features, listed, encoder)
    place = pd.MultiIndex.from_frame(design.rows).get_indexer(keys)
    if (place < 0).any():
        article = sentences["article_id"].iloc[int((place < 0).argmax())]
        raise FeaturesError(
            f"{features.where}: sentences of {article!r} have no vectors; extract again with"
            " embeddings."
        )
    seen = sparse.hstack([sparse.csr_array(design.rest[place]), design.words[place]]).tocsr()
    grouped = sentences["article_id"].nunique() > 1
    unseen = _unseen(
        seen,
        marks,
        sentences["article_id"].to_numpy() if grouped else np.arange(len(sentences)),
        seed,
    )
    slope, intercepts = _calibrate(unseen, marks)
    weights, bias = _fit(seen, marks)
    split = design.rest.shape[1]
    scores = design.rest @ weights[:, :split].T + design.words @ weights[:, split:].T + bias
    rule = {"one": bool((marks.sum(axis=1) <= 1).all()), "always": bool(marks.any(axis=1).all())}
    rows = design.rows.loc[design.rows.index.repeat(len(names))].reset_index(drop=True)
    table = rows.assign(
        frame=names * len(design.rows),
        score=scores.ravel().round(4),
        probability=(1 / (1 + np.exp(-(slope * scores + intercepts)))).ravel().round(4),
        carries=_carries(scores, **rule).ravel(),
    )
    quality = _quality(
        _carries(np.nan_to_num(unseen, nan=-np.inf), **rule),
        marks,
        np.isfinite(unseen).all(axis=0),
        sentences["article_id"],
        names,
        draws=draws,
        level=level,
        seed=seed,
    )
    params = {
        "sheet": codes.name,
        "n_coded": len(sentences),
        "n_without": int((~marks.any(axis=1)).sum()),
        "penalty": f"L2, C={STRENGTH:g}",
        "folds": "by article" if grouped else "by sentence",
        "slope": round(slope, 3),
        **rule,
    }
    return Learned(
        table,
        _pulls(design, weights[:, split:], names),
        quality,
        params,
        _notes(marks, names, sentences, grouped),
    )


def _design(features: Features, names: list[str], encoder: Encoder | None) -> Design:
    """Every sentence that has a vector; `names` are the codebook's frames."""
    vectors = vectorise(features, method="embeddings", unit="sentence")
    words = vectorise(features, method="tfidf", unit="sentence")
    order = pd.MultiIndex.from_frame(words.rows).get_indexer(pd.MultiIndex.from_frame(vectors.rows))
    parts = [vectors.matrix]
    if names:
        parts.append(WORD * sentence_marks(features, vectors.rows, names))
        near = (
            vectors.matrix
            @ frame_prototypes(
                features, names, encoder or load_encoder(), vectors.matrix.shape[1]
            ).T
        )
        near -= near.mean(axis=0)
        parts.append(NEAR * near / max(float(near.std()), 1e-12))
    return Design(
        vectors.rows.reset_index(drop=True), np.hstack(parts), words.matrix[order], words.columns
    )


def _fit(matrix: sparse.csr_array, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of shape (n_frames, n_columns) and intercepts; NaN for a frame that no row has,
    or all have.
    """
    weights, bias = (
        np.full((marks.shape[1], matrix.shape[1]), np.nan),
        np.full(marks.shape[1], np.nan),
    )
    used = np.flatnonzero(
        np.bincount(matrix.indices, minlength=matrix.shape[1])
    )  # a column of zeros gets no weight
    matrix = matrix[:, used]
    for i, mark in enumerate(marks.T):
        if mark.any() and not mark.all():
            model = LogisticRegression(
                C=STRENGTH, class_weight="balanced", tol=1e-5, max_iter=2000
            ).fit(matrix, mark)
            weights[i] = 0
            weights[i, used], bias[i] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _unseen(
    matrix: sparse.csr_array, marks: np.ndarray, groups: np.ndarray, seed: int
) -> np.ndarray:
    """Log-odds of each coded sentence by a model that had not seen its group; NaN where a frame had
    no other example.
    """
    scores = np.full(marks.shape, np.nan)
    fold = _folds(marks, groups, seed)
    for k in range(fold.max() + 1 if fold.max() else 0):
        weights, bias = _fit(matrix[fold != k], marks[fold != k])
        scores[fold == k] = matrix[fold == k] @ weights.T + bias
    return scores


def _folds(marks: np.ndarray, groups: np.ndarray, seed: int) -> np.ndarray:
    """The fold of each sentence: groups are dealt out by their rarest frame, in an order that the
    seed draws, so that frames spread evenly.
    """
    names, codes = np.unique(groups, return_inverse=True)
    held = np.zeros((len(names), marks.shape[1]), bool)
    np.logical_or.at(held, codes, marks)
    rarity = np.argsort(np.argsort(held.sum(axis=0), kind="stable"), kind="stable")
    rarest = np.where(held, rarity, marks.shape[1]).min(axis=1)
    order = np.lexsort((generator(seed, "folds").permutation(len(names)), rarest))
    dealt = np.empty(len(names), int)
    dealt[order] = np.arange(len(names)) % min(FOLDS, len(names))
    return dealt[codes]


def _calibrate(scores: np.ndarray, marks: np.ndarray) -> tuple[float, np.ndarray]:
    """Slope and intercepts of the curve from log-odds to probabilities.

    A frame that some fold could not learn takes what the others are shifted by on average, beside
    the odds of its own codes.
    """
    coded = marks.sum(axis=0)
    odds = np.log((coded + 0.5) / (len(marks) - coded + 0.5))
    complete = np.flatnonzero(np.isfinite(scores).all(axis=0))
    if not len(complete):
        return 1.0, odds
    own = np.kron(np.ones((len(marks), 1)), np.eye(len(complete)))
    seen = np.column_stack([scores[:, complete].ravel(), own])
    model = LogisticRegression(C=10, tol=1e-6, max_iter=2000).fit(seen, marks[:, complete].ravel())
    intercepts = model.intercept_[0] + model.coef_[0, 1:]
    every = odds + (intercepts - odds[complete]).mean()
    every[complete] = intercepts
    return max(float(model.coef_[0, 0]), 0.0), every


def _carries(scores: np.ndarray, *, one: bool, always: bool) -> np.ndarray:
    carried = scores > 0
    if one:
        best = np.arange(scores.shape[1])[None, :] == scores.argmax(axis=1)[:, None]
        carried = best if always else best & carried
    return carried & np.isfinite(scores)


def _quality(
    found: np.ndarray,
    marks: np.ndarray,
    scored: np.ndarray,
    articles: pd.Series,
    names: list[str],
    *,
    draws,
    level,
    seed,
) -> pd.DataFrame:
    """Precision, recall and F1 of sentences that the model had not seen, with bootstrap intervals
    of F1 over articles.
    """
    codes, ids = pd.factorize(articles)
    sums = np.zeros((3, len(ids), len(names)))
    for table, values in zip(sums, (found & marks, found, marks)):
        np.add.at(table, codes, values)
    right, n_found, n_coded = sums.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall, f1 = (
            right / n_found,
            right / n_coded,
            np.where(scored, 2 * right / (n_found + n_coded), np.nan),
        )
    # every frame's draws take the same articles, so that their mean can be taken draw by draw
    samples = np.hstack(
        [
            bootstrap(
                2 * sums[0][:, [i]],
                sums[1][:, i] + sums[2][:, i],
                draws=draws,
                rng=generator(seed, "quality"),
            )
            for i in range(len(names))
        ]
    )
    samples = np.where(scored, np.nan_to_num(samples), np.nan)
    bounds = [
        interval(column, level) if scored[i] else (np.nan, np.nan)
        for i, column in enumerate(samples.T)
    ]
    table = pd.DataFrame(
        {
            "frame": names,
            "n_coded": n_coded.astype(int),
            "n_articles": [articles[m].nunique() for m in marks.T],
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "low": [b[0] for b in bounds],
            "high": [b[1] for b in bounds],
        }
    )
    low, high = (
        interval(np.nanmean(samples[:, scored], axis=1), level)
        if scored.any()
        else (np.nan, np.nan)
    )
    mean = {
        "frame": MEAN,
        "n_coded": len(marks),
        "n_articles": articles.nunique(),
        **table[["precision", "recall", "f1"]].mean(),
    }
    mean |= {"low": low, "high": high}
    return pd.concat([table, pd.DataFrame([mean])], ignore_index=True)


def _pulls(design: Design, weights: np.ndarray, names: list[str]) -> pd.DataFrame:
    """The words of each article that pull most towards each frame."""
    codes, ids = pd.factorize(design.rows["article_id"])
    sums = sparse.csr_array(
        (np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(len(ids), len(codes))
    )
    weighed, counted = (
        (sums @ design.words).tocsr(),
        (sums @ (design.words > 0).astype(int)).tocsr(),
    )
    weighed.sort_indices()
    counted.sort_indices()  # of the same words as `weighed`
    rows = []
    for a, article in enumerate(ids):
        part = slice(*weighed.indptr[a : a + 2])
        words, counts = weighed.indices[part], counted.data[part]
        pulls = (weighed.data[part] * weights[:, words]).round(4)
        for i, name in enumerate(names):
            best = np.lexsort((words, -pulls[i]))[:PULLING]
            rows += [
                (article, name, design.terms[words[j]], int(counts[j]), pulls[i, j])
                for j in best
                if pulls[i, j] > 0
            ]
    return pd.DataFrame(rows, columns=["article_id", "frame", "pattern", "count", "pull"])


def _notes(
    marks: np.ndarray, names: list[str], sentences: pd.DataFrame, grouped: bool
) -> tuple[str, ...]:
    notes = []
    scarce = [f"{name} ({n})" for name, n in zip(names, marks.sum(axis=0)) if n < FEW_EXAMPLES]
    if scarce:
        notes.append(
            f"Fewer than {FEW_EXAMPLES} coded sentences: {', '.join(scarce)}. Code more before you"
            " report these frames."
        )
    if not grouped:
        notes.append(
            "All coded sentences are of one article: the quality is of other sentences of that"
            " article, not of other articles."
        )
    if marks.any(axis=1).all():
        notes.append("No sentence is coded as having no frame: the model gives every sentence one.")
    return tuple(notes)
