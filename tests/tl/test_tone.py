"""Tone towards actors: planted mentions come back as means with their n, and nobody's silence is a
zero.
"""

import numpy as np
import pandas as pd
import pytest

from analysis import pl, tl
from analysis.errors import FeaturesError, LanguageError, OptionError
from analysis.features import from_tables
from analysis.tl._toned import coarse, coarse_shrunk
from analysis.tl.tone import _of_class
from analysis.views import CHANCES

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
    days=None,
):
    """Features with planted mentions: (article, sentence, actor, form, voice, speaker, negative,
    positive).
    """
    n = len(articles)
    columns = {
        "outlet": outlets or [f"Outlet {a}" for a in articles],
        "published": days or ["2024-08-01"] * n,
        "author": [""] * n,
        "url": [""] * n,
        "language": [language] * n,
        "n_chars": [1000] * n,
        "n_tokens": [10 * sentences] * n,
        "n_sentences": [sentences] * n,
        "sha256": [""] * n,
    }
    spans = pd.DataFrame(
        [
            (a, s, 0, 100 * s, 100 * s + 90, 10, 0.0, False, ".")
            for a in articles
            for s in range(sentences)
        ],
        columns=[
            "article_id",
            "sentence",
            "paragraph",
            "start",
            "end",
            "n_tokens",
            "quoted_share",
            "says",
            "mark",
        ],
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
    assert -1 <= own["low"] < -0.7 and -0.3 < own["high"] <= 1 and own["unit"] == "sentence"
    assert estimate(result, "a1", "mayor", "quoted")["tone"] == pytest.approx(0.8, abs=1e-6)
    assert result.speakers[["actor", "voice", "speaker", "n_mentions"]].values.tolist() == [
        ["mayor", "quoted", "Bo Baker", 1]
    ]
    assert len(result.mentions) == 3 and result.mentions["position"].tolist() == [0, 10, 20]


def test_who_is_never_mentioned_has_no_tone_and_is_named():
    result = tl.tone(made([("a1", 0, "mayor", "name", "outlet", "", 0.8, 0.1)]))
    silent = estimate(result, "b1", "nobody")
    assert silent["n_mentions"] == 0 and np.isnan(silent["tone"]) and np.isnan(silent["low"])
    assert any("No Body" in note and "Bo Baker" in note for note in result.notes)
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
        and "Never mentioned: Ada Mayor, Bo Baker, No Body" in result.notes[0]
    )


def test_the_same_seed_gives_the_same_intervals_and_the_input_stays():
    features = made([("a1", s, "mayor", "name", "outlet", "", s / 10, 0.1) for s in range(9)])
    pd.testing.assert_frame_equal(tl.tone(features).table, tl.tone(features).table)


def planted(tones, *, per_outlet=8, noise=0.1, weeks=1, actor="mayor", seed=0):
    """Outlets of several articles whose own tone towards an actor is known; rows and columns."""
    rng = np.random.default_rng(seed)
    rows, articles, outlets, days = [], [], [], []
    for outlet, tone in tones.items():
        for i in range(per_outlet):
            article = f"{outlet}{i}"
            week = i % weeks
            now = tone(week) if callable(tone) else tone
            articles.append(article)
            outlets.append(outlet)
            days.append(f"{pd.Timestamp('2024-08-05') + pd.Timedelta(days=7 * week):%Y-%m-%d}")
            if now is None:
                continue
            for s in range(4):
                t = np.clip(now + rng.normal(0, noise), -1, 1)
                rows.append((article, s, actor, "name", "outlet", "", max(-t, 0.0), max(t, 0.0)))
    return rows, {"articles": tuple(articles), "outlets": outlets, "days": days}


