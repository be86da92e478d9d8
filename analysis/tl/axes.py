"""Axes: to which pole of an antonym pair an article's words lean, and how strongly they take the
axis up at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.errors import FeaturesError, OptionError
from analysis.features import Features
from analysis.groups import group_articles, strata
from analysis.inference import bootstrap, few_articles, generator, interval, one_hot, permuted_sums
from analysis.models.encoder import Encoder, load_encoder
from analysis.results import Result, at_least
from analysis.tl._axis_vectors import axis_vectors, checked_axes, word_vectors
from analysis.tl._words import background_counts, exchanged, word_counts
from analysis.views import ENGLISH, origin, require_language

PULLING = 10
AT_ONCE = 1 << 22  # cells of a resampling held in memory
AXES = [
    "group",
    "axis",
    "bias",
    "low",
    "high",
    "baseline",
    "p",
    "p_adjusted",
    "intensity",
    "intensity_low",
    "intensity_high",
    "p_intensity",
    "n_words",
    "n_units",
    "coverage",
]
WORDS = ["group", "axis", "pole", "term", "count", "cosine", "contribution"]


@dataclass(frozen=True, eq=False, repr=False)
class Axes(Result):
    """Bias and intensity by group and axis; `table` is described at `axes`.

    Attributes
    ----------
    words : DataFrame
        group, axis, pole ("low" or "high"), term, count, cosine (with the axis), contribution: the
        ten words that pull most to either pole. The contributions of all words of a group sum to
        its bias less the baseline.
    """

    words: pd.DataFrame


def axes(
    features: Features,
    *,
    axes: Mapping[str, Mapping] | None = None,
    by: str | Mapping[str, str] | pd.Series = "article_id",
    background: Features | Mapping[str, float] | pd.DataFrame | None = None,
    within: str | None = None,
    names: bool = False,
    stop_words: bool = False,
    most: int = 5000,
    encoder: Encoder | None = None,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
    say: Callable[[str], None] = lambda line: None,
) -> Axes:
    r"""Measure where words stand between two poles in embedding space (FrameAxis).

    The axis :math:`v` leads from the mean vector of the words of its low pole to that of its high
    one. With the cosine :math:`s_w` of a word and the axis and the word's count :math:`c_w` in the
    group,

    .. math:: \text{bias} = \frac{\sum_w c_w s_w}{\sum_w c_w},\qquad \text{intensity} = \frac{\sum_w c_w (s_w - B)^2}{\sum_w c_w}

    where the baseline :math:`B` is the bias of the whole corpus, or of the background. Read a bias
    beside the baseline: English itself leans.

    Parameters
    ----------
    features : Features
        Either form, in English. Intervals bootstrap, and chance deals out anew, whole articles
        where every group has six and all have twenty, else sentences (private form), else words
        drawn one by one, as if each had been chosen by itself (shared form): these intervals and p
        are too small.
    axes : mapping, optional
        Name to {"low": words, "high": words}; the codebook's axes if not given. ``use: [axes]`` in
        a codebook names the shipped ones.
    by : str, mapping or Series
        Column of `articles` that names the groups, or a group for each article_id.
    background : Features, mapping of word to count, or DataFrame with the columns term and count,
        optional
        Gives the baseline; chance draws words from it then, one by one.
    within : str, optional
        Column of `articles` that names their strata: only articles of one story are exchanged.
        Where every group tells the same strata, chance is too large without.
    names, stop_words : bool
        Whether words that are mostly names, and function words, count. A name is seldom a choice of
        words, and its vector is that of its namesakes.
    most : int
        The most frequent words are embedded, at some milliseconds each; `coverage` says which share
        of a group's words they are.
    encoder : Encoder, optional
        `analysis.models.load_encoder()` if not given.
    draws, level, seed
        Bootstrap intervals and chance: number of draws, level, seed.
    say : callable
        Is told how many words have been embedded.

    Returns
    -------
    Axes
        `table`: group, axis, bias, low, high, baseline (cosines, from -1 to 1; positive towards the
        high pole); p, the share of draws whose bias is as far from the baseline, and p_adjusted,
        the share in which that of any group and axis is, in units of their standard deviations;
        intensity, intensity_low, intensity_high; p_intensity, the share of draws with at least as
        much; n_words (embedded), n_units (sentences, articles or words) and coverage.

    Raises
    ------
    LanguageError
        If an article is not in English.
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
    # doctest: +SKIP
    >>> axes(load("harbour").features, axes={"safety": {"low": ["danger"], "high": ["safe"]}}).table
    """
    for name, given in (("draws", draws), ("most", most)):
        at_least(name, given, 1)
    if not 0 < level < 1:
        raise OptionError(
            f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95."
        )
    poles = _poles(features, axes)
    require_language(
        features,
        "axes",
        ENGLISH,
        "The encoder reads English; make a corpus of the English articles.",
    )
    groups, story = group_articles(features, by), strata(features, within)
    unit = exchanged(features, groups.sizes)
    if within is not None and (unit is None or background is not None):
        raise OptionError(
            f"within={within!r} was given, but chance draws words one by one here; allowed is None,"
            " or articles or sentences to exchange."
        )
    filters = {"names": names, "stop_words": stop_words}
    counts = word_counts(features, unit=unit or "article", **filters)
    labels = groups.codes[counts.article]
    story = story[counts.article][labels >= 0]
    matrix, labels = counts.matrix[labels >= 0], labels[labels >= 0]
    frequent = _most(matrix.sum(axis=0), most)
    if not len(frequent):
        raise FeaturesError(
            f"axes embeds words, and {features.corpus} leaves none; allow names or stop_words."
        )
    usual = (
        None
        if background is None
        else background_counts(background, drop=not stop_words, **filters)
    )
    if usual is not None:
        usual = usual.iloc[_most(usual.to_numpy(), most)]
        if usual.empty:
            raise OptionError(
                "background has no words that count; give one with words, or allow names or"
                " stop_words."
            )
    encoder = load_encoder() if encoder is None else encoder
    terms = counts.terms[frequent]
    lines = axis_vectors(poles, encoder)
    cosines = word_vectors(terms, encoder, say=say).astype(float) @ lines.T
    all_words = matrix.sum(axis=1)
    matrix = sparse.csr_array(matrix[:, frequent])
    totals = matrix.sum(axis=0)
    if usual is None:
        drawn, shares = cosines, totals
    else:
        drawn, shares = (
            word_vectors(usual.index, encoder, say=say).astype(float) @ lines.T,
            usual.to_numpy(),
        )
    shares = shares / shares.sum()
    baseline = shares @ drawn
    # a column of words, then cosines and their squared distances from the baseline, by unit
    sums = np.column_stack(
        [matrix.sum(axis=1), matrix @ cosines, matrix @ (cosines - baseline) ** 2]
    )
    n_groups, n_axes = len(groups.names), len(poles)
    grouped = _ratios(one_hot(labels, n_groups) @ sums)
    by_group = (one_hot(labels, n_groups) @ matrix).toarray()
    low, high = np.full(grouped.shape, np.nan), np.full(grouped.shape, np.nan)
    for code, name in enumerate(groups.names):
        if not by_group[code].any():
            continue
        rng = generator(seed, "axes", name)
        if unit is None:
            samples = _words_drawn(
                by_group[code],
                np.column_stack([np.ones(len(terms)), cosines, (cosines - baseline) ** 2]),
                draws,
                rng,
            )
        else:
            samples = _resampled(sums[labels == code], draws, rng)
        low[code], high[code] = interval(samples, level)

    def by_chance() -> Iterator[np.ndarray]:
        rng = generator(seed, "axes", "chance")
        if unit is not None and usual is None:
            yield from map(_ratios, permuted_sums(sums, labels, story, n_groups, draws, rng))
        else:
            values = np.column_stack([np.ones(len(drawn)), drawn, (drawn - baseline) ** 2])
            sizes = by_group.sum(axis=1).astype(np.int64)
            for _ in range(draws):
                yield _ratios(rng.multinomial(sizes, shares) @ values)

    p, p_adjusted = _chance(grouped, baseline, by_chance, draws)
    units = (
        np.bincount(labels, minlength=n_groups)
        if unit is not None
        else by_group.sum(axis=1).astype(np.int64)
    )
    covered = by_group.sum(axis=1) / np.maximum(one_hot(labels, n_groups) @ all_words, 1)
    wide = {
        "bias": grouped[:, :n_axes],
        "low": low[:, :n_axes],
        "high": high[:, :n_axes],
        "baseline": np.tile(baseline, (n_groups, 1)),
        "p": p[:, :n_axes],
        "p_adjusted": p_adjusted,
        "intensity": grouped[:, n_axes:],
        "intensity_low": low[:, n_axes:],
        "intensity_high": high[:, n_axes:],
        "p_intensity": p[:, n_axes:],
    }
    by_words = {
        "n_words": by_group.sum(axis=1).astype(np.int64),
        "n_units": units,
        "coverage": covered,
    }
    table = pd.DataFrame(
        {
            "group": np.repeat(np.array(groups.names, object), n_axes),
            "axis": list(poles) * n_groups,
            **{name: values.ravel() for name, values in wide.items()},
            **{name: np.repeat(values, n_axes) for name, values in by_words.items()},
        },
        columns=AXES,
    )
    pulling = _pulling(by_group, terms, cosines, baseline, groups.names, list(poles))
    params = {
        "by": groups.by,
        "axes": {name: {"low": a, "high": b} for name, (a, b) in poles.items()},
        **filters,
        "most": most,
        "encoder": encoder.name,
        "background": "" if background is None else getattr(background, "corpus", "(given)"),
        "within": within or "",
        "unit": unit or "word",
        "draws": draws,
        "level": level,
        "seed": seed,
        **origin(features),
    }
    return Axes(
        table,
        params,
        pulling,
        notes=_notes(table, level, unit, usual is not None, int(groups.sizes.sum())),
    )


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
    there = np.flatnonzero(counts > 0)
    return np.sort(there[np.lexsort((there, -counts[there]))][:most])


def _ratios(sums: np.ndarray) -> np.ndarray:
    """Sums by the number of words, which the first column has."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[:, 1:] / sums[:, :1]


