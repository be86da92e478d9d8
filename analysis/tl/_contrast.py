"""Contrast: the log-odds of words, each group against the rest or a background, and their null."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import norm

from analysis.groups import Grouping
from analysis.inference import interval, one_hot
from analysis.tl._null import CHANCE, LISTED, STEP, STEPS, THRESHOLDS, Tail, reaching, steps
from analysis.tl._words import WordCounts

CONTRAST = (
    "group term count count_rest rate rate_rest log_odds low high z familywise p_adjusted"
    " false_discovery"
).split()


@dataclass(frozen=True)
class Contrast:
    """What is compared with what.

    Attributes
    ----------
    groups : list of str
    units : csr_array of shape (n_units, 2 * n_words + 1)
        WordCounts of the words compared by sentence or article, a column that counts all words, and
        of each word what its variance is summed from: its counts, squared where units are articles.
    labels : int array of shape (n_units,)
        The group of each unit; `n_groups` for those of a background.
    stratum : int array of shape (n_units,)
        Units of one stratum may be exchanged.
    terms : Index of str
    alpha : array of shape (n_words,)
        Pseudo-counts.
    prior : float
        Their sum over all words, compared or not.
    fixed : array of shape (2 * n_words + 1,) or None
        WordCounts of a background that has no units.
    own : bool array of shape (n_groups, n_words) or None
        Words that are not compared in a group.
    tested : bool array of shape (n_groups,)
        Groups that are large enough to be permuted with others; words of the rest have no p.
    """

    groups: list[str]
    units: sparse.csr_array
    labels: np.ndarray
    stratum: np.ndarray
    terms: pd.Index
    alpha: np.ndarray
    prior: float
    tested: np.ndarray
    fixed: np.ndarray | None = None
    own: np.ndarray | None = None

    @property
    def n_groups(self) -> int:
        return len(self.groups)

    @property
    def n_labels(self) -> int:
        return max(self.n_groups, int(self.labels.max(initial=0)) + 1)

    @cached_property
    def sums(self) -> np.ndarray:
        """Sums of `units` by group, shape (n_labels, 2 * n_words + 1)."""
        return (one_hot(self.labels, self.n_labels) @ self.units).toarray()

    @cached_property
    def _total(self) -> np.ndarray:
        return self.sums.sum(axis=0)

    def other(self, group: int) -> np.ndarray:
        """What a group is compared with: shape (2 * n_words + 1,)."""
        if self.fixed is not None:
            return self.fixed
        if self.n_labels > self.n_groups:
            return self.sums[self.n_groups]
        return self._total - self.sums[group]

    def log_odds(self, group: int) -> tuple[np.ndarray, np.ndarray]:
        """Log-odds and their standard deviation of one group, as `keyness` has it."""
        own, rest = self.sums[group], self.other(group)
        n = len(self.terms)
        a, b = own[:n] + self.alpha, rest[:n] + self.alpha
        delta = np.log(a / (own[n] + self.prior - a) * ((rest[n] + self.prior - b) / b))
        spread_a, spread_b = own[n + 1 :] + self.alpha, rest[n + 1 :] + self.alpha
        return delta, np.sqrt(spread_a / a**2 + spread_b / b**2)

    def permuted(
        self, draws: int, level: float, rng: np.random.Generator
    ) -> tuple[Tail, pd.DataFrame]:
        """Permute the units' groups `draws` times.

        Returns
        -------
        Tail
        DataFrame
            `CHANCE`: a row of each group for each of `THRESHOLDS` and for its tenth word's ``|z|``.
            Both of the groups that are tested.
        """
        if not self.tested.all():
            return self._pooled().permuted(draws, level, rng)
        from analysis.tl._permuted_words import permuted_counts  # compiled: only where needed

        n_groups = len(self.tested)
        rows = np.arange(n_groups)[:, None]

        found = np.empty((n_groups, STEPS), np.int64)
        for group in range(n_groups):
            delta, sd = self.log_odds(group)
            places = steps(delta / sd)
            if self.own is not None:
                places[self.own[group]] = 0
            found[group] = reaching(np.bincount(places, minlength=STEPS))
        tenth = (found >= min(LISTED, len(self.terms))).sum(axis=1) - 1
        limits = np.column_stack([np.tile(steps(np.array(THRESHOLDS)), (n_groups, 1)), tenth])
        total, largest = np.zeros((n_groups, STEPS)), np.empty(draws, np.int64)
        above = np.empty((draws, *limits.shape), np.int64)
        for draw, counts in enumerate(permuted_counts(self, n_groups, draws, rng)):
            width = counts.shape[1]
            total[:, :width] += counts
            largest[draw] = width - 1
            reached = reaching(counts)[rows, np.minimum(limits, width - 1)]
            above[draw] = np.where(limits < width, reached, 0)
        observed = found[rows, limits]
        low, high = interval(above, level)
        columns = [
            np.repeat(np.array(self.groups[:n_groups], object), limits.shape[1]),
            limits * STEP,
            observed,
            above.mean(axis=0),
            low,
            high,
            (1 + (above >= observed).sum(axis=0)) / (draws + 1),
        ]
        chance = pd.DataFrame({name: c.ravel() for name, c in zip(CHANCE, columns)})
        as_large = reaching(np.bincount(largest, minlength=STEPS))
        return Tail(reaching(total) / draws, (1 + as_large) / (draws + 1)), chance

    def _pooled(self) -> Contrast:
        """The same with the groups that are not tested as one, which comes last."""
        kept = np.flatnonzero(self.tested)
        place = np.full(self.n_labels, len(kept))
        place[kept] = np.arange(len(kept))
        place[self.n_groups :] = len(kept) + 1  # a background
        groups = [*(self.groups[g] for g in kept), "\x1f others"]
        own = None if self.own is None else self.own[kept]
        tested = np.ones(len(kept), bool)
        return replace(self, groups=groups, labels=place[self.labels], tested=tested, own=own)

    def table(self, level: float, tail: Tail | None) -> pd.DataFrame:
        """`CONTRAST`, in the order of groups, within each the words from the highest z."""
        n = len(self.terms)
        left_out = np.zeros((self.n_groups, n), bool) if self.own is None else self.own
        kept = n - left_out.sum(axis=1)
        width = norm.ppf(0.5 + level / 2)
        strict = norm.ppf(1 - (1 - level) / 2 / max(n, 1))  # Bonferroni
        tested = iter(range(self.n_groups))  # rows of `tail`
        word = np.empty(kept.sum(), np.int64)
        columns = {name: np.full(len(word), np.nan) for name in CONTRAST[2:]}
        columns |= {name: np.empty(len(word), np.int64) for name in ("count", "count_rest")}
        columns["familywise"] = np.empty(len(word), bool)
        # group by group, as there may be millions of rows
        for group, stop in enumerate(kept.cumsum()):
            own, rest = self.sums[group], self.other(group)
            delta, sd = self.log_odds(group)
            z = delta / sd
            found = [own[:n], rest[:n], 1000 * own[:n] / max(own[n], 1)]
            found += [1000 * rest[:n] / max(rest[n], 1), delta, delta - width * sd]
            found += [delta + width * sd, z, np.abs(z) > strict]
            if tail is not None and self.tested[group]:
                found += tail.judge(next(tested), np.where(left_out[group], 0.0, z))
            words = np.flatnonzero(~left_out[group])
            words = words[np.argsort(-z[words].round(9), kind="stable")]
            at = slice(stop - len(words), stop)
            word[at] = words
            for column, values in zip(columns.values(), found):
                column[at] = values[words]
        named = pd.Index(self.groups, dtype="str").repeat(kept)
        terms = self.terms.astype("str").take(word)
        return pd.DataFrame({"group": named, "term": terms, **columns}, copy=False)


def contrast(
    counts: WordCounts,
    groups: Grouping,
    stratum: np.ndarray,
    *,
    usual: pd.Series | None,
    others: WordCounts | None,
    against: str,
    prior: float,
    min_count: int,
    tested: np.ndarray,
    by_article: bool,
) -> Contrast:
    """Set groups against each other or a background.

    Parameters
    ----------
    counts : WordCounts
    groups : Grouping
    stratum : int array of shape (n_articles,)
    usual : Series of counts by word, or None
        The background.
    others : WordCounts, or None
        The background's units, to be permuted with the groups'.
    against : {"rest", "background"}
    prior, min_count
        See `keyness`.
    tested : bool array of shape (n_groups,)
    by_article : bool
        Whether words of one article are alike: their variance is that of articles then.
    """
    matrix, labels, stratum = counts.grouped(groups.codes, stratum)
    totals = matrix.sum(axis=0)
    kept = totals >= min_count
    terms = counts.terms[kept]
    units = _with_all(matrix[:, np.flatnonzero(kept)], matrix, by_article)
    known = np.zeros(len(terms)) if usual is None else usual.reindex(terms).fillna(0.0).to_numpy()
    everything = totals.sum() + (0.0 if usual is None else usual.sum())
    alpha = prior * (totals[kept] + known) / max(everything, 1)
    fixed = None
    if others is not None:
        more = _with_all(_columns(others, terms), others.matrix, by_article)
        units = sparse.vstack([units, more], format="csr")
        labels = np.r_[labels, np.full(more.shape[0], len(groups.names))]
        stratum = np.r_[stratum, np.zeros(more.shape[0], np.int64)]
    elif usual is not None and against == "background":
        fixed = np.r_[known, usual.sum(), known]
    return Contrast(groups.names, units, labels, stratum, terms, alpha, prior, tested, fixed)


def _with_all(
    matrix: sparse.csr_array, every: sparse.csr_array, by_article: bool
) -> sparse.csr_array:
    """Append the count of all words as a column, and what variances are summed from."""
    spread = matrix.power(2) if by_article else matrix
    return sparse.csr_array(sparse.hstack([matrix, every.sum(axis=1)[:, None], spread]))


def _columns(counts: WordCounts, terms: pd.Index) -> sparse.csr_array:
    """The columns of these words, empty where the counts lack one."""
    empty = sparse.csr_array((counts.matrix.shape[0], 1))
    padded = sparse.csr_array(sparse.hstack([counts.matrix, empty]))
    return padded[:, counts.terms.get_indexer(terms)]  # -1 where it is lacking: the last column
