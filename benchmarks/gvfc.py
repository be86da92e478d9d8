"""Frames of headlines against human codes, on the Gun Violence Frame Corpus: one JSON line.

    python -m benchmarks.gvfc --data headlines.parquet [--draws 30]

Each headline is an article, and everything is what `analysis.tl.frames` gives for it: by
prototypes from `gvfc_frames.yml`, learned from 16 coded headlines a frame (many draws, each tested
on all other headlines), and learned in five folds. A headline's frame is the one with the highest
mean score. The same is said without the codebook (no descriptions, examples and words). Intervals
are by bootstrap over headlines; of the draws' mean, over draws. "chosen_on" is the half of the
headlines on which the weight of a matched word was chosen, "other_half" the rest.

Liu, S., and others (2019). Detecting Frames in News Headlines. CoNLL, 504-514.
https://doi.org/10.18653/v1/K19-1047
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold

from analysis.codebook import Codebook, Entry
from analysis.extract.memory import extract_articles
from analysis.features import Features
from analysis.io.article import Article
from analysis.io.yaml import read_yaml
from analysis.models.encoder import load_encoder
from analysis.tl.frames import SentenceFrames, frames

FRAMES = Path(__file__).parent / "gvfc_frames.yml"
THEMES = [str(i) for i in range(1, 10)]  # in the order of gvfc_frames.yml
PER_CLASS, FOLDS, RESAMPLED = 16, 5, 2000


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.gvfc", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="headlines.parquet")
    parser.add_argument("--draws", type=int, default=30, help="draws of coded examples")
    options = parser.parse_args(arguments)
    if options.draws < 2:
        parser.error(f"--draws {options.draws} was given; allowed are whole numbers from 2.")
    print(json.dumps(evaluate(pd.read_parquet(options.data), draws=options.draws)))


def evaluate(table: pd.DataFrame, *, draws: int = 30) -> dict:
    """Macro-F1 of the ways to find frames."""
    table = table[(table["Q1 Relevant"] == "1") & table["Q3 Theme1"].isin(THEMES)]
    said = read_yaml(FRAMES)[0]["frames"]
    gold = np.array(list(said))[table["Q3 Theme1"].map(THEMES.index).to_numpy()]
    started = time.process_time()
    features = headline_features(table["news_title"].tolist(), said)
    seconds = {"extract": time.process_time() - started}
    half = np.random.default_rng(0).permutation(len(gold)) < len(gold) // 2
    words = by_words(features, gold)
    started = time.process_time()
    found = predicted(frames(features, method="prototypes", draws=1))
    seconds["prototypes"] = time.process_time() - started
    result = {
        "corpus": "GVFC",
        "headlines": len(gold),
        "frames": len(said),
        "words": words,
        "prototypes": scored(gold, found),
    }
    result["prototypes"] |= {
        "chosen_on": macro(gold[half], found[half]),
        "other_half": macro(gold[~half], found[~half]),
    }
    for suffix, entries in (("", features), ("_without_codebook", without_codebook(features))):
        started = time.process_time()
        result[f"coded_16{suffix}"] = few_shot(entries, gold, draws)
        result[f"supervised{suffix}"] = supervised(entries, gold)
        seconds[f"coded{suffix}"] = time.process_time() - started
    return result | {"cpu_seconds": {k: round(v, 1) for k, v in seconds.items()}}


def headline_features(headlines: list[str], said: dict[str, dict]) -> Features:
    """Features of headlines, each an article of its own."""
    entries = tuple(
        Entry("frame", name, dict.fromkeys(about["words"], 1.0)) for name, about in said.items()
    )
    articles = [Article(f"h{i:04d}", headline, "en", {}) for i, headline in enumerate(headlines)]
    return extract_articles(
        articles,
        codebook=Codebook(frames=said, entries=entries),
        encoder=load_encoder(),
        name="GVFC",
    )


def without_codebook(features: Features) -> Features:
    """The same features as if the codebook named no frames."""
    return Features(
        features.manifest | {"entries": {}, "codebook": {}}, features._read, features.where
    )


def by_words(features: Features, gold: np.ndarray) -> dict:
    """Precision and recall of the codebook's words alone; a headline may show several frames."""
    every = sheet(features, gold, np.arange(len(gold)))
    quality = frames(features, coded=every, draws=RESAMPLED).quality.set_index("frame")
    mean, each = quality.iloc[-1], quality.iloc[:-1]
    return {
        "precision": round(float(mean["precision"]), 4),
        "recall": round(float(mean["recall"]), 4),
        "macro_f1": round(float(mean["f1"]), 4),
        "interval": [round(float(mean[bound]), 4) for bound in ("low", "high")],
        "n": len(every),
        "unit": "sentences",
        "precision_by_frame": each["precision"].round(3).to_dict(),
    }


