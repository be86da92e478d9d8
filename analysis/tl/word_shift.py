"""Word shifts: which words make two groups of articles differ, beside what chance gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.stats import norm

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, OptionError
from analysis.features import Features, features_of
from analysis.groups import UNKNOWN, By, Grouping, group_articles, strata
from analysis.inference import few_articles, generator, one_hot, permuted_sums, resample
from analysis.options import check_choice, check_options
from analysis.results import Result, count
from analysis.tl._words import by_word, permuted_unit, word_counts
from analysis.views import origin
from analysis.wording import listed, names_of

MEASURES = ("jsd", "proportion", "average")
_NAMED = 2  # words of each group that the finding names


@dataclass(frozen=True, eq=False, repr=False)
class WordShift(Result):
    """How words make up the difference of two groups.

    Attributes
    ----------
    table : DataFrame
        One row a word, from the largest contribution.

        ==================  ========  ========================================================
        column              unit      meaning
        ==================  ========  ========================================================
        term
        group                         of whose words it is the greater share; "" if of neither
        count_a, count_b    words
        share_a, share_b    0 to 1    of the group's words compared
        weight                        NaN without weights
        contribution                  in bits for "jsd", as a share for "proportion", in the
                                      unit of the weights for "average"
        low, high                     its interval; NaN where nothing could be resampled
        ==================  ========  ========================================================

    total : DataFrame
        One row.

        ======================  =========  ===================================================
        column                  unit       meaning
        ======================  =========  ===================================================
        measure
        a, b                               the groups
        total                              sum of all contributions
        low, high                          its interval
        expected                           the mean of permuted corpora
        p                       0 to 1     share of permuted corpora with at least as great a
                                           total
        n_words_a, n_words_b    words
        n_units_a, n_units_b               sentences or articles
        coverage_a, coverage_b  0 to 1     share of the words that are compared (have a weight)
        ======================  =========  ===================================================
    """

    total: pd.DataFrame

    @property
    def names(self) -> tuple[str, str]:
        """What the two groups are called in a sentence."""
        assert self.groups is not None, "a result of groups"
        names = names_of(self.groups, self.params["by"])
        return names[self.params["a"]], names[self.params["b"]]

    @property
    def finding(self) -> str:
        """Whether the groups differ more than chance gives, and by which words most."""
        row, (a, b) = self.total.iloc[0], self.names
        known = np.isfinite(row["p"])
        sure = known and row["p"] <= 1 - self.params["level"]
        if row["measure"] == "average":
            higher = "higher" if row["total"] > 0 else "lower"
            said = f"The words of {a} score {higher} than those of {b}, by {abs(row['total']):.2f}"
            if not known:
                return f"{said}; what chance gives is not known"
            return f"{said}, {'more than' if sure else 'which'} chance gives{' too' * (not sure)}"
        if known and not sure:
            return f"{a} and {b} differ in their words no more than chance gives"
        parts = []
        for group, name in ((self.params["a"], a), (self.params["b"], b)):
            mine = self.table[(self.table["group"] == group) & (self.table["contribution"] > 0)]
            if len(mine):
                terms = [f"“{term}”" for term in mine["term"].head(_NAMED)]
                parts.append(f"{name} has more of {listed(terms)}")
        said = f"{a} and {b} differ in their words"
        said += " more than chance gives" if sure else "; what chance gives is not known"
        return f"{said}{': ' if sure else '. '}{', '.join(parts)}" if parts else said

    @property
    def measured(self) -> str:
        """The total beside chance, and how much was compared: the subtitle of the figure."""
        row, (a, b) = self.total.iloc[0], self.names
        total = {
            "jsd": f"Jensen-Shannon divergence {row['total']:.2f} bits",
            "proportion": f"Share of words to be exchanged {row['total']:.0%}",
            "average": f"Difference of the averages {row['total']:.2f}",
        }[row["measure"]]
        if np.isfinite(row["p"]):
            p = "p < .001" if row["p"] < 0.001 else f"p = {row['p']:.3f}".replace("0.", ".")
            chance = (
                f"{row['expected']:.0%}"
                if row["measure"] == "proportion"
                else (f"{row['expected']:.2f}")
            )
            total += f" (chance alone: {chance}; {p})"
        assert self.groups is not None
        n_a, n_b = self.groups.set_index("group").loc[[row["a"], row["b"]], "n_articles"]
        words = " and ".join(
            f"{count(int(row[f'n_words_{side}']), 'word')} in {count(int(n), 'article')} of {name}"
            for side, n, name in (("a", n_a, a), ("b", n_b, b))
        )
        return f"{total}; {words}."


def word_shift(
    corpus: Corpus | Features,
    *,
    a: str | None = None,
    b: str | None = None,
    by: By | None = None,
    within: str | list[str] | None = None,
    measure: str | None = None,
    weights: Mapping[str, float] | None = None,
    names: bool = True,
    stop_words: bool = False,
    draws: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> WordShift:
    r"""Break the difference of two groups' words down into what each word contributes.

    With the shares :math:`p_w` and :math:`q_w` of a word in the groups a and b and :math:`m_w =
    (p_w + q_w)/2`, contributions are

    .. math:: \text{jsd: } \tfrac12\Bigl(p_w\log_2\frac{p_w}{m_w} +
              q_w\log_2\frac{q_w}{m_w}\Bigr),\quad \text{proportion: } \tfrac12|p_w - q_w|,\quad
              \text{average: } (p_w - q_w)(\phi_w - \Phi_b)

    They sum to the Jensen-Shannon divergence (0: the same words in the same shares; 1 bit: no word
    in common), to the total variation (0 to 1), and to :math:`\Phi_a - \Phi_b`, the difference of
    the averages of the weights :math:`\phi_w`. The first two are never below 0, and the smaller the
    corpus, the larger: compare the total with what chance gives.

    Parameters
    ----------
    corpus : Corpus or Features
        Intervals resample, and chance permutes, whole articles where both groups have six and
        together twenty, else sentences, which the private form has; in the shared form they are NaN
        then.
    a, b : str, optional
        Two groups: those with most words, of those that are not given.
    by : str, sequence of str, mapping or Series, optional
        Groups, as `analysis.groups.group_articles` takes them: outlets, where at least two have two
        articles each, else articles.
    within : str or sequence of str, optional
        Columns that name strata, such as stories: only articles of one stratum are exchanged. Where
        both groups report the same stories, chance is too large without.
    measure : {"jsd", "proportion", "average"}, optional
        "average" if weights are given, else "jsd".
    weights : mapping of str to float, optional
        The weight of each word, in lower case, for "average"; words without one are left out there.
    names, stop_words : bool
        Whether words that are mostly names, and English function words, are compared.
    draws : int
        Number of bootstrap samples, and of permutations.
    level : float
        Of the intervals, between 0 and 1. They are the value plus and minus normal quantiles times
        its standard deviation over bootstrap samples: a resampled corpus lacks words and so differs
        more, which percentiles would carry over.
    seed : int

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
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> shift = tw.tl.word_shift(corpus, a="mcclatchy", b="caruzo", by="article_id")
    >>> shift.table[["term", "group", "count_a", "count_b", "contribution"]].head(3).round(3)
            term      group  count_a  count_b  contribution
    0       find  mcclatchy        4        0         0.007
    1  socialist     caruzo        0        7         0.006
    2     united     caruzo        0        7         0.006
    """
    features = features_of(corpus)
    filters: dict[str, Any] = {"names": names, "stop_words": stop_words}
    drawing = {"draws": draws, "level": level, "seed": seed}
    check_options(**filters, **drawing)
    if measure is None:
        measure = "jsd" if weights is None else "average"
    check_choice("measure", measure, MEASURES if weights is None else MEASURES[2:])
    if weights is None and measure == "average":
        raise OptionError('weights must be a mapping from word to number for measure="average"')
    phi_of = None if weights is None else _checked_weights(weights)
    groups, stratum = _two(features, by, a, b), strata(features, within)
    a, b = groups.names
    unit = permuted_unit(groups.sizes, features)
    counts = word_counts(features, unit=unit or "article", **filters)
    matrix, labels, stratum = counts.grouped(groups.codes, stratum)
    every = (one_hot(labels, 2) @ matrix).toarray()
    phi = np.full(len(counts.terms), np.nan)
    kept = every.sum(axis=0) > 0
    if phi_of is not None:
        phi = phi_of.reindex(counts.terms).to_numpy()
        kept &= np.isfinite(phi)
    matrix, sums = sparse.csr_array(matrix[:, np.flatnonzero(kept)]), every[:, kept]
    terms, phi = counts.terms[kept], phi[kept]
    for name, words in zip((a, b), sums.sum(axis=1)):
        if not words:
            having = "" if weights is None else " that have a weight"
            raise FeaturesError(
                f"{features.corpus}: group {name!r} has no words to compare{having}; allow names or"
                " stop_words, or choose another group."
            )
    contribution = _contributions(sums, measure, phi)
    total = contribution.sum()
    spread, spread_total, expected, p = np.full(len(terms), np.nan), np.nan, np.nan, np.nan
    units = groups.sizes
    if unit is not None:
        units = np.bincount(labels, minlength=2)
        rng = generator(seed, "word_shift", "bootstrap", a, b)
        spread, spread_total = _spread(matrix, labels, measure, phi, draws, rng)
        rng = generator(seed, "word_shift", "shuffle", a, b)
        permuted = permuted_sums(matrix, labels, stratum, 2, draws, rng)
        totals = np.array([_contributions(new, measure, phi).sum() for new in permuted])
        totals = totals[np.isfinite(totals)]  # a group may be left without a word that counts
        if len(totals):
            expected = totals.mean()
        p = (1 + (np.abs(totals) >= abs(total) - 1e-12).sum()) / (len(totals) + 1)
    width = norm.ppf(0.5 + level / 2)
    least = -np.inf if measure == "average" else 0.0
    shares = sums / sums.sum(axis=1, keepdims=True)
    table = pd.DataFrame(
        {
            "term": terms,
            "group": np.select([shares[0] > shares[1], shares[0] < shares[1]], [a, b], ""),
            "count_a": sums[0].astype(np.int64),
            "count_b": sums[1].astype(np.int64),
            "share_a": shares[0],
            "share_b": shares[1],
            "weight": phi,
            "contribution": contribution,
            "low": np.maximum(contribution - width * spread, least),
            "high": contribution + width * spread,
        }
    )
    order = np.argsort(-np.abs(contribution).round(12), kind="stable")
    n_words = every.sum(axis=1)
    low, high = max(total - width * spread_total, least), total + width * spread_total
    row = {"measure": measure, "a": a, "b": b, "total": total, "low": low, "high": high}
    row |= {"expected": expected, "p": p}
    coverage = sums.sum(axis=1) / n_words
    both = {"n_words": n_words.astype(int), "n_units": units, "coverage": coverage}
    row |= {f"{name}_{side}": v for name, of in both.items() for side, v in zip("ab", of)}
    params: dict[str, Any] = {"by": groups.by, "a": a, "b": b, "measure": measure}
    params |= {"weights": 0 if weights is None else len(weights), "within": within or ""}
    params |= {**filters, **drawing, "unit": unit or "", **origin(features)}
    table, notes = table.iloc[order], _notes(unit, expected, total, p, groups)
    total_row = pd.DataFrame([row])
    return WordShift(
        table.reset_index(drop=True), params, total_row, notes=notes, groups=groups.table
    )


def _two(features: Features, by: By | None, a: str | None, b: str | None) -> Grouping:
    """The two groups alone: 0 is a, 1 is b; those with most words where none is given."""
    groups = group_articles(features, by)
    if len(groups.names) < 2:
        raise FeaturesError(
            f"word_shift compares two groups, and {groups.by!r} has one only: {groups.names[0]};"
            " give `by` a column with two or more."
        )
    sizes = groups.table.assign(known=groups.table["group"] != UNKNOWN)
    most = sizes.sort_values(["known", "n_words"], ascending=False, kind="stable")["group"].tolist()
    a = next(name for name in most if name != b) if a is None else a
    b = next(name for name in most if name != a) if b is None else b
    for name, given in (("a", a), ("b", b)):
        check_choice(name, given, groups.names)
    if a == b:
        raise OptionError(f"b must be another group than a (got {a!r} for both)")
    places = [groups.names.index(a), groups.names.index(b)]
    codes = np.select([groups.codes == place for place in places], [0, 1], -1)
    table = groups.table.set_index("group").loc[[a, b]].reset_index()
    return Grouping(codes, [a, b], groups.by, table)


def _checked_weights(weights: Mapping[str, float]) -> pd.Series:
    given = by_word(weights) if isinstance(weights, Mapping | pd.Series) else pd.Series(dtype=float)
    if given.empty or not np.isfinite(given).all():
        wrong = given.index[~np.isfinite(given)].tolist()[:5]
        problem = f"{', '.join(map(repr, wrong))} has none" if wrong else f"got {weights!r:.60}"
        raise OptionError(f"weights must be a mapping from word to a finite number ({problem})")
    return given[~given.index.duplicated()]


def _contributions(sums: np.ndarray, measure: str, phi: np.ndarray) -> np.ndarray:
    """What each word contributes, from counts of shape (2, n_words)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p, q = sums / sums.sum(axis=1, keepdims=True)
        if measure == "average":
            return (p - q) * (phi - q @ phi)
        if measure == "proportion":
            return np.abs(p - q) / 2
        middle = (p + q) / 2
        return np.sum([np.where(x > 0, x * np.log2(x / middle), 0.0) for x in (p, q)], axis=0) / 2


