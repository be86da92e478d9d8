"""The first page of a corpus: who shares most with whom, and all articles."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.pages.measured import Measured
from analysis.pages.model import Index, StoryRow, page_name
from analysis.pages.pair import pair_row

MOST_PAIRS, MOST_STORIES = 200, 200  # in the list; each article's page has all of its own


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
        stories=tuple(_stories(measured)),
        pairs=tuple(rows),
        n_pairs=len(pairs),
        articles=tuple((article, int(shared[article.id])) for article in articles),
    )


def _stories(measured: Measured) -> Iterator[StoryRow]:
    for story, row in list(measured.about_story.items())[:MOST_STORIES]:
        yield StoryRow(
            page_name("story", story),
            story,
            row["words"],
            int(row["n_articles"]),
            int(row["n_outlets"]),
            "" if pd.isna(row["first"]) else f"{pd.Timestamp(row['first']):%Y-%m-%d}",
        )
