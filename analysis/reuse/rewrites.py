"""Rewritten and summarised passages: stretches in which two articles share more of their words, in
whatever order and form, than chance lets them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np

from analysis.reuse.growing import grow_pair
from analysis.reuse.store import Columns

REWRITTEN, SUMMARISED = 1, 2
LEAST_SCORE = 32.0  # natural log-odds, of either side
LEAST_SUMMARY = 65.0  # of the summary alone
LEAST_TOKENS = 4  # of a sentence that is compared; shorter ones are joined to the next
RARE = 200  # sentences that a word may stand in to bring sentences together
HIT = 0.2  # part of the cosine of two sentences that rare words alone must make
HITS = 2  # pairs of sentences that two articles must have for a closer look
AT_ONCE = 20_000  # sentences whose likes are looked up at once
FIELDS = (
    "a",
    "b",
    "a_position",
    "a_words",
    "b_position",
    "b_words",
    "n_matching",
    "score",
    "similarity",
    "meaning",
    "kind",
)
SEEDS = ("passage", "a_sentence", "b_sentence", "similarity")


@dataclass(frozen=True)
class Stems:
    """The words of a corpus as numbers, and what is looked up in them.

    Attributes
    ----------
    code : int32 array of shape (n_tokens,)
        Number of each word's stem.
    bounds : int64 array of shape (n_articles + 1,)
        Where each article begins among the words.
    order : int32 array of shape (n_tokens,)
        The words of each article by stem, then by place; places count from the article's start.
    chance : float32 array of shape (n_stems,)
        Share of all words of the corpus that have the stem.
    group_first : int64 array of shape (n_groups + 1,)
        First word of each sentence (short ones joined to the next).
    group_bounds : int64 array of shape (n_articles + 1,)
        Where each article begins among the sentences.
    group_sentence : int32 array of shape (n_groups,)
        Number of the sentence in its article; the first of those joined.
    entry_code, entry_group : int32 arrays of shape (n_entries,)
        The different stems of each sentence; by article, then by stem.
    entry_weight : float32 array of shape (n_entries,)
        Count times log of the inverse share of sentences, over the length of the sentence's vector.
    entry_bounds : int64 array of shape (n_articles + 1,)
    group_size : int32 array of shape (n_groups,)
        Different stems.
    n_groups_of : int64 array of shape (n_stems,)
        Sentences that have each stem.
    meaning : float32 array of shape (n_groups, n_dimensions)
        Embedding of each sentence less the mean of all, of length 1; without dimensions where there
        are none.
    """

    code: np.ndarray
    bounds: np.ndarray
    order: np.ndarray
    chance: np.ndarray
    group_first: np.ndarray
    group_bounds: np.ndarray
    group_sentence: np.ndarray
    entry_code: np.ndarray
    entry_group: np.ndarray
    entry_weight: np.ndarray
    entry_bounds: np.ndarray
    group_size: np.ndarray
    n_groups_of: np.ndarray
    meaning: np.ndarray

    def alike(self, a: int, b: int) -> np.ndarray:
        """Cosines of the meanings of the sentences of two articles; without rows where there are no
        embeddings.
        """
        if not self.meaning.shape[1]:
            return np.zeros((0, 0), np.float32)
        one, other = (self.meaning[self.group_bounds[k] : self.group_bounds[k + 1]] for k in (a, b))
        return one @ other.T


def index_stems(
    stems: np.ndarray,
    sentences: np.ndarray,
    bounds: np.ndarray,
    vectors: np.ndarray | None = None,
    first_vector: np.ndarray | None = None,
) -> Stems:
    """Index the words of a corpus.

    Parameters
    ----------
    stems : uint64 array of shape (n_tokens,)
    sentences : int32 array of shape (n_tokens,)
        Number of each word's sentence in its article.
    bounds : int64 array of shape (n_articles + 1,)
    vectors : array of shape (n_sentences, n_dimensions), optional
        Embeddings of all sentences, in their order.
    first_vector : int64 array of shape (n_articles,), optional
        Where each article begins among them.
    """
    names, code = np.unique(stems, return_inverse=True)
    code = code.astype(np.int32)
    article = np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(bounds))
    order = np.lexsort((code, article)).astype(np.int64)  # stable, so by place within a stem
    group, sentence = _groups(sentences, bounds, LEAST_TOKENS)
    n_groups = int(group[-1]) + 1 if len(group) else 0
    key = group.astype(np.int64) * max(len(names), 1) + code
    entries, counts = np.unique(key, return_counts=True)
    entry_group, entry_code = (
        (entries // max(len(names), 1)).astype(np.int32),
        (entries % max(len(names), 1)).astype(np.int32),
    )
    n_groups_of = np.bincount(entry_code, minlength=len(names))
    weight = counts * np.log((1 + n_groups) / (1 + n_groups_of[entry_code]))
    norm = np.sqrt(np.bincount(entry_group, weights=weight**2, minlength=n_groups))
    weight = (weight / np.maximum(norm, 1e-9)[entry_group]).astype(np.float32)
    group_first = np.r_[
        np.flatnonzero(np.r_[True, group[1:] != group[:-1]]) if len(group) else 0, len(group)
    ].astype(np.int64)[: n_groups + 1]
    group_bounds = np.searchsorted(group_first[:n_groups], bounds).astype(np.int64)
    of = (
        np.searchsorted(group_bounds, entry_group, side="right").astype(np.int64) - 1
    )  # article of each entry
    by_stem = np.lexsort((entry_group, entry_code, of))
    return Stems(
        code,
        bounds.astype(np.int64),
        (order - bounds[:-1][article]).astype(np.int32),
        ((np.bincount(code, minlength=len(names)) + 0.5) / max(len(code), 1)).astype(np.float32),
        group_first,
        group_bounds,
        sentence[group_first[:n_groups]] if n_groups else np.empty(0, np.int32),
        entry_code[by_stem],
        entry_group[by_stem],
        weight[by_stem],
        np.searchsorted(of[by_stem], np.arange(len(bounds))).astype(np.int64),
        np.bincount(entry_group, minlength=n_groups).astype(np.int32),
        n_groups_of,
        (
            np.zeros((n_groups, 0), np.float32)
            if vectors is None
            else _meaning(group, first_vector[article] + sentences, n_groups, vectors)
        ),
    )


def _meaning(group: np.ndarray, row: np.ndarray, n_groups: int, vectors: np.ndarray) -> np.ndarray:
    """Embeddings of sentences, short ones joined as their words are, less the mean of all: what
    every sentence of a corpus says is no likeness.
    """
    from scipy.sparse import coo_array

    words = coo_array(
        (np.ones(len(group), np.float32), (group, row)), shape=(n_groups, len(vectors))
    ).tocsr()
    unit = vectors.astype(np.float32)
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-9)
    summed = words @ (unit - unit.mean(axis=0, keepdims=True))
    return np.ascontiguousarray(
        summed / np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9), np.float32
    )


@numba.njit(cache=True)
def _groups(sentences, bounds, least):
    """Number of each word's sentence in the corpus, short sentences joined to the next (the last of
    an article to the one before).
    """
    group, first = np.empty(len(sentences), np.int32), np.empty(len(sentences), np.int32)
    number = -1
    for article in range(len(bounds) - 1):
        begin, end = bounds[article], bounds[article + 1]
        started, at = -1, 0
        for t in range(begin, end):
            if started < 0 or (sentences[t] != sentences[t - 1] and t - started >= least):
                number += 1
                started, at = t, sentences[t]
            group[t], first[t] = number, at
        if started > begin and end - started < least:
            back = first[started - 1]
            for t in range(started, end):
                group[t], first[t] = number - 1, back
            number -= 1
    return group, first


def candidates(stems: Stems, *, comparable) -> np.ndarray:
    """Pairs of articles worth a closer look: at least two pairs of sentences that share rare words.

    Parameters
    ----------
    stems : Stems
    comparable : callable
        Takes two arrays of articles and says which pairs may be compared.

    Returns
    -------
    int64 array of shape (n_pairs, 2)
        a < b, in order.
    """
    from scipy.sparse import csr_array

    n_articles, n_groups = len(stems.bounds) - 1, len(stems.group_size)
    rare = (stems.n_groups_of[stems.entry_code] > 1) & (stems.n_groups_of[stems.entry_code] <= RARE)
    table = csr_array(
        (stems.entry_weight[rare], (stems.entry_group[rare], stems.entry_code[rare])),
        shape=(n_groups, len(stems.chance)),
    )
    turned = table.T.tocsr()
    article = np.repeat(np.arange(n_articles), np.diff(stems.group_bounds))
    keys = []
    for first in range(0, n_groups, AT_ONCE):
        alike = (table[first : first + AT_ONCE] @ turned).tocoo()
        a, b = article[alike.row + first], article[alike.col]
        kept = (alike.data >= HIT) & (a < b)
        a, b = a[kept], b[kept]
        may = comparable(a, b)
        keys.append(a[may] * n_articles + b[may])
    pairs, hits = np.unique(np.concatenate([np.empty(0, np.int64), *keys]), return_counts=True)
    pairs = pairs[hits >= HITS]
    return np.stack([pairs // max(n_articles, 1), pairs % max(n_articles, 1)], axis=1)


def find_rewrites(
    stems: Stems,
    pairs: np.ndarray,
    *,
    least: float = LEAST_SCORE,
    least_summary: float = LEAST_SUMMARY,
) -> tuple[Columns, Columns]:
    """Rewritten and summarised passages of pairs of articles.

    Sentences that are alike (cosine of their words weighted by rarity, and Dice's coefficient,
    above .30; Sanchez-Perez and others 2014) are where a passage begins. From there it grows to the
    stretch of either article that most tells against chance: each word of one article scores ln(c /
    q) if its stem stands in the other near the place that corresponds, and ln((1 - c) / (1 - q)) if
    not. c is the share of words that have their like in the passage, q the chance that one does
    anyway, from how frequent the stem is in the corpus and elsewhere in that article; the stretch
    is the one of greatest sum (Karlin and Altschul 1990). "Near" is 25, 50, 100 or 200 words,
    whichever scores most: how far a writer moved the words is estimated for each passage, as is c.
    A summary is a stretch of one article that has its like scattered over at least three times as
    many words of the other.

    Parameters
    ----------
    stems : Stems
    pairs : int64 array of shape (n_pairs, 2)
    least, least_summary : float
        Least log-odds.

    Returns
    -------
    passages : dict of arrays
        FIELDS: articles; first word and length on either side; words that have their like in the
        other's stretch (the lesser of the two sides); score (the lesser of the log-odds of the two
        sides; of a summary that of the summary alone); similarity (n_matching over the words of
        that side); kind.
    seeds : dict of arrays
        SEEDS: number of the passage, sentences of either article, their cosine.

    References
    ----------
    Sanchez-Perez, M., Sidorov, G. and Gelbukh, A. (2014). A winning approach to text alignment for
    text reuse detection at PAN 2014. CLEF. Karlin, S. and Altschul, S. (1990). Methods for
    assessing the statistical significance of molecular sequence features by using general scoring
    schemes. PNAS 87, 2264-2268. doi.org/10.1073/pnas.87.6.2264
    """
    found: list[np.ndarray] = []
    sentences: list[np.ndarray] = []
    count = 0
    for a, b in pairs.tolist():
        rows, seeded = grow_pair(stems, a, b, least, least_summary)
        if not len(rows):
            continue
        found.append(np.column_stack([np.full(len(rows), a), np.full(len(rows), b), rows]))
        seeded[:, 0] += count
        sentences.append(seeded)
        count += len(rows)
    rows = np.concatenate([np.empty((0, len(FIELDS))), *found])
    seeded = np.concatenate([np.empty((0, len(SEEDS))), *sentences])
    real = ("score", "similarity", "meaning")
    return (
        {
            name: rows[:, k].astype(np.float64 if name in real else np.int32)
            for k, name in enumerate(FIELDS)
        },
        {
            name: seeded[:, k].astype(np.float64 if name in real else np.int32)
            for k, name in enumerate(SEEDS)
        },
    )
