"""Web pages, archives of crawlers and TEI: variants and damage, invented."""

import gzip
import io
import re

import pytest

from analysis.io.formats import newsplease_json, recognise, trafilatura_tei, warc, web_page
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
         "2021-03-04T05:06:07", ""),
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
    assert [type(one) for one in found] == [Record, Record, Remark]
    assert found[0].url == "https://varn.example.com/news/0" and "404" in found[2].problem
    got = []
    with pytest.raises(UnreadableFile, match="cut short|damaged"):
        for one in warc.read(written(tmp_path, "b.warc.gz", whole[:-60]), Settings()):
            got.append(one)
    assert got[0].text == found[0].text
    assert recognise(Source(tmp_path / "a.warc.gz")) == "warc"


def test_a_record_longer_than_it_says_is_told_and_nothing_of_it_printed(tmp_path, capfd):
    whole = gzip.decompress(archive((page(), "200 OK"), (page(LINKED), "200 OK")))
    length = re.search(rb"Content-Length: (\d+)", whole)
    said = b"Content-Length: %d" % (int(length[1]) - 20)
    reading = warc.read(written(tmp_path, "a.warc", whole.replace(length[0], said, 1)), Settings())
    assert isinstance(next(reading), Record)
    with pytest.raises(UnreadableFile, match="longer than they say"):
        list(reading)
    assert capfd.readouterr() == ("", "")


def test_a_packed_bomb_is_bounded(tmp_path):
    huge = archive((b"<html>" + b" " * (40 << 20), "200 OK"), (page(), "200 OK"))
    found = articles(warc, written(tmp_path, "a.warc.gz", huge))
    assert isinstance(found[0], Record) and "very large" in found[1].problem
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
    inner = b"""<!DOCTYPE TEI [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>"""
    (found,) = articles(
        trafilatura_tei,
        written(tmp_path, "t.xml", inner + bomb.partition(b"]>")[2].replace(b"&a;", b"&b;")),
    )
    assert "aaaa" not in found.text


def test_tei_keeps_the_words_of_lines_and_lists_apart(tmp_path):
    data = b"""<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div type="entry">
<head>One</head><p>two<lb/>three</p><list><item>four</item><item><p>five</p></item></list></div>
</body></text></TEI>"""
    (found,) = articles(trafilatura_tei, written(tmp_path, "t.xml", data))
    assert found.text == "One\n\ntwo three\n\nfour\n\nfive"


LINKED = """<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [
{"@type": "Article", "headline": "Harbour closed", "datePublished": "2021-03-04T05:06:07+00:00",
 "dateModified": "2021-04-01", "author": {"name": "Ada Orr", "@id": "#ada"},
 "publisher": {"@id": "#varn"}, "articleSection": ["Harbour", "News"]},
{"@type": "Organization", "@id": "#varn", "name": "Varn Courier"}]}</script>"""


def test_linked_data_refers_to_its_publisher_and_a_change_is_no_publication(tmp_path):
    (found,) = articles(web_page, written(tmp_path, "p.html", page(LINKED)))
    assert (found.outlet, found.section) == ("Varn Courier", "Harbour; News")
    assert found.published == "2021-03-04T05:06:07+00:00" and found.author == "Ada Orr"
    assert found.more == {"modified": "2021-04-01"}


TEASER = "<div class='cards'><article><h2><a href='/x'>Ferries late</a></h2>{}</article></div>"
OTHERS = (
    '<script type="application/ld+json">{"@type": "ItemList", "itemListElement": '
    '[{"@type": "NewsArticle", "headline": "Ferries late", "datePublished": "2019-01-01"}]}'
    "</script>"
)


@pytest.mark.parametrize(
    "head, after",
    [
        ("", TEASER.format("<time datetime='2024-03-01'>1 March</time>")),
        (OTHERS, ""),
        ("", "<time datetime='2024-03-01'>1 March</time>"),
        ("<meta name='date' content='1970-01-01T00:00:00Z'>", ""),
    ],
)
def test_a_day_of_another_article_is_not_the_articles(tmp_path, head, after):
    text = page(head).replace(b"</article></body>", f"</article>{after}</body>".encode())
    (found,) = articles(web_page, written(tmp_path, "p.html", text))
    assert found.published == "" and "Ferries" not in found.text


def test_todays_date_in_the_head_is_not_the_articles(tmp_path):
    top = b"<div id='current-date'>Thursday 21 March 2024</div><article>"
    below = (
        b"</h1><p class='datum'>4. M\xc3\xa4rz 2021, 5:00 Uhr</p><p class='autor'>Von Ada Orr</p>"
    )
    text = page().replace(b"<article>", top).replace(b"</h1>", below)
    (found,) = articles(web_page, written(tmp_path, "p.html", text))
    assert found.published == "4. März 2021" and found.author == "Ada Orr"
    assert found.text.startswith("Paragraph one")


def test_every_paragraph_of_lists_quotations_and_line_breaks_is_kept(tmp_path):
    parts = BODY.replace("<p>", "").split("</p>")[:3]
    for body in (
        f"<div>{'<br><br>'.join(parts)}</div>",
        f"<p>{parts[0]}</p><blockquote><p>{parts[1]}</p></blockquote><ul><li>{parts[2]}</li></ul>",
        BODY.replace("harbour", "<a href='/h'>har<b>bour</b></a>"),
    ):
        (found,) = articles(web_page, written(tmp_path, "p.html", page(body=body)))
        assert found.text.split("\n\n") == parts
    longer = BODY + BODY.replace("Paragraph", "Section").replace("closed", "shut")
    layout = f"<table><tr><td><a href='/'>Home</a></td><td>{longer}</td></tr></table>"
    (found,) = articles(web_page, written(tmp_path, "p.html", page(body=layout)))
    assert len(found.text.split("\n\n")) == 6


