"""Tone words: the words that carry the tone of a mention, found by leaving each of them out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.errors import FeaturesError, TextsNeeded
from analysis.features import Features, features_of
from analysis.models.tone.model import ToneModel, load_tone
from analysis.options import check_choice, check_options
from analysis.results import Result
from analysis.store import Shipment, Ships
from analysis.text.tokens import tokenise
from analysis.tl._toned import has_tone
from analysis.tl.tone import VOICES, tone
from analysis.views import origin

_RESULT = "tone_pulls"
_SHIPPED = {"voice": "outlet", "most": 5, "top": 4}
_LONGEST = 60  # words of a sentence that are left out one by one; the nearest to the mention
MENTION = ["article_id", "sentence", "mention_start", "mention_end", "actor", "tone"]
_WORD = ["start", "end", "word", "pull"]


@dataclass(frozen=True, eq=False, repr=False)
class ToneWords(Result):
    """Words that carry the tone towards actors.

    Attributes
    ----------
    table : DataFrame
        One row for each actor, side and word; of a side the words that pull most come first.

        ======  ========  ======================================================
        column  unit      meaning
        ======  ========  ======================================================
        actor             its key in the codebook
        side              "negative" or "positive": of the mentions
        word
        n       mentions  whose sentence holds it
        pull    -2 to 2   mean change of the tone that the word makes
        ======  ========  ======================================================
    mentions : DataFrame
        One row for each mention and word; empty where the table was shipped.

        ==========================  ==========  ==============================================
        column                      unit        meaning
        ==========================  ==========  ==============================================
        article_id
        sentence                                its number in the article, from 0
        mention_start, mention_end  characters  of the mention in the article
        actor
        tone                        -1 to 1     of the mention
        start, end                  characters  of the word in the article
        word
        pull                        -2 to 2     change of the tone that the word makes
        ==========================  ==========  ==============================================
    """

    mentions: pd.DataFrame

    @property
    def names(self) -> dict[str, str]:
        """The actors' names for people, by key."""
        return self.params["names"]

    @property
    def finding(self) -> str:
        """The words that pull most to either side, and towards whom."""
        table = self.table
        if table.empty:
            return "No word carries the tone of a mention"
        ends = (
            ("down", table.loc[table["pull"].idxmin()]),
            ("up", table.loc[table["pull"].idxmax()]),
        )
        said = [
            f"{side} most by “{row['word']}” ({self.names.get(row['actor'], row['actor'])},"
            f" {row['pull']:+.2f})".replace("-", "−")
            for side, row in ends
            if (row["pull"] < 0) == (side == "down")
        ]
        return f"The tone is pulled {' and '.join(said)}"


