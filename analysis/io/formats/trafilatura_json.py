"""What trafilatura writes as JSON: an object a file, or one a line."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.objects import objects, place_rest, text_of
from analysis.io.formats.source import Record, Remark, Settings, Source

TITLE = "trafilatura, JSON"
_MARKS = (b'"fingerprint"', b'"hostname"', b'"source-hostname"', b'"sitename"', b'"excerpt"')
_PLACED = set("title author hostname date text raw_text comments language source url id".split())
_PLACED |= {"source-hostname", "sitename", "fingerprint", "filedate", "image", "body"}


def recognise(source: Source) -> bool:
    """Whether a file holds objects with the fields of trafilatura."""
    head = source.head
    return head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in b"{[" and (
        b'text"' in head and b'"hostname"' in head and sum(mark in head for mark in _MARKS) >= 3
    )


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """Articles of a crawl, without readers' comments; the day of the fetch is not their day."""
    for place, item in objects(source, settings):
        if isinstance(item, Remark):
            yield item
            continue
        site = item.get("source-hostname") or item.get("sitename") or item.get("hostname")
        record = Record(
            text=text_of(item.get("text") or item.get("raw_text")),
            place=place,
            title=text_of(item.get("title")),
            outlet=text_of(site),
            published=text_of(item.get("date")),
            author=text_of(item.get("author")),
            section=text_of(item.get("categories")).strip("; "),
            language=text_of(item.get("language")),
            url=text_of(item.get("source") or item.get("url")),
            source_id=text_of(item.get("id") or item.get("fingerprint")),
        )
        record.more = place_rest(item, _PLACED | {"categories"})
        yield record
