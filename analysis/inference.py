"""Statistics that every measure uses: random streams, bootstrap, permutation, intervals, Holm."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator

import numpy as np
from scipy import sparse
from scipy.stats import binomtest

FEW_ARTICLES = 20  # fewer describe themselves, not their outlets
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


def permuted_labels(
    labels: np.ndarray, stratum: np.ndarray, draws: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """The units' groups, permuted within each stratum.

    Parameters
    ----------
    labels : int array of shape (n_units,)
        The group of each unit; every group keeps its number of units of each stratum.
    stratum : int array of shape (n_units,)
    draws : int
    rng : numpy.random.Generator

    Yields
    ------
    int array of shape (n_units,)
        `draws` of them.
    """
    order = np.argsort(stratum, kind="stable")
    alone = not len(stratum) or stratum[order[0]] == stratum[order[-1]]
    for _ in range(draws):
        keys = rng.random(len(labels))
        permuted = np.empty(len(labels), np.int64)
        permuted[order] = labels[np.argsort(keys) if alone else np.lexsort((keys, stratum))]
        yield permuted


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
    labels, stratum, draws, rng
        See `permuted_labels`.
    n_groups : int

    Yields
    ------
    array of shape (n_groups, n_columns)
        `draws` of them.
    """
    size = max(CELLS_AT_ONCE // (n_groups * units.shape[1]), 1)
    drawn = permuted_labels(labels, stratum, draws, rng)
    while len(block := np.array(list(itertools.islice(drawn, size)), np.int64)):
        rows = len(block)
        block = (block + n_groups * np.arange(rows)[:, None]).ravel()
        places = np.tile(np.arange(len(labels)), rows)
        shape = (n_groups * rows, len(labels))
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
