"""ToneWords: the words that carry the tone of a mention, found by leaving each of them out."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis import tl
from analysis.corpus import Corpus
from analysis.errors import FeaturesError, TextsNeeded, choose
from analysis.features import SHARED, Features
from analysis.models.tone.model import ToneModel, load_tone
from analysis.results import Result, at_least
from analysis.text.tokens import tokenise
from analysis.tl.tone import VOICES
from analysis.views import origin

RESULT = "tone_pulls"
LONGEST = 60  # words of a sentence that are left out one by one; the nearest to the mention
SIDES = ("negative", "positive")


@dataclass(frozen=True, eq=False, repr=False)
class ToneWords(Result):
    """Words that carry tone.

    Attributes
    ----------
    table : DataFrame
        actor, side ("negative", "positive"), word, n (mentions whose sentence holds it), pull (mean
        change of the tone that the word makes, from -2 to 2).
    mentions : DataFrame
        article_id, sentence, mention_start, mention_end, actor, tone, start, end (of the word),
        word, pull; empty in the shared form.
    """

    mentions: pd.DataFrame


def tone_words(
    features: Features,
    *,
    corpus: Corpus | None = None,
    voice: str = "outlet",
    most: int = 5,
    top: int = 4,
    model: ToneModel | None = None,
) -> ToneWords:
    """Find the words behind the tone of each actor's most negative and most positive mentions.

    Each word of a mention's sentence but the mention itself is left out in turn, and the tone read
    again: what changes is the word's pull. ToneWords of a sentence need not sum to its tone, as words
    work together.

    Parameters
    ----------
    features : Features
        The private form with tones; from the shared form it is the owner's result, if it is
        shipped.
    corpus : Corpus, optional
        With its texts; not needed for the shared form.
    voice : {"outlet", "quoted", "reported"}
    most : int
        Mentions of each actor at either end of the scale; a mention counts on its own side of 0
        only.
    top : int
        Words kept of each mention, those that pull most to its side.
    model : ToneModel, optional
        The one that extraction used; the default model if not given.

    Raises
    ------
    TextsNeeded
        If the words cannot be left out because the texts are not at hand.

    References
    ----------
    Li, J., Monroe, W., and Jurafsky, D. (2016). Understanding neural networks through
    representation erasure. https://arxiv.org/abs/1612.08220
    """
    at_least("most", most, 1)
    at_least("top", top, 1)
    choose("voice", voice, VOICES)
    if features.form == SHARED:
        if not features.has_result(RESULT):
            raise FeaturesError(
                f"{features.where}: the words behind the tone need the texts, and the owner has not"
                " shipped the result."
            )
        return ToneWords(
            features.result(RESULT), {**origin(features), "measured_on": "results"}, _empty()
        )
    if corpus is None or corpus.texts is None:
        raise TextsNeeded(
            f"{features.corpus}: words are left out of sentences, so corpus=load(...) with"
            " its texts is needed."
        )
    mentions = tl.tone(features, draws=1).mentions
    mentions = mentions[mentions["voice"] == voice]
    ends = []
    for _, part in mentions.groupby("actor", sort=False):
        ranked = part.sort_values(["tone", "article_id", "start"], kind="stable")
        ends += [ranked[ranked["tone"] < 0].head(most), ranked[ranked["tone"] > 0].tail(most)]
    chosen = pd.concat(ends, ignore_index=True) if ends else mentions
    spans = features.table("sentences").set_index(["article_id", "sentence"])[["start", "end"]]
    texts = {a.article_id: a.text for a in corpus.articles()}
    model = load_tone() if model is None else model
    rows = [
        row
        for mention in chosen.itertuples()
        for row in _left_out(
            mention,
            texts[mention.article_id],
            *spans.loc[(mention.article_id, mention.sentence)],
            model,
            top,
        )
    ]
    found = pd.DataFrame(rows, columns=list(_empty().columns))
    found_sides = found.assign(side=[SIDES[int(tone > 0)] for tone in found["tone"]])
    table = (
        found_sides.groupby(["actor", "side", "word"], sort=False)["pull"]
        .agg(["size", "mean"])
        .reset_index()
    )
    table = table.rename(columns={"size": "n", "mean": "pull"}).astype({"pull": float})
    table["pull"] = table["pull"].round(3)
    table = table.sort_values(
        ["actor", "side", "pull", "word"],
        key=lambda c: c.abs() * -1 if c.name == "pull" else c,
        kind="stable",
        ignore_index=True,
    )
    params = {"voice": voice, "most": most, "top": top, "model": model.name, **origin(features)}
    return ToneWords(table, params, found)


def _left_out(mention, text: str, first: int, last: int, model: ToneModel, top: int) -> list[tuple]:
    """The words that pull a mention's sentence most to its side."""
    sentence, start, end = (
        text[first:last],
        int(mention.start) - first,
        min(int(mention.end), last) - first,
    )
    tokens = tokenise(sentence)
    places = [(int(s), int(e)) for s, e in zip(tokens.start, tokens.end) if e <= start or s >= end]
    places = sorted(sorted(places, key=lambda p: min(abs(p[0] - end), abs(start - p[1])))[:LONGEST])
    shorter = [sentence[:s] + sentence[e:] for s, e in places]
    moved = [(start - (e - s), end - (e - s)) if e <= start else (start, end) for s, e in places]
    chances = model.predict([sentence, *shorter], [(start, end), *moved]) if places else []
    tones = [float(c[2] - c[0]) for c in chances]
    pulls = (
        sorted(
            ((tones[0] - tone) * (1 if tones[0] > 0 else -1), -i)
            for i, tone in enumerate(tones[1:])
        )[::-1]
        if places
        else []
    )
    kept = [(-i, pull) for pull, i in pulls[:top] if pull > 0]
    words = tokens.words
    at = {(int(s), int(e)): w for s, e, w in zip(tokens.start, tokens.end, words)}
    sign = 1 if tones and tones[0] > 0 else -1
    return [
        (
            mention.article_id,
            mention.sentence,
            mention.start,
            mention.end,
            mention.actor,
            mention.tone,
            first + places[i][0],
            first + places[i][1],
            at[places[i]],
            round(sign * pull, 4),
        )
        for i, pull in kept
    ]


def _empty() -> pd.DataFrame:
    return pd.DataFrame(
        columns=[
            "article_id",
            "sentence",
            "mention_start",
            "mention_end",
            "actor",
            "tone",
            "start",
            "end",
            "word",
            "pull",
        ]
    )
