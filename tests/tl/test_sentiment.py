"""Polarity of sentences: traceable, with intervals, refused where the dictionary does not fit."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import pl
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.tl.sentiment import sentiment
from tests.memory import features_of

MINE = {"mine": {"good": 1.0, "bad": -1.0, "awful*": -0.5}}


def scores(text):
    return sentiment(features_of({"a": text}, dictionaries=MINE)).sentences["score"].tolist()


@pytest.mark.parametrize(
    "text, score",
    [
        ("A good day.", 1.0),
        ("A bad day.", -1.0),
        ("Awfully late.", -0.5),
        ("A good and bad day.", 0.0),
        ("A day.", 0.0),
        ("It was not good.", -1.0),
        ("It wasn’t a good day.", -1.0),
        ("Not that they thought it any good.", 1.0),
        ("We met the Good family.", 0.0),
    ],
)
def test_the_score_is_the_mean_weight_of_known_words(text, score):
    assert scores(text) == [score]


def test_a_negation_does_not_reach_over_a_sentence_end():
    assert scores("We did not. Good news came.") == [0.0, 1.0]


def test_the_mean_is_of_sentences_with_its_n_and_interval():
    result = sentiment(
        features_of({"a": "A good day. A bad day. A good one. A day."}, dictionaries=MINE)
    )
    row = result.table.iloc[0]
    assert (row["mean"], row["n_sentences"], row["n_scored"]) == (0.25, 4, 3)
    assert row["low"] < 0.25 < row["high"]
    assert dict(zip(result.words["pattern"], result.words["count"])) == {"good": 2, "bad": 1}


def test_repeating_a_text_does_not_move_its_mean():
    one, ten = (
        sentiment(features_of({"a": "A good day. A day.\n" * n}, dictionaries=MINE)).table["mean"][
            0
        ]
        for n in (1, 10)
    )
    assert one == ten


def test_adding_an_article_moves_no_interval_of_another():
    texts = {"a": "A good day. A bad day. A day."}
    alone = sentiment(features_of(texts, dictionaries=MINE)).table.iloc[0]
    both = sentiment(features_of(texts | {"b": "A bad day."}, dictionaries=MINE)).table.iloc[0]
    assert np.array_equal(alone[["mean", "low", "high"]], both[["mean", "low", "high"]])


def test_another_language_is_refused_by_name():
    with pytest.raises(LanguageError, match=r"dictionary 'mine'.*a \(de\)"):
        sentiment(features_of({"a": "Ein guter Tag."}, dictionaries=MINE, language="de"))


def test_an_unknown_dictionary_is_refused_with_what_there_is():
    with pytest.raises(OptionError, match="one of 'mine' .got 'yours'"):
        sentiment(features_of({"a": "A day."}, dictionaries=MINE), dictionary="yours")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"draws": 10.5}, "draws must be a whole number of at least 1"),
        ({"draws": "a"}, "got 'a'"),
        ({"level": 1}, "level must be a number between 0 and 1"),
        ({"seed": True}, "seed must be a whole number of at least 0"),
        ({"dictionary": ["mine"]}, "dictionary must be one of"),
    ],
)
def test_wrong_options_are_refused(options, words):
    with pytest.raises(OptionError, match=words):
        sentiment(features_of({"a": "A day."}, dictionaries=MINE), **options)


def test_no_dictionary_is_said():
    with pytest.raises(FeaturesError, match="names no dictionary"):
        sentiment(features_of({"a": "A day."}))


def test_the_finding_and_the_figure_are_of_the_dictionary_asked_for():
    texts = {"good": "A good day. Good. Good for all.", "bad": "A bad day. Bad. It is so bad."}
    result = sentiment(features_of(texts, dictionaries=MINE | {"yours": {"day": -1.0}}))
    assert "By “mine”, 1 of 2 articles are negative on average, 1 positive" in result.finding
    assert "By “yours”, 0 of 2 articles" in result.finding_of("yours")
    figure, other = pl.sentiment(result), pl.sentiment(result, dictionary="yours")
    assert (figure.name, other.name) == ("sentiment", "sentiment_yours")
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == pytest.approx([-0.42] * 3 + [0.42] * 3)
    with pytest.raises(OptionError, match="'mine', 'yours'"):
        pl.sentiment(result, dictionary="theirs")


def test_the_figure_stays_on_a_page_and_says_what_it_leaves_out():
    texts = {f"a{i}": "A good day. A bad day. " * i + "Bad." for i in range(40)}
    figure = pl.sentiment(sentiment(features_of(texts, dictionaries=MINE), draws=2))
    assert figure.canvas.get_size_inches()[1] <= 9
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == 21 and labels[0] == "a0" and labels[-1] == "a39"
    assert "21 of 40 shown" in figure.axes[0].get_title(loc="left")


def test_the_figure_of_nothing_says_so():
    result = sentiment(features_of({"a": "A good day."}, dictionaries=MINE))
    (ax,) = pl.sentiment(replace(result, table=result.table[:0])).axes
    assert "no sentence" in ax.texts[0].get_text()
