"""Words and phrases counted by sentence or article, and articles put into groups: where keyness,
word shifts and axes begin.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

from analysis.errors import FeaturesError, OptionError
from analysis.features import PRIVATE, Features
from analysis.text.tokens import word_hash
from analysis.views import ENGLISH, article_terms

LETTER = r"[^\W\d_]"
ENOUGH_ARTICLES, ENOUGH_IN_GROUP = 20, 6  # from here on whole articles are resampled and exchanged
# scikit-learn's list, without the words on it that news is made of
_CONTENT = frozenset(
    "amount bill bottom call computer cry describe detail fill find fire found front interest mill"
    " mine move serious show side sincere system thick thin top".split()
)
STOP = {word.replace("'", "") for word in ENGLISH_STOP_WORDS - _CONTENT} | set(
    "said says say s t u also mr mrs ms dont didnt doesnt isnt wasnt arent werent wont cant couldnt"
    " wouldnt hasnt havent hadnt its thats theres were im ive id hes shes theyre".split()
)


@dataclass(frozen=True)
class Counts:
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


def exchanged(features: Features, sizes: np.ndarray) -> str | None:
    """What may be exchanged between groups of these sizes: whole articles where there are enough,
    else sentences, if this form has them.
    """
    if sizes.sum() >= ENOUGH_ARTICLES and sizes.min() >= ENOUGH_IN_GROUP:
        return "article"
    return "sentence" if features.form == PRIVATE else None


def english(features: Features) -> bool:
    """Whether every article is English, the one language with a list of function words."""
    return set(features.table("articles", ["language"])["language"].str.split("-").str[0]) == {
        ENGLISH
    }


def word_counts(features: Features, *, unit: str, names: bool, stop_words: bool) -> Counts:
    """Count words that have a letter, by "sentence" (private form) or "article" (either form)."""
    private = features.form == PRIVATE
    terms = features.table("terms") if private else article_terms(features)
    article = pd.Index(features.article_ids).get_indexer(terms["article_id"])
    words, codes = _sorted_codes(terms["term"])
    kept = words.str.contains(LETTER, regex=True)
    if not stop_words and english(features):
        kept &= ~words.str.replace("'", "").isin(STOP)
    kept = np.asarray(kept)[codes]
    if not names:
        kept &= ~terms["is_name"].to_numpy()
    owners, first = _units(features, unit)
    row = article if unit == "article" else first[article] + terms["sentence"].to_numpy(np.int64)
    return _counts(row[kept], codes[kept], terms["count"].to_numpy(np.int64)[kept], words, owners)


def phrase_counts(features: Features, *, unit: str, names: bool, stop_words: bool) -> Counts:
    """Count phrases of two words that stand side by side in a sentence, one character apart;
    private form only.

    Neither word may be a function word, unless `stop_words`, nor a name, unless `names`. `tokens`
    has the order of words as hashes, and `terms` the words behind them.
    """
    tokens = features.table("tokens", ["article_id", "sentence", "start", "end", "hash"])
    terms = features.table("terms", ["article_id", "term", "is_name"])
    words, codes = _sorted_codes(terms["term"])
    hashes = np.array([word_hash(word) for word in words], np.uint64)
    order = np.argsort(hashes)
    word = (
        order[np.searchsorted(hashes, tokens["hash"].to_numpy(np.uint64), sorter=order)]
        if len(words)
        else np.empty(0, np.int64)
    )
    ids = pd.Index(features.article_ids)
    article, sentence = ids.get_indexer(tokens["article_id"]), tokens["sentence"].to_numpy(np.int64)
    usable = np.asarray(words.str.contains(LETTER, regex=True))
    if not stop_words and english(features):
        usable &= ~np.asarray(words.str.replace("'", "").isin(STOP))
    usable = usable[word]
    if not names:
        named = terms["is_name"].to_numpy()
        pairs = ids.get_indexer(terms["article_id"]).astype(np.int64) * len(words) + codes
        usable &= ~np.isin(article.astype(np.int64) * len(words) + word, pairs[named])
    a, b = slice(None, -1), slice(1, None)
    beside = (article[a] == article[b]) & (sentence[a] == sentence[b]) & usable[a] & usable[b]
    beside &= tokens["start"].to_numpy()[b] - tokens["end"].to_numpy()[a] == 1
    pair, which = np.unique(word[a][beside] * len(words) + word[b][beside], return_inverse=True)
    phrases = pd.Index(
        [f"{words[p // len(words)]} {words[p % len(words)]}" for p in pair.tolist()], dtype=object
    )
    phrases, codes = _sorted_codes(phrases[which] if len(pair) else phrases)
    owners, first = _units(features, unit)
    row = (article if unit == "article" else first[article] + sentence)[a][beside]
    return _counts(row, codes, np.ones(len(row), np.int64), phrases, owners)


def background_counts(
    background: Features | Mapping[str, float] | pd.DataFrame,
    *,
    n_words: int = 1,
    names: bool,
    stop_words: bool,
    drop: bool,
) -> pd.Series:
    """Counts of a background corpus by word, or by phrase of two words: of Features, a mapping from
    word to count, or a table with the columns term and count. `drop` says whether English function
    words are to be dropped from the latter two.
    """
    if isinstance(background, Features):
        if n_words > 1 and background.form != PRIVATE:
            return pd.Series(dtype=float)
        counts = (word_counts if n_words == 1 else phrase_counts)(
            background, unit="article", names=names, stop_words=stop_words
        )
        return pd.Series(counts.matrix.sum(axis=0), counts.terms)
    if isinstance(background, pd.DataFrame) and {"term", "count"} <= set(background):
        said = background.groupby("term")["count"].sum()
    elif isinstance(background, Mapping | pd.Series):
        said = pd.Series(background)
    else:
        raise OptionError(
            f"background={background!r:.60} was given; allowed are Features, a mapping from word to"
            " count, or a table with the columns term and count."
        )
    said = pd.Series(
        pd.to_numeric(said, errors="coerce").to_numpy(float),
        pd.Index(said.index.astype(str).str.lower(), dtype=object),
    )
    if said.empty or not np.isfinite(said).all() or (said < 0).any():
        raise OptionError(
            "background has words without a count; allowed are numbers from 0, one for each word."
        )
    said = said.groupby(level=0).sum()
    kept = np.array(
        [
            len(words) == n_words
            and all(
                re.search(LETTER, w) and not (drop and w.replace("'", "") in STOP) for w in words
            )
            for words in map(str.split, said.index)
        ],
        bool,
    )
    return said[kept]


def require_sentences(features: Features, what: str) -> None:
    """Raise `FeaturesError` unless the form has sentences' words."""
    if features.form != PRIVATE:
        raise FeaturesError(
            f"{features.where}: {what} needs the words of single sentences, which only the private"
            " form has; extract where the texts are."
        )


def _sorted_codes(strings) -> tuple[pd.Index, np.ndarray]:
    codes, distinct = pd.factorize(np.asarray(strings, object), sort=True)
    return pd.Index(distinct, dtype=object), codes.astype(np.int64)


def _units(features: Features, unit: str) -> tuple[np.ndarray, np.ndarray]:
    """The article of each unit, and the first unit of each article."""
    ids = pd.Index(features.article_ids)
    if unit == "article":
        return np.arange(len(ids)), np.arange(len(ids))
    require_sentences(features, "this")
    owners = ids.get_indexer(features.table("sentences", ["article_id"])["article_id"])
    return owners, np.r_[0, np.cumsum(np.bincount(owners, minlength=len(ids)))][:-1]


def _counts(row, column, count, terms: pd.Index, owners: np.ndarray) -> Counts:
    used, column = np.unique(column, return_inverse=True)
    matrix = sparse.csr_array((count.astype(float), (row, column)), shape=(len(owners), len(used)))
    matrix.sum_duplicates()
    return Counts(matrix, terms[used], owners)
