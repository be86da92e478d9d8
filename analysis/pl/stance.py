"""Draw whether groups speak better of one side than of the other."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import INK, NEUTRAL, PAGE, SINGLE, wrapped
from analysis.tl.stance import Stance
from analysis.tl.tone import FEW_MENTIONS

_FIT = int((PAGE - 1.4) / 0.16)  # groups on a page


def stance(result: Stance, *, ax: Axes | None = None) -> Figure:
    """The score of each group with its interval, from the lowest to the highest.

    Groups that do not mention both sides have no score and are left out. Where there are more than
    fit on a page, the lowest and the highest are drawn.

    Parameters
    ----------
    result : Stance
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> tw.pl.stance(tw.tl.stance(corpus, towards="government", against="opposition", draws=10))
    Figure(name='stance')
    """
    towards, against = (result.params[side].replace("_", " ") for side in ("towards", "against"))
    table = result.table.dropna(subset="score").sort_values("score", kind="stable")
    shown = table
    if len(table) > _FIT:
        shown = pd.concat([table.head(_FIT // 2), table.tail(_FIT - _FIT // 2)])
    with one_axes(ax, SINGLE, 1.4 + 0.16 * max(len(shown), 1)) as ax:
        if shown.empty:
            draw_nothing(ax, f"No text mentions both {towards} and {against} in this voice.")
        else:
            _draw_scores(ax, shown, result.enough[shown.index])
            cut = f" ({len(shown)} of {len(table)} shown: the lowest and the highest)"
            ax.set_title(wrapped(result.finding + cut * (len(shown) < len(table)), SINGLE - 0.9))
            ax.set_xlabel(
                f"tone towards {towards} less that towards {against}\n({result.params['level']:.0%}"
                f" interval; filled: from {FEW_MENTIONS} mentions of each)"
            )
    return Figure(ax.figure, "stance", result, result.table)


def _draw_scores(ax: Axes, table: pd.DataFrame, enough: pd.Series) -> None:
    y = pd.Series(range(len(table)), table.index)
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.hlines(y, table["low"], table["high"], color=NEUTRAL)
    for rows, face in ((enough, INK), (~enough, "white")):
        ax.plot(
            table["score"][rows],
            y[rows],
            "o",
            markersize=4,
            markerfacecolor=face,
            markeredgecolor=INK,
            markeredgewidth=0.7,
        )
    ax.set_yticks(y, table["group"])
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
