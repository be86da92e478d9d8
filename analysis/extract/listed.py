"""What features say of the articles and of the codebook's entries, besides what is extracted."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook
from analysis.corpus import Corpus
from analysis.features import PRIVATE, SCHEMAS
from analysis.io.article import EXTRACTED


def entry_list(codebook: Codebook) -> dict[str, dict]:
    """What features say of the codebook's entries: "kind/name" → digest and language.

    Parameters
    ----------
    codebook : Codebook

    Returns
    -------
    dict of str to dict
        By "kind/name".
    """
    return {
        f"{e.kind}/{e.name}": {"digest": e.digest, "language": e.language} for e in codebook.entries
    }


def article_table(corpus: Corpus) -> pd.DataFrame:
    """The metadata as the table `articles` has it, without what is counted in the texts.

    Parameters
    ----------
    corpus : Corpus

    Returns
    -------
    DataFrame
    """
    first = [c for c, _ in SCHEMAS[PRIVATE]["articles"] if c not in EXTRACTED]
    rest = [c for c in corpus.metadata.columns if c not in first and c != "file"]
    return corpus.metadata[[*first, *rest]].reset_index(drop=True)
