"""Coding sheets are blind, come back as they were filled in, and all their faults are listed."""

import io
import json
import re
import zipfile

import pandas as pd
import pytest
from scipy.stats import spearmanr

from analysis.errors import CorpusError, OptionError
from analysis.io.sheets import Sheet, read_sheet, xlsx_bytes
from analysis.va.coding_sheets import read_key, read_sheets, write_sheets
from analysis.va.sample import draw_sample
from tests.small import put, told
from tests.va.coding import OUTLETS, fill, units_of


def everything(path):
    """All that a file of a sheet holds, names of its parts included."""
    if path.suffix == ".csv":
        return path.read_text(encoding="utf-8-sig")
    with zipfile.ZipFile(path) as archive:
        return (
            "\n".join(
                name + archive.read(name).decode() + str(archive.getinfo(name))
                for name in archive.namelist()
            )
            + archive.comment.decode()
        )


@pytest.fixture
def drawn(tmp_path):
    """A sample of eight units, all coded by Ada and Ben, and its folder."""
    sample = draw_sample(units_of(), n=8, overlap=1, coders=["Ada", "Ben"])
    write_sheets(sample, tmp_path / "sheets")
    return sample, tmp_path / "sheets"


def test_sheets_hide_outlet_article_order_and_model(tmp_path):
    units = units_of()
    sample = draw_sample(
        units.assign(predicted="the-models-word"), n=40, by="outlet", coders=["Ada", "Ben"]
    )
    key, *paths = write_sheets(sample, tmp_path / "sheets")
    assert key == tmp_path / "sheets-key.csv" and len(paths) == 4
    for path in paths:
        said = everything(path)
        for hidden in (
            *OUTLETS,
            *set(units["article_id"]),
            "the-models-word",
            *(f"{p:.3f}" for p in sample.table["p_negative"]),
            "weight",
            "stratum",
            "docProps",
            str(tmp_path),
        ):
            assert hidden not in said, (path.name, hidden)
        header, *rows = [cells for _, cells in read_sheet(path)]
        assert header == ["unit", "text", "actor", "code (-1, 0, 1)"]
        assert all(
            re.fullmatch("[bcdfghjkmnpqrstvwxz]{6}", row[0])
            and "[[mayor]]" in row[1]
            and row[2] == "mayor"
            and not any(row[3:])
            for row in rows
        )
    place = {unit: i for i, unit in enumerate(sample.table["unit"])}
    for sheet in sample.sheets.values():
        order = [place[unit] for unit in sheet["unit"]]
        assert abs(spearmanr(order, range(len(order))).statistic) < 0.5, (
            "the sheet is in no order of the corpus"
        )
        assert (
            abs(spearmanr([place[u] for u in sorted(sheet["unit"])], range(len(order))).statistic)
            < 0.5
        ), "nor are the ids"


def test_the_key_comes_back_as_it_was(tmp_path):
    units = units_of().assign(section="=1+1", note=None)
    sample = draw_sample(units, n=10, by="outlet")
    key = read_key(write_sheets(sample, tmp_path / "sheets")[0])
    assert (key["section"] == "=1+1").all() and b",=1" not in (
        tmp_path / "sheets-key.csv"
    ).read_bytes()
    assert json.loads(key["codes"].iloc[0]) == [-1, 0, 1]
    pd.testing.assert_frame_equal(
        key[sample.table.columns].drop(columns=["note"]),
        sample.table.drop(columns=["note"]),
        check_dtype=False,
    )


def test_texts_that_would_run_as_formulas_do_not(tmp_path):
    units = pd.DataFrame(
        {
            "article_id": ["a", "b", "c"],
            "text": ['=HYPERLINK("http://x")', "@SUM(1)", "-2+3\x00\x07"],
            "actor": ["+1", "=x", "y"],
        }
    )
    for path in write_sheets(
        draw_sample(units, n=3, coders=["Ada"], codes=["=good", "bad"]), tmp_path / "s"
    ):
        for _, cells in read_sheet(path)[1:]:
            assert not any(
                cell.startswith(("=", "+", "@")) or cell.startswith("-") and path.stem != "s-key"
                for cell in cells
            ), cells
    ada = tmp_path / "s" / "Ada.csv"
    put(
        ada,
        ada.read_text(encoding="utf-8-sig")
        .replace("y,\n", "y,'=GOOD\n")
        .replace("y,\r\n", "y,'=GOOD\r\n"),
    )
    assert read_sheets(ada, tmp_path / "s-key.csv").table["code"].tolist() == ["=good"]


