"""Marks: whether an article quotes, reports or credits the words of a shared passage."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.features import Features
from analysis.reuse.naming import Known, read_words
from analysis.reuse.passages import ranges
from analysis.text.credits import REACH
from analysis.views import article_credits, quoted_mask, sentence_spans

CREDITED = ("credited", "credit line")
MARKS = ["a_mark", "b_mark", "a_credits_b", "b_credits_a", "speech"]
NAMES = [  # not in the shared form
    f"{side}_{what}" for what in ("credit", "credit_sentence", "speaker") for side in "ab"
]
MARKED = 0.5  # share of a passage's words
LINES = ("agency_line", "contribution", "rights", "photo")
WHOLE_ARTICLE = LINES[:3]  # where the whole article is from, or part of it, without saying which


@dataclass(frozen=True)
class _Credits:
    """Credits as arrays.

    Article, sentence (of the corpus; -1 where unknown), key and name, whether each covers its whole
    article, how many sentences behind its own it may cover, and whether it counts only where the
    other article is of whom it names (a person may be anybody).
    """

    article: np.ndarray
    sentence: np.ndarray
    key: np.ndarray
    name: np.ndarray
    whole: np.ndarray
    reach: np.ndarray
    personal: np.ndarray

    def __getitem__(self, rows) -> _Credits:
        return _Credits(*(column[rows] for column in vars(self).values()))

    def and_more(self, others: _Credits) -> _Credits:
        return _Credits(*map(np.concatenate, zip(vars(self).values(), vars(others).values())))


@dataclass(frozen=True)
class _Sentences:
    """Sentences of the corpus.

    The first word of each, one further; the articles' first sentences; and which end a credit's
    reach.
    """

    begin: np.ndarray
    first: np.ndarray
    stops: np.ndarray

    def of(self, word: np.ndarray) -> np.ndarray:
        return np.searchsorted(self.begin[:-1], word, side="right") - 1


def mark(features: Features, table: pd.DataFrame) -> pd.DataFrame:
    """Mark how either article presents the words of each passage.

    The first of these that holds for at least half of the passage's words is the mark of a side:

    - "credit line": they are a dateline, byline or notice that credits an agency, helpers or the
      owner of rights;
    - "quoted": they stand inside quotation marks (scare quotes do not count);
    - "credited": their sentence credits another outlet, an agency, or the other article's author;
      or one of the three sentences before it in the paragraph does, and neither another credit nor
      a quotation with a speaker stands between; or a line credits an agency or outlet for the whole
      article;
    - "reported": their sentence says who said it ("X said that", "according to X");
    - "uncredited": none of these.

    What an article says of its own outlet is no credit. A person is credited only where the other
    article is by that person: anybody else's name may be a source's. Outlets are known from the
    list of outlets, from the way outlets are named, and from the metadata of the corpus.

    Parameters
    ----------
    features : Features
        Either form. On the shared one "quoted" and credits of the whole article by listed names are
        known, all else is NA.
    table : DataFrame
        Passages: a, b (articles), a_position, a_words, b_position, b_words (first word and length
        in words on either side).

    Returns
    -------
    DataFrame
        One row a passage, with the index of `table`; columns of side b as those of side a.

        =================  ====  =============================================================
        column             unit  meaning
        =================  ====  =============================================================
        a_mark                   see above
        a_credit                 whom the side credits for the passage, also where the mark is
                                 another; NA if nobody, empty if the text says no name, as in
                                 "a wire service reported"
        a_credit_sentence        of the article, from 0; NA if nowhere or unknown
        a_speaker                who is quoted; empty if unknown
        a_credits_b              whether the credit is the other article's outlet or author
        speech                   quoted on both sides: two articles that quote one speech need
                                 not have it from each other
        =================  ====  =============================================================

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> passages = tw.tl.reuse(corpus).table
    >>> mark(corpus.features, passages)["a_mark"].value_counts(dropna=False)
    a_mark
    NaN       20
    quoted     7
    Name: count, dtype: int64
    """
    private = features.has("tokens")
    articles = features.table("articles")
    places = pd.Index(articles["article_id"])
    bounds = np.r_[0, np.cumsum(articles["n_tokens"].to_numpy(np.int64))]
    known = Known(articles)
    masks = {"quoted": quoted_mask(features, bounds)}
    quotes = _quotes(features, places, bounds, known)
    if private:
        credits, sentences, more = _read(features, places, bounds, known, quotes)
        masks |= more
    else:
        credits, sentences = _article_credits(features, places, known), None
    counts = {name: np.r_[0, np.cumsum(mask, dtype=np.int64)] for name, mask in masks.items()}
    codes = {side: places.get_indexer(table[side]) for side in "ab"}
    columns: dict[str, object] = {"speech": True}
    for side, other in ("ab", "ba"):
        begin = bounds[codes[side]] + table[f"{side}_position"].to_numpy(np.int64)
        end = begin + table[f"{side}_words"].to_numpy(np.int64)
        mostly = {
            name: count[end] - count[begin] >= MARKED * np.maximum(end - begin, 1)
            for name, count in counts.items()
        }
        name, sentence, credits_other = _credited(
            credits, sentences, known, codes[side], codes[other], begin, end
        )
        speaker, quote = _speaker(quotes, begin, end)
        theirs = mostly["quoted"] & (quote >= 0) & ~credits_other
        theirs[theirs] = known.belongs(codes[other][theirs], quotes["key"][quote[theirs]])
        name[theirs] = speaker[theirs]
        if private:
            sentence[theirs] = quotes["sentence"][quote[theirs]]
        columns |= {
            f"{side}_mark": pd.array(_first_mark(mostly, name, private), "str"),
            f"{side}_credit": pd.array(name, "str"),
            f"{side}_credit_sentence": pd.array(np.where(sentence < 0, None, sentence), "Int64"),
            f"{side}_speaker": pd.array(np.where(mostly["quoted"], speaker, ""), "str"),
            f"{side}_credits_{other}": credits_other | theirs,
            "speech": columns["speech"] & mostly["quoted"],
        }
    return pd.DataFrame(columns, table.index)[[*MARKS[:2], *NAMES, *MARKS[2:]]]


def _first_mark(mostly: dict[str, np.ndarray], name: np.ndarray, private: bool) -> np.ndarray:
    no = np.zeros(len(name), bool)
    tests = {
        "credit line": mostly.get("line", no),
        "quoted": mostly["quoted"],
        "credited": pd.notna(name),
        "reported": mostly.get("reported", no),
    }
    marks = np.full(len(name), "uncredited" if private else None, object)
    for label in reversed(tests):
        marks[tests[label]] = label
    return marks


# --- what the articles hold ---


def _quotes(
    features: Features, places: pd.Index, bounds: np.ndarray, known: Known
) -> dict[str, np.ndarray]:
    """Direct quotations in order, as words of the corpus; `named` is the next with a speaker."""
    table = features.table("quotes")
    table = table[table["direct"] & ~table["scare"]]
    if "speaker" not in table:  # in the shared form
        table = table.assign(speaker="", sentence=-1)
    begin = bounds[places.get_indexer(table["article_id"])] + table["position"].to_numpy(np.int64)
    order = np.argsort(begin, kind="stable")
    table, begin = table.iloc[order], begin[order]
    speaker = table["speaker"].to_numpy(object)
    after = np.where(speaker != "", np.arange(len(speaker)), len(speaker))
    return {
        "begin": begin,
        "end": begin + table["n_words"].to_numpy(np.int64),
        "speaker": speaker,
        "key": known.keys(speaker),
        "named": np.minimum.accumulate(after[::-1])[::-1],
        "sentence": table["sentence"].to_numpy(np.int64),
    }


def _speaker(
    quotes: dict[str, np.ndarray], begin: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Who speaks in the first quotation of each passage with a speaker, and which that is or -1."""
    n = len(quotes["begin"])
    named = np.r_[quotes["named"], n][np.searchsorted(quotes["end"], begin, side="right")]
    quote = np.where(named < np.searchsorted(quotes["begin"], end, side="left"), named, -1)
    return np.r_[quotes["speaker"], np.array([""], object)][quote], quote


