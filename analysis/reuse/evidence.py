"""Evidence of who had a passage from whom: numbers of pairs of articles and of passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numba
import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.reuse.passages import covered_words
from analysis.text.outlets import listed_name
from analysis.views import publication_days, sentence_spans

# articles that share most with one: enough to witness, and linear in articles of a large family
PARTNERS = 12
GAP = 3  # words between two passages that still follow one upon the other
_SEVERAL = 20  # words that each lacks, at which that says half of what it can
LEAD = 0.15  # share of an article that is its beginning
CREDITS = ("agency", "outlet", "contribution")
# what each says of a child that had it from a parent; {child} and {parent} are put in
DIRECTED = {
    "earlier": "{parent} was published earlier",
    "later": "{parent} was published later",
    "credited": "{child} credits the outlet of {parent}",
    "credits another": "{child} credits a third that {parent} does not name",
    "covered": "{child} is made of words of {parent}",
    "cut end": "{child} has the beginning of {parent} and lacks its end",
    "whole sentences": "passages are whole sentences in {parent} and parts of some in {child}",
    "put between": (
        "{child} has words of its own between passages that follow one upon the other in {parent}"
    ),
    "thirds agree": "third articles agree more with {parent} than with {child}",
    "parent has more": "{parent} shares words with third articles that {child} lacks",
    "child has more": "{child} shares words with third articles that {parent} lacks",
}
COMMON = {
    "common": "how often two articles have it from a third",
    "same credit": "both credit the same third",
    "credit": "a third is credited",
    "both lack": "one third article has words of either that the other lacks",
    "third between": "a third article is nearer to both than they are to each other",
    "thirds": "third articles have it too",
    "quoted": "the words are quoted on both sides",
    "changed": "the two differ in words",
    "unwitnessed": "words that no third article has",
    "own": "both are mostly words of their own",
    "same outlet": "both are of the same outlet",
}


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


class Sides(NamedTuple):
    """Passages seen from either of their articles, sorted by article, then by the other one.

    Attributes
    ----------
    key : int64 array of shape (2 * n_passages,)
        Article and the other article, as ``article << 32 | other``.
    first, words : int64 arrays of shape (2 * n_passages,)
        First word and words in the article.
    same : float64 array of shape (2 * n_passages,)
        Share of the words that are equal on the other side.
    partners : int64 array of shape (n_articles, PARTNERS)
        The articles that share most words with each; -1 where there are fewer.
    """

    key: np.ndarray
    first: np.ndarray
    words: np.ndarray
    same: np.ndarray
    partners: np.ndarray


@dataclass(frozen=True)
class Evidence:
    """Numbers of n pairs or passages, one column for each piece of evidence.

    Attributes
    ----------
    keys : DataFrame
        a, b and, for passages, passage.
    a_from_b, b_from_a : DataFrame
        Directed evidence, with a and with b as the child.
    common : DataFrame
    """

    keys: pd.DataFrame
    a_from_b: pd.DataFrame
    b_from_a: pd.DataFrame
    common: pd.DataFrame


def gather(features: Features, table: pd.DataFrame) -> tuple[Evidence, Evidence]:
    """Evidence of pairs and of their passages.

    Parameters
    ----------
    features : Features
    table : DataFrame
        Passages as `tl.reuse` gives them.

    Returns
    -------
    pairs, passages : Evidence
        Boilerplate and credit lines are left out. Passages quoted on both sides say nothing of a
        pair that has others.
    """
    articles = features.table("articles")
    ids = articles["article_id"].to_numpy(dtype=object)
    sizes = articles["n_tokens"].to_numpy(np.int64)
    rows, passages = locate(table, ids)
    quoted, same = rows["quoted"].to_numpy(bool), rows["identity"].fillna(0).to_numpy(float)
    equal = same * passages.words.max(axis=0, initial=0)
    seen = sides(passages, same, len(ids))
    keys, pair = np.unique(_key(*passages.article), return_inverse=True)
    pairs = np.stack([keys >> 32, keys & 0xFFFFFFFF])
    counts = ~quoted | ~np.isin(pair, pair[~quoted])
    weight = np.where(counts, np.maximum(equal, 1), 0)

    def mean(values):
        return np.bincount(pair, weight * values) / np.bincount(pair, weight)

    thirds, *nearer, between, most = _on_passages(seen, passages, equal).T
    whole = _at_sentences(features, sizes, passages)
    here = [
        {
            "whole sentences": np.maximum(whole[parent] - whole[child], 0),
            "thirds agree": nearer[parent] - nearer[child],
        }
        for child, parent in ((0, 1), (1, 0))
    ]
    here_common = {
        "both lack": np.minimum(*nearer),
        "third between": between,
        "thirds": np.minimum(thirds, 5) / 5,
        "quoted": quoted,
        "changed": 1 - same,
        "unwitnessed": 1 - np.minimum(most, 1),
    }
    *more, lacked = _beside(seen, pairs, sizes).T.astype(float)
    words, cut = _extent(pair[counts], Passages(*(x[:, counts] for x in passages)), sizes[pairs])
    share = np.minimum(words / np.maximum(sizes[pairs], 1), 1)
    has_more = more / np.maximum(more + words, 1)
    before = _published_before(articles, pairs)
    credits = _credits(features, articles, pairs)
    for side, name in enumerate(("a_credits_b", "b_credits_a")):
        # beside a passage, what the article says of it
        beside = np.bincount(pair, rows[name].fillna(False).to_numpy(bool)) > 0
        credits["outlet"][side] = np.maximum(credits["outlet"][side], beside)
    directed = [
        {
            "earlier": before[child],
            "later": before[parent],
            "credited": credits["outlet"][child],
            "credits another": credits["another"][child],
            "covered": share[child],
            "cut end": cut[parent],
            "whole sentences": mean(here[child]["whole sentences"]),
            "put between": _put_between(pair, counts, passages, child, parent),
            "thirds agree": mean(here[child]["thirds agree"]),
            "parent has more": has_more[parent],
            "child has more": has_more[child],
        }
        for child, parent in ((0, 1), (1, 0))
    ]
    outlet = articles["outlet"].to_numpy(dtype=object)[pairs]
    common = {
        "common": np.ones(len(keys)),
        "same credit": credits["same"],
        "credit": credits["third"],
        **{name: mean(values) for name, values in here_common.items()},  # but for the next
        "both lack": lacked / (lacked + _SEVERAL),
        "own": 1 - share.max(axis=0),
        "same outlet": (outlet[0] == outlet[1]) & (outlet[0] != ""),
    }
    of_pairs = [_frame(values) for values in (*directed, common)]
    of_passages = [
        pd.concat([of_pair.take(pair).reset_index(drop=True), _frame(local, " here")], axis=1)
        for of_pair, local in zip(of_pairs, (*here, here_common))
    ]
    return (
        Evidence(pd.DataFrame({"a": ids[pairs[0]], "b": ids[pairs[1]]}), *of_pairs),
        Evidence(rows[["passage", "a", "b"]], *of_passages),
    )


def locate(table: pd.DataFrame, article_ids: np.ndarray) -> tuple[pd.DataFrame, Passages]:
    """Passages that are evidence of something: their rows, and where they stand."""
    rows = table[table["evidence"].to_numpy(object) != "none"].reset_index(drop=True)
    index = pd.Index(article_ids)
    article = np.stack([index.get_indexer(rows[side]).astype(np.int64) for side in "ab"])
    first, words = (
        rows[[f"a_{name}", f"b_{name}"]].to_numpy(np.int64).T for name in ("position", "words")
    )
    return rows, Passages(article, first, words)


def sides(passages: Passages, same: np.ndarray, n_articles: int) -> Sides:
    """Passages from both their sides, and with whom each article shares most words."""
    key = np.r_[_key(*passages.article), _key(*passages.article[::-1])]
    first, words = passages.first.ravel(), passages.words.ravel()
    order = np.lexsort((first, key))
    keys = np.unique(key)
    n_shared = covered_words(key, first, words) if len(key) else np.zeros(0, np.int64)
    article, other = keys >> 32, keys & 0xFFFFFFFF
    rank = np.lexsort((other, -n_shared, article))
    article, other = article[rank], other[rank]
    place = np.arange(len(rank)) - np.searchsorted(article, article)
    near = place < PARTNERS
    partners = np.full((n_articles, PARTNERS), -1, np.int64)
    partners[article[near], place[near]] = other[near]
    return Sides(key[order], first[order], words[order], np.r_[same, same][order], partners)


def publication_intervals(articles: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """First and last moment at which each article may have been published, in days since 1970.

    A date without a time is a day long (UTC). NaN where no date is known.
    """
    first = publication_days(articles)
    return first, first + (articles["published"].str.len() <= 10).to_numpy(bool)


def _key(article: np.ndarray, other: np.ndarray) -> np.ndarray:
    return article << 32 | other


def _frame(columns: dict[str, np.ndarray], suffix: str = "") -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=float).add_suffix(suffix)


@numba.njit(cache=True, nogil=True)
def _rows(seen, article, other):
    """Bounds of the rows of an article's passages with another one."""
    key = article << 32 | other
    return np.searchsorted(seen.key, key), np.searchsorted(seen.key, key, side="right")


