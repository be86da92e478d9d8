"""Features written: all tables of a corpus or none."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.features.handle import Features
from analysis.features.manifest import manifest_digest, new_manifest, sha256_of
from analysis.features.schemas import MANIFEST, PRIVATE, SCHEMAS, TITLES
from analysis.files import new_folder


def save(
    folder: str | Path,
    tables: Mapping[str, pd.DataFrame] | Iterable[Mapping[str, pd.DataFrame | pa.Table]],
    *,
    form: str,
    corpus: str,
    digest: str,
    languages: list[str],
    entries: dict,
    codebook: dict | None = None,
    results: Mapping[str, pd.DataFrame] | None = None,
    titles: Callable[[Path], object] | None = None,
    encoder: str = "",
    made_from: str = "",
) -> Path:
    """Write features as Parquet in the place of what stood in `folder`: all of them or none.

    Tables may come in parts, each of which becomes a row group of every table and is forgotten when
    it is written. `titles` writes the headlines' features into the folder that it is given;
    `encoder` is the digest of the model that embedded the sentences, `made_from` of all that they
    were made from.
    """
    with new_folder(folder) as fresh:
        if titles is not None:
            titles(fresh / TITLES)
        made = _write(fresh, [tables] if isinstance(tables, Mapping) else tables, form)
        if results:
            (fresh / "results").mkdir()
        shipped = _write(
            fresh / "results",
            [
                {
                    name: pa.Table.from_pandas(table, preserve_index=False)
                    for name, table in (results or {}).items()
                }
            ],
        )
        manifest = new_manifest(
            form,
            corpus,
            digest,
            languages,
            entries,
            codebook or {},
            made,
            shipped,
            encoder,
            made_from,
        )
        manifest["sha256"] = manifest_digest(manifest)
        (fresh / MANIFEST).write_text(
            json.dumps(manifest, indent=1, ensure_ascii=False) + "\n",
            encoding="utf-8",
            newline="\n",
        )
    return Path(folder)


def _write(
    folder: Path, parts: Iterable[Mapping[str, pd.DataFrame | pa.Table]], form: str | None = None
) -> dict[str, dict]:
    """Write tables part by part; what the manifest says of each.

    Without a form the tables are not of the contract.
    """
    writers: dict[str, pq.ParquetWriter] = {}
    rows: dict[str, int] = {}
    with ExitStack() as stack:
        for part in parts:
            for name, table in part.items():
                table = table if form is None else _arrow(name, table, form)
                if name not in writers:
                    sink = stack.enter_context((folder / f"{name}.parquet").open("wb"))
                    writers[name] = stack.enter_context(
                        pq.ParquetWriter(sink, table.schema.remove_metadata(), compression="zstd")
                    )
                writers[name].write_table(table.replace_schema_metadata(None))
                rows[name] = rows.get(name, 0) + table.num_rows
    made = {}
    for name in writers:
        with (folder / f"{name}.parquet").open("rb") as stream:
            made[name] = {"rows": rows[name], "sha256": sha256_of(stream)}
    return made


def from_tables(
    tables: Mapping[str, pd.DataFrame | pa.Table],
    *,
    form: str = PRIVATE,
    corpus: str = "in memory",
    digest: str = "",
    languages: list[str] | None = None,
    entries: dict | None = None,
    codebook: dict | None = None,
    encoder: str = "",
) -> Features:
    """Features held in memory, for tests and for partitions of a cluster."""
    files = {
        f"{name}.parquet": _encode(_arrow(name, table, form)) for name, table in tables.items()
    }
    made = {
        name: {"rows": len(table), "sha256": sha256_of(io.BytesIO(files[f"{name}.parquet"]))}
        for name, table in tables.items()
    }
    manifest = new_manifest(
        form, corpus, digest, languages or ["en"], entries or {}, codebook or {}, made, {}, encoder
    )
    where = f"features of {corpus}"
    return Features(manifest, lambda file: io.BytesIO(files[file]), where, ours=True)


def _arrow(name: str, table: pd.DataFrame | pa.Table, form: str) -> pa.Table:
    """The table with the contract's columns and types; an article's own columns follow as text."""
    fields = [pa.field(column, kind) for column, kind in SCHEMAS[form][name]]
    if name == "articles":
        names = table.column_names if isinstance(table, pa.Table) else table.columns
        own = [c for c in names if c not in {field.name for field in fields}]
        fields += [pa.field(column, pa.string()) for column in own]
    if isinstance(table, pa.Table):
        return table.select([field.name for field in fields]).cast(pa.schema(fields))
    return pa.Table.from_pandas(
        table, schema=pa.schema(fields), preserve_index=False
    ).replace_schema_metadata(None)


def _encode(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(None), sink, compression="zstd")
    return sink.getvalue()
