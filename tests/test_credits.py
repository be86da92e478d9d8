"""Credits: planted ones are found with their names, traps are not, offsets are sound, and time
grows with the length of a text.
"""

import csv
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.features import load_features
from analysis.text.credits import KINDS, find_credits
from analysis.text.outlets import LONGEST_NAME, OUTLETS, listed_name
from analysis.text.tokens import words_of
from analysis.views import article_credits
from tests.small import extract_small, ship, write_corpus

PLANTED = [  # text, what is expected as (kind, name)
    ("OSLO (AP) — The ferry sank on Monday.", [("agency_line", "Associated Press")]),
    ("WASHINGTON (Reuters) - Nobody spoke.", [("agency_line", "Reuters")]),
    ("LONDON, Aug 3 (AFP) – Nobody spoke.", [("agency_line", "Agence France-Presse")]),
    ("A headline\n\n(CNN) Nobody spoke of it.", [("agency_line", "CNN")]),
    ("Berlin (dpa) - Niemand sprach.", [("agency_line", "Deutsche Presse-Agentur")]),
    ("By The Associated Press\n\nIt rained.", [("agency_line", "Associated Press")]),
    ("By Ada Orr and Bo Lind, Associated Press\nIt rained.", [("agency_line", "Associated Press")]),
    ("Nobody was hurt. (Reuters)\n", [("agency_line", "Reuters")]),
    (
        "It rained.\n\nThe Associated Press contributed to this report.",
        [("contribution", "Associated Press")],
    ),
    (
        "It rained.\n\n• Ada Orr, Bo T. Lind and Reuters contributed to this article.",
        [("contribution", "Ada Orr"), ("contribution", "Bo T. Lind"), ("contribution", "Reuters")],
    ),
    (
        "AP political writer Ada Orr contributed reporting from Oslo.",
        [("contribution", "Ada Orr"), ("contribution", "Associated Press")],
    ),
    ("“We will see.” — Ada Orr contributed to this story.", [("contribution", "Ada Orr")]),
    ("It rained.\nWith reporting by Ada Orr", [("contribution", "Ada Orr")]),
    (
        "(Additional reporting by Ada Orr in Oslo; Editing by Cy Dahl)",
        [("contribution", "Ada Orr")],
    ),
    ("AFP contributed.", [("contribution", "Agence France-Presse")]),
    (
        "Information from The Associated Press was used in this report.",
        [("contribution", "Associated Press")],
    ),
    (
        "Contributing: Ada Orr, Associated Press\n",
        [("contribution", "Ada Orr"), ("contribution", "Associated Press")],
    ),
    ("The Chicago Tribune reported that talks had failed.", [("outlet", "Chicago Tribune")]),
    ("The bridge is safe, an engineer told the New York Times.", [("outlet", "New York Times")]),
    ("In an interview on Sunday with CNN, the mayor wept.", [("outlet", "CNN")]),
    ("According to The Guardian, the bridge is safe.", [("outlet", "The Guardian")]),
    ("The plan, first reported by Politico, was dropped.", [("outlet", "Politico")]),
    ("The letter was obtained by the AP.", [("outlet", "Associated Press")]),
    (
        "A Washington Post/ABC News poll found that few cared.",
        [("outlet", "ABC News"), ("outlet", "Washington Post")],
    ),
    ("Citing two officials, the Tesmere Herald reported a delay.", [("outlet", "Tesmere Herald")]),
    (
        "“It is late,” she told the Port Orla Evening Gazette.",
        [("outlet", "Port Orla Evening Gazette")],
    ),
    ("The Tesmere Post was first. “We knew,” the Post wrote.", [("outlet", "Tesmere Post")]),
    ("NPR's Ada Orr reports that the quay is shut.", [("outlet", "NPR")]),
    ("She said on NBC’s “Meet the Press” that she knew.", [("outlet", "NBC News")]),
    (
        "He spoke to Time magazine and to the Russian news agency Interfax.",
        [("outlet", "Interfax"), ("outlet", "Time")],
    ),
    (
        (
            "Copyright 2017 The Associated Press. All rights reserved. This material may not be"
            " published or broadcast."
        ),
        [("rights", "Associated Press")],
    ),
    ("© 2016 Thomson Reuters", [("rights", "Reuters")]),
    ("Copyright © 2019 Tesmere Herald, LLC.", [("rights", "Tesmere Herald")]),
    ("The quay at dawn. (AP Photo/Ada Orr)", [("photo", "Associated Press")]),
    ("The quay at dawn. Ada Orr/Getty Images Ada Orr/Getty Images", [("photo", "Getty Images")]),
    ("The quay at dawn. (Photo: Ada Orr, AFP/Getty Images)", [("photo", "Getty Images")]),
    ("The quay at dawn. Photo by Ada Orr", [("photo", "Ada Orr")]),
]
HERALD = [("outlet", "Evening Herald")]
FAMILY = [  # ways to say that the Evening Herald reported it
    "As the Evening Herald reported, the bridge fell.",
    "As the Evening Herald first reported, the bridge fell.",
    "The bridge fell, as the Evening Herald has long reported.",
    "As first reported by the Evening Herald, the bridge fell.",
    "According to the Evening Herald, the bridge fell.",
    "The bridge fell, according to a report last summer in the Evening Herald.",
    "The bridge fell, reports the Evening Herald.",
    "The mayor told Ada Orr of the Evening Herald that the bridge fell.",
    "In an interview with the Evening Herald, he denied it.",
    "He denied it, citing the Evening Herald.",
    "The Evening Herald, which first reported the fall, is a daily.",
    "It was the Evening Herald that first reported the fall.",
    "The Evening Herald was first to report the fall.",
    "The Evening Herald broke the story in May.",
    "News of the fall was broken by the Evening Herald.",
    "The Evening Herald (a small daily) reported the fall.",
    "The Evening Herald, a small daily, reported the fall.",
    "The Evening Herald, citing U.S. officials, reported the fall.",
    "The Evening Herald's science desk reported the fall.",
    "The Evening Herald spoke to three engineers.",
    "In an op-ed for the Evening Herald, she denied it.",
    "He fell, said the Evening Herald.",
]
AGAIN = [  # text, the outlets that are credited, in order, and by which words
    (
        "The Tesmere Herald reported it. The paper said that it was old. It added that it fell.",
        [("The paper said", "Tesmere Herald"), ("It added", "Tesmere Herald")],
    ),
    (
        "The Tesmere Herald reported it. CNN denied it, CNN reported. She told the newspaper why.",
        [("told the newspaper", "Tesmere Herald")],
    ),
    (
        "The Tesmere Herald reported it. CNN reported it too. The network quoted an aide.",
        [("The network quoted", "CNN")],
    ),
    (
        "Reuters reported it. CNN reported it. According to the news agency, it is late.",
        [("According to the news agency", "Reuters")],
    ),
    (
        "CNN, citing two aides, reported it. The report also said that he knew.",
        [("The report also said", "CNN")],
    ),
    (
        "Northgate Wire, the news agency here, reported it. According to the agency, it is late.",
        [("According to the agency", "Northgate Wire")],
    ),
    ("“It was late,” he told the newspaper.", [("told the newspaper", "")]),
]
NOT_AGAIN = [  # what stands for no outlet
    "CNN reported it. A new report by the ministry was out. The report said that it was late.",
    "CNN reported it. The port authority spoke. It said that it was late.",
    "CNN reported it. The agency said that the storm was near.",
    "CNN told nobody. The paper said nothing.",
    "He met her at the site. The site said nothing.",
]
TRAPS = [
    "She teaches AP classes and set the AP exam.",
    "The Advanced Placement (AP) exam is hard.",
    "The sun reported for duty at six.",
    "People said that it was late. Time told. Nature found a way.",
    "An independent report said so.",
    "The Independent Panel said that it had met.",
    "Aides on the Hill said nothing.",
    "Mayor Michael Bloomberg said that he would run.",
    "He told the Post Office to wait.",
    "He called the Washington Post a shame.",
    "The Foreign Affairs Ministry said no.",
    "CNN hosted the debate.",
    "CNN said in a statement that it would sue.",
    "Ada Orr is a reporter for the Associated Press.",
    "All of this contributed to the chill.",
    "He contributed to this fund and to that one.",
    "The copyright law of 1976 is old.",
    "The Cook County Medical Examiner said so.",
    "The New York Times reported a quarterly loss.",
    "Reporting by letter is slow.",
    "Breaking News reported daily.",
    "They met at the Getty Museum.",
    "He works in the Times Square office.",
    "The European Union said so, according to the Republic.",
    "The Associated Press (AP) is an agency.",
    "The Evening News reported daily.",
    "“No,” said CNN contributor Ada Orr.",
    "He told Forbes to wait, as Forbes Orr was late.",
    "The Washington Post removed an editorial cartoon.",
    "He told aides on the Hill that it was late.",
]


