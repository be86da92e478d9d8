"""Direction and the rebuilt dispatch against the gold of `corpus/harbour`: one JSON line.

    python -m benchmarks.harbour_descent [--data corpus/harbour] [--errors]

Articles are extracted with embeddings, as `make figures` does.

A passage that is found counts for the gold row that it overlaps most on both sides. Of the withheld
dispatch those words are due that by the gold's verbatim and quoted passages stand in at least two
articles. A rebuilt word is right if it stands in the place of the dispatch that the passages give
it, or in a run of five rebuilt words that the dispatch has; it is invented if the dispatch lacks
the word, and foreign if it has it elsewhere.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import tl
from analysis.corpus import load
from analysis.extract.memory import extract_articles
from analysis.models.encoder import load_encoder
from analysis.text.scan import scan
from analysis.tl.lineage import PROBABILITIES, UNDECIDED, VERDICTS, lineage

SOURCE = "wire"
RUN = 5


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.harbour_descent", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data", type=Path, default=Path(__file__).parents[1] / "corpus" / "harbour"
    )
    parser.add_argument("--errors", action="store_true", help="list every error on standard error")
    options = parser.parse_args(arguments)
    print(json.dumps(evaluate(options.data, show=options.errors)))


def evaluate(folder: Path, *, show: bool = False) -> dict:
    """Scores of direction and of the rebuilt dispatch."""
    corpus = load(folder)
    articles = list(corpus.articles())
    texts = {a.article_id: a.text for a in articles}
    gold = pd.read_csv(folder / "gold" / "passages.csv", keep_default_na=False)
    features = extract_articles(articles, codebook=corpus.codebook, encoder=load_encoder())
    reuse = tl.reuse(features, draws=1)
    judged = lineage(features, reuse=reuse)
    log = (lambda *said: print(*said, file=sys.stderr)) if show else (lambda *said: None)
    missing = tl.lost_source(features, reuse=reuse, lineage=judged)
    wire = (folder / "gold" / "withheld" / "wire.txt").read_text(encoding="utf-8")
    if show:
        print(
            judged.table.to_string(),
            missing.stemma.to_string(),
            *missing.text(texts).values(),
            sep="\n",
            file=sys.stderr,
        )
    return {
        "direction": directions(
            reuse.table, judged.passages, gold[gold["source_id"].isin(texts)], log
        ),
        "rebuilt": dispatch(missing.table, texts, wire, gold[gold["source_id"] == SOURCE], log),
    }


def directions(table: pd.DataFrame, judged: pd.DataFrame, gold: pd.DataFrame, log) -> dict:
    """Accuracy and Brier score of passages found, by relation and by whether they are quoted, and
    gold rows that no passage found meets.
    """
    found = table.merge(judged.drop(columns=["a", "b"]), on="passage")
    rows, seen = [], set()
    for row in found.itertuples():
        best = max(((_overlap(row, g), g.Index) for g in gold.itertuples()), default=(0, -1))
        if best[0] <= 0:
            continue
        g = gold.loc[best[1]]
        seen.add(best[1])
        truth = 2 if g["relation"] == "common" else 0 if g["article_id"] == row.a else 1
        p = np.array([getattr(row, name) for name in PROBABILITIES])
        rows.append(
            (
                g["kind"],
                g["relation"],
                int(p.argmax() == truth),
                float(((p - np.eye(3)[truth]) ** 2).sum()),
                row.verdict != UNDECIDED,
                row.verdict == VERDICTS[truth],
            )
        )
        if p.argmax() != truth:
            log(
                "direction",
                g["passage_id"],
                g["kind"],
                row.a,
                row.b,
                "gold",
                VERDICTS[truth],
                "found",
                row.verdict,
                p.round(2),
            )
    scored = pd.DataFrame(
        rows, columns=["kind", "relation", "right", "brier", "decided", "verdict_right"]
    )
    missed = gold.drop(index=list(seen))
    return {
        "all": _said(scored),
        "from": _said(scored[scored["relation"] == "from"]),
        "common": _said(scored[scored["relation"] == "common"]),
        "not_quoted": _said(scored[scored["kind"] != "quoted"]),
        "gold_rows_without_passage": missed["kind"].value_counts().sort_index().to_dict(),
    }


def _overlap(row, g) -> int:
    spans = {row.a: (row.a_start, row.a_end), row.b: (row.b_start, row.b_end)}
    if {row.a, row.b} != {g.article_id, g.source_id}:
        return 0
    return min(
        min(spans[x][1], end) - max(spans[x][0], start)
        for x, start, end in (
            (g.article_id, g.start, g.end),
            (g.source_id, g.source_start, g.source_end),
        )
    )


def _said(rows: pd.DataFrame) -> dict:
    if not len(rows):
        return {"n": 0}
    decided = rows["decided"].astype(bool)
    return {
        "n": len(rows),
        "accuracy": round(float(rows["right"].mean()), 4),
        "brier": round(float(rows["brier"].mean()), 4),
        "decided": round(float(decided.mean()), 4),
        "decided_right": round(float(rows.loc[decided, "verdict_right"].mean()), 4),
    }


def dispatch(
    table: pd.DataFrame, texts: dict[str, str], wire: str, gold: pd.DataFrame, log
) -> dict:
    """How much of the dispatch the largest source has right, and what it has that the dispatch
    lacks; other sources are counted apart.
    """
    start, end, hashes = scan(wire)
    words = {a: scan(text) for a, text in texts.items()}
    carriers: list[set] = [set() for _ in hashes]
    place: dict[tuple[str, int], int] = {}
    for row in gold[gold["kind"] != "rewritten"].itertuples():
        here = _within(words[row.article_id], row.start, row.end)
        there = _within((start, end), row.source_start, row.source_end)
        for i, j in _equal(words[row.article_id][2][here], hashes[there]):
            carriers[there[j]].add(row.article_id)
            place[row.article_id, int(here[i])] = int(there[j])
    due = {k for k, who in enumerate(carriers) if len(who) > 1}
    sizes = table["family"].value_counts()
    first = table[table["family"] == sizes.index[0]] if len(sizes) else table
    said = [words[a][2][p] for a, p in zip(first["article_id"], first["position"])]
    runs = {tuple(hashes[k : k + RUN].tolist()): k for k in range(len(hashes) - RUN + 1)}
    got: dict[int, int] = {
        i: place[w] for i, w in enumerate(zip(first["article_id"], first["position"])) if w in place
    }
    segments = first["segment"].tolist()
    for i in range(len(said) - RUN + 1):
        if (
            segments[i] == segments[i + RUN - 1]
            and (k := runs.get(tuple(int(h) for h in said[i : i + RUN]))) is not None
        ):
            got |= {i + d: k + d for d in range(RUN)}
    known = set(hashes.tolist())
    wrong = [i for i in range(len(said)) if i not in got]
    for i in wrong:
        a, p = first["article_id"].iloc[i], first["position"].iloc[i]
        log(
            "not of the dispatch",
            first["segment"].iloc[i],
            a,
            texts[a][words[a][0][p] : words[a][1][p]],
            first["witnesses"].iloc[i],
        )
    for k in sorted(due - set(got.values())):
        log("not rebuilt", wire[start[k] : end[k]], sorted(carriers[k]))
    order = [got[i] for i in sorted(got)]
    return {
        "dispatch_words": len(hashes),
        "due": len(due),
        "due_right": len(due & set(got.values())),
        "share_right": round(len(due & set(got.values())) / max(len(due), 1), 4),
        "rebuilt": len(said),
        "right": len(got),
        "invented": sum(int(said[i]) not in known for i in wrong),
        "foreign": sum(int(said[i]) in known for i in wrong),
        "in_order": round(float(np.mean(np.diff(order) > 0)), 4) if len(order) > 1 else None,
        "other_sources": {k: int(n) for k, n in sizes.iloc[1:].items()},
    }


def _within(words, start: int, end: int) -> np.ndarray:
    return np.flatnonzero((words[0] >= start) & (words[1] <= end))


def _equal(a: np.ndarray, b: np.ndarray) -> list[tuple[int, int]]:
    """Places of equal words in the longest common subsequence."""
    best = np.zeros((len(a) + 1, len(b) + 1), int)
    for i in range(len(a) - 1, -1, -1):
        for j in range(len(b) - 1, -1, -1):
            best[i, j] = (
                best[i + 1, j + 1] + 1 if a[i] == b[j] else max(best[i + 1, j], best[i, j + 1])
            )
    i, j, out = 0, 0, []
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            out.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1, j] >= best[i, j + 1]:
            i += 1
        else:
            j += 1
    return out


if __name__ == "__main__":
    main()
