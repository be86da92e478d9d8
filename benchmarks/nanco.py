"""Which answers from news articles say the same, on NAnCo: one JSON line.

    python -m benchmarks.nanco --data DIR

DIR holds `answers.parquet`: for each of four questions, answers from articles, the paragraph around
each, and the group of answers that say the same (adjudicated). Each pair of answers to a question,
and each pair of paragraphs, gets the probability by which `tl.claims` puts sentences together; the
words of a question's answers (or paragraphs) are weighed as those of a story. The area under the
curve says how often a pair that says the same has the higher probability. Nothing was fitted here.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.models.encoder import load_encoder
from analysis.text.tokens import tokenise
from analysis.tl._story_units import probability, story_words


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.nanco", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with answers.parquet")
    options = parser.parse_args(arguments)
    print(json.dumps(evaluate(pd.read_parquet(options.data / "answers.parquet"))))


def evaluate(table: pd.DataFrame) -> dict:
    """The area under the curve over all pairs of one question, and for each question."""
    result: dict = {"corpus": "NAnCo", "answers": len(table)}
    for column in ("text", "paragraph"):
        scored = pd.concat([pairs(rows, column) for _, rows in table.groupby("question_id")])
        result |= {"pairs": len(scored), "same": int(scored["same"].sum())}
        result[f"auc_{column}"] = round(roc_auc_score(scored["same"], scored["p"]), 4)
        result[f"auc_{column}_by_question"] = {
            question: round(roc_auc_score(rows["same"], rows["p"]), 4)
            for question, rows in scored.groupby("question")
        }
    return result


def pairs(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Probability of each pair of one question's texts, and whether they say the same."""
    texts = rows[column].tolist()
    vectors = load_encoder().encode(texts)
    words = story_words([tokenise(text).hashes for text in texts])
    p = probability(vectors @ vectors.T, (words @ words.T).toarray())
    i, j = np.triu_indices(len(rows), 1)
    group = rows["group"].to_numpy()
    question = rows["question_id"].iloc[0]
    return pd.DataFrame({"question": question, "p": p[i, j], "same": group[i] == group[j]})


if __name__ == "__main__":
    main()
