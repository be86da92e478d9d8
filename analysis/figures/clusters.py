"""Draw clusters as a heatmap with its dendrogram."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ..clusters import Clusters
from .style import BLUE, DOUBLE, INK, note, number, styled

TREE = 0.36  # share of the width


@styled(lambda result: (DOUBLE, 1.9 + 0.24 * len(result.table)))
def plot_clusters(result: Clusters, *, ax: Axes | None = None) -> Axes:
    """Profiles in the order of the dendrogram, which stands on the left with the stability of each merge."""
    table, profile = result.table, result.profile
    order = table.sort_values("place")["article_id"].tolist()
    values = profile.loc[order].to_numpy()
    bound = max(2.0, float(np.abs(values).max()))
    ax.imshow(values, aspect="auto", cmap="PuOr", vmin=-bound, vmax=bound)
    for (row, column), value in np.ndenumerate(values):
        ax.text(column, row, f"{value:+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0"), ha="center", va="center", color="white" if abs(value) > 0.62 * bound else INK)
    cluster, size = (table.set_index("article_id")[column] for column in ("cluster", "size"))
    ax.set_yticks(range(len(order)), [f"{a}  [{cluster[a]}]" if size[a] > 1 else a for a in order])
    ax.yaxis.tick_right()
    longest = max(map(len, profile.columns)) - 10
    width = profile.shape[1] * TREE / (1 - TREE)
    ax.set_xlim(-0.5 - width, profile.shape[1] - 0.5)
    ax.set_xticks(range(profile.shape[1]), [c.split(": ", 1)[1].replace("_", " ") for c in profile.columns],
                  rotation=35, ha="right", rotation_mode="anchor")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    changes = [] if table["size"].max() == 1 else [i - 0.5 for i in range(1, len(order)) if cluster[order[i]] != cluster[order[i - 1]]]
    ax.hlines(changes, -0.5, profile.shape[1] - 0.5, color=INK, linewidth=1.2)
    _dendrogram(result, ax.inset_axes([0, 0, TREE - 0.01, 1], sharey=ax))
    several = sorted(set(table.loc[table["size"] > 1, "cluster"]))
    alone = int((table["size"] == 1).sum())
    held = (f"{number(len(several), 'group')} of articles hold{'s' * (len(several) == 1)} in at least {result.params['stable']:.0%} of resamplings"
            if several else f"No group of articles holds in at least {result.params['stable']:.0%} of resamplings")
    ax.set_title(f"{held};\n{number(alone, 'article')} stand{'s' * (alone == 1)} alone")
    note(ax, " ".join(["Cells: standard deviations from the corpus mean. Left: share of resamplings of sentences "
                       "that give the same group.", *result.notes]), width=DOUBLE * 0.9, below=0.22 + 0.048 * longest)
    return ax


def _dendrogram(result: Clusters, ax: Axes) -> None:
    place = dict(zip(range(len(result.table)), result.table["place"]))
    height = dict.fromkeys(place, 0.0)
    for step in result.merges.itertuples():
        stable = step.size < len(result.table) and step.stability >= result.params["stable"]
        for child in (step.left, step.right):
            ax.plot([height[child], step.height], [place[child]] * 2, color=BLUE if stable else INK, linewidth=1.4 if stable else 0.8)
        ax.plot([step.height] * 2, [place[step.left], place[step.right]], color=BLUE if stable else INK,
                linewidth=1.4 if stable else 0.8)
        place[step.merge] = (place[step.left] + place[step.right]) / 2
        height[step.merge] = step.height
        if step.size < len(result.table):
            ax.annotate(f"{step.stability:.0%}", (step.height, place[step.merge]), xytext=(-2, 0), textcoords="offset points",
                        ha="right", va="center", color=BLUE if stable else INK,
                        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4})
    ax.set_xlim(max(height.values()) * 1.05, 0)
    ax.set_axis_off()
