"""Statistics that every measure uses: random streams, bootstrap, permutation, intervals, Holm."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.stats import binomtest, norm, t

FEW_ARTICLES = 20  # fewer describe themselves, not their outlets
# of a group, to be called apart from the others: fewer do not show how they differ
FEWEST_ARTICLES, FEWEST_SENTENCES = 5, 10
_PERCENTILES = 10  # of fewer units even the farthest bootstrap samples lie too near
_FEW_COUNTS = 10  # of a group do not show how they scatter
CELLS_AT_ONCE = 1 << 20  # of the sums held in memory


def generator(seed: int, *names: str) -> np.random.Generator:
    """A random stream for each name, so that adding an article moves no other's interval.

    Parameters
    ----------
    seed : int
    *names : str
        What is estimated, such as ("frames", "article 1").
    """
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])


def resample(n_units: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """How often each unit is drawn in each bootstrap sample.

    Returns
    -------
    array of shape (draws, n_units)
        Whole numbers as float; each row sums to `n_units`.

    References
    ----------
    Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7(1).
    https://doi.org/10.1214/aos/1176344552
    """
    return rng.multinomial(n_units, np.full(n_units, 1 / n_units), size=draws).astype(float)


def bootstrap(
    numerators: np.ndarray, denominators: np.ndarray, *, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Ratio of sums in each bootstrap sample of the units.

    Parameters
    ----------
    numerators : array of shape (n_units, n_estimates)
    denominators : array of shape (n_units,)
        Words of each sentence for a share, ones for a mean.
    draws : int
    rng : numpy.random.Generator

    Returns
    -------
    array of shape (draws, n_estimates)
        NaN where a sample's denominators sum to 0.
    """
    times = resample(len(denominators), draws, rng)
    below = times @ denominators
    with np.errstate(invalid="ignore", divide="ignore"):
        return (times @ numerators) / below[:, None]


def interval(samples: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper percentile bounds of bootstrap samples, along the first axis."""
    tail = (1 - level) / 2
    low, high = np.nanquantile(samples, [tail, 1 - tail], axis=0)
    return low, high


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
    apart : bool
        Whether these bounds exclude `rest`, of a group that is large enough to be named.
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

    def columns(self, name: str, j: int = 0) -> dict[str, np.ndarray | list[str]]:
        """The columns of a result's table for the `j`-th estimate, which the table calls `name`."""
        each = ("low", "high", "shrunk", "rest", "joint_low", "joint_high", "apart", "weight")
        return {name: self.estimate[:, j]} | {c: getattr(self, c)[:, j] for c in each}


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
) -> Comparison:
    """Compare groups by a ratio of sums, resampling the articles of each group.

    Sentences are resampled where a group is a single article. Of fewer than `FEWEST_ARTICLES`
    articles, or `FEWEST_SENTENCES` sentences, none is called apart.

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

    def drawn(g: int) -> np.ndarray:
        """How far the sums of a group's draws are from its sums: (2, draws, n_estimates)."""
        times = resample(len(units[g]), draws, generator(seed, what, names[g]))
        return np.moveaxis(np.tensordot(times, units[g], axes=1) - totals[g], 0, 1)

    resampled = np.flatnonzero((n_units > 1).any(axis=1)).tolist()
    kept = {}
    if len(resampled) * draws * totals[0].size <= CELLS_AT_ONCE * 24:
        kept = {g: drawn(g) for g in resampled}
    n, d = totals[:, 0], totals[:, 1]
    with np.errstate(invalid="ignore", divide="ignore"):
        estimate = n / d
        rest_d = d.sum(axis=0) - d
        rest = (n.sum(axis=0) - n) / rest_d
    low, high, spread, joint = (np.full(estimate.shape, np.nan) for _ in range(4))
    everything = np.zeros((2, draws, n.shape[1]))
    for g in resampled:
        dn, dd = moved = kept[g] if kept else drawn(g)
        everything += wider[g] * moved
        with np.errstate(invalid="ignore", divide="ignore"):
            samples = (n[g] + dn) / (d[g] + dd)
            deviation = (dn - estimate[g] * dd) / d[g]
        reach = t.isf((1 - level) / 2, np.maximum(n_units[g] - 1, 1))
        tail = norm.sf(wider[g] * reach)
        for j in np.flatnonzero(n_units[g] > 1):
            spread[g, j] = wider[g, j] * deviation[:, j].std()
            if n_units[g, j] < _PERCENTILES:
                half = reach[j] * spread[g, j]
                low[g, j], high[g, j] = estimate[g, j] - half, estimate[g, j] + half
                continue
            low[g, j], high[g, j] = np.nanquantile(samples[:, j], [tail[j], 1 - tail[j]])
    least = np.zeros(estimate.shape)
    if counts:
        shown = np.isfinite(spread)
        scatter = (np.where(shown, spread * d, 0) ** 2).sum(axis=0)
        with np.errstate(invalid="ignore", divide="ignore"):
            scatter = np.fmax(scatter / np.where(shown, n, 0).sum(axis=0), 1)
            few = n < _FEW_COUNTS
            least = np.where(few, np.nan_to_num(np.sqrt(scatter * rest / d)), 0)
    greatest = np.zeros(draws)
    large = n_units >= np.where(articles > 1, FEWEST_ARTICLES, FEWEST_SENTENCES)[:, None]
    for g in resampled:
        dn, dd = wider[g] * (kept[g] if kept else drawn(g))
        with np.errstate(invalid="ignore", divide="ignore"):
            own = (dn - estimate[g] * dd) / d[g]
            others = (everything[0] - dn - rest[g] * (everything[1] - dd)) / rest_d[g]
            sd = np.fmax(np.std(own - others, axis=0), least[g])
            joint[g] = np.where(n_units[g] > 1, sd, np.nan)
            studentised = np.abs(own - others) / joint[g]
            studentised = np.where(joint[g] > 0, studentised, 0)[:, large[g]]
            greatest = np.fmax(greatest, studentised.max(axis=1, initial=0))
    # as far out in the distribution of t, as each spread is estimated from few units
    # where no group is large enough to be compared, each interval is its own
    tail = min(norm.sf(np.quantile(greatest, level)), (1 - level) / 2)
    factor = t.isf(tail, np.maximum(n_units - 1, 1))
    joint_low, joint_high = estimate - factor * joint, estimate + factor * joint
    # where all draws are alike, how far they might lie is not known
    known = (spread > 0) | (least > 0)
    apart = ((joint_low > rest) | (joint_high < rest)) & large & known
    shrunk = _shrunk(estimate, spread, d, n_units)
    unit = ["article" if several else "sentence" for several in articles > 1]
    return Comparison(
        estimate, low, high, rest, joint_low, joint_high, apart, shrunk, d, n_units, unit
    )


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


