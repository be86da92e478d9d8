"""Pulls: the planted word that makes the tone is named, with its place; without texts there is a
clear message.
"""

import numpy as np
import pytest

from analysis import tl
from analysis.corpus import load
from analysis.errors import OptionError, TextsNeeded
from analysis.extract.corpus import extract
from tests.small import quiet, write_corpus

TEXTS = {
    "a1": "The mayor, a bad man, spoke. Nobody else came.\n",
    "b1": "It was a splendid day for the mayor. Mayor Ada Mayor left.\n",
}


class Planted:
    """Negative where "bad" stands in the sentence, positive where "splendid" does."""

    name = digest = "planted"

    def predict(self, sentences, spans):
        for sentence, (start, end) in zip(sentences, spans):
            assert (
                "mayor" in sentence[start:end].lower()
            )  # the mention is found again in the shortened sentence
        return np.array(
            [
                (
                    [0.8, 0.1, 0.1]
                    if "bad" in s
                    else [0.1, 0.1, 0.8]
                    if "splendid" in s
                    else [0.3, 0.4, 0.3]
                )
                for s in sentences
            ],
            np.float32,
        )


@pytest.fixture
def made(tmp_path):
    codebook = (
        "actors:\n  mayor: {name: Ada Mayor, aliases: [the mayor, Mayor]}\nframes:"
        " {}\ndictionaries: {}\ntone: [mayor]\n"
    )
    corpus = load(write_corpus(tmp_path / "small", TEXTS, codebook=codebook))
    return corpus, extract(corpus, encoder=None, tone=Planted(), say=quiet)


def test_the_planted_words_pull(made):
    corpus, features = made
    result = tl.tone_words(features, corpus=corpus, model=Planted(), top=1)
    assert set(zip(result.table["side"], result.table["word"])) == {
        ("negative", "bad"),
        ("positive", "splendid"),
    }
    texts = {a.article_id: a.text for a in corpus.articles()}
    for row in result.mentions.itertuples():
        assert texts[row.article_id][row.start : row.end] == row.word
    assert result.table.set_index("word")["pull"].round(2).to_dict() == {
        "bad": -0.7,
        "splendid": 0.7,
    }


def test_it_needs_texts_and_a_voice_that_exists(made):
    corpus, features = made
    with pytest.raises(TextsNeeded, match="load"):
        tl.tone_words(features)
    with pytest.raises(OptionError, match="reported"):
        tl.tone_words(features, corpus=corpus, voice="everybody")
    assert tl.tone_words(features, corpus=corpus, model=Planted(), voice="quoted").table.empty