def _article_credits(features: Features, places: pd.Index, known: Known) -> _Credits:
    """Credits of whole articles by listed names: the shared form has no place of others."""
    table = article_credits(features)
    table = table[table["kind"].isin(WHOLE_ARTICLE)]
    article, name = places.get_indexer(table["article_id"]), table["name"].to_numpy(object)
    key = known.keys(name)
    nowhere = np.full(len(table), -1)
    yes = np.ones(len(table), bool)
    found = _Credits(article, nowhere, key, name, whole=yes, reach=nowhere + 1, personal=~yes)
    return found[~known.belongs(article, key)]


def _read(
    features: Features, places: pd.Index, bounds: np.ndarray, known: Known, quotes
) -> tuple[_Credits, _Sentences, dict[str, np.ndarray]]:
    """Credits, sentences, and which words stand in credit lines and in reported statements."""
    table = sentence_spans(features)
    article = places.get_indexer(table["article_id"])
    begin = np.r_[bounds[article] + table["position"].to_numpy(np.int64), bounds[-1]]
    sentences = _Sentences(begin, np.searchsorted(article, np.arange(len(places))), np.empty(0))
    credits = features.table("credits")
    kind, name = (credits[column].to_numpy(object) for column in ("kind", "name"))
    where = places.get_indexer(credits["article_id"])
    start, stop, sentence = (
        credits[column].to_numpy(np.int64) for column in ("start", "end", "sentence")
    )
    words = read_words(features, bounds, known, (where, start, stop), np.isin(kind, LINES))
    statement = table["says"].to_numpy(bool)
    found = _Credits(
        where,
        sentences.first[where] + sentence,
        known.keys(name),
        name,
        whole=np.isin(kind, WHOLE_ARTICLE),
        reach=credits["reach"].to_numpy(np.int64),
        personal=~known.is_outlet(name) & (kind != "outlet"),
    )[kind != "photo"]
    named = _Credits(
        words.article,
        sentences.of(words.named_at),
        words.key,
        known.names(words.key),
        whole=np.zeros(len(words.key), bool),
        reach=np.where(words.personal, 0, REACH),
        personal=words.personal,
    )
    both = found.and_more(named)
    stops = _stops(
        sentences,
        article,
        table["paragraph"].to_numpy(),
        quotes,
        both.sentence[~both.whole & ~both.personal],
    )
    return (
        both[~known.belongs(both.article, both.key)],
        replace(sentences, stops=stops),
        {"line": words.line, "reported": np.repeat(statement, np.diff(begin))},
    )


