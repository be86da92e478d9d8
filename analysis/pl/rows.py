"""Estimates of groups as rows: a dot, an interval, and where all the others stand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.typing import LineStyleType

from analysis.groups import PERIODS, has_periods
from analysis.pl.figure import Figure, panels
from analysis.pl.style import BLUE, BOLD, DOUBLE, INK, NEUTRAL, PAGE, fitted
from analysis.pl.weeks import draw_weeks, far_apart, foremost
from analysis.results import Result, count

FIGURE_ROWS, MOST_PANELS = 20, 8
_ROW, _AROUND = 0.165, 0.62  # inches
_HEADS = 1.4  # inches of titles and the legend
_NAMES = 1.55  # inches for the rows' names

_WHICH = ", those that set groups apart and those with most evidence"

_MARKS: dict[str, tuple[str, str, str, LineStyleType, str]] = {  # look, and what the legend says
    "apart": ("o", BLUE, BLUE, "-", "differs from all other {}"),
    "within": ("o", NEUTRAL, "white", "-", "within what chance gives"),
    "few": ("x", NEUTRAL, NEUTRAL, "", "too few to compare"),
    "rest": ("|", INK, INK, "", "all other {} together"),
}


def draw_groups(
    result: Result,
    name: str,
    table: pd.DataFrame,
    value: str,
    *,
    panel: str | None = None,
    panel_names: Mapping[str, str] | None = None,
    label: str = "",
    percent: bool = False,
    zero: bool = False,
    summed: bool = False,
    noun: tuple[str, str] = ("group", "groups"),
    title: str | None = None,
    subtitle: str = "",
    label_by: str = "label",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Draw estimates of groups, a panel for each item; over time where groups have periods.

    Parameters
    ----------
    result : Result
        With `groups`.
    name : str
        Of the figure's files.
    table : DataFrame
        `group`, `value`, the columns of `analysis.comparison.Comparison.columns`, and `panel`.
    value : str
        The column that is drawn.
    panel : str, optional
        The column whose values have a panel each; where there are many, those that set groups
        apart, which a title may name, and those with most evidence.
    panel_names : mapping of str to str, optional
        Titles of panels, by value.
    label : str
        What is measured, with its unit: the horizontal axis.
    percent : bool
        Whether values are shares, to be labelled as percentages.
    zero : bool
        Whether a line at 0 means something.
    summed : bool
        Whether values are counts without intervals: those of pooled groups are added up.
    noun : (str, str)
        One and several of what groups are called, such as ("outlet", "outlets").
    title : str, optional
        The result's finding if not given.
    subtitle : str
        What is measured, how often, and how well it is known.
    label_by : str
        The column of `groups` that names the rows: "label", "group", or another.
    ax : Axes, or a sequence of them, one for each panel, optional

    Returns
    -------
    Figure
    """
    groups = result.groups
    assert groups is not None, "a result of groups"
    title = result.finding if title is None else title
    items = list(dict.fromkeys(table[panel])) if panel else [None]
    if panel and len(items) > MOST_PANELS:
        most = set(foremost(table, panel)[:MOST_PANELS])
        subtitle = f"{subtitle} {MOST_PANELS} of {len(items)} are shown{_WHICH}."
        items = [item for item in items if item in most]
    parts = {item: table if item is None else table[table[panel] == item] for item in items}
    said = {
        item: (panel_names or {}).get(str(item), str(item or "").replace("_", " "))
        for item in items
    }
    if has_periods(groups):
        return draw_weeks(
            result,
            name,
            table,
            value,
            parts={said[item]: part for item, part in parts.items()},
            label=label,
            percent=percent,
            zero=zero,
            summed=summed,
            title=title,
            subtitle=subtitle,
            ax=ax,
        )
    if set(PERIODS) & set(str(result.params.get("by")).split(" · ")):
        subtitle = f"{subtitle} No article has a date.".strip()
    kept = _most_evidence(table, groups)
    rows = {
        item: _rows(part, groups, value, noun, label_by, kept, summed)
        for item, part in parts.items()
    }
    first = rows[items[0]]
    height = _AROUND + _ROW * len(first)
    columns = len(items) if len(items) <= 4 else 4 if len(items) > 6 else 3
    height = min(height, (PAGE - _HEADS) / math.ceil(len(items) / columns))
    room = (DOUBLE - _NAMES) / columns / BOLD - 0.05
    with panels(
        ax,
        len(items),
        columns=columns,
        height=height,
        title=title,
        subtitle=subtitle,
        sharey=True,
        extra=0.4,
    ) as axes:
        for i, (axis, item) in enumerate(zip(axes, items)):
            named = ax is not None or i % columns == 0
            draw_marks(axis, rows[item].loc[first.index], value, named, zero, percent)
            axis.set_title(fitted([said[item]], room)[0] if panel else "")
        if zero:  # of one measure with a middle all panels have one scale
            ends = [axis.get_xlim() for axis in axes]
            for axis in axes:
                axis.set_xlim(min(low for low, _ in ends), max(high for _, high in ends))
        if ax is None:
            marks_legend(axes[0].figure, result.params.get("level", 0.95), noun, label)
    return Figure(axes[0].figure, name, result, table, title=title, subtitle=subtitle)


