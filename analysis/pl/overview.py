"""Draw what a corpus holds."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.style import BLUE, PALE, SINGLE, legend_below, number, styled
from analysis.tl.overview import Overview


@styled(lambda result: (SINGLE, 0.95 + 0.19 * len(result.table)))
def plot_overview(result: Overview, *, ax: Axes | None = None) -> Axes:
    """Bars of each article's length in words, the words inside quotation marks apart."""
    table = result.table
    y = np.arange(len(table))
    own = table["n_words"] - table["quoted_words"]
    ax.barh(y, own, color=PALE, edgecolor="black", label="outside quotation marks")
    ax.barh(y, table["quoted_words"], left=own, color=BLUE, edgecolor="black", label="quoted")
    ax.set_yticks(y, table["article_id"])
    ax.invert_yaxis()
    ax.set_xlabel("words")
    share = table["quoted_words"].sum() / max(table["n_words"].sum(), 1)
    ax.set_title(
        f"{number(len(table), 'article')} of {table['n_words'].min():,} to"
        f" {table['n_words'].max():,} words;\n{share:.0%} of all words stand in quotation marks"
    )
    legend_below(ax, below=0.42, x=0.42)
    return ax
