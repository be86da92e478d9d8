"""Draw word shifts."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.options import check_options
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, ORANGE, note, wrapped
from analysis.tl.word_shift import WordShift

_WIDTH = DOUBLE * 0.72
_LABELS = {
    "jsd": "to the Jensen-Shannon divergence, in thousandths of a bit",
    "proportion": "to the total variation, per 1,000 words",
    "average": "to the difference of the averages, in thousandths",
}


def word_shift(result: WordShift, *, ax: Axes | None = None, top: int = 20) -> Figure:
    """The words that make two groups differ, with intervals, on the side of the group they mark.

    With weights, bars to the right raise the average of a and those to the left lower it; the
    colour says whether the word weighs more or less than the average of b, and an arrow whether a
    uses it more or less.

    Parameters
    ----------
    result : WordShift
    ax : Axes, optional
        A new figure if not given.
    top : int
        Words, from the largest contribution.

    Returns
    -------
    Figure

    Raises
    ------
    OptionError
        If `top` is no whole number of at least 1.

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> tw.pl.word_shift(tw.tl.word_shift(corpus, a="blog", b="caruzo", by="article_id"))
    Figure(name='word_shift')
    """
    check_options(top=top)
    table, params = result.table.head(top), result.params
    weighted = params["measure"] == "average"
    a, b = params["a"], params["b"]
    used_more = (table["group"] == a).to_numpy()
    contribution = table["contribution"].to_numpy()
    sign = np.where(used_more | weighted, 1.0, -1.0)
    heavy = (contribution >= 0) == used_more if weighted else used_more
    size, y = 1000 * sign * contribution, np.arange(len(table))
    ends = np.sort(1000 * sign[:, None] * table[["low", "high"]].to_numpy(), axis=1)
    known = np.isfinite(ends).all(axis=1)
    reach = float(np.nanmax(np.abs(np.c_[size, ends]), initial=1e-9))
    with one_axes(ax, _WIDTH, 1.35 + 0.165 * len(table)) as ax:
        ax.set_title(wrapped(result.finding, _WIDTH))
        if table.empty:
            draw_nothing(ax, "No words were compared.")
            return Figure(ax.figure, "word_shift", result, table)
        ax.barh(y, size, height=0.62, color=np.where(heavy, BLUE, ORANGE))
        ax.hlines(y[known], ends[known, 0], ends[known, 1], color=NEUTRAL)
        for at, length, low, high, row, more in zip(
            y, size, *ends.T, table.itertuples(), used_more
        ):
            right = length >= 0
            edge = np.nanmax([length, high, 0.0]) if right else np.nanmin([length, low, 0.0])
            arrow = f" {'↑' if more else '↓'}" if weighted else ""
            ax.annotate(
                f"{row.term}{arrow} ({row.count_a}:{row.count_b})",
                (edge, at),
                xytext=(3 if right else -3, 0),
                textcoords="offset points",
                ha="left" if right else "right",
                va="center",
            )
        ax.axvline(0, color=INK, linewidth=0.6)
        ax.set_xlim(-1.75 * reach, 1.75 * reach)
        ax.set_ylim(len(table) - 0.4, -1.6)
        ticks = [t for t in ax.get_xticks() if abs(t) <= 1.05 * reach]
        ax.set_xticks(ticks, [f"{t if weighted else abs(t):g}" for t in ticks])
        ax.set_yticks([])
        ax.spines["left"].set_visible(False)
        left, right = ("lowers", "raises") if weighted else (b, a)
        for text, x, side, color in (
            (f"← {left}", -0.05, "right", ORANGE),
            (f"{right} →", 0.05, "left", BLUE),
        ):
            color = INK if weighted else color
            ax.text(x * reach, -1, text, ha=side, color=color, fontweight="bold", va="center")
        ax.set_xlabel(f"contribution {_LABELS[params['measure']]}")
        remark = f"In brackets: how often {a} and {b} use the word."
        if weighted:
            remark += (
                f" Blue words weigh more than the average of {b}, orange ones less; an arrow says"
                f" whether {a} uses the word more or less."
            )
        note(ax, remark, width=DOUBLE * 0.66, below=0.42)
    return Figure(ax.figure, "word_shift", result, table)
