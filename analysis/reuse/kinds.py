"""Kinds of passages: what is rewritten or summarised beside the verbatim passages of a corpus."""

from __future__ import annotations

import numba
import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.features import Features
from analysis.reuse.rewrites import SUMMARISED, Stems, candidates, find_rewrites, index_stems
from analysis.reuse.seeds import BOILERPLATE, MANY
from analysis.reuse.stages import Options
from analysis.reuse.store import Columns

KINDS = ("verbatim", "rewritten", "summarised")
NEAR_COPY = 0.9  # of the words of either article in verbatim passages
MOSTLY = 0.95  # of a rewritten passage's words on both sides in verbatim passages of the pair: then those are what happened


def rewritten_passages(
    features: Features,
    verbatim: Columns,
    outlets: np.ndarray,
    days: np.ndarray,
    options: Options,
    kinds: tuple[str, ...],
) -> tuple[Columns, Columns]:
    """Rewritten and summarised passages of private features.

    Looked at are pairs of articles that share a verbatim passage (boilerplate apart) or several
    pairs of sentences with rare words in common.

    Parameters
    ----------
    features : Features
        Private.
    verbatim : dict of arrays
        As `find_passages` gives them.
    outlets, days : arrays of shape (n_articles,)
        See `analysis.reuse.seeds`.
    options : Options
        across_outlets, within_days.
    kinds : tuple
        Which of KINDS.

    Returns
    -------
    passages : dict of arrays
        FIELDS of `analysis.reuse.rewrites`, a_start, a_end, b_start, b_end (characters) and flags;
        in the order of a, b, a_position.
    seeds : dict of arrays
        SEEDS, numbered by the passages.
    """
    stems = stems_of(features)
    pairs = worth_a_look(stems, verbatim, outlets, days, options)
    return known_kinds(
        stems, pairs, verbatim, tokens=features.table("tokens", ["start", "end"]), kinds=kinds
    )


