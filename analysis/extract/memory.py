"""Extraction without a folder: features of a few articles, held in memory."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable

import pyarrow as pa

from analysis.clean import find_furniture, reasons_of
from analysis.codebook import Codebook
from analysis.extract.attributed import PARSE_ALL
from analysis.extract.chunks import Extractor, Plan, failed
from analysis.extract.failures import failures_said
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
    clean: bool | Collection[str] = True,
    parse: str = PARSE_ALL,
    values: bool = True,
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
    clean : bool or collection of str
        Whether texts are cleaned first, or what of (see `analysis.clean.clean`).
    parse : {"all", "voices", "none"}
        Which sentences are parsed.
    values : bool
        Whether numbers, dates, times and names are found.
    name : str
        What results call the corpus.

    Returns
    -------
    Features
        The private form.
    """
    articles, codebook = list(articles), codebook or Codebook()
    reasons = reasons_of(clean)
    cells = [(str(a.about.get("outlet", "")), str(a.about.get("published", ""))) for a in articles]
    furniture = {}
    if "furniture" in reasons:
        furniture = find_furniture((*cell, a.text) for cell, a in zip(cells, articles))
    plan = Plan(None, codebook, encoder, tone, values, parse, clean=reasons, furniture=furniture)
    tables = Extractor(plan).tables(articles)
    about = {column: [str(a.about.get(column, "")) for a in articles] for column in ABOUT}
    about["language"] = [article.language for article in articles]
    if articles:  # without any, the table has all its columns
        for column, cells in about.items():
            cells = pa.array(cells, pa.string())
            tables["articles"] = tables["articles"].append_column(column, cells)
    for line in failures_said(failed(tables.pop("keys"))):
        warnings.warn(f"{name}: {line}", stacklevel=2)
    listed = entry_list(codebook)
    return from_tables(
        tables,
        corpus=name,
        digest=corpus_digest(tables["articles"].to_pandas(), listed, codebook.about),
        entries=listed,
        codebook=codebook.about,
        languages=sorted(set(tables["articles"]["language"].to_pylist())),
        encoder="" if encoder is None else encoder.digest,
    )
