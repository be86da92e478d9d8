"""Draw the surest disagreements of articles."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.style import BLUE, GREEN, INK, ORANGE, PALE, legend_below, shortened
from analysis.tl.disagreements import VALUE_KINDS, Disagreements

_SHOWN = 20  # disagreements
_LONGEST = 28  # letters of a value or an article's id
LOOK = dict(zip(VALUE_KINDS, ((BLUE, "o"), (ORANGE, "s"), (GREEN, "^"), (INK, "D"))))


def disagreements(result: Disagreements, *, ax: Axes | None = None) -> Figure:
    """The 20 surest disagreements by score: which value each of two articles has.

    Parameters
    ----------
    result : Disagreements
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its table holds the rows of `result.table` that are drawn, without the places in characters.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.disagreements(tw.tl.disagreements(tw.load("amnesty2024")))
    Figure(name='disagreements')
    """
    table = result.table[["kind", "a", "b", "a_value", "b_value", "score"]].head(_SHOWN)
    y = np.arange(len(table))
    height = 0.5 + 0.19 * max(len(table), 2)
    with panels(ax, 1, columns=1, title=result.finding, height=height) as (ax,):
        if table.empty:
            draw_nothing(ax, "There is no row to draw.")
            return Figure(ax.figure, "disagreements", result, table)
        ax.hlines(y, 0, table["score"], color=PALE)
        for kind, (colour, marker) in LOOK.items():
            of = (table["kind"] == kind).to_numpy()
            if of.any():
                ax.plot(table["score"][of], y[of], marker, color=colour, markersize=4, label=kind)
        a, a_value, b, b_value = (
            table[column].map(lambda name: shortened(name, _LONGEST))
            for column in ("a", "a_value", "b", "b_value")
        )
        ax.set_yticks(y, a + ": " + a_value + "  ≠  " + b + ": " + b_value)
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0, 1.02)
        n = len(result.table)
        shown = f"; the {len(table)} surest of {n:,} are shown" if n > len(table) else ""
        ax.set_xlabel(f"score: how alike the contexts are{shown}")
        legend_below(ax, below=0.42, ncols=len(VALUE_KINDS))
    return Figure(ax.figure, "disagreements", result, table)