def tone_words(
    corpus: Corpus | Features,
    *,
    voice: str = "outlet",
    most: int = 5,
    top: int = 4,
    model: ToneModel | None = None,
) -> ToneWords:
    """Find the words behind the tone of each actor's most negative and most positive mentions.

    Each word of a mention's sentence but the mention itself is left out in turn, and the tone is
    predicted again: what changes is the word's pull. The pulls of a sentence need not sum to its
    tone, as words work together. There is no `by`: the extremes are few, and of the whole corpus.

    Parameters
    ----------
    corpus : Corpus or Features
        A corpus with its texts and private features. From the shared form, and from bare features,
        the table that the owner shipped is read, which was made with the options' defaults.
    voice : {"outlet", "quoted", "reported"}
    most : int
        Mentions of each actor at either end of the scale, at least 1; a mention counts on its own
        side of 0 only.
    top : int
        Words kept of each mention, at least 1: those that pull most to its side.
    model : ToneModel, optional
        The one that extraction used; the default model if not given.

    Returns
    -------
    ToneWords

    Raises
    ------
    FeaturesError
        If the features hold no tone, or no table was shipped with the shared form.
    TextsNeeded
        If the texts are not here, and the table cannot be read instead.
    OptionError
        If an option has a value that is not allowed.

    References
    ----------
    Li, J., Monroe, W., and Jurafsky, D. (2016). Understanding neural networks through
    representation erasure. https://doi.org/10.48550/arXiv.1612.08220

    Examples
    --------
    >>> import analysis as tw
    >>> tw.tl.tone_words(tw.load("amnesty2024")).table.head(3)
       actor      side            word  n  pull
    0  biden  negative          gambit  1  -0.6
    1  biden  negative  unsuccessfully  1  -0.5
    2  biden  negative       sanctions  1  -0.4
    """
    features = features_of(corpus)
    check_options(most=most, top=top)
    check_choice("voice", voice, VOICES)
    options = {"voice": voice, "most": most, "top": top}
    actors = features.codebook("actors")
    names = {actor: about.get("name") or actor for actor, about in actors.items()}
    if shipped := SHIPS.read(features):
        if options != _SHIPPED:
            raise TextsNeeded(
                f"{features.where}: the table that was shipped is of {_SHIPPED} (got {options});"
                " others need the texts and the private features."
            )
        source = {**options, "names": names, **origin(features), "measured_on": "results"}
        return ToneWords(shipped[_RESULT], source, pd.DataFrame(columns=[*MENTION, *_WORD]))
    if not features.measures_itself:
        raise FeaturesError(
            f"{features.where}: the words behind the tone need the texts, and the owner has not"
            " shipped the result."
        )
    if not isinstance(corpus, Corpus) or corpus.texts is None:
        raise TextsNeeded(
            f"{features.corpus}: words are left out of sentences, which needs a corpus with its"
            f' texts: write tw.load("name").'
        )
    texts = {article.article_id: article.text for article in corpus.articles()}
    model = load_tone() if model is None else model
    spans = features.table("sentences").set_index(["article_id", "sentence"])[["start", "end"]]
    rows = []
    for mention in _extremes(tone(features, draws=1).mentions, voice, most).itertuples():
        first, last = spans.loc[(mention.article_id, mention.sentence)]
        rows += _pulls(mention, texts[mention.article_id], first, last, model, top)
    mentions = pd.DataFrame(rows, columns=[*MENTION, *_WORD]).astype({"tone": float, "pull": float})
    sides = mentions.assign(side=np.where(mentions["tone"] > 0, "positive", "negative"))
    table = (
        sides.groupby(["actor", "side", "word"], as_index=False)
        .agg(n=("pull", "size"), pull=("pull", "mean"))
        .round({"pull": 3})
        .sort_values("pull", key=lambda pull: -pull.abs(), kind="stable")
        .sort_values(["actor", "side"], kind="stable", ignore_index=True)
    )
    made = {**options, "names": names, "model": model.name, **origin(features)}
    return ToneWords(table, made, mentions)


def _extremes(mentions: pd.DataFrame, voice: str, most: int) -> pd.DataFrame:
    """The most negative and the most positive mentions of each actor."""
    mentions = mentions[mentions["voice"] == voice]
    ends = [mentions.iloc[:0]]
    for _, part in mentions.groupby("actor", sort=False):
        ranked = part.sort_values(["tone", "article_id", "start"], kind="stable")
        ends += [ranked[ranked["tone"] < 0].head(most), ranked[ranked["tone"] > 0].tail(most)]
    return pd.concat(ends, ignore_index=True)


def _pulls(mention, text: str, first: int, last: int, model: ToneModel, top: int) -> list[tuple]:
    """The words that pull a mention's sentence, which runs from `first` to `last`, to its side."""
    sentence = text[first:last]
    start, end = mention.start - first, min(mention.end, last) - first
    tokens = tokenise(sentence)
    found = zip(map(int, tokens.start), map(int, tokens.end), tokens.words)
    words = [(s, e, word) for s, e, word in found if e <= start or s >= end]
    nearest = sorted(words, key=lambda w: min(abs(w[0] - end), abs(start - w[1])))
    words = sorted(nearest[:_LONGEST])
    if not words:
        return []
    sentences, spans = [sentence], [(start, end)]
    for s, e, _ in words:
        moved = e - s if e <= start else 0
        sentences.append(sentence[:s] + sentence[e:])
        spans.append((start - moved, end - moved))
    chances = np.asarray(model.predict(sentences, spans))
    tones = (chances[:, 2] - chances[:, 0]).astype(float)
    pulls = tones[0] - tones[1:]
    strength = pulls if tones[0] > 0 else -pulls  # to the side of the mention
    best = [i for i in np.argsort(-strength, kind="stable")[:top] if strength[i] > 0]
    place = mention.article_id, mention.sentence, mention.start, mention.end
    return [
        (*place, mention.actor, mention.tone, first + s, first + e, word, round(pulls[i], 4))
        for i, (s, e, word) in zip(best, [words[i] for i in best])
    ]


def _shipped(shipment: Shipment) -> dict[str, pd.DataFrame]:
    """Actor, side and word, without a place."""
    if not has_tone(shipment.features):
        return {}
    return {_RESULT: tone_words(shipment.corpus).table.round({"pull": 1})}


SHIPS = Ships((_RESULT,), _shipped)
