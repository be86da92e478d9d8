"""Profiles: what can be counted of an article's framing, as named blocks of one table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.inference import few_articles, interval
from analysis.options import check_options
from analysis.results import Result
from analysis.tl._profile_sample import ProfileSample
from analysis.views import origin


@dataclass(frozen=True, eq=False, repr=False)
class Profile(Result):
    """Profiles of articles.

    Attributes
    ----------
    table : DataFrame
        One row an article and feature.

        ==========  ==================  ========================================================
        column      unit                meaning
        ==========  ==================  ========================================================
        article_id
        block                           "frames", "voices" …
        feature                         "conflict", "quoted" …
        value       of the block        a rate or a mean; NaN where `n` is 0
        low, high   of the block        interval, by resampling the article's sentences
        n           words, mentions,    what the value is a share or a mean of
                    sentences …
        imputed                         whether `n` is 0, so that `z` is that of the mean
        z           standard            from the mean of the corpus, or of the article's stratum
                    deviations
        ==========  ==================  ========================================================
    matrix : DataFrame
        `z` with one row an article and one column a feature ("frames: conflict").
    blocks : DataFrame
        One row a block.

        ==========  ======  ====================================================================
        column      unit    meaning
        ==========  ======  ====================================================================
        block
        n_features          those that differ between articles
        weight              as given
        scale               what its columns are multiplied by before distances are taken
        n_imputed   cells   that have nothing to count
        used
        why_not             why it could not be counted
        ==========  ======  ====================================================================
    """

    matrix: pd.DataFrame
    blocks: pd.DataFrame

    @property
    def weights(self) -> pd.Series:
        """What each column of `matrix` is multiplied by before distances are taken."""
        scale = self.blocks.set_index("block")["scale"]
        columns = self.matrix.columns
        return pd.Series([scale[column.split(": ", 1)[0]] for column in columns], index=columns)

    @property
    def finding(self) -> str:
        """Which article departs most from the mean, and in what."""
        far = self.matrix.stack()
        if not far.abs().max() > 0:
            return "No feature differs between the articles"
        article, feature = far.abs().idxmax()
        return (
            f"Furthest from the mean: {article} in {feature.replace('_', ' ')}"
            f" ({far[article, feature]:+.1f} standard deviations)"
        )


def profile(
    corpus: Corpus | Features,
    *,
    blocks: Collection[str] | None = None,
    within: str | None = None,
    weights: Mapping[str, float] | None = None,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Profile:
    r"""Count each article's framing in named blocks of one table.

    A feature of an article is a ratio of sums over its sentences, :math:`x_{af} = \sum_s u_{sf} /
    \sum_s v_{sf}`: frame words per word, labels of a family per mention, the mean tone of mentions.
    Rates of counts are compared as square roots (Hellinger distance; Rao 1995), as the variance of
    a count grows with the count. Then, with :math:`\bar x` the mean of the article's stratum (of
    the corpus without `within`) and :math:`s_f` the standard deviation of what is left,

    .. math:: z_{af} = (\sqrt{x_{af}} - \overline{\sqrt{x}}_{S(a)f}) / s_f

    Before distances are taken, each block is divided by its largest singular value (as in multiple
    factor analysis; Escofier and Pagès 1994), so that none is stronger than another along any one
    line: neither one of many features, nor one whose single feature all its weight would rest on.

    What an article does not have (no mention of an actor: no tone towards him) is put at the mean,
    0, and marked. A feature that does not differ between articles is 0 and counts for nothing.

    Parameters
    ----------
    corpus : Corpus or Features
        In either form; some blocks need the private one.
    blocks : tuple of str, optional
        Of "labels", "voices", "frames", "axes", "tone", "polarity", and, if you ask for them,
        "style" and "function_words" (how an outlet writes, whatever it writes about) and "content"
        (what an article is about). If not given: all of framing for which these features have the
        data.
    within : str, optional
        Column of `articles` that names the story of each article, whose mean is taken out. Without
        it a corpus of several stories is ordered by them.
    weights : mapping of str to float, optional
        Of blocks, from 0; 1 if not given.
    draws : int
        Bootstrap samples of the sentences of each article, the same sentences in all blocks.
    level : float
        Of the intervals, between 0 and 1.
    seed : int

    Returns
    -------
    Profile

    Raises
    ------
    OptionError
        If an option is not one of those allowed.
    FeaturesError
        If a block that is named has no data, or none has.

    References
    ----------
    Escofier, B., and Pagès, J. (1994). Multiple factor analysis (AFMULT package). CSDA 18(1).
    https://doi.org/10.1016/0167-9473(94)90135-X

    Rao, C. R. (1995). A review of canonical coordinates and an alternative to correspondence
    analysis using Hellinger distance. Qüestiió 19.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.profile(tw.load("amnesty2024"), blocks=("frames",), draws=10)
    >>> result.matrix.iloc[:, :2].round(1)
                frames: deal  frames: election
    article_id
    mcclatchy            0.5               0.4
    caruzo              -0.6               1.4
    aggregator          -0.4              -0.8
    blog                -1.2              -1.4
    explainer            1.6               0.4
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    sample = ProfileSample.of(features, blocks=blocks, within=within, weights=weights, seed=seed)
    bounds = []
    for row in range(len(sample.ids)):
        drawn = np.concatenate(list(sample.resample(row, draws)))
        never = np.isnan(drawn).all(axis=0)
        bounds.append(np.where(never, np.nan, interval(np.where(never, 0.0, drawn), level)))
    low, high = np.stack(bounds, axis=1)
    n_articles, n_columns = sample.values.shape
    table = pd.DataFrame(
        {
            "article_id": np.repeat(sample.ids, n_columns),
            "block": np.tile(sample.block_of, n_articles),
            "feature": np.tile(sample.features, n_articles),
            "value": sample.values.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "n": sample.n.ravel(),
            "imputed": np.isnan(sample.values).ravel(),
            "z": sample.z.ravel(),
        }
    )
    params: dict[str, Any] = {
        "blocks": list(sample.counts),
        "within": within,
        "weights": sample.weights,
    }
    params |= {"draws": draws, "level": level, "seed": seed, **origin(features)}
    notes = (*few_articles(n_articles), *sample.notes)
    return Profile(table, params, sample.matrix, sample.blocks, notes=notes)
