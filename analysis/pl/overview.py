"""Draw what a corpus holds."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, one_axes
from analysis.pl.style import BLUE, PALE, SINGLE, legend_below
from analysis.tl.overview import Overview


def overview(result: Overview, *, ax: Axes | None = None) -> Figure:
    """Bars of each article's length in words, the words inside quotation marks apart.

    Where words were masked, they follow in white.

    Parameters
    ----------
    result : Overview
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.overview(tw.tl.overview(tw.load("amnesty2024")))
    Figure(name='overview')
    """
    table = result.table
    y = np.arange(len(table))
    unquoted = table["n_words"] - table["quoted_words"]
    with one_axes(ax, SINGLE, 0.95 + 0.19 * len(table)) as ax:
        ax.barh(y, unquoted, color=PALE, edgecolor="black", label="outside quotation marks")
        ax.barh(
            y, table["quoted_words"], left=unquoted, color=BLUE, edgecolor="black", label="quoted"
        )
        if table["masked_words"].any():
            ends = table["n_words"]
            ax.barh(
                y,
                table["masked_words"],
                left=ends,
                color="white",
                edgecolor="black",
                hatch="////",
                label="masked: not measured",
            )
        ax.set_yticks(y, table["article_id"])
        ax.invert_yaxis()
        ax.set_xlabel("words")
        ax.set_title(result.finding)
        legend_below(ax, below=0.42, x=0.42)
    return Figure(ax.figure, "overview", result, table)
