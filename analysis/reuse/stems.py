"""Words of a corpus by their stems, an index to find sentences that share rare words.

Blocks of articles are indexed one by one (`index_block`); what is counted in all of them together
(`StemCounts`) makes an index of some articles of it what it is in the index of the whole corpus.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numba
import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array

from analysis.features import Features
from analysis.reuse.passages import ranges
from analysis.reuse.spill import Arrays

LEAST_TOKENS = 4  # of a sentence that is compared; shorter ones are joined to the next
RARE = 200  # sentences that a word may stand in to bring sentences together
HIT = 0.2  # part of the cosine of two sentences that rare words alone must make
HITS = 2  # pairs of sentences that two articles must have for a closer look
# that part times the root of the lesser number of stems: one such pair of sentences is enough
STRIKING = 1.2
SENTENCES_AT_ONCE = 20_000  # whose likes are looked up at once
EXACT = 2.0**40  # sums of whole numbers are the same, however the corpus is split
# what `index_block` makes, by table: each is one of equal columns
INDEX = {
    "words": {"code": np.int32, "order": np.int32},
    "groups": {"first": np.int32, "sentence": np.int32, "size": np.int32},
    "entries": {"code": np.int32, "group": np.int32, "count": np.int32},
    "sizes": {"words": np.int64, "groups": np.int64, "entries": np.int64},
    "names": {"name": np.uint64, "words": np.int64, "groups": np.int64},
    "meanings": {"value": np.float32},
    "meant": {"total": np.int64},
}
Index = dict[str, Arrays]


@dataclass(frozen=True)
class Stems:
    """The words of a corpus, or of some articles of it, as numbers, and what is looked up in them.

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


@dataclass(frozen=True)
class StemCounts:
    """What is counted in a whole corpus, whatever articles of it are looked at.

    Attributes
    ----------
    names : uint64 array of shape (n_stems,)
        In order.
    words, groups : int64 arrays of shape (n_stems,)
        Words and sentences that have each.
    n_groups : int
    mean : float32 array of shape (n_dimensions,)
        Of the embeddings of all sentences.
    """

    names: np.ndarray
    words: np.ndarray
    groups: np.ndarray
    n_groups: int
    mean: np.ndarray

    @property
    def chance(self) -> np.ndarray:
        """Share of all words that have each stem."""
        return ((self.words + 0.5) / max(self.words.sum(), 1)).astype(np.float32)


def count_stems(blocks: list[Index]) -> StemCounts:
    """Add up what the blocks of a corpus have.

    Parameters
    ----------
    blocks : list of dict
        "names", "sizes" and "meant" of each are read.
    """
    names, number = np.unique(
        np.concatenate([block["names"]["name"] for block in blocks]), return_inverse=True
    )
    words, groups = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64)
    for total, what in ((words, "words"), (groups, "groups")):
        np.add.at(total, number, np.concatenate([block["names"][what] for block in blocks]))
    meant = [total for block in blocks if len(total := block["meant"]["total"])]
    # behind the dimensions stands how many sentences there are
    total = np.sum(meant, axis=0) if meant else np.ones(1)
    mean = (total[:-1] / EXACT / total[-1]).astype(np.float32)
    n_groups = sum(int(block["sizes"]["groups"].sum()) for block in blocks)
    return StemCounts(names, words, groups, n_groups, mean)


def stems_of(features: Features) -> Stems:
    """Index the words of private features, and what sentences mean if all have an embedding."""
    tokens = features.table("tokens", ["article_id", "sentence", "stem"])
    articles = features.table("articles", ["article_id", "n_tokens", "n_sentences"])
    n_sentences = articles["n_sentences"].to_numpy(np.int64)
    vectors = None
    if has_meanings(features):
        embedded = features.table("vectors", ["article_id", "embedding"])["embedding"].to_numpy()
        vectors = np.stack(embedded).astype(np.float32)
    return index_stems(
        tokens["stem"].to_numpy(np.uint64),
        tokens["sentence"].to_numpy(np.int32),
        np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))],
        vectors,
        np.cumsum(n_sentences) - n_sentences,
    )


def has_meanings(features: Features) -> bool:
    """Whether every sentence has an embedding."""
    if not features.has("vectors"):
        return False
    n = int(features.table("articles", ["article_id", "n_sentences"])["n_sentences"].sum())
    return len(features.table("vectors", ["article_id"])) == n > 0


def index_stems(
    stems: np.ndarray,
    sentences: np.ndarray,
    bounds: np.ndarray,
    vectors: np.ndarray | None = None,
    first_vector: np.ndarray | None = None,
) -> Stems:
    """Index the words of a corpus; parameters as of `index_block`."""
    block = index_block(stems, sentences, bounds, vectors, first_vector)
    return read_index(block, count_stems([block]))


