"""Word and RTF files of Nexis: exports whose right reading is known, variants, damage."""

import html
import itertools
import zipfile

import pytest

from analysis.io.formats import nexis_docx, nexis_rtf
from analysis.io.formats.source import Source, UnreadableFile
from tests.io.formats.gold import EXPORTS, expected_of, fields_of, records_of, remarks_of

READERS = {"nexis-docx": nexis_docx, "nexis-rtf": nexis_rtf}
FILES = [(folder, name, rows) for folder in READERS for name, rows in expected_of(folder).items()]


@pytest.mark.parametrize("folder, name, rows", FILES, ids=lambda value: str(value)[:30])
def test_every_article_of_an_export_is_read_as_it_stands_there(folder, name, rows):
    path = EXPORTS / folder / name
    assert READERS[folder].recognise(Source(path))
    records = records_of(READERS[folder], path)
    assert [fields_of(record) for record in records] == rows
    assert [record.place for record in records] == list(range(1, len(rows) + 1))
    assert all(record.source_id.startswith("urn:contentItem:") for record in records)
    assert all(record.source_id in record.url for record in records)


def test_dates_are_the_articles_own():
    records = records_of(nexis_docx, EXPORTS / "nexis-docx/with-cover.docx")
    dates = [record.published for record in records]
    assert dates[0] == "September 5, 2023 Tuesday 10:15 PM GMT+1"
    assert dates[9] == "September 7, 2023, Thursday,, FINAL EDITION"
    assert dates[11] == ""  # only the correction's and the load date stand there
    assert dates[13] == "September 2023"
    assert records[11].more["Correction-Date"].startswith("September 11, 2023")
    assert records[11].more["Load-Date"] == "September 9, 2023"
    german = records_of(nexis_docx, EXPORTS / "nexis-docx/german-interface.docx")
    assert [r.published for r in german] == [
        "8. September 2023 Freitag",
        "9. September 2023 Samstag",
        "5. September 2023 Dienstag",
    ]


def test_what_has_no_field_stays_beside_the_text():
    meridian = records_of(nexis_docx, EXPORTS / "nexis-docx/with-cover.docx")[4]
    assert meridian.page == "1"
    assert meridian.more["Graphic"].startswith("PHOTO: The quay seen from")
    assert meridian.more["Highlight"].startswith("The inspector asked")
    assert meridian.more["Dateline"] == "VARNMOUTH, Sept. 7"
    assert meridian.more["Length"] == "452 words"
    assert meridian.more["Copyright"] == "Copyright 2023 The Meridian All Rights Reserved"


@pytest.mark.parametrize(
    "name, what",
    [
        ("rtf-named.docx", "an RTF document, not a Word file"),
        ("login-page.docx", r"a web page \(\"Sign in\"\), not a Word file"),
        ("cut-off.docx", "a damaged or cut zip"),
        ("no-article.docx", "a Word file that holds no article of Nexis"),
    ],
)
def test_what_is_no_export_is_refused_by_what_it_is(name, what):
    with pytest.raises(UnreadableFile, match=what):
        records_of(nexis_docx, EXPORTS / "nexis-docx/refused" / name)


def test_a_file_is_recognised_by_its_content_not_its_name(tmp_path):
    rtf = tmp_path / "files.docx"
    rtf.write_bytes((EXPORTS / "nexis-rtf/files.rtf").read_bytes())
    assert not nexis_docx.recognise(Source(rtf))
    assert nexis_rtf.recognise(Source(rtf))
    # these would else be read as pages or not be understood
    assert nexis_docx.recognise(Source(EXPORTS / "nexis-docx/refused/login-page.docx"))
    assert nexis_docx.recognise(Source(EXPORTS / "nexis-docx/refused/rtf-named.docx"))
    assert not nexis_docx.recognise(Source(EXPORTS / "nexis-docx/refused/no-article.docx"))


# ------------------------------------------------------------------ Word files made here
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
LINK = "https://example.com/d?id=urn:contentItem:6AAA-BBBB-CCCC-{:04}-00000-00"
NBSP = "\u00a0"


def run(text, bold=False):
    breaks = "<w:br/>" if text.startswith("\n") else ""
    said = html.escape(text.strip("\n"), quote=False)
    return (
        f'<w:r><w:rPr>{"<w:b/>" * bold}</w:rPr>{breaks}<w:t xml:space="preserve">{said}</w:t></w:r>'
    )