def permuted_sums(
    units: sparse.csr_array | np.ndarray,
    labels: np.ndarray,
    stratum: np.ndarray,
    n_groups: int,
    draws: int,
    rng: np.random.Generator,
) -> Iterator[np.ndarray]:
    """Sums by group when the units' groups are permuted within each stratum.

    Parameters
    ----------
    units : csr_array or array of shape (n_units, n_columns)
    labels : int array of shape (n_units,)
        The group of each unit; every group keeps its number of units of each stratum.
    stratum : int array of shape (n_units,)
    n_groups : int
    draws : int
    rng : numpy.random.Generator

    Yields
    ------
    array of shape (n_groups, n_columns)
        `draws` of them.
    """
    size = max(CELLS_AT_ONCE // (n_groups * units.shape[1]), 1)
    order = np.argsort(stratum, kind="stable")
    for first in range(0, draws, size):
        block = np.empty((min(size, draws - first), len(labels)), np.int64)
        for i in range(len(block)):
            permuted = labels[np.lexsort((rng.random(len(labels)), stratum))]
            block[i, order] = permuted + n_groups * i
        block = block.ravel()
        places = np.tile(np.arange(len(labels)), len(block) // max(len(labels), 1))
        shape = (n_groups * min(size, draws - first), len(labels))
        sums = sparse.csr_array((np.ones(len(block)), (block, places)), shape=shape) @ units
        sums = sums.toarray() if sparse.issparse(sums) else sums
        yield from sums.reshape(-1, n_groups, units.shape[1])


def one_hot(labels: np.ndarray, n_groups: int) -> sparse.csr_array:
    """Matrix of shape (n_groups, n_units) that sums units by group."""
    shape = (n_groups, len(labels))
    return sparse.csr_array((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=shape)


def wilson(count: np.ndarray, n: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of a share of `count` in `n` (Wilson 1927); NaN where `n` is 0."""
    ends = [
        binomtest(int(k), int(of)).proportion_ci(level, "wilson") if of else (np.nan, np.nan)
        for k, of in zip(count, n)
    ]
    low, high = np.array(ends, float).reshape(-1, 2).T
    return low, high


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's adjustment of the p values that are numbers (Holm 1979)."""
    adjusted = np.full(len(p), np.nan)
    order = np.argsort(np.where(np.isnan(p), 2, p), kind="stable")
    order = order[~np.isnan(p[order])]
    stepped = np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1))
    adjusted[order] = np.minimum(1, stepped)
    return adjusted


def few_articles(n_articles: int) -> tuple[str, ...]:
    """The note that goes with a small corpus."""
    if n_articles >= FEW_ARTICLES:
        return ()
    if n_articles == 1:
        return (
            "Only 1 article: read this as a description of it, not as an estimate for its outlet.",
        )
    return (
        f"Only {n_articles} articles: read this as a description of these articles, not as an"
        " estimate for their outlets.",
    )


def drawn_counts(
    sizes: np.ndarray, shares: np.ndarray, draws: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Counts of words that are drawn one by one, independently of each other.

    Parameters
    ----------
    sizes : int array of shape (n_groups,)
        How many words of each group are drawn.
    shares : array of shape (n_words,)
        The probability of each word; they sum to 1.
    draws : int
    rng : numpy.random.Generator

    Yields
    ------
    array of shape (n_groups, n_words)
        `draws` of them.
    """
    for _ in range(draws):
        yield rng.multinomial(sizes, shares)


def permute_within(stratum: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """An order of the units that exchanges only units of one stratum.

    Parameters
    ----------
    stratum : int array of shape (n_units,)
    rng : numpy.random.Generator

    Returns
    -------
    int array of shape (n_units,)
        The unit that takes each unit's place.
    """
    order = np.arange(len(stratum))
    for number in np.unique(stratum):
        units = np.flatnonzero(stratum == number)
        order[units] = rng.permutation(units)
    return order
