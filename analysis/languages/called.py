"""Labels: what the codebook's actors are called, and where they are meant without a name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.languages.described import LONGEST_LABEL, Phrase, beside, described, personal
from analysis.languages.mentions import PRONOUN, Actors, Mention
from analysis.languages.mentions import TITLE as DESCRIBED
from analysis.languages.names import Name
from analysis.languages.people import ACTORS, NAMELESS, RELATED, SEXES, People
from analysis.text.labels import APPOSITIVE, MODIFIER, NOUN, PREDICATE, TITLE, Label

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["LONGEST_LABEL", "find_labels"]
CONFIDENCE = {TITLE: 0.95, MODIFIER: 0.8, APPOSITIVE: 0.9, PREDICATE: 0.8, NOUN: 0.9}
_SURE = 0.5  # confidence from which a pronoun is a mention


def find_labels(
    doc: Doc,
    mentions: Sequence[Mention],
    names: Sequence[Name],
    quotes: Sequence[tuple[int, int]],
    actors: Actors,
) -> tuple[list[Mention], list[Label]]:
    """What actors are called in one article, and where else they are meant.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    mentions : sequence of Mention
        By name, as `Actors.find` gives them.
    names : sequence of Name
        Of the article; whom they name are rivals of the actors.
    quotes : sequence of (start, end)
    actors : Actors

    Returns
    -------
    list of Mention
        Those given, with descriptions and pronouns.
    list of Label
        In order. None overlaps another of the same actor.
    """
    keys = sorted({m.actor for m in mentions})
    if not keys:
        return [], []
    number = {key: ACTORS + k for k, key in enumerate(keys)}
    names = _with_actors(doc, names, mentions, keys, actors)
    called: dict[int, list[list[str]]] = {}
    for key, title in actors.titles:
        if key in number:
            called.setdefault(number[key], []).append(title)
    full = {number[key]: actors.names[key] for key in keys}
    whole = People(doc, quotes, names, called, full)
    meant, found = [], []
    named = {i for name in names for i in range(name.start, name.end)}
    for token, person in whole.meant():
        if ACTORS <= person.number < NAMELESS and token.i not in named:
            pronoun = token.norm_ in SEXES or token.norm_ == "it"
            bare = whole.is_bare(token)
            if person.confidence >= _SURE and (pronoun or bare):
                form = PRONOUN if pronoun else DESCRIBED
                span = doc[token.i : token.i + 1] if pronoun else described(token)
                span = span[:-1] if span[-1].tag_ == "POS" else span  # as for names
                actor = keys[person.number - ACTORS]
                meant.append(Mention(actor, form, span.start_char, span.end_char))
    for phrase, person, confidence in _phrases(doc, whole):
        if ACTORS <= person < NAMELESS:
            start, end = doc[phrase.first].idx, doc[phrase.last].idx + len(doc[phrase.last])
            actor, quoted = keys[person - ACTORS], bool(whole.quote[phrase.first])
            found.append(Label(actor, phrase.construction, start, end, quoted, confidence))
    merged = sorted([*mentions, *meant], key=lambda m: (m.start, m.end))
    return merged, _apart(found)


def _apart(found: list[Label]) -> list[Label]:
    """Labels none of which overlaps another of its actor: the surest, then the longest."""
    kept: dict[str, list[tuple[int, int]]] = {}
    spans: set[tuple[int, int]] = set()
    labels = []
    for one in sorted(found, key=lambda x: (-x.confidence, x.start - x.end, x.start)):
        span, own = (one.start, one.end), kept.setdefault(one.actor, [])
        at = bisect_left(own, span)
        before, after = own[at - 1 : at], own[at : at + 1]
        if span in spans or any(e > one.start for _, e in before):
            continue
        if any(s < one.end for s, _ in after):
            continue
        own.insert(at, span)
        spans.add(span)
        labels.append(one)
    return sorted(labels, key=lambda x: (x.start, x.end, x.actor))


def _with_actors(
    doc: Doc, names: Sequence[Name], mentions: Sequence[Mention], keys: list[str], actors: Actors
) -> list[Name]:
    """The names of an article, in which the codebook's actors have numbers of their own."""
    number = {key: ACTORS + k for k, key in enumerate(keys)}
    found: list[Name] = []
    taken: set[int] = set()
    same: dict[int, int] = {}
    at = {i: name.person for name in names for i in range(name.start, name.end)}
    for m in mentions:
        span = doc.char_span(m.start, m.end, alignment_mode="expand")
        kind = "body" if m.actor in actors.groups else "person"
        found.append(Name(span.start, span.end, kind, number[m.actor], span.text))
        taken.update(range(span.start, span.end))
        for i in range(span.start, span.end):
            if m.form != DESCRIBED and i in at:
                same.setdefault(at[i], number[m.actor])
    others = {text: i for i, text in enumerate(sorted({name.text for name in names}))}
    for name in names:
        if not taken.isdisjoint(range(name.start, name.end)):
            continue
        person = same.get(name.person, name.person)
        if person >= ACTORS and not actors.may_bear(keys[person - ACTORS], name.text):
            person = RELATED + others[name.text]  # the actor's surname, somebody else's name
        found.append(replace(name, person=person))
    return sorted(found, key=lambda n: n.start)


def _phrases(doc: Doc, people: People) -> Iterator[tuple[Phrase, int, float]]:
    """What is said of everybody, and how sure it is."""
    taken: set[int] = set()
    starts = {name.start for name in people.names}
    for name, said in zip(people.names, people.said):
        root = doc[name.start : name.end].root
        if name.kind == "person" and personal(
            doc[name.end - 1]
        ):  # a name that describes: "the chief inspector"
            if name.end not in starts:
                yield _noun(root), name.person, CONFIDENCE[NOUN]
            continue
        for phrase in said:
            whole = phrase.head is None or phrase.construction == TITLE
            taken.update(range(phrase.first, phrase.last + 1) if whole else (phrase.head,))
            yield phrase, name.person, CONFIDENCE[phrase.construction]
    for token, person in people.meant():
        i, sure = token.i, person.confidence
        if i in taken:
            continue
        pronoun = token.norm_ in SEXES or token.norm_ == "it"
        if not pronoun:
            yield _noun(token), person.number, sure
        if token.dep_ != "poss":
            for phrase in beside(doc, i, i + 1, person.body):
                if pronoun or phrase.construction in (APPOSITIVE, PREDICATE):
                    yield phrase, person.number, CONFIDENCE[phrase.construction] * sure


def _noun(head) -> Phrase:
    phrase = described(head)
    return Phrase(NOUN, phrase.start, phrase.end - 1, head.i)
