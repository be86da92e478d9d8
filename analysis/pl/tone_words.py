"""Draw the words that carry the tone towards actors."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes, panels
from analysis.pl.style import DOUBLE, INK, NEGATIVE, POSITIVE, fitted
from analysis.tl.tone import WHERE
from analysis.tl.tone_words import ToneWords
from analysis.wording import agreement

_MOST_WORDS = 20  # one below the other, in all panels of a column
_MOST_ACTORS = 4


def tone_words(result: ToneWords, *, ax: Axes | Sequence[Axes] | None = None) -> Figure:
    """One panel an actor: bars of the words that pull its tone most to either side.

    Of more than four actors those with the strongest words are drawn.

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
        with one_axes(ax, DOUBLE, 1) as ax:
            draw_nothing(ax, "No word carries the tone of a mention.")
        return Figure(ax.figure, "tone_words", result, table)
    strongest = table.groupby("actor")["pull"].agg(lambda pull: pull.abs().max())
    actors = strongest.nlargest(_MOST_ACTORS).index
    # of a side the strongest words come first; drawn from the most negative to the most positive
    of_a_side = _MOST_WORDS // 2 if len(actors) < 3 else _MOST_WORDS // 4
    shown = table.groupby(["actor", "side"], sort=False).head(of_a_side).sort_values("pull")
    shown = shown[shown["actor"].isin(actors)]
    rows = shown.groupby("actor").size().max()
    subtitle = (
        f"Words of each actor's {result.params['most']} most negative and most positive mentions"
        f" {WHERE[result.params['voice']]}: how the tone (−1 to +1) changes where the"
        " word stands, by leaving it out. It explains the model, not readers."
        f" {agreement('tone')}"
    )
    if len(actors) < len(strongest):
        subtitle += f" {len(actors)} of {len(strongest)} actors, those with the strongest words."
    columns, height = min(2, len(actors)), 0.55 + 0.155 * rows
    with panels(
        ax,
        len(actors),
        columns=columns,
        height=height,
        title=result.finding,
        subtitle=subtitle,
        label="mean change of the tone that the word makes",
    ) as axes:
        most = 1.15 * shown["pull"].abs().max()
        for panel, actor in zip(axes, actors):
            _draw_actor(panel, shown[shown["actor"] == actor])
            panel.set_xlim(-most, most)
            name = result.names.get(actor, actor)
            panel.set_title(fitted([name], DOUBLE / columns - 1)[0])
    return Figure(axes[0].figure, "tone_words", result, table, subtitle=subtitle)


def _draw_actor(ax: Axes, words: pd.DataFrame) -> None:
    y = range(len(words))
    colours = [POSITIVE if pull > 0 else NEGATIVE for pull in words["pull"]]
    ax.barh(y, words["pull"], color=colours, edgecolor="black")
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.set_yticks(y, fitted(words["word"], 1.2))
    ax.set_ylim(len(words) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
