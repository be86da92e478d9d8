"""Polarity of sentences: traceable, with intervals, refused where the dictionary does not fit."""

from dataclasses import replace

import numpy as np
import pytest

from analysis import pl
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.tl.sentiment import sentiment
from tests.memory import features_of, with_column

MINE = {"mine": {"good": 1.0, "bad": -1.0, "awful*": -0.5}}


def test_the_score_is_the_mean_weight_of_known_words_and_a_negation_ends_with_its_sentence():
    expected = {
        "A good day.": [1.0],
        "A bad day.": [-1.0],
        "Awfully late.": [-0.5],
        "A good and bad day.": [0.0],
        "A day.": [0.0],
        "It was not good.": [-1.0],
        "It wasn’t a good day.": [-1.0],
        "Not that they thought it any good.": [1.0],
        "We met the Good family.": [0.0],
        "We did not. Good news came.": [0.0, 1.0],
    }
    texts = {f"a{i}": text for i, text in enumerate(expected)}
    found = sentiment(features_of(texts, dictionaries=MINE), draws=2).sentences
    assert found.groupby("article_id")["score"].agg(list).to_dict() == {
        f"a{i}": scores for i, scores in enumerate(expected.values())
    }


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


def outlets_of(share_bad, n=8, n_sentences=10, days=None):
    """Articles of outlets in each of which this share of sentences is bad, the others good."""
    rng = np.random.default_rng(0)
    texts, outlets, published = {}, [], []
    for outlet, share in share_bad.items():
        for i in range(n):
            bad = rng.random(n_sentences) < share
            texts[f"{outlet}{i}"] = " ".join("A bad day." if b else "A good day." for b in bad)
            outlets.append(outlet)
            published.append(days[i % len(days)] if days else "2024-08-01")
    features = features_of(texts, dictionaries=MINE)
    return with_column(with_column(features, "outlet", outlets), "published", published)


def test_the_outlet_with_more_bad_words_is_apart_and_named():
    result = sentiment(outlets_of({"Post": 0.9, "Echo": 0.4, "Sun": 0.4, "Star": 0.4}))
    table = result.table.set_index("group")
    assert result.params["by"] == "outlet" and table.loc["Post", "apart"]
    scores = result.sentences.assign(outlet=result.sentences["article_id"].str[:-1])
    means = scores.groupby("outlet")["score"].mean()
    assert table["mean"].to_dict() == pytest.approx(means.to_dict())
    rest = scores.loc[scores["outlet"] != "Post", "score"].mean()
    assert table.loc["Post", "rest"] == pytest.approx(rest)
    assert (table["n_articles"] == 8).all() and (table["n_sentences"] == 80).all()
    assert result.finding == "The words of Post are more negative than the rest's"
    figure = pl.sentiment(result)
    assert figure.axes[0].get_yticklabels()[-1].get_text() == "Post"
    assert "320 sentences in 32 articles by the dictionary “mine”" in figure.subtitle


def test_planted_weeks_come_back_with_the_week_between():
    days = ["2024-08-05", "2024-08-19"]
    features = outlets_of({"Post": 0.0, "Echo": 1.0}, days=days)
    result = sentiment(features, by=["outlet", "week"])
    assert result.table.set_index("group")["mean"].to_dict() == {
        "Post · 2024-08-05": 1,
        "Post · 2024-08-19": 1,
        "Echo · 2024-08-05": -1,
        "Echo · 2024-08-19": -1,
    }
    figure = pl.sentiment(result)
    post = next(ax for ax in figure.axes if ax.get_title("left") == "Post")
    (line,) = [one for one in post.lines if len(one.get_xdata()) == 3]
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]


@pytest.mark.parametrize(
    "shares, options, words",
    [
        ({"Post": 0.9}, {}, "The words of Post"),
        ({"": 0.9}, {"by": "outlet"}, "The words of the corpus are negative"),
        ({"Post": 0.5, "POST": 0.5}, {"by": "day"}, "The words of 1 August 2024 cannot be told"),
        ({"P" * 120: 0.5, "Q" * 120: 0.5}, {}, "No outlet differs"),
    ],
)
def test_whatever_the_corpus_is_like_the_figure_says_something(shares, options, words):
    options = {"by": "outlet"} | options
    result = sentiment(outlets_of(shares), draws=50, **options)
    assert words in result.finding and pl.sentiment(result).alt.startswith(result.finding)


def test_the_figure_is_of_the_dictionary_asked_for():
    texts = {"good": "A good day. Good. Good for all.", "bad": "A bad day. Bad. It is so bad."}
    result = sentiment(features_of(texts, dictionaries=MINE | {"yours": {"day": -1.0}}))
    figure, other = pl.sentiment(result, kind="course"), pl.sentiment(result, dictionary="yours")
    assert (figure.name, other.name) == ("sentiment_course", "sentiment_yours")
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert heights == pytest.approx([0.42] * 3 + [-0.42] * 3)  # the most negative first
    assert "“yours”" in other.subtitle
    with pytest.raises(OptionError, match="'mine', 'yours'"):
        pl.sentiment(result, dictionary="theirs")
    with pytest.raises(OptionError, match="'groups', 'course'"):
        pl.sentiment(result, kind="strips")
    by_outlet = sentiment(features_of(texts, dictionaries=MINE), by="outlet")
    with pytest.raises(OptionError, match='by="article_id"'):
        pl.sentiment(by_outlet, kind="course")


@pytest.mark.long
def test_the_figures_stay_on_a_page_and_say_what_they_leave_out():
    texts = {f"a{i}": "A good day. A bad day. " * i + "Bad." for i in range(40)}
    result = sentiment(features_of(texts, dictionaries=MINE), draws=2)
    for figure in (pl.sentiment(result), pl.sentiment(result, kind="course")):
        assert figure.canvas.get_size_inches()[1] <= 9
        assert len(figure.axes[0].get_yticklabels()) == 20
    assert "20 of 40 articles are shown" in figure.subtitle
    assert (
        pl.sentiment(result).axes[0].get_yticklabels()[-1].get_text()
        == "21 articles more, together"
    )


def test_the_figure_of_nothing_says_so():
    result = sentiment(features_of({"a": "A good day."}, dictionaries=MINE))
    (ax,) = pl.sentiment(replace(result, table=result.table[:0])).axes
    assert "no sentence" in ax.texts[0].get_text()
