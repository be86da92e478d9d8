"""Dimensions: what each value of a text measures, so that values of one can be compared."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from analysis.text.lists import english_words
from analysis.text.tokens import Tokens
from analysis.text.values import Value

BEHIND, BEFORE = 7, 3  # words behind and before a number in which it may be said what it counts
_FACTORS: dict[str, dict[str, float]] = {
    "time": {"second": 1 / 60, "minute": 1, "hour": 60, "day": 1440, "week": 10080},
    "months": {"month": 1, "year": 12},
    "metres": {"cm": 0.01, "m": 1, "km": 1000},
    "feet": {"foot": 1, "yard": 3, "inch": 1 / 12, "mile": 5280},
    "mass": {"kg": 0.001, "tonne": 1},
}
# unit: its dimension, and how many of that dimension's it is
UNITS = {unit: (of, factor) for of, units in _FACTORS.items() for unit, factor in units.items()}
# what is counted in the news of accidents and wars, under one head, as outlets word it differently
_COUNTED = {word: head for head in ("dead", "injured") for word in english_words(head)}
_MORE = english_words("more")


def unit_dimension(kind: str, value: str) -> str:
    """What the unit of a value says that it measures; empty for a mere number.

    Parameters
    ----------
    kind : str
        As of `Value`.
    value : str

    Returns
    -------
    str

    Examples
    --------
    >>> unit_dimension("number", "12 km"), unit_dimension("date", "1998")
    ('metres', 'date')
    """
    if kind == "number":
        unit = value.partition(" ")[2]
        return UNITS.get(unit, (unit, 1))[0]
    return "time of day" if kind == "time" else kind


def find_dimensions(
    values: list[Value], tokens: Tokens, sentence: np.ndarray, *, english: bool = True
) -> list[str]:
    """What each value measures.

    A number near to a word for the dead or the injured counts them ("dead", "more dead",
    "injured"), an age is somebody's ("year-old Ada Orr").

    Parameters
    ----------
    values : list of Value
        Of one text, in order.
    tokens : Tokens
    sentence : int array of shape (n_tokens,)
        The sentence of each token.
    english : bool
        Whether words count that say what a number counts.

    Returns
    -------
    list of str
        "" for mere numbers and for names.

    Examples
    --------
    >>> from analysis.text.tokens import tokenise
    >>> text = "Seven died. Ada Orr, 71, ran 3 km."
    >>> found = [Value(0, 5, "number", "7"), Value(12, 19, "name", "Ada Orr")]
    >>> found += [Value(21, 23, "number", "71 year-old"), Value(29, 33, "number", "3 km")]
    >>> find_dimensions(found, tokenise(text), np.array([0, 0, 1, 1, 1, 1, 1, 1]))
    ['dead', '', 'year-old Ada Orr', 'metres']
    """
    first = np.searchsorted(tokens.end, [v.start for v in values], side="right").tolist()
    stop = np.searchsorted(tokens.start, [v.end for v in values], side="left").tolist()
    said = [
        unit_dimension(value.kind, value.value) if value.kind != "name" else "" for value in values
    ]
    if not english or not values:
        return said
    words = _Words(values, first, stop, tokens, sentence)
    for i, value in enumerate(values):
        if value.kind == "number" and not said[i]:
            said[i] = words.counted(first[i], stop[i])
        elif said[i] == "year-old":
            said[i] = f"year-old {words.aged(first[i], stop[i])}".strip()
    return said


class _Words:
    """The words around the values of a text."""

    def __init__(
        self,
        values: list[Value],
        first: list[int],
        stop: list[int],
        tokens: Tokens,
        sentence: np.ndarray,
    ):
        self._words, self._sentence = tokens.words, sentence.tolist()
        # more than a space or hyphen before the word
        self._apart = [False, *(tokens.start[1:] > tokens.end[:-1] + 1).tolist(), False]
        within = [v.kind != "name" and b > a for v, a, b in zip(values, first, stop)]
        self._numbers = {a for v, a, ok in zip(values, first, within) if ok and v.kind == "number"}
        named = [
            (a, b, v.value)
            for v, a, b in zip(values, first, stop)
            if v.kind == "name" and " " in v.value and b > a
        ]
        self._starts = [a for a, _, _ in named]
        self._stops, self._people = [b for _, b, _ in named], [name for *_, name in named]

    def counted(self, first: int, stop: int) -> str:
        """What a number counts, if it is said near to it and no other number stands between.

        The injured are often reported as so many more than the dead.
        """
        if first >= len(self._words):
            return ""
        here = self._sentence[first]
        behind = range(stop, min(stop + BEHIND, len(self._words)))
        before = range(first - 1, max(first - BEFORE, 0) - 1, -1)
        more = False
        if head := self._counted_of(first, here):
            return head
        for places, apart in ((behind, 0), (before, 1)):
            for place in places:
                if self._sentence[place] != here:
                    break
                if place in self._numbers or self._apart[place + apart]:
                    break
                more |= self._words[place] in _MORE
                if head := _COUNTED.get(self._words[place]):
                    return "more dead" if more and head == "dead" else head
        return ""

    def _counted_of(self, first: int, here: int) -> str:
        """What a number counts that stands behind "the death of" or "the deaths of at least"."""
        for place in range(first - 1, max(first - BEFORE, 1) - 1, -1):
            if self._sentence[place - 1] != here or self._apart[place + 1]:
                break
            if self._words[place] == "of":
                return _COUNTED.get(self._words[place - 1], "")
        return ""

    def aged(self, first: int, stop: int) -> str:
        """Whose age it is.

        Who is named right before or behind it, else who was named last, in its sentence or the one
        before it.
        """
        starts, stops, people = self._starts, self._stops, self._people
        after = bisect_left(starts, first)
        before = after - 1
        if before >= 0 and stops[before] == first:
            return people[before]
        last = len(self._sentence) - 1
        here = self._sentence[min(first, last)]
        if after < len(starts) and starts[after] <= stop + 2:
            if self._sentence[starts[after]] == here:
                return people[after]
        if before >= 0 and here - self._sentence[starts[before]] <= 1:
            return people[before]
        return ""
