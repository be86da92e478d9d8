"""Words of a corpus by their stems, an index to find sentences that share rare words."""

from __future__ import annotations

from dataclasses import dataclass

import numba
import numpy as np
from scipy.sparse import coo_array, csr_array

from analysis.features import Features

LEAST_TOKENS = 4  # of a sentence that is compared; shorter ones are joined to the next
RARE = 200  # sentences that a word may stand in to bring sentences together
HIT = 0.2  # part of the cosine of two sentences that rare words alone must make
HITS = 2  # pairs of sentences that two articles must have for a closer look
# that part times the root of the lesser number of stems: one such pair of sentences is enough
STRIKING = 1.2
SENTENCES_AT_ONCE = 20_000  # whose likes are looked up at once


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
        """Cosines of the meanings of two articles' sentences; no rows if nothing is embedded."""
        if not self.meaning.shape[1]:
            return np.zeros((0, 0), np.float32)
        one, other = (self.meaning[self.group_bounds[k] : self.group_bounds[k + 1]] for k in (a, b))
        return one @ other.T


def stems_of(features: Features) -> Stems:
    """Index the words of private features, and what sentences mean if all have an embedding."""
    tokens = features.table("tokens", ["article_id", "sentence", "stem"])
    articles = features.table("articles", ["article_id", "n_tokens", "n_sentences"])
    n_sentences = articles["n_sentences"].to_numpy(np.int64)
    vectors = None
    if features.has("vectors"):
        embedded = features.table("vectors", ["article_id", "embedding"])["embedding"].to_numpy()
        if len(embedded) == n_sentences.sum() > 0:
            vectors = np.stack(embedded).astype(np.float32)
    return index_stems(
        tokens["stem"].to_numpy(np.uint64),
        tokens["sentence"].to_numpy(np.int32),
        np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))],
        vectors,
        np.cumsum(n_sentences) - n_sentences,
    )


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
    n_stems = len(names)
    article = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    order = np.lexsort((code, article))  # stable, so by place within a stem
    group, sentence = _groups(sentences, bounds, LEAST_TOKENS)
    group_first = np.flatnonzero(np.diff(group, prepend=-1))
    n_groups = len(group_first)
    group_bounds = np.searchsorted(group_first, bounds)

    entries, counts = np.unique(group * np.int64(n_stems) + code, return_counts=True)
    entry_group, entry_code = np.divmod(entries, max(n_stems, 1))
    n_groups_of = np.bincount(entry_code, minlength=n_stems)
    weight = counts * np.log((1 + n_groups) / (1 + n_groups_of[entry_code]))
    norm = np.sqrt(np.bincount(entry_group, weights=weight**2, minlength=n_groups))
    weight /= np.maximum(norm, 1e-9)[entry_group]
    entry_article = np.searchsorted(group_bounds, entry_group, side="right") - 1
    by_stem = np.lexsort((entry_group, entry_code, entry_article))

    meaning = np.zeros((n_groups, 0), np.float32)
    if vectors is not None:
        meaning = _meaning(group, first_vector[article] + sentences, n_groups, vectors)
    return Stems(
        code=code.astype(np.int32),
        bounds=bounds.astype(np.int64),
        order=(order - bounds[:-1][article]).astype(np.int32),
        chance=((np.bincount(code, minlength=n_stems) + 0.5) / max(len(code), 1)).astype(
            np.float32
        ),
        group_first=np.r_[group_first, len(group)].astype(np.int64)[: n_groups + 1],
        group_bounds=group_bounds.astype(np.int64),
        group_sentence=sentence[group_first],
        entry_code=entry_code[by_stem].astype(np.int32),
        entry_group=entry_group[by_stem].astype(np.int32),
        entry_weight=weight[by_stem].astype(np.float32),
        entry_bounds=np.searchsorted(entry_article[by_stem], np.arange(len(bounds))),
        group_size=np.bincount(entry_group, minlength=n_groups).astype(np.int32),
        n_groups_of=n_groups_of,
        meaning=meaning,
    )


def _meaning(group: np.ndarray, row: np.ndarray, n_groups: int, vectors: np.ndarray) -> np.ndarray:
    """Embeddings of sentences, short ones joined as their words are, less the mean of all.

    What every sentence of a corpus says makes none alike.
    """
    weights = np.ones(len(group), np.float32)
    words = coo_array((weights, (group, row)), shape=(n_groups, len(vectors))).tocsr()
    unit = vectors.astype(np.float32)
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-9)
    summed = words @ (unit - unit.mean(axis=0, keepdims=True))
    length = np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
    return np.ascontiguousarray(summed / length, np.float32)


@numba.njit(cache=True)
def _groups(sentences, bounds, least):
    """Number of each word's sentence in the corpus, and the first sentence of those joined.

    Short sentences are joined to the next, the last of an article to the one before.
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


def similar_pairs(stems: Stems, *, comparable) -> np.ndarray:
    """Pairs of articles worth a closer look: rare words shared in two sentences, or many in one.

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
    n_articles, n_groups = len(stems.bounds) - 1, len(stems.group_size)
    n_sentences = stems.n_groups_of[stems.entry_code]
    rare = (n_sentences > 1) & (n_sentences <= RARE)
    places = stems.entry_group[rare], stems.entry_code[rare]
    shape = n_groups, len(stems.chance)
    weights = csr_array((stems.entry_weight[rare], places), shape=shape)
    turned = weights.T.tocsr()
    article = np.repeat(np.arange(n_articles), np.diff(stems.group_bounds))
    keys = [np.empty(0, np.int64)]
    for first in range(0, n_groups, SENTENCES_AT_ONCE):
        alike = (weights[first : first + SENTENCES_AT_ONCE] @ turned).tocoo()
        row, column = alike.row + first, alike.col
        a, b = article[row], article[column]
        hits = np.flatnonzero((alike.data >= HIT) & (a < b))
        hits = hits[comparable(a[hits], b[hits])]
        n_stems = np.minimum(stems.group_size[row[hits]], stems.group_size[column[hits]])
        striking = alike.data[hits] * np.sqrt(n_stems) >= STRIKING
        key = a[hits] * n_articles + b[hits]
        keys.append(np.repeat(key, np.where(striking, HITS, 1)))
    pairs, hits = np.unique(np.concatenate(keys), return_counts=True)
    return np.stack(np.divmod(pairs[hits >= HITS], max(n_articles, 1)), axis=1)
