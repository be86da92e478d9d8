"""What a text says of a name beside it: titles, modifiers, appositives and predicates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.languages.tree import child, description
from analysis.text.lists import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

LONGEST_LABEL = 6  # words
_TELLING = frozenset("dame lady lord prof professor rev".split())  # forms of address that tell
_BOUND = frozenset("advmod amod appos cc compound conj nmod npadvmod pobj prep punct".split())
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
    persons = words(token.lang_, "persons")
    known = token.lower_.rstrip(".") in persons or token.lemma_.lower() in persons
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
    if not root.dep_:
        return []  # a list of names, which is not parsed
    inner = root.dep_ in ("compound", "nmod")
    found = list(_before(doc, start, end, root, body, inner))
    if not found and root.dep_ == "appos" and personal(root.head) and root.head.i < start:
        found = list(_led(root.head))
    if inner or root.tag_ == "POS":
        return found
    for head, construction in _heads(span, root):
        article = child(head, "det")
        said = "" if article is None else article.norm_
        # nouns that no list has: "a florist", "is the darling of all"
        classed = said in ("a", "an") or said == "the" and construction == "predicate"
        known = body and head.pos_ == "NOUN" or personal(head) or head.tag_ == "NN" and classed
        if known and said != "no":
            found.append(described(head, construction))
    return found


def described(head: Token, construction: str = "noun") -> Phrase:
    """The words of a description: what stands before its noun, and "of ..." behind it.

    The name of a body behind the noun belongs to it: "chair of the Quayside Residents".

    Parameters
    ----------
    head : spacy.tokens.Token
    construction : str

    Returns
    -------
    Phrase
    """
    phrase, doc = description(head), head.doc
    of = next((c for c in head.children if c.norm_ == "of" and c.i == phrase.end), None)
    whole = phrase if of is None else doc[phrase.start : of.right_edge.i + 1]
    end = phrase.end if len(whole) > LONGEST_LABEL else whole.end
    return Phrase(construction, phrase.start, end - 1, head.i)


def _led(head: Token) -> Iterator[Phrase]:
    """A title set off by a comma: "the port's embattled director, Ada Orr"."""
    phrase, owner = description(head), child(head, "poss", "det")
    first = max(phrase.start, owner.right_edge.i + 1) if owner is not None else phrase.start
    yield from _titled(head.doc, first, phrase.end - 1, head.i)


def _titled(doc: Doc, first: int, last: int, head: int) -> Iterator[Phrase]:
    """Judging words before a title are modifiers."""
    for start, end in _words(doc, first, head - 1):
        deed = end == start + 1 and doc[start].tag_ in ("VBN", "VBG")
        if not (deed or _judging(doc[start:end])):
            break
        yield Phrase("modifier", start, end - 1)
        first = end
    yield Phrase("title", first, last, head)


def _words(doc: Doc, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Words from one to another, those with hyphens whole ("right-wing"); ends are exclusive."""
    while first <= last:
        end = first + 1
        while end < last and doc[end].text == "-":
            end += 2
        yield first, end
        first = end


def _judging(span: Span) -> bool:
    return span.text.lower() in words(span.doc.lang_, "judging")


def _before(doc: Doc, start: int, end: int, root: Token, body: bool, inner: bool):
    """A title with the judging words before it; without a title, modifiers."""
    address = words(doc.lang_, "courtesy") - _TELLING
    bound = range(_bound_before(doc, start, end, root), start)
    said = [i for i in bound if doc[i].lower_.strip(".") not in address]
    first, last = (said[0], said[-1]) if said else (start, start - 1)
    people = [i for i in said if personal(doc[i])]
    if people and people[-1] >= last - 3 or first <= last and body and doc[last].pos_ == "NOUN":
        yield from _titled(doc, first, last, people[-1] if people else last)
    elif not inner:
        for one, after in _words(doc, first, last):
            span = doc[one:after]
            if _judging(span) or doc[after - 1].pos_ == "ADJ" and span.text.islower():
                yield Phrase("modifier", one, after - 1)


def _bound_before(doc: Doc, start: int, end: int, root: Token) -> int:
    """The first word of what stands before a name in its noun phrase."""
    inside, i, begin = set(range(start, end)), start - 1, doc[start].sent.start
    while i >= begin:
        token, nearest = doc[i], i == start - 1
        bound = token.head.i in inside and token.dep_ in _BOUND or token.text == "-"
        bound |= nearest and personal(token) or _judging(doc[i : i + 1])
        if root.dep_ == "appos" and root.head.i <= i and doc.lang_ != "en":
            bound |= root.head in (token, token.head)  # "la députée écologiste Rose Danton"
        stop = token.pos_ in _STOPS or token.pos_ == "VERB" and token.dep_ != "amod"
        stop |= token.is_punct and token.text != "-"
        if not nearest and doc[i + 1].text == "-" and not token.whitespace_:
            bound, stop = True, token.is_punct  # a half would say the contrary: "little-known"
        if stop or not bound:
            break
        inside.add(i)
        i -= 1
    return i + 1


def _heads(span, root) -> Iterator[tuple[Token, str]]:
    """Nouns that are set beside a name or said of it by a verb."""
    beside = [c for t in span for c in t.children if c.dep_ == "appos"]
    for head in (*beside, *(x for c in beside for x in c.children if x.dep_ == "conj")):
        yield head, "appositive"
    verb, clauses = root.head, [c for t in span for c in t.children if c.dep_ in ("relcl", "acl")]
    is_ = [v for v in clauses if (own := child(v, "nsubj")) is not None and own.norm_ == "who"]
    if root.dep_ in ("nsubj", "nsubjpass"):
        is_ += [verb, *(c for c in verb.children if c.dep_ == "conj" and not child(c, "nsubj"))]
    told = [*clauses]
    if root.dep_ in ("nsubjpass", "dobj", "oprd", "nsubj"):
        told.append(verb)
    if root.dep_ == "pobj" and verb.head.lemma_ == "refer":
        told.append(verb.head)  # "referred to Orr as a star"
    # is a star; was named head; called him a liar; whom they hailed as a star; known as
    for verbs, nouns in ((is_, _linked), (told, lambda v: _called(v, root))):
        for verb in verbs:
            if child(verb, "neg") is None:
                yield from ((noun, "predicate") for noun in nouns(verb))


def _linked(verb: Token) -> Iterator[Token]:
    """What a verb says that its subject is."""
    short = verb.tag_ in ("VBZ", "VBP") and verb.text[:1] in "'’"
    if short or verb.lemma_ in ("be", "become", "remain"):
        for c in verb.children:
            if c.dep_ == "attr" or short and c.dep_ == "dobj" and c.i > verb.i:
                yield c


def _called(verb: Token, root: Token) -> Iterator[Token]:
    """What a verb says that somebody is called or seen as."""
    active = root.dep_ == "nsubj" and root.head == verb
    if active and (verb.lemma_ == "refer" or child(verb, "dobj") is not None):
        return  # "Orr hailed her as a star"
    for c in verb.children:
        noun = c if c.dep_ == "oprd" else child(c, "pobj") if c.norm_ == "as" else None
        # "emerged as a leader"
        if noun is not None and (not active or noun != c and personal(noun)):
            yield noun
