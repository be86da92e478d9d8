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
COPULAS = frozenset(("be", "become", "remain"))
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
        phrase = described(head)
        article = child(head, "det")
        denied = article is not None and article.lower_ == "no"
        if denied:
            continue
        if body and head.pos_ == "NOUN" or personal(head) or _classed(head, construction):
            found.append(Phrase(construction, phrase.start, phrase.end - 1, head.i))
    return found


def described(head: Token) -> Span:
    """The words of a description: what stands before its noun, and "of ..." behind it.

    The name of a body behind the noun belongs to it: "chair of the Quayside Residents".

    Parameters
    ----------
    head : spacy.tokens.Token

    Returns
    -------
    spacy.tokens.Span
    """
    phrase = description(head)
    of = next((c for c in head.children if c.norm_ == "of" and c.i == phrase.end), None)
    whole = phrase if of is None else head.doc[phrase.start : of.right_edge.i + 1]
    behind = head.doc[min(whole.end, len(head.doc) - 1)]
    cut = behind.tag_ in ("POS", "CC") or behind.text in ("-", "’")
    return phrase if cut or len(whole) > LONGEST_LABEL else whole


def _classed(head: Token, construction: str) -> bool:
    """Whether a noun that no list has classifies somebody: "a florist", "is the darling of all"."""
    article = child(head, "det")
    articles = ("a", "an") if construction == "appositive" else ("a", "an", "the")
    return head.tag_ == "NN" and article is not None and article.norm_ in articles


def _led(head: Token) -> Iterator[Phrase]:
    """A title set off by a comma: "the port's embattled director, Ada Orr"."""
    phrase, owner = description(head), child(head, "poss", "det")
    first = max(phrase.start, owner.right_edge.i + 1) if owner is not None else phrase.start
    yield from _titled(head.doc, first, phrase.end - 1, head.i)


def _titled(doc, first: int, last: int, head: int) -> Iterator[Phrase]:
    """Judging words before a title are modifiers."""
    while first < head:
        end = _joined(doc, first, head)
        judging = doc[first : end + 1].text.lower() in words(doc.lang_, "judging")
        if not judging and (end > first or doc[first].tag_ not in ("VBN", "VBG")):
            break
        yield Phrase("modifier", first, end)
        first = end + 1
    yield Phrase("title", first, last, head)


def _joined(doc, first: int, before: int) -> int:
    """The last part of a word with hyphens, such as "right-wing"."""
    while first + 2 < before and doc[first + 1].text == "-":
        first += 2
    return first


def _before(doc, start, end, root, body, inner) -> Iterator[Phrase]:
    """A title with the judging words before it; without a title, modifiers."""
    bound = _bound_before(doc, start, end, root)
    if not bound:
        return
    first, last = bound
    people = [i for i in range(first, last + 1) if personal(doc[i])]
    if people and people[-1] >= last - 3 or body and doc[last].pos_ == "NOUN":
        yield from _titled(doc, first, last, people[-1] if people else last)
    elif not inner:
        while first <= last:
            end = _joined(doc, first, last + 1)
            said = doc[first : end + 1].text
            if (
                said.lower() in words(doc.lang_, "judging")
                or doc[end].pos_ == "ADJ"
                and said.islower()
            ):
                yield Phrase("modifier", first, end)
            first = end + 1


def _bound_before(doc, start, end, root) -> tuple[int, int] | None:
    """First and last word of what stands before a name in its noun phrase."""
    inside, i, begin = set(range(start, end)), start - 1, doc[start].sent.start
    while i >= begin:
        token, nearest = doc[i], i == start - 1
        of = token.norm_ == "of" and not nearest and i > begin and personal(doc[i - 1])
        bound = token.head.i in inside and token.dep_ in _BOUND or token.text == "-"
        bound |= nearest and personal(token) or token.lower_ in words(doc.lang_, "judging")
        if root.dep_ == "appos" and root.head.i <= i and doc.lang_ != "en":
            bound |= root.head in (token, token.head)  # "la députée écologiste Rose Danton"
        stop = token.pos_ in _STOPS
        stop |= token.pos_ == "VERB" and token.dep_ != "amod"
        stop |= token.is_punct and token.text != "-"
        if not nearest and doc[i + 1].text == "-" and not token.whitespace_:
            bound, stop = True, token.is_punct  # a half would say the contrary: "little-known"
        if stop or not (bound or of):
            break
        inside.add(i)
        i -= 1
    kept = list(range(i + 1, start))
    address = words(doc.lang_, "courtesy")
    called = {k: doc[k].lower_.strip(".") for k in kept}
    idle = {k for k, word in called.items() if word in address and word not in _TELLING}
    while kept and kept[0] in idle:
        kept.pop(0)
    while kept and kept[-1] in idle:
        kept.pop()
    return (kept[0], kept[-1]) if kept else None


def _heads(span, root) -> Iterator[tuple[Token, str]]:
    """Nouns that are set beside a name or said of it by a verb."""
    beside = [c for t in span for c in t.children if c.dep_ == "appos"]
    beside += [x for c in beside for x in c.children if x.dep_ == "conj"]
    for head in beside:
        yield head, "appositive"
    clauses = [c for t in span for c in t.children if c.dep_ in ("relcl", "acl")]
    verbs = [v for v in clauses if (own := child(v, "nsubj")) is not None and own.norm_ == "who"]
    if root.dep_ in ("nsubj", "nsubjpass"):
        verbs.append(root.head)
        verbs += [c for c in root.head.children if c.dep_ == "conj" and child(c, "nsubj") is None]
    for verb in verbs:
        if child(verb, "neg") is None:
            yield from ((noun, "predicate") for noun in _linked(verb))
    told = [*clauses]
    if root.dep_ in ("nsubjpass", "dobj", "oprd", "nsubj"):
        told.append(root.head)
    if root.dep_ == "pobj" and root.head.head.lemma_ == "refer":
        told.append(root.head.head)  # "referred to Orr as a star"
    for verb in told:  # was named head; called him a liar; whom they hailed as a star; known as
        if child(verb, "neg") is None:
            yield from ((noun, "predicate") for noun in _called(verb, root))


def _linked(verb: Token) -> Iterator[Token]:
    """What a verb says that its subject is."""
    short = verb.tag_ in ("VBZ", "VBP") and verb.text[:1] in "'’"
    if short or verb.lemma_ in COPULAS:
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
    by = child(verb, "agent")
    accuser = child(by, "pobj") if by is not None else None
    for above in (root, verb, accuser):
        for c in above.children if above is not None and not active else ():
            if c.norm_ == "of" and (being := child(c, "pcomp")) is not None:
                yield from _linked(being)  # accused of being a fraud
