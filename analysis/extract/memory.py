"""Extraction without a folder: features of a few articles, held in memory."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.codebook import Codebook
from analysis.extract.actors import actor_tables
from analysis.extract.corpus import entry_list
from analysis.extract.entries import Matcher, apply_entry
from analysis.extract.gather import Gathered
from analysis.extract.units import UNIT_TABLES, extract_units, sentence_values, sentence_vectors
from analysis.features import PRIVATE, SCHEMAS, Features, corpus_digest, from_tables
from analysis.io.article import Article
from analysis.models.encoder import Encoder
from analysis.models.tone.model import ToneModel
from analysis.text.actors import Actors

ABOUT = ("outlet", "published", "author", "url")


def extract_articles(
    articles: Iterable[Article],
    *,
    codebook: Codebook = Codebook(),
    encoder: Encoder | None = None,
    tone: ToneModel | None = None,
    name: str = "in memory",
) -> Features:
    """Private features of articles that no corpus folder holds.

    Parameters
    ----------
    articles : iterable of Article
    codebook : Codebook, optional
    encoder : Encoder, optional
        Embeds every sentence if given.
    tone : ToneModel, optional
        Judges the tone of every mention of an actor if given.
    name : str
        What results call the corpus.
    """
    gathered = Gathered(
        [
            table
            for table in SCHEMAS[PRIVATE]
            if table != "keys" and (table != "vectors" or encoder is not None)
        ]
    )
    actors = Actors(codebook.actors)
    matchers = [(entry, Matcher(entry)) for entry in codebook.entries]
    for article in articles:
        units = extract_units(article)
        about = {
            "language": article.language,
            **{column: str(article.about.get(column, "")) for column in ABOUT},
        }
        made = [(table, units.tables[table]) for table in UNIT_TABLES]
        made[0] = (
            "articles",
            {column: [value] for column, value in about.items()} | units.tables["articles"],
        )
        for entry, matcher in matchers:
            made += apply_entry(units, entry, matcher).items()
        if codebook.actors and article.language.split("-")[0] == "en":
            made += actor_tables(article, units, actors, tone).items()
        made.append(("values", sentence_values(article, units)))
        if encoder is not None:
            made.append(("vectors", sentence_vectors(article, units, encoder)))
        for table, columns in made:
            gathered.add(table, article.article_id, columns)
    tables = gathered.tables()
    listed = entry_list(codebook)
    return from_tables(
        tables,
        corpus=name,
        digest=corpus_digest(tables["articles"].to_pandas(), listed, codebook.about),
        entries=listed,
        codebook=codebook.about,
        languages=sorted(set(tables["articles"]["language"].to_pylist())),
    )
