"""Features: the tables that extraction makes and that every measure reads.

In every private table the rows of an article stand together, and articles stand in the order of the
metadata. Row group n of every table (which may hold no row) holds the same articles, so that an
archive can be read some hundred articles at a time.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, StringConstraints, ValidationError

from analysis.errors import Fault, FeaturesError, OptionError
from analysis.files import new_folder, recover
from analysis.options import check_choice
from analysis.text.style import STYLE

EXTRACTOR_VERSION = 10
MANIFEST = "features.json"
PRIVATE, SHARED = "private", "shared"
PARTS = ("body", "title")  # of an article, each measured on its own
TITLES = "titles"  # folder of the headlines' features in those of the bodies

_TYPES = {
    pa.int32(): (
        "sentence paragraph start end position n_chars n_tokens n_sentences n_words n_matched"
        f" count reach n_negated {' '.join(STYLE)}"
    ),
    pa.string(): (
        "article_id outlet published author url language sha256 term entry kind pattern dictionary"
        " actor form layout voice speaker label construction description verb name value component"
        " key reason replacement dimension mark"
    ),
    pa.bool_(): "quoted is_name direct scare unnamed says negated",
    pa.uint8(): "signs",
    pa.float32(): "negative neutral positive confidence",
    pa.float64(): "quoted_share score",
    pa.uint64(): "hash stem",
    pa.list_(pa.float16()): "embedding",
}
_COLUMNS = {
    PRIVATE: {
        "articles": (
            "article_id outlet published author url language n_chars n_tokens n_sentences sha256"
        ),
        "sentences": "article_id sentence paragraph start end n_tokens quoted_share says mark",
        "tokens": "article_id position sentence start end hash stem quoted signs",
        "terms": "article_id sentence term is_name count",
        "hits": "article_id sentence entry kind pattern start end negated",
        "scores": "article_id sentence dictionary score n_matched",
        "mentions": (
            "article_id sentence actor form start end voice speaker negative neutral positive"
        ),
        "labels": "article_id sentence actor label construction start end quoted confidence",
        "style": f"article_id sentence {' '.join(STYLE)}",
        "quotes": (
            "article_id sentence position start end kind layout n_words direct scare negated"
            " speaker description verb unnamed confidence"
        ),
        "credits": "article_id sentence kind name start end reach",
        "values": "article_id sentence kind value start end dimension",
        "masks": "article_id start end reason replacement n_words",
        "vectors": "article_id sentence embedding",
        "keys": "article_id component key",
    },
    SHARED: {
        "articles": (
            "article_id outlet published author url language n_chars n_tokens n_sentences sha256"
        ),
        "sentences": "article_id sentence paragraph n_tokens quoted_share",
        "ngrams": "article_id position hash quoted",
        "terms": "article_id term is_name count",
        "hits": "article_id sentence entry kind count",
        "patterns": "article_id entry kind pattern count n_negated",
        "scores": "article_id sentence dictionary score n_matched",
        "mentions": "article_id sentence actor form voice negative neutral positive",
        "labels": "article_id actor label construction quoted confidence count",
        "style": f"article_id {' '.join(STYLE)}",
        "quotes": "article_id position n_words direct scare",
        "credits": "article_id kind name count",
        "masks": "article_id reason count n_words",
        "vectors": "article_id sentence embedding",
    },
}
_TYPE_OF = {column: kind for kind, columns in _TYPES.items() for column in columns.split()}
SCHEMAS: dict[str, dict[str, list[tuple[str, pa.DataType]]]] = {
    form: {
        table: [(column, _TYPE_OF[column]) for column in columns.split()]
        for table, columns in tables.items()
    }
    for form, tables in _COLUMNS.items()
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
        self.part = PARTS[0]
        self._read = read
        self._sound: dict[str, tuple] = {}  # file → its size and time when it was compared
        self.stories: Mapping[str, str] = {}  # article → story, as people named it
        self._kept: frozenset[str] | None = None
        self._bodies: Features | None = None

    def __repr__(self) -> str:
        rows = ", ".join(
            f"{name} {about['rows']}" for name, about in self.manifest["tables"].items()
        )
        return f"<{self.form} features of {self.corpus}: {rows}>"

    @property
    def form(self) -> str:
        """Either "private" (every table) or "shared" (no running words)."""
        return self.manifest["form"]

    @property
    def measures_itself(self) -> bool:
        """Whether it holds ordered words: else some results come from tables that were shipped."""
        return self.form == PRIVATE

    def only(self, article_ids: Iterable[str]) -> Features:
        """The features of some articles: every table without the others' rows.

        Results that were shipped stay as they are: they were measured on all articles.

        Parameters
        ----------
        article_ids : iterable of str
        """
        some = copy.copy(self)
        some._kept = frozenset(article_ids)
        return some

    @property
    def whole(self) -> Features:
        """The features of all articles, of which these may be some."""
        all_of_them = copy.copy(self)
        all_of_them._kept = None
        return all_of_them

    def with_stories(self, stories: Mapping[str, str]) -> Features:
        """These features with the stories that people named, by article.

        Parameters
        ----------
        stories : mapping
            From article_id to the story's name.
        """
        named = copy.copy(self)
        named.stories = dict(stories)
        return named

    @property
    def bodies(self) -> Features:
        """Features of the articles' bodies, where these are of their headlines."""
        return self if self._bodies is None else self._bodies

    @property
    def titles(self) -> Features:
        """Features of the articles' headlines, of the same form as those of their bodies.

        Raises
        ------
        FeaturesError
            If the metadata has no titles, or this form holds none of theirs.
        """
        folder = Path(self.where) / TITLES
        if self.form == SHARED or not folder.is_dir():
            why = (
                "the shared form holds no headlines; they are measured where the texts are"
                if self.form == SHARED
                else "there are no headlines; give metadata.csv a column `title` and run"
                f" `twicetold extract {self.corpus}`"
            )
            raise FeaturesError(f"{self.where}: {why}.")
        titles = load_features(folder)
        titles.part = PARTS[1]
        titles._kept, titles._bodies = self._kept, self
        return titles

    @property
    def encoder(self) -> str:
        """Digest of the model that embedded the sentences; empty where that is not known."""
        return self.manifest.get("encoder", "")

    @property
    def corpus(self) -> str:
        """The corpus's name."""
        return self.manifest["corpus"]

    @property
    def digest(self) -> str:
        """sha256 over texts, metadata, codebook and extractor version."""
        return self.manifest["digest"]

    def codebook(self, section: str) -> dict:
        """What the codebook says, by name, in one of its sections.

        Parameters
        ----------
        section : {"actors", "frames", "labels", "axes", "claims"}
            Actors have name, aliases and side; frames description and examples; families of labels
            words; axes low and high. Claims are a list, each with id, wording and told.
        """
        return self.manifest["codebook"].get(section, {})

    @property
    def article_ids(self) -> list[str]:
        """Article ids in the order of the metadata."""
        return self.table("articles", ["article_id"])["article_id"].tolist()

    def has(self, table: str) -> bool:
        """Whether there is a table of this name."""
        return table in self.manifest["tables"]

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """Read one table.

        Raises
        ------
        FeaturesError
            If this form lacks the table, or its file is damaged.
        """
        self._require(name)
        about = self.manifest["tables"][name]
        if self._kept is None:
            return self._parquet(f"{name}.parquet", about, columns)
        read = columns if columns is None else list({"article_id": None, **dict.fromkeys(columns)})
        table = self._parquet(f"{name}.parquet", about, read)
        table = table[table["article_id"].isin(self._kept)].reset_index(drop=True)
        return table if columns is None else table[columns]

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
        """Read some running rows of one table, and of its file only the row groups that hold them.

        The ids come as a dictionary array.

        Raises
        ------
        FeaturesError
            If this form lacks the table, or its file is damaged.
        """
        self._require(name)
        if self._kept is not None:
            rows = self.table(name, columns).iloc[first:stop]
            some = pa.Table.from_pandas(rows, preserve_index=False)
            if "article_id" not in columns:
                return some
            ids = some["article_id"].cast(pa.string()).dictionary_encode()
            return some.set_column(columns.index("article_id"), "article_id", ids)
        file, about = f"{name}.parquet", self.manifest["tables"][name]
        with self._reading(file):
            source = self._compared(file, about)
            with pq.ParquetFile(source, read_dictionary=["article_id"]) as parquet:
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
        """Whether a result table of this name was shipped."""
        return name in self.manifest.get("results", {})

    def result(self, name: str) -> pd.DataFrame:
        """Read a result table that was measured on the private form and shipped.

        Raises
        ------
        FeaturesError
            If none of this name was shipped, or its file is damaged.
        """
        if not self.has_result(name):
            raise FeaturesError(
                f"{self.where}: no result {name!r} is shipped; "
                f"there are {', '.join(self.manifest.get('results', {})) or 'none'}."
            )
        return self._parquet(f"results/{name}.parquet", self.manifest["results"][name], None)

    def _parquet(self, file: str, about: dict, columns) -> pd.DataFrame:
        with self._reading(file):
            table = pq.read_table(self._compared(file, about), columns=columns)
            frame = table.to_pandas()
        self._complete(file, about, table.num_rows)
        return frame

    def _compared(self, file: str, about: dict):
        """A file whose bytes were compared with the manifest's sha256, once unless it changes."""
        source = self._read(file)
        state = source.stat() if isinstance(source, Path) else None
        seen = (state.st_size, state.st_mtime_ns) if state else (source.getbuffer().nbytes,)
        if self._sound.get(file) == seen:
            return source
        with source.open("rb") if state else contextlib.nullcontext(source) as stream:
            if _sha256(stream) != about["sha256"]:
                raise ValueError("its sha256 is not the manifest's")
        if not state:
            source.seek(0)
        if "/" not in file:
            _refuse_other_columns(source, SCHEMAS[self.form][file.removesuffix(".parquet")])
        self._sound[file] = seen
        return source

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


