"""Draw the surest disagreements of articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS
from analysis.pl.style import BLUE, GREEN, INK, ORANGE, PALE, fitted
from analysis.tl.disagreements import VALUE_KINDS, Disagreements

_NAMES, _VALUES = 1.55, 0.75  # inches for the name of an article, and for a value
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
    table = result.table[["kind", "a", "b", "a_value", "b_value", "score"]].head(FIGURE_ROWS)
    y = np.arange(len(table))
    height, title = 0.45 + 0.19 * max(len(table), 2), result.finding
    subtitle = "The score says how alike the words around two values are; read both sentences."
    if len(result.table) > len(table):
        subtitle += f" The {len(table)} surest of {len(result.table):,} are shown."
    new = ax is None
    with panels(ax, 1, columns=1, title=title, subtitle=subtitle, height=height, extra=0.15) as (
        ax,
    ):
        if table.empty:
            draw_nothing(ax, title)
            return Figure(ax.figure, "disagreements", result, table, title=title)
        ax.hlines(y, 0, table["score"], color=PALE)
        for kind, (colour, marker) in LOOK.items():
            of = (table["kind"] == kind).to_numpy()
            if of.any():
                ax.plot(table["score"][of], y[of], marker, color=colour, markersize=4, label=kind)
        ax.set_yticks(y, _said(result, table))
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0, 1.02)
        ax.set_xlabel("score")
        if new:
            ax.figure.legend(loc="outside lower center", ncols=len(VALUE_KINDS))
    return Figure(ax.figure, "disagreements", result, table, title=title, subtitle=subtitle)


def _said(result: Disagreements, table: pd.DataFrame) -> list[str]:
    """Each row as who says what: "The Post, 5 Sep 2023: 7  ≠  The Echo, 6 Sep 2023: 9"."""
    label = result.articles.set_index("group")["label"]
    ids = pd.unique(table[["a", "b"]].to_numpy().ravel())
    name = dict(zip(ids, fitted(label[ids], _NAMES)))
    # two values may look alike when cut, each beside the other
    pairs = [fitted(values, _VALUES) for values in table[["a_value", "b_value"]].to_numpy()]
    return [
        f"{name[a]}: {of_a}  ≠  {name[b]}: {of_b}"
        for a, b, (of_a, of_b) in zip(table["a"], table["b"], pairs)
    ]
