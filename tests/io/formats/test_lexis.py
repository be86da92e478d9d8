"""Text files and pages of LexisNexis: exports whose right reading is known, variants, damage."""

import html

import pytest

from analysis.io.formats import lexis_html, lexis_txt, nexis_docx
from analysis.io.formats.lexis_labels import author_of, is_date, page_of
from analysis.io.formats.source import Source, UnreadableFile
from tests.io.formats.gold import EXPORTS, expected_of, fields_of, records_of, remarks_of

READERS = {"lexis-txt": lexis_txt, "lexis-html": lexis_html}
FILES = [(folder, name, rows) for folder in READERS for name, rows in expected_of(folder).items()]


@pytest.mark.parametrize("folder, name, rows", FILES, ids=lambda value: str(value)[:30])
def test_every_article_of_an_export_is_read_as_it_stands_there(folder, name, rows):
    path = EXPORTS / folder / name
    assert READERS[folder].recognise(Source(path))
    records = records_of(READERS[folder], path)
    assert [fields_of(record) for record in records] == rows


@pytest.mark.parametrize(
    "path, dates",
    [
        ("lexis-txt/german.txt", ["8. September 2023 Freitag", "9. September 2023 Samstag"]),
        ("lexis-txt/french.txt", ["8 septembre 2023 vendredi"]),
        ("lexis-txt/dutch.txt", ["8. September 2023"]),
        ("lexis-html/renumbered.html", ["9. September 2023 Samstag", "September 7, 2023 Thursday"]),
    ],
)
def test_dates_are_the_articles_own(path, dates):
    reader = READERS[path.split("/")[0]]
    assert [record.published for record in records_of(reader, EXPORTS / path)] == dates


def test_what_has_no_field_stays_beside_the_text():
    first, second, third, *_ = records_of(lexis_txt, EXPORTS / "lexis-txt/english.txt")
    assert first.published == "September 5, 2023 Tuesday 10:15 PM GMT+1"
    assert first.more["HIGHLIGHT"].endswith("the crane was given twelve weeks.")
    assert second.more["Edition"] == "FINAL Edition"
    assert second.page == "4, 5"
    assert third.more["GRAPHIC"] == "Photo, The quay on Tuesday."
    assert third.more["LOAD-DATE"] == "September 8, 2023"
    corrected = records_of(lexis_html, EXPORTS / "lexis-html/all.html")[4]
    assert corrected.more["Head"] == "Correction Appended"


def test_a_document_that_is_no_article_is_told():
    (remark,) = remarks_of(lexis_html, EXPORTS / "lexis-html/all.html")
    assert (remark.place, remark.done) == (9, "left out")
    assert "This document cannot be shown." in remark.problem