def test_codes_come_back_from_csv_and_from_excel(drawn):
    sample, folder = drawn
    codes = [-1, 0, 1, 1, 0, -1, -1, 0]
    fill(folder / "Ada.csv", codes)
    ben = [cells for _, cells in read_sheet(folder / "Ben.xlsx")]
    put(
        folder / "Ben.xlsx",
        xlsx_bytes(
            [
                Sheet(
                    "coding",
                    [ben[0], *([*row[:3], code] for row, code in zip(ben[1:], codes))],
                    [9] * 4,
                )
            ]
        ),
    )
    found = read_sheets(folder, folder.with_name("sheets-key.csv"))
    assert (
        found.codes == (-1, 0, 1)
        and not found.notes
        and found.missing.empty
        and len(found.table) == 16
    )
    for coder in ("Ada", "Ben"):
        told_by = found.table[found.table["coder"] == coder].set_index("unit")["code"]
        assert told_by[sample.sheets[coder]["unit"]].tolist() == codes


def test_codes_are_read_as_spreadsheets_rewrite_them(drawn):
    _, folder = drawn
    fill(folder / "Ada.csv", ["−1", "1.0", " 0 ", '"1,0"', "\u00a0-1.00", "+1", "–1", ""])
    found = read_sheets({"Ada": folder / "Ada.csv"}, folder.with_name("sheets-key.csv"))
    assert found.table["code"].tolist().count(-1) == 3 and sorted(found.table["code"]) == [
        -1,
        -1,
        -1,
        0,
        1,
        1,
        1,
    ]
    assert (
        found.notes
        == ("Ada left 1 of 8 units without a code.", "Ben left 8 of 8 units without a code.")
        and len(found.missing) == 9
    )


@pytest.mark.parametrize(
    "encode",
    [
        lambda t: t.encode(),
        lambda t: ("\ufeff" + t).encode(),
        lambda t: t.replace(",", ";").encode("cp1252"),
        lambda t: ("sep=;\r\n" + t.replace(",", ";")).encode(),
        lambda t: t.replace(",", "\t").encode("utf-16"),
    ],
)
def test_sheets_in_the_forms_of_different_programs_are_read(drawn, encode):
    sample, folder = drawn
    text = "unit,code,note\n" + "".join(f"{unit},0,schön\n" for unit in sample.table["unit"])
    put(folder / "Ada.csv", encode(text))
    assert (
        read_sheets([folder / "Ada.csv"], folder.with_name("sheets-key.csv")).table["code"].tolist()
        == [0] * 8
    )


def test_labels_are_read_in_any_case(tmp_path):
    write_sheets(
        draw_sample(
            units_of(),
            n=4,
            coders=["Ada"],
            codes={"Für": "in favour", "gegen": "against", "=x": ""},
        ),
        tmp_path / "s",
    )
    fill(tmp_path / "s" / "Ada.csv", ["für", "GEGEN", " Für", ""])
    assert read_sheets(tmp_path / "s", tmp_path / "s-key.csv").table[
        "code"
    ].sort_values().tolist() == ["Für", "Für", "gegen"]
    assert "in favour" in everything(tmp_path / "s" / "Ada.xlsx")


def test_every_fault_is_listed_with_file_and_row(drawn):
    sample, folder = drawn

    def spoil(lines):
        lines[1] = lines[1][:-1] + "2"
        return [*lines[:5], "unknwn,x,y,1", ",,,1", lines[2], "'=1+1,x,y,0"]

    fill(folder / "Ada.csv", [0] * 8, spoil)
    put(folder / "Ben.csv", "unit,rating\n")
    put(folder / "Eve.csv", "unit,code\n")
    put(folder / "Ben.xlsx", b"no zip")
    with pytest.raises(CorpusError) as caught:
        read_sheets(folder, folder.with_name("sheets-key.csv"))
    faults = caught.value.faults
    assert len(faults) == 8
    assert told(faults, "Ada.csv", "the code '2'", "-1, 0, 1", row=2) and told(
        faults, "Ada.csv", "'unknwn' is no unit", row=6
    )
    assert told(faults, "Ada.csv", "has no unit", row=7) and told(
        faults, "Ada.csv", "is here a second time, first in row 3", row=8
    )
    assert told(faults, "Ada.csv", "is no unit", row=9) and told(
        faults, "Ben.csv", "columns unit and code", "'rating'", row=1
    )
    assert told(faults, "Ben.xlsx", "damaged or no .xlsx") and told(
        faults, "Eve.csv", "no coder of the key (Ada, Ben)"
    )


