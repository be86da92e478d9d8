"""Keyness and frames against planted truths and the formula written out."""

import numpy as np
import pytest

from analysis.errors import FeaturesError, OptionError
from analysis.tl import frames, keyness
from tests.memory import features_of

FILLER = "the crew loaded boxes while gulls watched the water and trucks waited near sheds "


def test_a_planted_word_leads_its_article():
    features = features_of({"a": FILLER * 8 + "scandal " * 30, "b": FILLER * 8, "c": FILLER * 8})
    table = keyness(features).table
    first = table[table["group"] == "a"].iloc[0]
    assert (first["term"], first["count"], first["count_rest"], bool(first["familywise"])) == (
        "scandal",
        30,
        0,
        True,
    )
    assert first["low"] > 0


def test_keyness_is_the_formula():
    features = features_of({"a": "red red red blue green green", "b": "red blue blue blue green"})
    row = (
        keyness(features, stop_words=True, prior=10)
        .table.query("group == 'a' and term == 'red'")
        .iloc[0]
    )
    alpha = 10 * 4 / 11
    delta = np.log((3 + alpha) / (6 + 10 - 3 - alpha)) - np.log((1 + alpha) / (5 + 10 - 1 - alpha))
    sd = np.sqrt(1 / (3 + alpha) + 1 / (1 + alpha))
    assert np.allclose(
        [row["log_odds"], row["z"], row["low"]],
        [delta, delta / sd, delta - 1.959964 * sd],
        rtol=1e-6,
    )


def test_two_groups_mirror_each_other():
    features = features_of({"a": FILLER * 3 + "red red", "b": FILLER * 2 + "blue blue"})
    table = keyness(features).table.pivot(index="term", columns="group", values="log_odds")
    assert np.allclose(table["a"], -table["b"])


def test_groups_may_be_outlets_and_an_unknown_one_is_named():
    features = features_of(
        {"a": FILLER, "b": FILLER, "c": FILLER + "red red"}, outlets={"a": "Echo", "b": "Echo"}
    )
    assert keyness(features, by="outlet").groups == ["Echo", "(unknown)"]


@pytest.mark.parametrize(
    "options", [{"by": "colour"}, {"prior": 0}, {"level": 1}, {"min_count": 0}]
)
def test_a_wrong_option_of_keyness_is_told(options):
    with pytest.raises(OptionError, match="was given; allowed"):
        keyness(features_of({"a": FILLER, "b": FILLER}), **options)


def test_one_group_has_nothing_to_be_compared_with():
    with pytest.raises(FeaturesError, match="one only"):
        keyness(features_of({"a": FILLER}))


def test_too_few_words_to_compare_are_told():
    with pytest.raises(FeaturesError, match="allow rarer words"):
        keyness(features_of({"a": "red", "b": "red"}))


def test_names_can_be_left_out():
    features = features_of(
        {
            "a": "So said Reyes. We met Reyes. Then Reyes left.",
            "b": "We met and left. Then so it went.",
        }
    )
    assert "reyes" in set(keyness(features).table["term"])
    assert "reyes" not in set(keyness(features, names=False).table["term"])


def test_frame_words_are_counted_by_article_and_sentence_and_traced():
    text = "They accused him. The clashes and sharp words went on. Nothing else."
    result = frames(
        features_of(
            {"a": text, "b": "Nothing at all."},
            frames={"conflict": ["accus*", "clash*", "sharp words"], "other": ["zebra"]},
        )
    )
    row = result.table.query("article_id == 'a' and frame == 'conflict'").iloc[0]
    assert (row["n_hits"], row["n_words"], row["n_sentences"]) == (3, 12, 3) and row[
        "share"
    ] == 3 / 12
    assert row["low"] <= row["share"] <= row["high"]
    assert result.sentences[["sentence", "n_hits"]].values.tolist() == [[0, 1], [1, 2]]
    assert [text[s:e] for s, e in result.sentences[["start", "end"]].values] == [
        "They accused him.",
        "The clashes and sharp words went on.",
    ]
    assert dict(zip(result.words["pattern"], result.words["count"])) == {
        "accus*": 1,
        "clash*": 1,
        "sharp words": 1,
    }


def test_a_phrase_does_not_run_over_a_sentence_end():
    result = frames(
        features_of({"a": "It was sharp. Words followed."}, frames={"conflict": ["sharp words"]})
    )
    assert result.table["n_hits"].sum() == 0


def test_without_frames_the_codebook_is_named():
    with pytest.raises(FeaturesError, match="codebook names no frames"):
        frames(features_of({"a": FILLER}))
