"""Axes: to which pole of an antonym pair an article's words lean, and how strongly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.comparison import FEWEST_ARTICLES, FEWEST_SENTENCES, compare_groups
from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import By, group_articles, strata
from analysis.inference import (
    drawn_counts,
    few_articles,
    generator,
    interval,
    one_hot,
    permuted_sums,
)
from analysis.models.encoder import Encoder, load_encoder
from analysis.options import check_options
from analysis.results import Result
from analysis.tl._axis_vectors import axis_vectors, checked_axes, word_vectors
from analysis.tl._words import (
    ENOUGH_ARTICLES,
    Background,
    background_counts,
    background_name,
    opened,
    permuted_unit,
    word_counts,
)
from analysis.views import ENGLISH, in_language, origin
from analysis.wording import apart, listed, none_of, noun, number

_PULLING = 10
_NAMED = 2  # leanings that the finding names
_WORDS = ["group", "axis", "pole", "term", "count", "cosine", "contribution"]


@dataclass(frozen=True, eq=False, repr=False)
class Axes(Result):
    """Bias and intensity by group and axis.

    Attributes
    ----------
    table : DataFrame
        One row a group and axis.

        =============================  ========  ==================================================
        column                         unit      meaning
        =============================  ========  ==================================================
        group, axis
        bias                           cosine    mean over the group's words; positive towards the
                                                 high pole
        low, high                      cosine    interval of the group's bias taken alone
        shrunk                         cosine    bias drawn towards the mean of all groups
        rest                           cosine    bias of all other groups together, or of the
                                                 background
        joint_low, joint_high          cosine    what chance makes of the difference from the rest,
                                                 around the bias, for all groups and axes together
        apart                          boolean   whether that excludes the rest, of a group that is
                                                 large enough to be named
        weight                         words     embedded
        baseline                       cosine    bias of the whole corpus, or of the background
        p                              0 to 1    share of draws whose bias is as far from the rest
        p_adjusted                     0 to 1    share of draws in which the bias of any group
                                                 along any axis is, in standard deviations
        intensity                      cosine²   mean squared distance from the baseline
        intensity_low, intensity_high  cosine²   its interval
        p_intensity                    0 to 1    share of draws with at least as much
        n_words                        words     embedded
        n_articles                     articles  of the group
        n_units                                  sentences, articles or words that were exchanged
        coverage                       0 to 1    of the group's words, the share that is embedded
        =============================  ========  ==================================================

    words : DataFrame
        The ten words that pull most to either pole. The contributions of all words of a group sum
        to its bias less the baseline.

        ============  ======  ===================
        column        unit    meaning
        ============  ======  ===================
        group, axis
        pole                  "low" or "high"
        term
        count         words   in the group
        cosine                of word and axis
        contribution  cosine
        ============  ======  ===================
    """

    words: pd.DataFrame

    @property
    def ranked(self) -> list[str]:
        """The axes, first those along which groups lean beyond chance, then by the least p."""
        by_axis = self.table.groupby("axis", sort=False)
        order = pd.DataFrame({"apart": -by_axis["apart"].sum(), "p": by_axis["p"].min()})
        return order.sort_values(["apart", "p"], kind="stable").index.tolist()

    @property
    def finding(self) -> str:
        """Which groups lean to which poles more than the rest, beyond chance."""
        several = noun(self.params["by"])[1]
        if self.table["group"].nunique() < 2:
            return f"There are no two {several} whose words could be compared along an axis"
        clauses: list[str] = []
        left = 0
        for axis in self.ranked:
            part = self.table[self.table["axis"] == axis]
            for pole, names in zip(("high", "low"), self._apart(part)):
                if not names:
                    continue
                if len(clauses) == _NAMED:
                    left += 1
                    continue
                to, rest = self.params["axes"][axis][pole][0], " than the rest" * (not clauses)
                if len(names) == 1:
                    clauses.append(f"the words of {names[0]} lean more to “{to}”{rest}")
                else:
                    who = f"{number(len(names))} {several}"
                    clauses.append(f"the words of {who} lean more to “{to}”{rest}: {listed(names)}")
        if not clauses:
            who = none_of(self.params["by"]).lower()
            return f"The words of {who} lean to a pole more than the rest beyond chance"
        also = f" (and {number(left)} more such difference{'s' * (left > 1)})" if left else ""
        said = "; ".join(clauses) + also
        return said[:1].upper() + said[1:]

    def _apart(self, part: pd.DataFrame) -> tuple[list[str], list[str]]:
        assert self.groups is not None, "made by axes"
        return apart(part, self.groups, self.params["by"])


def axes(
    corpus: Corpus | Features,
    *,
    by: By | None = None,
    within: str | list[str] | None = None,
    axes: Mapping[str, Mapping] | None = None,
    background: Background | None = None,
    names: bool = False,
    stop_words: bool = False,
    most: int = 5000,
    encoder: Encoder | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> Axes:
    r"""Measure where words stand between two poles in embedding space (FrameAxis).

    The axis :math:`v` leads from the mean vector of the words of its low pole to that of its high
    one. With the cosine :math:`s_w` of a word and the axis and the word's count :math:`c_w` in the
    group,

    .. math:: \text{bias} = \frac{\sum_w c_w s_w}{\sum_w c_w},\qquad
              \text{intensity} = \frac{\sum_w c_w (s_w - B)^2}{\sum_w c_w}

    where the baseline :math:`B` is the bias of the whole corpus, or of the background. Read a bias
    beside the baseline: English itself leans.

    Parameters
    ----------
    corpus : Corpus or Features
        In English. Intervals resample each group's articles (sentences, where it is one). Chance
        exchanges whole articles between groups where there are twenty, and a group has several;
        else sentences (private form); else it draws words one by one, as if each had been chosen
        independently (shared form), and so do the intervals then: these and p are too small.
    by : str, sequence of str, mapping, Series or None
        Groups, as `analysis.groups.group_articles` takes them: outlets, or articles where there
        are too few.
    within : str or sequence of str, optional
        Columns that name strata, such as stories: only articles of one stratum are exchanged. Where
        every group reports the same stories, chance is too large without.
    axes : mapping, optional
        Name to {"low": words, "high": words}; the codebook's axes if not given. ``use: [axes]`` in
        a codebook names the shipped ones.
    background : Corpus, Features, mapping of word to count, or DataFrame (term, count), optional
        Gives the baseline; chance draws words from it then, one by one.
    names, stop_words : bool
        Whether words that are mostly names, and function words, count. A name is seldom a choice of
        words, and its vector is that of its namesakes.
    most : int
        The most frequent words are embedded, at some milliseconds each; `coverage` says which share
        of a group's words they are.
    encoder : Encoder, optional
        The bundled English one if not given.
    draws : int
        Number of bootstrap samples, and of draws by chance.
    level : float
        Of the intervals, between 0 and 1.
    seed : int

    Returns
    -------
    Axes

    Raises
    ------
    LanguageError
        If no article is in English.
    FeaturesError
        If the codebook names no axes, or nothing is left to embed.
    OptionError
        If an option has a value that is not allowed.

    References
    ----------
    Kwak, H., An, J., Jing, E., and Ahn, Y.-Y. (2021). FrameAxis: characterizing microframe bias and
    intensity with word embedding. PeerJ Computer Science 7:e644.
    https://doi.org/10.7717/peerj-cs.644

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> safety = {"safety": {"low": ["danger"], "high": ["safe"]}}
    >>> leaning = tw.tl.axes(corpus, axes=safety, most=50)
    >>> leaning.table[["group", "axis", "bias", "baseline", "n_words"]].round(2)
            group    axis  bias  baseline  n_words
    0   mcclatchy  safety -0.04     -0.04       90
    1      caruzo  safety -0.04     -0.04      143
    2  aggregator  safety -0.06     -0.04       66
    3        blog  safety -0.05     -0.04       59
    4   explainer  safety -0.03     -0.04       84
    """
    features, background = features_of(corpus), opened(background)
    filters: dict[str, Any] = {"names": names, "stop_words": stop_words}
    drawing: dict[str, Any] = {"draws": draws, "level": level, "seed": seed}
    check_options(**filters, most=most, **drawing)
    if encoder is not None and not hasattr(encoder, "digest"):
        raise OptionError(f"encoder must be one that load_encoder gives (got {encoder!r:.60})")
    poles = _poles(features, axes)
    hint = "The encoder reads English."
    features, left_out = in_language(features, "axes", ENGLISH, hint)
    groups, stratum = group_articles(features, by), strata(features, within)
    unit = permuted_unit(groups.sizes, features)
    if groups.sizes.sum() >= ENOUGH_ARTICLES and groups.sizes.max() > 1:
        unit = "article"
    if within is not None and (unit is None or background is not None):
        raise OptionError(
            f"within must be None where chance draws words one by one (got {within!r:.60}): that"
            " is so with a background, and without enough articles or sentences to permute"
        )
    counts = word_counts(
        features, unit="sentence" if features.has("tokens") else "article", **filters
    )
    article = counts.article[groups.codes[counts.article] >= 0]
    matrix, labels, stratum = counts.grouped(groups.codes, stratum)
    frequent = _most(matrix.sum(axis=0), most)
    if not len(frequent):
        raise FeaturesError(
            f"axes embeds words, and {features.corpus} leaves none; allow names or stop_words."
        )
    encoder = load_encoder() if encoder is None else encoder
    lines = axis_vectors(poles, encoder)

    def cosines_of(words: pd.Index) -> np.ndarray:
        return word_vectors(words, encoder).astype(float) @ lines.T

    n_groups, n_axes, terms = len(groups.names), len(poles), counts.terms[frequent]
    grouped = one_hot(labels, n_groups)
    n_all = grouped @ matrix.sum(axis=1)
    matrix = sparse.csr_array(matrix[:, frequent])
    by_group = (grouped @ matrix).toarray()
    n_words = by_group.sum(axis=1).astype(np.int64)
    cosines = cosines_of(terms)
    if background is None:
        drawn, shares = cosines, matrix.sum(axis=0)
    else:
        usual = background_counts(background, features, **filters)
        usual = usual.iloc[_most(usual.to_numpy(), most)]
        if usual.empty:
            raise OptionError(
                "background must have words that count; allow names or stop_words, or give another"
            )
        drawn, shares = cosines_of(usual.index), usual.to_numpy()
    shares = shares / shares.sum()
    baseline = shares @ drawn

    def values(of: np.ndarray) -> np.ndarray:
        """For each word 1, its cosines, and their squared distances from the baseline."""
        return np.column_stack([np.ones(len(of)), of, (of - baseline) ** 2])

    sums = matrix @ values(cosines)
    compared = compare_groups(
        sums[:, 1:], sums[:, 0], labels, article, groups.names, what="axes", **drawing
    )
    found, low, high = compared.estimate, compared.low, compared.high
    for code in np.flatnonzero(n_words) if unit is None else ():
        there = np.flatnonzero(by_group[code])
        of_group = by_group[code, there] / n_words[code]
        rng = generator(seed, "axes", groups.names[code])
        sampled = drawn_counts(n_words[[code]], of_group, draws, rng)
        samples = np.concatenate([_ratios(s @ values(cosines[there])) for s in sampled])
        low[code], high[code] = interval(samples, level)
    if unit == "article":  # what is exchanged, and its sums
        _, first, place = np.unique(article, return_index=True, return_inverse=True)
        sums = one_hot(place, len(first)) @ sums
        labels, stratum = labels[first], stratum[first]
    rng = generator(seed, "axes", "chance")
    if unit is not None and background is None:
        chance = permuted_sums(sums, labels, stratum, n_groups, draws, rng)
    else:
        of_drawn = values(drawn)
        chance = (new @ of_drawn for new in drawn_counts(n_words, shares, draws, rng))
    fixed = None if background is None else baseline
    tested = _tested(one_hot(labels, n_groups) @ sums, fixed, chance, draws, level)
    n_units = n_words if unit is None else np.bincount(labels, minlength=n_groups)
    sizes = groups.sizes
    large = np.where(sizes > 1, sizes >= FEWEST_ARTICLES, n_units >= FEWEST_SENTENCES)
    sure = (tested.p_adjusted <= 1 - level) & large[:, None]
    table = pd.DataFrame(
        {
            "group": np.repeat(np.array(groups.names, object), n_axes),
            "axis": list(poles) * n_groups,
            "bias": found[:, :n_axes].ravel(),
            "low": low[:, :n_axes].ravel(),
            "high": high[:, :n_axes].ravel(),
            "shrunk": compared.shrunk[:, :n_axes].ravel(),
            "rest": tested.rest.ravel(),
            "joint_low": (found[:, :n_axes] - tested.reach).ravel(),
            "joint_high": (found[:, :n_axes] + tested.reach).ravel(),
            "apart": sure.ravel(),
            "weight": np.repeat(n_words, n_axes),
            "baseline": np.tile(baseline, n_groups),
            "p": tested.p[:, :n_axes].ravel(),
            "p_adjusted": tested.p_adjusted.ravel(),
            "intensity": found[:, n_axes:].ravel(),
            "intensity_low": low[:, n_axes:].ravel(),
            "intensity_high": high[:, n_axes:].ravel(),
            "p_intensity": tested.p[:, n_axes:].ravel(),
            "n_words": np.repeat(n_words, n_axes),
            "n_articles": np.repeat(sizes, n_axes),
            "n_units": np.repeat(n_units, n_axes),
            "coverage": np.repeat(n_words / np.maximum(n_all, 1), n_axes),
        }
    )
    named = {name: {"low": a, "high": b} for name, (a, b) in poles.items()}
    params: dict[str, Any] = {"by": groups.by, "axes": named, **filters, "most": most}
    params |= {"encoder": encoder.name, "background": background_name(background)}
    params |= {"within": within or "", "unit": unit or "word", **drawing, **origin(features)}
    words = _pulling(by_group, terms, cosines, baseline, groups.names, list(poles))
    result = Axes(table, params, words, groups=groups.table)
    notes = _notes(result, background is not None)
    return replace(result, notes=(*left_out, *notes, *few_articles(int(groups.sizes.sum()))))


def _poles(features: Features, axes) -> dict[str, tuple[list[str], list[str]]]:
    if axes is None:
        axes = features.codebook("axes")
        if not axes:
            raise FeaturesError(
                f"{features.corpus}: the codebook names no axes; write `use: [axes]` into"
                " codebook.yml for those that come with the package, or your own under `axes`, and"
                " extract again; or give axes."
            )
    return checked_axes(axes)


def _most(counts: np.ndarray, most: int) -> np.ndarray:
    """The places of the most frequent words, in alphabetical order."""
    order = np.argsort(-counts, kind="stable")[:most]
    return np.sort(order[counts[order] > 0])


def _ratios(sums: np.ndarray) -> np.ndarray:
    """Sums by the number of words, which the first column has."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, 1:] / sums[:, :1]


