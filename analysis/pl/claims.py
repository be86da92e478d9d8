"""Draw the claims that several articles tell: how many tell each, and how alike they word it."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS
from analysis.pl.style import BLUE, PALE, SKY, fitted
from analysis.tl.claims import COHERENT, Claims

_NAMES = 2.4  # inches


def claims(result: Claims, *, ax: Axes | None = None) -> Figure:
    """The claims that most articles tell, as bars; paler where their sentences are less alike.

    Parameters
    ----------
    result : Claims
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its table holds the 20 rows of `result.table` that are drawn, without places.

    Examples
    --------
    >>> from analysis import pl, tl
    >>> from analysis.extract.memory import extract_articles
    >>> from analysis.io.article import Article
    >>> from analysis.models import load_encoder
    >>> texts = {"a": "The crane killed seven.", "b": "Seven were killed by the crane."}
    >>> articles = [Article(name, text, "en") for name, text in texts.items()]
    >>> pl.claims(tl.claims(extract_articles(articles, encoder=load_encoder())))
    Figure(name='claims')
    """
    order = ["n_articles", "coherence"]
    table = result.table.sort_values(order, ascending=False, kind="stable").head(FIGURE_ROWS)
    table = table.drop(columns=["sentence", "start", "end"]).reset_index(drop=True)
    title, y = result.finding, np.arange(len(table))
    subtitle = (
        "Articles with a sentence that tells the claim; each row is named by the words that its"
        " sentences share."
    )
    if len(result.table) > len(table):
        subtitle += f" The {len(table)} that most tell, of {len(result.table):,}."
    height = 0.45 + 0.19 * max(len(table), 2)
    new = ax is None
    with panels(ax, 1, columns=1, title=title, subtitle=subtitle, height=height, extra=0.15) as (
        ax,
    ):
        if table.empty:
            draw_nothing(ax, f"{title}.")
            return Figure(ax.figure, "claims", result, table, title=title)
        sure = (table["coherence"] >= COHERENT).to_numpy()
        for of, colour, label in (
            (sure, BLUE, f"coherence of at least {COHERENT:g}"),
            (~sure, SKY, "less coherent: read its sentences"),
        ):
            if of.any():
                ax.barh(y[of], table["n_articles"][of], color=colour, height=0.7, label=label)
        ax.set_yticks(y, fitted(table["label"], _NAMES))
        ax.set_ylim(len(table) - 0.5, -0.5)
        ax.set_xlim(0, len(result.articles))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.grid(axis="x", color=PALE, lw=0.5)
        ax.set_axisbelow(True)
        ax.set_xlabel(f"articles, of {len(result.articles):,}")
        if new and not sure.all():
            ax.figure.legend(loc="outside lower center", ncols=2)
    return Figure(ax.figure, "claims", result, table, title=title, subtitle=subtitle)
