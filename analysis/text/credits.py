"""Credits: what an article says it has from another outlet, an agency or a further reporter."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace

import regex

from analysis.text import crediting as en
from analysis.text.lists import english_words
from analysis.text.outlet_nouns import mentions_by_noun
from analysis.text.outlets import LONGEST_NAME, Named, Names, OwnOutlets, listed_name, with_own
from analysis.text.tokens import WORD, normalise

KINDS = ("agency_line", "contribution", "outlet", "photo", "rights")
LINE, LONG_LINE = (
    90,
    300,
)  # characters of a line that are read before an agency's name, and for helpers
AROUND = 12  # characters before the word that tells a notice
REACH = 3  # sentences behind a credit that may still be from whom it names
OWN = ("’s", "'s")
_TO_OUTLET = english_words("to_outlet")


@dataclass(frozen=True, order=True)
class Credit:
    """One credit of one outlet, agency or person.

    Attributes
    ----------
    start, end : int
        Characters of the text that say so, end exclusive; several names in one phrase may share
        them.
    kind : str
        "agency_line" (a dateline or byline of an agency), "contribution" (who helped to report),
        "outlet" (another outlet is the source of what is told), "photo" or "rights" (a notice of
        copyright).
    name : str
        As `analysis/data/outlets.csv` has it, else as the text has it, in at most six words; empty
        if it has more, or where the text says no name ("a wire service reported").
    reach : int
        Sentences behind it that may still be from whom it names; 0 where it credits what somebody
        said to an outlet: that is one person's account, and what follows it the writer's own.
    """

    start: int
    end: int
    kind: str
    name: str
    reach: int = REACH


def find_credits(text: str, *, english: bool = True, own: OwnOutlets = ()) -> list[Credit]:
    """Find the credits of a text.

    Parameters
    ----------
    text : str
    english : bool
        Whether to read sentences too; lines of agencies, photographs and rights are read in any
        language.
    own : tuple of (name, other names, whether an agency)
        A corpus's own outlets, known besides those of the list.

    Returns
    -------
    list of Credit
        In order. What an article says of its own outlet is among them: only the metadata tell which
        that is.

    Examples
    --------
    >>> text = "OSLO (AP) - It rained, she told the Tesmere Herald."
    >>> [(c.kind, c.name) for c in find_credits(text)]
    [('agency_line', 'Associated Press'), ('outlet', 'Tesmere Herald')]
    """
    names = Names(text, with_own(own))
    found = _formulas(text, names, english)
    taken = {named for credit in found for named in names.within(credit.start, credit.end)}
    lines: list[Credit] = []
    rest = []
    for named in names.found:
        if named in taken:
            continue
        line = _line(text, named) if named.listed else _line_of_unlisted(text, named)
        if line is None:
            rest.append(named)
        elif lines and line.name == lines[-1].name and line.start < lines[-1].end + 2:
            lines[-1] = replace(lines[-1], end=line.end)  # the caption says it twice
        else:
            lines.append(line)
    found += lines
    if english:
        told = _told(text, rest)
        known = [(credit.start, credit.end, credit.name) for credit in told]
        subjects = frozenset(named.begin for named in rest)
        again = mentions_by_noun(text, known, names.found, subjects)
        found += told + [Credit(*span, "outlet", name) for *span, name in again]
    return sorted(replace(credit, reach=_reach(text, credit)) for credit in set(found))


def _reach(text: str, credit: Credit) -> int:
    first = WORD.search(text, credit.start)
    told = first is not None and normalise(first.group()) in _TO_OUTLET
    return 0 if told else REACH


# --- lines ---


def _line(text: str, named: Named) -> Credit | None:
    """The credit of a photograph, dateline or byline that a listed name is part of."""
    start, end = named.start, named.end
    if photo := en.PHOTO_AFTER.match(text, end):
        return Credit(start, photo.end(), "photo", named.name)
    if (photo := en.PHOTO_BEFORE.match(text, start)) and (
        named.agency or en.PHOTO_END.match(text, end)
    ):
        if not listed_name(photo["lead"].rstrip(" /")):
            return Credit(photo.start("lead"), end, "photo", named.name)
    if text[start:end] == "Getty Images":
        return Credit(start, end, "photo", named.name)
    if text[start - 1 : start] == "(" and text.startswith(")", end):
        return _dateline(text, named)
    if named.sure and en.LINE_END.match(text, end):
        begin = _line_start(text, start)
        by = en.BYLINE.fullmatch(text, begin, start) if begin is not None else None
        if by and (named.agency or by["by"]):
            return Credit(begin, end, "agency_line", named.name)
    return None


def _line_of_unlisted(text: str, named: Named) -> Credit | None:
    """The dateline, byline or bracketed last line of an outlet that the list lacks: only where its
    whole name stands.
    """
    if not named.sure or not named.full:
        return None
    if text[named.start - 1 : named.start] == "(" and text.startswith(")", named.end):
        bracket, after = named.start - 1, named.end + 1
        begin = _line_start(text, bracket)
        if begin is None or not en.PLACE.fullmatch(text, begin, bracket):
            return None
        ends = en.LINE_END.match(text, after) if begin == bracket else en.DASH.match(text, after)
        return Credit(begin, after, "agency_line", named.name) if ends else None
    begin = _line_start(text, named.begin) if en.LINE_END.match(text, named.end) else None
    by = en.BYLINE.fullmatch(text, begin, named.begin) if begin is not None else None
    return Credit(begin, named.end, "agency_line", named.name) if by and by["by"] else None


def _dateline(text: str, named: Named) -> Credit | None:
    """ "OSLO (AP) - It rained": a place or nothing before the name, a dash or a sentence behind it;
    or an agency behind the last sentence.
    """
    bracket, after = named.start - 1, named.end + 1
    begin = _line_start(text, bracket)
    if begin is not None and en.PLACE.fullmatch(text, begin, bracket):
        place = text[begin:bracket].split()
        stands_for = "".join(word[0] for word in place).endswith(
            text[named.start : named.end]
        )  # Advanced Placement (AP)
        if (
            not stands_for
            and not listed_name(" ".join(place))
            and (en.DASH.match(text, after) or named.sure and en.CAPITAL.match(text, after))
        ):
            return Credit(begin, after, "agency_line", named.name)
    if (
        named.agency
        and en.LINE_END.match(text, after)
        and text[max(bracket - LINE, 0) : bracket].rstrip()[-1:] in tuple('.!?”"')
    ):
        return Credit(bracket, after, "agency_line", named.name)
    return None


def _line_start(text: str, place: int, reach: int = LINE) -> int | None:
    """Where the line of a place begins behind white space, if that is near."""
    before = max(text.rfind(mark, max(place - reach, 0), place) for mark in "\n\r")
    if before < 0 and place > reach:
        return None
    return place - len(text[before + 1 : place].lstrip())


# --- sentences ---


def _told(text: str, names: list[Named]) -> list[Credit]:
    """Names behind "told", "according to" or "reported by" and before "reported"; and names listed
    beside those.
    """
    spans: dict[int, tuple[int, int]] = {}
    for i, named in enumerate(names):
        if (cue := en.LEFT.match(text, named.begin)) and _is_told(text, named, cue):
            spans[i] = (cue.start("cue"), named.end)
        elif (verb := en.RIGHT.match(text, named.end)) and _tells(text, named, verb):
            spans[i] = (named.begin, verb.end())
        elif (
            i - 1 in spans
            and spans[i - 1][1] == names[i - 1].end
            and named.sure
            and en.AND.fullmatch(text, names[i - 1].end, named.begin)
        ):
            spans[i] = (spans[i - 1][0], named.end)
    for i in range(len(names) - 2, -1, -1):
        if (
            i not in spans
            and i + 1 in spans
            and spans[i + 1][1] > names[i + 1].end
            and names[i].sure
            and en.AND.fullmatch(text, names[i].end, names[i + 1].begin)
        ):
            spans[i] = (names[i].begin, spans[i + 1][1])
    return [Credit(*span, "outlet", names[i].name) for i, span in spans.items()]


def _is_told(text: str, named: Named, cue) -> bool:
    if cue["inverted"]:
        known = named.listed or named.the and named.full
        ends = en.CLAUSE_END.match(text, named.end)
        said = cue["inverted"].startswith("sa")
        if said and (cue["theirs"] or ends and any(map(str.isupper, ends[0]))):
            return False  # "said CNN contributor Ada Orr", "said Ada Orr of CNN"
        return bool(known and named.sure and ends)
    if not (
        named.listed and named.full and named.sure and not _perhaps_no_name(named)
    ) and en.NAME_AFTER.match(text, named.end):
        return False
    if cue["on"] and _perhaps_no_name(named) and text[named.end : named.end + 2] not in OWN:
        return False  # "told aides on the Hill"
    return named.sure or bool(
        cue["sure"]
        or named.the
        or named.listed
        and _names_nobody(text, text[named.start : named.end])
    )


def _tells(text: str, named: Named, verb) -> bool:
    if verb["report"]:
        return True
    if verb["citing"]:
        return named.sure and en.OPENS.match(text, named.begin) is not None
    bare = not named.the and not (named.listed and named.full)
    doubtful = verb["person"] or bare or _perhaps_no_name(named)
    return named.sure and not (verb["weak"] and doubtful)


@functools.lru_cache(8)
def _names_nobody(text: str, form: str) -> bool:
    """Whether a word that may be somebody's name ("told Forbes") is part of none in the text."""
    form = regex.escape(form)
    part = regex.compile(rf"\p{{Lu}}[\p{{L}}.]*[ ]{form}\b|\b{form}(?:[’']s?)?[ ]\p{{Lu}}")
    return part.search(text) is None


