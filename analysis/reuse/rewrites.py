"""Rewritten and summarised passages.

Two articles share more of their words in them, in whatever order and form, than by chance.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reuse.growing import grow_pair
from analysis.reuse.passages import covered_share, linked, pair_words
from analysis.reuse.pieces import later_side, whole_passages
from analysis.reuse.seed_words import BOILERPLATE, MANY
from analysis.reuse.spill import Arrays, take
from analysis.reuse.stems import Stems

PASSAGE_KINDS = ("verbatim", "rewritten", "summarised")
LEAST_SCORE = 28.0  # natural log-odds, of either side; of a piece of a passage half as much
LEAST_SUMMARY = 65.0  # of the summary alone
NEAR_COPY = 0.9  # of the words of either article in verbatim passages
# of a rewritten passage's words on both sides in verbatim ones of the pair: those are what happened
EXPLAINED = 0.95
# words at an end of a passage that are added, or cut, for it to be one of a sentence
MOST_ADDED, MOST_CUT = 5, 5
_SIDES = ("a", "b", "a_position", "a_words", "b_position", "b_words", "n_matching")
REWRITE = (*_SIDES, "score", "similarity", "meaning", "kind")
SENTENCE_PAIR = ("passage", "a_sentence", "b_sentence", "similarity")
REAL = ("score", "similarity", "meaning")


def pairs_to_compare(alike: np.ndarray, verbatim: Arrays, sizes: np.ndarray) -> np.ndarray:
    """Pairs of articles that share a verbatim passage or rare words of sentences.

    Left out are copies of one text.

    Parameters
    ----------
    alike : int64 array of shape (n, 2)
        Those that share rare words: see `analysis.reuse.stems.similar_pairs`.
    verbatim : dict of arrays
    sizes : int64 array of shape (n_articles,)
        Words of each article.

    Returns
    -------
    int64 array of shape (n_pairs, 2)
    """
    plain = pair_words(take(verbatim, verbatim["flags"] & BOILERPLATE == 0))
    shared = np.stack([plain["a"], plain["b"]], axis=1)
    pairs = np.unique(np.concatenate([alike, shared]), axis=0)
    text = _copied_texts(verbatim, sizes)
    return pairs[text[pairs[:, 0]] != text[pairs[:, 1]]]


def _copied_texts(verbatim: Arrays, sizes: np.ndarray) -> np.ndarray:
    """A number for the text of each article, the same for copies: they have no words to rewrite."""
    pairs = pair_words(verbatim)
    a, b = pairs["a"], pairs["b"]
    share = np.minimum(pairs["a_covered"] / sizes[a], pairs["b_covered"] / sizes[b])
    copies = share >= NEAR_COPY
    return linked(a[copies], b[copies], len(sizes))


def rewrites_of_pairs(
    stems: Stems,
    pairs: np.ndarray,
    verbatim: Arrays,
    tokens: pd.DataFrame,
    kinds: tuple[str, ...] = PASSAGE_KINDS,
    days: np.ndarray | None = None,
) -> tuple[Arrays, Arrays]:
    """Rewritten passages of some pairs of articles, less those that verbatim ones explain.

    Parameters
    ----------
    stems : Stems
    pairs : int64 array of shape (n_pairs, 2)
    verbatim : dict of arrays
    tokens : DataFrame
        start and end of each word of the corpus, in characters.
    kinds : tuple
    days : array of shape (n_articles,), optional
        When articles were published; NaN where it is not known.

    Returns
    -------
    passages, sentences : dict of arrays
        REWRITE, a_start, a_end, b_start, b_end (characters) and flags, in the order of a, b,
        a_position; SENTENCE_PAIR, numbered by the passages.
    """
    found, sentences = find_rewrites(stems, pairs, days)
    share = {}
    for flag in (0, BOILERPLATE, MANY):
        known = take(verbatim, verbatim["flags"] & flag == flag)
        share[flag] = np.minimum(*(covered_share(found, known, side) for side in "ab"))
    found["flags"] = sum(
        np.where(share[flag] > 0.5, flag, 0) for flag in (BOILERPLATE, MANY)
    ).astype(np.int32)
    kept = (share[0] < EXPLAINED) & np.isin(np.array(PASSAGE_KINDS)[found["kind"]], kinds)
    order = np.lexsort([found[name] for name in ("b_position", "a_position", "b", "a")])
    order = order[kept[order]]
    order = order[_sure(take(found, order), days)]
    passages = _to_sentences(take(found, order), stems)
    start, end = (tokens[edge].to_numpy(np.int32) for edge in ("start", "end"))
    for side in "ab":
        first = stems.bounds[passages[side]] + passages[f"{side}_position"]
        passages[f"{side}_start"] = start[first]
        passages[f"{side}_end"] = end[first + passages[f"{side}_words"] - 1]
    number = np.full(len(kept), -1)
    number[order] = np.arange(len(order))
    sentences["passage"] = number[sentences["passage"]]
    return passages, take(sentences, sentences["passage"] >= 0)


def _sure(passages: Arrays, days: np.ndarray | None) -> np.ndarray:
    """Whether passages have enough log-odds, or are pieces of one of those left that has."""
    days = np.full(passages["b"].max(initial=0) + 1, np.nan) if days is None else days
    enough = (passages["score"] >= LEAST_SCORE) | (passages["kind"] > 1)
    whole = whole_passages(passages, days)
    return np.isin(whole, whole[enough]) | ~np.isnan(passages["meaning"])


def _to_sentences(passages: Arrays, stems: Stems) -> Arrays:
    """Ends moved to the nearest one of a sentence, if few words lie between.

    Writers take over whole sentences; chance matches draw ends out, changed words cut them short.
    """
    passages = dict(passages)
    bounds = stems.group_first
    for side in "ab":
        begin = stems.bounds[passages[side]]
        first = begin + passages[f"{side}_position"]
        end = first + passages[f"{side}_words"]
        below = bounds[np.searchsorted(bounds, first, side="right") - 1]
        above = bounds[np.searchsorted(bounds, end)]
        inside_first = bounds[np.searchsorted(bounds, first)]
        inside_end = bounds[np.searchsorted(bounds, end, side="right") - 1]
        new_first = _moved(first, below, inside_first)
        new_end = _moved(end, above, inside_end)
        kept = new_end > new_first
        first, end = np.where(kept, new_first, first), np.where(kept, new_end, end)
        passages[f"{side}_position"] = (first - begin).astype(np.int32)
        passages[f"{side}_words"] = (end - first).astype(np.int32)
    passages["similarity"] = matching_share(passages)
    return passages


def _moved(place: np.ndarray, out: np.ndarray, inward: np.ndarray) -> np.ndarray:
    """The nearer of two places, if it is near enough, else the other, else where it was."""
    longer, shorter = np.abs(place - out), np.abs(place - inward)
    extend, trim = longer <= MOST_ADDED, shorter <= MOST_CUT
    nearer = extend & (longer <= shorter)
    return np.where(nearer, out, np.where(trim, inward, np.where(extend, out, place)))


def find_rewrites(
    stems: Stems, pairs: np.ndarray, days: np.ndarray | None = None
) -> tuple[Arrays, Arrays]:
    """Rewritten and summarised passages of pairs of articles.

    Sentences that are alike (cosine of their words weighted by rarity, and Dice's coefficient,
    above .30; Sanchez-Perez and others 2014) are where a passage begins. From there it grows to the
    stretch of either article that speaks most against chance: each word of one article scores
    ln(c / q) if its stem stands in the other near the place that corresponds, and
    ln((1 - c) / (1 - q)) if not, and in between if its stem stands there less often than here, as a
    word is copied to one place. c is the share of words that have their like in the passage, q the
    chance that one does anyway, from how frequent the stem is in the corpus and elsewhere in that
    article; the stretch is the one of greatest sum (Karlin and Altschul 1990). "Near" is 25, 50,
    100 or 200 words, whichever scores most: how far a writer moved the words is estimated for each
    passage, as is c. A summary is a stretch of one article that has its like scattered over at
    least three times as many words of the other. The log-odds are at least LEAST_SCORE, of a
    summary LEAST_SUMMARY; half as much is enough near to a passage that has them, of which it is a
    piece (`analysis.reuse.pieces.whole_passages`).

    Parameters
    ----------
    stems : Stems
    pairs : int64 array of shape (n_pairs, 2)
    days : array of shape (n_articles,), optional
        When articles were published; NaN where it is not known.

    Returns
    -------
    passages : dict of arrays
        REWRITE: articles; first word and length on either side; n_matching (words that have their
        like in the other's stretch, the lesser of the two sides); score (the lesser of the log-odds
        of the two sides; of a summary that of the summary alone); similarity (n_matching over the
        words of that side); meaning (cosine of what the sentences mean); kind, by its place in
        PASSAGE_KINDS.
    sentences : dict of arrays
        SENTENCE_PAIR: number of the passage, sentences of either article, their cosine.

    References
    ----------
    Sanchez-Perez, M., Sidorov, G. and Gelbukh, A. (2014). A winning approach to text alignment for
    text reuse detection at PAN 2014. CLEF.

    Karlin, S. and Altschul, S. (1990). Methods for assessing the statistical significance of
    molecular sequence features by using general scoring schemes. PNAS 87, 2264-2268.
    https://doi.org/10.1073/pnas.87.6.2264
    """
    found = [np.empty((0, len(REWRITE)))]
    sentences = [np.empty((0, len(SENTENCE_PAIR)))]
    count = 0
    days = np.full(len(stems.bounds) - 1, np.nan) if days is None else days
    later = later_side(days[pairs[:, 0]], days[pairs[:, 1]])
    for (a, b), side in zip(pairs.tolist(), later.tolist()):
        rows, seeded = grow_pair(stems, a, b, LEAST_SCORE, LEAST_SUMMARY, side)
        found.append(np.column_stack([np.full(len(rows), a), np.full(len(rows), b), rows]))
        seeded[:, 0] += count
        sentences.append(seeded)
        count += len(rows)
    return _named(np.concatenate(found), REWRITE), _named(np.concatenate(sentences), SENTENCE_PAIR)


def _named(rows: np.ndarray, names: tuple[str, ...]) -> Arrays:
    return {
        name: column.astype(np.float64 if name in REAL else np.int32)
        for name, column in zip(names, rows.T)
    }


def matching_share(passages: Arrays) -> np.ndarray:
    """Words with their like in the other's stretch, of the longer side; of a summary, of that.

    Returns
    -------
    float array of shape (n_passages,)
        0 to 1.
    """
    sides = passages["a_words"], passages["b_words"]
    summarised = passages["kind"] == PASSAGE_KINDS.index("summarised")
    length = np.where(summarised, np.minimum(*sides), np.maximum(*sides))
    return np.minimum(passages["n_matching"] / length, 1.0)
