"""One chunk of a corpus: some hundred articles extracted, or kept where nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from analysis.codebook import Codebook
from analysis.extract.actors import actor_tables
from analysis.extract.entries import Matcher, apply_entry
from analysis.extract.gather import Gathered
from analysis.extract.kept import Kept
from analysis.extract.parts import read_part, write_part
from analysis.extract.units import UNIT_TABLES, extract_units, sentence_values, sentence_vectors
from analysis.features import EXTRACTOR_VERSION, PRIVATE, SCHEMAS
from analysis.io.article import Article
from analysis.models.encoder import Encoder
from analysis.models.tone.model import ToneModel
from analysis.text.actors import Actors

CHUNK = 200  # articles; also those of a row group of the tables
Tell = Callable[
    [int, bool], None
]  # takes how many articles more are done, and whether a run that was stopped had done them


@dataclass(frozen=True)
class Plan:
    """What extraction of a corpus needs besides its articles; it is sent to every process.

    Attributes
    ----------
    texts : Path
        Folder of the texts.
    codebook : Codebook
    encoder : Encoder or None
    tone : ToneModel or None
        Judges the tone of every mention of an actor.
    values : bool
        Whether numbers, dates, times and names are wanted.
    kept : Path or None
        Features of the last extraction.
    parts : Path or None
        Folder for finished chunks; None holds them in memory.
    """

    texts: Path
    codebook: Codebook
    encoder: Encoder | None
    tone: ToneModel | None
    values: bool
    kept: Path | None
    parts: Path | None


@dataclass(frozen=True)
class Chunk:
    """A finished chunk.

    Attributes
    ----------
    number : int
    counted : pyarrow.Table
        What is counted in each article.
    n_new : int
        Articles that were extracted or added to.
    resumed : bool
        Whether an interrupted run had finished it.
    tables : dict of Arrow tables, or the Path of its part file
    """

    number: int
    counted: pa.Table
    n_new: int
    resumed: bool
    tables: dict[str, pa.Table] | Path


class Extractor:
    """Extracts chunks as a plan says."""

    def __init__(self, plan: Plan):
        self._plan = plan
        self._entries = {
            f"{entry.kind}/{entry.name}": (entry, entry.digest, Matcher(entry))
            for entry in plan.codebook.entries
        }
        self._actors = Actors(plan.codebook.actors)
        self._actors_from = plan.codebook.actors_digest, plan.tone and plan.tone.digest
        self._kept = Kept(plan.kept)
        self._names = [
            name
            for name in SCHEMAS[PRIVATE]
            if (name != "vectors" or plan.encoder is not None) and (name != "values" or plan.values)
        ]

    def chunk(
        self, number: int, rows: list[tuple[str, str, str]], tell: Tell = lambda n, resumed: None
    ) -> Chunk:
        """Extract articles given as (article_id, file, language)."""
        articles = [
            Article(identity, (self._plan.texts / file).read_bytes().decode("utf-8"), language)
            for identity, file, language in rows
        ]
        wanted = [self._wanted(article) for article in articles]
        fresh = [
            {
                component
                for component, key in keys.items()
                if not self._kept.holds(article.article_id, component, key)
            }
            for article, keys in zip(articles, wanted)
        ]
        path, tables = None, None
        if self._plan.parts is not None:
            made_from = [
                (article.article_id, *keys.items()) for article, keys in zip(articles, wanted)
            ]
            path = self._plan.parts / f"{number:06d}-{digest_of(self._names, made_from)[:32]}.arrow"
            tables = read_part(path)
        resumed = tables is not None
        if resumed:
            tell(len(rows), True)
        else:
            gathered = Gathered(self._names)
            for article, keys, new in zip(articles, wanted, fresh):
                self._add(gathered, article, keys, new)
                tell(1, False)
            tables = gathered.tables()
            if path is not None:
                write_part(path, tables)
        return Chunk(
            number,
            tables["articles"],
            sum(map(bool, fresh)),
            resumed,
            tables if path is None else path,
        )

    def _wanted(self, article: Article) -> dict[str, str]:
        """Components of an article, in the order of their rows, and the key of all that each is
        made from.
        """
        base = digest_of(EXTRACTOR_VERSION, article.sha256, article.language)
        wanted = {"units": base} | {
            name: digest_of(base, digest) for name, (_, digest, _) in self._entries.items()
        }
        if self._plan.codebook.actors and article.language.split("-")[0] == "en":
            wanted["actors"] = digest_of(base, *self._actors_from)
        if self._plan.values:
            wanted["values"] = digest_of(base, "values")
        if self._plan.encoder is not None and article.language.split("-")[0] == "en":
            wanted["vectors"] = digest_of(base, self._plan.encoder.digest)
        return wanted

    def _add(
        self, gathered: Gathered, article: Article, wanted: dict[str, str], fresh: set[str]
    ) -> None:
        units = extract_units(article) if fresh else None
        for component in wanted:
            if component not in fresh:
                tables = self._kept.rows(article.article_id, component)
            elif component == "units":
                tables = ((name, units.tables[name]) for name in UNIT_TABLES)
            elif component == "actors":
                tables = actor_tables(article, units, self._actors, self._plan.tone).items()
            elif component == "values":
                tables = (("values", sentence_values(article, units)),)
            elif component == "vectors":
                tables = (("vectors", sentence_vectors(article, units, self._plan.encoder)),)
            else:
                entry, _, matcher = self._entries[component]
                tables = apply_entry(units, entry, matcher).items()
            for name, columns in tables:
                gathered.add(name, article.article_id, columns)
        gathered.add(
            "keys", article.article_id, {"component": list(wanted), "key": list(wanted.values())}
        )


def digest_of(*said) -> str:
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()
