"""Scores of attributions against planted ones."""

import pandas as pd

from benchmarks.polnear import COLUMNS, reliability, scores

TEXT = "Orr said the old bridge was safe. She left. Penn thinks that ships may come in late."


def row(content, speaker, article="a"):
    start = TEXT.index(content)
    end = start + len(content)
    return (article, start, end, False, speaker, "", "said", "speech", 0.9)


def one(content, source):
    start = TEXT.index(content)
    return {"source": source, "content_spans": [(start, start + len(content))]}


GOLD = {"a": [one("the old bridge was safe", "Orr"), one("ships may come in late", "Penn")]}


def scored(*rows):
    return scores(pd.DataFrame(list(rows), columns=COLUMNS), GOLD, {"a": TEXT, "b": TEXT})


def test_what_was_planted_is_right():
    found = scored(row("the old bridge was safe", "Orr"), row("ships may come in late", "Penn"))
    assert found["half"]["f1"] == 1 and found["half"]["n_gold"] == 2
    assert found["speaker"] == {"share": 1.0, "n": 2}


def test_half_of_the_words_decides_and_speakers_are_those_of_what_is_found():
    found = scored(row("old bridge was", "the Orr"), row("late", "Penn"), row("She left", "Penn"))
    half = found["half"]
    assert half["recall"] == 0.5 and half["precision"] == round(2 / 3, 4)
    assert found["speaker"] == {"share": 1.0, "n": 1}


def test_an_article_without_gold_counts_against_precision_and_a_wrong_speaker_is_wrong():
    found = scored(row("the old bridge was safe", "Penn"), row("She left", "Orr", article="b"))
    assert found["half"]["precision"] == 0.5 and found["speaker"]["share"] == 0


def test_statements_are_right_by_thirds_of_their_confidence():
    rows = [(*row("She left", "Orr")[:8], sure) for sure in (0.3, 0.4)]
    rows += [(*row("the old bridge was safe", "Orr")[:8], sure) for sure in (0.5, 0.6, 0.8, 0.9)]
    thirds = reliability(pd.DataFrame(rows[::-1], columns=COLUMNS), GOLD, {"a": TEXT})
    assert [(one["confidence"], one["right"], one["n"]) for one in thirds] == [
        (0.35, 0.0, 2),
        (0.55, 1.0, 2),
        (0.85, 1.0, 2),
    ]
