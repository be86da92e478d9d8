"""The same view of the features in either form, private or shared."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from analysis.clean import REPAIRS
from analysis.errors import LanguageError
from analysis.features import PRIVATE, Features
from analysis.text.outlets import listed_name

CHANCES = ["negative", "neutral", "positive"]  # columns of a mention that hold its tone
ENGLISH = "en"
ARTICLE_PARTS = ("lead", "body", "end")
EDGE = 0.2  # share of an article's words that are its lead, and its end
OFFSETS = ("start", "end")  # characters, which only the private form has
_MATERIAL: WeakKeyDictionary[Features, dict] = WeakKeyDictionary()  # for every measure again


def origin(features: Features) -> dict:
    """Which corpus, texts and codebook a result comes from, and what it was measured on.

    Its `material` is what a methods section says of the articles: how many, from when to when, in
    which languages, how many words were masked and why, and the versions that read them.
    """
    if features not in _MATERIAL:
        _MATERIAL[features] = _material(features)
    return {
        "corpus": features.corpus,
        "digest": features.digest,
        "measured_on": f"{features.form} features" + " of headlines" * (features.part == "title"),
        "material": copy.deepcopy(_MATERIAL[features]),
    }


def _material(features: Features) -> dict:
    columns = ["outlet", "published", "language", "n_tokens"]
    articles = features.table("articles", columns)
    days = sorted(day[:10] for day in articles["published"].unique() if day)
    found = masked_words(features).groupby("reason")[["count", "n_words"]].sum().sort_index()
    mended = found.index.isin(REPAIRS)
    languages = articles["language"].value_counts().sort_index(kind="stable")
    return {
        "n_articles": len(articles),
        "n_outlets": articles["outlet"].replace("", pd.NA).nunique(),
        "first": days[0] if days else "",
        "last": days[-1] if days else "",
        "languages": {str(code): int(n) for code, n in languages.items()},
        "n_words": int(articles["n_tokens"].sum()),
        "masked": {str(reason): int(n) for reason, n in found.loc[~mended, "n_words"].items()},
        "mended": {str(reason): int(n) for reason, n in found.loc[mended, "count"].items()},
        "extractor": features.manifest.get("extractor", ""),
        "encoder": features.encoder,
    }


def with_missing(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """A table with all of these columns; those that the form lacks hold missing numbers."""
    lacking = [column for column in columns if column not in table]
    return table.assign(**{c: pd.array([pd.NA] * len(table), "Int64") for c in lacking})


def sentence_spans(features: Features) -> pd.DataFrame:
    """Sentences with `position`, the place of their first word in the article (from 0).

    `start` and `end`, in characters, are missing in the shared form.
    """
    sentences = with_missing(features.table("sentences"), OFFSETS)
    words = sentences["n_tokens"]
    before = words.groupby(sentences["article_id"], sort=False).cumsum() - words
    return sentences.assign(position=before)


def placed_mentions(features: Features, mentions: pd.DataFrame) -> pd.DataFrame:
    """Mentions with the part of the article and the words before their sentence.

    Parameters
    ----------
    features : Features
    mentions : DataFrame
        Rows of `mentions` in either form.

    Returns
    -------
    DataFrame
        With sentence, position and part: the first fifth of an article, the last, and what is
        between. The shared form has no position, and numbers the
        sentences that mention somebody in another order than theirs.
    """
    if "unit" in mentions:
        nowhere = pd.Series(pd.NA, mentions.index, "Int64")
        part = pd.Categorical(mentions["part"], ARTICLE_PARTS, ordered=True)
        return mentions.rename(columns={"unit": "sentence"}).assign(position=nowhere, part=part)
    keys = ["article_id", "sentence"]
    spans = sentence_spans(features)[[*keys, "position", "n_tokens"]]
    n_words = spans.groupby("article_id")["n_tokens"].sum()
    table = mentions.merge(spans, on=keys, how="left")
    place = table["position"] / np.maximum(table["article_id"].map(n_words), 1)
    edges = [-np.inf, EDGE, 1 - EDGE, np.inf]
    return table.assign(part=pd.cut(place, edges, right=False, labels=ARTICLE_PARTS))


def sentence_hits(features: Features, kind: str) -> pd.DataFrame:
    """Codebook matches counted by sentence: article_id, sentence, entry, count."""
    hits = features.table("hits")
    hits = hits[hits["kind"] == kind]
    keys = ["article_id", "sentence", "entry"]
    if features.form == PRIVATE:
        return hits.groupby(keys, sort=False).size().rename("count").reset_index()
    return hits[[*keys, "count"]].reset_index(drop=True)


def pattern_counts(features: Features, kind: str) -> pd.DataFrame:
    """The codebook's words that matched, counted by article: article_id, entry, pattern, count.

    And n_negated: of these, how many have a negation among the three words before; NA where the
    article is not English.
    """
    keys = ["article_id", "entry", "pattern"]
    table = features.table("hits" if features.form == PRIVATE else "patterns")
    table = table[table["kind"] == kind]
    if features.form == PRIVATE:
        grouped = table.groupby(keys, sort=False)["negated"]
        table = grouped.agg(count="size", n_negated="sum").reset_index()
    articles = features.table("articles", ["article_id", "language"])
    english = articles.loc[articles["language"].str.split("-").str[0] == ENGLISH, "article_id"]
    negated = table["n_negated"].astype("Int64").where(table["article_id"].isin(english))
    table = table.assign(n_negated=negated)
    return table[[*keys, "count", "n_negated"]].sort_values(
        [*keys[:2], "count", "pattern"], ascending=[True, True, False, True], ignore_index=True
    )


def article_terms(features: Features) -> pd.DataFrame:
    """Words counted by article: article_id, term, is_name, count."""
    terms = features.table("terms")
    if features.form == PRIVATE:
        return sum_terms(terms)
    return terms


def sum_terms(terms: pd.DataFrame) -> pd.DataFrame:
    """Sentences' words summed by article, and whether each is a name in most of its sentences."""
    weighed = terms.assign(names=terms["is_name"] * terms["count"])
    grouped = weighed.groupby(["article_id", "term"], sort=True)[["names", "count"]]
    summed = grouped.sum().reset_index()
    summed.insert(2, "is_name", summed.pop("names") * 2 > summed["count"])
    return summed.astype({"count": np.int32})


