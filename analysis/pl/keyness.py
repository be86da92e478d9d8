"""Draw the words that set groups apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.options import check_choices, check_options
from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.style import BLUE, INK, NEUTRAL
from analysis.tl.keyness import Keyness

SAVED = 20  # words of a group in the figure's table
_PANELS = 20  # that a page holds
LONGEST_NAME = 24  # letters over a panel


def keyness(
    result: Keyness,
    *,
    ax: Axes | Sequence[Axes] | None = None,
    groups: Sequence[str] | None = None,
    top: int = 8,
) -> Figure:
    """The words that set each group apart, with the interval of each, in one panel a group.

    Filled points are beyond what chance gives anywhere. Below the words: how many reach ``|z| >=
    1.96`` in the group, and how many would by chance.

    Parameters
    ----------
    result : Keyness
    ax : Axes or sequence of Axes, optional
        One for each group; a new figure if not given.
    groups : sequence of str, optional
        Those to draw. If not given, all of them, or the 20 that have the most words beyond chance,
        then the strongest word.
    top : int
        Words of each group.

    Returns
    -------
    Figure
        Its table holds the 20 strongest words of every group.

    Raises
    ------
    OptionError
        If a group is not in the result, or there are too few axes.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.keyness(tw.tl.keyness(tw.load("amnesty2024")))
    Figure(name='keyness')
    """
    check_options(top=top)
    if groups is not None:
        check_choices("groups", groups, result.group_names)
    shown = _foremost(result) if groups is None else list(groups)
    n, of = len(shown), len(result.group_names)
    label = (
        "log-odds against the others (natural log) with 95% interval; in brackets: how often"
        + (f"; {n} of {of} groups shown" if n < of else "")
    )
    columns = 3 if n < 7 else 4
    with panels(
        ax, max(n, 1), columns=columns, height=1.75, title=result.finding, label=label
    ) as axes:
        for panel, group in zip(axes, shown):
            _draw(result, group, panel, top)
        if not shown:
            draw_nothing(axes[0], "No words were compared.")
    more = {"chance": result.chance}
    return Figure(axes[0].figure, "keyness", result, _strongest(result, SAVED), more)


def _strongest(result: Keyness, top: int) -> pd.DataFrame:
    return result.table.groupby("group", sort=False).head(top)


def _foremost(result: Keyness) -> list[str]:
    """The groups that fit a page, in the order of the result."""
    passing = result.beyond_chance & (result.table["z"] > 0)
    ranked = result.table.assign(passing=passing).groupby("group", sort=False)
    ranked = ranked.agg({"passing": "sum", "z": "max"}).round(9)
    ranked = ranked.sort_values(["passing", "z"], ascending=False, kind="stable")
    return [group for group in result.group_names if group in ranked.index[:_PANELS]]


def _draw(result: Keyness, group: str, ax: Axes, top: int) -> None:
    table = result.table[result.table["group"] == group].head(top)
    passes, y = result.beyond_chance[table.index].to_numpy(), np.arange(len(table))
    for part, line, face, edge in ((passes, BLUE, BLUE, BLUE), (~passes, NEUTRAL, "white", INK)):
        rows = table[part]
        if rows.empty:
            continue
        ax.hlines(y[part], rows["low"], rows["high"], color=line)
        ax.plot(
            rows["log_odds"],
            y[part],
            "o",
            markersize=4,
            markerfacecolor=face,
            markeredgecolor=edge,
            markeredgewidth=0.7,
        )
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.set_yticks(y, [f"{term} ({count})" for term, count in zip(table["term"], table["count"])])
    ax.set_ylim(top - 0.4, -0.6)
    chance = result.chance
    for row in chance[(chance["group"] == group) & (chance["n_words"] == 1)].head(1).itertuples():
        ax.set_ylim(top + 0.7, -0.6)
        ax.text(
            0.98,
            0.02,
            f"{row.observed} at |z| ≥ 1.96; chance {row.low:.0f}–{row.high:.0f}",
            transform=ax.transAxes,
            ha="right",
            va="bottom",
            color="#444444",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    shown = _strongest(result, top)
    ax.set_xlim(min(shown["low"].min(), 0) - 0.1, shown["high"].max() + 0.1)
    cut = f"{group[: LONGEST_NAME - 1].rstrip()}…"
    ax.set_title(group if len(group) <= LONGEST_NAME else cut)
