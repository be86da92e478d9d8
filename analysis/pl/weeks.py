"""Estimates over days, weeks or months: small multiples over a real time axis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from analysis.groups import PERIODS
from analysis.pl.figure import Figure, panels
from analysis.pl.style import DOUBLE, INK, LOOKS, PAGE, fitted, look_of, wrapped
from analysis.results import Result, count

_FEW_PERIODS = 3
MOST_SERIES, MOST_LINES = 12, 4
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
    title: str,
    subtitle: str = "",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw estimates over time: a panel a series, a line for each part, gaps where nothing is.

    A band is the interval of each point alone. Where there is one series, each part has a panel.

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
    percent, zero : bool
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
    weight = dated.groupby("series", sort=False)["n_articles"].sum()
    series = weight.sort_values(ascending=False, kind="stable").index.tolist()
    shown = series[:MOST_SERIES]
    if len(series) > len(shown):
        subtitle += f" The {len(shown)} of {len(series)} with most articles are shown."
    if undated:
        are = "is" if undated == 1 else "are"
        subtitle += f" {count(undated, 'article')} without a date {are} not drawn."
    by = str(result.params["by"]).split(" · ")
    period = next(one for one in PERIODS if one in by)
    every = pd.date_range(dated["period"].min(), dated["period"].max(), freq=_FREQUENCY[period])
    lines = list(parts)
    if len(series) > 1:
        lines = sorted(parts, key=lambda item: -parts[item]["weight"].sum())[:MOST_LINES]
        if len(parts) > MOST_LINES:
            subtitle += f" {MOST_LINES} of {len(parts)} are shown, those with most evidence."
        frames = [
            {item: _course(parts[item], dated, one, every, value) for item in lines}
            for one in shown
        ]
        heads = fitted([str(one) for one in shown], DOUBLE / min(len(shown), 3) - 0.4)
    else:
        frames = [{item: _course(parts[item], dated, series[0], every, value)} for item in lines]
        heads = fitted(lines, DOUBLE / min(len(lines), 3) - 0.4)
    many = len(series) > 1 and len(lines) > 1
    drawn = pd.concat([course for courses in frames for course in courses.values()])
    limits = _limits(drawn, value) if zero else None
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
        for i, (axis, courses) in enumerate(zip(axes, frames)):
            for j, (item, course) in enumerate(courses.items()):
                one = dated[dated["series"] == shown[i]]["colour"].iloc[0] if len(series) > 1 else 0
                colour, marker = LOOKS[j] if many else look_of(int(one))
                _draw_course(axis, course, value, colour, marker, item)
        # a limit that is set stays as it is, for all panels that share it
        for axis, said in zip(axes, heads):
            _finish(axis, said, every, percent, zero)
        if limits:  # of one measure with a middle all panels have one scale
            for axis in axes:
                axis.set_ylim(limits)
        if ax is None:
            canvas = axes[0].figure
            if label:
                high = canvas.figure.get_size_inches()[1] - 0.8
                canvas.supylabel(wrapped(label, high, title=False), fontsize=7)
            if many:
                handles, names = axes[0].get_legend_handles_labels()
                canvas.legend(handles, names, loc="outside lower center", ncols=4)
    return Figure(
        axes[0].figure, f"{name}_{period}s", result, table, title=title, subtitle=subtitle
    )


def _course(
    part: pd.DataFrame, dated: pd.DataFrame, series: str, every: pd.DatetimeIndex, value: str
) -> pd.DataFrame:
    """One series' estimates in every period; NaN where nothing was published."""
    mine = part[part["group"].isin(dated.index[dated["series"] == series])]
    periods = dated.loc[mine["group"], "period"].to_numpy()
    return mine.set_axis(periods)[[value, "low", "high"]].reindex(every)


def _limits(drawn: pd.DataFrame, value: str) -> tuple[float, float]:
    """Bounds of all estimates and of most bands: those of few articles are far wider."""
    low = np.nanmin([drawn[value].min(), drawn["low"].quantile(_MOST_BANDS[0]), 0])
    high = np.nanmax([drawn[value].max(), drawn["high"].quantile(_MOST_BANDS[1]), 0])
    room = 0.08 * (high - low) or 1
    return low - room, high + room


def _draw_course(
    ax: Axes, course: pd.DataFrame, value: str, colour: str, marker: str, item: str
) -> None:
    ax.fill_between(
        course.index, course["low"], course["high"], color=colour, alpha=0.18, linewidth=0
    )
    known = course["low"].notna()
    # a point between two gaps has no band to lie in
    alone = course[known & ~known.shift(fill_value=False) & ~known.shift(-1, fill_value=False)]
    ax.vlines(alone.index, alone["low"], alone["high"], color=colour, linewidth=0.7)
    ax.plot(course.index, course[value], "-", marker=marker, color=colour, markersize=3, label=item)


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
