"""Frames against planted truths."""

import pytest

from analysis.errors import FeaturesError
from analysis.tl import frames
from tests.memory import features_of

FILLER = "the crew loaded boxes while gulls watched the water and trucks waited near sheds "


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
