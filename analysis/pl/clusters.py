"""Draw clusters: profiles with their dendrogram, what each merge rests on, the tree of the framing
beside that of the words.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from analysis.pl.style import (
    AMBER,
    BLUE,
    DOUBLE,
    GREEN,
    INK,
    NEUTRAL,
    ORANGE,
    PALE,
    SKY,
    legend_below,
    note,
    number,
    styled,
)
from analysis.tl.clusters import Clusters

TREE = 0.36  # share of the width
NUMBERED = 12  # columns that leave room for a number in each cell
COLOURS = {
    "labels": BLUE,
    "voices": SKY,
    "frames": GREEN,
    "axes": "#cc79a7",
    "tone": ORANGE,
    "polarity": AMBER,
    "style": NEUTRAL,
    "function_words": PALE,
    "content": INK,
}
MOST_MERGES = 12


@styled(lambda result: (DOUBLE, 2.2 + max(0.24 * len(result.table), 1.9)))
def plot_clusters(result: Clusters, *, ax: Axes | None = None) -> Axes:
    """Profiles in the order of the dendrogram, which stands on the left with each merge's stability
    and the block that makes most of it.
    """
    table, profile = result.table, result.profile.loc[:, result.profile.abs().max() > 0]
    profile = profile if profile.shape[1] else result.profile
    order = table.sort_values("place")["article_id"].tolist()
    values = profile.loc[order].to_numpy()
    bound = max(2.0, float(np.abs(values).max()))
    ax.imshow(values, aspect="auto", cmap="PuOr", vmin=-bound, vmax=bound)
    if profile.shape[1] <= NUMBERED:
        for (row, column), value in np.ndenumerate(values):
            ax.text(
                column,
                row,
                f"{value:+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0"),
                ha="center",
                va="center",
                color="white" if abs(value) > 0.62 * bound else INK,
            )
    cluster, size = (table.set_index("article_id")[column] for column in ("cluster", "size"))
    ax.set_yticks(range(len(order)), [f"{a}  [{cluster[a]}]" if size[a] > 1 else a for a in order])
    ax.yaxis.tick_right()
    blocks, names = zip(*(column.split(": ", 1) for column in profile.columns))
    longest = max(map(len, names))
    width = profile.shape[1] * TREE / (1 - TREE)
    ax.set_xlim(-0.5 - width, profile.shape[1] - 0.5)
    steep = 90 if profile.shape[1] > 2 * NUMBERED else 35
    ax.set_xticks(
        range(profile.shape[1]),
        [name.replace("_", " ") for name in names],
        rotation=steep,
        ha="right",
        rotation_mode="anchor",
        va="center" if steep == 90 else "top",
    )
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    _name_blocks(ax, blocks)
    changes = (
        []
        if table["size"].max() == 1
        else [i - 0.5 for i in range(1, len(order)) if cluster[order[i]] != cluster[order[i - 1]]]
    )
    ax.hlines(changes, -0.5, profile.shape[1] - 0.5, color=INK, linewidth=1.2)
    _dendrogram(result, ax.inset_axes([0, 0, TREE - 0.01, 1], sharey=ax))
    several = sorted(set(table.loc[table["size"] > 1, "cluster"]))
    alone = int((table["size"] == 1).sum())
    held = (
        f"{number(len(several), 'group')} of articles hold{'s' * (len(several) == 1)} in at least"
        f" {result.params['stable']:.0%} of resamplings"
        if several
        else f"No group of articles holds in at least {result.params['stable']:.0%} of resamplings"
    )
    ax.set_title(f"{held};\n{number(alone, 'article')} stand{'s' * (alone == 1)} alone", pad=16)
    last = result.merges["mainly"].iloc[-1].replace("_", " ")
    note(
        ax,
        " ".join(
            [
                "Cells: standard deviations from the mean (violet more, orange less). Left: share"
                " of resamplings of sentences that give the same group, and the block that makes"
                " most of the distance bridged" + (f" (of the last one: {last})." if last else "."),
                *result.notes,
            ]
        ),
        width=DOUBLE * 0.9,
        below=0.2 + (0.053 if steep == 90 else 0.037) * longest,
    )
    return ax


def _name_blocks(ax: Axes, blocks: tuple[str, ...]) -> None:
    """The blocks' names above their columns, turned to neither overlap nor leave."""
    starts = [i for i in range(len(blocks)) if i == 0 or blocks[i] != blocks[i - 1]]
    for first, after in zip(starts, [*starts[1:], len(blocks)]):
        colour = COLOURS.get(blocks[first], INK)
        ax.plot(
            [first - 0.42, after - 0.58],
            [-0.62, -0.62],
            color=colour,
            linewidth=2,
            clip_on=False,
            solid_capstyle="butt",
        )
        ax.annotate(
            blocks[first].replace("_", " "),
            (first - 0.42, -0.62),
            xytext=(0, 3),
            textcoords="offset points",
            ha="left",
            va="bottom",
            annotation_clip=False,
        )
        if first:
            ax.axvline(first - 0.5, color="white", linewidth=2)


