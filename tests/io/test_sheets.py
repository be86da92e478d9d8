"""Spreadsheets: what is written is read back, no cell is run, and no file of any kind breaks the
reader.
"""

import io
import re
import xml.etree.ElementTree as ElementTree
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.io.sheets import Sheet, SheetError, csv_bytes, plain, read_sheet, safe, xlsx_bytes
from tests.small import put

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROWS = [
    ["unit", "text", "code"],
    ["kq", "“Rain”, she said;\nand <left> & went _x0041_", -1],
    ["zz", " and spaces ", 0.5],
    ["bb", "", None],
]


def book(rows=ROWS):
    return xlsx_bytes(
        [
            Sheet("coding", rows, [8, 60, 8], (2, "codes!$A$2:$A$3")),
            Sheet("codes", [["code"], [-1], [1]], [8]),
        ]
    )


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(**contents):
    """An .xlsx of these parts (two underscores for a stroke), the usual ones unless given."""
    usual = {
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELS}"><sheets><sheet name="a" sheetId="1"'
            ' r:id="rId7"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            '<Relationships xmlns="p"><Relationship Id="rId7" Type="t"'
            ' Target="/xl/worksheets/one.xml"/></Relationships>'
        ),
    }
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            usual
            | {name.replace("__", "/") + ".xml": content for name, content in contents.items()}
        ).items():
            archive.writestr(name, content)
    return sink.getvalue()


def sheet(cells):
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def test_a_table_comes_back_from_csv_and_from_excel(tmp_path):
    wanted = [
        ["unit", "text", "code"],
        ["kq", ROWS[1][1], "-1"],
        ["zz", " and spaces ", "0.5"],
        ["bb"],
    ]
    assert [cells for _, cells in read_sheet(put(tmp_path / "a.xlsx", book()))] == wanted
    wanted[3] = ["bb", "", ""]
    assert [cells for _, cells in read_sheet(put(tmp_path / "a.csv", csv_bytes(ROWS)))] == wanted


def test_an_excel_file_is_well_formed_and_has_no_metadata():
    found = parts(book())
    assert sorted(found) == [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
        "xl/worksheets/sheet1.xml",
        "xl/worksheets/sheet2.xml",
    ]
    trees = {name: ElementTree.fromstring(data) for name, data in found.items()}
    declared = {
        o.get("PartName").lstrip("/") for o in trees["[Content_Types].xml"] if o.get("PartName")
    }
    assert declared == {name for name in found if name.startswith("xl/") and "_rels" not in name}
    order = [child.tag.rpartition("}")[2] for child in trees["xl/worksheets/sheet1.xml"]]
    assert order == ["sheetViews", "cols", "sheetData", "dataValidations"], (
        "Excel refuses another order"
    )
    assert trees["xl/worksheets/sheet1.xml"].find(f".//{{{MAIN}}}pane").get("state") == "frozen"
    choice = trees["xl/worksheets/sheet1.xml"].find(f".//{{{MAIN}}}dataValidation")
    assert (
        choice.get("sqref") == "C2:C4"
        and choice.find(f"{{{MAIN}}}formula1").text == "codes!$A$2:$A$3"
    )
    with zipfile.ZipFile(io.BytesIO(book())) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert book() == book()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        '  =HYPERLINK("http://x")',
        "\n=1",
        "\ufeff=1",
        "＝1",
        "'=1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_no_text_begins_as_a_formula_does(tmp_path, text):
    for data, ending in (
        (csv_bytes([["a"], [text]]), "csv"),
        (xlsx_bytes([Sheet("a", [["a"], [text]], [9])]), "xlsx"),
    ):
        cell = read_sheet(put(tmp_path / f"a.{ending}", data))[1][1][0]
        assert cell.startswith("'") and plain(cell) == text.replace("\r", "\n")
    assert not re.search(
        b"<f[ >]", b"".join(parts(book([["a", "b", "c"], [text, text, None]])).values())
    )


INVISIBLE = "\u200b\u200e\u202e\u2060\ufeff\u00ad\u3000 \u2009"


@pytest.mark.parametrize("sign", "=+-@＝")
def test_a_formula_behind_invisible_signs_is_made_safe(sign):
    for mark in [*INVISIBLE, INVISIBLE]:
        assert safe(f"{mark}{sign}1") == f"'{mark}{sign}1"
        assert plain(safe(f"{mark}{sign}1")) == f"{mark}{sign}1"
    assert safe(f"{INVISIBLE}a=1") == f"{INVISIBLE}a=1"


