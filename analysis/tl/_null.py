"""The null distribution of keyness: how large the largest |z| become when groups are permuted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

STEP, STEPS = 0.01, 5001  # |z| is compared in steps, up to 50, so that last digits decide nothing
GUARD = 1e-6  # of a step
THRESHOLDS = (1.96, 2.58, 3.29)  # two-sided p of .05, .01 and .001 for one word by itself
LISTED = 10
CHANCE = ["group", "threshold", "observed", "expected", "low", "high", "p"]
TAIL = ["group", "z", "chance"]


def steps(z: np.ndarray) -> np.ndarray:
    """|z| in whole steps, rounded down."""
    return np.minimum((np.abs(z) / STEP + GUARD).astype(np.int64), STEPS - 1)


def reaching(counts: np.ndarray) -> np.ndarray:
    """How many reach each step, from how many fall into each (along the last axis)."""
    return counts[..., ::-1].cumsum(axis=-1)[..., ::-1]


@dataclass(frozen=True)
class Tail:
    """How often permuted corpora reach each ``|z|``.

    Attributes
    ----------
    words : array of shape (n_groups, STEPS)
        How many words of a group reach ``|z|``, in the mean of the draws.
    largest : array of shape (STEPS,)
        How probable it is that the largest ``|z|`` of all words of all groups reaches ``|z|``.
    """

    words: np.ndarray
    largest: np.ndarray

    def table(self, groups: list[str]) -> pd.DataFrame:
        """`TAIL`, the last step of each run of equal chances; group "" is the largest anywhere."""
        rows = []
        for name, values in [("", self.largest), *zip(groups, self.words)]:
            last = np.flatnonzero(np.r_[values[1:] != values[:-1], True])
            rows.append(pd.DataFrame({"group": name, "z": last * STEP, "chance": values[last]}))
        return pd.concat(rows, ignore_index=True)[TAIL]

    @classmethod
    def read(cls, table: pd.DataFrame, groups: list[str]) -> Tail:
        """From what `table` gave."""
        made = {}
        for name, rows in table.groupby("group"):
            at = np.searchsorted(steps(rows["z"].to_numpy(float)), np.arange(STEPS))
            made[name] = rows["chance"].to_numpy(float)[at]
        return cls(np.array([made[group] for group in groups]), made[""])

    def judge(self, group: int, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """`p_adjusted` and `false_discovery` of each z of words of a group."""
        at = steps(z)
        observed = reaching(np.bincount(at, minlength=STEPS))
        ratio = np.where(observed > 0, self.words[group] / np.maximum(observed, 1), np.inf)
        return self.largest[at], np.minimum(np.minimum.accumulate(ratio), 1)[at]
