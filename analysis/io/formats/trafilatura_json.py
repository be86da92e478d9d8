"""What trafilatura writes as JSON: an object a file, or an article a line."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.table import object_records
from analysis.io.tables.objects import first_object

TITLE = "trafilatura, JSON"
_FIELDS = {
    "text": "text",
    "title": "title",
    "outlet": "source-hostname",
    "published": "date",
    "author": "author",
    "url": "source",
    "source_id": "fingerprint",
    "language": "language",
}
_KEYS = {"fingerprint", "hostname", "raw_text", "text"}


def recognise(source: Source) -> bool:
    """Whether the first article has trafilatura's keys."""
    return len(_KEYS & set(first_object(source))) >= 3


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles, without the comments of their readers."""
    for item in object_records(source, settings, _FIELDS):
        if isinstance(item, Record):
            item.outlet = item.outlet or item.more.get("hostname", "")
            item.more = {
                k: v for k, v in item.more.items() if k not in ("raw_text", "comments", "excerpt")
            }
        yield item
