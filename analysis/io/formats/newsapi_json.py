"""Answers of NewsAPI (newsapi.org), whole or an article a line."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.table import object_records
from analysis.io.tables.objects import first_object

TITLE = "NewsAPI, JSON"
_FIELDS = {
    "text": "content",
    "title": "title",
    "outlet": "source",
    "published": "publishedAt",
    "author": "author",
    "url": "url",
    "source_id": "id",
}


def recognise(source: Source) -> bool:
    """Whether the first article has NewsAPI's keys."""
    first = first_object(source)
    return {"publishedAt", "content"} <= set(first) and isinstance(first.get("source"), dict)


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles; their texts are cut by NewsAPI."""
    yield from object_records(source, settings, _FIELDS)
