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
