"""Estimates over days, weeks or months: small multiples over a real time axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.lines import Line2D

from analysis.groups import PERIODS
from analysis.pl.figure import Figure, panels
from analysis.pl.style import DOUBLE, INK, LOOKS, NEUTRAL, PAGE, fitted, look_of, wrapped
from analysis.results import Result, count
from analysis.wording import noun

_FEW_PERIODS = 3
_FEW_PANELS = 6  # of which all bands are drawn
MOST_SERIES, MOST_LINES = 12, 4  # the last of the series is of all others
_APART, _THIN = "apart", "few"
_HOLLOW: dict[str, Any] = {
    "linestyle": "",
    "marker": "o",
    "markersize": 3.4,
    "color": NEUTRAL,
    "markerfacecolor": "white",
}
_RING: dict[str, Any] = {
    **_HOLLOW,
    "markersize": 7,
    "color": INK,
    "markerfacecolor": "none",
    "markeredgewidth": 0.9,
}
_MOST_BANDS = 0.15, 0.85  # quantiles
_FREQUENCY = {"day": "D", "week": "W-MON", "month": "MS"}


def draw_weeks(
    result: Result,
    name: str,
    table: pd.DataFrame,
    value: str,
    *,
    parts: Mapping[str, pd.DataFrame],
    label: str = "",
    percent: bool = False,
    zero: bool = False,
    summed: bool = False,
    title: str,
    subtitle: str = "",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw estimates over time: a panel a series, a line for each part, gaps where nothing is.

    A band is the interval of each point alone; a ring marks those that differ from the rest. Of
    more than six panels, points of too few articles to be compared are hollow and have no band.
    There are at most twelve panels, the last of which pools all other series. Where there is one
    series, each part has a panel.

    Parameters
    ----------
    result : Result
        With `groups` that have periods.
    name : str
        Of the figure's files, before their period: "tone" is saved as `tone_weeks`.
    table : DataFrame
        All that is drawn.
    value : str
        The column that is drawn, with bounds in `low` and `high`.
    parts : mapping of str to DataFrame
        Rows of `table` of each item, by the item's name.
    label : str
        What is measured, with its unit.
    percent, zero, summed : bool
        As in `analysis.pl.rows.draw_groups`.
    title, subtitle : str
    ax : Axes, or a sequence of them, one for each panel, optional

    Returns
    -------
    Figure
    """
    assert result.groups is not None, "a result of groups"
    groups = result.groups.set_index("group")
    dated = groups[groups["period"].notna()]
    undated = int(groups.loc[groups["period"].isna(), "n_articles"].sum())
    if undated:
        are = "is" if undated == 1 else "are"
        subtitle += f" {count(undated, 'article')} without a date {are} not drawn."
    by = str(result.params["by"]).split(" · ")
    period = next(one for one in PERIODS if one in by)
    every = pd.date_range(dated["period"].min(), dated["period"].max(), freq=_FREQUENCY[period])
    members = _panels(table, dated, noun(" · ".join(one for one in by if one not in PERIODS)))
    lines = list(parts)
    if len(members) > 1:
        if len(parts) > MOST_LINES:
            rows = pd.concat([part.assign(line=item) for item, part in parts.items()])
            lines = foremost(rows, "line")[:MOST_LINES]
            subtitle += f" {MOST_LINES} of {len(parts)} are shown, those with most to tell."
        frames = [
            {item: _course(parts[item], dated, mine, every, value, summed) for item in lines}
            for mine in members.values()
        ]
        heads = fitted([str(one) for one in members], DOUBLE / min(len(members), 3) - 0.4)
    else:
        mine = dated["series"].unique().tolist()
        frames = [{item: _course(parts[item], dated, mine, every, value, summed)} for item in lines]
        heads = fitted(lines, DOUBLE / min(len(lines), 3) - 0.4)
    many = len(members) > 1 and len(lines) > 1
    many_panels = len(members) > _FEW_PANELS and not summed
    if many_panels:
        for course in (course for courses in frames for course in courses.values()):
            course.loc[~course["large"], ["low", "high"]] = np.nan
    drawn = pd.concat([course for courses in frames for course in courses.values()])
    limits = _limits(drawn, value, percent) if zero or len(members) > 1 else None
    if limits and ((drawn["low"] < limits[0]) | (drawn["high"] > limits[1])).any():
        subtitle += " Bands wider than the axis are cut."
    columns = min(len(frames), 3)
    height = min(1.45, (PAGE - 1.3) / math.ceil(len(frames) / columns))
    subtitle = subtitle.strip()
    with panels(
        ax,
        len(frames),
        columns=columns,
        height=height,
        title=title,
        subtitle=subtitle,
        sharey=True,
        extra=0.2,
    ) as axes:
        colours = _colours(dated, members) if len(members) > 1 else [0] * len(axes)
        for axis, courses, one in zip(axes, frames, colours):
            for j, (item, course) in enumerate(courses.items()):
                colour, marker = LOOKS[j] if many else look_of(one)
                _draw_course(axis, course, value, colour, marker, item, many_panels)
        # a limit that is set stays as it is, for all panels that share it
        for i, (axis, said) in enumerate(zip(axes, heads)):
            _finish(axis, said, every, percent, zero)
            # all have one time: its days stand below the lowest
            axis.tick_params(labelbottom=ax is not None or i + columns >= len(axes))
        if limits:  # of one measure with a middle all panels have one scale
            for axis in axes:
                axis.set_ylim(limits)
        if ax is None:
            canvas = axes[0].figure
            if label:
                high = canvas.figure.get_size_inches()[1] - 0.8
                canvas.supylabel(wrapped(label, high, title=False), fontsize=7)
            handles, names = axes[0].get_legend_handles_labels() if many else ([], [])
            there = {
                line.get_gid() for axis in axes for line in axis.lines if np.size(line.get_xdata())
            }
            for mark, look, said in (
                (_THIN, _HOLLOW, "too few to compare, no band"),
                (_APART, _RING, "differs from all other groups (for all together)"),
            ):
                if mark in there:
                    handles.append(Line2D([], [], **look))
                    names.append(said)
            if handles:
                canvas.legend(handles, names, loc="outside lower center", ncols=3)
    return Figure(
        axes[0].figure, f"{name}_{period}s", result, table, title=title, subtitle=subtitle
    )


