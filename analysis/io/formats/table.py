"""Tables with an article a row: CSV of every dialect, XLSX, JSON lines and lists, Parquet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, islice

from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.tables.delimited import delimited_rows, looks_delimited
from analysis.io.tables.headers import RecognisedColumns, recognised
from analysis.io.tables.objects import begins_as_json, first_object, objects

TITLE = "table"
_JSON = (".json", ".jsonl", ".ndjson")
_SAMPLE = 100  # rows by which columns of row numbers are known
_MOST_NAMED = 30  # columns in a message


def recognise(source: Source) -> bool:
    """Whether a file is Parquet, an Excel workbook, JSON of objects with texts, or CSV."""
    if source.head.startswith(b"PAR1") or "xl/workbook.xml" in source.members:
        return True
    if source.members:
        return False
    if begins_as_json(source):
        return source.suffix in _JSON or "text" in recognised(list(first_object(source)))
    return source.suffix in _JSON or looks_delimited(source)


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The articles of a table, row by row."""
    if source.head.startswith(b"PAR1"):
        yield from records(_parquet(source), settings)
    elif "xl/workbook.xml" in source.members:
        yield from _workbook(source, settings)
    elif begins_as_json(source) or source.suffix in _JSON:
        yield from object_records(source, settings)
    else:
        rows = delimited_rows(source, settings.encoding, settings.columns)
        yield from records(rows, settings)


def records(
    rows: Iterator[tuple[int, list] | Remark],
    settings: Settings,
    only: Mapping[str, str] | None = None,
    *,
    excel: bool = False,
    needs_text: bool = True,
) -> Iterator[Record | Remark]:
    """The articles of rows, the first of which is the header.

    Parameters
    ----------
    rows : iterator of (int, list) or Remark
    settings : Settings
    only : mapping, optional
        A field → the column of a platform's export that is this field; no others are recognised.
    excel : bool
        Whether numbers may be Excel's dates.
    needs_text : bool
        Whether a table without a column of texts is refused.

    Yields
    ------
    Record or Remark

    Raises
    ------
    UnreadableFile
        If no column holds the texts.
    """
    first: list[tuple[int, list]] = []
    for row in rows:
        if isinstance(row, Remark):
            yield row
            continue
        first.append(row)
        if len(first) > _SAMPLE:
            break
    if not first:
        raise UnreadableFile("the table holds no row.")
    (place, header), *sample = first
    given = {**(only or {}), **settings.columns}
    columns = RecognisedColumns.of(header, (cells for _, cells in sample), given, place or None)
    columns = replace(columns, excel=excel)
    if only is not None:
        columns.fields = {f: at for f, at in columns.fields.items() if f in given}
    if needs_text and "text" not in columns.fields:
        there = ", ".join(columns.names[:_MOST_NAMED])
        raise UnreadableFile(
            f"no column of texts is recognised; there are {there}."
            " Name it: --column text=NAME of the column."
        )
    yield from columns.remarks
    if not sample:
        yield Remark(None, "the table holds no row below its header")
    for row in chain(sample, rows):
        yield row if isinstance(row, Remark) else columns.record(row[1], row[0])


def object_records(
    source: Source, settings: Settings, only: Mapping[str, str] | None = None
) -> Iterator[Record | Remark]:
    """The articles of a file of JSON objects, each of which may have keys of its own.

    Parameters
    ----------
    source : Source
    settings : Settings
    only : mapping, optional
        As for `records`.

    Yields
    ------
    Record or Remark
    """
    known: dict[tuple, RecognisedColumns] = {}
    given = {**(only or {}), **settings.columns}
    for item in objects(source, settings.encoding):
        if isinstance(item, Remark):
            yield item
            continue
        place, value = item
        keys = tuple(value)
        if (columns := known.get(keys)) is None:
            columns = RecognisedColumns.of(keys, (), {f: c for f, c in given.items() if c in keys})
            if only is not None:
                columns.fields = {f: at for f, at in columns.fields.items() if f in given}
            if len(known) < _SAMPLE:
                known[keys] = columns
        yield columns.record(list(value.values()), place)


def _parquet(source: Source) -> Iterator[tuple[int, list]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(source.path) as file:
            yield 0, file.schema_arrow.names
            number = 0
            for batch in file.iter_batches(batch_size=1000):
                for cells in zip(*(column.to_pylist() for column in batch.columns)):
                    number += 1
                    yield number, list(cells)
    except (ValueError, OverflowError, OSError, pa.ArrowException) as error:
        why = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UnreadableFile(f"not readable as Parquet: {why:.200}") from None


def _workbook(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    from analysis.io.tables.workbook import has_articles, no_articles, sheets

    found, others = False, []
    for name, rows in sheets(source, settings.columns):
        head = list(islice(rows, 1))
        if head and has_articles(head[0][1], settings.columns):
            found = True
            yield from records(chain(head, rows), settings, excel=True)
        elif head:
            others.append((name, head[0][1]))
    if not found and len(others) == 1:
        there = ", ".join(map(str, others[0][1][:_MOST_NAMED]))
        raise UnreadableFile(
            f"no column of texts is recognised; there are {there}."
            " Name it: --column text=NAME of the column."
        )
    if not found:
        names = ", ".join(repr(name) for name, _ in others) or "none with a row"
        raise UnreadableFile(f"no sheet has a column of texts; there are {names}.")
    yield from (no_articles(name) for name, _ in others)