def _dendrogram(result: Clusters, ax: Axes) -> None:
    merges, n = result.merges, len(result.table)
    stable = (merges["size"] < n) & (merges["stability"] >= result.params["stable"])
    ends = _tree(ax, merges, dict(zip(range(n), result.table["place"])), stable.to_numpy())
    for step, held in zip(merges[merges["size"] < n].itertuples(), stable):
        ax.annotate(
            f"{step.stability:.0%} {step.mainly}".strip().replace("_", " "),
            ends[step.merge],
            xytext=(-2, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            color=BLUE if held else INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
        )
    ax.set_xlim(max(merges["height"].max(), 1e-9) * 1.05, 0)
    ax.set_axis_off()


def _tree(
    ax: Axes, merges: pd.DataFrame, place: dict[int, float], stable: np.ndarray
) -> dict[int, tuple[float, float]]:
    """Lines of a dendrogram, stable groups in blue; where each merge ends."""
    height = dict.fromkeys(place, 0.0)
    place = dict(place)
    for step, held in zip(merges.itertuples(), stable):
        line = {"color": BLUE if held else INK, "linewidth": 1.4 if held else 0.8}
        for child in (step.left, step.right):
            ax.plot([height[child], step.height], [place[child]] * 2, **line)
        ax.plot([step.height] * 2, [place[step.left], place[step.right]], **line)
        place[step.merge], height[step.merge] = (
            (place[step.left] + place[step.right]) / 2,
            step.height,
        )
    return {merge: (height[merge], place[merge]) for merge in merges["merge"]}


@styled(lambda result: (DOUBLE, 1.2 + 0.24 * min(len(result.merges), MOST_MERGES)))
def plot_merges(result: Clusters, *, ax: Axes | None = None) -> Axes:
    """Each block's share in the distance that a merge bridges, the last merges (at most twelve)
    from above.
    """
    merges = result.merges.iloc[::-1][:MOST_MERGES]
    shares = result.contributions.pivot(index="merge", columns="block", values="share").reindex(
        merges["merge"]
    )
    blocks = [b for b in COLOURS if b in shares] + [b for b in shares if b not in COLOURS]
    left = np.zeros(len(merges))
    for block in blocks:
        ax.barh(
            range(len(merges)),
            shares[block].fillna(0),
            left=left,
            color=COLOURS.get(block, NEUTRAL),
            label=block.replace("_", " "),
            height=0.72,
            edgecolor="white",
            linewidth=0.6,
        )
        left += shares[block].fillna(0).to_numpy()
    ax.set_yticks(
        range(len(merges)), [_members(step, len(result.table)) for step in merges.itertuples()]
    )
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    ax.xaxis.set_major_formatter(PercentFormatter(1, 0))
    ax.set_xlabel("share of the squared distance that the merge bridges")
    top = shares.iloc[0].dropna().round(6)
    ax.set_title(
        f"The last two groups differ most in {top.idxmax().replace('_', ' ')} ({top.max():.0%})"
        if len(top)
        else "No two groups differ"
    )
    legend_below(ax, below=0.42, ncols=min(len(blocks), 5))
    return ax


def _members(step, n: int) -> str:
    ids = step.members.split()
    if step.size == n:
        return f"all {n}"
    said = " + ".join(ids[:4])
    return f"{said} …" if len(ids) > 4 else said


@styled(lambda result: (DOUBLE, 1.3 + 0.2 * len(result.table)))
def plot_topic_vs_framing(result: Clusters, *, ax: Axes | None = None) -> Axes:
    """The tree of the profiles, left, facing that of the words alone; lines join an article with
    itself.
    """
    n, ids = len(result.table), result.table["article_id"].tolist()
    framing = dict(zip(range(n), result.table["place"]))
    topic = _facing(result.topic, n, framing)
    for i, name in enumerate(ids):
        ax.plot([0.4, 0.6], [framing[i], topic[i]], color=NEUTRAL, linewidth=0.7)
        ax.text(0.395, framing[i], name, ha="right", va="center")
        ax.text(0.605, topic[i], name, ha="left", va="center")
    for merges, place, bounds in (
        (result.merges, framing, (0.0, 0.26)),
        (result.topic, topic, (0.74, 1.0)),
    ):
        part = ax.inset_axes([bounds[0], 0, bounds[1] - bounds[0], 1], sharey=ax)
        _tree(part, merges, place, np.zeros(len(merges), bool))
        top = max(merges["height"].max(), 1e-9) * 1.03
        part.set_xlim((top, 0) if bounds[0] == 0 else (0, top))
        part.set_axis_off()
    ax.set_xlim(0, 1)
    ax.set_ylim(n - 0.5, -0.5)
    ax.set_axis_off()
    tests = result.tests.set_index("test")
    cuts, far = tests["value"].reindex(["topic: cuts", "topic: distances"])
    ax.text(0.0, -0.8, "framing", ha="left", va="bottom", fontweight="bold")
    ax.text(1.0, -0.8, "words", ha="right", va="bottom", fontweight="bold")
    if np.isnan(cuts):
        ax.set_title("What is framed alike, beside what is about the same", pad=22)
    else:
        ax.set_title(
            f"Cut into {int(tests.at['groups', 'value'])} groups, framing and words agree at"
            f" {cuts:.2f} (1 the same, 0 as by chance)",
            pad=22,
        )
        note(
            ax,
            f"Adjusted Rand index of the groups; rank correlation of the distances {far:.2f} (p"
            f" {tests.at['topic: distances', 'p']:.2g}).",
            width=DOUBLE * 0.9,
            below=0.1,
        )
    return ax


def _facing(merges: pd.DataFrame, n: int, beside: dict[int, float]) -> dict[int, float]:
    """Places of the leaves of a tree, its branches turned so that they stand as near to another
    order as they can.
    """
    leaves = {i: [i] for i in range(n)}
    for step in merges.itertuples():
        first, second = sorted(
            (leaves[step.left], leaves[step.right]),
            key=lambda side: np.mean([beside[i] for i in side]),
        )
        leaves[step.merge] = first + second
    return {leaf: place for place, leaf in enumerate(leaves[merges["merge"].iloc[-1]])}