def test_hostile_sheets_are_faults(drawn, tmp_path):
    sample, folder = drawn
    key = folder.with_name("sheets-key.csv")

    def faults(content, name="Ada.csv"):
        with pytest.raises(CorpusError) as caught:
            read_sheets({"Ada": put(tmp_path / name, content)}, key)
        return caught.value.faults

    unit = sample.table["unit"].iloc[0]
    assert told(faults(b""), "Ada.csv", "it is empty", row=1)
    assert told(faults(f"unit,code\n{unit},=1-1\n"), "Ada.csv", "'=1-1'", row=2)
    assert told(faults(f"unit,code\n{unit},nan\n"), "Ada.csv", "'nan'", row=2)
    assert told(faults(f"unit,code\n{unit},1e0\n"), "Ada.csv", "'1e0'", row=2)
    rows = [["unit", "code"], [unit, None]]
    formula = xlsx_bytes([Sheet("a", rows, [9, 9])])
    with zipfile.ZipFile(io.BytesIO(formula)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files["xl/worksheets/sheet1.xml"] = files["xl/worksheets/sheet1.xml"].replace(
        b'<c r="B2" s="2"/>', b'<c r="B2"><f>0+0</f><v>0</v></c>'
    )
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert told(faults(sink.getvalue(), "Ada.xlsx"), "Ada.xlsx", "'=0+0'", row=2)
    alone = draw_sample(units_of(), n=4, overlap=0, coders=["Ada", "Ben"], seed=3)
    key = write_sheets(alone, tmp_path / "other")[0]
    theirs = alone.sheets["Ben"]["unit"].iloc[0]
    assert told(
        faults(f"unit,code\n{theirs},0\n"), "Ada.csv", "was not given to Ada, but to Ben", row=2
    )
    with pytest.raises(OptionError, match="is no key of a sample"):
        read_sheets(folder, folder / "Ada.csv")
    with pytest.raises(OptionError, match="no coding sheet"):
        (tmp_path / "empty").mkdir()
        read_sheets(tmp_path / "empty", key)


def test_a_coder_may_use_both_files_but_not_say_two_things(drawn):
    sample, folder = drawn
    fill(folder / "Ada.csv", [0, 1, "", "", "", "", "", ""])
    rows = [
        ["unit", "code"],
        *([unit, code] for unit, code in zip(sample.sheets["Ada"]["unit"], [0, None, -1])),
    ]
    put(folder / "Ada.xlsx", xlsx_bytes([Sheet("coding", rows, [9, 9])]))
    assert sorted(read_sheets(folder, folder.with_name("sheets-key.csv")).table["code"]) == [
        -1,
        0,
        1,
    ]
    rows[2][1] = 0
    put(folder / "Ada.xlsx", xlsx_bytes([Sheet("coding", rows, [9, 9])]))
    with pytest.raises(CorpusError, match="as 0, but Ada.csv as 1"):
        read_sheets(folder, folder.with_name("sheets-key.csv"))


def test_sheets_with_codes_and_another_key_are_never_written_over(drawn, tmp_path):
    sample, folder = drawn
    write_sheets(sample, folder)
    fill(folder / "Ada.csv", [0] * 8)
    before = {
        path: path.read_bytes() for path in [*folder.iterdir(), folder.with_name("sheets-key.csv")]
    }
    other = draw_sample(units_of(), n=8, overlap=1, coders=["Ada", "Ben"], seed=1)
    for given_key, words in (
        (None, "is the key of another sample"),
        (tmp_path / "new-key.csv", "Ada.csv holds 8 codes"),
    ):
        with pytest.raises(OptionError, match=words):
            write_sheets(other, folder, key=given_key)
    with pytest.raises(OptionError, match="holds 8 codes"):
        write_sheets(sample, folder)
    put(folder / "Ada.csv", "something else\n")
    with pytest.raises(OptionError, match="no coding sheet"):
        write_sheets(sample, folder)
    with pytest.raises(OptionError, match="key must be outside"):
        write_sheets(sample, folder, key=folder / "key.csv")
    put(folder / "Ada.csv", before[folder / "Ada.csv"])
    assert (
        before == {path: path.read_bytes() for path in before}
        and not (tmp_path / "new-key.csv").exists()
    )