def _most_evidence(table: pd.DataFrame, groups: pd.DataFrame) -> set[str]:
    """The groups that have a row: those that a title may name, then those with most articles."""
    by_group = table.assign(far=far_apart(table)).groupby("group", sort=False)
    rank = groups.set_index("group")[["n_articles"]]
    rank = rank.assign(far=by_group["far"].max(), weight=by_group["weight"].sum()).fillna(0)
    rank = rank.sort_values(["far", "n_articles", "weight"], ascending=False, kind="stable")
    return set(rank.index[: FIGURE_ROWS - (len(rank) > FIGURE_ROWS)])


def _rows(
    table: pd.DataFrame,
    groups: pd.DataFrame,
    value: str,
    noun: tuple[str, str],
    label_by: str,
    kept: set[str],
    summed: bool,
) -> pd.DataFrame:
    """At most 20 rows, highest first: the groups that are kept, the others pooled in one."""
    described = groups.set_index("group")
    table = table.set_index("group").reindex(described.index)
    table = table.assign(label=described[label_by])
    order = (
        table["shrunk"].fillna(table["shrunk"].min()).sort_values(ascending=False, kind="stable")
    )
    if len(table) > FIGURE_ROWS:
        others = table[~table.index.isin(kept)]
        weight = others["weight"].sum()
        pooled = (others[value] * others["weight"]).sum() / weight if weight else np.nan
        pooled = others[value].sum() if summed else pooled
        said = f"{count(len(others), *noun)} more, together"
        last = pd.DataFrame({value: pooled, "label": said, "apart": False}, index=["\x1f others"])
        table = pd.concat([table.loc[[g for g in order.index if g in kept]], last])
    else:
        table = table.loc[order.index]
    return table.assign(apart=table["apart"].fillna(False).astype(bool))


def draw_marks(
    ax: Axes, rows: pd.DataFrame, value: str, named: bool, zero: bool, percent: bool
) -> None:
    """Draw rows of `label`, the value, `rest`, `joint_low`, `joint_high` and `apart`."""
    y = np.arange(len(rows))
    apart = rows["apart"].to_numpy(bool)
    few = rows[value].notna().to_numpy() & rows["joint_low"].isna().to_numpy() & ~apart
    colours = np.where(apart, BLUE, NEUTRAL).tolist()
    ax.hlines(y, rows["joint_low"], rows["joint_high"], colors=colours, linewidth=1.2)
    for name, chosen in (("apart", apart), ("within", ~apart & ~few), ("few", few)):
        marker, colour, face, _, _ = _MARKS[name]
        if rows[value][chosen].notna().any():
            (drawn,) = ax.plot(rows[value][chosen], y[chosen], marker, color=colour, markersize=4)
            drawn.set(markerfacecolor=face, gid=name)
    ax.plot(rows["rest"], y, "|", color=INK, markersize=5.5, markeredgewidth=1.1, zorder=3)
    for there in y[rows[value].isna()]:
        ax.annotate(
            "none", (0.02, there), xycoords=("axes fraction", "data"), color=NEUTRAL, va="center"
        )
    if zero:
        ax.axvline(0, color=INK, linewidth=0.6)
    for edge in y[1:]:
        ax.axhline(edge - 0.5, color="#eeeeee", linewidth=0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    if named:
        ax.set_yticks(y, fitted(rows["label"], _NAMES))
    ax.tick_params(axis="y", length=0, labelleft=named)
    if percent:
        ax.xaxis.set_major_formatter(matplotlib.ticker.PercentFormatter(1))
        # bars of two or three articles may reach beyond any share: they run out of the panel
        most = rows[[value, "rest"]].max(axis=None)
        left, right = ax.get_xlim()
        right = min(right, 2.5 * most) if most > 0 else right
        edge = 0.03 * right  # a mark at 0 is drawn whole
        ax.set_xlim(max(left, -edge), right + edge)
    ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(3 if percent else 4))


def marks_legend(canvas, level: float, noun: tuple[str, str], label: str = "") -> None:
    """Say below a new figure what those marks of `draw_marks` mean that it has."""
    there = {line.get_gid() for axis in canvas.axes for line in axis.lines} | {"rest"}
    handles = [
        Line2D(
            [],
            [],
            color=c,
            marker=m,
            markerfacecolor=face,
            linestyle=line,
            markersize=5,
            label=said.format(noun[1]),
        )
        for name, (m, c, face, line, said) in _MARKS.items()
        if name in there
    ]
    # the axes' label stands here, as a legend would be drawn over it
    bars = f"bars: {level:.0%} bounds of the difference from the rest"
    title = f"{label}\n{bars}, for all of the figure together".strip()
    canvas.legend(
        handles=handles, loc="outside lower center", ncols=4, title=title, handlelength=1.6
    )
