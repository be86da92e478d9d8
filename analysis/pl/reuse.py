"""Draw shared words: who shares with whom, whose words each outlet prints, where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch, Polygon, Rectangle
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from analysis.errors import OptionError
from analysis.groups import has_periods
from analysis.pl._reuse_life import draw_lives
from analysis.pl._reuse_network import draw_network
from analysis.pl.figure import Figure, chosen_kind, draw_nothing, one_axes, panels
from analysis.pl.rows import FIGURE_ROWS, draw_groups
from analysis.pl.style import AMBER, BLUE, DOUBLE, GREEN, INK, PALE, fitted, inches_of, legend_below
from analysis.results import count
from analysis.tl._reuse_said import named_in, noun_of, takers_of
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
_ROWS = FIGURE_ROWS - 1  # of the matrix, which has two of totals besides
_SMALL, _WIDE = 0.1, 15  # a share of few words, and columns with room for their decimals
_CELLS, _GAP = 5.0, 0.35  # inches for the matrix's cells, and cells before what is shared in all


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
        column have too; outlets that share stand beside each other. Behind each row and below each
        column stands what is shared in all. "network": lines join outlets
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
    totals = _totals(result, takers, share)
    named = set(takers["label"].reindex(named_in(result, "matrix")).dropna())
    pairs = count(len(result.ranked_pairs), "pair of articles", "pairs of articles")
    subtitle = (
        "Of 100 words of the row, how many stand in the column too, whoever had them first:"
        f" {pairs} of different outlets {'shares' if pairs.startswith('1 ') else 'share'} passages"
        f" of {result.params['min_words']} equal words or more, or rewritten ones."
    )
    subtitle += " Grey: what is shared in all, each word once; in bold of all words."
    if left_out:
        subtitle += f" The last row pools {left_out} {several} that share less."
    title = result.finding_of("matrix")
    if named:
        subtitle += f" Blue: who differs from all other {several} in what is shared in all."
    n_rows, n_columns = share.shape
    width = DOUBLE if n_columns > 5 else 5.2
    with one_axes(ax, width, 2.9 + 0.24 * max(n_rows, 2), title=title, subtitle=subtitle) as ax:
        if result.between.empty:
            draw_nothing(ax, title)
        else:
            names = fitted(takers["label"][list(share.columns)], _NAMES)
            row_names = [*names, *share.index[n_columns:]]
            # where the most is a few of 100, whole ones would be alike
            digits = int(np.nanmax(share.to_numpy(float)) < _SMALL and n_columns <= _WIDE)
            _draw_matrix(ax, share, names, row_names, digits)
            every = int(result.totals["words"].sum()), int(takers["n_words"].sum())
            bold = [takers["label"].get(group, "") in named for group in share.index]
            _draw_totals(ax, *totals, every, bold, digits)
    return Figure(ax.figure, "reuse", result, result.between, title=title, subtitle=subtitle)


def _square(result: Reuse, takers: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The share of each row's words in each column, in blocks; how many are pooled in the last."""
    words = result.between.pivot(index="taker", columns="giver", values="words")
    words = words.reindex(index=takers.index, columns=takers.index).fillna(0)
    shared = (words.sum(axis=1) + words.sum(axis=0)).sort_values(ascending=False, kind="stable")
    kept = shared.index[shared > 0]
    kept = kept[: _ROWS - 1] if len(kept) > _ROWS else kept
    others = takers.index.difference(kept[:], sort=False)
    pooled = len(kept) == _ROWS - 1 and len(others) > 0
    share = words.loc[kept, kept].div(takers["n_words"][kept].clip(lower=1), axis=0)
    if len(kept) > 2:
        near = share.to_numpy() + share.to_numpy().T
        far = near.max() - near
        np.fill_diagonal(far, 0)
        order = leaves_list(
            linkage(squareform(far, checks=False), "average", optimal_ordering=True)
        )
        share = share.iloc[order, order]
    if pooled:
        total = max(int(takers["n_words"][others].sum()), 1)
        last = words.loc[others, kept].sum() / total
        share.loc[f"{len(others)} more, together"] = last.reindex(share.columns)
    return share, len(others) if pooled else 0