def _stops(
    sentences: _Sentences, article: np.ndarray, paragraph: np.ndarray, quotes, credited: np.ndarray
) -> np.ndarray:
    """Sentences to which no credit reaches from before.

    They open a paragraph, quote a speaker, or have a credit themselves.
    """
    opens = np.ones(len(article), bool)
    opens[1:] = (paragraph[1:] != paragraph[:-1]) | (article[1:] != article[:-1])
    opens[sentences.of(quotes["begin"][quotes["speaker"] != ""])] = True
    opens[credited] = True
    return np.r_[np.flatnonzero(opens), len(article)]


# --- credits of passages ---


def _credited(
    credits: _Credits,
    sentences: _Sentences | None,
    known: Known,
    article: np.ndarray,
    other: np.ndarray,
    begin: np.ndarray,
    end: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whom each passage is credited to, in which sentence, and whether it is the other article's.

    None and -1 where nobody and nowhere.

    Of several credits one of the other article goes first, then one beside the passage over one of
    the whole article, then the nearest, then the one that covers most words.
    """
    found = [_whole(credits, article, begin, end)]
    if sentences is not None:
        found.append(_near(credits, sentences, begin, end))
    table = pd.concat(found, ignore_index=True)
    passage, which = table["passage"].to_numpy(), table["credit"].to_numpy()
    table["whole"] = credits.whole[which]
    table["behind"] = np.where(table["whole"], 0, table["sentence"] - credits.sentence[which])
    table["theirs"] = known.belongs(other[passage], credits.key[which])
    one_outlet = known.same_outlet(article[passage], other[passage])
    table = table[~credits.personal[which] | table["theirs"] & ~one_outlet]
    once = table.drop_duplicates(["passage", "sentence"])  # a sentence may have two credits
    covered = np.bincount(once["passage"], once["words"], len(begin))
    enough = covered >= MARKED * (end - begin)
    best = table.sort_values(
        ["passage", "theirs", "whole", "behind", "words"],
        ascending=[True, False, True, True, False],
    ).drop_duplicates("passage")
    best = best[enough[best["passage"]]]
    passage, which = best["passage"].to_numpy(), best["credit"].to_numpy()
    name, sentence = np.full(len(begin), None, object), np.full(len(begin), -1)
    credits_other = np.zeros(len(begin), bool)
    name[passage], credits_other[passage] = credits.name[which], best["theirs"]
    if sentences is not None:
        sentence[passage] = (credits.sentence - sentences.first[credits.article])[which]
    return name, sentence, credits_other


def _whole(
    credits: _Credits, article: np.ndarray, begin: np.ndarray, end: np.ndarray
) -> pd.DataFrame:
    """Credits that cover the whole article of each passage: passage, credit, words, sentence -1."""
    rows = np.flatnonzero(credits.whole)
    rows = rows[np.argsort(credits.article[rows], kind="stable")]
    of = credits.article[rows]
    passage, at = ranges(np.searchsorted(of, article), np.searchsorted(of, article, side="right"))
    words = (end - begin)[passage]
    return pd.DataFrame({"passage": passage, "credit": rows[at], "words": words, "sentence": -1})


def _near(
    credits: _Credits, sentences: _Sentences, begin: np.ndarray, end: np.ndarray
) -> pd.DataFrame:
    """Credits in the sentences of each passage, or before them in the paragraph.

    Columns as of `_whole`.
    """
    rows = np.flatnonzero(~credits.whole)
    first = credits.sentence[rows]
    stop = sentences.stops[np.searchsorted(sentences.stops, first, side="right")]
    credit, reached = ranges(first, np.minimum(stop, first + credits.reach[rows] + 1))
    order = np.argsort(reached, kind="stable")
    credit, reached = rows[credit[order]], reached[order]
    last = sentences.of(np.maximum(end - 1, begin))
    passage, at = ranges(
        np.searchsorted(reached, sentences.of(begin)), np.searchsorted(reached, last, side="right")
    )
    place = reached[at]
    inside = np.minimum(end[passage], sentences.begin[place + 1])
    words = np.maximum(inside - np.maximum(begin[passage], sentences.begin[place]), 0)
    return pd.DataFrame(
        {"passage": passage, "credit": credit[at], "words": words, "sentence": place}
    )
