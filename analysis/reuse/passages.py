"""Passages: maximal stretches of equal words in two articles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import OptionError
from ..features import PRIVATE, Features
from ..results import Result, at_least
from ..views import origin, quoted_words
from .shingles import chain, runs, shingle

SHIPPED_N = 5
MOSTLY = 0.5  # share of a passage's words in quotation marks; "she said" between two quotations belongs to a passage too


@dataclass(frozen=True, eq=False, repr=False)
class Reuse(Result):
    """Passages that two articles share.

    Attributes
    ----------
    table : DataFrame
        passage, a, b (articles, in the order of the metadata), a_position, a_words, b_position, b_words (first word
        and length in words on either side), n_matching (equal words), identity (n_matching by the longer side),
        a_quoted, b_quoted (share of its words that stand inside quotation marks), quoted (at least half on both
        sides), a_start, a_end, b_start, b_end (characters; empty where only the shared form was there).
    pairs : DataFrame
        a, b, n_passages, a_shared, b_shared (words of either in shared passages), a_share, b_share.
    articles : DataFrame
        article_id, n_words, own, quoted, shared, shared_quoted: every word is counted in just one of the four.
    """

    pairs: pd.DataFrame
    articles: pd.DataFrame


def find_reuse(features: Features, *, n: int = SHIPPED_N, min_words: int = 8, max_gap: int = 3, across_outlets: bool = False,
               within_days: float | None = None, max_articles: int | None = None) -> Reuse:
    """Find verbatim passages: chains of equal runs that tolerate small gaps.

    A run is a maximal stretch of at least `n` equal words; runs of one pair of articles are chained where at most
    `max_gap` words lie between them on either side; a chain with at least `min_words` equal words is a passage. Words are
    compared without case and punctuation. Who had it from whom is not said: the same passage may come from a third.

    Parameters
    ----------
    features : Features
        Either form: the private one reads `tokens`, the shared one `ngrams`; both give the same passages, the
        private one with characters.
    n : int
        Words of the shortest run; the shared form holds runs of 5, so it allows 5 or more.
    min_words : int
    max_gap : int
    across_outlets : bool
        Whether only articles of different outlets are compared; an unknown outlet differs from every other.
    within_days : float, optional
        Compare only articles published at most so many days apart; an article without a date is compared with all.
    max_articles : int, optional
        Runs of `n` words in more articles than this start no passage, as boilerplate does in an archive.

    Returns
    -------
    Reuse
    """
    at_least("n", n, 1)
    at_least("min_words", min_words, n)
    at_least("max_gap", max_gap, 0)
    for name, given in (("within_days", within_days), ("max_articles", max_articles)):
        if given is not None:
            at_least(name, given, 0 if name == "within_days" else 2)
    if features.form != PRIVATE and n < SHIPPED_N:
        raise OptionError(f"n={n} was given; the shared form holds runs of {SHIPPED_N} words, so allowed are {SHIPPED_N} and more.")
    articles = features.table("articles", ["article_id", "outlet", "published"])
    ids = articles["article_id"].tolist()
    tokens = features.table("tokens", ["article_id", "hash", "start", "end"]) if features.form == PRIVATE else None
    words = tokens if tokens is not None else features.table("ngrams", ["article_id", "hash"])
    # the shared form's words are runs of five already
    found = passages(*_in_order(words, ids), n=n if tokens is not None else n - SHIPPED_N + 1, words_in_one=1 if tokens is not None else SHIPPED_N,
                     min_words=min_words, max_gap=max_gap, group=_outlets(articles) if across_outlets else None,
                     day=_days(articles) if within_days is not None else None,
                     within_days=np.inf if within_days is None else within_days, max_articles=max_articles or 0)
    table = pd.DataFrame(found, columns=["a", "b", "a_position", "a_words", "b_position", "b_words", "n_matching"])
    table["identity"] = table["n_matching"] / table[["a_words", "b_words"]].max(axis=1)
    masks = quoted_words(features)
    for side in "ab":
        table[f"{side}_quoted"] = [float(masks[ids[i]][p:p + w].mean()) for i, p, w in
                                   zip(table[side], table[f"{side}_position"], table[f"{side}_words"])]
        table[side] = [ids[i] for i in table[side]]
    table["quoted"] = table[["a_quoted", "b_quoted"]].min(axis=1) >= MOSTLY
    table.insert(0, "passage", np.arange(1, len(table) + 1))
    params = {"n": n, "min_words": min_words, "max_gap": max_gap, "across_outlets": across_outlets, "within_days": within_days,
              "max_articles": max_articles, **origin(features)}
    if tokens is not None:
        table = _characters(table, tokens)
    else:
        table, params["measured_on"] = _shipped_characters(table, features)
    return Reuse(table, params, _pairs(table, masks), _articles(table, masks))


def passages(hashes: np.ndarray, bounds: np.ndarray, *, n: int = SHIPPED_N, words_in_one: int = 1, min_words: int = 8, max_gap: int = 3,
             group: np.ndarray | None = None, day: np.ndarray | None = None, within_days: float = np.inf,
             max_articles: int = 0) -> np.ndarray:
    """Passages on arrays: what `find_reuse` does, for benchmarks and partitions.

    Parameters
    ----------
    hashes : uint64 array of shape (n_words,)
        Words of all articles (or their runs of `words_in_one` words), one article after the other.
    bounds : int64 array of shape (n_articles + 1,)
        Where each article begins.
    n : int
        How many of them make the shortest run.
    group, day, within_days, max_articles
        See `analysis.reuse.shingles.runs`.

    Returns
    -------
    int64 array of shape (n_passages, 7)
        a, b (article numbers), first word and number of words in a, the same in b, equal words; sorted by all columns.
    """
    shingles, starts = shingle(hashes, bounds, n)
    words = n + words_in_one - 1  # of one shingle
    found = runs(shingles, starts, group=group, day=day, within_days=within_days, max_articles=max_articles,
                 shortest=min_words - words + 1, reach=words + max_gap)
    chains = chain(found, words, max_gap)
    chains = chains[chains[:, 6] >= min_words]
    return chains[np.lexsort(chains.T[::-1])]


def _in_order(words: pd.DataFrame, ids: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Hashes of all articles in the order of `ids`, and where each begins."""
    parts = {a: part.to_numpy(np.uint64) for a, part in words.groupby("article_id", sort=False)["hash"]}
    ordered = [parts.get(a, np.empty(0, np.uint64)) for a in ids]
    return np.concatenate([*ordered, np.empty(0, np.uint64)]), np.r_[0, np.cumsum([len(p) for p in ordered])].astype(np.int64)


