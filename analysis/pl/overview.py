"""Draw what a corpus holds."""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.groups import PERIODS, has_periods
from analysis.pl._overview_time import draw_over_time
from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS, draw_marks, marks_legend
from analysis.pl.style import INK, NEUTRAL, fitted
from analysis.results import count
from analysis.tl.overview import Overview
from analysis.wording import noun

_OTHERS = "\x1f others"
_SAID = {
    "quoted": "words\nquoted",
    "masked": "words\nmasked",
    "crediting": "articles with\nagency credit",
}
_NOTHING = {
    "masked": "nothing is masked",
    "crediting": "no article credits an agency",
    "quoted": "nothing is quoted",
}
_NAMES, _ROW = 1.5, 0.23  # inches


def overview(
    result: Overview, *, label_by: str = "label", ax: Axes | Sequence[Axes] | None = None
) -> Figure:
    """Articles of each group over time, beside their words, and how much is not the outlet's own.

    Bars of one row have the height of the number of articles, in one scale for all rows. A share is
    filled where it differs from that of all other groups together. With periods
    (``by=["outlet", "week"]``): words of each week, a panel a group.

    Parameters
    ----------
    result : Overview
    label_by : str
        The column of `result.groups` that names the rows.
    ax : Axes, or a sequence of them, one for each column, optional
        As many columns as there are axes, from the left; a new figure if not given.

    Returns
    -------
    Figure
        Its table is the result's; `shares` and `weeks` are saved beside it.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.overview(tw.tl.overview(tw.load("amnesty2024")))
    Figure(name='overview')
    """
    groups = result.groups
    assert groups is not None, "a result of groups"
    parts = dict(iter(result.shares.groupby("what", sort=False)))
    empty = [what for what, rows in parts.items() if not rows["share"].any()]
    subtitle = _subtitle(result, empty)
    more = {"shares": result.shares, "weeks": result.weeks}
    if has_periods(groups):
        period = str(result.params["period"])
        drawn, subtitle = draw_over_time(
            result, period, _noun(result), result.finding, subtitle, ax
        )
        return Figure(
            drawn[0].figure, "overview", result, result.table, more, result.finding, subtitle
        )
    rows = _rows(result, label_by)
    names = fitted(rows["label"], _NAMES)
    dated = not result.weeks.empty
    shares = [what for what in parts if what not in empty]
    first = ["weeks"] if dated else ["articles"] * (result.params["by"] != "article_id")
    columns = [*first, "words", *shares]
    widths = [{"weeks": 2.3}.get(column, 1.0) for column in columns]
    given = None if ax is None else np.ravel(np.asarray(ax, object)).tolist()[: len(columns)]
    with panels(
        given,
        len(columns) if given is None else len(given),
        columns=len(columns),
        height=0.62 + _ROW * len(rows),
        title=result.finding,
        subtitle=subtitle,
        extra=0.3,
    ) as axes:
        if given is None:
            grid = axes[0].get_gridspec()
            assert grid is not None, "a new figure has a grid"
            grid.set_width_ratios(widths)
        for place, (panel, column) in enumerate(zip(axes, columns)):
            if rows.empty:
                draw_nothing(panel, "There are no articles.")
            elif column == "weeks":
                _draw_weeks(panel, result, rows)
            elif column in ("articles", "words", "masked"):
                _draw_bars(panel, rows, column)
            else:
                _draw_share(panel, rows, parts[column], column)
            panel.set_ylim(len(rows) - 0.5, -0.5)
            panel.set_yticks(np.arange(len(rows)), names)
            panel.tick_params(axis="y", length=0, labelleft=place == 0)
        if given is None and {*shares} - {"masked"} and len(rows) > 1:
            marks_legend(axes[0].figure, result.params["level"], _noun(result))
    return Figure(axes[0].figure, "overview", result, result.table, more, result.finding, subtitle)


def _subtitle(result: Overview, empty: list[str]) -> str:
    """What is drawn, how often, and what is not there."""
    table, period = result.table, result.params["period"]
    timed = has_periods(_groups(result))
    words = count(int(table["n_words"].sum()), "word")
    said = [f"{words} in {count(len(result.articles), 'article')}"]
    if result.params["by"] != "article_id" and period and not timed:
        said.append(f"bars: articles a {period}, one scale for all rows")
    undated = int(table["n_undated"].sum())
    if undated and period and not timed:
        dateless = f"{count(undated, 'article')} without a date {'is' if undated == 1 else 'are'}"
        said.append(f"{dateless} in the numbers, not in the bars")
    return "; ".join([*said, *(_NOTHING[what] for what in empty)]) + "."


def _noun(result: Overview) -> tuple[str, str]:
    others = [unit for unit in str(result.params["by"]).split(" · ") if unit not in PERIODS]
    return noun(" · ".join(others))


def _groups(result: Overview) -> pd.DataFrame:
    assert result.groups is not None, "a result of groups"
    return result.groups.set_index("group")


