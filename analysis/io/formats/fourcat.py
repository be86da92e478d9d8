"""Posts that 4CAT collected: CSV, or NDJSON with the platform's own objects."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.table import object_records, records
from analysis.io.tables.delimited import delimited_rows, header_of
from analysis.io.tables.objects import begins_as_json, first_object

TITLE = "4CAT"
_ALWAYS = {"id", "thread_id", "timestamp", "body"}
_FIELDS = {
    "text": "body",
    "title": "subject",
    "published": "timestamp",
    "author": "author",
    "url": "url",
    "source_id": "id",
}


def recognise(source: Source) -> bool:
    """Whether the columns are those that 4CAT gives every platform's posts."""
    if begins_as_json(source):
        return set(first_object(source)) >= _ALWAYS
    return set(header_of(source)) >= _ALWAYS


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The posts; 4CAT names no outlet, and its times have no zone."""
    if begins_as_json(source):
        yield from object_records(source, settings, _FIELDS)
        return
    there = header_of(source)
    fields = {field: column for field, column in _FIELDS.items() if column in there}
    yield from records(delimited_rows(source, settings.encoding, fields), settings, fields)
