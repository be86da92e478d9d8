"""Draw clusters: profiles with their dendrogram, what merges rest on, framing beside the words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from analysis.pl.figure import Figure, chosen_kind, draw_nothing, one_axes
from analysis.pl.profile import CELLS, COLOURS, TALLEST, draw_matrix
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, legend_below, note
from analysis.tl.clusters import Clusters

CLUSTER_FIGURES = ("tree", "merges", "topic")
TREE = 0.36  # share of the width
_NAMED = 60  # articles that leave room for their names
LABELLED = 20  # articles that leave room for a label at each merge
MOST_MERGES = 12


def clusters(result: Clusters, *, kind: str | None = None, ax: Axes | None = None) -> Figure:
    """Groups of articles with alike profiles.

    Parameters
    ----------
    result : Clusters
    kind : {"tree", "merges", "topic"}, optional
        "tree": the profiles in the order of the dendrogram, which stands on the left with each
        merge's stability and the block that makes most of it. "merges": each block's share in the
        distance that a merge bridges, the last twelve merges from above. "topic": the tree of the
        profiles facing that of the words alone.
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
    profile = result.profile.reset_index().merge(result.table, on="article_id")
    draw, height, pad, table = {
        "tree": (_tree, 2.2 + max(0.24 * n, 1.9), 16, profile),
        "merges": (_merges, 1.2 + 0.24 * min(n - 1, MOST_MERGES), None, result.contributions),
        "topic": (_topic, 1.3 + 0.2 * n, 22, result.topic),
    }[kind]
    with one_axes(ax, DOUBLE, min(height, TALLEST)) as ax:
        draw(ax, result)
        ax.set_title(result.finding_of(kind), pad=pad)
    name = "clusters" if kind == CLUSTER_FIGURES[0] else f"clusters_{kind}"
    more = {"tree": {"tests": result.tests}, "merges": {"steps": result.merges}}.get(kind, {})
    return Figure(ax.figure, name, result, table, more)


def _tree(ax: Axes, result: Clusters) -> None:
    table = result.table.sort_values("place")
    profile = result.profile.loc[table["article_id"]]
    differ = profile.loc[:, profile.abs().max() > 0]
    profile = differ if differ.shape[1] else profile
    below = draw_matrix(ax, profile)
    n = profile.shape[1]
    ax.set_yticks(range(len(table)), _names(table))
    ax.yaxis.tick_right()
    ax.tick_params(length=0)
    ax.set_xlim(-0.5 - n * TREE / (1 - TREE), n - 0.5)
    grouped = table["size"].max() > 1
    changes = np.flatnonzero(np.diff(table["cluster"])) + 0.5 if grouped else np.zeros(0)
    ax.hlines(changes, -0.5, n - 0.5, color=INK, linewidth=1.2)
    _dendrogram(result, ax.inset_axes((0, 0, TREE - 0.01, 1), sharey=ax))
    last = result.merges["mainly"].iloc[-1].replace("_", " ")
    note(
        ax,
        " ".join(
            [
                CELLS,
                "Left: share of resamplings of sentences that give the same group, and the block"
                " that makes most of the distance bridged"
                + (f" (of the last one: {last})." if last else "."),
                *result.notes,
            ]
        ),
        width=DOUBLE * 0.9,
        below=below,
    )


def _names(table: pd.DataFrame) -> list[str]:
    """Articles with the number of their stable group; of very many, the groups alone."""
    several = table["size"] > 1
    if len(table) <= _NAMED:
        group = "  [" + table["cluster"].astype(str) + "]"
        return (table["article_id"] + group.where(several, "")).tolist()
    names = "[" + table["cluster"].astype(str) + "] " + table["size"].astype(str) + " articles"
    middle = table.groupby("cluster").cumcount() == table["size"] // 2
    return names.where(several & middle, "").tolist()


