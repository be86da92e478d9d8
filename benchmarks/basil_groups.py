"""How often articles and outlets of BASIL come together by their framing: one JSON line.

    python -m benchmarks.basil_groups --data DIR [--trials 200]

DIR holds `articles.parquet` and `actor_tone.parquet` of BASIL (see `basil_framing`): 50 events,
each told by three outlets. An outlet's articles are dealt into two halves of n articles of other
events each; of the six halves the right ones come together where a half's nearest is the other half
of its outlet. By chance: the same with outlets exchanged within events. The options of `tl.profile`
were chosen on the events of even number ("development"), so look at the others; roots instead of
rates tied there and were kept after a look at all events.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial.distance import pdist, squareform

from analysis.features import Features
from analysis.inference import generator, permute_within
from analysis.tl._blocks import FRAMING
from analysis.tl._group_sample import GroupSample
from analysis.tl._profile_sample import ProfileSample
from analysis.tl._topic import topic_vectors
from analysis.tl._trees import clades, profile_tree
from benchmarks.basil_framing import can_count, make_features, rounded

SIZES = (2, 4, 6, 9, 12, 25)
DRAWS = 50
LEFT, MIDDLE, RIGHT = "hpo", "nyt", "fox"


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.basil_groups", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="folder with BASIL's tables")
    parser.add_argument("--trials", type=int, default=200, help="halves dealt at each size")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    articles = pd.read_parquet(options.data / "articles.parquet")
    tone = pd.read_parquet(options.data / "actor_tone.parquet")
    features = make_features(articles, tone[tone["actor"] != "main event"])
    print(json.dumps(evaluate(features, options.trials, options.seed)))


def evaluate(features: Features, trials: int, seed: int, sizes: tuple[int, ...] = SIZES) -> dict:
    """All figures, for blocks of framing and for style, over all and over each half of events."""
    about = features.table("articles", ["event", "outlet"])
    events, outlets = pd.factorize(about["event"])[0], about["outlet"].to_numpy(str)
    framing = tuple(name for name in FRAMING if can_count(features, name))
    result: dict = {"articles": len(about), "events": int(events.max() + 1), "trials": trials}
    topic = topic_vectors(features)
    for name, blocks in {"framing": framing, "style": ("style",)}.items():
        sample = ProfileSample.of(features, blocks=blocks, within="event", weights=None, seed=seed)
        result[name] = {"blocks": list(blocks), "articles": nearest(sample, events, outlets, seed)}
        for part, kept in {
            "development": events % 2 == 0,
            "other": events % 2 == 1,
            "all": events >= 0,
        }.items():
            most = len(np.unique(events[kept])) // 2
            result[name][part] = {
                str(n): halves(sample, None, events, outlets, kept, n, trials, seed)
                for n in sizes
                if n <= most
            }
            result[name][part]["sides"] = sides(sample, None, outlets, kept, seed)
        n = max(size for size in sizes if size <= len(np.unique(events)) // 2)
        result[name]["words_taken_out"] = {
            str(n): halves(sample, topic, events, outlets, events >= 0, n, trials, seed),
            "sides": sides(sample, topic, outlets, events >= 0, seed),
        }
    return result


def nearest(sample: ProfileSample, events: np.ndarray, outlets: np.ndarray, seed: int) -> dict:
    """How often an article's nearest of another event is of its outlet, and by chance."""
    far = squareform(pdist(sample.weighted.round(9)))
    far[events[:, None] == events[None]] = np.inf
    near, rng = far.argmin(axis=1), generator(seed, "basil", "articles")
    by_chance = []
    for _ in range(199):
        exchanged = outlets[permute_within(events, rng)]
        by_chance.append((exchanged[near] == exchanged).mean())
    right = (outlets[near] == outlets).mean()
    reached = np.r_[right, by_chance] >= right - 1e-9
    return rounded({"right": right, "by_chance": np.mean(by_chance), "p": reached.mean()})


def halves(
    sample: ProfileSample,
    topic: np.ndarray | None,
    events: np.ndarray,
    outlets: np.ndarray,
    kept: np.ndarray,
    n: int,
    trials: int,
    seed: int,
) -> dict:
    """How often halves of n articles come together with the other half of their outlet.

    `stable` is the share of outlets whose halves are joined first in at least half of the resamples
    of articles; `_by_chance` the same with outlets exchanged within events.
    """
    rng, names = generator(seed, "basil", "halves", str(n)), sorted(set(outlets))
    ids = [f"{name} {half}" for name in names for half in "ab"]
    scores: dict[str, list[float]] = {}
    for _ in range(trials):
        dealt = rng.permutation(np.unique(events[kept]))[: 2 * n]
        half = np.select([np.isin(events, dealt[:n]), np.isin(events, dealt[n:])], [0, 1], -1)
        exchanged = outlets[permute_within(events, rng)]
        for end, of in (("", outlets), ("_by_chance", exchanged)):
            number = np.searchsorted(names, of)
            codes = np.where(half >= 0, 2 * number + half, -1)
            right, stable = _right(GroupSample(sample, codes, ids, topic, seed))
            scores.setdefault(f"right{end}", []).append(right)
            scores.setdefault(f"stable{end}", []).append(stable)
    return rounded({name: float(np.mean(of)) for name, of in scores.items()})


def _right(groups: GroupSample) -> tuple[float, float]:
    """Share of halves whose nearest is their other one, and of outlets whose halves are stable."""
    far = squareform(pdist(groups.weighted.round(9)))
    np.fill_diagonal(far, np.inf)
    partner = np.arange(len(far)) ^ 1
    right = far.argmin(axis=1) == partner if far[np.isfinite(far)].any() else np.zeros(len(far))
    times = Counter(
        clade
        for chunk in groups.draws(DRAWS)
        for one in chunk
        for clade in clades(profile_tree(one))
        if len(clade) == 2
    )
    pairs = [frozenset((i, i + 1)) for i in range(0, len(far), 2)]
    return float(right.mean()), float(np.mean([times[pair] >= DRAWS / 2 for pair in pairs]))


def sides(
    sample: ProfileSample,
    topic: np.ndarray | None,
    outlets: np.ndarray,
    kept: np.ndarray,
    seed: int,
) -> dict:
    """Of 100 resamples of articles, in how many each two of the three outlets are joined first."""
    names = [LEFT, MIDDLE, RIGHT]
    codes = np.where(kept, pd.Index(names).get_indexer(outlets), -1)
    groups = GroupSample(sample, codes, names, topic, seed)
    times = Counter(
        min(clades(profile_tree(one)), key=len) for chunk in groups.draws(1000) for one in chunk
    )
    return {
        f"{names[a]}-{names[b]}": round(times[frozenset((a, b))] / 10, 1)
        for a, b in ((0, 1), (0, 2), (1, 2))
    }


if __name__ == "__main__":
    main()
