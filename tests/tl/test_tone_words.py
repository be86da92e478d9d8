"""Tone words: the planted word that makes the tone is named, with its place."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import pl, tl
from analysis.corpus import load
from analysis.errors import FeaturesError, OptionError, TextsNeeded
from analysis.extract.extraction import extract
from analysis.features import SHARED, from_tables
from analysis.store import Shipment, shipped_tables
from analysis.tl.tone_words import SHIPS
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
    corpus, _ = made
    result = tl.tone_words(corpus, model=Planted(), top=1)
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


def test_it_needs_texts_and_options_that_exist(made):
    corpus, features = made
    with pytest.raises(TextsNeeded, match="load"):
        tl.tone_words(features)
    for options, words in (
        ({"voice": "everybody"}, "'reported'.*got 'everybody'"),
        ({"most": 0}, "most must be a whole number of at least 1"),
        ({"top": 2.5}, r"top must be .*\(got 2.5\)"),
        ({"top": True}, r"top must be .*\(got True\)"),
    ):
        with pytest.raises(OptionError, match=words):
            tl.tone_words(corpus, **options)


def test_no_mention_in_a_voice_is_an_empty_table_and_figure(made):
    result = tl.tone_words(made[0], model=Planted(), voice="quoted")
    assert result.table.empty and result.mentions.empty
    (ax,) = pl.tone_words(result).axes
    assert "No word" in ax.texts[0].get_text()


def test_its_figure_has_a_bar_for_each_word(made):
    result = tl.tone_words(made[0], model=Planted(), top=1)
    (ax,) = pl.tone_words(result).axes
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([-0.7, 0.7], abs=0.01)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["bad", "splendid"]
    assert ax.get_title("left") == "Ada Mayor"
    assert result.finding == (
        "The tone is pulled down most by “bad” (Ada Mayor, −0.70) and up most by “splendid” (Ada"
        " Mayor, +0.70)"
    )
    only = replace(result, table=result.table[result.table["pull"] > 0])
    assert only.finding == "The tone is pulled up most by “splendid” (Ada Mayor, +0.70)"


@pytest.mark.short("5")
@pytest.mark.parametrize("n_actors", [1, 2, 5])
def test_its_figure_has_twenty_rows_at_most_and_stays_on_a_page(made, n_actors):
    result = tl.tone_words(made[0], model=Planted(), top=1)
    rows = [
        (f"actor{a}", side, f"word{i}", 1, sign * (0.9 - i / 50 - a / 100))
        for a in range(n_actors)
        for side, sign in (("negative", -1), ("positive", 1))
        for i in range(30)
    ]
    table = pd.DataFrame(rows, columns=list(result.table))
    figure = pl.tone_words(replace(result, table=table))
    assert figure.canvas.get_size_inches()[1] <= 9 and len(figure.axes) == min(n_actors, 4)
    of_a_column = [ax for i, ax in enumerate(figure.axes) if i % 2 == 0]
    assert sum(len(ax.get_yticklabels()) for ax in of_a_column) == 20
    assert ("4 of 5 actors" in figure.subtitle) == (n_actors == 5)


def test_words_ship_without_places_where_there_is_a_tone(made):
    corpus, features = made
    shipment = Shipment(corpus, features.table("articles"), None)
    shipped = shipped_tables([SHIPS], shipment)
    assert list(shipped) == ["tone_pulls"]
    assert list(shipped["tone_pulls"]) == ["actor", "side", "word", "n", "pull"]
    blank = features.table("mentions").assign(negative=np.nan)
    toneless = from_tables({"mentions": blank, "articles": features.table("articles")})
    without = replace(corpus, opened=toneless)
    assert shipped_tables([SHIPS], replace(shipment, corpus=without)) == {}


def test_the_shared_form_gives_the_table_that_was_shipped_and_no_other():
    corpus = load("amnesty2024")
    result = tl.tone_words(corpus)
    assert result.params["measured_on"] == "results" and result.mentions.empty
    assert result.table.equals(tl.tone_words(corpus.features).table)
    assert result.table.equals(corpus.features.result("tone_pulls"))
    with pytest.raises(TextsNeeded, match="'voice': 'quoted'"):
        tl.tone_words(corpus, voice="quoted")


def test_a_shared_form_without_the_table_says_so(made):
    articles = made[1].table("articles")
    with pytest.raises(FeaturesError, match="not shipped"):
        tl.tone_words(from_tables({"articles": articles}, form=SHARED))
