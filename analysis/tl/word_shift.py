"""Word shifts: which words make two groups of articles differ, and by how much more than chance
would.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import norm

from analysis.errors import FeaturesError, OptionError, choose
from analysis.features import Features
from analysis.groups import Grouping, group_articles, strata
from analysis.inference import few_articles, generator, one_hot, permuted_sums
from analysis.results import Result, at_least
from analysis.tl._words import exchanged, word_counts
from analysis.views import origin

MEASURES = ("jsd", "proportion", "average")
SHIFT = [
    "term",
    "group",
    "count_a",
    "count_b",
    "share_a",
    "share_b",
    "weight",
    "contribution",
    "low",
    "high",
]
TOTAL = [
    "measure",
    "a",
    "b",
    "total",
    "low",
    "high",
    "expected",
    "p",
    "n_words_a",
    "n_words_b",
    "n_units_a",
    "n_units_b",
    "coverage_a",
    "coverage_b",
]


@dataclass(frozen=True, eq=False, repr=False)
class WordShift(Result):
    """How words make up the difference of two groups.

    Attributes
    ----------
    table : DataFrame
        term, group (the one of whose words it is the greater share), count_a, count_b, share_a,
        share_b (of the group's words compared, from 0 to 1), weight (NaN without weights),
        contribution, low, high; from the largest contribution.
    total : DataFrame
        One row: measure, a, b, total (the sum of all contributions), low, high, expected (the mean
        of shuffled corpora), p (share of those with at least as great a total), n_words_a,
        n_words_b, n_units_a, n_units_b (sentences or articles), coverage_a, coverage_b (share of
        words that have a weight).
    """

    total: pd.DataFrame


def word_shift(
    features: Features,
    *,
    a: str,
    b: str,
    by: str | Mapping[str, str] | pd.Series = "outlet",
    measure: str | None = None,
    weights: Mapping[str, float] | None = None,
    within: str | None = None,
    names: bool = True,
    stop_words: bool = False,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> WordShift:
    r"""Break the difference of two groups' words down into what each word contributes.

    With the shares :math:`p_w` and :math:`q_w` of a word in the groups a and b and :math:`m_w =
    (p_w + q_w)/2`, contributions are

    .. math:: \text{jsd: } \tfrac12\Bigl(p_w\log_2\frac{p_w}{m_w} + q_w\log_2\frac{q_w}{m_w}\Bigr),\quad
              \text{proportion: } \tfrac12|p_w - q_w|,\quad \text{average: } (p_w - q_w)(\phi_w -
              \Phi_b)

    They sum to the Jensen-Shannon divergence (0: the same words in the same shares; 1 bit: no word
    in common), to the total variation (0 to 1), and to :math:`\Phi_a - \Phi_b`, the difference of
    the averages of the weights :math:`\phi_w`. The first two are never below 0, and the smaller the
    corpus, the larger: compare the total with what chance gives.

    Parameters
    ----------
    features : Features
        Either form. Intervals and chance come from whole articles where both groups have six and
        together twenty, else from sentences, which the private form has; in the shared form they
        are NaN then.
    a, b : str
        Two groups.
    by : str, mapping or Series
        Column of `articles` that names the groups, or a group for each article_id.
    measure : {"jsd", "proportion", "average"}, optional
        "average" if weights are given, else "jsd".
    weights : mapping of str to float, optional
        The weight of each word, in lower case, for "average"; words without one are left out there.
    within : str, optional
        Column of `articles` that names their strata: only articles of one story are exchanged.
        Where both groups tell the same strata, chance is too large without.
    names, stop_words
        Whether words that are mostly names, and English function words, are compared.
    draws, level, seed
        Intervals are the value plus and minus normal quantiles times its standard deviation over
        `draws` bootstraps of sentences or articles: a resampled corpus lacks words and so differs
        more, which percentiles would carry over. Chance is `draws` shuffles of the units between
        the groups.

    Returns
    -------
    WordShift

    Raises
    ------
    OptionError
        If a group is not there, or an option has a value that is not allowed.
    FeaturesError
        If a group has no words to compare.

    References
    ----------
    Gallagher, R., and others (2021). Generalized word shift graphs. EPJ Data Science 10:4.
    https://doi.org/10.1140/epjds/s13688-021-00260-3

    Examples
    --------
    # doctest: +SKIP
    >>> word_shift(load("harbour").features, a="Tesmere Observer", b="The Blast").table.head()
    """
    at_least("draws", draws, 1)
    if not 0 < level < 1:
        raise OptionError(
            f"level={level!r} was given; allowed are numbers between 0 and 1, such as 0.95."
        )
    measure = measure or ("jsd" if weights is None else "average")
    choose("measure", measure, MEASURES if weights is None else MEASURES[2:])
    if (weights is None) == (measure == "average"):
        raise OptionError(
            'measure="average" was given without weights; give a mapping from word to weight.'
        )
    groups, story = _two(features, by, a, b), strata(features, within)
    unit = exchanged(features, groups.sizes)
    counts = word_counts(features, unit=unit or "article", names=names, stop_words=stop_words)
    labels = groups.codes[counts.article]
    story = story[counts.article][labels >= 0]
    matrix, labels = counts.matrix[labels >= 0], labels[labels >= 0]
    every = (one_hot(labels, 2) @ matrix).toarray()
    phi = (
        np.full(len(counts.terms), np.nan)
        if weights is None
        else _weights(weights).reindex(counts.terms).to_numpy(float)
    )
    kept = (every.sum(axis=0) > 0) & (np.isfinite(phi) if weights is not None else True)
    matrix, terms, phi, sums = (
        sparse.csr_array(matrix[:, np.flatnonzero(kept)]),
        counts.terms[kept],
        phi[kept],
        every[:, kept],
    )
    for name, words in zip((a, b), sums.sum(axis=1)):
        if not words:
            raise FeaturesError(
                f"{features.corpus}: group {name!r} has no words to compare"
                + ("" if weights is None else " that have a weight")
                + "; allow names or stop_words, or choose another group."
            )
    contribution = _contributions(sums, measure, phi)
    total = contribution.sum()
    spread, spread_total, expected, p = np.full(len(terms), np.nan), np.nan, np.nan, np.nan
    if unit is not None:
        spread, spread_total = _bootstrap(
            matrix, labels, measure, phi, draws, generator(seed, "word_shift", "bootstrap", a, b)
        )
        totals = np.array(
            [
                _contributions(new, measure, phi).sum()
                for new in permuted_sums(
                    matrix, labels, story, 2, draws, generator(seed, "word_shift", "shuffle", a, b)
                )
            ]
        )
        totals = totals[np.isfinite(totals)]  # a group may be permuted_sums no word that counts
        expected, p = (
            totals.mean() if len(totals) else np.nan,
            (1 + (np.abs(totals) >= abs(total) - 1e-12).sum()) / (len(totals) + 1),
        )
    width = norm.ppf(0.5 + level / 2)
    n, least = every.sum(axis=1), -np.inf if measure == "average" else 0.0
    shares = sums / sums.sum(axis=1, keepdims=True)
    table = pd.DataFrame(
        {
            "term": terms,
            "group": np.where(shares[0] > shares[1], a, np.where(shares[0] < shares[1], b, "")),
            "count_a": sums[0].astype(np.int64),
            "count_b": sums[1].astype(np.int64),
            "share_a": shares[0],
            "share_b": shares[1],
            "weight": phi,
            "contribution": contribution,
            "low": np.maximum(contribution - width * spread, least),
            "high": contribution + width * spread,
        },
        columns=SHIFT,
    )
    table = table.iloc[
        np.lexsort((np.arange(len(table)), -np.abs(contribution).round(12)))
    ].reset_index(drop=True)
    units = np.bincount(labels, minlength=2) if unit is not None else groups.sizes
    ends = max(total - width * spread_total, least), total + width * spread_total
    row = [
        measure,
        a,
        b,
        total,
        *ends,
        expected,
        p,
        *map(int, n),
        *map(int, units),
        *(sums.sum(axis=1) / n),
    ]
    params = {
        "by": groups.by,
        "a": a,
        "b": b,
        "measure": measure,
        "weights": 0 if weights is None else len(weights),
        "within": within or "",
        "names": names,
        "stop_words": stop_words,
        "draws": draws,
        "level": level,
        "seed": seed,
        "unit": unit or "",
        **origin(features),
    }
    return WordShift(
        table,
        params,
        pd.DataFrame([row], columns=TOTAL),
        notes=_notes(unit, expected, total, p, groups),
    )


def _two(features: Features, by, a: str, b: str) -> Grouping:
    """The two groups alone: 0 is a, 1 is b."""
    groups = group_articles(features, by)
    for name, given in (("a", a), ("b", b)):
        choose(name, given, groups.names)
    if a == b:
        raise OptionError(
            f"a and b are both {a!r}; give two different groups of"
            f" {', '.join(map(repr, groups.names))}."
        )
    codes = np.full(len(groups.codes), -1)
    for code, name in enumerate((a, b)):
        codes[groups.codes == groups.names.index(name)] = code
    return Grouping(codes, [a, b], groups.by)


def _weights(weights: Mapping[str, float]) -> pd.Series:
    said = pd.to_numeric(pd.Series(weights, dtype=object), errors="coerce").astype(float)
    if said.empty or not np.isfinite(said).all():
        wrong = said.index[~np.isfinite(said)].tolist()[:5]
        raise OptionError(
            f"weights has no number for {', '.join(map(repr, wrong)) or 'any word'}; allowed is a"
            " mapping from word to a finite number."
        )
    said.index = said.index.astype(str).str.lower()
    return said[~said.index.duplicated()]


def _contributions(sums: np.ndarray, measure: str, phi: np.ndarray) -> np.ndarray:
    """What each word contributes, from counts of shape (2, n_words)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = sums / sums.sum(axis=1, keepdims=True)
        if measure == "average":
            return (p - q) * (phi - q @ phi)
        if measure == "proportion":
            return np.abs(p - q) / 2
        middle = (p + q) / 2
        return sum(np.where(x > 0, x * np.log2(x / middle), 0.0) for x in (p, q)) / 2


def _bootstrap(
    matrix: sparse.csr_array,
    labels: np.ndarray,
    measure: str,
    phi: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """Standard deviations of the contributions and of their sum."""
    halves = [sparse.csr_array(matrix[np.flatnonzero(labels == code)]) for code in (0, 1)]
    mean, square, totals = 0.0, 0.0, []
    for _ in range(draws):
        sums = np.stack(
            [
                half.T
                @ rng.multinomial(half.shape[0], np.full(half.shape[0], 1 / half.shape[0])).astype(
                    float
                )
                for half in halves
            ]
        )
        if not sums.sum(axis=1).all():  # all its units are without a word that counts
            continue
        made = _contributions(sums, measure, phi)
        totals.append(made.sum())
        mean, square = mean + made, square + made**2
    n = max(len(totals), 1)
    return np.sqrt(np.maximum(square / n - (mean / n) ** 2, 0.0)) * np.ones(len(phi)), (
        float(np.std(totals)) if totals else np.nan
    )


def _notes(
    unit: str | None, expected: float, total: float, p: float, groups: Grouping
) -> tuple[str, ...]:
    if unit is None:
        said = (
            "The shared form has no sentences to resample or shuffle, and too few_articles articles: no"
            " interval, and what chance gives is not known."
        )
    else:
        said = (
            f"Shuffling {unit}s between the two gives {expected:.3f} in the mean; {total:.3f} was"
            f" found (p = {p:.3f})."
            + (
                " Sentences of one article are alike: what sets the two apart may be what single"
                " articles are about."
                if unit == "sentence"
                else ""
            )
        )
    return (said, *few_articles(int(groups.sizes.sum())))
