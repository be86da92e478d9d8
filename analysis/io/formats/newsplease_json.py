"""What news-please writes: an object a file, or one a line."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.table import object_records
from analysis.io.tables.objects import first_object

TITLE = "news-please, JSON"
_FIELDS = {
    "text": "maintext",
    "title": "title",
    "outlet": "source_domain",
    "published": "date_publish",
    "author": "authors",
    "language": "language",
    "url": "url",
}
_KEYS = {"maintext", "date_publish", "source_domain", "date_download"}
_OF_THE_CRAWL = {"localpath", "filename", "image_url", "title_page", "title_rss", "date_download"}


def recognise(source: Source) -> bool:
    """Whether the first article has the keys of news-please."""
    return len(_KEYS & set(first_object(source))) >= 3


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """Articles of a crawl; its dates bear no zone, and the day it was changed is not their day."""
    for item in object_records(source, settings, _FIELDS):
        if isinstance(item, Record):
            item.more = {k: v for k, v in item.more.items() if k not in _OF_THE_CRAWL}
        yield item
