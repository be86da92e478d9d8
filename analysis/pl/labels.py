"""Draw what the actors are called."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.errors import OptionError
from analysis.pl.style import BLUE, DOUBLE, INK, ORANGE, legend_below, note, number, styled, wrapped
from analysis.tl.labels import Labels

TOP, WIDEST, LONGEST = 24, 18, 30
ROW, ABOVE, BELOW = 0.17, 1.25, 0.75


def _size(result: Labels) -> tuple[float, float]:
    return DOUBLE, ABOVE + BELOW + ROW * min(
        TOP + 4,
        len(result.uses[["actor", "label"]].drop_duplicates()) + result.uses["actor"].nunique(),
    )


@styled(_size)
def plot_labels(
    result: Labels, actor: str | None = None, *, top: int = TOP, ax: Axes | None = None
) -> Axes:
    """Labels by outlet (or whatever the groups are): a dot for each label that a group uses, with
    the count where it is above 1.

    Filled dots are the group's own words, rings are words in quotation marks, a ring around a dot
    is both. Labels are listed by actor, the most used first; a label in bold passes the corrected
    test in some group.

    Parameters
    ----------
    result : Labels
    actor : str, optional
        One actor of the codebook; all if not given.
    top : int
        Labels shown; the others are counted below the figure.
    """
    uses = result.uses
    if actor is not None:
        if actor not in set(uses["actor"]):
            raise OptionError(
                f"actor={actor!r} was given; allowed are those with labels:"
                f" {', '.join(dict.fromkeys(uses['actor']))}."
            )
        uses = uses[uses["actor"] == actor]
    if uses.empty:
        ax.set_axis_off()
        ax.set_title("No actor is called anything")
        return ax
    groups = list(dict.fromkeys(uses["group"]))
    busiest = uses.groupby("group")["count"].sum()
    shown_groups = [
        g
        for g in groups
        if g in set(busiest.sort_values(ascending=False, kind="stable").index[:WIDEST])
    ]
    order, left_out = _rows(uses, top)
    sure = {
        (a, label)
        for a, label, p in zip(result.table["actor"], result.table["label"], result.table["p_holm"])
        if p <= 0.05
    }
    y, places, ticks = 0.0, {}, []
    for name in dict.fromkeys(a for a, _ in order):
        ax.text(
            -0.02,
            y,
            name.replace("_", " "),
            transform=ax.get_yaxis_transform(),
            ha="right",
            va="center",
            fontweight="bold",
        )
        for key in (key for key in order if key[0] == name):
            y += 1
            places[key] = y
            ticks.append((y, key))
        y += 1.3
    counts = uses.groupby(["actor", "label", "group", "quoted"], sort=False)["count"].sum()
    column = {g: i for i, g in enumerate(shown_groups)}
    total: dict[tuple, int] = {}
    for (who, label, group, quoted), count in counts.items():
        if (who, label) in places and group in column:
            place = column[group], places[who, label]
            total[place] = total.get(place, 0) + count
            ax.plot(
                *place,
                "o",
                markersize=7 if quoted else 4.5,
                markerfacecolor="none" if quoted else BLUE,
                markeredgecolor=ORANGE if quoted else BLUE,
                markeredgewidth=1.1 if quoted else 0,
            )
    for (x, row), count in total.items():
        if count > 1:
            ax.annotate(
                str(count),
                (x, row),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                ha="left",
                fontsize=7,
                color=INK,
            )
    ax.set_yticks(
        [row for row, _ in ticks],
        [label if len(label) <= LONGEST else label[: LONGEST - 1] + "…" for _, (_, label) in ticks],
    )
    for text, (_, key) in zip(ax.get_yticklabels(), ticks):
        text.set_fontweight("bold" if key in sure else "normal")
    ax.set_xticks(
        range(len(shown_groups)), shown_groups, rotation=35, ha="left", rotation_mode="anchor"
    )
    ax.xaxis.tick_top()
    ax.set_xlim(-0.5, len(shown_groups) - 0.5)
    ax.set_ylim(y - 0.8, -0.8)
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)
    ax.spines["bottom"].set_visible(False)
    ax.grid(axis="both", color="#ececec", linewidth=0.5)
    ax.set_axisbelow(True)
    ax.set_title(wrapped(_title(uses, order), DOUBLE * 0.85))
    dots = [
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markersize=4.5,
            markerfacecolor=BLUE,
            markeredgewidth=0,
            label="in its own words",
        ),
        Line2D(
            [],
            [],
            linestyle="none",
            marker="o",
            markersize=7,
            markerfacecolor="none",
            markeredgecolor=ORANGE,
            label="in quotation marks",
        ),
    ]
    legend_below(ax, dots, [d.get_label() for d in dots], below=0.08)
    missing = (
        [number(left_out, "more label") + f" ({number(_n(uses, order), 'use')})"]
        if left_out
        else []
    ) + (
        [number(len(groups) - len(shown_groups), "more group")]
        if len(groups) > len(shown_groups)
        else []
    )
    if missing:
        note(ax, f"Not shown: {' and '.join(missing)}.", width=DOUBLE, below=0.3)
    return ax


def _rows(uses, top: int) -> tuple[list[tuple[str, str]], int]:
    """The labels that are shown, by actor: those used most, then by more groups."""
    ranked = (
        uses.groupby(["actor", "label"], sort=False)
        .agg(n=("count", "sum"), groups=("group", "nunique"))
        .reset_index()
    )
    ranked = ranked.sort_values(["n", "groups"], ascending=False, kind="stable")
    kept = ranked.head(top)
    actors = list(dict.fromkeys(kept["actor"]))
    order = [
        (a, label) for name in actors for a, label in zip(kept["actor"], kept["label"]) if a == name
    ]
    return order, len(ranked) - len(kept)


def _n(uses, order: list[tuple[str, str]]) -> int:
    """Uses of the labels that are not shown."""
    shown = set(order)
    return int(
        sum(
            count
            for a, label, count in zip(uses["actor"], uses["label"], uses["count"])
            if (a, label) not in shown
        )
    )


def _title(uses, order: list[tuple[str, str]]) -> str:
    """Who is called most differently, by which words."""
    labels = uses.groupby("actor", sort=False)["label"].nunique()
    who = labels.index[int(labels.to_numpy().argmax())]
    most = [f"“{label}”" for a, label in order if a == who][:3]
    n = int(uses["count"].sum())
    actor = who.replace("_", " ")
    if len(labels) > 1:
        lead = (
            f"{number(n, 'label')} for {number(len(labels), 'actor')}; {actor} has the most names"
        )
    else:
        lead = f"{actor} is called {number(int(labels.iloc[0]), 'name')} in {number(n, 'place')}"
    return f"{lead}: {', '.join(most)}" + (" …" if int(labels.max()) > len(most) else "")
