"""Labels: the words by which a text names or classifies an actor."""

from __future__ import annotations

from dataclasses import dataclass

TITLE, MODIFIER, APPOSITIVE, NOUN, PREDICATE = CONSTRUCTIONS = (
    "title",
    "modifier",
    "appositive",
    "noun",
    "predicate",
)
# how sure the bearer of a label is: the words stand at the name; before or behind it between
# commas; a verb links them
BESIDE, ASIDE, LINKED, THROUGH_PRONOUN = 1.0, 0.95, 0.9, 0.75


@dataclass(frozen=True)
class Label:
    """What an actor is called: actor, construction, start, end, whether it stands in quotation
    marks, and how sure its bearer is (0 to 1).
    """

    actor: str
    construction: str
    start: int
    end: int
    quoted: bool
    confidence: float


@dataclass(frozen=True)
class Worded:
    """A label in words: first and last word (inclusive) and the word that classifies."""

    actor: str
    construction: str
    first: int
    last: int
    head: int
    confidence: float
