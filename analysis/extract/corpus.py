"""Extraction of a corpus: what is new is extracted, what is unchanged is kept."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

import pandas as pd

from ..codebook import Codebook
from ..corpus import COUNTED, Corpus
from ..errors import FeaturesError
from ..features import EXTRACTOR_VERSION, PRIVATE, SCHEMAS, Features, check_features, corpus_digest, empty_table, load_features, save
from ..models import Encoder, load_encoder
from .entries import Matcher, apply_entry
from .units import UNIT_TABLES, Units, extract_units, sentence_vectors

COUNTS = list(COUNTED)
DEFAULT = object()


def entry_list(codebook: Codebook) -> dict[str, dict]:
    """What features say of the codebook's entries: "kind/name" → digest and language."""
    return {f"{e.kind}/{e.name}": {"digest": e.digest, "language": e.language} for e in codebook.entries}


def article_table(corpus: Corpus) -> pd.DataFrame:
    """The metadata as the table `articles` has it, without what is counted in the texts."""
    first = [c for c, _ in SCHEMAS[PRIVATE]["articles"] if c not in COUNTS]
    rest = [c for c in corpus.metadata.columns if c not in first and c != "file"]
    return corpus.metadata[[*first, *rest]].reset_index(drop=True)


def extract(corpus: Corpus, *, encoder: Encoder | None = DEFAULT, say: Callable[[str], None] = print) -> Features:
    """Extract the private features of a corpus into `private/` of its folder.

    Articles, codebook entries and vectors that have not changed since the last extraction are kept; the new features
    take the place of the old ones in one step.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    encoder : Encoder, optional
        Embeds the sentences of English articles; the default model if not given, none if None.
    say : callable
        Takes each line of progress.

    Raises
    ------
    TextsNeeded
        If the texts are not on this machine.
    """
    started = time.monotonic()
    if corpus.texts is None:
        next(iter(corpus.articles()))
    encoder = load_encoder() if encoder is DEFAULT else encoder
    old = _Old(corpus)
    entries = {f"{e.kind}/{e.name}": e for e in corpus.codebook.entries}
    matchers = {name: Matcher(entry) for name, entry in entries.items()}
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in SCHEMAS[PRIVATE]}
    keys, new, told = [], 0, started

    def add(name: str, article: str, columns) -> None:
        table = pd.DataFrame(columns)
        table.insert(0, "article_id", article)
        parts[name].append(table)

    total = len(corpus.metadata)
    for number, article in enumerate(corpus.articles(), start=1):
        units: Units | None = None
        base = _key(EXTRACTOR_VERSION, article.sha256, article.language)
        wanted = {"units": base} | {name: _key(base, entry.digest) for name, entry in entries.items()}
        if encoder is not None and article.language.split("-")[0] == "en":
            wanted["vectors"] = _key(base, encoder.digest)
        fresh = [component for component, key in wanted.items() if not old.holds(article.article_id, component, key)]
        if fresh:
            units = extract_units(article)
            new += 1
        for component, key in wanted.items():
            keys.append((article.article_id, component, key))
            if component not in fresh:
                for name, table in old.rows(article.article_id, component):
                    parts[name].append(table)
            elif component == "units":
                for name in UNIT_TABLES:
                    add(name, article.article_id, units.tables[name])
            elif component == "vectors":
                add("vectors", article.article_id, sentence_vectors(article, units, encoder))
            else:
                for name, columns in apply_entry(units, entries[component], matchers[component]).items():
                    add(name, article.article_id, columns)
        if (now := time.monotonic()) - told > 5:
            told = now
            say(f"{corpus.name}: {number} of {total} articles, about {(now - started) / number * (total - number):.0f} s left")
    parts["keys"] = [pd.DataFrame(keys, columns=["article_id", "component", "key"])]
    tables = {name: pd.concat(parts[name], ignore_index=True) if parts[name] else empty_table(name) for name in parts}
    if encoder is None:
        del tables["vectors"]
    counted = tables["articles"].set_index("article_id")[COUNTS]
    tables["articles"] = article_table(corpus).join(counted, on="article_id")
    listed = entry_list(corpus.codebook)
    digest = corpus_digest(tables["articles"], listed)
    save(corpus.folder / PRIVATE, tables, form=PRIVATE, corpus=corpus.name, digest=digest,
         languages=corpus.datasheet["languages"], entries=listed)
    say(f"{corpus.name}: features of {total} articles, {new} of them extracted or added to, in {time.monotonic() - started:.1f} s")
    return load_features(corpus.folder / PRIVATE)


class _Old:
    """The tables of the last extraction, for what has not changed."""

    def __init__(self, corpus: Corpus):
        self._tables: dict[str, dict[str, pd.DataFrame]] = {}
        self._keys: dict[tuple[str, str], str] = {}
        if check_features(corpus.folder / PRIVATE):
            return  # none yet, of another version, or damaged: all is extracted anew
        try:
            self._features = load_features(corpus.folder / PRIVATE)
            keys = self._features.table("keys")
            for name in SCHEMAS[PRIVATE]:
                if self._features.has(name) and name != "keys":
                    self._tables[name] = dict(iter(self._features.table(name).groupby("article_id", sort=False)))
        except FeaturesError:
            return  # not of the private form
        self._keys = {(a, c): k for a, c, k in keys.itertuples(index=False)}

    def holds(self, article: str, component: str, key: str) -> bool:
        return self._keys.get((article, component)) == key

    def rows(self, article: str, component: str):
        """The rows of one article that a component made, by table."""
        names = UNIT_TABLES if component == "units" else ("vectors",) if component == "vectors" else ("hits", "scores")
        for name in names:
            table = self._tables.get(name, {}).get(article)
            if table is None:
                continue
            if name in ("hits", "scores"):
                kind, entry = component.split("/", 1)
                if name == "scores" and kind != "dictionary":
                    continue
                table = table[table["dictionary"] == entry] if name == "scores" else table[(table["kind"] == kind) & (table["entry"] == entry)]
            yield name, table


def _key(*said) -> str:
    return hashlib.sha256("\x1f".join(map(str, said)).encode()).hexdigest()
