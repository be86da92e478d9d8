"""Europresse's pages: invented variants of both generations."""

import html

import pytest

from analysis.io.formats import europresse_html, recognise
from analysis.io.formats.source import Settings, Source, UnreadableFile
from tests.io.formats.gold import records_of, remarks_of

NUMBER = "news·20240302·FN·31"


def first(*paragraphs, header=("Cité, ", "samedi ", "2 mars 2024", ", p. 7"), author="Zoé Ferrand",
          outlet="Le Fanal, no. 512", title="Le pont ferme", number=NUMBER, notes="",
          wrap="<p></p>{}"):  # fmt: skip
    spans = "".join(f'<span class="DocHeader">{part}</span>' for part in header)
    text = "".join(wrap.format(paragraph) for paragraph in paragraphs)
    end = "<p></p><b><i>© 2024 Le Fanal.</i></b>"
    end += f"<p></p>Numéro de document : {number}" if number else ""
    certificate = f"<tr><td>{number.replace('0302', '0303')}</td></tr><tr><td>Certificat</td></tr>"
    return (
        f'<table><tr><td><span class="DocPublicationName">{outlet}</span><br>{spans}<br><br>'
        f'<span class="TitreArticleVisu">{title}</span><br><br>{author}<br>{text}{notes}{end}<br>'
        f"{f'<table>{certificate}</table>' if number else ''}</td></tr></table><p><br><br>"
    )


def second(*paragraphs, header="Cité, samedi 2 mars 2024, p. 7", outlet="Le Fanal, no. 512   ",
           title="Le pont ferme", author="<div>Zoé Ferrand</div>", kicker="", body="", aside="",
           number=NUMBER):  # fmt: skip
    body = body or "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<article><header><div><span class="DocPublicationName">{outlet}</span></div><div>'
        f'<span class="DocHeader">{header}</span></div>{kicker}<div class="titreArticle">'
        f'<p class="sm-margin-TopNews titreArticleVisu rdp__articletitle">{title}</p></div>{author}'
        f'</header><section><div class="DocText clearfix"><div class="docOcurrContainer">{body}'
        f"</div></div></section><aside>{aside}</aside><footer><small>© 2024 Le Fanal.</small>"
        f'<p>Numéro de document : {number}</p><div id="divPubliC"><span id="PubliC_lblNodoc">'
        f"{number.replace('0302', '0303')}</span></div></footer></article>"
    )


GENERATIONS = pytest.mark.parametrize("one", [first, second])


@pytest.fixture
def made(tmp_path):
    def write(*articles, says="utf-8", encoding="utf-8"):
        path = tmp_path / "europresse.html"
        head = f'<html><head><meta charset="{says}"></head><body>'
        path.write_bytes(f"{head}{''.join(articles)}</body></html>".encode(encoding))
        return path

    return write


def read_one(path):
    (record,) = records_of(europresse_html, path)
    return record


@GENERATIONS
def test_all_fields(made, one):
    path = made(one("Il ferme.", "Il <b>rouvrira</b>."))
    assert recognise(Source(path)) == "europresse_html"
    record = read_one(path)
    assert (record.title, record.outlet, record.author) == (
        "Le pont ferme",
        "Le Fanal",
        "Zoé Ferrand",
    )
    assert (record.section, record.published, record.page) == ("Cité", "samedi 2 mars 2024", "7")
    assert (record.source_id, record.language) == (NUMBER, "")
    assert record.text == "Il ferme.\n\nIl rouvrira."
    assert record.more["issue"] == "512" and record.more["copyright"] == "© 2024 Le Fanal."


@GENERATIONS
def test_without_an_author_or_a_number_nothing_else_takes_their_place(made, one):
    record = read_one(made(one("Il ferme.", author="", number="")))
    assert (record.author, record.source_id) == ("", "")
    assert record.text.startswith("Il ferme.")


@GENERATIONS
def test_a_text_keeps_what_looks_like_its_end(made, one):
    given = ["© Zoé Ferrand, dit la photo.", "Illustration(s) : aucune, dit le formulaire.",
             f"Numéro de document : {NUMBER} est un numéro.", "Certificat pour une bibliothèque.",
             "Fin."]  # fmt: skip
    assert read_one(made(one(*given))).text.split("\n\n") == given


@GENERATIONS
@pytest.mark.parametrize(
    "outlet, name",
    [("Ledger, Tide & Co.", "Ledger, Tide & Co."), ("Le Fanal, n° 7", "Le Fanal"),
     ("Le Fanal (site web)", "Le Fanal (site web)"), ("20 Minutes", "20 Minutes")],
)  # fmt: skip
def test_only_the_number_of_an_issue_is_cut_off(made, one, outlet, name):
    assert read_one(made(one("Il ferme.", outlet=html.escape(outlet)))).outlet == name


