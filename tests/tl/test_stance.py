"""Stance: planted tones give the planted score; missing sides are said."""

import numpy as np
import pandas as pd
import pytest

from analysis import pl
from analysis.errors import FeaturesError, OptionError
from analysis.features import SCHEMAS, SHARED, from_tables
from analysis.tl.stance import stance

ACTORS = {
    "ada": {"name": "Ada", "side": "town"},
    "bo": {"name": "Bo", "side": "port"},
    "cy": {"name": "Cy", "side": "court"},
    "di": {"name": "Di", "side": ""},
}


def features_with(mentions, *, n_sentences=20, form="private", actors=ACTORS, outlets=None):
    """Features whose articles mention actors with given tones: rows of (article, sentence, actor,
    tone) or (…, voice).
    """
    ids = list(dict.fromkeys([row[0] for row in mentions] + list(outlets or {})))
    rows = [
        (
            a,
            s,
            actor,
            "name",
            voice[0] if voice else "outlet",
            "",
            np.float32(max(-t, 0)),
            np.float32(1 - abs(t)),
            np.float32(max(t, 0)),
        )
        for a, s, actor, t, *voice in mentions
    ]
    table = pd.DataFrame(
        rows,
        columns=[
            "article_id",
            "sentence",
            "actor",
            "form",
            "voice",
            "speaker",
            "negative",
            "neutral",
            "positive",
        ],
    ).assign(start=0, end=1)
    articles = pd.DataFrame(
        {
            "article_id": ids,
            "outlet": [(outlets or {}).get(a, "") for a in ids],
            "published": "",
            "author": "",
            "url": "",
            "language": "en",
            "n_chars": 100,
            "n_tokens": 10 * n_sentences,
            "n_sentences": n_sentences,
            "sha256": "",
        }
    )
    sentences = pd.DataFrame(
        [(a, s, 0, 0, 1, 10, 0.0) for a in ids for s in range(n_sentences)],
        columns=["article_id", "sentence", "paragraph", "start", "end", "n_tokens", "quoted_share"],
    )
    tables = {"articles": articles, "sentences": sentences, "mentions": table}
    if form == SHARED:
        tables = {
            name: made[[c for c, _ in SCHEMAS[SHARED][name]]] for name, made in tables.items()
        }
    return from_tables(tables, form=form, codebook={"actors": actors})


def planted(*articles):
    return [
        (a, s, actor, tone)
        for a, tones in articles
        for s in range(20)
        for actor, tone in tones.items()
    ]


@pytest.mark.parametrize("form", ["private", "shared"])
def test_the_planted_score_comes_back_with_its_ns(form):
    made = stance(
        features_with(
            planted(("a", {"ada": 0.5, "bo": -0.25}), ("b", {"ada": -0.5, "bo": 0.0})), form=form
        ),
        towards="town",
        against="port",
    )
    table = made.table.set_index("group")
    np.testing.assert_allclose(table["score"], [0.75, -0.5], atol=1e-6)
    np.testing.assert_allclose(table["signed"], [0.375, -0.25], atol=1e-6)
    assert table[["n_towards", "n_against"]].to_numpy().tolist() == [[20, 20], [20, 20]]
    np.testing.assert_allclose(
        table["low"], table["score"], atol=1e-6
    )  # the same tone in every sentence
    assert set(made.actors["actor"]) == {"ada", "bo"}


def test_turning_the_sides_turns_the_sign():
    rng = np.random.default_rng(0)
    features = features_with(
        [("a", s, actor, rng.uniform(-1, 1)) for s in range(20) for actor in ("ada", "bo")]
    )
    one, other = (
        stance(features, towards=a, against=b).table.iloc[0]
        for a, b in (("town", "port"), ("port", "town"))
    )
    np.testing.assert_allclose(
        [one["score"], one["low"], one["high"]],
        [-other["score"], -other["high"], -other["low"]],
        atol=1e-9,
    )
    assert one["low"] < one["score"] < one["high"]


def test_intervals_cover_the_true_score():
    rng = np.random.default_rng(1)
    covered = 0
    for trial in range(60):
        rows = [
            ("a", s, actor, float(np.clip(rng.normal(mean, 0.3), -1, 1)))
            for s in range(20)
            for actor, mean in (("ada", 0.2), ("bo", -0.2))
        ]
        got = stance(
            features_with(rows), towards="town", against="port", draws=200, seed=trial
        ).table.iloc[0]
        covered += got["low"] <= 0.4 <= got["high"]
    assert covered >= 50


def test_only_the_voice_that_is_asked_for_counts():
    rows = (
        planted(("a", {"ada": 0.5, "bo": 0.5}))
        + [("a", s, "ada", -1.0, "quoted") for s in range(20)]
        + [("a", 0, "bo", 1.0, "quoted")]
    )
    assert stance(features_with(rows), towards="town", against="port").table["score"].iloc[
        0
    ] == pytest.approx(0)
    assert stance(features_with(rows), towards="town", against="port", voice="quoted").table[
        "score"
    ].iloc[0] == pytest.approx(-2)


