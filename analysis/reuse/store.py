"""Stores: where the parts of a run lie between its steps, in memory or as Parquet in a scratch
folder, checked when they are read.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import json
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import EngineError

AT_ONCE = 1 << 20  # rows
Columns = dict[str, np.ndarray]
Sums = dict[str, tuple[int, int]]  # rows and checksum of what one part holds, by key


class Store(Protocol):
    """What the steps of a run ask of the place where its parts lie."""

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Columns]]) -> Sums:
        """Keep one part's tables by key (those of one key are one table), all or none; returns
        their rows and checksums.
        """

    def sums(self, step: str, part: str) -> Sums | None:
        """Rows and checksums of a part that was finished; None if it was not."""

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Columns:
        """One table of one part; raises `EngineError` if its rows or checksum are not those
        expected.
        """

    def drop(self, step: str) -> None:
        """Forget what a step made, where that frees memory."""


@dataclass
class Memory:
    """Parts held in this process."""

    parts: dict[tuple[str, str], dict[str, list[Columns]]] = field(default_factory=dict)

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Columns]]) -> Sums:
        made = self.parts[step, part] = {}
        for key, columns in tables:
            if _rows(columns):
                made.setdefault(key, []).append(columns)
        return {key: (sum(map(_rows, pieces)), 0) for key, pieces in made.items()}

    def sums(self, step: str, part: str) -> Sums | None:
        return None  # a run in memory has nothing to go on from

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Columns:
        return join(self.parts[step, part][key])

    def drop(self, step: str) -> None:
        for held in [k for k in self.parts if k[0] == step]:
            del self.parts[held]


@dataclass(frozen=True)
class Folder:
    """Parts as Parquet files, one row group for each key; a file is there whole or not at all."""

    path: Path

    def put(self, step: str, part: str, tables: Iterable[tuple[str, Columns]]) -> Sums:
        target = self._file(step, part)
        sums: Sums = {}
        name = None
        try:
            handle, name = tempfile.mkstemp(dir=self.path, prefix=f".{target.name}.")
            os.close(handle)
            writer, groups = None, []
            for key, columns in tables:
                if not (rows := _rows(columns)):
                    continue
                before = sums.get(key, (0, 0))
                sums[key] = before[0] + rows, (before[1] + checksum(columns)) % 2**64
                table = pa.table(columns)
                writer = writer or pq.ParquetWriter(
                    name,
                    table.schema,
                    compression="none",
                    use_dictionary=False,
                    write_statistics=False,
                )
                groups.append(key)
                writer.write_table(table, row_group_size=rows)
            writer = writer or pq.ParquetWriter(name, pa.schema([]))
            writer.add_key_value_metadata(
                {"part": target.name, "groups": json.dumps(groups), "sums": json.dumps(sums)}
            )
            writer.close()
            os.replace(name, target)
        except BaseException as error:
            if name is not None:
                Path(name).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise EngineError(
                    f"{target} cannot be written ({error.strerror or error}): mend that, or name"
                    " another folder with scratch=... Nothing was returned; a run in a named"
                    " folder goes on from its finished parts."
                ) from None
            raise
        return sums

    def sums(self, step: str, part: str) -> Sums | None:
        try:
            said = pq.read_metadata(self._file(step, part)).metadata
            if said[b"part"].decode() != self._file(step, part).name:
                return None
            return {key: tuple(pair) for key, pair in json.loads(said[b"sums"]).items()}
        except (OSError, pa.ArrowException, KeyError, ValueError):
            return None  # not there, damaged, or another part's: it is made anew

    def get(self, step: str, part: str, key: str, expected: tuple[int, int]) -> Columns:
        path = self._file(step, part)
        try:
            with pq.ParquetFile(path, buffer_size=1 << 20, pre_buffer=False) as file:
                groups = [
                    i
                    for i, k in enumerate(json.loads(file.metadata.metadata[b"groups"]))
                    if k == key
                ]
                rows = sum(file.metadata.row_group(i).num_rows for i in groups)
                columns = {
                    field.name: np.empty(rows, field.type.to_pandas_dtype())
                    for field in file.schema_arrow
                }
                at = 0
                for batch in file.iter_batches(
                    1 << 16, row_groups=groups, use_threads=False
                ):  # so that nothing is in memory twice
                    for name, values in columns.items():
                        values[at : at + len(batch)] = batch[name].to_numpy()
                    at += len(batch)
        except (OSError, pa.ArrowException, KeyError, ValueError) as error:
            path.unlink(missing_ok=True)  # so that the next run makes it anew
            raise EngineError(
                f"{path} is missing or damaged ({str(error).splitlines()[0][:120]}): the {key} of"
                f" {step} {part} are lost. Nothing was returned; run it again."
            ) from None
        if rows > 1 << 16:
            give_back()
        found = _rows(columns), checksum(columns)
        if found != expected:
            path.unlink(missing_ok=True)
            raise EngineError(
                f"{path}: of {expected[0]:,} rows of {step} {part} for {key} (checksum"
                f" {expected[1]:016x}) {found[0]:,} arrived (checksum {found[1]:016x}). Nothing was"
                " returned; run it again."
            )
        return columns

    def drop(self, step: str) -> None:
        """Files stay, so that a killed run goes on from them."""

    def _file(self, step: str, part: str) -> Path:
        return self.path / f"{step}-{part}.parquet"


def give_back() -> None:
    """Return freed memory to the system, else what one part took would count while the next is
    worked on.
    """
    pa.default_memory_pool().release_unused()
    if trim := getattr(_libc(), "malloc_trim", None):  # glibc alone has it, and alone needs it
        trim(0)


@functools.cache
def _libc():
    with contextlib.suppress(OSError, TypeError):
        return ctypes.CDLL(None)


def join(pieces: list[Columns]) -> Columns:
    """Tables with the same columns, one after the other."""
    return (
        pieces[0]
        if len(pieces) == 1
        else {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    )


def checksum(columns: Columns) -> int:
    """A sum over all rows that changes with any value and not with the order of rows; modulo 2^64."""
    total = 0
    for first in range(0, _rows(columns), AT_ONCE):
        mixed = np.zeros(min(AT_ONCE, _rows(columns) - first), np.uint64)
        for name in sorted(columns):
            _stir(mixed, columns[name][first : first + AT_ONCE])
        total += int(_sum(mixed))
    return total % 2**64


@numba.njit(cache=True, nogil=True)
def _stir(mixed, values):
    for i in range(len(mixed)):  # wrap-around is the arithmetic of the hash
        mixed[i] = (mixed[i] + np.uint64(values[i]) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)


@numba.njit(cache=True, nogil=True)
def _sum(mixed):
    total = np.uint64(0)
    for x in mixed:
        x ^= x >> np.uint64(32)
        x *= np.uint64(0xBF58476D1CE4E5B9)
        total += x ^ x >> np.uint64(29)
    return total


def _rows(columns: Columns) -> int:
    return len(next(iter(columns.values()))) if columns else 0
