"""Frames learned from a coded sheet: a linear model on embedding, words and codebook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from analysis.errors import CorpusError, Fault, FeaturesError
from analysis.features import Features
from analysis.inference import bootstrap, generator, interval, one_hot, wilson
from analysis.io.frame_codes import LONGEST, FrameCodes
from analysis.models.encoder import Encoder, load_encoder
from analysis.text.tokens import word_hash, words_of
from analysis.tl._frames_prototypes import frame_hits, frame_prototypes, listed_entries, score_table
from analysis.tl.vectorise import vectorise

_KEYS = ["article_id", "sentence"]
STRENGTH = 3.0  # inverse of the penalty
# of the codebook's words and prototypes, beside an embedding and words of length 1
_WORD, _NEAR = 0.5, 0.3
FOLDS = 5
FEW_EXAMPLES = 10
_PULLING = 10  # words listed for an article and frame
MEAN = "(mean of frames)"


class Design(NamedTuple):
    """What the model sees of every sentence.

    `rows` names them, `words` are tf-idf weights of `terms`, `rest` is everything else.
    """

    rows: pd.DataFrame
    rest: np.ndarray
    words: sparse.csr_array
    terms: list[str]


@dataclass(frozen=True, eq=False)
class Learned:
    """Scores, words and quality, as `CodedFrames` describes them, with parameters and notes."""

    scores: pd.DataFrame
    words: pd.DataFrame
    quality: pd.DataFrame
    params: dict
    notes: tuple[str, ...]


def learn(
    features: Features,
    codes: FrameCodes,
    *,
    encoder: Encoder | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Learned:
    """Learn frames from coded sentences and score every sentence, as `frames` explains.

    Raises
    ------
    CorpusError
        If the corpus lacks a sentence of the sheet, or its codes contradict each other.
    FeaturesError
        If there are no words or vectors of sentences, or every coded sentence has one frame.
    """
    if not features.has("tokens") or not features.has("vectors"):
        raise FeaturesError(
            f'{features.where}: method="coded" needs sentences\' words and `vectors`, which only'
            " the private form can have; extract them where the texts are, with embeddings."
        )
    placed, listed = place_codes(codes, features), listed_entries(features)
    named = set(placed["frame"]) - {""}
    names = [f for f in listed if f in named] + sorted(named - set(listed))
    sentences, marks = marked(placed, names)
    if (every := marks.all(axis=0)).any():
        raise FeaturesError(
            f"{codes.name}: every sentence is coded with {names[int(every.argmax())]!r}; needed are"
            " sentences without it too, coded with another frame or as having none (an empty"
            " frame)."
        )
    design = _design(features, listed, encoder)
    rows = pd.MultiIndex.from_frame(design.rows)
    place = rows.get_indexer(pd.MultiIndex.from_frame(sentences))
    if (lacking := place < 0).any():
        raise FeaturesError(
            f"{features.where}: sentences of {sentences['article_id'][int(lacking.argmax())]!r}"
            " have no vectors; extract again with embeddings."
        )
    seen = sparse.hstack([sparse.csr_array(design.rest[place]), design.words[place]]).tocsr()
    articles = sentences["article_id"]
    by_article = articles.nunique() > 1
    unseen = _unseen(seen, marks, articles if by_article else articles.index, seed)
    slope, intercepts = _calibrate(unseen, marks)
    weights, bias = _fit(seen, marks)
    split = design.rest.shape[1]
    scores = design.rest @ weights[:, :split].T + design.words @ weights[:, split:].T + bias
    rule = {"one": bool((marks.sum(axis=1) <= 1).all()), "always": bool(marks.any(axis=1).all())}
    probability = (1 / (1 + np.exp(-(slope * scores + intercepts)))).round(4)
    cells = {"score": scores.round(4), "probability": probability}
    table = score_table(design.rows, names, **cells, carries=_carries(scores, **rule))
    found = _carries(np.nan_to_num(unseen, nan=-np.inf), **rule)
    scored = np.isfinite(unseen).all(axis=0)
    quality = frame_quality(
        found, marks, scored, articles, names, draws=draws, level=level, seed=seed
    )
    params: dict[str, Any] = {"sheet": codes.name, "n_coded": len(sentences)}
    params |= {"n_without": int((~marks.any(axis=1)).sum()), "penalty": f"L2, C={STRENGTH:g}"}
    params |= {"folds": "by article" if by_article else "by sentence", "slope": round(slope, 3)}
    params |= rule
    pulls = _pulls(design, weights[:, split:], names)
    return Learned(table, pulls, quality, params, _notes(marks, names, by_article))


def marked(placed: pd.DataFrame, names: list[str]) -> tuple[pd.DataFrame, np.ndarray]:
    """The coded sentences, and whether each is coded with each frame: (n_sentences, n_frames)."""
    sentences = placed[_KEYS].drop_duplicates().sort_values(_KEYS, ignore_index=True)
    coded = placed[placed["frame"].isin(names)]
    marks = np.zeros((len(sentences), len(names)), bool)
    keys = pd.MultiIndex.from_frame(sentences)
    row = keys.get_indexer(pd.MultiIndex.from_frame(coded[_KEYS]))
    marks[row, pd.Index(names).get_indexer(coded["frame"])] = True
    return sentences, marks


def place_codes(codes: FrameCodes, features: Features) -> pd.DataFrame:
    """The sentences of the corpus that were coded: article_id, sentence, frame (empty for none).

    There is one row for each sentence and frame. A text is found by the hashes of its words.
    """
    known = features.table("sentences", _KEYS).groupby("article_id")["sentence"].max()
    by_words = _sentences_by_words(features, codes.table)
    faults: list[Fault] = []
    placed: dict[tuple[str, int], dict[str, int]] = {}
    for row, article, sentence, text, frame in codes.table.itertuples(index=False, name=None):
        found, problem = [], None
        if article not in known:
            problem = (
                f"article_id is {article[:LONGEST]!r}, which {features.corpus!r} does not have."
            )
        elif text:
            found = by_words.get((article, *map(word_hash, words_of(text))), [])
            if not found:
                problem = (
                    f"no sentence of {article!r} has exactly the words of {text[:LONGEST]!r}; code"
                    " whole sentences, or give their numbers."
                )
        elif sentence > known[article]:
            problem = f"sentence is {sentence}; {article!r} has those from 0 to {known[article]}."
        else:
            found = [int(sentence)]
        if problem is not None:
            faults.append(Fault(codes.name, row, problem))
        for sentence in found:
            placed.setdefault((article, sentence), {})[frame] = row
    for (article, sentence), frames in placed.items():
        if "" in frames and len(frames) > 1:
            problem = (
                f"sentence {sentence} of {article!r} is coded as having no frame and with"
                f" {', '.join(filter(None, frames))}; keep one."
            )
            faults.append(Fault(codes.name, frames[""], problem))
    if faults:
        raise CorpusError(codes.name, faults)
    rows = [(*sentence, frame) for sentence, frames in placed.items() for frame in frames]
    return pd.DataFrame(rows, columns=[*_KEYS, "frame"])


def _sentences_by_words(features: Features, codes: pd.DataFrame) -> dict[tuple, list[int]]:
    """Numbers of sentences by article and hashes of words, of articles whose texts are coded."""
    found: dict[tuple, list[int]] = {}
    articles = set(codes.loc[codes["text"] != "", "article_id"])
    if articles:
        tokens = features.table("tokens", [*_KEYS, "hash"])
        tokens = tokens[tokens["article_id"].isin(articles)]
        for (article, sentence), hashes in tokens.groupby(_KEYS, sort=False)["hash"]:
            found.setdefault((article, *hashes.tolist()), []).append(int(sentence))
    return found


def _design(features: Features, names: list[str], encoder: Encoder | None) -> Design:
    """Every sentence that has a vector; `names` are the codebook's frames."""
    vectors = vectorise(features, method="embeddings", unit="sentence")
    words = vectorise(features, method="tfidf", unit="sentence")
    rows, matrix = vectors.rows.reset_index(drop=True), vectors.matrix
    order = pd.MultiIndex.from_frame(words.rows).get_indexer(pd.MultiIndex.from_frame(rows))
    parts = [matrix]
    if names:
        parts.append(_WORD * (frame_hits(features, rows, names) > 0))
        encoder = encoder or load_encoder()
        near = matrix @ frame_prototypes(features, names, encoder, matrix.shape[1]).T
        near -= near.mean(axis=0)
        parts.append(_NEAR * near / max(float(near.std()), 1e-12))
    return Design(rows, np.hstack(parts), words.matrix[order], words.columns)


