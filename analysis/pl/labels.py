"""Draw what the actors are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.groups import has_periods
from analysis.options import Whole, check_choice, check_option
from analysis.pl.figure import Figure, chosen_kind, draw_nothing, panels
from analysis.pl.rows import draw_groups
from analysis.pl.style import BLUE, INK, ORANGE, fitted
from analysis.results import count
from analysis.tl._names import named
from analysis.tl.labels import FEWEST_OF_FAMILY, MOST_LABELS, Labels, said_of, told
from analysis.wording import agreement, noun

LABEL_FIGURES = ("labels", "families")
WIDEST = 14  # columns
_ROW, _AROUND, _NAMES = 0.165, 1.05, 1.75  # inches: of a row, of heads and legend, of labels
_HEADS = 1.35  # inches that a group's name may be long
_REST = "\x1f others"
_BEYOND = "#fbe7b2"
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
    result: Labels,
    *,
    kind: str | None = None,
    actor: str | None = None,
    top: int = MOST_LABELS,
    label_by: str = "label",
    ax: Axes | None = None,
) -> Figure:
    """What each group calls the actors: the labels most used, or shares of families of labels.

    Labels that say nothing of the actor ("recent", "letting") are not drawn. Over time, families
    are drawn, or the number of uses where no family has five.

    Parameters
    ----------
    result : Labels
    kind : {"labels", "families"}
        "labels" draws a dot for each label that a group uses, with the number of uses where it is
        above 1: filled dots are the group's own words, rings are words in quotation marks. Labels
        are listed by actor, those beyond chance and the most used first; a tinted cell is beyond
        chance. "families" compares groups by the share of each family in the labels of one actor.
    actor : str, optional
        One actor of the codebook. If not given, all; of families the one who is called most.
    top : int
        Labels shown, from 1 to 20; the others are counted in the subtitle.
    label_by : str
        The column of `groups` that names them: "label", "group", or another.
    ax : Axes, or a sequence of them, optional
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
    kind = chosen_kind(kind, LABEL_FIGURES)
    check_option("top", top, Whole(1, MOST_LABELS))
    assert result.groups is not None, "labels have groups"
    if actor is not None:
        check_choice("actor", actor, list(result.names))
    uses = told(result.uses, actor)
    over_time = has_periods(result.groups)
    name = "labels" if kind == LABEL_FIGURES[0] else f"labels_{kind}"
    if uses.empty:
        with panels(ax, 1, columns=1, height=1.0, title="") as (axis,):
            draw_nothing(axis, result.finding_of(actor))
        return Figure(axis.figure, name, result, result.table, title=result.finding_of(actor))
    if kind == "families" or over_time:
        return _draw_families(result, name, uses, actor, label_by, ax)
    return _draw_labels(result, name, uses, actor, top, label_by, ax)


def _draw_families(
    result: Labels, name: str, uses: pd.DataFrame, actor: str | None, label_by: str, ax
) -> Figure:
    """Families of one actor's labels; uses of all labels where no family has enough."""
    who = actor or result.actor_of_families
    families = result.families[result.families["actor"] == who]
    there = families.groupby("family")["count"].sum()
    families = families[families["family"].isin(there.index[there >= FEWEST_OF_FAMILY])]
    called = named(who, result.names)
    subtitle = f"{said_of(uses[uses['actor'] == who])} for {called}"
    if families.empty:
        table = _numbers(result, uses)
        label = "uses"
        subtitle = f"Uses of all labels that say something of an actor: {said_of(uses)}."
        options: dict[str, Any] = {"panel": "actor", "panel_names": result.names, "summed": True}
    else:
        table, label = families, "share of all its labels"
        options = {"panel": "family", "percent": True}
        subtitle = f"Share of each family in what {called} is called: {subtitle}."
    return draw_groups(
        result,
        name,
        table,
        "uses" if families.empty else "share",
        label=label,
        noun=noun(result.params["by"]),
        title=result.of_families(who),
        subtitle=f"{subtitle} {agreement('labels')}".strip(),
        label_by=label_by,
        ax=ax,
        **options,
    )


def _numbers(result: Labels, uses: pd.DataFrame) -> pd.DataFrame:
    """Uses by actor and group, as a figure of groups takes them; without intervals."""
    sums = uses.groupby(["actor", "group"], sort=False)["count"].sum().rename("uses").reset_index()
    nothing = dict.fromkeys(["low", "high", "rest", "joint_low", "joint_high"], float("nan"))
    return sums.assign(**nothing, shrunk=sums["uses"], weight=sums["uses"], apart=False)


