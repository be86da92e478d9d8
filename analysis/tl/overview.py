"""Overview: what a corpus holds, before anything is measured in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.features import Features, features_of
from analysis.inference import few_articles
from analysis.results import Result, count
from analysis.views import masked_words, origin, quoted_mask, word_sums

LARGE_SHARE = 0.02  # of an outlet's words: so much masked is said


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
        masked_words  words      captions, boxes and the like, in none of the other columns
        ============  =========  =======================================================
    masked : DataFrame
        One row for each outlet and reason for which something was cleaned in its articles
        (`analysis.clean.clean` lists the reasons).

        ==========  ======  ============================================================
        column      unit    meaning
        ==========  ======  ============================================================
        outlet              empty where it is not known
        reason              such as "caption"
        n_articles          in which something was
        count               stretches
        n_words     words   masked; 0 where characters were mended and no word was masked
        share       0 to 1  n_words of all words of the outlet's articles, as stored
        ==========  ======  ============================================================
    """

    masked: pd.DataFrame

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
    """Count words, sentences and direct quotations of every article, and what was masked.

    Words that were masked (captions, boxes, notices) are counted in `masked` alone.

    Parameters
    ----------
    corpus : Corpus or Features
        Reads `articles`, `quotes` and `masks`.

    Returns
    -------
    Overview

    Examples
    --------
    >>> import analysis as tw
    >>> tw.tl.overview(tw.load("amnesty2024")).table[["article_id", "n_words", "quoted_words"]]
       article_id  n_words  quoted_words
    0   mcclatchy      573           106
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
    masks = masked_words(features)
    words = masks.groupby("article_id")["n_words"].sum()
    table["masked_words"] = table["article_id"].map(words).fillna(0).astype(int)
    masked = _masked(masks, table)
    notes = (*_said(masked, int(table["n_words"].sum())), *few_articles(len(table)))
    return Overview(table, origin(features), masked, notes=notes)


def _masked(masks: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """What was cleaned by outlet and reason."""
    masks = masks.merge(articles[["article_id", "outlet"]], on="article_id")
    words = (
        articles.groupby("outlet")["n_words"]
        .sum()
        .add(masks.groupby("outlet")["n_words"].sum(), fill_value=0)
    )
    groups = masks.groupby(["outlet", "reason"], sort=True)
    found = groups.agg(
        n_articles=("article_id", "nunique"), count=("count", "sum"), n_words=("n_words", "sum")
    ).reset_index()
    return found.assign(share=found["n_words"] / found["outlet"].map(words).astype(float))


def _said(masked: pd.DataFrame, n_words: int) -> tuple[str, ...]:
    """A note that says how much was masked, and of which outlet most."""
    total = int(masked["n_words"].sum())
    if not total:
        return ()
    reasons = masked.groupby("reason")["n_words"].sum().sort_values(ascending=False, kind="stable")
    why = ", ".join(f"{reason} {n:,}" for reason, n in reasons.items() if n)
    note = f"{total:,} of {total + n_words:,} words are masked ({why}); `masked` says where."
    shares = masked.groupby("outlet")["share"].sum().sort_values(ascending=False, kind="stable")
    if len(shares) > 1 and shares.iloc[0] >= LARGE_SHARE:
        name = shares.index[0] or "articles without an outlet"
        note += f" Most in {name}: {shares.iloc[0]:.0%}."
    return (note,)