def _perhaps_no_name(named: Named) -> bool:
    """ "the Hill" and "the Sun" may be places and things; "The Hill" is the outlet."""
    return named.the == "the" and named.name.startswith("The ")


# --- formulas ---


def _formulas(text: str, names: Names, english: bool) -> list[Credit]:
    """Notices of rights, lines of photographers and of those who helped."""
    found: list[Credit] = []
    for notice in _near(text, ("©", "opyright", "OPYRIGHT", "(c)"), en.RIGHTS):
        listed = [n.name for n in names.within(*notice.span("name")) if n.listed]
        if listed or notice["mark"] or notice["year"]:
            found.append(
                Credit(
                    *notice.span(),
                    "rights",
                    listed[0] if listed else _clean(en.COMPANY.sub("", notice["name"])),
                )
            )
    for photo in _near(text, ("Photo", "PHOTO", "Image", "Picture"), en.PHOTO):
        listed = [n.name for n in names.within(*photo.span()) if n.listed]
        found.append(
            Credit(
                *photo.span(),
                "photo",
                listed[-1] if listed else _clean(en.FIRST.match(photo["name"])[0]),
            )
        )
    if not english:
        return found
    for place in _places(text, " contributed"):
        if said := en.CONTRIBUTED.match(text, place):
            begin = _line_start(text, place, LONG_LINE)
            ends = [
                m.end()
                for m in en.SENTENCE_END.finditer(
                    text, max(place - LONG_LINE, 0) if begin is None else begin, place
                )
            ]
            begin = ends[-1] if ends else begin
            if begin is None:
                continue
            found += _helpers(
                text,
                (begin, place),
                (begin, said.end()),
                names,
                listed_only=said["bare"] is not None,
            )
    for cue, pattern in (
        ("eporting by ", en.REPORTING_BY),
        ("eporting: ", en.REPORTING_BY),
        ("Contributing: ", en.CONTRIBUTING),
        (" from ", en.FILES_FROM),
    ):
        for place in _places(text, cue):
            if said := pattern.match(text, place):
                found += _helpers(text, said.span("names"), (said.start("lead"), said.end()), names)
    return found


