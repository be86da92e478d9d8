"""Draw what the actors are called."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.options import check_choice, check_options
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, ORANGE, legend_below, note, wrapped
from analysis.results import count
from analysis.tl.labels import Labels, ranked_labels

TOP, WIDEST, _LONGEST = 24, 18, 30  # labels, groups, letters of a label
_ROW, _AROUND = 0.17, 2.0  # inches: a label's, and what stands above and below all
DOTS: dict[bool, dict[str, Any]] = {  # own words, quoted words
    False: {
        "markersize": 4.5,
        "markerfacecolor": BLUE,
        "markeredgecolor": BLUE,
        "markeredgewidth": 0,
    },
    True: {
        "markersize": 7,
        "markerfacecolor": "none",
        "markeredgecolor": ORANGE,
        "markeredgewidth": 1.1,
    },
}


def labels(
    result: Labels, *, actor: str | None = None, top: int = TOP, ax: Axes | None = None
) -> Figure:
    """A dot for each label that a group uses, with the count where it is above 1.

    Filled dots are the group's own words, rings are words in quotation marks, a ring around a dot
    is both. Labels are listed by actor, the most used first; a label in bold passes the corrected
    test in some group.

    Parameters
    ----------
    result : Labels
    actor : str, optional
        One actor of the codebook; all if not given.
    top : int
        Labels shown, at least 1; the others are counted below the figure.
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Raises
    ------
    OptionError
        If an option has a value that is not allowed.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.labels(tw.tl.labels(tw.load("amnesty2024"), by="article_id"))
    Figure(name='labels')
    """
    check_options(top=top)
    uses = result.uses
    if actor is not None:
        check_choice("actor", actor, list(dict.fromkeys(uses["actor"])))
        uses = uses[uses["actor"] == actor]
    table = result.uses.drop(columns=["start", "end", "sentence"])
    ranked = ranked_labels(uses)
    shown, left_out = ranked.head(top), ranked.iloc[top:]
    n_rows = min(TOP + 4, len(ranked) + uses["actor"].nunique())
    with one_axes(ax, DOUBLE, _AROUND + _ROW * n_rows) as ax:
        if uses.empty:
            draw_nothing(ax, result.finding)
            return Figure(ax.figure, "labels", result, table)
        groups = list(dict.fromkeys(uses["group"]))
        busiest = uses.groupby("group")["count"].sum().sort_values(ascending=False, kind="stable")
        columns = [group for group in groups if group in busiest.index[:WIDEST]]
        y, places = 0.0, {}
        for name in dict.fromkeys(shown["actor"]):
            ax.text(
                -0.02,
                y,
                name.replace("_", " "),
                transform=ax.get_yaxis_transform(),
                ha="right",
                va="center",
                fontweight="bold",
            )
            for label in shown.loc[shown["actor"] == name, "label"]:
                y += 1
                places[name, label] = y
            y += 1.3
        _draw_dots(ax, uses, places, columns)
        _draw_axes(ax, result, places, columns, bottom=y)
        ax.set_title(wrapped(result.finding_of(actor), DOUBLE * 0.85))
        handles = [Line2D([], [], linestyle="none", marker="o", **dot) for dot in DOTS.values()]
        legend_below(ax, handles, ["in its own words", "in quotation marks"], below=0.08)
        missing = []
        if len(left_out):
            n_uses = count(int(left_out["n"].sum()), "use")
            missing.append(f"{count(len(left_out), 'more label')} ({n_uses})")
        if len(groups) > len(columns):
            missing.append(count(len(groups) - len(columns), "more group"))
        if missing:
            note(ax, f"Not shown: {' and '.join(missing)}.", width=DOUBLE, below=0.3)
    return Figure(ax.figure, "labels", result, table)


def _draw_dots(ax: Axes, uses, places: dict, columns: list[str]) -> None:
    counts = uses.groupby(["actor", "label", "group", "quoted"], sort=False)["count"].sum()
    total: dict[tuple, int] = {}
    for (actor, label, group, quoted), n in counts.items():
        if (actor, label) in places and group in columns:
            place = columns.index(group), places[actor, label]
            total[place] = total.get(place, 0) + n
            ax.plot(*place, "o", **DOTS[quoted])
    for place, n in total.items():
        if n > 1:
            ax.annotate(
                str(n),
                place,
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                ha="left",
                fontsize=7,
                color=INK,
            )


def _draw_axes(ax: Axes, result: Labels, places: dict, columns: list[str], bottom: float) -> None:
    passing = result.table[result.table["p_holm"] <= 0.05]
    sure = set(zip(passing["actor"], passing["label"]))
    shortened = [
        label if len(label) <= _LONGEST else label[: _LONGEST - 1] + "…" for _, label in places
    ]
    ax.set_yticks(list(places.values()), shortened)
    for text, key in zip(ax.get_yticklabels(), places):
        text.set_fontweight("bold" if key in sure else "normal")
    ax.set_xticks(range(len(columns)), columns, rotation=35, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(bottom - 0.8, -0.8)
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.grid(axis="both", color="#ececec", linewidth=0.5)
    ax.set_axisbelow(True)
