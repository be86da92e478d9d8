"""How many listed disagreements of real news are real, with and without claims as contexts: JSON.

    python -m benchmarks.disagreements --data DIR [--work DIR]

DIR holds `basil/articles.parquet` (50 events, three outlets each) and `allsides/articles.parquet`,
of which April 2013 is taken. One reader read each pair with its two sentences
(`disagreements_read.csv`: where the values stand; 1 if both are of one thing and differ, or one was
the state of an earlier time): of BASIL's first 30 events all that any variant that was tried
listed, of its other 20, looked at once, what the defaults listed with and without claims, of
AllSides 87 drawn from the pairs within a story, without their scores being seen. Rules were chosen
on the first and the last. Features are kept in --work and used again.

One JSON line a part and variant: by `min_score` how many pairs are listed, of these how many were
read, and of these how many are real; and the average precision of the pairs read, by score.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
from sklearn.metrics import average_precision_score

from analysis import tl
from analysis.features import Features
from analysis.tl._contexts import Values
from benchmarks.stories import features_of

READ = Path(__file__).with_name("disagreements_read.csv")
_MONTH, _FIRST = "2013-04", 30
_PAIR = ["a", "a_start", "b", "b_start"]
SCORES = (0.14, 0.18, 0.2, 0.22)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.disagreements", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with basil/ and allsides/")
    parser.add_argument("--work", type=Path, help="folder that keeps the extracted features")
    options = parser.parse_args(arguments)
    read = pd.read_csv(READ)
    with tempfile.TemporaryDirectory() as scratch:
        for part, articles in parts(options.data).items():
            folder = (options.work or Path(scratch)) / part
            features, _ = features_of(articles, folder, tone=None, values=True, parse="all")
            known = read[read["part"] == part].set_index(_PAIR)["real"]
            for contexts in ("sentences", "claims"):
                found = scored(features, known, contexts)
                print(json.dumps({"part": part, "contexts": contexts} | found), flush=True)


def parts(data: Path) -> dict[str, pd.DataFrame]:
    """The articles of each part: id, outlet, published, title, text."""
    basil = pd.read_parquet(data / "basil" / "articles.parquet")
    basil = basil.rename(columns={"article_id": "id"})
    first = basil["event"].isin(sorted(basil["event"].unique())[:_FIRST])
    sides = pd.read_parquet(data / "allsides" / "articles.parquet").drop_duplicates("text")
    sides = sides.assign(published=sides["date"].dt.strftime("%Y-%m-%d"))
    sides = sides[sides["published"].str.startswith(_MONTH)]
    return {"basil_first": basil[first], "basil_other": basil[~first], "allsides": sides}


def scored(features: Features, known: pd.Series, contexts: str) -> dict:
    """What is listed by the least score, and what of it is real.

    Parameters
    ----------
    features : Features
    known : Series of int
        1 for a pair that is real, by where its two values stand.
    contexts : {"sentences", "claims"}
        With "sentences" as if no claim said anything.
    """
    silent = mock.patch.object(Values, "told_alike", lambda self, i, j: np.full(len(i), np.nan))
    by_score, best = {}, pd.Series(0.0, known.index)
    for least in SCORES:
        with silent if contexts == "sentences" else contextlib.nullcontext():
            table = tl.disagreements(features, min_score=least).table
        score = table.set_index(_PAIR)["score"].astype(float)
        best = np.maximum(best, score.reindex(known.index).fillna(0))
        verdicts = known.reindex(score.index).dropna()
        by_score[least] = [len(score), len(verdicts), int(verdicts.sum())]
    precision = average_precision_score(known, best)
    return {"listed_read_real": by_score, "average_precision": round(float(precision), 3)}


if __name__ == "__main__":
    main()
