"""RIS and Zotero's CSV: invented variants, notes of several kinds, damage."""

import csv
import io
import random

import pytest

from analysis.io.formats import recognise, ris, zotero_csv
from analysis.io.formats.source import Settings, Source, UnreadableFile
from tests.io.formats.gold import EXPORTS, records_of, remarks_of

ITEM = (
    ("TY", "NEWS"), ("TI", "The bridge shuts"), ("AU", "Mota, Rui"), ("AU", "Pell, Ada"),
    ("T2", "Harbour Herald"), ("AB", "A bridge."), ("DA", "2024/03/02/"), ("PY", "2024"),
    ("LA", "en-GB"), ("UR", "https://example.org/31"), ("KW", "bridge"), ("KW", "port"),
)  # fmt: skip


@pytest.fixture
def made(tmp_path):
    def write(content, name="library.ris"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def item(*more, tags=ITEM, between="  - ", end=True):
    lines = [f"{tag}{between}{value}" for tag, value in (*tags, *more)]
    return "\n".join([*lines, f"ER{between}" if end else "", ""]) + "\n"


def note(*paragraphs):
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def test_an_item_with_a_note_over_several_lines(made):
    text = note("It shut &amp; stayed so.", "AB - is no tag.", "TI: nor is this.")
    path = made(item(("N1", text)))
    assert recognise(Source(path)) == "ris"
    (record,) = records_of(ris, path)
    assert record.text == "It shut & stayed so.\n\nAB - is no tag.\n\nTI: nor is this."
    assert (record.title, record.outlet) == ("The bridge shuts", "Harbour Herald")
    assert (record.author, record.published) == ("Mota, Rui; Pell, Ada", "2024-03-02")
    assert (record.language, record.url) == ("en-GB", "https://example.org/31")
    assert (record.more["keywords"], record.more["abstract"]) == ("bridge; port", "A bridge.")


def test_an_abstract_is_no_text(made):
    path = made(item(("N2", "A long abstract of the article.")) + item(("N1", "The text.")))
    assert [record.text for record in records_of(ris, path)] == ["", "The text."]
    (remark,) = remarks_of(ris, path)
    assert remark.problem == "1 of 2 items hold no text to study (an abstract is none)"


def test_notes_of_a_database_are_no_text(made):
    told = [("N1", "Copyright - Copyright Herald 2024"), ("N1", "Last updated - 2024-03-03"),
            ("N1", "People - Mota"), ("N1", "People - Pell")]  # fmt: skip
    (record,) = records_of(ris, made(item(*told)))
    assert record.text == ""
    assert record.more["copyright"] == "Copyright Herald 2024"
    assert record.more["people"] == "Mota; Pell"


def test_of_several_notes_the_longest_is_the_text(made):
    notes = [("N1", "<p>Read again!</p>"), ("N1", note("It shut.", "Nobody knew why it did."))]
    path = made(item(*notes))
    (record,) = records_of(ris, path)
    assert record.text == "It shut.\n\nNobody knew why it did."
    assert record.more["other notes"] == "Read again!"
    assert remarks_of(ris, path)[0].problem == "2 notes with text"


def test_an_attached_file_is_named_without_the_folders_of_a_machine(made):
    path = made(item(("L1", r"C:\Users\ada\Zotero\storage\AB\page.html")))
    (record,) = records_of(ris, path)
    assert record.more["attachment"] == "page.html"
    assert "1 of them name an attached file" in remarks_of(ris, path)[0].problem


@pytest.mark.parametrize("variant", ["one blank", "CRLF", "mark", "utf-16", "cp1252", "no end"])
def test_files_as_programs_write_them(made, variant):
    text = item(
        ("N1", "Café."),
        end=variant != "no end",
        between=" - " if variant == "one blank" else "  - ",
    )
    encoding = variant if variant in ("utf-16", "cp1252") else "utf-8"
    content = (text * 2).replace("\n", "\r\n" if variant == "CRLF" else "\n").encode(encoding)
    path = made((b"\xef\xbb\xbf" if variant == "mark" else b"") + content)
    assert recognise(Source(path)) == "ris"
    assert [record.text for record in records_of(ris, path)] == ["Café.", "Café."]
    if variant == "no end":
        assert [remark.place for remark in remarks_of(ris, path)] == [1, 2]


@pytest.mark.parametrize(
    "given, published",
    [("2024/03/02/morning", "2024-03-02"), ("2024/3/2", "2024-03-02"), ("2 Mar 2024", "2 Mar 2024"),
     ("2024/03//", "2024-03"), ("2024///", "2024")],
)  # fmt: skip
def test_dates(made, given, published):
    tags = [(tag, given if tag == "DA" else value) for tag, value in ITEM if tag != "PY"]
    assert records_of(ris, made(item(tags=tags)))[0].published == published


def test_a_column_of_ones_own(made):
    path = made(item(("C1", "Typed in by hand.")))
    assert records_of(ris, path, columns={"text": "C1"})[0].text == "Typed in by hand."


def test_an_item_with_a_language_that_nobody_knows_and_hostile_notes(made):
    tags = [(tag, "Hafenplatt" if tag == "LA" else value) for tag, value in ITEM]
    hostile = "<p>It<script>x()</script> shut.</p>" + "<div>" * 5000 + "deep"
    (record,) = records_of(ris, made(item(("N1", hostile), tags=tags)))
    assert record.text.startswith("It shut.")
    assert (record.language, record.more["language name"]) == ("", "Hafenplatt")


@pytest.mark.parametrize("content", ["TY  - \n", "TY  - NEWS", "ER  - \nTY  - NEWS\nER  - "])
def test_empty_items_are_items(made, content):
    assert [record.text for record in records_of(ris, made(content))] == [""]


def test_a_file_without_an_item_is_refused(made):
    with pytest.raises(UnreadableFile, match="no item"):
        list(ris.read(Source(made("Title: x\n")), Settings()))


# --------------------------------------------------------------------------- Zotero's CSV
HEAD = ("Key", "Item Type", "Publication Year", "Author", "Title", "Publication Title", "Url",
        "Abstract Note", "Date", "Date Added", "Pages", "Section", "Language", "Notes",
        "File Attachments")  # fmt: skip
ROW = {"Key": "ABCD2345", "Item Type": "newspaperArticle", "Author": "Mota, Rui; Pell, Ada",
       "Title": "The bridge shuts", "Publication Title": "Harbour Herald", "Date": "2024-03-02",
       "Abstract Note": "A bridge.", "Language": "en", "Section": "City"}  # fmt: skip


def library(*rows, separator=","):
    sink = io.StringIO()
    writer = csv.DictWriter(sink, HEAD, quoting=csv.QUOTE_ALL, delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return sink.getvalue()


def test_a_library_with_notes(made):
    long = note(*["It shut at noon."] * 12_000)  # longer than csv's limit
    rows = (ROW | {"Notes": long}, ROW | {"Key": "X", "File Attachments": "/home/ada/a/page.html"})
    path = made(library(*rows), "library.csv")
    assert recognise(Source(path)) == "zotero_csv"
    first, second = records_of(zotero_csv, path)
    assert first.text.count("It shut at noon.") == 12_000 and "<" not in first.text
    assert (first.outlet, first.author) == ("Harbour Herald", "Mota, Rui; Pell, Ada")
    assert (first.source_id, first.published, first.section) == ("ABCD2345", "2024-03-02", "City")
    assert (second.text, second.more["File Attachments"]) == ("", "page.html")
    (remark,) = remarks_of(zotero_csv, path)
    assert remark.problem.startswith("1 of 2 items hold no text to study")


def test_two_notes_in_a_cell(made):
    cell = f"{note('Mine.')}; {note('It shut; it stayed so.', 'The end.')}"
    path = made(library(ROW | {"Notes": cell}), "library.csv")
    (record,) = records_of(zotero_csv, path)
    assert record.text == "It shut; it stayed so.\n\nThe end."
    assert record.more["other notes"] == "Mine."


@pytest.mark.parametrize(
    "name", ["zotero/with-notes.ris", "proquest-ris/proquest.ris", "zotero/library.csv"]
)
def test_damage_is_an_error_that_says_so_or_a_reading(name, made):
    rng = random.Random(name)
    data = (EXPORTS / name).read_bytes()
    reader = ris if name.endswith("ris") else zotero_csv
    for _ in range(12):
        start, end = sorted(rng.randrange(len(data)) for _ in range(2))
        path = made(
            data[:start] + bytes(rng.randrange(256) for _ in range(9)) + data[end:], "damaged"
        )
        try:
            list(reader.read(Source(path), Settings()))
        except UnreadableFile as error:
            assert str(error).endswith(".")


def test_a_note_with_markup_is_a_text_though_it_begins_as_a_databases_do(made):
    (record,) = records_of(ris, made(item(("N1", "Harbour - <p>The crane fell.</p>"))))
    assert record.text.endswith("The crane fell.") and "harbour" not in record.more
