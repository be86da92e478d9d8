"""Whom names, descriptions and pronouns mean, against planted truths."""

import time

import pytest

from analysis.extract.actors import read_actors
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages.mentions import Actors
from analysis.languages.names import find_names
from analysis.languages.people import NAMELESS, People
from analysis.languages.syntax import Parse, load_syntax
from analysis.text.marks import plain_marks
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences


def people(text):
    plain = plain_marks(text)
    quotes = find_quotes(plain)
    sentences = find_sentences(plain, quotes, find_blocks(text))
    doc = Parse(load_syntax(), plain, sentences).doc()
    return doc, People(doc, [(q.start, q.end) for q in quotes])


def meant(text, word):
    """The name of whom the last use of a word means."""
    doc, its = people(text)
    token = [t for t in doc if t.text == word][-1]
    person = its.of(token)
    return person.name if person else None


@pytest.mark.parametrize(
    "text, word, name",
    [
        ("Ada Orr spoke. She left.", "She", "Ada Orr"),
        ("Ada Orr met Ben Crale. She left.", "She", "Ada Orr"),
        ("Ada Orr met Ben Crale. He left.", "He", "Ben Crale"),
        ("Mr. Orr met Ms. Crale. She said he had lied.", "he", "Orr"),
        ("Minister Ada Orr met Ben Crale. Later the minister left.", "minister", "Ada Orr"),
        ("Minister for Health Ada Orr met Ben Crale.", "Minister", "Ada Orr"),
        (
            "French President Ada Orr met Iranian President Ben Crale. The Iranian president left.",
            "president",
            "Ben Crale",
        ),
        ("French President Ada Orr left. The president of Mexico wept.", "president", None),
        ("Sen. Ada Orr met Mayor Ben Crale. Crale left. The senator wept.", "senator", "Ada Orr"),
        (
            "Orr Steel Inc. sued the Varn Police Department. The company lost.",
            "company",
            "Orr Steel Inc.",
        ),
        (
            "French President Ada Orr spoke. Ben Crale thanked his French counterpart.",
            "counterpart",
            "Ada Orr",
        ),
        ("Orr Steel Company cut jobs. It said it was sorry.", "It", "Orr Steel Company"),
        ("The bridge fell. It was old.", "It", None),
        # a subject stays one, also where the sentence mentions them again
        ("Ada Orr, 40, lost her keys on the way to Ms Crale. She wept.", "She", "Ada Orr"),
        ("President Crale liked Al Holt losing. Today he left.", "he", "Crale"),
        # who speaks is not whom the words call "he"
        (
            "Ben Crale spoke of Al Holt. “He lost. He is not fit to lead,” Crale said.",
            "He",
            "Al Holt",
        ),
        ("Ministers left. The judge wept.", "judge", None),
    ],
)
def test_whom_a_word_means(text, word, name):
    assert meant(text, word) == name


def test_somebody_without_a_name_is_somebody():
    doc, its = people("Ada Orr left. A banker wept. The banker said he was sorry.")
    banker = its.of([t for t in doc if t.text == "banker"][-1])
    assert (banker.name, banker.named) == ("A banker", False) and banker.number >= NAMELESS
    assert its.of(next(t for t in doc if t.text == "he")).number == banker.number


def test_names_are_sure_and_their_titles_mean_the_same():
    doc, its = people("The port’s director, Ada Orr, left. Later Orr wept.")
    orr = [its.of(t) for t in doc if t.text in ("director", "Orr")]
    assert len({person.number for person in orr}) == 1
    assert all(person.named and person.confidence > 0.9 for person in orr)


def test_a_body_beside_a_description_is_not_whom_it_means():
    doc, its = people("Ada Orr of the FBI left. The FBI director wept.")
    director = its.of(next(t for t in doc if t.text == "director"))
    assert director is None or not director.body


def test_an_unparsed_text_has_names_alone():
    plain = "Ada Orr left. She wept."
    doc = load_syntax().words(plain)
    its = People(doc, [], find_names(doc))
    assert its.of(next(t for t in doc if t.text == "She")) is None


def _persons(n):
    """Sentences on as many persons, all of them ministers."""
    ends = ["ba", "ko", "mi", "tu", "ran", "sel", "vor"]
    names = ("Al " + "".join(ends[i // 7**k % 7] for k in range(5)).title() for i in range(n))
    return "".join(f"Minister {name} spoke. The minister said he had won. " for name in names)


@pytest.mark.short("persons", "sentence", "quotations", "table")
@pytest.mark.parametrize(
    "text",
    [
        _persons,
        lambda n: "He left " * n,  # a sentence of thousands of words
        lambda n: "“" * 20 * n,
        lambda n: "Ada Orr “she” " * n,
        lambda n: "\u200fقال الوزير إن الحرب انتهت. " * n,
        lambda n: "部长奥尔说战争结束了。Ada Orr" * n,
        lambda n: "Ada Orr\t12\t“x”\nBen Crale, minister\n" * n,
    ],
    ids=["persons", "sentence", "marks", "quotations", "arabic", "chinese", "table"],
)
def test_a_text_twice_as_long_takes_twice_as_long(text):
    actors = Actors({"orr": {"name": "Ada Orr"}})

    def seconds(n):
        began = time.process_time()
        units = extract_units(Article("a", text(n)))
        read_actors(units, actors)
        assert units.failed == {}
        return time.process_time() - began

    seconds(50)
    assert seconds(200) < 3 * min(seconds(100), seconds(100)) + 0.1


@pytest.mark.long
def test_a_million_quotation_marks_take_seconds():
    began = time.process_time()
    assert extract_units(Article("a", "Ada Orr said “" + '"' * 1_000_000)).failed == {}
    assert time.process_time() - began < 60
