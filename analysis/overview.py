"""Overview: what a corpus holds, before anything is measured in it."""

from __future__ import annotations

from dataclasses import dataclass


from .features import Features
from .results import Result, few
from .views import origin, quoted_words


@dataclass(frozen=True, eq=False, repr=False)
class Overview(Result):
    """`table`: article_id, outlet, published, language, n_words, n_sentences, n_quotations, quoted_words, quoted_share."""


def overview(features: Features) -> Overview:
    """Count words, sentences and direct quotations of every article.

    Parameters
    ----------
    features : Features
        Either form; reads `articles` and `quotes`.
    """
    table = features.table("articles", ["article_id", "outlet", "published", "language", "n_tokens", "n_sentences"])
    quotes = features.table("quotes", ["article_id", "direct", "scare"])
    counts = quotes[quotes["direct"] & ~quotes["scare"]].groupby("article_id").size()
    masks = quoted_words(features)
    table = table.rename(columns={"n_tokens": "n_words"})
    table["n_quotations"] = table["article_id"].map(counts).fillna(0).astype(int)
    table["quoted_words"] = [int(masks[a].sum()) for a in table["article_id"]]
    table["quoted_share"] = table["quoted_words"] / table["n_words"].where(table["n_words"] > 0)
    return Overview(table, origin(features), notes=few(len(table)))