def _places(text: str, cue: str) -> Iterator[int]:
    place = text.find(cue)
    while place >= 0:
        yield place
        place = text.find(cue, place + len(cue))


def _near(text: str, cues: tuple[str, ...], pattern) -> Iterator:
    """Matches of a pattern that begin at or shortly before one of the cues."""
    end = 0
    for place in sorted(p for cue in cues for p in _places(text, cue)):
        starts = range(max(place - AROUND, end), place + 1)
        if match := next(filter(None, (pattern.match(text, start) for start in starts)), None):
            yield match
            end = match.end()


def _helpers(
    text: str,
    where: tuple[int, int],
    span: tuple[int, int],
    names: Names,
    listed_only: bool = False,
) -> list[Credit]:
    """Outlets and people in an enumeration of those who helped."""
    who = []
    for start, end in _parts(text, *where):
        outlets = names.within(start, end)
        who += [n.name for n in outlets]
        rest = en.ROLE.sub(
            "", en.ELSEWHERE.sub("", text[max([start, *(n.end for n in outlets)]) : end])
        )
        if not listed_only and (people := en.PERSON.findall(rest)):
            who.append(_clean(people[-1]))
    return [Credit(*span, "contribution", name) for name in dict.fromkeys(who)]


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for between in en.SEVERAL.finditer(text, start, end):
        yield start, between.start()
        start = between.end()
    yield start, end


def _clean(name: str) -> str:
    """A name as one line, without what stands around it; empty if it is too long for one."""
    words = name.strip(" .,;:–—-()|").split()
    words = words[1:] if words[:1] in (["The"], ["the"]) else words
    return " ".join(words) if len(words) <= LONGEST_NAME else ""
