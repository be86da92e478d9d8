"""Factiva's pages and RTF files: invented variants of each, and damage."""

import random

import pytest

from analysis.io.formats import europresse_html, factiva_html, factiva_rtf, nexis_rtf, recognise
from analysis.io.formats.factiva import record_of
from analysis.io.formats.source import Settings, Source, UnreadableFile
from tests.io.formats.gold import EXPORTS, records_of, remarks_of

NUMBER = "PORTBL0020240229ek2t00001"


def head(*lines):
    return "".join(f"<div>{line}</div>" for line in lines)


def article(lines, *paragraphs, code="pt", title="A ponte fechou", number=NUMBER, before=(), by=""):
    author = f'<div class="author">{by}</div>' if by else ""
    body = "".join(
        f'<p class="articleParagraph {code}articleParagraph">{p}</p>' for p in paragraphs
    )
    return (
        f'<div id="article-{number}" class="article"><div class="article {code}Article"><p>'
        f"{head(*before)}<div id='hd'><span class='{code}Headline'>{title}</span></div>{author}"
        f"{head(*lines)}</p>{body}<p>Porto Digital</p><p>Documento {number}</p></div></div><br/>"
    )


def page(*articles, says="UTF-8"):
    return (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={says}"/>'
        f"<title>Factiva</title></head><body><form>{''.join(articles)}"
        '<table id="oddEvenPreview" class="searchPreview"><tr><td>Resumo da busca</td></tr></table>'
        '</form><div id="pageFooter">© 2024</div></body></html>'
    )


LINES = ("12 palavras", "29 fevereiro 2024", "Porto Jornal", "PORTBL", "Português", "© Porto")


