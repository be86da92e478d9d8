"""The pages of all articles, with what they are found by."""

from __future__ import annotations

import math

import numpy as np

from analysis.pages.measured import Measured
from analysis.pages.records import ArticleHead, Part, Search
from analysis.pages.times import dated

MOST_LISTED = 800  # articles of one page: it is to have at most 300 KB beside words and headlines


def search_page(measured: Measured, number: int = 0) -> Search:
    """Articles by date, their actors and frames, and which have which word.

    Parameters
    ----------
    measured : Measured
    number : int
        Of the part, from 0; `n_parts` says how many there are.
    """
    in_order = sorted(measured.articles.values(), key=lambda x: (x.day, x.label))
    starts = range(0, max(len(in_order), 1), MOST_LISTED)
    parts = tuple(_part(i, in_order[start : start + MOST_LISTED]) for i, start in enumerate(starts))
    articles = in_order[parts[number].first - 1 : parts[number].last]
    shared = measured.reuse.articles.set_index("article_id")["shared"].to_dict()
    codebook = {kind: list(measured.features.codebook(kind)) for kind in ("actors", "frames")}
    names = measured.features.codebook("actors")
    return Search(
        n=len(in_order),
        part=parts[number],
        parts=parts,
        actors=tuple(names[key].get("name", key) for key in codebook["actors"]),
        frames=tuple(name.replace("_", " ") for name in codebook["frames"]),
        outlets=tuple(sorted({article.outlet for article in in_order})),
        about=_about(measured, articles, codebook),
        words=_searched(measured, articles),
        articles=tuple((article, int(shared[article.id])) for article in articles),
    )


def n_parts(measured: Measured) -> int:
    """Over how many pages the articles are listed."""
    return max(math.ceil(len(measured.table) / MOST_LISTED), 1)


def search_name(number: int) -> str:
    """The file of a part.

    Examples
    --------
    >>> search_name(0), search_name(1)
    ('search.html', 'search-2.html')
    """
    return f"search-{number + 1}.html" if number else "search.html"


def _part(number: int, articles: list[ArticleHead]) -> Part:
    first = number * MOST_LISTED + 1
    days = [dated(article.published[:10]) for article in (articles[:1] + articles[-1:])]
    between = (days[0], days[1]) if days else ("", "")
    return Part(search_name(number), first, first + len(articles) - 1, between)


def _about(
    measured: Measured, articles: list[ArticleHead], codebook: dict[str, list[str]]
) -> dict[str, tuple[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for kind, table, column in (("actors", "mentions", "actor"), ("frames", "hits", "entry")):
        place = {name: str(i) for i, name in enumerate(codebook[kind])}
        found[kind] = {
            article: " ".join(
                place[name] for name in dict.fromkeys(row[column] for row in rows) if name in place
            )
            for article, rows in measured.of_articles(table).items()
        }
    return {
        article.id: (found["actors"].get(article.id, ""), found["frames"].get(article.id, ""))
        for article in articles
    }


def _searched(measured: Measured, articles: list[ArticleHead]) -> dict[str, str]:
    """Of each word the numbers of the articles that have it, each less the one before."""
    words, of, names = measured.terms
    place = np.full(len(measured.articles), -1)
    number = {article: i for i, article in enumerate(measured.articles)}
    place[[number[article.id] for article in articles]] = range(len(articles))
    there = place[of] >= 0
    words, places = words[there], place[of[there]]
    order = np.lexsort((places, words))
    words, places = words[order], places[order]
    first = np.flatnonzero(np.diff(words, prepend=-1))
    steps = np.diff(places, prepend=0)
    steps[first] = places[first]
    ends = [*first[1:].tolist(), len(words)]
    said = list(map(str, steps.tolist()))
    return {
        names[words[start]]: " ".join(said[start:end]) for start, end in zip(first.tolist(), ends)
    }
