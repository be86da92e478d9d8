"""Sums by sentence of the blocks of a profile, from which profiles are made and resampled."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, OptionError
from analysis.features import Features
from analysis.groups import strata
from analysis.inference import generator, resample
from analysis.options import Number, check_choices, check_option
from analysis.tl._blocks import BLOCKS, DIRECTION, FRAMING, NOT_FRAMING, ROOT, BlockCounts

CONSTANT = 1e-9  # a feature whose standard deviation is less says nothing
_AT_ONCE = 64  # draws held in memory


@dataclass(frozen=True, eq=False)
class ProfileSample:
    """The sentences of each article, counted in all blocks.

    Attributes
    ----------
    ids : list of str
        Articles.
    counts : dict of str to BlockCounts
        By block.
    bounds : int array of shape (n_articles + 1,)
        The first sentence of each article, and the number of all.
    stratum : int array of shape (n_articles,)
        Whose mean is taken out.
    weights : dict of str to float
        Of the blocks.
    left_out : dict of str to str
        Why a block could not be counted.
    seed : int
    """

    ids: list[str]
    counts: dict[str, BlockCounts]
    bounds: np.ndarray
    stratum: np.ndarray
    weights: dict[str, float]
    left_out: dict[str, str]
    seed: int

    @classmethod
    def of(
        cls,
        features: Features,
        *,
        blocks: Collection[str] | None,
        within: str | None,
        weights: Mapping[str, float] | None,
        seed: int,
    ) -> ProfileSample:
        """Count the blocks that the options of `profile` name."""
        given = _checked_weights(weights)
        asked = FRAMING if blocks is None else (blocks,) if isinstance(blocks, str) else blocks
        check_choices("blocks", asked, tuple(BLOCKS))
        # numbered in the order of their first articles
        stratum = pd.factorize(strata(features, within))[0]
        articles = features.table("articles", ["article_id", "n_sentences"])
        if not (articles["n_sentences"] > 0).any():
            raise FeaturesError(
                f"{features.corpus} has no article with a sentence; a profile counts sentences."
            )
        counts, left_out = {}, {}
        for name in dict.fromkeys(asked):
            try:
                counts[name] = BLOCKS[name](features)
            except FeaturesError as error:
                left_out[name] = str(error)
        if left_out and (blocks is not None or not counts):
            reasons = "; ".join(f"{name!r} ({why})" for name, why in left_out.items())
            raise FeaturesError(
                f"{features.corpus}: cannot count the blocks {reasons}; leave them out, or correct"
                " that and extract again."
            )
        ids = articles["article_id"].tolist()
        rows = pd.Index(ids).get_indexer(features.table("sentences", ["article_id"])["article_id"])
        bounds = np.searchsorted(rows, np.arange(len(ids) + 1))
        chosen = {name: float(given.get(name, 1.0)) for name in counts}
        return cls(ids, counts, bounds, stratum, chosen, left_out, seed)

    @cached_property
    def block_of(self) -> np.ndarray:
        """The block of each column."""
        return np.repeat(list(self.counts), [len(block.names) for block in self.counts.values()])

    @cached_property
    def features(self) -> list[str]:
        """The feature of each column."""
        return [feature for block in self.counts.values() for feature in block.names]

    @cached_property
    def totals(self) -> tuple[np.ndarray, np.ndarray]:
        """Numerators and denominators of each article: arrays of shape (n_articles, n_columns)."""
        sizes = np.diff(self.bounds)
        sums = [self._sums(row, np.ones((1, size))) for row, size in enumerate(sizes)]
        above, below = map(np.concatenate, zip(*sums))
        return above, below

    @property
    def n(self) -> np.ndarray:
        """Denominators: array of shape (n_articles, n_columns)."""
        return self.totals[1]

    @cached_property
    def values(self) -> np.ndarray:
        """Observed ratios, NaN where there is nothing to count: (n_articles, n_columns)."""
        return _ratio(*self.totals)

    @cached_property
    def _centred(self) -> np.ndarray:
        return self.centre(self.values[None])[0]

    @cached_property
    def _spread(self) -> tuple[np.ndarray, np.ndarray]:
        return self.spread(self._centred)

    @property
    def scale(self) -> np.ndarray:
        """What each column of `z` is multiplied by before distances are taken."""
        return self._spread[1]

    @cached_property
    def z(self) -> np.ndarray:
        """Standard deviations from the mean of the stratum: (n_articles, n_columns)."""
        return self._centred / self._spread[0]

    @property
    def weighted(self) -> np.ndarray:
        """`z` times the weights of its columns; squared distances are sums over blocks."""
        return self.z * self.scale

    @property
    def matrix(self) -> pd.DataFrame:
        """`z` with the articles and features named."""
        columns = [f"{block}: {name}" for block, name in zip(self.block_of, self.features)]
        return pd.DataFrame(self.z, index=pd.Index(self.ids, name="group"), columns=columns)

    @property
    def blocks(self) -> pd.DataFrame:
        """The table of blocks, as in `Profile`."""
        differ, missing = np.isfinite(self._spread[0]), np.isnan(self.values)
        rows = []
        for name, weight in self.weights.items():
            of = self.block_of == name
            scale, n_imputed = self.scale[of][0], int(missing[:, of].sum())
            rows.append((name, int(differ[of].sum()), weight, scale, n_imputed, True, ""))
        rows += [(name, 0, 1.0, np.nan, 0, False, why) for name, why in self.left_out.items()]
        columns = ["block", "n_features", "weight", "scale", "n_imputed", "used", "why_not"]
        return pd.DataFrame(rows, columns=columns)

    @property
    def errors(self) -> np.ndarray:
        """The least standard error that a cell of `z` can have: that of a count by chance."""
        below = np.where(self.n > 0, self.n, np.inf)
        counted = np.isin(np.arange(below.shape[1]), np.concatenate([[], *self.columns(ROOT)]))
        return np.where(counted, 0.5 / np.sqrt(below), 0.0) / self._spread[0]

    @property
    def notes_of_blocks(self) -> list[str]:
        """Warnings about the blocks, whatever is compared."""
        notes = [block.note for block in self.counts.values() if block.note]
        notes += [
            f"The block {name} describes {NOT_FRAMING[name]}, not its framing."
            for name in self.counts
            if name in NOT_FRAMING
        ]
        if self.left_out:
            reasons = "; ".join(f"{name} ({why})" for name, why in self.left_out.items())
            notes.append(f"Left out: {reasons}.")
        return notes

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings that belong beside the numbers."""
        notes = self.notes_of_blocks
        sizes = np.bincount(self.stratum)
        if len(sizes) > 1 and (alone := int((sizes == 1).sum())):
            notes.append(
                f"{alone} of {len(sizes)} groups of `within` have one article only, which is all of"
                " its mean: nothing of it is left."
            )
        if filled := int(np.isnan(self.values).sum()):
            notes.append(
                f"{filled} of {self.values.size} cells have nothing to count and stand at the mean."
            )
        return tuple(notes)

    def resample(self, row: int, draws: int) -> Iterator[np.ndarray]:
        """Values of one article from resampled sentences, in chunks of shape (draws, n_columns).

        An article and a seed always give the same draws.
        """
        n, rng = np.diff(self.bounds)[row], generator(self.seed, "profile", self.ids[row])
        for first in range(0, draws, _AT_ONCE):
            size = min(_AT_ONCE, draws - first)
            yield _ratio(*self._sums(row, resample(n, size, rng) if n else np.zeros((size, 0))))

    def draws(self, n: int) -> Iterator[np.ndarray]:
        """Weighted profiles from resampled sentences: (draws, n_articles, n_columns) in chunks."""
        for parts in zip(*(self.resample(row, n) for row in range(len(self.ids)))):
            yield self.centre(np.stack(parts, axis=1)) / self._spread[0] * self.scale

    def spread(self, centred: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Standard deviation and scale of each column, from centred profiles of some articles.

        The deviation is infinite where a column says nothing. The scale makes the largest singular
        value of each standardised block its weight times the root of the number of articles.
        """
        sd = np.sqrt((centred**2).mean(axis=0))
        for columns in self.columns(DIRECTION):
            sd[columns] = np.sqrt((sd[columns] ** 2).mean())
        least = CONSTANT * np.maximum(1, np.abs(np.nan_to_num(self.values)).max(axis=0))
        sd = np.where(sd > least, sd, np.inf)
        z, scale = centred / sd, np.ones(len(sd))
        for name, weight in self.weights.items():
            of = self.block_of == name
            largest = np.linalg.norm(z[:, of], 2) / np.sqrt(len(z))
            scale[of] = weight / largest if largest > 0 else weight
        return sd, scale

    def centre(self, values: np.ndarray) -> np.ndarray:
        """Compared values less the mean of the article's stratum, missing ones at 0.

        Both are of shape (draws, n_articles, n_columns).
        """
        compared = self.compared(values)
        known = ~np.isnan(compared)
        compared, centred = np.where(known, compared, 0.0), np.zeros_like(values)
        for number in np.unique(self.stratum):
            rows = self.stratum == number
            total, n = compared[:, rows].sum(axis=1), known[:, rows].sum(axis=1)
            mean = (total / np.maximum(n, 1))[:, None]
            centred[:, rows] = np.where(known[:, rows], compared[:, rows] - mean, 0.0)
        return centred

    def compared(self, values: np.ndarray) -> np.ndarray:
        """Values as they are compared: rates by their roots, a direction by its length."""
        compared = values.copy()
        for columns in self.columns(ROOT):
            compared[..., columns] = np.sqrt(np.maximum(compared[..., columns], 0))
        for columns in self.columns(DIRECTION):
            length = np.linalg.norm(compared[..., columns], axis=-1, keepdims=True)
            compared[..., columns] /= np.where(length > 0, length, 1)
        return compared

    def columns(self, compare: str) -> list[np.ndarray]:
        """The columns of each block that is compared in one way."""
        return [
            np.flatnonzero(self.block_of == name)
            for name, block in self.counts.items()
            if block.compare == compare
        ]

    def _sums(self, row: int, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Numerators and denominators of an article whose sentences are counted `times`."""
        part = slice(self.bounds[row], self.bounds[row + 1])
        above = [times @ block.numerators[part] for block in self.counts.values()]
        below = [
            np.broadcast_to(times @ block.denominators[part], numerators.shape)
            for block, numerators in zip(self.counts.values(), above)
        ]
        return np.concatenate(above, axis=1), np.concatenate(below, axis=1)


def _checked_weights(weights: Mapping[str, float] | None) -> dict[str, float]:
    if weights is None:
        return {}
    if not isinstance(weights, Mapping):
        raise OptionError(f"weights must be a mapping from block to number (got {weights!r:.80})")
    if weights:
        check_choices("weights", list(weights), tuple(BLOCKS))
    for name, weight in weights.items():
        check_option(f"weights[{name!r}]", weight, Number(0))
    return dict(weights)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)
