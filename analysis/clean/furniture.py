"""Site furniture by its recurrence: lines that stand in many articles of one outlet.

What recurs may also be copied: wire copy, updates of one story, background that each report of a
trial repeats. Furniture is told from it by four signs: it is short; it stands in articles that else
share little, of several days; it stands at their edges, or in a good part of all articles; and it
is no sentence, but for those that speak of the site, and no quotation, turn or credit.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import regex

from analysis.clean.boxes import LINE, stripped
from analysis.clean.edits import Edit
from analysis.text.lists import ANY, either, english_words
from analysis.text.lists import words as listed

_LONGEST = 300  # characters of a line of furniture
_FIRST, LAST = 3, 5  # lines at the edges of an article
_FEWEST = 3  # articles, of different days, that else share nothing
EDGE_SHARE, _SHARE = 0.008, 0.04  # of an outlet's articles with a line, at their edges or anywhere
MOST_OF_OUTLET, MOST = 2_000, 60_000  # articles that are counted
AT_EDGE = 0.7  # of the articles with a line have it at an edge
_SAME_STORY = 0.5  # of the shorter article's lines, by length, that two share
SOME = 12  # articles with a line that are compared
_NUMBER = re.compile(r"\d+")
_MARKS = " .:;,!?…*•·|-–—_[]()>"
_QUOTED = regex.compile(r"[“”„«»\"]")
_TURN = regex.compile(r"(?:\p{Lu}[\p{Lu}.'’ -]+|Q|A|\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?):(?=\s+\S)")
_END = 500  # characters in which the end of a line shows; of a long one, its square is looked at
_SENTENCE = regex.compile(
    r".*(?<!\.)(?:\p{Ll}|\d|\))[.!?][’)]*$|(?:\S+\s+){3,}\S*(?:\p{Ll}|\d)(?:…|\.\.\.)[’)]*$"
)
# Sentences that can only speak of the site, its writers, its letters or what may be done with it
_OF_SITE = regex.compile(
    r"https?:|www\.|\w@\w|(?<=\s)@\w"
    rf"|^\W*(?:(?:to |please )?(?:{either(english_words('invitations'))})"
    rf"|{either(listed(ANY, 'published'))})\b"
    r"|\b(?:newsletter|your inbox|all rights reserved|opinions? expressed|views expressed)\b"
    r"|^\W*(?-i:\p{Lu})[\p{L}.'’ -]{3,40} is (?:an?|the|our)?\b[^.]*"
    rf"\b(?:{either(english_words('writers'))})\b",
    regex.IGNORECASE,
)
# Credits are read by measures, and are the article's own words
_CREDITS = regex.compile(
    r"\bcontributed(?: to (?:this|the))?(?: (?:report|story|article))?\b"
    r"|\bwire (?:service )?reports?\b|\breport(?:ed|ing) (?:by|from)\b|\bmaterial from\b",
    regex.IGNORECASE,
)


@dataclass(frozen=True)
class Furniture:
    """The lines of one outlet's furniture, as digests.

    Attributes
    ----------
    edges : frozenset of int
        Lines that are furniture at the beginning or end of an article.
    anywhere : frozenset of int
        Lines that are furniture wherever they stand.
    """

    edges: frozenset[int] = frozenset()
    anywhere: frozenset[int] = frozenset()


def find_furniture(articles: Iterable[tuple[str, str, str]]) -> dict[str, Furniture]:
    r"""Find the lines that recur in articles of one outlet.

    Memory is bounded by counting a line in at most 2,000 articles of an outlet, spread evenly.

    Parameters
    ----------
    articles : iterable of (str, str, str)
        Outlet, date (or empty) and text of each article.

    Returns
    -------
    dict of str to Furniture
        By outlet; without those that have none.

    Examples
    --------
    >>> from analysis.clean import clean, find_furniture
    >>> texts = [f"The tale of {name} is told here.\n\nLantern local" for name in "abc"]
    >>> found = find_furniture([("Lantern", "", text) for text in texts])
    >>> clean(texts[0], found["Lantern"]).text
    'The tale of a is told here.\n\n'
    """
    counted: dict[str, _Counted] = {}
    for outlet, published, text in articles:
        if outlet not in counted:
            counted[outlet] = _Counted()
        counted[outlet].add(text, published[:10])
    found = {outlet: of_outlet.furniture() for outlet, of_outlet in counted.items()}
    return {outlet: lines for outlet, lines in found.items() if lines.edges or lines.anywhere}


def sampled(outlets: list[str]) -> np.ndarray:
    """In which articles of a corpus to count furniture: evenly spread ones of large outlets.

    Parameters
    ----------
    outlets : list of str
        Of each article.

    Returns
    -------
    bool array
    """
    sizes = Counter(outlets)
    room = max(1, MOST // max(len(sizes), 1))
    most = {outlet: min(MOST_OF_OUTLET, max(room, _FEWEST)) for outlet in sizes}
    if sum(sizes.values()) <= MOST:
        most = dict.fromkeys(sizes, MOST_OF_OUTLET)
    seen: Counter[str] = Counter()
    taken = np.zeros(len(outlets), bool)
    for i, outlet in enumerate(outlets):
        at, size, limit = seen[outlet], sizes[outlet], most[outlet]
        taken[i] = size <= limit or at * limit // size != (at - 1) * limit // size
        seen[outlet] += 1
    return taken


def furniture_lines(text: str, furniture: Furniture) -> Iterator[Edit]:
    """The lines of a text that are furniture.

    Parameters
    ----------
    text : str
    furniture : Furniture
        Of the text's outlet.

    Yields
    ------
    Edit
    """
    lines = list(_lines(text))
    known = [_digest(text[s:e]) if e - s <= _LONGEST else None for s, e in lines]
    if furniture.edges.isdisjoint(known) and furniture.anywhere.isdisjoint(known):
        return
    n = len(lines)
    edge = [False] * n
    for order, room in ((range(n), _FIRST), (range(n - 1, -1, -1), LAST)):
        for i in order:  # what stands beside furniture at an edge is at the edge
            if room <= 0:
                break
            edge[i] = True
            room -= known[i] not in furniture.edges and known[i] not in furniture.anywhere
    for i, (start, end) in enumerate(lines):
        at_edge = edge[i] and known[i] in furniture.edges
        if not at_edge and known[i] not in furniture.anywhere:
            continue
        if not _is_prose(text[start:end]):
            yield Edit(start, end, "", "furniture")


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for line in LINE.finditer(text):
        start, end = stripped(text, *line.span())
        if start < end:
            yield start, end


def _digest(line: str) -> int:
    """Of a line without its numbers, outer marks and capitals."""
    plain = _NUMBER.sub("0", line.casefold()).strip(_MARKS) or line
    return int.from_bytes(
        hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little"
    )


def _is_prose(line: str) -> bool:
    """Whether a line may be an article's own, however often it recurs."""
    if _QUOTED.search(line) or _TURN.match(line) or _CREDITS.search(line):
        return True
    return _SENTENCE.search(line[-_END:]) is not None and not _OF_SITE.search(line)


