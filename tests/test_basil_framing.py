"""The benchmark of outlets: regression as scikit-learn's, statistics on planted data, sides."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from analysis.tl._profile_sample import ProfileSample
from benchmarks import basil_framing as basil
from tests.memory import features_of, with_column


def test_the_regression_is_scikit_learns():
    rng = np.random.default_rng(0)
    points = np.column_stack([rng.normal(size=(90, 6)), np.ones(90)])
    labels = np.stack(
        [1 * (points[:, 0] + rng.normal(size=90) > 0) + (points[:, 1] > 1) for _ in range(2)]
    )
    made = basil.logistic(points, labels, 3)
    for weights, given in zip(made, labels):
        theirs = LogisticRegression(C=1 / basil.PENALTY, tol=1e-8, max_iter=1000).fit(
            points[:, :-1], given
        )
        ours = points @ weights
        np.testing.assert_allclose(
            np.exp(ours) / np.exp(ours).sum(axis=1, keepdims=True),
            theirs.predict_proba(points[:, :-1]),
            atol=5e-3,
        )


def test_planted_outlets_are_predicted_and_permuted_ones_are_not(monkeypatch):
    monkeypatch.setattr(basil, "DRAWS", 50)
    monkeypatch.setattr(basil, "RESTARTS", 10)
    rng = np.random.default_rng(1)
    marks = [".", "!", "?"]
    texts = {
        f"e{event:02d}-{outlet}": " ".join(
            f"They {rng.choice(['spoke', 'wrote', 'knew'])} of thing {event}{marks[outlet]}"
            for _ in range(12)
        )
        for event in range(8)
        for outlet in range(3)
    }
    features = with_column(features_of(texts), "event", [name[:3] for name in texts])
    sample = ProfileSample.of(features, blocks=("style",), within="event", weights=None, seed=0)
    events, outlets = np.repeat(np.arange(8), 3), np.tile(np.arange(3), 8)
    scores, right = basil.outlet_scores(sample, events, outlets, 19, 0)
    assert (
        scores["accuracy"] == 1
        and right.all()
        and scores["accuracy_p"] == pytest.approx(0.05)
        and scores["ari_kmeans"] == 1
    )
    assert abs(scores["accuracy_by_chance"] - 1 / 3) < 0.15
    wrong = next(basil.permuted(outlets, events, 1, np.random.default_rng(2)))
    assert basil.outlet_scores(sample, events, wrong, 3, 0)[0]["accuracy"] < 0.7


def test_a_gain_is_told_from_none():
    events = np.repeat(np.arange(40), 3)
    rng = np.random.default_rng(3)
    one = rng.random(120) < 0.5
    assert basil.gain(one, one, events, 0)["p"] == 1
    better = basil.gain(one | (rng.random(120) < 0.5), one, events, 0)
    assert better["p"] < 0.01 and better["accuracy_low"] > 0


def test_the_table_of_sides_gives_each_actor_one_side():
    table = pd.read_csv(basil.SIDES, keep_default_na=False)
    assert list(table.columns) == ["name", "actor", "party", "aliases"] and table["name"].is_unique
    assert (
        set(table["party"]) == {"democratic", "republican", ""}
        and (table.groupby("actor")["party"].nunique() == 1).all()
    )
    codebook = basil.make_codebook([*table["name"], "the weather service"])
    assert (
        codebook.actors["democrats"]["side"] == "democratic"
        and codebook.actors["the_weather_service"]["side"] == ""
    )
    assert {"conflict", "morality"} <= set(codebook.frames) and codebook.axes and codebook.labels


def test_rank_correlation_within_events_forgets_the_event():
    events = np.repeat(np.arange(20), 3)
    inside, between = (
        np.tile([0.0, 1, 2], 20),
        np.repeat(np.random.default_rng(4).normal(size=20) * 50, 3),
    )
    found = basil.correlation(inside + between, inside, events, 0)
    assert found["rho"] < 0.5 < found["within_events"] and found["n"] == 60


def test_stance_is_that_of_articles_though_outlets_have_several():
    praise, blame = "Barack Obama was brave and right.", "Barack Obama was corrupt and lied."
    told = {"x-1": praise, "x-2": blame, "y-1": blame, "y-2": praise}
    other = "The Romney campaign did nothing."
    articles = pd.DataFrame(
        [(a, a[-1], a[0], f"{text} {other}") for a, text in told.items()],
        columns=["article_id", "event", "outlet", "text"],
    ).assign(relative_stance=["left", "right", "right", "left"])
    codes = ["pos", "neg", "neg", "pos"]
    tone = pd.DataFrame({"article_id": list(told), "actor": "Barack Obama", "tone": codes})
    tone.loc[len(tone)] = "x-1", "Romney campaign", "neu"
    features = basil.make_features(articles, tone)
    about = articles.set_index("article_id").loc[features.article_ids]
    found = basil.stance_scores(features, about, tone, np.array([0, 1, 0, 1]), 0)
    for name in ("model_signed", "model_score"):
        assert found[name]["n"] == 4 and found[name]["rho"] > 0.8