@pytest.mark.parametrize(
    "header, section, published, page",
    [
        ("Cité, Friday, March 1, 2024, p. A3", "Cité", "Friday, March 1, 2024", "A3"),
        ("Sports, March 1, 2024", "Sports", "March 1, 2024", ""),
        ("Cahier du 5 mai 2020, samedi 2 mars 2024, p. 3, 4", "Cahier du 5 mai 2020",
         "samedi 2 mars 2024", "3, 4"),
        ("samedi 2 mars 2024 15:05 UTC +0100", "", "samedi 2 mars 2024 15:05 UTC +0100", ""),
        ("Monde 2024, p. 12", "Monde 2024", "", "12"),
    ],
)  # fmt: skip
def test_headers(made, header, section, published, page):
    record = read_one(made(second("Il ferme.", header=header)))
    assert (record.section, record.published, record.page) == (section, published, page)


def test_a_body_escaped_twice_and_one_that_speaks_of_tags(made):
    twice = html.escape("<p>Il &lt;ferme&gt;.</p> <p>Il <mark>rouvrira</mark>.</p>", quote=False)
    path = made(second(body=twice), second(html.escape("On écrit <p> puis </p>.")))
    texts = [record.text for record in records_of(europresse_html, path)]
    assert texts == ["Il <ferme>.\n\nIl rouvrira.", "On écrit <p> puis </p>."]


def test_what_stands_beside_a_text_is_kept_apart(made):
    aside = "<div><p><b>Illustration(s) : </b></p><div><p>La grue.</p></div></div><b>Note(s) : </b>"
    kicker = "<div><p>CITÉ</p></div>"
    subtitle = '<p class="rdp__subtitle">Personne n’avait lu</p><div class="docAuthors">Z. F.</div>'
    record = read_one(made(second("Il ferme.", aside=aside, kicker=kicker, author=subtitle)))
    assert record.text == "Il ferme."
    assert record.more["Illustration(s)"] == "La grue."
    assert (record.more["subtitle"], record.author) == ("Personne n’avait lu", "Z. F.")
    assert "kicker" not in record.more


def test_notes_below_a_text_of_the_first_generation(made):
    notes = "<p></p><b>Catégorie : </b>Ports<p></p><b>Taille : </b>Court, 9 mots"
    record = read_one(made(first("Il ferme.", notes=notes)))
    assert (record.text, record.more["Catégorie"]) == ("Il ferme.", "Ports")


def test_paragraphs_as_elements_or_as_line_breaks(made):
    assert read_one(made(first("Un.", "Deux.", wrap="<p>{}</p>"))).text == "Un.\n\nDeux."
    record = read_one(made(first("Un.", "Deux.", wrap="<br>{}", author="")))
    assert record.text == "Un.\n\nDeux."


def test_an_older_page_with_lines_above_a_title_or_no_title(made):
    above = first("Il ferme.").replace('<span class="TitreA', '<p>CITÉ</p><span class="TitreA')
    record = read_one(made(above))
    assert (record.text, record.author) == ("Il ferme.", "Zoé Ferrand")
    assert record.more["kicker"] == "CITÉ"
    untitled = first("Il ferme.", author="").replace("TitreArticleVisu", "autre")
    assert read_one(made(untitled)).text == "Le pont ferme\n\nIl ferme."


@GENERATIONS
@pytest.mark.parametrize("n", [3, 400])
def test_articles_whose_tags_are_never_closed_are_all_read(made, one, n):
    pieces = [one(f"Texte {i}.", number=NUMBER + str(i)) for i in range(n)]
    unclosed = [
        piece.replace("</td></tr></table>", "").replace("</article>", "") for piece in pieces
    ]
    records = records_of(europresse_html, made(*unclosed))
    assert [record.text for record in records] == [f"Texte {i}." for i in range(n)]
    assert records[-1].source_id == f"{NUMBER}{n - 1}"


@GENERATIONS
def test_charsets_are_checked_against_the_bytes(made, one):
    text = "Tesmère, n° 4 : « été »"
    for says, encoding in (("ISO-8859-1", "utf-8"), ("ISO-8859-1", "latin-1"), ("utf-8", "cp1252")):
        path = made(one(text), says=says, encoding=encoding)
        assert read_one(path).text == text
        assert bool(remarks_of(europresse_html, path)) == (
            (says, encoding) != ("ISO-8859-1", "latin-1")
        )


def test_a_page_without_an_article_is_refused(made):
    with pytest.raises(UnreadableFile, match="without an article"):
        list(europresse_html.read(Source(made("<p>Rien</p>")), Settings()))


@GENERATIONS
def test_pages_one_after_another_in_a_file_are_all_read(made, one):
    page = made(one("Un."), one("Deux.")).read_text(encoding="utf-8")
    records = records_of(europresse_html, made(page * 3))
    assert [record.text for record in records] == ["Un.", "Deux."] * 3
