"""Draw biases along axes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib import axes as mpl

from analysis.options import check_choices, check_options
from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.style import BLUE, INK, NEUTRAL
from analysis.tl.axes import Axes

_PANELS, ROWS = 4, 25  # axes and groups that a page holds
_LONGEST = 11  # letters of a word at either side


def axes(
    result: Axes,
    *,
    ax: mpl.Axes | Sequence[mpl.Axes] | None = None,
    axes: Sequence[str] | None = None,
    top: int = 2,
) -> Figure:
    """Bias of each group less the baseline, with its interval, in one panel an axis.

    Filled points are beyond chance over all groups and axes. At either side stand the words that
    pull most to that pole.

    Parameters
    ----------
    result : Axes
    ax : Axes or sequence of Axes, optional
        One for each axis drawn; a new figure if not given.
    axes : sequence of str, optional
        Axes of the result to draw; the four along which some group leans most if not given.
    top : int
        Words at either side.

    Returns
    -------
    Figure
        Its table holds all axes and groups; of more than 25 groups those that lean most are drawn.

    Raises
    ------
    OptionError
        If an axis is not in the result, or there are too few axes to draw on.

    Examples
    --------
    >>> import analysis as tw
    >>> safety = {"safety": {"low": ["danger"], "high": ["safe"]}}
    >>> leaning = tw.tl.axes(tw.load("amnesty2024"), axes=safety, most=50)
    >>> tw.pl.axes(leaning)
    Figure(name='axes')
    """
    check_options(top=top)
    table = result.table
    if axes is not None:
        check_choices("axes", axes, table["axis"].unique().tolist())
    smallest = table.groupby("axis", sort=False)["p"].min().sort_values(kind="stable")
    shown = list(smallest.index[:_PANELS] if axes is None else axes)
    drawn = table[table["axis"].isin(shown)]
    leaning = drawn.groupby("group", sort=False)["p"].min().sort_values(kind="stable")
    drawn = drawn[drawn["group"].isin(leaning.index[:ROWS])]
    n, of = drawn["group"].nunique(), len(leaning)
    label = "bias less the corpus's, in hundredths of a cosine (95% interval)" + (
        f"; {n} of {of} groups shown" if n < of else ""
    )
    height = 0.75 + 0.14 * n
    with panels(
        ax, max(len(shown), 1), columns=2, height=height, title=result.finding, label=label
    ) as found:
        for panel, axis in zip(found, shown):
            _draw(result, drawn[drawn["axis"] == axis], axis, panel, top)
        if not shown:
            draw_nothing(found[0], "No words were compared along an axis.")
    return Figure(found[0].figure, "axes", result, table)


def _draw(result: Axes, table: pd.DataFrame, axis: str, ax: mpl.Axes, top: int) -> None:
    words = result.words[result.words["axis"] == axis]
    y, sure = np.arange(len(table)), result.beyond_chance[table.index].to_numpy()
    bias, low, high = (
        100 * (table[c] - table["baseline"]).to_numpy() for c in ("bias", "low", "high")
    )
    reach = max(float(np.nanmax(np.abs(np.r_[bias, low, high]), initial=0.0)), 0.1)
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.hlines(y, low, high, color=np.where(sure, BLUE, NEUTRAL))
    for part, face, edge in ((sure, BLUE, BLUE), (~sure, "white", INK)):
        ax.plot(
            bias[part],
            y[part],
            "o",
            markersize=4,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=0.7,
        )
    for at, group in enumerate(table["group"]):
        for pole, x, side in (("low", -2.9, "left"), ("high", 2.9, "right")):
            here = (words["group"] == group) & (words["pole"] == pole)
            pulling = [
                word if len(word) <= _LONGEST else word[: _LONGEST - 1] + "…"
                for word in words.loc[here, "term"].head(top)
            ]
            ax.text(x * reach, at, ", ".join(pulling), ha=side, va="center", color="#444444")
    poles = result.params["axes"][axis]
    for pole, x, side in (
        (f"← {poles['low'][0]}", -0.06, "right"),
        (f"{poles['high'][0]} →", 0.06, "left"),
    ):
        ax.text(x * reach, -0.95, pole, ha=side, va="center", fontweight="bold")
    ax.set_xlim(-3.0 * reach, 3.0 * reach)
    ax.set_ylim(len(table) - 0.5, -1.5)
    ax.set_yticks(y, table["group"])
    step = max(s * 10.0**e for s in (1, 2, 5) for e in range(-3, 3) if s * 10.0**e <= reach)
    ax.set_xticks([-step, 0, step], [f"−{step:g}", "0", f"{step:g}"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_title(axis)
