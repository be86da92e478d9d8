"""Archives: a Parquet table of many articles, read batch by batch.

Bad rows are reported and left out, the rest goes on.
"""

from __future__ import annotations

import datetime
import functools
import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.errors import CorpusError, Fault
from analysis.reuse.corpus_words import outlet_codes
from analysis.reuse.spill import Arrays
from analysis.text.scan import Scanned

LONGEST_TEXT = 5_000_000  # characters; a text of more is a whole book or a damaged cell
FIRST_YEAR = 1600
BYTES_A_WORD = 6  # of English text
BATCH, MOST_BYTES = 500, 8_000_000  # rows and bytes that are read at once
UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
BYTES = (
    pa.types.is_binary,
    pa.types.is_large_binary,
    pa.types.is_binary_view,
    pa.types.is_string_view,
    pa.types.is_fixed_size_binary,
)
SHOWN = 20  # bad rows that are reported one by one; of more only the numbers are


@dataclass(frozen=True)
class Archive:
    """The rows of a table that can be used; the texts stay in the file.

    Attributes
    ----------
    path : Path
    ids : pyarrow.StringArray of shape (n_articles,)
    outlets : pyarrow.StringArray of shape (n_articles,)
        Empty where unknown.
    days : float array of shape (n_articles,)
        Days since 1970; NaN where there is no date.
    rows : int64 array of shape (n_articles,)
        Row of each article in the table, from 1.
    faults : list of Fault
        What is wrong with which row.
    """

    path: Path
    ids: pa.StringArray
    outlets: pa.StringArray
    days: np.ndarray
    rows: np.ndarray
    faults: list[Fault] = field(default_factory=list, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def texts(
        self, first: int = 0, stop: int | None = None, *, size: int = BATCH
    ) -> Iterator[tuple[int, pa.Array, list[Fault]]]:
        """Read the texts of the articles from `first` to `stop` (exclusive), batch by batch.

        Yields
        ------
        number : int
            Of the batch's first article.
        texts : pyarrow string array
            One text for each article; empty where it cannot be used.
        faults : list of Fault
            Why not.
        """
        wanted = self.rows[first:stop]
        file = pq.ParquetFile(
            self.path, buffer_size=1 << 20, pre_buffer=False
        )  # else a whole row group is held
        at = done = 0  # rows of the file, articles
        for group in range(file.num_row_groups):
            after = at + file.metadata.row_group(group).num_rows
            upto = int(np.searchsorted(wanted, after, side="right"))
            try:
                for batch in _batches(file, group, size) if upto > done else ():
                    these = wanted[
                        done : int(np.searchsorted(wanted, at + len(batch), side="right"))
                    ]
                    if len(these):
                        yield (
                            first + done,
                            *_sound(batch["text"], these - at - 1, these, self.path.name),
                        )
                    done, at = done + len(these), at + len(batch)
                    if done == upto:
                        break
            except (OSError, pa.ArrowException) as error:
                why = (
                    f"lies in a damaged part of the file ({str(error).splitlines()[0][:80]});"
                    " left out"
                )
                yield (
                    first + done,
                    pa.array([""] * (upto - done), pa.string()),
                    [Fault(self.path.name, int(row), why) for row in wanted[done:upto]],
                )
                done = upto
            at = after
            if done == len(wanted):
                return

    def text_bytes(self) -> np.ndarray:
        """Bytes of each article's text, read from the file; 0 where it cannot be used."""
        return np.concatenate(
            [
                np.zeros(0, np.int64),
                *(
                    pc.binary_length(texts).to_numpy(zero_copy_only=False)
                    for _, texts, _ in self.texts()
                ),
            ]
        )


def _batches(file: pq.ParquetFile, group: int, size: int) -> Iterator[pa.RecordBatch]:
    """The texts of a row group, so many at once as their mean length allows."""
    about = file.metadata.row_group(group)
    rows = (
        MOST_BYTES * about.num_rows // max(about.total_byte_size, 1)
    )  # of all columns; the texts are nearly all of it
    yield from file.iter_batches(
        int(np.clip(rows, 1, size)), row_groups=[group], columns=["text"], use_threads=False
    )


def read_archive(path: str | Path, *, rows: int | None = None) -> Archive:
    """Read which rows of a table of articles can be used.

    Parameters
    ----------
    path : path
        Parquet with the columns id and text; outlet and date if there are.
    rows : int, optional
        Only the first so many rows.

    Raises
    ------
    CorpusError
        If it is no Parquet file or lacks a column. Single bad rows raise nothing: they are in
        `faults`.
    """
    path = Path(path)
    try:
        schema = pq.read_schema(path)
        names = schema.names
        if missing := [c for c in ("id", "text") if c not in names]:
            raise CorpusError(
                path,
                [
                    Fault(
                        path.name,
                        None,
                        f"the table lacks {', '.join(missing)}; needed are id and text, outlet and"
                        f" date if there are; given are {', '.join(names)}.",
                    )
                ],
            )
        if twice := [c for c in ("id", "text", "outlet", "date") if names.count(c) > 1]:
            raise CorpusError(
                path,
                [
                    Fault(
                        path.name,
                        None,
                        f"the table has two columns {', '.join(twice)}; leave one of them.",
                    )
                ],
            )
        table = pq.read_table(
            path, columns=[c for c in ("id", "outlet", "date") if c in names]
        ).slice(0, rows)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise CorpusError(
            path,
            [
                Fault(
                    path.name, None, f"not readable as Parquet: {str(error).splitlines()[0][:160]}"
                )
            ],
        ) from None
    for name in (*table.column_names, "text"):
        kind = schema.field(name).type
        if (
            pa.types.is_nested(kind)
            or name == "date"
            and (pa.types.is_time(kind) or pa.types.is_duration(kind))
        ):
            raise CorpusError(
                path,
                [
                    Fault(
                        path.name,
                        None,
                        f"the column {name!r} holds {kind}; needed are strings, numbers or dates.",
                    )
                ],
            )
    ids, broken = _strings(table["id"], path.name, "id")
    names = ids.fill_null("").dictionary_encode()
    codes = names.indices.to_numpy()
    first = (
        np.unique(codes, return_index=True)[1][codes] if len(codes) else codes
    )  # codes count up by first appearance
    empty = pc.equal(pc.utf8_length(ids.fill_null("")), 0).to_numpy(zero_copy_only=False)
    doubled = (first != np.arange(len(codes))) & ~empty
    faults = [
        Fault(path.name, int(row) + 1, "has no id; left out") for row in np.flatnonzero(empty)
    ]
    faults += [
        Fault(
            path.name,
            int(row) + 1,
            f"has the id {ids[int(row)].as_py()!r:.100} of row {first[row] + 1} a second time;"
            " left out",
        )
        for row in np.flatnonzero(doubled)
    ]
    kept = np.flatnonzero(~empty & ~doubled)
    outlets, more = (
        _strings(table["outlet"], path.name, "outlet")
        if "outlet" in table.column_names
        else (pa.array([""] * len(ids), pa.string()), [])
    )
    broken += more
    days, more = (
        _days(table["date"], path.name)
        if "date" in table.column_names
        else (np.full(len(ids), np.nan), [])
    )
    good = set((kept + 1).tolist())
    faults += [fault for fault in more if fault.row in good] + broken
    return Archive(
        path, ids.take(kept), outlets.take(kept).fill_null(""), days[kept], kept + 1, sorted(faults)
    )


def tell(
    faults: list[Fault], say: Callable[[str], None] = lambda line: print(line, file=sys.stderr)
) -> None:
    """Report bad rows, one line each; of a fault that many have, the further ones by number."""
    kinds: dict[str, list[Fault]] = {}
    for fault in sorted(faults, key=lambda f: f.row or 0):
        kinds.setdefault(" ".join(fault.problem.split()[:3]), []).append(fault)
    for kind, alike in kinds.items():
        for fault in alike[:SHOWN]:
            say(f"row {fault.row} {fault.problem}")
        if len(alike) > SHOWN:
            say(
                f"{len(alike) - SHOWN:,} more rows likewise ({kind} ...):"
                f" {', '.join(str(f.row) for f in alike[SHOWN:])}"
            )


@dataclass(frozen=True)
class Texts:
    """The texts of an archive, split into words as they are read."""

    archive: Archive
    anywhere: bool = True
    _open: dict[int, Iterator] = field(
        default_factory=dict, repr=False, compare=False
    )  # the reader that stands before an article

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_open": {}}

    @functools.cached_property
    def sizes(self) -> np.ndarray:
        """As if all articles of a row group were of the same length."""
        about = pq.ParquetFile(self.archive.path).metadata
        column = next(i for i in range(about.num_columns) if about.schema.column(i).path == "text")
        groups = [about.row_group(i) for i in range(about.num_row_groups)]
        edges = np.cumsum([g.num_rows for g in groups])
        mean = np.array(
            [
                g.column(column).total_uncompressed_size / max(g.num_rows, 1) / BYTES_A_WORD
                for g in groups
            ]
        )
        return (
            mean[np.searchsorted(edges, self.archive.rows - 1, side="right")]
            if len(self.archive)
            else np.zeros(0)
        )

    @functools.cached_property
    def measured(self) -> np.ndarray:
        return self.archive.text_bytes() / BYTES_A_WORD

    @property
    def outlets(self) -> np.ndarray:
        return outlet_codes(self.archive.outlets.to_pandas())

    @property
    def days(self) -> np.ndarray:
        return self.archive.days

    def digest(self) -> str:
        about = self.archive.path.stat()
        return (
            f"{self.archive.path.resolve()} {about.st_size} {about.st_mtime_ns} {len(self.archive)}"
        )

    def read(self, first: int, stop: int) -> tuple[Arrays, np.ndarray, list[Fault]]:
        sizes = self.__dict__.get("measured", self.sizes)
        scanned, faults = Scanned(int(1.1 * sizes[first:stop].sum())), []
        for number, texts, bad in self._texts(first, stop):
            offsets = np.frombuffer(
                texts.buffers()[1], np.int64 if pa.types.is_large_string(texts.type) else np.int32
            )
            offsets = offsets[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
            data = (
                np.frombuffer(texts.buffers()[2], np.uint8)
                if texts.buffers()[2]
                else np.empty(0, np.uint8)
            )
            words = scanned.add(data, offsets)
            faults += bad
            reported = {fault.row for fault in bad}
            faults += [
                Fault(self.archive.path.name, int(row), "has no word; left out")
                for row in self.archive.rows[number + np.flatnonzero(words == 0)]
                if row not in reported
            ]
        start, end, hashes, sizes = scanned.words()
        return {"hash": hashes, "start": start, "end": end}, sizes, faults

    def _texts(self, first: int, stop: int) -> Iterator[tuple[int, pa.Array, list[Fault]]]:
        """The texts of some articles, from where the last call ended if they follow it.

        A row group can be read from its start only.
        """
        batches = self._open.pop(first, None) or self.archive.texts(first)
        self._open.clear()
        for number, texts, bad in batches:
            if (n := stop - number) >= len(texts):
                yield number, texts, bad
            else:
                row = self.archive.rows[stop]
                yield number, texts[:n], [fault for fault in bad if fault.row < row]
                batches = itertools.chain(
                    [(stop, texts[n:], [fault for fault in bad if fault.row >= row])], batches
                )
            if n <= len(texts):
                if stop < len(self.archive):
                    self._open[stop] = batches
                return


def _strings(column: pa.ChunkedArray, name: str, what: str) -> tuple[pa.StringArray, list[Fault]]:
    """A column as plain strings without white space around them, and the cells that are not UTF-8.

    These are empty; numbers are written out.
    """
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        strings = column.cast(pa.string())
        strings.validate(full=True)
        return pc.utf8_trim_whitespace(strings.combine_chunks()), []
    except pa.ArrowInvalid:
        cells, faults = [], []
        for row, cell in enumerate(column.cast(pa.binary()).to_pylist(), start=1):
            try:
                cells.append(cell if cell is None else cell.decode("utf-8").strip())
            except UnicodeDecodeError:
                cells.append("")
                faults.append(
                    Fault(
                        name,
                        row,
                        f"has {cell[:20]!r} as {what}, which is not UTF-8; read without it",
                    )
                )
        return pa.array(cells, pa.string()), faults


def _days(column: pa.ChunkedArray, name: str) -> tuple[np.ndarray, list[Fault]]:
    """Days since 1970, NaN where there is no date or an absurd one."""
    days, faults = np.full(len(column), np.nan), []
    soon = (datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)).timestamp() / 86400
    first = datetime.date(FIRST_YEAR, 1, 1).toordinal() - datetime.date(1970, 1, 1).toordinal()
    if pa.types.is_temporal(column.type):
        kind = column.type
        a_day = (
            86400 * UNITS[kind.unit]
            if pa.types.is_timestamp(kind)
            else 1
            if pa.types.is_date32(kind)
            else 86400 * UNITS["ms"]
        )
        known = column.is_valid().to_numpy()
        numbers = column.cast(
            pa.int32() if pa.types.is_date32(kind) else pa.int64()
        )  # no other unit: that could lose data, or not hold the date
        days[known] = numbers.drop_null().to_numpy() / a_day
        shown = lambda row: str(np.datetime64(int(days[row]), "D"))  # noqa: E731
    else:
        strings, faults = _strings(column, name, "date")
        cells = strings.fill_null("").to_pylist()
        for row, cell in enumerate(cells):
            try:
                days[row] = _day(cell) if cell else np.nan
            except ValueError:
                faults.append(
                    Fault(
                        name,
                        row + 1,
                        f"has the date {cell!r:.40}, which is none; read without a date",
                    )
                )
        shown = lambda row: cells[row][:40]  # noqa: E731
    for row in np.flatnonzero((days < first) | (days > soon)):
        why = f"lies before {FIRST_YEAR}" if days[row] < first else "lies in the future"
        faults.append(
            Fault(
                name, int(row) + 1, f"has the date {shown(row)}, which {why}; read without a date"
            )
        )
        days[row] = np.nan
    return days, faults


def _day(cell: str) -> float:
    when = datetime.datetime.fromisoformat(cell)
    when = when if when.tzinfo else when.replace(tzinfo=datetime.UTC)
    return (when - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) / datetime.timedelta(days=1)


def _sound(
    column: pa.Array, places: np.ndarray, rows: np.ndarray, name: str
) -> tuple[pa.Array, list[Fault]]:
    """The texts at some places of a batch, empty where they cannot be used, and why not."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if any(test(column.type) for test in BYTES):
        column = column.cast(pa.large_binary()).view(pa.large_string())
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        return pa.array([""] * len(rows)), [
            Fault(name, int(row), f"has a text of type {column.type}; needed are strings; left out")
            for row in rows
        ]
    texts = column if len(places) == len(column) else column.take(pa.array(places))
    problems: dict[int, str] = {
        int(i): "has no text; left out" for i in np.flatnonzero(texts.is_null())
    }
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        problems |= {
            i: "has a text that is not UTF-8; left out"
            for i in range(len(texts))
            if texts[i].is_valid and not _decodes(texts[i])
        }
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    for i in np.flatnonzero(np.nan_to_num(lengths) > LONGEST_TEXT):
        if (
            i not in problems
            and (n := pc.utf8_length(texts[int(i) : int(i) + 1])[0].as_py()) > LONGEST_TEXT
        ):
            problems[int(i)] = (
                f"has a text of {n:,} characters; allowed are {LONGEST_TEXT:,}; left out"
            )
    if problems:
        texts = pa.array(
            ["" if i in problems else texts[i].as_py() for i in range(len(texts))], texts.type
        )
    return texts, [Fault(name, int(rows[i]), problem) for i, problem in sorted(problems.items())]


def _decodes(scalar: pa.Scalar) -> bool:
    try:
        scalar.as_py()
    except UnicodeDecodeError:
        return False
    return True
