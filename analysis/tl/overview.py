"""Overview: what a corpus holds, before anything is measured in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.features import Features
from analysis.inference import few_articles
from analysis.results import Result
from analysis.views import origin, quoted_mask, word_sums


@dataclass(frozen=True, eq=False, repr=False)
class Overview(Result):
    """`table`: article_id, outlet, published, language, n_words, n_sentences, n_quotations,
    quoted_words, quoted_share.
    """


def overview(features: Features) -> Overview:
    """Count words, sentences and direct quotations of every article.

    Parameters
    ----------
    features : Features
        Either form; reads `articles` and `quotes`.
    """
    table = features.table(
        "articles", ["article_id", "outlet", "published", "language", "n_tokens", "n_sentences"]
    )
    quotes = features.table("quotes", ["article_id", "direct", "scare"])
    counts = quotes[quotes["direct"] & ~quotes["scare"]].groupby("article_id").size()
    bounds = np.r_[0, np.cumsum(table["n_tokens"].to_numpy(np.int64))]
    table = table.rename(columns={"n_tokens": "n_words"})
    table["n_quotations"] = table["article_id"].map(counts).fillna(0).astype(int)
    table["quoted_words"] = word_sums(quoted_mask(features, bounds), bounds)
    table["quoted_share"] = table["quoted_words"] / table["n_words"].where(table["n_words"] > 0)
    return Overview(table, origin(features), notes=few_articles(len(table)))
