"""Coders that are machines are marked so, held against people, and leave a trail."""

import hashlib

import openpyxl
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from analysis import pl
from analysis.errors import OptionError
from analysis.va import read_sheets, validate
from analysis.va.coding_sheets import write_sheets
from analysis.va.sample import draw_sample
from tests.small import put
from tests.va.coding import fill, naive_alpha, tidy, units_of, value

# two people, and a machine that is wrong on purpose
ROWS = [
    (1, 1, 1),
    (0, 0, 1),
    (1, 1, 1),
    (0, 0, 0),
    (1, 0, 1),
    (0, 0, 0),
    (1, 1, 0),
    (None, None, 1),
]
MACHINE = {"C": "a language model, version 3, prompt of the codebook"}


def test_a_machine_is_no_part_of_the_peoples_agreement_and_is_held_against_it():
    result = validate(tidy(ROWS), machines=MACHINE, draws=50)
    people = validate(tidy([row[:2] for row in ROWS]), draws=50)
    mine = result.table[~result.table["who"].str.startswith("machine")].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, people.table)
    pd.testing.assert_series_equal(result.units["majority"], people.units["majority"])
    truth, said = zip(*[(a, c) for a, b, c in ROWS if a == b and a is not None])
    f1 = value(result, "machine C", "macro F1", "")
    assert f1["value"] == pytest.approx(f1_score(truth, said, average="macro")) and f1["n"] == 6
    alpha = value(result, "machine C", "alpha", "ordinal")["value"]
    assert alpha == pytest.approx(naive_alpha(list(zip(truth, said)), "ordinal"))
    confused = {tuple(row) for row in result.machines.to_numpy()}
    assert confused == {("C", 0, 0, 2), ("C", 0, 1, 1), ("C", 1, 0, 1), ("C", 1, 1, 2)}
    assert result.params["coders"] == ["A", "B"] and result.params["machines"] == MACHINE
    said = result.paragraph()
    assert "coded by 2 coders" in said and "C is a machine (a language model, version 3" in said
    assert dict(zip(result.audit["coder"], result.audit["n_codes"])) == {"A": 7, "B": 7, "C": 8}
    names = [label.get_text() for label in pl.validate(result).axes[0].get_yticklabels()]
    assert any(name.startswith("machine C") for name in names)


def test_where_all_coders_are_machines_a_note_says_so():
    machines = dict.fromkeys("AB", "a model")
    result = validate(tidy([row[:2] for row in ROWS]), machines=machines, draws=20)
    assert "All coders are machines (A: a model, B: a model)" in " ".join(result.notes)
    assert value(result, "coders", "alpha", "ordinal")["n"] == 7 and result.machines.empty


def test_the_trail_says_who_coded_when_and_by_which_file(tmp_path):
    sample = draw_sample(units_of(), n=10, overlap=1.0, coders=["Ada", "Bot"], codes=[0, 1])
    key = write_sheets(sample, tmp_path / "sheets")[0]
    ada, bot = tmp_path / "sheets" / "Ada.xlsx", tmp_path / "sheets" / "Bot.csv"
    book = openpyxl.load_workbook(ada)
    for row in range(2, 12):
        book["coding"].cell(row, book["coding"].max_column, row % 2)
    book.save(ada)
    rows = [f"{unit},1,2026-11-0{1 + i % 3}" for i, unit in enumerate(sample.table["unit"])]
    put(bot, "\n".join(["unit,code,coded", *rows, ""]))
    codes = read_sheets(tmp_path / "sheets", key, machines={"Bot": "a model of November 2026"})
    trail = codes.sheets.set_index("coder")
    assert trail["n_codes"].tolist() == [10, 10] and trail.loc["Ada", "machine"] == ""
    assert trail.loc["Bot", ["machine", "first", "last"]].tolist() == [
        "a model of November 2026",
        "2026-11-01",
        "2026-11-03",
    ]
    for coder, path in (("Ada", ada), ("Bot", bot)):
        assert trail.loc[coder, "sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert trail.loc["Ada", "first"].startswith("20") and trail.loc["Ada", "file"] == "Ada.xlsx"
    said = validate(codes, draws=20).methods()
    assert f"sha256 {trail.loc['Bot', 'sha256'][:12]}" in said and "of Twicetold" in said
    assert "Bot (a machine: a model of November 2026) gave 10 codes from 2026-11-01" in said


def test_a_sheet_that_does_not_say_when_has_no_day(tmp_path):
    sample = draw_sample(units_of(), n=4, coders=["Ada"], codes=[0, 1])
    key = write_sheets(sample, tmp_path / "sheets")[0]
    fill(tmp_path / "sheets" / "Ada.csv", [1, 0, 1, 0])
    codes = read_sheets(tmp_path / "sheets", key)
    assert codes.sheets[["file", "first", "machine"]].to_numpy().tolist() == [["Ada.csv", "", ""]]


@pytest.mark.parametrize(
    "machines, words",
    [
        (["C"], "machines must say what each is"),
        ({"C": " "}, "machines must say what each is"),
        ({"D": "a model"}, "machines names D, who coded nothing; coders are A, B, C"),
    ],
)
def test_machines_must_be_coders_and_named(machines, words):
    with pytest.raises(OptionError, match=words):
        validate(tidy(ROWS), machines=machines)
