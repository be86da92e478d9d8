"""Actors of the codebook in one article: mentions with their voice and tone, labels."""

from __future__ import annotations

from functools import cache

import numpy as np

from analysis.extract.units import Columns, Units, columns_of, sentences_of
from analysis.io.article import Article
from analysis.languages.called import find_labels
from analysis.languages.described import LONGEST_LABEL
from analysis.languages.mentions import Actors, Mention
from analysis.languages.names import find_names
from analysis.languages.syntax import with_sentences
from analysis.models.tone.model import ToneModel
from analysis.text.labels import Label
from analysis.text.lists import words
from analysis.text.tokens import words_of

_VOICES = ("outlet", "quoted", "reported")


def actor_tables(
    article: Article, units: Units, actors: Actors, tone: ToneModel | None
) -> dict[str, Columns]:
    """Columns of `mentions` and `labels`; the tone is not a number where no model is given.

    A mention has the voice of whoever is quoted or paraphrased there, else the outlet's own; words
    in scare quotes are the outlet's.

    Parameters
    ----------
    article : Article
    units : Units
    actors : Actors
    tone : ToneModel or None
        None leaves the tone out.

    Returns
    -------
    dict of str to Columns
    """
    mentions, called = read_actors(units, actors)
    starts = np.array([start for start, _, _ in units.spans], np.int64)
    where = sentences_of([m.start for m in mentions], starts)
    voices = _voices(mentions, units)
    chances = np.full((len(mentions), 3), np.nan, np.float32)
    if tone is not None and mentions:
        spans = [units.spans[s][:2] for s in where]
        inside = [(m.start - s, min(m.end, e) - s) for m, (s, e) in zip(mentions, spans)]
        found = tone.predict([article.text[s:e] for s, e in spans], inside)
        chances = np.round(found, 4)  # the last digits of embeddings differ between processors
    named = [" ".join(article.text[label.start : label.end].split()) for label in called]
    return {
        "mentions": {
            "sentence": where,
            **columns_of(mentions, "actor", "form", "start", "end"),
            "voice": [voice for voice, _ in voices],
            "speaker": [speaker for _, speaker in voices],
            "negative": chances[:, 0],
            "neutral": chances[:, 1],
            "positive": chances[:, 2],
        },
        "labels": {
            "sentence": sentences_of([label.start for label in called], starts),
            "label": [" ".join(_bare(words_of(name), units)[:LONGEST_LABEL]) for name in named],
            **columns_of(called, "actor", "construction", "start", "end", "quoted"),
            "confidence": np.array([label.confidence for label in called], np.float32),
        },
    }


def _bare(said: list[str], units: Units) -> list[str]:
    """The words of a label without the article of a language other than English."""
    language = units.reading.parse.syntax.language if units.reading is not None else "en"
    if language == "en":
        return said  # measures drop English ones
    articles = words(language, "definite") | words(language, "indefinite")
    return said[len(said) > 1 and said[0] in articles :]


def read_actors(units: Units, actors: Actors) -> tuple[list[Mention], list[Label]]:
    """Where the actors are meant in one article, and what they are called there.

    Parameters
    ----------
    units : Units
        Without a reading, names alone are found.
    actors : Actors

    Returns
    -------
    list of Mention
    list of Label
    """
    if not actors.starts(units.text):
        return [], []  # most articles of an archive name none of them
    if units.reading is None:
        return actors.find(_words(units)), []
    doc = units.reading.whole
    names = find_names(doc)
    quotes = [(quote.start, quote.end) for quote in units.quotes]
    return find_labels(doc, actors.find(doc, names), names, quotes, actors)


def _words(units: Units):
    """A text in words and sentences, without a parse."""
    doc = _tokeniser()(units.text)
    first = sentences_of([token.idx for token in doc], [start for start, _, _ in units.spans])
    # all at once: spaCy looks through the whole document whenever one token is told
    return with_sentences(doc, np.flatnonzero(np.diff(first, prepend=-1) > 0))


@cache
def _tokeniser():
    """What cuts English into words; it takes a while to make."""
    import spacy

    return spacy.blank("en").make_doc


def _voices(mentions: list[Mention], units: Units) -> list[tuple[str, str]]:
    """Voice and speaker of each mention, from the quotation or reported statement around it."""
    quotes = units.tables["quotes"]
    rows = sorted(
        row
        for *row, kind, negated in zip(
            *(quotes[name] for name in ("start", "end", "direct", "scare", "speaker")),
            quotes["kind"],
            quotes["negated"],
        )
        if row[2] or kind == "speech" and not negated
    )
    voices = []
    for mention in mentions:
        around = [
            (direct, speaker)
            for start, end, direct, scare, speaker in rows
            if start <= mention.start < end and not scare
        ]
        direct, speaker = max(around, default=(None, ""), key=lambda a: a[0])
        voices.append(("outlet" if direct is None else _VOICES[1 if direct else 2], speaker))
    return voices