@numba.njit(cache=True, nogil=True)
def _equal(seen, article, other, start, end):
    """Words from `start` to `end` of an article that another one has too."""
    low, high = _rows(seen, article, other)
    total, at = 0.0, start
    for row in range(low, high):
        overlap = min(end, seen.first[row] + seen.words[row]) - max(at, seen.first[row])
        if overlap > 0:
            total += overlap * seen.same[row]
            at = max(at, seen.first[row] + seen.words[row])
    return total


@numba.njit(cache=True, nogil=True)
def _on_passages(seen, passages, equal):
    """What third articles share on each passage.

    Returns
    -------
    float64 array of shape (n_passages, 5)
        Third articles that have words of it; by how much more of it they have in common with a than
        with b, and with b than with a (mean share of the longer side, 0 to 1); by how much more a
        third has in common with both than they with each other; the share of it that the third with
        most of it has.
    """
    out = np.zeros((len(equal), 5))
    for i in range(len(equal)):
        a, b = passages.article[0, i], passages.article[1, i]
        size = passages.words[:, i].max()
        for third in np.unique(np.concatenate((seen.partners[a], seen.partners[b]))):
            if third < 0 or third == a or third == b:
                continue
            start, end = passages.first[:, i], passages.first[:, i] + passages.words[:, i]
            with_a = _equal(seen, a, third, start[0], end[0]) / size
            with_b = _equal(seen, b, third, start[1], end[1]) / size
            if with_a == 0 and with_b == 0:
                continue
            out[i, 0] += 1
            out[i, 1] += max(with_a - with_b, 0)
            out[i, 2] += max(with_b - with_a, 0)
            out[i, 3] = max(out[i, 3], min(with_a, with_b) - equal[i] / size)
            out[i, 4] = max(out[i, 4], with_a, with_b)
        out[i, 1:3] /= max(out[i, 0], 1)
    return out


