"""Show: the words at a table's offsets, where they may be shown."""

import pandas as pd
import pytest

import analysis as tw
from analysis.errors import OptionError
from tests.small import put, write_corpus

TEXTS = {"a1": "The crane fell.\n", "b1": "“It fell,” she said.\n"}


@pytest.fixture
def folder(tmp_path):
    return write_corpus(tmp_path / "small", TEXTS)


def withheld(folder):
    said = (folder / "corpus.yml").read_text(encoding="utf-8")
    put(folder / "corpus.yml", said.replace("texts: shared", "texts: withheld"))
    return tw.load(folder)


def test_words_stand_at_their_offsets_and_none_where_either_is_missing(folder):
    rows = [("a1", 4, 9), ("b1", 1, 8), ("a1", pd.NA, 9), ("a1", 4, pd.NA), ("a1", pd.NA, pd.NA)]
    table = pd.DataFrame(rows, columns=["article_id", "start", "end"]).convert_dtypes()
    shown = tw.show(table, tw.load(folder))
    assert shown["text"].tolist() == ["crane", "It fell", "", "", ""]
    assert "text" not in table


def test_of_a_pair_both_sides_are_shown(folder):
    columns = ["a", "a_start", "a_end", "b", "b_start", "b_end"]
    table = pd.DataFrame([("a1", 10, 14, "b1", 4, 8)], columns=columns)
    shown = tw.show(table, tw.load(folder))
    assert shown[["a_text", "b_text"]].values.tolist() == [["fell", "fell"]]


def test_withheld_words_are_shown_only_if_asked(folder):
    table = pd.DataFrame([("a1", 4, 9)], columns=["article_id", "start", "end"])
    corpus = withheld(folder)
    assert "text" not in tw.show(table, corpus)
    assert tw.show(table, corpus, withheld=True)["text"].tolist() == ["crane"]


def test_a_table_without_offsets_is_refused(folder):
    table = pd.DataFrame({"article_id": ["a1"], "start": [0]})
    with pytest.raises(OptionError, match=r"must have article_id, start and end .*got article_id"):
        tw.show(table, tw.load(folder))


def test_a_headline_is_counted_without_its_doubled_spaces(tmp_path):
    folder = write_corpus(tmp_path / "small", TEXTS, title={"a1": " Crane  fell\ton quay"})
    table = pd.DataFrame([("a1", 6, 13)], columns=["article_id", "start", "end"])
    assert tw.show(table, tw.load(folder), part="title")["text"].tolist() == ["fell on"]
