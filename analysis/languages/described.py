"""What a text says of a name beside it: titles, modifiers, appositives and predicates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.languages.lists import words
from analysis.languages.tree import child, description

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

PERSONS, JUDGING = words("english", "persons"), words("english", "judging")
COURTESY = words("english", "courtesy")
LINKS = frozenset(("be", "become", "remain"))
_BOUND = frozenset("advmod amod appos cc compound conj nmod npadvmod pobj prep punct".split())
_IDLE = frozenset(("CCONJ", "ADP", "PUNCT"))
_STOPS = frozenset(("DET", "PRON", "AUX", "ADV"))
_NOUNS = frozenset(("NOUN", "PROPN", "ADJ"))


@dataclass(frozen=True)
class Phrase:
    """Words said of a name: construction, first and last word, and the word that classifies."""

    construction: str
    first: int
    last: int
    head: int | None = None


def personal(token: Token) -> bool:
    """Whether a word names one person.

    Parameters
    ----------
    token : spacy.tokens.Token

    Returns
    -------
    bool
    """
    known = token.lower_ in PERSONS or token.lemma_.lower() in PERSONS
    return known and token.pos_ in _NOUNS and token.tag_ not in ("NNS", "NNPS")


def beside(doc: Doc, start: int, end: int, body: bool = False) -> list[Phrase]:
    """Titles, modifiers, appositives and predicates of one mention.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    start, end : int
        The words of the mention, the last exclusive.
    body : bool
        Whether it is a body's.

    Returns
    -------
    list of Phrase
    """
    span = doc[start:end]
    root = span.root
    inner = root.dep_ in ("compound", "nmod") and end <= root.head.i < end + 4
    found = list(_before(doc, start, end, root, body, inner))
    if inner or root.tag_ == "POS":
        return found
    for head, construction in _heads(span, root):
        fits = head.pos_ == "NOUN" if body else personal(head)
        phrase = description(head)
        if fits and not (phrase.start < end and phrase.end > start):
            found.append(Phrase(construction, phrase.start, phrase.end - 1, head.i))
    return found


def _before(doc, start, end, root, body, inner) -> Iterator[Phrase]:
    """A title with the judging words before it; without a title, modifiers."""
    bound = _bound_before(doc, start, end, root)
    if not bound:
        return
    first, last = bound
    people = [i for i in range(first, last + 1) if personal(doc[i])]
    if people and people[-1] >= last - 3 or body and doc[last].pos_ == "NOUN":
        while first < last and (doc[first].lower_ in JUDGING or doc[first].tag_ in ("VBN", "VBG")):
            yield Phrase("modifier", first, first)
            first += 1
        yield Phrase("title", first, last, people[-1] if people else last)
    elif not inner:
        for i in range(first, last + 1):
            if doc[i].lower_ in JUDGING or doc[i].pos_ == "ADJ" and doc[i].text.islower():
                yield Phrase("modifier", i, i)


def _bound_before(doc, start, end, root) -> tuple[int, int] | None:
    """First and last word of what stands before a name in its noun phrase."""
    inside, i, begin = set(range(start, end)), start - 1, doc[start].sent.start
    while i >= begin:
        token, nearest = doc[i], i == start - 1
        of = token.lower_ == "of" and not nearest and i > begin and personal(doc[i - 1])
        bound = token.head.i in inside and token.dep_ in _BOUND or token.text == "-"
        if nearest:
            bound |= personal(token) or root.dep_ == "appos" and root.head.i == i
        stop = token.pos_ in _STOPS or token.tag_ == "POS" or token.dep_ == "nummod"
        stop |= token.pos_ == "VERB" and token.dep_ != "amod"
        stop |= token.is_punct and token.text != "-"
        if stop or not (bound or of):
            break
        inside.add(i)
        i -= 1
    kept = list(range(i + 1, start))
    idle = {k for k in kept if doc[k].pos_ in _IDLE or doc[k].lower_.strip(".") in COURTESY}
    while kept and kept[0] in idle:
        kept.pop(0)
    while kept and kept[-1] in idle:
        kept.pop()
    return (kept[0], kept[-1]) if kept else None


def _heads(span, root) -> Iterator[tuple[Token, str]]:
    """Nouns that are set beside a name or said of it by a verb."""
    beside = [c for t in span for c in t.children if c.dep_ == "appos"]
    beside += [x for c in beside for x in c.children if x.dep_ == "conj"]
    if root.dep_ == "appos" and root.head.i < span.start - 1 and root.head.pos_ == "NOUN":
        beside.append(root.head)
    for head in beside:
        yield head, "appositive"
    verbs = [c for t in span for c in t.children if c.dep_ == "relcl"]
    verbs = [v for v in verbs if (own := child(v, "nsubj")) is not None and own.lower_ == "who"]
    if root.dep_ in ("nsubj", "nsubjpass"):
        verbs.append(root.head)
        verbs += [c for c in root.head.children if c.dep_ == "conj" and child(c, "nsubj") is None]
    for verb in verbs:
        if verb.lemma_ in LINKS:
            for c in verb.children:
                if c.dep_ == "attr":
                    yield c, "predicate"
    if root.dep_ in ("nsubjpass", "dobj"):  # was named head; called him a liar; hailed as a star
        as_ = [c for h in (root, root.head) for c in h.children if c.lower_ == "as"]
        told = [c for c in root.head.children if c.dep_ == "oprd"]
        for c in [*told, *(c for h in as_ for c in h.children if c.dep_ == "pobj")]:
            yield c, "predicate"