def foremost(table: pd.DataFrame, item: str) -> list:
    """Values of a column, the first those that set groups apart most: what a title may name.

    Then those with most evidence.

    Parameters
    ----------
    table : DataFrame
        With `item` and the columns of `analysis.comparison.Comparison.columns`.
    item : str
    """
    items = table.assign(far=far_apart(table)).groupby(item, sort=False)
    rank = pd.DataFrame({"far": items["far"].max(), "weight": items["weight"].sum()}).fillna(0)
    return rank.sort_values(["far", "weight"], ascending=False, kind="stable").index.tolist()


def far_apart(table: pd.DataFrame) -> pd.Series:
    """How far each row is from the rest, by its shrunken estimate; 0 where it is not apart."""
    return (table["shrunk"] - table["rest"]).abs().where(table["apart"].astype(bool), 0)


def _panels(
    table: pd.DataFrame, dated: pd.DataFrame, nouns: tuple[str, str]
) -> dict[str, list[str]]:
    """The series of each panel, by its title: those with most articles, the last of all others.

    Whoever is apart in some period comes before them, as a title may name it.
    """
    sizes = dated.groupby("series", sort=False)["n_articles"].sum()
    order = sizes.sort_values(ascending=False, kind="stable").index.tolist()
    if len(order) <= MOST_SERIES:
        return {one: [one] for one in order}
    rows = table.assign(series=table["group"].map(dated["series"]))
    rows = rows.assign(far=far_apart(rows)).groupby("series")["far"].max().reindex(order)
    first = rows.fillna(0).sort_values(ascending=False, kind="stable").index[: MOST_SERIES - 1]
    panels = {one: [one] for one in order if one in set(first)}
    others = [one for one in order if one not in panels]
    return panels | {f"{count(len(others), *nouns)} more, together": others}


