"""Which sentences are parsed: all, those that name an actor or hold a quotation, none."""

import pandas as pd
import pytest

from analysis.corpus import load
from analysis.errors import OptionError
from analysis.extract.actors import read_actors
from analysis.extract.extraction import extract
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages.mentions import Actors
from tests.small import quiet, write_corpus

ORR = Actors({"orr": {"name": "Ada Orr"}})
FIRST = "The council met on Monday. It was cold."
SPOKEN = "Tom Crale looked down. “The bridge is quite safe to cross,” he said."
ACTOR = "Ada Orr said the bridge was old. She believed it would fall."
OTHERS = "Residents said they had never liked the bridge. Nobody else spoke."
TEXT = " ".join((FIRST, SPOKEN, ACTOR, OTHERS))


def read(parse, actors=ORR):
    units = extract_units(Article("a", TEXT), parse=parse, actors=actors)
    doc = units.reading.doc
    parsed = [sentence.text.strip() for sentence in doc.sents if sentence[0].dep_]
    return parsed, pd.DataFrame(units.tables["quotes"])


def test_sentences_with_an_actor_or_a_quotation_and_their_neighbours_are_parsed():
    parsed, quotes = read("voices")
    sentences = [
        "“The bridge is quite safe to cross,” he said.",
        "Ada Orr said the bridge was old.",
        "She believed it would fall.",
    ]
    assert parsed == sentences
    told = {
        (row.speaker, bool(row.direct), TEXT[row.start : row.end]) for row in quotes.itertuples()
    }
    assert told == {
        ("Tom Crale", True, "“The bridge is quite safe to cross,”"),
        ("Ada Orr", False, "the bridge was old"),
        ("Ada Orr", False, "it would fall"),
    }


def test_all_sentences_tell_what_others_say():
    parsed, quotes = read("all")
    assert "Residents said they had never liked the bridge." in parsed
    assert "Residents" in quotes["speaker"].tolist()


def test_without_actors_only_quotations_are_read():
    parsed, quotes = read("voices", Actors({}))
    assert len(parsed) == 1 and quotes["speaker"].tolist() == ["Tom Crale"]


def test_corpus_yml_says_which_sentences_are_parsed_and_an_option_goes_before(tmp_path):
    folder = write_corpus(tmp_path / "small")
    with (folder / "corpus.yml").open("a") as file:
        file.write("\nparse: voices\n")
    said = []
    extract(load(folder), encoder=None, say=said.append)
    assert any("hold a quotation are parsed" in line and "left out" in line for line in said)
    said.clear()
    extract(load(folder), encoder=None, parse="none", say=said.append)
    assert any("no sentence is parsed" in line for line in said)
    with pytest.raises(OptionError, match="parse"):
        extract(load(folder), encoder=None, parse="some", say=quiet)


def test_what_was_parsed_otherwise_is_not_taken_from_the_cache(tmp_path):
    folder = write_corpus(tmp_path / "small", {"a": TEXT, "b": OTHERS})
    rows = {
        parse: len(extract(load(folder), encoder=None, parse=parse, say=quiet).table("quotes"))
        for parse in ("voices", "all", "none")
    }
    assert rows["all"] > rows["voices"] > 0 and rows["none"] == 1


def test_a_name_in_capitals_is_found_without_a_parse():
    actors = Actors({"orr": {"name": "Ada Orr", "aliases": ["Orr"]}})
    units = extract_units(Article("a", "Nobody came. ORR SPOKE LOUDLY."), parse="none")
    assert len(read_actors(units, actors)[0]) == 1
