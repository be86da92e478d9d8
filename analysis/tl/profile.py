"""Profiles: what can be counted of an article's framing, as named blocks of one table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, OptionError
from analysis.features import Features
from analysis.inference import few_articles, generator, interval
from analysis.results import Result, at_least
from analysis.tl._blocks import BLOCKS, DIRECTION, FRAMING, NOT_FRAMING, ROOT, Counts
from analysis.views import origin

CONSTANT = 1e-9  # a feature whose standard deviation is less says nothing
CHUNK = 64  # draws at once


@dataclass(frozen=True, eq=False, repr=False)
class Profile(Result):
    """Profiles of articles; for one table of numbers by article see `matrix`.

    Attributes
    ----------
    table : DataFrame
        article_id, block, feature, value, low, high (in the block's own unit: a rate, a mean), n
        (what the value is a share of: words, mentions, sentences), imputed (true where n is 0, so
        that the mean stands in), z (see `matrix`).
    matrix : DataFrame
        One row per article, one column per feature ("frames: conflict"): standard deviations from
        the mean of the corpus, the story's mean taken out before if a story is named.
    blocks : DataFrame
        block, n_features (those that differ between articles), weight (as given), scale (what its
        columns are multiplied by before distances are taken), n_imputed (cells), used, why_not.
    """

    matrix: pd.DataFrame
    blocks: pd.DataFrame

    @property
    def weights(self) -> pd.Series:
        """What each column of `matrix` is multiplied by before distances are taken."""
        scale = self.blocks.set_index("block")["scale"]
        return pd.Series(
            [scale[column.split(": ", 1)[0]] for column in self.matrix.columns],
            index=self.matrix.columns,
        )


def profile(
    features: Features,
    *,
    blocks: tuple[str, ...] | None = None,
    story: str | None = None,
    weights: Mapping[str, float] | None = None,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Profile:
    r"""Count each article's framing in named blocks of one table.

    A feature of an article is a ratio of sums over its sentences, :math:`x_{af} = \sum_s u_{sf} /
    \sum_s v_{sf}`: frame words per word, labels of a family per mention, the mean tone of mentions.
    Rates of counts are compared as square roots (Hellinger), as the variance of a count grows with
    the count. Then, with :math:`\bar x` the mean of the article's story (of the corpus if no story
    is named) and :math:`s_f` the standard deviation of what is left,

    .. math:: z_{af} = (\sqrt{x_{af}} - \overline{\sqrt{x}}_{S(a)f}) / s_f

    Before distances are taken, each block is divided by its largest singular value (as in multiple
    factor analysis; Escofier and Pagès 1994), so that none is stronger than another along any one
    line: neither one of many features, nor one whose single feature all its weight would rest on.

    What an article does not have (no mention of an actor: no tone towards him) is put at the mean,
    0, and marked. A feature that does not differ between articles is 0 and counts for nothing.

    Parameters
    ----------
    features : Features
        Either form; some blocks need the private one.
    blocks : tuple of str, optional
        Of "labels", "voices", "frames", "axes", "tone", "polarity", and, if you ask for them,
        "style" and "function_words" (how a house writes, whatever it writes about) and "content"
        (what an article is about). All of framing for which these features have the data if not
        given.
    story : str, optional
        Column of `articles` that names the event of each article. Without it a corpus of several
        stories is ordered by them.
    weights : mapping of str to float, optional
        Of blocks, 1 if not given.
    draws, level, seed
        Bootstrap over the sentences of each article, the same sentences in all blocks: number of
        draws, level of the intervals, seed.

    Returns
    -------
    Profile

    Raises
    ------
    OptionError
        If a block or the column of stories is not known, or a weight is negative.
    FeaturesError
        If a block that is named has no data, or none has.

    References
    ----------
    Escofier, B., and Pagès, J. (1994). Multiple factor analysis (AFMULT package). CSDA 18(1).
    https://doi.org/10.1016/0167-9473(94)90135-X Rao, C. R. (1995). A review of canonical
    coordinates and an alternative to correspondence analysis using Hellinger distance. Qüestiió 19.

    Examples
    --------
    >>> profile(load("harbour").features, blocks=("frames", "voices")).matrix  # doctest: +SKIP
    """
    at_least("draws", draws, 1)
    if not 0 < level < 1:
        raise OptionError(
            f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95."
        )
    sample = Sample.of(features, blocks=blocks, story=story, weights=weights, seed=seed)
    parts = []
    for row, article in enumerate(sample.ids):
        drawn = np.concatenate(list(sample.resample(row, draws)))
        some = ~np.isnan(drawn).all(axis=0)
        low, high = np.full((2, len(some)), np.nan)
        if some.any():
            low[some], high[some] = interval(drawn[:, some], level)
        parts.append(
            pd.DataFrame(
                {
                    "article_id": article,
                    "block": sample.block_of,
                    "feature": sample.features,
                    "value": sample.values[row],
                    "low": low,
                    "high": high,
                    "n": sample.n[row],
                    "imputed": np.isnan(sample.values[row]),
                    "z": sample.z[row],
                }
            )
        )
    params = {
        "blocks": sample.names,
        "story": story,
        "weights": sample.weights,
        "draws": draws,
        "level": level,
        "seed": seed,
        **origin(features),
    }
    return Profile(
        pd.concat(parts, ignore_index=True),
        params,
        sample.matrix,
        sample.blocks,
        notes=(*few_articles(len(sample.ids)), *sample.notes),
    )


class Sample:
    """Sums by sentence of all blocks, from which profiles are made and drawn anew.

    Attributes
    ----------
    ids, names, block_of, features : list of str
        Articles; blocks used; block and name of each column.
    values, n, z : array of shape (n_articles, n_columns)
        Observed; denominators; standardised.
    """

    def __init__(
        self,
        ids: list[str],
        counts: dict[str, Counts],
        sentences: np.ndarray,
        stories: np.ndarray,
        weights: dict[str, float],
        left_out: dict[str, str],
        seed: int,
    ):
        self.ids, self.names, self.seed, self.weights = ids, list(counts), seed, weights
        self.block_of = [name for name, block in counts.items() for _ in block.names]
        self.features = [feature for block in counts.values() for feature in block.names]
        self._counts, self._stories = list(counts.values()), stories
        self._root = np.concatenate(
            [np.full(len(block.names), block.compare == ROOT) for block in self._counts]
        )
        ends = np.cumsum([len(block.names) for block in self._counts])
        self._directions = [
            slice(end - len(block.names), end)
            for block, end in zip(self._counts, ends)
            if block.compare == DIRECTION
        ]
        self._bounds = np.searchsorted(sentences, np.arange(len(ids) + 1))
        summed = [
            self._sums(row, np.ones((1, self._bounds[row + 1] - self._bounds[row])))
            for row in range(len(ids))
        ]
        above, self.n = (np.concatenate([pair[side] for pair in summed]) for side in (0, 1))
        self.values = _ratio(above, self.n)
        centred = self.centre(self.values[None])[0]
        self._sd, self.scale = self.spread(centred, weights)
        self.z = centred / self._sd
        differ = np.isfinite(self._sd)
        missing = np.isnan(self.values)
        of = np.array(self.block_of)
        rows = [
            (
                name,
                int(differ[of == name].sum()),
                weights[name],
                self.scale[of == name][0],
                int(missing[:, of == name].sum()),
                True,
                "",
            )
            for name in self.names
        ]
        rows += [
            (name, 0, weights.get(name, 1.0), np.nan, 0, False, why)
            for name, why in left_out.items()
        ]
        self.blocks = pd.DataFrame(
            rows, columns=["block", "n_features", "weight", "scale", "n_imputed", "used", "why_not"]
        )
        self.matrix = pd.DataFrame(
            self.z,
            index=pd.Index(ids, name="article_id"),
            columns=[f"{b}: {f}" for b, f in zip(self.block_of, self.features)],
        )
        self.notes = self._told(left_out)

    @classmethod
    def of(
        cls,
        features: Features,
        *,
        blocks,
        story: str | None,
        weights: Mapping[str, float] | None,
        seed: int,
    ) -> Sample:
        """Count the blocks of `profile`'s options."""
        asked = (
            FRAMING
            if blocks is None
            else (blocks,)
            if isinstance(blocks, str)
            else tuple(dict.fromkeys(blocks))
        )
        if not asked or set(asked) - set(BLOCKS):
            raise OptionError(
                f"blocks={blocks!r} was given; allowed are one or more of {', '.join(BLOCKS)}."
            )
        given = dict(weights or {})
        if set(given) - set(BLOCKS):
            raise OptionError(
                f"weights name {', '.join(sorted(map(repr, set(given) - set(BLOCKS))))}; allowed"
                f" are {', '.join(BLOCKS)}."
            )
        for name, weight in given.items():
            at_least(f"weights[{name!r}]", weight, 0)
        articles = features.table("articles")
        if story is not None and story not in articles:
            raise OptionError(
                f"story={story!r} was given; allowed are columns of the articles:"
                f" {', '.join(articles.columns)}."
            )
        if not (articles["n_sentences"] > 0).any():
            raise FeaturesError(
                f"{features.corpus} has no article with a sentence; a profile counts sentences."
            )
        counts, left_out = {}, {}
        for name in asked:
            try:
                counts[name] = BLOCKS[name](features)
            except FeaturesError as error:
                if blocks is not None:
                    raise FeaturesError(
                        f"{features.corpus}: block {name!r} cannot be counted: {error}; leave it"
                        " out, or mend that and extract again."
                    ) from None
                left_out[name] = str(error)
        if not counts:
            raise FeaturesError(
                f"{features.corpus}: no block can be counted:"
                f" {'; '.join(f'{b}: {why}' for b, why in left_out.items())}."
            )
        ids = articles["article_id"].tolist()
        stories = (
            np.zeros(len(ids), np.int64) if story is None else pd.factorize(articles[story])[0]
        )
        rows = pd.Index(ids).get_indexer(features.table("sentences", ["article_id"])["article_id"])
        return cls(
            ids,
            counts,
            rows,
            stories,
            {name: float(given.get(name, 1.0)) for name in counts},
            left_out,
            seed,
        )

    @property
    def weighted(self) -> np.ndarray:
        """`z` times the weights of its columns; squared distances are sums over blocks."""
        return self.z * self.scale

    @property
    def stories(self) -> np.ndarray:
        """The number of each article's story."""
        return self._stories

    def resample(self, row: int, draws: int) -> Iterator[np.ndarray]:
        """Values of one article from sentences drawn anew, in chunks of shape (draws, n_columns);
        always the same draws for an article and a seed.
        """
        n = self._bounds[row + 1] - self._bounds[row]
        rng = generator(self.seed, "profile", self.ids[row])
        for first in range(0, draws, CHUNK):
            size = min(CHUNK, draws - first)
            times = (
                rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float)
                if n
                else np.zeros((size, 0))
            )
            yield _ratio(*self._sums(row, times))

    def draws(self, n: int) -> Iterator[np.ndarray]:
        """Weighted profiles from sentences drawn anew, in chunks of shape (draws, n_articles,
        n_columns).
        """
        for parts in zip(*(self.resample(row, n) for row in range(len(self.ids)))):
            yield self.centre(np.stack(parts, axis=1)) / self._sd * self.scale

    def spread(
        self, centred: np.ndarray, weights: Mapping[str, float] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Standard deviation of each column (infinite where it says nothing), and what standardised
        columns are multiplied by so that the largest singular value of each block is its weight
        times the root of the number of articles.
        """
        weights = self.weights if weights is None else weights
        sd = np.sqrt((centred**2).mean(axis=0))
        for columns in self._directions:
            sd[columns] = np.sqrt((sd[columns] ** 2).mean())
        sd = np.where(
            sd > CONSTANT * np.maximum(1, np.abs(np.nan_to_num(self.values)).max(axis=0)),
            sd,
            np.inf,
        )
        z, of, scale = centred / sd, np.array(self.block_of), np.ones(len(sd))
        for name in self.names:
            largest = np.linalg.norm(z[:, of == name], 2) / np.sqrt(len(z))
            scale[of == name] = weights[name] / largest if largest > 0 else weights[name]
        return sd, scale

    def centre(self, values: np.ndarray) -> np.ndarray:
        """Roots of rates, less the mean of the article's story, missing ones at 0; shape (draws,
        n_articles, n_columns).
        """
        compared = np.where(self._root, np.sqrt(np.maximum(values, 0)), values)
        for columns in self._directions:
            length = np.linalg.norm(compared[..., columns], axis=-1, keepdims=True)
            compared[..., columns] /= np.where(length > 0, length, 1)
        known = ~np.isnan(compared)
        compared, out = np.where(known, compared, 0.0), np.zeros_like(values)
        for number in range(self._stories.max() + 1):
            rows = np.flatnonzero(self._stories == number)
            mean = compared[:, rows].sum(axis=1) / np.maximum(known[:, rows].sum(axis=1), 1)
            out[:, rows] = np.where(known[:, rows], compared[:, rows] - mean[:, None], 0.0)
        return out

    def _sums(self, row: int, times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        part = slice(self._bounds[row], self._bounds[row + 1])
        above = np.concatenate([times @ block.numerators[part] for block in self._counts], axis=1)
        below = [
            np.broadcast_to(times @ block.denominators[part], (len(times), len(block.names)))
            for block in self._counts
        ]
        return above, np.concatenate(below, axis=1)

    def _told(self, left_out: dict[str, str]) -> tuple[str, ...]:
        notes = [block.note for block in self._counts if block.note]
        notes += [
            f"The block {name} tells {NOT_FRAMING[name]}, not its framing."
            for name in self.names
            if name in NOT_FRAMING
        ]
        notes += (
            [f"Left out: {'; '.join(f'{name} ({why})' for name, why in left_out.items())}."]
            if left_out
            else []
        )
        sizes = np.bincount(self._stories)
        if len(sizes) > 1 and (sizes == 1).any():
            notes.append(
                f"{int((sizes == 1).sum())} of {len(sizes)} stories have one article only, which is"
                " all of its mean: nothing of it is left."
            )
        filled = int(np.isnan(self.values).sum())
        if filled:
            notes.append(
                f"{filled} of {self.values.size} cells have nothing to count and stand at the mean."
            )
        return tuple(notes)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)
