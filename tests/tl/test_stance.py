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


def features_with(
    mentions, *, n_sentences=20, form="private", actors=ACTORS, outlets=None, days=None
):
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
            "published": [(days or {}).get(a, "") for a in ids],
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
        [(a, s, 0, 0, 1, 10, 0.0, False, ".") for a in ids for s in range(n_sentences)],
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
    tables = {"articles": articles, "sentences": sentences, "mentions": table}
    if form == SHARED:
        tables["mentions"] = table.assign(unit=table["sentence"], part="body")
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
    for trial in range(20):
        rows = [
            ("a", s, actor, float(np.clip(rng.normal(mean, 0.3), -1, 1)))
            for s in range(20)
            for actor, mean in (("ada", 0.2), ("bo", -0.2))
        ]
        got = stance(
            features_with(rows), towards="town", against="port", draws=100, seed=trial
        ).table.iloc[0]
        covered += got["low"] <= 0.4 <= got["high"]
    assert covered >= 17


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
    assert table["group"].tolist() == ["Echo", "Post"]
    assert table["unit"].tolist() == ["article", "sentence"]
    np.testing.assert_allclose(table["score"], [0.3, -0.5], atol=1e-6)
    assert table["low"].iloc[0] < 0.1 and 0.5 < table["high"].iloc[0]  # of two articles


def outlets_of(scores, n_articles=8, seed=0):
    """Outlets of several articles whose score is known, a little noise aside."""
    rng = np.random.default_rng(seed)
    rows, outlets = [], {}
    for outlet, score in scores.items():
        for i in range(n_articles):
            article = outlets.setdefault(f"{outlet}{i}", outlet) + str(i)
            for s in range(20):
                for actor, half in (("ada", score / 2), ("bo", -score / 2)):
                    rows.append((article, s, actor, half + rng.normal(0, 0.1)))
    return rows, outlets


def test_the_outlet_that_speaks_otherwise_is_apart_and_named():
    rows, outlets = outlets_of({"Post": 0.8, "Echo": 0, "Sun": 0, "Star": 0})
    made = stance(features_with(rows, outlets=outlets), towards="town", against="port")
    table = made.table.set_index("group")
    assert made.params["by"] == "outlet" and table.loc["Post", "apart"]
    np.testing.assert_allclose(table["score"], [0.8, 0, 0, 0], atol=0.05)
    weight = table["weight"].drop("Post")
    rest = (table["score"].drop("Post") * weight).sum() / weight.sum()
    assert table.loc["Post", "rest"] == pytest.approx(rest)
    assert made.finding.startswith(
        "Post speaks better of the town side (against the port side) than the rest"
    )
    figure = pl.stance(made)
    assert figure.axes[0].get_yticklabels()[0].get_text() == "Post"
    assert "Mean tone of 640 mentions of the town side" in figure.subtitle
    rows, outlets = outlets_of({"Post": 0.1, "Echo": 0.1, "Sun": 0.1})
    same = stance(features_with(rows, outlets=outlets), towards="town", against="port")
    assert not same.table["apart"].any() and same.finding.startswith("No outlet differs")


def test_bounds_are_those_of_resampled_articles():
    rows, outlets = outlets_of({"Post": 0.4}, n_articles=40)
    rng = np.random.default_rng(1)
    shift = dict(zip(outlets, rng.normal(0, 0.2, len(outlets))))
    rows = [
        (a, s, who, t + shift[a] * (who == "ada")) for a, s, who, t in rows if s % 3 or who == "bo"
    ]
    features = features_with(rows, outlets=outlets)
    row = stance(features, towards="town", against="port", by="outlet").table.iloc[0]
    sums = {a: np.zeros(4) for a in outlets}
    for a, _, who, t in rows:
        sums[a] += [t, 0, 1, 0] if who == "ada" else [0, t, 0, 1]
    each = np.array(list(sums.values()))
    drawn = each[rng.integers(0, 40, (4000, 40))].sum(axis=1)
    naive = np.quantile(drawn[:, 0] / drawn[:, 2] - drawn[:, 1] / drawn[:, 3], [0.025, 0.975])
    np.testing.assert_allclose([row["low"], row["high"]], naive, atol=0.02)


def test_planted_weeks_come_back():
    rows, outlets = outlets_of({"Post": 0.5, "Echo": 0.0}, n_articles=20)
    days = {a: "2024-08-05" if int(a[4:]) % 2 else "2024-08-19" for a in outlets}
    rows = [(a, s, w, -t if days[a] == "2024-08-19" else t) for a, s, w, t in rows]
    made = stance(
        features_with(rows, outlets=outlets, days=days),
        towards="town",
        against="port",
        by=["outlet", "week"],
    )
    scores = made.table.set_index("group")["score"].to_dict()
    assert scores == pytest.approx(
        {
            "Post · 2024-08-19": -0.5,
            "Post · 2024-08-05": 0.5,
            "Echo · 2024-08-19": 0,
            "Echo · 2024-08-05": 0,
        },
        abs=0.05,
    )
    assert "Post in the week of 5 August 2024 speaks better of the town side" in made.finding
    post = next(ax for ax in pl.stance(made).axes if ax.get_title("left") == "Post")
    (line,) = [one for one in post.lines if len(one.get_xdata()) == 3]
    assert np.isnan(line.get_ydata()).tolist() == [False, True, False]  # the week between


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


def test_one_group_is_compared_with_0():
    rows, outlets = outlets_of({"Post": -0.4})
    features = features_with(rows, outlets=outlets)
    made = stance(features, towards="town", against="port", by="outlet")
    assert made.finding.startswith("Post speaks worse of the town side than of the port side (−0.4")
    rows, outlets = outlets_of({"": 0})
    features = features_with(rows, outlets=outlets)
    made = stance(features, towards="town", against="port", by="outlet")
    assert made.finding.startswith("The corpus speaks of the town side no better and no worse")
    assert pl.stance(made).title == made.finding


def test_the_figure_of_nothing_says_so():
    rows = planted(("a", {"ada": 0.5}), ("b", {"bo": 0.5}))
    made = stance(features_with(rows), towards="town", against="port")
    assert made.finding == (
        "No article mentions both the town side and the port side in this voice"
    )
    (ax,) = pl.stance(made).axes
    assert "mentions both" in ax.texts[0].get_text()