class _Tested(NamedTuple):
    """Of shape (n_groups, n_axes): the rest, how far chance reaches for all together, p adjusted.

    `p` has the intensities' beside those of the biases.
    """

    rest: np.ndarray
    reach: np.ndarray
    p: np.ndarray
    p_adjusted: np.ndarray


def _tested(
    sums: np.ndarray,
    fixed: np.ndarray | None,
    chance: Iterator[np.ndarray],
    draws: int,
    level: float,
) -> _Tested:
    """Compare biases with the rest's (two-sided), and intensities, with what chance gives.

    Parameters
    ----------
    sums : array of shape (n_groups, 1 + 2 n_axes)
        Words, cosines, squared distances.
    fixed : array of shape (n_axes,), optional
        What biases are compared with; the bias of all other groups if not given.
    chance : iterator of arrays shaped as `sums`
        `draws` of them.
    draws : int
    level : float
    """
    n = (sums.shape[1] - 1) // 2

    def rest_of(given: np.ndarray) -> np.ndarray:
        if fixed is not None:
            return np.tile(fixed, (len(given), 1))
        return _ratios((given.sum(axis=0) - given)[:, : n + 1])

    def distances(given: np.ndarray) -> np.ndarray:
        """Of biases from the rest; intensities as they are."""
        ratios = _ratios(given)
        return np.column_stack([np.abs(ratios[:, :n] - rest_of(given)), ratios[:, n:]])

    away, biases = distances(sums), np.empty((draws, len(sums), n))
    reached = np.zeros(away.shape, np.int64)
    for draw, given in enumerate(chance):
        new = distances(given)
        reached += new >= away - 1e-12
        biases[draw] = np.nan_to_num(new[:, :n])
    sd = np.sqrt(np.maximum((biases**2).mean(axis=0), 1e-24))
    largest = np.sort((biases / sd).max(axis=(1, 2)))
    with np.errstate(invalid="ignore"):
        n_larger = draws - np.searchsorted(largest, away[:, :n] / sd - 1e-9)
    p, p_adjusted = (1 + reached) / (draws + 1), (1 + n_larger) / (draws + 1)
    # as far as what this many draws exceed: there p adjusted falls to 1 - level
    exceeding = int((1 - level) * (draws + 1) + 1e-9)
    reach = sd * (largest[draws - exceeding] if exceeding else np.nan)
    empty = np.isnan(away)
    p, p_adjusted = np.where(empty, np.nan, p), np.where(empty[:, :n], np.nan, p_adjusted)
    return _Tested(rest_of(sums), np.where(empty[:, :n], np.nan, reach), p, p_adjusted)


