"""Lists of stories from Media Cloud: titles, outlets and addresses, seldom texts."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.table import records
from analysis.io.tables.delimited import delimited_rows, header_of

TITLE = "Media Cloud, CSV"
_ALWAYS = {"media_name", "publish_date", "title", "url"}
_FIELDS = {
    "text": "text",
    "title": "title",
    "outlet": "media_name",
    "published": "publish_date",
    "url": "url",
    "language": "language",
    "source_id": "id",
}


def recognise(source: Source) -> bool:
    """Whether the columns are those of Media Cloud."""
    there = set(header_of(source))
    return there >= _ALWAYS or there >= (_ALWAYS - {"media_name"}) | {"media_id"}


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The stories; without text where the list has none."""
    there = header_of(source)
    fields = {field: column for field, column in _FIELDS.items() if column in there}
    if "text" not in fields and "text" not in settings.columns:
        problem = "Media Cloud gives titles and addresses of stories, but no texts"
        yield Remark(None, problem, "fetch the pages from their addresses, and read those")
    rows = delimited_rows(source, settings.encoding, fields)
    yield from records(rows, settings, fields, needs_text=False)
