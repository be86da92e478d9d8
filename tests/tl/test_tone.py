"""Tone towards actors: planted mentions come back as means with their n, and nobody's silence is a
zero.
"""

import numpy as np
import pandas as pd
import pytest

from analysis import pl, tl
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.features import from_tables

ACTORS = {
    "mayor": {"name": "Ada Mayor", "aliases": [], "side": "town"},
    "baker": {"name": "Bo Baker", "aliases": [], "side": ""},
    "nobody": {"name": "No Body", "aliases": [], "side": ""},
}


def made(
    mentions,
    *,
    articles=("a1", "b1"),
    sentences=10,
    language="en",
    outlets=None,
    actors=ACTORS,
    tone=(),
):
    """Features with planted mentions: (article, sentence, actor, form, voice, speaker, negative,
    positive).
    """
    n = len(articles)
    columns = {
        "outlet": outlets or [f"Outlet {a}" for a in articles],
        "published": ["2024-08-01"] * n,
        "author": [""] * n,
        "url": [""] * n,
        "language": [language] * n,
        "n_chars": [1000] * n,
        "n_tokens": [10 * sentences] * n,
        "n_sentences": [sentences] * n,
        "sha256": [""] * n,
    }
    spans = pd.DataFrame(
        [(a, s, 0, 100 * s, 100 * s + 90, 10, 0.0) for a in articles for s in range(sentences)],
        columns=["article_id", "sentence", "paragraph", "start", "end", "n_tokens", "quoted_share"],
    )
    rows = [
        (a, s, actor, form, 100 * s, 100 * s + 5, voice, speaker, neg, 1 - neg - pos, pos)
        for a, s, actor, form, voice, speaker, neg, pos in mentions
    ]
    table = pd.DataFrame(
        rows,
        columns=[
            "article_id",
            "sentence",
            "actor",
            "form",
            "start",
            "end",
            "voice",
            "speaker",
            "negative",
            "neutral",
            "positive",
        ],
    )
    return from_tables(
        {
            "articles": pd.DataFrame({"article_id": list(articles), **columns}),
            "sentences": spans,
            "mentions": table,
        },
        codebook={"actors": actors, "tone": list(tone)},
    )


def estimate(result, group, actor, voice="outlet"):
    table = result.table
    return table[
        (table["group"] == group) & (table["actor"] == actor) & (table["voice"] == voice)
    ].iloc[0]


def test_means_by_voice_are_those_planted():
    result = tl.tone(
        made(
            [
                ("a1", 0, "mayor", "name", "outlet", "", 0.8, 0.1),
                ("a1", 1, "mayor", "name", "outlet", "", 0.4, 0.1),
                ("a1", 2, "mayor", "name", "quoted", "Bo Baker", 0.1, 0.9),
            ]
        )
    )
    own = estimate(result, "a1", "mayor")
    assert (
        own["tone"] == pytest.approx(-0.5, abs=1e-6)
        and own["negative"] == pytest.approx(0.6, abs=1e-6)
        and own["n_mentions"] == own["n_sentences"] == 2
    )
    assert (
        own["low"] == pytest.approx(-0.7, abs=1e-6)
        and own["high"] == pytest.approx(-0.3, abs=1e-6)
        and own["unit"] == "sentence"
    )
    assert estimate(result, "a1", "mayor", "quoted")["tone"] == pytest.approx(0.8, abs=1e-6)
    assert result.speakers[["actor", "voice", "speaker", "n_mentions"]].values.tolist() == [
        ["mayor", "quoted", "Bo Baker", 1]
    ]
    assert len(result.mentions) == 3 and result.mentions["position"].tolist() == [0, 10, 20]


def test_who_is_never_mentioned_has_no_tone_and_is_named():
    result = tl.tone(made([("a1", 0, "mayor", "name", "outlet", "", 0.8, 0.1)]))
    silent = estimate(result, "b1", "nobody")
    assert silent["n_mentions"] == 0 and np.isnan(silent["tone"]) and np.isnan(silent["low"])
    assert any("nobody" in note and "baker" in note for note in result.notes)
    assert any("1 of 2 articles mention none of the actors (b1)" in note for note in result.notes)
    one = estimate(result, "a1", "mayor")
    assert one["n_mentions"] == 1 and np.isnan(one["low"])  # one sentence has no interval


def test_pronouns_count_only_where_asked_for():
    features = made(
        [
            ("a1", 0, "mayor", "name", "outlet", "", 0.8, 0.1),
            ("a1", 1, "mayor", "pronoun", "outlet", "", 0.1, 0.8),
        ]
    )
    assert estimate(tl.tone(features), "a1", "mayor")["n_mentions"] == 1
    assert estimate(tl.tone(features, forms=("name", "pronoun")), "a1", "mayor")["n_mentions"] == 2