def p(*runs, style=""):
    runs = "".join(r if r.startswith("<w:") else run(r) for r in runs)
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{style}</w:pPr>{runs}</w:p>"


def mark(name):
    return f'<w:bookmarkStart w:id="1" w:name="{name}"/><w:bookmarkEnd w:id="1"/>'


def linked(number, text):
    return f'<w:hyperlink r:id="rId{number}">{run(text, bold=True)}</w:hyperlink>'


def field(label, value, begin=""):
    return p(run(f"{begin}{label}:", bold=True), NBSP + value)


def docx(path, *xml, more=()):
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{R}/hyperlink" TargetMode="External" '
        f'Target="{LINK.format(n)}"/>'
        for n in range(1, 6)
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{WORD}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:mc="http://schemas.'
        'openxmlformats.org/markup-compatibility/2006"><w:body>'
        + "".join(xml)
        + "</w:body></w:document>",
        **dict(more),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


END = p("\nEnd of Document")


def test_an_interface_in_another_language_and_order_and_with_fields_missing(tmp_path):
    path = docx(
        tmp_path / "swedish.docx",
        mark("Bookmark_1"),  # outside of any paragraph
        p("Kajen 2019 blev 4,5 meter kortare", style="Heading1"),
        p("12 oktober 2019 lördag"),  # before the outlet
        p("Viks Tidning "),
        field("Avsnitt", "Nyheter; s. 4"),
        p(mark("Body"), run("Brödtext", bold=True)),
        p("Kajen mäts varje år."),
        p(run("Length:", bold=False), " 9 ord, sade mätaren."),
        p(run("Slutsats", bold=True)),
        p("Körsbär 2019: inga."),
        field("Laddningsdatum", "October 13, 2019", begin="\n"),
        p(),
        p(run("\nSlut på ", bold=True), run("dokumentet", bold=True)),
        p(mark("Bookmark_2")),
        p(linked(2, "Ett "), linked(2, "torn")),  # a headline in two links
        p("Viks Tidning"),
        p(mark("Body_0"), run("Brödtext", bold=True)),
        p("Tornet står kvar."),
        p(run("\nSlut på dokumentet", bold=True)),
    )
    assert nexis_docx.recognise(Source(path))
    first, second = records_of(nexis_docx, path)
    assert (first.title, first.outlet) == ("Kajen 2019 blev 4,5 meter kortare", "Viks Tidning")
    assert first.published == "12 oktober 2019 lördag"
    assert first.text.split("\n\n") == [
        "Kajen mäts varje år.",
        "Length: 9 ord, sade mätaren.",
        "Slutsats",
        "Körsbär 2019: inga.",
    ]
    assert first.more["Avsnitt"] == "Nyheter; s. 4"
    assert first.more["Laddningsdatum"] == "October 13, 2019"
    assert (second.title, second.published, second.text) == ("Ett torn", "", "Tornet står kvar.")
    assert second.source_id == "urn:contentItem:6AAA-BBBB-CCCC-0002-00000-00"


def test_an_article_without_a_bookmark_of_its_own_does_not_run_into_another(tmp_path):
    path = docx(
        tmp_path / "lost.docx",
        p(linked(1, "1. First")),  # the cover's list
        p(linked(2, "2. Second")),
        p(mark("Bookmark_1"), linked(1, "First")),
        *[p("Quay News"), p("May 2, 2002, Thursday,, FINAL EDITION")],
        *[p(mark("Body"), run("Body", bold=True)), p("One."), END],
        *[p(linked(2, "Second")), p("Quay News"), p("May 3, 2002, Friday")],
        *[p(mark("Body_0"), run("Body", bold=True)), p("Two."), END],
        *[p(mark("Bookmark_3"), linked(3, "Third, a picture")), p("Quay News"), END],
        *[p(mark("Bookmark_4"), linked(4, "Fourth")), p("Quay News")],
        *[p(mark("Body_1")), p(run("Body", bold=True)), p("Four.")],  # cut off
    )
    records = records_of(nexis_docx, path)
    assert [(r.title, r.text) for r in records] == [
        ("First", "One."),
        ("Second", "Two."),
        ("Third, a picture", ""),
        ("Fourth", "Four."),
    ]
    assert [r.published for r in records[:3]] == [
        "May 2, 2002, Thursday,, FINAL EDITION",
        "May 3, 2002, Friday",
        "",
    ]