def _colours(dated: pd.DataFrame, members: Mapping[str, list[str]]) -> list[int]:
    """The outlets' colours; grey for a panel of several."""
    colour = dated.groupby("series")["colour"].first()
    return [int(colour[mine[0]]) if len(mine) == 1 else -1 for mine in members.values()]


def _course(
    part: pd.DataFrame,
    dated: pd.DataFrame,
    series: list[str],
    every: pd.DatetimeIndex,
    value: str,
    summed: bool,
) -> pd.DataFrame:
    """The estimates of a panel's series in every period; NaN where nothing was published.

    Of several series the mean, by their weights, or the sum; and no interval.
    """
    mine = part[part["group"].isin(dated.index[dated["series"].isin(series)])]
    mine = mine.assign(period=dated.loc[mine["group"], "period"].to_numpy())
    if len(series) == 1:
        course = mine.set_index("period").assign(large=mine["joint_low"].notna().to_numpy())
        course = course[[value, "low", "high", "apart", "large"]].reindex(every)
        return course.assign(**{flag: course[flag].eq(True) for flag in ("apart", "large")})
    known = mine[mine[value].notna() & (mine["weight"] > 0)]
    sums = (known[value] * known["weight"]).groupby(known["period"]).sum()
    means = sums / known.groupby("period")["weight"].sum()
    course = known.groupby("period")[value].sum() if summed else means
    course = course.reindex(every).to_frame(value)
    return course.assign(low=np.nan, high=np.nan, apart=False, large=True)


def _limits(drawn: pd.DataFrame, value: str, percent: bool) -> tuple[float, float]:
    """Bounds of all estimates and of most bands: those of few articles are far wider.

    Shares begin at 0, whatever else there is.
    """
    low = np.nanmin([drawn[value].min(), drawn["low"].quantile(_MOST_BANDS[0]), 0])
    high = np.nanmax([drawn[value].max(), drawn["high"].quantile(_MOST_BANDS[1]), 0])
    room = 0.08 * (high - low) or 1
    return (0 if percent else low - room), high + room


def _draw_course(
    ax: Axes, course: pd.DataFrame, value: str, colour: str, marker: str, item: str, few: bool
) -> None:
    """A line with its band; `few`: hollow where there are too few articles to be compared."""
    ax.fill_between(
        course.index, course["low"], course["high"], color=colour, alpha=0.18, linewidth=0
    )
    known = course["low"].notna()
    # a point between two gaps has no band to lie in
    alone = course[known & ~known.shift(fill_value=False) & ~known.shift(-1, fill_value=False)]
    ax.vlines(alone.index, alone["low"], alone["high"], color=colour, linewidth=0.7)
    ax.plot(course.index, course[value], "-", marker=marker, color=colour, markersize=3, label=item)
    if few:
        thin = course[~course["large"]]
        small: dict[str, Any] = {"markersize": 3.4, "markerfacecolor": "white", "gid": _THIN}
        ax.plot(thin.index, thin[value], linestyle="", marker=marker, color=colour, **small)
    apart = course[course["apart"]]
    if len(apart):
        ax.plot(apart.index, apart[value], gid=_APART, **_RING)


def _finish(ax: Axes, head: str, every: pd.DatetimeIndex, percent: bool, zero: bool) -> None:
    ax.set_title(head)
    if zero:
        ax.axhline(0, color=INK, linewidth=0.6)
    if percent:
        ax.yaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
        ax.set_ylim(bottom=max(ax.get_ylim()[0], 0))
    ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(4))
    room = max((every[-1] - every[0]) * 0.04, pd.Timedelta(days=1))
    ax.set_xlim(every[0] - room, every[-1] + room)
    if len(every) <= _FEW_PERIODS:  # each has its name
        months = (every.day == 1).all()
        ax.set_xticks(every, [f"{d:%b %Y}" if months else f"{d.day} {d:%b}" for d in every])
        return
    locator = AutoDateLocator(minticks=2, maxticks=4)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(locator))
