"""Chance: how large the largest differences between groups become when their sentences or articles
are shuffled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.inference import permuted_sums

STEP, STEPS = 0.01, 5001  # |z| is compared in steps, up to 50, so that last digits decide nothing
THRESHOLDS = (1.96, 2.58, 3.29)  # two-sided p of .05, .01 and .001 for one word by itself
LISTED = 10
CHANCE = ["group", "threshold", "observed", "expected", "low", "high", "p"]
TAIL = ["group", "z", "chance"]


def steps(z: np.ndarray) -> np.ndarray:
    """|z| in whole steps, rounded down."""
    return np.minimum((np.abs(z) / STEP + 1e-6).astype(np.int64), STEPS - 1)


@dataclass(frozen=True)
class Tail:
    """What shuffling gives.

    Attributes
    ----------
    words : array of shape (n_groups, STEPS)
        How many words of a group reach |z|, in the mean of the draws.
    largest : array of shape (STEPS,)
        How probable it is that the largest |z| of all words of all groups reaches |z|.
    """

    words: np.ndarray
    largest: np.ndarray

    def table(self, groups: list[str]) -> pd.DataFrame:
        """Group ("" for the largest anywhere), z, chance: the last step of each run of equal
        chances.
        """
        rows = []
        for name, values in [("", self.largest), *zip(groups, self.words)]:
            last = np.flatnonzero(np.r_[values[1:] != values[:-1], True])
            rows.append(pd.DataFrame({"group": name, "z": last * STEP, "chance": values[last]}))
        return pd.concat(rows, ignore_index=True)[TAIL] if rows else pd.DataFrame(columns=TAIL)

    @classmethod
    def read(cls, table: pd.DataFrame, groups: list[str]) -> Tail:
        """From what `table` gave."""
        made = {}
        for name, rows in table.groupby("group"):
            made[name] = rows["chance"].to_numpy(float)[
                np.searchsorted(steps(rows["z"].to_numpy(float)), np.arange(STEPS))
            ]
        return cls(np.array([made[g] for g in groups]), made[""])

    def judge(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """p_adjusted and false_discovery of the z of every word, an array of shape (n_groups,
        n_words) each.
        """
        at = steps(z)
        share = np.empty(z.shape)
        for group, places in enumerate(at):
            observed = np.bincount(places, minlength=STEPS)[::-1].cumsum()[::-1]
            ratio = np.where(observed > 0, self.words[group] / np.maximum(observed, 1), np.inf)
            share[group] = np.minimum(np.minimum.accumulate(ratio), 1)[places]
        return self.largest[at], share


def shuffle(
    units: sparse.csr_array,
    labels: np.ndarray,
    story: np.ndarray,
    n_labels: int,
    observed: np.ndarray,
    z_of: Callable[[np.ndarray], np.ndarray],
    *,
    draws: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[Tail, pd.DataFrame]:
    """Compare groups whose units (sentences or articles) are permuted_sums out anew.

    Parameters
    ----------
    units : csr_array of shape (n_units, n_columns)
        Counts.
    labels : int array of shape (n_units,)
        The group of each unit; those from `len(observed)` on are no group but what groups are
        compared with.
    story : int array of shape (n_units,)
        Units are exchanged with those of the same story.
    n_labels : int
    observed : array of shape (n_groups, n_words)
        z of the groups as they are.
    z_of : callable
        ``z_of(sums) -> z`` for sums of shape (n_labels, n_columns).

    Returns
    -------
    Tail
    DataFrame
        place (of the group), threshold, observed, expected, low, high, p; one row per group for
        each of `THRESHOLDS` and for the ``|z|`` of its tenth word.
    """
    n_groups, n_words = observed.shape
    at = steps(observed)
    tenth = -np.sort(-at, axis=1)[:, min(LISTED, n_words) - 1]
    limits = np.column_stack([np.tile(steps(np.array(THRESHOLDS)), (n_groups, 1)), tenth])
    total, largest = np.zeros(n_groups * STEPS), np.empty(draws, np.int64)
    above = np.empty((draws, *limits.shape), np.int64)
    offset = np.arange(n_groups)[:, None] * STEPS
    for draw, sums in enumerate(permuted_sums(units, labels, story, n_labels, draws, rng)):
        places = steps(z_of(sums))
        total += np.bincount((places + offset).ravel(), minlength=len(total))
        largest[draw] = places.max()
        for column in range(limits.shape[1]):
            above[draw, :, column] = (places >= limits[:, column, None]).sum(axis=1)
    words = total.reshape(n_groups, STEPS)[:, ::-1].cumsum(axis=1)[:, ::-1] / draws
    reached = np.bincount(largest, minlength=STEPS)[::-1].cumsum()[::-1]
    seen = (at[:, :, None] >= limits[:, None, :]).sum(axis=1)
    low, high = np.quantile(above, [(1 - level) / 2, (1 + level) / 2], axis=0)
    chance = pd.DataFrame(
        {
            "place": np.repeat(np.arange(n_groups), limits.shape[1]),
            "threshold": limits.ravel() * STEP,
            "observed": seen.ravel(),
            "expected": above.mean(axis=0).ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "p": ((1 + (above >= seen).sum(axis=0)) / (draws + 1)).ravel(),
        }
    )
    return Tail(words, (1 + reached) / (draws + 1)), chance
