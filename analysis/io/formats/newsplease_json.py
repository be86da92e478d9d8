"""What news-please writes: an object a file, or one a line."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.objects import objects, place_rest, text_of
from analysis.io.formats.source import Record, Remark, Settings, Source

TITLE = "news-please, JSON"
_MARKS = (b'"maintext"', b'"date_publish"')
_PLACED = {
    "title",
    "maintext",
    "text",
    "date_publish",
    "authors",
    "source_domain",
    "language",
    "url",
}
_OF_THE_CRAWL = {"localpath", "filename", "image_url", "title_page", "title_rss", "date_download"}


def recognise(source: Source) -> bool:
    """Whether a file holds objects with the fields of news-please."""
    return source.head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in b"{[" and all(
        mark in source.head for mark in _MARKS
    )


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """Articles of a crawl; its dates bear no zone, and the day it was changed is not their day."""
    for place, item in objects(source, settings):
        if isinstance(item, Remark):
            yield item
            continue
        authors = item.get("authors") or []
        record = Record(
            text=text_of(item.get("maintext") or item.get("text")),
            place=place,
            title=text_of(item.get("title")),
            outlet=text_of(item.get("source_domain")),
            published=text_of(item.get("date_publish")),
            author="; ".join(map(text_of, authors if isinstance(authors, list) else [authors])),
            language=text_of(item.get("language")),
            url=text_of(item.get("url")),
        )
        record.more = place_rest(item, _PLACED | _OF_THE_CRAWL)
        yield record
