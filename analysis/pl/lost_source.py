"""Draw a lost source: from whom each article had its text, and which article has which words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, chosen_kind, draw_nothing, one_axes
from analysis.pl.rows import FIGURE_ROWS
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, ORANGE, PALE, fitted, wrapped
from analysis.tl.lost_source import SOURCE_FIGURES, SURE, LostSource

_NAMES = 1.9  # inches for names beside the words
SAYS = {
    "stemma": (
        f"A tree of who more probably had the text from whom; blue is at least {SURE:.0%} sure,"
        " orange and dashed is less."
    ),
    "text": (
        "Which articles have which of the reconstructed words, in the order of the source; what lay"
        " between two dotted lines is not known. Orange: other words instead; a tick above the row:"
        " words besides them; a line below it: words that it has twice."
    ),
}
_LEFT, _RIGHT = 0.62, 1.1  # levels of the tree, for the labels of the first and the last
ROOT_ROOM = 0.9  # inches for the name of the source
HALF_ROW = 0.36  # of a word's line
BEND = 0.12  # of a line from parent to child, behind the parent


def lost_source(
    result: LostSource,
    *,
    kind: str | None = None,
    ax: Axes | None = None,
    family: str | None = None,
) -> Figure:
    """A lost source as a tree of the articles that had its text, or its words by article.

    Parameters
    ----------
    result : LostSource
    kind : {"stemma", "text"}
        The tree, with how probably each article had the text from its parent; or the reconstructed
        words in their order, with the articles that have each. Of more than 20 articles, those
        with most words are drawn. The words also show what `result.variants` lists.
    ax : Axes, optional
        A new figure if not given.
    family : str, optional
        Name of the source; that with most words if not given.

    Returns
    -------
    Figure
        Its table is `result.stemma`; or one row a reconstructed word and article that has it: word
        (from 1), article_id, segment, n_variants, confidence.

    Raises
    ------
    OptionError
        If the kind is none of these, or the result has no such source.

    Examples
    --------
    >>> import analysis as tw
    >>> found = tw.tl.lost_source(tw.load("amnesty2024"))
    >>> tw.pl.lost_source(found)
    Figure(name='lost_source')
    >>> tw.pl.lost_source(found, kind="text")
    Figure(name='lost_source_text')
    """
    kind = chosen_kind(kind, SOURCE_FIGURES)
    name = "lost_source" if kind == SOURCE_FIGURES[0] else f"lost_source_{kind}"
    title = result.finding_of(kind, family)
    words = result.table
    if result.named.empty or kind == SOURCE_FIGURES[1] and words.empty:
        with one_axes(ax, DOUBLE, 1.2) as ax:
            draw_nothing(ax, title)
        return Figure(ax.figure, name, result, result.stemma, title=title)
    family = result.family(family)
    words = words[words["family"] == family]
    carried = _carried(words)
    tree = result.stemma[result.stemma["in_tree"] & (result.stemma["family"] == family)]
    tree = tree.set_index("child")
    articles = pd.unique(np.r_[carried["article_id"].to_numpy(object), tree.index])
    if kind == "stemma":
        shown = _foremost(articles, tree["parent"])
    else:
        shown = articles[:FIGURE_ROWS].tolist()
    subtitle = SAYS[kind]
    if len(shown) < len(articles):
        subtitle += f" Shown are {len(shown)} of {len(articles)} articles, those with most words."
    height = 1.3 + (0.3 if kind == "stemma" else 0.19) * max(len(shown), 2)
    with one_axes(ax, DOUBLE, height, title=title, subtitle=subtitle) as ax:
        if kind == "stemma":
            called = result.named.set_index("family")["name"][family] or "lost source"
            _draw_tree(tree[tree.index.isin(shown)], family, called, _labels(result, shown), ax)
        else:
            _draw_words(words, carried, result.variants, _labels(result, shown), ax)
    table = result.stemma if kind == "stemma" else carried
    return Figure(ax.figure, name, result, table, title=title, subtitle=subtitle)


def _labels(result: LostSource, articles: Sequence[str]) -> dict[str, str]:
    """What articles are called: by outlet and day, else by their ids."""
    known = dict(zip(*result.articles[["group", "label"]].T.values))
    return {article: known.get(article, article) for article in articles}


def _carried(words: pd.DataFrame) -> pd.DataFrame:
    """Which article has which reconstructed word; articles with most words first."""
    numbers, witnesses = np.arange(len(words)) + 1, words["witnesses"].str.split(" ")
    table = words.assign(word=numbers, article_id=witnesses).explode("article_id")
    most = table["article_id"].map(table["article_id"].value_counts())
    table = table.assign(most=-most).sort_values(["most", "article_id", "word"], ignore_index=True)
    return table[["word", "article_id", "segment", "n_variants", "confidence"]]


def _foremost(articles: np.ndarray, parent: pd.Series) -> list[str]:
    """Those with most words, each with all from whom it had the text."""
    shown: list[str] = []
    for article in articles:
        line = []
        while article in parent and article not in shown:
            line.append(article)
            article = parent[article]
        if len(shown) + len(line) > FIGURE_ROWS:
            break
        shown += line
    return shown


def _draw_tree(
    tree: pd.DataFrame, family: str, called: str, labels: dict[str, str], ax: Axes
) -> None:
    children = {parent: list(group.index) for parent, group in tree.groupby("parent", sort=False)}
    x, y = {family: 0}, dict[str, float]()

    def place(node: str) -> None:
        for child in children.get(node, ()):
            x[child] = x[node] + 1
            place(child)
        below = [y[child] for child in children.get(node, ())]
        y[node] = float(np.mean(below) if below else sum(leaf not in children for leaf in y))

    place(family)
    for child, parent, p in zip(tree.index, tree["parent"], tree["probability"]):
        _draw_branch((x[parent], y[parent]), (x[child], y[child]), p, ax)
    labels = _fitting(labels, x, children)
    for node, level in x.items():
        lost = node == family
        box = {
            "boxstyle": "round,pad=0.25",
            "facecolor": PALE if lost else "white",
            "edgecolor": INK,
            "linewidth": 0.6,
            "linestyle": "--" if lost else "-",
        }
        ax.text(
            level,
            y[node],
            wrapped(called, ROOT_ROOM, title=False) if lost else labels[node],
            ha="right" if lost else "left",
            va="center",
            zorder=2,
            fontweight="bold" if lost else "normal",
            bbox=box,
        )
    ax.set_xlim(-_LEFT, max(x.values()) + _RIGHT)
    ax.set_ylim(max(y.values()) + 0.7, min(y.values()) - 0.8)
    ax.set_axis_off()


def _fitting(
    labels: dict[str, str], x: dict[str, int], children: dict[str, list[str]]
) -> dict[str, str]:
    """Labels in the room to the right edge, or in two lines before the branches of children."""
    last = max(x.values())
    inches = DOUBLE / (last + _LEFT + _RIGHT)
    inner = [article for article in labels if article in children]
    room = inches - 0.5
    short = fitted([labels[article] for article in inner], 1.7 * room)
    said = {a: wrapped(name, room, title=False) for a, name in zip(inner, short)}
    for level in set(x.values()):
        leaves = [a for a in labels if x[a] == level and a not in children]
        width = (last + _RIGHT - level) * inches - 0.15
        said |= zip(leaves, fitted([labels[a] for a in leaves], width))
    return said


def _draw_branch(start: tuple, end: tuple, p: float, ax: Axes) -> None:
    bend = start[0] + BEND
    x, y = [start[0], bend, bend], [start[1], start[1], end[1]]
    ax.plot(x, y, color=NEUTRAL, linewidth=1.3, zorder=0)
    ax.plot(
        [bend, end[0]],
        [end[1], end[1]],
        color=BLUE if p >= SURE else ORANGE,
        linestyle="-" if p >= SURE else (0, (4, 2)),
        linewidth=1.3,
        zorder=1,
        solid_capstyle="round",
    )
    ax.text(end[0] - 0.03, end[1] - 0.08, f"{p:.0%}", ha="right", va="bottom", fontsize=7)


def _draw_words(
    words: pd.DataFrame,
    carried: pd.DataFrame,
    variants: pd.DataFrame,
    labels: dict[str, str],
    ax: Axes,
) -> None:
    number = {key: n for n, key in enumerate(zip(words["segment"], words["place"]), start=1)}
    variants = variants[variants["family"].isin(words["family"])]
    for y, article in enumerate(labels):
        places = carried.loc[carried["article_id"] == article, "word"].to_numpy()
        ax.vlines(places, y - HALF_ROW, y + HALF_ROW, color=BLUE, linewidth=0.9)
        rows = variants[variants["article_id"] == article]
        for segment, place, n, kind in rows[["segment", "place", "n_places", "kind"]].values:
            at = number[segment, place] + np.arange(max(n, 1))
            if kind == "instead":
                ax.vlines(at, y - HALF_ROW, y + HALF_ROW, color=ORANGE, linewidth=0.9)
            elif kind == "besides":
                ax.vlines(at + 0.5, y - 0.52, y - HALF_ROW, color=INK, linewidth=1)
            elif kind == "twice":
                ax.hlines(y + 0.44, at[0] - 0.5, at[-1] + 0.5, color=INK, linewidth=1.1)
    edges = np.flatnonzero(np.diff(words["segment"])) + 1.5
    ax.vlines(edges, -0.6, len(labels) - 0.4, color=INK, linewidth=0.5, linestyle=":")
    ax.set_yticks(range(len(labels)), fitted(list(labels.values()), _NAMES))
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlim(0.5, len(words) + 0.5)
    ax.set_xlabel("reconstructed words")
