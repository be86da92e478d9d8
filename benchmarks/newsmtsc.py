"""Tone towards mentions against coders (NewsMTSC): one JSON line.

    python -m benchmarks.newsmtsc --test FILE [FILE ...] --out predictions.parquet

Each FILE is Parquet with the columns sentence, from, to and polarity (-1, 0, 1). `--out` gets its
columns, `predicted` (-1, 0, 1) and the probabilities `negative`, `neutral` and `positive`. Printed
are, of each file and of all together, macro-F1 with a 95 % bootstrap interval over sentences, F1 of
each class, the macro-F1 in contrast (of sentences that judge two mentions differently), the
expected calibration error over ten bins of the highest probability, what that would be on average,
and at most in 95 of 100 draws, were the probabilities exactly right, and CPU-seconds a mention,
encoding included.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd

from analysis.inference import generator
from analysis.models.tone.model import ToneMixture, ToneModel, load_tone

CLASSES = ("negative", "neutral", "positive")
DRAWS = 1000
BINS = 10


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.newsmtsc", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--test", type=Path, nargs="+", action="extend", required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument(
        "--weights",
        type=Path,
        nargs="+",
        help="other weights than those that ship, as benchmarks.tone_train and tone_tune write"
        " them; the probabilities of several are averaged (geometric mean)",
    )
    parser.add_argument(
        "--against", type=Path, help="what --out wrote elsewhere: tell how equal predictions are"
    )
    parser.add_argument(
        "--unfused", action="store_true", help="sum in another order, as another processor may"
    )
    options = parser.parse_args(arguments)
    if options.unfused:
        _unfuse()
    models = [load_tone(file) for file in options.weights or [None]]
    model = models[0] if len(models) == 1 else ToneMixture(models)
    model.predict(["Warm."], [(0, 4)])  # what is loaded once is not counted
    tables, result = [], {}
    for file in options.test:
        table, seconds = predictions(pd.read_parquet(file), model)
        result[file.stem] = scores(table) | {
            "cpu_seconds_per_mention": round(seconds / max(len(table), 1), 4)
        }
        tables.append(table)
    every = pd.concat(tables, ignore_index=True)
    if len(tables) > 1:
        result["together"] = scores(every)
    if options.against:
        result["against"] = equal(every, pd.read_parquet(options.against))
    if options.out:
        every.to_parquet(options.out, index=False)
    print(
        json.dumps(
            {"model": model.name, "digest": model.digest[:12]}
            | (result if len(result) > 1 else result[options.test[0].stem])
        )
    )


def _unfuse() -> None:
    """Have onnxruntime run each node of a graph by itself from now on."""
    options = onnxruntime.SessionOptions

    def plain() -> onnxruntime.SessionOptions:
        made = options()
        made.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
        return made

    onnxruntime.SessionOptions = plain


def equal(table: pd.DataFrame, other: pd.DataFrame) -> dict[str, float]:
    """The share of equal predictions in two tables of `predictions`, and how far shares differ."""
    apart = np.abs(table[list(CLASSES)].to_numpy() - other[list(CLASSES)].to_numpy())
    same = table["predicted"].to_numpy() == other["predicted"].to_numpy()
    return {"equal": round(float(same.mean()), 4), "largest_difference": float(apart.max())}


def predictions(table: pd.DataFrame, model: ToneModel) -> tuple[pd.DataFrame, float]:
    """A copy with the columns predicted, negative, neutral and positive, and the CPU-seconds that
    it took.
    """
    spans = list(zip(table["from"].astype(int), table["to"].astype(int)))
    started = time.process_time()
    shares = model.predict(table["sentence"].tolist(), spans)
    seconds = time.process_time() - started
    return (
        table.assign(predicted=shares.argmax(axis=1) - 1, **dict(zip(CLASSES, shares.T))),
        seconds,
    )


def scores(table: pd.DataFrame) -> dict:
    """Agreement with the coders of a table that `predictions` returned."""
    coded, predicted = (
        table["polarity"].to_numpy().astype(int) + 1,
        table["predicted"].to_numpy() + 1,
    )
    sentences = pd.factorize(table["sentence"])[0]
    counts = np.zeros((sentences.max() + 1, 3, 3))
    np.add.at(counts, (sentences, coded, predicted), 1)
    rng = generator(0, "newsmtsc")
    drawn = [
        _f1(rng.multinomial(len(counts), np.full(len(counts), 1 / len(counts))), counts).mean()
        for _ in range(DRAWS)
    ]
    each = _f1(np.ones(len(counts)), counts)
    apart = table.groupby("sentence")["polarity"].transform("nunique").to_numpy() > 1
    shares = table[list(CLASSES)].to_numpy()
    below, rng = shares.cumsum(axis=1)[:, :2], generator(0, "calibrated")
    by_chance = [  # few mentions in ten bins are never all as sure as they are right
        calibration_error((rng.random((len(shares), 1)) > below).sum(axis=1), shares)
        for _ in range(DRAWS)
    ]
    return {
        "n": len(table),
        "sentences": len(counts),
        "macro_f1": round(float(each.mean()), 4),
        "interval": [round(float(q), 4) for q in np.quantile(drawn, [0.025, 0.975])],
        **{f"f1_{name}": round(float(f1), 4) for name, f1 in zip(CLASSES, each)},
        "in_contrast": {
            "n": int(apart.sum()),
            "macro_f1": round(macro_f1(coded[apart], predicted[apart]), 4),
        },
        "calibration_error": round(calibration_error(coded, shares), 4),
        "were_they_right": {
            "calibration_error": round(float(np.mean(by_chance)), 4),
            "at_most": round(float(np.quantile(by_chance, 0.95)), 4),
        },
    }


def macro_f1(coded: np.ndarray, predicted: np.ndarray) -> float:
    """Mean over the three classes (0, 1, 2) of F1."""
    counts = np.zeros((1, 3, 3))
    np.add.at(counts, (0, coded, predicted), 1)
    return float(_f1(np.ones(1), counts).mean())


def _f1(times: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """F1 of each class, each sentence's confusion matrix counted a number of times: 2 right /
    (coded + predicted).
    """
    matrix = np.tensordot(times, counts, 1)
    return 2 * np.diagonal(matrix) / np.maximum(matrix.sum(axis=0) + matrix.sum(axis=1), 1)


def calibration_error(coded: np.ndarray, shares: np.ndarray) -> float:
    """Expected calibration error: over ten bins of the highest probability, the mean distance of
    that probability's mean from the share that is right.

    References
    ----------
    Guo, C., and others (2017). On calibration of modern neural networks. ICML 34.
    https://arxiv.org/abs/1706.04599
    """
    surest = shares.max(axis=1)
    right = shares.argmax(axis=1) == coded
    bins = np.minimum((surest * BINS).astype(int), BINS - 1)
    return float(
        sum(abs((surest - right)[bins == b].sum()) for b in range(BINS)) / max(len(coded), 1)
    )


if __name__ == "__main__":
    main()
