"""Noun phrases: where one begins and ends, which word of it names somebody, and which of its words
are adjectives.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.text import roles
from analysis.text.running import Running

LONGEST_LABEL = 6
TIMES = frozenset(
    "day week month year hour minute moment time night morning evening afternoon decade second"
    " quarter later".split()
)
_IN_TAILS = frozenset("the a all his her its our their everything within".split())
_NO_ADVERBS = frozenset(
    "elderly family only early ugly lovely friendly deadly homely cowardly ghastly".split()
)
# nouns that stand before others as adjectives do
_BOTH = frozenset(
    "socialist communist nationalist conservative liberal militant radical populist moderate"
    " veteran billionaire millionaire rebel loyalist separatist".split()
)
GERUNDS = frozenset(
    "building planning housing shipping banking acting farming mining training trading marketing"
    " advertising managing nursing engineering outgoing incoming wedding boxing racing cycling"
    " manufacturing fishing".split()
)
_PLURALS = frozenset(
    "sports ports news arms human rights politics economics drugs dockers works affairs sales"
    " operations communications".split()
)
_DATES = roles.MONTHS | roles.DAYS | {"week", "month", "year"}


@dataclass(frozen=True)
class Phrase:
    """A noun phrase in words: first, last (inclusive, with "of …" where that is short) and its
    head.
    """

    first: int
    last: int
    head: int


def phrase(run: Running, i: int, group: bool | None, *, strict: bool = True) -> Phrase | None:
    """The noun phrase that begins at a word: determiner, adjectives, owners, nouns, and "of …" if
    all is at most six words.

    Its head is the last word that names a person (or a body, where `group`); without one it is no
    phrase, or where not `strict` its last word is.
    """
    n, k, head, comma = len(run), i, -1, False
    determined = run.lower[i] in roles.DETERMINERS
    k = i + 1 if determined else i
    last = k - 1
    while (
        k < n
        and k - i < LONGEST_LABEL + 2
        and (
            k == i
            or run.joined(k)
            and run.gaps[k] != ". "
            or run.gaps[k] in (" “", " ‘", ' "', " '")
            and k > i
            or not comma
            and head < 0
            and run.gaps[k] == ", "
            and (comma := _adjectives(run, k))
        )
    ):
        lower, word = run.lower[k], run.words[k]
        if (
            lower in roles.STOP
            and not (lower in ("most", "more", "very", "once", "longest") and head < 0)
            or _verbal(run, k, head)
        ):
            break
        if names(lower, group) and not run.owned[k]:
            head = k
        last = k
        k += 1
        if run.gaps[k][:1] in "”’\"'" and run.gaps[k] and not run.owned[k - 1]:
            break
    if last < i or last == i and determined:
        return None
    if head < 0:
        if (
            strict
            or run.owned[last]
            or run.lower[last] in roles.DAYS
            or run.lower[last] in TIMES
            or (last == i and not determined and not run.words[last].islower())
        ):
            return None
        head = last
    if (
        any(
            run.words[m][:1].isupper() and not names(run.lower[m], group)
            for m in range(head + 1, last + 1)
        )
        or head < last
        and strict
    ):
        last = head
    end = last
    if run.lower[min(last + 1, n - 1)] in ("of", "to") and last + 1 < n and run.joined(last + 1):
        tail = last + 1
        while (
            tail + 1 < n
            and run.joined(tail + 1)
            and run.gaps[tail + 1] in (" ", " “", " ‘", "’ ", "' ")
            and not (
                tail > last + 1
                and run.lower[tail + 1] in roles.STOP
                and run.lower[tail + 1] not in _IN_TAILS
            )
        ):
            tail += 1
            if tail - i >= LONGEST_LABEL:
                break
        if (
            tail - i < LONGEST_LABEL
            and tail > last + 1
            and not run.owned[tail]
            and not (
                tail + 1 < n and run.lower[tail + 1] in ("and", "or", "&") and run.joined(tail + 1)
            )
            and (
                run.lower[tail] not in roles.DETERMINERS
                and (run.lower[last + 1] == "of" or not strict)
            )
        ):
            end = tail
    if end - i >= LONGEST_LABEL:
        i = end - LONGEST_LABEL + 1 if head == end else i
        end = min(end, i + LONGEST_LABEL - 1)
    return Phrase(i, end, min(head, end))


def names(lower: str, group: bool | None) -> bool:
    """Whether a noun names a person, or a body where `group`; either where `group` is None."""
    return (
        group is not True
        and roles.is_person(lower)
        or group is not False
        and (roles.is_body(lower) or lower in roles.RULES)
    )


def modifying(run: Running, m: int) -> bool:
    lower = run.lower[m]
    if lower == "fat" and run.lower[m + 1] == "cat" or lower.rsplit("-", 1)[-1] in _DATES:
        return False
    return (
        roles.is_adjective(lower)
        or lower in _BOTH
        or run.words[m][0].isdigit()
        and "-" in run.words[m]
    )


def participle(lower: str) -> bool:
    return lower.endswith(("ed", "ing")) and len(lower) > 5


def plural(run: Running, m: int) -> bool:
    """Whether a word ends as a plural or a verb does, and is no known part of a title."""
    lower = run.lower[m]
    return (
        lower.endswith("s")
        and not lower.endswith(("ss", "us", "is"))
        and not run.owned[m]
        and lower not in _PLURALS
        and not names(lower, None)
    )


def _adjectives(run: Running, k: int) -> bool:
    """Whether a comma stands between two adjectives."""
    return (
        run.words[k].islower()
        and run.lower[k] not in roles.STOP
        and not names(run.lower[k - 1], None)
        and (
            roles.is_adjective(run.lower[k - 1])
            or run.lower[k - 1] in roles.JUDGING
            or roles.is_adjective(run.lower[k])
        )
    )


def _verbal(run: Running, k: int, head: int) -> bool:
    """Whether a small word behind a head reads as a verb or an adverb."""
    lower = run.lower[k]
    if not run.words[k].islower():
        return False
    if names(lower, None):
        return False
    return (
        lower.endswith("ly")
        and lower not in _NO_ADVERBS
        or head >= 0
        and (
            lower.endswith(("ed", "s", "ing"))
            or lower in ("won", "led", "sought", "fought", "rose", "fell", "met", "lost")
        )
    )
