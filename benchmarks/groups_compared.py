"""How often groups that do not differ are named, and how often intervals hold: one JSON line.

    python -m benchmarks.groups_compared [--samples 200]

Planted values: articles that differ among themselves (standard deviation .3), of ten sentences each
whose values scatter around their article's (1), in groups of equal mean. `wrong`: the share of
samples in which `analysis.comparison.compare_groups` calls any group apart (at most .05 wanted);
`found`: the share in which the first group is, where its mean is .6 higher; `held`: the share of
groups' own 95 % intervals that hold the truth.
"""

from __future__ import annotations

import argparse
import json

import numpy as np

from analysis.comparison import compare_groups

SIZES = ((3, 5), (8, 8), (20, 10), (8, 3))  # groups, articles of each
SENTENCES, SHIFT, TRUTH = 10, 0.6, 0.5


def planted(rng: np.random.Generator, n_groups: int, n_articles: int, shift: float = 0) -> tuple:
    """Numerators, denominators, groups, articles and names of one sample."""
    group = np.repeat(np.arange(n_groups), n_articles * SENTENCES)
    article = np.repeat(np.arange(n_groups * n_articles), SENTENCES)
    words = rng.integers(5, 40, len(group)).astype(float)
    own = rng.normal(0, 0.3, n_groups * n_articles)[article]
    value = TRUTH + own + rng.normal(size=len(group)) + shift * (group == 0)
    return words * value, words, group, article, [f"group {g}" for g in range(n_groups)]


def evaluate(samples: int, draws: int = 400) -> dict:
    """The three shares for each number of groups and articles."""
    rng, told = np.random.default_rng(0), {}
    for n_groups, n_articles in SIZES:
        wrong, found, held = 0, 0, []
        for seed in range(samples):
            options = {"what": "planted", "draws": draws, "level": 0.95, "seed": seed}
            alike = compare_groups(*planted(rng, n_groups, n_articles), **options)
            wrong += bool(alike.apart.any())
            held.append(((alike.low < TRUTH) & (alike.high > TRUTH)).mean())
            moved = compare_groups(*planted(rng, n_groups, n_articles, SHIFT), **options)
            found += bool(moved.apart[0, 0])
        told[f"{n_groups} groups of {n_articles} articles"] = {
            "wrong": round(wrong / samples, 3),
            "found": round(found / samples, 3),
            "held": round(float(np.mean(held)), 3),
        }
    return {"samples": samples, "draws": draws, **told}


def main() -> None:
    """Print the line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=200)
    print(json.dumps(evaluate(parser.parse_args().samples)))


if __name__ == "__main__":
    main()
