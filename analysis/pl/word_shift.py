"""Draw word shifts."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.options import check_options
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, ORANGE, fitted
from analysis.tl.word_shift import WordShift

_WIDTH = DOUBLE * 0.72
_LABELS = {
    "jsd": "to the Jensen-Shannon divergence, in thousandths of a bit",
    "proportion": "to the total variation, per 1,000 words",
    "average": "to the difference of the averages, in thousandths",
}


def word_shift(result: WordShift, *, ax: Axes | None = None, top: int = 20) -> Figure:
    """The words that make two groups differ, on the side of the group that uses them more.

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
    used_more = (table["group"] == params["a"]).to_numpy()
    contribution = table["contribution"].to_numpy()
    sign = np.where(used_more | weighted, 1.0, -1.0)
    heavy = (contribution >= 0) == used_more if weighted else used_more
    size, y = 1000 * sign * contribution, np.arange(len(table))
    reach = float(np.nanmax(np.abs(size), initial=1e-9))
    names = fitted(result.names, _WIDTH / 2 - 0.75)
    subtitle = result.measured.rstrip(".") + _read(result, weighted)
    with one_axes(
        ax, _WIDTH, 1.6 + 0.165 * len(table), title=result.finding, subtitle=subtitle
    ) as ax:
        if table.empty:
            draw_nothing(ax, "No words were compared.")
            return Figure(
                ax.figure, "word_shift", result, table, title=result.finding, subtitle=subtitle
            )
        ax.barh(y, size, height=0.62, color=np.where(heavy, BLUE, ORANGE))
        for at, length, row, more in zip(y, size, table.itertuples(), used_more):
            right = length >= 0
            arrow = f" {'↑' if more else '↓'}" if weighted else ""
            ax.annotate(
                f"{row.term}{arrow} ({row.count_a}:{row.count_b})",
                (length, at),
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
        left, right = ("lowers", "raises") if weighted else names[::-1]
        for text, x, side, color in (
            (f"← {left}", -0.05, "right", ORANGE),
            (f"{right} →", 0.05, "left", BLUE),
        ):
            color = INK if weighted else color
            ax.text(x * reach, -1, text, ha=side, color=color, fontweight="bold", va="center")
        ax.set_xlabel(f"contribution {_LABELS[params['measure']]}")
    return Figure(ax.figure, "word_shift", result, table, title=result.finding, subtitle=subtitle)


def _read(result: WordShift, weighted: bool) -> str:
    """How to read the words."""
    a, b = result.names
    said = "; in brackets: how often either uses the word"
    if weighted:
        said += (
            f"; blue words weigh more than the average of {b}, orange ones less; an arrow says"
            f" whether {a} uses the word more or less"
        )
    return f"{said}."
