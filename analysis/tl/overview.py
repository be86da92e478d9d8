"""Overview: what a corpus holds, before anything is measured in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.inference import few_articles
from analysis.results import Result, count
from analysis.views import origin, quoted_mask, word_sums


@dataclass(frozen=True, eq=False, repr=False)
class Overview(Result):
    """Lengths and quotations of articles.

    Attributes
    ----------
    table : DataFrame
        One row an article, in the order of the metadata.

        ============  =========  =======================================================
        column        unit       meaning
        ============  =========  =======================================================
        article_id
        outlet                   empty where it is not known
        published     date       empty where it is not known
        language      code
        n_words       words
        n_sentences   sentences
        n_quotations             direct quotations; scare quotes are not counted
        quoted_words  words      those inside quotation marks
        quoted_share  0 to 1     of the article's words; NaN where it has none
        ============  =========  =======================================================
    """

    @property
    def finding(self) -> str:
        """How long the articles are, and how much of them is quoted."""
        words = self.table["n_words"]
        share = self.table["quoted_words"].sum() / max(words.sum(), 1)
        least, most = f"{words.min():,}", f"{words.max():,}"
        sizes = most if least == most else f"{least} to {most}"
        return (
            f"{count(len(words), 'article')} of {sizes} words;\n"
            f"{share:.0%} of all words stand in quotation marks"
        )


def overview(corpus: Corpus | Features) -> Overview:
    """Count words, sentences and direct quotations of every article.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `articles` and `quotes`.

    Returns
    -------
    Overview

    Examples
    --------
    >>> import analysis as tw
    >>> tw.tl.overview(tw.load("amnesty2024")).table[["article_id", "n_words", "quoted_words"]]
       article_id  n_words  quoted_words
    0   mcclatchy      574           106
    1      caruzo     1025           125
    2  aggregator      555             5
    3        blog      601            79
    4   explainer      605             4
    """
    features = features_of(corpus)
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
