"""Zotero's tables, with texts in notes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.notes import attached_name, iso_date, items_without_text, longest_first
from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.table import records
from analysis.io.tables.delimited import delimited_rows, header_of

TITLE = "Zotero, CSV"
_ALWAYS = {"Key", "Item Type", "Publication Title", "Notes"}
_FIELDS = {
    "text": "Notes",
    "title": "Title",
    "outlet": "Publication Title",
    "published": "Date",
    "author": "Author",
    "section": "Section",
    "page": "Pages",
    "url": "Url",
    "language": "Language",
    "source_id": "Key",
}
_FILES = "File Attachments"
_BETWEEN = re.compile(r"(?<=>);\s+(?=<(?:p|div|h[1-6])\b)", re.IGNORECASE)  # two notes


def recognise(source: Source) -> bool:
    """Whether the columns are Zotero's."""
    return set(header_of(source)) >= _ALWAYS


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The items of a library in their order; without a note that holds a text, it is empty."""
    there = header_of(source)
    fields = {field: column for field, column in _FIELDS.items() if column in there}
    place = without = attached = 0
    for item in records(delimited_rows(source, settings.encoding, fields), settings, fields):
        if isinstance(item, Record):
            place += 1
            texts = longest_first(_BETWEEN.split(item.text))
            item.text = texts[0] if texts else ""
            item.published = iso_date(item.published)
            if len(texts) > 1:
                item.more["other notes"] = " | ".join(t.replace("\n\n", " ") for t in texts[1:])
                done = "the longest taken as the text, the others kept beside it"
                yield Remark(item.place, f"{len(texts)} notes with text", done)
            if files := item.more.get(_FILES):
                item.more[_FILES] = "; ".join(map(attached_name, files.split("; ")))
            without += not item.text
            attached += not item.text and bool(files)
        yield item
    if without:
        yield items_without_text(place, without, attached)
