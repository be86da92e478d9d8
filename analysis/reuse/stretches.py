"""Stretches: the content that articles share, each stretch with all articles that have it."""

from __future__ import annotations

from typing import NamedTuple

import numba
import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.reuse.passages import covered_words
from analysis.views import sentence_spans

_LOW = 0xFFFFFFFF
LEAST_PART = 5  # words of a passage in a sentence, from which on that sentence is of its stretch


class Passages(NamedTuple):
    """Where passages stand; row 0 of each array is of the first article (a), row 1 of the other.

    Attributes
    ----------
    article : int64 array of shape (2, n_passages)
        Places of the articles in the metadata.
    first, words : int64 arrays of shape (2, n_passages)
        First word, from 0, and length.
    """

    article: np.ndarray
    first: np.ndarray
    words: np.ndarray


class Stretches(NamedTuple):
    """Sentences that passages link are of one stretch, across all articles.

    Attributes
    ----------
    stretch, article, first, words : int64 arrays of shape (n_members,)
        Of each stretch the articles that have it, where it begins and how many of its words stand
        in passages; sorted by stretch, then article.
    passage, of, overlap : int64 arrays of shape (n_parts,)
        Which passages lie in which stretch, and with how many words of the first article.
    """

    stretch: np.ndarray
    article: np.ndarray
    first: np.ndarray
    words: np.ndarray
    passage: np.ndarray
    of: np.ndarray
    overlap: np.ndarray

    def row(self, stretch: np.ndarray, article: np.ndarray) -> np.ndarray:
        """The member of each stretch and article."""
        return np.searchsorted(self.stretch << 32 | self.article, stretch << 32 | article)


def locate(table: pd.DataFrame, article_ids: np.ndarray) -> tuple[pd.DataFrame, Passages]:
    """Passages that are evidence of something: their rows, and where they stand."""
    rows = table[table["evidence"].to_numpy(object) != "none"].reset_index(drop=True)
    index = pd.Index(article_ids)
    article = np.stack([index.get_indexer(rows[side]).astype(np.int64) for side in "ab"])
    first, words = (
        rows[[f"a_{name}", f"b_{name}"]].to_numpy(np.int64).T for name in ("position", "words")
    )
    return rows, Passages(article, first, words)


