"""Draw shared words: who shares with whom, where, and how much of each article is its own."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from analysis.errors import OptionError
from analysis.pl.style import (
    AMBER,
    BLUE,
    DOUBLE,
    GREEN,
    INK,
    PALE,
    SINGLE,
    SKY,
    legend_below,
    number,
    styled,
)
from analysis.tl.reuse import Reuse

PARTS = {
    "own": ("its own words", PALE, ""),
    "quoted": ("quoted", SKY, ""),
    "shared_quoted": ("quoted, and in others too", BLUE, ""),
    "shared_credited": ("equal, credited", AMBER, "////"),
    "shared": ("equal, uncredited", AMBER, ""),
    "rewritten_credited": ("rewritten, credited", GREEN, "////"),
    "rewritten": ("rewritten, uncredited", GREEN, ""),
}


def _square(result: Reuse) -> tuple[float, float]:
    side = 1.7 + 0.3 * len(result.articles)
    return min(max(side, SINGLE), DOUBLE), min(max(side, SINGLE), DOUBLE) * 0.85


@styled(_square)
def plot_sharing(result: Reuse, *, ax: Axes | None = None) -> Axes:
    """A matrix: the share of the row article's words that stand in the column article too."""
    ids = result.articles["article_id"].tolist()
    place = {a: i for i, a in enumerate(ids)}
    share = np.zeros((len(ids), len(ids)))
    verbatim = result.pairs[result.pairs["a_shared"] > 0]
    for row in verbatim.itertuples():
        share[place[row.a], place[row.b]] = row.a_share
        share[place[row.b], place[row.a]] = row.b_share
    top = max(share.max(), 0.01)
    ax.imshow(np.ma.masked_equal(share, 0), cmap="Blues", vmin=0, vmax=top * 1.15)
    ax.imshow(np.ma.masked_equal(np.eye(len(ids)), 0), cmap="Greys", vmin=0, vmax=5)
    ax.set_xticks(np.arange(len(ids) - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(len(ids) - 1) + 0.5, minor=True)
    ax.grid(which="minor", color="#e0e0e0", linewidth=0.5)
    ax.tick_params(which="minor", length=0)
    for (i, j), value in np.ndenumerate(share):
        if value > 0:
            text = f"{100 * value:.0f}" if value >= 0.005 else "<1"
            ax.text(
                j, i, text, ha="center", va="center", color="white" if value > 0.6 * top else INK
            )
    ax.set_xticks(
        range(len(ids)),
        ids,
        rotation=45 if len(ids) > 3 else 0,
        ha="right" if len(ids) > 3 else "center",
    )
    ax.set_yticks(range(len(ids)), ids)
    ax.tick_params(length=0)
    ax.set_xlabel("… stand in this article too")
    ax.set_ylabel("of 100 words of this article …")
    for side in ax.spines.values():
        side.set_visible(False)
    pairs = len(ids) * (len(ids) - 1) // 2
    total = verbatim["a_shared"] + verbatim["b_shared"]
    title = (
        f"{len(verbatim)} of {number(pairs, 'pair')} share passages of"
        f" {result.params['min_words']}+ equal words"
    )
    if len(total):
        best = verbatim.loc[total.idxmax()]
        tied = " (as others do)" if (total == total.max()).sum() > 1 else ""
        title += (
            f";\n{best['a']} and {best['b']} most: {best['a_shared']} and {best['b_shared']}"
            f" words{tied}"
        )
    ax.set_title(title)
    return ax


@styled(lambda result: (DOUBLE, 0.8))
def plot_alignment(result: Reuse, pair: tuple[str, str], *, ax: Axes | None = None) -> Axes:
    """Two articles as two lines, their passages as bands between them: equal words in orange, dark
    where both mostly quote; rewritten ones green.
    """
    a, b = pair
    known = result.pairs[(result.pairs["a"].isin(pair)) & (result.pairs["b"].isin(pair))]
    if known.empty:
        raise OptionError(
            f"pair={pair!r} was given; allowed are two articles that share passages: see the table"
            " `pairs` of the result."
        )
    a, b = known[["a", "b"]].iloc[0]
    table = result.table[(result.table["a"] == a) & (result.table["b"] == b)]
    words = result.articles.set_index("article_id")["n_words"]
    for name, y in ((a, 1), (b, 0)):
        ax.plot([0, words[name]], [y, y], color=INK, linewidth=2.5, solid_capstyle="butt")
        ax.text(-6, y, name, ha="right", va="center")
    for row in table.sort_values(
        "kind", key=lambda kind: kind == "verbatim", kind="stable"
    ).itertuples():  # equal words on top
        corners = [
            (row.a_position, 1),
            (row.a_position + row.a_words, 1),
            (row.b_position + row.b_words, 0),
            (row.b_position, 0),
        ]
        colour = GREEN if row.kind != "verbatim" else BLUE if row.quoted else AMBER
        ax.add_patch(
            Polygon(
                corners,
                closed=True,
                facecolor=colour,
                edgecolor=INK,
                linewidth=0.4,
                alpha=0.85 if row.kind == "verbatim" else 0.55,
            )
        )
    ax.set_xlim(0, words.max())
    ax.set_ylim(-0.25, 1.25)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    shared = result.pairs[(result.pairs["a"] == a) & (result.pairs["b"] == b)].iloc[0]
    ax.set_title(
        f"equal: {shared['a_shared']} and {shared['b_shared']} words; rewritten:"
        f" {shared['a_rewritten']} and {shared['b_rewritten']} more",
        fontweight="normal",
        fontsize=7,
    )
    return ax


def alignment_title(result: Reuse, shown: int) -> str:
    """What the figure of pairs shows, in a sentence."""
    verbatim = result.table["kind"] == "verbatim"
    n, quoted, rewritten = (
        int(verbatim.sum()),
        int((verbatim & result.table["quoted"]).sum()),
        int((~verbatim).sum()),
    )
    said = (
        f"{number(n, 'passage')} of equal words (orange; {quoted} quoted on both sides, dark blue),"
        f" {rewritten} rewritten (green)"
    )
    return (
        said
        if shown >= len(result.pairs)
        else f"{said}; shown are the {shown} of {len(result.pairs)} pairs that share most words"
    )


@styled(lambda result: (SINGLE, 1.2 + 0.19 * len(result.articles)))
def plot_words(result: Reuse, *, ax: Axes | None = None) -> Axes:
    """Each article's words: its own, quoted, and those that others have too, equal or rewritten,
    credited or not.
    """
    table = result.articles.assign(
        **{
            name: result.articles[name] - result.articles[f"{name}_credited"]
            for name in ("shared", "rewritten")
        }
    )
    y, left = np.arange(len(table)), np.zeros(len(table))
    total = table["n_words"].clip(lower=1)
    for part, (label, colour, hatch) in PARTS.items():
        share = (100 * table[part] / total).to_numpy()
        ax.barh(y, share, left=left, color=colour, hatch=hatch, edgecolor=INK, label=label)
        left = left + share
    ax.set_yticks(y, table["article_id"])
    ax.invert_yaxis()
    ax.set_xlim(0, 100)
    ax.set_xlabel("percent of the article's words")
    shared = result.articles[["shared", "shared_quoted", "rewritten"]].sum(axis=1) / total
    ax.set_title(
        f"{table['article_id'][shared.idxmax()]} shares {shared.max():.0%} of its words with"
        f" others,\n{table['article_id'][shared.idxmin()]} {shared.min():.0%}"
        if len(table) > 1
        else "The article's words"
    )
    legend_below(ax, below=0.42, x=0.42)
    return ax
