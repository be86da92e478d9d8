"""Polarity of sentences: traceable, with intervals, and refused where the dictionary does not fit."""

import numpy as np
import pytest

from analysis.errors import LanguageError, OptionError
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


def test_an_unknown_dictionary_is_told_with_what_there_is():
    with pytest.raises(OptionError, match="allowed are 'mine'"):
        sentiment(features_of({"a": "A day."}, dictionaries=MINE), dictionary="yours")
