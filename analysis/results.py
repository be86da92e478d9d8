"""What measures return: small frozen tables that show themselves, and the bootstrap that they
share.
"""

from __future__ import annotations

import hashlib
import html
from dataclasses import dataclass, field, fields
from numbers import Real

import numpy as np
import pandas as pd

from .errors import OptionError

FEW_ARTICLES = 20


@dataclass(frozen=True, eq=False)
class Result:
    """A tidy table, the parameters that made it, and what a reader must be told.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per estimate; each measure documents its columns.
    params : dict
        The options, the corpus digest and `measured_on`: "private features", "shared features" or
        "results".
    notes : tuple of str
        Warnings that belong beside every use of the numbers, such as a corpus too small.
    """

    table: pd.DataFrame
    params: dict
    notes: tuple[str, ...] = field(default=(), kw_only=True)

    def __repr__(self) -> str:
        extra = [f.name for f in fields(self) if f.name not in ("table", "params", "notes")]
        head = f"<{type(self).__name__}: {len(self.table)} rows" + (
            f"; also {', '.join(extra)}>" if extra else ">"
        )
        return "\n".join([head, *self.notes])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"{notes}{self.table.to_html(index=False, max_rows=30, escape=True, border=0)}"


def bootstrap(
    numerators: np.ndarray, denominators: np.ndarray, *, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Resample units (sentences) and return the ratio of sums in each draw.

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
    """
    n = len(denominators)
    times = rng.multinomial(n, np.full(n, 1 / n), size=draws).astype(float)
    below = times @ denominators
    with np.errstate(invalid="ignore", divide="ignore"):
        return (times @ numerators) / below[:, None]


def interval(samples: np.ndarray, level: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper percentile bounds of bootstrap samples, along the first axis."""
    tail = (1 - level) / 2
    low, high = np.nanquantile(samples, [tail, 1 - tail], axis=0)
    return low, high


def generator(seed: int, *names: str) -> np.random.Generator:
    """A generator of its own for each article, so that adding an article moves no other's interval."""
    digest = hashlib.sha256("\x1f".join(names).encode()).digest()
    return np.random.default_rng([seed, int.from_bytes(digest[:8], "little")])


def few(n_articles: int) -> tuple[str, ...]:
    """The warning that goes with a small corpus."""
    if n_articles >= FEW_ARTICLES:
        return ()
    if n_articles == 1:
        return (
            "Only 1 article: read this as a description of it, not as an estimate for its outlet.",
        )
    return (
        (
            f"Only {n_articles} articles: read this as a description of these articles, not as an"
            " estimate for their outlets."
        ),
    )


def at_least(name: str, given, least) -> None:
    """Raise `OptionError` unless a number is at least `least`."""
    if not isinstance(given, Real) or isinstance(given, bool) or not given >= least:
        raise OptionError(f"{name}={given!r} was given; allowed are numbers from {least}.")


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's adjustment of the p values that are numbers (Holm 1979)."""
    adjusted, order = (
        np.full(len(p), np.nan),
        np.argsort(np.where(np.isnan(p), 2, p), kind="stable"),
    )
    order = order[~np.isnan(p[order])]
    adjusted[order] = np.minimum(1, np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)))
    return adjusted
