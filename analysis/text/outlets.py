"""Names of outlets and agencies in a text: those of a list, and those that end as such names do."""

from __future__ import annotations

import csv
import functools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.text import crediting as en

OUTLETS = Path(__file__).parents[1] / "data" / "outlets.csv"
LONGEST_NAME = 6  # words
OwnOutlets = tuple[tuple[str, tuple[str, ...], bool], ...]  # name, other names, whether an agency
# forms by their last capitalised word (form, where that word ends in it, name, whether of an
# agency, whether sure), and names by form
Listed = tuple[dict[str, list[tuple[str, int, str, bool, bool]]], dict[str, str]]


@dataclass(frozen=True)
class Named:
    """An outlet's name in a text, from `start` without `the`, its article, which stands from
    `begin`.

    `sure` is a name that is no other word, `full` one that is no short form ("the Times").
    """

    begin: int
    start: int
    end: int
    name: str
    the: str
    agency: bool = False
    listed: bool = False
    sure: bool = True
    full: bool = True


def listed_name(name: str) -> str:
    """What the list of outlets calls an outlet that is given in any form; empty if it lacks it."""
    names = outlets()[1]
    return names.get(name) or names.get(name.removeprefix("The ").removeprefix("the "), "")


def is_agency(name: str) -> bool:
    """Whether a name is a news agency's: by the list of outlets, else by how it ends.

    Examples
    --------
    >>> is_agency("AP"), is_agency("Northgate Wire"), is_agency("CNN")
    (True, True, False)
    """
    return kind_of(name) == "agency"


def kind_of(name: str) -> str:
    """ "agency", "broadcaster" or "outlet" by the list of outlets, else by how the name ends.

    Examples
    --------
    >>> kind_of("AP"), kind_of("CNN"), kind_of("Tesmere Radio"), kind_of("Tesmere Herald")
    ('agency', 'broadcaster', 'broadcaster', '')
    """
    if listed := listed_name(name):
        return _kinds()[listed]
    if en.AGENCY_NAME.search(name):
        return "agency"
    return "broadcaster" if en.BROADCASTER_NAME.search(name) else ""


@functools.cache
def _kinds() -> dict[str, str]:
    with OUTLETS.open(encoding="utf-8", newline="") as stream:
        return {row["name"]: row["kind"] for row in csv.DictReader(stream)}


@functools.cache
def outlets() -> Listed:
    """The list that the package has, of each word the longest forms first."""
    with OUTLETS.open(encoding="utf-8", newline="") as stream:
        return _by_last(
            (form, row["name"], row["kind"] == "agency", form not in row["unsure"].split(";"))
            for row in csv.DictReader(stream)
            for form in dict.fromkeys(
                [row["name"], *row["aliases"].split(";"), *row["unsure"].split(";")]
            )
        )


def _by_last(forms: Iterable[tuple[str, str, bool, bool]]) -> Listed:
    by_last: dict[str, list[tuple[str, int, str, bool, bool]]] = {}
    names = {}
    for form, name, agency, sure in forms:
        words = list(en.WORD_OR_DPA.finditer(form))
        if words:  # an address has none
            names[form] = name
            entry = (form, words[-1].end(), name, agency, sure)
            by_last.setdefault(words[-1].group(), []).append(entry)
    for those in by_last.values():
        those.sort(key=lambda form: -len(form[0]))
    return by_last, names


@functools.lru_cache(8)
def with_own(own: OwnOutlets) -> Listed:
    """The list with a corpus's own outlets, which come first where both have a form.

    Parameters
    ----------
    own : tuple of (name, other names, whether an agency)
        As `outlets` of corpus.yml has them.
    """
    by_last, names = outlets()
    if not own:
        return by_last, names
    mine = [
        (form, name, agency, True)
        for name, others, agency in own
        for form in dict.fromkeys((name, *others))
    ]
    taken = {form for form, *_ in mine}
    theirs = [
        (form, name, agency, sure)
        for those in by_last.values()
        for form, _, name, agency, sure in those
        if form not in taken
    ]
    return _by_last([*mine, *theirs])


class Names:
    """The names of outlets in a text, in order."""

    def __init__(self, text: str, listed: Listed | None = None):
        self.found = _find_names(text, outlets() if listed is None else listed)
        self._starts = [named.start for named in self.found]

    def within(self, start: int, end: int) -> list[Named]:
        return self.found[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _find_names(text: str, listed: Listed) -> list[Named]:
    """Names that are listed, those that end as names of outlets do, and short forms of either."""
    by_last, names = listed
    found: list[Named] = []
    longer: dict[str, Named] = {}
    certain: set[str] = set()
    for word in (en.WORD_OR_DPA if "(dpa" in text else en.WORD).finditer(text):
        last = word.group()
        head = last in en.HEADS or (
            last in ("Agency", "Service") and text.endswith(en.NEWS_BEFORE, 0, word.start())
        )
        if last not in by_last and not head:
            continue
        named = _listed(text, word.end(), by_last.get(last, ()))
        if named is None and head:
            named = _structural(text, word.start(), word.end(), last, last in longer, names)
        if named is None:
            continue
        if named.full:
            longer[last] = named
        elif last in longer:
            full = longer[last]
            named = replace(
                named, name=full.name, agency=full.agency, listed=full.listed, sure=True
            )
        if named.listed and named.sure:
            certain.add(named.name)
        elif named.name in certain and not en.WORD_BEFORE.match(text, named.begin):
            named = replace(named, sure=True, full=False)  # "Fox" behind "Fox News"
        while found and found[-1].end > named.start:
            found.pop()
        found.append(named)
    return found


def _listed(text: str, end: int, forms) -> Named | None:
    for form, place, name, agency, sure in forms:
        the = form.startswith("The ")
        start = end - place + 4 * the
        stop = end - place + len(form)
        if (
            start < 0
            or not text.startswith(form[4 * the :], start)
            or start
            and (text[start - 1].isalnum() or text[start - 1] in "_@#")
        ):
            continue
        article = _article(text, start)
        if (article or not the) and not text[stop : stop + 1].isalnum():
            return Named(start - 4 * bool(article), start, stop, name, article, agency, True, sure)
    return None


def _structural(
    text: str, start: int, end: int, last: str, introduced: bool, names: dict[str, str]
) -> Named | None:
    """A name that the list lacks: capitalised words before a word such as Herald, or such a word
    alone behind "the"; "the Wire" and the like name an outlet alone only where a longer name
    introduced it.
    """
    if text[start - 1 : start] in ("@", "#", "&") or en.JOINED.match(text, end):
        return None
    words = 1
    while (
        words < LONGEST_NAME - 1
        and (before := en.WORD_BEFORE.match(text, start))
        and before["word"] not in en.NO_PART
    ):
        start, words = before.start("word"), words + 1
    article = _article(text, start)
    name = text[start:end]
    if (
        words == 1
        and (not article or last not in en.SHORT and not introduced)
        or not article
        and last not in en.BARE
        or en.NO_OUTLET.search(name)
    ):
        return None
    begin = start - 4 * bool(article)
    if listed := names.get(name.removesuffix(" News").removesuffix(" Magazine")):
        return Named(begin, start, end, listed, article, listed=True)
    return Named(
        begin, start, end, name, article, sure=last not in en.WEAK - en.BARE, full=words > 1
    )


def _article(text: str, start: int) -> str:
    before = text[max(start - 5, 0) : start]
    return (
        before[-4:-1]
        if before[-4:] in ("the ", "The ", "THE ") and not before[:-4].isalnum()
        else ""
    )
