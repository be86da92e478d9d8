"""Draw which events are told, when, and by whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter, date2num
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS
from analysis.pl.style import INK, LOOKS, fitted, look_of
from analysis.results import count
from analysis.tl.stories import Stories, named_story

_NAMES, _OUTLETS = 2.6, 1.5  # inches for a story and for an outlet in the legend


def stories(result: Stories, *, ax: Sequence[Axes] | None = None) -> Figure:
    """The 20 stories of most outlets by day: when each was told, and by how many articles of whom.

    Parameters
    ----------
    result : Stories
    ax : sequence of two Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its table holds the rows of `result.stories` that are drawn; `articles` says of how many
        articles of which outlet each bar is made.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.stories(tw.tl.stories(tw.load("amnesty2024")))
    Figure(name='stories')
    """
    every = result.stories
    several = every[every["n_articles"] > 1]
    table = several.head(FIGURE_ROWS).sort_values(["first", "story"], kind="stable")
    parts = _parts(result, table)
    title = result.finding
    subtitle = (
        "Left: a story's days, from its first article to its last; right: its articles, by outlet"
    )
    left = len(several) - len(table)
    if left:
        subtitle += f". The {len(table)} stories of most outlets are shown, {left:,} of several"
        subtitle += " articles are not"
    if alone := len(every) - len(several):
        subtitle += f"; {count(alone, 'article')} {'tells' if alone == 1 else 'tell'} of an event"
        subtitle += " that no other tells of"
    subtitle += "."
    height, new = 0.55 + 0.19 * max(len(table), 3), ax is None
    with panels(ax, 2, columns=2, title=title, subtitle=subtitle, height=height, extra=0.4) as axes:
        when, who = axes
        if table.empty:
            draw_nothing(when, title)
            who.set_visible(False)
        else:
            _draw_days(when, table)
            _draw_outlets(who, table, parts)
            when.set_yticks(range(len(table)), fitted([*map(named_story, _rows(table))], _NAMES))
            if len(every) > 1:  # the title names one
                named = table["story"].to_numpy() == every["story"].iloc[0]
                for tick, bold in zip(when.get_yticklabels(), named):
                    tick.set_fontweight("bold" if bold else "normal")
            if new:
                handles = _legend(parts)
                when.figure.legend(handles=handles, loc="outside lower center", ncols=4)
    return Figure(
        when.figure, "stories", result, table, {"articles": parts}, title=title, subtitle=subtitle
    )


def _rows(table: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in table.iterrows()]


def _parts(result: Stories, table: pd.DataFrame) -> pd.DataFrame:
    """Articles of each story and outlet: story, outlet, colour, n_articles."""
    assert result.groups is not None, "made by `stories`"
    rank = result.groups.drop_duplicates("outlet").set_index("outlet")["colour"]
    mine = result.table[result.table["story"].isin(table["story"])]
    sizes = mine.groupby(["story", "outlet"]).size().rename("n_articles").reset_index()
    sizes.insert(2, "colour", sizes["outlet"].map(rank).fillna(-1).astype(int))
    sizes["place"] = sizes["story"].map(dict(zip(table["story"], range(len(table)))))
    other = (sizes["colour"] < 0) | (sizes["colour"] >= len(LOOKS))
    sizes = sizes.assign(other=other).sort_values(["place", "other", "colour", "outlet"])
    return sizes.drop(columns=["place", "other"]).reset_index(drop=True)


def _draw_days(ax: Axes, table: pd.DataFrame) -> None:
    y = np.arange(len(table))
    ax.set_ylim(len(table) - 0.5, -0.5)
    dated = table["first"].notna().to_numpy()
    if not dated.any():
        ax.set_xticks([])
        ax.text(0.5, 0.5, "no article has a date", ha="center", transform=ax.transAxes)
        return
    first, last = (date2num(table.loc[dated, end]) for end in ("first", "last"))
    ax.hlines(y[dated], first, last, color=INK, linewidth=2.2)
    ax.plot(first, y[dated], "o", color=INK, markersize=3)
    ax.plot(last, y[dated], "o", color=INK, markersize=3)
    room = max(0.04 * (last.max() - first.min()), 0.5)
    ax.set_xlim(first.min() - room, last.max() + room)
    ax.grid(axis="y", color="#eeeeee", linewidth=0.6)
    ax.set_axisbelow(True)
    locator = AutoDateLocator(minticks=2, maxticks=5)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
    ax.set_xlabel("day of publication")


def _draw_outlets(ax: Axes, table: pd.DataFrame, parts: pd.DataFrame) -> None:
    row = {story: y for y, story in enumerate(table["story"])}
    start = dict.fromkeys(row, 0)
    for part in parts.itertuples():
        colour, marker = look_of(part.colour)
        ax.barh(
            row[part.story],
            part.n_articles,
            left=start[part.story],
            height=0.72,
            color=colour,
            edgecolor="white",
            linewidth=0.5,
        )
        middle = start[part.story] + part.n_articles / 2  # its shape, where colours are not seen
        ax.plot(middle, row[part.story], marker, color="white", markersize=2.6)
        start[part.story] += part.n_articles
    ax.set_ylim(len(table) - 0.5, -0.5)
    ax.set_yticks([])
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.set_xlim(0, max(start.values()) * 1.03)
    ax.set_xlabel("articles")


def _legend(parts: pd.DataFrame) -> list[Line2D]:
    ranked = parts.drop_duplicates("outlet").sort_values(["colour", "outlet"])
    named = ranked[ranked["colour"].between(0, len(LOOKS) - 1)]
    looks, labels = [*map(look_of, named["colour"])], fitted(named["outlet"], _OUTLETS)
    if n := len(ranked) - len(named):
        unknown = ranked["outlet"].eq("").any()
        labels.append("outlet unknown" if unknown and n == 1 else count(n, "other outlet"))
        looks.append(look_of(-1))
    return [
        Line2D([], [], linestyle="", color=colour, marker=marker, markersize=4.5, label=label)
        for (colour, marker), label in zip(looks, labels)
    ]
