"""Labels that say nothing of whom they stand beside: "recent", "2012", "third", "letting"."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from analysis.text.tokens import words_of

TABLE = Path(__file__).parents[1] / "data" / "plain_labels.csv"
_ENDINGS = ("st", "nd", "rd", "th", "s", "m", "k", "bn")  # of a number: "17th", "90s", "5m"


@cache
def plain_words() -> frozenset[str]:
    """The words of the list: amounts, order, time, place, what a verb does, what an office has."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return frozenset(row["word"] for row in csv.DictReader(stream))


def says_nothing(label: str) -> bool:
    """Whether every word of a label is a number or on the list: it judges and names nobody.

    Examples
    --------
    >>> says_nothing("then current"), says_nothing("17th"), says_nothing("former president")
    (True, True, False)
    """
    return all(word in plain_words() or _is_number(word) for word in words_of(label))


def _is_number(word: str) -> bool:
    for ending in ("", *_ENDINGS):
        digits = word.removesuffix(ending).replace(",", "").replace(".", "")
        if word.endswith(ending) and digits.isdigit():
            return True
    return False
