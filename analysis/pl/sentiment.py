"""Draw polarity by group, and along articles."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.errors import OptionError
from analysis.options import check_choice
from analysis.pl.figure import Figure, chosen_kind, draw_nothing, one_axes
from analysis.pl.rows import FIGURE_ROWS, draw_groups, draw_marks
from analysis.pl.style import DOUBLE, INK, NEGATIVE, POSITIVE, fitted
from analysis.results import count
from analysis.tl.sentiment import Sentiment
from analysis.wording import agreement, noun

SENTIMENT_FIGURES = ("groups", "course")
STRIPS = 0.74  # share of the width; the means stand right of it


def sentiment(
    result: Sentiment,
    *,
    kind: str | None = None,
    dictionary: str | None = None,
    label_by: str = "label",
    ax: Axes | None = None,
) -> Figure:
    """The mean of each group beside that of the rest, or its course over time.

    Parameters
    ----------
    result : Sentiment
    kind : {"groups", "course"}
        With "course", of a result by article, a strip for each of at most 20 articles, in which
        each sentence is a bar, as wide as its words, up or down as it is positive or negative: of
        more articles the most negative and the most positive.
    dictionary : str, optional
        The first of the result if not given.
    label_by : str
        The column of `result.groups` that names the rows.
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its name is "sentiment", with the kind and the dictionary where they are not the first.

    Raises
    ------
    OptionError
        If the result holds no such dictionary, or is not by article where a course is asked for.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.sentiment(tw.load("amnesty2024"), draws=10)
    >>> tw.pl.sentiment(result)
    Figure(name='sentiment')
    >>> tw.pl.sentiment(result, kind="course")
    Figure(name='sentiment_course')
    """
    kind = chosen_kind(kind, SENTIMENT_FIGURES)
    first = result.dictionaries[0]
    dictionary = first if dictionary is None else dictionary
    check_choice("dictionary", dictionary, result.dictionaries)
    if kind == "course" and result.params["by"] != "article_id":
        raise OptionError(
            f'kind="course" draws articles: write tw.tl.sentiment(corpus, by="article_id") (got'
            f" by={result.params['by']!r})"
        )
    parts = ["sentiment", kind * (kind != "groups"), dictionary * (dictionary != first)]
    name = "_".join(filter(None, parts))
    table = result.table[result.table["dictionary"] == dictionary]
    title, subtitle = result.finding_of(dictionary), _subtitle(table, dictionary)
    if table["mean"].isna().all():
        with one_axes(ax, DOUBLE, 1) as ax:
            draw_nothing(ax, "There is no sentence to score.")
        return Figure(ax.figure, name, result, table)
    if kind == "course":
        return _course(result, name, table, title, subtitle, label_by, ax)
    return draw_groups(
        result,
        name,
        table,
        "mean",
        label="mean polarity, −1 to +1",
        zero=True,
        noun=noun(result.params["by"]),
        title=title,
        subtitle=subtitle,
        label_by=label_by,
        ax=ax,
    )


def _subtitle(table: pd.DataFrame, dictionary: str) -> str:
    """What is measured, how often, and how well it is known."""
    n = table[["n_articles", "n_sentences", "n_scored"]].sum()
    said = (
        f"Mean polarity of {count(int(n['n_sentences']), 'sentence')} in"
        f" {count(int(n['n_articles']), 'article')} by the dictionary “{dictionary}”, which knows a"
        f" word of {n['n_scored'] / max(n['n_sentences'], 1):.0%} of them."
    )
    return f"{said} {agreement('sentiment')}"


def _course(
    result: Sentiment,
    name: str,
    table: pd.DataFrame,
    title: str,
    subtitle: str,
    label_by: str,
    ax: Axes | None,
) -> Figure:
    assert result.groups is not None, "made by sentiment"
    shown = table[table["mean"].notna()].sort_values("shrunk", kind="stable")
    if len(shown) > FIGURE_ROWS:
        subtitle += f" {FIGURE_ROWS} of {len(shown)} articles are shown, the farthest."
        half = FIGURE_ROWS // 2
        shown = pd.concat([shown.head(half), shown.tail(half)])
    labels = result.groups.set_index("group").loc[shown["group"], label_by]
    sentences = result.sentences[result.sentences["dictionary"] == table["dictionary"].iloc[0]]
    height = 1.5 + 0.3 * len(shown)
    with one_axes(ax, DOUBLE, height, title=title, subtitle=subtitle) as ax:
        _draw_strips(ax, shown["group"].tolist(), sentences)
        _draw_means(ax, shown, result.params["level"])
        ax.set_yticks(range(len(shown)), fitted(labels, 1.9))
    return Figure(ax.figure, name, result, table, title=title, subtitle=subtitle)


def _draw_strips(ax: Axes, articles: list[str], sentences: pd.DataFrame) -> None:
    sentences = sentences[sentences["article_id"].isin(articles)]
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
    side = ax.inset_axes((STRIPS + 0.04, 0, 0.96 - STRIPS, 1), sharey=ax)
    side.patch.set_visible(False)
    draw_marks(side, table, "mean", False, True, False)
    side.tick_params(axis="y", left=False)
    side.spines["left"].set_visible(False)
    side.set_xlabel(
        f"mean ({level:.0%} bars for all together;\nfilled: differs from the rest, the tick)"
    )
