"""Credits without a name: "the paper", "the report" and "it" behind an outlet that was credited."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections.abc import Iterable

import regex

from analysis.text.crediting import HEADS
from analysis.text.lists import either, english_words
from analysis.text.outlets import Named, kind_of

BACK = 1000  # characters from a noun back to the outlet that it may stand for
NAMED_BACK = 400  # where that is only named there, and not credited
REPORT_BACK, OTHER_BACK = 400, 1500  # from "the report", and to another report
SENTENCE = 400  # characters of a sentence before "It added"
CUE = 22  # characters of "In an interview with t" before the noun
AFTER = 60
# what each noun may stand for; an outlet that the list lacks may be a paper
_FITS = {
    "wire": {"agency"},
    "print": {"outlet", ""},
    "air": {"broadcaster"},
    "any": {"outlet", "broadcaster", ""},
}
_NOUN = (
    r"(?:(?P<wire>wire[ ]service|news[ ]agency|newswire|(?P<agency>agency))"
    r"|(?P<print>newspaper|magazine|(?P<paper>paper|daily|weekly|tabloid))"
    r"|(?P<air>broadcaster|network)"
    r"|(?P<any>publication|outlet|news[ ](?:outlet|site|organization)|(?P<site>web[ ]?site|site)))"
)
_DID = english_words("printed") - {"broke", "prints", "publishes"}  # a paper may do these too
_SAYS = "said|says|found|finds|added|adds|noted|notes|claimed|claims|stated|states"
_NOT_OF_ITSELF = (
    r"(?![ ](?:it|its|they)[ ](?:is|was|has|had|would|will|are|were)\b|"
    r"[ ]in[ ]a[ ]statement\b|[ ]a[ ](?:retraction|correction|profit|loss)\b)"
)
_FOUND = (
    rf"(?:{either(_DID)}|dug[ ]up|quoted|quotes|cited|cites|described|describes"
    rf"|(?P<weak>{_SAYS}))\b{_NOT_OF_ITSELF}"
)
_ADVERB = r"(?:[ ](?:has|had|have|also|first|later|then|further)){0,2}"
_PIECES = "report|story|article|account|interview|investigation"
BY_NOUN = regex.compile(
    r"(?<!\w)(?:(?P<cue>(?i:according[ ]to)|(?:told|tell|telling)|(?:spoke|speaking|talked)[ ]"
    r"(?:to|with)|interview[ ]with|statement[ ]to|(?:obtained|published|reported|quoted|seen)[ ]by"
    r"|(?:[Cc]iting|citing)"
    r"|(?P<inverted>said|says|reported|reports|wrote|writes|added|adds))[ ]the[ ]"
    rf"{_NOUN}\b(?![ ](?:of|for[ ](?!the[ ]|th[ai][ts][ ]|its[ ]|an?[ ])|\p{{Lu}}))"
    r"(?(inverted)(?=[.,;:]|[ ](?:in|on|last|this)\b))"
    rf"|[Tt]he[ ]{_NOUN}(?:{_ADVERB}[ ]{_FOUND}|[’']s?[ ](?:own[ ])?(?P<piece>{_PIECES})\b))"
)
NOUN = re.compile(
    r"he (?:wire service|news agency|newswire|newspaper|magazine|paper|daily|weekly|tabloid"
    r"|broadcaster|network|publication|outlet|news outlet|news site|news organization|web ?site"
    r"|site|agency)\b"
)
_REPORT = r"(?:report|article|story|editorial)"
BY_REPORT = regex.compile(
    rf"(?<!\w)(?:(?i:according[ ]to)[ ]the[ ]{_REPORT}\b"
    r"(?![ ](?:of|on|by|in|into|from|about|that|released|issued|published|\p{Lu}))"
    rf"|[Tt]he[ ]{_REPORT}{_ADVERB}[ ](?:{_SAYS}|quoted|quotes|cited|cites|described|describes"
    r"|alleged|alleges|suggested|suggests)\b)"
)
REPORT = re.compile(rf"he {_REPORT}\b")
# a report that the text has from somebody else
OTHER_REPORT = regex.compile(
    r"\b(?:[Aa]n?|[Ii]ts|[Tt]heir|[Hh]is|[Hh]er|[Tt]his|[Tt]he[ ](?:new|annual|final|draft|latest)"
    r"|[Nn]ew|[Aa]nnual|\p{L}+[’']s?)(?:[ ][\w-]+){0,3}?[ ]reports?\b"
    r"|-page[ ]report|[Tt]he[ ]report,?[ ](?:by|from|of|released|issued)\b"
)
# what a credit says of an outlet that tells something in its own words
REPORTS = regex.compile(
    r"(?i:report|article|stor(?:y|ies)|publish|wr[io]t|reveal"
    r"|according|stated|said|found|editorial)"
)
BESIDE = 14  # characters between "a report" and the credit that it is part of
IT = regex.compile(
    r"[.!?][”\"’]?\s+(?P<it>It(?:[ ](?:also|further|then))?["
    rf" ](?:report(?:ed|s)|wrote|writes|quoted|quotes|cited|cites|{_SAYS})\b{_NOT_OF_ITSELF})"
)
ENDS = regex.compile(r"(?<!\b(?:Mr|Ms|Mrs|Dr|Sen|Rep|Gov|Gen|St|\p{Lu}))[.!?][”\"’]?\s")
NEWS_AGENCY = regex.compile(r"\b(?:news[ ]agency|wire[ ]service|newswire)\b")

Mention = tuple[int, int, str]  # characters, and the name of the outlet; empty where none is said


def mentions_by_noun(
    text: str, credited: Iterable[Mention], names: Iterable[Named], subjects: frozenset[int]
) -> list[Mention]:
    """Where a text credits an outlet by what it is, or by "it", and which outlet that is.

    A noun stands for the outlet of its kind that was credited last before it, or named last where
    that is nearer; "newspaper" and the like credit one without a name where none is near. "The
    agency" is most often an authority and "the site" a place: each needs a credit, the first a text
    that speaks of a news agency. "The report" stands for an outlet's where the text tells of no
    other report before, "it" for an outlet that the sentence before says to report.

    Parameters
    ----------
    text : str
    credited : iterable of (start, end, name)
        Credits by name, in order.
    names : iterable of Named
        Names of outlets in the text, in order.
    subjects : frozenset of int
        Where the outlets begin that report something themselves.

    Returns
    -------
    list of (start, end, name)
    """
    known = sorted(credited, key=_end)
    found: list[Mention] = []
    names = list(names)
    # what is known, the list or the corpus says; of others the name does
    agency_of = {named.name: named.agency for named in names if named.listed}
    said_so = {name for _, _, name in known} | {named.name for named in names}
    kinds = {name: _kind(name, agency_of.get(name)) for name in said_so}
    agency = NEWS_AGENCY.search(text) if "he agency" in text else None
    named = [
        (n.start, n.end, n.name)
        for n in names
        if n.sure and n.full and not (n.the == "the" and n.name.startswith("The "))
    ]
    for match in _matches(text, NOUN, BY_NOUN):
        noun = next(kind for kind in _FITS if match[kind])
        start = match.start()
        name = _last(known, start, BACK, _FITS[noun], kinds)
        if match["agency"] and not (name and agency and agency.end() <= start):
            continue
        sure = not any(match[doubt] for doubt in ("agency", "paper", "air", "any"))
        if sure and not name:
            name = _last(named, start, NAMED_BACK, _FITS[noun], kinds)
        if match["site"] and name.split()[-1:] and name.split()[-1] in HEADS:
            continue  # a paper's site goes by the paper's name
        if name or sure and not match["weak"] and not match["piece"]:
            found.append((*match.span(), name))
            insort(known, found[-1], key=_end)
    reporting = [c for c in known if REPORTS.search(text, c[0], c[1])]
    for match in _matches(text, REPORT, BY_REPORT):
        name = _last(reporting, match.start(), REPORT_BACK, None, kinds)
        if name and not _other_report(text, match.start(), known):
            found.append((*match.span(), name))
            insort(reporting, found[-1], key=_end)
            insort(known, found[-1], key=_end)
    again = {mention[0] for mention in found}
    told = [c for c in known if c[2] and (c[0] in subjects or c[0] in again)]
    taken = set()
    while told:
        _, end, name = told.pop()
        match = IT.search(text, end, end + SENTENCE)
        if match and not ENDS.search(text, end, match.start() + 1) and match.end() not in taken:
            taken.add(match.end())
            told.append((*match.span("it"), name))
            found.append(told[-1])
    return found


def _end(mention: Mention) -> int:
    return mention[1]


def _matches(text: str, begins: re.Pattern, pattern):
    """Matches around the places where one may stand, each once."""
    end = 0
    for place in begins.finditer(text):
        match = pattern.search(text, max(place.start() - CUE, end), place.end() + AFTER)
        if match:
            end = match.end()
            yield match


def _kind(name: str, agency: bool | None) -> str:
    """What an outlet is; whether it is an agency, a corpus may say itself."""
    kind = kind_of(name)
    if agency is None:
        return kind
    return "agency" if agency else "outlet" if kind == "agency" else kind


def _last(
    known: list[Mention], place: int, back: int, fits: set[str] | None, kinds: dict[str, str]
) -> str:
    """The last outlet before a place, if it is near and of a kind that fits; empty if none is."""
    for i in range(bisect_right(known, place, key=_end) - 1, -1, -1):
        _, end, name = known[i]
        if place - end > back:
            break
        if name and (fits is None or kinds[name] in fits):
            return name
    return ""


def _other_report(text: str, place: int, known: list[Mention]) -> bool:
    """Whether the text tells of a report before a place that is in no credit's words."""
    for report in OTHER_REPORT.finditer(text, max(place - OTHER_BACK, 0), place):
        credit = bisect_right(known, report.start(), key=_end)
        if credit == len(known) or known[credit][0] - BESIDE > report.end():
            return True
    return False