def index_block(
    stems: np.ndarray,
    sentences: np.ndarray,
    bounds: np.ndarray,
    vectors: np.ndarray | None = None,
    first_vector: np.ndarray | None = None,
) -> Index:
    """Index the words of some running articles.

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

    Returns
    -------
    dict of dict of arrays
        INDEX; stems have numbers of their own, in the order of their names.
    """
    code, names = pd.factorize(stems)
    ranked = np.argsort(names)
    rank = np.empty(len(names), np.int32)
    rank[ranked] = np.arange(len(names), dtype=np.int32)
    code, names = rank[code] if len(code) else np.empty(0, np.int32), names[ranked]
    group, sentence = _groups(sentences, bounds, LEAST_TOKENS)
    first = np.flatnonzero(np.diff(group, prepend=-1)).astype(np.int32)
    order, *entries, edges = _indexed(code, group, bounds, len(names))
    made = {
        "words": {"code": code, "order": order},
        "groups": {
            "first": first,
            "sentence": sentence[first],
            "size": np.bincount(entries[1], minlength=len(first)).astype(np.int32),
        },
        "entries": dict(zip(INDEX["entries"], entries)),
        "sizes": {
            "words": np.diff(bounds),
            "groups": np.diff(np.searchsorted(first, bounds)),
            "entries": np.diff(edges),
        },
        "names": {
            "name": names,
            "words": np.bincount(code, minlength=len(names)),
            "groups": np.bincount(entries[0], minlength=len(names)),
        },
        **{name: {c: np.empty(0, k) for c, k in INDEX[name].items()} for name in _MEANINGS},
    }
    if vectors is not None and len(vectors):
        unit = vectors.astype(np.float32)
        unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-9)
        article = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
        row, weights = first_vector[article] + sentences, np.ones(len(group), np.float32)
        words = coo_array((weights, (group, row)), shape=(len(first), len(unit))).tocsr()
        made["meanings"] = {"value": (words @ unit).ravel()}
        total = np.rint(unit.astype(np.float64) * EXACT).astype(np.int64).sum(axis=0)
        made["meant"] = {"total": np.r_[total, len(unit)]}
    return made


_MEANINGS = ("meanings", "meant")


def read_index(block: Index, counts: StemCounts, articles: np.ndarray | None = None) -> Stems:
    """The stems of a block, or of some of its articles, as they are in the whole corpus.

    Parameters
    ----------
    block : dict
        As `index_block` gives it.
    counts : StemCounts
    articles : int array, optional
        Numbers in the block, in order.
    """
    sizes = block["sizes"]
    rows, bounds = {}, {}
    for what, n in sizes.items():
        edges = np.r_[0, np.cumsum(n)]
        if articles is None:
            rows[what], bounds[what] = slice(None), edges
        else:
            rows[what] = ranges(edges[articles], edges[articles + 1])[1]
            bounds[what] = np.r_[0, np.cumsum(n[articles])]
    # of what is left out, nothing stands between
    moved = {what: np.zeros(len(sizes[what]), np.int64) for what in ("words", "groups")}
    if articles is not None:
        for what, by in moved.items():
            by[articles] = (np.cumsum(sizes[what]) - sizes[what])[articles] - bounds[what][:-1]
        chosen = articles
    else:
        chosen = np.arange(len(sizes["words"]))
    n_entries, n_groups = sizes["entries"][chosen], sizes["groups"][chosen]
    code = np.searchsorted(counts.names, block["names"]["name"]).astype(np.int32)
    entry_code = code[block["entries"]["code"][rows["entries"]]]
    entry_group = block["entries"]["group"][rows["entries"]] - np.repeat(
        moved["groups"][chosen], n_entries
    )
    weight = block["entries"]["count"][rows["entries"]] * np.log(
        (1 + counts.n_groups) / (1 + counts.groups[entry_code])
    )
    norm = np.sqrt(np.bincount(entry_group, weights=weight**2, minlength=bounds["groups"][-1]))
    weight /= np.maximum(norm, 1e-9)[entry_group]
    first = block["groups"]["first"][rows["groups"]] - np.repeat(moved["words"][chosen], n_groups)
    n_words = int(bounds["words"][-1])
    meaning = np.zeros((len(first), 0), np.float32)
    if len(block["meanings"]["value"]):
        summed = block["meanings"]["value"].reshape(-1, len(counts.mean))[rows["groups"]]
        summed = summed - np.diff(np.r_[first, n_words])[:, None].astype(np.float32) * counts.mean
        length = np.maximum(np.linalg.norm(summed, axis=1, keepdims=True), 1e-9)
        meaning = np.ascontiguousarray(summed / length, np.float32)
    return Stems(
        code=code[block["words"]["code"][rows["words"]]],
        bounds=bounds["words"],
        order=block["words"]["order"][rows["words"]],
        chance=counts.chance,
        group_first=np.r_[first, n_words].astype(np.int64)[: len(first) + 1],
        group_bounds=bounds["groups"],
        group_sentence=block["groups"]["sentence"][rows["groups"]],
        entry_code=entry_code,
        entry_group=entry_group.astype(np.int32),
        entry_weight=weight.astype(np.float32),
        entry_bounds=bounds["entries"],
        group_size=block["groups"]["size"][rows["groups"]],
        n_groups_of=counts.groups,
        meaning=meaning,
    )


