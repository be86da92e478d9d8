"""Draw how alike articles are."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, fitted
from analysis.tl.similarity import Similarity

_MOST_PAIRS = 20


def similarity(result: Similarity, *, ax: Axes | None = None) -> Figure:
    """Bars of the cosines of the pairs most alike, and a line at the median of all pairs.

    Parameters
    ----------
    result : Similarity
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.similarity(tw.tl.similarity(tw.load("amnesty2024")))
    Figure(name='similarity')
    """
    pairs = result.table.sort_values("cosine", ascending=False, kind="stable")
    shown, y = pairs.head(_MOST_PAIRS), np.arange(min(len(pairs), _MOST_PAIRS))
    title = result.finding
    said = (
        f"Cosine of their words. {len(shown)} of {len(pairs):,} pairs; dotted: the median of all."
    )
    height = 1.2 + 0.19 * max(len(shown), 2)
    with one_axes(ax, DOUBLE, height, title=title, subtitle=said) as ax:
        if shown.empty:
            draw_nothing(ax, title)
        else:
            ax.barh(y, shown["cosine"], color=BLUE, height=0.72)
            ax.axvline(pairs["cosine"].median(), color=INK, linestyle=":")
            labels = result.labels
            short = dict(zip(labels.index, fitted(labels, 1.55)))
            ax.set_yticks(y, [f"{short[a]} · {short[b]}" for a, b in zip(shown["a"], shown["b"])])
            ax.tick_params(axis="y", length=0)
            ax.invert_yaxis()
            ax.set_xlim(min(0, shown["cosine"].min()), 1)
            ax.set_xlabel(f"cosine ({result.params['method']})")
    figure = Figure(ax.figure, "similarity", result, result.table, title=title, subtitle=said)
    return figure
