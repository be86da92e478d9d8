"""One chunk of a corpus: some hundred articles extracted, or read from the cache."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.clean import REASONS, Furniture
from analysis.codebook import Codebook
from analysis.extract.actors import actor_tables
from analysis.extract.ahead import ReadAhead
from analysis.extract.attributed import PARSE_ALL, PARSE_NONE, PARSE_VOICES
from analysis.extract.cache import Cache
from analysis.extract.cleaned_article import CleanedArticle, read_cleaned
from analysis.extract.columns import Gathered
from analysis.extract.entries import apply_entry
from analysis.extract.failures import FAILED, UNREAD, guarded
from analysis.extract.parts import read_part, write_part
from analysis.extract.units import (
    UNIT_TABLES,
    Units,
    extract_units,
    sentence_texts,
    sentence_values,
    sentence_vectors,
)
from analysis.features import EXTRACTOR_VERSION, PRIVATE, SCHEMAS
from analysis.io.article import Article
from analysis.io.text import stored_text
from analysis.languages.mentions import Actors
from analysis.languages.syntax import load_syntax
from analysis.matching import Matcher
from analysis.models.encoder import Encoder
from analysis.models.tone.model import ToneModel
from analysis.text.outlets import OwnOutlets

_TOGETHER = 8  # articles whose sentences are embedded together
CHUNK = 200  # articles; also those of a row group of the tables
INCOMPLETE = " incomplete"  # behind the keys of an article of which something failed
_NOTHING = [("articles", {"n_tokens": [0], "n_sentences": [0]})]
# takes how many articles more are done
Advance = Callable[[int], object]


@dataclass(frozen=True)
class Plan:
    """What extraction of a corpus needs besides its articles; it is sent to every process.

    Attributes
    ----------
    texts : Path or None
        Folder of the texts; None where articles are given with their texts.
    codebook : Codebook
    encoder : Encoder or None
    tone : ToneModel or None
        Judges the tone of every mention of an actor.
    values : bool
        Whether numbers, dates, times and names are wanted.
    parse : {"all", "voices", "none"}
        Which sentences are parsed; see `analysis.extract.units.extract_units`.
    cache : Path or None
        Features of the last extraction.
    parts : Path or None
        Folder for finished chunks; None holds them in memory.
    clean : frozenset of str
        What is cleaned.
    furniture : dict of str to Furniture
        By outlet.
    outlets : tuple of (name, other names, whether an agency)
        Those of corpus.yml, whom credits may name.
    pipelines : dict of str to str
        Pipelines of syntax that corpus.yml names, by language.
    """

    texts: Path | None
    codebook: Codebook
    encoder: Encoder | None = None
    tone: ToneModel | None = None
    values: bool = True
    parse: str = PARSE_ALL
    cache: Path | None = None
    parts: Path | None = None
    clean: frozenset[str] = frozenset(REASONS)
    furniture: dict[str, Furniture] = field(default_factory=dict)
    outlets: OwnOutlets = ()
    pipelines: dict[str, str] = field(default_factory=dict)


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
    failed : DataFrame
        Columns article_id, component and error of what failed.
    tables : dict of Arrow tables, or the Path of its part file
    """

    number: int
    counted: pa.Table
    n_new: int
    resumed: bool
    failed: pd.DataFrame
    tables: dict[str, pa.Table] | Path


class _Begun(NamedTuple):
    """An article of which the units are made, but nothing that rests on them."""

    article: CleanedArticle
    wanted: dict[str, str]
    fresh: set[str]
    lacking: dict[str, str]
    units: Units | None