# ------------------------------------------------------------------ text files made here
def centre(text):
    return " " * ((80 - len(text)) // 2) + text


def txt(path, *lines, encoding="utf-8", newline="\r\n"):
    path.write_bytes(("\n".join(lines) + "\n").replace("\n", newline).encode(encoding))
    return path


COVER = ["", "Download Request: All Documents: 1-2", "Terms: tide", "", "", ""]


def test_another_language_order_and_set_of_fields(tmp_path):
    path = txt(
        tmp_path / "spanish.txt",
        *COVER,
        *[centre("Documento 1 de 2"), "", "", centre("El Faro"), ""],
        *[centre("3 de mayo de 2019 viernes"), "", "LONGITUD: 12 palabras", ""],
        *["SECCIÓN: Mar; Pág. 7", "", "AUTOR: Por Inés Vela", ""],
        *["TITULAR: En 2018 subió 4,5 metros, y", "nadie lo vio", ""],
        *["La marea subió. NOTA: nadie la midió, dijo el", "farero.", ""],
        *["VELA: ¿Y ahora?", "", "FARERO: Ahora, nada.", ""],
        *["GRÁFICO: El faro.", "", "La marea.", ""],
        *["ASUNTO: MAREAS (91%); FAROS (80%)", "", "ORGANIZACIÓN: El Faro", ""],
        *["FECHA-CARGA: 4 de mayo de 2019", "", "IDIOMA: SPANISH; ESPAÑOL", "", "", ""],
        *[centre("Copyright 2019 El Faro"), centre("Todos los derechos reservados"), "", "", ""],
        *[centre("Documento 2 de 2"), "", "", centre("El Faro"), "", centre("mayo 2019"), ""],
        *["Sin campos", "", "Solo texto, en dos", "renglones.", ""],
        *["Copyright es una palabra inglesa.", ""],
    )
    assert lexis_txt.recognise(Source(path))
    first, second = records_of(lexis_txt, path)
    assert (first.title, first.outlet) == ("En 2018 subió 4,5 metros, y nadie lo vio", "El Faro")
    assert (first.published, first.author) == ("3 de mayo de 2019 viernes", "Inés Vela")
    assert (first.section, first.page, first.language) == ("Mar; Pág. 7", "7", "es")
    assert first.text.split("\n\n") == [
        "La marea subió. NOTA: nadie la midió, dijo el farero.",
        "VELA: ¿Y ahora?",
        "FARERO: Ahora, nada.",
    ]
    assert first.more["GRÁFICO"] == "El faro.\nLa marea."
    assert (second.title, second.published) == ("Sin campos", "mayo 2019")
    assert second.text == "Solo texto, en dos renglones.\n\nCopyright es una palabra inglesa."


def test_articles_without_numbers_are_parted_where_outlet_and_date_stand(tmp_path):
    def one(title, text, day):
        return [
            *["", "", "", centre("Quay News"), "", centre(f"May {day}, 2002, Thursday"), ""],
            *[title, "", "LENGTH: 9 words", "", text, "", centre("May 9, 2002"), "", "After.", ""],
            *[f"LOAD-DATE: May {day + 1}, 2002", "", "", centre("Copyright 2002 Quay News"), ""],
        ]

    path = txt(
        tmp_path / "a.txt", *one("First", "One.", 2), *one("Second", "Two.", 3), newline="\n"
    )
    assert lexis_txt.recognise(Source(path))
    records = records_of(lexis_txt, path)
    assert [(r.title, r.published) for r in records] == [
        ("First", "May 2, 2002, Thursday"),
        ("Second", "May 3, 2002, Thursday"),
    ]
    assert [r.text for r in records] == [
        "One.\n\nMay 9, 2002\n\nAfter.",
        "Two.\n\nMay 9, 2002\n\nAfter.",
    ]


def test_a_line_of_a_text_that_looks_like_a_number_parts_nothing(tmp_path):
    path = txt(
        tmp_path / "a.txt",
        *COVER,
        *[centre("1 of 1 DOCUMENTS"), "", "", centre("Quay News"), "", centre("May 2, 2002"), ""],
        *[
            "Stamps",
            "",
            "LENGTH: 9 words",
            "",
            "The stamp said",
            "1 of 3 DOCUMENTS",
            "and no more.",
        ],
        *["", "LOAD-DATE: never, said the clerk.", "", "UPDATE: the form is gone.", ""],
        *["LOAD-DATE: May 3, 2002", "", "ACC-NO: 17", ""],
    )
    (record,) = records_of(lexis_txt, path)
    assert record.text.split("\n\n") == [
        "The stamp said 1 of 3 DOCUMENTS and no more.",
        "LOAD-DATE: never, said the clerk.",
        "UPDATE: the form is gone.",
    ]
    assert record.more["ACC-NO"] == "17"


def test_blanks_lost_at_the_beginnings_of_lines_lose_no_field(tmp_path):
    lines = (EXPORTS / "lexis-txt/english.txt").read_text("utf-8-sig").splitlines()
    path = txt(tmp_path / "flat.txt", *[line.strip() for line in lines])
    assert lexis_txt.recognise(Source(path))
    rows = expected_of("lexis-txt")["english.txt"]
    assert [fields_of(record) for record in records_of(lexis_txt, path)] == rows


@pytest.mark.parametrize("encoding, said", [("cp1252", 1), ("utf-16", 0), ("utf-8", 0)])
def test_encodings_are_found_and_a_guess_is_said(tmp_path, encoding, said):
    text = (EXPORTS / "lexis-txt/german.txt").read_text("utf-8-sig")
    path = txt(tmp_path / "a.txt", text, encoding=encoding, newline="\n")
    assert lexis_txt.recognise(Source(path))
    rows = expected_of("lexis-txt")["german.txt"]
    assert [fields_of(record) for record in records_of(lexis_txt, path)] == rows
    assert len(remarks_of(lexis_txt, path)) == said
    assert remarks_of(lexis_txt, path, encoding=encoding) == []


# ------------------------------------------------------------------ pages made here
def page(path, *documents, style="", encoding="cp1252"):
    parts = [
        f"<a name=x></a><!-- Hide XML section from browser\n<DOC NUMBER=1>\n<DOCFULL> -->{document}"
        "<!-- Hide XML section from browser\n</DOCFULL>\n</DOC> -->"
        for document in documents
    ]
    path.write_bytes(
        f"<html><head>{style}</head><body>{''.join(parts)}</body></html>".encode(encoding)
    )
    return path


def div(*spans, cls="l"):
    spans = "".join(f"<span class=x>{html.escape(span, quote=False)}</span>" for span in spans)
    return f"<br><div class={cls}><p>{spans}</p></div>"


STYLE = "<style><!-- .m{ text-align:center } .l{ text-align: left } --></style>"
ARTICLE = [
    div("1 of 2 DOCUMENTS", cls="m"),
    div("Copyright 2002 Quay News", cls="m"),
    div("Quay News", cls="m"),
    div("In 2001 the tide rose 4.5 ", "metres"),
    div("May", " 2, 2002", cls="m"),
    div("LENGTH: ", "9 words"),
    div("BYLINE:", " By Ada Reel"),
    "<div class=l><p><span>The caf\u00e9<br>is &#147;shut&#148;.</span></p><p><span>CREDIT: </span>"
    "<b>Quay</b> office<script>var a = 1;</script></p><table><tr><td>6:12<td>4.1 m</table>"
    "<p><span>SECTION: this line is the text's.</span></p></div>",
    div("LOAD-DATE: ", "May 3, 2002"),
]


def test_a_page_with_other_classes_an_encoding_and_tables(tmp_path):
    path = page(tmp_path / "a.html", "".join(ARTICLE), div("Not available"), style=STYLE)
    assert lexis_html.recognise(Source(path))
    (record,) = records_of(lexis_html, path)
    assert (record.title, record.outlet) == ("In 2001 the tide rose 4.5 metres", "Quay News")
    assert (record.published, record.author) == ("May 2, 2002", "Ada Reel")
    assert record.section == ""
    assert record.text.split("\n\n") == [
        "The café\nis “shut”.",
        "CREDIT: Quay office",
        "6:12",
        "4.1 m",
        "SECTION: this line is the text's.",
    ]
    first, second = remarks_of(lexis_html, path)
    assert (first.problem, second.place) == ("it is not UTF-8", 2)
    assert "Windows-1252" in first.done


def test_a_page_that_breaks_off_is_read_as_far_as_it_goes(tmp_path):
    path = page(tmp_path / "a.html", *["".join(ARTICLE)] * 2, style=STYLE, encoding="utf-8")
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex(b"<table>")])
    records, (remark,) = records_of(lexis_html, path), remarks_of(lexis_html, path)
    assert [len(record.text.split("\n\n")) for record in records] == [5, 2]
    assert (remark.place, remark.done) == (2, "read as far as it goes")