_SHIFTED = {"group_first": "bounds", "group_bounds": "group_bounds", "entry_bounds": "entry_bounds"}


def join_stems(one: Stems, other: Stems) -> Stems:
    """The articles of two blocks of one corpus, one after the other."""
    both = {}
    for field in fields(Stems):
        a, b = getattr(one, field.name), getattr(other, field.name)
        if field.name in ("chance", "n_groups_of"):
            both[field.name] = a
        elif field.name == "bounds" or field.name in _SHIFTED:
            both[field.name] = np.r_[a, b[1:] + a[-1]]
        elif field.name == "entry_group":
            both[field.name] = np.r_[a, b + np.int32(one.group_bounds[-1])]
        else:
            both[field.name] = np.concatenate([a, b])
    return Stems(**both)


@numba.njit(cache=True, nogil=True)
def _indexed(code, group, bounds, n_stems):
    """The words of each article by stem, then by place; and the stems of its sentences, counted.

    Sorted by counting: by stem, then by article.
    """
    edges = np.zeros(n_stems + 1, np.int64)
    for c in code:
        edges[c + 1] += 1
    for k in range(n_stems):
        edges[k + 1] += edges[k]
    by_stem, article = np.empty(len(code), np.int32), np.empty(len(code), np.int32)
    for a in range(len(bounds) - 1):
        for t in range(bounds[a], bounds[a + 1]):
            article[t] = a
            by_stem[edges[code[t]]] = t
            edges[code[t]] += 1
    order, at = np.empty(len(code), np.int32), bounds[:-1].copy()
    for t in by_stem:
        a = article[t]
        order[at[a]] = t - bounds[a]
        at[a] += 1
    codes, groups, counts = by_stem, article, np.empty(len(code), np.int32)  # room used again
    n, entry_bounds = 0, np.zeros(len(bounds), np.int64)
    for a in range(len(bounds) - 1):
        begun = n
        for k in range(bounds[a], bounds[a + 1]):
            t = bounds[a] + order[k]
            if n > begun and codes[n - 1] == code[t] and groups[n - 1] == group[t]:
                counts[n - 1] += 1
            else:
                codes[n], groups[n], counts[n] = code[t], group[t], 1
                n += 1
        entry_bounds[a + 1] = n
    return order, codes[:n].copy(), groups[:n].copy(), counts[:n].copy(), entry_bounds


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


def similar_pairs(
    stems: Stems, other: Stems | None = None, *, comparable, at_once: int = SENTENCES_AT_ONCE
) -> np.ndarray:
    """Pairs of articles worth a closer look: rare words shared in two sentences, or many in one.

    Parameters
    ----------
    stems : Stems
    other : Stems, optional
        Of other articles of the corpus, with which they are compared, and not with each other.
    comparable : callable
        Takes two arrays of articles and says which pairs may be compared.
    at_once : int
        Sentences whose likes are looked up at once.

    Returns
    -------
    int64 array of shape (n_pairs, 2)
        In order; a < b, or with `other` the numbers that each has among its own.
    """
    weights = _rare_weights(stems)
    turned = (weights if other is None else _rare_weights(other)).T.tocsr()
    article, others = (
        np.repeat(np.arange(len(one.bounds) - 1), np.diff(one.group_bounds))
        for one in (stems, stems if other is None else other)
    )
    n_others = len((stems if other is None else other).bounds) - 1
    sizes = (stems if other is None else other).group_size
    keys = [np.empty(0, np.int64)]
    for first in range(0, len(article), at_once):
        alike = (weights[first : first + at_once] @ turned).tocoo()
        row, column = alike.row + first, alike.col
        a, b = article[row], others[column]
        hits = alike.data >= HIT
        if other is None:
            hits &= a < b
        hits = np.flatnonzero(hits)
        hits = hits[comparable(a[hits], b[hits])]
        n_stems = np.minimum(stems.group_size[row[hits]], sizes[column[hits]])
        striking = alike.data[hits] * np.sqrt(n_stems) >= STRIKING
        keys.append(np.repeat(a[hits] * n_others + b[hits], np.where(striking, HITS, 1)))
    pairs, hits = np.unique(np.concatenate(keys), return_counts=True)
    return np.stack(np.divmod(pairs[hits >= HITS], max(n_others, 1)), axis=1)


def _rare_weights(stems: Stems) -> csr_array:
    """A row a sentence with the weights of its rare words."""
    n_sentences = stems.n_groups_of[stems.entry_code]
    rare = (n_sentences > 1) & (n_sentences <= RARE)
    places = stems.entry_group[rare], stems.entry_code[rare]
    return csr_array(
        (stems.entry_weight[rare], places), shape=(len(stems.group_size), len(stems.chance))
    )
