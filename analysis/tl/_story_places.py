"""Where the sentences of a story stand, and which may tell a claim."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError
from analysis.features import Features
from analysis.text.tokens import word_hash

HEADLINE, IN_LEAD = "headline", "lead"
# a line without a final mark is a headline, a byline, a caption or a credit, unless it is so long
_LONGEST_LINE, _SHORTEST = 20, 3  # words
_CREDITING = ("contribution", "rights", "photo")
_CREDIT_LINE = 15  # words of a sentence that is nothing but a credit
# how paragraphs begin that say when something was published, with a number; who worked on it
_DATED = {word_hash(word) for word in "updated published posted".split()}
_NUMBERS = {word_hash(str(n)) for n in range(60)}
_WORKED = {
    tuple(map(word_hash, words.split()))
    for words in ("reporting by", "editing by", "writing by", "compiled by", "additional reporting")
}
_KEYS = ["article_id", "sentence"]


def with_places(features: Features) -> pd.DataFrame:
    """Sentences with `unit` (whether one may tell a claim), `place` and `down`."""
    columns = "article_id sentence paragraph start end n_tokens mark".split()
    table = features.table("sentences", columns)
    line = (table["mark"] == "") & (table["n_tokens"] < _LONGEST_LINE)
    other = (
        line | (table["mark"] == "?") | (table["n_tokens"] < _SHORTEST) | _credits(features, table)
    )
    other |= _stamps(features, table)
    by_article = table.groupby("article_id", sort=False)
    titles = _is_title(features, table)
    unit = ~other & ~titles
    seen = unit.groupby(table["article_id"], sort=False).cumsum()
    first = table["paragraph"].where(unit).groupby(table["article_id"]).transform("first")
    lead = unit & ((table["paragraph"] == first) | (seen <= 2))
    headline = titles | (line & (table["paragraph"] == 0))
    place = np.select([headline, lead, unit], [HEADLINE, IN_LEAD, "body"], "")
    number, most = by_article.cumcount(), by_article["sentence"].transform("size") - 1
    down = (number / most.clip(lower=1)).round(3)
    return table.assign(unit=unit, place=place, down=down)


def _is_title(features: Features, table: pd.DataFrame) -> pd.Series:
    """Which of an article's first sentences are its headline, word for word."""
    nothing = pd.Series(False, table.index)
    try:
        titles = features.titles.table("tokens", ["article_id", "hash"])
    except FeaturesError:
        return nothing
    title = titles.groupby("article_id")["hash"].apply(tuple)
    early = table[table["paragraph"] < 2]
    tokens = features.table("tokens", ["article_id", "sentence", "hash"])
    keys = pd.MultiIndex.from_frame(early[["article_id", "sentence"]])
    tokens = tokens[pd.MultiIndex.from_frame(tokens[["article_id", "sentence"]]).isin(keys)]
    said = tokens.groupby(["article_id", "sentence"])["hash"].apply(tuple).reindex(keys)
    found = [
        isinstance(words, tuple) and _holds(title.get(article, ()), words)
        for article, words in zip(early["article_id"], said)
    ]
    nothing[early.index[found]] = True
    return nothing


def _holds(title: tuple, words: tuple) -> bool:
    """Whether some words stand in a title, in their order."""
    n = len(words)
    return n > 0 and any(title[i : i + n] == words for i in range(len(title) - n + 1))


def _credits(features: Features, table: pd.DataFrame) -> pd.Series:
    """Short sentences that name who wrote, took or owns something."""
    credits = features.table("credits", ["article_id", "sentence", "kind"])
    credits = credits[credits["kind"].isin(_CREDITING)]
    named = pd.MultiIndex.from_frame(table[_KEYS]).isin(pd.MultiIndex.from_frame(credits[_KEYS]))
    return pd.Series(named, table.index) & (table["n_tokens"] <= _CREDIT_LINE)


def _stamps(features: Features, table: pd.DataFrame) -> pd.Series:
    """Short paragraphs that say when an article was updated, or who worked on it."""
    alone = table.groupby(["article_id", "paragraph"])["sentence"].transform("size") == 1
    short = table[(table["n_tokens"] <= _CREDIT_LINE) & alone]
    tokens = features.table("tokens", [*_KEYS, "hash"])
    tokens = tokens[pd.MultiIndex.from_frame(tokens[_KEYS]).isin(_index(short))]
    said = tokens.groupby(_KEYS)["hash"].apply(tuple)
    stamps = {
        key
        for key, words in said.items()
        if words[0] in _DATED and not _NUMBERS.isdisjoint(words[1:]) or words[:2] in _WORKED
    }
    return pd.Series([key in stamps for key in zip(*(table[k] for k in _KEYS))], table.index)


def _index(table: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(table[_KEYS])
