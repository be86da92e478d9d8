"""Letters of other scripts: from fonts that the machine has, without a change to Latin figures."""

import io
import re
import warnings
import zlib

import pytest
from fontTools.ttLib import TTFont

import analysis as tw
from analysis.pl import style
from analysis.pl.figure import Figure, one_axes
from tests.memory import features_of

HIEROGLYPH = "\U00013000"  # in none of the fonts


def drawn(title):
    result = tw.tl.overview(features_of({"a": "A day.", "b": "Another day came."}))
    with one_axes(None, 3.5, 2, title=title, subtitle="Words.") as ax:
        ax.barh([0, 1], [1, 2])
        ax.set_yticks([0, 1], ["Вестник Гавани", "Échos"])
    return Figure(ax.figure, "drawn", result, result.table, title=title)


@pytest.mark.parametrize("more", [["STIXGeneral"], ["STIXGeneral", "cmr10"]])
def test_fonts_for_other_letters_change_no_byte_of_a_figure_without_them(
    more, tmp_path, monkeypatch
):
    drawn("Outlets differ").save(tmp_path / "one")
    monkeypatch.setitem(style.STYLE, "font.family", ["DejaVu Sans", *more])
    drawn("Outlets differ").save(tmp_path / "two")
    for kind in ("svg", "pdf"):
        assert len({(tmp_path / n / f"drawn.{kind}").read_bytes() for n in ("one", "two")}) == 1


def test_a_pdf_holds_the_glyphs_of_its_letters_and_no_table_to_shape_them(tmp_path):
    drawn("Outlets differ").save(tmp_path)
    data = (tmp_path / "drawn.pdf").read_bytes()
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)
    unpacked = [zlib.decompress(stream) for stream in streams if stream[:1] == b"x"]
    fonts = [TTFont(io.BytesIO(stream)) for stream in unpacked if stream[:4] == b"\0\1\0\0"]
    for font in fonts:
        assert {"glyf", "head", "hhea", "hmtx", "loca", "maxp"} <= set(font.keys())
        assert not {"GDEF", "GPOS", "GSUB", "kern"} & set(font.keys())
    letters = [
        sum(font["glyf"][name].numberOfContours != 0 for name in font.getGlyphOrder())
        for font in fonts
    ]
    assert sorted(letters)[-2] >= len(set("Outletsdiffer")), "plain and bold"


def test_letters_that_no_font_has_are_said_once_and_in_one_sentence(tmp_path, caplog):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        drawn(f"{HIEROGLYPH}{HIEROGLYPH} differs from Échos").save(tmp_path)
    (said,) = [str(warning.message) for warning in said]
    assert said.startswith(f"drawn: no font of this machine has {HIEROGLYPH}, which is drawn as")
    assert not caplog.records


def test_a_figure_whose_letters_are_all_there_says_nothing(tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        drawn("Échos differs — Вестник less so")._repr_svg_()
    assert style.missing_letters("Échos, Вестник: “5 %” … ≥ →\n") == ""
    assert style.FAMILIES[0] == "DejaVu Sans"
