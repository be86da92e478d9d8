"""Who is quoted as saying what."""

from types import SimpleNamespace

import pytest

from analysis.extract.memory import extract_articles
from analysis.extract.units import extract_units
from analysis.io.article import Article


def said(text):
    quotes = extract_units(Article("a", text)).tables["quotes"]
    rows = [SimpleNamespace(**dict(zip(quotes, row))) for row in zip(*quotes.values())]
    return [row for row in rows if row.direct]


@pytest.mark.parametrize(
    "text, speaker, verb",
    [
        ("“We waited for hours,” said Maria Reyes.", "Maria Reyes", "said"),
        ("“We waited for hours,” Maria Reyes told reporters.", "Maria Reyes", "told"),
        ("Maria Reyes, a former docker, said: “We waited for hours.”", "Maria Reyes", "said"),
        ("Maria Reyes arrived late. “We waited for hours,” she said.", "Maria Reyes", "said"),
        (
            "Mayor Maria Reyes spoke. Later Reyes insisted “we waited for hours”.",
            "Maria Reyes",
            "insisted",
        ),
        ("According to Maria Reyes, “we waited for hours”.", "Maria Reyes", "according to"),
        (
            "Police were called by Maria Reyes on Monday.\n“We waited for hours and hours.”",
            "Maria Reyes",
            "",
        ),
    ],
)
def test_a_named_speaker(text, speaker, verb):
    attribution = said(text)[-1]
    assert (attribution.speaker, attribution.verb, attribution.unnamed, attribution.scare) == (
        speaker,
        verb,
        False,
        False,
    )


@pytest.mark.parametrize(
    "text, speaker",
    [
        # a role with the name beside it
        (
            "The club was sold. Its chair, Nora Feld, called it “a quiet sort of theft”.",
            "Nora Feld",
        ),
        ("“We rowed all night,” said the club’s chair, Nora Feld.", "Nora Feld"),
        (
            "As the book’s editor, Dr. T. V. Feld, writes: “Nobody rows for the money.”",
            "T. V. Feld",
        ),
        # points and clauses in the attribution after a quotation
        ("“We rowed all night,” Sen. Nora Feld, D-Maine, told the club.", "Nora Feld"),
        ("“We rowed all night,” Nora Feld, 61, of Oar Inc., said.", "Nora Feld"),
        ("“We rowed all night,” Lt. Gov. Nora Feld said.", "Nora Feld"),
        ("“We rowed all night,” said Nora Feld (Ind, Tarn).", "Nora Feld"),
        # whose lawyer
        ("Nora Feld’s lawyer said: “She rowed all night.”", "Nora Feld’s lawyer"),
        ("“She rowed all night,” said Nora Feld's lawyer.", "Nora Feld's lawyer"),
        ("“She rowed all night,” said Labour’s Nora Feld.", "Nora Feld"),
        # pronouns in short forms, and the writer's own
        ("Nora Feld came ashore. “We rowed all night,” she’d said.", "Nora Feld"),
        # places and outlets
        (
            "Nora Feld told the Tarn Echo: “It was dark.” She added: “We rowed all night.”",
            "Nora Feld",
        ),
        ("Her brother Joss waved. “We rowed all night,” he said.", "Joss"),
        # the past tense of any verb after a comma or a mark
        ("Nora Feld came ashore. “We rowed all night!” she grinned.", "Nora Feld"),
    ],
)
def test_the_speaker_behind_titles_roles_and_pronouns(text, speaker):
    assert said(text)[-1].speaker == speaker


def test_a_label_in_capitals_is_a_speaker_only_if_the_text_names_them():
    assert said("BREAKING: “Nobody rowed all night”")[0].speaker == ""
    assert said("Nora Feld is here.\nFELD: “Nobody rowed all night.”")[0].speaker == "Nora Feld"


def test_a_quotation_without_an_attribution_keeps_the_speaker_before_as_found():
    first, second = said(
        "“It sank,” said a boatman who saw the race, whose name is Ben Orr. “We rowed all night.”"
    )
    assert (second.speaker, second.description, second.unnamed, second.verb) == (
        first.speaker,
        first.description,
        first.unnamed,
        "",
    )


def test_an_interrupted_quotation_has_one_speaker():
    assert [a.speaker for a in said("“I never,” said Maria Reyes, “saw it coming at all.”")] == [
        "Maria Reyes"
    ] * 2


def test_an_unnamed_speaker_is_described_in_at_most_six_words():
    attribution = said(
        "“It was late and nobody came,” a senior official familiar with the matter said."
    )[0]
    assert (
        attribution.unnamed
        and "official" in attribution.description
        and len(attribution.description.split()) <= 6
    )


def test_words_that_nobody_is_said_to_have_said_are_scare_quotes():
    assert [a.scare for a in said("The “safety” crane fell. It had “passed” in March.")] == [
        True,
        True,
    ]


def test_a_long_quotation_without_any_speaker_stays_without():
    attribution = said("“We waited for hours and nobody came to help.”")[0]
    assert (attribution.speaker, attribution.scare) == ("", False)


@pytest.mark.parametrize(
    "text, speaker",
    [
        (
            (
                "According to sources close to the board, Ada Orr may weigh “each road out of this”"
                " now."
            ),
            "sources close to the board",
        ),
        ("“We were pushed into it by everyone,” Echo\nwrites.", "Echo"),
        ("The dockers’ own council has been accused of “a long and quiet war” on the town.", ""),
        ("U.S. President Ada Orr said: “We will not go there.”", "Ada Orr"),
    ],
)
def test_nobody_is_named_who_did_not_speak(text, speaker):
    assert said(text)[-1].speaker == speaker


@pytest.mark.parametrize(
    "text, speaker",
    [
        ('Tom Orr came by. "I love the bridge," said Ada Orr.', "Ada Orr"),
        ('Ada Orr came by. "I love the bridge," said Tom Orr.', "Tom Orr"),
        ('Will Smith came by. Jane Smith said: "I love the bridge today."', "Jane Smith"),
        ('Ada Orr came. "It is a fine day for it," said A. Orr.', "Ada Orr"),
        ('Ada Orr came. "It is a fine day for it," said Ms. Orr.', "Ada Orr"),
    ],
)
def test_a_namesake_who_came_first_does_not_speak(text, speaker):
    features = extract_articles([Article("a", text, "en", {})])
    assert features.table("quotes")["speaker"].tolist() == [speaker]
