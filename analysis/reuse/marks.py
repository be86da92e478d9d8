"""Marks: how either article presents the words of a shared passage - quoted, reported, credited to
whom, or as if its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.features import PRIVATE, Features
from analysis.reuse.naming import Known, read_words
from analysis.views import article_credits, quoted_mask, sentence_spans

CREDITED = ("credited", "credit line")
MARKS = ["a_mark", "b_mark", "a_credits_b", "b_credits_a", "speech"]
NAMES = [
    "a_credit",
    "b_credit",
    "a_credit_sentence",
    "b_credit_sentence",
    "a_speaker",
    "b_speaker",
]  # not in the shared form
MOSTLY = 0.5  # share of a passage's words
LINES = ("agency_line", "contribution", "rights", "photo")
REACH = 3  # sentences behind a credit that may still be from whom it names
WHOLE = (
    "agency_line",
    "contribution",
    "rights",
)  # they say where the whole article is from, or part of it, without saying which


@dataclass(frozen=True)
class _Credits:
    """Credits as arrays: article, sentence (of the corpus; -1 where unknown), key and name, whether
    each covers its whole article, how many sentences behind its own it may cover, and whether it
    counts only where the other article is of whom it names (a person may be anybody).
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


@dataclass(frozen=True)
class _Sentences:
    """Sentences of the corpus: the first word of each, one further; the article's first sentence;
    and which sentence ends a credit's reach.
    """

    begin: np.ndarray
    first: np.ndarray
    stops: np.ndarray

    def of(self, word: np.ndarray) -> np.ndarray:
        return _sentence_of(self.begin, word)


def mark(features: Features, table: pd.DataFrame) -> pd.DataFrame:
    """Mark how either article presents the words of each passage.

    The first of these that holds for at least half of the passage's words is the mark of a side:

    - "credit line": they are a dateline, byline or notice that credits an agency, helpers or the
      owner of rights;
    - "quoted": they stand inside quotation marks (scare quotes do not count);
    - "credited": their sentence credits another outlet, an agency, or the other article's author;
      or one of the three sentences before it in
      the paragraph does, and neither another credit nor a quotation with a speaker stands between;
      or a line credits an agency or outlet for the whole article;
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
        One row per passage, with the index of `table`. a_mark, b_mark; a_credit, b_credit (whom the
        side credits for the passage, also where the mark is another; NA if nobody, empty if the
        text says no name, as in "a wire service reported"); a_credit_sentence, b_credit_sentence
        (where; NA if nowhere or unknown); a_speaker, b_speaker (who is quoted; empty if unknown);
        a_credits_b, b_credits_a (whether that is the other article's outlet or author); speech
        (quoted on both sides: two articles that quote the same speech need not have it from each
        other).

    Examples
    --------
    >>> reuse = find_reuse(load("harbour").features)  # doctest: +SKIP
    >>> mark(features, reuse.table)["a_mark"].value_counts()  # doctest: +SKIP
    """
    private = features.form == PRIVATE
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
    columns: dict[str, object] = {}
    for side, other in ("ab", "ba"):
        begin = bounds[codes[side]] + table[f"{side}_position"].to_numpy(np.int64)
        end = begin + table[f"{side}_words"].to_numpy(np.int64)
        mostly = {
            name: (count[end] - count[begin]) >= MOSTLY * np.maximum(end - begin, 1)
            for name, count in counts.items()
        }
        name, sentence, credits_other = _credited(
            credits, sentences, known, codes[side], codes[other], begin, end
        )
        speaker, quote = _speaker(quotes, begin, end)
        theirs = mostly["quoted"] & (quote >= 0) & ~credits_other
        theirs[theirs] = known.belongs(codes[other][theirs], quotes["key"][quote[theirs]])
        name[theirs], credits_other = speaker[theirs], credits_other | theirs
        if private:
            sentence[theirs] = quotes["sentence"][quote[theirs]]
        columns[f"{side}_mark"] = pd.array(_choose(mostly, name, private), "str")
        columns |= {
            f"{side}_credit": pd.array(name, "str"),
            f"{side}_credit_sentence": pd.array(np.where(sentence < 0, None, sentence), "Int64"),
            f"{side}_speaker": pd.array(np.where(mostly["quoted"], speaker, ""), "str"),
            f"{side}_credits_{other}": credits_other,
        }
        columns[f"speech_{side}"] = mostly["quoted"]
    columns["speech"] = columns.pop("speech_a") & columns.pop("speech_b")
    order = [
        f"{side}_{what}"
        for what in ("mark", "credit", "credit_sentence", "speaker")
        for side in "ab"
    ]
    return pd.DataFrame(columns, index=table.index)[
        [*order, "a_credits_b", "b_credits_a", "speech"]
    ]