def test_what_stands_around_an_article_is_no_text(tmp_path):
    around = (
        "<div class='cookie'><p>We use cookies. Accept all.</p></div>",
        "<figure><img src='a.jpg'><figcaption>The harbour, at dusk.</figcaption></figure>",
        "<aside class='related'><a href='/b'>Ferries late again in Varn</a></aside>",
        "<section class='comments'><p>gull: About time that somebody said it.</p></section>",
        "<footer><p>Copyright Varn Courier. Terms and conditions.</p></footer>",
    )
    first, second, third = BODY.split("</p>")[:3]
    mixed = f"{around[0]}{first}</p>{around[1]}{second}</p>{around[2]}{third}</p>"
    text = page(body=mixed + "".join(around[3:]))
    (found,) = articles(web_page, written(tmp_path, "p.html", text))
    assert found.text.split("\n\n") == BODY.replace("<p>", "").split("</p>")[:3]


def test_an_article_with_a_form_to_sign_in_is_one_and_a_sign_in_page_is_none(tmp_path):
    form = "<form><input name='u'><input type='password'></form>"
    (found,) = articles(web_page, written(tmp_path, "p.html", page(LINKED, BODY + form)))
    assert found.text.startswith("Paragraph one")
    asked = f"<p>{'Enter the account of your university to go on to the database. ' * 5}</p>{form}"
    with pytest.raises(UnreadableFile, match="sign-in"):
        articles(web_page, written(tmp_path, "p.html", page(body=asked)))


@pytest.mark.parametrize(
    "encoding, said", [("cp1252", "windows-1252"), ("utf-8", "iso-8859-1"), ("cp1251", "cp1251")]
)
def test_encodings_are_those_of_the_bytes(tmp_path, encoding, said):
    word = {"cp1251": "порт"}.get(encoding, "“Über”")
    text = page(f"<meta charset={said}>", BODY.replace("harbour", word))
    data = text.decode().encode(encoding)
    (found,) = articles(web_page, written(tmp_path, "p.html", data))
    assert f"the {word} of Varn" in found.text


def test_a_web_archive_of_a_browser_is_a_page(tmp_path):
    data = (
        b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
        b"Content-Location: https://varn.example.com/2021/03/04/harbour\r\n\r\n"
        + page()
        + b"\r\n--b--\r\n"
    )
    (found,) = articles(web_page, written(tmp_path, "p.mhtml", data))
    assert (found.published, found.outlet) == ("2021-03-04", "varn.example.com")


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"<html>", b"<html>\0\0\0", b"<html><body>" + b"<div>" * 100_000,
        b"<html><body>" + b"<b>" * 3_000 + b"deep",
        b'<html><script type="application/ld+json">' + b"[" * 100_000 + b"</script>",
        b"<html><link rel=canonical href='http://[::'><p>&#1;&#x0b;\x01</p>",
    ],
)  # fmt: skip
def test_pages_that_are_none_are_said(tmp_path, data):
    with pytest.raises(UnreadableFile):
        articles(web_page, written(tmp_path, "p.html", data))


def test_addresses_and_references_that_are_none_are_no_errors(tmp_path):
    head = "<link rel=canonical href='http://[::'><base href='//['>"
    text = page(head, BODY + "<p>A bell \x07 and &#1; another &#x0B; bell rang &#66;.</p>")
    (found,) = articles(web_page, written(tmp_path, "p.html", text))
    assert "bell rang B." in found.text and "\x07" not in found.text


@pytest.mark.parametrize("packed", [False, True])
def test_an_archive_that_is_packed_as_one_or_not_at_all_is_read(tmp_path, packed):
    whole = gzip.decompress(archive((page(), "200 OK"), (page(LINKED), "200 OK")))
    data = gzip.compress(whole) if packed else whole
    found = articles(warc, written(tmp_path, "a.warc", data))
    assert [one.author for one in found] == ["", "Ada Orr"]


def test_a_head_without_end_is_bounded(tmp_path):
    data = archive((page(), "200 OK")) + gzip.compress(b"WARC/1.0\r\nA: " + bytes(64 << 20))
    reading = warc.read(written(tmp_path, "a.warc.gz", data), Settings())
    assert isinstance(next(reading), Record)
    with pytest.raises(UnreadableFile, match="more than a crawl"):
        next(reading)


def test_what_news_please_writes_is_read(tmp_path):
    lines = (
        '{"date_publish": "2023-09-07 23:10:00", "date_download": "2023-11-27", "maintext": "One."'
        ', "source_domain": "varn.example.com", "authors": ["Ada Orr", "Bo Li"], "title": "T"}'
    )
    source = written(tmp_path, "a.jsonl", f"{lines}\n{lines[:70]}\n".encode())
    assert recognise(source) == "newsplease_json"
    found, cut = articles(newsplease_json, source)
    assert (found.text, found.outlet, found.published) == (
        "One.", "varn.example.com", "2023-09-07 23:10:00",
    )  # fmt: skip
    assert isinstance(cut, Remark) and not found.more.keys() & {"date_download"}
