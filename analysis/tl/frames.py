"""Frames three ways: by the codebook's words, by prototypes in embedding space, by a model learned
from coded sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import OptionError, choose
from analysis.features import Features
from analysis.inference import bootstrap, few_articles, generator, interval
from analysis.models.encoder import Encoder
from analysis.results import Result, at_least
from analysis.tl._frame_codes import Codes, read_codes
from analysis.tl._frames_coded import learn
from analysis.tl._frames_prototypes import LIKE, frame_names, prototype_scores
from analysis.views import origin, pattern_counts, sentence_hits, sentence_spans

METHODS = ("words", "prototypes", "coded")
KEYS = ["article_id", "sentence"]


@dataclass(frozen=True, eq=False, repr=False)
class Frames(Result):
    """Shares of frame words; the other methods return more (`SentenceFrames`, `CodedFrames`).

    Attributes
    ----------
    table : DataFrame
        article_id, frame, n_hits, n_words, n_sentences, share, low, high.
    sentences : DataFrame
        article_id, sentence, position (of its first word), start, end (characters; empty in the
        shared form), frame, n_hits, n_words, share; sentences with a hit only.
    words : DataFrame
        article_id, frame, pattern, count: the codebook's words that matched.
    """

    sentences: pd.DataFrame
    words: pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class SentenceFrames(Frames):
    """Probabilities of frames, sentence by sentence.

    Attributes
    ----------
    table : DataFrame
        article_id, frame, n_carrying (sentences that carry it), n_sentences, share (mean
        probability of its sentences), low, high.
    sentences : DataFrame
        article_id, sentence, position (of its first word), start, end (characters; empty in the
        shared form), frame, n_words, score, probability; the sentences that carry a frame.
    words : DataFrame
        article_id, frame, pattern, count, and of "coded" also pull. Of "prototypes" the codebook's
        words that matched, each of which raises the score of its sentence; of "coded" the ten words
        that pull most towards the frame.
    scores : DataFrame
        article_id, sentence, frame, score, probability, carries: every sentence and frame.
    """

    scores: pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class CodedFrames(SentenceFrames):
    """Probabilities of frames from a coded sheet, with how well they are found.

    Attributes
    ----------
    quality : DataFrame
        frame, n_coded (sentences), n_articles, precision, recall, f1, low, high: of coded sentences
        that the model had not seen, the interval of F1 by bootstrap over articles. The last row is
        the mean of frames.
    """

    quality: pd.DataFrame


def frames(
    features: Features,
    *,
    method: str = "words",
    coded: Codes | str | Path | pd.DataFrame | None = None,
    encoder: Encoder | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Frames:
    """Measure how much of each article each frame takes.

    "words" counts matches of the codebook's words. "prototypes" scores sentences by their nearness
    to a frame's description and examples (`analysis.tl._frames_prototypes`). "coded" learns frames
    from sentences that a person coded (`analysis.tl._frames_coded`), and says how well it finds them.
    The first two need no coding; only the last comes with a measure of how right it is on your
    texts.

    Parameters
    ----------
    features : Features
        "words": either form; reads `hits`, `sentences` (and `patterns` in the shared form).
        "prototypes": the private form with `vectors`, or the shared form with the shipped result.
        "coded": the private form with `vectors`.
    method : {"words", "prototypes", "coded"}
    coded : Codes, path or DataFrame
        For "coded", the sheet (see `read_codes`).
    encoder : Encoder, optional
        For "prototypes" and "coded", the model that embedded the sentences; the default one if not
        given.
    draws, level, seed
        Bootstrap over the sentences of each article (over articles for `quality`): number of draws,
        level of the interval, seed; the seed also draws the folds of "coded".

    Returns
    -------
    Frames
        Shares from 0 to 1: of "words", matches per word of the article; of the others, the mean
        probability of its sentences (`SentenceFrames`, `CodedFrames`). An interval from few_articles
        sentences is wide; one around no match at all is 0 to 0 and says nothing of the words the
        codebook lacks.

    Raises
    ------
    OptionError
        If the method is unknown, or a sheet is given to another method than "coded", or none to it.
    FeaturesError
        If the codebook names no frames, or the features lack what the method reads.
    LanguageError
        If sentences in another language than English would have to be compared by their embeddings.
    CorpusError
        If the sheet has faults; all of them are listed with their rows.

    References
    ----------
    Semetko, H., and Valkenburg, P. (2000). Framing European politics. Journal of Communication
    50(2). https://doi.org/10.1111/j.1460-2466.2000.tb02843.x
    """
    at_least("draws", draws, 1)
    choose("method", method, METHODS)
    if (coded is not None) != (method == "coded"):
        raise OptionError(
            f"method={method!r} was given {'no' if coded is None else 'a'} coded sheet; allowed is"
            ' a sheet with method="coded" only, which needs one (see `read_codes`).'
        )
    if method == "words":
        return _by_words(features, draws, level, seed)
    if method == "prototypes":
        frame_names(features)
        scores, params, notes = prototype_scores(features, encoder)
        scores = scores.assign(carries=scores["probability"] >= LIKE)
        words = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
    else:
        learned = learn(
            features,
            coded if isinstance(coded, Codes) else read_codes(coded),
            encoder=encoder,
            draws=draws,
            level=level,
            seed=seed,
        )
        scores, words, params, notes = learned.scores, learned.words, learned.params, learned.notes
    params = {
        "method": method,
        "draws": draws,
        "level": level,
        "seed": seed,
        **origin(features),
        **params,
    }
    table = _by_article(scores, draws, level, seed)
    spans = sentence_spans(features)[[*KEYS, "position", "start", "end", "n_tokens"]].rename(
        columns={"n_tokens": "n_words"}
    )
    sentences = scores[scores["carries"]].drop(columns="carries").merge(spans, on=KEYS, how="left")
    sentences = sentences[
        [*KEYS, "position", "start", "end", "frame", "n_words", "score", "probability"]
    ]
    notes = (*few_articles(table["article_id"].nunique()), *notes)
    if method == "prototypes":
        return SentenceFrames(table, params, sentences, words, scores, notes=notes)
    return CodedFrames(table, params, sentences, words, scores, learned.quality, notes=notes)


def _by_article(scores: pd.DataFrame, draws: int, level: float, seed: int) -> pd.DataFrame:
    """Mean probability of each article's sentences, with bootstrap intervals over them."""
    names = list(dict.fromkeys(scores["frame"]))
    rows = []
    for article, part in scores.groupby("article_id", sort=False):
        matrix, carries = (
            part[column].to_numpy(float).reshape(-1, len(names))
            for column in ("probability", "carries")
        )
        low, high = interval(
            bootstrap(
                matrix, np.ones(len(matrix)), draws=draws, rng=generator(seed, "frames", article)
            ),
            level,
        )
        rows += [
            (
                article,
                name,
                int(carries[:, i].sum()),
                len(matrix),
                matrix[:, i].mean(),
                low[i],
                high[i],
            )
            for i, name in enumerate(names)
        ]
    return pd.DataFrame(
        rows, columns=["article_id", "frame", "n_carrying", "n_sentences", "share", "low", "high"]
    )