def found(text, **options):
    return sorted({(c.kind, c.name) for c in find_credits(text, **options)})


@pytest.mark.parametrize("text, expected", PLANTED, ids=[text[:30] for text, _ in PLANTED])
def test_a_planted_credit_is_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize("text", FAMILY)
def test_every_way_to_credit_an_outlet_is_read(text):
    assert found(text) == HERALD


@pytest.mark.parametrize("text, expected", AGAIN, ids=[text[-30:] for text, _ in AGAIN])
def test_a_noun_leads_back_to_the_outlet_of_its_kind_that_was_credited_last(text, expected):
    told = [(text[c.start : c.end], c.name) for c in find_credits(text)]
    assert told[-len(expected) :] == expected


@pytest.mark.parametrize("text", NOT_AGAIN, ids=[text[-30:] for text in NOT_AGAIN])
def test_a_noun_that_may_stand_for_something_else_is_no_credit(text):
    assert not [c for c in find_credits(text) if text[c.start : c.end].split()[0] in ("The", "It")]


@pytest.mark.parametrize("text", TRAPS, ids=[text[:30] for text in TRAPS])
def test_what_only_looks_like_a_credit_is_none(text):
    assert found(text) == []


def test_a_credit_stands_where_it_says():
    text = (
        "  OSLO (AP) - It rained.\n\nIt was late, she told the Tesmere Herald.\n\nAda Orr and Bo"
        " Lind contributed to this report.\n"
    )
    assert [text[c.start : c.end] for c in find_credits(text)] == [
        "OSLO (AP)",
        "told the Tesmere Herald",
        *["Ada Orr and Bo Lind contributed to this report"] * 2,
    ]