def test_whole_articles_are_resampled_where_a_group_has_several():
    articles = tuple(f"a{i}" for i in range(8))
    features = made(
        [
            (a, s, "mayor", "name", "outlet", "", 0.5, i / 20)
            for i, a in enumerate(articles)
            for s in range(3)
        ],
        articles=articles,
        outlets=["One"] * 8,
    )
    own = estimate(tl.tone(features, by="outlet"), "One", "mayor")
    assert (
        own["unit"] == "article"
        and own["n_articles"] == 8
        and own["low"] < own["tone"] < own["high"]
    )


def test_the_course_has_lead_body_and_end():
    result = tl.tone(
        made(
            [
                ("a1", 0, "mayor", "name", "outlet", "", 1, 0),
                ("a1", 5, "mayor", "name", "outlet", "", 0, 0),
                ("a1", 9, "mayor", "name", "outlet", "", 0, 1),
            ]
        )
    )
    assert result.course[["part", "tone"]].values.tolist() == [
        ["lead", -1.0],
        ["body", 0.0],
        ["end", 1.0],
    ]


def test_lead_and_end_are_the_first_and_the_last_fifth_of_the_words():
    rows = [("a1", s, "mayor", "name", "outlet", "", 0.5, 0.1) for s in range(10)]
    course = tl.tone(made(rows)).course
    assert dict(zip(course["part"], course["n_mentions"])) == {"lead": 2, "body": 6, "end": 2}


def test_the_codebook_says_whose_tone_is_measured():
    features = made([("a1", 0, "mayor", "name", "outlet", "", 0.8, 0.1)], tone=["mayor"])
    assert tl.tone(features).actors == ["mayor"] and tl.tone(features, actors=["baker"]).actors == [
        "baker"
    ]


@pytest.mark.parametrize(
    "options, words",
    [
        ({"actors": ["king"]}, ["king", "mayor"]),
        ({"actors": "mayor"}, ["one or more of", "'mayor'"]),
        ({"actors": []}, ["one or more of", "[]"]),
        ({"by": "town"}, ["town", "outlet", "week"]),
        ({"by": {"a1": "A", "z9": "Z"}}, ["z9"]),
        ({"forms": "nickname"}, ["nickname", "pronoun"]),
        ({"forms": ()}, ["pronoun", "()"]),
        ({"level": 1.5}, ["level must be a number between 0 and 1 (got 1.5)"]),
        ({"level": -1}, ["(got -1)"]),
        ({"draws": 0}, ["draws must be a whole number of at least 1 (got 0)"]),
        ({"draws": 10.5}, ["(got 10.5)"]),
        ({"draws": "a"}, ["(got 'a')"]),
        ({"draws": True}, ["(got True)"]),
        ({"seed": -1}, ["seed"]),
    ],
)
def test_wrong_options_are_refused(options, words):
    with pytest.raises(OptionError) as error:
        tl.tone(made([("a1", 0, "mayor", "name", "outlet", "", 0.8, 0.1)]), **options)
    assert all(word in str(error.value) for word in words)


def test_what_is_missing_is_said():
    with pytest.raises(FeaturesError, match="no actors"):
        tl.tone(made([], actors={}))
    with pytest.raises(FeaturesError, match="--tone"):
        tl.tone(made([("a1", 0, "mayor", "name", "outlet", "", np.nan, np.nan)]))
    with pytest.raises(LanguageError):
        tl.tone(made([("a1", 0, "mayor", "name", "outlet", "", 0.8, 0.1)], language="de"))


def test_no_mention_at_all_is_no_crash():
    result = tl.tone(made([]))
    assert (
        result.table["n_mentions"].sum() == 0
        and result.course.empty
        and "Never mentioned: mayor, baker, nobody" in result.notes[0]
    )


def test_the_same_seed_gives_the_same_intervals_and_the_input_stays():
    features = made([("a1", s, "mayor", "name", "outlet", "", s / 10, 0.1) for s in range(9)])
    pd.testing.assert_frame_equal(tl.tone(features).table, tl.tone(features).table)


def test_few_mentions_are_drawn_further_towards_the_mean():
    rng = np.random.default_rng(1)
    rows = [
        ("a1", int(s % 10), "mayor", "name", "outlet", "", 0.9 - 0.3 * rng.random(), 0.05)
        for s in range(30)
    ]
    rows += [
        ("a1", int(s % 10), "baker", "name", "outlet", "", 0.05, 0.9 - 0.3 * rng.random())
        for s in range(30)
    ]
    rows += [("b1", 0, "mayor", "name", "outlet", "", 0.95, 0.05)]
    result = tl.tone(made(rows))
    many, one = estimate(result, "a1", "mayor"), estimate(result, "b1", "mayor")
    assert many["tone"] < many["shrunk"] < 0 and one["tone"] < one["shrunk"] < 0
    assert one["shrunk"] - one["tone"] > 5 * (many["shrunk"] - many["tone"])


