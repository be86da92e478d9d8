"""Draw where in the articles the lines of a concordance stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.groups import article_labels
from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS
from analysis.pl.style import BLUE, PALE, fitted
from analysis.tl.kwic import Lines

_NAMES = 2.0  # inches


def kwic(result: Lines, *, ax: Axes | None = None) -> Figure:
    """A row for each article, or outlet where there are many: a mark for each line, by its place.

    Parameters
    ----------
    result : Lines
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its table holds the places of `result.table`, without words.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.kwic(tw.tl.kwic(tw.load("amnesty2024"), actor="maduro"))
    Figure(name='kwic')
    """
    table = result.table.drop(columns=["before", "match", "after"])
    lines = table.dropna(subset="place")
    names, noun = _names(lines)
    sizes = names.value_counts()
    order = names[lines.sort_values("place", kind="stable").index].unique()
    shown = sizes.reindex(order).sort_values(ascending=False, kind="stable").head(FIGURE_ROWS)
    subtitle = f"Each mark is one place, from the beginning of the {noun} to its end."
    if noun == "outlet":
        subtitle = "Each mark is one place, from the beginning of its article to the end."
    if len(shown) < len(sizes):
        subtitle += f" The {len(shown)} with most, of {len(sizes):,}."
    title, height = result.finding, 0.5 + 0.19 * max(len(shown), 2)
    with panels(ax, 1, columns=1, title=title, subtitle=subtitle, height=height) as (ax,):
        if lines.empty:
            draw_nothing(ax, "No line has a place in its article.")
            return Figure(ax.figure, "kwic", result, table, title=title)
        y = pd.Index(shown.index).get_indexer(names)
        there = y >= 0
        x = 100 * lines["place"].to_numpy(float)
        ax.vlines(x[there], y[there] - 0.36, y[there] + 0.36, color=BLUE, lw=0.9, alpha=0.8)
        ax.set_yticks(np.arange(len(shown)), fitted(_counted(shown), _NAMES))
        ax.set_ylim(len(shown) - 0.5, -0.5)
        ax.set_xlim(-1, 101)
        ax.grid(axis="y", color=PALE, lw=0.5)
        ax.set_axisbelow(True)
        ax.set_xlabel("place in the article, in % of its words")
    return Figure(ax.figure, "kwic", result, table, title=title, subtitle=subtitle)


def _names(lines: pd.DataFrame) -> tuple[pd.Series, str]:
    """What each line's row is called: its article, or its outlet where articles are many."""
    outlets = lines["outlet"].fillna("").replace("", "outlet unknown")
    if lines["article_id"].nunique() > FIGURE_ROWS and outlets.nunique() > 1:
        return outlets, "outlet"
    articles = lines.drop_duplicates("article_id")
    labels = dict(zip(articles["article_id"], article_labels(articles)))
    return lines["article_id"].map(labels), "article"


def _counted(shown: pd.Series) -> list[str]:
    return [f"{name} ({n:,})" for name, n in shown.items()]