def article_credits(features: Features) -> pd.DataFrame:
    """Credits counted by article: article_id, kind, name (as the list of outlets has it), count.

    A credit of an outlet that the list lacks has an empty name. Lines of people and agencies that
    it lacks (who helped to report, took the photograph, holds the rights) are left out: each is a
    formula, which its mere presence would give away. `credits` of the private form has them all,
    with names and places.
    """
    credits = features.table("credits")
    if features.form == PRIVATE:
        return sum_credits(credits)
    return credits


def sum_credits(credits: pd.DataFrame) -> pd.DataFrame:
    """Credits as `article_credits` counts them."""
    keys = ["article_id", "kind", "name"]
    listed = credits.assign(name=credits["name"].map(listed_name))
    listed = listed[(listed["kind"] == "outlet") | (listed["name"] != "")]
    counts = listed.groupby(keys, sort=True).size().rename("count").reset_index()
    return counts.astype({"count": np.int32})


def sum_masks(masks: pd.DataFrame) -> pd.DataFrame:
    """Masks counted by article and reason: article_id, reason, count, n_words."""
    groups = masks.groupby(["article_id", "reason"], sort=False)["n_words"]
    counts = groups.agg(["size", "sum"]).reset_index()
    counts = counts.rename(columns={"size": "count", "sum": "n_words"})
    return counts.astype({"count": np.int32, "n_words": np.int32})


def masked_words(features: Features) -> pd.DataFrame:
    """What was cleaned, by article and reason: article_id, reason, count, n_words.

    Without rows where features hold no masks.
    """
    masks = features.table("masks") if features.has("masks") else pd.DataFrame()
    if masks.empty:
        nothing = {"article_id": str, "reason": str, "count": np.int32, "n_words": np.int32}
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in nothing.items()})
    return sum_masks(masks) if features.form == PRIVATE else masks


