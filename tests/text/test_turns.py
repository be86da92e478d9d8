"""Transcripts and interviews: whose turn it is, where it ends, and what only looks like a turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.codebook import Codebook
from analysis.extract.memory import extract_articles
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.text.turns import find_turns, without_labels

BROADCAST = """HERALD TONIGHT

Aired June 2, 2024 - 18:00 ET

THIS IS A RUSH TRANSCRIPT.

ADA ORR, HERALD HOST: Good evening. The ferry of Tesmere sank on Monday.

With us is the pilot, Rolf Penn. What happened?

ROLF PENN, HARBOUR PILOT: Thank you for having me. I saw it sink.

(BEGIN VIDEO CLIP)

ORR: Who do you blame?

PENN: Nobody. "It was the tide," my captain said. I believe her.

(CROSSTALK)

ORR: That is all we have time for.
"""
INTERVIEW = """The pilot of the ferry speaks for the first time. Rolf Penn met us on the pier.

Herald: What did you see?

Penn: I saw the ferry sink. It took an hour.

Herald: Who do you blame?

Penn: Nobody. We were all tired.

The interview was edited for length.
"""
QUESTIONS = """Rolf Penn is a pilot.

Q: What did you see?
A: I saw the ferry sink.
Q: And then?
A: I rowed home, and my wife made tea.
"""
GERMAN = """Rolf Penn im Gespräch

Herald: Was haben Sie gesehen?

Penn: Ich habe gesehen, wie die Fähre sank.

Herald: Wer ist schuld?

Penn: Niemand. Wir waren müde.
"""
FRENCH = """Le Herald : Qu'avez-vous vu ?

Rolf Penn : J'ai vu le bateau couler.

Le Herald : Et ensuite ?

Rolf Penn : Je suis rentré.
"""
CHINESE = """记者：你看见了什么？
船长：我看见船沉了。
记者：然后呢？
船长：我回家了。
"""
ARABIC = """المذيع: ماذا رأيت؟
البحار: رأيت القارب يغرق.
المذيع: ثم ماذا؟
البحار: عدت إلى البيت.
"""
OWN_LINE = """ADA ORR:
What did you see?

ROLF PENN:
I saw the ferry sink.

ADA ORR:
And then?

