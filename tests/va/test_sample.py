"""Samples are stratified as asked for, the same for the same seed, and their faults are errors."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import OptionError
from analysis.va.sample import coding_units, draw_sample
from tests.va.coding import units_of

SIZES = st.lists(st.integers(1, 30), min_size=1, max_size=6)


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


def test_a_stratum_that_is_too_small_is_drawn_whole_and_noted():
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


def test_texts_that_name_their_outlet_are_noted():
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
        (
            lambda u: u,
            {"n": 101},
            "n must be a whole number from 1 to the number of units, 100 (got 101)",
        ),
        (lambda u: u, {"n": 0}, "(got 0)"),
        (lambda u: u, {"n": 2.5}, "(got 2.5)"),
        (lambda u: u, {"n": True}, "(got True)"),
        (lambda u: u, {"by": "section"}, "(got one with ['article_id', 'outlet'"),
        (
            lambda u: u,
            {"allocation": "some"},
            "allocation must be one of 'proportional', 'equal' (got 'some')",
        ),
        (lambda u: u, {"overlap": 2}, "overlap must be a number from 0 to 1 (got 2)"),
        (lambda u: u, {"seed": -1}, "seed must be a whole number of at least 0 (got -1)"),
        (lambda u: u, {"coders": []}, "coders must be one or more different names"),
        (lambda u: u, {"coders": ["../x"]}, "coders must be one or more different names"),
        (lambda u: u, {"coders": ["A", "a"]}, "coders must be one or more different names"),
        (lambda u: u, {"codes": [1]}, "codes must be two or more different codes"),
        (lambda u: u, {"codes": [1, "a"]}, "codes must be two or more different codes"),
        (lambda u: u, {"codes": [1, 1.0]}, "codes must be two or more different codes"),
        (lambda u: u, {"codes": "ab"}, "codes must be two or more different codes"),
        (lambda u: u.drop(columns="text"), {}, "without text"),
        (lambda u: u.assign(text=None), {}, "a text to read in every row (None in row 0; 100 such"),
        (lambda u: u.assign(text=" "), {}, "(' ' in row 0"),
        (lambda u: u.assign(weight=1), {}, "units must not have the columns weight"),
        (lambda u: pd.concat([u, u]), {}, "row 100 is the same"),
        (lambda u: u.assign(start=400, end=410), {}, "has its target at 400 to 410"),
        (lambda u: u, {"n": 0}, "from 1 to the number of units, 100 (got 0)"),
        (lambda u: u.iloc[:0], {"n": 0}, "there is no unit to draw: units has no row"),
        (lambda u: u.to_numpy(), {}, "units must be a table with the columns article_id, text"),
        (lambda u: u, {"by": 5}, "without 5"),
        (lambda u: u, {"overlap": True}, "(got True)"),
        (lambda u: u, {"seed": 0.5}, "(got 0.5)"),
        (lambda u: u, {"coders": 3}, "coders must be"),
        (lambda u: u, {"codes": 3}, "codes must be"),
        (lambda u: u, {"codes": [[1], [2]]}, "codes must be"),
    ],
)
def test_what_cannot_be_drawn_is_an_error(change, options, words):
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
    with pytest.raises(OptionError, match="texts or sentences of a are missing"):
        coding_units(mentions.assign(sentence=7), sentences, {"a": text})
    with pytest.raises(OptionError, match="before must be a whole number of at least 0"):
        coding_units(mentions, sentences, {"a": text}, before=-1)
    with pytest.raises(OptionError, match="sentences must be a table with .* without start, end"):
        coding_units(mentions, sentences[["article_id", "sentence"]], {"a": text})


def test_a_mention_over_the_end_of_its_sentence_makes_no_unit_and_the_others_do():
    text = "We met Ola.Brandt on Monday. Brandt smiled."
    places = {"article_id": "a", "sentence": [0, 1, 2], "start": [0, 11, 29], "end": [11, 28, 43]}
    mentions = pd.DataFrame(
        {
            "article_id": "a",
            "sentence": [0, 2],
            "start": [7, 29],
            "end": [17, 35],
            "actor": "brandt",
        }
    )
    units = coding_units(mentions, pd.DataFrame(places), {"a": text})
    assert units[["start", "text"]].to_numpy().tolist() == [[29, text[11:]]]
    only = draw_sample(units, n=1, coders=["Ada"]).sheets["Ada"]["text"]
    assert only.tolist() == ["Brandt on Monday. [[Brandt]] smiled."]
    none = coding_units(mentions[:1], pd.DataFrame(places), {"a": text})
    assert none.empty and "text_start" in none
    wider = coding_units(mentions, pd.DataFrame(places), {"a": text}, after=1)
    assert wider["start"].tolist() == [7, 29], "where the sentence that it runs into is shown"
