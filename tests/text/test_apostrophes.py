"""Apostrophes of every kind are one: in negations, names and possessives."""

import pytest

from analysis.extract.actors import read_actors
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages.mentions import Actors
from analysis.text.tokens import words_of

KINDS = "'’ʼ‘`´′＇"


@pytest.mark.parametrize("mark", KINDS)
def test_a_negation_is_one_word(mark):
    text = f"It isn{mark}t dry, they won{mark}t row, and l{mark}eau monte."
    expected = ["it", "isn't", "dry", "they", "won't", "row", "and", "l'eau", "monte"]
    assert words_of(text) == expected


@pytest.mark.parametrize("mark", KINDS)
@pytest.mark.parametrize("known", ["Una O’Dell", "Una O'Dell"])
def test_a_name_is_found_with_any_apostrophe(mark, known):
    text = f"Then O{mark}Dell left. Una O{mark}Dell{mark}s boat sank."
    actors = Actors({"dell": {"name": known, "aliases": [known.split()[1]]}})
    mentions, _ = read_actors(extract_units(Article("a", text)), actors)
    assert [(m.form, text[m.start : m.end]) for m in mentions] == [
        ("name", f"O{mark}Dell"),
        ("possessive", f"Una O{mark}Dell"),
    ]


@pytest.mark.parametrize("mark", KINDS)
def test_a_speaker_is_found_with_any_apostrophe(mark):
    text = f"Una O{mark}Dell met the crew. “We row at dawn,” O{mark}Dell said. It didn{mark}t rain."
    table = extract_units(Article("a", text)).tables["quotes"]
    assert table["speaker"] == ["Una O’Dell"] or table["speaker"] == ["Una O'Dell"]


def test_an_apostrophe_that_stands_alone_joins_nothing():
    assert words_of("a ` b ´ c ′ d 6′ tall") == ["a", "b", "c", "d", "6", "tall"]
