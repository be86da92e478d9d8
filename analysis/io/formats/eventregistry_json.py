"""Articles from EventRegistry (newsapi.ai): an answer, a list, or an article a line."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.tables.headers import cell_text
from analysis.io.tables.objects import first_object, objects

TITLE = "EventRegistry, JSON"
_DATES = ("dateTime", "dateTimePub", "date")
_PLACED = {"body", "title", "source", "authors", "url", "lang", "uri", "time", *_DATES}


def recognise(source: Source) -> bool:
    """Whether the first article has EventRegistry's keys."""
    first = first_object(source)
    return {"uri", "body", "title"} <= set(first) and bool({"dateTime", "lang"} & set(first))


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles, each with the moment that EventRegistry gives it."""
    for item in objects(source, settings.encoding):
        if isinstance(item, Remark):
            yield item
            continue
        place, article = item
        text = article.get("body")
        yield Record(
            text if isinstance(text, str) else "",
            place,
            title=cell_text(article.get("title")),
            outlet=cell_text(article.get("source")),
            published=cell_text(next((article[k] for k in _DATES if article.get(k)), "")),
            author=cell_text(article.get("authors")),
            language=cell_text(article.get("lang")),
            url=cell_text(article.get("url")),
            source_id=cell_text(article.get("uri")),
            more={
                key: cell_text(value)
                for key, value in article.items()
                if key not in _PLACED and isinstance(value, (str, int, float)) and value != ""
            },
        )
