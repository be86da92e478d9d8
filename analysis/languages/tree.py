"""Trees: phrases and subjects in a dependency parse (the labels of spaCy's English models)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

Spans = list[tuple[int, int]]  # starts and ends in characters
SUBJECTS = frozenset(("nsubj", "nsubjpass", "csubj", "csubjpass", "expl"))
_LOOSE = frozenset("relcl appos punct acl parataxis advcl cc conj".split())
_OPENING = frozenset(("of", "to", "for", "in"))
_HIGHEST = 5  # clauses above a verb in which its subject may stand
EDGE_MARKS = frozenset(",;:—–-. ")


def child(token: Token, *labels: str) -> Token | None:
    """The first word below a word that hangs by one of these labels."""
    return next((c for c in token.children if c.dep_ in labels), None)


def edges(tokens: Iterable[Token]) -> tuple[int, int] | None:
    """First and last character (exclusive) of words, without the marks around them."""
    kept = [(t.idx, t.idx + len(t)) for t in tokens if not t.is_space and t.text not in EDGE_MARKS]
    return (min(kept)[0], max(kept)[1]) if kept else None


def noun_phrase(head: Token) -> list[Token]:
    """A noun with what stands before it and "of ...", without clauses and names of bodies."""
    outside = {t for c in head.subtree if c != head and c.dep_ in _LOOSE for t in c.subtree}
    for c in head.children:
        of = c.i > head.i and c.dep_ == "prep"
        named = of and any(t.pos_ == "PROPN" for t in c.subtree)
        if c.dep_ == "case" or named or of and c.norm_ not in _OPENING:
            outside.update(c.subtree)
    return [t for t in head.subtree if t not in outside]


def description(head: Token) -> Span:
    """A noun phrase from its article on, with the ending of a genitive."""
    doc: Doc = head.doc
    inside = [t.i for t in noun_phrase(head) if not t.is_space]
    first, last = min(inside), max(inside)
    first = next((c.i for c in head.children if c.dep_ == "det" and c.i < head.i), first)
    while first > 1 and doc[first - 1].text == "-":
        first -= 2
    genitive = last + 1 < len(doc) and doc[last + 1].tag_ == "POS"
    return doc[first : last + 1 + genitive]


def subject_of(verb: Token) -> Token | None:
    """Who does what a verb says: its own subject or agent, or that of the clauses above it."""
    for _ in range(_HIGHEST):
        own, agent = child(verb, *SUBJECTS), child(verb, "agent")
        if child(verb, "auxpass", "nsubjpass") is not None:
            return child(agent, "pobj") if agent is not None else None
        if own is not None:
            relative = own.tag_ in ("WP", "WDT") and verb.dep_ == "relcl"
            return verb.head if relative else own
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in ("NOUN", "PROPN", "PRON"):
            if verb.tag_ != "VBN":
                return verb.head
            return child(agent, "pobj") if agent is not None else None
        if verb.dep_ not in ("conj", "xcomp", "advcl", "pcomp", "ccomp") or verb.head == verb:
            return None
        verb = verb.head.head if verb.head.dep_ == "prep" else verb.head
    return None


def inside(doc: Doc, quotes: Sequence[tuple[int, int]]) -> list[int]:
    """The quotation that each word stands in.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    quotes : sequence of (start, end)
        In characters, not overlapping.

    Returns
    -------
    list of int
        Their numbers in the order of the text, from 1 on; 0 outside quotations.
    """
    quotes = sorted(quotes)
    starts = [start for start, _ in quotes]
    last = [bisect_right(starts, token.idx) for token in doc]
    return [n if n and token.idx < quotes[n - 1][1] else 0 for n, token in zip(last, doc)]
