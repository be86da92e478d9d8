"""Draw clusters: who is framed alike and what sets them apart, what merges rest on, and topic."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import PercentFormatter

from analysis.pl.figure import Figure, chosen_kind, draw_nothing, head_lines, one_axes
from analysis.pl.profile import COLOURS
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, fitted, legend_below, look_of, wrapped
from analysis.results import count
from analysis.tl._trees import MEMBERS
from analysis.tl.clusters import Clusters
from analysis.wording import listed

CLUSTER_FIGURES = ("tree", "merges", "topic")
MOST_DRAWN = 20  # groups
MOST_MERGES = 12
_SAID, _FIRST = 4, 4  # things that set a group apart; names of what a merge joins
# inches from the left: the tree's end, the names, what sets apart, the right edge
_TREE, _NAMES, _TEXT, _EDGE = 1.6, 1.8, 3.8, 7.0
_LINE, _GAP, _LETTER = 0.125, 0.075, 0.06  # inches
_BAND, _WEAK = "#e8f1f8", "#444444"


def clusters(result: Clusters, *, kind: str | None = None, ax: Axes | None = None) -> Figure:
    """Groups or articles that are framed alike, and what sets each apart.

    Of more than twenty those that come together most surely are drawn.

    Parameters
    ----------
    result : Clusters
    kind : {"tree", "merges", "topic"}, optional
        "tree": the groups in the order of the dendrogram, stable clusters in blue, and beside each
        what sets it apart from all others. "merges": each block's share in the distance that a
        merge bridges, the last twelve merges from above. "topic": the tree of the profiles facing
        that of the words alone.
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Raises
    ------
    OptionError
        If `kind` is not one of these.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.clusters(tw.tl.clusters(tw.load("amnesty2024")), kind="merges")
    Figure(name='clusters_merges')
    """
    kind, n = chosen_kind(kind, CLUSTER_FIGURES), len(result.table)
    kept = _shown(result)
    rows = _rows(result, kept) if kind == "tree" else []
    height, table = {
        "tree": (0.75 + sum(row["height"] for row in rows), result.table),
        "merges": (1.35 + 0.24 * min(n - 1, MOST_MERGES), result.contributions),
        "topic": (1.0 + 0.2 * len(kept), result.topic),
    }[kind]
    title, subtitle = result.finding_of(kind), _subtitle(result, kind, len(kept))
    lines = head_lines(title, subtitle)
    with one_axes(ax, DOUBLE, height + 0.13 * lines, title=title, subtitle=subtitle) as ax:
        if kind == "tree":
            _tree(ax, result, kept, rows)
        elif kind == "merges":
            _merges(ax, result)
        else:
            _topic(ax, result, kept)
    name = "clusters" if kind == CLUSTER_FIGURES[0] else f"clusters_{kind}"
    more = {
        "tree": {"apart": result.apart, "nearest": result.nearest, "tests": result.tests},
        "merges": {"steps": result.merges},
    }.get(kind, {})
    return Figure(ax.figure, name, result, table, more, title=title, subtitle=subtitle)


def _subtitle(result: Clusters, kind: str, n_shown: int) -> str:
    n, n_articles = len(result.table), int(_groups(result)["n_articles"].sum())
    blocks = listed([block.replace("_", " ") for block in result.params["blocks"]], 9)
    by_article = result.noun == "article"
    of = count(n, "article") if by_article else f"{count(n, result.noun)}, {n_articles:,} articles"
    if kind == "merges":
        return f"Of each join, from the last one: how much each block of the profiles adds. {of}."
    if kind == "topic":
        far = result.tests.set_index("test").loc["topic: distances"]
        said = f" Rank correlation of distances {far['value']:.2f} (p {far['p']:.2g})."
        known = "" if np.isnan(far["value"]) else said
        return f"Left, by framing; right, by words alone; {of}.{known}"
    taken = "" if by_article and not result.params["within"] else "; stories and topics taken out"
    shown = f"; the {n_shown} that come together most surely are drawn" * (n_shown < n)
    units = "sentences" if by_article else "articles"
    least = f"{100 * result.params['stable']:.0f} or more"
    stable = (result.table["size"] > 1).any()
    bold = "; black: the surest pair" * (not stable and n > 2 and result.surest_pair is not None)
    return (
        f"Profiles of {blocks}{taken}. {of}{shown}. Numbers: in how many of 100 resamples of"
        f" {units} exactly these come together; blue: in {least}{bold}."
    )


def _groups(result: Clusters) -> pd.DataFrame:
    assert result.groups is not None, "made by `tl.clusters`"
    return result.groups.set_index("group")


def _shown(result: Clusters) -> list[int]:
    """The groups that are drawn, by number: of stable clusters first, then the surest pairs."""
    table, sure = result.table, result.sureness.to_numpy()
    pair = result.surest_pair
    if pair is not None:  # which the title may name
        sure = np.where(table["group"].isin(pair["members"].split(MEMBERS)), 1, sure)
    alone = (table["size"] == 1).to_numpy()
    order = np.lexsort((np.arange(len(table)), -sure, table["cluster"] * ~alone, alone))
    return sorted(order[:MOST_DRAWN].tolist())


def _pruned(merges: pd.DataFrame, kept: list[int], n: int) -> pd.DataFrame:
    """The steps that join drawn groups, and whether nothing is left out of what each joins."""
    node: dict[int, int | None] = {i: i if i in set(kept) else None for i in range(n)}
    inside = dict.fromkeys(kept, 1)
    steps = []
    for step in merges.itertuples():
        sides = [side for side in (node[step.left], node[step.right]) if side is not None]
        node[step.merge] = sides[0] if sides else None
        if len(sides) == 2:
            node[step.merge] = step.merge
            inside[step.merge] = inside[sides[0]] + inside[sides[1]]
            whole = inside[step.merge] == step.size
            steps.append((step.Index, step.merge, *sides, step.height, whole))
    columns = ["row", "merge", "left", "right", "height", "whole"]
    return pd.DataFrame(steps, columns=columns)


def _names(result: Clusters, kept: list[int], width: float) -> list[str]:
    groups = _groups(result).loc[result.table["group"].iloc[kept]]
    whole, short = result.labels[groups.index].tolist(), groups["label"].astype(str).tolist()
    if result.noun == "article":  # an outlet's name is cut, its day is not
        outlets = groups["outlet"].astype(str)
        short = [o if o and s.startswith(o) else s for o, s in zip(outlets, short)]
    ends = [name.removeprefix(label) for name, label in zip(whole, short)]  # days and periods
    if result.noun != "article":
        ends = [f"{end} ({n:,})" for end, n in zip(ends, groups["n_articles"])]
    if groups["period"].isna().all() and result.noun != "article":
        letters = _LETTER * max(map(len, ends))
        return [name + end for name, end in zip(fitted(short, width - letters), ends)]
    # the same name stands in several rows, each with its day or period
    parts = zip(short, ends)
    return [fitted([name], width - _LETTER * len(end))[0] + end for name, end in parts]


def _rows(result: Clusters, kept: list[int]) -> list[dict[str, Any]]:
    """What is written from above: a heading for each stable cluster, then its groups."""
    table = result.table.iloc[kept].assign(
        number=kept, name=_names(result, kept, _TEXT - _NAMES - 0.1)
    )
    rows, width = [], _EDGE - _TEXT
    before = 0
    for one in table.sort_values("place").itertuples():
        several = one.size > 1
        if several and one.cluster != before:
            says = result.says(cluster=one.cluster)[:_SAID]
            share = round(100 * one.stability)
            text = ": ".join(filter(None, [f"Together in {share} of 100", ", ".join(says)]))
            rows.append(_row(-1, "", wrapped(text, width), one.cluster))
        before = one.cluster if several else 0
        says = result.says(group=one.group)
        if several:
            says = [s for s in says if s not in result.says(cluster=one.cluster)]
        text = wrapped(", ".join(says[:_SAID]), width, title=False)
        rows.append(_row(one.number, one.name, text, before))
    return rows


def _row(number: int, name: str, text: str, cluster: int) -> dict[str, Any]:
    height = _LINE * (text.count("\n") + 1) + _GAP
    return {"number": number, "name": name, "text": text, "cluster": cluster, "height": height}


def _tree(ax: Axes, result: Clusters, kept: list[int], rows: list[dict[str, Any]]) -> None:
    top = np.r_[0, np.cumsum([row["height"] for row in rows])]
    place, colour = {}, _groups(result)["colour"]
    for start, end, row in zip(top, top[1:], rows):
        if row["cluster"]:
            box = Rectangle((_NAMES - 0.14, start), _EDGE - _NAMES + 0.14, end - start)
            box.set(facecolor=_BAND, edgecolor="none", zorder=0)
            ax.add_patch(box)
        middle = (start + end) / 2
        heading = row["number"] < 0
        if not heading:
            place[row["number"]] = middle
            look, marker = look_of(int(colour[result.table["group"].iloc[row["number"]]]))
            ax.plot(_NAMES - 0.06, middle, marker, color=look, markersize=3.5)
            ax.text(_NAMES + 0.04, middle, row["name"], va="center")
        ax.text(
            _TEXT,
            middle,
            row["text"],
            va="center",
            color=BLUE if heading else INK,
            fontweight="bold" if heading else "normal",
            linespacing=1.1,
        )
    ax.text(_NAMES + 0.04, -0.08, _heads(result), va="bottom", color=_WEAK, fontstyle="italic")
    says = (
        "what sets it apart from all others"
        if len(result.apart)
        else ("(nothing sets one of them reliably apart from the others)")
    )
    ax.text(_TEXT, -0.08, says, va="bottom", color=_WEAK, fontstyle="italic")
    _dendrogram(ax, result, kept, place)
    ax.set_xlim(0, _EDGE + 0.05)
    ax.set_ylim(top[-1], -0.22)
    ax.set_axis_off()


def _heads(result: Clusters) -> str:
    return "article" if result.noun == "article" else f"{result.noun} (articles)"


def _dendrogram(ax: Axes, result: Clusters, kept: list[int], place: Mapping[int, float]) -> None:
    """The tree from its root at the left, with how sure stable clusters and nearest pairs are."""
    merges, n = result.merges, len(result.table)
    steps = _pruned(merges, kept, n)
    stable = {
        MEMBERS.join(part["group"])
        for _, part in result.table[result.table["size"] > 1].groupby("cluster")
    }
    top = max(merges["height"].max(), 1e-9) * 1.04
    held = merges["members"].isin(stable).to_numpy()[steps["row"]]
    within = np.zeros(len(steps), bool)
    for i, step in enumerate(steps.itertuples()):
        members = set(merges["members"].iloc[step.row].split(MEMBERS))
        within[i] = any(members <= set(one.split(MEMBERS)) for one in stable)
    # what the title names where nothing is stable
    surest = None if stable else result.surest_pair
    named = None if surest is None else int(surest["merge"])
    bold = within | (steps["merge"] == named).to_numpy()
    ends = _draw_tree(ax, steps, place, within, bold, lambda height: _TREE * (1 - height / top))
    for step, is_held, inside in zip(steps.itertuples(), held, within):
        pair = step.left < n and step.right < n
        best = named is not None and step.merge == named
        if step.whole and len(steps) > 1 and (is_held or (pair and not inside)):
            x, y = ends[step.merge]
            ax.text(
                x - 0.03,
                y - 0.02,
                f"{100 * merges['stability'].iloc[step.row]:.0f}",
                ha="right",
                va="bottom",
                color=BLUE if is_held else INK if best else _WEAK,
                fontweight="bold" if is_held or best else "normal",
            )


def _draw_tree(ax: Axes, steps: pd.DataFrame, place: Mapping[int, float], blue, bold, x) -> dict:
    """Lines of a dendrogram; where each merge ends. `x` gives the place of a height."""
    ends = {leaf: (x(0.0), at) for leaf, at in place.items()}
    for step, held, strong in zip(steps.itertuples(), blue, bold):
        line: dict[str, Any] = {
            "color": BLUE if held else INK if strong else NEUTRAL,
            "linewidth": 1.5 if strong else 0.8,
        }
        sides, here = [ends[step.left], ends[step.right]], x(step.height)
        for there, at in sides:
            ax.plot([there, here], [at, at], **line)
        ax.plot([here] * 2, [at for _, at in sides], **line)
        ends[step.merge] = here, (sides[0][1] + sides[1][1]) / 2
    return ends


def _merges(ax: Axes, result: Clusters) -> None:
    merges = result.merges.iloc[::-1][:MOST_MERGES]
    shares = result.contributions.pivot(index="merge", columns="block", values="share")
    shares = shares.reindex(merges["merge"]).fillna(0)
    if not shares.to_numpy().any():
        draw_nothing(ax, "All have the same profile")
        return
    blocks = [b for b in COLOURS if b in shares]
    left = np.zeros(len(merges))
    for i, block in enumerate(blocks):
        ax.barh(
            range(len(merges)),
            shares[block],
            left=left,
            color=COLOURS[block],
            label=block.replace("_", " "),
            hatch=(None, "////", None, "....", None, "xxxx")[
                i % 6
            ],  # next to each other some colours are alike in grey
            height=0.72,
            edgecolor="white",
            linewidth=0.6,
        )
        left += shares[block].to_numpy()
    names = [
        _members(step.members, len(result.table), result.labels) for step in merges.itertuples()
    ]
    ax.set_yticks(range(len(merges)), fitted(names, 2.6))
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, 0))
    ax.set_xlabel("share of the squared distance that the merge bridges")
    legend_below(ax, below=0.42, ncols=min(len(blocks), 5))


def _members(members: str, n: int, labels: pd.Series) -> str:
    names = members.split(MEMBERS)
    if len(names) == n:
        return f"all {n}"
    return " + ".join(labels[names[:_FIRST]]) + " …" * (len(names) > _FIRST)


def _topic(ax: Axes, result: Clusters, kept: list[int]) -> None:
    n = len(result.table)
    order = sorted(kept, key=lambda i: result.table["place"].iloc[i])
    framing = {number: float(place) for place, number in enumerate(order)}
    steps = _pruned(result.merges, kept, n), _pruned(result.topic, kept, n)
    topic = _facing(steps[1], framing)
    names = _names(result, kept, 1.75)
    for number, name in zip(kept, names):
        ax.plot([0.455, 0.545], [framing[number], topic[number]], color=NEUTRAL, linewidth=0.7)
        ax.text(0.45, framing[number], name, ha="right", va="center")
        ax.text(0.55, topic[number], name, ha="left", va="center")
    for part, place, left in ((steps[0], framing, True), (steps[1], topic, False)):
        top = max(part["height"].max(), 1e-9) * 1.03

        def x(height: float, left=left, top=top) -> float:
            return 0.19 * (1 - height / top) if left else 0.81 + 0.19 * height / top

        plain = np.zeros(len(part), bool)
        _draw_tree(ax, part, place, plain, plain, x)
    ax.set_xlim(0, 1)
    ax.set_ylim(len(kept) - 0.5, -1.3)
    ax.set_axis_off()
    ax.text(0.0, -0.8, "framing", ha="left", va="bottom", fontweight="bold")
    ax.text(1.0, -0.8, "words", ha="right", va="bottom", fontweight="bold")


def _facing(steps: pd.DataFrame, beside: dict[int, float]) -> dict[int, float]:
    """Places of a tree's leaves, its branches turned to stand near another order."""
    leaves = {i: [i] for i in beside}
    for step in steps.itertuples():
        sides = leaves[step.left], leaves[step.right]
        first, second = sorted(sides, key=lambda side: np.mean([beside[i] for i in side]))
        leaves[step.merge] = first + second
    last = leaves[steps["merge"].iloc[-1]] if len(steps) else list(beside)
    return {leaf: float(place) for place, leaf in enumerate(last)}
