"""Dictionary polarity of sentences against coders' polarity (NewsMTSC): one JSON line.

    python -m benchmarks.polarity --data DIR

DIR holds `train.parquet` and `dev-rw.parquet` with the columns sentence and polarity towards a
target (-1, 0, 1). Printed are Spearman's rank correlations, each with its 95 % bootstrap interval
over sentences, for the score of `analysis.tl.sentiment` with the VADER lexicon, and for VADER's own
compound score.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import rankdata
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from analysis.codebook import read_codebook
from analysis.extract.entries import apply_entry
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.matching import Matcher

DRAWS = 1000


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.polarity", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data", type=Path, required=True, help="folder with train.parquet and dev-rw.parquet"
    )
    options = parser.parse_args(arguments)
    table = pd.concat(
        [pd.read_parquet(options.data / f"{name}.parquet") for name in ("train", "dev-rw")],
        ignore_index=True,
    )
    codebook, _ = read_codebook(Path(__file__).parents[1] / "corpus" / "harbour" / "codebook.yml")
    entry = next(e for e in codebook.entries if e.name == "vader")
    matcher = Matcher(entry)
    ours = np.zeros(len(table))
    for row, text in enumerate(table["sentence"]):
        scores = apply_entry(extract_units(Article(str(row), text)), entry, matcher)["scores"]
        ours[row] = np.mean(scores["score"]) if len(scores["score"]) else 0.0
    vader = SentimentIntensityAnalyzer()
    theirs = np.array([vader.polarity_scores(text)["compound"] for text in table["sentence"]])
    coded = table["polarity"].astype(int).to_numpy()
    print(
        json.dumps(
            {
                "sentences": len(table),
                "twicetold": _correlation(ours, coded),
                "vader_compound": _correlation(theirs, coded),
            }
        )
    )


def _correlation(score: np.ndarray, coded: np.ndarray) -> dict:
    a, b = rankdata(score), rankdata(coded)
    rng = np.random.default_rng(0)
    draws = [
        np.corrcoef(a[i], b[i])[0, 1]
        for i in (rng.integers(len(a), size=len(a)) for _ in range(DRAWS))
    ]
    low, high = np.quantile(draws, [0.025, 0.975])
    return {
        "spearman": round(float(np.corrcoef(a, b)[0, 1]), 3),
        "interval": [round(float(low), 3), round(float(high), 3)],
    }


if __name__ == "__main__":
    main()
