"""Who says, thinks or shows what, outside quotation marks and in them."""

import time

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages.attributions import attributions
from analysis.languages.selector import Selector, load_selector
from analysis.text.verbs import CLASSES, verb_of, verbs
from analysis.views import spoken

NAMED = "Mayor Ada Orr was there. Rolf Penn, a fitter, came to the bridge. "


def reported(text, **options):
    """(statement, speaker, verb) of each reported statement."""
    quotes = pd.DataFrame(extract_units(Article("a", text, **options)).tables["quotes"])
    rows = spoken(quotes)[~spoken(quotes)["direct"].astype(bool)] if len(quotes) else quotes
    return [(text[row.start : row.end], row.speaker, row.verb) for row in rows.itertuples()]


@pytest.mark.parametrize(
    "sentence, statement, speaker, verb",
    [
        ("Orr said the bridge was safe.", "the bridge was safe", "Ada Orr", "said"),
        ("Orr said on Tuesday that it was safe.", "that it was safe", "Ada Orr", "said"),
        ("The bridge was safe, said Penn.", "The bridge was safe", "Rolf Penn", "said"),
        (
            "The bridge was safe, says their leader, Rolf Penn, who built it.",
            "The bridge was safe",
            "Rolf Penn",
            "says",
        ),
        (
            "The bridge was closed, according to the police.",
            "The bridge was closed",
            "the police",
            "according to",
        ),
        ("According to Penn, it was closed.", "it was closed", "Rolf Penn", "according to"),
        ("Penn denied that he had seen it.", "that he had seen it", "Rolf Penn", "denied"),
        ("Penn, 45, a father of two, warned that it would fall.",)
        + ("that it would fall", "Rolf Penn", "warned"),
        ("Orr has promised to pay for it.", "to pay for it", "Ada Orr", "promised"),
        ("Orr told the Courier that it was safe.", "that it was safe", "Ada Orr", "told"),
        ("Orr pointed out that it was safe.", "that it was safe", "Ada Orr", "pointed"),
        (
            "Two officials with knowledge of the plan said it was dead.",
            "it was dead",
            "Two officials with knowledge of the plan",
            "said",
        ),
        (
            "The bridge will reopen in May, the council said in a statement.",
            "The bridge will reopen in May",
            "the council",
            "said",
        ),
        ("It is claimed that the bridge was safe.", "that the bridge was safe", "", "claimed"),
        ("Penn, who painted it, said that it was safe.", "that it was safe", "Rolf Penn", "said"),
        ("Orr (Lab, Hull) said the bridge was safe.", "the bridge was safe", "Ada Orr", "said"),
    ],
)
def test_a_statement_has_its_span_speaker_and_verb(sentence, statement, speaker, verb):
    assert (statement, speaker, verb) in reported(NAMED + sentence)


@pytest.mark.parametrize(
    "sentence, kind",
    [
        ("Penn said that the bridge was old.", "speech"),
        ("Penn believes that the bridge is old.", "attitude"),
        ("Residents fear that the bridge will fall.", "attitude"),
        ("A survey of the pillars shows that the bridge is old.", "evidence"),
    ],
)
def test_what_is_thought_or_shown_is_no_speech(sentence, kind):
    quotes = extract_units(Article("a", NAMED + sentence)).tables["quotes"]
    assert quotes["kind"] == [kind] and quotes["direct"] == [False]


@pytest.mark.parametrize(
    "sentence",
    [
        "“The bridge is safe,” Orr said.",
        "Orr did not say that the bridge was safe.",
        "Orr would say the bridge was safe.",
        "I said the bridge was safe.",
        "The state bridge was painted.",
        "Orr said nothing.",
        "Orr said: “The bridge is safe.”",
        "The alleged crime happened here.",
        "Nobody said the bridge was safe.",
    ],
)
def test_what_reports_nothing(sentence):
    assert reported(NAMED + sentence) == []


def test_a_statement_holds_another_one_and_a_quotation():
    text = NAMED + "Orr said on Monday that the bridge was “as safe as a house” for all."
    quotes = extract_units(Article("a", text)).tables["quotes"]
    rows = list(zip(quotes["direct"], quotes["speaker"], quotes["n_words"]))
    assert rows == [(False, "Ada Orr", 11), (True, "Ada Orr", 5)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "said",
        "said that",
        "according to",
        "He said",
        "THE MAYOR SAID THE BRIDGE WAS SAFE",
        "said " * 50,
        "according to " * 50,
        "“" * 300,
        "A said B denied " * 40 + "it.",
        "He said that " * 120 + "it rained.",
        "\u202e“No,” قال ‏he said 字字字 that \u2028 \x0b it\ufeff rained.",
    ],
)
def test_odd_texts_pass(text):
    assert extract_units(Article("a", text)).failed == {}
    for statement, _, _ in reported(text):
        assert statement


