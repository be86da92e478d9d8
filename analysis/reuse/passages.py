"""Passages: maximal stretches of equal words in two articles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import OptionError
from ..features import PRIVATE, Features
from ..results import Result, at_least
from ..views import origin, quoted_words
from .shingles import diagonals, shingle

SHIPPED_N = 5


@dataclass(frozen=True, eq=False, repr=False)
class Reuse(Result):
    """Passages that two articles share.

    Attributes
    ----------
    table : DataFrame
        passage, a, b (articles, in the order of the metadata), a_position, a_words, b_position, b_words (first word
        and length in words on either side), n_matching (equal words), identity (n_matching by the longer side),
        a_quoted, b_quoted (most of it stands inside quotation marks), a_start, a_end, b_start, b_end (characters;
        empty where only the shared form was there).
    pairs : DataFrame
        a, b, n_passages, a_shared, b_shared (words of either in shared passages), a_share, b_share.
    articles : DataFrame
        article_id, n_words, own, quoted, shared, shared_quoted: every word is counted in just one of the four.
    """

    pairs: pd.DataFrame
    articles: pd.DataFrame


def find_reuse(features: Features, *, n: int = SHIPPED_N, min_words: int = 8, max_gap: int = 3) -> Reuse:
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

    Returns
    -------
    Reuse
    """
    at_least("n", n, 1)
    at_least("min_words", min_words, n)
    at_least("max_gap", max_gap, 0)
    if features.form != PRIVATE and n < SHIPPED_N:
        raise OptionError(f"n={n} was given; the shared form holds runs of {SHIPPED_N} words, so allowed are {SHIPPED_N} and more.")
    ids = features.article_ids
    tokens = features.table("tokens", ["article_id", "position", "hash"] + ["start", "end"]) if features.form == PRIVATE else None
    hashes = _shingles(features, tokens, ids, n)
    article = np.repeat(np.arange(len(ids)), [len(h) for h in hashes])
    position = np.concatenate([np.arange(len(h)) for h in hashes]) if ids else np.empty(0, np.int64)
    runs = diagonals(np.concatenate(hashes) if ids else np.empty(0, np.uint64), article, position)
    masks = quoted_words(features)
    rows = [row for row in _chains(runs, n, max_gap) if row[-1] >= min_words]
    table = pd.DataFrame(rows, columns=["a", "b", "a_position", "a_words", "b_position", "b_words", "n_matching"], dtype="int64")
    table = table.sort_values(list(table.columns), ignore_index=True)
    table["identity"] = table["n_matching"] / table[["a_words", "b_words"]].max(axis=1)
    for side in "ab":
        table[f"{side}_quoted"] = [bool(masks[ids[i]][p:p + w].mean() >= 0.5) for i, p, w in
                                   zip(table[side], table[f"{side}_position"], table[f"{side}_words"])]
        table[side] = [ids[i] for i in table[side]]
    table.insert(0, "passage", np.arange(1, len(table) + 1))
    params = {"n": n, "min_words": min_words, "max_gap": max_gap, **origin(features)}
    if tokens is not None:
        table = _characters(table, tokens)
    else:
        table, params["measured_on"] = _shipped_characters(table, features)
    return Reuse(table, params, _pairs(table, masks), _articles(table, masks))


def _shingles(features: Features, tokens, ids, n: int) -> list[np.ndarray]:
    if tokens is not None:
        words = {a: part.to_numpy(np.uint64) for a, part in tokens.groupby("article_id", sort=False)["hash"]}
        return [shingle(words.get(a, np.empty(0, np.uint64)), n) for a in ids]
    ngrams = features.table("ngrams", ["article_id", "position", "hash"])
    words = {a: part.to_numpy(np.uint64) for a, part in ngrams.groupby("article_id", sort=False)["hash"]}
    return [shingle(words.get(a, np.empty(0, np.uint64)), n - SHIPPED_N + 1) for a in ids]


def _chains(runs: np.ndarray, n: int, max_gap: int):
    """Chain the runs of each pair over gaps; yields a, b, position and length on either side, equal words."""
    open_chains: list[list] = []
    pair = None
    for a, b, p, q, length in runs.tolist():
        if (a, b) != pair:
            yield from (_closed(pair, c) for c in open_chains)
            open_chains, pair = [], (a, b)
        words = length + n - 1
        best = None
        for chain in open_chains:
            gap_a, gap_b = p - chain[1], q - chain[3]
            # runs may overlap by less than a shingle where a word was put in or left out
            if -n < gap_a <= max_gap and -n < gap_b <= max_gap and p >= chain[0] and q >= chain[2]:
                if best is None or abs(gap_a - gap_b) < best[0]:
                    best = (abs(gap_a - gap_b), chain, max(0, -gap_a, -gap_b))
        if best is None:
            open_chains.append([p, p + words, q, q + words, words])
        else:
            _, chain, overlap = best
            chain[1], chain[3] = max(chain[1], p + words), max(chain[3], q + words)
            chain[4] += words - overlap
    if pair is not None:
        yield from (_closed(pair, c) for c in open_chains)


def _closed(pair, chain) -> tuple:
    a0, a1, b0, b1, matching = chain
    return (*pair, a0, a1 - a0, b0, b1 - b0, matching)


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
