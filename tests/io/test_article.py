"""Checks of one article record: sound text of any script passes, damaged text is found in place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.io.article import (
    LONGEST_CELL,
    cell_problem,
    date_problem,
    file_problem,
    find_mojibake,
    text_problem,
)


@pytest.mark.parametrize(
    "text",
    [
        "Привет",
        "naïve façade",
        "„Über“ – ‚so‘",
        "«Été»",
        "قال الرئيس",
        "日本語",
        "😀 ok",
        "Ångström ½ m²",
        "SÃO PAULO",
        "€ 5",
        "the pope\x92s “words”",
        "a line\x85 another",
    ],
)
def test_text_of_any_script_is_sound(text):
    assert text_problem(text.encode()) is None


@pytest.mark.parametrize("character", "éüñßÀ’”—€😀")
def test_utf8_read_as_windows_1252_is_found_where_it_stands(character):
    undefined = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    mangled = "".join(
        chr(b) if b in undefined else bytes([b]).decode("cp1252") for b in character.encode()
    )
    assert find_mojibake(f"Plain words {mangled} end") == 12
    assert find_mojibake(f"Plain words {character} end") is None


@pytest.mark.parametrize(
    "published",
    [
        "",
        "2024-08-01",
        "1689-12-31",
        "2024-08-01T10:00Z",
        "2024-08-01T10:00:30+02:00",
        "2024-08-01 10:00:00-05:00",
    ],
)
def test_a_date_may_be_empty_a_day_or_a_moment_with_its_zone(published):
    assert date_problem(published) is None


@pytest.mark.parametrize(
    "published, word",
    [
        ("2024-02-30", "not a date"),
        ("2024", "not a date"),
        ("08/01/2024", "not a date"),
        ("1 August 2024", "not a date"),
        ("NaT", "not a date"),
        ("2024-08-01T25:00Z", "not a date"),
        ("0001-01-01", "plausible"),
        ("0000-00-00", "not a date"),
        ("20240801", "plausible"),
        ("2024-W31-4", "plausible"),
        ("2024-08-01T10:00", "time zone"),
        ("2024-08-01 10:00:00", "time zone"),
        ("٢٠٢٤-٠٨-٠١", "not a date"),
    ],
)
def test_a_date_that_is_none_is_told_with_what_is_allowed(published, word):
    problem = date_problem(published)
    assert word in problem and repr(published) in problem and "YYYY-MM-DD" in problem


@given(st.text(alphabet="0123456789-:TZW+. ", max_size=30))
def test_no_date_at_all_makes_the_check_fail(published):
    assert date_problem(published) is None or published


def test_a_cell_of_the_metadata_has_at_most_100_000_characters():
    assert cell_problem("author", "x" * LONGEST_CELL) is None
    assert "100,001 characters; allowed are 100,000" in cell_problem("author", "x" * 100_001)


def test_a_files_name_has_at_most_255_bytes():
    assert file_problem("é" * 125 + ".txt") is None
    assert "255 bytes" in file_problem("é" * 126 + ".txt")


def test_one_lost_character_in_two_hundred_is_no_fault_and_more_are():
    assert find_mojibake("x" * 199 + "\ufffd") is None
    assert find_mojibake("x" * 198 + "\ufffd") == 198