def _dendrogram(result: Clusters, ax: Axes) -> None:
    merges, n = result.merges, len(result.table)
    stable = (merges["size"] < n) & (merges["stability"] >= result.params["stable"])
    ends = _draw_tree(ax, merges, dict(enumerate(result.table["place"])), stable.to_numpy())
    labelled = n if n <= LABELLED else MOST_MERGES
    for step in merges[:-1].tail(labelled).itertuples():
        ax.annotate(
            f"{step.stability:.0%} {step.mainly}".strip().replace("_", " "),
            ends[step.merge],
            xytext=(-2, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=BLUE if stable[step.Index] else INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
        )
    ax.set_xlim(max(merges["height"].max(), 1e-9) * 1.05, 0)
    ax.set_axis_off()


def _draw_tree(
    ax: Axes, merges: pd.DataFrame, place: Mapping[int, float], stable: np.ndarray
) -> dict[int, tuple[float, float]]:
    """Lines of a dendrogram, stable groups in blue; where each merge ends."""
    ends = {leaf: (0.0, at) for leaf, at in place.items()}
    for step, held in zip(merges.itertuples(), stable):
        line: dict[str, Any] = {"color": BLUE if held else INK, "linewidth": 1.4 if held else 0.8}
        sides = [ends[step.left], ends[step.right]]
        for height, at in sides:
            ax.plot([height, step.height], [at, at], **line)
        ax.plot([step.height] * 2, [at for _, at in sides], **line)
        ends[step.merge] = step.height, (sides[0][1] + sides[1][1]) / 2
    return ends


def _merges(ax: Axes, result: Clusters) -> None:
    merges = result.merges.iloc[::-1][:MOST_MERGES]
    shares = result.contributions.pivot(index="merge", columns="block", values="share")
    shares = shares.reindex(merges["merge"]).fillna(0)
    if not shares.to_numpy().any():
        draw_nothing(ax, "All articles have the same profile")
        return
    blocks = [b for b in COLOURS if b in shares]
    left = np.zeros(len(merges))
    for block in blocks:
        ax.barh(
            range(len(merges)),
            shares[block],
            left=left,
            color=COLOURS[block],
            label=block.replace("_", " "),
            height=0.72,
            edgecolor="white",
            linewidth=0.6,
        )
        left += shares[block].to_numpy()
    n = len(result.table)
    ax.set_yticks(range(len(merges)), [_members(step, n) for step in merges.itertuples()])
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, 0))
    ax.set_xlabel("share of the squared distance that the merge bridges")
    legend_below(ax, below=0.42, ncols=min(len(blocks), 5))


def _members(step, n: int) -> str:
    ids = step.members.split()
    if step.size == n:
        return f"all {n}"
    return " + ".join(ids[:4]) + " …" * (len(ids) > 4)


def _topic(ax: Axes, result: Clusters) -> None:
    n, ids = len(result.table), result.table["article_id"]
    framing = dict(enumerate(result.table["place"]))
    topic = _facing(result.topic, framing)
    for i, name in enumerate(ids):
        ax.plot([0.4, 0.6], [framing[i], topic[i]], color=NEUTRAL, linewidth=0.7)
        if n <= _NAMED:
            ax.text(0.395, framing[i], name, ha="right", va="center")
            ax.text(0.605, topic[i], name, ha="left", va="center")
    for merges, place, left in ((result.merges, framing, 0.0), (result.topic, topic, 0.74)):
        part = ax.inset_axes((left, 0, 0.26, 1), sharey=ax)
        _draw_tree(part, merges, place, np.zeros(len(merges), bool))
        top = max(merges["height"].max(), 1e-9) * 1.03
        part.set_xlim((0, top) if left else (top, 0))
        part.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(n - 0.5, -0.5)
    ax.set_axis_off()
    ax.text(0.0, -0.8, "framing", ha="left", va="bottom", fontweight="bold")
    ax.text(1.0, -0.8, "words", ha="right", va="bottom", fontweight="bold")
    far = result.tests.set_index("test").loc["topic: distances"]
    if not np.isnan(far["value"]):
        note(
            ax,
            "Adjusted Rand index of the groups; rank correlation of the distances"
            f" {far['value']:.2f} (p {far['p']:.2g}).",
            width=DOUBLE * 0.9,
            below=0.1,
        )


def _facing(merges: pd.DataFrame, beside: dict[int, float]) -> dict[int, int]:
    """Places of a tree's leaves, its branches turned to stand near another order."""
    leaves = {i: [i] for i in beside}
    for step in merges.itertuples():
        sides = leaves[step.left], leaves[step.right]
        first, second = sorted(sides, key=lambda side: np.mean([beside[i] for i in side]))
        leaves[step.merge] = first + second
    return {leaf: place for place, leaf in enumerate(leaves[merges["merge"].iloc[-1]])}
