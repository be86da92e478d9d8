"""Units of a text: tokens, sentences and quotations, on the cases that break splitters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences
from analysis.text.tokens import normalise, tokenise, words_of

TEXTS = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from(" \n\n.!?,\"'“”‘’«»—…🚀éAaBb")),
    max_size=300,
)


def sentences(text):
    return [text[s:e] for s, e, _ in find_sentences(text)]


def quotes(text):
    return [text[q.start : q.end] for q in find_quotes(text)]


@pytest.mark.parametrize(
    "text, words",
    [
        ("The U.S. can’t pay $1,500.50.", ["the", "u.s", "can't", "pay", "1,500.50"]),
        ("at 5 a.m. sharp", ["at", "5", "a.m", "sharp"]),
        ("long-shot bid", ["long", "shot", "bid"]),
        ("rock 'n' roll", ["rock", "n", "roll"]),
        ("Cafe\u0301 and Café", ["café", "and", "café"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("ﬁne soft\u00adhyphen", ["fine", "softhyphen"]),
        ("Привет мир हिन्दी", ["привет", "мир", "हिन्दी"]),
        ("港口部长 says OK", ["港", "口", "部", "长", "says", "ok"]),
        ("๑๒ และ 12", ["๑๒", "แ", "ล", "ะ", "12"]),
        ("🚀💣", []),
        ("", []),
    ],
)
def test_words(text, words):
    assert words_of(text) == words


@given(TEXTS)
def test_tokens_point_at_their_words(text):
    tokens = tokenise(text)
    assert [normalise(text[s:e]) for s, e in zip(tokens.start, tokens.end)] == tokens.words
    assert all(a < b for a, b in zip(tokens.start, tokens.end))
    assert all(b <= c for b, c in zip(tokens.end, tokens.start[1:]))


@given(TEXTS)
def test_sentences_cover_all_that_is_not_white_and_never_overlap(text):
    spans = find_sentences(text)
    assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:]))
    covered = list(text)
    for start, end, _ in spans:
        assert text[start:end].strip()
        covered[start:end] = " " * (end - start)
    assert not "".join(covered).replace("\ufeff", "").strip()


@given(TEXTS)
def test_quotations_lie_in_the_text_in_order(text):
    found = find_quotes(text)
    assert all(0 <= q.start <= q.inner_start <= q.inner_end <= q.end <= len(text) for q in found)
    assert all(a.end <= b.start for a, b in zip(found, found[1:]))


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. said it would act.",
        "J. Smith came on Sept. 3 at noon.",
        "Mr. Jones of St. Ives paid $3.5 million to Acme Inc. yesterday.",
        "“We waited. Nobody came,” she said.",
        "He said: “Go. Now. Please.”",
        "The No. 4 crane fell, i.e. it broke.",
        "It cost 1.5 million vs. 2.5 million before.",
        "She asked “Why? How?” and left.",
        "Gov. Lee and Sen. Ruiz met Gen. Park.",
        "The lift stops at 6 a.m. Sunday and 11 p.m. Eastern time.",
        "The kiosk at no. 17 and nos. 3 to 5 are shut.",
        "The fair opens on the 7. August in the square.",
        "„It leaks. It always did“, she said.",
        "Ed K. Orr rowed across.",
    ],
)
def test_one_sentence_stays_one(text):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("He came. She left.", ["He came.", "She left."]),
        ("It was over.The crowd went home.", ["It was over.", "The crowd went home."]),
        ("Was it?! Yes… It was.", ["Was it?!", "Yes…", "It was."]),
        ("They met in the U.S. The talks failed.", ["They met in the U.S.", "The talks failed."]),
        ("“Stop.” He ran.", ["“Stop.”", "He ran."]),
        (
            "Headline without a stop\nThe text begins.",
            ["Headline without a stop", "The text begins."],
        ),
        (
            "Points:\n• one thing\n• another. And more",
            ["Points:", "• one thing", "• another.", "And more"],
        ),
        ("The report\nsays so. It is new.", ["The report\nsays so.", "It is new."]),
        ("Going up! 🚀\nSee you there", ["Going up!", "🚀", "See you there"]),
        ("(It was late.) He slept.", ["(It was late.)", "He slept."]),
        ("He called it „a leak.“ Nobody came.", ["He called it „a leak.“", "Nobody came."]),
        (
            "The tide won. „Bail!“ The crew bailed.",
            ["The tide won.", "„Bail!“", "The crew bailed."],
        ),
        (
            "The tide won. »Bail!« The crew bailed.",
            ["The tide won.", "»Bail!«", "The crew bailed."],
        ),
        ("The boat sailed at 4 p.m. Nobody waved.", ["The boat sailed at 4 p.m.", "Nobody waved."]),
        ("They rowed.Why?Because.", ["They rowed.", "Why?", "Because."]),
        (
            "They chose Ward C. Then the lights failed.",
            ["They chose Ward C.", "Then the lights failed."],
        ),
        (
            "The ferry sank, says the\nharbour office\n. It was old.",
            ["The ferry sank, says the\nharbour office\n.", "It was old."],
        ),
    ],
)
def test_sentences_are_split(text, expected):
    assert sentences(text) == expected


def test_a_line_broken_at_a_link_is_joined_and_a_headline_is_not():
    text = "Offer On The Table\nOfficials have\ndiscussed it.\nThen they left."
    assert [text[s:e] for s, e in find_blocks(text)] == [
        "Offer On The Table",
        "Officials have\ndiscussed it.",
        "Then they left.",
    ]


@pytest.mark.parametrize(
    "text, expected",
    [
        ('He said "yes" twice.', ['"yes"']),
        ("He said “yes” twice.", ["“yes”"]),
        ("She said ‘the workers’ pay is late’ again.", ["‘the workers’ pay is late’"]),
        ("Don’t say it’s the dogs’ fault.", []),
        ("“He told me, ‘never,’ and left,” she said.", ["“He told me, ‘never,’ and left,”"]),
        ("„Nein“, sagte er. «Non», dit-elle.", ["„Nein“", "«Non»"]),
        ("“I never,” she said, “saw it.”", ["“I never,”", "“saw it.”"]),
        ("“One.\n\n“Two.\n\n“Three.” End.", ["“One.\n\n“Two.\n\n“Three.”"]),
        ('"We have no plan, he said. They left.', ['"We have no plan,']),
        ("We have no plan,” he said.", ["We have no plan,”"]),
        ("rock 'n' roll in the '90s", []),
        ("It's 'fine', they said", ["'fine'"]),
        ("He said \"it's 'fine' now\" again", ["\"it's 'fine' now\""]),
        (
            "'It went to the girls' Rowing club,' she said.",
            ["'It went to the girls' Rowing club,'"],
        ),
        ("He loves 'the girls' and 'the boys.'", ["'the girls'", "'the boys.'"]),
        (
            "She said: 'The boat is safe.\n'It's dry, too, and painted.'",
            ["'The boat is safe.\n'It's dry, too, and painted.'"],
        ),
        (
            "As one reader put it, “we paid for oars.\n\n“Row,” as Ada Orr says, “or sink.”",
            ["“we paid for oars.", "“Row,”", "“or sink.”"],
        ),
        (
            "She told the club: “Nobody sinks. I promise you that.",
            ["“Nobody sinks. I promise you that."],
        ),
        ("»Wir rudern«, sagte sie. »Immer.«", ["»Wir rudern«", "»Immer.«"]),
        ("« Non », dit-elle. Accueil » Sport", ["« Non »"]),
        ("In the '70s, the Joneses' boat won", []),
    ],
)
def test_quotations(text, expected):
    assert quotes(text) == expected
