"""Draw shared words: who shares with whom, where, and how much of each article is its own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from analysis.errors import OptionError
from analysis.pl.figure import Figure, chosen_kind, draw_nothing, one_axes, panels
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
    wrapped,
)
from analysis.tl.reuse import ALIGNED, FIGURES, Reuse

BARS = {
    "own": ("its own words", PALE, ""),
    "quoted": ("quoted", SKY, ""),
    "shared_quoted": ("quoted, and in others too", BLUE, ""),
    "shared_credited": ("equal, credited", AMBER, "////"),
    "shared_uncredited": ("equal, uncredited", AMBER, ""),
    "rewritten_credited": ("rewritten, credited", GREEN, "////"),
    "rewritten_uncredited": ("rewritten, uncredited", GREEN, ""),
}
_NAMES = 0.9  # inches left of the matrix, where no title stands
SQUARE, TALL = 30, 40  # articles that a page holds, in the matrix and as bars


def reuse(
    result: Reuse,
    *,
    kind: str | None = None,
    ax: Axes | Sequence[Axes] | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
) -> Figure:
    """Draw which articles share words, where they stand, or how much is an article's own.

    Parameters
    ----------
    result : Reuse
    kind : {"matrix", "alignment", "words"}, optional
        "matrix": of 100 words of the article in the row, how many are in the article of the column
        too; of more than 30 articles, those that share most. "alignment": pairs of articles as two
        lines, their passages as bands between them: equal words orange, dark blue where both mostly
        quote, rewritten ones green. "words": each article's words, its own, quoted, equal or
        rewritten, credited or not; of more than 40 articles, those that share the greatest part.
    ax : Axes, or a sequence of Axes for "alignment", optional
        A new figure if not given.
    pairs : sequence of (str, str), optional
        The articles of each panel of "alignment"; the eight pairs that share most words if not
        given.

    Returns
    -------
    Figure
        Its table: `pairs` of the result for "matrix", `table` for "alignment", `articles` for
        "words".

    Raises
    ------
    OptionError
        If `kind` is none of these, or two articles of `pairs` share no passage.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.reuse(tw.load("amnesty2024"))
    >>> tw.pl.reuse(result)
    Figure(name='reuse')
    >>> tw.pl.reuse(result, kind="alignment", pairs=[("caruzo", "aggregator")])
    Figure(name='reuse_alignment')
    """
    kind = chosen_kind(kind, FIGURES)
    if pairs is not None and kind != "alignment":
        raise OptionError(f"pairs are of the kind 'alignment' (got pairs for {kind!r})")
    if kind == "alignment":
        return _alignment(result, ax, pairs)
    return _matrix(result, ax) if kind == "matrix" else _words(result, ax)


def _matrix(result: Reuse, ax: Axes | Sequence[Axes] | None) -> Figure:
    verbatim = result.ranked_pairs[result.ranked_pairs["a_shared"] > 0]
    sides = ["a", "b", "a_share"], ["b", "a", "b_share"]
    both = pd.concat([verbatim[side].set_axis(sides[0], axis=1) for side in map(list, sides)])
    ids = result.articles["article_id"]
    if len(ids) > SQUARE:
        ids = ids[ids.isin(verbatim[["a", "b"]].stack().unique()[:SQUARE])]
    share = both.pivot(index="a", columns="b", values="a_share").reindex(index=ids, columns=ids)
    share = share.to_numpy(float)
    side = min(max(1.7 + 0.3 * len(ids), SINGLE), DOUBLE)
    with one_axes(ax, side, side * 0.85) as ax:
        title = _with_cut(result.finding_of("matrix"), len(ids), len(result.articles))
        ax.set_title(wrapped(title, side - _NAMES))
        if verbatim.empty:
            draw_nothing(ax, "No two articles share a passage of equal words.")
        else:
            _draw_matrix(ax, share, ids.tolist())
    return Figure(ax.figure, "reuse", result, result.pairs)


def _draw_matrix(ax: Axes, share: np.ndarray, ids: list[str]) -> None:
    n = len(ids)
    top = max(np.nanmax(share, initial=0), 0.01)
    ax.imshow(np.ma.masked_invalid(share), cmap="Blues", vmin=0, vmax=top * 1.15)
    ax.imshow(np.ma.masked_equal(np.eye(n), 0), cmap="Greys", vmin=0, vmax=5)
    ax.set_xticks(np.arange(n - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(n - 1) + 0.5, minor=True)
    ax.grid(which="minor", color="#e0e0e0", linewidth=0.5)
    ax.tick_params(which="minor", length=0)
    for i, j in np.argwhere(share > 0):
        text = f"{100 * share[i, j]:.0f}" if share[i, j] >= 0.005 else "<1"
        color = "white" if share[i, j] > 0.6 * top else INK
        ax.text(j, i, text, ha="center", va="center", color=color)
    many = n > 3
    ax.set_xticks(range(n), ids, rotation=45 if many else 0, ha="right" if many else "center")
    ax.set_yticks(range(n), ids)
    ax.tick_params(length=0)
    ax.set_xlabel("… stand in this article too")
    ax.set_ylabel("of 100 words of this article …")
    ax.spines[:].set_visible(False)


def _alignment(
    result: Reuse, ax: Axes | Sequence[Axes] | None, given: Sequence[tuple[str, str]] | None
) -> Figure:
    shown = result.ranked_pairs.head(ALIGNED)
    title = result.finding_of("alignment")
    if given is not None:
        rows = [_row_of(result.pairs, *pair) for pair in given]
        shown, title = result.pairs.loc[rows], title.split(";")[0] + " in all pairs of articles"
    label = "position in the article, in words" if len(shown) else ""
    with panels(ax, max(len(shown), 1), columns=2, height=0.75, title=title, label=label) as axes:
        for panel, pair in zip(axes, shown.itertuples()):
            _draw_pair(panel, result, pair)
        if shown.empty:
            draw_nothing(axes[0], "No two articles share a passage.")
    return Figure(axes[0].figure, "reuse_alignment", result, result.table)


def _row_of(pairs: pd.DataFrame, one: str, other: str) -> int:
    for a, b in ((one, other), (other, one)):
        if len(rows := pairs.index[(pairs["a"] == a) & (pairs["b"] == b)]):
            return rows[0]
    raise OptionError(
        "pairs must be of two articles that share passages, as the table `pairs` of the result"
        f" lists them (got {(one, other)!r:.80})"
    )


def _draw_pair(ax: Axes, result: Reuse, pair) -> None:
    table = result.table[(result.table["a"] == pair.a) & (result.table["b"] == pair.b)]
    words = result.articles.set_index("article_id")["n_words"]
    for name, y in ((pair.a, 1), (pair.b, 0)):
        ax.plot([0, words[name]], [y, y], color=INK, linewidth=2.5, solid_capstyle="butt")
        ax.text(-6, y, name, ha="right", va="center")
    equal = table["kind"] == "verbatim"
    for row in pd.concat([table[~equal], table[equal]]).itertuples():  # equal words on top
        verbatim = row.kind == "verbatim"
        corners = [
            (row.a_position, 1),
            (row.a_position + row.a_words, 1),
            (row.b_position + row.b_words, 0),
            (row.b_position, 0),
        ]
        band = Polygon(
            corners,
            closed=True,
            facecolor=GREEN if not verbatim else BLUE if row.quoted else AMBER,
            edgecolor=INK,
            linewidth=0.4,
            alpha=0.85 if verbatim else 0.55,
        )
        ax.add_patch(band)
    ax.set_xlim(0, words.max())
    ax.set_ylim(-0.25, 1.25)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_title(
        f"equal: {pair.a_shared} and {pair.b_shared} words; rewritten:"
        f" {pair.a_rewritten} and {pair.b_rewritten} more",
        fontweight="normal",
        fontsize=7,
    )


def _words(result: Reuse, ax: Axes | Sequence[Axes] | None) -> Figure:
    table = result.articles
    for name in ("shared", "rewritten"):
        uncredited = table[name] - table[f"{name}_credited"]
        table = table.assign(**{f"{name}_uncredited": uncredited})
    if len(table) > TALL:
        most = result.shared_share.sort_values(ascending=False, kind="stable").index[:TALL]
        table = table.set_index("article_id", drop=False).loc[most]
    y, left = np.arange(len(table)), np.zeros(len(table))
    with one_axes(ax, SINGLE, 1.2 + 0.19 * len(table)) as ax:
        for part, (label, colour, hatch) in BARS.items():
            share = (100 * table[part] / table["n_words"].clip(lower=1)).to_numpy()
            ax.barh(y, share, left=left, color=colour, hatch=hatch, edgecolor=INK, label=label)
            left = left + share
        ax.set_yticks(y, table["article_id"])
        ax.invert_yaxis()
        ax.set_xlim(0, 100)
        ax.set_xlabel("percent of the article's words")
        ax.set_title(_with_cut(result.finding_of("words"), len(table), len(result.articles)))
        legend_below(ax, below=0.42, x=0.42)
    return Figure(ax.figure, "reuse_words", result, result.articles.drop(columns="credits"))


def _with_cut(finding: str, shown: int, n: int) -> str:
    """The finding, and how many articles are drawn where not all are."""
    if shown == n:
        return finding
    return f"{finding};\n{shown} of {n:,} articles shown, those that share most"
