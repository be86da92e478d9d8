"""Sheets of frame codes: read as they are, or refused with every fault and its row."""

import pandas as pd
import pytest

from analysis.errors import CorpusError, OptionError
from analysis.io import read_frame_codes


def test_a_csv_is_read_as_a_table_is(tmp_path):
    path = tmp_path / "codes.csv"
    path.write_bytes(
        '\ufeffarticle_id,text,frame,remark\r\nports,"The boats sailed\r\nat dawn.",sea,"x,'
        ' y"\r\n\r\nfarms,Cows grazed on the hill.,land\r\n'.encode()
    )
    codes = read_frame_codes(path)
    assert codes.table[["row", "article_id", "frame"]].values.tolist() == [
        [2, "ports", "sea"],
        [5, "farms", "land"],
    ]


@pytest.mark.parametrize(
    "text, row, words",
    [
        ("article_id,frame\na,sea\n", 1, "sentence (or text)"),
        ("", 1, "columns none"),
        ("article_id,sentence,frame\na,x,sea\n", 2, "whole number"),
        ("article_id,sentence,frame\na,-1,sea\n", 2, "whole number"),
        ("article_id,sentence,frame\na,1.5,sea\n", 2, "whole number"),
        ("article_id,sentence,frame\na,inf,sea\n", 2, "whole number"),
        ("article_id,sentence,frame\n,1,sea\n", 2, "no article_id"),
        ("article_id,sentence,frame\na,1,sea\na,1,sea\n", 3, "same as row 2"),
        ("article_id,sentence,frame\na,1,\n", None, "no sentence with a frame"),
        ("article_id,sentence,frame,coder\na,1,sea,x\na,2,sea,y\n", 3, "'x', 'y'"),
        ("article_id,sentence,frame\na,1,sea,more\n", 2, "4 cells"),
        ('article_id,sentence,frame\na,1,"sea\n', 2, "not readable as CSV"),
    ],
)
def test_faults_of_a_sheet_are_reported_with_their_rows(tmp_path, text, row, words):
    path = tmp_path / "codes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError) as raised:
        read_frame_codes(path)
    assert any(
        f.file == "codes.csv" and f.row == row and words in f.problem for f in raised.value.faults
    ), raised.value


def test_a_missing_and_a_latin1_sheet_are_refused(tmp_path):
    with pytest.raises(CorpusError, match="missing"):
        read_frame_codes(tmp_path / "none.csv")
    (tmp_path / "latin.csv").write_bytes("article_id,sentence,frame\na,1,é\n".encode("latin-1"))
    with pytest.raises(CorpusError, match="row 2.*UTF-8"):
        read_frame_codes(tmp_path / "latin.csv")


@pytest.mark.parametrize("source", [5, None, b"codes.csv", ["a"]])
def test_what_is_no_sheet_is_refused(source):
    with pytest.raises(OptionError, match="a coded sheet must be a path or a table"):
        read_frame_codes(source)


def test_a_table_with_numbers_and_empty_cells_is_read():
    cells = {"article_id": ["a", "a"], "sentence": [3.0, None], "text": [None, "A day."]}
    table = read_frame_codes(pd.DataFrame({**cells, "frame": ["sea", None]})).table
    assert table["sentence"].tolist() == [3, pd.NA]
    assert table[["row", "text", "frame"]].values.tolist() == [[2, "", "sea"], [3, "A day.", ""]]