@pytest.mark.long
@pytest.mark.parametrize(
    "piece", ["“x” ", "“He said it,” she said. ", "Orr said the bridge was safe, he told us, and "]
)
def test_time_grows_with_the_text_alone(piece):
    def seconds(n):
        text = piece * (n // len(piece))
        began = time.process_time()
        assert extract_units(Article("a", text)).failed == {}
        return time.process_time() - began

    seconds(1000)
    assert seconds(80_000) < 4 * seconds(40_000) + 1


def test_nobody_speaks_without_a_parse():
    text = NAMED + "“The bridge is quite safe,” Orr said. She said it was old."
    quotes = extract_units(Article("a", text), parse="none").tables["quotes"]
    assert quotes["direct"] == [True] and quotes["speaker"] == [""] and quotes["verb"] == [""]


def test_without_weights_a_few_rules_of_grammar_judge():
    reading = extract_units(Article("a", NAMED + "Orr said the bridge was safe.")).reading
    (found,) = attributions(reading.doc, [], reading.people, selector=Selector({}))
    assert (found.speaker, found.verb, found.confidence) == ("Ada Orr", "said", 0.9)


def test_other_languages_have_no_reported_statements():
    assert reported(NAMED + "Orr said the bridge was safe.", language="de") == []


@given(
    st.lists(
        st.sampled_from(
            [
                "Ada Orr",
                "said",
                "that",
                "the bridge",
                "was",
                "safe",
                ",",
                ".",
                "“",
                "”",
                "according to",
                "denied",
                "and",
                "he",
                "who",
                "told",
                "accused",
                "of",
                "\n",
                ":",
                "—",
                "claims",
                "(",
                ")",
                "It's",
                "adding",
            ]
        ),
        max_size=40,
    )
)
def test_statements_are_in_order_and_hold_their_words(pieces):
    text = " ".join(pieces)
    units = extract_units(Article("a", text))
    quotes = units.tables["quotes"]
    spans = [
        (s, e, p, n)
        for s, e, p, n, direct in zip(
            *(quotes[c] for c in ("start", "end", "position", "n_words", "direct"))
        )
        if not direct
    ]
    assert all(a[0] <= b[0] for a, b in zip(spans, spans[1:]))
    for start, end, position, n_words in spans:
        assert (
            n_words >= 1
            and start <= units.tokens.start[position]
            and units.tokens.end[position + n_words - 1] <= end
        )


def test_the_table_of_verbs():
    assert {verb.verb_class for verb in verbs().values()} == set(CLASSES)
    assert (
        verb_of("according to").lemma == "according to"
        and verb_of("pointed").lemma == "point out"
        and verb_of("cycled") is None
        and verb_of("") is None
    )
    assert {verb_of(form).verb_class for form in ("said", "told", "added", "according to")} == {
        "neutral"
    }
    assert {verb_of(form).verb_class for form in ("claimed", "alleged", "boasted")} == {"doubting"}
    assert {
        verb_of(form).verb_class
        for form in ("confirmed", "revealed", "admitted", "acknowledged", "noted")
    } == {"endorsing"}


@pytest.mark.parametrize(
    ("line", "statements"),
    [
        (
            "Orr: No outside influence on harbour inquiry.",
            ["No outside influence on harbour inquiry"],
        ),
        ("BREAKING: The bridge has fallen.", []),
        ("Ingredients: flour, sugar and eggs.", []),
    ],
)
def test_a_headline_says_who_speaks_before_its_colon(line, statements):
    text = f"Ada Orr met Ben Crale. {line}"
    quotes = pd.DataFrame(extract_units(Article("a", text)).tables["quotes"])
    assert [text[s:e] for s, e in zip(quotes["start"], quotes["end"])] == statements
    assert set(quotes["speaker"]) <= {"Ada Orr"} and set(quotes["verb"]) <= {""}


def test_rare_cues_count_as_those_that_mean_the_same():
    table = load_selector("en")._meanings
    says, told, crane = table.of([("declare", ""), ("announce", ""), ("crane", "")])[:, :24]

    def near(one, other):
        return one @ other / (one @ one * (other @ other)) ** 0.5

    assert near(says, told) > near(says, crane) + 0.2
    assert not table.of([("unheardof", "")]).any()
