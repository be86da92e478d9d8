"""Extraction without a folder: features of a few articles, held in memory."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from analysis.codebook import Codebook
from analysis.extract.chunks import Extractor, Plan
from analysis.extract.listed import entry_list
from analysis.features import Features, corpus_digest, from_tables
from analysis.io.article import Article
from analysis.models.encoder import Encoder
from analysis.models.tone.model import ToneModel

ABOUT = ("outlet", "published", "author", "url")


def extract_articles(
    articles: Iterable[Article],
    *,
    codebook: Codebook | None = None,
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

    Returns
    -------
    Features
        The private form, with numbers, dates, times and names.
    """
    articles, codebook = list(articles), codebook or Codebook()
    tables = Extractor(Plan(None, codebook, encoder, tone)).tables(articles)
    about = {column: [str(a.about.get(column, "")) for a in articles] for column in ABOUT}
    about["language"] = [article.language for article in articles]
    if articles:  # without any, the table has all its columns
        for column, cells in about.items():
            cells = pa.array(cells, pa.string())
            tables["articles"] = tables["articles"].append_column(column, cells)
    del tables["keys"]
    listed = entry_list(codebook)
    return from_tables(
        tables,
        corpus=name,
        digest=corpus_digest(tables["articles"].to_pandas(), listed, codebook.about),
        entries=listed,
        codebook=codebook.about,
        languages=sorted(set(tables["articles"]["language"].to_pylist())),
    )