@numba.njit(cache=True, nogil=True)
def _paint(seen, article, other, mask, value):
    """Mark the words that an article shares with another one; how many were not marked yet."""
    fresh = 0
    low, high = _rows(seen, article, other)
    for row in range(low, high):
        for word in range(seen.first[row], seen.first[row] + seen.words[row]):
            if mask[word] == 0:
                fresh += 1
                mask[word] = value
    return fresh


@numba.njit(cache=True, nogil=True)
def _not_in_pair(seen, article, third, mask):
    """Words that an article shares with a third one, and not with the other of its pair."""
    n = 0
    low, high = _rows(seen, article, third)
    for row in range(low, high):
        n += (mask[seen.first[row] : seen.first[row] + seen.words[row]] != -1).sum()
    return n


@numba.njit(cache=True, nogil=True)
def _beside(seen, pairs, sizes):
    """Words that a pair shares with a third article of both, but not with each other.

    Returns
    -------
    int64 array of shape (n_pairs, 3)
        Words of a, of b, and the fewer of either that one third has: who copied one of the pair
        lacks what only the other has.
    """
    out = np.zeros((pairs.shape[1], 3), np.int64)
    masks = np.zeros((2, sizes.max() + 1 if len(sizes) else 1), np.int64)
    for i in range(len(out)):
        for side in range(2):
            here, there = pairs[side, i], pairs[1 - side, i]
            masks[side, : sizes[here]] = 0
            _paint(seen, here, there, masks[side], -1)
        for side in range(2):
            here, there = pairs[side, i], pairs[1 - side, i]
            for third in seen.partners[here]:
                low, high = _rows(seen, there, third)
                if third < 0 or third == there or low == high:
                    continue
                out[i, side] += _paint(seen, here, third, masks[side], 1)
                fewer = min(
                    _not_in_pair(seen, here, third, masks[side]),
                    _not_in_pair(seen, there, third, masks[1 - side]),
                )
                out[i, 2] = max(out[i, 2], fewer)
    return out