def test_a_planted_outlet_is_apart_and_it_alone_is_named():
    rows, columns = planted({"Post": -0.6, "Echo": 0.0, "Sun": 0.02, "Star": -0.02, "Mail": 0.01})
    result = tl.tone(made(rows, **columns), actors=["mayor"])
    own = result.table[result.table["voice"] == "outlet"].set_index("group")
    assert result.params["by"] == "outlet" and own.loc["Post", "apart"]
    rest = [r[7] - r[6] for r in rows if not r[0].startswith("Post")]
    assert own.loc["Post", "rest"] == pytest.approx(np.mean(rest))
    assert own.loc["Post", "joint_high"] < own.loc["Post", "rest"]
    assert own.loc["Post", "tone"] < own.loc["Post", "shrunk"] < 0
    assert result.groups["group"].tolist() == own.index.tolist()
    assert result.finding == "Post is harder on Ada Mayor than the rest"
    assert result.finding_of("quoted") == "No mention of Ada Mayor in quotation marks"


def test_outlets_that_differ_both_ways_are_both_named():
    rows, columns = planted({"Post": -0.6, "Echo": 0.0, "Sun": 0.02, "Star": -0.02, "Mail": 0.6})
    assert tl.tone(made(rows, **columns)).finding in (
        "Post is harder on Ada Mayor than the rest; Mail is kinder to Ada Mayor",
        "Mail is kinder to Ada Mayor than the rest; Post is harder on Ada Mayor",
    )
    rows, columns = planted({"Post": -0.6, "Echo": 0.0})
    assert tl.tone(made(rows, **columns)).finding.count("Ada Mayor") == 1


def test_where_outlets_are_alike_the_finding_says_so():
    rows, columns = planted(dict.fromkeys(("Post", "Echo", "Sun"), -0.3))
    result = tl.tone(made(rows, **columns))
    assert not result.table["apart"].any()
    assert result.finding == (
        "No outlet differs from the rest in its tone towards Ada Mayor beyond chance"
    )


def test_who_is_quoted_is_said_of_those_who_are_quoted():
    rows, columns = planted({"Post": -0.6, "Echo": 0.3, "Sun": 0.3, "Mail": 0.3})
    rows = [(*r[:4], "quoted", "Bo", *r[6:]) for r in rows]
    result = tl.tone(made(rows, **columns))
    assert result.finding_of("quoted").startswith(
        "Those quoted by Post are harder on Ada Mayor than the rest"
    )
    figure = pl.tone(result, voice="quoted")
    assert figure.name == "tone_quoted" and "in quotation marks" in figure.subtitle
    assert pl.tone(result).axes[0].texts[0].get_text().startswith("No mention of")
    with pytest.raises(OptionError, match="voice must be one of"):
        pl.tone(result, voice="shouted")


def test_an_outlet_by_itself_is_compared_with_0():
    rows, columns = planted({"Post": -0.4})
    finding = tl.tone(made(rows, **columns), by="outlet").finding
    assert finding.startswith("In Post's own words the tone is negative towards Ada Mayor (−0.4")
    rows, columns = planted({"": 0.0}, noise=0.4)
    finding = tl.tone(made(rows, **columns), by="outlet").finding
    assert finding == (
        "In the outlets' own words the tone towards Ada Mayor cannot be told from neutral"
    )


def test_too_few_mentions_are_said():
    rows, columns = planted({"Post": -0.6, "Echo": 0.6}, per_outlet=2)
    result = tl.tone(made(rows, **columns))
    assert not result.table["apart"].any()
    assert result.finding.startswith("Too few mentions to say who is harder on Ada Mayor")


