"""Articles of Europresse: what name and header hold, and pages of the first generation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from analysis.io.formats.markup import has_class, lines, text_segments, words
from analysis.io.formats.source import Record

_WEEKDAYS = (
    "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    "|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    "|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag"
    "|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    "|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica"
    "|(?:segunda|terça|quarta|quinta|sexta)-feira"
    "|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag"
)
_DATE = re.compile(
    rf"(?:^|,\s*)((?:(?:(?i:{_WEEKDAYS})\.?,|[^\W\d_]+\.?)\s+)?"
    r"(?:\d{1,2}(?:er|\.|º)?\s+(?:de\s+)?[^\W\d_]+\.?\s+(?:de\s+)?\d{4}"
    r"|[^\W\d_]+\.?\s+\d{1,2},\s+\d{4}|\d{4}-\d\d-\d\d))"
    r"(?:,|\s-)?\s*(\d{1,2}\s?[:h]\s?\d\d(?:\s*(?:UTC|GMT))?(?:\s*[+-]\d{2}:?\d{2})?)?"
    r"(?=\s*(?:,|$))"
)
_PAGE = re.compile(r"(?:^|,\s*)pp?\.\s*([\w.*-]+(?:\s?[,-]\s?\w+)*)\s*$")
_ISSUE = re.compile(r",?\s+n(?:o|°|º|r|um)?\.?\s*(\d[\w/-]*)\s*$", re.IGNORECASE)
ARTICLE_NUMBER = re.compile(r"news\s?[·•∙.]\s?\d{8}\s?[·•∙.]\s?\w+\s?[·•∙.]\s?\w+")
RIGHTS = re.compile(r"©|\(c\)\s|copyright\b", re.IGNORECASE)
A_NOTE = re.compile(
    r"((?:illustration|note|encadré|sujet|lieu|nom|type|personne)\(s\)[^:]{0,30}"
    r"|catégorie|taille|type d['’]article|type et qualité du contenu)\s:\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
LONGEST_BYLINE = 20  # words of an author's line
_SAID_BEFORE = 60  # characters of a line before an article's number, at most


def europresse_record(outlet: str, header: str, more: dict[str, str], **about: str) -> Record:
    """An article with what its publication's name and its header hold.

    Parameters
    ----------
    outlet : str
        The name, perhaps with the number of an issue behind it, which is cut off.
    header : str
        Section, day, and page or time, such as "International, vendredi 8 septembre 2023, p. 3".
    more : dict of str to str
    **about
        The record's other fields.

    Returns
    -------
    Record

    Examples
    --------
    >>> header = "Monde, lundi 4 mai 2020, p. 3"
    >>> made = europresse_record("Le Port, no. 12", header, {}, text="", title="")
    >>> made.outlet, made.section, made.published, made.page
    ('Le Port', 'Monde', 'lundi 4 mai 2020', '3')
    """
    more = {name: value for name, value in more.items() if value}
    if issue := _ISSUE.search(outlet):
        more["issue"] = issue[1]
        outlet = outlet[: issue.start()]
    dates = list(_DATE.finditer(header))
    date = dates[-1] if dates else None
    page = _PAGE.search(header)
    if not date and not page and header:
        more["header"] = header
    return Record(
        outlet=outlet.strip(" ,"),
        section=header[: first.start()].strip(" ,") if (first := date or page) else "",
        published=" ".join(filter(None, date.groups())) if date else "",
        page=page[1] if page else "",
        more=more,
        **about,
    )


def has_date(header: str) -> bool:
    """Whether a header names a day."""
    return _DATE.search(header) is not None


def first_generation(tree) -> Iterator[Record]:
    """The articles of an older page: lines between breaks, with classes in the head alone.

    Parameters
    ----------
    tree : lxml element

    Yields
    ------
    Record
    """
    current: _Article | None = None
    for kind, found in text_segments(tree, _kind_of):
        if kind == "outlet" or (kind == "title" and (current is None or current.titled)):
            if current is not None:
                yield current.record()
            current = _Article()
        if current is None:
            continue
        if kind == "paragraph":
            current.add(lines(found), paragraph=True)
        elif kind:
            current.parts[kind].append(words(found))
        else:
            current.add([found])
    if current is not None:
        yield current.record()


def _kind_of(node) -> str:
    if node.tag == "span":
        names = ("docpublicationname", "docheader", "titrearticlevisu")
        kinds = ("outlet", "header", "title")
        return next((kind for name, kind in zip(names, kinds) if has_class(node, name)), "")
    if node.tag != "p":
        return ""
    # a paragraph that was never closed holds the articles behind it
    return "" if any(_kind_of(inner) for inner in node.iter("span")) else "paragraph"


class _Article:
    """An article of the first generation while it is read."""

    def __init__(self):
        self.parts: dict[str, list[str]] = {"outlet": [], "header": [], "title": []}
        self.open = False  # whether a paragraph began behind the title
        self.above: list[str] = []  # before the title
        self.lead: list[str] = []  # between the title and the first paragraph
        self.body: list[str] = []

    @property
    def titled(self) -> bool:
        return bool(self.parts["title"])

    def add(self, found: Iterable[str], paragraph: bool = False) -> None:
        self.open = self.open or (paragraph and self.titled)
        into = self.body if self.open else self.lead if self.titled else self.above
        into += found

    def record(self) -> Record:
        parts = {name: " ".join(said) for name, said in self.parts.items()}
        lead, body = (self.lead, self.body) if self.open else ([], self.lead)
        if not self.titled:
            self.above, body = [], self.above
        more: dict[str, str] = {}
        number, ends = "", self._ends(body)
        if ends is not None:
            number = ARTICLE_NUMBER.search(body[ends])[0]
            if ends and RIGHTS.match(body[ends - 1]):
                ends -= 1
                more["copyright"] = body[ends]
            body = body[:ends]
        while body and (note := A_NOTE.match(body[-1])):
            more[note[1].strip()] = note[2]
            body.pop()
        if not body and len(lead) > 1:  # a text of line breaks alone
            lead, body = [], lead
        author = lead.pop() if lead and len(lead[-1].split()) <= LONGEST_BYLINE else ""
        more |= {"subtitle": " ".join(lead), "kicker": " ".join(self.above)}
        return europresse_record(
            parts["outlet"], parts["header"], more,
            text="\n\n".join(body), title=parts["title"], author=author, source_id=number,
        )  # fmt: skip

    @staticmethod
    def _ends(body: list[str]) -> int | None:
        """Where the line with the article's number stands, before that of its certificate."""
        found = [
            i
            for i, line in enumerate(body)
            if (match := ARTICLE_NUMBER.search(line))
            and match.end() == len(line)
            and match.start() <= _SAID_BEFORE
        ]
        return found[-2:][0] if found else None