def _refuse_other_columns(source, columns: list[tuple[str, pa.DataType]]) -> None:
    """Refuse a file that lacks a column of the contract, or has one of another type."""
    there = pq.read_schema(source)
    if not isinstance(source, Path):
        source.seek(0)
    for name, kind in columns:
        found = there.field(name).type if name in there.names else None
        if found != kind:
            raise ValueError(f"its column {name!r} is {found or 'missing'}, needed is {kind}")


def features_of(corpus, part: str = PARTS[0]) -> Features:
    """The features of a corpus; Features themselves, of a partition or an archive, are taken too.

    Parameters
    ----------
    corpus : Corpus or Features
    part : {"body", "title"}
        Of the articles.

    Raises
    ------
    FeaturesError
        If there are none yet.
    OptionError
        If it is no corpus, or there is no such part.
    """
    check_choice("part", part, PARTS)
    if isinstance(corpus, Features):
        return corpus if corpus.part == part else corpus.titles
    if not hasattr(corpus, "features"):
        raise OptionError(
            f"a measure takes a corpus, as `load` gives it (got {corpus!r:.60}); write"
            ' tw.load("name")'
        )
    return corpus.features if part == PARTS[0] else corpus.features.titles


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
        name: {"rows": len(table), "sha256": _sha256(io.BytesIO(files[f"{name}.parquet"]))}
        for name, table in tables.items()
    }
    manifest = _manifest(
        form, corpus, digest, languages or ["en"], entries or {}, codebook or {}, made, {}, encoder
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
    titles: Callable[[Path], object] | None = None,
    encoder: str = "",
) -> Path:
    """Write features as Parquet in the place of what stood in `folder`: all of them or none.

    Tables may come in parts, each of which becomes a row group of every table and is forgotten when
    it is written. `titles` writes the headlines' features into the folder that it is given;
    `encoder` is the digest of the model that embedded the sentences.
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
        manifest = _manifest(
            form, corpus, digest, languages, entries, codebook or {}, made, shipped, encoder
        )
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
            made[name] = {"rows": rows[name], "sha256": _sha256(stream)}
    return made


def load_features(place: str | Path) -> Features:
    """Open features: a folder with `features.json`, or an archive that `twicetold share` wrote.

    Parameters
    ----------
    place : str or path

    Returns
    -------
    Features

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


