"""Draw who had passages from whom."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.groups import UNKNOWN
from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS
from analysis.pl.style import BLUE, ORANGE, PALE, fitted
from analysis.results import count
from analysis.tl.lineage import PROBABILITIES, VERDICTS, Lineage

_NAMES = 1.7  # inches for the name of an article


def lineage(result: Lineage, *, ax: Axes | None = None) -> Figure:
    """The pairs of which it is surest who had passages from whom, as bars of the probabilities.

    In each row an arrow points from the article that more probably was first to the other. The 20
    pairs of different outlets are drawn whose arrows are surest, those with such a verdict first;
    of equally sure ones those with most words. Those of the two outlets that the title names come
    first, in bold.

    Parameters
    ----------
    result : Lineage
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its table holds the rows of `result.table` that are drawn, without `evidence`.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.lineage(tw.tl.lineage(tw.load("amnesty2024")))
    Figure(name='lineage')
    """
    every = result.table[~result.table["one_outlet"]]
    sure = every[PROBABILITIES[:2]].max(axis=1)
    named = _named(result, every)
    told = every["verdict"].isin(VERDICTS[:2])  # others may be as sure on too few words
    order = np.lexsort((-every["n_words"], -sure.round(6), ~told, ~named))[:FIGURE_ROWS]
    table = every.iloc[order].drop(columns="evidence").reset_index(drop=True)
    from_a = (table["p_b_from_a"] >= table["p_a_from_b"]).to_numpy()
    giver, taker = table["a"].where(from_a, table["b"]), table["b"].where(from_a, table["a"])
    p = np.sort(table[PROBABILITIES[:2]], axis=1)
    y, common = np.arange(len(table)), table["p_common"]
    title, n = result.finding, len(every)
    subtitle = (
        "How probably the second article had what both share from the first, as their edits, cuts,"
        " dates and credits tell."
    )
    within, left = len(result.table) - n, []
    if n > len(table):
        left.append(f"shown are the {len(table)} surest of {n:,} pairs of articles")
    if within:
        left.append(f"{count(within, 'pair')} of one outlet left out")
    if left:
        said = ", ".join(left)
        subtitle += f" {said[0].upper()}{said[1:]}."
    height = 0.45 + 0.19 * max(len(table), 2)
    new = ax is None
    with panels(ax, 1, columns=1, title=title, subtitle=subtitle, height=height, extra=0.15) as (
        ax,
    ):
        if table.empty:
            draw_nothing(ax, title)
            return Figure(ax.figure, "lineage", result, table, title=title)
        for start, width, colour, label in (
            (0, p[:, 1], BLUE, "passed on as the arrow points"),
            (p[:, 1], common, PALE, "both from a third"),
            (p[:, 1] + common, p[:, 0], ORANGE, "passed on the other way"),
        ):
            ax.barh(y, width, left=start, color=colour, edgecolor="black", label=label)
        ax.set_yticks(y, _arrows(result, giver, taker))
        for tick, bold in zip(ax.get_yticklabels(), named[order]):
            tick.set_fontweight("bold" if bold else "normal")
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0, 1)
        ax.set_xlabel("probability")
        if new:
            ax.figure.legend(loc="outside lower center", ncols=3)
    return Figure(ax.figure, "lineage", result, table, title=title, subtitle=subtitle)


def _named(result: Lineage, table: pd.DataFrame) -> np.ndarray:
    """Whether each pair is of the two outlets (or articles) that the title names, and passed on."""
    best, groups = result.most_passed, result.groups
    if best is None or groups is None or result.params["by"] not in ("outlet", "article_id"):
        return np.zeros(len(table), bool)
    group = groups.set_index("group")["outlet"].replace("", UNKNOWN)
    if result.params["by"] == "article_id":
        group = pd.Series(groups["group"].to_numpy(), groups["group"])
    a, b = table["a"].map(group), table["b"].map(group)
    a_from_b = (table["verdict"] == VERDICTS[0]) & (b == best[0]) & (a == best[1])
    b_from_a = (table["verdict"] == VERDICTS[1]) & (a == best[0]) & (b == best[1])
    return (a_from_b | b_from_a).to_numpy()


def _arrows(result: Lineage, giver: pd.Series, taker: pd.Series) -> list[str]:
    """The names of two articles with an arrow between them."""
    assert result.groups is not None
    label = result.groups.set_index("group")["label"]
    ids = pd.unique(pd.concat([giver, taker]))
    name = dict(zip(ids, fitted(label[ids], _NAMES)))
    return [f"{name[one]} → {name[other]}" for one, other in zip(giver, taker)]
