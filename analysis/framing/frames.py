"""Frames: how much of an article the codebook's frame words make up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import FeaturesError
from ..features import Features
from ..results import Result, at_least, bootstrap, few, generator, interval
from ..views import origin, pattern_counts, sentence_hits, sentence_spans


@dataclass(frozen=True, eq=False, repr=False)
class Frames(Result):
    """Shares of frame words.

    Attributes
    ----------
    table : DataFrame
        article_id, frame, n_hits, n_words, n_sentences, share, low, high.
    sentences : DataFrame
        article_id, sentence, position (of its first word), start, end (characters; empty in the shared form), frame,
        n_hits, n_words, share; sentences with a hit only.
    words : DataFrame
        article_id, frame, pattern, count: the codebook's words that matched.
    """

    sentences: pd.DataFrame
    words: pd.DataFrame


def frames(features: Features, *, draws: int = 1000, level: float = 0.95, seed: int = 0) -> Frames:
    """Measure the share of words that match each frame of the codebook.

    Parameters
    ----------
    features : Features
        Either form; reads `hits`, `sentences` (and `patterns` in the shared form).
    draws, level, seed
        Bootstrap over the sentences of each article: number of draws, level of the interval, seed.

    Returns
    -------
    Frames
        Shares are matches per word of the article, from 0 to 1. An interval from few sentences is wide; one
        around no match at all is 0 to 0 and says nothing of the words the codebook lacks.

    References
    ----------
    Semetko, H., and Valkenburg, P. (2000). Framing European politics. Journal of Communication 50(2).
    https://doi.org/10.1111/j.1460-2466.2000.tb02843.x
    """
    at_least("draws", draws, 1)
    names = [entry.split("/", 1)[1] for entry in features.manifest["entries"] if entry.startswith("frame/")]
    if not names:
        raise FeaturesError(f"{features.corpus}: the codebook names no frames; add some to codebook.yml and extract again.")
    spans = sentence_spans(features)
    hits = sentence_hits(features, "frame")
    rows = []
    for article, part in spans.groupby("article_id", sort=False):
        matrix = frame_matrix(part, hits[hits["article_id"] == article], names)
        words = part["n_tokens"].to_numpy(float)
        low, high = interval(bootstrap(matrix, words, draws=draws, rng=generator(seed, "frames", article)), level)
        total = matrix.sum(axis=0)
        rows += [(article, name, int(total[i]), int(words.sum()), len(part), total[i] / max(words.sum(), 1), low[i], high[i])
                 for i, name in enumerate(names)]
    table = pd.DataFrame(rows, columns=["article_id", "frame", "n_hits", "n_words", "n_sentences", "share", "low", "high"])
    sentences = hits.rename(columns={"entry": "frame", "count": "n_hits"}).merge(
        spans[["article_id", "sentence", "position", "start", "end", "n_tokens"]].rename(columns={"n_tokens": "n_words"}),
        on=["article_id", "sentence"], how="left")
    sentences["share"] = sentences["n_hits"] / sentences["n_words"]
    sentences = sentences[["article_id", "sentence", "position", "start", "end", "frame", "n_hits", "n_words", "share"]]
    words = pattern_counts(features, "frame").rename(columns={"entry": "frame"})
    params = {"draws": draws, "level": level, "seed": seed, **origin(features)}
    return Frames(table, params, sentences, words, notes=few(spans["article_id"].nunique()))


def frame_matrix(sentences: pd.DataFrame, hits: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Hits of one article as an array of shape (n_sentences, n_frames)."""
    matrix = np.zeros((len(sentences), len(names)))
    place = {sentence: i for i, sentence in enumerate(sentences["sentence"])}
    column = {name: i for i, name in enumerate(names)}
    for sentence, entry, count in zip(hits["sentence"], hits["entry"], hits["count"]):
        matrix[place[sentence], column[entry]] += count
    return matrix
