"""Draw the missing source: its stemma, and which witness carries which of its words."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.errors import OptionError, choose
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, ORANGE, PALE, number, styled
from analysis.tl.lost_source import LostSource

SHOWN = 40  # articles
SURE = 0.7  # probability from which a line is drawn whole


def family_names(result: LostSource) -> list[str]:
    """Names of the missing sources, the one with most words first."""
    return result.table["family"].value_counts(sort=True).index.tolist()


@styled(lambda result: (DOUBLE, 0.9 + 0.24 * max(_members(result), 2)))
def plot_stemma(result: LostSource, *, family: str | None = None, ax: Axes | None = None) -> Axes:
    """A missing source (that with most words if not named) and from whom each article had its text,
    with the probability of that.
    """
    family = _chosen(result, family)
    tree = result.stemma[(result.stemma["family"] == family) & result.stemma["in_tree"]]
    parents = _most(result, family, dict(zip(tree["child"], tree["parent"])))
    sure = {child: p for child, p in zip(tree["child"], tree["probability"]) if child in parents}
    children: dict[str, list[str]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)
    depth, place = {family: 0}, {}

    def walk(node: str) -> None:
        for child in children.get(node, []):
            depth[child] = depth[node] + 1
            walk(child)
        place[node] = (
            np.mean([place[c] for c in children[node]])
            if node in children
            else float(sum(n not in children for n in place))
        )

    walk(family)
    for child, parent in parents.items():
        x, y = (depth[parent], depth[child]), (place[parent], place[child])
        ax.plot(
            [x[0], x[0] + 0.12, x[0] + 0.12],
            [y[0], y[0], y[1]],
            color=NEUTRAL,
            linewidth=1.3,
            zorder=0,
        )
        ax.plot(
            [x[0] + 0.12, x[1]],
            [y[1], y[1]],
            color=BLUE if sure[child] >= SURE else ORANGE,
            linestyle="-" if sure[child] >= SURE else (0, (4, 2)),
            linewidth=1.3,
            zorder=1,
            solid_capstyle="round",
        )
        ax.text(
            x[1] - 0.03, y[1] - 0.08, f"{sure[child]:.0%}", ha="right", va="bottom", fontsize=6.5
        )
    for node, level in depth.items():
        missing = node == family
        ax.text(
            level,
            place[node],
            "missing source" if missing else node,
            ha="right" if missing else "left",
            va="center",
            zorder=2,
            fontweight="bold" if missing else "normal",
            bbox={
                "boxstyle": "round,pad=0.25",
                "facecolor": PALE if missing else "white",
                "edgecolor": INK,
                "linewidth": 0.6,
                "linestyle": "--" if missing else "-",
            },
        )
    ax.set_xlim(-0.75, max(depth.values()) + 0.75)
    ax.set_ylim(max(place.values()) + 0.7, min(place.values()) - 0.8)
    ax.set_axis_off()
    doubtful = sum(p < SURE for p in sure.values())
    said = f"{number(len(tree), 'article')} draw on a text that the corpus seems to lack"
    said += "" if len(parents) == len(tree) else f", shown are {len(parents)}"
    ax.set_title(
        f"{said};\nfrom whom {doubtful} of them had it is less than {SURE:.0%} sure (dashed)"
        if doubtful
        else said
    )
    return ax


@styled(lambda result: (DOUBLE, 0.9 + 0.17 * max(_members(result), 2)))
def plot_rebuilt(result: LostSource, *, family: str | None = None, ax: Axes | None = None) -> Axes:
    """The rebuilt words of a missing source (that with most words if not named) in their order, and
    which articles carry each.
    """
    family = _chosen(result, family)
    table = carried(result, family)
    witnesses = list(dict.fromkeys(table["article_id"]))[:SHOWN]
    for y, witness in enumerate(witnesses):
        places = table.loc[table["article_id"] == witness, "word"].to_numpy()
        ax.vlines(places, y - 0.38, y + 0.38, color=BLUE, linewidth=0.9)
    words = result.table[result.table["family"] == family]
    edges = (
        np.flatnonzero(words["segment"].to_numpy()[1:] != words["segment"].to_numpy()[:-1]) + 1.5
    )
    ax.vlines(edges, -0.6, len(witnesses) - 0.4, color=INK, linewidth=0.5, linestyle=":")
    ax.set_yticks(range(len(witnesses)), witnesses)
    ax.set_ylim(len(witnesses) - 0.4, -0.6)
    ax.set_xlim(0.5, len(words) + 0.5)
    ax.set_xlabel(
        "rebuilt words in the order of the source; dotted: what stood between is not known"
    )
    ax.set_title(
        f"{number(len(words), 'word')} of the missing source stand in two articles or more, in"
        f" {number(len(edges) + 1, 'stretch', 'stretches')}"
    )
    return ax


def carried(result: LostSource, family: str) -> pd.DataFrame:
    """Which article carries which rebuilt word of a source: word (from 1), article_id, segment,
    confidence; articles with most words first.
    """
    words = result.table[result.table["family"] == family].reset_index(drop=True)
    table = words.assign(
        word=words.index + 1, article_id=words["witnesses"].str.split(" ")
    ).explode("article_id")
    most = table["article_id"].value_counts()
    table = table.assign(most=table["article_id"].map(most)).sort_values(
        ["most", "article_id", "word"], ascending=[False, True, True]
    )
    return table[["word", "article_id", "segment", "n_variants", "confidence"]].reset_index(
        drop=True
    )


def _chosen(result: LostSource, family: str | None) -> str:
    names = family_names(result)
    if not names:
        raise OptionError(
            "the result names no missing source, so there is nothing to draw; see"
            " `family_names(result)`."
        )
    if family is not None:
        choose("family", family, names)
    return family or names[0]


def _most(result: LostSource, family: str, parents: dict[str, str]) -> dict[str, str]:
    """The articles that carry most words, with all above them."""
    kept: dict[str, str] = {}
    for article in dict.fromkeys(carried(result, family)["article_id"]):
        while len(kept) < SHOWN and article in parents and article not in kept:
            kept[article] = parents[article]
            article = parents[article]
    return {
        child: parent
        for child, parent in parents.items()
        if child in kept and (parent in kept or parent == family)
    }


def _members(result: LostSource) -> int:
    return (
        min(int(result.stemma.loc[result.stemma["in_tree"], "family"].value_counts().max()), SHOWN)
        if len(result.stemma)
        else 0
    )
