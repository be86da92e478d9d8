"""Draw how well coders, and the model, agree."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, ORANGE
from analysis.va.validate import Validation

_MOST_PAIRS = 10  # pairs of coders in the figure


def validate(result: Validation, *, ax: Axes | None = None) -> Figure:
    """Each measure of agreement with its interval; a tick marks the bar that was asked for.

    What stays below its bar is orange. Of many pairs of coders, those that agree least are shown.

    Parameters
    ----------
    result : Validation
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import pandas as pd
    >>> import analysis as tw
    >>> codes = pd.DataFrame({"unit": [1, 2, 1, 2], "coder": list("aabb"), "code": [0, 1, 0, 1]})
    >>> tw.pl.validate(tw.va.validate(codes, draws=10))
    Figure(name='validate')
    """
    rows, hidden = _drawn(result.table)
    with one_axes(ax, DOUBLE, 0.85 + 0.2 * max(len(rows), 1)) as ax:
        if rows.empty:
            draw_nothing(ax, result.finding)
        else:
            _draw(ax, rows)
            percent = f"{result.params['level'] * 100:g}%"
            more = f"; {hidden} pairs of coders that agree more are not shown" if hidden else ""
            ax.set_xlabel(
                f"agreement ({percent} interval; the upright tick is the bar that was asked for"
                f"{more})"
            )
            ax.set_title(result.finding)
    return Figure(ax.figure, "validate", result, result.table)


def _drawn(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The rows to draw, and how many pairs of coders are left out."""
    other_metric = (table["measure"] == "alpha") & table["bar"].isna()
    rows = table[table["low"].notna() & ~other_metric]
    pairs = rows[(rows["who"] == "coders") & (rows["measure"] == "agreement")]
    left_out = pairs.sort_values("value", kind="stable").index[_MOST_PAIRS:]
    return rows.drop(left_out).reset_index(drop=True), len(left_out)


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    y = np.arange(len(rows))
    below = ~rows["meets"].fillna(True).to_numpy(bool)
    for which, colour in ((below, ORANGE), (~below, BLUE)):
        ax.hlines(y[which], rows["low"][which], rows["high"][which], color=colour)
        ax.plot(rows["value"][which], y[which], "o", markersize=4, color=colour)
    ax.plot(rows["bar"], y, "|", markersize=9, color=INK, markeredgewidth=1.2)
    for place, row in enumerate(rows.itertuples()):
        ax.text(1.03, place, f"{row.value:.2f}  (n {row.n})", va="center", color=INK)
    ax.set_yticks(y, [f"{row.who}: {row.measure} {row.of}".strip() for row in rows.itertuples()])
    ax.set_ylim(len(rows) - 0.5, -0.6)
    ax.set_xlim(min(0.0, float(rows["low"].min()) - 0.02), 1.02)
    ax.axvline(0, color=NEUTRAL, linewidth=0.6)
    ax.tick_params(axis="y", length=0)