_LARGE, _DENSEST = 1 << 26, 20  # bytes; how many unpacked of one: Parquet is packed already


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member of an archive, unless it would grow out of all proportion when it is unpacked."""
    about = archive.getinfo(name)
    if about.file_size > max(_LARGE, _DENSEST * about.compress_size):
        raise OSError(f"{name} would unpack {about.compress_size:,} bytes to {about.file_size:,}")
    return archive.read(name)


def _load_archive(path: Path) -> Features:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.endswith(f"/features/{MANIFEST}")]
            if len(names) != 1:
                raise FeaturesError(
                    f"{path} holds no {MANIFEST}: it is not an archive of `twicetold share`."
                )
            prefix = names[0][: -len(MANIFEST)]
            manifest = json.loads(_member(archive, names[0]))
    except _ZIP_ERRORS as error:
        raise FeaturesError(
            f"{path} is not an archive of `twicetold share`, or is damaged ({error})."
        ) from None

    def read(file: str):
        # members are read by the names that the manifest gives and never unpacked, so no path can
        # leave the archive
        with zipfile.ZipFile(path) as archive:
            try:
                return io.BytesIO(_member(archive, prefix + file))
            except _ZIP_ERRORS as error:
                raise OSError(str(error)) from None

    return Features(_checked(manifest, path), read, str(path))


class _Table(BaseModel, strict=True):
    rows: int
    sha256: str


class _Entry(BaseModel, strict=True):
    digest: str
    language: str | None


_TABLE_NAMES = "|".join(SCHEMAS[PRIVATE] | SCHEMAS[SHARED])
_KnownTable = Annotated[str, StringConstraints(pattern=f"^({_TABLE_NAMES})$")]
_PlainName = Annotated[str, StringConstraints(pattern=r"^\w+$")]  # that leads out of no folder


class _Manifest(BaseModel, strict=True):
    form: Literal["private", "shared"]
    corpus: str
    digest: str
    extractor: int
    languages: list[str]
    entries: dict[Annotated[str, StringConstraints(pattern="^(frame|dictionary)/")], _Entry]
    codebook: dict[str, dict | list]
    tables: dict[_KnownTable, _Table]
    results: dict[_PlainName, _Table]


def _checked(manifest, where) -> dict:
    version = EXTRACTOR_VERSION
    if isinstance(manifest, dict):
        version = manifest.get("extractor", version)
    if version != EXTRACTOR_VERSION:
        raise FeaturesError(
            f"{where}: the features are of extractor version {version}, this is version"
            f" {EXTRACTOR_VERSION}; run `twicetold extract` (and `twicetold share`) again."
        )
    try:
        _Manifest.model_validate(manifest)
    except ValidationError as error:
        wrong = ", ".join(dict.fromkeys(str(e["loc"][0]) for e in error.errors() if e["loc"]))
        raise FeaturesError(
            f"{where}: {MANIFEST} is not what extraction writes, in {wrong or 'all of it'}; fetch"
            " or make the features again."
        ) from None
    return manifest


def check_features(folder: str | Path) -> list[Fault]:
    """Find every fault of a features folder: version, missing and damaged files, wrong columns."""
    folder = Path(folder)
    try:
        features = load_features(folder)
    except FeaturesError as error:
        return [Fault(f"{folder.name}/{MANIFEST}", None, str(error))]
    faults = []
    listed: list[tuple[str, dict, list[str] | None]] = [
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
    """Digest of what features were made from: articles' metadata and text digests, the codebook."""
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


def _manifest(
    form, corpus, digest, languages, entries, codebook, tables, results, encoder=""
) -> dict:
    made_with = {"encoder": encoder} if encoder else {}
    return made_with | {
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
