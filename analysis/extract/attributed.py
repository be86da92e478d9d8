"""Attributions of one article: its sentences parsed, who speaks, thinks and shows what."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

import regex

from analysis.languages.attributions import Attribution, attributions
from analysis.languages.people import People
from analysis.languages.syntax import Parse, Syntax
from analysis.text.lists import words
from analysis.text.quotes import Quote

if TYPE_CHECKING:
    from analysis.languages.mentions import Actors

# which sentences are parsed: all; those that name an actor or hold a quotation; none
PARSES = PARSE_ALL, PARSE_VOICES, PARSE_NONE = ("all", "voices", "none")
_WORD = regex.compile(r"[\p{L}]+")
_LABEL = 80  # characters in which a headline may say who speaks, and a colon
_GOES_ON = frozenset(("he", "she", "they", "it"))


class ParsedArticle:
    """What a parser makes of one article; each thing is made when it is first asked for.

    Parameters
    ----------
    syntax : Syntax
    text : str
        With plain marks of quotation and blanks for the labels of turns.
    sentences : list of (start, end, paragraph)
    quotes : list of Quote
        Outside the turns.
    actors : Actors, optional
        Those beside whom alone, and beside quotations, sentences are parsed; all sentences are if
        not given.
    """

    def __init__(
        self,
        syntax: Syntax,
        text: str,
        sentences: list[tuple[int, int, int]],
        quotes: list[Quote],
        actors: Actors | None = None,
    ):
        self.quotes = [(quote.start, quote.end) for quote in quotes]
        self.text, self._sentences, self._actors = text, sentences, actors
        self.parse = Parse(syntax, text, sentences)

    @cached_property
    def wanted(self) -> list[int]:
        """The sentences in which something may be attributed: by a cue or a quotation."""
        if self._actors is not None:
            return self._near(self._actors)
        cues, found, at = words(self.parse.syntax.language, "cues"), set(), 0
        if not cues:  # of other languages every sentence is read
            return list(range(len(self._sentences)))
        for number, (start, end, _) in enumerate(self._sentences):
            while at < len(self.quotes) and self.quotes[at][1] <= start:
                at += 1
            quoted = at < len(self.quotes) and self.quotes[at][0] < end
            if quoted and number:  # who was spoken of before it
                found.add(number - 1)
            led = ":" in self.text[start : start + _LABEL]
            if quoted or led or not cues.isdisjoint(self._words(number)):
                found.add(number)
        return sorted(found)

    def _near(self, actors: Actors) -> list[int]:
        """The sentences that name an actor or hold a quotation.

        And the one before a quotation that has its sentence to itself, where its speaker may be
        named, and the one that goes on about an actor ("He said ...").
        """
        starts = [start for start, _, _ in self._sentences]
        named = {bisect_right(starts, at) - 1 for at in actors.starts(self.text)}
        quoted: set[int] = set()
        for start, end in self.quotes:
            first, stop = bisect_right(starts, start) - 1, bisect_left(starts, end)
            ends = self._sentences[stop - 1][1]
            alone = not _WORD.search(self.text, starts[first], start)
            alone = alone and not _WORD.search(self.text, end, max(ends, end))
            quoted.update(range(max(first - alone, 0), stop))
        after = {
            n + 1
            for n in named
            if n + 1 < len(starts) and not _GOES_ON.isdisjoint(self._words(n + 1))
        }
        return sorted(n for n in named | quoted | after if n >= 0)

    def _words(self, number: int) -> list[str]:
        start, end, _ = self._sentences[number]
        return _WORD.findall(self.text[start:end].lower())

    @cached_property
    def doc(self):
        """The article, parsed where something may be read."""
        return self.parse.doc(self.wanted)

    @cached_property
    def whole(self):
        """The article, parsed wherever an actor may be called something."""
        return self.parse.doc(None if self._actors is None else self.wanted)

    @cached_property
    def people(self) -> People:
        """Whom its names, pronouns and descriptions mean."""
        return People(self.doc, self.quotes)

    @cached_property
    def attributions(self) -> list[Attribution]:
        """Who speaks, thinks and shows what; one of them for each quotation."""
        if not self.wanted:
            return []
        return attributions(self.doc, self.quotes, self.people)
