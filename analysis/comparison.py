"""Groups compared: each beside all the others, with bounds that hold for all of them together."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm, t

from analysis.inference import generator, resample

# of a group, to be called apart from the others: fewer do not show how they differ
FEWEST_ARTICLES, FEWEST_SENTENCES = 5, 10
SHARE_LIMITS = (0.0, 1.0)  # limits of a share
_PERCENTILES = 10  # of fewer units even the farthest bootstrap samples lie too near
_FEW_COUNTS = 10  # of a group do not show how they scatter
_KEPT = 25_000_000  # sums of draws that are held in memory


@dataclass(frozen=True, eq=False)
class Comparison:
    """Ratios of groups, each beside all others; arrays have shape (n_groups, n_estimates).

    Attributes
    ----------
    estimate, low, high
        The group's ratio of sums, and bounds of its interval, of the group taken alone.
    rest
        The ratio of all other groups together; NaN where there is no other.
    joint_low, joint_high
        Bounds around `estimate` of its difference from `rest`: they hold for all groups (and
        estimates) together, so of all comparisons of one figure none is wrong in `level` of cases.
        NaN of a group that is too small to be compared.
    apart : bool
        Whether these bounds exclude `rest`.
    shrunk
        `estimate` drawn towards the mean of all, the more the less sure it is: order by this.
    weight
        Sum of the denominators.
    n_units : int array
        Articles (or sentences) that were resampled and have a denominator.
    unit : list of str
        What was resampled in each group: "article", or "sentence" where it is one article.
    """

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rest: np.ndarray
    joint_low: np.ndarray
    joint_high: np.ndarray
    apart: np.ndarray
    shrunk: np.ndarray
    weight: np.ndarray
    n_units: np.ndarray
    unit: list[str]

    def columns(
        self, name: str, j: int = 0, limits: tuple[float, float] = (-np.inf, np.inf)
    ) -> dict[str, np.ndarray | list[str]]:
        """The columns of a result's table for the `j`-th estimate, which the table calls `name`.

        Bounds end at the `limits` of what is estimated, such as `SHARE_LIMITS`.
        """
        bounds = ("low", "high", "joint_low", "joint_high")
        each = ("low", "high", "shrunk", "rest", "joint_low", "joint_high", "apart", "weight")
        found = {name: self.estimate[:, j]} | {c: getattr(self, c)[:, j] for c in each}
        return found | {c: found[c].clip(*limits) for c in bounds}


def compare_groups(
    numerators: np.ndarray,
    denominators: np.ndarray,
    group: np.ndarray,
    article: np.ndarray,
    names: Sequence[str],
    *,
    what: str,
    draws: int,
    level: float,
    seed: int,
    counts: bool = False,
    beside: int = 1,
) -> Comparison:
    """Compare groups by a ratio of sums, resampling the articles of each group.

    Sentences are resampled where a group is a single article. Of fewer than `FEWEST_ARTICLES`
    articles, or `FEWEST_SENTENCES` sentences, none is called apart. Nor is a single article beside
    groups of so many: its sentences do not show how articles differ, and it would look too sure.

    Parameters
    ----------
    numerators : array of shape (n_units,) or (n_units, n_estimates)
        One row for each sentence (or mention, or article).
    denominators : array like `numerators`, or of shape (n_units,)
        Words of each sentence for a share, ones for a mean.
    group : int array of shape (n_units,)
        The group of each; -1 for those left out.
    article : int array of shape (n_units,)
        The article of each.
    names : sequence of str
        The groups, which name the random streams: another group moves no interval of one's own.
    what : str
        What is estimated, for the random streams.
    draws : int
    level : float
    seed : int
    counts : bool
        Whether numerators count what is rare, such as words. A group with none or few of them shows
        no spread: its joint bounds are no nearer than counts scatter at the rest's rate.
    beside : int
        Comparisons, this one among them, whose joint bounds hold together: where units or methods
        differ, several stand in one figure. Each has its equal part of the error (Bonferroni).

    Returns
    -------
    Comparison

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1).
    https://doi.org/10.1214/aos/1176344552

    Hesterberg, T. C. (2015). What teachers should know about the bootstrap. The American
    Statistician 69(4). https://doi.org/10.1080/00031305.2015.1089789 (The expanded percentile
    interval; of fewer than ten units the interval of t, with the bootstrap's spread.)

    DerSimonian, R., and Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical
    Trials 7(3). https://doi.org/10.1016/0197-2456(86)90046-2

    Westfall, P. H., and Young, S. S. (1993). Resampling-based multiple testing. Wiley. (The
    greatest of all studentised differences gives the one factor of all joint bounds.)
    """
    units, articles = _units(numerators, denominators, np.asarray(group), article, len(names))
    totals = np.array([sums.sum(axis=0) for sums in units])
    # those that say something: an article without a mention has no tone
    n_units = np.array([(sums[:, 1] > 0).sum(axis=0) for sums in units])
    wider = np.sqrt(np.where(n_units > 1, n_units / np.maximum(n_units - 1, 1), 1))

    def draw(g: int) -> np.ndarray:
        """How far the sums of a group's draws are from its sums: (2, draws, n_estimates)."""
        times = resample(len(units[g]), draws, generator(seed, what, names[g]))
        return np.moveaxis(np.tensordot(times, units[g], axes=1) - totals[g], 0, 1)

    resampled = np.flatnonzero((n_units > 1).any(axis=1)).tolist()
    drawn: Callable[[int], np.ndarray] = draw  # twice each, where they are too many to keep
    if len(resampled) * draws * totals[0].size <= _KEPT:
        drawn = {g: draw(g) for g in resampled}.__getitem__
    n, d = totals[:, 0], totals[:, 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = n / d
        rest_d = d.sum(axis=0) - d
        rest = (n.sum(axis=0) - n) / rest_d
    low, high, spread, joint = (np.full(estimate.shape, np.nan) for _ in range(4))
    everything = np.zeros((2, draws, n.shape[1]))
    for g in resampled:
        moved = drawn(g)
        everything += wider[g] * moved
        low[g], high[g], spread[g] = _alone(n[g], d[g], moved, n_units[g], level)
    least = _scatter(n, d, rest, spread) if counts else np.zeros(estimate.shape)
    large = n_units >= np.where(articles > 1, FEWEST_ARTICLES, FEWEST_SENTENCES)[:, None]
    if (articles >= FEWEST_ARTICLES).any():
        large &= articles[:, None] > 1
    greatest = np.zeros(draws)
    for g in resampled:
        dn, dd = wider[g] * drawn(g)
        with np.errstate(invalid="ignore", divide="ignore"):
            own = (dn - estimate[g] * dd) / d[g]
            others = (everything[0] - dn - rest[g] * (everything[1] - dd)) / rest_d[g]
            sd = np.fmax(np.std(own - others, axis=0), least[g])
            joint[g] = np.where(n_units[g] > 1, sd, np.nan)
            studentised = np.abs(own - others) / joint[g]
            studentised = np.where(joint[g] > 0, studentised, 0)[:, large[g]]
            greatest = np.fmax(greatest, studentised.max(axis=1, initial=0))
    together = 1 - (1 - level) / beside
    # as far out in the distribution of t, as each spread is estimated from few units
    factor = t.isf(norm.sf(np.quantile(greatest, together)), np.maximum(n_units - 1, 1))
    # where all draws are alike, how far they might lie is not known
    joint[~large | ~((spread > 0) | (least > 0))] = np.nan
    joint_low, joint_high = estimate - factor * joint, estimate + factor * joint
    apart = (joint_low > rest) | (joint_high < rest)
    shrunk = _shrunk(estimate, spread, d, n_units)
    unit = ["article" if several else "sentence" for several in articles > 1]
    return Comparison(
        estimate, low, high, rest, joint_low, joint_high, apart, shrunk, d, n_units, unit
    )


def ratio_bounds(
    numerators: np.ndarray,
    denominators: np.ndarray,
    *,
    draws: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of one group's ratios of sums, taken alone, as `compare_groups` has them.

    Parameters
    ----------
    numerators : array of shape (n_articles, n_estimates)
    denominators : array of shape (n_articles,)
    draws : int
    level : float
    rng : numpy.random.Generator

    Returns
    -------
    low, high : array of shape (n_estimates,)
        NaN of fewer than two articles.
    """
    units = np.stack([numerators, np.broadcast_to(denominators[:, None], numerators.shape)], axis=1)
    totals, n_units = units.sum(axis=0), (units[:, 1] > 0).sum(axis=0)
    times = resample(len(units), draws, rng)
    moved = np.moveaxis(np.tensordot(times, units, axes=1) - totals, 0, 1)
    low, high, _ = _alone(totals[0], totals[1], moved, n_units, level)
    return low, high


def _alone(
    n: np.ndarray, d: np.ndarray, moved: np.ndarray, n_units: np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bounds and standard error of one group's ratios, each of shape (n_estimates,)."""
    low, high, spread = (np.full(len(n), np.nan) for _ in range(3))
    dn, dd = moved
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = n / d
        samples = (n + dn) / (d + dd)
        deviation = (dn - estimate * dd) / d
    several = np.flatnonzero(n_units > 1)
    units = n_units[several]
    wider, reach = np.sqrt(units / (units - 1)), t.isf((1 - level) / 2, units - 1)
    spread[several] = wider * np.array([deviation[:, j].std() for j in several])
    low[several] = estimate[several] - reach * spread[several]
    high[several] = estimate[several] + reach * spread[several]
    tail = norm.sf(wider * reach)
    tail[units < _PERCENTILES] = np.nan
    for one in np.unique(tail[~np.isnan(tail)]):
        alike = several[tail == one]
        drawn = samples[:, alike]
        quantile = np.nanquantile if np.isnan(drawn).any() else np.quantile
        low[alike], high[alike] = quantile(drawn, [one, 1 - one], axis=0)
    return low, high, spread


def _scatter(n: np.ndarray, d: np.ndarray, rest: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """The least standard error of groups with few counts: how counts scatter at the rest's rate."""
    shown = np.isfinite(spread)
    sums = (np.where(shown, spread * d, 0) ** 2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        of_one = np.fmax(sums / np.where(shown, n, 0).sum(axis=0), 1)
        return np.where(n < _FEW_COUNTS, np.nan_to_num(np.sqrt(of_one * rest / d)), 0)


def _units(
    numerators: np.ndarray,
    denominators: np.ndarray,
    group: np.ndarray,
    article: np.ndarray,
    n_groups: int,
) -> tuple[list[np.ndarray], np.ndarray]:
    """What is resampled of each group, (n_units, 2, n_estimates), and its number of articles."""
    above, below = (np.asarray(each, float) for each in (numerators, denominators))
    above, below = (each[:, None] if each.ndim == 1 else each for each in (above, below))
    sums = np.stack([above, np.broadcast_to(below, above.shape)], axis=1)
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(n_groups + 1))
    units, n_articles = [], np.zeros(n_groups, np.int64)
    for g, (first, stop) in enumerate(itertools.pairwise(edges)):
        mine = order[first:stop]
        own, place = np.unique(article[mine], return_inverse=True)
        n_articles[g] = len(own)
        part = sums[mine]
        if len(own) > 1:
            part = np.zeros((len(own), *part.shape[1:]))
            np.add.at(part, place, sums[mine])
        units.append(part)
    return units, n_articles


def _shrunk(
    estimate: np.ndarray, spread: np.ndarray, weight: np.ndarray, n_units: np.ndarray
) -> np.ndarray:
    """Estimates drawn towards their mean, by the variance between groups of DerSimonian and Laird.

    A group's own variance is held together with that of all groups, as few units may show none.
    """
    shrunk = np.full(estimate.shape, np.nan)
    for j in range(estimate.shape[1]):
        there = np.flatnonzero(np.isfinite(estimate[:, j]))
        value, size = estimate[there, j], weight[there, j]
        own = np.nan_to_num(spread[there, j]) ** 2
        shown = np.where(np.isfinite(spread[there, j]), n_units[there, j], 0)
        if len(there) < 2 or not (shown * own).sum():
            shrunk[there, j] = value
            continue
        common = (shown * own * size).sum() / shown.sum() / size
        variance = (shown * own + 2 * common) / (shown + 2)
        w = 1 / variance
        q = (w * (value - (w * value).sum() / w.sum()) ** 2).sum()
        between = max(q - (len(there) - 1), 0) / (w.sum() - (w**2).sum() / w.sum())
        w = 1 / (variance + between)
        mean = (w * value).sum() / w.sum()
        shrunk[there, j] = mean + between * w * (value - mean)
    return shrunk
