"""Actors of the codebook in one article: mentions with their voice and tone, labels."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from analysis.extract.units import Columns, Units
from analysis.io.article import Article
from analysis.models.tone.model import ToneModel
from analysis.text.actors import Actors
from analysis.text.mentions import Mention
from analysis.text.phrases import LONGEST_LABEL
from analysis.text.tokens import words_of

VOICES = ("outlet", "quoted", "reported")


def actor_tables(
    article: Article, units: Units, actors: Actors, tone: ToneModel | None
) -> dict[str, Columns]:
    """Columns of `mentions` and `labels`; the tone is not a number where no model is given.

    A mention stands in the voice of whoever is quoted or paraphrased where it stands, else in the
    outlet's own; words in scare quotes are the outlet's.
    """
    mentions, labels = actors.find(article.text, units.spans, units.quotes, units.scare)
    starts = [start for start, _, _ in units.spans]

    def sentence(place: int) -> int:
        return max(bisect_right(starts, place) - 1, 0)

    where = [sentence(m.start) for m in mentions]
    voices = _voices(mentions, units)
    chances = np.full((len(mentions), 3), np.nan, np.float32)
    if tone is not None and mentions:
        inside = [
            (m.start - units.spans[s][0], min(m.end, units.spans[s][1]) - units.spans[s][0])
            for m, s in zip(mentions, where)
        ]
        # four digits: the last ones of embeddings differ between processors
        chances = np.round(
            tone.predict(
                [article.text[units.spans[s][0] : units.spans[s][1]] for s in where], inside
            ),
            4,
        )
    named = [" ".join(article.text[label.start : label.end].split()) for label in labels]
    return {
        "mentions": {
            "sentence": where,
            "actor": [m.actor for m in mentions],
            "form": [m.form for m in mentions],
            "start": [m.start for m in mentions],
            "end": [m.end for m in mentions],
            "voice": [voice for voice, _ in voices],
            "speaker": [speaker for _, speaker in voices],
            "negative": chances[:, 0],
            "neutral": chances[:, 1],
            "positive": chances[:, 2],
        },
        "labels": {
            "sentence": [sentence(label.start) for label in labels],
            "actor": [label.actor for label in labels],
            "label": [" ".join(words_of(name)[:LONGEST_LABEL]) for name in named],
            "construction": [label.construction for label in labels],
            "start": [label.start for label in labels],
            "end": [label.end for label in labels],
            "quoted": [label.quoted for label in labels],
            "confidence": np.array([label.confidence for label in labels], np.float32),
        },
    }


def _voices(mentions: list[Mention], units: Units) -> list[tuple[str, str]]:
    """Voice and speaker of each mention, from the quotation or reported statement around it."""
    quotes = units.tables["quotes"]
    rows = sorted(
        zip(quotes["start"], quotes["end"], quotes["direct"], quotes["scare"], quotes["speaker"])
    )
    voices = []
    for mention in mentions:
        around = [
            (direct, speaker)
            for start, end, direct, scare, speaker in rows
            if start <= mention.start < end and not scare
        ]
        direct, speaker = max(around, default=(None, ""), key=lambda a: a[0])
        voices.append(("outlet" if direct is None else VOICES[1 if direct else 2], speaker))
    return voices
