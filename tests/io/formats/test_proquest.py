"""ProQuest's text files: invented variants, other interfaces, damage."""

import random

import pytest

from analysis.io.formats import proquest_txt, recognise
from analysis.io.formats.source import Settings, Source, UnreadableFile
from tests.io.formats.gold import EXPORTS, records_of, remarks_of

RULE = "_" * 60
NOTICE = "Contact us at: https://example.org\nDatabase copyright © 2024 ProQuest LLC."
FIELDS = (
    "Subject: Bridges", "Location: Porto", "Title: The bridge shuts",
    "Publication title: Harbour Herald", "Publication date: Mar 2, 2024", "Section: City",
    "Language of publication: English", "ProQuest document ID: 31",
    "Document URL: https://example.org/31?a=1&amp;b=2", "Database: Invented",
)  # fmt: skip


@pytest.fixture
def made(tmp_path):
    def write(*records, encoding="utf-8", newline="\r\n", notice=NOTICE):
        text = "".join(f"{RULE}\n\n{record}\n\n" for record in (*records, notice) if record)
        path = tmp_path / "proquest.txt"
        path.write_bytes(text.replace("\n", newline).encode(encoding))
        return path

    return write


def record(text="The bridge shut.", head=("The bridge shuts", "Author: Mota, Rui"), fields=FIELDS):
    body = () if text is None else (f"Full text: {text}",)
    return "\n\n".join([*head, *body, *fields])


def read_one(path):
    (found,) = records_of(proquest_txt, path)
    return found


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_fields_in_any_encoding(made, encoding, newline):
    path = made(record("It “shut” at noon — á."), encoding=encoding, newline=newline)
    assert recognise(Source(path)) == "proquest_txt"
    found = read_one(path)
    assert (found.title, found.outlet, found.author) == (
        "The bridge shuts",
        "Harbour Herald",
        "Mota, Rui",
    )
    assert (found.published, found.section, found.language) == ("Mar 2, 2024", "City", "en")
    assert (found.url, found.source_id) == ("https://example.org/31?a=1&b=2", "31")
    assert found.text == "It “shut” at noon — á."
    assert found.more["Subject"] == "Bridges" and found.more["Location"] == "Porto"


LOOKALIKES = [
    "Opinion: there is none.", "CREDIT: Harbour press office", "Title: The Future of Lifting.",
    "Publication date: as the form has it", "Body", "Subject: the bridge, said the form.",
    "Document 3 of 14 is what the stamp says.", "Load-Date: nobody knows",
]  # fmt: skip


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_lines_that_look_like_fields_stay_in_a_text(made, between):
    text = between.join([*LOOKALIKES, "That was the last line."])
    found = read_one(made(record(text)))
    assert found.text.split("\n\n") == [*LOOKALIKES, "That was the last line."]
    assert found.title == "The bridge shuts"


def test_a_field_that_no_list_knows_is_none_of_a_text_whose_paragraphs_are_lines(made):
    found = read_one(made(record("One.\nTwo.", fields=("Weather: wet", "Subject: x", *FIELDS[2:]))))
    assert found.text == "One.\n\nTwo." and found.more["Weather"] == "wet"


def test_a_rule_in_a_text_ends_no_record(made):
    found = read_one(made(record(f"Before.\n{RULE}\nAfter.")))
    assert found.text == f"Before.\n\n{RULE}\n\nAfter." and found.outlet == "Harbour Herald"


def test_without_a_title_the_heading_is_it_and_a_count_is_not(made):
    fields = [field for field in FIELDS if not field.startswith("Title")]
    path = made(record(head=("Document 1 of 1", "Explainer: why it shuts"), fields=fields))
    assert read_one(path).title == "Explainer: why it shuts"
    assert read_one(path).text == "The bridge shut."


@pytest.mark.parametrize(
    "info, published, page",
    [
        ("Publication info: Harbour Herald [Porto]02 Mar 2024: A.1.", "02 Mar 2024", "A.1"),
        ("Publication info: Mar 2, 2024.", "Mar 2, 2024", ""),
        ("Publication info: Harbour Herald 2024.", "", ""),
    ],
)
def test_the_day_of_a_record_without_a_date_field(made, info, published, page):
    fields = [field for field in FIELDS if not field.startswith("Publication date")]
    found = read_one(made(record(head=("The bridge shuts", info), fields=fields)))
    assert (found.published, found.page) == (published, page)


