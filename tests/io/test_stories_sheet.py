"""`stories.csv`: what is read, every fault with its row, and what no spreadsheet runs."""

import pytest

from analysis.checks import check
from analysis.cli import main
from analysis.corpus import load
from analysis.errors import CorpusError
from analysis.events import story_of
from analysis.io.sheets import read_sheet
from analysis.io.stories_sheet import read_stories, stories_csv
from tests.small import extract_small, put, told, write_corpus

IDS = {"a1", "b1", "c1"}


def read(tmp_path, text):
    return read_stories(put(tmp_path / "stories.csv", text), IDS)


@pytest.mark.parametrize(
    "text",
    [
        "article_id,story\na1,The fire\nb1,2024-03-01-b1\n",
        "\ufeffstory;article_id;title\r\nThe fire;a1;=1+1\r\n2024-03-01-b1;b1\r\n\r\n",
        "article_id,story\na1,The fire\nb1,2024-03-01-b1\n".encode("utf-16"),
    ],
)
def test_what_editors_and_spreadsheets_save_is_read(tmp_path, text):
    assert read(tmp_path, text) == ({"a1": "The fire", "b1": "2024-03-01-b1"}, [])


def test_it_need_not_be_there(tmp_path):
    assert read_stories(tmp_path / "stories.csv", IDS) == ({}, [])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("x9,Fire", ["no article 'x9' is in metadata.csv", "remove the row"]),
        (",Fire", ["article_id is empty"]),
        ("b1,", ["the story of 'b1' is empty", "name it"]),
        ("b1,  ", ["the story of 'b1' is empty"]),
        ("a1,Other", ["'a1' is doubled, first in row 2"]),
        ("b1,=1+1", ["'=1+1'", "begins with a letter or digit"]),
        ("b1,'=1+1", ["'=1+1'"]),
        ("b1,@SUM(A1)", ["begins with a letter or digit"]),
        ("b1,../../x", ["begins with a letter or digit"]),
        ("b1,a/b", ["letters, digits, spaces"]),
        ("b1,a\tb", ["letters, digits, spaces"]),
        ("b1,one two three four five six", ["at most 5 words"]),
        (f"b1,{'x' * 101}", ["100 letters"]),
    ],
)
def test_faults_name_the_row_and_what_to_do(tmp_path, row, words):
    stories, faults = read(tmp_path, f"article_id,story\na1,Fire\n{row}\nc1,Flood\n")
    assert told(faults, "stories.csv", *words, row=3) and len(faults) == 1
    assert stories == {"a1": "Fire", "c1": "Flood"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ["empty"]),
        ("article,story\na1,Fire\n", ["needs article_id"]),
        ("article_id,story,story\na1,Fire,Flood\n", ["needs story, once"]),
        (b"article_id,story\0\n", ["stories.csv"]),
    ],
)
def test_a_file_that_is_no_such_table(tmp_path, text, words):
    stories, faults = read(tmp_path, text)
    assert told(faults, "stories.csv", *words) and not stories


def test_no_cell_that_is_written_runs_as_a_formula(tmp_path):
    data = stories_csv([["a1", "2024-03-01-a1", "=HYPERLINK(1)"]], ["title"])
    assert b",'=HYPERLINK" in data
    assert read_stories(put(tmp_path / "stories.csv", data), IDS)[0] == {"a1": "2024-03-01-a1"}


TEXTS = {
    "a1": "The old bridge of Elva fell into the river.",
    "b1": "The bridge of Elva fell into the cold river.",
    "c1": "Nine dancers won a golden medal abroad.",
}


@pytest.fixture
def folder(tmp_path):
    titles = {"a1": "=Bridge falls", "b1": "Bridge", "c1": "Medal"}
    return write_corpus(tmp_path / "corpus" / "mine", TEXTS, title=titles)


def test_the_command_writes_it_once_and_what_it_says_is_measured(folder, tmp_path, capsys):
    command = ["--root", str(tmp_path), "stories", "mine"]
    assert main(command) == 1 and "twicetold extract mine" in capsys.readouterr().err
    extract_small(folder)
    before = story_of(load(folder).features)
    assert before.nunique() == 2
    assert main(command) == 0
    assert "3 articles in 2 stories" in capsys.readouterr().out
    assert load(folder).stories == before.to_dict() and not check(folder)
    header, first, *_ = [cells for _, cells in read_sheet(folder / "stories.csv")]
    assert header == ["article_id", "story", "published", "outlet", "title"]
    assert first[4] == "'=Bridge falls"
    put(folder / "stories.csv", "article_id,story\nc1,Bridge\nb1,Bridge\n")
    assert main(command) == 1
    assert "may hold work by hand" in capsys.readouterr().err
    after = story_of(load(folder).features)
    assert after.tolist() == ["2024-08-01-a1", "Bridge", "Bridge"]
    assert extract_small(folder).stories == {"c1": "Bridge", "b1": "Bridge"}


def test_its_faults_stop_loading_and_are_checked(folder):
    put(folder / "stories.csv", "article_id,story\nx1,Bridge\n")
    assert told(check(folder), "stories.csv", "no article 'x1'", row=2)
    with pytest.raises(CorpusError, match="stories.csv, row 2: no article 'x1'"):
        load(folder)