@pytest.fixture
def made(tmp_path):
    def write(content, name="page.html"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read_one(path):
    (record,) = records_of(factiva_html, path)
    return record


def test_a_page_in_an_interface_that_no_list_knows(made):
    lines = ("1.204 слов", "5 сентября 2023", "21:40", "Портовый вестник", "PORTV", "A7", "русский",
             "© 2023")  # fmt: skip
    record = read_one(made(page(article(lines, "Кран упал.", code="ru", number="PORTV0002023"
                                        "0905ej9500a01", before=["Город"]))))  # fmt: skip
    assert (record.outlet, record.published) == ("Портовый вестник", "5 сентября 2023")
    assert (record.section, record.page, record.language) == ("Город", "A7", "ru")
    assert record.more["time"] == "21:40" and record.text == "Кран упал."


@pytest.mark.parametrize("left_out", ["© Porto", "Português", "PORTBL", "12 palavras"])
def test_a_line_that_is_missing_moves_no_other(made, left_out):
    lines = [line for line in LINES if line != left_out]
    record = read_one(made(page(article(lines, "O rio subiu.", by="Rui Mota"))))
    assert (record.title, record.outlet, record.author) == (
        "A ponte fechou",
        "Porto Jornal",
        "Rui Mota",
    )
    assert (record.published, record.section, record.language) == ("29 fevereiro 2024", "", "pt")


def test_without_a_date_none_is_guessed(made):
    lines = [line for line in LINES if "fevereiro" not in line]
    record = read_one(
        made(page(article(lines, "Em 2019 já se sabia.", title="2023: o ano da ponte")))
    )
    assert (record.published, record.outlet) == ("", "Porto Jornal")
    assert record.title == "2023: o ano da ponte"


def test_a_credit_is_no_author_and_a_line_above_the_words_may_be_one(made):
    credited = read_one(
        made(page(article(("Especial para o arquivo", *LINES), "T.", by="Rui Mota")))
    )
    assert (credited.author, credited.more["credit"]) == ("Rui Mota", "Especial para o arquivo")
    assert read_one(made(page(article(("Por Rui Mota", *LINES), "T.")))).author == "Por Rui Mota"
    assert read_one(made(page(article(("Redação", *LINES), "T.")))).author == ""


def test_a_text_keeps_what_looks_like_fields_and_what_stands_between_paragraphs(made):
    given = [
        "29 fevereiro 2024",
        "12 palavras",
        "primeira<br>segunda",
        f"Documento {NUMBER}",
        "© P",
    ]
    between = "<p>Solto.</p><p class='articleParagraph'>© P"
    content = page(article(LINES, *given)).replace(
        '<p class="articleParagraph ptarticleParagraph">© P', between
    )
    record = read_one(made(content))
    assert record.text.split("\n\n") == [
        *("29 fevereiro 2024", "12 palavras", "primeira", "segunda", f"Documento {NUMBER}"),
        *("Solto.", "© P"),
    ]  # fmt: skip
    assert record.more["publisher"] == "Porto Digital"


def test_only_a_counted_headline_loses_its_number(made):
    counted = page(article(LINES, "T.", title="7) 3) pontes")).replace(
        "ptHeadline", "ptHeadline counted"
    )
    assert read_one(made(counted)).title == "3) pontes"
    assert read_one(made(page(article(LINES, "T.", title="7) pontes")))).title == "7) pontes"


@pytest.mark.parametrize("n", [2, 400])
def test_articles_whose_tags_are_never_closed_are_all_read(made, n):
    pieces = [article(LINES, f"Texto {i}.", number=f"PORTBL0020240229ek2t{i:05}") for i in range(n)]
    path = made(page(*(piece.replace("</div></div><br/>", "") for piece in pieces)))
    records = records_of(factiva_html, path)
    assert [record.text for record in records] == [f"Texto {i}." for i in range(n)]
    assert records[-1].source_id == f"PORTBL0020240229ek2t{n - 1:05}"


def test_scripts_comments_and_entities_are_no_text(made):
    hostile = (
        "<script>document.write('<div class=\"article ptArticle\">')</script>O rio<!-- não -->"
        "<style>p{}</style> &file; &eacute;&#146; subiu."
    )
    doctype = '<!DOCTYPE html [<!ENTITY file SYSTEM "file:///etc/hostname">]>'
    record = read_one(made(doctype + page(article(LINES, hostile))))
    assert record.text == "O rio &file; é’ subiu."


def test_an_article_nested_too_deeply_is_told_and_the_others_are_read(made):
    deep = "<span>" * 5000 + "fundo"
    path = made(page(article(LINES, "Um."), article(LINES, deep), article(LINES, "Três.")))
    texts = [record.text for record in records_of(factiva_html, path)]
    assert (texts[0], texts[2]) == ("Um.", "Três.")
    assert "1 of 3 articles are damaged" in remarks_of(factiva_html, path)[0].problem


def test_charsets_are_checked_against_the_bytes(made):
    content = page(article(LINES, "Não há água — disse."), says="ISO-8859-1")
    assert read_one(made(content)).text == "Não há água — disse."
    assert remarks_of(factiva_html, made(content))[0].done == "read as UTF-8"
    windows = content.encode("cp1252")
    assert read_one(made(windows)).text == "Não há água — disse."
    assert remarks_of(factiva_html, made(windows)) == []
    greek = page(article(LINES, "Ο γερανός έπεσε."), says="windows-1253").encode(
        "cp1253", "replace"
    )
    assert read_one(made(greek)).text == "Ο γερανός έπεσε."
    chinese = page(article(LINES, "起重机倒塌了。", code="zhcn"), says="gb2312").encode("gb18030")
    assert (read_one(made(chinese)).text, read_one(made(chinese)).language) == (
        "起重机倒塌了。",
        "zh",
    )


def test_a_page_without_an_article_is_refused(made):
    path = made(page())
    assert recognise(Source(path)) == "factiva_html"
    with pytest.raises(UnreadableFile, match="without an article"):
        list(factiva_html.read(Source(path), Settings()))


def test_an_article_without_a_text_is_a_record(made):
    record = read_one(made(page(article(LINES))))
    assert (record.text, record.title, record.source_id) == ("", "A ponte fechou", NUMBER)


# ------------------------------------------------------------------------------ RTF
FIELDS = {"HD": "Le pont ferme", "BY": "Par Zoé Ferrand", "PD": "2 mars 2024", "SN": "Le Fanal",
          "SC": "FANAL", "LA": "Français", "LP": "Le pont ferme.", "TD": "Il rouvrira.",
          "PUB": "Le Fanal SA", "AN": "Document FANAL00020240302ek3200001"}  # fmt: skip


def rtf(*articles, bold=True, value=r"\tab {}\par", end="}"):
    label = r"{{\b {}}}" if bold else "{}"
    text = ""
    for fields in articles:
        for code, given in fields.items():
            given = given.encode("ascii", "backslashreplace").decode().replace("\\x", "\\'")
            between = (
                r"\par" + "\n" + given + r"\par" if code in ("LP", "TD") else value.format(given)
            )
            text += r"\pard " + label.format(code) + between + "\n"
        text += "\\page\n"
    search = r"{\b Search Summary}\par Text\tab pont\par "
    return r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}" + text + search + end


