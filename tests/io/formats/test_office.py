"""Word and text files, an article a file: variants and damage, invented."""

import io
import zipfile

import pytest

from analysis.errors import OptionError
from analysis.io.formats import docx as word
from analysis.io.formats import txt
from analysis.io.formats.file_names import name_shape
from analysis.io.formats.source import Settings, Source, UnreadableFile


def written(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return Source(path)


def articles(reader, source, **settings):
    return list(reader.read(source, Settings(**settings)))


def document(path, *lines):
    import docx

    made = docx.Document()
    for line in lines:
        made.add_heading(line[2:], 1) if line.startswith("# ") else made.add_paragraph(line)
    made.save(path)
    return Source(path)


LONG = "The harbour of Varn was closed for a week; the mayor said that nobody had asked her why."


@pytest.mark.parametrize(
    "lines, title, outlet, published, author",
    [
        (["# Harbour closed", "Varn Courier, 7 September 2023", "By Ada Orr", LONG],
         "Harbour closed", "Varn Courier", "7 September 2023", "Ada Orr"),
        (["# Hafen zu", "Hallamer Anzeiger, 8. September 2023", LONG],
         "Hafen zu", "Hallamer Anzeiger", "8. September 2023", ""),
        (["Harbour closed", "Varn Courier", "7 September 2023", "By Ada Orr", LONG],
         "Harbour closed", "Varn Courier", "7 September 2023", "Ada Orr"),
        (["Harbour closed", "Source: Varn Courier", "Date: 7 September 2023", LONG],
         "Harbour closed", "Varn Courier", "7 September 2023", ""),
        (["Varn Courier, 7 September 2023", "# Harbour closed", "Ada Orr", LONG],
         "Harbour closed", "Varn Courier", "7 September 2023", "Ada Orr"),
        (["# Harbour closed", "Varn Courier, 7 September 2023", "UPDATED: 11 p.m." + LONG],
         "Harbour closed", "Varn Courier", "7 September 2023", ""),
        (["# In 2023 um 4,5 Prozent", LONG, LONG], "In 2023 um 4,5 Prozent", "", "", ""),
        ([LONG, "By Monday 7 September 2023 all was well again, said the mayor."], "", "", "", ""),
    ],
)  # fmt: skip
def test_a_word_file_has_its_fields_above_the_text(
    tmp_path, lines, title, outlet, published, author
):
    (found,) = articles(word, document(tmp_path / "a.docx", *lines))
    assert (found.title, found.outlet, found.published, found.author) == (
        title, outlet, published, author,
    )  # fmt: skip
    assert LONG in found.text and "Courier" not in found.text


@pytest.mark.parametrize(
    "name, pattern, said",
    [
        ("Varn Courier_2023-09-05_Harbour closed.txt", None,
         ("Varn Courier", "2023-09-05", "Harbour closed")),
        ("20230905_Varn Courier_Closed_again.txt", None,
         ("Varn Courier", "2023-09-05", "Closed again")),
        ("Harbour closed (Courier) 5.9.2023.txt", "{title} ({outlet}) {date}",
         ("Courier", "2023-09-05", "Harbour closed")),
        ("notes.txt", None, ("", "", "")),
    ],
)  # fmt: skip
def test_fields_come_from_the_name_of_a_text_file(tmp_path, name, pattern, said):
    found = articles(txt, written(tmp_path, name, LONG.encode("utf-8-sig")), name_pattern=pattern)
    record = found[0]
    assert (record.outlet, record.published, record.title) == said and record.text == LONG


def test_a_name_that_does_not_fit_is_said_and_a_wrong_pattern_refused(tmp_path):
    source = written(tmp_path, "notes.txt", LONG.encode())
    record, remark = articles(txt, source, name_pattern="{outlet}_{date}")
    assert "does not fit" in remark.problem and record.text == LONG
    for pattern in ("{newspaper}_{date}", "plain", "{date}{date}"):
        with pytest.raises(OptionError, match="name_pattern"):
            name_shape(pattern)


def saved(path, build):
    import docx

    made = docx.Document()
    build(made)
    made.save(path)
    return Source(path)


def test_several_headlines_are_articles_only_if_each_has_its_outlet(tmp_path):
    pair = [
        "# One",
        "Varn Courier, 1 May 2023",
        LONG,
        "# Two",
        "Tesmere Observer, 2 May 2023",
        LONG,
    ]
    found = articles(word, document(tmp_path / "a.docx", *pair))
    assert [(one.place, one.title, one.outlet) for one in found] == [
        (1, "One", "Varn Courier"),
        (2, "Two", "Tesmere Observer"),
    ]
    (one,) = articles(word, document(tmp_path / "b.docx", *pair[:3], "# A crosshead", LONG))
    assert one.text == f"{LONG}\n\nA crosshead\n\n{LONG}"


def test_text_in_tables_links_and_insertions_is_text_and_what_is_struck_out_is_not(tmp_path):
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    def build(made):
        made.add_paragraph(LONG)
        made.add_table(1, 1).cell(0, 0).text = "In a table."
        for tag, text in (("ins", "t"), ("del", "delText")):
            run = f"<w:r><w:{text}>{tag}ed</w:{text}></w:r>"
            xml = f"<w:p {nsdecls('w')}><w:{tag} w:id='1' w:author='a'>{run}</w:{tag}></w:p>"
            made.element.body.insert(0, parse_xml(xml))

    (found,) = articles(word, saved(tmp_path / "a.docx", build))
    assert found.text == f"insed\n\n{LONG}\n\nIn a table."


@pytest.mark.parametrize(
    "data, said",
    [
        (b"{\\rtf1 text}", "RTF"),
        (b"<html><title>Sign in</title></html>", "Sign in"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "password"),
        (b"PK\x03\x04 cut", "damaged"),
        (b"", "empty"),
    ],
)
def test_what_is_no_word_file_is_said(tmp_path, data, said):
    with pytest.raises(UnreadableFile, match=said):
        articles(word, written(tmp_path, "a.docx", data))


def test_a_word_file_that_is_broken_or_a_bomb_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.io.formats.source.LARGEST_UNPACKED", 1 << 20)
    for content, said in ((b"<a/>", "damaged"), (bytes(2 << 20), "unpacks to")):
        sink = io.BytesIO()
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr("word/document.xml", content)
        with pytest.raises(UnreadableFile, match=said):
            articles(word, written(tmp_path, "a.docx", sink.getvalue()))


def test_a_name_fills_what_a_word_file_does_not_say(tmp_path):
    source = document(tmp_path / "Varn Courier_2023-09-05_Harbour closed.docx", LONG)
    (found,) = articles(word, source)
    assert (found.outlet, found.published, found.title) == (
        "Varn Courier", "2023-09-05", "Harbour closed",
    )  # fmt: skip


@pytest.mark.parametrize("name", ["report_20230931_final.txt", "A_12345678_b.txt", "2023_x.txt"])
def test_a_number_in_a_name_is_no_date(tmp_path, name):
    (found,) = articles(txt, written(tmp_path, name, LONG.encode()))
    assert (found.published, found.outlet, found.title) == ("", "", "")
    assert found.source_id == name[:-4]


def test_a_headline_that_a_name_cuts_is_taken_from_the_text(tmp_path):
    name = "Varn Courier_2023-09-05_Harbour closed for.txt"
    text = f"Harbour closed for a week, and longer\n\n{LONG}"
    (found,) = articles(txt, written(tmp_path, name, text.encode()))
    assert (found.title, found.text) == ("Harbour closed for a week, and longer", LONG)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251"])
def test_texts_are_read_in_their_encoding(tmp_path, encoding):
    text = "Порт закрыт на неделю. " * 9 if encoding == "cp1251" else "“Über die Brücke” " + LONG
    source = written(tmp_path, "a.txt", text.encode(encoding))
    found, *remarks = articles(txt, source)
    assert txt.recognise(source) and found.text.strip() == text.strip()
    assert len(remarks) == (encoding.startswith("cp") or encoding == "utf-16-le")  # a guess is said


@pytest.mark.parametrize("data", [b"", b" \n", b"abc\0\0\0def" * 20, bytes(range(256)) * 9])
def test_files_without_text_are_said(tmp_path, data):
    with pytest.raises(UnreadableFile):
        articles(txt, written(tmp_path, "a.txt", data))