def _spread(
    matrix: sparse.csr_array,
    labels: np.ndarray,
    measure: str,
    phi: np.ndarray,
    draws: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, float]:
    """Standard deviations of the contributions and of their sum over bootstrap samples."""
    halves = [sparse.csr_array(matrix[labels == code]) for code in (0, 1)]
    mean, square, totals = np.zeros(len(phi)), np.zeros(len(phi)), []
    for _ in range(draws):
        sums = np.stack([(resample(half.shape[0], 1, rng) @ half)[0] for half in halves])
        if not sums.sum(axis=1).all():  # all units drawn are without a word that counts
            continue
        made = _contributions(sums, measure, phi)
        totals.append(made.sum())
        mean += made
        square += made**2
    if not totals:
        return mean, np.nan
    n = len(totals)
    return np.sqrt(np.maximum(square / n - (mean / n) ** 2, 0.0)), float(np.std(totals))


def _notes(
    unit: str | None, expected: float, total: float, p: float, groups: Grouping
) -> tuple[str, ...]:
    if unit is None:
        note = (
            "The shared form has no sentences to resample or permute, and too few articles: no"
            " interval, and what chance gives is not known."
        )
    else:
        note = (
            f"Permuting {unit}s between the two gives {expected:.3f} in the mean; {total:.3f} was"
            f" found (p = {p:.3f})."
        )
    if unit == "sentence":
        note += (
            " Sentences of one article are alike: what sets the two apart may be what single"
            " articles are about."
        )
    return (note, *few_articles(int(groups.sizes.sum())))
