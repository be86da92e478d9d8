"""Web pages and archives, TEI, PDF, Word and text files: variants and damage, invented."""

import gzip
import io

import pytest

from analysis.errors import OptionError
from analysis.io.formats import docx as word
from analysis.io.formats import pdf, recognise, trafilatura_tei, txt, warc, web_page
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

BODY = "".join(
    f"<p>Paragraph {n} says how the harbour of Varn was closed for {n} weeks, and by whom.</p>"
    for n in ("one", "two", "three")
)


def page(head="", body=BODY, lang="en"):
    start = f"<!DOCTYPE html><html lang='{lang}'><head>{head}</head><body>"
    return f"{start}<article><h1>Harbour closed</h1>{body}</article></body></html>".encode()


def written(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return Source(path)


def articles(reader, source, **settings):
    return list(reader.read(source, Settings(**settings)))


@pytest.mark.parametrize(
    "head, published, author",
    [
        ("<meta property='article:published_time' content='2021-03-04T05:06:07Z'>",
         "2021-03-04T05:06:07Z", ""),
        ("<meta property='article:published_time' content='2021-03-04T05:06:07'>",
         "2021-03-04", ""),
        ("<meta property='article:modified_time' content='2022-01-01'>", "", ""),
        ('<script type="application/ld+json">[{"@type": ["NewsArticle"], "datePublished":'
         ' "2021-03-04", "author": [{"name": "Ada Orr"}, {"name": "Bo Li"}]}]</script>',
         "2021-03-04", "Ada Orr and Bo Li"),
        ('<script type="application/ld+json">{"@type": broken</script>', "", ""),
    ],
)  # fmt: skip
def test_a_page_says_when_it_was_published_and_by_whom(tmp_path, head, published, author):
    (found,) = articles(web_page, written(tmp_path, "p.html", page(head)))
    assert (found.title, found.published, found.author) == ("Harbour closed", published, author)
    assert found.language == "en" and found.text.startswith("Paragraph one")


def test_scripts_and_links_are_no_text_and_a_list_of_links_is_no_article(tmp_path):
    script = "<script>alert('x')</script>"
    (found,) = articles(web_page, written(tmp_path, "p.html", page(body=BODY + script)))
    assert "alert" not in found.text
    links = "".join(
        f"<li><a href='/{n}'>The harbour of Varn was closed again {n}</a></li>" for n in range(9)
    )
    for body in (f"<ul>{links}</ul>", "", "<form>Sign in to read</form>", "<div>" * 5_000):
        with pytest.raises(UnreadableFile, match="page"):
            articles(web_page, written(tmp_path, "p.html", page(body=body)))


def archive(*pages):
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=True)
    for n, (data, status) in enumerate(pages):
        headers = StatusAndHeaders(status, [("Content-Type", "text/html")], protocol="HTTP/1.1")
        record = writer.create_warc_record(
            f"https://varn.example.com/news/{n}",
            "response",
            payload=io.BytesIO(data),
            http_headers=headers,
        )
        writer.write_record(record)
    return sink.getvalue()


def test_an_archive_cut_short_gives_what_stands_before(tmp_path):
    other = page(body=BODY.replace("Varn", "Tesmere") * 40)
    whole = archive((page(), "200 OK"), (b"gone", "404 Not Found"), (other, "200 OK"))
    found = articles(warc, written(tmp_path, "a.warc.gz", whole))
    assert [type(one) for one in found] == [Record, Remark, Record]
    assert found[0].url == "https://varn.example.com/news/0" and "404" in found[1].problem
    got = []
    with pytest.raises(UnreadableFile, match="cut short|damaged"):
        for one in warc.read(written(tmp_path, "b.warc.gz", whole[:-60]), Settings()):
            got.append(one)
    assert got[0].text == found[0].text
    assert recognise(Source(tmp_path / "a.warc.gz")) == "warc"


def test_a_packed_bomb_is_bounded(tmp_path):
    huge = archive((b"<html>" + b" " * (40 << 20), "200 OK"), (page(), "200 OK"))
    found = articles(warc, written(tmp_path, "a.warc.gz", huge))
    assert isinstance(found[0], Remark) and isinstance(found[1], Record)
    assert len(gzip.compress(b" " * (40 << 20))) < 1 << 20


def test_tei_is_read_without_entities(tmp_path):
    bomb = b"""<?xml version="1.0"?><!DOCTYPE TEI [<!ENTITY a SYSTEM "file:///etc/passwd">]>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader/><text><body>
<div type="entry"><p>One &a; two.</p></div><div type="comments"><p>Never.</p></div></body></text>
</TEI>"""
    (found,) = articles(trafilatura_tei, written(tmp_path, "t.xml", bomb))
    assert "root" not in found.text and "Never" not in found.text
    with pytest.raises(UnreadableFile, match="XML"):
        articles(trafilatura_tei, written(tmp_path, "t.xml", bomb[:-30]))


def test_pdfs_without_text_with_a_password_or_damaged_are_said(tmp_path):
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(tmp_path / "scan.pdf")
    with pytest.raises(UnreadableFile, match="a scan"):
        articles(pdf, Source(tmp_path / "scan.pdf"))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    with pytest.raises(UnreadableFile, match="password"):
        articles(pdf, Source(tmp_path / "locked.pdf"))
    for data in (b"%PDF-1.4 nothing more", b"%PDF-1.7\n" + b"\0" * 900):
        with pytest.raises(UnreadableFile):
            articles(pdf, written(tmp_path, "x.pdf", data))


def test_hyphens_are_taken_out_where_the_line_broke_a_word():
    lines = [
        "  The state-owned har-",
        "bour was closed by a state-",
        "owned firm.",
        "  In Varn-",
        "Tesmere too.",
    ]
    assert pdf._paragraphs(lines) == [
        "The state-owned harbour was closed by a state-owned firm.",
        "In Varn-Tesmere too.",
    ]


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
         "Harbour closed", "Varn Courier", "7 September 2023", "By Ada Orr"),
        (["# Hafen zu", "Hallamer Anzeiger, 8. September 2023", LONG],
         "Hafen zu", "Hallamer Anzeiger", "8. September 2023", ""),
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
    assert found.text.startswith(LONG)


@pytest.mark.parametrize(
    "name, pattern, said",
    [
        ("Varn Courier_2023-09-05_Harbour closed.txt", None,
         ("Varn Courier", "2023-09-05", "Harbour closed")),
        ("20230905_Varn Courier_Closed_again.txt", None,
         ("Varn Courier", "2023-09-05", "Closed_again")),
        ("Harbour closed (Courier) 5.9.2023.txt", "{title} ({outlet}) {date}",
         ("Courier", "5.9.2023", "Harbour closed")),
        ("notes.txt", None, ("", "", "")),
    ],
)  # fmt: skip
def test_fields_come_from_the_name_of_a_text_file(tmp_path, name, pattern, said):
    found = articles(txt, written(tmp_path, name, LONG.encode("utf-8-sig")), name_pattern=pattern)
    record = found[-1]
    assert (record.outlet, record.published, record.title) == said and record.text == LONG


def test_a_name_that_does_not_fit_is_said_and_a_wrong_pattern_refused(tmp_path):
    source = written(tmp_path, "notes.txt", LONG.encode())
    remark, record = articles(txt, source, name_pattern="{outlet}_{date}")
    assert "does not fit" in remark.problem and record.text == LONG
    for pattern in ("{newspaper}_{date}", "plain", "{date}{date}"):
        with pytest.raises(OptionError, match="name_pattern"):
            txt.fields_of("x", pattern)