class Extractor:
    """Extracts articles as a plan says."""

    def __init__(self, plan: Plan):
        self._plan = plan
        self._entries = {
            f"{entry.kind}/{entry.name}": (entry, entry.digest, Matcher(entry))
            for entry in plan.codebook.entries
        }
        self._actors = Actors(plan.codebook.actors)
        self._actors_from = plan.codebook.actors_digest, plan.tone and plan.tone.digest
        self._ahead = None if plan.encoder is None else ReadAhead(plan.encoder, plan.tone)
        self._cache = Cache(plan.cache)
        left_out = {"vectors"} if plan.encoder is None else set()
        left_out |= set() if plan.values else {"values"}
        self._names = [name for name in SCHEMAS[PRIVATE] if name not in left_out]

    def close(self) -> None:
        """Close the files of the cache."""
        self._cache.close()

    def chunk(
        self, number: int, rows: list[tuple[str, str, str, str]], advance: Advance = lambda n: None
    ) -> Chunk:
        """Extract articles given as (article_id, file, language, outlet).

        Parameters
        ----------
        number : int
        rows : list of (str, str, str, str)
            (article_id, file, language, outlet) of each article.
        advance : callable
            Takes how many more articles are done.

        Returns
        -------
        Chunk
        """
        articles = [self._stored(*row) for row in rows]
        wanted = [self._wanted(article) for article in articles]
        n_new = sum(bool(self._fresh(*pair)) for pair in zip(articles, wanted))
        path = tables = None
        if self._plan.parts is not None:
            made_from = [(a.article_id, *keys.items()) for a, keys in zip(articles, wanted)]
            path = self._plan.parts / f"{number:06d}-{digest_of(self._names, made_from)[:32]}.arrow"
            tables = read_part(path)
        resumed = tables is not None
        if resumed:
            advance(len(rows))
        else:
            tables = self.tables(articles, advance)
            if path is not None:
                write_part(path, tables)
        kept = tables if path is None else path
        lacking = failed(tables["keys"])
        return Chunk(number, tables["articles"], n_new, resumed, lacking, kept)

    def tables(
        self, articles: list[Article], advance: Advance = lambda n: None
    ) -> dict[str, pa.Table]:
        """All tables of some articles; of `articles` the columns that extraction adds.

        Parameters
        ----------
        articles : list of Article
        advance : callable
            Takes how many more articles are done.

        Returns
        -------
        dict of str to pyarrow.Table
        """
        gathered = Gathered(self._names)
        for first in range(0, len(articles), _TOGETHER):
            some = [self._begun(self._read(a)) for a in articles[first : first + _TOGETHER]]
            if self._ahead is not None:
                asked = [one for one in some if one.units and "vectors" in one.fresh]
                texts = [sentence_texts(one.article, one.units) for one in asked]
                self._ahead.read(list(chain.from_iterable(texts)))
            for one in some:
                self._add(gathered, one)
                advance(1)
        return gathered.tables()

    def _stored(self, identity: str, file: str, language: str, outlet: str) -> CleanedArticle:
        """An article of the folder; one that became unreadable since the checks is empty."""
        text, problem = stored_text(self._plan.texts / file)
        article = self._read(Article(identity, text, language, {"outlet": outlet}))
        return replace(article, unread=f"{FAILED}{file} {problem}") if problem else article

    def _read(self, article: Article) -> CleanedArticle:
        if isinstance(article, CleanedArticle):
            return article
        return read_cleaned(article, self._plan.clean, self._plan.furniture)

    def _wanted(self, article: CleanedArticle) -> dict[str, str]:
        """An article's components, in the order of their rows, with what each is made from."""
        plan = self._plan
        english = article.language.split("-")[0] == "en"
        language = article.language.split("-")[0].lower()
        named = plan.pipelines.get(language)
        syntax = load_syntax(language, named) if plan.parse != PARSE_NONE else None
        parser = syntax.name if syntax is not None else "no syntax"
        base = digest_of(EXTRACTOR_VERSION, *article.made_from, article.language, *plan.outlets)
        base = digest_of(base, parser)
        if (
            syntax is not None and plan.parse == PARSE_VOICES
        ):  # what is parsed depends on the actors
            base = digest_of(base, PARSE_VOICES, plan.codebook.actors_digest)
        wanted = {"units": base}
        wanted |= {name: digest_of(base, digest) for name, (_, digest, _) in self._entries.items()}
        if plan.codebook.actors and (english or syntax is not None):
            wanted["actors"] = digest_of(base, *self._actors_from)
        if plan.values:
            wanted["values"] = digest_of(base, "values")
        if plan.encoder is not None and english:
            wanted["vectors"] = digest_of(base, plan.encoder.digest)
        return wanted

    def _fresh(self, article: CleanedArticle, wanted: dict[str, str]) -> set[str]:
        """The components that the cache does not hold."""
        holds = self._cache.holds
        return {name for name, key in wanted.items() if not holds(article.article_id, name, key)}

    def _begun(self, article: CleanedArticle) -> _Begun:
        """What of an article is to be made, and its units if anything is."""
        wanted = self._wanted(article)
        fresh = self._fresh(article, wanted)
        lacking = {"clean": article.problem} if article.problem else {}
        lacking |= {UNREAD: article.unread} if article.unread else {}
        units = None
        if fresh and not article.unread:
            units = guarded(
                lacking,
                "units",
                lambda: extract_units(
                    article,
                    self._plan.outlets,
                    parse=self._plan.parse,
                    pipelines=self._plan.pipelines,
                    actors=self._actors,
                ),
                None,
            )
            if units is not None:
                lacking |= units.failed
        return _Begun(article, wanted, fresh, lacking, units)

    def _add(self, gathered: Gathered, begun: _Begun) -> None:
        article, wanted, fresh = begun.article, begun.wanted, begun.fresh
        lacking, units = begun.lacking, begun.units
        mark = INCOMPLETE if lacking else ""  # what rests on it is made again with it
        keys = {name: key + mark for name, key in wanted.items()}
        for component in wanted:
            if component not in fresh:
                tables: Iterable = self._cache.rows(article.article_id, component)
            elif units is None:
                tables = _NOTHING if component == "units" else ()
            else:
                extracted = functools.partial(self._extracted, component, article, units)
                tables = guarded(lacking, component, extracted, ())
                tables = [(name, article.original(name, columns)) for name, columns in tables]
            for name, columns in tables:
                if name == "articles":
                    columns = {
                        **columns,
                        "n_chars": [len(article.stored.text)],
                        "sha256": [article.sha256],
                    }
                gathered.add(name, article.article_id, columns)
        gathered.add("masks", article.article_id, article.masks())
        keys |= lacking
        gathered.add(
            "keys", article.article_id, {"component": list(keys), "key": list(keys.values())}
        )

    def _extracted(
        self, component: str, article: CleanedArticle, units: Units
    ) -> Iterable[tuple[str, Mapping]]:
        if component == "units":
            return [(name, units.tables[name]) for name in UNIT_TABLES]
        if component == "actors":
            tone = self._plan.tone if article.language.split("-")[0] == "en" else None
            return actor_tables(article, units, self._actors, tone).items()
        if component == "values":
            return [("values", sentence_values(article, units))]
        if component == "vectors":
            return [("vectors", sentence_vectors(article, units, self._ahead))]
        entry, _, matcher = self._entries[component]
        return apply_entry(units, entry, matcher).items()


def failed(keys: pa.Table) -> pd.DataFrame:
    """What failed, from the table `keys`: article_id, component, error.

    Parameters
    ----------
    keys : pyarrow.Table

    Returns
    -------
    DataFrame
    """
    found = keys.filter(pc.starts_with(keys["key"], FAILED)).to_pandas()
    error = found.pop("key").str.removeprefix(FAILED) if len(found) else []
    return found[["article_id", "component"]].assign(error=error)


def digest_of(*parts) -> str:
    """The sha256 of parts, as text.

    Returns
    -------
    str
    """
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()
