"""Validation: samples are blind and stratified, sheets come back with every fault, and agreement is
what published examples say.
"""

import inspect
import io
import itertools
import json
import re
import warnings
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import f1_score

from analysis.errors import CorpusError, OptionError
from analysis.io.sheets import Sheet, read_sheet, xlsx_bytes
from analysis.va import validate
from analysis.va.agreement import krippendorff_alpha
from analysis.va.sample import coding_units, draw_sample
from analysis.va.scores import rank_correlation
from analysis.va.sheets import read_key, read_sheets, write_sheets
from tests.small import put, told

# --- samples ---

OUTLETS = {"Herald": 60, "Post": 30, "Echo": 10}


def units_of(sizes=OUTLETS):
    rng = np.random.default_rng(5)
    rows = [
        (
            f"{outlet.lower()}{i // 4}",
            outlet,
            f"The mayor spoke of matter {outlet[0]}{i}.",
            4,
            9,
            "mayor",
            i,
        )
        for outlet, size in sizes.items()
        for i in range(size)
    ]
    units = pd.DataFrame(
        rows, columns=["article_id", "outlet", "text", "start", "end", "actor", "sentence"]
    )
    return units.assign(
        predicted=rng.integers(-1, 2, len(units)), p_negative=np.linspace(0.123, 0.987, len(units))
    )


def test_a_proportional_sample_has_the_shares_of_the_strata_and_an_equal_one_the_same_number():
    sample = draw_sample(units_of(), n=20, by="outlet")
    assert dict(zip(sample.strata["stratum"], sample.strata["n_drawn"])) == {
        "Herald": 12,
        "Post": 6,
        "Echo": 2,
    }
    assert sample.table["weight"].tolist() == [5.0] * 20 and not sample.notes
    sample = draw_sample(units_of(), n=21, by=["outlet"], allocation="equal")
    assert sample.strata["n_drawn"].tolist() == [7, 7, 7] and np.isclose(
        sample.table["weight"].sum(), 100
    )
    assert sample.table["outlet"].tolist() == sample.table["stratum"].tolist()


def test_a_stratum_that_is_too_small_is_told_and_made_up_for():
    sample = draw_sample(units_of(), n=45, by="outlet", allocation="equal")
    assert sample.strata["n_drawn"].tolist() == [18, 17, 10] and "Echo (10)" in sample.notes[0]
    sample = draw_sample(units_of(), n=2, by="outlet")
    assert (
        sample.strata["n_drawn"].tolist() == [1, 1, 0]
        and "none is drawn from Echo" in sample.notes[0]
    )
    assert draw_sample(units_of({"A": 97, "B": 1, "C": 2}), n=5, by="outlet").strata[
        "n_drawn"
    ].tolist() == [3, 1, 1], "each stratum has one at least"


SIZES = st.lists(st.integers(1, 30), min_size=1, max_size=6)


@given(SIZES, st.data())
def test_every_sample_holds_what_was_asked_for(sizes, data):
    units = units_of({f"O{i}": size for i, size in enumerate(sizes)})
    n, overlap, coders = (
        data.draw(st.integers(1, len(units))),
        data.draw(st.sampled_from([0, 0.25, 0.5, 1])),
        list("ABC")[: data.draw(st.integers(1, 3))],
    )
    before = units.copy()
    sample = draw_sample(
        units,
        n=n,
        by="outlet",
        allocation=data.draw(st.sampled_from(["proportional", "equal"])),
        overlap=overlap,
        coders=coders,
    )
    pd.testing.assert_frame_equal(units, before)
    assert (
        len(sample.table) == n == sample.strata["n_drawn"].sum()
        and (sample.strata["n_drawn"] <= sample.strata["n_units"]).all()
    )
    assert (
        sample.table["unit"].is_unique
        and not sample.table.duplicated(["article_id", "sentence"]).any()
    )
    shared = round(overlap * n) if len(coders) > 1 else n
    held = [set(sheet["unit"]) for sheet in sample.sheets.values()]
    assert len(set.intersection(*held)) == shared and set.union(*held) == set(sample.table["unit"])
    alone = [len(units) - shared for units in held]
    assert (
        max(alone) - min(alone) <= 1 and sum(alone) == n - shared
        if len(coders) > 1
        else alone == [0]
    )
    drawn = sample.strata[sample.strata["n_drawn"] > 0]
    assert np.isclose(sample.table["weight"].sum(), drawn["n_units"].sum())