def _outlets(articles: pd.DataFrame) -> np.ndarray:
    codes = pd.factorize(articles["outlet"])[0]
    return np.where(articles["outlet"] == "", -1, codes)


def _days(articles: pd.DataFrame) -> np.ndarray:
    """Days since 1970, with the time of day where it is known; NaN where no date is."""
    when = pd.to_datetime(articles["published"].replace("", None), utc=True, format="ISO8601", errors="coerce")
    return ((when - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)).to_numpy(float)


def _characters(table: pd.DataFrame, tokens: pd.DataFrame) -> pd.DataFrame:
    places = dict(iter(tokens.groupby("article_id", sort=False)))
    for side in "ab":
        rows = [(places[a]["start"].iat[p], places[a]["end"].iat[p + w - 1]) for a, p, w in
                zip(table[side], table[f"{side}_position"], table[f"{side}_words"])]
        table[f"{side}_start"] = pd.array([s for s, _ in rows], "Int64")
        table[f"{side}_end"] = pd.array([e for _, e in rows], "Int64")
    return table


def _shipped_characters(table: pd.DataFrame, features: Features) -> tuple[pd.DataFrame, str]:
    """Characters of the same passages as the owner of the texts found them, where they are shipped."""
    names = [f"{side}_{end}" for side in "ab" for end in ("start", "end")]
    if features.has_result("passages"):
        keys = ["a", "b", "a_position", "a_words", "b_position", "b_words"]
        table = table.merge(features.result("passages")[[*keys, *names]], on=keys, how="left")
        said = f"{features.form} features; characters from results"
    else:
        table, said = table.assign(**dict.fromkeys(names, pd.NA)), f"{features.form} features"
    return table.astype(dict.fromkeys(names, "Int64")), said


def _covered(table: pd.DataFrame, masks) -> dict[str, np.ndarray]:
    """For each article, which of its words stand in a passage."""
    shared = {a: np.zeros(len(m), bool) for a, m in masks.items()}
    for side in "ab":
        for article, first, words in zip(table[side], table[f"{side}_position"], table[f"{side}_words"]):
            shared[article][first:first + words] = True
    return shared


def _pairs(table: pd.DataFrame, masks) -> pd.DataFrame:
    rows = []
    for (a, b), part in table.groupby(["a", "b"], sort=False):
        both = {x: masks[x] for x in (a, b)}
        shared = _covered(part, both)
        rows.append((a, b, len(part), int(shared[a].sum()), int(shared[b].sum()), shared[a].mean(), shared[b].mean()))
    return pd.DataFrame(rows, columns=["a", "b", "n_passages", "a_shared", "b_shared", "a_share", "b_share"])


def _articles(table: pd.DataFrame, masks) -> pd.DataFrame:
    shared = _covered(table, masks)
    rows = [(a, len(q), int((~shared[a] & ~q).sum()), int((~shared[a] & q).sum()), int((shared[a] & ~q).sum()),
             int((shared[a] & q).sum())) for a, q in masks.items()]
    return pd.DataFrame(rows, columns=["article_id", "n_words", "own", "quoted", "shared", "shared_quoted"])
