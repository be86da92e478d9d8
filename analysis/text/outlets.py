"""Names of outlets and agencies in a text: those of a list, and those that end as such names do."""

from __future__ import annotations

import csv
import functools
from bisect import bisect_left
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.text import crediting as en

OUTLETS = Path(__file__).parents[1] / "data" / "outlets.csv"
LONGEST_NAME = 6  # words


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


@functools.cache
def outlets() -> tuple[dict[str, list[tuple[str, int, str, bool, bool]]], dict[str, str]]:
    """The list: forms of names by their last capitalised word, the longest first (form, where that
    word ends in it, name, whether of an agency, whether sure), and names by form.
    """
    by_last: dict[str, list[tuple[str, int, str, bool, bool]]] = {}
    names = {}
    with OUTLETS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            unsure = row["unsure"].split(";")
            for form in filter(
                None, dict.fromkeys([row["name"], *row["aliases"].split(";"), *unsure])
            ):
                names[form] = row["name"]
                last = list(en.WORD_OR_DPA.finditer(form))[-1]
                by_last.setdefault(last.group(), []).append(
                    (form, last.end(), row["name"], row["kind"] == "agency", form not in unsure)
                )
    for forms in by_last.values():
        forms.sort(key=lambda form: -len(form[0]))
    return by_last, names


class Names:
    """The names of outlets in a text, in order."""

    def __init__(self, text: str):
        self.found = _find_names(text)
        self._starts = [named.start for named in self.found]

    def within(self, start: int, end: int) -> list[Named]:
        return self.found[bisect_left(self._starts, start) : bisect_left(self._starts, end)]


def _find_names(text: str) -> list[Named]:
    """Names that are listed, those that end as names of outlets do, and short forms of either."""
    by_last = outlets()[0]
    found: list[Named] = []
    longer: dict[str, Named] = {}
    for word in (en.WORD_OR_DPA if "(dpa" in text else en.WORD).finditer(text):
        last = word.group()
        if last not in by_last and last not in en.HEADS:
            continue
        named = _listed(text, word.end(), by_last.get(last, ()))
        if named is None and last in en.HEADS:
            named = _structural(text, word.start(), word.end(), last, last in longer)
        if named is None:
            continue
        if named.full:
            longer[last] = named
        elif last in longer:
            full = longer[last]
            named = replace(
                named, name=full.name, agency=full.agency, listed=full.listed, sure=True
            )
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


def _structural(text: str, start: int, end: int, last: str, introduced: bool) -> Named | None:
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
    if listed := outlets()[1].get(name.removesuffix(" News").removesuffix(" Magazine")):
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