def _pulling(
    by_group: np.ndarray,
    terms: pd.Index,
    cosines: np.ndarray,
    baseline: np.ndarray,
    groups: list[str],
    names: list[str],
) -> pd.DataFrame:
    """The words that pull most to either pole."""
    rows = []
    for group, counts in zip(groups, by_group):
        pulls = counts[:, None] * (cosines - baseline) / max(counts.sum(), 1)
        for axis, name in enumerate(names):
            for pole, sign in (("low", -1), ("high", 1)):
                towards = sign * pulls[:, axis]
                order = np.argsort(-towards.round(9), kind="stable")[:_PULLING]
                rows += [
                    (group, name, pole, terms[w], int(counts[w]), cosines[w, axis], pulls[w, axis])
                    for w in order[towards[order] > 0]
                ]
    return pd.DataFrame(rows, columns=_WORDS)


def _notes(result: Axes, background: bool) -> list[str]:
    table, level, unit = result.table, result.params["level"], result.params["unit"]
    notes = [
        f"{int(table['apart'].sum())} of {len(table)} biases are further from the rest"
        f" than any is in {level:.0%} of draws; {int(table['p'].le(1 - level).sum())} are by"
        f" themselves, where chance alone would give {(1 - level) * len(table):.0f}."
    ]
    if unit == "word" or background:
        word = unit == "word"
        notes.append(
            f"{'Intervals and p draw' if word else 'p draws'} words one by one, as if each had been"
            " chosen independently; words come in sentences, so"
            f" {'they are' if word else 'it is'} too small."
        )
    least = table["coverage"].min()
    if least < 0.995:
        notes.append(f"At least {least:.0%} of each group's words are embedded (`most`).")
    return notes
