"""Draw the lives of passages: the ten that went furthest, day by day."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import DOUBLE, LOOKS, NEUTRAL, fitted, look_of
from analysis.results import count
from analysis.tl.reuse import LIVES, Reuse

_NAMES = 2.5  # inches
_SIDE = 0.16  # of a row, between articles of one day


def draw_lives(result: Reuse, ax: Axes | Sequence[Axes] | None) -> Figure:
    """One row a passage, one mark an article that has it, on the day on which it did."""
    title, course = result.finding_of("life"), result.course.head(LIVES)
    copies = result.copies[result.copies["course"].isin(course["course"])]
    subtitle = (
        "One row a passage, one mark an article; hollow ones quote it, and only where dates tell"
        " who had it first is an outlet named."
    )
    undated = int(copies["days"].isna().sum())
    left = []
    if len(result.course) > len(course):
        left.append(f"shown are the {len(course)} of {len(result.course):,} that went furthest")
    if undated < len(copies) and undated:
        left.append(f"{count(undated, 'copy', 'copies')} without a date at the right edge")
    if left:
        said = ", ".join(left)
        subtitle += f" {said[0].upper()}{said[1:]}."
    height = 1.3 + 0.42 * max(len(course), 2)
    with one_axes(ax, DOUBLE, height, title=title, subtitle=subtitle) as ax:
        if course.empty or copies["days"].isna().all():
            draw_nothing(ax, title if course.empty else "No article with these words has a date.")
        else:
            _draw(ax, course, copies)
    return Figure(
        ax.figure, "reuse_life", result, course, {"copies": copies}, title=title, subtitle=subtitle
    )


def _draw(ax: Axes, course: pd.DataFrame, copies: pd.DataFrame) -> None:
    last = float(copies["days"].fillna(0).max())
    edge = max(last, 1) * 1.08
    for y, row in enumerate(course.itertuples()):
        mine = copies[copies["course"] == row.course]
        days = mine["days"].fillna(edge)
        ax.plot([0, row.days if row.days == row.days else 0], [y, y], color=NEUTRAL, zorder=1)
        nth = days.groupby(days.round(3)).cumcount()
        of = days.groupby(days.round(3)).transform("size")
        step = np.minimum(_SIDE, 0.8 / of)
        for day, up, copy in zip(days, (nth - (of - 1) / 2) * step, mine.itertuples()):
            colour, marker = look_of(copy.colour)
            face = "white" if copy.mark == "quoted" else colour
            ax.plot(day, y + up, marker, color=colour, markerfacecolor=face, markersize=4)
    ax.set_yticks(range(len(course)), fitted([_said(row) for row in course.itertuples()], _NAMES))
    ax.set_ylim(len(course) - 0.4, -0.6)
    ax.set_xlim(-0.04 * edge, edge * 1.03)
    ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(7, integer=True))
    ax.set_xlabel("days since the passage was first seen")
    ax.tick_params(axis="y", length=0)
    ranked = copies.drop_duplicates("outlet").sort_values("colour")
    named = ranked[ranked["colour"].between(0, len(LOOKS) - 1)]
    looks = [*map(look_of, named["colour"])]
    labels = fitted(named["outlet"], 1.5)
    if len(named) < len(ranked):
        looks, labels = [*looks, look_of(-1)], [*labels, "others"]
    handles = [
        Line2D([], [], linestyle="", color=colour, marker=marker, markersize=4, label=label)
        for (colour, marker), label in zip(looks, labels)
    ]
    ax.figure.legend(handles=handles, loc="outside lower center", ncols=4)


def _said(row) -> str:
    """A passage in a line: how many words, how many articles, who was first."""
    if not row.first_seen:
        first = "no date is known"
    else:
        day = pd.Timestamp(row.first_seen)
        when = f"{day.day} {day:%b %Y}"
        sure = row.n_first == 1 and row.first_outlet
        first = f"{row.first_outlet}, {when}" if sure else f"first on {when}"
    return f"{row.words} words in {row.n_articles}: {first}"
