"""Actors in a text: mentions and labels, against planted truths."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.extract.actors import read_actors
from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.languages.called import LONGEST_LABEL
from analysis.languages.mentions import FORMS, Actors, is_group
from analysis.text.labels import CONSTRUCTIONS
from analysis.text.scan import scan

ORR = {
    "orr": {"name": "Ada Orr", "aliases": ["Orr"]},
    "crale": {"name": "Ben Crale", "aliases": ["Crale"]},
}
ORBAN = {
    "orban": {"name": "Viktor Orbán", "aliases": ["Orbán"]},
    "merkel": {"name": "Angela Merkel", "aliases": ["Merkel"]},
}
MAY = {"may": {"name": "Theresa May", "aliases": ["May"]}}
WILL = {"will": {"name": "Will Young", "aliases": ["Will"]}}
TRUMP = {
    "trump": {"name": "Donald Trump", "aliases": ["Trump"]},
    "biden": {"name": "Joe Biden", "aliases": ["Biden"]},
    "maduro": {"name": "Nicolás Maduro", "aliases": ["Maduro"]},
}
KELSO = {"kelso": {"name": "Kelso Group plc", "aliases": ["Kelso"]}}


def found(text, actors):
    units = extract_units(Article("a", text, "en", {}))
    return read_actors(units, Actors(actors))


@given(st.lists(st.sampled_from(["Orr", "ﬁ ", "é", "e\u0301", " 한국 ", "’", "½ ", "a ", "𝐀 "])))
def test_names_are_found_in_their_places_among_characters_that_fold_to_others(pieces):
    pieces = ["\u0301", *(f" {p} " if p == "Orr" else p for p in pieces), "Ⅷ Orr"]
    text = "".join(pieces)
    planted = [m.start() for m in re.finditer("Orr", text)]
    assert [m.start for m in found(text, ORR)[0]] == planted == Actors(ORR).starts(text)


def mentions(text, actors):
    return [(m.actor, m.form, text[m.start : m.end]) for m in found(text, actors)[0]]


def labels(text, actors):
    return [
        (label.actor, label.construction, text[label.start : label.end])
        for label in found(text, actors)[1]
    ]


def named(text, actors):
    return [(actor, words) for actor, form, words in mentions(text, actors) if form != "pronoun"]


# -- mentions


def test_names_are_whole_words_and_the_longest_wins():
    assert named("Ada Orr met Orrin and Torr. Then Orr left.", ORR) == [
        ("orr", "Ada Orr"),
        ("orr", "Orr"),
    ]


@pytest.mark.parametrize(
    "text, words",
    [
        ("Orban's allies left.", "Orban"),
        ("Orbán’s allies left.", "Orbán"),
        ("They fear the Orban government.", "Orban"),
        ("The Orbán-led bloc left.", "Orbán"),
        ("An anti-Orbán march began.", "Orbán"),
    ],
)
def test_possessives_in_curly_and_straight_marks(text, words):
    assert mentions(text, ORBAN) == [("orban", "possessive", words)]


def test_accents_may_be_left_out_or_written_as_two_characters():
    assert named("Viktor Orban and Viktor Orba\u0301n.", ORBAN) == [
        ("orban", "Viktor Orban"),
        ("orban", "Viktor Orba\u0301n"),
    ]


def test_a_name_that_is_a_month():
    text = (
        "In May, the vote failed. On May 3 it rained. Theresa May said that in May 2019 she would"
        " go. May told MPs no. May I ask? It may rain."
    )
    assert named(text, MAY) == [("may", "Theresa May"), ("may", "May")]
    assert named("We met Mrs May in May. Then May’s government fell.", MAY) == [
        ("may", "May"),
        ("may", "May"),
    ]
    assert named("The talks in May led to another May deadline. May is a month.", MAY) == []


def test_a_name_that_is_a_verb():
    text = "Will Young said no. Will you go? Will told us. I will go. Then Will left. Will it rain?"
    found_names = [m.start for m in found(text, WILL)[0] if m.form == "name"]
    names = {text.index("Will Young"), text.index("Will told"), text.index("Will left")}
    assert len(found_names) >= 2 and set(found_names) <= names


def test_capitals_tell_except_in_a_headline_of_capitals():
    assert named("ORR RESIGNS IN FURY\n\nAda Orr resigned. The orr is a tree.", ORR) == [
        ("orr", "ORR"),
        ("orr", "Ada Orr"),
    ]
    assert named("YOU WISH, ORR! It rained.", ORR) == [("orr", "ORR")]


def test_a_shared_surname_goes_to_whom_was_named_last():
    bush = {
        "father": {"name": "George Bush", "aliases": ["Bush"]},
        "son": {"name": "Jeb Bush", "aliases": ["Bush", "Governor Bush"]},
    }
    text = (
        "Bush was there. Jeb Bush spoke. Bush wept. George Bush came. Then Bush left. Governor Bush"
        " sang. Bush slept."
    )
    assert named(text, bush) == [
        ("son", "Jeb Bush"),
        ("son", "Bush"),
        ("father", "George Bush"),
        ("father", "Bush"),
        ("son", "Governor Bush"),
        ("son", "Bush"),
    ]


def test_names_within_longer_names_of_others():
    text = (
        "He lives in Trump Tower. Yesterday Melania Trump left. The Trump Organization sued."
        " We saw Maduro's wife Cilia Flores. The firm Smith-Biden closed."
    )
    assert mentions(text, TRUMP) == [("maduro", "possessive", "Maduro")]
    assert labels(text, TRUMP) == []


def test_an_alias_in_small_letters_is_a_title():
    chief = {"orr": {"name": "Ada Orr", "aliases": ["Orr", "harbour chief"]}}
    assert mentions("Did the harbour chief know?", chief) == [("orr", "title", "harbour chief")]
    assert mentions("Harbour chief Ada Orr knew.", chief) == [("orr", "name", "Ada Orr")]


@pytest.mark.parametrize(
    "text, resolved",
    [
        ("Ms Orr met reporters. She left.", ["She"]),
        ("Orr said that she would go.", ["she"]),
        ("Orr said that he would go.", []),  # Ada is a woman's name
        ("Ms Orr met reporters. He left.", []),  # no such person
        ("Ada Orr met Ben Crale. He left.", ["He"]),  # their given names tell
        ("Orr met Peter Smith. He left.", []),  # somebody else is named in between
        ("Orr met a banker. He left.", []),
        ("Crale fired him.", []),  # an object of one's own clause
        ("Orr resigned. “She lied,” said a clerk who knew.", ["She"]),
        ("Orr resigned. It rained. It snowed. It hailed. It thawed. She left.", []),
    ],
)
def test_pronouns_where_they_are_safe(text, resolved):
    assert [words for _, form, words in mentions(text, ORR) if form == "pronoun"] == resolved


def test_a_body_is_told_by_its_name_or_the_codebook():
    assert (
        is_group({"name": "Kelso Group plc"})
        and is_group({"name": "the opposition"})
        and is_group({"name": "Ada Orr", "kind": "group"})
    )
    assert not is_group({"name": "Ada Orr"}) and not is_group({"name": "NATO", "kind": "person"})


# -- labels


@pytest.mark.parametrize(
    "text, expected",
    [
        (
            "The embattled chief executive Ada Orr left.",
            [("modifier", "embattled"), ("title", "chief executive")],
        ),
        (
            "the harbour’s embattled chief executive, Ada Orr, left.",
            [("modifier", "embattled"), ("title", "chief executive")],
        ),
        ("Former president Ada Orr left.", [("title", "Former president")]),
        ("Right-wing populist Ada Orr left.", [("modifier", "Right-wing"), ("title", "populist")]),
        ("A trader met the dockers' boss Ada Orr.", [("title", "boss")]),
        (
            "Ada Orr, the chief inspector of the Port Safety Inspectorate, left.",
            [("appositive", "the chief inspector")],
        ),
        ("Ada Orr, 54, a lawyer from Leeds, left.", [("appositive", "a lawyer")]),
        (
            "Ada Orr, chair of the Quayside Residents, left.",
            [("appositive", "chair of the Quayside Residents")],
        ),
        ("Ada Orr, whom critics call a thug, left.", [("predicate", "a thug")]),
        ("Ada Orr, known as the butcher of Hull, left.", [("predicate", "the butcher of Hull")]),
        ("Ada Orr, who left, is a monster.", [("predicate", "a monster")]),
        ("Ms Orr left. She is a monster.", [("predicate", "a monster")]),
        ("Orr became a symbol of greed.", [("predicate", "a symbol of greed")]),
        ("Critics called Orr a traitor.", [("predicate", "a traitor")]),
        ("A critic, a prosecutor, has called Orr a fool.", [("predicate", "a fool")]),
        ("He often referred to Orr as a clown.", [("predicate", "a clown")]),
        ("They accused Orr of being a fraud.", [("predicate", "a fraud")]),
        ("The right-wing Orr left.", [("modifier", "right-wing")]),
        (
            "The tallies showed its candidate, little-known former envoy Ada Orr, defeated him.",
            [("modifier", "little-known"), ("title", "former envoy")],
        ),
        # a half would say the contrary
        ("The little-known envoy Orr left.", [("modifier", "little-known"), ("title", "envoy")]),
        (
            "The far-right politician Orr left.",
            [("modifier", "far-right"), ("title", "politician")],
        ),
        ("“Orr is a liar,” the minister said.", [("predicate", "a liar")]),
        (
            "Ports Minister Ada Orr spoke. Later the minister left.",
            [("title", "Ports Minister"), ("noun", "the minister")],
        ),
        ("Ada Orr spoke. The kingpin left.", [("noun", "The kingpin")]),
        ("Ms Orr is no angel. Mr Orr left. They blame Orr.", []),
        ("U.S. prosecutors indicted Orr. They said Orr, a spokesman said, was ill.", []),
        ("Orr, the Journal reported, left. Orr, Crale and the mayor left.", []),
    ],
)
def test_constructions(text, expected):
    assert [(construction, words) for _, construction, words in labels(text, ORR)] == expected


def test_titles_in_other_languages():
    found_titles = labels("Then Kanzlerin Merkel met Bundeskanzlerin Angela Merkel.", ORBAN)
    assert found_titles == [
        ("merkel", "title", "Kanzlerin"),
        ("merkel", "title", "Bundeskanzlerin"),
    ]


def test_labels_of_a_body():
    text = (
        "Kelso, the retailer, cut jobs. The company said that the regime in Hull was fine. Kelso is"
        " the biggest employer in Hull."
    )
    assert labels(text, KELSO) == [
        ("kelso", "appositive", "the retailer"),
        ("kelso", "noun", "The company"),
        ("kelso", "predicate", "the biggest employer"),
    ]


def test_a_title_of_somebody_else_is_nobodys_label():
    text = (
        "President Ada Orr met the president of Mexico. Vice President Joe Bell left. The vice"
        " president slept."
    )
    assert labels(text, ORR) == [("orr", "title", "President")]


def test_whose_word_it_is():
    text = "Critics call Orr “a liar”. “Orr is a thief,” said Crale. Orr is a lawyer."
    quotes = [(text[label.start : label.end], label.quoted) for label in found(text, ORR)[1]]
    assert quotes == [("a liar", True), ("a thief", True), ("a lawyer", False)]


def test_confidence_says_how_the_bearer_was_told():
    sure = {}
    for text in (
        "Ports Minister Ada Orr spoke. The minister left.",
        "Orr spoke. The kingpin left.",
    ):
        sure |= {text[one.start : one.end]: one.confidence for one in found(text, ORR)[1]}
    assert sure["Ports Minister"] > sure["The minister"] > sure["The kingpin"]


# -- hostile texts


def test_without_punctuation_and_without_actors():
    assert {("crale", "Crale"), ("orr", "Ada Orr")} <= set(
        named("orr said nothing and Crale was seen with the mayor Ada Orr is a hero", ORR)
    )
    assert (
        found("Nobody is here.", ORR) == ([], [])
        and found("", ORR) == ([], [])
        and found("Ada Orr left.", {}) == ([], [])
    )


def test_emoji_and_right_to_left_text():
    text = "😡😡 \u202bאדה\u202c Orr is a liar 🚀"
    assert named(text, ORR) == [("orr", "Orr")]
    assert labels(text, ORR) == [("orr", "predicate", "a liar")]


def test_all_in_capitals():
    text = "FORMER MAYOR ADA ORR IS A MONSTER"
    assert named(text, ORR) == [("orr", "ADA ORR")]
    assert ("orr", "predicate", "A MONSTER") in labels(text, ORR)


@pytest.mark.parametrize("n", [3_000, pytest.param(20_000, marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "part",
    [
        "Orr said the president is a monster ",
        "Orr ",
        "Orr, the boss, ",
        "the president of ",
        "she said he ",
        "“Orr ",
        "a",
        "Orr's ",
    ],
)
def test_a_long_line_comes_back(part, n):
    text = part * (n // len(part))
    seen, called = found(text, ORR)
    assert all(text[m.start : m.end] == "Orr" for m in seen if m.form == "name") and all(
        label.end <= len(text) for label in called
    )


WORDS = [
    "Orr",
    "Ada",
    "Crale",
    "ORR",
    "Orr's",
    "Orr’s",
    "the",
    "a",
    "minister",
    "embattled",
    "is",
    "said",
    "he",
    "she",
    "him",
    ",",
    ".",
    ":",
    "“",
    "”",
    "'",
    "\n\n",
    "😡",
    "of",
    "who",
    "called",
    "president",
    "May",
    "regime",
    "and",
    "-",
    "(",
    ")",
    "54",
    "X-ray",
    "É",
    "אב",
    "as",
    "monster",
]


@given(st.lists(st.sampled_from(WORDS), max_size=60), st.booleans())
def test_offsets_point_into_the_text(words, spaced):
    text = (" " if spaced else "").join(words)
    seen, called = found(text, ORR)
    for item in (*seen, *called):
        assert (
            item.actor in ORR
            and 0 <= item.start < item.end <= len(text)
            and text[item.start : item.end].strip() == text[item.start : item.end]
        )
    assert [m.start for m in seen] == sorted(m.start for m in seen) and all(
        m.form in FORMS for m in seen
    )
    for label in called:
        assert label.construction in CONSTRUCTIONS and 0 < label.confidence <= 1
        assert (
            len(text[label.start : label.end].split()) <= LONGEST_LABEL + 2
        )  # marks apart from words
    for first, second in zip(called, called[1:]):
        assert first.end <= second.start
    assert found(text, ORR) == (seen, called)


def test_words_are_scanned_alike():
    text = "The embattled boss Ada Orr left."
    starts, ends, _ = scan(text)
    cut = {*starts.tolist(), *ends.tolist()}
    assert all(label.start in cut and label.end in cut for label in found(text, ORR)[1])


def test_without_a_parse_names_alone_are_found():
    text = "Minister Ada Orr left. Orr’s aide wept. She is a monster."
    units = extract_units(Article("a", text, "en", {}), parse="none")
    seen, called = read_actors(units, Actors(ORR))
    assert [(m.form, text[m.start : m.end]) for m in seen] == [
        ("name", "Ada Orr"),
        ("possessive", "Orr"),
    ]
    assert called == []


def test_an_alias_that_describes_tells_whom_a_later_noun_means():
    known = {"orr": {"name": "Ada Orr", "aliases": ["Orr", "harbour inspector"]}}
    text = "Ada Orr met Tom Crale. It rained. Nobody came. Nobody sang. The inspector wept."
    assert ("orr", "noun", "The inspector") in labels(text, known)


def test_somebody_elses_surname_is_nobodys_mention():
    text = "Ada Orr met Rolf Orr, the pilot. The pilot left."
    assert mentions(text, ORR) == [("orr", "name", "Ada Orr")]
    assert labels(text, ORR) == []
