"""Direction and the missing source on families made from real articles: one JSON line.

    python -m benchmarks.descent --articles FILE.parquet [--families 50] [--seed 0] [--fit]

FILE has the columns id, outlet, date, text. Half of its articles, by a hash of the id, are for
fitting (`--fit` writes the weights to `analysis/data/lineage.csv`), the others for measuring. A
family has a source and 2 to 8 articles (chains 2 or 3, speeches 2 to 4) that are made of pieces of
it among sentences of other real articles, which no other family has: the beginning (35 %), one to
three sentences (20 %), runs of sentences (35 %) or all of it (10 %); some sentences lose their
beginning or end; 0, 5, 10, 20 or 30 % of the copied words are changed (60 % replaced, 20 % left
out, 20 % get a word before them); 40 % credit whom they copy; a fifth copies from another copy, a
fifth from both; a quarter of these are of the same outlet as that copy. In half of the families the
source is hidden, in a quarter it stays among the articles; the rest are chains from copy to copy
(15 %) and articles that only quote the same speech (10 %). Dates carry a time, a day, or are
missing, or all equal; some (4 %) are wrong. Articles are extracted with embeddings, as `make
figures` does.

The truth of a pair or passage is what most of its words are: passed through the other article, or
both from one source that neither is. Measured are accuracy and Brier score (sum of squares over the
three answers, 0 to 2) of all pairs and passages, how many get a verdict and how many of those are
right, and how often answers given with a probability are true. Of the missing source: recall, by
words of the hidden article that at least two articles took from it independently; precision, by
rebuilt words; and how many neighbours stand in the source's order.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from analysis import tl
from analysis.extract.memory import extract_articles
from analysis.features import Features
from analysis.models.encoder import load_encoder
from analysis.reuse.evidence import Evidence, gather
from analysis.tl.lineage import (
    LINEAGE_WEIGHTS,
    PROBABILITIES,
    UNDECIDED,
    VERDICTS,
    lineage,
    probabilities,
)
from analysis.tl.reuse import Reuse
from benchmarks.descending import Family, make, owners
from benchmarks.planted import read

RIDGE = 1.0  # of the weights, as if each had been seen to be nothing once
BINS = np.linspace(1 / 3, 1, 6)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.descent", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--families", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--fit",
        action="store_true",
        help="fit the weights on the other half of the articles and write them first",
    )
    options = parser.parse_args(arguments)
    articles = read(options.articles)
    for_fitting = np.array(
        [hashlib.sha256(i.encode()).digest()[0] % 2 == 0 for i in articles["id"]]
    )
    fitted = {}
    if options.fit:
        fitted = fit(make(articles[for_fitting], options.families, seed=options.seed))
    print(
        json.dumps(
            {
                "families": options.families,
                "seed": options.seed,
                **fitted,
                **measure(make(articles[~for_fitting], options.families, seed=options.seed)),
            }
        )
    )


def fit(families: list[Family]) -> dict:
    """Fit and write the weights; how many pairs and passages they were fitted on."""
    features, reuse, truths = prepare(families)
    said, rows = {}, []
    for level, found, truth in zip(
        ("pair", "passage"), gather(features, reuse.table), truths(reuse)
    ):
        known = truth >= 0
        rows += [
            (level, name, f"{weight:.3f}") for name, weight in fit_weights(found, truth).items()
        ]
        said[f"fitted_{level}s"] = int(known.sum())
    with LINEAGE_WEIGHTS.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerows([("level", "evidence", "weight"), *rows])
    return said


def fit_weights(found: Evidence, truth: np.ndarray) -> pd.Series:
    """Weights by evidence that make the truth most probable, less a ridge.

    The log-likelihood is that of the softmax.
    """
    known = truth >= 0
    some = Evidence(
        *(table[known] for table in (found.keys, found.a_from_b, found.b_from_a, found.common))
    )
    names = [*some.a_from_b.columns, *some.common.columns]
    hit = np.eye(3)[truth[known]]

    def loss(weights):
        p = probabilities(some, pd.Series(weights, names))
        rest = p - hit
        directed = some.a_from_b.T @ rest[:, 0] + some.b_from_a.T @ rest[:, 1]
        slope = np.r_[directed, some.common.T @ rest[:, 2]]
        return (
            -np.log(np.maximum((p * hit).sum(axis=1), 1e-12)).sum()
            + RIDGE * (weights**2).sum() / 2,
            slope + RIDGE * weights,
        )

    fitted = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return pd.Series(fitted, names)


def prepare(families: list[Family]) -> tuple[Features, Reuse, object]:
    """Features and passages of all families together, and a function from passages to the truth of
    pairs and of passages.
    """
    made = (article for family in families for article in family.articles)
    features = extract_articles(made, encoder=load_encoder())
    chains = {
        name: owners(draft)[0] for family in families for name, draft in family.drafts.items()
    }

    def truths(reuse: Reuse) -> tuple[np.ndarray, np.ndarray]:
        table = reuse.table[~reuse.table["boilerplate"].to_numpy(bool)].reset_index(drop=True)
        votes = np.array([_votes(chains, row) for row in table.itertuples()]).reshape(-1, 3)
        pairs = table.assign(
            **dict(zip("012", (votes * ~table["quoted"].to_numpy(bool)[:, None]).T)),
            q0=votes[:, 0],
            q1=votes[:, 1],
            q2=votes[:, 2],
        )
        order = pd.Index(features.article_ids)
        key = order.get_indexer(pairs["a"]).astype(np.int64) << 32 | order.get_indexer(pairs["b"])
        summed = pairs.groupby(key)[["0", "1", "2", "q0", "q1", "q2"]].sum()
        plain, quoted = summed[["0", "1", "2"]].to_numpy(), summed[["q0", "q1", "q2"]].to_numpy()
        return _most(np.where(plain.sum(axis=1, keepdims=True) > 0, plain, quoted)), _most(votes)

    return features, tl.reuse(features, draws=1), truths


def _votes(chains: dict, row) -> tuple[int, int, int]:
    """Words of a passage that a had from b, that b had from a, and that both had from a third."""
    a = chains[row.a][row.a_position : row.a_position + row.a_words]
    b = chains[row.b][row.b_position : row.b_position + row.b_words]
    roots = {chain[0] for chain in a} & {chain[0] for chain in b}
    from_b, from_a = (
        sum(row.b in chain[:-1] for chain in a),
        sum(row.a in chain[:-1] for chain in b),
    )
    both = sum(chain[0] in roots and len(chain) > 1 and row.b not in chain for chain in a)
    return from_b, from_a, both if not (from_b or from_a) or both > max(from_b, from_a) else 0


def _most(votes: np.ndarray) -> np.ndarray:
    """The answer with most words; -1 where no word says any, such as chance agreement."""
    return np.where(votes.sum(axis=1) > 0, votes.argmax(axis=1), -1)


def measure(families: list[Family]) -> dict:
    features, reuse, truths = prepare(families)
    judged = lineage(features, reuse=reuse)
    family_of = {article.article_id: family for family in families for article in family.articles}
    said: dict = {"articles": len(family_of)}
    for level, table, truth in zip(
        ("pairs", "passages"), (judged.table, judged.passages), truths(reuse)
    ):
        said[level] = direction(table, truth)
        part = table.assign(truth=truth)[truth >= 0]
        of = [family_of[a] for a in part["a"]]
        if level == "pairs":
            said["pairs_by_changed"] = {
                f"{c:g}": direction(g, g["truth"].to_numpy())
                for c, g in part.groupby([f.changed for f in of])
            }
            said["pairs_by_witnesses"] = {
                n: direction(g, g["truth"].to_numpy())
                for n, g in part.groupby([_band(len(f.articles)) for f in of])
            }
            said["pairs_by_scenario"] = {
                n: direction(g, g["truth"].to_numpy())
                for n, g in part.groupby([f.scenario for f in of])
            }
    return said | {
        "missing": rebuilt(families, tl.lost_source(features, reuse=reuse, lineage=judged).table)
    }


def _band(n: int) -> str:
    return "2-3" if n < 4 else "4-5" if n < 6 else "6-9"


def direction(table: pd.DataFrame, truth: np.ndarray) -> dict:
    """Accuracy, Brier score, verdicts and calibration of those whose truth is known."""
    known = truth >= 0
    p, truth, verdict = (
        table[PROBABILITIES].to_numpy()[known],
        truth[known],
        table["verdict"].to_numpy()[known],
    )
    if not len(p):
        return {"n": 0}
    decided = verdict != UNDECIDED
    right = np.array(VERDICTS, object)[truth] == verdict
    top, hit = p.max(axis=1), p.argmax(axis=1) == truth
    band = np.clip(np.digitize(top, BINS) - 1, 0, len(BINS) - 2)
    shares = np.bincount(truth, minlength=3) / len(truth)
    return {
        "n": len(p),
        "accuracy": round(float(hit.mean()), 4),
        "brier": round(float(((p - np.eye(3)[truth]) ** 2).sum(axis=1).mean()), 4),
        "brier_of_shares": round(float(1 - (shares**2).sum()), 4),
        "decided": round(float(decided.mean()), 4),
        "decided_right": round(float(right[decided].mean()), 4) if decided.any() else None,
        "calibration": [
            [
                round(float(top[band == k].mean()), 3),
                round(float(hit[band == k].mean()), 3),
                int((band == k).sum()),
            ]
            for k in range(len(BINS) - 1)
            if (band == k).any()
        ],
    }


def rebuilt(families: list[Family], table: pd.DataFrame) -> dict:
    """Recall and precision of rebuilt words, in all and by witnesses and share of words changed;
    families that miss no source.
    """
    by_article = {
        article.article_id: n for n, family in enumerate(families) for article in family.articles
    }
    table = (
        table.assign(of=[by_article[a] for a in table["article_id"]])
        if len(table)
        else table.assign(of=pd.Series(dtype=int))
    )
    rows = []
    for n, family in enumerate(families):
        words = table[table["of"] == n]
        where = {name: owners(draft) for name, draft in family.drafts.items()}
        ours = [
            (
                where[w.article_id][0][w.position][0] == family.source,
                where[w.article_id][1][w.position],
            )
            for w in words.itertuples()
        ]
        heads: dict[int, set] = {}
        for article in family.articles:
            for chain, word in zip(*where[article.article_id]):
                if chain[0] == family.source and len(chain) > 1:
                    heads.setdefault(word, set()).add(chain[1])
        due = (
            {word for word, several in heads.items() if len(several) > 1}
            if family.missing
            else set()
        )
        right = [word for good, word in ours if good]
        steps = [
            x <= y
            for (g, x), (h, y), s, t in zip(ours, ours[1:], words["segment"], words["segment"][1:])
            if g and h
        ]
        truly = family.missing and family.scenario != "speech"
        rows.append(
            {
                "missing": truly,
                "scenario": family.scenario,
                "changed": f"{family.changed:g}",
                "witnesses": _band(len(family.articles)),
                "found": len(words) > 0,
                "due": len(due) if truly else 0,
                "hit": len(due & set(right)) if truly else 0,
                "words": len(words),
                "right": len(right) if family.missing else 0,
                "steps": len(steps),
                "ordered": sum(steps),
            }
        )
    counts = pd.DataFrame(rows)
    due = counts[counts["missing"]]
    return {
        **_counted(due),
        "families_found": round(float(due.loc[due["due"] > 0, "found"].mean()), 4),
        "named_though_kept": [
            int(
                counts.loc[
                    ~counts["missing"] & counts["scenario"].isin(["kept", "chain"]), "found"
                ].sum()
            ),
            int((~counts["missing"] & counts["scenario"].isin(["kept", "chain"])).sum()),
        ],
        "words_though_kept": int(counts.loc[~counts["missing"], "words"].sum()),
        "by_changed": {k: _counted(g) for k, g in due.groupby("changed")},
        "by_witnesses": {k: _counted(g) for k, g in due.groupby("witnesses")},
    }


def _counted(rows: pd.DataFrame) -> dict:
    total = rows[["due", "hit", "words", "right", "steps", "ordered"]].sum()

    def share(a, b):
        return round(float(total[a] / total[b]), 4) if total[b] else None

    return {
        "families": len(rows),
        "recall": share("hit", "due"),
        "precision": share("right", "words"),
        "in_order": share("ordered", "steps"),
        "n_due": int(total["due"]),
        "n_rebuilt": int(total["words"]),
    }


if __name__ == "__main__":
    main()
