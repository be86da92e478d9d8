"""Site furniture by its recurrence: lines that stand in many articles of one outlet.

What recurs may also be copied: wire copy, updates of one story, background that each report of a
trial repeats. Furniture is told from it by four signs: it is short; it stands in articles that else
share nothing, of several days; it stands at their edges, or in a good part of all articles; and a
whole sentence is furniture only at the edges, of many articles, or where it speaks of the site.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import regex

from analysis.clean.boxes import LINE, stripped
from analysis.clean.edits import Edit

LONGEST = 300  # characters of a line of furniture
FIRST, LAST = 3, 5  # lines at the edges of an article
FEWEST = 3  # articles, of different days, that else share nothing
# Share of an outlet's articles that hold a line: at their edges, anywhere, and of whole sentences
EDGE_SHARE, SHARE, SENTENCE_SHARE = 0.008, 0.04, 0.1
MOST_OF_OUTLET, MOST = 2_000, 60_000  # articles that are counted
AT_EDGE = 0.7  # of the articles with a line have it at an edge
STORY = 150  # characters of the longest lines that tell stories apart
LABEL, SENTENCE = 0, 1
_NUMBER = re.compile(r"\d+")
_MARKS = " .:;,!?…*•·|-–—_[]()>"
_QUOTED = regex.compile(r"[“”„«»\"]")
_TURN = regex.compile(r"(?:\p{Lu}[\p{Lu}.'’ -]+|Q|A|\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?):(?=\s+\S)")
_SENTENCE = regex.compile(r"(?:\S+\s+){3,}\S*(?:\p{Ll}|\d|\))[.!?…][’)]*$")
# Sentences that speak of the site, its writers, its letters or what may be done with it
_OF_SITE = regex.compile(
    r"https?:|www\.|@|\b(?:follow|subscribe|newsletter|sign up|click|visit|e-?mail"
    r"|reached at|inbox|columnist|editor|editorial|contributor|correspondent|syndicated|host of"
    r"|author of|fellow at|copyright|rights|opinions? expressed|views expressed|our journalism"
    r"|abonn\w+|redaktion|rédaction|redactie|redacción|redazione)\b",
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
    frequent : frozenset of int
        Those of them that are even if they are sentences.
    anywhere : frozenset of int
        Lines that are furniture wherever they stand, if they are no sentences.
    """

    edges: frozenset[int] = frozenset()
    frequent: frozenset[int] = frozenset()
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
    >>> texts = [f"Story {name} is told.\n\nThe Lantern app is here" for name in "abc"]
    >>> found = find_furniture([("Lantern", "", text) for text in texts])
    >>> clean(texts[0], found["Lantern"]).text
    'Story a is told.\n\n'
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
    most = {outlet: min(MOST_OF_OUTLET, max(room, FEWEST)) for outlet in sizes}
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
    known = [_digest(text[s:e]) if e - s <= LONGEST else None for s, e in lines]
    if furniture.edges.isdisjoint(known) and furniture.anywhere.isdisjoint(known):
        return
    n = len(lines)
    edge = [False] * n
    for order, room in ((range(n), FIRST), (range(n - 1, -1, -1), LAST)):
        for i in order:  # what stands beside furniture at an edge is at the edge
            if room <= 0:
                break
            edge[i] = True
            room -= known[i] not in furniture.edges and known[i] not in furniture.anywhere
    for i, (start, end) in enumerate(lines):
        at_edge = edge[i] and known[i] in furniture.edges
        if not at_edge and known[i] not in furniture.anywhere:
            continue
        kind = _kind(text[start:end])
        if kind == LABEL or kind == SENTENCE and at_edge and known[i] in furniture.frequent:
            yield Edit(start, end, "", "furniture")


def _lines(text: str) -> Iterator[tuple[int, int]]:
    for line in LINE.finditer(text):
        start, end = stripped(text, *line.span())
        if start < end:
            yield start, end


def _digest(line: str) -> int:
    """Of a line without its numbers, outer marks and capitals."""
    plain = _NUMBER.sub("0", line.casefold()).strip(_MARKS) or line
    return int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8).digest(), "little")


def _kind(line: str) -> int | None:
    """Whether a line is a label or a sentence; None for what is never furniture."""
    if _QUOTED.search(line) or _TURN.match(line) or _CREDITS.search(line):
        return None
    return SENTENCE if _SENTENCE.search(line) and not _OF_SITE.search(line) else LABEL


class _Counted:
    """The short lines of one outlet's articles, each once an article."""

    def __init__(self):
        self._lines, self._at_edge = array("Q"), array("B")
        self._sizes, self._stories, self._days = array("I"), array("Q"), []

    def add(self, text: str, day: str) -> None:
        lines = [line for piece in text.splitlines() if (line := piece.strip())]
        longest = heapq.nlargest(3, lines, len)
        self._stories.append(min((_digest(line[:STORY]) for line in longest), default=0))
        self._days.append(day)
        found = {}
        for i, line in enumerate(lines):
            if len(line) <= LONGEST:
                found[_digest(line)] = i < FIRST or i >= len(lines) - LAST
        self._lines.extend(found.keys())
        self._at_edge.extend(found.values())
        self._sizes.append(len(found))

    def furniture(self) -> Furniture:
        """Those that recur as furniture does."""
        n_articles, n_days = len(self._days), len(set(self._days) - {""})
        lines = np.array(self._lines, np.uint64)
        article = np.repeat(np.arange(n_articles), self._sizes)
        order = np.argsort(lines, kind="stable")
        found, first, sizes = np.unique(lines[order], return_index=True, return_counts=True)
        edges, frequent, anywhere = set(), set(), set()
        for which in np.flatnonzero(sizes >= FEWEST).tolist():
            rows = order[first[which] : first[which] + sizes[which]]
            holders = article[rows].tolist()
            n = len({self._stories[i] for i in holders})
            if n < FEWEST or len({self._days[i] for i in holders} - {""}) < min(FEWEST, n_days):
                continue
            digest, share = int(found[which]), n / n_articles
            at_edge = np.mean([self._at_edge[row] for row in rows.tolist()]) >= AT_EDGE
            if at_edge and share >= EDGE_SHARE:
                edges.add(digest)
            if at_edge and share >= SENTENCE_SHARE:
                frequent.add(digest)
            if share >= SHARE:
                anywhere.add(digest)
        return Furniture(frozenset(edges), frozenset(frequent), frozenset(anywhere))