def _resampled(sums: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Ratios of resampled units, shape (draws, n_estimates)."""
    size = max(AT_ONCE // len(sums), 1)
    return np.concatenate(
        [
            bootstrap(sums[:, 1:], sums[:, 0], draws=min(size, draws - first), rng=rng)
            for first in range(0, draws, size)
        ]
    )


def _words_drawn(
    counts: np.ndarray, values: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Ratios of words drawn one by one from a group's, shape (draws, n_estimates)."""
    there = np.flatnonzero(counts)
    n, shares = int(counts.sum()), counts[there] / counts.sum()
    return np.concatenate(
        [_ratios(rng.multinomial(n, shares)[None] @ values[there]) for _ in range(draws)]
    )


def _chance(
    grouped: np.ndarray,
    baseline: np.ndarray,
    by_chance: Callable[[], Iterator[np.ndarray]],
    draws: int,
) -> tuple[np.ndarray, np.ndarray]:
    """P of biases (two-sided) and intensities (at least as much), and p of the biases over all
    groups and axes.

    `by_chance` gives the same draws each time it is called: first their spread is taken, then the
    largest distance of each in its units, so that no more than one draw is held.
    """
    n = len(baseline)
    centre = np.r_[baseline, np.zeros(n)]
    found = np.abs(grouped[:, :n] - baseline)
    reached, square = np.zeros(grouped.shape), np.zeros(found.shape)
    for ratios in by_chance():
        away = ratios - centre
        away[:, :n] = np.abs(away[:, :n])
        reached += away >= np.column_stack([found, grouped[:, n:]]) - 1e-12
        square += np.nan_to_num(away[:, :n]) ** 2
    sd = np.sqrt(np.maximum(square / draws, 1e-24))
    largest = np.array(
        [
            np.nanmax(np.where(np.isfinite(r), np.abs(r - centre), 0.0)[:, :n] / sd)
            for r in by_chance()
        ]
    )
    p_adjusted = (
        1
        + (np.sort(largest)[None] >= (found / sd).ravel()[:, None] - 1e-9)
        .sum(axis=1)
        .reshape(found.shape)
    ) / (draws + 1)
    p, empty = (1 + reached) / (draws + 1), np.isnan(grouped)
    return np.where(empty, np.nan, p), np.where(empty[:, :n], np.nan, p_adjusted)


def _pulling(
    by_group: np.ndarray,
    terms: pd.Index,
    cosines: np.ndarray,
    baseline: np.ndarray,
    groups: list[str],
    names: list[str],
) -> pd.DataFrame:
    rows = []
    for group, counts in zip(groups, by_group):
        for axis, name in enumerate(names):
            contribution = counts * (cosines[:, axis] - baseline[axis]) / max(counts.sum(), 1)
            for pole, sign in (("low", 1), ("high", -1)):
                order = np.lexsort((np.arange(len(terms)), (sign * contribution).round(9)))[
                    :PULLING
                ]
                rows += [
                    (group, name, pole, terms[w], int(counts[w]), cosines[w, axis], contribution[w])
                    for w in order
                    if sign * contribution[w] < 0
                ]
    return pd.DataFrame(rows, columns=WORDS)


def _notes(
    table: pd.DataFrame, level: float, unit: str | None, background: bool, n_articles: int
) -> tuple[str, ...]:
    passing = int(table["p_adjusted"].le(1 - level).sum())
    notes = [
        f"{passing} of {len(table)} biases are further from the baseline than any is in {level:.0%}"
        f" of draws; {int(table['p'].le(1 - level).sum())} are by themselves, where chance alone"
        f" would give {(1 - level) * len(table):.0f}."
    ]
    if unit is None or background:
        what = "Intervals and p draw" if unit is None else "p draws"
        notes.append(
            f"{what} words one by one, as if each had been chosen by itself; words come in"
            f" sentences, so {'they are' if unit is None else 'it is'} too small."
        )
    least = table["coverage"].min()
    if least < 0.995:
        notes.append(f"At least {least:.0%} of each group's words are embedded (`most`).")
    return (*notes, *few_articles(n_articles))
