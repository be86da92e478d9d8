"""Extraction without a folder: features of a few articles, held in memory."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from ..codebook import Codebook
from ..corpus import Article
from ..features import PRIVATE, SCHEMAS, Features, corpus_digest, empty_table, from_tables
from ..models import Encoder
from .corpus import entry_list
from .entries import Matcher, apply_entry
from .units import UNIT_TABLES, extract_units, sentence_vectors

ABOUT = ("outlet", "published", "author", "url")


def extract_articles(articles: Iterable[Article], *, codebook: Codebook = Codebook(), encoder: Encoder | None = None,
                     name: str = "in memory") -> Features:
    """Private features of articles that no corpus folder holds.

    Parameters
    ----------
    articles : iterable of Article
    codebook : Codebook, optional
    encoder : Encoder, optional
        Embeds every sentence if given.
    name : str
        What results call the corpus.
    """
    parts: dict[str, list[pd.DataFrame]] = {name: [] for name in SCHEMAS[PRIVATE] if name not in ("keys", "vectors")}
    matchers = [(entry, Matcher(entry)) for entry in codebook.entries]
    if encoder is not None:
        parts["vectors"] = []
    for article in articles:
        units = extract_units(article)
        tables = [(name, units.tables[name]) for name in UNIT_TABLES]
        for entry, matcher in matchers:
            tables += apply_entry(units, entry, matcher).items()
        if encoder is not None:
            tables.append(("vectors", sentence_vectors(article, units, encoder)))
        for table, columns in tables:
            frame = pd.DataFrame(columns)
            frame.insert(0, "article_id", article.article_id)
            if table == "articles":
                frame = frame.assign(language=article.language, **{c: str(article.about.get(c, "")) for c in ABOUT})
            parts[table].append(frame)
    tables = {name: pd.concat(rows, ignore_index=True) if rows else empty_table(name) for name, rows in parts.items()}
    listed = entry_list(codebook)
    return from_tables(tables, corpus=name, digest=corpus_digest(tables["articles"], listed), entries=listed,
                       languages=sorted(set(tables["articles"]["language"])))
