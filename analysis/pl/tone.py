"""Draw the tone towards actors, by group and voice."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D

from analysis.pl.figure import Figure, draw_nothing, one_axes, panels
from analysis.pl.style import AMBER, BLUE, GREEN, INK, NEUTRAL, PAGE, SINGLE
from analysis.tl.tone import FEW_MENTIONS, Tone

_MARKS = {  # marker, colour, place in the row, label
    "outlet": ("o", BLUE, 0.0, "the outlet's own words"),
    "quoted": ("s", AMBER, -0.26, "in quotation marks"),
    "reported": ("D", GREEN, 0.26, "in reported statements"),
}
_MOST_ACTORS = 12


def tone(result: Tone, *, ax: Axes | Sequence[Axes] | None = None) -> Figure:
    """One panel an actor: the tone in each group, with a mark and an interval for each voice.

    Marks are filled from five mentions on. Where there are more than fit on a page, the actors with
    most mentions are drawn, and of each the groups that mention it most.

    Parameters
    ----------
    result : Tone
    ax : Axes, or a sequence of them, one for each actor, optional
        A new figure with a legend if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.tone(tw.tl.tone(tw.load("amnesty2024"), draws=10))
    Figure(name='tone')
    """
    table = result.table
    if not table["n_mentions"].any():
        with one_axes(ax, SINGLE, 1) as ax:
            draw_nothing(ax, f"No mention of {', '.join(result.actors)} was found.")
        return Figure(ax.figure, "tone", result, table)
    n_mentions = table.groupby("actor")["n_mentions"].sum()
    actors = [actor for actor in result.actors if actor in n_mentions.nlargest(_MOST_ACTORS)]
    n_groups, n_actors = table["group"].nunique(), len(result.actors)
    columns = 2 if len(actors) < 7 else 4
    n_rows = int((PAGE / math.ceil(len(actors) / columns) - 0.7) / 0.17)
    n_rows = min(n_rows, n_groups)
    cut = f" ({len(actors)} of {n_actors} actors shown)" * (len(actors) < n_actors)
    cut += " (a panel shows those who mention the actor most)" * (n_rows < n_groups)
    with panels(
        ax, len(actors), columns=columns, height=0.7 + 0.17 * n_rows, title=result.finding + cut
    ) as axes:
        for panel, actor in zip(axes, actors):
            _draw_actor(panel, table[table["actor"] == actor], actor.replace("_", " "), n_rows)
        if ax is None:
            _draw_legend(axes[0].figure, result.params["level"])
    return Figure(axes[0].figure, "tone", result, table)


def _draw_actor(ax: Axes, table: pd.DataFrame, name: str, n_rows: int) -> None:
    n_mentions = table.groupby("group", sort=False)["n_mentions"].sum()
    ax.set_title(name)
    if n_rows < len(n_mentions):
        ax.set_title(f"{name} ({n_rows} of {len(n_mentions)})")
        n_mentions = n_mentions.nlargest(n_rows)
    place = pd.Series(range(n_rows), n_mentions.index)
    table = table[(table["n_mentions"] > 0) & table["group"].isin(place.index)]
    for voice, (marker, colour, shift, _) in _MARKS.items():
        part = table[table["voice"] == voice]
        y = place[part["group"]].to_numpy(float) + shift
        own = voice == "outlet"
        ax.hlines(y, part["low"], part["high"], color=colour, linewidth=1.4 if own else 0.8)
        filled = (part["n_mentions"] >= FEW_MENTIONS).to_numpy()
        for rows, face in ((filled, colour), (~filled, "white")):
            ax.plot(
                part["tone"][rows],
                y[rows],
                marker,
                markersize=4.2 if own else 3,
                markerfacecolor=face,
                markeredgecolor=colour,
                markeredgewidth=0.9,
                zorder=3,
            )
    ax.axvline(0, color=INK, linewidth=0.6)
    for i in range(1, n_rows):
        ax.axhline(i - 0.5, color="#eeeeee", linewidth=0.5)
    for y in place[n_mentions == 0]:
        ax.text(-0.97, y, "none", color=NEUTRAL, va="center")
    ax.set_yticks(place, place.index)
    ax.set_ylim(n_rows - 0.5, -0.5)
    ax.set_xlim(-1, 1)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "", "0", "", "+1"])
    ax.tick_params(axis="y", length=0)


def _draw_legend(canvas: FigureBase, level: float) -> None:
    looks = [(marker, colour, colour, label) for marker, colour, _, label in _MARKS.values()]
    looks.append(("o", INK, "white", f"fewer than {FEW_MENTIONS} mentions"))
    canvas.legend(
        handles=[
            Line2D(
                [],
                [],
                linestyle="" if face == "white" else "-",
                color=colour,
                marker=marker,
                markerfacecolor=face,
                markersize=4,
                label=label,
            )
            for marker, colour, face, label in looks
        ],
        loc="outside lower center",
        ncols=4,
        title="mean over mentions of the probability of positive less that of negative,"
        f" {level:.0%} interval",
    )