@pytest.mark.parametrize("text", [None, "Not available.", ""])
def test_a_record_without_a_text_is_listed_and_told(made, text):
    head = ("The bridge shuts", "Abstract: A bridge shut at noon.")
    path = made(record(text, head=head), record())
    first, second = records_of(proquest_txt, path)
    assert (first.text, first.title, second.text) == ("", "The bridge shuts", "The bridge shut.")
    assert first.more["Abstract"] == "A bridge shut at noon."
    (remark,) = remarks_of(proquest_txt, path)
    assert remark.problem.startswith("1 of 2 records hold no text to study")


@pytest.mark.parametrize(
    "names, language",
    [
        (("Volltext", "Titel", "Titel der Publikation", "Publikationsdatum", "Autor",
          "Sprache der Publikation", "ProQuest-Dokument-ID", "Thema"), "Deutsch"),
        (("Texte intégral ", "Titre ", "Titre de la publication ", "Date de publication ",
          "Auteur ", "Langue de publication ", "ID du document ProQuest ", "Sujet "), "Allemand"),
        (("Texto completo", "Título", "Título de publicación", "Fecha de publicación", "Autor",
          "Idioma de la publicación", "ID del documento de ProQuest", "Materia"), "Alemán"),
    ],
)  # fmt: skip
def test_other_interfaces(made, names, language):
    text, title, outlet, date, author, tongue, number, subject = names
    content = "\n\n".join(
        ["Die Brücke schließt", f"{author}: Mota, Rui", f"{text}: Sie schloss.\nNun denn.",
         f"{subject}: Brücken", f"{title}: Die Brücke schließt", f"{outlet}: Hafenbote",
         f"{date}: 2 März 2024", f"{tongue}: {language}", f"{number}: 31"]
    )  # fmt: skip
    found = read_one(made(content))
    assert (found.title, found.outlet, found.author) == (
        "Die Brücke schließt",
        "Hafenbote",
        "Mota, Rui",
    )
    assert (found.published, found.language, found.source_id) == ("2 März 2024", "de", "31")
    assert found.text == "Sie schloss.\n\nNun denn."


def test_covers_and_contents_are_no_articles(made):
    cover = "Report Information from ProQuest\n\n27 November 2024"
    contents = "Table of contents\n\n1. The bridge shuts"
    path = made(cover, contents, record(), record("Another."))
    assert [found.text for found in records_of(proquest_txt, path)] == [
        "The bridge shut.",
        "Another.",
    ]
    assert remarks_of(proquest_txt, path) == []


def test_what_is_left_out_is_told(made):
    (remark,) = remarks_of(proquest_txt, made(record(), "A heading and nothing else"))
    assert "A heading and nothing else" in remark.problem


def test_a_file_cut_in_a_text_or_its_fields_keeps_the_article(made):
    path = made(record(), record("Cut in the mid", fields=()), notice="")
    assert [found.text for found in records_of(proquest_txt, path)][1] == "Cut in the mid"
    assert remarks_of(proquest_txt, path)[0].problem == "the record ends without its fields"
    path = made(record(), record("Whole.", fields=FIELDS[:4]), notice="")
    assert [found.text for found in records_of(proquest_txt, path)] == [
        "The bridge shut.",
        "Whole.",
    ]


def test_a_file_without_a_record_is_refused(made):
    with pytest.raises(UnreadableFile, match="no record"):
        list(proquest_txt.read(Source(made()), Settings()))


def test_a_long_text_takes_time_by_its_length(made):
    path = made(record("\n\n".join(["Title: a: b"] * 30_000 + ["The end."])))
    assert len(read_one(path).text.split("\n\n")) == 30_001


@pytest.mark.parametrize("name", ["fulltext.txt", "numbered.txt"])
def test_damage_is_an_error_that_says_so_or_a_reading(name, tmp_path):
    rng = random.Random(name)
    data = (EXPORTS / "proquest-txt" / name).read_bytes()
    for _ in range(12):
        start, end = sorted(rng.randrange(len(data)) for _ in range(2))
        path = tmp_path / name
        path.write_bytes(data[:start] + bytes(rng.randrange(256) for _ in range(9)) + data[end:])
        try:
            list(proquest_txt.read(Source(path), Settings()))
        except UnreadableFile as error:
            assert str(error).endswith(".")
