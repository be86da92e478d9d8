"""Edits: offsets of what is read point at what is stored, through any number of steps."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.clean import Cleaned, Edit, clean
from analysis.clean.edits import edited
from analysis.text.tokens import words_of

PIECES = st.sampled_from(
    [
        "Nobody", "was", "hurt", ".", "said", "“", "”", " ", "\n", "-\n", "\r\n", "<br>", "&amp;",
        "&nbsp;", "</p>", "\u200b", "\xad", "\ufeff", "har", "bour", "Mayor", "3.5", ",", "a < b",
        "Sign up for our newsletter", "\n\n", "(Photo: Ada Orr, Getty Images)", "© 2017 Lantern",
        "字", "لا", "\u200c", "😀", "[image]", '"',
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=30).map("".join)


@given(st.data())
def test_all_steps_together_are_edits_of_the_text_as_stored(data):
    text = data.draw(st.text("abc", max_size=8))
    cleaned = Cleaned(text)
    for step in "one", "two", "three":
        edges = data.draw(st.lists(st.integers(0, len(cleaned.text)), max_size=4).map(sorted))
        pairs = dict.fromkeys(zip(edges[::2], edges[1::2]))
        edits = [Edit(s, e, data.draw(st.text("XY", max_size=2)), step) for s, e in pairs]
        if any(a[:2] == (b[0], b[0]) or b[0] == a[0] for a, b in zip(edits, edits[1:])):
            continue
        before, cleaned = cleaned, cleaned.then(edits)
        assert cleaned.text == edited(before.text, edits) == edited(text, cleaned.edits)
        ends = [0, *(place for edit in cleaned.edits for place in edit[:2]), len(text)]
        assert ends == sorted(ends)


@given(TEXTS)
def test_what_is_stored_where_a_word_is_read_is_read_as_that_word(text):
    cleaned = clean(text)
    assert edited(text, cleaned.edits) == cleaned.text
    place = 0
    for word in words_of(cleaned.text) if cleaned.text.isascii() else ():
        start = cleaned.text.lower().index(word, place)
        place = start + len(word)
        (first,), (last,) = cleaned.originals([start], [place])
        inside = [
            edit._replace(start=edit.start - first, end=edit.end - first)
            for edit in cleaned.edits
            if first <= edit.start and edit.end <= last
        ]
        assert word in words_of(edited(text[first:last], inside))
        if text[first:last] == word:
            assert cleaned.places([first]).tolist() == [start]


def test_what_is_removed_beside_a_stretch_is_no_part_of_it():
    text = "Nobody<b> was</b> hurt."
    cleaned = clean(text)
    assert cleaned.text == "Nobody was hurt."
    start, end = cleaned.originals(np.array([0, 7]), np.array([6, 10]))
    assert [text[s:e] for s, e in zip(start, end)] == ["Nobody", "was"]
    start, end = cleaned.originals([0], [10])
    assert text[start[0] : end[0]] == "Nobody<b> was"


def test_without_edits_nothing_is_moved():
    cleaned = clean("Nobody was hurt.")
    assert cleaned.edits == () and cleaned.digest == ""
    assert [edge.tolist() for edge in cleaned.originals([7], [10])] == [[7], [10]]
