"""The score of labels, against one counted by hand."""

import pandas as pd
import pytest

from analysis.languages import people
from benchmarks import newswcl50

TEXT = "President Ada Orr left. The tall mayor wept. A crowd met the White House. Orr is ill."
CODED = [
    ("ACTOR", "X\\Orr", "President Ada Orr"),
    ("ACTOR", "X\\Orr", "The tall mayor"),
    ("ACTOR", "X\\Orr", "Orr is"),
    ("COUNTRY", "X", "the White House"),
]
LABELS = [
    ("X\\Orr", "title", "President"),
    ("X\\Orr", "noun", "The tall mayor"),
    ("X\\Orr", "noun", "crowd met"),
    ("X\\Orr", "noun", "White House"),
]


def tables():
    articles = pd.DataFrame({"article_id": ["a"], "event": [0], "text": [TEXT]})
    mentions = pd.DataFrame(
        [
            ("a", 0, kind, concept, TEXT.rindex(words), TEXT.rindex(words) + len(words), words)
            for kind, concept, words in CODED
        ],
        columns="article_id event type concept start end text".split(),
    )
    labels = pd.DataFrame(
        [
            ("a", actor, TEXT.index(words), TEXT.index(words) + len(words), construction, 0.8)
            for actor, construction, words in LABELS
        ],
        columns=newswcl50.COLUMNS,
    )
    return articles, mentions, labels


def test_what_is_found_and_what_is_right():
    counts, right, judged = newswcl50.score(*tables())
    assert right.tolist() == [True, True, False, False]
    assert judged.tolist() == [True, True, True, False]  # the last means a body
    figures = newswcl50.figures(counts)
    assert figures["n"] == {"bare": 1, "beside": 1}  # "Orr is" holds no description
    assert figures["recall"] == {"all": 1.0, "bare": 1.0}
    assert figures["precision"] == {"all": pytest.approx(2 / 3, abs=1e-4), "noun": 0.5}
    assert figures["f1_strict"] == pytest.approx(2 / 3, abs=1e-4)


def test_a_codebook_holds_the_names_that_coders_marked():
    _, mentions, _ = tables()
    book = newswcl50.codebook(mentions[mentions["type"] == "ACTOR"])
    assert book == {"X\\Orr": {"name": "Ada Orr", "aliases": ["Orr"], "kind": "person"}}


def test_labels_are_found_with_that_codebook():
    articles, mentions, _ = tables()
    found = list(newswcl50.found_labels(articles, mentions))
    assert ("a", "X\\Orr", 0, 9, "title") in [row[:5] for row in found]


def test_calibration_asks_for_unlikely_descriptions_too(tmp_path, monkeypatch):
    articles, mentions, _ = tables()
    articles.to_parquet(tmp_path / "articles.parquet")
    mentions.to_parquet(tmp_path / "mentions.parquet")
    asked, found = [], newswcl50.found_labels

    def remember(*tables):
        asked.append(people.LEADS_BACK)
        return list(found(*tables))

    monkeypatch.setattr(newswcl50, "found_labels", remember)
    monkeypatch.setattr(newswcl50, "calibrate", lambda chance, right: {})
    options = ["--data", str(tmp_path), "--out", str(tmp_path / "labels.parquet"), "--calibrate"]
    newswcl50.main(options)
    assert asked == [people.LEADS_BACK, -9.0]