def test_the_shrunken_tone_is_that_of_the_analysis_of_variance():
    cells = {("a1", "mayor"): [0.1, 0.3], ("b1", "mayor"): [0.7, 0.9], ("a1", "baker"): [0.5]}
    rows = [
        (a, i, actor, "name", "outlet", "", 0, tone)
        for (a, actor), tones in cells.items()
        for i, tone in enumerate(tones)
    ]
    result = tl.tone(made(rows))
    within, n0 = (0.02 + 0.02) / 2, (5 - (4 + 4 + 1) / 5) / 2
    between = ((2 * 0.3**2 + 2 * 0.3**2) / 2 - within) / n0
    assert estimate(result, "a1", "mayor")["shrunk"] == pytest.approx(
        0.5 - 0.3 * 2 * between / (2 * between + within), abs=1e-5
    )
    assert estimate(result, "a1", "baker")["shrunk"] == pytest.approx(0.5, abs=1e-5)


def test_groups_may_be_given_and_articles_left_out_count_nowhere():
    rows = [(a, 0, "mayor", "name", "outlet", "", 0.8, 0.1) for a in ("a1", "b1", "c1")]
    result = tl.tone(made(rows, articles=("a1", "b1", "c1")), by={"c1": "left", "a1": "left"})
    assert result.table["group"].unique().tolist() == ["left"]
    assert estimate(result, "left", "mayor")["n_mentions"] == 2
    assert result.mentions["article_id"].tolist() == ["a1", "c1"]
    assert result.course["n_mentions"].sum() == 2 and result.params["by"] == "(given)"


def test_speakers_with_most_mentions_come_first():
    rows = [("a1", s, "mayor", "name", "quoted", "Zed", 0.8, 0.1) for s in range(3)]
    rows += [("a1", 4, "mayor", "name", "quoted", who, 0.8, 0.1) for who in ("Bo", "Al")]
    rows += [("a1", 5, "baker", "name", "reported", "Al", 0.8, 0.1)]
    speakers = tl.tone(made(rows)).speakers
    assert speakers["actor"].tolist() == ["mayor"] * 3 + ["baker"]
    assert speakers["speaker"].tolist() == ["Zed", "Al", "Bo", "Al"]


def test_the_finding_counts_tones_whose_interval_excludes_0():
    rows = [("a1", s, "mayor", "name", "outlet", "", 0.8 + s / 100, 0.1) for s in range(6)]
    rows += [("b1", s, "mayor", "name", "outlet", "", 0.5 - s % 2, 0.5) for s in range(6)]
    finding = tl.tone(made(rows, actors={"mayor": ACTORS["mayor"]})).finding
    assert finding.startswith("In their own words: of 2 tones towards an actor, 1 negative")
    assert finding.endswith("most negative a1 on mayor")
    assert tl.tone(made(rows[:2])).finding.startswith("No actor is mentioned 5 times")


def test_its_figure_has_a_panel_for_each_actor_and_one_legend():
    rows = [("a1", s, "mayor", "name", "outlet", "", 0.8, 0.1) for s in range(6)]
    figure = pl.tone(tl.tone(made([*rows, ("b1", 0, "baker", "name", "quoted", "", 0, 1)])))
    mayor, baker, nobody = figure.axes
    assert [ax.get_title("left") for ax in figure.axes] == ["mayor", "baker", "nobody"]
    assert [t.get_text() for t in nobody.texts] == ["none", "none"] and len(mayor.texts) == 1
    (legend,) = figure.canvas.legends
    assert [t.get_text() for t in legend.get_texts()][-1] == "fewer than 5 mentions"
    drawn = [
        (x, y) for line in mayor.lines for x, y in zip(*line.get_data()) if line.get_marker() == "o"
    ]
    assert drawn == [(pytest.approx(-0.7), 0)]


def test_its_figure_stays_on_a_page_and_says_what_it_leaves_out():
    articles = tuple(f"a{i}" for i in range(100))
    rows = [(a, 0, who, "name", "outlet", "", 0.8, 0.1) for a in articles for who in ACTORS]
    rows += [("a99", 1, "mayor", "name", "outlet", "", 0.8, 0.1)]
    figure = pl.tone(tl.tone(made(rows, articles=articles), draws=2))
    assert figure.canvas.get_size_inches()[1] < 10
    assert figure.axes[0].get_title("left") == "mayor (22 of 100)"
    assert figure.axes[0].get_yticklabels()[0].get_text() == "a99"


def test_its_figure_of_nothing_says_so():
    (ax,) = pl.tone(tl.tone(made([]))).axes
    assert "No mention" in ax.texts[0].get_text()
