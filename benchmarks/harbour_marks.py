"""Marks of passages - quoted, credited or not - against the gold of `corpus/harbour`: one JSON
line.

    python -m benchmarks.harbour_marks [--data corpus/harbour] [--errors]

Every row of `gold/passages.csv` is marked on the side of `article_id`, the later article. Its gold
says whether that article gives credit: for words taken "from" the source, to that source; for words
that both have from a third, to the third, or, if they are quoted, to the speaker. The dispatch of
the wire, which the corpus lacks, is there as an article whose outlet and author are unknown, so
that its name is found in the text or not at all; `names_source` is measured with them known.
Intervals are 95 %, from a bootstrap over the marked articles.

The gold is derived pair by pair, and so calls some words credited towards one article and not
towards another; `contradicted` counts the rows whose words have both answers among the rows of one
`article_id`: no mark of the article alone can be right on all of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.corpus import load
from analysis.extract.memory import extract_articles
from analysis.features import Features
from analysis.io.article import Article
from analysis.reuse.marks import mark

DRAWS = 2000
WIRE = {"outlet": "Northgate Wire", "author": "Lena Ostrow-Pike"}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.harbour_marks", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data", type=Path, default=Path(__file__).parents[1] / "corpus" / "harbour"
    )
    parser.add_argument("--errors", action="store_true", help="list every error on standard error")
    options = parser.parse_args(arguments)
    print(json.dumps(evaluate(options.data, show=options.errors)))


def evaluate(folder: Path, *, show: bool = False) -> dict:
    """Accuracy of the marks by kind and relation."""
    corpus = load(folder)
    articles = list(corpus.articles())
    text = (folder / "gold" / "withheld" / "wire.txt").read_text(encoding="utf-8")
    gold = pd.read_csv(folder / "gold" / "passages.csv", keep_default_na=False)
    gold = gold[gold["source_id"].isin([*(a.article_id for a in articles), "wire"])].reset_index(
        drop=True
    )
    marked = {}
    for name, about in (("withheld", {"outlet": ""}), ("known", WIRE)):
        features = extract_articles([*articles, Article("wire", text, "en", about)])
        marked[name] = mark(features, _passages(features, gold))
    rows = gold.join(marked["withheld"])
    third = (rows["kind"] == "quoted") & (rows["relation"] == "common")
    rows["said"] = rows["a_credit"].notna() | third & (rows["a_mark"] == "quoted") & (
        rows["a_speaker"] != ""
    )
    rows["right"] = rows["said"] == (rows["credited"] == "yes")
    rows["names_source"] = marked["known"]["a_credits_b"] == (rows["credited"] == "yes")
    for row in rows[show & ~rows["right"]].itertuples():
        print(
            row.article_id,
            row.source_id,
            row.kind,
            row.relation,
            f"gold {row.credited}",
            row.a_mark,
            repr(row.a_credit),
            repr(row.a_speaker),
            repr(row.text[:60]),
            file=sys.stderr,
        )
    rows["is_quoted"] = rows["a_mark"] == "quoted"
    for row in rows[show & (rows["kind"] == "quoted") & ~rows["is_quoted"]].itertuples():
        print(
            row.article_id,
            row.source_id,
            "not marked as quoted but",
            row.a_mark,
            repr(row.text[:60]),
            file=sys.stderr,
        )
    about = {"unit": "passages, side of article_id", "contradicted": _contradicted(rows)}
    result = {"corpus": corpus.name, "credit": _accuracy(rows, "right") | about}
    for kind, relation in (
        ("verbatim", "from"),
        ("verbatim", "common"),
        ("rewritten", "from"),
        ("rewritten", "common"),
        ("quoted", "from"),
        ("quoted", "common"),
    ):
        result[f"credit_{kind}_{relation}"] = _accuracy(
            rows[(rows["kind"] == kind) & (rows["relation"] == relation)], "right"
        )
    taken = rows[rows["relation"] == "from"]
    return result | {
        "credit_precision_recall": _precision_recall(rows),
        "credit_from": _accuracy(taken, "right"),
        "names_source": _accuracy(taken, "names_source"),
        "quoted": _accuracy(rows[rows["kind"] == "quoted"], "is_quoted"),
        "marks": rows["a_mark"].value_counts().sort_index().to_dict(),
    }


def _passages(features: Features, gold: pd.DataFrame) -> pd.DataFrame:
    """The gold's spans as passages: words that lie inside them."""
    tokens = {
        article: (group["start"].to_numpy(), group["end"].to_numpy())
        for article, group in features.table("tokens", ["article_id", "start", "end"]).groupby(
            "article_id"
        )
    }
    columns: dict[str, list] = {"a": gold["article_id"].tolist(), "b": gold["source_id"].tolist()}
    for side, names in (
        ("a", ("article_id", "start", "end")),
        ("b", ("source_id", "source_start", "source_end")),
    ):
        first, stop = [], []
        for article, start, end in gold[list(names)].itertuples(index=False):
            first.append(int(np.searchsorted(tokens[article][0], start)))
            stop.append(int(np.searchsorted(tokens[article][1], end, side="right")))
        columns |= {
            f"{side}_position": first,
            f"{side}_words": [b - a for a, b in zip(first, stop)],
        }
    return pd.DataFrame(columns)


def _contradicted(rows: pd.DataFrame) -> int:
    """Rows whose words have the other answer in another row of the article, by at least half of the
    shorter span.
    """
    rows = rows[~((rows["kind"] == "quoted") & (rows["relation"] == "common"))]
    n = 0
    for _, group in rows.groupby("article_id"):
        start, end = group["start"].to_numpy(), group["end"].to_numpy()
        yes = (group["credited"] == "yes").to_numpy()
        shared = np.minimum(end[:, None], end) - np.maximum(start[:, None], start)
        n += int(
            (
                (
                    (2 * shared >= np.minimum(end - start, (end - start)[:, None]))
                    & (yes[:, None] != yes)
                ).any(axis=1)
            ).sum()
        )
    return n


def _precision_recall(rows: pd.DataFrame) -> dict:
    yes, said = rows["credited"] == "yes", rows["said"]
    return {
        "precision": round(float((yes & said).sum() / max(said.sum(), 1)), 4),
        "recall": round(float((yes & said).sum() / max(yes.sum(), 1)), 4),
        "n_said": int(said.sum()),
        "n_gold": int(yes.sum()),
    }


def _accuracy(rows: pd.DataFrame, column: str) -> dict:
    """Share of rows that are right, with its n and an interval over the marked articles."""
    counts = rows.groupby("article_id")[column].agg(["sum", "count"]).to_numpy(float)
    rng = np.random.default_rng(0)
    drawn = [counts[rng.integers(len(counts), size=len(counts))].sum(axis=0) for _ in range(DRAWS)]
    low, high = np.quantile([right / n for right, n in drawn], [0.025, 0.975])
    return {
        "accuracy": round(float(rows[column].mean()), 4),
        "interval": [round(float(low), 4), round(float(high), 4)],
        "n": len(rows),
        "articles": len(counts),
    }


if __name__ == "__main__":
    main()