def test_a_sample_is_the_same_for_the_same_seed_only():
    def ids(seed):
        return draw_sample(units_of(), n=10, seed=seed).table["unit"].tolist()

    assert ids(1) == ids(1) != ids(2)


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


def test_sheets_tell_coders_nothing_of_outlet_article_order_or_model(tmp_path):
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


def test_the_outlet_that_a_text_itself_names_is_told():
    units = pd.DataFrame(
        {
            "article_id": ["a", "b"],
            "outlet": ["Herald", "Post"],
            "text": ["The herald has learnt.", "It rains."],
        }
    )
    assert "1 text names the outlet" in draw_sample(units, n=2).notes[0]


@pytest.mark.parametrize(
    "change, options, words",
    [
        (lambda u: u, {"n": 101}, "has 100 units, so allowed are whole numbers from 1 to 100"),
        (lambda u: u, {"n": 0}, "n=0"),
        (lambda u: u, {"n": 2.5}, "n=2.5"),
        (lambda u: u, {"n": True}, "n=True"),
        (lambda u: u, {"by": "section"}, "lack the column section"),
        (lambda u: u, {"allocation": "some"}, "allocation='some'"),
        (lambda u: u, {"overlap": 2}, "overlap=2"),
        (lambda u: u, {"seed": -1}, "seed=-1"),
        (lambda u: u, {"coders": []}, "coders="),
        (lambda u: u, {"coders": ["../x"]}, "coders="),
        (lambda u: u, {"coders": ["A", "a"]}, "coders="),
        (lambda u: u, {"codes": [1]}, "codes="),
        (lambda u: u, {"codes": [1, "a"]}, "codes="),
        (lambda u: u, {"codes": [1, 1.0]}, "codes="),
        (lambda u: u, {"codes": "ab"}, "codes="),
        (lambda u: u.drop(columns="text"), {}, "lack the column text"),
        (lambda u: u.assign(text=None), {}, "the text of row 0 is None"),
        (lambda u: u.assign(text=" "), {}, "the text of row 0"),
        (lambda u: u.assign(weight=1), {}, "column weight, which the key needs"),
        (lambda u: pd.concat([u, u]), {}, "row 100 is the same unit"),
        (lambda u: u.assign(start=400, end=410), {}, "has its target at 400 to 410"),
        (lambda u: u.iloc[:0], {}, "0 units"),
    ],
)
def test_what_cannot_be_drawn_is_told(change, options, words):
    with pytest.raises(OptionError, match=re.escape(words)):
        draw_sample(change(units_of()), **{"n": 10, **options})


def test_units_from_mentions_show_the_sentences_around_and_the_target():
    text = "It rained. The mayor smiled. All left."
    sentences = pd.DataFrame(
        {"article_id": "a", "sentence": [0, 1, 2], "start": [0, 11, 29], "end": [10, 28, 38]}
    )
    mentions = pd.DataFrame(
        {
            "article_id": ["a", "a"],
            "sentence": [1, 0],
            "start": [15, 0],
            "end": [20, 2],
            "actor": ["mayor", "it"],
        }
    )
    assert coding_units(mentions, sentences, {"a": text})["text"].tolist() == [text[:28], text[:10]]
    sample = draw_sample(
        coding_units(mentions, sentences, {"a": text}, before=0, after=5), n=2, coders=["Ada"]
    )
    assert set(sample.sheets["Ada"]["text"]) == {
        "The [[mayor]] smiled. All left.",
        "[[It]] rained. The mayor smiled. All left.",
    }
    with pytest.raises(OptionError, match="texts or sentences of a are missing"):
        coding_units(mentions, sentences, {})


# --- sheets ---


@pytest.fixture
def drawn(tmp_path):
    """A sample of eight units, all coded by Ada and Ben, and its folder."""
    sample = draw_sample(units_of(), n=8, overlap=1, coders=["Ada", "Ben"])
    write_sheets(sample, tmp_path / "sheets")
    return sample, tmp_path / "sheets"


