"""Entries of the codebook applied to an article: hits of frames and dictionaries, scores of sentences."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..codebook import Entry
from ..text import words_of
from .units import Columns, Remembered, Units

NEGATORS = frozenset("not no never neither nor none nobody nothing nowhere without cannot hardly barely scarcely rarely".split())
REACH = 3


class Matcher:
    """Finds an entry's words, words with any ending, and phrases among tokens; the longest match wins."""

    def __init__(self, entry: Entry):
        self.patterns: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
        self.prefixes: dict[str, list[tuple[tuple[str, ...], bool, str]]] = {}
        for pattern in entry.weights:
            words, open_end = tuple(words_of(pattern)), pattern.endswith("*")
            if words:
                table = self.prefixes if open_end and len(words) == 1 else self.patterns
                table.setdefault(words[0], []).append((words, open_end, pattern))
        for rows in self.patterns.values():
            rows.sort(key=lambda row: (-len(row[0]), row[1], row[2]))
        self.lengths = sorted({len(p) for p in self.prefixes}, reverse=True)
        self.opens = Remembered(self._opens)

    def find(self, words: list[str], sentence: list[int], places: Iterable[int] | None = None) -> list[tuple[int, int, str]]:
        """Matches as (first token, tokens, pattern), none over the end of a sentence; `places` are all whose words may open one."""
        found, free = [], 0
        for place in range(len(words)) if places is None else places:
            if place >= free and (match := self._at(words, sentence, place)) is not None:
                found.append((place, *match))
                free = place + match[0]
        return found

    def _opens(self, word: str) -> bool:
        """Whether a match may begin with a word."""
        return word in self.patterns or any(word[:length] in self.prefixes for length in self.lengths)

    def _at(self, words, sentence, place) -> tuple[int, str] | None:
        for pattern, open_end, name in self.patterns.get(words[place], ()):
            end = place + len(pattern)
            if end <= len(words) and sentence[end - 1] == sentence[place] and tuple(words[place:end - 1]) == pattern[:-1] and (
                    words[end - 1] == pattern[-1] or open_end and words[end - 1].startswith(pattern[-1])):
                return len(pattern), name
        for length in self.lengths:
            for _, _, name in self.prefixes.get(words[place][:length], ()) if len(words[place]) >= length else ():
                return 1, name
        return None


def apply_entry(units: Units, entry: Entry, matcher: Matcher) -> dict[str, Columns]:
    """Columns of `hits`, and for a dictionary of `scores`.

    A sentence's score is the mean weight of its matched words. In English the sign of one is turned where a negation
    stands among the three words before it, and words of names do not match: no praise is meant by "United States".
    """
    words, sentence = units.tokens.words, units.sentence_list
    opens = np.fromiter(map(matcher.opens.__getitem__, units.vocabulary), bool, len(units.vocabulary))
    found = matcher.find(words, sentence, np.flatnonzero(opens[units.numbers]).tolist())
    english = (entry.language or "").split("-")[0] == "en"
    if english and entry.kind == "dictionary":
        capital = units.capital.tolist()
        found = [(f, n, p) for f, n, p in found if not all(capital[f:f + n])]
    first = np.array([f for f, _, _ in found], np.int64)
    last = np.array([f + n - 1 for f, n, _ in found], np.int64)
    where = [sentence[f] for f in first]
    tables: dict[str, Columns] = {"hits": {
        "sentence": where, "entry": [entry.name] * len(found), "kind": [entry.kind] * len(found), "pattern": [p for _, _, p in found],
        "start": units.tokens.start[first], "end": units.tokens.end[last]}}
    if entry.kind == "dictionary":
        totals: dict[int, list[float]] = {}
        for place, s, (_, _, pattern) in zip(first.tolist(), where, found):
            negated = english and any(sentence[i] == s and (words[i] in NEGATORS or words[i].endswith("n't"))
                                      for i in range(max(0, place - REACH), place))
            totals.setdefault(s, []).append(-entry.weights[pattern] if negated else entry.weights[pattern])
        tables["scores"] = {"sentence": list(totals), "dictionary": [entry.name] * len(totals),
                            "score": [float(np.add.reduce(v)) / len(v) for v in totals.values()], "n_matched": [len(v) for v in totals.values()]}
    return tables
