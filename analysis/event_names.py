"""What people call a story: the headline of its most central article, else its foremost words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.events import FirstWords, Linking, named_stories, story_of
from analysis.features import Features
from analysis.text.tokens import word_hash

_WORDS = 5  # that say what a story is about
_READ = 2_000_000  # rows that are read at once


def story_labels(features: Features) -> pd.Series:
    """What the story of each article is called; no two stories have one name.

    Parameters
    ----------
    features : Features

    Returns
    -------
    Series of str
        By article, in the order of `features.article_ids`.
    """
    whole = features.bodies.whole
    story = story_of(whole)
    if (named_stories(whole) != "").all():
        return story.reindex(features.article_ids)
    read = FirstWords.of(whole, Linking())
    names, code = np.unique(story.to_numpy(str), return_inverse=True)
    called = pd.DataFrame({"story": names, "title": central_titles(read, code)})
    called["words"] = foremost_words(read, code)
    given = set(named_stories(whole))
    label = pd.Series(
        [
            name if name in given else title or words or name
            for name, title, words in called.itertuples(index=False)
        ]
    )
    nth = label.groupby(label).cumcount() + 1
    label = label.where(nth == 1, label + " (" + nth.astype(str) + ")")
    by_article = pd.Series(label.to_numpy(object)[code], story.index)
    return by_article.reindex(features.article_ids)


def central_titles(read: FirstWords, code: np.ndarray) -> np.ndarray:
    """The headline of each story's most central article; empty where there are none.

    Parameters
    ----------
    read : FirstWords
    code : int array of shape (n_articles,)
        The story of each article.

    Returns
    -------
    array of str, of shape (n_stories,)
    """
    likeness = read.weights.multiply(story_sums(read.weights, code)[code]).sum(axis=1)
    order = np.lexsort((np.arange(len(code)), -np.asarray(likeness).round(9), code))
    first = order[np.r_[True, np.diff(code[order]) > 0]]
    articles = read.features.table("articles")
    titles = articles.get("title", pd.Series("", articles.index)).fillna("").astype(str)
    return titles.to_numpy(object)[first]


def story_sums(weights: sparse.csr_array, code: np.ndarray) -> sparse.csr_array:
    """The sum of each story's articles, of length 1."""
    n = len(code)
    member = sparse.csr_array((np.ones(n), (code, np.arange(n))), shape=(code.max() + 1, n))
    sums = sparse.csr_array(member @ weights)
    length = np.sqrt(sums.multiply(sums).sum(axis=1))
    unit = sparse.diags_array(1 / np.where(length > 0, length, 1))
    return sparse.csr_array(unit @ sums)


def _top(
    sums: sparse.csr_array, weights: sparse.csr_array, code: np.ndarray
) -> Iterator[np.ndarray]:
    """Columns of the foremost words of each story: those of most weight in half its articles."""
    n, n_stories = len(code), sums.shape[0]
    member = sparse.csr_array((np.ones(n), (code, np.arange(n))), shape=(n_stories, n))
    holds = sparse.coo_array(member @ (weights > 0).astype(float))
    story, column = holds.coords
    often = holds.data >= np.bincount(code)[story] / 2
    story, column = story[often], column[often]
    weight = np.asarray(sums.tocsr()[story, column]).round(9) if len(story) else np.empty(0)
    order = np.lexsort((column, -weight, story))
    story, column = story[order], column[order]
    ends = np.searchsorted(story, np.arange(n_stories + 1))
    for start, stop in zip(ends, ends[1:]):
        yield column[start : min(start + _WORDS, stop)]


def foremost_words(read: FirstWords, code: np.ndarray) -> list[str]:
    """What sets each story apart: words of most weight, names with a capital letter.

    Parameters
    ----------
    read : FirstWords
    code : int array of shape (n_articles,)
        The story of each article.

    Returns
    -------
    list of str
    """
    top = [*_top(story_sums(read.weights, code), read.weights, code)]
    wanted = np.unique(np.concatenate([np.empty(0, np.int64), *top]))
    words = dict(zip(wanted.tolist(), _written(read.columns[wanted], read.features)))
    return [", ".join(filter(None, (words[c] for c in columns.tolist()))) for columns in top]


def _written(keys: np.ndarray, features: Features) -> list[str]:
    """The words that keys are, or are the hashes of."""
    word_of: dict = {}
    names: dict[str, int] = {}
    n_rows = features.manifest["tables"]["terms"]["rows"]
    for first in range(0, n_rows, _READ):
        rows = features.rows("terms", ["term", "is_name"], first, first + _READ)
        term = rows["term"].combine_chunks().dictionary_encode()
        terms, code = term.dictionary.to_pylist(), term.indices.to_numpy()
        balance = np.bincount(code, np.where(rows["is_name"].to_numpy(), 1, -1), len(terms))
        for word, more in zip(terms, balance.tolist()):
            if word not in names:
                word_of[word_hash(word) if keys.dtype == np.uint64 else word] = word
            names[word] = names.get(word, 0) + more
    words = [word_of.get(key, "") for key in keys.tolist()]
    words = [word if any(map(str.isalpha, word)) else "" for word in words]
    return [_capital(word) if names.get(word, 0) > 0 else word for word in words]


def _capital(word: str) -> str:
    return word.upper() if "." in word else word.capitalize()
