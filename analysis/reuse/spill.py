"""Where the parts of a run lie between its steps: in memory, or as Parquet on the disk.

A part holds tables by key. What is read back must have the rows and the checksum of what was put.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import EngineError

MIXED_AT_ONCE = 1 << 20  # rows of a checksum
ROWS_AT_ONCE = 1 << 16  # rows that are read at once
PLAIN = {"compression": "none", "use_dictionary": False, "write_statistics": False}

Arrays = dict[str, np.ndarray]  # columns of one length
Sums = dict[str, tuple[int, int]]  # rows and checksum of what one part holds, by key


class PartStore(Protocol):
    """What the steps of a run ask of the place where its parts lie."""

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Arrays]]) -> Sums:
        """Store one part's tables by key (those of one key are one table), all or none."""

    def sums(self, step: str, part: str) -> Sums | None:
        """Rows and checksums of a part that was finished; None if it was not."""

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Arrays:
        """One table of one part.

        Raises
        ------
        EngineError
            If its rows or checksum are not those expected.
        """

    def drop(self, step: str) -> None:
        """Forget what a step made, where that frees memory."""


@dataclass
class Memory:
    """Parts held in this process."""

    parts: dict[tuple[str, str], dict[str, list[Arrays]]] = field(default_factory=dict)

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Arrays]]) -> Sums:
        """Hold one part's tables."""
        made = self.parts[step, part] = {}
        for key, arrays in tables:
            if n_rows(arrays):
                made.setdefault(key, []).append(arrays)
        return {key: (sum(map(n_rows, pieces)), 0) for key, pieces in made.items()}

    def sums(self, step: str, part: str) -> Sums | None:
        """None: a run in memory never goes on from an earlier one."""
        return None

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Arrays:
        """One table of one part, which memory does not lose."""
        return join(self.parts[step, part][key])

    def drop(self, step: str) -> None:
        """Free the parts of a step."""
        self.parts = {key: held for key, held in self.parts.items() if key[0] != step}


@dataclass(frozen=True)
class Folder:
    """Parts as Parquet files, one row group for each key; a file is there whole or not at all."""

    path: Path

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Arrays]]) -> Sums:
        """Write one part's file, whole or not at all.

        Raises
        ------
        EngineError
            If the folder cannot take it.
        """
        target = self._file(step, part)
        try:
            handle, name = tempfile.mkstemp(dir=self.path, prefix=f".{target.name}.")
            os.close(handle)
            try:
                sums = _write(name, target.name, tables)
                os.replace(name, target)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            raise EngineError(
                f"{target} cannot be written ({error.strerror or error}): make room for it, or name"
                " another folder with scratch=... Nothing was returned; a run in a named folder"
                " goes on from its finished parts."
            ) from None
        return sums

    def sums(self, step: str, part: str) -> Sums | None:
        """What the part's file says it holds; None if it is missing, damaged or another part's."""
        try:
            about = pq.read_metadata(self._file(step, part)).metadata
            if about[b"part"].decode() != self._file(step, part).name:
                return None
            return {key: tuple(pair) for key, pair in json.loads(about[b"sums"]).items()}
        except (OSError, pa.ArrowException, KeyError, ValueError):
            return None

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Arrays:
        """Read one table of one part; a damaged file is removed, so that it is made again.

        Raises
        ------
        EngineError
            If the file is missing or damaged, or holds other rows than were put.
        """
        path = self._file(step, part)
        try:
            arrays = _read(path, key)
        except (OSError, pa.ArrowException, KeyError, ValueError) as error:
            path.unlink(missing_ok=True)
            raise EngineError(
                f"{path} is missing or damaged ({str(error).splitlines()[0][:120]}): the {key} of"
                f" {step} {part} are lost. Nothing was returned; run it again."
            ) from None
        if problem := _lost(arrays, expected, f"{step} {part} for {key}"):
            path.unlink(missing_ok=True)
            raise EngineError(f"{path}: {problem}")
        return arrays

    def drop(self, step: str) -> None:
        """Do nothing: a killed run goes on from the files."""

    def _file(self, step: str, part: str) -> Path:
        return self.path / f"{step}-{part}.parquet"


@dataclass
class Nameless:
    """Parts in one file without a name: nobody else can open it, and it ends with this process.

    Parameters
    ----------
    file : binary file
        As `tempfile.TemporaryFile` gives it, unbuffered.
    """

    file: BinaryIO
    parts: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Arrays]]) -> Sums:
        """Write one part behind the others.

        Raises
        ------
        EngineError
            If there is no room for it.
        """
        sink = _Stretch(self.file, self.file.seek(0, os.SEEK_END))
        try:
            sums = _write(sink, part, tables)
        except OSError as error:
            raise EngineError(
                f"what a run needs for a while cannot be written to {tempfile.gettempdir()}"
                f" ({error.strerror or error}): make room for it, or name a folder with"
                " scratch=... Nothing was returned."
            ) from None
        self.parts[step, part] = sink.first, sink.size
        return sums

    def sums(self, step: str, part: str) -> Sums | None:
        """None: nothing is left of an earlier run."""
        return None

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Arrays:
        """Read one table of one part.

        Raises
        ------
        EngineError
            If it holds other rows than were put.
        """
        arrays = _read(_Stretch(self.file, *self.parts[step, part]), key)
        if problem := _lost(arrays, expected, f"{step} {part} for {key}"):
            raise EngineError(problem)
        return arrays

    def drop(self, step: str) -> None:
        """Do nothing: the disk has room for all steps."""