def predicted(result: SentenceFrames) -> np.ndarray:
    """Each article's frame: the one with the highest mean score of its sentences."""
    means = result.scores.groupby(["article_id", "frame"], sort=False)["score"].mean().unstack()
    return means.idxmax(axis=1).sort_index().to_numpy()


def sheet(features: Features, gold: np.ndarray, chosen: np.ndarray) -> pd.DataFrame:
    """The coded sheet of some headlines: every sentence of one has its code."""
    rows = features.table("sentences", ["article_id", "sentence"])
    codes = pd.DataFrame(
        {"article_id": np.array(features.article_ids)[chosen], "frame": gold[chosen]}
    )
    return rows.merge(codes, on="article_id")


def few_shot(features: Features, gold: np.ndarray, draws: int) -> dict:
    """Macro-F1 of models from 16 headlines a frame, sampled each time, on all others."""
    values = []
    for draw in range(draws):
        rng = np.random.default_rng(draw)
        chosen = np.concatenate(
            [
                rng.choice(np.flatnonzero(gold == name), PER_CLASS, replace=False)
                for name in np.unique(gold)
            ]
        )
        rest = np.setdiff1d(np.arange(len(gold)), chosen)
        found = predicted(
            frames(features, method="coded", coded=sheet(features, gold, chosen), draws=1)
        )
        values.append(f1_score(gold[rest], found[rest], average="macro"))
    rng = np.random.default_rng(0)
    means = [np.mean(rng.choice(values, len(values))) for _ in range(RESAMPLED)]
    return {
        "macro_f1": round(float(np.mean(values)), 4),
        "interval": _bounds(means),
        "sd": round(float(np.std(values, ddof=1)), 4),
        "n_draws": draws,
        "n_coded": PER_CLASS * len(np.unique(gold)),
        "n_tested": len(gold) - PER_CLASS * len(np.unique(gold)),
        "unit": "draws",
    }


def supervised(features: Features, gold: np.ndarray) -> dict:
    """Macro-F1 of five stratified folds; and how far the mean probability of a frame is from the
    share of headlines that have it.
    """
    found, certain = np.empty(len(gold), gold.dtype), []
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(gold, gold):
        result = frames(features, method="coded", coded=sheet(features, gold, train), draws=1)
        found[test] = predicted(result)[test]
        shares = (
            result.table.pivot(index="group", columns="frame", values="share")
            .sort_index()
            .iloc[test]
        )
        certain.append(
            pd.DataFrame(
                {
                    "p": shares.to_numpy().ravel(),
                    "true": (gold[test][:, None] == shares.columns.to_numpy()).ravel(),
                }
            )
        )
    pairs = pd.concat(certain)
    bins = pairs.groupby(np.minimum((pairs["p"] * 10).astype(int), 9))
    error = (bins["p"].mean() - bins["true"].mean()).abs() @ bins.size() / len(pairs)
    return scored(gold, found) | {"calibration_error": round(float(error), 4)}


def scored(gold: np.ndarray, found: np.ndarray) -> dict:
    """Macro-F1 with its interval over headlines, and F1 by frame."""
    rng = np.random.default_rng(0)
    values = [
        macro(gold[i], found[i])
        for i in (rng.integers(len(gold), size=len(gold)) for _ in range(RESAMPLED))
    ]
    by_frame = f1_score(gold, found, average=None, labels=list(dict.fromkeys(sorted(gold))))
    return {
        "macro_f1": macro(gold, found),
        "interval": _bounds(values),
        "n": len(gold),
        "unit": "headlines",
        "f1": {name: round(float(f), 3) for name, f in zip(sorted(set(gold)), by_frame)},
    }


def macro(gold: np.ndarray, found: np.ndarray) -> float:
    return round(float(f1_score(gold, found, average="macro")), 4)


def _bounds(values: list[float]) -> list[float]:
    return [round(float(b), 4) for b in np.quantile(values, [0.025, 0.975])]


if __name__ == "__main__":
    main()