def _by_words(features: Features, draws: int, level: float, seed: int) -> Frames:
    names = frame_names(features)
    spans = sentence_spans(features)
    hits = sentence_hits(features, "frame")
    rows = []
    for article, part in spans.groupby("article_id", sort=False):
        matrix = frame_matrix(part, hits[hits["article_id"] == article], names)
        words = part["n_tokens"].to_numpy(float)
        low, high = interval(
            bootstrap(matrix, words, draws=draws, rng=generator(seed, "frames", article)), level
        )
        total = matrix.sum(axis=0)
        rows += [
            (
                article,
                name,
                int(total[i]),
                int(words.sum()),
                len(part),
                total[i] / max(words.sum(), 1),
                low[i],
                high[i],
            )
            for i, name in enumerate(names)
        ]
    table = pd.DataFrame(
        rows,
        columns=["article_id", "frame", "n_hits", "n_words", "n_sentences", "share", "low", "high"],
    )
    sentences = hits.rename(columns={"entry": "frame", "count": "n_hits"}).merge(
        spans[["article_id", "sentence", "position", "start", "end", "n_tokens"]].rename(
            columns={"n_tokens": "n_words"}
        ),
        on=["article_id", "sentence"],
        how="left",
    )
    sentences["share"] = sentences["n_hits"] / sentences["n_words"]
    sentences = sentences[
        [
            "article_id",
            "sentence",
            "position",
            "start",
            "end",
            "frame",
            "n_hits",
            "n_words",
            "share",
        ]
    ]
    words = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
    params = {"draws": draws, "level": level, "seed": seed, **origin(features)}
    return Frames(
        table, params, sentences, words, notes=few_articles(spans["article_id"].nunique())
    )


def frame_matrix(sentences: pd.DataFrame, hits: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Hits of one article as an array of shape (n_sentences, n_frames)."""
    matrix = np.zeros((len(sentences), len(names)))
    place = {sentence: i for i, sentence in enumerate(sentences["sentence"])}
    column = {name: i for i, name in enumerate(names)}
    for sentence, entry, count in zip(hits["sentence"], hits["entry"], hits["count"]):
        matrix[place[sentence], column[entry]] += count
    return matrix
