"""A lazy handle on the tables of one corpus, in a folder or an archive."""

from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.archives import Archive
from analysis.errors import FeaturesError, OptionError
from analysis.features.manifest import checked_manifest, sha256_of
from analysis.features.schemas import MANIFEST, PARTS, PRIVATE, SCHEMAS, SHARED, TITLES
from analysis.files import recover
from analysis.options import check_choice
from analysis.soundness import SIZED, Sizes, article_sizes, key_columns, most_rows, refuse_unsound


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
            if sha256_of(stream) != about["sha256"]:
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
                f"{self.where}/{file} is missing or damaged ({first_line(error)}). Fetch it again,"
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
    return Features(checked_manifest(manifest, place), lambda file: place / file, str(place))


def _load_archive(path: Path) -> Features:
    archive = Archive(path, MANIFEST)
    manifest = checked_manifest(archive.manifest, path)
    tables = [f"{name}.parquet" for name in manifest["tables"]]
    results = [f"results/{name}.parquet" for name in manifest["results"]]
    archive.refuse_others([MANIFEST, *tables, *results])
    return Features(manifest, archive.read, str(path))


def first_line(error) -> str:
    """What a message quotes of an error."""
    return str(error).strip().splitlines()[0][:160] if str(error).strip() else type(error).__name__