def test_text_in_tables_insertions_and_boxes_is_kept_once(tmp_path):
    box = (
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:txbxContent>"
        + p("Boxed.")
        + "</w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent>"
        + p("Boxed.")
        + "</w:txbxContent></mc:Fallback></mc:AlternateContent>"
    )
    path = docx(
        tmp_path / "parts.docx",
        *[p(mark("Bookmark_1"), linked(1, "Tides")), p("Quay News"), p("May 2, 2002")],
        p(mark("Body"), run("Body", bold=True)),
        p(run("High "), f"<w:ins w:id='1'>{run('and ')}</w:ins>", run("low.")),
        f"<w:tbl><w:tr><w:tc>{p('6:12')}</w:tc><w:tc>{p('4.1 m')}</w:tc></w:tr></w:tbl>",
        p(f"<w:r>{box}</w:r>"),
        p(run("\nGraphic", bold=True)),
        p(" A tide table."),
        field("Load-Date", "May 3, 2002", begin="\n"),
        END,
    )
    (record,) = records_of(nexis_docx, path)
    assert record.text.split("\n\n") == ["High and low.", "6:12", "4.1 m", "Boxed."]
    assert record.more["Graphic"] == "A tide table."


def damaged(path, change):
    path.write_bytes(change((EXPORTS / "nexis-docx/no-cover.docx").read_bytes()))
    return path


def locked(data):
    """The same zip, whose parts say that they are encrypted."""
    parts = bytearray(data)
    start = -1
    while (start := data.find(b"PK\x01\x02", start + 1)) >= 0:
        parts[start + 8] |= 1
    return bytes(parts)


@pytest.mark.parametrize(
    "change, what",
    [
        (lambda data: b"", "an empty file"),
        (lambda data: b"\0" * 5000, "nothing but zeros"),
        (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data, "encrypted with a password"),
        (locked, "without a password"),
        (lambda data: data[:-100], "damaged or cut zip"),
    ],
    ids=["empty", "zeros", "ole", "locked", "cut"],
)
def test_a_damaged_or_encrypted_file_is_refused(tmp_path, change, what):
    path = damaged(tmp_path / "a.docx", change)
    nexis_docx.recognise(Source(path))
    with pytest.raises(UnreadableFile, match=what):
        records_of(nexis_docx, path)


