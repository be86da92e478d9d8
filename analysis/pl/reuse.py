"""Draw shared words: who shares with whom, whose words each outlet prints, where they stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Polygon
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from analysis.errors import OptionError
from analysis.groups import has_periods
from analysis.pl._reuse_life import draw_lives
from analysis.pl._reuse_network import draw_network
from analysis.pl.figure import Figure, chosen_kind, draw_nothing, one_axes, panels
from analysis.pl.rows import FIGURE_ROWS, draw_groups
from analysis.pl.style import AMBER, BLUE, DOUBLE, GREEN, INK, PALE, fitted, legend_below
from analysis.results import count
from analysis.tl._reuse_said import noun_of, takers_of
from analysis.tl.lineage import Lineage
from analysis.tl.reuse import ALIGNED, FIGURES, Reuse

BARS = {
    "own": ("own words", "white", ""),
    "quoted": ("quoted", PALE, ""),
    "outlets_credited": ("another outlet's, credited", GREEN, "////"),
    "outlets_uncredited": ("another outlet's, uncredited", GREEN, ""),
    "agency_credited": ("an agency's, credited", BLUE, "////"),
    "agency_uncredited": ("an agency's, uncredited", BLUE, ""),
}
BANDS = {
    "equal": ("equal words", AMBER, 0.85),
    "quoted": ("equal words, quoted on both sides", BLUE, 0.85),
    "rewritten": ("rewritten or summarised", GREEN, 0.55),
}
OVER_TIME = {"agency": "words of agencies", "outlets": "words of other outlets"}
_NAMES = 1.6  # inches for names beside a figure


def reuse(
    result: Reuse,
    *,
    kind: str | None = None,
    ax: Axes | Sequence[Axes] | None = None,
    pairs: Sequence[tuple[str, str]] | None = None,
    lineage: Lineage | None = None,
) -> Figure:
    """Draw who shares words with whom, whose words each outlet prints, and where they stand.

    Parameters
    ----------
    result : Reuse
    kind : {"matrix", "network", "words", "life", "alignment"}, optional
        "matrix": of 100 words of the outlet in the row, how many articles of the outlet in the
        column have too; outlets that share stand beside each other. "network": lines join outlets
        by the share of their words that they have in common, and outlets with those that they
        credit and the corpus lacks; no line has a direction but for those of `lineage`. "words":
        whose words each outlet prints, as bars, or by week where the result has weeks. "life": the
        ten passages that went furthest, day by day. "alignment": pairs of articles as two lines,
        their passages as bands between them.
    ax : Axes, or a sequence of Axes for "alignment", optional
        A new figure if not given.
    pairs : sequence of (str, str), optional
        The articles of each panel of "alignment"; the eight pairs of different outlets that share
        most words if not given.
    lineage : Lineage, optional
        For "network": arrows point from the outlet that more articles had their passages from to
        the one that had them, where its verdicts say so.

    Returns
    -------
    Figure
        Its table: `between` of the result for "matrix", the ties that are drawn for "network",
        `composition` for "words", `course` for "life" (and in `more` the copies), `table` for
        "alignment".

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
    if lineage is not None and kind != "network":
        raise OptionError(f"lineage is of the kind 'network' (got a lineage for {kind!r})")
    if kind == "alignment":
        return _alignment(result, ax, pairs)
    if kind == "network":
        return draw_network(result, lineage, ax)
    return {"matrix": _matrix, "words": _words, "life": draw_lives}[kind](result, ax)


# --- who shares with whom ---


def _matrix(result: Reuse, ax: Axes | Sequence[Axes] | None) -> Figure:
    takers, (_, several) = takers_of(result), noun_of(result.params["by"])
    share, left_out = _square(result, takers)
    pairs = count(len(result.ranked_pairs), "pair of articles", "pairs of articles")
    subtitle = (
        "Of 100 words of the row, how many stand in the column too, whoever had them first:"
        f" {pairs} of different outlets {'shares' if pairs.startswith('1 ') else 'share'} passages"
        f" of {result.params['min_words']} equal words or more, or rewritten ones."
    )
    if left_out:
        subtitle += f" The last row pools {left_out} {several} that share less."
    title = result.finding_of("matrix")
    n_rows, n_columns = share.shape
    width = DOUBLE if n_columns > 5 else 5.2
    with one_axes(ax, width, 2.2 + 0.24 * max(n_rows, 2), title=title, subtitle=subtitle) as ax:
        if result.between.empty:
            draw_nothing(ax, title)
        else:
            _draw_matrix(ax, share)
    return Figure(ax.figure, "reuse", result, result.between, title=title, subtitle=subtitle)


