"""The words of a passage in which its two sides differ."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from analysis.pages.measured import Measured
from analysis.pages.records import Mark
from analysis.reuse.marks import CREDITED

PRESENTED = {  # what an article does with a passage, by its colour
    "quoted": "quoted",
    "credited": "credited",
    "whole": "credited in a line for the whole article",
    "reported": "reported as somebody’s words, no outlet credited",
    "uncredited": "uncredited",
    "unknown": "not known whether credited",
}
_GLUE = re.compile(r"[:.,/'’-]")  # between two words of one token
_NUMBER = re.compile(
    r"(?i)\b(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|dozens?|hundreds?|thousands?|[mb]illions?|half"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|yesterday|today|tomorrow)\b"
)
_SHORT, _MOST = 4, 10  # words of a replacement that is listed; replacements


def changed_words(
    measured: Measured, row: dict, sides: str, number: int, kinds: tuple[str, str]
) -> tuple[list[Mark], list[Mark], list[tuple[str, str]]]:
    """A passage, the words in which its two sides differ, and which stand in place of which.

    `kinds` are what the passage is called on either side.
    """
    stretches = [(row[s], row[f"{s}_position"], row[f"{s}_words"]) for s in sides]
    spans = [measured.spans(*stretch) for stretch in stretches]
    texts = [measured.texts[article] for article, _, _ in stretches]
    found: tuple[list[Mark], list[Mark]] = ([], [])
    for of, kind in enumerate(kinds):
        start, end = spans[of][0][0], spans[of][-1][1]
        found[of].append(Mark(start, end, kind, number))
    equal = measured.equal(*stretches[0], *stretches[1]).tolist()
    equal = _whole(equal, [_glued(text, s) for text, s in zip(texts, spans)])
    replaced = []
    ends = [(-1, -1), *equal, (len(spans[0]), len(spans[1]))]
    for (i, j), (k, m) in zip(ends, ends[1:]):
        gaps = (i + 1, k), (j + 1, m)
        both = all(first < stop for first, stop in gaps)
        for of, (first, stop) in enumerate(gaps):
            if first < stop:
                start, end = spans[of][first][0], spans[of][stop - 1][1]
                found[of].append(Mark(start, end, "replaced" if both else "only"))
        if both and all(stop - first <= _SHORT for first, stop in gaps):
            old, new = (t[m[-1].start : m[-1].end].split() for t, m in zip(texts, found))
            replaced.append((" ".join(old), " ".join(new)))
    return *found, replaced


def _glued(text: str, spans: list[tuple[int, int]]) -> list[int]:
    """The number of the token that each word is of: "6:24" is two words and one token."""
    tokens = [0]
    for (_, end), (start, _) in zip(spans, spans[1:]):
        tokens.append(tokens[-1] + (_GLUE.fullmatch(text[end:start]) is None))
    return tokens


def _whole(equal: list[list[int]], tokens: list[list[int]]) -> list[list[int]]:
    """Those of the equal words that are of tokens equal in whole."""
    sizes = [Counter(of) for of in tokens]
    while True:
        there = [Counter(of[pair[side]] for pair in equal) for side, of in enumerate(tokens)]
        kept = [
            pair
            for pair in equal
            if all(there[s][tokens[s][i]] == sizes[s][tokens[s][i]] for s, i in enumerate(pair))
        ]
        if len(kept) == len(equal):
            return kept
        equal = kept


def facts_first(pairs: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Replacements for a short list: each once; figures first, then numbers, days and names.

    Examples
    --------
    >>> facts_first([("boots", "shoes"), ("Pruitt", "Prewitt"), ("two", "three"), ("6:42", "6:24")])
    (('6:42', '6:24'), ('two', 'three'), ('Pruitt', 'Prewitt'), ('boots', 'shoes'))
    """
    ranks = [re.compile(r"\d"), _NUMBER, re.compile(r"[^\W\d_a-z]")]  # the last: of a name

    def rank(pair: tuple[str, str]) -> int:
        return next((i for i, r in enumerate(ranks) if any(map(r.search, pair))), len(ranks))

    return tuple(sorted(dict.fromkeys(pairs), key=rank)[:_MOST])


def colour_of(mark: object) -> str:
    """The colour of a passage: what its article does with the words."""
    if pd.isna(mark):
        return "unknown"
    return "credited" if mark in CREDITED else str(mark)
