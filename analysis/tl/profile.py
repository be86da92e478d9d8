"""Profiles: what can be counted of framing, as named blocks of one table, by article or group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.groups import By, unit_labels
from analysis.inference import few_articles, interval
from analysis.options import check_options
from analysis.results import Result
from analysis.tl._feature_words import feature_table
from analysis.tl._group_sample import groups_of, sample_of
from analysis.views import origin
from analysis.wording import number

_NAMED = 3  # groups that the finding names, where several are as far from the mean
_AS_FAR = 0.05  # standard deviations, or errors


@dataclass(frozen=True, eq=False, repr=False)
class Profile(Result):
    """Profiles of groups of articles, or of single ones.

    Attributes
    ----------
    table : DataFrame
        One row a group of `by` and a feature; a group may be a single article.

        ==========  ==================  ========================================================
        column      unit                meaning
        ==========  ==================  ========================================================
        group
        block                           "frames", "voices" …
        feature                         "conflict", "quoted" …
        value       of the block        a rate or a mean; NaN where `n` is 0
        low, high   of the block        interval, by resampling the group's articles (a single
                                        article's sentences)
        n           words, mentions,    what the value is a share or a mean of
                    sentences …
        imputed                         whether `n` is 0, so that `z` is that of the mean
        z           standard            articles: from the mean of the corpus, or of the stratum
                    deviations
                    standard errors     groups: from the mean of the groups, stories taken out
        ==========  ==================  ========================================================
    matrix : DataFrame
        `z` with one row a group and one column a feature ("frames: conflict").
    blocks : DataFrame
        One row a block.

        ==========  ======  ====================================================================
        column      unit    meaning
        ==========  ======  ====================================================================
        block
        n_features          those that differ between groups
        weight              as given
        scale               what its columns are multiplied by before distances are taken
        n_imputed   cells   that have nothing to count
        used
        why_not             why it could not be counted
        ==========  ======  ====================================================================
    features : DataFrame
        block, feature, example (a label that stands for it), weight (what the column of `z` is
        multiplied by before distances are taken), and name, more, less: what the feature and a
        difference in it are called.
    """

    matrix: pd.DataFrame
    blocks: pd.DataFrame
    features: pd.DataFrame

    @property
    def weights(self) -> pd.Series:
        """What each column of `matrix` is multiplied by before distances are taken."""
        return pd.Series(self.features["weight"].to_numpy(), index=self.matrix.columns)

    @property
    def labels(self) -> pd.Series:
        """What people call each group."""
        return unit_labels(self.groups)

    @property
    def finding(self) -> str:
        """Which group departs most from the mean, and in what; all that depart as much."""
        by_article = self.params["by"] == "article_id"
        found = self.furthest
        if not found:
            return f"No feature differs between the {'articles' if by_article else 'groups'}"
        said = []
        for group, column in found[:_NAMED]:
            words = self.features.iloc[self.matrix.columns.get_loc(column)]
            far = self.matrix.loc[group, column]
            said.append(f"{self.labels[group]}: {words['more'] if far > 0 else words['less']}")
        if len(found) > _NAMED:
            said.append(f"{number(len(found) - _NAMED)} more as far")
        unit = "standard deviations" if by_article else "standard errors"
        is_or_are = "is" if len(found) == 1 else "are, alike,"
        return f"Furthest from the mean {is_or_are} {'; '.join(said)} ({abs(far):.1f} {unit})"

    @property
    def furthest(self) -> list[tuple[str, str]]:
        """The groups furthest from the mean and in which column, several where none is further.

        A feature that one article alone has is as far as any can be: there may be many such.
        """
        far = (self.matrix * (self.weights > 0)).stack().abs()
        if not far.max() > 0:
            return []
        most = far[far >= far.max() - _AS_FAR].sort_values(ascending=False, kind="stable")
        groups: dict[str, str] = {}
        for group, column in most.index:
            groups.setdefault(group, column)
        return list(groups.items())


def profile(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    blocks: Collection[str] | None = None,
    within: str | None = None,
    weights: Mapping[str, float] | None = None,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Profile:
    r"""Count the framing of articles or groups in named blocks of one table.

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

    A group's `value` is the ratio of the sums over all sentences of its articles. Its `z` is the
    mean over its articles of what is left of :math:`\sqrt{x_{af}}` once the mean of the article's
    story (`within`) is taken out, or, without `within`, what a ridge regression on the first
    dimensions of the articles' words leads to expect (latent semantic analysis of tf-idf, without
    the words that the codebook counts); less the mean of the groups, over the standard error that
    the differences between articles of one group make. Before distances are taken each feature is
    multiplied by the root of its reliability, the share of the variance between groups that is more
    than such errors make: one that differs between groups no more than its articles lead to expect
    counts for nothing. On one half of the events of BASIL this brought the halves of an outlet
    together more often than standard deviations between groups, sums over groups, or fewer
    dimensions did.

    Parameters
    ----------
    corpus : Corpus or Features
        In either form; some blocks need the private one.
    by : str, sequence of str, mapping or Series, optional
        The groups: a column such as "outlet", "week" or "month", several of these, or a group for
        each article_id. If not given: "article_id" up to 40 articles, else the outlet, where at
        least two have two articles each.
    blocks : tuple of str, optional
        Of "labels", "voices", "frames", "axes", "tone", "polarity", and, if you ask for them,
        "style" and "function_words" (how an outlet writes, whatever it writes about) and "content"
        (what an article is about). If not given: all of framing for which these features have the
        data.
    within : str, optional
        Column of `articles` that names the story of each article, whose mean is taken out. Without
        it articles of several stories are ordered by them.
    weights : mapping of str to float, optional
        Of blocks, from 0; 1 if not given.
    draws : int
        Bootstrap samples of the articles of each group, or of the sentences of an article; the
        same ones in all blocks.
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
    group
    mcclatchy            0.5               0.4
    caruzo              -0.6               1.4
    aggregator          -0.4              -0.8
    blog                -1.2              -1.4
    explainer            1.6               0.4
    """
    features = features_of(corpus)
    check_options(draws=draws, level=level, seed=seed)
    grouping = groups_of(features, by)
    sample = sample_of(features, grouping, blocks=blocks, within=within, weights=weights, seed=seed)
    bounds = []
    for row in range(len(sample.ids)):
        drawn = np.concatenate(list(sample.resample(row, draws)))
        never = np.isnan(drawn).all(axis=0)
        bounds.append(np.where(never, np.nan, interval(np.where(never, 0.0, drawn), level)))
    low, high = np.stack(bounds, axis=1)
    n_groups, n_columns = sample.values.shape
    table = pd.DataFrame(
        {
            "group": np.repeat(sample.ids, n_columns),
            "block": np.tile(sample.block_of, n_groups),
            "feature": np.tile(sample.features, n_groups),
            "value": sample.values.ravel(),
            "low": low.ravel(),
            "high": high.ravel(),
            "n": sample.n.ravel(),
            "imputed": np.isnan(sample.values).ravel(),
            "z": sample.z.ravel(),
        }
    )
    params: dict[str, Any] = {
        "by": grouping.by,
        "blocks": list(sample.counts),
        "within": within,
        "weights": sample.weights,
    }
    params |= {"draws": draws, "level": level, "seed": seed, **origin(features)}
    notes = (*few_articles(int(grouping.sizes.sum())), *sample.notes)
    words = feature_table(sample, features)
    return Profile(
        table, params, sample.matrix, sample.blocks, words, notes=notes, groups=grouping.table
    )