def _fit(matrix: sparse.csr_array, marks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of shape (n_frames, n_columns) and intercepts.

    They are NaN for a frame that no row has, or all have.
    """
    weights = np.full((marks.shape[1], matrix.shape[1]), np.nan)
    bias = np.full(marks.shape[1], np.nan)
    used = np.unique(matrix.indices)  # a column of zeros gets no weight
    matrix = matrix[:, used]
    for i, mark in enumerate(marks.T):
        if mark.any() and not mark.all():
            options = {"C": STRENGTH, "class_weight": "balanced", "tol": 1e-5, "max_iter": 2000}
            model = LogisticRegression(**options).fit(matrix, mark)
            weights[i] = 0
            weights[i, used], bias[i] = model.coef_[0], model.intercept_[0]
    return weights, bias


def _unseen(
    matrix: sparse.csr_array, marks: np.ndarray, groups: pd.Series | pd.Index, seed: int
) -> np.ndarray:
    """Log-odds of each coded sentence by a model that had not seen its group.

    They are NaN where a frame had no other example.
    """
    scores = np.full(marks.shape, np.nan)
    fold = _folds(marks, groups, seed)
    for k in range(fold.max() + 1 if fold.max() else 0):
        weights, bias = _fit(matrix[fold != k], marks[fold != k])
        scores[fold == k] = matrix[fold == k] @ weights.T + bias
    return scores


def _folds(marks: np.ndarray, groups: pd.Series | pd.Index, seed: int) -> np.ndarray:
    """The fold of each sentence.

    Groups are put into folds in turn by their rarest frame, in a random order, so that frames
    spread evenly.
    """
    codes, names = pd.factorize(groups, sort=True)
    held = np.zeros((len(names), marks.shape[1]), bool)
    np.logical_or.at(held, codes, marks)
    rarity = np.argsort(np.argsort(held.sum(axis=0), kind="stable"), kind="stable")
    rarest = np.where(held, rarity, marks.shape[1]).min(axis=1)
    order = np.lexsort((generator(seed, "folds").permutation(len(names)), rarest))
    fold = np.empty(len(names), int)
    fold[order] = np.arange(len(names)) % min(FOLDS, len(names))
    return fold[codes]


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
    which = np.tile(np.eye(len(complete)), (len(marks), 1))
    seen = np.column_stack([scores[:, complete].ravel(), which])
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


def frame_quality(
    found: np.ndarray,
    marks: np.ndarray,
    scored: np.ndarray,
    articles: pd.Series,
    names: list[str],
    *,
    draws: int,
    level: float,
    seed: int,
) -> pd.DataFrame:
    """Precision, recall and F1 of frames found in coded sentences.

    Parameters
    ----------
    found, marks : bool array of shape (n_sentences, n_frames)
        What is found, what the coder says.
    scored : bool array of shape (n_frames,)
        Whether the frame could be found at all.
    articles : Series of length n_sentences
        What the bootstrap of F1 draws.
    names, draws, level, seed
    """
    codes, ids = pd.factorize(articles)
    right, n_found, n_coded = sums = np.zeros((3, len(ids), len(names)))
    for table, values in zip(sums, (found & marks, found, marks)):
        np.add.at(table, codes, values)
    below = n_found + n_coded
    with np.errstate(invalid="ignore", divide="ignore"):
        precision = right.sum(axis=0) / n_found.sum(axis=0)
        recall = right.sum(axis=0) / n_coded.sum(axis=0)
        f1 = np.where(scored, 2 * right.sum(axis=0) / below.sum(axis=0), np.nan)
    samples = np.full((draws, len(names)), np.nan)
    for i in np.flatnonzero(scored):
        # every frame's draws take the same articles, so that their mean can be taken draw by draw
        rng = generator(seed, "quality")
        drawn = bootstrap(2 * right[:, [i]], below[:, i], draws=draws, rng=rng)
        samples[:, i] = np.nan_to_num(drawn[:, 0])
    low, high = np.full((2, len(names) + 1), np.nan)
    if scored.any():
        low[:-1][scored], high[:-1][scored] = interval(samples[:, scored], level)
        low[-1], high[-1] = interval(samples[:, scored].mean(axis=1), level)
    table = pd.DataFrame(
        {
            "frame": [*names, MEAN],
            "n_coded": [*n_coded.sum(axis=0).astype(int), len(marks)],
            "n_articles": [*(n_coded > 0).sum(axis=0), len(ids)],
        }
    )
    per_frame = n_found.sum(axis=0)
    table["n_found"] = [*per_frame.astype(int), int(found.any(axis=1).sum())]
    bounds = wilson(right.sum(axis=0), per_frame, level)
    columns = {"precision": precision, "precision_low": bounds[0], "precision_high": bounds[1]}
    for column, values in (columns | {"recall": recall, "f1": f1}).items():
        mean = np.nan if "_" in column else pd.Series(values).mean()
        table[column] = [*values, mean]
    return table.assign(low=low, high=high)


def _pulls(design: Design, weights: np.ndarray, names: list[str]) -> pd.DataFrame:
    """The words of each article that pull most towards each frame."""
    codes, ids = pd.factorize(design.rows["article_id"])
    sums = one_hot(codes, len(ids))
    weighed = (sums @ design.words).tocsr()
    counted = (sums @ (design.words > 0).astype(int)).tocsr()
    weighed.sort_indices()
    counted.sort_indices()  # of the same words as `weighed`
    rows = []
    for a, article in enumerate(ids):
        part = slice(*weighed.indptr[a : a + 2])
        words, counts = weighed.indices[part], counted.data[part]
        pulls = (weighed.data[part] * weights[:, words]).round(4)
        for name, pull in zip(names, pulls):
            best = np.lexsort((words, -pull))[:_PULLING]
            rows += [
                (article, name, design.terms[words[j]], int(counts[j]), pull[j])
                for j in best
                if pull[j] > 0
            ]
    return pd.DataFrame(rows, columns=["article_id", "frame", "pattern", "count", "pull"])


def _notes(marks: np.ndarray, names: list[str], by_article: bool) -> tuple[str, ...]:
    notes = []
    scarce = [f"{name} ({n})" for name, n in zip(names, marks.sum(axis=0)) if n < FEW_EXAMPLES]
    if scarce:
        notes.append(
            f"Fewer than {FEW_EXAMPLES} coded sentences: {', '.join(scarce)}. Code more before you"
            " report these frames."
        )
    if not by_article:
        notes.append(
            "All coded sentences are of one article: the quality is of other sentences of that"
            " article, not of other articles."
        )
    if marks.any(axis=1).all():
        notes.append("No sentence is coded as having no frame: the model gives every sentence one.")
    return tuple(notes)
