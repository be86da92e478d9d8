"""Zotero's CSV: the text stands in the notes, as HTML."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.ris import NO_TEXT, note_text
from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.table import records
from analysis.io.tables.delimited import delimited_rows

TITLE = "Zotero, CSV"
_FIELDS = {
    "text": "Notes",
    "title": "Title",
    "outlet": "Publication Title",
    "published": "Date",
    "author": "Author",
    "section": "Section",
    "page": "Pages",
    "language": "Language",
    "url": "Url",
    "source_id": "Key",
}
_OF_ZOTERO = {"Date Added", "Date Modified", "Access Date", "File Attachments", "Item Type"}


def recognise(source: Source) -> bool:
    """Whether the header is Zotero's."""
    head = source.head[:2048]
    return b'"Item Type"' in head and b'"File Attachments"' in head and b'"Notes"' in head


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The items; those without a note are said."""
    rows = delimited_rows(source, settings.encoding, settings.columns)
    for item in records(rows, settings, _FIELDS):
        if isinstance(item, Record):
            item.text = note_text(item.text)
            item.more = {k: v for k, v in item.more.items() if k not in _OF_ZOTERO}
            if not item.text:
                yield Remark(item.place, NO_TEXT, "listed without a text")
        yield item