def fill(path, codes, change=lambda lines: lines):
    """Write codes into a sheet that is a CSV, as a coder would."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    put(
        path,
        "\n".join(change([lines[0], *(line + str(code) for line, code in zip(lines[1:], codes))]))
        + "\n",
    )


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
        == (
            "Ada left 1 of 8 units without a code.",
            "Ben left 8 of 8 units without a code.",
        )
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
        faults, "Ada.csv", "a second time, first in row 3", row=8
    )
    assert told(faults, "Ada.csv", "is no unit", row=9) and told(
        faults, "Ben.csv", "columns unit and code", "'rating'", row=1
    )
    assert told(faults, "Ben.xlsx", "damaged or no .xlsx") and told(
        faults, "Eve.csv", "no coder of the key (Ada, Ben)"
    )


def test_more_hostile_sheets_are_told(drawn, tmp_path):
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
    with pytest.raises(OptionError, match="must lie outside"):
        write_sheets(sample, folder, key=folder / "key.csv")
    put(folder / "Ada.csv", before[folder / "Ada.csv"])
    assert (
        before == {path: path.read_bytes() for path in before}
        and not (tmp_path / "new-key.csv").exists()
    )


# --- agreement ---

NA = np.nan
# Krippendorff (2011): section C (four observers, twelve units, missing values), A (binary), B
# (nominal, two observers)
FOUR = np.array(
    [
        1,
        1,
        NA,
        1,
        2,
        2,
        3,
        2,
        3,
        3,
        3,
        3,
        3,
        3,
        3,
        3,
        2,
        2,
        2,
        2,
        1,
        2,
        3,
        4,
        4,
        4,
        4,
        4,
        1,
        1,
        2,
        1,
        2,
        2,
        2,
        2,
        NA,
        5,
        5,
        5,
        NA,
        NA,
        1,
        1,
        NA,
        NA,
        3,
        NA,
    ]
).reshape(12, 4)
BINARY = list(zip([0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]))
LETTERS = list(zip("aabbdcccedda", "babbbccceddd"))


@pytest.mark.parametrize(
    "codes, metric, alpha",
    [
        (FOUR, "nominal", 0.743),
        (FOUR, "ordinal", 0.815),
        (FOUR, "interval", 0.849),
        (BINARY, "nominal", 0.095),
        (LETTERS, "nominal", 0.692),
    ],
)
def test_alpha_is_what_krippendorff_publishes(codes, metric, alpha):
    assert round(krippendorff_alpha(codes, metric=metric), 3) == alpha


def naive_alpha(rows, metric):
    """Alpha pair by pair, from its definition by observed and expected disagreement."""
    units = [[c for c in row if c is not None] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    values = sorted(c for unit in units for c in unit)
    between = {}
    for a, b in itertools.product(set(values), repeat=2):
        low, high = min(a, b), max(a, b)
        ordinal = sum(low <= v <= high for v in values) - (values.count(a) + values.count(b)) / 2
        between[a, b] = {
            "nominal": float(a != b),
            "interval": float(a - b) ** 2,
            "ordinal": 0.0 if a == b else ordinal**2,
        }[metric]
    n = len(values)
    if n < 2:
        return NA
    observed = (
        sum(
            between[u[i], u[j]] / (len(u) - 1)
            for u in units
            for i in range(len(u))
            for j in range(len(u))
            if i != j
        )
        / n
    )
    expected = sum(
        between[a, b] for i, a in enumerate(values) for j, b in enumerate(values) if i != j
    ) / (n * (n - 1))
    return 1 - observed / expected if expected else NA


@given(
    st.lists(
        st.lists(st.sampled_from([-1, 0, 1, 4, None]), min_size=3, max_size=3),
        min_size=1,
        max_size=10,
    ),
    st.sampled_from(["nominal", "ordinal", "interval"]),
)
def test_alpha_is_what_its_definition_gives(rows, metric):
    np.testing.assert_allclose(
        krippendorff_alpha(rows, metric=metric),
        naive_alpha(rows, metric),
        atol=1e-9,
        equal_nan=True,
    )


def test_alpha_of_nothing_to_agree_on_is_not_defined_and_options_are_checked():
    for nothing in ([[1, 1], [1, 1]], [[1, None], [None, 2]], [[None]]):
        assert np.isnan(krippendorff_alpha(nothing))
    assert (
        krippendorff_alpha([[1, 1], [2, 2]], metric="ordinal") == 1
        and krippendorff_alpha([[1, 2], [2, 1]]) < 0
    )
    with pytest.raises(OptionError, match="allowed are 'nominal', 'ordinal', 'interval'"):
        krippendorff_alpha([[1, 2]], metric="ratio")
    with pytest.raises(OptionError, match="labels have no order"):
        krippendorff_alpha([["a", "b"]], metric="ordinal")


def tidy(rows, names="ABCD"):
    """A table of codes from one row per unit."""
    return pd.DataFrame(
        [
            (f"u{i}", coder, code)
            for i, row in enumerate(rows)
            for coder, code in zip(names, row)
            if code is not None and code == code
        ],
        columns=["unit", "coder", "code"],
    )


def value(result, who, measure, of):
    row = result.table[
        (result.table["who"] == who)
        & (result.table["measure"] == measure)
        & (result.table["of"] == of)
    ]
    return row.iloc[0]


def test_validate_tells_published_alphas_with_intervals_and_n():
    result = validate(tidy(FOUR))
    for metric, alpha in (("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)):
        row = value(result, "coders", "alpha", metric)
        assert (
            round(row["value"], 3) == alpha and row["n"] == 11 and row["low"] < alpha < row["high"]
        )
    assert (
        value(result, "coders", "alpha", "ordinal")["meets"]
        and result.params["metric"] == "ordinal"
    )
    both = value(result, "coders", "agreement", "A, B")
    assert np.isclose(both["value"], 8 / 9) and both["n"] == 9
    assert value(validate(tidy(FOUR), bar=0.9), "coders", "alpha", "ordinal")["meets"] == False  # noqa: E712


CODED = st.lists(
    st.tuples(st.integers(-1, 1), st.integers(-1, 1), st.integers(-1, 1), st.integers(-1, 1)),
    min_size=2,
    max_size=25,
)


@given(CODED)
def test_the_models_scores_are_those_of_scikit_learn_and_scipy(rows):
    predictions = pd.DataFrame(
        {"unit": [f"u{i}" for i in range(len(rows))], "predicted": [row[3] for row in rows]}
    )
    result = validate(tidy([row[:3] for row in rows]), predictions, draws=20)
    told = [(max(set(row[:3]), key=row[:3].count), row[3]) for row in rows if len(set(row[:3])) < 3]
    assert result.units["majority"].isna().sum() == len(rows) - len(told)
    if told:
        truth, predicted = zip(*told)
        labels = sorted({*truth, *predicted})
        for code, f1 in zip(
            labels, f1_score(truth, predicted, labels=labels, average=None, zero_division=0)
        ):
            assert np.isclose(value(result, "model", "f1", str(code))["value"], f1)
        assert np.isclose(
            value(result, "model", "macro F1", "")["value"],
            f1_score(truth, predicted, labels=labels, average="macro", zero_division=0),
        )
        np.testing.assert_allclose(
            value(result, "model", "alpha", "interval")["value"],
            naive_alpha(told, "interval"),
            equal_nan=True,
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = spearmanr([np.mean(row[:3]) for row in rows], [row[3] for row in rows]).statistic
    np.testing.assert_allclose(
        value(result, "model", "rank correlation", "mean code")["value"],
        wanted,
        atol=1e-8,
        equal_nan=True,
    )
    defined = result.table.dropna(subset=["low"])
    assert (defined["low"] <= defined["high"]).all() and result.paragraph()


def test_weights_make_of_a_stratified_sample_what_the_whole_would_give():
    """A unit of weight 3 counts as three units would."""
    rows = [(-1, -1), (0, 0), (1, 0), (0, 1), (1, 1), (-1, 0)]
    weights = [1, 3, 2, 1, 1, 2]
    codes = tidy([(truth,) for truth, _ in rows])
    model = pd.DataFrame(
        {
            "unit": codes["unit"],
            "predicted": [p for _, p in rows],
            "weight": np.array(weights, float),
        }
    )
    result = validate(codes, model, draws=10)
    truth, predicted = (np.repeat([row[i] for row in rows], weights) for i in (0, 1))
    assert np.isclose(
        value(result, "model", "macro F1", "")["value"], f1_score(truth, predicted, average="macro")
    )
    assert np.isclose(
        value(result, "model", "agreement", "majority")["value"], np.mean(truth == predicted)
    )
    assert np.isclose(
        value(result, "model", "rank correlation", "mean code")["value"],
        spearmanr(truth, predicted).statistic,
    )
    assert "weighted by the inverse of its chance" in result.paragraph() and np.isclose(
        result.confusion["weighted"].sum(), 1
    )
    assert np.isclose(
        rank_correlation(np.ones((1, 3)), np.array([1.0, 2, 3]), np.array([5.0, 5, 5])),
        [NA],
        equal_nan=True,
    )


def test_intervals_hold_the_truth_of_a_planted_model():
    """A coder is right in 90 of 100 cases; a model in 80.

    Of many intervals of 95 %, about as many hold the truth of all units.
    """
    rng = np.random.default_rng(1)
    truth = rng.integers(-1, 2, 40_000)
    predicted = np.where(rng.random(len(truth)) < 0.8, truth, rng.integers(-1, 2, len(truth)))
    whole = f1_score(truth, predicted, average="macro")
    inside = 0
    for i in range(60):
        part = slice(i * 150, i * 150 + 150)
        model = pd.DataFrame({"unit": [f"u{j}" for j in range(150)], "predicted": predicted[part]})
        row = value(validate(tidy(truth[part, None]), model, draws=200), "model", "macro F1", "")
        inside += row["low"] <= whole <= row["high"]
    assert inside >= 51


def test_warnings_stand_in_the_notes_and_in_the_paragraph():
    codes = tidy([(1, 1), (0, 1), (-1, 1), (0, 0), (1, 0), (-1, -1)] * 2)
    model = pd.DataFrame({"unit": [f"u{i}" for i in range(11)], "predicted": [0] * 11})
    result = validate(codes, model)
    notes = " ".join(result.notes)
    for words in (
        "Krippendorff's alpha (ordinal) among the coders is",
        "below the bar of .667",
        "Macro-averaged F1 of the model",
        "Fewer than 10 units have the code -1 (2), 0 (2), 1 (2)",
        "6 of 12 units have no code by a majority",
        "flatter",
        "1 of 12 coded units have no prediction",
    ):
        assert words in notes, words
        assert words in result.paragraph()
    one = validate(codes[codes["coder"] == "A"], model)
    assert (
        "Only one coder, A" in one.notes[0]
        and "is not known" in one.paragraph()
        and not (one.table["who"] == "coders").any()
    )
    apart = validate(
        pd.concat([codes[codes["coder"] == "A"][:6], codes[codes["coder"] == "B"][6:]])
    )
    assert any("No unit was coded by two" in note for note in apart.notes) and apart.paragraph()
    same = validate(tidy([(1, 1), (1, 1)]))
    assert (
        any("alpha is not defined" in note for note in same.notes)
        and "not defined" in same.paragraph()
    )
    wide = validate(tidy([(1, 1), (0, 0), (0, 0), (1, 0)] * 3))
    assert any(
        "its interval reaches down to" in note or "below the bar" in note for note in wide.notes
    )


def test_the_paragraph_says_every_number():
    rng = np.random.default_rng(2)
    truth = rng.integers(-1, 2, 120)

    def noisy(share):
        return np.where(rng.random(120) < share, truth, rng.integers(-1, 2, 120))

    codes = tidy(np.stack([noisy(0.95), noisy(0.95), noisy(0.95)], axis=1))
    model = pd.DataFrame(
        {
            "unit": [f"u{i}" for i in range(120)],
            "predicted": noisy(0.9),
            "tone": rng.normal(size=120),
        }
    )
    result = validate(codes, model, score="tone")
    said = result.paragraph()
    assert result.table["meets"].dropna().all()
    numbers = [
        f"{value(result, 'coders', 'alpha', 'ordinal')[c]:.3f}".lstrip("0")
        for c in ("value", "low", "high")
    ]
    numbers += [
        f"{value(result, 'model', measure, of)[c]:.3f}".replace("0.", ".")
        for measure, of in (
            ("macro F1", ""),
            ("f1", "-1"),
            ("f1", "0"),
            ("f1", "1"),
            ("alpha", "ordinal"),
            ("rank correlation", "mean code"),
        )
        for c in ("value", "low", "high")
    ]
    for words in (
        *numbers,
        "120 units were coded by 3 coders, 120 of them by at least two",
        "ordinal metric",
        "10.1080/19312450709336664",
        "asked for: .667",
        "1,000 bootstrap draws",
        "the model's tone",
        "95 % interval",
    ):
        assert words in said, words
    assert "sheets that told neither" not in said, (
        "nobody knows whether a table of codes comes from blind sheets"
    )


def test_labels_are_nominal_and_classes_may_be_named_otherwise():
    codes = tidy([("good", "good"), ("bad", "bad"), ("bad", "good"), ("good", "good")])
    model = pd.DataFrame({"unit": ["u0", "u1", "u2", "u3"], "predicted": [1, 0, 0, 1]})
    result = validate(codes, model, classes={1: "good", 0: "bad"})
    assert value(result, "model", "macro F1", "")["value"] == 1 and "rank correlation" not in set(
        result.table["measure"]
    )
    assert set(result.table[result.table["measure"] == "alpha"]["of"]) == {"nominal"}
    model["predicted"] = [1, 2, 0, 1]
    assert (
        value(
            validate(codes, model, classes={1: "good", 0: "bad", 2: "mixed"}),
            "model",
            "f1",
            "mixed",
        )["value"]
        == 0
    )
    labelled = codes.assign(code=pd.Categorical(codes["code"], ["bad", "mixed", "good"]))
    assert validate(labelled).params["codes"] == ["bad", "mixed", "good"]
    assert (
        value(
            validate(
                tidy([(0, 0), (1, 1)]), pd.DataFrame({"unit": ["u0", "u1"], "predicted": [0, -1]})
            ),
            "model",
            "f1",
            "-1",
        )["value"]
        == 0
    )
    with pytest.raises(OptionError, match="metric='ordinal'"):
        validate(codes, metric="ordinal")


def test_the_whole_way_from_units_to_the_paragraph(tmp_path):
    units = units_of()
    sample = draw_sample(
        units, n=60, by="predicted", allocation="equal", overlap=0.5, coders=["Ada", "Ben"]
    )
    key = write_sheets(sample, tmp_path / "sheets")[0]
    for coder, sheet in sample.sheets.items():
        right = sample.table.set_index("unit").loc[sheet["unit"], "predicted"]
        fill(tmp_path / "sheets" / f"{coder}.csv", right)
    result = validate(read_sheets(tmp_path / "sheets", key), read_key(key), score="p_negative")
    assert value(result, "coders", "alpha", "ordinal")[["value", "n"]].tolist() == [1, 30]
    assert value(result, "model", "macro F1", "")["value"] == 1
    assert (
        "on sheets that told neither the outlet nor what the model had said, 30 of them"
        in result.paragraph()
    )
    again = validate(read_sheets(tmp_path / "sheets", key), read_key(key), score="p_negative")
    pd.testing.assert_frame_equal(result.table, again.table)


@pytest.mark.parametrize(
    "codes, model, options, words",
    [
        (pd.DataFrame({"unit": [1]}), None, {}, "columns unit, coder and code"),
        (tidy([]), None, {}, "no unit has a code yet"),
        (pd.concat([tidy([(1, 1)])] * 2), None, {}, "codes unit u0 twice"),
        (tidy([(1, "a")]), None, {}, "numbers and labels"),
        (tidy([(1, 1)]), {"unit": ["u0"]}, {}, "lack the column predicted"),
        (
            tidy([(1, 1)]),
            {"unit": ["u0"], "predicted": [1]},
            {"score": "tone"},
            "lack the column tone",
        ),
        (tidy([(1, 1)]), {"unit": ["u0", "u0"], "predicted": [1, 1]}, {}, "hold unit 'u0' twice"),
        (
            tidy([(1, 1)]),
            {"unit": ["u0"], "predicted": ["positive"]},
            {},
            "predicted holds positive; allowed are the codes 1",
        ),
        (tidy([(1, 1)]), {"unit": ["u0"], "predicted": [0.4]}, {}, "predicted holds 0.4"),
        (tidy([(1, 1)]), {"unit": ["u1"], "predicted": [1]}, {}, "no coded unit has a prediction"),
        (
            tidy([(1, 1)]),
            {"unit": ["u0"], "predicted": [1], "weight": [0]},
            {},
            "weight must be a number above 0",
        ),
        (tidy([(1, 1)]), None, {"draws": 0}, "draws=0"),
        (tidy([(1, 1)]), None, {"level": 1}, "level=1"),
        (tidy([(1, 1)]), None, {"bar": 2}, "bar=2"),
        (tidy([(1, 1)]), None, {"metric": "ratio"}, "metric='ratio'"),
    ],
)
def test_what_cannot_be_validated_is_told(codes, model, options, words):
    with pytest.raises(OptionError, match=re.escape(words)):
        validate(codes, None if model is None else pd.DataFrame(model), **options)


def test_references_stand_where_a_reader_looks():
    assert "10.1080/19312450709336664" in inspect.getdoc(
        validate
    ) and "Krippendorff, K. (2011)" in inspect.getdoc(krippendorff_alpha)
