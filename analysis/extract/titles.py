"""Headlines: the titles of the metadata, extracted as texts of their own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from analysis.corpus import Corpus
from analysis.extract.cache import last_features
from analysis.extract.chunks import CHUNK, Extractor, Plan
from analysis.extract.listed import article_table, entry_list
from analysis.features import PRIVATE, TITLES, corpus_digest, save
from analysis.io.article import EXTRACTED, Article


def extract_titles(corpus: Corpus, plan: Plan) -> Callable[[Path], object] | None:
    """What writes the features of a corpus's headlines into a folder; None where it has no titles.

    Articles without a title are not among them.

    Parameters
    ----------
    corpus : Corpus
    plan : Plan
        As of the bodies.

    Returns
    -------
    callable or None
    """
    if "title" not in corpus.metadata:
        return None
    rows = corpus.metadata[corpus.metadata["title"].str.contains(r"\w", regex=True)]
    if rows.empty:
        return None
    articles = [
        Article(row["article_id"], " ".join(row["title"].split()), row["language"])
        for row in rows.to_dict("records")
    ]
    last = None if plan.cache is None else plan.cache / TITLES
    serves = last is not None and last_features(last) is not None
    plan = dataclasses.replace(plan, cache=last if serves else None)

    def write(folder: Path) -> None:
        extractor = Extractor(plan)
        try:
            parts = [
                extractor.tables(articles[first : first + CHUNK])
                for first in range(0, len(articles), CHUNK)
            ]
        finally:
            extractor.close()
        counted = pa.concat_tables(part["articles"] for part in parts).to_pandas()
        about = article_table(dataclasses.replace(corpus, metadata=rows))
        about = pd.concat([about, counted[list(EXTRACTED)].reset_index(drop=True)], axis=1)
        listed = entry_list(corpus.codebook)
        tables, first = [], 0
        for part in parts:
            stop = first + len(part["articles"])
            tables.append(part | {"articles": about.iloc[first:stop]})
            first = stop
        save(
            folder,
            tables,
            form=PRIVATE,
            corpus=corpus.name,
            digest=corpus_digest(about, listed, corpus.codebook.about),
            languages=corpus.datasheet["languages"],
            entries=listed,
            codebook=corpus.codebook.about,
        )

    return write