def _square(result: Reuse, takers: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The share of each row's words in each column, by label, in blocks; how many are pooled."""
    words = result.between.pivot(index="taker", columns="giver", values="words")
    words = words.reindex(index=takers.index, columns=takers.index).fillna(0)
    shared = (words.sum(axis=1) + words.sum(axis=0)).sort_values(ascending=False, kind="stable")
    kept = shared.index[shared > 0]
    kept = kept[: FIGURE_ROWS - 1] if len(kept) > FIGURE_ROWS else kept
    others = takers.index.difference(kept[:], sort=False)
    pooled = len(kept) == FIGURE_ROWS - 1 and len(others) > 0
    share = words.loc[kept, kept].div(takers["n_words"][kept].clip(lower=1), axis=0)
    if len(kept) > 2:
        near = share.to_numpy() + share.to_numpy().T
        far = near.max() - near
        np.fill_diagonal(far, 0)
        order = leaves_list(
            linkage(squareform(far, checks=False), "average", optimal_ordering=True)
        )
        share = share.iloc[order, order]
    labels = fitted(takers["label"][share.index], _NAMES)
    share.index, share.columns = labels, labels
    if pooled:
        total = max(int(takers["n_words"][others].sum()), 1)
        last = words.loc[others, kept].sum() / total
        last.index = fitted(takers["label"][kept], _NAMES)
        share.loc[f"{len(others)} more, together"] = last.reindex(share.columns)
    return share, len(others) if pooled else 0


def _draw_matrix(ax: Axes, share: pd.DataFrame) -> None:
    values, n = share.to_numpy(float), share.shape[1]
    top = max(np.nanmax(values, initial=0), 0.01)
    ax.imshow(np.ma.masked_equal(values, 0), cmap="Blues", vmin=0, vmax=top * 1.15, aspect="auto")
    diagonal = np.ma.masked_equal(np.eye(*values.shape), 0)
    ax.imshow(diagonal, cmap="Greys", vmin=0, vmax=5, aspect="auto")
    ax.set_xticks(np.arange(n - 1) + 0.5, minor=True)
    ax.set_yticks(np.arange(len(values) - 1) + 0.5, minor=True)
    ax.grid(which="minor", color="#e0e0e0", linewidth=0.5)
    ax.tick_params(which="minor", length=0)
    for i, j in np.argwhere(values > 0):
        text = f"{100 * values[i, j]:.0f}" if values[i, j] >= 0.005 else "<1"
        color = "white" if values[i, j] > 0.6 * top else INK
        ax.text(j, i, text, ha="center", va="center", color=color)
    ax.set_xticks(range(n), share.columns, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(values)), share.index)
    ax.tick_params(length=0)
    ax.set_xlabel("… stand in articles of this one too")
    ax.set_ylabel("of 100 words of this one …")
    ax.spines[:].set_visible(False)


# --- whose words an outlet prints ---


def _words(result: Reuse, ax: Axes | Sequence[Axes] | None) -> Figure:
    title, noun = result.finding_of("words"), noun_of(result.params["by"])
    assert result.groups is not None
    table = result.composition
    subtitle = (
        "Credited: the article says whose words they are, or has a line that does. An agency's,"
        " uncredited: shared with an article that credits an agency for them."
    )
    if has_periods(result.groups):
        return draw_groups(
            result,
            "reuse_words",
            table[table["part"].isin(OVER_TIME)],
            "share",
            panel="part",
            panel_names=OVER_TIME,
            label="share of the words",
            percent=True,
            noun=noun,
            title=title,
            subtitle=subtitle,
            ax=ax,
        )
    rows = _bars(result, noun)
    with one_axes(ax, DOUBLE, 1.5 + 0.2 * max(len(rows), 3), title=title, subtitle=subtitle) as ax:
        y, left = np.arange(len(rows)), np.zeros(len(rows))
        for part, (label, colour, hatch) in BARS.items():
            share = 100 * rows[part].to_numpy()
            ax.barh(y, share, left=left, color=colour, hatch=hatch, edgecolor=INK, label=label)
            left = left + share
        ax.set_yticks(y, rows.index)
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 100)
        ax.set_xlabel("percent of the words")
        legend_below(ax, below=0.38, ncols=3)
    return Figure(ax.figure, "reuse_words", result, table, title=title, subtitle=subtitle)


