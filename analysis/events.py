"""Events: which articles tell of one and the same, by their first words and their days.

What `by="story"` and `within="story"` mean in every measure, and what `tl.stories` shows.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Set
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from analysis.errors import FeaturesError
from analysis.features import Features
from analysis.text.lists import english_words
from analysis.text.tokens import word_hash
from analysis.views import ENGLISH, publication_days

STORY = "story"  # the column of the metadata, and what `by` and `within` call it
SHIPPED_STORIES = "stories"
NO_DAY = "undated"
_UNDATED = 2_000  # articles, whose every pair may be compared
_BLOCK = 512  # articles whose cosines are taken at once
_READ = 2_000_000  # words that are read at once
# How frequent words are in news is known beforehand, as if from so many articles more: in a small
# corpus words of its one event are frequent, and those that any two articles share are rare.
_KNOWN = 300
_NEWS_WORDS = Path(__file__).parent / "data" / "english" / "news_words.csv"
_FEWEST = 10  # articles that may have a word, however few there are, where nothing is known


@dataclass(frozen=True)
class Linking:
    """How articles are put together; `analysis.tl.stories` says what each option means."""

    days: float = 4
    span: float = 7
    threshold: float = 0.13
    words: int = 200
    common: float = 0.2
    affair_days: float = 14
    affair_threshold: float = 0.25


def story_of(features: Features) -> pd.Series:
    """The story of each article.

    Named in the column `story` of the metadata; else in `stories.csv`; else found by the first
    words and the days, or shipped.

    Parameters
    ----------
    features : Features
        In either form; some articles of a corpus have the stories that they have in all of it.

    Returns
    -------
    Series of str
        Its index are the article ids, in the order of `features.article_ids`.

    Raises
    ------
    FeaturesError
        If there are many articles, and none has a date.
    """
    whole = features.bodies.whole
    named = named_stories(whole)
    if (named == "").any():
        named = named.where(named != "", _found(whole))
    return named.reindex(features.article_ids)


def named_stories(features: Features) -> pd.Series:
    """The story that people named for each article; empty where they named none."""
    articles = features.table("articles")
    ids = articles["article_id"].tolist()
    given = pd.Series([features.stories.get(a, "") for a in ids], ids, dtype=object, name=STORY)
    if STORY in articles:
        column = articles[STORY].fillna("").astype(str).to_numpy()
        given = given.where(column == "", column)
    return given.rename_axis("article_id")


_kept: dict[tuple, pd.Series] = {}  # the stories found last: several measures ask for the same


def _found(features: Features) -> pd.Series:
    """Stories found or shipped, by article."""
    if ships(features):
        return features.result(SHIPPED_STORIES).set_index("article_id")[STORY]
    about = {name: table["sha256"] for name, table in features.manifest["tables"].items()}
    key = (*sorted(about.items()), *sorted(features.stories.items()), features.where)
    if key not in _kept:
        found = FirstWords.of(features, Linking()).stories()
        _kept.clear()
        _kept[key] = found
    return _kept[key]


def ships(features: Features) -> bool:
    """Whether stories were found where the texts are, and came with the features."""
    return not features.measures_itself and features.has_result(SHIPPED_STORIES)


@dataclass(frozen=True, eq=False)
class FirstWords:
    """What articles are put together by.

    Attributes
    ----------
    features : Features
    linking : Linking
    weights : csr_array of shape (n_articles, n_words)
        Log tf-idf of words that several articles have, in rows scaled as `weighed` says.
    columns : array of shape (n_words,)
        The words, or their hashes where the features have the order of words.
    day : float array of shape (n_articles,)
        Whole days since 1970; NaN where an article has no date.
    """

    features: Features
    linking: Linking
    weights: sparse.csr_array
    columns: np.ndarray
    day: np.ndarray

    @classmethod
    def of(cls, features: Features, linking: Linking) -> FirstWords:
        """Read the first words of all articles, and their titles.

        Raises
        ------
        FeaturesError
            If there are many articles, and none has a date.
        """
        articles = features.table("articles")
        day = np.floor(publication_days(articles))
        if len(day) > _UNDATED and np.isnan(day).all():
            raise FeaturesError(
                f"{features.corpus}: stories are told apart by their days, and none of"
                f" {len(day):,} articles has a date (of at most {_UNDATED:,}, words alone would"
                " do). Give metadata.csv dates in `published`, or the story of each article in a"
                f" column `{STORY}`."
            )
        counts, names = _counted(features, linking.words)
        if (articles["language"].str.split("-").str[0] == ENGLISH).all():
            stop, usual = _looked_up(names)
            weights, kept = weighed(counts[:, ~stop], linking.common, usual[~stop], _KNOWN)
            return cls(features, linking, weights, names[~stop][kept], day)
        common = max(linking.common, _FEWEST / max(len(day), 1))
        weights, kept = weighed(counts, common, np.zeros(len(names)), 0)
        return cls(features, linking, weights, names[kept], day)

    def stories(self) -> pd.Series:
        """The story of each article, called after the day and id of its first article.

        Articles without a date stand alone; where none has one, their words alone decide. Where
        `stories.csv` names a story after another of its articles, it keeps that name, so that an
        earlier article that comes in later renames nothing.
        """
        ids = np.array(self.features.article_ids, dtype=object)
        own = [
            f"{NO_DAY if np.isnan(day) else np.datetime64(int(day), 'D')}-{article}"
            for article, day in zip(ids, self.day)
        ]
        order = _by_day(ids, self.day)
        first = np.arange(len(ids))
        day = np.zeros(len(ids)) if np.isnan(self.day).all() else self.day
        dated = order[~np.isnan(day[order])]
        linked = link(self.weights[dated], day[dated], self.linking)
        first[dated] = dated[linked]
        name = [own[f] for f in first]
        used = set(self.features.stories.values())
        for i in order[::-1]:  # the first of several such articles comes last and stays
            if own[i] in used:
                name[first[i]] = own[i]
        found = [name[f] for f in first]
        return pd.Series(found, ids, dtype=object, name=STORY).rename_axis("article_id")


def _by_day(ids: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Articles by day, then by id, those without a date last: whatever the metadata's order."""
    return np.lexsort((ids.astype(str), day))


