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
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import BaseModel, StringConstraints, ValidationError

from analysis.archives import Archive
from analysis.errors import Fault, FeaturesError, OptionError
from analysis.files import new_folder, recover
from analysis.options import check_choice
from analysis.soundness import SIZED, Sizes, article_sizes, key_columns, most_rows, refuse_unsound
from analysis.text.style import STYLE

EXTRACTOR_VERSION = 11
_ROWS_AT_ONCE = 1 << 16  # that are read of a table
# 2: tone in classes, mentions without their sentence, no probabilities of sentences, no characters
SHARED_VERSION = 2
MANIFEST = "features.json"
PRIVATE, SHARED = "private", "shared"
PARTS = ("body", "title")  # of an article, each measured on its own
TITLES = "titles"  # folder of the headlines' features in those of the bodies

_TYPES = {
    pa.int32(): (
        "sentence unit paragraph start end position n_chars n_tokens n_sentences n_words n_matched"
        f" count reach n_negated {' '.join(STYLE)}"
    ),
    pa.string(): (
        "article_id outlet published author url language sha256 term entry kind pattern dictionary"
        " actor form part layout voice speaker label construction description verb name value"
        " component key reason replacement dimension mark"
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
        "mentions": "article_id unit part actor form voice negative neutral positive",
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
    ours : bool
        Whether this process made them, so that nothing needs to be compared.
    """

    def __init__(self, manifest: dict, read, where: str, *, ours: bool = False):
        self.manifest = manifest
        self.where = where
        self.part = PARTS[0]
        self._read = read
        self._ours = ours
        # file → its size and time when it was compared, and the columns that were found sound
        self._sound: dict[str, tuple[tuple, set[str]]] = {}
        self._sizes: dict[tuple, Sizes] = {}
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
            with pq.ParquetFile(
                source, read_dictionary=["article_id"], pre_buffer=False
            ) as parquet:
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
                table = _in_batches(parquet, groups, columns)
            self._complete(file, about, int(edges[-1]))
            before = int(edges[groups[0]]) if groups else 0
            if not self._ours:
                self._refuse_unsound(table, file, before, whole=table.num_rows == edges[-1])
        return table.slice(first - before, stop - first)

    def refuse_unsound(self, name: str) -> None:
        """Compare a whole table with what extraction writes, some hundred articles at a time.

        Raises
        ------
        FeaturesError
            If its file is damaged, or holds what extraction does not write.
        """
        file, first = f"{name}.parquet", 0
        with self._reading(file):
            source = self._compared(file, self.manifest["tables"][name])
            with pq.ParquetFile(source) as parquet:
                n = parquet.num_row_groups
                for group in range(n) if n > 1 else [None]:
                    rows = parquet.read() if group is None else parquet.read_row_group(group)
                    self._refuse_unsound(rows, file, first, whole=n <= 1)
                    first += rows.num_rows

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
            source, name = self._compared(file, about), file.removesuffix(".parquet")
            sound = self._sound.get(file, ((), set()))[1]
            if self._ours or "/" in file or columns is not None and sound >= {*columns}:
                return self._read_whole(source, file, about, columns).to_pandas()
            keys = [] if columns is None else key_columns(name, shared=self.form == SHARED)
            read = None if columns is None else [*dict.fromkeys([*columns, *keys])]
            table = self._read_whole(source, file, about, read)
            if not sound >= set(table.column_names):
                self._refuse_unsound(table, file)
                sound.update(table.column_names)
            return (table if columns is None else table.select(columns)).to_pandas()

    def _read_whole(self, source, file: str, about: dict, columns) -> pa.Table:
        table = pq.read_table(source, columns=columns)
        self._complete(file, about, table.num_rows)
        return table

    def _refuse_unsound(
        self, table: pa.Table, file: str, first: int = 0, *, whole: bool = True
    ) -> None:
        """Refuse rows that extraction could not have written, whatever their checksum says."""
        name, entries = file.removesuffix(".parquet"), self.manifest["entries"]
        words = {entry.partition("/")[2] for entry in entries}
        known = {"actor": {*self.codebook("actors")}, "entry": words, "dictionary": words}
        shared = self.form == SHARED
        refuse_unsound(
            table, name, self._known_sizes(), known, shared=shared, first=first, whole=whole
        )

    def _known_sizes(self) -> Sizes:
        file = "articles.parquet"
        source = self._compared(file, self.manifest["tables"]["articles"])
        seen = self._sound[file][0]
        if seen not in self._sizes:
            self._sizes[seen] = article_sizes(pq.read_table(source, columns=list(SIZED)))
        return self._sizes[seen]

    def _compared(self, file: str, about: dict):
        """A file whose bytes were compared with the manifest's sha256, once unless it changes."""
        source = self._read(file)
        state = source.stat() if isinstance(source, Path) else None
        seen = (state.st_size, state.st_mtime_ns) if state else (source.getbuffer().nbytes,)
        if self._ours or self._sound.get(file, (None,))[0] == seen:
            return source
        with source.open("rb") if state else contextlib.nullcontext(source) as stream:
            if _sha256(stream) != about["sha256"]:
                raise ValueError("its sha256 is not the manifest's")
        if not state:
            source.seek(0)
        self._refuse_other_columns(source, file, about)
        self._sound[file] = seen, set()
        return source

    def _refuse_other_columns(self, source, file: str, about: dict) -> None:
        """Refuse a file with other rows than the manifest says, or not the contract's columns."""
        parquet = pq.read_metadata(source)
        if not isinstance(source, Path):
            source.seek(0)
        self._complete(file, about, parquet.num_rows)
        if "/" in file:
            return
        there = parquet.schema.to_arrow_schema()
        for name, kind in SCHEMAS[self.form][file.removesuffix(".parquet")]:
            found = there.field(name).type if there.names.count(name) == 1 else None
            if found != kind:
                raise ValueError(f"its column {name!r} is {found or 'missing'}, needed is {kind}")
        if file != "articles.parquet":
            names = len(self.manifest["entries"]) + len(self.codebook("actors"))
            if parquet.num_rows > (most := most_rows(self._known_sizes(), names)):
                raise ValueError(f"its {parquet.num_rows:,} rows are more than {most:,}")

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
    where = f"features of {corpus}"
    return Features(manifest, lambda file: io.BytesIO(files[file]), where, ours=True)


def _in_batches(parquet: pq.ParquetFile, groups: list[int], columns: list[str]) -> pa.Table:
    """Row groups of a file; numbers are put batch by batch into arrays that take them all.

    Else the pages of large tables, fresh for every row group, cost more than reading them.
    """
    rows = sum(parquet.metadata.row_group(group).num_rows for group in groups)
    kinds = {name: parquet.schema_arrow.field(name).type for name in columns}
    numbers = {
        name: np.empty(rows, kind.to_pandas_dtype())
        for name, kind in kinds.items()
        if pa.types.is_integer(kind) or pa.types.is_floating(kind)
    }
    others: dict[str, list[pa.Array]] = {name: [] for name in columns if name not in numbers}
    read, at = {"row_groups": groups, "columns": columns, "use_threads": False}, 0
    for batch in parquet.iter_batches(_ROWS_AT_ONCE, **read):
        if any(batch[name].null_count for name in numbers):
            return parquet.read_row_groups(**read)
        for name, values in numbers.items():
            values[at : at + len(batch)] = batch[name].to_numpy()
        for name, chunks in others.items():
            chunks.append(batch[name])
        at += len(batch)
    made = {
        name: pa.array(numbers[name]) if name in numbers else pa.chunked_array(others[name], kind)
        for name, kind in kinds.items()
    }
    return pa.table(made)


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
        manifest["sha256"] = _own_digest(manifest)
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


def _load_archive(path: Path) -> Features:
    archive = Archive(path, MANIFEST)
    manifest = _checked(archive.manifest, path)
    tables = [f"{name}.parquet" for name in manifest["tables"]]
    results = [f"results/{name}.parquet" for name in manifest["results"]]
    archive.refuse_others([MANIFEST, *tables, *results])
    return Features(manifest, archive.read, str(path))


class _Table(BaseModel, strict=True):
    rows: int
    sha256: str


class _Entry(BaseModel, strict=True):
    digest: str
    language: str | None


_TABLE_NAMES = "|".join(SCHEMAS[PRIVATE] | SCHEMAS[SHARED])
_KnownTable = Annotated[str, StringConstraints(pattern=f"^({_TABLE_NAMES})$")]
_PlainName = Annotated[str, StringConstraints(pattern=r"^\w+$")]  # that leads out of no folder


class _Manifest(BaseModel, strict=True, extra="forbid"):
    form: Literal["private", "shared"]
    corpus: str
    digest: str
    extractor: int
    languages: list[str]
    entries: dict[Annotated[str, StringConstraints(pattern="^(frame|dictionary)/")], _Entry]
    codebook: dict[str, dict | list]
    tables: dict[_KnownTable, _Table]
    results: dict[_PlainName, _Table]
    encoder: str = ""
    shared: int = 1  # version of the shared form
    sha256: str = ""  # of all else; features of before 2026-11-28 have none


def _own_digest(manifest: dict) -> str:
    """The sha256 of a manifest without its own, as it is read back."""
    said = json.loads(json.dumps({key: manifest[key] for key in manifest if key != "sha256"}))
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


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
    shared = manifest.get("shared", 1)
    if manifest["form"] == SHARED and shared != SHARED_VERSION:
        raise FeaturesError(
            f"{where}: shared in version {shared!r:.20} of the form, this is version"
            f" {SHARED_VERSION}. Version 1 let a stranger confirm sentences that he guesses: its"
            " owner should run `twicetold share` again and replace what was given away."
        )
    if manifest.get("sha256", "") not in ("", _own_digest(manifest)):
        raise FeaturesError(
            f"{where}: {MANIFEST} is damaged or was changed (its sha256 is not its own); fetch or"
            " make the features again."
        )
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
            if problem is None and columns is not None:
                features.refuse_unsound(file.removesuffix(".parquet"))
        except FeaturesError as error:
            problem = str(error)
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
    made_with: dict = {"encoder": encoder} if encoder else {}
    if form == SHARED:
        made_with["shared"] = SHARED_VERSION
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