def _choose(mostly: dict[str, np.ndarray], name: np.ndarray, private: bool) -> np.ndarray:
    nothing = np.full(len(name), "uncredited" if private else None, object)
    no = np.zeros(len(name), bool)
    return np.select(
        [mostly.get("line", no), mostly["quoted"], pd.notna(name), mostly.get("reported", no)],
        [
            np.full(len(name), label, object)
            for label in ("credit line", "quoted", "credited", "reported")
        ],
        nothing,
    )


# --- what the articles hold ---


def _quotes(
    features: Features, places: pd.Index, bounds: np.ndarray, known: Known
) -> dict[str, np.ndarray]:
    """Direct quotations in order, as words of the corpus; `named` is the next of them that has a
    speaker.
    """
    private = features.form == PRIVATE
    more = ["sentence", "speaker"] if private else []
    table = features.table(
        "quotes", ["article_id", "position", "n_words", "direct", "scare", *more]
    )
    table = table[table["direct"] & ~table["scare"]]
    article = places.get_indexer(table["article_id"])
    begin = bounds[article] + table["position"].to_numpy(np.int64)
    order = np.argsort(begin, kind="stable")
    speaker = (
        table["speaker"].to_numpy(object)[order] if private else np.full(len(table), "", object)
    )
    after = np.where(speaker != "", np.arange(len(speaker)), len(speaker))
    return {
        "begin": begin[order],
        "end": (begin + table["n_words"].to_numpy(np.int64))[order],
        "speaker": speaker,
        "key": known.keys(speaker),
        "named": np.minimum.accumulate(after[::-1])[::-1],
        "sentence": table["sentence"].to_numpy(np.int64)[order] if private else None,
    }