def test_planted_weeks_come_back_with_their_gap():
    course = {0: 0.4, 1: 0.4, 2: None, 3: -0.5}
    rows, columns = planted({"Post": course.get, "Echo": lambda week: 0.1}, per_outlet=40, weeks=4)
    features = made(rows, **columns)
    result = tl.tone(features, by=["outlet", "week"], actors=["mayor"])
    own = result.table[result.table["voice"] == "outlet"].set_index("group")["tone"]
    assert own.index[:4].tolist() == [f"Post · 2024-08-{day}" for day in ("05", "12", "19", "26")]
    assert own.iloc[[0, 1, 3]].tolist() == pytest.approx([0.4, 0.4, -0.5], abs=0.05)
    assert np.isnan(own.iloc[2])
    assert result.finding.startswith(
        "Post in the week of 26 August 2024 is harder on Ada Mayor than the rest"
    )
    figure = pl.tone(result)
    post = next(ax for ax in figure.axes if ax.get_title("left") == "Post")
    (line,) = [one for one in post.lines if len(one.get_xdata()) == 4]
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False]
    rows, columns = planted({"Post": 0.1, "Echo": 0.1}, per_outlet=12, weeks=2)
    assert tl.tone(made(rows, **columns), by=["outlet", "week"]).finding.startswith(
        "No outlet in any week differs"
    )


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


def test_its_figure_has_a_panel_for_each_actor_that_is_mentioned():
    rows, columns = planted({"Post": -0.6, "Echo": 0.0, "Sun": 0.0, "Mail": 0.0})
    rows += [("Post0", 5, "baker", "name", "outlet", "", 0.8, 0.1) for _ in range(99)]
    figure = pl.tone(tl.tone(made(rows, **columns)))
    mayor, baker = figure.axes  # the finding's first, though the other has more mentions
    assert [ax.get_title("left") for ax in figure.axes] == ["Ada Mayor", "Bo Baker"]
    assert [t.get_text() for t in baker.texts] == ["none"] * 3 and not mayor.texts
    assert [label.get_text() for label in mayor.get_yticklabels()][-1] == "Post"
    (legend,) = figure.canvas.legends
    assert "tone, from −1 to +1" in legend.get_title().get_text()
    assert figure.title == "Post is harder on Ada Mayor than the rest"
    assert "Never mentioned: No Body." in figure.subtitle
    assert "of 227 mentions in 32 articles" in figure.subtitle


@pytest.mark.long
def test_its_figure_stays_on_a_page_and_says_what_it_leaves_out():
    articles = tuple(f"a{i}" for i in range(100))
    rows = [(a, 0, who, "name", "outlet", "", 0.8, 0.1) for a in articles for who in ACTORS]
    rows += [("a99", s, "mayor", "name", "outlet", "", s / 90, 0.8) for s in range(12)]
    figure = pl.tone(tl.tone(made(rows, articles=articles, sentences=20), draws=100))
    assert figure.canvas.get_size_inches()[1] < 9
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(labels) == 20 and labels[-1] == "81 articles more, together"
    assert labels[0].startswith("Outlet a99")


BAD = {
    "one outlet": ({"Post": -0.4}, {}, {}),
    "no outlet": ({"": -0.4}, {}, {}),
    "no dates": ({"Post": -0.4, "Echo": 0}, {"days": ["", ""]}, {"by": ["outlet", "week"]}),
    "no date and no outlet": ({"": -0.4}, {"days": ["", ""]}, {"by": "week"}),
    "one day": ({"Post": -0.4, "Echo": 0}, {"days": ["2024-08-05"] * 2}, {"by": "day"}),
    "twenty years": (
        {"Post": -0.4, "Echo": 0},
        {"days": ["2004-01-05", "2024-01-05"]},
        {"by": ["outlet", "week"]},
    ),
    "a silent group": ({"Post": -0.4, "Echo": 0, "Sun": lambda week: None}, {}, {}),
    "long names": ({"P" * 120: -0.4, "P" * 119 + "Q": 0.3}, {}, {}),
    "names that differ in case": ({"Post": -0.4, "POST": 0.3}, {}, {}),
    "300 outlets": ({f"Outlet {i}": i / 400 for i in range(300)}, {}, {}),
}


