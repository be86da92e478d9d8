"""Words of Nexis and LexisNexis in the languages of their interfaces: labels, dates, authors."""

from __future__ import annotations

import re

from analysis.io.languages import language_code

_LABELS = {
    "title": "headline title titre titel kop überschrift título titolo titular manchete",
    "author": "byline author autor autoren auteur auteurs verfasser autore autores",
    "section": "section rubrik rubrique rubriek sectie ressort sección sezione seção seccion",
    "length": "length länge laenge longueur lengte longitud extensión lunghezza comprimento",
    "dateline": "dateline ort lieu plaats lugar luogo local",
    "highlight": "highlight résumé zusammenfassung samenvatting resumen riassunto resumo",
    "series": "series serie série correction-date correction distribution edition",
    "graphic": "graphic grafik graphique illustration illustrations grafiek gráfico grafico",
    "load": "load-date update ladedatum date-chargement date_de_chargement laaddatum fecha-carga "
    "fecha_de_carga data-caricamento data_di_caricamento data-carregamento data_de_carregamento",
    "language": "language sprache langue taal idioma lingua língua",
    "type": "publication-type type-publication type_de_publication pub-type publikationstyp "
    "publicatietype tipo-publicación tipo_de_publicación tipo-pubblicazione doc-type document-type "
    "dokumenttyp type-document journal-code publication-code acc-no issn url copyright notes",
    "index": "subject person people company organization organisation industry geographic country "
    "state city ticker name category thema firma unternehmen branche ort-index sujet société "
    "secteur onderwerp bedrijf asunto tema empresa soggetto assunto",
    "body": "body textkörper text corps corps_de_l'article hauptteil tekst cuerpo corpo",
    "end": "end_of_document ende_des_dokuments dokumentende fin_du_document einde_van_document "
    "einde_van_het_document fin_del_documento fine_del_documento fim_do_documento",
}
_KINDS: dict[str, str] = {}
for _kind, _words in _LABELS.items():
    for _word in _words.split():
        _KINDS.setdefault(_word.replace("_", " "), _kind)
# Kinds of labels that stand before the text of an old export, and behind it.
BEFORE_TEXT = frozenset("title author section length dateline highlight series".split())
AFTER_TEXT = frozenset("graphic load language type index series".split())

_MONTHS = (
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "januar jänner februar märz mai juni juli oktober dezember "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre "
    "januari februari maart mei augustus "
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre "
    "diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro "
    "spring summer autumn fall winter"
)
_MONTH = rf"(?:{'|'.join(sorted(set(_MONTHS.split()), key=len, reverse=True))})\b\.?"
_YEAR = r"(?:1[6-9]|20)\d\d\b"
_DAY = r"\d{1,2}(?:\.|st|nd|rd|th|er|º)?"
_DATE = re.compile(
    rf"(?:[^\W\d]+\.?,?\s+)?(?:"  # a weekday
    rf"(?:{_DAY}\s+(?:de\s+)?)?{_MONTH},?\s+(?:de\s+)?(?:{_DAY}\s*(?:[-–/]\s*{_DAY})?,?\s+)?{_YEAR}"
    rf"|{_MONTH}\s*[-–/]\s*{_MONTH},?\s+{_YEAR}"
    rf"|\d{{4}}-\d\d-\d\d|\d{{1,2}}[./]\s?\d{{1,2}}[./]\s?{_YEAR}|\d{{4}}年\s?\d{{1,2}}月)",
    re.IGNORECASE,
)
_LONGEST_DATE = 120  # characters, with time, zone and edition

_BY = re.compile(r"(?:by|von|par|door|por)\s+(?!(?:der|den|dem|zu)\s)(?=\S)", re.IGNORECASE)
_PAGE = re.compile(
    r"\b(?:Pg\.|Pag\.|Pág\.|Blz\.|S\.|p\.|Seite|Page|Pagina|Página)\s*"
    r"([A-Z]{0,3}\d+(?:\s*[-–,&]\s*[A-Z]{0,3}\d+)*)"
)


def one_line(text: str) -> str:
    """A text with each run of white space as one blank and none at its ends."""
    return " ".join(text.split())


def kind_of(label: str) -> str:
    """What a label names, in any of the interfaces' languages; empty if it is none of them.

    Examples
    --------
    >>> kind_of("BYLINE"), kind_of("Länge"), kind_of("CREDIT")
    ('author', 'length', '')
    """
    return _KINDS.get(one_line(label).lower(), "")


def is_date(line: str) -> bool:
    """Whether a line begins with a date of a day, a month or a season, and holds little else.

    Examples
    --------
    >>> is_date("September 5, 2023 Tuesday 10:15 PM GMT+1"), is_date("8 septembre 2023 vendredi")
    (True, True)
    >>> is_date("Kran in 2023 um 6,5 Millionen überwacht")
    False
    """
    line = one_line(line)
    return len(line) <= _LONGEST_DATE and _DATE.match(line) is not None


def is_copyright(line: str) -> bool:
    """Whether a line says whose the copyright is."""
    return one_line(line).lower().startswith(("copyright", "©", "(c) ", "all rights reserved"))


def language_of(given: str) -> str:
    """The code of a language that an export names, often twice; empty if it is not known.

    Examples
    --------
    >>> language_of("GERMAN; DEUTSCH"), language_of("Dutch / Nederlands"), language_of("Elvish")
    ('de', 'nl', '')
    """
    names = re.findall(r"[^\W\d_]{3,}", given)
    return next((code for name in names if (code := language_code(name))), "")


def author_of(byline: str) -> str:
    """A byline without the word that leads it.

    Examples
    --------
    >>> author_of("By Ada Reel"), author_of("von der Heide, Jo"), author_of("posted by marl")
    ('Ada Reel', 'von der Heide, Jo', 'posted by marl')
    """
    return (
        _BY.sub("", one_line(byline), count=1) if _BY.match(one_line(byline)) else one_line(byline)
    )


def page_of(section: str) -> str:
    """The page that a section names; empty if it names none.

    Examples
    --------
    >>> page_of("NEWS; Pg. 4, 5"), page_of("Wirtschaft; S. 11"), page_of("World; politics")
    ('4, 5', '11', '')
    """
    found = _PAGE.search(section)
    return found[1] if found else ""
