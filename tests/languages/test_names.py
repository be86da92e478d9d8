"""Names in all the forms that news gives them, and who of them is the same."""

import gc
import time

import pytest

from analysis.languages.names import find_names, fullest
from analysis.languages.syntax import Parse, load_syntax
from analysis.text.marks import plain_marks
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences


def doc_of(text, wanted=None):
    plain = plain_marks(text)
    sentences = find_sentences(plain, find_quotes(plain), find_blocks(text))
    return Parse(load_syntax(), plain, sentences).doc(wanted)


def named(text, kind="person", **given):
    return [name.text for name in find_names(doc_of(text, **given)) if name.kind == kind]


def people(text):
    """Every form of each person's name."""
    names = [name for name in find_names(doc_of(text)) if name.kind == "person"]
    full = fullest(names)
    return {form: {n.text for n in names if n.person == number} for number, form in full.items()}


@pytest.mark.parametrize(
    "text, right",
    [
        ("Ursula von der Brandt met Basil al-Storr.", ["Ursula von der Brandt", "Basil al-Storr"]),
        ("Ms von der Brandt said no.", ["von der Brandt"]),
        ("De la Cruz spoke to Mayor Bill de Blasio.", ["De la Cruz", "Bill de Blasio"]),
        ("Jean-Marie Le Pen told Vincent van Holt.", ["Jean-Marie Le Pen", "Vincent van Holt"]),
        (
            "Miles O\u2019Brien and Vincent D`Angelo left.",
            ["Miles O\u2019Brien", "Vincent D\u2019Angelo"],
        ),
        ("Sen. Sean O\u02bcNeil, 71, spoke.", ["Sean O\u2019Neil"]),
        ("J. R. Ewing III and Martin L. Orr, Jr. met.", ["J. R. Ewing III", "Martin L. Orr Jr."]),
        ("Kim Jong-un met Moon Jae-in.", ["Kim Jong-un", "Moon Jae-in"]),
        ("Ola Brandt was blunt. Nobody cheered.", ["Ola Brandt"]),
        ("House Speaker Ola Brandt said so.", ["Ola Brandt"]),
        ("Minister for Health Ola Brandt said so.", ["Ola Brandt"]),
        ("The UN High Commissioner for Refugees Antal Guter said so.", ["Antal Guter"]),
        ("Secretary of State Orr and Mayor of New York Ada Holt met.", ["Orr", "Ada Holt"]),
        ("Former secretary of State Ada Orr spoke.", ["Ada Orr"]),
        ("German Chancellor Ada Orr, a Democrat, met Democrat Ola Holt.", ["Ada Orr", "Ola Holt"]),
        ("Senators Ada Orr and Clara Holt said no.", ["Ada Orr", "Clara Holt"]),
        (
            "Earl Orr and Dean Holt, who left, met Grace Earl.",
            ["Earl Orr", "Dean Holt", "Grace Earl"],
        ),
        ("MAYOR OLA BRANDT SAID THE OWNERS WOULD FACE A CLAIM.", ["OLA BRANDT"]),
        ("Then \u6f22\u5b57x Brandt spoke. Ada Orr told \u738b\u5c0f\u660e so.", ["Ada Orr"]),
        ("\u201cWe will not go.\u201d \u2014 Pell Quint\n\nThat was all.", ["Pell Quint"]),
        ("The Orr administration met Ada Orr\u2019s aides.", ["Orr", "Ada Orr"]),
    ],
)
def test_persons_have_their_whole_names_and_no_titles(text, right):
    assert named(text) == right


@pytest.mark.parametrize(
    "text, kind, right",
    [
        ("The Department of Justice met the University of Varn.", "body",
         ["Department of Justice", "University of Varn"]),
        ("Johnson & Johnson and the Republican National Committee met.", "body",
         ["Johnson & Johnson", "Republican National Committee"]),
        ("The FBI said no.", "body", ["FBI"]),
        ("He left New York for South Florida and Port Elva.", "place",
         ["New York", "South Florida", "Port Elva"]),
        ("He was born in Ashton, Ohio, and died in Orr Falls.", "place",
         ["Ashton", "Ohio", "Orr Falls"]),
        ("The Clean Harbour Act and the Varn Peace Treaty failed on Monday.", "person", []),
        ("Republicans and African-Americans told the French no.", "person", []),
        ("The van Holt drove was blue.", "person", []),
    ],
)  # fmt: skip
def test_bodies_places_and_works_are_no_persons(text, kind, right):
    assert named(text, kind) == right