def test_in_another_language_lines_are_read_and_sentences_are_not():
    text = (
        "PARIS (AFP) - Le ministre a parlé.\nReuters reported, he told CNN.\nAda Orr contributed to"
        " this report.\n© 2016 Reuters"
    )
    assert found(text, english=False) == [
        ("agency_line", "Agence France-Presse"),
        ("rights", "Reuters"),
    ]


def test_names_are_known_in_every_form():
    assert {
        listed_name(form) for form in ("AP", "The AP", "the Associated Press", "Associated Press")
    } == {"Associated Press"}
    assert (
        listed_name("Agence France Presse") == "Agence France-Presse"
        and listed_name("Tesmere Herald") == ""
    )


def test_every_form_of_the_list_names_one_outlet_and_is_found_where_it_reports():
    with OUTLETS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    forms = {}
    for row in rows:
        assert (
            row["kind"] in ("agency", "broadcaster", "outlet")
            and len(words_of(row["name"])) <= LONGEST_NAME
        )
        for form in {row["name"], *row["aliases"].split(";"), *row["unsure"].split(";")} - {""}:
            assert forms.setdefault(form, row["name"]) == row["name"], form
    missed = [
        form
        for form, name in forms.items()
        if "(" not in form
        and ("outlet", name) not in found(f"Yesterday {form} reported that it rained.")
    ]
    unsaid = {
        form
        for form in missed
        if ("outlet", forms[form]) not in found(f"That was first reported by {form}.")
    }
    assert unsaid <= {"Getty Images", "dpa"}, "of photographs, and in datelines"


PIECES = st.sampled_from(
    [
        "AP",
        "(AP)",
        "CNN",
        "the ",
        "The ",
        "Times",
        "Herald",
        " told ",
        " reported",
        "contributed to this report",
        "©",
        "Copyright ",
        "2017",
        "Photo by ",
        "/",
        "| ",
        "\n",
        " ",
        "-",
        "(",
        ")",
        "Reporting by ",
        "Ada",
        "Getty Images",
        "according to ",
        ",",
        ". ",
        " and ",
        "’s",
        "“",
        "\ufeff",
        "é",
        "dpa",
        "All rights reserved",
    ]
)


