import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.text.verbs import CLASSES, verb_of, verbs

NAMED = "Mayor Ada Orr was there. Rolf Penn, a fitter, came to the bridge. "


def reported(text, **options):
    """(statement, speaker, verb) of each reported statement."""
    quotes = extract_units(Article("a", text, **options)).tables["quotes"]
    rows = zip(*(quotes[column] for column in ("start", "end", "speaker", "verb", "direct")))
    return [
        (text[start:end], speaker, verb) for start, end, speaker, verb, direct in rows if not direct
    ]


@pytest.mark.parametrize(
    "sentence, statement, speaker, verb",
    [
        ("Orr said the bridge was safe.", "the bridge was safe", "Ada Orr", "said"),
        ("Orr said on Tuesday that the bridge was safe.", "the bridge was safe", "Ada Orr", "said"),
        ("The bridge was safe, the mayor said.", "The bridge was safe", "Ada Orr", "said"),
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
        (
            "According to Penn, the bridge was closed.",
            "the bridge was closed",
            "Rolf Penn",
            "according to",
        ),
        ("Penn denied that he had seen it.", "he had seen it", "Rolf Penn", "denied"),
        ("Penn denied taking money.", "taking money", "Rolf Penn", "denied"),
        (
            "Penn accused the mayor of hiding the letter.",
            "the mayor of hiding the letter",
            "Rolf Penn",
            "accused",
        ),
        (
            "Penn, 45, a father of two, warned that it would fall.",
            "it would fall",
            "Rolf Penn",
            "warned",
        ),
        ("Penn warned of a collapse.", "a collapse", "Rolf Penn", "warned"),
        ("Orr has promised to pay for it.", "to pay for it", "Ada Orr", "promised"),
        ("Orr told reporters the bridge was safe.", "the bridge was safe", "Ada Orr", "told"),
        (
            "Orr told the Courier that the bridge was safe.",
            "the bridge was safe",
            "Ada Orr",
            "told",
        ),
        ("Orr pointed out that the bridge was safe.", "the bridge was safe", "Ada Orr", "pointed"),
        ("Penn urged drivers to stay away.", "drivers to stay away", "Rolf Penn", "urged"),
        (
            "A woman who lives nearby said the noise was awful.",
            "the noise was awful",
            "A woman who lives nearby",
            "said",
        ),
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
        (
            "The bridge, Penn said, had never been painted.",
            "had never been painted",
            "Rolf Penn",
            "said",
        ),
        (
            "It was closed because, Penn said, nobody had painted it.",
            "nobody had painted it",
            "Rolf Penn",
            "said",
        ),
        ("The bridge was safe, he told the inquiry.", "The bridge was safe", "Rolf Penn", "told"),
        ("The bridge was safe, as Penn said to us.", "The bridge was safe", "Rolf Penn", "said"),
        (
            "Penn asked whether the bridge was safe.",
            "whether the bridge was safe",
            "Rolf Penn",
            "asked",
        ),
        ("It is claimed that the bridge was safe.", "the bridge was safe", "", "claimed"),
        (
            "Penn's lawyer insisted that the bridge was safe.",
            "the bridge was safe",
            "Penn's lawyer",
            "insisted",
        ),
        ("Penn, who painted it, said that it was safe.", "it was safe", "Rolf Penn", "said"),
        ("Records show that the bridge was safe.", "the bridge was safe", "Records", "show"),
        ("Orr (Lab, Hull) said the bridge was safe.", "the bridge was safe", "Ada Orr", "said"),
    ],
)
def test_a_statement_has_its_span_speaker_and_verb(sentence, statement, speaker, verb):
    assert (statement, speaker, verb) in reported(NAMED + sentence)


def test_two_statements_of_a_sentence_and_what_is_added_to_a_quotation():
    assert [
        r[0]
        for r in reported(
            NAMED + "Penn said the bridge was old, adding that it had been painted twice."
        )
    ] == ["the bridge was old", "it had been painted twice"]
    assert [
        r[0]
        for r in reported(
            NAMED + "Orr said she was sorry and promised that the bridge would reopen."
        )
    ] == ["she was sorry", "the bridge would reopen"]
    assert reported(NAMED + "“It is old,” Penn said, adding that it had been painted.") == [
        ("it had been painted", "Rolf Penn", "adding")
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "“The bridge is safe,” Orr said.",
        "“The bridge is safe,” said Orr, who was late.",
        "Orr did not say that the bridge was safe.",
        "Orr would say the bridge was safe.",
        "I said the bridge was safe.",
        "The state bridge was painted.",
        "Orr said nothing.",
        "Orr declined to say whether it was safe.",
        "Orr said: “The bridge is safe.”",
        "The alleged crime happened here.",
        "Penn was told to leave.",
        "Nobody said the bridge was safe.",
        "Two points separate the teams, and the states agree on little.",
    ],
)
def test_what_reports_nothing(sentence):
    assert reported(NAMED + sentence) == []


def test_a_quotation_may_stand_within_a_statement():
    text = NAMED + "Orr said the bridge was “as safe as a house” on Monday."
    quotes = extract_units(Article("a", text)).tables["quotes"]
    rows = list(
        zip(
            quotes["direct"],
            (text[s:e] for s, e in zip(quotes["start"], quotes["end"])),
            quotes["n_words"],
        )
    )
    assert rows == [
        (False, "the bridge was “as safe as a house” on Monday", 10),
        (True, "“as safe as a house”", 5),
    ]


@pytest.mark.parametrize("mark", ["“{}”", '"{}"', "‘{}’"])
def test_the_kind_of_mark_does_not_matter(mark):
    quoted = mark.format("as safe as a house")
    assert reported(NAMED + f"Orr said the bridge was {quoted}.") == [
        (f"the bridge was {quoted}", "Ada Orr", "said")
    ]


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
        (
            "the mayor said the bridge was safe and then the fitter said it was not and nobody put"
            " a full stop anywhere"
        ),
    ],
)
def test_odd_texts_pass(text):
    for statement, _, _ in reported(text):
        assert statement


def test_other_languages_have_no_reported_statements():
    assert reported(NAMED + "Orr said the bridge was safe.", language="de") == []


def test_a_long_line_passes():
    piece = "Orr said the bridge was safe, he told us, and the state claimed that it was old "
    assert len(reported(piece * (1_000_000 // len(piece)))) > 1000


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
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:]))
    for start, end, position, n_words in spans:
        assert (
            n_words >= 2
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
