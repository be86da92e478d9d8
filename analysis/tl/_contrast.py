"""Contrast: the log-odds of words, each group against the rest or a background, and the same for
shuffled units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import norm

from analysis.inference import one_hot
from analysis.tl._null import Tail, shuffle
from analysis.tl._words import Counts

CONTRAST = [
    "group",
    "term",
    "count",
    "count_rest",
    "rate",
    "rate_rest",
    "log_odds",
    "low",
    "high",
    "z",
    "familywise",
    "p_adjusted",
    "false_discovery",
]


@dataclass(frozen=True)
class Contrast:
    """What is compared with what.

    Attributes
    ----------
    units : csr_array of shape (n_units, n_words + 1)
        Counts of the words compared by sentence or article; the last column counts all words.
    labels : int array of shape (n_units,)
        The group of each unit; `n_groups` for those of a background.
    story : int array of shape (n_units,)
        Units of one story may be exchanged.
    n_groups : int
    terms : Index of str
    alpha : array of shape (n_words,)
        Pseudo-counts.
    prior : float
        Their sum over all words, compared or not.
    fixed : array of shape (n_words + 1,) or None
        Counts of a background that has no units.
    """

    units: sparse.csr_array
    labels: np.ndarray
    story: np.ndarray
    n_groups: int
    terms: pd.Index
    alpha: np.ndarray
    prior: float
    fixed: np.ndarray | None = None

    @property
    def n_labels(self) -> int:
        return max(self.n_groups, int(self.labels.max(initial=0)) + 1)

    @cached_property
    def sums(self) -> np.ndarray:
        """Counts by group, shape (n_labels, n_words + 1)."""
        return (one_hot(self.labels, self.n_labels) @ self.units).toarray()

    @cached_property
    def z(self) -> np.ndarray:
        """Shape (n_groups, n_words)."""
        return self.z_of(self.sums)

    def other(self, sums: np.ndarray) -> np.ndarray:
        """What each group is compared with: shape (n_groups or 1, n_words + 1)."""
        if self.fixed is not None:
            return self.fixed[None]
        if self.n_labels > self.n_groups:
            return sums[self.n_groups :]
        return sums.sum(axis=0, keepdims=True) - sums

    def log_odds(self, sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Log-odds and their standard deviation, as `keyness` has the formula."""
        own, rest = sums[: self.n_groups], self.other(sums)
        a, b = own[:, :-1] + self.alpha, rest[:, :-1] + self.alpha
        delta = np.log(a / (own[:, -1:] + self.prior - a) * ((rest[:, -1:] + self.prior - b) / b))
        return delta, np.sqrt(1 / a + 1 / b)

    def z_of(self, sums: np.ndarray) -> np.ndarray:
        delta, sd = self.log_odds(sums)
        return delta / sd

    def shuffled(
        self, draws: int, level: float, rng: np.random.Generator
    ) -> tuple[Tail, pd.DataFrame]:
        """See `analysis.tl._null.shuffle`."""
        return shuffle(
            self.units,
            self.labels,
            self.story,
            self.n_labels,
            self.z,
            self.z_of,
            draws=draws,
            level=level,
            rng=rng,
        )

    def table(self, groups: list[str], level: float, tail: Tail | None) -> pd.DataFrame:
        """`CONTRAST`, in the order of groups, within each the words from the highest z."""
        own, rest = (
            self.sums[: self.n_groups],
            np.broadcast_to(self.other(self.sums), (self.n_groups, len(self.terms) + 1)),
        )
        delta, sd = self.log_odds(self.sums)
        width, strict = (
            norm.ppf(0.5 + level / 2),
            norm.ppf(1 - (1 - level) / 2 / max(len(self.terms), 1)),
        )
        unknown = np.full(self.z.shape, np.nan)
        adjusted, discovery = (unknown, unknown) if tail is None else tail.judge(self.z)
        table = pd.DataFrame(
            {
                "group": np.repeat(np.array(groups, object), len(self.terms)),
                "term": np.tile(self.terms.to_numpy(object), len(groups)),
                "count": own[:, :-1].ravel().astype(np.int64),
                "count_rest": rest[:, :-1].ravel().astype(np.int64),
                "rate": (1000 * own[:, :-1] / np.maximum(own[:, -1:], 1)).ravel(),
                "rate_rest": (1000 * rest[:, :-1] / np.maximum(rest[:, -1:], 1)).ravel(),
                "log_odds": delta.ravel(),
                "low": (delta - width * sd).ravel(),
                "high": (delta + width * sd).ravel(),
                "z": self.z.ravel(),
                "familywise": np.abs(self.z).ravel() > strict,
                "p_adjusted": adjusted.ravel(),
                "false_discovery": discovery.ravel(),
            },
            columns=CONTRAST,
        )
        place = np.repeat(np.arange(len(groups)), len(self.terms))
        order = np.lexsort(
            (np.tile(np.arange(len(self.terms)), len(groups)), -table["z"].round(9), place)
        )
        return table.iloc[order].reset_index(drop=True)


def contrast(
    counts: Counts,
    codes: np.ndarray,
    n_groups: int,
    *,
    story: np.ndarray,
    usual: pd.Series | None,
    others: Counts | None,
    against: str,
    prior: float,
    min_count: int,
) -> Contrast:
    """Set groups against each other or a background.

    Parameters
    ----------
    counts : Counts
    codes : int array of shape (n_articles,)
        The group of each article; -1 for those left out.
    n_groups : int
    story : int array of shape (n_articles,)
        The story of each article.
    usual : Series of counts by word, or None
        The background.
    others : Counts, or None
        The background's units, to be shuffled with the groups'.
    against : {"rest", "background"}
    prior, min_count
        See `keyness`.
    """
    labels = codes[counts.article]
    story = story[counts.article][labels >= 0]
    matrix, labels = counts.matrix[labels >= 0], labels[labels >= 0]
    totals = matrix.sum(axis=0)
    tested = totals >= min_count
    terms = counts.terms[tested]
    units = _with_all(matrix[:, np.flatnonzero(tested)], matrix.sum(axis=1))
    known = np.zeros(len(terms)) if usual is None else usual.reindex(terms).fillna(0.0).to_numpy()
    everything = totals.sum() + (0.0 if usual is None else usual.sum())
    alpha = prior * (totals[tested] + known) / max(everything, 1)
    fixed = None
    if others is not None:
        units = sparse.vstack(
            [units, _with_all(_columns(others, terms), others.matrix.sum(axis=1))], format="csr"
        )
        labels, story = (
            np.r_[known_of, np.full(others.matrix.shape[0], new)]
            for known_of, new in ((labels, n_groups), (story, 0))
        )
    elif against == "background":
        fixed = np.r_[known, usual.sum()]
    return Contrast(sparse.csr_array(units), labels, story, n_groups, terms, alpha, prior, fixed)


def _with_all(matrix: sparse.csr_array, every: np.ndarray) -> sparse.csr_array:
    return sparse.csr_array(sparse.hstack([matrix, sparse.csr_array(every.reshape(-1, 1))]))


def _columns(counts: Counts, terms: pd.Index) -> sparse.csr_array:
    """The columns of these words, empty where the counts lack one."""
    place = counts.terms.get_indexer(terms)
    there = np.flatnonzero(place >= 0)
    spread = sparse.csr_array(
        (np.ones(len(there)), (place[there], there)), shape=(counts.matrix.shape[1], len(terms))
    )
    return counts.matrix @ spread