@pytest.mark.parametrize("tag", ["<div>", "<b>"])
def test_elements_within_elements_lose_no_article_in_silence(tmp_path, tag):
    documents = ["".join(ARTICLE), "".join(ARTICLE).replace("is ", tag * 50_000), "".join(ARTICLE)]
    path = page(tmp_path / "a.html", *documents, style=STYLE, encoding="utf-8")
    assert [record.place for record in records_of(lexis_html, path)] == [1, 3]
    assert [remark.place for remark in remarks_of(lexis_html, path)] == [2]


@pytest.mark.parametrize("reader", [lexis_txt, lexis_html])
@pytest.mark.parametrize(
    "data",
    [b"", b"\0" * 99, b"PK\x03\x04", b"{\\rtf1}", b"\xff" * 999, b"A text.\n\nNo export.\n"],
    ids=["empty", "zeros", "zip", "rtf", "bytes", "text"],
)
def test_what_is_no_export_is_refused(tmp_path, reader, data):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert not reader.recognise(Source(path))
    with pytest.raises(UnreadableFile, match="no article of LexisNexis"):
        records_of(reader, path)


def test_readers_leave_each_others_files(tmp_path):
    for folder in ("lexis-txt", "lexis-html", "nexis-docx", "nexis-rtf"):
        for name in expected_of(folder):
            source = Source(EXPORTS / folder / name)
            known = [r for r in (lexis_txt, lexis_html, nexis_docx) if r.recognise(source)]
            assert len(known) == (folder != "nexis-rtf"), name


def test_words_of_the_interfaces():
    dates = "May 2, 2002, Thursday,, FINAL EDITION|Thursday, May 2, 2002|02.05.2002|2002-05-02"
    assert all(map(is_date, dates.split("|")))
    assert all(map(is_date, "mei 2002|1er mars 1999|2 maggio 2002|May 2 - 3, 2002".split("|")))
    none = "In 2000 um 4,5|Mayor 2002|The Sunday Post|12 of 2002|May the tide rise|LENGTH: 9"
    assert not any(map(is_date, none.split("|")))
    assert author_of("Von Ada Reel") == author_of("By Ada Reel") == "Ada Reel"
    assert author_of("Von der Heide, Jo") == "Von der Heide, Jo"
    assert page_of("Section A; Column 2; Pg. A1, A12-13") == "A1, A12-13"