def _totals(
    result: Reuse, takers: pd.DataFrame, share: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Words and share of each row that any other has too, and of all others, of each column."""
    totals = result.totals.set_index("group")
    rows = totals.loc[share.columns, ["words", "share"]]
    if len(share) > share.shape[1]:
        others = takers.index.difference(share.columns)
        n = int(totals.loc[others, "words"].sum())
        rows.loc[share.index[-1]] = n, n / max(int(takers["n_words"][others].sum()), 1)
    columns = totals.loc[share.columns, ["others_words", "others_share"]]
    return rows, columns.set_axis(["words", "share"], axis=1)


def _of_100(share: float, digits: int) -> str:
    least = 10.0**-digits
    if 0 < 100 * share < least / 2:
        return f"<{least:g}"
    return f"{100 * share:.{digits}f}" if share else "0"


def _draw_totals(
    ax: Axes,
    rows: pd.DataFrame,
    columns: pd.DataFrame,
    every: tuple[int, int],
    named: Sequence[bool],
    digits: int,
) -> None:
    """What is shared in all: behind each row, and below each column, of 100 words and in words.

    In the corner stands what is shared of all words, of which there are so many.
    """
    n, below = len(columns), len(rows)
    cell = _CELLS / (n + 3)  # inches, at least
    said = [f"{int(words):,}" for words in columns["words"]]
    upright = max(map(inches_of, said)) > cell - 0.02
    right, bottom = n - 0.5 + _GAP, below - 0.5 + _GAP
    wide = (inches_of(f"{every[0]:,}") + 0.12) / cell
    high = 2.0 if upright else 1.0
    ax.set_xlim(-0.5, right + 1 + wide)
    ax.set_ylim(bottom + 1 + high, -0.5)
    grey: dict[str, Any] = {"color": "#f2f2f2", "linewidth": 0, "zorder": 0}
    ax.add_patch(Rectangle((right, -0.5), 1 + wide, below, **grey))
    ax.add_patch(Rectangle((-0.5, bottom), n, 1 + high, **grey))
    end = right + 1 + wide - 0.05 / cell
    corner: dict[str, Any] = {"va": "center", "fontweight": "bold"}
    ax.text(
        right + 0.5,
        bottom + 0.5,
        _of_100(every[0] / max(every[1], 1), digits),
        ha="center",
        **corner,
    )
    ax.text(end, bottom + 0.5, f"{every[0]:,}", ha="right", **corner)
    for i, (row, bold) in enumerate(zip(rows.itertuples(), named)):
        look: dict[str, Any] = {
            "color": BLUE if bold else INK,
            "fontweight": "bold" if bold else "normal",
        }
        ax.text(right + 0.5, i, _of_100(row.share, digits), ha="center", va="center", **look)
        ax.text(end, i, f"{int(row.words):,}", ha="right", va="center", **look)
    for j, (share, words) in enumerate(zip(columns["share"], said)):
        ax.text(j, bottom + 0.5, _of_100(share, digits), ha="center", va="center")
        turned = 90 if upright else 0
        ax.text(j, bottom + 1 + high / 2, words, ha="center", va="center", rotation=turned)
    places = [*range(below), bottom + 0.5, bottom + 1 + high / 2]
    names = [text.get_text() for text in ax.get_yticklabels()]
    ax.set_yticks(places, [*names, "of 100 words of all others", "in words"])
    places = [*range(n), right + 0.5, right + 1 + wide / 2]
    names = [text.get_text() for text in ax.get_xticklabels()]
    ax.set_xticks(
        places,
        [*names, "of any other", "in words"],
        rotation=45,
        ha="right",
        rotation_mode="anchor",
    )


def _draw_matrix(
    ax: Axes, share: pd.DataFrame, column_names: list[str], row_names: list[str], digits: int
) -> None:
    values, n = share.to_numpy(float), share.shape[1]
    top = max(np.nanmax(values, initial=0), 0.01)
    ax.imshow(np.ma.masked_equal(values, 0), cmap="Blues", vmin=0, vmax=top * 1.15, aspect="auto")
    diagonal = np.ma.masked_equal(np.eye(*values.shape), 0)
    ax.imshow(diagonal, cmap="Greys", vmin=0, vmax=5, aspect="auto")
    for x in np.arange(n - 1) + 0.5:
        ax.plot([x, x], [-0.5, len(values) - 0.5], color="#e0e0e0", linewidth=0.5)
    for y in np.arange(len(values) - 1) + 0.5:
        ax.plot([-0.5, n - 0.5], [y, y], color="#e0e0e0", linewidth=0.5)
    for i, j in np.argwhere(values > 0):
        color = "white" if values[i, j] > 0.6 * top else INK
        ax.text(j, i, _of_100(values[i, j], digits), ha="center", va="center", color=color)
    ax.set_xticks(range(n), column_names)
    ax.set_yticks(range(len(values)), row_names)
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
    named = named_in(result, "words")
    rows = _bars(result, noun, named)
    if rows["bold"].any():
        subtitle += " Bold: who differs from the rest, as the title says."
    with one_axes(ax, DOUBLE, 1.5 + 0.2 * max(len(rows), 3), title=title, subtitle=subtitle) as ax:
        y, left = np.arange(len(rows)), np.zeros(len(rows))
        for part, (label, colour, hatch) in BARS.items():
            share = 100 * rows[part].to_numpy(float)
            ax.barh(y, share, left=left, color=colour, hatch=hatch, edgecolor=INK, label=label)
            left = left + share
        ax.set_yticks(y, rows.index)
        for tick, bold in zip(ax.get_yticklabels(), rows["bold"]):
            tick.set_fontweight("bold" if bold else "normal")
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.set_xlim(0, 100)
        ax.set_xlabel("percent of the words")
        legend_below(ax, below=0.38, ncols=3)
    return Figure(ax.figure, "reuse_words", result, table, title=title, subtitle=subtitle)


def _bars(result: Reuse, noun: tuple[str, str], named: list[str]) -> pd.DataFrame:
    """At most 20 rows by label, those with fewest own words first, the others pooled in one.

    Those that the title names have a row of their own, and are `bold`.
    """
    assert result.groups is not None
    groups = result.groups.set_index("group")
    words = result.composition.pivot(index="group", columns="part", values="words")[list(BARS)]
    words, several = words.reindex(groups.index), noun[0] != "article"
    size = groups["n_words"]
    kept = groups.index
    if len(kept) > FIGURE_ROWS:
        # of outlets those with most articles, of articles those with fewest words of their own
        first = groups["n_articles"] if several else 1 - words["own"] / size.clip(lower=1)
        first = first.where(~first.index.isin(named), np.inf)
        kept = first.sort_values(ascending=False, kind="stable").index[: FIGURE_ROWS - 1]
    own = (words["own"] / size.clip(lower=1))[kept].sort_values(kind="stable")
    rows = words.loc[own.index].div(size[own.index].clip(lower=1), axis=0)
    n = groups["n_articles"][own.index]
    names = fitted(groups["label"][own.index], _NAMES - 0.3 * several)
    rows.index = [f"{name} ({k:,})" for name, k in zip(names, n)] if several else names
    rows["bold"] = own.index.isin(named)
    others = groups.index.difference(kept, sort=False)
    if len(others):
        pooled = words.loc[others].sum() / max(int(size[others].sum()), 1)
        rows.loc[f"{count(len(others), *noun)} more"] = {**pooled, "bold": False}
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
