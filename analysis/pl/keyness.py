"""Draw the words that set groups apart."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.groups import has_periods
from analysis.options import check_choices, check_options
from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.style import BLUE, BOLD, DOUBLE, INK, NEUTRAL, PAGE, fitted
from analysis.results import count
from analysis.tl.keyness import Keyness
from analysis.wording import names_of, noun

_WORDS = 0.8  # inches for words beside a panel
SAVED = 20  # words of a group in the figure's table
_PANELS, _PERIODS, _MOST = 8, 12, 20  # panels of outlets, of weeks, and that a page holds


def keyness(
    result: Keyness,
    *,
    ax: Axes | Sequence[Axes] | None = None,
    groups: Sequence[str] | None = None,
    top: int = 8,
    label_by: str = "label",
) -> Figure:
    """The words that set each group apart, by how surely, in one panel a group.

    Points beyond the line are filled: chance gives no such word in any group. Behind a point: how
    often the group uses the word, and how many times the odds of the others.

    Parameters
    ----------
    result : Keyness
    ax : Axes or sequence of Axes, optional
        One for each group; a new figure if not given.
    groups : sequence of str, optional
        Those to draw, at most 20. If not given, the 8 (of days, weeks or months 12) that have the
        most words beyond chance, then the strongest word.
    top : int
        Words of each group.
    label_by : str
        The column of `result.groups` that names the panels.

    Returns
    -------
    Figure
        Its table holds the 20 strongest words of every group.

    Raises
    ------
    OptionError
        If a group is not in the result, or there are too few axes.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.keyness(tw.tl.keyness(tw.load("amnesty2024")))
    Figure(name='keyness')
    """
    check_options(top=top)
    if groups is not None:
        check_choices("groups", groups, result.group_names)
    assert result.groups is not None, "a result of groups"
    described = result.groups.set_index("group")
    timed = has_periods(result.groups)
    shown = _shown(result, described, timed) if groups is None else list(groups)[:_MOST]
    n, subtitle = len(shown), _subtitle(result, len(shown))
    columns = 4 if n > 6 else min(max(n, 1), 3)
    room = (DOUBLE / columns - _WORDS) / BOLD
    named = described[label_by]
    if timed and label_by == "label":
        named = names_of(result.groups, result.params["by"])
    heads = fitted([str(named[g]).removeprefix("the ") for g in shown], room)
    rows = math.ceil(max(n, 1) / columns)
    height = min(0.55 + 0.155 * top, (PAGE - 1.1) / rows)
    with panels(
        ax,
        max(n, 1),
        columns=columns,
        height=height,
        title=result.finding,
        subtitle=subtitle,
        extra=0.3 * bool(n),
    ) as axes:
        strongest = result.table[result.table["group"].isin(shown)]["z"].max()
        for panel, group, head in zip(axes, shown, heads):
            _draw(result, group, panel, top, strongest)
            panel.set_title(head)
        if not shown:
            draw_nothing(axes[0], "No words were compared.")
        elif ax is None:
            _legend(axes[0].figure, result)
    more = {"chance": result.chance}
    return Figure(
        axes[0].figure, "keyness", result, _strongest(result, SAVED), more, result.finding, subtitle
    )


def _strongest(result: Keyness, top: int) -> pd.DataFrame:
    return result.table.groupby("group", sort=False).head(top)


def _shown(result: Keyness, described: pd.DataFrame, timed: bool) -> list[str]:
    """The groups that are drawn: the foremost, days and weeks in their order."""
    if not timed:
        return result.foremost[:_PANELS]
    dated = [group for group in result.foremost if pd.notna(described.loc[group, "period"])]
    return sorted(dated[:_PERIODS], key=lambda group: described.loc[group, "period"])


def _subtitle(result: Keyness, n: int) -> str:
    """What is compared, how, and what is not drawn."""
    params, of = result.params, len(result.group_names)
    one, several = noun(result.params["by"])
    assert result.groups is not None
    words = "words, names left out," if not params["names"] else "words"
    n_articles = count(int(result.groups["n_articles"].sum()), "article")
    said = (
        f"{params['n_words_tested']:,} {words} of {n_articles}; behind a point: how often, and how"
        f" many times the odds of {_rest(result)}."
    )
    more = []
    if params["unit"] == "sentence" and params["by"] != "article_id":
        more.append("with so few articles, a word may be what a single one is about")
    if n < of:
        more.append(f"{n} of {of} {several} shown, those with most such words")
    if params["not_tested"] and params["unit"] == "article":
        more.append(f"{count(params['not_tested'], one, several)} of under six articles not tested")
    said_more = "; ".join(more)
    return f"{said} {said_more[0].upper()}{said_more[1:]}." if more else said


def _rest(result: Keyness) -> str:
    background = result.params["against"] == "background"
    return "the background" if background else f"all other {noun(result.params['by'])[1]}"


def _draw(result: Keyness, group: str, ax: Axes, top: int, strongest: float) -> None:
    table = result.table[(result.table["group"] == group) & (result.table["z"] > 0)].head(top)
    passes, y = result.beyond_chance[table.index].to_numpy(), np.arange(len(table))
    for part, colour, face in ((passes, BLUE, BLUE), (~passes, NEUTRAL, "white")):
        rows = table[part]
        if rows.empty:
            continue
        ax.hlines(y[part], 0, rows["z"], color=colour, linewidth=0.8)
        ax.plot(rows["z"], y[part], "o", color=colour, markersize=4, markerfacecolor=face)
    for place, row in zip(y, table.itertuples()):
        times = np.exp(row.log_odds)
        said = "over 99×" if times > 99 else f"{times:.{1 if times < 9.95 else 0}f}×"
        ax.annotate(
            f"{row.count:,} ({said})",
            (row.z, place),
            (4, 0),
            textcoords="offset points",
            va="center",
            color="#444444",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.3},
        )
    if table.empty:
        ax.annotate("no word more often", (0.05, 0), xycoords=("axes fraction", "data"))
    ax.axvline(result.threshold, color=INK, linewidth=0.7, linestyle=(0, (3, 2)), zorder=0)
    ax.set_yticks(y, fitted(table["term"], _WORDS))
    ax.tick_params(axis="y", length=0)
    ax.set_ylim(top - 0.4, -0.6)
    ax.set_xlim(0, max(strongest, result.threshold, 1) * 1.75)
    ax.xaxis.set_major_locator(MaxNLocator(3, integer=True))


def _legend(canvas, result: Keyness) -> None:
    """What is filled, and what the line is."""
    params = result.params
    if params["unit"]:
        line = (
            f"in {params['level']:.0%} of corpora with {params['unit']}s exchanged, no word of any"
            f" {noun(result.params['by'])[0]} passes this line"
        )
    else:
        line = "Bonferroni's threshold: nothing could be exchanged here"
    looks = (
        {"marker": "o", "color": BLUE, "linestyle": "-", "label": "beyond chance"},
        {
            "marker": "o",
            "color": NEUTRAL,
            "markerfacecolor": "white",
            "linestyle": "-",
            "label": "within chance",
        },
        {"color": INK, "linestyle": (0, (3, 2)), "linewidth": 0.7, "label": line},
    )
    handles = [Line2D([], [], markersize=4, **look) for look in looks]
    title = f"from the left: how surely the word is used more than by {_rest(result)} (z)"
    canvas.legend(
        handles=handles, loc="outside lower center", ncols=3, handlelength=1.8, title=title
    )