def worth_a_look(
    stems: Stems, verbatim: Columns, outlets: np.ndarray, days: np.ndarray, options: Options
) -> np.ndarray:
    """Pairs of articles that share a verbatim passage or several sentences' rare words and are not
    copies of one text: int64, shape (n_pairs, 2).
    """

    def comparable(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        apart = (
            (outlets[a] != outlets[b]) | (outlets[a] < 0)
            if options.across_outlets
            else np.ones(len(a), bool)
        )
        return apart & ~(np.abs(days[a] - days[b]) > options.within_days)

    plain = verbatim["flags"] & BOILERPLATE == 0
    shared = (
        np.stack([verbatim["a"][plain], verbatim["b"][plain]], axis=1)
        .astype(np.int64)
        .reshape(-1, 2)
    )
    pairs = np.unique(np.concatenate([candidates(stems, comparable=comparable), shared]), axis=0)
    return pairs[~_near_copies(pairs, verbatim, np.diff(stems.bounds))]


def _near_copies(pairs: np.ndarray, verbatim: Columns, sizes: np.ndarray) -> np.ndarray:
    """Pairs of articles of which hardly a word is left to be rewritten: copies of one text,
    directly or through other copies.
    """
    key = np.unique(verbatim["a"].astype(np.int64) << 32 | verbatim["b"])
    a, b = key >> 32, key & 0xFFFFFFFF
    whole = (
        {
            "a": a,
            "b": b,
            f"{side}_position": np.zeros(len(key), np.int64),
            f"{side}_words": sizes[end],
        }
        for side, end in (("a", a), ("b", b))
    )
    copies = (
        np.minimum(*(covered(one, verbatim, side) for one, side in zip(whole, "ab"))) >= NEAR_COPY
    )
    _, text = connected_components(
        coo_array((np.ones(copies.sum()), (a[copies], b[copies])), shape=(len(sizes), len(sizes))),
        directed=False,
    )
    return text[pairs[:, 0]] == text[pairs[:, 1]]


def known_kinds(
    stems: Stems,
    pairs: np.ndarray,
    verbatim: Columns,
    tokens: pd.DataFrame,
    kinds: tuple[str, ...] = KINDS,
) -> tuple[Columns, Columns]:
    """Rewritten passages of some pairs of articles, less those that verbatim ones explain."""
    found, seeds = find_rewrites(stems, pairs)
    marked = {
        bits: {name: values[verbatim["flags"] & bits == bits] for name, values in verbatim.items()}
        for bits in (0, BOILERPLATE, MANY)
    }
    share = {
        bits: np.minimum(*(covered(found, known, side) for side in "ab"))
        for bits, known in marked.items()
    }
    kept = (share[0] < MOSTLY) & np.isin(np.array(KINDS)[found["kind"]], kinds)
    flags = sum(np.where(share[bits] > 0.5, bits, 0) for bits in (BOILERPLATE, MANY))
    place = np.lexsort((found["b_position"], found["a_position"], found["b"], found["a"]))
    place = place[kept[place]]
    number = np.full(len(kept), -1)
    number[place] = np.arange(len(place))
    passages = {name: values[place] for name, values in found.items()} | {
        "flags": flags[place].astype(np.int32)
    }
    start, end = tokens["start"].to_numpy(np.int32), tokens["end"].to_numpy(np.int32)
    for side in "ab":
        first = stems.bounds[passages[side]] + passages[f"{side}_position"]
        passages[f"{side}_start"], passages[f"{side}_end"] = (
            start[first],
            end[first + passages[f"{side}_words"] - 1],
        )
    of = number[seeds["passage"]]
    return passages, {name: values[of >= 0] for name, values in (seeds | {"passage": of}).items()}


def stems_of(features: Features) -> Stems:
    """The words of private features, indexed; with the meanings of sentences if all have an
    embedding.
    """
    tokens = features.table("tokens", ["article_id", "sentence", "stem"])
    articles = features.table("articles", ["article_id", "n_tokens", "n_sentences"])
    vectors = first = None
    if features.has("vectors"):
        embedded = features.table("vectors", ["article_id", "embedding"])
        if len(embedded) == articles["n_sentences"].sum() and len(embedded):
            vectors = np.stack(embedded["embedding"].to_numpy()).astype(np.float32)
            first = np.r_[0, np.cumsum(articles["n_sentences"].to_numpy(np.int64))][:-1]
    return index_stems(
        tokens["stem"].to_numpy(np.uint64),
        tokens["sentence"].to_numpy(np.int32),
        np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))],
        vectors,
        first,
    )


def similarity(passages: Columns) -> np.ndarray:
    """Words with their like in the other's stretch, by the words of the longer side; of a summary,
    by those of the summary.
    """
    longer = np.maximum(passages["a_words"], passages["b_words"])
    shorter = np.minimum(passages["a_words"], passages["b_words"])
    return np.minimum(
        passages["n_matching"] / np.where(passages["kind"] == SUMMARISED, shorter, longer), 1.0
    )


def covered(passages: Columns, others: Columns, side: str) -> np.ndarray:
    """Share of each passage's words on one side that stand in other passages of the same pair of
    articles.
    """
    order = np.lexsort((others["b"], others["a"]))
    known = {name: others[name][order] for name in ("a", "b", f"{side}_position", f"{side}_words")}
    return _covered(*_stretches(passages, side), *_stretches(known, side))


def _stretches(passages: Columns, side: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    first = passages[f"{side}_position"].astype(np.int64)
    return (
        passages["a"].astype(np.int64) << 32 | passages["b"],
        first,
        first + passages[f"{side}_words"],
    )


@numba.njit(cache=True)
def _covered(keys, firsts, ends, known, known_first, known_end):
    """Share of each stretch that stretches of the same key cover; those known are sorted by key."""
    out = np.zeros(len(keys))
    for i in range(len(keys)):
        begin, stop = np.searchsorted(known, keys[i]), np.searchsorted(known, keys[i], side="right")
        mask = np.zeros(ends[i] - firsts[i], np.bool_)
        for k in range(begin, stop):
            mask[max(known_first[k] - firsts[i], 0) : max(known_end[k] - firsts[i], 0)] = True
        out[i] = mask.sum() / max(len(mask), 1)
    return out