def spoken(quotes: pd.DataFrame) -> pd.DataFrame:
    """The rows of `quotes` that are somebody's words: quotations and reported statements.

    Parameters
    ----------
    quotes : DataFrame
        In either form.

    Returns
    -------
    DataFrame
        Without what is thought or shown, or is not told as said ("did not say").
    """
    if "kind" not in quotes:
        return quotes
    told = quotes["direct"] | (quotes["kind"] == "speech") & ~quotes["negated"].astype(bool)
    return quotes[told].reset_index(drop=True)


def quoted_mask(features: Features, bounds: np.ndarray) -> np.ndarray:
    """Whether each word of the corpus stands inside quotation marks, other than scare quotes.

    Parameters
    ----------
    features : Features
    bounds : int array of shape (n_articles + 1,)
        Where each article's words begin.

    Returns
    -------
    bool array of shape (n_words,)
    """
    mask = np.zeros(bounds[-1], bool)
    quotes = features.table("quotes", ["article_id", "position", "n_words", "direct", "scare"])
    quotes = quotes[quotes["direct"] & ~quotes["scare"]]
    article = pd.Index(features.article_ids).get_indexer(quotes["article_id"])
    first = bounds[article] + quotes["position"].to_numpy(np.int64)
    ends = first + quotes["n_words"].to_numpy(np.int64)
    for start, end in zip(first.tolist(), ends.tolist()):
        mask[start:end] = True
    return mask


def word_sums(mask: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """How many words of each article a mask holds; `bounds` says where each begins."""
    total = np.r_[0, np.cumsum(mask, dtype=np.int64)]
    return total[bounds[1:]] - total[bounds[:-1]]


def in_language(
    features: Features, measure: str, language: str, hint: str
) -> tuple[Features, tuple[str, ...]]:
    """The articles that a measure can read, and a note about those that it leaves out.

    Parameters
    ----------
    features : Features
    measure : str
        What errors and the note call it.
    language : str
        What it is made for.
    hint : str
        What to do instead, for the error.

    Returns
    -------
    features : Features
        Of the articles in that language.
    notes : tuple of str
        Empty where that is all of them.

    Raises
    ------
    LanguageError
        If no article is in that language.
    """
    articles = features.table("articles", ["article_id", "language"])
    other = articles["language"].str.split("-").str[0] != language.split("-")[0]
    if not other.any():
        return features, ()
    n = int(other.sum())
    left = ", ".join(f"{a} ({code})" for a, code in articles[other].head(5).to_numpy())
    if n == len(articles):
        raise LanguageError(
            f"{measure} is made for {language!r}, but {n} of {n} articles are in another language:"
            f" {left}. {hint}"
        )
    note = (
        f"Left out: {n} of {len(articles)} articles, which are in another language than {measure}"
        f" is made for ({left}{', …' * (n > 5)})."
    )
    return features.only(articles["article_id"][~other]), (note,)


def publication_days(articles: pd.DataFrame) -> np.ndarray:
    """Days since 1970, with the time of day where it is known; NaN where no date is.

    A year that pandas cannot count in nanoseconds, such as 1, is no date of a news article.
    """
    said = articles["published"].replace("", None)
    if said.isna().all():
        return np.full(len(said), np.nan)
    when = pd.to_datetime(said, utc=True, format="ISO8601", errors="coerce")
    when = when.where(when.dt.year.between(1678, 2261))
    return ((when - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)).to_numpy(float)


class ByArticle:
    """A table that is read once, where the rows of some articles are asked for again and again.

    Parameters
    ----------
    table : DataFrame
        With the column article_id.
    """

    def __init__(self, table: pd.DataFrame):
        self._table = table
        self._rows = table.groupby("article_id", sort=False).indices

    def of(self, article_ids: Iterable[str]) -> pd.DataFrame:
        """The rows of some articles, in the table's order, numbered from 0."""
        rows = [self._rows[article] for article in article_ids if article in self._rows]
        some = np.sort(np.concatenate(rows)) if rows else np.empty(0, np.intp)
        return self._table.iloc[some].reset_index(drop=True)
