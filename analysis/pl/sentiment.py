"""Draw polarity along articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.options import check_choice
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import DOUBLE, INK, NEGATIVE, NEUTRAL, PAGE, POSITIVE
from analysis.tl.sentiment import Sentiment

STRIPS = 0.74  # share of the width; the means stand right of it
_FIT = int((PAGE - 1.15) / 0.36)  # articles on a page


def sentiment(
    result: Sentiment, *, dictionary: str | None = None, ax: Axes | None = None
) -> Figure:
    """A strip for each article, and its mean with its interval.

    In a strip each sentence is a bar, as wide as its words, up or down as it is positive or
    negative. Where there are more articles than fit on a page, the most negative and the most
    positive are drawn.

    Parameters
    ----------
    result : Sentiment
    dictionary : str, optional
        The first of the result if not given.
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its name is "sentiment" for the first dictionary, "sentiment_<dictionary>" for others.

    Raises
    ------
    OptionError
        If the result holds no such dictionary.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.sentiment(tw.tl.sentiment(tw.load("amnesty2024"), draws=10))
    Figure(name='sentiment')
    """
    first = result.dictionaries[0]
    dictionary = first if dictionary is None else dictionary
    check_choice("dictionary", dictionary, result.dictionaries)
    name = "sentiment" if dictionary == first else f"sentiment_{dictionary}"
    table = result.table[result.table["dictionary"] == dictionary]
    sentences = result.sentences[result.sentences["dictionary"] == dictionary]
    cut = ""
    if len(table) > _FIT:
        cut = f" ({_FIT} of {len(table)} shown: the lowest and the highest means)"
        ranked = table.sort_values("mean", kind="stable")
        table = pd.concat([ranked.head(_FIT // 2), ranked.tail(_FIT - _FIT // 2)])
    sentences = sentences[sentences["article_id"].isin(table["article_id"])]
    with one_axes(ax, DOUBLE, 1.15 + 0.36 * max(len(table), 1)) as ax:
        if table.empty:
            draw_nothing(ax, "There is no sentence to score.")
        else:
            _draw_strips(ax, table["article_id"].tolist(), sentences)
            _draw_means(ax, table, result.params["level"])
            ax.set_title(result.finding_of(dictionary) + cut, pad=16)
    return Figure(ax.figure, name, result, result.table)


def _draw_strips(ax: Axes, articles: list[str], sentences: pd.DataFrame) -> None:
    parts = dict(iter(sentences.groupby("article_id", sort=False)))
    for row, article in enumerate(articles):
        part = parts[article]
        ax.bar(
            part["position"],
            -0.42 * part["score"],
            width=part["n_words"],
            bottom=row,
            align="edge",
            linewidth=0,
            color=np.where(part["score"] > 0, POSITIVE, NEGATIVE),
        )
        end = part["position"].max() + part["n_words"].iloc[-1]
        ax.hlines(row, 0, end, color=INK, linewidth=0.4)
    ax.set_yticks(range(len(articles)), articles)
    ax.set_ylim(len(articles) - 0.45, -0.55)
    longest = float((sentences["position"] + sentences["n_words"]).max())
    ax.set_xlim(0, longest / STRIPS)
    ax.set_xticks([t for t in ax.get_xticks() if 0 <= t <= longest])
    ax.spines["bottom"].set_bounds(0, longest)
    ax.set_xlabel("position in the article, in words", x=STRIPS / 2)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.legend(
        [Patch(color=POSITIVE), Patch(color=NEGATIVE)],
        ["positive sentence (up; a row is from +1 to −1)", "negative sentence (down)"],
        loc="lower left",
        ncols=2,
        bbox_to_anchor=(0, 1),
        borderaxespad=0.1,
        handlelength=1,
        borderpad=0,
    )


def _draw_means(ax: Axes, table: pd.DataFrame, level: float) -> None:
    rows = np.arange(len(table))
    side = ax.inset_axes((STRIPS + 0.04, 0, 0.96 - STRIPS, 1), sharey=ax)
    side.patch.set_visible(False)
    clear = ((table["low"] > 0) | (table["high"] < 0)).to_numpy()
    side.axvline(0, color=INK, linewidth=0.6)
    side.hlines(rows, table["low"], table["high"], color=NEUTRAL)
    for part, face in ((clear, INK), (~clear, "white")):
        side.plot(
            table["mean"][part],
            rows[part],
            "o",
            markersize=4,
            markerfacecolor=face,
            markeredgecolor=INK,
            markeredgewidth=0.7,
        )
    side.tick_params(axis="y", left=False, labelleft=False)
    side.spines["left"].set_visible(False)
    side.set_xlabel(f"mean with {level:.0%} interval\n(filled: differs from 0)")
