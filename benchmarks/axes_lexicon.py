"""Does an axis order words as people do? The shipped good-bad axis against the ratings of the VADER
lexicon: one JSON line.

    python -m benchmarks.axes_lexicon

For each way of embedding a word (by itself, or within a carrier sentence; as it comes, or less the
mean of all words, or also less their first principal component) the area under the ROC curve says
how often a word that people rated positive stands further towards the good pole than one rated
negative. Words of the poles, and words that begin with the same five letters as one of them, are
left out. `poles` is the share of the words of all shipped axes' poles that stand nearer to their
own pole than to the other when they are left out of it. No text is needed.
"""

from __future__ import annotations

import argparse
import importlib.resources
import json
import re

import numpy as np
from scipy.stats import rankdata, spearmanr

from analysis.codebook import SHIPPED
from analysis.io.yaml import read_yaml
from analysis.models.encoder import load_encoder
from analysis.tl._axis_vectors import CARRIER, checked_axes, word_vectors

CARRIERS = {
    "bare": "{}",
    "about": "This is about {}.",
    "it is": "It is {}.",
    "news": "The news was about {}.",
    "the word": CARRIER,
}
AXIS, LETTERS = "good-bad", 5
LEAST = 0.5  # of a rating from -4 to 4, for a word to have a sign


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.axes_lexicon", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--words", type=int, default=None, help="take only every so many-th word")
    options = parser.parse_args(arguments)
    axes = checked_axes(read_yaml(SHIPPED / "axes.yml")[0]["axes"])
    poles = sorted({word for sides in axes.values() for side in sides for word in side})
    near = {word[:LETTERS] for side in axes[AXIS] for word in side}
    ratings = {
        w: r
        for w, r in _ratings().items()
        if abs(r) >= LEAST and w not in poles and w[:LETTERS] not in near
    }
    words = sorted(ratings)[:: options.words]
    rated = np.array([ratings[word] for word in words])
    encoder, ways = load_encoder(), {}
    for name, carrier in CARRIERS.items():
        vectors = word_vectors([*words, *poles], encoder, carrier=carrier).astype(float)
        centred = vectors - vectors[: len(words)].mean(axis=0)
        first = np.linalg.svd(centred[: len(words)], full_matrices=False)[2][0]
        for how, made in (
            ("", vectors),
            (", less the mean", centred),
            (", less the mean and one component", centred - np.outer(centred @ first, first)),
        ):
            row = dict(zip([*words, *poles], made))
            score = _cosines(made[: len(words)], row, axes[AXIS])
            ways[name + how] = {
                "auc": round(_auc(score, rated > 0), 3),
                "spearman": round(float(spearmanr(score, rated)[0]), 3),
                "poles": round(_left_out(row, axes), 3),
            }
    print(
        json.dumps(
            {
                "words": len(words),
                "positive": int((rated > 0).sum()),
                "encoder": encoder.name,
                "ways": ways,
            }
        )
    )


def _ratings() -> dict[str, float]:
    """Mean ratings of single words of letters."""
    lines = (
        importlib.resources.files("vaderSentiment")
        .joinpath("vader_lexicon.txt")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    rows = [line.split("\t")[:2] for line in lines if "\t" in line]
    return {word.lower(): float(rating) for word, rating in rows if re.fullmatch("[A-Za-z]+", word)}


def _cosines(vectors: np.ndarray, row: dict, sides: tuple[list[str], list[str]]) -> np.ndarray:
    low, high = (np.mean([row[w] for w in side], axis=0) for side in sides)
    return (
        vectors
        @ (high - low)
        / np.maximum(np.linalg.norm(vectors, axis=1) * np.linalg.norm(high - low), 1e-12)
    )


def _auc(score: np.ndarray, positive: np.ndarray) -> float:
    n = positive.sum()
    return float((rankdata(score)[positive].sum() - n * (n + 1) / 2) / (n * (len(positive) - n)))


def _left_out(row: dict, axes: dict) -> float:
    """Share of the poles' words that stand on their own side of the middle between the poles' other
    words.
    """
    right = []
    for sides in axes.values():
        for place, side in enumerate(sides):
            for word in side:
                low, high = (
                    np.mean([row[w] for w in words if w != word], axis=0) for words in sides
                )
                right.append(((row[word] - (low + high) / 2) @ (high - low) > 0) == (place == 1))
    return float(np.mean(right))


if __name__ == "__main__":
    main()
