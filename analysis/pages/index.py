"""The first page of a corpus: who shares most with whom, and all articles."""

from __future__ import annotations

from analysis.pages.measured import Measured
from analysis.pages.model import Index
from analysis.pages.pair import pair_row

MOST_PAIRS = 200  # in the list; each article's page has all of its own


def index_page(measured: Measured) -> Index:
    """What the first page lists.

    Parameters
    ----------
    measured : Measured
    """
    pairs = measured.reuse.ranked_pairs
    rows = [pair_row(measured, a, b) for a, b in pairs[["a", "b"]].head(MOST_PAIRS).to_numpy()]
    articles = sorted(measured.articles.values(), key=lambda x: (x.published or "~", x.label))
    shared = measured.reuse.articles.set_index("article_id")["shared"]
    return Index(
        finding=measured.reuse.finding,
        pairs=tuple(rows),
        n_pairs=len(pairs),
        articles=tuple((article, int(shared[article.id])) for article in articles),
    )
