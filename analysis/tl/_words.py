"""Words and phrases counted by sentence or article: where keyness, word shifts and axes begin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.corpus import Corpus
from analysis.errors import OptionError
from analysis.features import Features
from analysis.text.lists import english_words
from analysis.text.tokens import word_hash
from analysis.tl._own_words import by_their_authors, without_formulas
from analysis.views import ENGLISH

_LETTER = r"[^\W\d_]"
ENOUGH_ARTICLES, ENOUGH_IN_GROUP = 20, 6  # from here on whole articles are resampled and permuted
STOP = english_words("function_words", "stop_words")

Background: TypeAlias = Corpus | Features | Mapping[str, float] | pd.Series | pd.DataFrame


@dataclass(frozen=True)
class WordCounts:
    """Words or phrases counted by unit.

    Attributes
    ----------
    matrix : csr_array of shape (n_units, n_terms)
    terms : Index of str
        In alphabetical order.
    article : int array of shape (n_units,)
        Where the unit's article stands among `features.article_ids`.
    """

    matrix: sparse.csr_array
    terms: pd.Index
    article: np.ndarray

    def grouped(
        self, codes: np.ndarray, stratum: np.ndarray
    ) -> tuple[sparse.csr_array, np.ndarray, np.ndarray]:
        """The units of articles that have a group (code from 0): counts, group and stratum."""
        labels = codes[self.article]
        kept = labels >= 0
        return self.matrix[kept], labels[kept], stratum[self.article][kept]


def permuted_unit(sizes: np.ndarray, *features: Features) -> str | None:
    """What may be permuted between groups of these sizes: "article", "sentence" or nothing.

    Whole articles where there are enough of them, else sentences, if these features have them.
    """
    if sizes.sum() >= ENOUGH_ARTICLES and sizes.min() >= ENOUGH_IN_GROUP:
        return "article"
    return "sentence" if all(each.has("tokens") for each in features) else None


def english(features: Features) -> bool:
    """Whether every article is English, the one language with a list of function words."""
    return is_all_in(features, ENGLISH)


def is_all_in(features: Features, language: str) -> bool:
    """Whether every article is in a language, of whatever region."""
    languages = features.table("articles", ["language"])["language"]
    return set(languages.str.split("-").str[0]) == {language.split("-")[0]}


def word_counts(
    features: Features,
    *,
    unit: str,
    names: bool,
    stop_words: bool,
    own_names: bool = True,
    left_out: np.ndarray | None = None,
) -> WordCounts:
    """Count words that have a letter, by "article", or by "sentence" in the private form.

    Without `own_names` an article's authors are not counted, nor are words of `tokens` that are
    `left_out`.
    """
    terms = features.table("terms")
    article = pd.Index(features.article_ids).get_indexer(terms["article_id"])
    words, codes = _sorted_codes(terms["term"])
    kept = _usable(words, features, stop_words)[codes]
    if not names:
        kept &= ~terms["is_name"].to_numpy()
    if not own_names:
        kept &= ~by_their_authors(features, terms)
    number = terms["count"].to_numpy(np.int64)
    if left_out is not None:
        number = without_formulas(features, terms, left_out)
        kept &= number > 0
    owners, first = _units(features, unit)
    row = article if unit == "article" else first[article] + terms["sentence"].to_numpy(np.int64)
    return _counts(row[kept], codes[kept], number[kept], words, owners)


def phrase_counts(
    features: Features,
    *,
    unit: str,
    names: bool,
    stop_words: bool,
    own_names: bool = True,
    left_out: np.ndarray | None = None,
) -> WordCounts:
    """Count phrases of two words of one sentence, one character apart (private form).

    Neither word may be a function word, unless `stop_words`, nor a name, unless `names`, nor the
    article's author, unless `own_names`, nor `left_out`. `tokens` has the order of words as hashes,
    and `terms` the words behind them.
    """
    tokens = features.table("tokens", ["article_id", "sentence", "start", "end", "hash"])
    terms = features.table("terms", ["article_id", "term", "is_name"])
    words, codes = _sorted_codes(terms["term"])
    word = pd.Index([word_hash(w) for w in words], dtype=np.uint64).get_indexer(tokens["hash"])
    ids = pd.Index(features.article_ids)
    article, sentence = ids.get_indexer(tokens["article_id"]), tokens["sentence"].to_numpy(np.int64)
    usable = _usable(words, features, stop_words)[word]
    pairs = ids.get_indexer(terms["article_id"]) * len(words) + codes
    if not names:
        usable &= ~np.isin(article * len(words) + word, pairs[terms["is_name"].to_numpy()])
    if not own_names:
        of_author = by_their_authors(features, terms)
        usable &= ~np.isin(article * len(words) + word, pairs[of_author])
    if left_out is not None:
        usable &= ~left_out
    a, b = slice(None, -1), slice(1, None)
    beside = (article[a] == article[b]) & (sentence[a] == sentence[b]) & usable[a] & usable[b]
    beside &= tokens["start"].to_numpy()[b] - tokens["end"].to_numpy()[a] == 1
    phrases, codes = _sorted_codes(words[word[a][beside]] + " " + words[word[b][beside]])
    owners, first = _units(features, unit)
    row = (article if unit == "article" else first[article] + sentence)[a][beside]
    return _counts(row, codes, np.ones(len(row), np.int64), phrases, owners)


# by words of a term
COUNTERS: dict[int, Callable[..., WordCounts]] = {1: word_counts, 2: phrase_counts}


def opened(background: Background | None) -> Background | None:
    """The features of a background that is a corpus; any other as it is."""
    return background.features if isinstance(background, Corpus) else background


def background_name(background: Background | None) -> str:
    """What `params` say of a background."""
    if background is None:
        return ""
    return background.corpus if isinstance(background, Features) else "(given)"


def background_counts(
    background: Background, features: Features, *, n_words: int = 1, names: bool, stop_words: bool
) -> pd.Series:
    """Counts of a background by word, or by phrase of two words.

    Of counts that are given by word, function words are dropped as the language of `features` says.

    Raises
    ------
    OptionError
        If it is neither features nor words with counts.
    """
    if isinstance(background, Features):
        if n_words > 1 and not background.has("tokens"):
            return pd.Series(dtype=float)
        counts = COUNTERS[n_words](background, unit="article", names=names, stop_words=stop_words)
        return pd.Series(counts.matrix.sum(axis=0), counts.terms)
    if isinstance(background, pd.DataFrame) and {"term", "count"} <= set(background):
        background = background.groupby("term")["count"].sum()
    if not isinstance(background, Mapping | pd.Series):
        raise OptionError(
            "background must be a corpus, a mapping from word to count, or a table with the columns"
            f" term and count (got {background!r:.60})"
        )
    given = by_word(background)
    if given.empty or not np.isfinite(given).all() or (given < 0).any():
        raise OptionError("background must have a count of at least 0 for each of its words")
    given = given.groupby(level=0).sum()
    drop = not stop_words and english(features)

    def counts_here(term: str) -> bool:
        words = term.split()
        left_out = [not re.search(_LETTER, w) or drop and w.replace("'", "") in STOP for w in words]
        return len(words) == n_words and not any(left_out)

    return given[[counts_here(term) for term in given.index]]


def by_word(numbers: Mapping[str, float] | pd.Series) -> pd.Series:
    """Numbers by word in lower case; NaN where it is no number."""
    given = pd.Series(numbers, dtype=object)
    given.index = pd.Index(given.index.astype(str).str.lower(), dtype=object)
    return pd.to_numeric(given, errors="coerce").astype(float)


def _usable(words: pd.Index, features: Features, stop_words: bool) -> np.ndarray:
    """Which words have a letter and, in English, are no function words."""
    usable = np.asarray(words.str.contains(_LETTER, regex=True), bool)
    if not stop_words and english(features):
        usable &= ~np.asarray(words.str.replace("'", "").isin(STOP))
    return usable


def _sorted_codes(strings) -> tuple[pd.Index, np.ndarray]:
    codes, distinct = pd.factorize(np.asarray(strings, object), sort=True)
    return pd.Index(distinct, dtype=object), codes.astype(np.int64)


def _units(features: Features, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """The article of each unit, and the first unit of each article."""
    ids = pd.Index(features.article_ids)
    if unit == "article":
        return np.arange(len(ids)), np.arange(len(ids))
    owners = ids.get_indexer(features.table("sentences", ["article_id"])["article_id"])
    return owners, np.r_[0, np.cumsum(np.bincount(owners, minlength=len(ids)))][:-1]


def _counts(row, column, count, terms: pd.Index, owners: np.ndarray) -> WordCounts:
    used, column = np.unique(column, return_inverse=True)
    matrix = sparse.csr_array((count.astype(float), (row, column)), shape=(len(owners), len(used)))
    matrix.sum_duplicates()
    return WordCounts(matrix, terms[used], owners)
