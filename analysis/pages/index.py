"""The first page of a corpus: its outlets, stories and pairs."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from analysis.pages.measured import Measured
from analysis.pages.records import Between, FrontPage, StoryRow, page_name
from analysis.pages.times import dated
from analysis.pages.two_articles import pair_rows
from analysis.views import publication_days

MOST_PAIRS, MOST_STORIES = 200, 200  # in the lists; each article's page has all of its own
MOST_WEEKS, MOST_OUTLETS, MOST_TIES, MOST_ALONE = 26, 20, 30, 10
_MONDAY = 3  # 1970-01-01 was a Thursday


def index_page(measured: Measured) -> FrontPage:
    """What the first page lists.

    Parameters
    ----------
    measured : Measured
    """
    pairs = measured.reuse.ranked_pairs
    rows = pair_rows(measured, pairs[["a", "b"]].head(MOST_PAIRS).to_numpy())
    alone = [
        article
        for article in sorted(measured.articles.values(), key=lambda x: (x.day, x.label))
        if article.id not in measured.story_of and not measured.pairs_of(article.id)
    ]
    weeks, outlets = _weeks(measured)
    return FrontPage(
        finding=measured.reuse.finding,
        weeks=weeks,
        outlets=outlets,
        between=tuple(_between(measured)),
        stories=tuple(_stories(measured)),
        pairs=rows,
        n_pairs=len(pairs),
        alone=tuple(alone[:MOST_ALONE]),
        n_alone=len(alone),
    )


def _weeks(measured: Measured) -> tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]:
    """Articles of the outlets that have most, by week: the weeks that have most, in order."""
    table = measured.table.reset_index(drop=True)
    days = pd.Series(publication_days(table))
    week = ((days + _MONDAY) // 7 * 7 - _MONDAY).dropna()
    foremost = week.value_counts().index[:MOST_WEEKS].sort_values()
    kept = table.loc[week.index].assign(week=week)
    counts = kept.groupby(["outlet", "week"]).size()
    outlets = table["outlet"].value_counts().index[:MOST_OUTLETS]
    said = tuple(f"{pd.Timestamp(day, unit='D'):%Y-%m-%d}" for day in foremost)
    return said, tuple(
        (str(outlet), tuple(int(counts.get((outlet, day), 0)) for day in foremost))
        for outlet in outlets
    )


def _between(measured: Measured) -> Iterator[Between]:
    """Who has most words in common with whom; outlets stand in a circle."""
    table = measured.reuse.between
    top = table.sort_values("words", ascending=False, kind="stable").head(MOST_TIES)
    names = list(dict.fromkeys([*top["taker"], *top["giver"]]))
    turn = {name: 2 * math.pi * i / max(len(names), 1) for i, name in enumerate(names)}
    at = {name: (250 + 110 * math.cos(t), 150 + 110 * math.sin(t)) for name, t in turn.items()}
    for row in top.to_dict("records"):
        yield Between(
            row["taker"],
            row["giver"],
            int(row["words"]),
            int(row["credited"]),
            int(row["quoted"]),
            int(row["uncredited"]),
            (*at[row["taker"]], *at[row["giver"]]),
        )


def _stories(measured: Measured) -> Iterator[StoryRow]:
    for story, row in list(measured.about_story.items())[:MOST_STORIES]:
        yield StoryRow(
            page_name("story", story),
            story,
            row["words"],
            int(row["n_articles"]),
            int(row["n_outlets"]),
            dated("" if pd.isna(row["first"]) else f"{pd.Timestamp(row['first']):%Y-%m-%d}"),
        )