@pytest.mark.short("no dates", "twenty years", "a silent group", "names that differ in case")
@pytest.mark.parametrize("bad", BAD)
def test_whatever_the_corpus_is_like_the_figure_says_something(bad):
    tones, other, options = BAD[bad]
    rows, columns = planted(tones, per_outlet=6)
    if "days" in other:
        n = len(columns["articles"])
        columns["days"] = (other["days"] * n)[:n]
    result = tl.tone(made(rows, **columns), draws=50, **options)
    figure = pl.tone(result)
    assert result.finding and figure.alt.startswith(result.finding)
    assert figure.canvas.get_size_inches()[1] <= 9
    assert all(ax.lines for ax in figure.axes if ax.get_visible() and ax.axison)
    if "no date" in bad:
        assert "No article has a date." in figure.subtitle


def test_its_figure_of_nothing_says_so():
    (ax,) = pl.tone(tl.tone(made([]))).axes
    assert "No mention" in ax.texts[0].get_text()


@pytest.mark.long
def test_means_ship_in_steps_that_tell_no_single_mention():
    tone = pd.Series([0.43, 0.43, 0.43, -0.6, -0.6])
    n = pd.Series([1, 2, 50, 3, 1])
    found = coarse(pd.DataFrame({"tone": tone}), ["tone"], n)["tone"]
    assert found.tolist() == [0, 0.5, 0.43, -0.666667, -1]
    same = coarse_shrunk(pd.Series([-0.6036] * 4), pd.Series([6, 14, 1, 30]))
    assert same.nunique() == 1 and abs(same[0] + 0.6036) < 0.01  # no order where there was none
    apart = coarse_shrunk(pd.Series([-0.9, -0.1, 0.5]), pd.Series([40, 40, 40]))
    assert apart.is_monotonic_increasing and np.allclose(apart, [-0.9, -0.1, 0.5], atol=0.013)
    # what is left when one cell is taken from another is never nearer than half a mention
    rng = np.random.default_rng(0)
    off = []
    for _ in range(500):
        size = int(rng.integers(2, 12))
        tones = rng.uniform(-1, 1, size)
        whole, part = (
            coarse(pd.DataFrame({"tone": [some.mean()]}), ["tone"], pd.Series([len(some)]))
            for some in (tones, tones[1:])
        )
        guess = whole["tone"][0] * size - part["tone"][0] * (size - 1)
        off.append(abs(guess - tones[0]))
    assert np.mean(off) > 0.15 and np.max(off) > 0.4


def test_a_single_mention_ships_as_of_its_class():
    chances = pd.DataFrame(0.3, range(4), CHANCES).assign(tone=[-1, 0, 1, 1])
    classes = _of_class(chances, pd.Series([True, True, True, False]))[CHANCES]
    assert classes.values.tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0.3, 0.3, 0.3]]


def test_an_article_that_blames_once_is_not_drowned_by_its_neutral_mentions():
    said = [("a1", 0, "mayor", "name", "outlet", "", 0.9, 0.0)]
    said += [("a1", s, "mayor", "name", "outlet", "", 0.02, 0.1) for s in range(1, 8)]
    said += [("b1", 0, "mayor", "name", "outlet", "", 0.3, 0.2)]
    said += [("b1", 1, "mayor", "name", "quoted", "Bo", 0.8, 0.0)]
    found = tl.tone(made(said), draws=2).articles.set_index(["article_id", "voice"])
    assert found.loc[("a1", "outlet"), "blamed"] == pytest.approx(1 - 0.1 * 0.98**7)
    assert found.loc[("a1", "outlet"), "praised"] == pytest.approx(1 - 0.9**7)
    assert found.loc[("b1", "outlet"), ["n_mentions", "blamed"]].tolist() == pytest.approx([1, 0.3])
    assert found.loc[("b1", "quoted"), "blamed"] == pytest.approx(0.8)
    assert found.loc[("a1", "outlet"), "tone"] > found.loc[("b1", "outlet"), "tone"] - 0.2
    assert len(found) == 3
