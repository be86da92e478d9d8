"""Draw how alike articles are."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, note
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
    with one_axes(ax, DOUBLE, 1.1 + 0.19 * max(len(shown), 2)) as ax:
        if shown.empty:
            draw_nothing(ax, result.finding)
        else:
            ax.barh(y, shown["cosine"], color=BLUE, edgecolor="black")
            ax.axvline(pairs["cosine"].median(), color=INK, linestyle=":")
            ax.set_yticks(y, shown["a"] + " · " + shown["b"])
            ax.invert_yaxis()
            ax.set_xlim(min(0, shown["cosine"].min()), 1)
            ax.set_xlabel(f"cosine ({result.params['method']})")
            ax.set_title(result.finding)
            said = f"{len(shown)} of {len(pairs):,} pairs shown; dotted: the median of all pairs."
            note(ax, said, width=DOUBLE * 0.9, below=0.45)
    return Figure(ax.figure, "similarity", result, result.table)
