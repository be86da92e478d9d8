"""PDF clippings and press reviews, made line by line: columns, broken words, heads, damage."""

import io

import pytest

from analysis.io.formats import pdf
from analysis.io.formats.pdf_lines import PageLine, paragraphs
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

LEFT = [
    "There is, in every disaster, a docu-",
    "ment. In Varn it is a letter of",
    "eleven lines, and it is long enough",
    "for those who read it to the end.",
]
RIGHT = [
    "The right column begins here and",
    "goes on until it ends. The state-",
    "owned port is owned by the state,",
    "they say, of ships- and dockyards.",
]
LEFT_TEXT = (
    "There is, in every disaster, a document. In Varn it is a letter of eleven lines, and it is "
    "long enough for those who read it to the end."
)
RIGHT_TEXT = (
    "The right column begins here and goes on until it ends. The state-owned port is owned by the "
    "state, they say, of ships- and dockyards."
)
HEAD = (40, 800, 8, "The Meridian, 7 September 2023, page A1")
TITLE = [(40, 760, 20, "The letter nobody"), (40, 738, 20, "read at all")]


def column(x, y, lines, size=9):
    return [(x, y - 12 * at, size, line) for at, line in enumerate(lines)]


def made(path, *pages):
    """A PDF of pages of (x, y, size, text); one with a fifth item is bold."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    font = "<< /Type /Font /Subtype /Type1 /BaseFont /{} /Encoding /WinAnsiEncoding >>"
    objects += [font.format(name).encode() for name in ("Helvetica", "Helvetica-Bold")]
    kids = []
    for page in pages:
        shown = b""
        for x, y, size, text, *bold in page:
            data = text.encode("cp1252").replace(b"(", rb"\(").replace(b")", rb"\)")
            shown += b"BT /F%d %d Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n" % (
                2 if bold else 1, size, x, y, data,
            )  # fmt: skip
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(kids))
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, start,
    )  # fmt: skip
    path.write_bytes(data)
    return Source(path)


def articles(source):
    return list(pdf.read(source, Settings()))


ONE, TWO = column(40, 700, LEFT), column(310, 700, RIGHT)
ACROSS = [line for pair in zip(ONE, TWO) for line in pair]


@pytest.mark.parametrize(
    "drawn",
    [
        [HEAD, *TITLE, *ONE, *TWO],
        [HEAD, *TITLE, *ACROSS],
        [*ONE, *TWO, *TITLE, HEAD],
        [*reversed(ONE + TWO), *TITLE, HEAD],
    ],
)
def test_columns_are_read_one_after_the_other_however_they_are_drawn(tmp_path, drawn):
    (found,) = articles(made(tmp_path / "a.pdf", drawn))
    assert (found.title, found.outlet, found.published, found.page) == (
        "The letter nobody read at all", "The Meridian", "7 September 2023", "A1",
    )  # fmt: skip
    assert " ".join(found.text.split()) == f"{LEFT_TEXT} {RIGHT_TEXT}"


def test_three_columns_under_a_headline_across(tmp_path):
    third = ["So nobody knew of it for a year,", "and then for another year or two."]
    columns = [column(40, 700, LEFT), column(220, 700, RIGHT), column(400, 700, third)]
    rows = [line for at in range(4) for one in columns for line in one[at : at + 1]]
    (found,) = articles(made(tmp_path / "a.pdf", [HEAD, *TITLE, *rows]))
    whole = f"{LEFT_TEXT} {RIGHT_TEXT} {' '.join(third)}"
    assert " ".join(found.text.split()) == whole


def test_running_heads_and_page_numbers_are_no_text(tmp_path):
    pages = [
        [HEAD, *TITLE, *ONE, (290, 30, 8, "- 1 -")],
        [HEAD, *column(40, 760, RIGHT), (290, 30, 8, "- 2 -")],
        [
            HEAD,
            *column(40, 760, ["In 1989 there had been 41 letters, or", "41"]),
            (290, 30, 8, "- 3 -"),
        ],
    ]
    (found,) = articles(made(tmp_path / "a.pdf", *pages))
    end = "In 1989 there had been 41 letters, or 41"
    assert " ".join(found.text.split()) == f"{LEFT_TEXT} {RIGHT_TEXT} {end}"


def test_a_headline_in_bold_and_a_clipping_without_any(tmp_path):
    bold = [(40, 720, 9, "The letter nobody read", "bold"), (40, 708, 9, "By Ada Orr")]
    (found,) = articles(made(tmp_path / "a.pdf", [*bold, *column(40, 680, LEFT)]))
    assert (found.title, found.author, found.text) == (
        "The letter nobody read", "Ada Orr", LEFT_TEXT,
    )  # fmt: skip
    name = "Varn Courier_2023-09-05_The letter.pdf"
    (found,) = articles(made(tmp_path / name, column(40, 680, LEFT)))
    assert (found.title, found.outlet, found.text) == ("The letter", "Varn Courier", LEFT_TEXT)


def test_a_press_review_is_split_by_its_contents(tmp_path):
    contents = [
        (40, 800, 16, "Press review"),
        (40, 760, 9, "Cranes idle ........ 2"),
        (40, 748, 9, "Ferries late in the strait, and nobody kno ........ 3"),
        (40, 736, 9, "A story that is not there ........ 9"),
    ]
    letter = [(40, 800, 9, "Dear readers, here is what they wrote."), (40, 788, 9, "Yours.")]
    first = [
        (40, 800, 8, "Hallam Post   05.09.2023   Seite 1"),
        (40, 770, 14, "Cranes idle"),
        *column(40, 740, LEFT),
    ]
    middle = [
        *column(40, 800, RIGHT),
        (40, 650, 8, "Tesmere Observer   06.09.2023   Seite 4"),
        (40, 620, 14, "Ferries late in the strait, and nobody knows"),
        (40, 600, 14, "when they come"),
        (40, 580, 9, "By Wren Catlow"),
        *column(40, 560, LEFT),
    ]
    before, one, two, missing = articles(made(tmp_path / "a.pdf", contents, letter, first, middle))
    assert isinstance(before, Remark) and "Dear readers" in before.problem
    assert (one.title, one.outlet, one.published, one.page) == (
        "Cranes idle", "Hallam Post", "2023-09-05", "1",
    )  # fmt: skip
    assert " ".join(one.text.split()) == f"{LEFT_TEXT} {RIGHT_TEXT}"
    assert (two.place, two.title, two.outlet, two.author, two.text) == (
        2, "Ferries late in the strait, and nobody knows when they come", "Tesmere Observer",
        "Wren Catlow", LEFT_TEXT,
    )  # fmt: skip
    assert isinstance(missing, Remark) and "A story that is not there" in missing.problem


def test_headlines_are_of_several_articles_only_if_each_has_its_day(tmp_path):
    def page(title, above):
        return [(40, 800, 8, above), (40, 770, 18, title), *column(40, 740, LEFT)]

    pages = page("Cranes idle", "Hallam Post, 5 May 2023"), page("Ferries late", "Varn, 6 May 2023")
    found = articles(made(tmp_path / "a.pdf", *pages))
    assert [(one.title, one.published) for one in found] == [
        ("Cranes idle", "5 May 2023"),
        ("Ferries late", "6 May 2023"),
    ]
    pages = page("Cranes idle", "Hallam Post, 5 May 2023"), page("And a crosshead", "so it is said")
    (one,) = articles(made(tmp_path / "b.pdf", *pages))
    assert "And a crosshead" in one.text


@pytest.mark.parametrize(
    "broken, whole",
    [
        ("har-|bour", "harbour"), ("state-|owned", "state-owned"), ("Anglo-|Saxon", "Anglo-Saxon"),
        ("self-|made", "self-made"), ("boo-|kkeeper", "bookkeeper"),
        ("Hafen-|arbeiter", "Hafenarbeiter"), ("Hafen-|und", "Hafen- und"),
        ("HAR-|BOUR", "HARBOUR"),
        ("1990-|91", "1990-91"), ("dit-|il", "dit-il"), ("soft\u00ad|ware", "software"),
    ],
)  # fmt: skip
def test_hyphens_are_taken_out_where_the_line_broke_a_word(broken, whole):
    first, second = broken.split("|")
    lines = [
        PageLine(0, 40, 700, 9, False, f"They say {first}"),
        PageLine(0, 40, 688, 9, False, f"{second} it"),
    ]
    assert paragraphs(lines) == [f"They say {whole} it"]


def test_a_word_with_a_hyphen_elsewhere_keeps_it():
    texts = [
        "The Varn-Tesmere line, the port-",
        "keeper said; a portkeeper is no Varn-",
        "Tesmere man.",
    ]
    lines = [PageLine(0, 40, 700 - 12 * at, 9, False, text) for at, text in enumerate(texts)]
    assert paragraphs(lines) == [
        "The Varn-Tesmere line, the portkeeper said; a portkeeper is no Varn-Tesmere man."
    ]


def test_scans_are_said_and_single_pages_without_text_too(tmp_path):
    with pytest.raises(UnreadableFile, match="a scan: 2 pages"):
        articles(made(tmp_path / "a.pdf", [], []))
    remark, found = articles(made(tmp_path / "a.pdf", [HEAD, *TITLE, *ONE], []))
    assert isinstance(found, Record) and "page 2" in remark.problem


def test_letters_that_a_font_does_not_tell_are_no_text(tmp_path):
    signs = [(40, 700 - 12 * at, 9, "\u2022\u00a7\u00b6\u00b1 " * 9) for at in range(5)]
    with pytest.raises(UnreadableFile, match="fonts"):
        articles(made(tmp_path / "a.pdf", signs))


def test_passwords_are_asked_for_only_where_they_are_needed(tmp_path):
    from pypdf import PdfWriter

    source = made(tmp_path / "a.pdf", [HEAD, *TITLE, *ONE])
    for password in ("", "secret"):
        writer = PdfWriter(clone_from=io.BytesIO(source.data))
        writer.encrypt(password, "owner", algorithm="RC4-128")
        writer.write(tmp_path / "b.pdf")
        if password:
            with pytest.raises(UnreadableFile, match="password"):
                articles(Source(tmp_path / "b.pdf"))
        else:
            assert articles(Source(tmp_path / "b.pdf"))[0].text == LEFT_TEXT


def test_damaged_files_are_said(tmp_path):
    whole = made(tmp_path / "a.pdf", [HEAD, *TITLE, *ONE]).data
    for data in (b"", b"%PDF-1.4 nothing more", b"%PDF-1.7\n" + b"\0" * 900, whole[:700]):
        (tmp_path / "b.pdf").write_bytes(data)
        with pytest.raises(UnreadableFile):
            articles(Source(tmp_path / "b.pdf"))


def test_large_letters_within_a_text_are_no_headline(tmp_path):
    drawn = [*ONE, (40, 600, 24, "“Eleven lines”"), *column(40, 570, RIGHT)]
    (found,) = articles(made(tmp_path / "a.pdf", drawn))
    assert found.title == "" and " ".join(found.text.split()) == (
        f"{LEFT_TEXT} “Eleven lines” {RIGHT_TEXT}"
    )


def test_what_stands_above_a_headline_is_kept_and_a_line_below_it_in_larger_letters_too(tmp_path):
    page = [(40, 820, 8, "Politics"), HEAD, *TITLE, (40, 720, 12, "A tale of eleven lines"), *ONE]
    (found,) = articles(made(tmp_path / "a.pdf", page))
    assert found.more == {"head": "Politics", "subtitle": "A tale of eleven lines"}
    assert (found.outlet, found.text) == ("The Meridian", LEFT_TEXT)
