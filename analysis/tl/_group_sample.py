"""Profiles of groups: mean departures of their articles from story or topic, and resamples."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.groups import By, Grouping, group_articles
from analysis.inference import generator, resample
from analysis.tl._blocks import DIRECTION
from analysis.tl._profile_sample import CONSTANT, ProfileSample
from analysis.tl._topic import less_topic, topic_vectors

_AT_ONCE = 64  # draws held in memory


FEW_UNITS = 40  # so many articles are compared one by one


def usual_units(features: Features) -> By | None:
    """What `by` is for profiles where none is given: articles up to 40, else as everywhere."""
    return "article_id" if len(features.article_ids) <= FEW_UNITS else None


def groups_of(features: Features, by: By | None) -> Grouping:
    """The groups that profiles are made of, or the single articles."""
    return group_articles(features, usual_units(features) if by is None else by)


def sample_of(
    features: Features,
    grouping: Grouping,
    *,
    blocks: Collection[str] | None,
    within: str | None,
    weights: Mapping[str, float] | None,
    seed: int,
) -> ProfileSample | GroupSample:
    """Profiles of the groups, or of the articles where each is one."""
    articles = ProfileSample.of(features, blocks=blocks, within=within, weights=weights, seed=seed)
    if grouping.by == "article_id":
        return articles
    topic = topic_vectors(features) if within is None else None
    return GroupSample(articles, grouping.codes, grouping.names, topic, seed)


@dataclass(frozen=True, eq=False)
class GroupSample:
    """Groups of articles, with the profiles of the articles that they have.

    Attributes
    ----------
    articles : ProfileSample
    codes : int array of shape (n_articles,)
        The group of each article; -1 for those left out.
    ids : list of str
        Groups.
    topic : array of shape (n_articles, n_dimensions), or None
        What is taken out of the articles; None where they are compared with their stratum's mean.
    seed : int
    """

    articles: ProfileSample
    codes: np.ndarray
    ids: list[str]
    topic: np.ndarray | None
    seed: int

    @property
    def counts(self):
        """As of the articles."""
        return self.articles.counts

    @property
    def block_of(self) -> np.ndarray:
        """The block of each column."""
        return self.articles.block_of

    @property
    def features(self) -> list[str]:
        """The feature of each column."""
        return self.articles.features

    @property
    def weights(self) -> dict[str, float]:
        """Of the blocks."""
        return self.articles.weights

    @property
    def stratum(self) -> np.ndarray:
        """All groups are of one: stories are taken out of their articles."""
        return np.zeros(len(self.ids), np.int64)

    @cached_property
    def _members(self) -> list[np.ndarray]:
        return [np.flatnonzero(self.codes == code) for code in range(len(self.ids))]

    @property
    def n(self) -> np.ndarray:
        """Denominators, summed over a group's articles: (n_groups, n_columns)."""
        return np.stack([self.articles.n[rows].sum(axis=0) for rows in self._members])

    @cached_property
    def values(self) -> np.ndarray:
        """Ratios of the sums over all sentences of a group: (n_groups, n_columns)."""
        above, below = self.articles.totals
        sums = [(above[rows].sum(axis=0), below[rows].sum(axis=0)) for rows in self._members]
        above, below = map(np.stack, zip(*sums))
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)

    @cached_property
    def _departures(self) -> tuple[np.ndarray, np.ndarray]:
        """Of each article from its story's mean or what its topic leads to expect; which exist."""
        compared = self.articles.compared(self.articles.values)
        known = ~np.isnan(compared) & (self.codes >= 0)[:, None]
        values = np.where(known, compared, 0.0)
        if self.topic is not None:
            return less_topic(values, known, self.topic), known
        left = np.zeros_like(values)
        for number in np.unique(self.articles.stratum):
            rows = self.articles.stratum == number
            mean = values[rows].sum(axis=0) / np.maximum(known[rows].sum(axis=0), 1)
            left[rows] = np.where(known[rows], values[rows] - mean, 0.0)
        return left, known

    @cached_property
    def _spread(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.spread(self._means(self.codes), self.codes)

    def _means(self, codes: np.ndarray) -> np.ndarray:
        """Mean departures of groups, less the mean of the groups that have any."""
        left, known = self._departures
        rows = np.flatnonzero(codes >= 0)
        total, n = np.zeros((2, len(self.ids), left.shape[1]))
        np.add.at(total, codes[rows], left[rows])
        np.add.at(n, codes[rows], known[rows])
        return _centred(total, n)

    def spread(
        self, means: np.ndarray, codes: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Unit of each column, its reliability, and each group's standard error.

        The unit is the standard error of a group's mean, from how articles of one group differ,
        pooled over groups; infinite where nothing differs. The reliability is the root of the
        share of the variance between groups that is more than such errors make, at least 0.
        """
        left, known = self._departures
        rows = np.flatnonzero(codes >= 0)
        n = np.zeros((len(self.ids), left.shape[1]))
        np.add.at(n, codes[rows], known[rows])
        total = np.zeros_like(n)
        np.add.at(total, codes[rows], left[rows])
        within = np.where(known, left - (total / np.maximum(n, 1))[codes], 0.0)[rows]
        free = np.maximum(n.sum(axis=0) - (n > 0).sum(axis=0), 0)
        squares = (within**2).sum(axis=0)
        # where each group is one article, all of them together must do
        alone = free == 0
        if alone.any():
            squares[alone] = (left[rows][:, alone] ** 2).sum(axis=0)
            free = np.where(alone, np.maximum(known[rows].sum(axis=0) - 1, 1), free)
        variance = squares / free
        there = n > 0
        each = np.where(there, variance / np.maximum(n, 1), 0.0)
        n_groups = there.sum(axis=0)
        error = each.sum(axis=0) / np.maximum(n_groups, 1)
        between = (means**2).sum(axis=0) / np.maximum(n_groups, 1)
        for columns in self.articles.columns(DIRECTION):
            error[columns], between[columns] = error[columns].mean(), between[columns].mean()
        least = (CONSTANT * np.maximum(1, np.abs(np.nan_to_num(self.values)).max(axis=0))) ** 2
        differs = (error > least) | (between > least)
        error = np.maximum(error, least)
        expected = error * (n_groups - 1) / np.maximum(n_groups, 1)
        share = 1 - np.divide(expected, between, out=np.ones_like(error), where=between > least)
        error = np.where(differs, error, np.inf)
        unit = np.sqrt(error)
        return unit, np.sqrt(np.maximum(share, 0)), np.sqrt(each) / unit

    @cached_property
    def z(self) -> np.ndarray:
        """Standard errors from the mean of the groups: (n_groups, n_columns)."""
        return self._means(self.codes) / self._spread[0]

    @property
    def scale(self) -> np.ndarray:
        """What each column of `z` is multiplied by before distances are taken."""
        return self._scaled(self._spread[1])

    def _scaled(self, reliability: np.ndarray) -> np.ndarray:
        return reliability * np.array([self.weights[block] for block in self.block_of])

    @property
    def errors(self) -> np.ndarray:
        """Standard error of each cell of `z` as the articles of all groups differ."""
        return self._spread[2]

    @property
    def weighted(self) -> np.ndarray:
        """`z` times the weights of its columns."""
        return self.z * self.scale

    @property
    def matrix(self) -> pd.DataFrame:
        """`z` with the groups and features named."""
        columns = [f"{block}: {name}" for block, name in zip(self.block_of, self.features)]
        return pd.DataFrame(self.z, index=pd.Index(self.ids, name="group"), columns=columns)

    @property
    def blocks(self) -> pd.DataFrame:
        """The table of blocks, as in `Profile`."""
        missing, differ = np.isnan(self.values), self.scale > 0
        table = self.articles.blocks
        for i, name in enumerate(table["block"]):
            of = self.block_of == name
            if of.any():
                table.loc[i, ["n_features", "scale", "n_imputed"]] = (
                    int(differ[of].sum()),
                    self.weights[name],
                    int(missing[:, of].sum()),
                )
        return table

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings that belong beside the numbers."""
        notes = [*self.articles.notes_of_blocks]
        if self.topic is None:
            stories = pd.Series(self.codes).groupby(self.articles.stratum).nunique()
            if alone := int((stories == 1).sum()):
                notes.append(
                    f"{alone} of {len(stories)} groups of `within` are covered by one group of"
                    " articles only, and say nothing of how groups differ."
                )
        elif self.topic.shape[1]:
            notes.append(
                f"Taken out of each article: what {self.topic.shape[1]} dimensions of its words"
                " lead to expect."
            )
        else:
            notes.append("Too few articles to take their topics out.")
        if filled := int(np.isnan(self.values).sum()):
            notes.append(
                f"{filled} of {self.values.size} cells have nothing to count and stand at the mean."
            )
        return tuple(notes)

    def resample(self, row: int, draws: int) -> Iterator[np.ndarray]:
        """Values of a group from resampled articles, in chunks of shape (draws, n_columns)."""
        rows = self._members[row]
        if len(rows) == 1:
            yield from self.articles.resample(int(rows[0]), draws)
            return
        above, below = (part[rows] for part in self.articles.totals)
        for times in self._times(row, draws):
            down = times @ below
            with np.errstate(invalid="ignore", divide="ignore"):
                yield np.where(down > 0, times @ above / np.where(down > 0, down, 1), np.nan)

    def _times(self, row: int, draws: int) -> Iterator[np.ndarray]:
        """How often each article of a group is drawn; a group and a seed give the same."""
        rng, n = generator(self.seed, "profile", self.ids[row]), len(self._members[row])
        for first in range(0, draws, _AT_ONCE):
            yield resample(n, min(_AT_ONCE, draws - first), rng)

    def draws(self, n: int) -> Iterator[np.ndarray]:
        """Weighted profiles from resampled articles: (draws, n_groups, n_columns) in chunks."""
        for parts in zip(*(self._drawn(row, n) for row in range(len(self.ids)))):
            total, known = (np.stack(part, axis=1) for part in zip(*parts))
            yield _centred(total, known) / self._spread[0] * self.scale

    def _drawn(self, row: int, draws: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Sums of departures and how many, of one group in each draw."""
        left, known = self._departures
        rows = self._members[row]
        if len(rows) > 1:
            for times in self._times(row, draws):
                yield times @ left[rows], times @ known[rows].astype(float)
            return
        (only,) = rows  # the sentences of the one article, which is still about the same
        expected = self.articles.compared(self.articles.values)[only] - left[only]
        for values in self.articles.resample(int(only), draws):
            compared = self.articles.compared(values)
            there = ~np.isnan(compared) & known[only]
            yield np.where(there, compared - expected, 0.0), there.astype(float)

    def mean_vectors(self, vectors: np.ndarray) -> np.ndarray:
        """Mean vectors of the groups."""
        return np.stack([vectors[rows].mean(axis=0) for rows in self._members])

    def topic_draws(self, vectors: np.ndarray, n: int) -> Iterator[np.ndarray]:
        """Mean vectors of the groups from the same resampled articles, in chunks."""
        of = [self._drawn_vectors(row, vectors, n) for row in range(len(self.ids))]
        for parts in zip(*of):
            yield np.stack(parts, axis=1)

    def _drawn_vectors(self, row: int, vectors: np.ndarray, draws: int) -> Iterator[np.ndarray]:
        rows = self._members[row]
        for times in self._times(row, draws):
            yield times @ vectors[rows] / len(rows)

    def permuted(self, codes: np.ndarray) -> GroupSample:
        """The same articles in other groups of the same sizes."""
        other = GroupSample(self.articles, codes, self.ids, self.topic, self.seed)
        other.__dict__["_departures"] = self._departures
        return other


def _centred(total: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Means of groups less the mean of those that have one; 0 for the others."""
    there = n > 0
    means = np.where(there, total / np.where(there, n, 1), 0.0)
    mean = means.sum(axis=-2, keepdims=True) / np.maximum(there.sum(axis=-2, keepdims=True), 1)
    return np.where(there, means - mean, 0.0)
