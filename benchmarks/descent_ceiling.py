"""How well descent within planted families of two or three articles can be told at all.

    python -m benchmarks.descent_ceiling --articles FILE.parquet [--families 4000] [--seed 0]

Families are made as for `benchmarks.descent`, of its half for fitting. Nothing is extracted: which
word of one article is which of another is read from how they were made, and so are dates, outlets
and credits, so that an observer is tried who aligns texts without error and knows how families are
made. A classifier (gradient boosted trees) learns from the pairs of two thirds of the families
what such an observer can, and is measured on the others: no account that reads the same is likely
to do much better. Left out is what words mean, as the words that were put in make no sense, which
would tell too much. One JSON line: accuracy and Brier score, in all, by scenario, and without some
of what is observed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import regex
from sklearn.ensemble import HistGradientBoostingClassifier

from analysis.text.scan import scan
from benchmarks.descending import AGENCIES, Draft, Family, make, owners
from benchmarks.planted import read

MOST = 3  # articles of a family
LEAST = 8  # words of a pair
NEAR = 3  # words in the place of some
_CREDIT = regex.compile(
    r"As (.+?) reported, the|According to (.+?), more is|\(([^)]+?)\) — |first reported by (.+?)\. "
)
KINDS = ("text", "edges", "changes", "dates", "credits", "outlet", "third")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.descent_ceiling", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--families", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    articles = read(options.articles)
    for_fitting = [hashlib.sha256(i.encode()).digest()[0] % 2 == 0 for i in articles["id"]]
    half = articles[np.array(for_fitting)]
    families = make(half, options.families, seed=options.seed, most=MOST)
    families = [family for family in families if len(family.articles) <= MOST]
    seen, truth, number = observed(families)
    about = {"families": len(families), "seed": options.seed, "pairs": len(truth) // 2}
    kinds = np.array([families[n].scenario for n in number])
    print(json.dumps(about | ceiling(seen, truth, number, kinds)))


def observed(families: list[Family]) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """What is seen of each pair, first from the one side and then from the other.

    Returns
    -------
    seen : DataFrame
        One row a pair and side; columns begin with one of `KINDS`.
    truth : int array
        0 if this side had most shared words from the other, 1 the other way round, 2 if neither.
    family : int array
    """
    rows, truth, of = [], [], []
    for number, family in enumerate(families):
        seen = [_Seen(family.drafts[a.article_id], a.about) for a in family.articles]
        for pair in combinations(seen, 2):
            if len(pair[0].place.keys() & pair[1].place.keys()) < LEAST:
                continue
            third = [c for c in seen if c not in pair]
            for a, b in (pair, pair[::-1]):
                rows.append(_pair(a, b) | (_third(a, b, third[0]) if third else {}))
                truth.append(_truth(a, b))
                of.append(number)
    return pd.DataFrame(rows).astype(float), np.array(truth), np.array(of)


class _Seen:
    """An article: its words by what they are of, where sentences end, date, outlet and credits."""

    def __init__(self, draft: Draft, metadata: dict):
        start, end, _ = scan(draft.text)
        chains, words = owners(draft)
        self.name, self.size = draft.name, len(words)
        self.chain: dict[tuple[str, int], tuple[str, ...]] = {}
        self.place: dict[tuple[str, int], int] = {}
        for place, (chain, word) in enumerate(zip(chains, words)):
            self.place.setdefault((chain[0], word), place)
            self.chain.setdefault((chain[0], word), chain)
        ends = [bool(set(draft.text[x:y]) & set(".?!\n")) for x, y in zip(end, [*start[1:], None])]
        self.edge = np.r_[True, ends, True]  # whether a sentence begins at a word
        self.outlet, published = metadata["outlet"], metadata["published"]
        self.credits = {name for names in _CREDIT.findall(draft.text) for name in names if name} - {
            self.outlet
        }
        first = pd.to_datetime(published, utc=True)
        self.first = first.timestamp() / 3600 if published else np.nan
        self.last = self.first + (24 if len(published) <= 10 else 0)


def _pair(a: _Seen, b: _Seen) -> dict:
    keys = sorted(a.place.keys() & b.place.keys(), key=a.place.__getitem__)
    at = np.array([[side.place[key] for key in keys] for side in (a, b)])
    gap = np.diff(at, axis=1) - 1
    far = (gap > NEAR) | (gap < 0)
    run = np.flatnonzero(far.any(axis=0))
    begins = np.concatenate([at[:, :1], at[:, run + 1]], axis=1)
    ends = np.concatenate([at[:, run], at[:, -1:]], axis=1) + 1
    whole = [
        np.r_[side.edge[begin], side.edge[end]] for side, begin, end in zip((a, b), begins, ends)
    ]
    small = ~far.any(axis=0)
    out = {
        "text shared": len(keys),
        "text runs": begins.shape[1],
        "text order": (gap[1] < 0).mean() if len(keys) > 1 else 0,
        "edges whole in both": (whole[0] & whole[1]).mean(),
        "edges whole in neither": (~whole[0] & ~whole[1]).mean(),
        "changes replaced": (small & (gap[0] > 0) & (gap[1] > 0)).sum() / len(keys),
        "dates order": float(a.last <= b.first) - float(b.last <= a.first),
        "dates hours": a.first - b.first,
        "outlet same": a.outlet == b.outlet,
        "credits same": bool(a.credits & b.credits),
    }
    for name, me, other, mine, side in (("a", a, b, at[0], 0), ("b", b, a, at[1], 1)):
        out |= {
            f"text words {name}": me.size,
            f"text share {name}": len(keys) / me.size,
            f"text first {name}": mine.min() / me.size,
            f"text last {name}": mine.max() / me.size,
            f"text before {name}": mine.min(),
            f"text after {name}": me.size - mine.max() - 1,
            f"text put between {name}": (far[side] & ~far[1 - side]).mean() if len(gap[0]) else 0,
            f"edges whole in {name} alone": (whole[side] & ~whole[1 - side]).mean(),
            f"changes more in {name}": (small & (gap[side] > 0) & (gap[1 - side] == 0)).sum()
            / len(keys),
            f"credits by {name} of the other": other.outlet in me.credits,
            f"credits by {name} of an agency": bool(me.credits & set(AGENCIES)),
            f"credits by {name} of another": bool(me.credits - {other.outlet}),
        }
    return out


def _third(a: _Seen, b: _Seen, c: _Seen) -> dict:
    """What a third article says of two."""
    keys = [set(side.place) for side in (a, b, c)]
    out = {
        "third words": c.size,
        "third all": len(keys[0] & keys[1] & keys[2]),
        "third none": len(keys[0] & keys[1] - keys[2]),
    }
    for name, me, mine, theirs in (("a", a, *keys[:2]), ("b", b, keys[1], keys[0])):
        lacks = theirs & keys[2] - mine
        out |= {
            f"third more {name}": len(mine & keys[2] - theirs),
            f"third alone {name}": sum(_beside(key, me) for key in lacks),
            f"third date {name}": float(c.last <= me.first) - float(me.last <= c.first),
            f"third credited {name}": c.outlet in me.credits,
            f"third credits {name}": me.outlet in c.credits,
            f"third outlet {name}": c.outlet == me.outlet,
        }
    return out


def _beside(key: tuple[str, int], article: _Seen) -> bool:
    """Whether an article has a word next to one that it lacks."""
    name, word = key
    return (name, word - 1) in article.place or (name, word + 1) in article.place


def _truth(a: _Seen, b: _Seen) -> int:
    """As `benchmarks.descent` counts it, by the words that both have."""
    votes = np.zeros(3, int)
    for key in a.place.keys() & b.place.keys():
        mine, theirs = a.chain[key][:-1], b.chain[key][:-1]
        votes[0 if b.name in mine else 1 if a.name in theirs else 2] += 1
    return int(votes.argmax())


def ceiling(
    seen: pd.DataFrame, truth: np.ndarray, family: np.ndarray, scenario: np.ndarray
) -> dict:
    """Scores of a classifier on the last third of the families, with all it sees and with less."""
    last = family >= 2 * (family.max() + 1) // 3
    p, right = _learned(seen, truth, last), truth[last]
    out = {"tested": len(p) // 2, "all": _scores(p, right)}
    three = seen["third words"].notna().to_numpy()[last]
    out |= {"two articles": _scores(p[~three], right[~three])}
    out |= {"three articles": _scores(p[three], right[three])}
    for kind in np.unique(scenario):
        rows = scenario[last] == kind
        out[str(kind)] = _scores(p[rows], right[rows])
    for kind in KINDS:
        columns = [name for name in seen if not name.startswith(f"{kind} ")]
        out[f"without {kind}"] = _scores(_learned(seen[columns], truth, last), right)
    return out


def _learned(seen: pd.DataFrame, truth: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Probabilities of the last rows by a classifier that learned from the others."""
    model = HistGradientBoostingClassifier(
        learning_rate=0.05, max_iter=200, max_leaf_nodes=12, l2_regularization=5, random_state=0
    )
    p = model.fit(seen[~last], truth[~last]).predict_proba(seen[last])
    turned = p[np.arange(len(p)) ^ 1][:, [1, 0, 2]]  # as seen from the other side
    return (p + turned) / 2


def _scores(p: np.ndarray, truth: np.ndarray) -> dict:
    return {
        "pairs": len(p) // 2,
        "accuracy": round(float((p.argmax(axis=1) == truth).mean()), 4),
        "brier": round(float(((p - np.eye(3)[truth]) ** 2).sum(axis=1).mean()), 4),
    }


if __name__ == "__main__":
    main()
