"""Direction and the missing source on families made from real articles: one JSON line.

    python -m benchmarks.descent --articles FILE.parquet [--families 50] [--seed 0]
        [--fit | --choosing]

FILE has the columns id, outlet, date, text. Half of its articles, by a hash of the id, are for
fitting (`--fit` writes the weights to `analysis/data/lineage.csv`), the others for measuring;
`--choosing` measures on the half for fitting, for choices that must not see the other. A
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
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from analysis import tl
from analysis.extract.memory import extract_articles
from analysis.features import Features
from analysis.models.encoder import load_encoder
from analysis.reuse.account import LINEAGE_WEIGHTS, account
from analysis.reuse.evidence import Evidence, gather
from analysis.reuse.sources import Sources
from analysis.tl._between import NO_EVIDENCE
from analysis.tl.lineage import PROBABILITIES, UNDECIDED, VERDICTS, lineage
from analysis.tl.lost_source import LostSource
from analysis.tl.reuse import Reuse
from benchmarks.descending import Family, make, owners
from benchmarks.planted import read

RIDGE = 0.5  # of the weights
MOST_WEIGHT = 6.0
ROOT, UNKNOWN = -1, -2
BINS = np.linspace(1 / 3, 1, 6)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.descent", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--families", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    one = parser.add_mutually_exclusive_group()
    one.add_argument(
        "--fit",
        action="store_true",
        help="fit the weights on the other half of the articles and write them first",
    )
    one.add_argument(
        "--choosing", action="store_true", help="measure on the half that is for fitting"
    )
    options = parser.parse_args(arguments)
    articles = read(options.articles)
    for_fitting = np.array(
        [hashlib.sha256(i.encode()).digest()[0] % 2 == 0 for i in articles["id"]]
    )
    fitted = {}
    if options.fit:
        fitted = fit(make(articles[for_fitting], options.families, seed=options.seed))
    half = articles[for_fitting if options.choosing else ~for_fitting]
    about = {"families": options.families, "seed": options.seed, "choosing": options.choosing}
    print(json.dumps(about | fitted | measure(make(half, options.families, seed=options.seed))))


def fit(families: list[Family]) -> dict:
    """Fit and write the weights; how many stretches and witnesses they were fitted on."""
    features, reuse, _ = prepare(families)
    found = gather(features, reuse.table, Sources(features.table("articles"), {}))
    parent = true_parents(found, families)
    family_of = {a.article_id: n for n, family in enumerate(families) for a in family.articles}
    of = np.array([family_of[article] for article in found.ids])[found.stretches.article]
    with LINEAGE_WEIGHTS.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("level", "evidence", "weight"))
        for level, weights in fit_weights(found, parent, of).items():
            writer.writerows((level, name, f"{weight:.3f}") for name, weight in weights.items())
    known = np.unique(found.stretches.stretch[parent != UNKNOWN])
    return {"fitted_stretches": len(known), "fitted_witnesses": int((parent != UNKNOWN).sum())}


def true_parents(found: Evidence, families: list[Family]) -> np.ndarray:
    """From which other witness each had most words of a stretch: its member, `ROOT` if from none.

    `UNKNOWN` for all of a stretch where no passage joins a witness to its parent.
    """
    chains = {
        name: owners(draft)[0] for family in families for name, draft in family.drafts.items()
    }
    stretches = found.stretches
    joined = set(zip(found.child.tolist(), found.parent.tolist()))
    out = np.full(len(stretches.article), UNKNOWN)
    for rows in np.split(np.arange(len(out)), np.flatnonzero(np.diff(stretches.stretch)) + 1):
        member = {found.ids[stretches.article[row]]: row for row in rows}
        parent = {}
        for article, row in member.items():
            first = stretches.first[row]
            votes = Counter(
                next((member[up] for up in reversed(chain[:-1]) if up in member), ROOT)
                for chain in chains[article][first : first + stretches.words[row]]
            )
            parent[row] = max(votes, key=lambda up: (votes[up], -up))
        tree = all(up == ROOT or (row, up) in joined for row, up in parent.items())
        if tree and all(_reaches_root(row, parent) for row in parent):
            out[list(parent)] = list(parent.values())
    return out


def _reaches_root(row: int, parent: dict[int, int]) -> bool:
    for _ in parent:
        if row != ROOT:
            row = parent[row]
    return row == ROOT


def fit_weights(found: Evidence, parent: np.ndarray, family: np.ndarray) -> dict[str, pd.Series]:
    """Weights that make the true stemmata most probable, less a ridge.

    The log-likelihood of a stretch is the log weight of its true stemma, less that of the sum over
    all; a family of n stretches counts as sqrt(n).

    Parameters
    ----------
    found : Evidence
    parent, family : int arrays of shape (n_members,)
    """
    stretch = found.stretches.stretch
    known = np.ones(stretch[-1] + 1, bool)
    known[stretch[parent == UNKNOWN]] = False
    first = np.unique(stretch, return_index=True)[1]
    n_of = np.bincount(family[first][known], minlength=family.max() + 1)
    counts = known / np.sqrt(np.maximum(n_of[family[first]], 1))
    at_root = np.bincount(stretch[parent == ROOT], minlength=len(known))
    root, alone = parent == ROOT, at_root[stretch] == 1
    of_edge, of_member = counts[found.stretch], counts[stretch]
    parts = (
        ("edge", found.edges, of_edge, parent[found.child] == found.parent),
        ("origin", found.witnesses, of_member, root & alone),
        ("lost", found.witnesses, of_member, root & ~alone),
    )
    sizes = np.cumsum([table.shape[1] for _, table, _, _ in parts])
    numbers = [table.to_numpy() for _, table, _, _ in parts]

    def loss(weights):
        log_weights = [x @ w for x, w in zip(numbers, np.split(weights, sizes[:-1]))]
        sums = account(found, log_weights, above=False)
        right = sum((n * hit * score).sum() for (_, _, n, hit), score in zip(parts, log_weights))
        slope = np.concatenate(
            [
                x.T @ (n * (hit - p))
                for x, (_, _, n, hit), p in zip(numbers, parts, (sums.edge, sums.origin, sums.lost))
            ]
        )
        wrong = (counts * sums.log_weight).sum() - right
        return wrong + RIDGE * (weights**2).sum() / 2, RIDGE * weights - slope

    bounds = [(-MOST_WEIGHT, MOST_WEIGHT)] * sizes[-1]
    start = np.zeros(sizes[-1])
    fitted = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return {
        level: pd.Series(weights, table.columns)
        for (level, table, _, _), weights in zip(parts, np.split(fitted, sizes[:-1]))
    }


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
        table = reuse.table[reuse.table["evidence"] != NO_EVIDENCE].reset_index(drop=True)
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
        "missing": rebuilt(families, tl.lost_source(features, reuse=reuse, lineage=judged))
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


def rebuilt(families: list[Family], found: LostSource) -> dict:
    """Recall and precision of rebuilt words, in all and by witnesses and share of words changed;
    families that miss no source.
    """
    by_article = {
        article.article_id: n for n, family in enumerate(families) for article in family.articles
    }
    table = found.table
    table = table.assign(of=[by_article[a] for a in table["article_id"]])
    tree = found.stemma[found.stemma["in_tree"]]
    # a source is of the family that most of its witnesses are of
    of = tree["child"].map(by_article).groupby(tree["family"])
    named = set(of.agg(lambda several: several.mode()[0]))
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
                "found": n in named,
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