@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40))
def test_offsets_of_any_text_are_sound(text):
    credits = find_credits(text)
    assert credits == sorted(set(credits)) == find_credits(text)
    for credit in credits:
        assert (
            0 <= credit.start < credit.end <= len(text)
            and credit.kind in KINDS
            and len(words_of(credit.name)) <= LONGEST_NAME
        )
        assert not text[credit.start].isspace()


HOSTILE = {
    "capitals": "Ada Orr Bo Lind ",
    "one capital word": "A",
    "heads": "the Times ",
    "spaces": " ",
    "spaces behind names": "AP" + " " * 400,
    "commas": "AP, ",
    "tails": "AP contributed to this report ",
    "helpers": "Reporting by Ada Orr, ",
    "marks": "© 2017 ",
    "photos": "Photo by Ada ",
    "brackets": "(AP)",
    "lines": "(AP)\n",
    "told": "told told the ",
    "slashes": "Ada Orr/AP/",
    "from": "Information from Ada ",
    "times": "Times-Times/Times ",
    "advs": "CNN has also ",
    "nouns": "the newspaper reported. It said ",
    "nouns behind a name": "CNN reported. The network said. It added ",
    "reports": "CNN reported. The report said a new report ",
    "asides": "CNN, the ",
    "persons": "told Ada Orr ",
    "unsure": "told Forbes ",
}


@pytest.mark.short("reports", "commas", "lines", "asides")
@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_length_of_a_text_and_not_with_its_square(name):
    def seconds(size):
        text = HOSTILE[name] * (size // len(HOSTILE[name]))
        best = float("inf")
        for _ in range(2):
            started = time.process_time()
            find_credits(text)
            best = min(best, time.process_time() - started)
        return best

    find_credits(HOSTILE[name] * 100)
    short, long = seconds(5_000), seconds(40_000)
    assert long < 24 * max(short, 1e-3), f"8 times the text took {long / short:.1f} times as long"


def test_credits_are_counted_alike_in_both_forms_and_only_listed_names_are_shared(tmp_path):
    texts = {
        "b1": (
            "OSLO (AP) - It rained, she told the Tesmere Herald. Reuters reported it.\n\nAda Orr"
            " contributed to this report.\n"
        ),
        "a1": "Reuters reported it first. Later Reuters reported more.\n",
    }
    folder = write_corpus(tmp_path / "small", texts)
    private, shared = extract_small(folder), load_features(ship(folder))
    table = private.table("credits")
    assert table[["article_id", "sentence", "kind", "name"]].values.tolist() == [
        ["b1", 0, "agency_line", "Associated Press"],
        ["b1", 0, "outlet", "Tesmere Herald"],
        ["b1", 1, "outlet", "Reuters"],
        ["b1", 2, "contribution", "Ada Orr"],
        ["a1", 0, "outlet", "Reuters"],
        ["a1", 1, "outlet", "Reuters"],
    ]
    assert texts["b1"][table["start"][0] : table["end"][0]] == "OSLO (AP)"
    counted = article_credits(shared)
    assert counted.equals(article_credits(private))
    assert counted.values.tolist() == [
        ["a1", "outlet", "Reuters", 2],
        ["b1", "agency_line", "Associated Press", 1],
        ["b1", "outlet", "", 1],
        ["b1", "outlet", "Reuters", 1],
    ]


def test_articles_without_credits_have_none(tmp_path):
    folder = write_corpus(tmp_path / "small")
    assert article_credits(extract_small(folder)).columns.tolist() == [
        "article_id",
        "kind",
        "name",
        "count",
    ]
    assert article_credits(load_features(ship(folder))).empty


def test_a_corpus_says_by_which_other_names_its_outlets_are_credited():
    own = (("Varn Courier", ("The Online Courier", "VC"), False), ("Gale Wire", ("GW",), True))
    text = "VARN (GW) - It rained. She told the VC, and later The Online Courier, that it did."
    assert not {"Varn Courier", "Gale Wire"} & {credit.name for credit in find_credits(text)}
    named = [(credit.kind, credit.name) for credit in find_credits(text, own=own)]
    assert named == [("agency_line", "Gale Wire"), ("outlet", "Varn Courier")]
    assert find_credits("OSLO (AP) - Rain.", own=own) == find_credits("OSLO (AP) - Rain.")