def test_outlets_are_groups_of_articles():
    rows = planted(
        ("a", {"ada": 0.5, "bo": 0}), ("b", {"ada": 0.1, "bo": 0}), ("c", {"ada": -0.5, "bo": 0})
    )
    table = stance(
        features_with(rows, outlets={"a": "Echo", "b": "Echo", "c": "Post"}),
        towards="town",
        against="port",
        by="outlet",
    ).table
    assert table["group"].tolist() == ["Echo", "Post"] and table["unit"].tolist() == [
        "articles",
        "sentences",
    ]
    np.testing.assert_allclose(table["score"], [0.3, -0.5], atol=1e-6)
    assert table["low"].iloc[0] == pytest.approx(0.1) and table["high"].iloc[0] == pytest.approx(
        0.5
    )


def test_an_article_that_lacks_a_side_has_no_score_but_a_signed_mean():
    made = stance(
        features_with(
            planted(("a", {"ada": 0.5}), ("b", {"ada": 0.5, "bo": 0.5}), ("c", {"cy": 1.0}))
        ),
        towards="town",
        against="port",
    )
    table = made.table.set_index("group")
    assert (
        np.isnan(table.loc["a", "score"])
        and table.loc["a", "signed"] == pytest.approx(0.5)
        and np.isnan(table.loc["c", "signed"])
    )
    assert any("2 of 3" in said for said in made.notes)


def test_what_is_missing_is_said():
    rows = planted(("a", {"ada": 0.5, "bo": 0.5}))
    with pytest.raises(FeaturesError, match="nobody of the side 'court'"):
        stance(features_with(rows), towards="town", against="court")
    with pytest.raises(OptionError, match="one of 'court', 'port', 'town' .got 'moon'"):
        stance(features_with(rows), towards="moon", against="port")
    with pytest.raises(OptionError, match="against must be one of 'court', 'port' .got 'town'"):
        stance(features_with(rows), towards="town", against="town")
    with pytest.raises(OptionError, match="by must be .*'outlet'.*got 'newspaper'"):
        stance(features_with(rows), towards="town", against="port", by="newspaper")
    with pytest.raises(FeaturesError, match="extract with a tone model"):
        stance(
            features_with(planted(("a", {"ada": np.nan, "bo": np.nan}))),
            towards="town",
            against="port",
        )
    with pytest.raises(FeaturesError, match="no actor of the codebook has a side"):
        stance(features_with(rows, actors={"ada": {"name": "Ada"}}), towards="town", against="port")
    with pytest.raises(FeaturesError, match="is mentioned"):
        stance(features_with([], outlets={"a": ""}), towards="town", against="port")


@pytest.mark.parametrize(
    "options, words",
    [
        ({"draws": 0.5}, "draws must be a whole number of at least 1"),
        ({"draws": True}, "got True"),
        ({"level": -1}, "level must be a number between 0 and 1"),
        ({"seed": "a"}, "seed must be a whole number"),
        ({"voice": "nobody"}, "voice must be one of 'outlet', 'quoted', 'reported'"),
    ],
)
def test_wrong_options_are_refused(options, words):
    features = features_with(planted(("a", {"ada": 0.5, "bo": 0.5})))
    with pytest.raises(OptionError, match=words):
        stance(features, towards="town", against="port", **options)


def test_groups_may_be_given():
    rows = planted(("a", {"ada": 0.5, "bo": 0}), ("b", {"ada": 0.1, "bo": 0}), ("c", {"ada": 1}))
    groups = {"a": "left", "b": "left"}
    made = stance(features_with(rows), towards="town", against="port", by=groups)
    assert made.table["group"].tolist() == ["left"] and made.params["by"] == "(given)"
    assert made.table["score"].iloc[0] == pytest.approx(0.3)
    assert made.actors["n"].tolist() == [40, 40]


def test_the_finding_and_the_figure_are_of_groups_with_both_sides():
    rows = planted(
        ("a", {"ada": 0.5, "bo": 0.1}), ("b", {"ada": 0.1, "bo": 0.5}), ("c", {"ada": 1})
    )
    rows += [("d", 0, "ada", 1.0), ("d", 0, "bo", -1.0)]
    made = stance(features_with(rows), towards="town", against="port")
    assert made.finding == (
        "Of 2 articles with 5 mentions of each side, the tone is better towards town than towards"
        " port in 1, worse in 1, beyond chance"
    )
    (ax,) = pl.stance(made).axes
    assert [label.get_text() for label in ax.get_yticklabels()] == ["b", "a", "d"]
    filled = {line.get_markerfacecolor(): len(line.get_xdata()) for line in ax.lines[1:]}
    assert filled["white"] == 1 and sum(filled.values()) == 3


def test_the_figure_of_nothing_says_so():
    rows = planted(("a", {"ada": 0.5}), ("b", {"bo": 0.5}))
    made = stance(features_with(rows), towards="town", against="port")
    (ax,) = pl.stance(made).axes
    assert "mentions both town and port" in ax.texts[0].get_text()
    assert made.finding == "No article mentions town and port 5 times each"
