"""Passages that texts from outside share with the articles of a corpus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from analysis.errors import FeaturesError, OptionError
from analysis.extract.memory import extract_articles
from analysis.features import PRIVATE, Features
from analysis.io.article import Article
from analysis.results import Result, count
from analysis.reuse.corpus_words import CorpusStems, CorpusWords, WithTexts, outlet_codes
from analysis.reuse.engines import Dask, Local
from analysis.reuse.passages import pair_words
from analysis.reuse.pieces import whole_passages
from analysis.reuse.rewrite_stages import rewritten_passages
from analysis.reuse.seed_words import BOILERPLATE
from analysis.reuse.spill import take
from analysis.reuse.stages import Options, find_passages
from analysis.tl._reuse_table import STRETCH, of_all_kinds, passage_table
from analysis.views import publication_days

Asked: TypeAlias = str | Iterable[str] | pd.Series | pd.DataFrame

_LONGEST = 5_000_000  # characters of one text
IDS = ("article_id", "id")  # columns of a table of texts that name them


@dataclass(frozen=True, eq=False, repr=False)
class Found(Result):
    """Passages that texts share with the articles of a corpus.

    Attributes
    ----------
    table : DataFrame
        One row a passage, in the order of the articles: columns of `Reuse.table`, without those on
        how an article presents it. `a` is the article and `b` the text: its name in a table or a
        Series, else its number from 0. Offsets are those of the text as it was given. The flags
        count articles that have the words of the text.
    sentences : DataFrame
        As those of `Reuse`.
    texts : DataFrame
        One row a text: text, n_words, n_articles (with which it shares a passage other than
        boilerplate), words (of the text that stand in these), share (0 to 1).
    """

    sentences: pd.DataFrame
    texts: pd.DataFrame

    @property
    def measure(self) -> str:
        """What made it."""
        return "tl.reuse"

    @property
    def finding(self) -> str:
        """How many texts share words with how many articles."""
        plain = self.table[~self.table["boilerplate"]]
        have = (self.texts["n_articles"] > 0).sum()
        if not have:
            return "None of the texts shares a passage with an article."
        n, articles = len(self.texts), count(plain["a"].nunique(), "article")
        which = "The text" if n == 1 else f"{have} of {n} texts"
        return f"{which} {'shares' if have == 1 else 'share'} passages with {articles}."


def features_of_texts(features: Features, query: Asked, min_words: int) -> tuple[Features, list]:
    """The words of texts, as those of the articles are read, and notes on what has too few.

    Raises
    ------
    FeaturesError
        If the corpus has no words with which others could be compared.
    OptionError
        If there is no text, or one is none, is too long, or has the name of another.
    """
    if features.form != PRIVATE:
        raise FeaturesError(
            f"{features.where}: query= needs the private features of the corpus. The shared form"
            " holds no words, or such as only its owner's key makes, so nobody else can compare"
            " texts with them: ask its owner to run it, or get the texts and run"
            " `twicetold extract`."
        )
    names, texts = _named(query)
    language = features.manifest["languages"][0] if features.manifest["languages"] else "en"
    articles = [Article(name, text, language) for name, text in zip(names, texts)]
    read = extract_articles(articles, parse="none", values=False, name="query")
    sizes = read.table("articles", ["n_tokens"])["n_tokens"]
    if not sizes.any():
        raise OptionError(
            "query holds no word; give a text, several, or a table with the column text"
        )
    short = int((sizes < min_words).sum())
    note = f"{count(short, 'text')} of query with fewer than {min_words} words (min_words)"
    return read, [f"{note}: no verbatim passage can be in so few."] if short else []


def _named(query: Asked) -> tuple[list[str], list[str]]:
    """Names and texts."""
    if isinstance(query, pd.DataFrame):
        if "text" not in query:
            raise OptionError(
                "query is a table without the column text"
                f" (it has {', '.join(map(str, query.columns)) or 'none'})"
            )
        named = next((query[name] for name in IDS if name in query), query.index)
        names, texts = list(map(str, named)), query["text"].tolist()
    elif isinstance(query, pd.Series):
        names, texts = list(map(str, query.index)), query.tolist()
    elif isinstance(query, Iterable):
        texts = [query] if isinstance(query, str) else list(query)
        names = list(map(str, range(len(texts))))
    else:
        raise OptionError(f"query must be a text, texts, or a table of them (got {query!r:.80})")
    if not texts:
        raise OptionError("query holds no text; give one, several, or a table with the column text")
    for name, text in zip(names, texts):
        if not isinstance(text, str):
            raise OptionError(f"query must hold texts (text {name!r:.40} is {text!r:.40})")
        if len(text) > _LONGEST:
            raise OptionError(
                f"text {name!r:.40} of query has {len(text):,} characters, at most {_LONGEST:,} are"
                " taken; give its chapters or pages as a list of texts"
            )
    if len({*names}) < len(names):
        raise OptionError("query names two texts the same; give each an id of its own")
    return names, texts


def passages_of_texts(
    features: Features,
    articles: pd.DataFrame,
    query: Asked,
    options: Options,
    engine: Local | Dask,
    kinds: tuple[str, ...],
    params: dict[str, Any],
) -> Any:  # Found, which callers without a query are not to be asked about
    """The passages of texts from outside."""
    texts, notes = features_of_texts(features, query, options.min_words)
    n = texts.table("articles", ["n_tokens"])["n_tokens"].to_numpy(np.int64)
    unknown = np.full(len(n), -1, np.int32), np.full(len(n), np.nan)
    about = features, outlet_codes(articles["outlet"]), publication_days(articles)
    asked = replace(options, asked=len(articles))
    words = WithTexts(CorpusWords(*about), CorpusWords(texts, *unknown))
    verbatim, _ = find_passages(words, asked, engine)
    rewritten = None
    if set(kinds) - {"verbatim"}:
        stems = (CorpusStems(*one, meanings=False) for one in (about, (texts, *unknown)))
        rewritten = rewritten_passages(WithTexts(*stems), verbatim, asked, kinds, engine)
    found, sentences = of_all_kinds(verbatim, rewritten)
    days = np.r_[about[2], unknown[1]]
    table = passage_table(features, articles, found, texts)
    places = {name: found[name].to_numpy() for name in ("a", "b", *STRETCH)}
    table.insert(1, "whole", whole_passages(places, days) + 1)
    plain = take(places, found["flags"].to_numpy() & BOILERPLATE == 0)
    pairs = pd.DataFrame(pair_words(plain))
    # all of one text as if they were of one pair
    per_text = pd.DataFrame(pair_words(plain | {"a": np.zeros_like(plain["a"])})).set_index("b")
    number = np.arange(len(n)) + len(articles)
    shared = per_text["b_covered"].reindex(number, fill_value=0).to_numpy()
    counted = pd.DataFrame(
        {
            "text": texts.article_ids,
            "n_words": n,
            "n_articles": pairs.groupby("b").size().reindex(number, fill_value=0).to_numpy(),
            "words": shared,
            "share": shared / np.maximum(n, 1),
        }
    )
    of_groups = ("by", "across_outlets", "within_days", "family_share", "draws", "level", "seed")
    params = {name: value for name, value in params.items() if name not in of_groups}
    params["query"] = len(n)
    return Found(table, params, sentences=sentences, texts=counted, notes=tuple(notes))
