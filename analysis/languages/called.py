"""Labels: what the codebook's actors are called, and where they are meant without a name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.languages.described import Phrase, beside, described, personal
from analysis.languages.mentions import PRONOUN, Actors, Mention
from analysis.languages.mentions import TITLE as DESCRIBED
from analysis.languages.names import Name
from analysis.languages.people import ACTORS, PRONOUNS, RELATED, People
from analysis.languages.tree import Spans
from analysis.text.labels import APPOSITIVE, MODIFIER, NOUN, PREDICATE, TITLE, Label

if TYPE_CHECKING:
    from spacy.tokens import Doc

CONFIDENCE = {TITLE: 0.95, MODIFIER: 0.8, APPOSITIVE: 0.9, PREDICATE: 0.8, NOUN: 0.9}
_NOBODY = Name(0, 0, "person")
_SURE = 0.5  # confidence from which a pronoun is a mention


def find_labels(
    doc: Doc, mentions: list[Mention], names: list[Name], quotes: Spans, actors: Actors
) -> tuple[list[Mention], list[Label]]:
    """What actors are called in one article, and where else they are meant.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    mentions : list of Mention
        By name, as `Actors.find` gives them.
    names : list of Name
        Of the article; whom they name are rivals of the actors.
    quotes : list of (start, end)
    actors : Actors

    Returns
    -------
    list of Mention
        Those given, with descriptions and pronouns.
    list of Label
        In order. None overlaps another of the same actor.
    """
    key_of = {ACTORS + k: key for k, key in enumerate(sorted({m.actor for m in mentions}))}
    if not key_of:
        return [], []
    names = _with_actors(doc, names, mentions, {key: n for n, key in key_of.items()}, actors)
    told = {n: (actors.names[key], actors.titles.get(key, ())) for n, key in key_of.items()}
    whole = People(doc, quotes, names, told)
    found, labels = [*mentions], []
    for token, person in whole.meant():
        if person.number in key_of and person.confidence >= _SURE:
            pronoun = token.norm_ in PRONOUNS
            phrase = Phrase(NOUN, token.i, token.i) if pronoun else described(token)
            last = doc[phrase.last - (doc[phrase.last].tag_ == "POS")]  # as for names
            form, place = PRONOUN if pronoun else DESCRIBED, doc[phrase.first].idx
            found.append(Mention(key_of[person.number], form, place, last.idx + len(last)))
    for phrase, who, confidence in _phrases(doc, whole):
        if who in key_of:
            span, quoted = doc[phrase.first : phrase.last + 1], bool(whole.quote[phrase.first])
            how = phrase.construction, span.start_char, span.end_char
            labels.append(Label(key_of[who], *how, quoted, confidence))
    return sorted(found, key=lambda m: (m.start, m.end)), _apart(labels)


def _apart(found: list[Label]) -> list[Label]:
    """Labels none of which overlaps another of its actor: the surest, then the longest."""
    kept: list[Label] = []
    held: set[tuple] = set()  # spans, and characters of actors
    for one in sorted(found, key=lambda x: (-x.confidence, x.start - x.end, x.start)):
        places = {(one.start, one.end), *((one.actor, i) for i in range(one.start, one.end))}
        if held.isdisjoint(places):
            held |= places
            kept.append(one)
    return sorted(kept, key=lambda label: (label.start, label.end))


def _with_actors(
    doc: Doc, names: list[Name], mentions: list[Mention], number: dict[str, int], actors: Actors
) -> list[Name]:
    """The names of an article, in which the codebook's actors have numbers of their own."""
    found: list[Name] = []
    bearers: dict[int, str] = {}  # of the numbers of names: which actor
    at = {i: name for name in names for i in range(name.start, name.end)}
    taken: set[int] = set()
    for m in mentions:
        span = doc.char_span(m.start, m.end, alignment_mode="expand")
        kind, its = "body" if m.actor in actors.groups else "person", at.get(span.start, _NOBODY)
        person = number[m.actor]
        found.append(replace(its, start=span.start, end=span.end, kind=kind, person=person))
        taken.update(range(span.start, span.end))
        if m.form != DESCRIBED:
            bearers |= {at[i].person: m.actor for i in range(span.start, span.end) if i in at}
    for name in names:
        if taken.isdisjoint(range(name.start, name.end)):
            person, actor = name.person, bearers.get(name.person) if name.person >= 0 else None
            if actor is not None:  # or the actor's surname in somebody else's name
                person = number[actor] if actors.may_bear(actor, name.text) else RELATED + person
            found.append(replace(name, person=person))
    return sorted(found, key=lambda n: n.start)


def _phrases(doc: Doc, people: People) -> Iterator[tuple[Phrase, int, float]]:
    """What is said of everybody, and how sure it is."""
    starts = {name.start for name in people.names}
    for name, said in zip(people.names, people.said):
        if name.kind == "person" and personal(doc[name.end - 1]):  # "the chief inspector"
            if name.end not in starts:
                yield described(doc[name.start : name.end].root), name.person, CONFIDENCE[NOUN]
            continue
        for phrase in said:
            yield phrase, name.person, CONFIDENCE[phrase.construction]
    for token, person in people.meant():
        pronoun, sure = token.norm_ in PRONOUNS, person.confidence
        if not pronoun:
            yield described(token), person.number, sure
        for phrase in beside(doc, token.i, token.i + 1, person.body):
            if pronoun or phrase.construction in (APPOSITIVE, PREDICATE):
                yield phrase, person.number, CONFIDENCE[phrase.construction] * sure