def test_one_person_has_one_number_and_the_fullest_form():
    assert people(
        "Mayor Ola B. Brandt met Basil al-Storr and Kim Jong-un. Ms. Brandt told Storr no."
        " OLA BRANDT LEFT WITH KIM JONG UN. Ola Brandt said Kim and al-Storr had lied."
    ) == {
        "Ola B. Brandt": {"Ola B. Brandt", "Brandt", "OLA BRANDT", "Ola Brandt"},
        "Basil al-Storr": {"Basil al-Storr", "Storr", "al-Storr"},
        "KIM JONG UN": {"Kim Jong-un", "KIM JONG UN", "Kim"},
    }


def test_a_last_name_is_its_most_frequent_bearers():
    said = "Ada Orr met Tom Orr and Tom Orr Jr. Ada Orr spoke. Orr said no. Orr Jr. said yes."
    assert people(said) == {
        "Ada Orr": {"Ada Orr", "Orr"},
        "Tom Orr": {"Tom Orr"},
        "Tom Orr Jr.": {"Tom Orr Jr.", "Orr Jr."},
    }


def test_titles_tell_the_sex_and_the_sex_who_is_meant():
    said = "Hillary Orr and Bill Orr spoke. Hillary Orr left. Mr. Orr stayed. Mrs. Orr wept."
    names = [n for n in find_names(doc_of(said)) if n.kind == "person"]
    assert [(n.text, n.person, n.sex) for n in names[3:]] == [("Orr", 1, "m"), ("Orr", 0, "f")]


def test_whose_last_name_was_known_before_a_relative_came_is_somebody_else():
    said = "Orr said no. " * 3 + "Then his wife, Melania Orr, spoke. Melania laughed. Orr said so."
    assert people(said) == {"Orr": {"Orr"}, "Melania Orr": {"Melania Orr", "Melania"}}


def test_a_title_is_told_where_the_parser_may_take_it_for_the_head():
    doc = doc_of("Minister for Health Ola Brandt said so.")
    (name,) = find_names(doc)
    assert doc[name.title].text == "Minister" and str(doc[name.start : name.end]) == "Ola Brandt"


def test_without_a_parse_names_are_found_by_their_capitals():
    said = "On Monday Mayor Ola Brandt said no. Brandt said that Port Elva had paid the FBI."
    assert named(said, wanted=[]) == ["Ola Brandt", "Brandt"]
    assert named(said, "place", wanted=[]) == ["Port Elva"]


def test_names_of_which_nothing_tells_whose_they_are_are_given_if_wanted():
    doc = doc_of("He bought a Zorx and a Quimby.")
    assert not find_names(doc)
    assert [n.text for n in find_names(doc, doubtful=True)] == ["Zorx", "Quimby"]


@pytest.mark.long
@pytest.mark.parametrize(
    "piece",
    ["Ada Orr ", "Ada ", "de la ", "Secretary of State ", "al-", "Ada-", "\u201c", "A. ", "of the ",
     "President of the ", "\u6f22x ", "Mr. Orr, Jr., ", "Ada \u201cBo\u201d "],
)  # fmt: skip
def test_time_is_linear(piece):
    """A text that is eight times as long takes about eight times as long, not sixty-four times."""

    def cost(n):
        doc = load_syntax().words(piece * n)
        gc.collect()
        gc.disable()
        started = time.process_time()
        find_names(doc)
        gc.enable()
        return time.process_time() - started

    cost(1_000)
    assert cost(8_000) < 25 * max(min(cost(1_000) for _ in range(3)), 0.005)


def test_thousands_of_persons_with_one_last_name_take_no_longer():
    letters = "abcdefghijklmnopqrst"
    first = [f"{a.upper()}{b}{c}" for a in letters for b in letters for c in letters][:4000]
    doc = load_syntax().words(" ".join(f"met {name} Orr." for name in first))
    started = time.process_time()
    assert len({name.person for name in find_names(doc)}) > 3_000
    assert time.process_time() - started < 5