def _published_before(articles: pd.DataFrame, pairs: np.ndarray) -> np.ndarray:
    """Whether b was surely published before a, and a before b."""
    first, last = (moment[pairs] for moment in publication_intervals(articles))
    return (last[::-1] <= first) & (first[0] != first[1])


def _credits(features: Features, articles: pd.DataFrame, pairs: np.ndarray) -> dict:
    """Who of each pair credits whom.

    Returns
    -------
    dict of float64 arrays
        Of shape (2, n_pairs): outlet (the other's), another (a third that the other does not
        credit). Of shape (n_pairs,): same (the same third), third (share of the two that credit
        one).
    """
    table = features.table("credits", ["article_id", "kind", "name"])
    table = table[table["kind"].isin(CREDITS) & (table["name"] != "")]
    # a contribution is credited to a person, unless it is known as an outlet or agency
    known = set(table.loc[table["kind"] != "contribution", "name"])
    listed = table["name"].isin(known) | (table["name"].map(listed_name) != "")
    names = table.loc[listed, "name"].map(_plain).groupby(table["article_id"]).agg(set)
    outlets = articles["outlet"].map(_plain).tolist()
    credited = [names.get(article, set()) - {""} for article in articles["article_id"]]
    out = {name: np.zeros(pairs.shape) for name in ("outlet", "another")}
    out |= {name: np.zeros(pairs.shape[1]) for name in ("same", "third")}
    for i, pair in enumerate(pairs.T.tolist()):
        theirs = [credited[me] - {outlets[me]} for me in pair]
        thirds = [said - {outlets[other]} for said, other in zip(theirs, pair[::-1])]
        for me, other in ((0, 1), (1, 0)):
            out["outlet"][me, i] = outlets[pair[other]] in theirs[me]
            out["another"][me, i] = bool(thirds[me] - theirs[other])
        out["same"][i] = bool(thirds[0] & thirds[1])
        out["third"][i] = sum(map(bool, thirds)) / 2
    return out


def _plain(name: str) -> str:
    return (listed_name(name) or name).casefold().removeprefix("the ").strip()


def _at_sentences(features: Features, sizes: np.ndarray, passages: Passages) -> np.ndarray:
    """Share of a passage's two edges that are edges of sentences, on both of its sides."""
    spans = sentence_spans(features)
    bounds = np.r_[0, np.cumsum(sizes)]
    code = pd.Index(features.article_ids).get_indexer(spans["article_id"])
    edge = np.zeros(bounds[-1] + 1)
    edge[bounds[code] + spans["position"].to_numpy(np.int64)] = 1
    edge[bounds] = 1
    first = bounds[passages.article] + passages.first
    return (edge[first] + edge[first + passages.words]) / 2


def _extent(pair: np.ndarray, passages: Passages, sizes: np.ndarray) -> tuple:
    """Words of each article of a pair in its passages, and how much of its end they lack.

    The latter only where they hold the article's beginning. Both of shape (2, n_pairs), as `sizes`.
    """
    words, first, end = np.zeros(sizes.shape), np.full(sizes.shape, np.inf), np.zeros(sizes.shape)
    place = (slice(None), pair)
    np.add.at(words, place, passages.words)
    np.minimum.at(first, place, passages.first)
    np.maximum.at(end, place, passages.first + passages.words)
    cut = (first <= LEAD * sizes) * (1 - end / np.maximum(sizes, 1))
    return np.minimum(words, sizes), cut


def _put_between(
    pair: np.ndarray, counts: np.ndarray, passages: Passages, child: int, parent: int
) -> np.ndarray:
    """Share of the steps from passage to passage that are longer in the child than in the parent.

    A step follows in the parent's text, and has words of its own in the child's.
    """
    rows = np.flatnonzero(counts)
    rows = rows[np.lexsort((passages.first[parent, rows], pair[rows]))]
    here, after = rows[:-1], rows[1:]
    together = pair[here] == pair[after]
    gap = passages.first[:, after] - passages.first[:, here] - passages.words[:, here]
    found = together & (gap[parent] <= GAP) & (gap[child] > GAP)
    n = pair.max(initial=-1) + 1
    steps = np.bincount(pair[here][together], minlength=n)
    return np.bincount(pair[here][found], minlength=n) / np.maximum(steps, 1)
