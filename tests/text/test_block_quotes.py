"""Block quotations and posts: paragraphs without marks that are somebody else's words."""

import pandas as pd
import pytest

from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.text.block_quotes import find_block_quotes
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks

SAFE = "The bridge is safe, and it will stay open all year."
AFTER = "\n\nThe union was not convinced by that."


def found(text):
    blocks = find_block_quotes(text, find_blocks(text), find_quotes(text))
    return [(text[quote.start : quote.end], kind) for quote, kind in blocks]


@pytest.mark.parametrize(
    "lead",
    [
        "Ada Orr wrote:",
        "The minister argued that:",
        "Reuters reports:",
        "Orr said in a statement:",
        "She announced it on Twitter:",
    ],
)
def test_a_paragraph_behind_a_colon_that_leads_to_words_is_a_quotation(lead):
    assert found(f"{lead}\n\n{SAFE}{AFTER}") == [(SAFE, "block")]


@pytest.mark.parametrize(
    "text",
    [
        f"Three things matter here:\n\n{SAFE}",  # nobody speaks
        f"Orr said who would pay for the bridge:\n\n{SAFE}",  # a verb far from the colon
        f"Orr wrote.\n\n{SAFE}",
        f"Orr wrote:\n\n“{SAFE}”",  # in marks: found as such
        f"Orr wrote:\n\n- {SAFE}",
        f"Orr wrote:\n\n1. {SAFE}",
        f"Orr said:\n\nQ: {SAFE}",
        "Orr wrote:\n\nThe bridge and the five new cranes",  # a heading
        "Orr wrote:\n\nIt is safe.",
    ],
)
def test_other_paragraphs_are_none(text):
    assert found(text) == []


def test_lines_with_the_marks_of_quoted_mail_are_quotations():
    assert found(f"Orr answered at once.\n\n> {SAFE}{AFTER}") == [(SAFE, "block")]


@pytest.mark.parametrize(
    "post",
    [
        f"{SAFE} — Ada Orr (@adaorr) March 3, 2017",
        f"{SAFE}\n— Ada Orr (@adaorr)",
        f"Ada Orr (@adaorr) {SAFE}",
        f"Ada Orr (@adaorr): {SAFE}",
    ],
)
def test_posts_have_their_author_as_speaker(post):
    text = f"Nobody had foreseen it.\n\n{post}{AFTER}"
    quotes = pd.DataFrame(extract_units(Article("a", text)).tables["quotes"])
    posts = quotes[quotes["layout"] == "post"]
    assert posts["speaker"].tolist() == ["Ada Orr"]
    (start, end) = posts[["start", "end"]].to_numpy()[0]
    assert text[start:end].strip() == SAFE


def test_a_handle_in_running_text_makes_no_post():
    assert found(f"The city (@city) and Ada Orr, its mayor, did not answer.{AFTER}") == []


def test_words_in_marks_within_a_block_are_part_of_it_and_its_speaker_is_named_before_it():
    text = f"Ada Orr met us. In a letter, Orr wrote:\n\nIt is “safe” to cross this bridge.{AFTER}"
    units = extract_units(Article("a", text))
    quotes = pd.DataFrame(units.tables["quotes"])
    assert quotes[["layout", "direct", "scare", "speaker"]].values.tolist() == [
        ["block", True, False, "Ada Orr"]
    ]
    quoted = [w for w, q in zip(units.tokens.words, units.tables["tokens"]["quoted"]) if q]
    assert quoted == "it is safe to cross this bridge".split()
