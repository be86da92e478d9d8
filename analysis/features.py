"""Features: the tables that extraction makes and that every measure reads.

In every private table the rows of an article stand together, and articles stand in the order of the
metadata. Row group n of every table (which may hold no row) holds the same articles, so that an
archive can be read some hundred articles at a time.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import Fault, FeaturesError, OptionError
from analysis.files import new_folder, recover
from analysis.text.style import STYLE

EXTRACTOR_VERSION = 5
MANIFEST = "features.json"
PRIVATE, SHARED = "private", "shared"

_ID = ("article_id", pa.string())
_SENTENCE = ("sentence", pa.int32())
SCHEMAS: dict[str, dict[str, list[tuple[str, pa.DataType]]]] = {
    PRIVATE: {
        "articles": [
            _ID,
            ("outlet", pa.string()),
            ("published", pa.string()),
            ("author", pa.string()),
            ("url", pa.string()),
            ("language", pa.string()),
            ("n_chars", pa.int32()),
            ("n_tokens", pa.int32()),
            ("n_sentences", pa.int32()),
            ("sha256", pa.string()),
        ],
        "sentences": [
            _ID,
            _SENTENCE,
            ("paragraph", pa.int32()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("n_tokens", pa.int32()),
            ("quoted_share", pa.float64()),
        ],
        "tokens": [
            _ID,
            ("position", pa.int32()),
            _SENTENCE,
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("hash", pa.uint64()),
            ("stem", pa.uint64()),
            ("quoted", pa.bool_()),
        ],
        "terms": [
            _ID,
            _SENTENCE,
            ("term", pa.string()),
            ("is_name", pa.bool_()),
            ("count", pa.int32()),
        ],
        "hits": [
            _ID,
            _SENTENCE,
            ("entry", pa.string()),
            ("kind", pa.string()),
            ("pattern", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
        ],
        "scores": [
            _ID,
            _SENTENCE,
            ("dictionary", pa.string()),
            ("score", pa.float64()),
            ("n_matched", pa.int32()),
        ],
        "mentions": [
            _ID,
            _SENTENCE,
            ("actor", pa.string()),
            ("form", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("voice", pa.string()),
            ("speaker", pa.string()),
            ("negative", pa.float32()),
            ("neutral", pa.float32()),
            ("positive", pa.float32()),
        ],
        "labels": [
            _ID,
            _SENTENCE,
            ("actor", pa.string()),
            ("label", pa.string()),
            ("construction", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("quoted", pa.bool_()),
            ("confidence", pa.float32()),
        ],
        "style": [_ID, _SENTENCE, *((name, pa.int32()) for name in STYLE)],
        "quotes": [
            _ID,
            _SENTENCE,
            ("position", pa.int32()),
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("n_words", pa.int32()),
            ("direct", pa.bool_()),
            ("scare", pa.bool_()),
            ("speaker", pa.string()),
            ("description", pa.string()),
            ("verb", pa.string()),
            ("unnamed", pa.bool_()),
        ],
        "credits": [
            _ID,
            _SENTENCE,
            ("kind", pa.string()),
            ("name", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
        ],
        "values": [
            _ID,
            _SENTENCE,
            ("kind", pa.string()),
            ("value", pa.string()),
            ("start", pa.int32()),
            ("end", pa.int32()),
        ],
        "vectors": [_ID, _SENTENCE, ("embedding", pa.list_(pa.float16()))],
        "keys": [_ID, ("component", pa.string()), ("key", pa.string())],
    },
}
_private = SCHEMAS[PRIVATE]
SCHEMAS[SHARED] = {
    "articles": _private["articles"],
    "sentences": [c for c in _private["sentences"] if c[0] not in ("start", "end")],
    "ngrams": [_ID, ("position", pa.int32()), ("hash", pa.uint64()), ("quoted", pa.bool_())],
    "terms": [c for c in _private["terms"] if c[0] != "sentence"],
    "hits": [_ID, _SENTENCE, ("entry", pa.string()), ("kind", pa.string()), ("count", pa.int32())],
    "patterns": [
        _ID,
        ("entry", pa.string()),
        ("kind", pa.string()),
        ("pattern", pa.string()),
        ("count", pa.int32()),
    ],
    "scores": _private["scores"],
    "mentions": [c for c in _private["mentions"] if c[0] not in ("start", "end", "speaker")],
    "labels": [
        _ID,
        ("actor", pa.string()),
        ("label", pa.string()),
        ("construction", pa.string()),
        ("quoted", pa.bool_()),
        ("confidence", pa.float32()),
        ("count", pa.int32()),
    ],
    "style": [_ID, *((name, pa.int32()) for name in STYLE)],
    "quotes": [
        _ID,
        ("position", pa.int32()),
        ("n_words", pa.int32()),
        ("direct", pa.bool_()),
        ("scare", pa.bool_()),
    ],
    "credits": [_ID, ("kind", pa.string()), ("name", pa.string()), ("count", pa.int32())],
    "vectors": _private["vectors"],
}


class Features:
    """A lazy handle on the tables of one corpus.

    Measures take it, and read from it only the tables and columns that they need.

    Parameters
    ----------
    manifest : dict
        `form` ("private" or "shared"), `corpus`, `digest`, `extractor`, `languages`, `entries`,
        `tables`, `results`.
    read : callable
        ``read(file) -> bytes-like or path`` of one Parquet file named in the manifest.
    where : str
        What errors call the place.
    """

    def __init__(self, manifest: dict, read, where: str):
        self.manifest = manifest
        self.where = where
        self._read = read

    def __repr__(self) -> str:
        rows = ", ".join(
            f"{name} {about['rows']}" for name, about in self.manifest["tables"].items()
        )
        return f"<{self.form} features of {self.corpus}: {rows}>"

    @property
    def form(self) -> str:
        """ "private" (every table) or "shared" (no running words)."""
        return self.manifest["form"]

    @property
    def measures_itself(self) -> bool:
        """Whether it holds ordered words: else some results come from tables that were shipped."""
        return self.form == PRIVATE

    @property
    def corpus(self) -> str:
        """The corpus's name."""
        return self.manifest["corpus"]

    @property
    def digest(self) -> str:
        """sha256 over texts, metadata, codebook and extractor version."""
        return self.manifest["digest"]

    def codebook(self, section: str) -> dict:
        """What the codebook says of "actors" (name, aliases, side), "frames" (description,
        examples), "labels" (words) or "axes" (low, high), by name.
        """
        return self.manifest["codebook"].get(section, {})

    @property
    def article_ids(self) -> list[str]:
        """Article ids in the order of the metadata."""
        return self.table("articles", ["article_id"])["article_id"].tolist()

    def has(self, table: str) -> bool:
        return table in self.manifest["tables"]

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read one table.

        Raises
        ------
        FeaturesError
            If this form lacks the table, or its file is damaged.
        """
        self._require(name)
        return self._parquet(f"{name}.parquet", self.manifest["tables"][name], columns)

    def _require(self, name: str) -> None:
        if not self.has(name):
            hint = (
                "It holds ordered words or vectors, which only the private form has: it needs the"
                " texts and `twicetold extract`."
                if self.form == SHARED
                else "Run `twicetold extract` again."
            )
            raise FeaturesError(
                f"{self.where}: the {self.form} features have no table {name!r}; "
                f"there are {', '.join(self.manifest['tables'])}. {hint}"
            )

    def rows(self, name: str, columns: list[str], first: int, stop: int) -> pa.Table:
        """Read some running rows of one table, and of the file no more than the row groups that
        hold them; ids as a dictionary.

        Raises
        ------
        FeaturesError
            If this form lacks the table, or its file is damaged.
        """
        self._require(name)
        file, about = f"{name}.parquet", self.manifest["tables"][name]
        with self._reading(file):
            with pq.ParquetFile(self._read(file), read_dictionary=["article_id"]) as parquet:
                edges = np.cumsum(
                    [
                        0,
                        *(
                            parquet.metadata.row_group(g).num_rows
                            for g in range(parquet.num_row_groups)
                        ),
                    ]
                )
                groups = [
                    g
                    for g in range(parquet.num_row_groups)
                    if edges[g] < stop and edges[g + 1] > first
                ]
                table = parquet.read_row_groups(groups, columns=columns, use_threads=False)
        self._complete(file, about, int(edges[-1]))
        return table.slice(first - int(edges[groups[0]]) if groups else 0, stop - first)

    def has_result(self, name: str) -> bool:
        return name in self.manifest.get("results", {})

    def result(self, name: str) -> pd.DataFrame:
        """Read a result table that was measured on the private form and shipped beside the shared
        one.
        """
        if not self.has_result(name):
            raise FeaturesError(
                f"{self.where}: no result {name!r} is shipped; "
                f"there are {', '.join(self.manifest.get('results', {})) or 'none'}."
            )
        return self._parquet(f"results/{name}.parquet", self.manifest["results"][name], None)

    def _parquet(self, file: str, about: dict, columns) -> pd.DataFrame:
        with self._reading(file):
            table = pq.read_table(self._read(file), columns=columns)
            frame = table.to_pandas()
        self._complete(file, about, table.num_rows)
        return frame

    @contextlib.contextmanager
    def _reading(self, file: str):
        try:
            yield
        except (OSError, KeyError, ValueError, pa.ArrowException) as error:
            raise FeaturesError(
                f"{self.where}/{file} is missing or damaged ({_first_line(error)}). Fetch it again,"
                " or run `twicetold extract` and `twicetold share`."
            ) from None

    def _complete(self, file: str, about: dict, n_rows: int) -> None:
        if n_rows != about["rows"]:
            raise FeaturesError(
                f"{self.where}/{file} has {n_rows} rows, its manifest says {about['rows']}; "
                "fetch the features again as a whole."
            )


def features_of(corpus) -> Features:
    """The features of a corpus; Features themselves, of a partition or an archive, are taken too.

    Raises
    ------
    FeaturesError
        If there are none yet.
    OptionError
        If it is no corpus.
    """
    if isinstance(corpus, Features):
        return corpus
    if not hasattr(corpus, "features"):
        raise OptionError(
            f"a measure takes a corpus, as `load` gives it (got {corpus!r:.60}); write"
            ' tw.load("name")'
        )
    return corpus.features


def from_tables(
    tables: Mapping[str, pd.DataFrame | pa.Table],
    *,
    form: str = PRIVATE,
    corpus: str = "in memory",
    digest: str = "",
    languages: list[str] | None = None,
    entries: dict | None = None,
    codebook: dict | None = None,
) -> Features:
    """Features held in memory, for tests and for partitions of a cluster."""
    files = {
        f"{name}.parquet": _encode(_arrow(name, table, form)) for name, table in tables.items()
    }
    made = {
        name: {"rows": len(table), "sha256": _sha256(io.BytesIO(files[f"{name}.parquet"]))}
        for name, table in tables.items()
    }
    manifest = _manifest(
        form, corpus, digest, languages or ["en"], entries or {}, codebook or {}, made, {}
    )
    return Features(manifest, lambda file: io.BytesIO(files[file]), f"features of {corpus}")


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
) -> Path:
    """Write features as Parquet, all of them or none; what stood in `folder` is replaced in one
    step.

    Tables may come in parts, each of which becomes a row group of every table and is forgotten when
    it is written.
    """
    with new_folder(folder) as fresh:
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
        manifest = _manifest(
            form, corpus, digest, languages, entries, codebook or {}, made, shipped
        )
        (fresh / MANIFEST).write_text(
            json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
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
            made[name] = {"rows": rows[name], "sha256": _sha256(stream)}
    return made


def load_features(place: str | Path) -> Features:
    """Open features: a folder that holds `features.json`, or the archive that `twicetold share`
    wrote.

    Raises
    ------
    FeaturesError
        If there are none, or they were made by another version.
    """
    place = Path(place)
    recover(place)
    if place.is_file():
        return _load_archive(place)
    if not place.exists():
        raise FeaturesError(
            f"{place}: no such file or folder; needed is a folder of features or an archive of"
            " `twicetold share`."
        )
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FeaturesError(
            f"{place}: no features here ({MANIFEST} is missing); run `twicetold extract`."
        ) from None
    except (ValueError, RecursionError, OSError) as error:
        raise FeaturesError(
            f"{place / MANIFEST} is damaged ({error}); fetch or make the features again."
        ) from None
    return Features(_checked(manifest, place), lambda file: place / file, str(place))


# what zipfile raises for a damaged member, one with a password, or a method it does not know
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    ValueError,
    OSError,
    RuntimeError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
)


def _load_archive(path: Path) -> Features:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.endswith(f"/features/{MANIFEST}")]
            if len(names) != 1:
                raise FeaturesError(
                    f"{path} holds no {MANIFEST}: it is not an archive of `twicetold share`."
                )
            prefix = names[0][: -len(MANIFEST)]
            manifest = json.loads(archive.read(names[0]))
    except _ZIP_ERRORS as error:
        raise FeaturesError(
            f"{path} is not an archive of `twicetold share`, or is damaged ({error})."
        ) from None

    def read(file: str):
        # members are read by the names that the manifest gives and never unpacked, so no path can
        # leave the archive
        with zipfile.ZipFile(path) as archive:
            try:
                return io.BytesIO(archive.read(prefix + file))
            except _ZIP_ERRORS as error:
                raise OSError(str(error)) from None

    return Features(_checked(manifest, path), read, str(path))


def _checked(manifest, where) -> dict:
    needed = (
        "form",
        "corpus",
        "digest",
        "extractor",
        "languages",
        "entries",
        "codebook",
        "tables",
        "results",
    )
    known = set(manifest) if isinstance(manifest, dict) else set()
    if "extractor" in known and manifest["extractor"] != EXTRACTOR_VERSION:
        raise FeaturesError(
            f"{where}: the features are of extractor version {manifest['extractor']}, this is"
            f" version {EXTRACTOR_VERSION}; run `twicetold extract` (and `twicetold share`) again."
        )
    if not known.issuperset(needed):
        raise FeaturesError(
            f"{where}: {MANIFEST} lacks {', '.join(key for key in needed if key not in known)}; "
            "fetch or make the features again."
        )
    wrong = [
        key
        for key, sound in (
            ("form", manifest["form"] in list(SCHEMAS)),
            ("corpus", isinstance(manifest["corpus"], str)),
            ("digest", isinstance(manifest["digest"], str)),
            (
                "languages",
                isinstance(manifest["languages"], list)
                and all(isinstance(code, str) for code in manifest["languages"]),
            ),
            (
                "entries",
                _is_map(
                    manifest["entries"],
                    r"(frame|dictionary)/.+",
                    digest=(str,),
                    language=(str, type(None)),
                ),
            ),
            (
                "codebook",
                isinstance(manifest["codebook"], dict)
                and all(isinstance(about, (dict, list)) for about in manifest["codebook"].values()),
            ),
            # names are of known tables or plain words, so that none leads out of the folder
            (
                "tables",
                _is_map(
                    manifest["tables"],
                    "|".join(SCHEMAS[PRIVATE] | SCHEMAS[SHARED]),
                    rows=(int,),
                    sha256=(str,),
                ),
            ),
            ("results", _is_map(manifest["results"], r"\w+", rows=(int,), sha256=(str,))),
        )
        if not sound
    ]
    if wrong:
        raise FeaturesError(
            f"{where}: {MANIFEST} has something else than extraction writes in {', '.join(wrong)}; "
            "fetch or make the features again."
        )
    return manifest


def _is_map(given, name: str, **kinds: tuple[type, ...]) -> bool:
    return isinstance(given, dict) and all(
        re.fullmatch(name, key, re.DOTALL)
        and isinstance(about, dict)
        and all(isinstance(about.get(field), kind) for field, kind in kinds.items())
        for key, about in given.items()
    )


def check_features(folder: str | Path) -> list[Fault]:
    """Find every fault of a features folder: version, missing and damaged files, wrong columns."""
    folder = Path(folder)
    try:
        features = load_features(folder)
    except FeaturesError as error:
        return [Fault(f"{folder.name}/{MANIFEST}", None, str(error))]
    faults = []
    listed = [
        (f"{name}.parquet", about, _columns(name, features.form))
        for name, about in features.manifest["tables"].items()
    ]
    listed += [
        (f"results/{name}.parquet", about, None)
        for name, about in features.manifest.get("results", {}).items()
    ]
    for file, about, columns in listed:
        try:
            problem = _file_problem(folder / file, about, columns)
        except (OSError, ValueError, pa.ArrowException) as error:
            problem = f"cannot be read ({_first_line(error)}); fetch or make the features again."
        if problem is not None:
            faults.append(Fault(f"{folder.name}/{file}", None, problem))
    return faults


def _file_problem(path: Path, about: dict, columns: list[str] | None) -> str | None:
    if not path.is_file():
        return "the file is missing; fetch or make the features again."
    with path.open("rb") as stream:
        if _sha256(stream) != about["sha256"]:
            return (
                "damaged or changed: its sha256 is not the manifest's; fetch or make the features"
                " again."
            )
    if columns and not set(columns) <= set(pq.read_schema(path).names):
        return f"lacks columns; needed are {', '.join(columns)}."
    return None


def corpus_digest(articles: pd.DataFrame, entries: dict, codebook: dict) -> str:
    """Digest of what features were made from: each article's metadata and text digest, the
    codebook.
    """
    said = [
        EXTRACTOR_VERSION,
        articles.sort_values("article_id").to_dict("records"),
        sorted(entries.items()),
        codebook,
    ]
    return hashlib.sha256(
        json.dumps(said, ensure_ascii=False, sort_keys=True, default=str).encode()
    ).hexdigest()


def _columns(name: str, form: str) -> list[str]:
    return [column for column, _ in SCHEMAS[form].get(name, [])]


def _arrow(name: str, table: pd.DataFrame | pa.Table, form: str) -> pa.Table:
    """The table with the contract's columns and types; an article's own columns follow as text."""
    fields = [pa.field(column, kind) for column, kind in SCHEMAS[form][name]]
    if name == "articles":
        names = table.column_names if isinstance(table, pa.Table) else table.columns
        fields += [pa.field(c, pa.string()) for c in names if c not in _columns(name, form)]
    if isinstance(table, pa.Table):
        return table.select([field.name for field in fields]).cast(pa.schema(fields))
    return pa.Table.from_pandas(
        table, schema=pa.schema(fields), preserve_index=False
    ).replace_schema_metadata(None)


def _encode(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata(None), sink, compression="zstd")
    return sink.getvalue()


def _manifest(form, corpus, digest, languages, entries, codebook, tables, results) -> dict:
    return {
        "form": form,
        "corpus": corpus,
        "extractor": EXTRACTOR_VERSION,
        "digest": digest,
        "languages": languages,
        "entries": entries,
        "codebook": codebook,
        "tables": tables,
        "results": results,
    }


def _sha256(stream) -> str:
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _first_line(error) -> str:
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
