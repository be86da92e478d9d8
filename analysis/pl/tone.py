"""Draw the tone towards actors, by article and voice."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.pl.style import AMBER, BLUE, GREEN, INK, NEUTRAL, SINGLE, styled
from analysis.tl.tone import FEW_MENTIONS, VOICES, Tone

LOOK = {
    "outlet": ("o", BLUE, 0.0),
    "quoted": ("s", AMBER, -0.26),
    "reported": ("D", GREEN, 0.26),
}  # marker, colour, place in the row
SAID = {
    "outlet": "the outlet's own words",
    "quoted": "in quotation marks",
    "reported": "in reported statements",
}


@styled(lambda result: (SINGLE, 0.8 + 0.22 * result.table["group"].nunique()))
def plot_towards(result: Tone, actor: str, *, ax: Axes | None = None) -> Axes:
    """Tone towards one actor by group: a mark for each voice with its interval, filled from five
    mentions on.
    """
    groups = list(dict.fromkeys(result.table["group"]))
    table = result.table[(result.table["actor"] == actor) & (result.table["n_mentions"] > 0)]
    place = {group: i for i, group in enumerate(groups)}
    for voice in VOICES:
        marker, colour, shift = LOOK[voice]
        part = table[table["voice"] == voice]
        y = np.array([place[group] for group in part["group"]], float) + shift
        ax.hlines(
            y, part["low"], part["high"], color=colour, linewidth=1.4 if voice == "outlet" else 0.8
        )
        for enough in (True, False):
            rows = ((part["n_mentions"] >= FEW_MENTIONS) == enough).to_numpy()
            ax.plot(
                part["tone"][rows],
                y[rows],
                marker,
                markersize=4.2 if voice == "outlet" else 3,
                markerfacecolor=colour if enough else "white",
                markeredgecolor=colour,
                markeredgewidth=0.9,
                zorder=3,
            )
    ax.axvline(0, color=INK, linewidth=0.6)
    for i in range(1, len(groups)):
        ax.axhline(i - 0.5, color="#eeeeee", linewidth=0.5)
    silent = [place[g] for g in groups if g not in set(table["group"])]
    for y in silent:
        ax.text(-0.97, y, "none", color=NEUTRAL, va="center")
    ax.set_yticks(range(len(groups)), groups)
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.set_xlim(-1, 1)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1], ["−1", "", "0", "", "+1"])
    ax.tick_params(axis="y", length=0)
    ax.set_title(actor.replace("_", " "))
    return ax


def voice_legend() -> list[Line2D]:
    """What each mark stands for."""
    marks = [
        Line2D([], [], linestyle="-", color=colour, marker=marker, markersize=4, label=SAID[voice])
        for voice, (marker, colour, _) in LOOK.items()
    ]
    return [
        *marks,
        Line2D(
            [],
            [],
            linestyle="",
            color=INK,
            marker="o",
            markerfacecolor="white",
            markersize=4,
            label=f"fewer than {FEW_MENTIONS} mentions",
        ),
    ]


def towards_title(result: Tone) -> str:
    """What the figure of all actors shows, in a sentence."""
    own = result.table[
        (result.table["voice"] == "outlet") & (result.table["n_mentions"] >= FEW_MENTIONS)
    ]
    if own.empty:
        return f"No actor is mentioned {FEW_MENTIONS} times in an outlet's own words"
    below, above = own[own["high"] < 0], own[own["low"] > 0]
    said = [
        f"{len(part)} {word}"
        for part, word in ((below, "negative"), (above, "positive"))
        if len(part)
    ]
    head = (
        f"In their own words: of {len(own)} tones towards an actor,"
        f" {' and '.join(said) if said else 'none'} beyond chance"
    )
    worst = below.sort_values("tone").head(3)
    named = ", ".join(
        f"{g} on {a.replace('_', ' ')}" for g, a in zip(worst["group"], worst["actor"])
    )
    return f"{head}; most negative {named}" if named else head
