"""The same view of the features in either form, private or shared."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .errors import LanguageError
from .features import PRIVATE, Features

ENGLISH = "en"


def origin(features: Features) -> dict:
    """Which corpus, texts and codebook a result comes from, and what it was measured on."""
    return {"corpus": features.corpus, "digest": features.digest, "measured_on": f"{features.form} features"}


def sentence_spans(features: Features) -> pd.DataFrame:
    """Sentences with `position`, the place of their first word in the article (from 0); characters only in the private form."""
    sentences = features.table("sentences")
    if features.form != PRIVATE:
        sentences = sentences.assign(start=pd.array([pd.NA] * len(sentences), "Int64"), end=pd.array([pd.NA] * len(sentences), "Int64"))
    before = sentences.groupby("article_id", sort=False)["n_tokens"].cumsum() - sentences["n_tokens"]
    return sentences.assign(position=before)


def sentence_hits(features: Features, kind: str) -> pd.DataFrame:
    """Codebook matches counted by sentence: article_id, sentence, entry, count."""
    hits = features.table("hits")
    hits = hits[hits["kind"] == kind]
    keys = ["article_id", "sentence", "entry"]
    if features.form == PRIVATE:
        return hits.groupby(keys, sort=False).size().rename("count").reset_index()
    return hits[[*keys, "count"]].reset_index(drop=True)


def pattern_counts(features: Features, kind: str) -> pd.DataFrame:
    """The codebook's words that matched, counted by article: article_id, entry, pattern, count."""
    keys = ["article_id", "entry", "pattern"]
    table = features.table("hits" if features.form == PRIVATE else "patterns")
    table = table[table["kind"] == kind]
    if features.form == PRIVATE:
        table = table.groupby(keys, sort=False).size().rename("count").reset_index()
    return table[[*keys, "count"]].sort_values([*keys[:2], "count", "pattern"], ascending=[True, True, False, True],
                                               ignore_index=True)


def article_terms(features: Features) -> pd.DataFrame:
    """Words counted by article: article_id, term, is_name, count."""
    terms = features.table("terms")
    if features.form == PRIVATE:
        return sum_terms(terms)
    return terms


def sum_terms(terms: pd.DataFrame) -> pd.DataFrame:
    """Sentences' words summed by article; a word is a name there if it is one in most of its sentences."""
    weighed = terms.assign(names=terms["is_name"] * terms["count"])
    summed = weighed.groupby(["article_id", "term"], sort=True)[["names", "count"]].sum().reset_index()
    summed.insert(2, "is_name", summed.pop("names") * 2 > summed["count"])
    return summed.astype({"count": np.int32})


def quoted_words(features: Features) -> dict[str, np.ndarray]:
    """For each article, whether each word stands inside quotation marks (scare quotes left out)."""
    sizes = features.table("articles", ["article_id", "n_tokens"])
    masks = {a: np.zeros(n, bool) for a, n in zip(sizes["article_id"], sizes["n_tokens"])}
    quotes = features.table("quotes", ["article_id", "position", "n_words", "direct", "scare"])
    quotes = quotes[quotes["direct"] & ~quotes["scare"]]
    for article, position, n in zip(quotes["article_id"], quotes["position"], quotes["n_words"]):
        masks[article][position:position + n] = True
    return masks


def require_language(features: Features, measure: str, language: str, hint: str) -> None:
    """Raise `LanguageError` if an article is in another language than `measure` is made for."""
    articles = features.table("articles", ["article_id", "language"])
    other = articles[articles["language"].str.split("-").str[0] != language.split("-")[0]]
    if len(other):
        shown = ", ".join(f"{a} ({code})" for a, code in other.head(5).itertuples(index=False))
        raise LanguageError(f"{measure} is made for {language!r}, but {len(other)} of {len(articles)} articles are in "
                            f"another language: {shown}. {hint}")