ROLF PENN:
I rowed home.
"""
CAMERA = """SEN. ADA ORR (D-Tesmere): I thank the pilot. What did you see?
>> ROLF PENN (through translator): I saw the ferry sink.
UNIDENTIFIED MALE: You lie!
SEN. ORR: Order, please. Who was that?
UNIDENTIFIED MALE: I was.
"""


def turns(text):
    found = find_turns(text).turns
    return [(t.speaker, " ".join(text[t.start : t.end].split())) for t in found]


def speakers(text):
    return [speaker for speaker, _ in turns(text)]


@pytest.mark.parametrize(
    "text, expected",
    [
        (BROADCAST, ["Ada Orr", "Rolf Penn", "Ada Orr", "Rolf Penn", "Ada Orr"]),
        (INTERVIEW, ["Herald", "Rolf Penn"] * 2),
        (QUESTIONS, ["Q", "A"] * 2),
        (GERMAN, ["Herald", "Rolf Penn"] * 2),
        (FRENCH, ["Le Herald", "Rolf Penn"] * 2),
        (CHINESE, ["记者", "船长"] * 2),
        (ARABIC, ["المذيع", "البحار"] * 2),
        (OWN_LINE, ["Ada Orr", "Rolf Penn"] * 2),
        (CAMERA, ["Ada Orr", "Rolf Penn", "unidentified male", "Ada Orr", "unidentified male"]),
    ],
)
def test_every_turn_has_its_speaker(text, expected):
    assert speakers(text) == expected


@pytest.mark.parametrize(
    "labels, expected",
    [
        (("AO", "RP"), ("Ada Orr", "Rolf Penn")),
        (("BILL McORR", "PRESIDENT-ELECT ROLF PENN"), ("Bill McOrr", "Rolf Penn")),
        (("ORR", "PENN"), ("Ada Orr", "Rolf Penn")),
        (("P", "R"), ("P", "R")),
        (("Reporter", "MAYOR ORR"), ("reporter", "Ada Orr")),
    ],
)
def test_names_are_as_full_as_the_text_has_them(labels, expected):
    head = "Ada Orr met the pilot Rolf Penn and Bill McOrr on the pier.\n\n"
    said = ["What did you see?", "I saw my boat sink.", "Why?", "I do not know."]
    text = head + "\n\n".join(f"{label}: {words}" for label, words in zip(labels * 2, said))
    assert speakers(text) == list(expected * 2)


def test_a_turn_goes_on_over_paragraphs_and_ends_at_directions_and_notes():
    said = [words for _, words in turns(BROADCAST)]
    assert said[0].startswith("Good evening.") and said[0].endswith("What happened?")
    assert said[1] == "Thank you for having me. I saw it sink."
    assert said[3] == 'Nobody. "It was the tide," my captain said. I believe her.'
    assert turns(INTERVIEW)[-1][1] == "Nobody. We were all tired."


@pytest.mark.parametrize(
    "text",
    [
        "The ferry sank.\n\nCREDIT: Ada Orr\n\nCORRECTION: It sank on Monday.\n\nPHOTO: Rolf Penn",
        "The day in short:\n\n10:30: The ferry sails.\n11:00: It sinks.\n11:30: Who knows why?",
        "Where they stand\n\nPier\nOrr: wants to close it.\nPenn: wants to keep it.\n"
        "Ferry\nOrr: wants to sell it.\nPenn: wants to keep it.",
        "CLAIM: The ferry was new.\nFACT: It was old.\nCLAIM: It was safe.\nFACT: It sank.",
        "Director: Ada Orr\nCast: Rolf Penn\nRating: 4\n\nDirector: Bo Lind\nCast: Ada Orr",
        "Name: Ada Orr\nAge: 40\nName: Rolf Penn\nAge: 50\nWhy are you running? I love the pier.",
        "Chorus: We row, we row.\nVerse: I rowed alone.\nChorus: We row, we row.\nVerse: Will you?",
        "Ada Orr said: We row at dawn.\n\nThen she left. Rolf Penn said: I stay.",
        "Ada Orr: We row at dawn",
        "Read more: Ada Orr rows\nRelated: Who is Rolf Penn?\nRead more: I rowed\nRelated: My pier",
        "Monday: We row.\nTuesday: We rest.\nMonday: We row.\nTuesday: Who rests?",
        "Winner: Ada Orr.\nLoser: Rolf Penn.\nWinner: the pier. Why?\nLoser: my boat.",
        "Q: Why did the ferry sink?\nA: It was old.\nQ: Who pays?\nA: The town, if you ask it.",
        "• Orr: “We row,” on Monday.\n• Penn: “I rest.”\n• Orr: “We rest.”\n• Penn: “I row.”",
        "JUST WATCHED Orr: Why I row\nOrr: Why I row\nJUST WATCHED Penn: My pier\nPenn: My pier",
        "",
    ],
)
def test_fields_and_lists_are_no_turns(text):
    assert turns(text) == []


def test_labels_are_no_words_and_their_place_stays():
    found = find_turns(BROADCAST)
    plain = without_labels(BROADCAST, found)
    assert len(plain) == len(BROADCAST)
    assert "HERALD HOST" not in plain and "PENN:" not in plain and "Good evening" in plain
    assert all(plain[t.start : t.end] == BROADCAST[t.start : t.end] for t in found.turns)


def test_turns_among_prose_are_single_paragraphs():
    prose = "The debate was long, and few listened to it. Many left early.\n\n" * 8
    lines = "ORR: Will you close my pier?\n\nPENN: I will not.\n\nORR: Why?\n\nPENN: I like it.\n\n"
    assert [w for _, w in turns(prose + lines + prose)] == [
        "Will you close my pier?",
        "I will not.",
        "Why?",
        "I like it.",
    ]


def test_the_words_of_a_turn_are_its_speakers_and_a_label_mentions_nobody():
    text = BROADCAST.replace("I saw it sink.", "I saw it sink. Orr is wrong.")
    units = extract_units(Article("a", text))
    quotes = units.tables["quotes"]
    assert quotes["speaker"] == ["Ada Orr", "Rolf Penn", "Ada Orr", "Rolf Penn", "Ada Orr"]
    assert set(quotes["verb"]) == {""} and all(quotes["direct"])
    outside = [w for w, q in zip(units.tokens.words, units.tables["tokens"]["quoted"]) if not q]
    assert "blame" not in outside and "host" not in units.tokens.words
    sentences = [text[s:e] for s, e, _ in units.spans]
    assert "Good evening." in sentences and "Nobody." in sentences


def test_mentions_within_turns_have_their_speaker():
    actors = {
        "orr": {"name": "Ada Orr", "aliases": ["Orr"]},
        "penn": {"name": "Rolf Penn", "aliases": ["Penn"]},
    }
    text = BROADCAST.replace("I saw it sink.", "I saw it sink. Orr is wrong.")
    mentions = extract_articles([Article("a", text)], codebook=Codebook(actors)).table("mentions")
    mentions = mentions[mentions["form"] == "name"]
    told = list(zip(mentions["actor"], mentions["voice"], mentions["speaker"]))
    assert told == [("penn", "quoted", "Ada Orr"), ("orr", "quoted", "Rolf Penn")]


@given(
    st.lists(
        st.sampled_from(["ORR: ", "Penn: ", "Q: ", "I row. ", "Why? ", "\n", "\n\n", "(A)", ":"])
    )
)
def test_turns_lie_in_the_text_in_order(pieces):
    text = "".join(pieces)
    found = find_turns(text).turns
    assert all(0 <= t.start < t.end <= len(text) and text[t.start : t.end].strip() for t in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:]))
    extract_units(Article("a", text))
