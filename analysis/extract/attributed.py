"""Attributions of one article: its sentences parsed, who speaks, thinks and shows what."""

from __future__ import annotations

from functools import cached_property

import regex

from analysis.languages.attributions import Attribution, attributions
from analysis.languages.people import People
from analysis.languages.syntax import Parse, Syntax
from analysis.text.lists import words
from analysis.text.quotes import Quote

_WORD = regex.compile(r"[\p{L}]+")


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
    """

    def __init__(
        self, syntax: Syntax, text: str, sentences: list[tuple[int, int, int]], quotes: list[Quote]
    ):
        self.quotes = [(quote.start, quote.end) for quote in quotes]
        self.text, self._sentences = text, sentences
        self.parse = Parse(syntax, text, sentences)

    @cached_property
    def wanted(self) -> list[int]:
        """The sentences in which something may be attributed: by a cue or a quotation."""
        cues, found, at = words(self.parse.syntax.language, "cues"), set(), 0
        if not cues:  # of other languages every sentence is read
            return list(range(len(self._sentences)))
        for number, (start, end, _) in enumerate(self._sentences):
            while at < len(self.quotes) and self.quotes[at][1] <= start:
                at += 1
            quoted = at < len(self.quotes) and self.quotes[at][0] < end
            if quoted and number:  # who was spoken of before it
                found.add(number - 1)
            if quoted or not cues.isdisjoint(_WORD.findall(self.text[start:end].lower())):
                found.add(number)
        return sorted(found)

    @cached_property
    def doc(self):
        """The article, parsed where something may be read."""
        return self.parse.doc(self.wanted)

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
