"""Draw polarity along articles."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.errors import OptionError
from analysis.pl.style import DOUBLE, INK, NEGATIVE, NEUTRAL, POSITIVE, styled
from analysis.tl.sentiment import Sentiment

STRIPS = 0.74  # share of the width; the means stand right of it


@styled(lambda result: (DOUBLE, 1.15 + 0.36 * result.table["article_id"].nunique()))
def plot_sentiment(
    result: Sentiment, *, ax: Axes | None = None, dictionary: str | None = None
) -> Axes:
    """A strip for each article: a bar for each sentence, as wide as its words, up or down as it is
    positive or negative; on the right the article's mean with its interval.
    """
    dictionary = dictionary or result.dictionaries[0]
    if dictionary not in result.dictionaries:
        raise OptionError(
            f"dictionary={dictionary!r} was given; the result holds"
            f" {', '.join(result.dictionaries)}."
        )
    table = result.table[result.table["dictionary"] == dictionary]
    sentences = result.sentences[result.sentences["dictionary"] == dictionary]
    rows = np.arange(len(table))
    for row, article in zip(rows, table["article_id"]):
        part = sentences[sentences["article_id"] == article]
        heights = 0.42 * part["score"]
        ax.bar(
            part["position"],
            -heights,
            width=part["n_words"],
            bottom=row,
            align="edge",
            linewidth=0,
            color=[POSITIVE if s > 0 else NEGATIVE for s in part["score"]],
        )
        ax.hlines(
            row, 0, part["position"].max() + part["n_words"].iloc[-1], color=INK, linewidth=0.4
        )
    ax.set_yticks(rows, table["article_id"])
    ax.set_ylim(len(table) - 0.45, -0.55)
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
    side = ax.inset_axes([STRIPS + 0.04, 0, 0.96 - STRIPS, 1], sharey=ax)
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
    side.set_xlabel("mean with 95% interval\n(filled: differs from 0)")
    below, above = int((table["high"] < 0).sum()), int((table["low"] > 0).sum())
    ax.set_title(
        f"By “{dictionary}”, {below} of {len(table)} articles are negative on average, {above}"
        f" positive,\nand {len(table) - below - above} cannot be told from neutral",
        pad=16,
    )
    return ax
