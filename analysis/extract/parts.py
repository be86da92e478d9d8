"""Part files: the tables of a finished chunk, written whole, and read only if unchanged."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pyarrow as pa

from analysis.files import write_bytes

_DIGEST = 32  # bytes of sha256 at the end of a part file
_LZ4 = pa.ipc.IpcWriteOptions(compression="lz4")


def write_part(path: Path, tables: dict[str, pa.Table]) -> None:
    """Write tables as one Arrow stream behind the other, and their sha256.

    Parameters
    ----------
    path : Path
    tables : dict of str to pyarrow.Table
        By name.
    """
    sink = pa.BufferOutputStream()
    for name, table in tables.items():
        with pa.ipc.new_stream(
            sink, table.schema.with_metadata({"table": name}), options=_LZ4
        ) as stream:
            stream.write_table(table)
    data = sink.getvalue().to_pybytes()
    write_bytes(path, data + hashlib.sha256(data).digest())


def read_part(path: Path) -> dict[str, pa.Table] | None:
    """The tables of a part file; None if it is missing or damaged.

    Parameters
    ----------
    path : Path

    Returns
    -------
    dict[str, pyarrow.Table] or None
    """
    try:
        data = path.read_bytes()
    except OSError:
        return None
    if hashlib.sha256(memoryview(data)[:-_DIGEST]).digest() != data[-_DIGEST:]:
        return None
    source, tables = pa.BufferReader(data), {}
    while source.tell() < len(data) - _DIGEST:
        with pa.ipc.open_stream(source) as stream:
            table = stream.read_all()
        tables[table.schema.metadata[b"table"].decode()] = table.replace_schema_metadata(None)
    return tables