def sentence_starts(features: Features, ids: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """The first word of each sentence of articles, in their order; `bounds` are theirs."""
    spans = sentence_spans(features)
    code = pd.Index(ids).get_indexer(spans["article_id"])
    return np.unique(bounds[code] + spans["position"].to_numpy(np.int64))


def find_stretches(
    passages: Passages, equal: np.ndarray, starts: np.ndarray, bounds: np.ndarray
) -> Stretches:
    """Sentences of two articles that a passage puts side by side are of one stretch.

    Which sentences lie side by side is read from their places in the passage, as shares of its
    length. Links of most equal words come first; of each article a stretch has one sentence, so
    that a link that would give it two is left out. A passage that is left without a link is a
    stretch of its own.

    Parameters
    ----------
    passages : Passages
    equal : float array of shape (n_passages,)
        Share of its words that are equal on both sides.
    starts : int array of shape (n_sentences,)
        First words of sentences, as words of the corpus.
    bounds : int array of shape (n_articles + 1,)
        First words of articles.

    Returns
    -------
    Stretches
        Numbered in the order of their first words.
    """
    begin = bounds[passages.article] + passages.first
    edges = np.r_[starts, bounds[-1]]
    links = _side_by_side(edges, begin, begin + passages.words)
    passage, a, b, *places = links.T
    words = np.minimum(places[1] - places[0], places[3] - places[2]) * (0.1 + equal[passage])
    label = _without_doubles(
        np.stack([a, b]),
        np.searchsorted(bounds, np.stack([places[0], places[2]]), side="right") - 1,
        np.lexsort((b, a, -words)),
    )
    kept = label >= 0
    alone = np.setdiff1d(passage, passage[kept])
    best = np.lexsort((-words, passage))
    best = best[np.isin(passage[best], alone)]
    best = best[np.unique(passage[best], return_index=True)[1]]
    label[best] = label.max(initial=-1) + 1 + np.arange(len(best))
    rows = np.flatnonzero(label >= 0)
    label, passage, places = label[rows], passage[rows], [x[rows] for x in places]
    first_of = np.full(label.max(initial=-1) + 1, bounds[-1])
    np.minimum.at(first_of, label, np.minimum(places[0], places[2]))
    label = np.argsort(np.argsort(first_of, kind="stable"))[label]
    first, end = np.r_[places[0], places[2]], np.r_[places[1], places[3]]
    article = np.searchsorted(bounds, first, side="right") - 1
    keys, begins, n_words = _covered(np.r_[label, label] << 32 | article, first, end)
    parts, _, overlap = _covered(passage << 32 | label, places[0], places[1])
    article = keys & _LOW
    return Stretches(
        keys >> 32, article, begins - bounds[article], n_words, parts >> 32, parts & _LOW, overlap
    )


def _covered(key: np.ndarray, first: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, ...]:
    """The keys in order, and of each the first word and how many words intervals cover."""
    if not len(key):
        return (np.empty(0, np.int64),) * 3
    keys, number = np.unique(key, return_inverse=True)
    begins = np.full(len(keys), first.max())
    np.minimum.at(begins, number, first)
    return keys, begins, covered_words(key, first, end - first)


def _without_doubles(sentence: np.ndarray, article: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Number the groups of linked sentences, of which none has two sentences of one article.

    Parameters
    ----------
    sentence, article : int arrays of shape (2, n_links)
    order : int array of shape (n_links,)
        The links that come first decide.

    Returns
    -------
    int64 array of shape (n_links,)
        The group of each link; -1 where it was left out.
    """
    group: dict[int, dict[int, int]] = {}
    for link in order.tolist():
        (x, y), (p, q) = sentence[:, link].tolist(), article[:, link].tolist()
        one, other = group.setdefault(x, {p: x}), group.setdefault(y, {q: y})
        if one is other or not one.keys().isdisjoint(other):
            continue
        if len(one) < len(other):
            one, other = other, one
        one |= other
        for moved in other.values():
            group[moved] = one
    number: dict[int, int] = {}
    return np.array(
        [
            number.setdefault(id(group[x]), len(number)) if group[x] is group[y] else -1
            for x, y in sentence.T.tolist()
        ],
        np.int64,
    )


@numba.njit(cache=True, nogil=True)
def _side_by_side(edges, begin, end):
    """Parts of two sentences that each passage puts side by side.

    Returns
    -------
    int64 array of shape (n_parts, 7)
        Passage, sentence of a and of b, first word and end of either part.
    """
    found = [(0, 0, 0, 0, 0, 0, 0) for _ in range(0)]
    for k in range(begin.shape[1]):
        scale = (end[1, k] - begin[1, k]) / (end[0, k] - begin[0, k])
        least = min(LEAST_PART, end[0, k] - begin[0, k], end[1, k] - begin[1, k])
        most, best, n = -1.0, (0, 0, 0, 0, 0, 0, 0), len(found)
        i = np.searchsorted(edges, begin[0, k], side="right") - 1
        while edges[i] < end[0, k]:
            x, x_end = max(edges[i], begin[0, k]), min(edges[i + 1], end[0, k])
            y = begin[1, k] + (x - begin[0, k]) * scale
            y_end = begin[1, k] + (x_end - begin[0, k]) * scale
            j = np.searchsorted(edges, begin[1, k], side="right") - 1
            while edges[j] < end[1, k]:
                z, z_end = max(edges[j], begin[1, k]), min(edges[j + 1], end[1, k])
                shared = min(y_end, z_end) - max(y, z)
                part = (k, i, j, x, x_end, z, z_end)
                if shared > most:
                    most, best = shared, part
                enough = min(x_end - x, z_end - z) >= least
                if enough and 2 * shared >= max(y_end - y, float(z_end - z)):
                    found.append(part)
                j += 1
            i += 1
        if len(found) == n:
            found.append(best)
    out = np.empty((len(found), 7), np.int64)
    for k in range(len(found)):
        for column in range(7):
            out[k, column] = found[k][column]
    return out