@pytest.mark.parametrize(
    "xml",
    ["<w:document", "<w:sdt>" * 5000, "", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"],
    ids=["broken", "deep", "empty", "entity"],
)
def test_damaged_xml_is_refused(tmp_path, xml):
    path = docx(tmp_path / "a.docx", more={"word/document.xml": xml})
    with pytest.raises(UnreadableFile):
        records_of(nexis_docx, path)


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_opened(tmp_path):
    path = docx(tmp_path / "bomb.docx", more={"word/media/a.xml": " " * (100 << 20)})
    with pytest.raises(UnreadableFile, match="unpacks to 100 MB"):
        records_of(nexis_docx, path)


# ------------------------------------------------------------------ RTF made here
def rtf(path, *paragraphs, fonts="{\\f0\\fcharset0 arial;}"):
    body = "".join(rf"\pard\plain\f0 {text}\par" + "\n" for text in paragraphs)
    path.write_bytes(
        rf"{{\rtf1\ansi\ansicpg1252\uc1\deff0{{\fonttbl{fonts}}}{body}}}".encode("latin-1")
    )
    return path


def address(url, text):
    return f'{{\\field{{\\*\\fldinst{{HYPERLINK "{url}"}}}}{{\\fldrslt {text}}}}}'


def rtf_article(number, title, *text, head=("Quay News", "May 2, 2002")):
    body = "Body" if number == 1 else f"Body_{number - 2}"
    link = address(LINK.format(number), f"{{\\ul {title}}}")
    return [
        f"{{\\*\\bkmkstart Bookmark_{number}}}{{\\*\\bkmkend Bookmark_{number}}}{link}",
        *head,
        f"{{\\*\\bkmkstart {body}}}{{\\b Body}}{{\\*\\bkmkend {body}}}",
        *text,
        "\\line {\\b Load-Date:}\\~May 3, 2002",
        "\\line {\\b End of }{\\b Document}",
    ]


def test_an_rtf_with_other_characters_links_tables_and_pictures(tmp_path):
    picture = "{\\*\\shppict{\\pict{\\*\\picprop{\\sp x}}\\pngblip " + "ab" * 5000 + "}}"
    path = rtf(
        tmp_path / "a.rtf",
        *rtf_article(
            1,
            "Caf\\'e9 \\u-10179?\\u-8704?",
            "{\\b Late} news.\\line Second line.",
            f"See {address('https://example.com/x', '{the page}')} now.",
            picture + "\\trowd\\intbl 6:12\\cell 4.1 m\\cell\\row",
            "{\\f1 \\'cf\\'f0\\'e8\\'e2\\'e5\\'f2} \\{1\\} C:\\\\line",
            "{\\b Load-Date:} is what the form calls it.",
        ),
        *rtf_article(2, "No date", "Two.", head=["{\\b Section:}\\~News"]),
        fonts="{\\f0\\fcharset0 arial;}{\\f1{\\*\\panose 02}\\fcharset204 arial cyr;}",
    )
    first, second = records_of(nexis_rtf, path)
    assert first.title == "Café 😀"
    assert first.text.split("\n\n") == [
        "Late news.\nSecond line.",
        "See the page now.",
        "6:12",
        "4.1 m",
        "Привет {1} C:\\line",
        "Load-Date: is what the form calls it.",
    ]
    assert (first.outlet, first.published) == ("Quay News", "May 2, 2002")
    assert (second.title, second.outlet, second.section) == ("No date", "", "News")
    assert (second.published, second.text) == ("", "Two.")


def test_an_rtf_without_bookmarks_is_read_by_its_labels(tmp_path):
    text = (EXPORTS / "nexis-rtf/files.rtf").read_text("ascii")
    for word in ("Bookmark_", "Body"):
        for name, side in itertools.product(["", *range(9)], ["start", "end"]):
            text = text.replace(f"{{\\*\\bkmk{side} {word}{name}}}", "")
            text = text.replace(f"{{\\*\\bkmk{side} {word}_{name}}}", "")
    assert "bkmk" not in text
    path = tmp_path / "a.rtf"
    path.write_text(text, "ascii")
    assert nexis_rtf.recognise(Source(path))
    (rows,) = expected_of("nexis-rtf").values()
    assert [fields_of(record) for record in records_of(nexis_rtf, path)] == rows


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("Two.", "}}}}}}Two."),
        lambda text: text + "garbage \0\0 behind",
        lambda text: text.replace("Two.", "\\uc \\u99999999?\\u?Two."),
        lambda text: text.replace("Two.", "{\\pict\\bin12 }}}}}}}{{{{{}Two."),
        lambda text: text.replace("ansicpg1252", "ansicpg99999"),
    ],
    ids=["braces", "behind", "codes", "binary", "code page"],
)
def test_a_damaged_rtf_loses_no_article(tmp_path, change):
    path = rtf(
        tmp_path / "a.rtf",
        *rtf_article(1, "A", "One."),
        *rtf_article(2, "B", "Two."),
        *rtf_article(3, "C", "Three."),
    )
    path.write_text(change(path.read_text("ascii")), "ascii")
    texts = [record.text for record in records_of(nexis_rtf, path)]
    assert texts[::2] == ["One.", "Three."]
    assert texts[1].endswith("Two.")


def test_an_article_that_cannot_be_read_is_remarked_and_the_others_are_read(tmp_path):
    path = rtf(
        tmp_path / "a.rtf", *rtf_article(1, "A", "One."), *rtf_article(2, "B", "{" * 5000 + "Two.")
    )
    assert [record.text for record in records_of(nexis_rtf, path)] == ["One."]
    (remark,) = remarks_of(nexis_rtf, path)
    assert (remark.place, remark.done) == (2, "left out")
    assert "groups within groups" in remark.problem


@pytest.mark.parametrize(
    "data", [b"", b"\0\0", b"{\\rtf1 The Load-Date: none\\par}", b"PK\x03\x04", b"<html>"]
)
def test_what_is_no_rtf_of_nexis_is_refused(tmp_path, data):
    path = tmp_path / "a.rtf"
    path.write_bytes(data)
    assert not nexis_rtf.recognise(Source(path))
    with pytest.raises(UnreadableFile):
        records_of(nexis_rtf, path)
