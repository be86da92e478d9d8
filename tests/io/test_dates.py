"""Dates of exports: the day that a reader of the line would name, or none, and why."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.io.article import date_problem
from analysis.io.dates import decide, read_dates

TODAY = datetime.date(2026, 1, 1)


def iso(given, **options):
    return read_dates([given], today=TODAY, **options)[0].iso


@pytest.mark.parametrize(
    "given",
    [
        "2023-09-05",
        "2023-9-5",
        "2023/09/05",
        "20230905",
        "2023-09-05 18:30:00",
        "2023-09-05 00:00:00.000",
        "5.9.2023",
        "05. 09. 2023",
        "5 September 2023",
        "5. September 2023",
        "5 Sep 2023",
        "5-Sep-2023",
        "5-Sep-23",
        "5th of September, 2023",
        "September 5, 2023",
        "September 5, 2023 Tuesday",
        "Tuesday, September 5, 2023",
        "Sept. 5, 2023",
        "SEPTEMBER 5, 2023, Tuesday,, FINAL EDITION",
        "Dienstag 5. September 2023",
        "Di, 5. Sept. 2023",
        "mardi 5 septembre 2023",
        "le 5 septembre 2023",
        "5 de septiembre de 2023",
        "martedì 5 settembre 2023",
        "terça-feira, 5 de setembro de 2023",
        "dinsdag 5 september 2023",
        "5 września 2023",
        "5 сентября 2023",
        "2023. szeptember 5.",
        "2023年9月5日",
        "2023년 9월 5일",
        "5 September 2023, 5 September 2023",
        "Tue Sep 05 06:42:00 +0000 2023",
    ],
)
def test_a_day_is_read_as_exports_write_it(given):
    assert iso(given) == "2023-09-05"


@pytest.mark.parametrize(
    "given, expected",
    [
        ("2023-09-05T22:40:00Z", "2023-09-05T22:40:00Z"),
        ("2023-09-05 22:40:00+00:00", "2023-09-05T22:40:00Z"),
        ("2023-09-05T22:40:00.123+02:00", "2023-09-05T22:40:00+02:00"),
        ("Tue, 05 Sep 2023 14:00:00 +0200", "2023-09-05T14:00:00+02:00"),
        ("Tue, 05 Sep 2023 14:00:00 GMT", "2023-09-05T14:00:00Z"),
        ("September 5, 2023 Tuesday 05:00 PM EST", "2023-09-05T17:00:00-05:00"),
        ("5 September 2023 12:05 a.m. GMT+1", "2023-09-05T00:05:00+01:00"),
        ("1693953600", "2023-09-05T22:40:00Z"),
        ("1693953600000", "2023-09-05T22:40:00Z"),
    ],
)
def test_a_time_counts_with_its_zone(given, expected):
    assert iso(given) == expected


def test_a_time_without_a_zone_counts_only_in_the_zone_that_is_said():
    assert iso("2023-09-05 18:30:00") == "2023-09-05"
    assert iso("2023-09-05 18:30:00", timezone="Europe/Berlin") == "2023-09-05T18:30:00+02:00"
    assert iso("5.12.2023, 18.30 Uhr", timezone="Europe/Berlin") == "2023-12-05T18:30:00+01:00"
    assert iso("5.12.2023", timezone="Europe/Berlin") == "2023-12-05"
    assert iso("2023-09-05 00:00:00", timezone="Europe/Berlin") == "2023-09-05"
    assert iso("2023-09-05 10:00 CST", timezone="Europe/Berlin") == "2023-09-05", "one of three"


@pytest.mark.parametrize(
    "given, why",
    [
        ("September 2023", "no day"),
        ("2023", "no day"),
        ("2023-09", "no day"),
        ("yesterday", "cannot be read"),
        ("2 hours ago", "cannot be read"),
        ("Tuesday", "cannot be read"),
        ("31/31/2020", "cannot be read"),
        ("30 February 2023", "cannot be read"),
        ("2023-02-30", "cannot be read"),
        ("45174", "cannot be read"),
        ("Kran in 2023 um 6,5 Millionen", "cannot be read"),
        ("Page 5, 2023 edition", "cannot be read"),
        ("2032-09-06", "future"),
        ("5 September 2566", "future"),
        ("0001-01-01", "before 1600"),
        ("1402-06-14", "before 1600"),
        ("1 May 2023 - 3 May 2023", "several days"),
        ("9/5/2023", "two meanings"),
        ("9-5-23", "two meanings"),
        ("x" * 100_000, "cannot be read"),
    ],
)
def test_what_names_no_day_stays_empty_and_says_why(given, why):
    (date,) = read_dates([given], today=TODAY)
    assert date.iso == "" and why in date.problem


@pytest.mark.parametrize("given", ["", " ", "nan", "NaT", "None", "n/a", "0000-00-00", "-"])
def test_what_says_that_there_is_no_date_is_no_fault(given):
    (date,) = read_dates([given], today=TODAY)
    assert (date.iso, date.problem) == ("", "")


def test_the_whole_column_decides_what_comes_first():
    def column(*given, **options):
        return [date.iso[5:] for date in read_dates(given, today=TODAY, **options)]

    assert column("9/5/2023", "9/15/2023") == ["09-05", "09-15"]
    assert column("9/5/2023", "15/9/2023") == ["05-09", "09-15"]
    assert column("9/5/2023", "9/6/2023") == ["", ""]
    assert column("9/5/2023", "9/6/2023", day_first=True) == ["05-09", "06-09"]
    assert column("9/5/2023", day_first=False) == ["09-05"]
    assert column("9/5/2023", "15/9/2023", "9/15/2023") == ["", "09-15", "09-15"], "both are there"
    assert column("5/5/2023") == ["05-05"]
    assert column("9-5-2023", "9/15/2023") == ["09-05", "09-15"]
    assert column("9.5.2023", "9.15.2023") == ["09-05", "09-15"]
    assert column("9/5/2023", also=["9/15/2023"]) == ["09-05"], "as other files of the export"
    assert column("9/5/2023", "13/5/2023", also=["9/15/2023"]) == ["05-09", "05-13"]


def test_a_column_that_says_both_decides_nothing():
    assert "/" not in decide(["9/15/2023", "15/9/2023"])
    assert decide(["9/15/2023"])["/"] is False and decide(["15/9/2023"])["/"] is True


@given(st.text(alphabet="0123456789-:/.TZ+ ,aepMmayJunSt年月日٣", max_size=40), st.booleans())
def test_whatever_is_given_comes_out_as_a_sound_date_or_empty(given, day_first):
    for options in ({}, {"day_first": day_first, "timezone": "Europe/Berlin"}):
        (date,) = read_dates([given], today=TODAY, **options)
        assert date_problem(date.iso) is None


@given(st.dates(datetime.date(1700, 1, 1), datetime.date(2025, 12, 31)))
def test_a_date_comes_back_from_every_way_of_writing_it(day):
    for form in ("%d %B %Y", "%B %d, %Y", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y", "%a, %d %b %Y"):
        assert iso(day.strftime(form)) == day.isoformat(), form
    assert iso(day.strftime("%m/%d/%Y"), day_first=False) == day.isoformat()


def test_two_digits_are_a_year_from_1969_to_2068():
    given = ["5.9.68", "5.9.69", "5.9.99"]
    found = [date.iso for date in read_dates(given, today=datetime.date(2070, 1, 1))]
    assert found == ["2068-09-05", "1969-09-05", "1999-09-05"]


def test_a_date_may_be_tomorrow_for_the_clocks_of_others_and_not_later():
    given = ["2024-03-01", "2024-03-02"]
    tomorrow, later = read_dates(given, today=datetime.date(2024, 2, 29))
    assert tomorrow.iso == "2024-03-01" and "future" in later.problem