def _looked_up(words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which words are English function words, and in which share of news articles each stands."""
    news = pd.read_csv(_NEWS_WORDS, dtype={"word": str}, keep_default_na=False)
    share = news.set_index("word")["share"].to_dict()
    stop: Set = english_words("function_words", "stop_words")
    if words.dtype == np.uint64:
        share = {word_hash(word): of for word, of in share.items()}
        stop = {word_hash(word) for word in stop}
    keys = words.tolist()
    return np.array([key in stop for key in keys], bool), np.array(
        [share.get(key, 0.0) for key in keys]
    )


def _counted(features: Features, n_words: int) -> tuple[sparse.csr_array, np.ndarray]:
    """The first words of each article, its title's counted twice, and what the columns are.

    The shared form has no order of words and no titles: all words of each article.
    """
    ids = pd.Index(features.article_ids)
    if not features.has("tokens"):
        terms = features.table("terms")
        words, code = np.unique(terms["term"].to_numpy(str), return_inverse=True)
        row, count = ids.get_indexer(terms["article_id"]), terms["count"].to_numpy(float)
        return sparse.csr_array((count, (row, code)), shape=(len(ids), len(words))), words
    parts = [*_first_words(features, ids, n_words)]
    try:
        parts += [*_first_words(features.titles, ids, n_words)] * 2
    except FeaturesError:
        pass  # no titles: the first words alone
    row, hashes = (np.concatenate(part) for part in zip(*parts))
    words, code = np.unique(hashes, return_inverse=True)
    shape = len(ids), len(words)
    return sparse.csr_array((np.ones(len(row)), (row, code)), shape=shape), words


def _first_words(
    features: Features, ids: pd.Index, n_words: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Row and hash of the first words of articles, read some at a time."""
    yield np.empty(0, np.int64), np.empty(0, np.uint64)
    n_rows = features.manifest["tables"]["tokens"]["rows"]
    for first in range(0, n_rows, _READ):
        table = features.rows("tokens", ["article_id", "position", "hash"], first, first + _READ)
        near = table["position"].to_numpy() < n_words
        owner = table["article_id"].unify_dictionaries().combine_chunks()
        row = ids.get_indexer(owner.dictionary.to_pylist())[owner.indices.to_numpy()[near]]
        yield row.astype(np.int64), table["hash"].to_numpy()[near]


def weighed(
    counts: sparse.csr_array, common: float, usual: np.ndarray, known: float
) -> tuple[sparse.csr_array, np.ndarray]:
    """Log tf-idf of rows, scaled to length 1, and which columns are kept.

    ``(1 + ln tf) (1 + ln((1 + n) / (1 + df)))``, where `n` and `df` count, beside the articles,
    `known` more, of which the share `usual` has the word. Words in more than the share `common` of
    these do not count; those of one article alone count in its length only.
    """
    own = np.bincount(counts.indices, minlength=counts.shape[1])
    n, df = counts.shape[0] + known, own + known * usual
    counted = (own > 0) & (df <= common * n)
    weights = sparse.csr_array(counts[:, counted])
    idf = 1 + np.log((1 + n) / (1 + df[counted]))
    weights.data = (1 + np.log(weights.data)) * idf[weights.indices]
    length = np.sqrt(weights.multiply(weights).sum(axis=1))
    unit = sparse.diags_array(1 / np.where(length > 0, length, 1))
    shared = counted & (own > 1)
    return sparse.csr_array((unit @ weights)[:, shared[counted]]), np.flatnonzero(shared)


def link(weights: sparse.csr_array, day: np.ndarray, linking: Linking) -> np.ndarray:
    """The first article of each article's story; articles come by day.

    Average link: the two clusters whose articles' mean cosine is highest are joined, as long as it
    is at least `threshold` and the two together span at most `span` days; of equal ones those that
    come first. Articles more than `days` apart count as having nothing in common.

    Clusters lie within what single links of `threshold` hold together, so that only cosines within
    these parts are needed: no array of all pairs is made.
    """
    n = len(day)
    a, b, cosine = _pairs(weights, day, linking.days, linking.threshold)
    links = sparse.coo_array((np.ones(len(a)), (a, b)), shape=(n, n))
    part = connected_components(links, directed=False)[1] if n else np.empty(0, int)
    order = np.argsort(part, kind="stable")
    first = np.arange(n)
    for members in np.split(order, np.flatnonzero(np.diff(part[order])) + 1):
        if len(members) > 1:
            within = _pairs(weights[members], day[members], linking.days, 0)
            first[members] = members[_average_link(within, day[members], linking)]
    return first


def _pairs(
    weights: sparse.csr_array, day: np.ndarray, days: float, least: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of articles at most `days` apart with a cosine of at least `least` and above 0."""
    found = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))]
    for start in range(0, len(day), _BLOCK):
        stop = min(start + _BLOCK, len(day))
        last = np.searchsorted(day, day[stop - 1] + days, side="right")
        cosines = sparse.coo_array(weights[start:stop] @ weights[start:last].T)
        a, b = (at.astype(np.int64) + start for at in cosines.coords)
        near = (b > a) & (day[b] - day[a] <= days)
        near &= (cosines.data >= least) & (cosines.data > 0)
        found.append((a[near], b[near], cosines.data[near]))
    a, b, cosine = (np.concatenate(each) for each in zip(*found))
    return a, b, cosine


def _average_link(
    pairs: tuple[np.ndarray, np.ndarray, np.ndarray], day: np.ndarray, linking: Linking
) -> np.ndarray:
    """The first member of each one's cluster."""
    triples = [*zip(*(each.tolist() for each in pairs))]
    near: list[dict[int, float]] = [{} for _ in day]  # cluster → other cluster → sum of cosines
    for a, b, cosine in triples:
        near[a][b] = near[b][a] = cosine
    size, first, last = [1] * len(day), day.tolist(), day.tolist()
    joined = list(range(len(day)))  # cluster → the one that took it in
    heap = [(-cosine, a, b) for a, b, cosine in triples if cosine >= linking.threshold]
    heapq.heapify(heap)
    while heap:
        negative, a, b = heapq.heappop(heap)
        if b not in near[a] or near[a][b] / (size[a] * size[b]) != -negative:
            continue  # one of the two has changed since
        if max(last[a], last[b]) - min(first[a], first[b]) > linking.span:
            continue
        size[a] += size[b]
        first[a], last[a] = min(first[a], first[b]), max(last[a], last[b])
        joined[b] = a
        _take_in(near, a, b)
        for c, cosines in near[a].items():
            mean = cosines / (size[a] * size[c])
            if mean >= linking.threshold:
                heapq.heappush(heap, (-mean, min(a, c), max(a, c)))
    for one in range(len(day)):  # a cluster was taken in by an earlier one, whose end is known
        joined[one] = joined[joined[one]]
    return np.array(joined, np.int64)


def _take_in(near: list[dict[int, float]], a: int, b: int) -> None:
    """Give cluster b's cosines to a."""
    del near[a][b], near[b][a]
    for c, cosines in near[b].items():
        near[a][c] = near[c][a] = near[a].get(c, 0.0) + cosines
        del near[c][b]
    near[b] = {}