def _bars(result: Reuse, noun: tuple[str, str]) -> pd.DataFrame:
    """At most 20 rows by label, those with fewest own words first, the others pooled in one."""
    assert result.groups is not None
    groups = result.groups.set_index("group")
    words = result.composition.pivot(index="group", columns="part", values="words")[list(BARS)]
    words, several = words.reindex(groups.index), noun[0] != "article"
    size = groups["n_words"]
    kept = groups.index
    if len(kept) > FIGURE_ROWS:
        # of outlets those with most articles, of articles those with fewest words of their own
        first = groups["n_articles"] if several else 1 - words["own"] / size.clip(lower=1)
        kept = first.sort_values(ascending=False, kind="stable").index[: FIGURE_ROWS - 1]
    own = (words["own"] / size.clip(lower=1))[kept].sort_values(kind="stable")
    rows = words.loc[own.index].div(size[own.index].clip(lower=1), axis=0)
    n = groups["n_articles"][own.index]
    names = fitted(groups["label"][own.index], _NAMES - 0.3 * several)
    rows.index = [f"{name} ({k:,})" for name, k in zip(names, n)] if several else names
    others = groups.index.difference(kept, sort=False)
    if len(others):
        pooled = words.loc[others].sum() / max(int(size[others].sum()), 1)
        rows.loc[f"{count(len(others), *noun)} more"] = pooled
    return rows


# --- where the words stand ---


def _alignment(
    result: Reuse, ax: Axes | Sequence[Axes] | None, given: Sequence[tuple[str, str]] | None
) -> Figure:
    shown = result.ranked_pairs.head(ALIGNED)
    if given is not None:
        shown = result.pairs.loc[[_row_of(result.pairs, *pair) for pair in given]]
    title = result.finding_of("alignment")
    n = len(result.ranked_pairs)
    subtitle = "A line is an article, word by word; a band joins a passage's places in two."
    if given is None and n > len(shown):
        subtitle += f" Shown are the {len(shown)} of {n:,} pairs that share most words."
    with panels(
        ax, max(len(shown), 1), columns=2, height=1.0, extra=0.35, title=title, subtitle=subtitle
    ) as axes:
        for panel, pair in zip(axes, shown.itertuples()):
            _draw_pair(panel, result, pair)
        if shown.empty:
            draw_nothing(axes[0], title)
        elif ax is None:
            handles = [
                Patch(facecolor=colour, edgecolor=INK, alpha=alpha, label=said)
                for said, colour, alpha in BANDS.values()
            ]
            axes[0].figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return Figure(
        axes[0].figure, "reuse_alignment", result, result.table, title=title, subtitle=subtitle
    )


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
    table = table[table["evidence"] != "none"]
    about = result.articles.set_index("article_id")
    words = about["n_words"]
    labels = fitted(about["label"][[pair.a, pair.b]], 2.2)
    sides = (pair.a, pair.a_shared, 1, 3, "bottom"), (pair.b, pair.b_shared, 0, -3, "top")
    for label, (name, shared, y, away, va) in zip(labels, sides):
        ax.plot([0, words[name]], [y, y], color=INK, linewidth=2.5, solid_capstyle="butt")
        said = f"{label}: {shared:,} of {words[name]:,} words"
        ax.annotate(said, (0, y), xytext=(0, away), textcoords="offset points", va=va)
    equal = table["kind"] == "verbatim"
    for row in pd.concat([table[~equal], table[equal]]).itertuples():  # equal words on top
        what = "rewritten" if row.kind != "verbatim" else "quoted" if row.quoted else "equal"
        _, colour, alpha = BANDS[what]
        corners = [
            (row.a_position, 1),
            (row.a_position + row.a_words, 1),
            (row.b_position + row.b_words, 0),
            (row.b_position, 0),
        ]
        ax.add_patch(
            Polygon(
                corners, closed=True, facecolor=colour, edgecolor=INK, linewidth=0.4, alpha=alpha
            )
        )
    ax.set_xlim(0, words[[pair.a, pair.b]].max())
    ax.set_ylim(-0.55, 1.55)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
