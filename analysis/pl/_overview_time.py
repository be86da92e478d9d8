"""Draw what a corpus holds over time: words a period of each series, and whose."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.pl.figure import panels
from analysis.pl.style import BLUE, DOUBLE, INK, PALE, fitted
from analysis.results import Result, count

OVERVIEW_SERIES = 12
_WIDTH = {"day": 0.8, "week": 5.6, "month": 24.0}  # days
_PARTS = (
    ("unquoted", PALE, "", "outside quotation marks"),
    ("quoted_words", BLUE, "", "in quotation marks"),
    ("masked_words", "white", "/////", "masked: no journalism"),
)


def draw_over_time(
    result: Result, period: str, noun: tuple[str, str], title: str, subtitle: str, ax
) -> tuple[list[Axes], str]:
    """Stacked bars of words in every period, a panel a series, in one scale.

    Parameters
    ----------
    result : Overview
        Of groups that have periods.
    period : str
        "day", "week" or "month".
    noun : (str, str)
        What one series and several are called.
    title, subtitle : str
    ax : Axes, or a sequence of them, or None

    Returns
    -------
    axes : list of Axes
    subtitle : str
    """
    groups = result.groups
    assert groups is not None, "a result of groups"
    table = result.table.assign(
        unquoted=result.table["n_words"] - result.table["quoted_words"],
        series=groups["series"].to_numpy(),
        period=groups["period"].to_numpy(),
    )
    dated = table[table["period"].notna()]
    undated = int(table.loc[table["period"].isna(), "n_articles"].sum())
    if undated:
        dateless = f"{count(undated, 'article')} without a date"
        subtitle = (
            f"{subtitle.rstrip('.')}; {dateless} {'is' if undated == 1 else 'are'} not drawn."
        )
    sizes = dated.groupby("series", sort=False)["n_articles"].sum()
    order = sizes.sort_values(ascending=False, kind="stable").index.tolist()
    n_own = len(order) if len(order) <= OVERVIEW_SERIES else OVERVIEW_SERIES - 1
    members = {name: [name] for name in order[:n_own]}
    if len(order) > n_own:
        members[f"{count(len(order) - n_own, *noun)} more, together"] = order[n_own:]
    columns = min(len(members), 3)
    numbers = [f"{int(sizes[mine].sum()):,}" for mine in members.values()]
    room = DOUBLE / columns - 0.45
    names = fitted([name or "All" for name in members], room - 0.55)
    ends = dated["period"].min(), dated["period"].max() + pd.Timedelta(days=_WIDTH[period])
    with panels(
        ax,
        len(members),
        columns=columns,
        height=1.35 if len(members) > 3 else 1.9,
        title=title,
        subtitle=subtitle,
        sharey=True,
        extra=0.25,
    ) as axes:
        top = 1
        for i, (axis, name, number) in enumerate(zip(axes, names, numbers)):
            mine = list(members.values())[i]
            rows = dated[dated["series"].isin(mine)].groupby("period")
            sums = rows[[part for part, *_ in _PARTS]].sum()
            top = max(top, int(sums.sum(axis=1).max()))
            below = 0 * sums["unquoted"]
            for part, colour, hatch, said in _PARTS:
                axis.bar(
                    sums.index,
                    sums[part],
                    _WIDTH[period],
                    bottom=below,
                    align="edge",
                    color=colour,
                    edgecolor=INK,
                    linewidth=0.4,
                    hatch=hatch,
                    label=said,
                )
                below = below + sums[part]
            axis.set_title(f"{name} ({number})")
            axis.set_xlim(ends[0] - (ends[1] - ends[0]) * 0.03, ends[1])
            locator = AutoDateLocator(minticks=2, maxticks=4)
            axis.xaxis.set_major_locator(locator)
            axis.xaxis.set_major_formatter(ConciseDateFormatter(locator))
            # all have one time: its days stand below the lowest
            axis.tick_params(labelbottom=ax is not None or i + columns >= len(axes))
            axis.yaxis.set_major_locator(MaxNLocator(3, integer=True))
            axis.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        for axis in axes:
            axis.set_ylim(0, top * 1.05)
        if ax is None:
            canvas = axes[0].figure
            canvas.supylabel(f"words a {period} (articles in all)", fontsize=7)
            handles, labels = axes[0].get_legend_handles_labels()
            canvas.legend(handles, labels, loc="outside lower center", ncols=3)
    return axes, subtitle
