"""The page of all articles, with what they are found by."""

from __future__ import annotations

from analysis.pages.measured import Measured
from analysis.pages.records import ArticleHead, Search

MOST_SEARCHED = 3000  # articles of which every word can be searched; of more, the metadata


def search_page(measured: Measured) -> Search:
    """All articles by date, their actors and frames, and which have which word.

    Parameters
    ----------
    measured : Measured
    """
    articles = sorted(measured.articles.values(), key=lambda x: (x.day, x.label))
    shared = measured.reuse.articles.set_index("article_id")["shared"].to_dict()
    codebook = {kind: list(measured.features.codebook(kind)) for kind in ("actors", "frames")}
    names = measured.features.codebook("actors")
    return Search(
        actors=tuple(names[key].get("name", key) for key in codebook["actors"]),
        frames=tuple(name.replace("_", " ") for name in codebook["frames"]),
        outlets=tuple(sorted({article.outlet for article in articles})),
        about=_about(measured, articles, codebook),
        words=_searched(measured, articles),
        articles=tuple((article, int(shared[article.id])) for article in articles),
    )


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
    if len(articles) > MOST_SEARCHED:
        return {}
    number = {article.id: i for i, article in enumerate(articles)}
    terms = measured.features.table("terms", ["article_id", "term"]).drop_duplicates()
    terms = terms.assign(number=terms["article_id"].map(number)).sort_values(["term", "number"])
    found = {}
    for term, rows in terms.groupby("term", sort=True)["number"]:
        places = rows.tolist()
        steps = [places[0], *(b - a for a, b in zip(places, places[1:]))]
        found[term] = " ".join(map(str, steps))
    return found
