"""The lines above an article: outlet, date, page, byline, told from its text."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

# First letters of the months in English, German, French, Dutch, Spanish, Italian and Portuguese.
_MONTHS = (
    "jan fév fev feb mar mär mrt maa mai may mei mag abr apr avr jun jui giu jul lug aug aoû aou "
    "ago sep set oct okt oto ott out nov dec dez déc dic ene gen"
).split()
_MONTH = rf"(?:{'|'.join(_MONTHS)})[^\W\d_]*\.?"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:19|20)\d\d"
DATE = (
    rf"(?:{_YEAR}[-./]\d\d?[-./]\d\d?|{_DAY}[./-]\d\d?[./-]{_YEAR}|{_YEAR}(?:0\d|1[0-2]){_DAY}"
    rf"|{_DAY}(?:\.|st|nd|rd|th|er|º|°)?\s*(?:de\s+)?{_MONTH},?\s*(?:de\s+)?{_YEAR}"
    rf"|{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?,?\s*{_YEAR})"
)
A_DATE = re.compile(rf"(?<!\w){DATE}(?!\w)", re.IGNORECASE)
_WEEKDAYS = (
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri "
    "sat sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr "
    "sa so lundi mardi mercredi jeudi vendredi samedi dimanche maandag dinsdag woensdag donderdag "
    "vrijdag zaterdag zondag lunes martes miércoles jueves viernes sábado domingo lunedì martedì "
    "mercoledì giovedì venerdì sabato domenica segunda-feira terça-feira quarta-feira "
    "quinta-feira sexta-feira"
)
_WEEKDAY = re.compile(rf"(?:{'|'.join(_WEEKDAYS.split())})\.?", re.IGNORECASE)
_PAGE = re.compile(
    r"(?<!\w)(?:pages?|pg|pp?|seiten?|s|páginas?|página|pagina|pág|blz|bladzijde)"
    r"[.:]?\s*([A-Z]{0,2}\d{1,4}[A-Z]?(?:[-–]\d{1,4})?)(?!\w)",
    re.IGNORECASE,
)
_REVIEW = re.compile(
    r"press ?review|press ?cuttings?|presse(?:spiegel|schau)|revue de presse|rassegna stampa"
    r"|knipselkrant|(?:resumen|revista) de prensa|clipping service",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:by|von|par|por|door|text|author|autore?|auteur)(?::\s*|\s+)", re.IGNORECASE)
_NAME = r"[^\W\d_a-zß-öø-ÿ](?:[^\W\d_]*\.|[^\W\d_][\w’'.-]*)"
_NAMES = re.compile(
    rf"{_NAME}(?:\s+(?:(?:de|van|von|der|den|la|le|du|di|da|dos|al|bin|ten|ter|zu)\s+)*"
    rf"{_NAME}){{1,3}}"
)
_ROLE = r"(?:,\s*[^\W\d_A-Z][\w\s’'-]{2,40}|,\s*(?:in\s+)?[^\W\d_][\w\s&’'-]{2,30})?"
_PEOPLE = re.compile(
    rf"{_NAMES.pattern}(?:(?:\s*,\s*|\s+(?:and|und|et|en|y|e|&)\s+){_NAMES.pattern})*{_ROLE}"
)
_LONGEST = 160  # characters of a line that may be a head
_LABELS = {
    "title": "title headline titel überschrift titre titolo título kop",
    "outlet": "source outlet newspaper publication quelle zeitung medium journal bron krant "
    "fuente fonte",
    "published": "date published datum veröffentlicht publié fecha data",
    "author": "author byline autor autorin auteur autore verfasser",
    "section": "section ressort rubrik rubrique rubriek sección sezione",
    "page": "page seite pagina página",
    "url": "url link",
}
_LABEL = {word: name for name, words in _LABELS.items() for word in words.split()}


def plain_date(text: str, day_first: bool | None = None) -> str:
    """A date as ISO 8601 where its form leaves no doubt, else as it stands.

    Parameters
    ----------
    text : str
    day_first : bool, optional
        Dates with dots begin with the day everywhere, so only False leaves them as they stand.

    Examples
    --------
    >>> plain_date("20230907"), plain_date("07.09.2023"), plain_date("7/9/2023")
    ('2023-09-07', '2023-09-07', '7/9/2023')
    """
    text = text.strip()
    found = re.fullmatch(r"(\d{4})([-._/ ]?)(\d\d?)\2(\d\d?)", text)
    parts = found.group(1, 3, 4) if found else None
    if found and not found[2] and len(text) != 8:
        parts = None
    dotted = re.fullmatch(r"(\d\d?)\.\s?(\d\d?)\.\s?(\d{4})", text)
    if dotted and day_first is not False:
        parts = dotted.group(3, 2, 1)
    try:
        return str(datetime.date(*map(int, parts))) if parts else text
    except ValueError:
        return text


def is_whole_date(text: str) -> bool:
    """Whether a text is a date with a day, and nothing else."""
    found = A_DATE.fullmatch(text.strip())
    # eight digits or three numbers may be anything, but for a day that there is
    return bool(found) and (not text.strip().isdigit() or plain_date(text) != text.strip())


def dateline(line: str, day_first: bool | None = None) -> dict[str, str]:
    """Outlet, date, section and page of a line such as "The Meridian, 7 September 2023, page A1".

    Parameters
    ----------
    line : str
    day_first : bool, optional
        As of `plain_date`.

    Returns
    -------
    dict of str to str
        Empty if the line is none.

    Examples
    --------
    >>> dateline("Saltside Weekly   08.09.2023   Seite 3")
    {'published': '2023-09-08', 'page': '3', 'outlet': 'Saltside Weekly'}
    >>> dateline("At 7 a.m. on 4 September 2023 the crane fell.")
    {}
    """
    if len(line) > _LONGEST:
        return {}
    blocks = [block for block in re.split(r"\s+[·•|—–]\s+|[·•|]", line) if block.strip()]
    dated = [block for block in blocks if A_DATE.search(block)]
    if not dated:
        return {}
    own = [block for block in dated if not _REVIEW.search(block)]
    if len(blocks) > 1 and own:
        blocks = [block for block in blocks if not _REVIEW.search(block)]
    line = ", ".join(blocks)
    found = A_DATE.search(line)
    if found is None or not is_whole_date(found[0]):
        return {}
    fields = {"published": plain_date(found[0], day_first)}
    rest = f"{line[: found.start()]}   {line[found.end() :]}"
    page = _PAGE.search(rest)
    if page:
        fields["page"] = page[1]
        rest = f"{rest[: page.start()]}   {rest[page.end() :]}"
    parts = [part.strip(" \t\u00a0,;.:-–—()") for part in re.split(r"\s{3,}|[,;]", rest)]
    parts = [part for part in parts if part and not _WEEKDAY.fullmatch(part)]
    if any(len(part.split()) > 8 for part in parts) or len(parts) > 4 or _is_sentence(line):
        return {}
    if parts and re.search(r"[^\W\d_]", parts[0]):
        fields["outlet"] = parts[0]
        if len(parts) > 1:
            fields["section"] = ", ".join(parts[1:])
    return fields


def _is_sentence(line: str) -> bool:
    """Whether a line with a date reads on, so that it belongs to a text."""
    words = re.findall(r"[^\W\d_]+", A_DATE.sub("", line))
    small = sum(word.islower() for word in words)
    return (line.rstrip().endswith((".", "!", "?", "”", '"')) and small > 2) or small > 5


def byline(line: str) -> str:
    """The authors that a line names, without "By"; empty if it is no byline.

    Examples
    --------
    >>> byline("By Wren Catlow"), byline("Isolde Ferrant-Blythe, chief reporter")
    ('Wren Catlow', 'Isolde Ferrant-Blythe, chief reporter')
    >>> byline("By dusk there were seven pairs of boots on the steps."), byline("Four days on")
    ('', '')
    """
    line = line.strip()
    if not 3 < len(line) <= 120 or line.endswith((".", "!", "?", ":", "…")):
        return ""
    told = _BY.match(line)
    rest = line[told.end() :].strip() if told else line
    if told and re.match(r"[^\W\d_a-zß-öø-ÿ]", rest) and not re.search(r"\d", rest):
        return rest if len(rest.split()) <= 14 else ""
    return "" if told or line.isupper() or not _PEOPLE.fullmatch(line) else line


@dataclass
class Head:
    """What stands above a text, and how many lines it takes."""

    fields: dict[str, str] = field(default_factory=dict)
    size: int = 0


def read_head(
    lines: list[str], day_first: bool | None = None, sure: bool = False, most: int = 8
) -> Head:
    """Fields told by the first lines of a text, up to its first paragraph.

    Parameters
    ----------
    lines : list of str
        Those after the headline.
    day_first : bool, optional
    sure : bool
        Whether a line above the headline is of a head; a bare name is a byline only beside one.
    most : int
        Lines at most.

    Returns
    -------
    Head
    """
    head = Head()
    for at, line in enumerate(lines[:most]):
        given = _labelled(line, day_first) or dateline(line, day_first)
        named = lines[at + 1].strip() if at + 1 < len(lines) else ""
        if not given and "outlet" not in head.fields and len(line) < 60 and is_whole_date(named):
            given = {"outlet": line.strip()}
        if not given and re.fullmatch(r"https?://\S+", line.strip()):
            given = {"url": line.strip()}
        if not given and "author" not in head.fields and lines[at + 1 :]:
            beside = sure or head.fields or _BY.match(line) or dateline(named, day_first)
            author = byline(line) if beside else ""
            given = {"author": author} if author else {}
        if not given or any(name in head.fields for name in given):
            break
        head.fields |= given
        head.size = at + 1
    return head


def _labelled(line: str, day_first: bool | None) -> dict[str, str]:
    """The field of a line such as "Source: The Guardian"."""
    label, colon, value = line.partition(":")
    name = _LABEL.get(label.strip().casefold())
    value = value.strip()
    if not (colon and name and value) or len(value) > _LONGEST:
        return {}
    if name == "published":
        return {name: plain_date(value, day_first)} if re.search(_YEAR, value) else {}
    return {name: value}