@given(st.text(max_size=30))
def test_a_safe_text_begins_with_no_sign_of_a_formula_and_comes_back(text):
    assert not safe(text).lstrip(" \n\u00a0\ufeff").startswith(tuple("=+-@\t\r"))
    assert plain(safe(text)) == safe("x" + text)[1:], (
        "but for control characters, it is what it was"
    )


@given(
    st.lists(
        st.lists(
            st.one_of(st.text(max_size=12), st.integers(-(10**6), 10**6), st.none()),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_texts_come_back_from_excel_as_they_were(tmp_path, rows):
    found = read_sheet(put(tmp_path / "a.xlsx", xlsx_bytes([Sheet("a", rows, [9] * 4)])))
    wanted = [
        ["" if c is None else safe(c) if isinstance(c, str) else str(c) for c in row]
        for row in rows
    ]
    for row in wanted:
        while row and not row[-1]:
            row.pop()
    assert [cells for _, cells in found] == [row for row in wanted if any(map(str.strip, row))]


def test_what_other_programs_make_of_a_file_is_read(tmp_path):
    """Shared strings in runs and with readings aloud, numbers, truth values, gaps of rows and
    cells, formulas, other prefixes.
    """
    strings = (
        f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>unit</x:t></x:si><x:si><x:r><x:t>two'
        " </x:t></x:r><x:r><x:t>runs</x:t></x:r></x:si><x:si><x:t>東京</x:t><x:rPh sb='0'"
        " eb='2'><x:t>トウキョウ</x:t></x:rPh></x:si></x:sst>"
    )
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>1</v></c></row><row r="2"/><row'
        ' r="4"><c r="A4" t="s"><v>2</v></c><c r="B4"><v>1.0</v></c><c'
        ' r="C4"><f>A1*2</f><v>4</v></c><c r="D4" t="b"><v>1</v></c><c r="E4"><v>-5E-1</v></c><c'
        ' r="AA4" t="str"><v>far</v></c></row><row><c'
        ' t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c><c t="str"><f t="shared"'
        ' si="0"/><v>x</v></c></row>'
    )
    rows = read_sheet(
        put(
            tmp_path / "a.xlsx", packed(xl__sharedStrings=strings, xl__worksheets__one=sheet(cells))
        )
    )
    assert rows == [
        (1, ["unit", "", "two runs"]),
        (4, ["東京", "1", "=A1*2", "1", "-0.5", *[""] * 21, "far"]),
        (5, ["ab", "="]),
    ]


@pytest.mark.parametrize(
    "data, rows",
    [
        ("a,b\n1,ö\n".encode(), [(1, ["a", "b"]), (2, ["1", "ö"])]),
        ("\ufeffa;b\r\n1;ö\r\n".encode(), [(1, ["a", "b"]), (2, ["1", "ö"])]),
        ("a;b\r\n1;ö\r\n".encode("cp1252"), [(1, ["a", "b"]), (2, ["1", "ö"])]),
        ("a\tb\r\n1\tö\r\n".encode("utf-16"), [(1, ["a", "b"]), (2, ["1", "ö"])]),
        (b"sep=;\r\na;b\r\n1;2\r\n", [(2, ["a", "b"]), (3, ["1", "2"])]),
        (b'a,b\n"x\ny",2\n\n , \n3,4\n', [(1, ["a", "b"]), (2, ["x\ny", "2"]), (6, ["3", "4"])]),
        (b"", []),
        (b"\n\n", []),
    ],
)
def test_csv_files_of_every_kind_are_read(tmp_path, data, rows):
    assert read_sheet(put(tmp_path / "a.csv", data)) == rows


@pytest.mark.parametrize(
    "data, ending, words",
    [
        (b"no zip at all", "xlsx", "damaged or no .xlsx"),
        (book()[:200], "xlsx", "damaged or no .xlsx"),
        (b"PK\x03\x04", "csv", "damaged or no .xlsx"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "xls", "old format of Excel"),
        (b"a,b\n\0", "csv", "NUL"),
        (b"a\n" + b"x" * 140_000, "csv", "row 2: not readable as CSV"),
        (packed(), "xlsx", "damaged"),
        (
            packed(
                xl__worksheets__one=(
                    f'<!DOCTYPE a [<!ENTITY b "c">]>{sheet("<row><c><v>&b;</v></c></row>")}'
                )
            ),
            "xlsx",
            "damaged",
        ),
        (packed(xl__worksheets__one="<a>"), "xlsx", "damaged"),
        (
            packed(xl__worksheets__one=sheet('<row r="1"><c r="A1" t="s"><v>5</v></c></row>')),
            "xlsx",
            "damaged",
        ),
        (packed(xl__worksheets__one=sheet('<c r="A1"><v>5</v></c>')), "xlsx", "damaged"),
        (
            packed(xl__worksheets__one=sheet('<row><c r="ZZZ1"><v>5</v></c></row>')),
            "xlsx",
            "damaged",
        ),
        (packed(xl__workbook="<workbook/>"), "xlsx", "damaged"),
        (
            packed(xl__worksheets__one=sheet('<row><c r="XFD1"><v>5</v></c></row>' * 100)),
            "xlsx",
            "more than 1,000,000 cells",
        ),
        (packed(xl__worksheets__one=" " * (33 << 20)), "xlsx", "unpacks to more than 32 MiB"),
    ],
)
def test_what_is_no_table_is_told(tmp_path, data, ending, words):
    with pytest.raises(SheetError, match=words):
        read_sheet(put(tmp_path / f"a.{ending}", data))


def test_a_zip_that_lies_about_its_sizes_and_other_zips_are_refused(tmp_path):
    bomb = packed(xl__worksheets__one=" " * (40 << 20))
    lying = bomb.replace((40 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb and len(bomb) < 100_000
    with pytest.raises(SheetError):
        read_sheet(put(tmp_path / "a.xlsx", lying))
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(SheetError, match="no .xlsx"):
        read_sheet(put(tmp_path / "a.ods", sink.getvalue()))


def test_missing_and_too_large_files_and_texts_are_told(tmp_path):
    with pytest.raises(SheetError, match="none.csv cannot be read"):
        read_sheet(tmp_path / "none.csv")
    with open(tmp_path / "a.csv", "wb") as stream:
        stream.truncate((32 << 20) + 1)
    with pytest.raises(SheetError, match="larger than 32 MiB"):
        read_sheet(tmp_path / "a.csv")
    with pytest.raises(SheetError, match="40,000 characters"):
        xlsx_bytes([Sheet("a", [["x" * 40_000]], [9])])


def test_texts_that_xlsxwriter_takes_for_xml_and_missing_numbers_come_back(tmp_path):
    rows = [["<r>&</r>", "_x0001_<r>", "<dimension/>"], ["<r>_x0041_</r>", float("nan"), 0.1]]
    found = read_sheet(put(tmp_path / "a.xlsx", xlsx_bytes([Sheet("a", rows, [9])])))
    assert found == [(1, rows[0]), (2, ["<r>_x0041_</r>", "", "0.1"])]


@pytest.mark.parametrize(
    "cells, words",
    [
        ('<row r="2"><c/></row><row r="1"><c/></row>', "damaged"),
        ('<row><c r="B1"/><c r="A1"/></row>', "damaged"),
        ('<row r="9999999"><c/></row>', "damaged"),
        ('<row><other r="XFD1" t="str"><v>x</v></other></row>' * 100, "more than 1,000,000 cells"),
        ("<row><c>" + "<v/>" * 200_000 + "</c></row>", "too much else"),
        ("<row><c>" + "<a>" * 200_000 + "</a>" * 200_000 + "</c></row>", "too much else"),
    ],
)
def test_what_openpyxl_would_drop_or_never_finish_is_refused(tmp_path, cells, words):
    with pytest.raises(SheetError, match=words):
        read_sheet(put(tmp_path / "a.xlsx", packed(xl__worksheets__one=sheet(cells))))


def test_long_texts_and_formulas_that_cells_share_are_not_multiplied(tmp_path):
    text = f'<sst xmlns="{MAIN}"><si><t>{"_x0041_" * 10_000}</t></si></sst>'
    cells = "<row>" + '<c t="s"><v>0</v></c>' * 1_000 + "</row>"
    data = packed(xl__sharedStrings=text, xl__worksheets__one=sheet(cells))
    with pytest.raises(SheetError, match="too much else"):
        read_sheet(put(tmp_path / "a.xlsx", data))
    shared = '<c><f t="shared" si="0"/></c>'
    cells = f'<row><c><f t="shared" si="0">{"1+" * 100_000}1</f></c>{shared * 1_000}</row>'
    found = read_sheet(put(tmp_path / "b.xlsx", packed(xl__worksheets__one=sheet(cells))))
    assert found == [(1, ["=" + "1+" * 100_000 + "1", *["="] * 1_000])]


BYTES = st.one_of(
    st.binary(max_size=80),
    st.binary(max_size=40).map(lambda tail: book()[:-40] + tail),
    st.text(st.sampled_from('<row r="1">c/vtisfAB ="0-'), max_size=60).map(
        lambda cells: packed(xl__worksheets__one=sheet(cells))
    ),
)


@given(BYTES, st.sampled_from(["csv", "xlsx"]))
def test_no_bytes_at_all_break_the_reader(tmp_path, data, ending):
    try:
        assert isinstance(read_sheet(put(tmp_path / f"a.{ending}", data)), list)
    except SheetError as error:
        assert str(error)