@dataclass(frozen=True)
class Again:
    """A store in which steps are run a second time, beside what they made the first time."""

    store: PartStore
    kept: tuple[str, ...]  # steps that are not run again

    def _name(self, step: str) -> str:
        return step if step in self.kept else f"again-{step}"

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Arrays]]) -> Sums:
        """Store one part's tables."""
        return self.store.put(self._name(step), part, tables)

    def sums(self, step: str, part: str) -> Sums | None:
        """Rows and checksums of a part that was finished."""
        return self.store.sums(self._name(step), part)

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Arrays:
        """One table of one part."""
        return self.store.get(self._name(step), part, key, expected)

    def drop(self, step: str) -> None:
        """Forget what a step made."""
        self.store.drop(self._name(step))


class _Stretch(io.RawIOBase):
    """A part of a file, as a file of its own."""

    def __init__(self, file: BinaryIO, first: int, size: int = 0):
        self._file, self.first, self.size, self._at = file, first, size, 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self.size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer) -> int:
        wanted = memoryview(buffer)[: max(self.size - self._at, 0)]
        self._file.seek(self.first + self._at)  # others read and write between two calls
        read = self._file.readinto(wanted)
        self._at += read
        return read

    def write(self, data) -> int:
        data, done = memoryview(data).cast("B"), 0
        while done < len(data):
            self._file.seek(self.first + self._at + done)
            done += self._file.write(data[done:])
        self._at += done
        self.size = max(self.size, self._at)
        return done


def _lost(arrays: Arrays, expected: tuple[int, int], what: str) -> str:
    """What is wrong with what was read; nothing if it is what was put."""
    rows, total = n_rows(arrays), checksum(arrays)
    if rows > ROWS_AT_ONCE:
        free_memory()
    if (rows, total) == expected:
        return ""
    return (
        f"of {expected[0]:,} rows of {what} (checksum {expected[1]:016x}) {rows:,} arrived"
        f" (checksum {total:016x}). Nothing was returned; run it again."
    )


def _write(path, part: str, tables: Iterable[tuple[str, Arrays]]) -> Sums:
    sums: Sums = {}
    groups: list[str] = []
    writer = None
    for key, arrays in tables:
        if rows := n_rows(arrays):
            before = sums.get(key, (0, 0))
            sums[key] = before[0] + rows, (before[1] + checksum(arrays)) % 2**64
            groups.append(key)
            table = pa.table(arrays)
            writer = writer or pq.ParquetWriter(path, table.schema, **PLAIN)
            writer.write_table(table, row_group_size=rows)
    writer = writer or pq.ParquetWriter(path, pa.schema([]))
    about = {"part": part, "groups": json.dumps(groups), "sums": json.dumps(sums)}
    writer.add_key_value_metadata(about)
    writer.close()
    return sums


def _read(path, key: str) -> Arrays:
    """The row groups of a key, in batches, so that nothing is in memory twice."""
    with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
        named = json.loads(file.metadata.metadata[b"groups"])
        groups = [i for i, name in enumerate(named) if name == key]
        rows = sum(file.metadata.row_group(i).num_rows for i in groups)
        kinds = {column.name: column.type.to_pandas_dtype() for column in file.schema_arrow}
        arrays = {name: np.empty(rows, kind) for name, kind in kinds.items()}
        at = 0
        for batch in file.iter_batches(ROWS_AT_ONCE, row_groups=groups, use_threads=False):
            for name, values in arrays.items():
                values[at : at + len(batch)] = batch[name].to_numpy()
            at += len(batch)
    return arrays


def free_memory() -> None:
    """Return freed memory to the system, so that one part does not count while the next is made."""
    pa.default_memory_pool().release_unused()
    with contextlib.suppress(OSError, TypeError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)  # glibc alone has it, and alone needs it


def n_rows(arrays: Arrays) -> int:
    """Length of the arrays."""
    return len(next(iter(arrays.values()))) if arrays else 0


def take(arrays: Arrays, rows: np.ndarray | slice) -> Arrays:
    """Some rows: a mask, numbers or a slice."""
    return {name: values[rows] for name, values in arrays.items()}


def join(pieces: list[Arrays]) -> Arrays:
    """Arrays of the same names, one piece after the other."""
    if len(pieces) == 1:
        return pieces[0]
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}


def checksum(arrays: Arrays) -> int:
    """A sum over all rows, modulo 2^64: changes with any value, not with the order of rows."""
    total = 0
    for first in range(0, n_rows(arrays), MIXED_AT_ONCE):
        piece = take(arrays, slice(first, first + MIXED_AT_ONCE))
        mixed = np.zeros(n_rows(piece), np.uint64)
        for name in sorted(piece):  # wrap-around is the arithmetic of the hash
            values = piece[name]
            if values.dtype.kind == "f":
                values = values.view(f"u{values.itemsize}")
            mixed += values.astype(np.uint64)
            mixed += np.uint64(1)
            mixed *= np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(32)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        total += int((mixed ^ mixed >> np.uint64(29)).sum())
    return total % 2**64