def _speaker(
    quotes: dict[str, np.ndarray], begin: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Who speaks in the first quotation of each passage that has a speaker, and which quotation
    that is (-1 for none).
    """
    n = len(quotes["begin"])
    first, stop = (
        np.searchsorted(quotes["end"], begin, side="right"),
        np.searchsorted(quotes["begin"], end, side="left"),
    )
    named = np.r_[quotes["named"], n][first]
    quote = np.where(named < stop, named, -1)
    return np.where(quote >= 0, np.r_[quotes["speaker"], np.array([""], object)][quote], ""), quote


def _article_credits(features: Features, places: pd.Index, known: Known) -> _Credits:
    """Credits of whole articles by listed names, all that the shared form tells of where credits
    stand.
    """
    table = article_credits(features)
    table = table[table["kind"].isin(WHOLE)]
    article, name = places.get_indexer(table["article_id"]), table["name"].to_numpy(object)
    key = known.keys(name)
    nowhere = np.zeros(len(table), np.int64)
    found = _Credits(
        article,
        nowhere - 1,
        key,
        name,
        np.ones(len(table), bool),
        nowhere,
        np.zeros(len(table), bool),
    )
    return found[~known.belongs(article, key)]


def _read(
    features: Features, places: pd.Index, bounds: np.ndarray, known: Known, quotes
) -> tuple[_Credits, _Sentences, dict[str, np.ndarray]]:
    """Credits, sentences, and which words stand in credit lines and in reported statements."""
    table = sentence_spans(features)
    article = places.get_indexer(table["article_id"])
    begin = np.r_[bounds[article] + table["position"].to_numpy(np.int64), bounds[-1]]
    first = np.searchsorted(article, np.arange(len(places)))
    credits = features.table("credits")
    where, kind, name = (
        places.get_indexer(credits["article_id"]),
        credits["kind"].to_numpy(object),
        credits["name"].to_numpy(object),
    )
    words = read_words(
        features,
        bounds,
        known,
        (where, *(credits[edge].to_numpy(np.int64) for edge in ("start", "end"))),
        np.isin(kind, LINES),
    )
    told = np.zeros(len(table), bool)
    told[_sentence_of(begin, words.said_at)] = True
    reported = np.repeat(told, np.diff(begin))
    found = _Credits(
        where,
        first[where] + credits["sentence"].to_numpy(np.int64),
        known.keys(name),
        name,
        np.isin(kind, WHOLE),
        np.where(words.told, 0, REACH),
        ~known.is_outlet(name) & (kind != "outlet"),
    )[kind != "photo"]
    also = _Credits(
        words.article,
        _sentence_of(begin, words.named_at),
        words.key,
        known.names(words.key),
        np.zeros(len(words.key), bool),
        np.where(words.personal, 0, REACH),
        words.personal,
    )
    both = _Credits(
        *(np.r_[column, more] for column, more in zip(vars(found).values(), vars(also).values()))
    )
    stops = _stops(
        begin,
        article,
        table["paragraph"].to_numpy(),
        quotes,
        both.sentence[~both.whole & ~both.personal],
    )
    return (
        both[~known.belongs(both.article, both.key)],
        _Sentences(begin, first, stops),
        {"line": words.line, "reported": reported},
    )


def _sentence_of(begin: np.ndarray, word: np.ndarray) -> np.ndarray:
    return np.searchsorted(begin[:-1], word, side="right") - 1


def _stops(
    begin: np.ndarray, article: np.ndarray, paragraph: np.ndarray, quotes, credited: np.ndarray
) -> np.ndarray:
    """Sentences to which no credit reaches from before: those that open a paragraph, quote a
    speaker, or have a credit themselves.
    """
    opens = np.r_[True, (paragraph[1:] != paragraph[:-1]) | (article[1:] != article[:-1])][
        : len(article)
    ]
    opens[_sentence_of(begin, quotes["begin"][quotes["speaker"] != ""])] = True
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
    """Whom each passage is credited to (None for nobody), in which sentence of its article (-1 for
    none), and whether that is the other article's.

    Of several credits one of the other article goes first, then one beside the passage over one of
    the whole article, then the nearest, then the one that covers most words.
    """
    passage, which, overlap, place = _whole(credits, article, begin, end)
    if sentences is not None:
        more = _near(credits, sentences, begin, end)
        passage, which, overlap, place = (
            np.r_[a, b] for a, b in zip((passage, which, overlap, place), more)
        )
    others = known.belongs(other[passage], credits.key[which])
    counts = ~credits.personal[which] | others & ~known.same_outlet(
        article[passage], other[passage]
    )
    passage, which, overlap, place, others = (
        column[counts] for column in (passage, which, overlap, place, others)
    )
    # a sentence with two credits covers its words once
    _, distinct = np.unique(np.stack([passage, place]), axis=1, return_index=True)
    covered = np.bincount(passage[distinct], weights=overlap[distinct], minlength=len(begin))
    behind = np.where(credits.whole[which], 0, place - credits.sentence[which])
    order = np.lexsort((-overlap, behind, credits.whole[which], ~others, passage))
    best = order[np.r_[True, passage[order][1:] != passage[order][:-1]][: len(order)]]
    best = best[covered[passage[best]] >= MOSTLY * (end - begin)[passage[best]]]
    name, sentence, credits_other = (
        np.full(len(begin), None, object),
        np.full(len(begin), -1),
        np.zeros(len(begin), bool),
    )
    name[passage[best]], credits_other[passage[best]] = credits.name[which[best]], others[best]
    if sentences is not None:
        sentence[passage[best]] = (credits.sentence - sentences.first[credits.article])[which[best]]
    return name, sentence, credits_other


def _whole(
    credits: _Credits, article: np.ndarray, begin: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Credits that cover the whole article of each passage: passage, credit, words covered, and -1
    for the place.
    """
    rows = np.flatnonzero(credits.whole)
    rows = rows[np.argsort(credits.article[rows], kind="stable")]
    of = credits.article[rows]
    passage, at = _ranges(
        np.searchsorted(of, article, side="left"), np.searchsorted(of, article, side="right")
    )
    return passage, rows[at], (end - begin)[passage], np.full(len(passage), -1)


def _near(
    credits: _Credits, sentences: _Sentences, begin: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Credits that stand in the sentences of each passage, or before them in the paragraph:
    passage, credit, words covered, sentence.
    """
    rows = np.flatnonzero(~credits.whole)
    stop = sentences.stops[np.searchsorted(sentences.stops, credits.sentence[rows], side="right")]
    credit, reached = _ranges(
        credits.sentence[rows], np.minimum(stop, credits.sentence[rows] + credits.reach[rows] + 1)
    )
    order = np.argsort(reached, kind="stable")
    credit, reached = rows[credit[order]], reached[order]
    passage, at = _ranges(
        np.searchsorted(reached, sentences.of(begin), side="left"),
        np.searchsorted(reached, sentences.of(np.maximum(end - 1, begin)), side="right"),
    )
    place = reached[at]
    overlap = np.minimum(end[passage], sentences.begin[place + 1]) - np.maximum(
        begin[passage], sentences.begin[place]
    )
    return passage, credit[at], np.maximum(overlap, 0), place


def _ranges(first: np.ndarray, stop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every number from `first` up to `stop`, and for which of the ranges it is."""
    size = np.maximum(stop - first, 0)
    row = np.repeat(np.arange(len(size)), size)
    return row, np.arange(len(row)) - np.repeat(np.cumsum(size) - size, size) + np.repeat(
        first, size
    )