@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize("value", [r"\tab {}\par", r"\par {}\par", r"\cell {}\cell\row"])
def test_codes_in_rows_lines_or_cells(made, bold, value):
    path = made(rtf(FIELDS, FIELDS | {"HD": "Deux"}, bold=bold, value=value), "a.rtf")
    assert recognise(Source(path)) == "factiva_rtf"
    first, second = records_of(factiva_rtf, path)
    assert (first.title, first.outlet, first.author) == (
        "Le pont ferme",
        "Le Fanal",
        "Par Zoé Ferrand",
    )
    assert (first.text, first.language) == ("Le pont ferme.\n\nIl rouvrira.", "fr")
    assert first.source_id == "FANAL00020240302ek3200001"
    assert (second.title, second.place) == ("Deux", 2)


@pytest.mark.parametrize("missing", ["AN", "BY", "PUB", "LA", "LP"])
def test_articles_are_told_apart_without_a_field(made, missing):
    fields = {code: given for code, given in FIELDS.items() if code != missing}
    records = records_of(factiva_rtf, made(rtf(fields, fields, fields), "a.rtf"))
    assert [record.title for record in records] == ["Le pont ferme"] * 3
    text = "Il rouvrira." if missing == "LP" else "Le pont ferme.\n\nIl rouvrira."
    assert [record.text for record in records] == [text] * 3


def test_a_text_keeps_lines_that_look_like_codes(made):
    text = r"TD\par NS\tab gcat\par HD\par AN\tab rien"
    (record,) = records_of(factiva_rtf, made(rtf(FIELDS | {"TD": text}), "a.rtf"))
    assert record.text.split("\n\n")[1:] == ["TD", "NS gcat", "HD", "AN rien"]


def test_a_brace_too_many_ends_nothing(made):
    broken = rtf(FIELDS | {"TD": "Il }} rouvrira."}, FIELDS)
    assert len(records_of(factiva_rtf, made(broken, "a.rtf"))) == 2


def test_pictures_and_signs_beyond_any_alphabet(made):
    picture = r"{\pict\pngblip " + "89504e47" * 50_000 + "}"
    path = made(rtf(FIELDS | {"TD": picture + r"\u99999999 ?Fin \u55357?\u56834?."}), "a.rtf")
    assert records_of(factiva_rtf, path)[0].text.endswith("Fin 😂.")


def test_a_file_that_is_cut_is_read_and_told(made):
    whole = rtf(FIELDS, FIELDS)
    path = made(whole[: whole.rindex("rouvrira")], "a.rtf")
    texts = [record.text for record in records_of(factiva_rtf, path)]
    assert texts == ["Le pont ferme.\n\nIl rouvrira.", "Le pont ferme.\n\nIl"]
    assert remarks_of(factiva_rtf, path)[0].problem == "the file ends within an article"


def test_an_rtf_without_codes_is_refused_with_advice(made):
    plain = r"{\rtf1 Le pont ferme\par 120 mots\par Document FANAL00020240302ek3200001\par }"
    path = made(plain, "a.rtf")
    assert recognise(Source(path)) == "factiva_rtf"
    with pytest.raises(UnreadableFile, match="Full Article/Report plus Indexing"):
        list(factiva_rtf.read(Source(path), Settings()))


def test_the_export_is_none_of_nexis():
    (path,) = (EXPORTS / "factiva-rtf").glob("*.rtf")
    assert recognise(Source(path)) == "factiva_rtf"
    assert not nexis_rtf.recognise(Source(path))


FILES = sorted(
    path
    for folder in ("factiva-html", "factiva-rtf", "europresse-html")
    for path in (EXPORTS / folder).iterdir()
    if path.suffix in (".html", ".rtf")
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_damage_is_an_error_that_says_so_or_a_reading(path, made):
    rng = random.Random(path.name)
    data = path.read_bytes()
    readers = {"factiva-html": factiva_html, "factiva-rtf": factiva_rtf}
    reader = readers.get(path.parent.name, europresse_html)
    damaged = [b"", b"\0" * 100, data[: len(data) // 3], data[len(data) // 2 :]]
    for _ in range(6):
        changed = bytearray(data)
        for _ in range(30):
            changed[rng.randrange(len(data))] = rng.randrange(256)
        damaged.append(bytes(changed))
    for content in damaged:
        source = Source(made(content, f"a{path.suffix}"))
        reader.recognise(source)
        try:
            list(reader.read(source, Settings()))
        except UnreadableFile as error:
            assert str(error).endswith(".")


def test_the_number_that_an_export_says_otherwise_comes_before_the_fields():
    fields = {"AN": ["Document FANAL00020240302ek3200001"], "TD": ["It shut."]}
    assert record_of(fields, 1).source_id == "FANAL00020240302ek3200001"
    assert record_of(fields, 1, number="PORTO00020240302ek3200002").source_id[:5] == "PORTO"