def _draw_labels(
    result: Labels, name: str, uses: pd.DataFrame, actor: str | None, top: int, label_by: str, ax
) -> Figure:
    groups, title = result.groups, result.finding_of(actor, top)
    assert groups is not None
    beyond, ranked = result.beyond(actor), result.foremost(actor)
    shown, left_out = ranked.head(top), ranked.iloc[top:]
    actors = shown.groupby("actor", sort=False)["n"].sum().sort_values(ascending=False)
    shown = pd.concat([shown[shown["actor"] == one] for one in actors.index])
    shown = shown.sort_values("n", ascending=False, kind="stable")
    using = groups[groups["group"].isin(uses["group"])]
    one = noun(result.params["by"])
    columns, heads = _columns(using, uses, list(dict.fromkeys(beyond["group"])), label_by, one)
    subtitle = f"{said_of(uses)}.".capitalize()
    if len(left_out):
        subtitle += f" Not drawn: {count(len(left_out), 'label')} ({int(left_out['n'].sum()):,}"
        subtitle += f" {'use' if left_out['n'].sum() == 1 else 'uses'})."
    if without := len(groups) - len(using):
        subtitle += f" {count(without, *one).capitalize()} call"
        subtitle += f"{'s' if without == 1 else ''} nobody anything."
    subtitle = f"{subtitle} {agreement('labels')}".strip()
    n_rows = len(shown) + len(actors)
    height = _AROUND + _HEADS * min(1, len(columns) / 3) * 0.6 + _ROW * n_rows
    table = result.table[result.table["telling"].astype(bool)]
    with panels(ax, 1, columns=1, height=height, title=title, subtitle=subtitle, extra=0.1) as (
        axis,
    ):
        places = _draw_names(axis, shown, list(actors.index), result.names)
        at = {group: columns[group if group in columns else _REST] for group in using["group"]}
        _draw_cells(axis, beyond, places, columns)
        _draw_dots(axis, uses, places, at)
        _finish(axis, places, heads)
        if ax is None:
            _legend(axis.figure, one, bool(len(beyond)))
    return Figure(axis.figure, name, result, table, title=title, subtitle=subtitle)


def _columns(
    groups: pd.DataFrame, uses: pd.DataFrame, first: list[str], label_by: str, one: tuple[str, str]
) -> tuple[dict[str, int], list[str]]:
    """The groups that have a column, and what stands above each.

    Where there are many these are the groups with something beyond chance, the surest first, then
    those with most uses.
    """
    most = set(groups["group"])
    if len(groups) > WIDEST:
        n = uses.groupby("group")["count"].sum().sort_values(ascending=False, kind="stable")
        most = set(list(dict.fromkeys([*first, *n.index]))[: WIDEST - 1])
    own = groups[groups["group"].isin(most)]
    columns = {group: i for i, group in enumerate(own["group"])}
    heads = fitted(own[label_by].astype(str), _HEADS)
    if left := len(groups) - len(own):
        columns[_REST] = len(own)
        heads.append(f"{left} more {one[left != 1]}")
    return columns, heads


def _draw_names(
    ax: Axes, shown: pd.DataFrame, actors: list[str], names: Mapping[str, str]
) -> dict[tuple[str, str], float]:
    """Write the actors and their labels, and give each label's place."""
    y, places = 0.0, {}
    for actor in actors:
        said = fitted([named(actor, names)], _NAMES)[0]
        ax.annotate(
            said,
            (0, y),
            xytext=(-4, 0),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            ha="right",
            va="center",
            fontweight="bold",
        )
        for label in shown.loc[shown["actor"] == actor, "label"]:
            y += 1
            places[actor, label] = y
        y += 1
    return places


def _draw_cells(ax: Axes, beyond: pd.DataFrame, places: dict, columns: Mapping[str, int]) -> None:
    for row in beyond.itertuples():
        if (row.actor, row.label) in places and row.group in columns:
            corner = columns[row.group] - 0.45, places[row.actor, row.label] - 0.45
            ax.add_patch(Rectangle(corner, 0.9, 0.9, color=_BEYOND, linewidth=0, zorder=0))


def _draw_dots(ax: Axes, uses: pd.DataFrame, places: dict, at: Mapping[str, int]) -> None:
    counts = uses.groupby(["actor", "label", "group", "quoted"], sort=False)["count"].sum()
    total: dict[tuple[int, float], int] = {}
    drawn = set()
    for (actor, label, group, quoted), n in counts.items():
        if (actor, label) in places:
            place = at[group], places[actor, label]
            total[place] = total.get(place, 0) + n
            if (place, quoted) not in drawn:
                ax.plot(*place, "o", **DOTS[quoted])
                drawn.add((place, quoted))
    for place, n in total.items():
        if n > 1:
            ax.annotate(
                str(n), place, xytext=(6, 0), textcoords="offset points", va="center", color=INK
            )


def _finish(ax: Axes, places: dict, heads: list[str]) -> None:
    different = list(dict.fromkeys(label for _, label in places))
    written = dict(zip(different, fitted(different, _NAMES)))
    ax.set_yticks(list(places.values()), [written[label] for _, label in places])
    ax.set_xticks(range(len(heads)), heads, rotation=35, ha="left", rotation_mode="anchor")
    ax.xaxis.tick_top()
    # few columns stand close together, at the left
    ax.set_xlim(-0.5, max(len(heads), 6) - 0.3)
    ax.set_ylim(max(places.values()) + 0.6, -0.7)
    ax.tick_params(length=0)
    ax.spines[["left", "bottom"]].set_visible(False)
    ax.grid(axis="both", color="#ececec", linewidth=0.5)
    ax.set_axisbelow(True)


def _legend(canvas, one: tuple[str, str], tinted: bool) -> None:
    handles: list = [
        Line2D([], [], linestyle="none", marker="o", label=said, **DOTS[quoted])
        for quoted, said in ((False, "in its own words"), (True, "in quotation marks"))
    ]
    if tinted:
        said = f"more often than in all other {one[1]}, beyond chance"
        handles.append(Patch(color=_BEYOND, label=said))
    title = "numbers: uses, where there are several"
    canvas.legend(handles=handles, loc="outside lower center", ncols=3, title=title)