def _rows(result: Overview, label_by: str) -> pd.DataFrame:
    """At most 20 rows, those with most articles, and the others pooled in one."""
    groups = _groups(result)
    rows = result.table.set_index("group")
    rows = rows.assign(label=groups[label_by], series=groups["series"])
    order = ["n_articles", "n_words"]
    if result.params["by"] == "article_id":
        first = result.weeks[result.weeks["n_articles"] > 0].groupby("series")["period"].min()
        rows["first"] = first.reindex(rows["series"]).to_numpy()
        rows = rows.sort_values("first", kind="stable")
        order = ["n_articles"]
    rows = rows.sort_values(order, ascending=False, kind="stable")
    rows["members"] = [[name] for name in rows.index]
    if len(rows) <= FIGURE_ROWS:
        return rows
    kept, others = rows.iloc[: FIGURE_ROWS - 1], rows.iloc[FIGURE_ROWS - 1 :]
    pooled = others.select_dtypes("number").sum().astype(object)
    pooled["label"] = f"{count(len(others), *_noun(result))} more, together"
    pooled["members"] = others.index.tolist()
    return pd.concat([kept, pooled.to_frame(_OTHERS).T])


def _draw_weeks(ax: Axes, result: Overview, rows: pd.DataFrame) -> None:
    """A row of bars for each group, the number of its articles in all at the right."""
    weeks = result.weeks.pivot(index="series", columns="period", values="n_articles")
    series = _groups(result)["series"]
    drawn = [weeks.loc[series[members].unique()].sum().to_numpy() for members in rows["members"]]
    starts = pd.DatetimeIndex(weeks.columns)
    most = max(1, max(int(counts.max()) for counts in drawn))
    at = np.arange(len(starts))
    for y, counts in enumerate(drawn):
        there = counts > 0
        ax.axhline(y + 0.45, color="#dddddd", linewidth=0.5)
        tall = 0.85 * counts[there] / most
        ax.bar(at[there], -tall, 0.8, bottom=y + 0.45, color=INK, linewidth=0)
    total = [f"{int(n):,}" for n in rows["n_articles"]]
    for y, said in enumerate(total):
        ax.text(1.02, y, said, transform=ax.get_yaxis_transform(), va="center", ha="left")
    step = max(1, int(np.ceil(len(starts) / 4)))
    ticks = at[::step]
    ax.set_xticks(ticks, _dates(starts[ticks], result.params["period"]))
    ax.set_xlim(-0.7, len(starts) - 0.3)
    ax.spines["left"].set_visible(False)
    period = result.params["period"]
    ax.set_title(f"articles a {period}, and in all\n(tallest bar: {most:,})")


def _dates(starts: pd.DatetimeIndex, period: str) -> list[str]:
    if "year" in period:
        return [f"{d.year}" for d in starts]
    if period in ("month", "quarter"):
        return [
            f"{d:%b}\n{d.year}" if i == 0 or d.month == 1 else f"{d:%b}\n{d:%y}"
            for i, d in enumerate(starts)
        ]
    return [f"{d.day} {d:%b}" + (f"\n{d.year}" if i == 0 else "") for i, d in enumerate(starts)]


def _draw_bars(ax: Axes, rows: pd.DataFrame, column: str) -> None:
    """Bars with their number at the end; what is masked is a count, and no sample of anything."""
    if column == "masked":
        values = rows["masked_words"].to_numpy(float)
        values /= np.maximum(values + rows["n_words"].to_numpy(float), 1)
    else:
        values = rows[f"n_{column}"].to_numpy(float)
    y = np.arange(len(rows))
    ax.barh(y, values, 0.62, color=NEUTRAL, linewidth=0)
    for there, value in zip(y, values):
        ax.annotate(
            _number(value, column), (value, there), (2, 0), textcoords="offset points", va="center"
        )
    ax.set_xlim(0, max(values.max(), 0.1 if column == "masked" else 1) * 1.75)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.set_title(_SAID.get(column, f"{column}\n"))


def _number(value: float, column: str) -> str:
    if column != "masked":
        return f"{int(value):,}"
    return "under 1%" if 0 < value < 0.005 else f"{value:.0%}"


def _draw_share(ax: Axes, rows: pd.DataFrame, part: pd.DataFrame, what: str) -> None:
    """Points with intervals; that of the pooled row is of its sums."""
    of_words, of_articles = ("quoted_words", ["n_words"]), ("crediting", ["n_articles"])
    above, below = {"quoted": of_words, "crediting": of_articles}[what]
    drawn = part.set_index("group").reindex(rows.index)
    pooled = drawn.index == _OTHERS
    of = rows.loc[pooled, below].sum(axis=1).astype(float)
    drawn.loc[pooled, "share"] = rows.loc[pooled, above].astype(float) / of.where(of > 0)
    drawn["apart"] = [bool(a) if a == a else False for a in drawn["apart"]]
    drawn["label"] = rows["label"]
    draw_marks(ax, drawn, "share", False, False, True)
    ax.set_title(_SAID[what])
    reach = np.nanmax([*drawn["share"], *drawn["rest"]]) * 3
    right = min(max(np.nanmax([*drawn["joint_high"], *drawn["share"]]), 0.01), reach, 1.0)
    ax.set_xlim(-0.05 * right, 1.05 * right)  # marks at the ends are drawn whole
    ax.xaxis.set_major_locator(matplotlib.ticker.MaxNLocator(2))
    ax.xaxis.set_major_formatter(matplotlib.ticker.FuncFormatter(lambda at, _: f"{100 * at:g}%"))