class _Counted:
    """The lines of one outlet's articles, each once an article."""

    def __init__(self):
        self._lines, self._lengths, self._at_edge = array("Q"), array("H"), array("B")
        self._bounds, self._days = array("Q", [0]), []

    def add(self, text: str, day: str) -> None:
        """Count one article."""
        lines = [line for piece in text.splitlines() if (line := piece.strip())]
        found = {}
        for i, line in enumerate(lines):
            # what is longer is no furniture, but tells which articles tell one story
            short = len(line) <= _LONGEST
            digest = _digest(line if short else line[:_LONGEST])
            found[digest] = min(len(line), _LONGEST + 1), i < _FIRST or i >= len(lines) - LAST
        self._lines.extend(found)
        self._lengths.extend(length for length, _ in found.values())
        self._at_edge.extend(edge for _, edge in found.values())
        self._bounds.append(len(self._lines))
        self._days.append(day)

    def furniture(self) -> Furniture:
        """Those lines that recur as furniture does."""
        n_articles, n_days = len(self._days), len(set(self._days) - {""})
        lines, lengths = np.array(self._lines, np.uint64), np.array(self._lengths)
        article = np.repeat(np.arange(n_articles), np.diff(np.array(self._bounds, np.int64)))
        order = np.argsort(lines, kind="stable")
        found, first, sizes = np.unique(lines[order], return_index=True, return_counts=True)
        edges, anywhere = set(), set()
        for which in np.flatnonzero(sizes >= _FEWEST).tolist():
            rows = order[first[which] : first[which] + sizes[which]]
            if lengths[rows[0]] > _LONGEST:
                continue
            holders = article[rows].tolist()
            if len({self._days[i] for i in holders} - {""}) < min(_FEWEST, n_days):
                continue
            some = np.unique(np.linspace(0, len(holders) - 1, SOME).astype(int)).tolist()
            n_stories = self._stories([holders[i] for i in some])
            share = len(holders) * n_stories / len(some) / n_articles
            if n_stories < _FEWEST:
                continue
            at_edge = np.mean([self._at_edge[row] for row in rows.tolist()])
            if at_edge >= AT_EDGE and share >= EDGE_SHARE:
                edges.add(int(found[which]))
            if share >= _SHARE:
                anywhere.add(int(found[which]))
        return Furniture(frozenset(edges), frozenset(anywhere))

    def _stories(self, articles: list[int]) -> int:
        """How many of some articles are not mostly the lines of one before."""
        told: list[dict[int, int]] = []
        for article in articles:
            rows = slice(self._bounds[article], self._bounds[article + 1])
            lines = dict(zip(self._lines[rows], self._lengths[rows]))
            total = sum(lines.values())
            if not any(
                sum(lines[line] for line in lines.keys() & other.keys())
                >= _SAME_STORY * min(total, sum(other.values()))
                for other in told
            ):
                told.append(lines)
        return len(told)
