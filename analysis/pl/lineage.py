"""Draw who had passages from whom."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.style import BLUE, ORANGE, PALE, legend_below, shortened
from analysis.tl.lineage import PROBABILITIES, Lineage

_SHOWN = 20  # pairs of articles
_LONGEST = 32  # letters of an article's id


def lineage(result: Lineage, *, ax: Axes | None = None) -> Figure:
    """The pairs of which it is surest who had passages from whom, as bars of the probabilities.

    In each row an arrow points from the article that more probably was first to the other. The 20
    pairs are drawn whose arrows are surest; of equally sure ones those with most words.

    Parameters
    ----------
    result : Lineage
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its table holds the rows of `result.table` that are drawn, without `evidence`.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.lineage(tw.tl.lineage(tw.load("amnesty2024")))
    Figure(name='lineage')
    """
    sure = result.table[PROBABILITIES[:2]].max(axis=1)
    order = np.lexsort((-result.table["n_words"], -sure.round(6)))[:_SHOWN]
    table = result.table.iloc[order].drop(columns="evidence").reset_index(drop=True)
    from_a = (table["p_b_from_a"] >= table["p_a_from_b"]).to_numpy()
    giver, taker = table["a"].where(from_a, table["b"]), table["b"].where(from_a, table["a"])
    p = np.sort(table[PROBABILITIES[:2]], axis=1)
    y, common = np.arange(len(table)), table["p_common"]
    height = 0.5 + 0.19 * max(len(table), 2)
    with panels(ax, 1, columns=1, title=result.finding, height=height) as (ax,):
        if table.empty:
            draw_nothing(ax, "There is no row to draw.")
            return Figure(ax.figure, "lineage", result, table)
        for start, width, colour, label in (
            (0, p[:, 1], BLUE, "passed on as the arrow points"),
            (p[:, 1], common, PALE, "both from a third"),
            (p[:, 1] + common, p[:, 0], ORANGE, "passed on the other way"),
        ):
            ax.barh(y, width, left=start, color=colour, edgecolor="black", label=label)
        givers, takers = ([shortened(name, _LONGEST) for name in ids] for ids in (giver, taker))
        ax.set_yticks(y, [" → ".join(pair) for pair in zip(givers, takers)])
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0, 1)
        n = len(result.table)
        shown = f"; the {len(table)} surest of {n:,} pairs are shown" if n > _SHOWN else ""
        ax.set_xlabel(f"probability{shown}")
        legend_below(ax, below=0.42, ncols=3)
    return Figure(ax.figure, "lineage", result, table)
