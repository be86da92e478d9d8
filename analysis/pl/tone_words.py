"""Draw the words that carry the tone towards actors."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes, panels
from analysis.pl.style import INK, NEGATIVE, PAGE, POSITIVE, SINGLE
from analysis.tl.tone_words import ToneWords

MOST_WORDS = 6  # of a side
_MOST_ACTORS = 12


def tone_words(result: ToneWords, *, ax: Axes | Sequence[Axes] | None = None) -> Figure:
    """One panel an actor: bars of the words that pull its tone most to either side.

    Parameters
    ----------
    result : ToneWords
    ax : Axes, or a sequence of them, one for each actor, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.tone_words(tw.tl.tone_words(tw.load("amnesty2024")))
    Figure(name='tone_words')
    """
    table = result.table
    if table.empty:
        with one_axes(ax, SINGLE, 1) as ax:
            draw_nothing(ax, "No word carries the tone of a mention.")
        return Figure(ax.figure, "tone_words", result, table)
    strongest = table.groupby("actor")["pull"].agg(lambda pull: pull.abs().max())
    actors = strongest.nlargest(_MOST_ACTORS).index
    cut = f" ({len(actors)} of {len(strongest)} actors shown)" * (len(actors) < len(strongest))
    # of a side the strongest words come first; drawn from the most negative to the most positive
    shown = table.groupby(["actor", "side"], sort=False).head(MOST_WORDS).sort_values("pull")
    columns = 2 if len(actors) < 5 else 4
    height = min(0.55 + 0.14 * 2 * MOST_WORDS, PAGE / math.ceil(len(actors) / columns))
    label = "mean change of the tone that the word makes"
    with panels(
        ax, len(actors), columns=columns, height=height, title=result.finding + cut, label=label
    ) as axes:
        for panel, actor in zip(axes, actors):
            _draw_actor(panel, shown[shown["actor"] == actor])
            panel.set_title(actor.replace("_", " "))
    return Figure(axes[0].figure, "tone_words", result, table)


def _draw_actor(ax: Axes, words: pd.DataFrame) -> None:
    y = range(len(words))
    colours = [POSITIVE if pull > 0 else NEGATIVE for pull in words["pull"]]
    ax.barh(y, words["pull"], color=colours, edgecolor="black")
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.set_yticks(y, words["word"])
    ax.set_ylim(len(words) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
