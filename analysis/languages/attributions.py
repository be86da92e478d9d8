"""Attributions: who says, thinks or shows what, in quotation marks or not.

Candidates come from the parse, a learned selector picks; quotations are given, and get the source
of the candidate around them, of a verb of speech near them, or of the quotation before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from analysis.languages.candidates import Candidate, find_candidates
from analysis.languages.selector import Selector, load_selector
from analysis.languages.tree import edges, noun_phrase, subject_of
from analysis.text.lists import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from analysis.languages.people import People

# least chances of what is kept, chosen on PolNeAR's development articles: at these, 85 of 100
# statements outside quotation marks are right
CUTS = {"speech": 0.25, "attitude": 0.35, "evidence": 0.35}
TEXT, IN_MARKS, TURN = "text", "marks", "turn"
SCARE_WORDS = 3
LONGEST_DESCRIPTION = 6
_LEAST = 0.1  # chance from which on a candidate may tell whose a quotation is
_SHORT = 0.35  # likewise of one to three words, which are scare quotes else
_MARKED = 0.6  # a content with a larger share in quotation marks is the quotation's
_NAME = r"\p{Lu}[\p{L}.'’-]+(?:\s\p{Lu}[\p{L}.'’-]+){0,3}"
_SIGNED = regex.compile(rf"\s*[―—–]+ ?({_NAME})")
_WORD = regex.compile(r"\w+")
_ENDS = frozenset(",?!…")
_BREAKS = frozenset(", ; : ( — –".split())
_LEADS, _PARAGRAPH = 60, 2000  # characters
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_NOBODY = frozenset("nobody none neither no".split())


@dataclass(slots=True)
class Attribution:
    """Something that somebody is said to have said, thought or shown.

    Attributes
    ----------
    start, end : int
        Characters of the content; of a quotation its marks are among them.
    kind : str
        "speech", "attitude" (what is thought, wanted or felt) or "evidence" (what a poll, a report
        or an event shows).
    direct : bool
        Whether it is a quotation.
    layout : str
        How it is set: in running "text", in "marks", as a "block" (a paragraph of its own without
        marks), as a "post" of a network or a "turn" of a transcript.
    scare : bool
        One to three words in marks that nobody is said to have said.
    confidence : float
        Of its being one; of a quotation, of its speaker.
    negated : bool
        Not told as said: "did not say", "nobody said", "would say".
    cue, source : spacy.tokens.Token or None
    phrase : str
        The words that name the source.
    speaker : str
        The fullest name, or the words found; empty if there is no source.
    description : str
        How somebody unnamed is described, at most six words.
    verb : str
        The cue as in the text, in small letters.
    unnamed : bool
    """

    start: int
    end: int
    kind: str = "speech"
    direct: bool = False
    layout: str = TEXT
    scare: bool = False
    confidence: float = 1.0
    negated: bool = False
    cue: Token | None = None
    source: Token | None = None
    phrase: str = ""
    speaker: str = ""
    description: str = ""
    verb: str = ""
    unnamed: bool = False


def attributions(
    doc: Doc, quotes: list[tuple[int, int]], people: People, *, selector: Selector | None = None
) -> list[Attribution]:
    """Who says, thinks or shows what in an article.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Parsed where something may be read.
    quotes : list of (start, end)
        Quotations in characters, in order, not overlapping.
    people : People
        Tells whom a name, a pronoun or a role means.
    selector : Selector, optional
        The one that ships if not given.

    Returns
    -------
    list of Attribution
        In the order of the text; one for every quotation.
    """
    text: str = doc.user_data.get("text", doc.text)  # with its line breaks
    pool = find_candidates(doc, people.quote, people.kinds)
    chances, fits = (selector or load_selector(doc.lang_)).judge(pool)
    best = _fitting(pool, chances.tolist(), fits.tolist())
    found = [_attribution(one, chance) for one, chance in best if chance >= _LEAST]
    kept = _kept(found, quotes, people.quote)
    out = [*kept, *_Quoted(quotes, found, people).attributions()]
    for one in out:
        _name(text, one, people)
    return sorted(out, key=lambda one: (one.start, -one.end))


def _attribution(one: Candidate, score: float) -> Attribution:
    doc, cue = one.cue.doc, one.cue
    lemma, source = cue.lemma_.lower(), one.source
    speech = one.speech or lemma in words(doc.lang_, "speech")  # "pointed out", too
    persons = words(doc.lang_, "persons")
    thing = source is not None and source.pos_ == "NOUN" and source.lemma_.lower() not in persons
    shown = lemma in words(doc.lang_, "evidence")
    kind = "evidence" if thing and shown else "speech" if speech else "attitude"
    span, negated = doc[one.first : one.last + 1], _negated(cue, source)
    found = Attribution(span.start_char, span.end_char, kind, confidence=score, negated=negated)
    found.cue, found.source = cue, source
    return found


def _negated(cue: Token, source: Token | None) -> bool:
    if source is not None and not _NOBODY.isdisjoint(t.norm_ for t in (source, *source.children)):
        return True
    return cue.lemma_ in ("decline", "refuse") or any(
        c.dep_ == "neg" or c.dep_ == "aux" and c.tag_ == "MD" or c.norm_ == "nothing"
        for c in cue.children
    )


def _fitting(
    pool: list[Candidate], chances: list[float], fits: list[float]
) -> Iterable[tuple[Candidate, float]]:
    """Of the candidates of each cue the one whose content fits best, with the highest chance."""
    best: dict[int, tuple[Candidate, float]] = {}
    for one, chance, _ in sorted(zip(pool, chances, fits), key=lambda row: row[2]):
        highest = best[one.cue.i][1] if one.cue.i in best else 0
        best[one.cue.i] = one, max(chance, highest)
    return best.values()


def _kept(
    found: list[Attribution], quotes: list[tuple[int, int]], quoted: list[int]
) -> list[Attribution]:
    """The best candidates, of those that tell the same one."""
    kept: dict[int, list[Attribution]] = defaultdict(list)  # by sentence
    for one in sorted(found, key=lambda one: -one.confidence):
        size = one.end - one.start
        marked = sum(_both(one, *span) for span in _within(quotes, one.start, one.end))
        source, others = one.source, kept[one.cue.sent.start]
        writer = source is not None and source.norm_ in ("i", "we") and not quoted[source.i]
        if writer or one.confidence < CUTS[one.kind] or marked >= _MARKED * size:
            continue  # the outlet speaks itself
        if all(2 * _both(one, a.start, a.end) <= max(size, a.end - a.start) for a in others):
            others.append(one)
    return [one for its in kept.values() for one in its]


def _within(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Those of spans in order, not overlapping, that meet another."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    return spans[first : bisect_left(spans, end, key=lambda span: span[0])]


def _both(one: Attribution, start: int, end: int) -> int:
    """How many characters one shares with others."""
    return min(one.end, end) - max(one.start, start)


class _Quoted:
    """Quotations with their cues and sources."""

    def __init__(self, spans: list[tuple[int, int]], found: list[Attribution], people: People):
        doc, quoted = people.doc, people.quote
        self.doc, self.spans, self.quoted, self.people = doc, spans, quoted, people
        self.text: str = doc.user_data.get("text", doc.text)  # with its line breaks
        speech = words(doc.lang_, "speech")
        self.verbs: dict[int, list[Token]] = defaultdict(list)  # by sentence
        for t in doc:
            said = t.pos_ == "VERB" and t.tag_ != "VB" and not quoted[t.i]
            if said and t.lemma_.lower() in speech:
                self.verbs[people.sentence[t.i]].append(t)
        self.around: dict[int, list[Attribution]] = defaultdict(list)
        told = (a for a in found if a.source is not None and not quoted[a.source.i])
        for one in (a for a in told if not quoted[a.cue.i]):
            for start, end in _within(spans, one.start, one.end):
                if _both(one, start, end) > 0.4 * (end - start):
                    self.around[start].append(one)

    def attributions(self) -> Iterator[Attribution]:
        last: tuple[int, Token | None] = 0, None  # who spoke, and where that ended
        for start, end in self.spans:
            short = len(_WORD.findall(self.text[start:end])) <= SCARE_WORDS
            direct = Attribution(start, end, direct=True, scare=short, confidence=0.5)
            around = [a for a in self.around[start] if not short or a.confidence > _SHORT]
            one = self._signed(end) or max(around, key=lambda a: a.confidence, default=None)
            if one is None and (not short or self.text[end - 2 : end - 1] in _ENDS):
                one = self._speech_near(start, end)
            if one is None and not short:
                one = self._before(start, *last)
            if one is not None:
                direct.cue, direct.source, direct.negated = one.cue, one.source, one.negated
                direct.confidence, direct.scare = one.confidence, False
                last = end, one.source
            yield direct

    def _signed(self, end: int) -> Attribution | None:
        """A name behind a dash."""
        match = _SIGNED.match(self.text, end)
        if match is None:
            return None
        name = self.doc.char_span(*match.span(1), alignment_mode="expand").root
        return Attribution(end, end, source=name, confidence=0.8)

    def _speech_near(self, start: int, end: int) -> Attribution | None:
        """A verb of speech in the sentences of a quotation, or in the one behind it."""
        numbers = self.people.sentence
        span = self.doc.char_span(start, end, alignment_mode="expand")
        first, last, stop = numbers[span.start], numbers[span.end - 1], span.end
        if stop < len(self.doc) and "\n" not in self.text[end : self.doc[stop].idx]:
            last = numbers[stop]
        near = [verb for n in range(first, last + 1) for verb in self.verbs[n]]
        for verb in sorted(near, key=lambda t: min(abs(t.idx - end), abs(t.idx - start))):
            source = subject_of(verb)
            beside = source is None and verb.i == span.end  # “...,” said Ada Orr
            if beside or source is not None and self.quoted[source.i]:
                others = (c for c in verb.rights if c.pos_ in _NOMINAL)
                source = next((c for c in others if not self.quoted[c.i]), None)
            if source is not None and not self.quoted[source.i]:
                return Attribution(start, end, cue=verb, source=source, confidence=0.7)
        return None

    def _before(self, start: int, end: int, who: Token | None) -> Attribution | None:
        """Who spoke last in a paragraph, at its start in the one before; else the last subject."""
        line = self.text.rfind("\n", max(0, start - _LEADS), start)
        begins = line >= 0 and not self.text[line:start].strip()
        far = max(0, start - _PARAGRAPH)
        stop = far + len(self.text[far : line if begins else start].rstrip())
        first = max(far, self.text.rfind("\n", far, stop))
        led = begins and self.text[stop - 1 : stop] == ":"  # to the quotation
        if who is not None and end > first and not led:
            return Attribution(start, start, source=who, confidence=0.6)
        span = self.doc.char_span(first, stop, alignment_mode="contract")
        for token in reversed(span or ()):
            named, person = led and token.pos_ == "PROPN", self.people.of(token)
            subject = token.dep_ in ("nsubj", "nsubjpass") or token.head.dep_ == "agent"
            if person is None or self.quoted[token.i]:
                continue
            if named or subject and not person.body:
                return Attribution(start, start, source=token, confidence=0.6)
        return None


def _name(text: str, one: Attribution, people: People) -> None:
    """Say who the source is, by name or as described."""
    if one.cue is not None:
        one.verb = "according to" if one.cue.lower_ == "according" else one.cue.lower_.strip(":")
    if one.source is None:
        return
    unknown = one.source.pos_ == "NOUN" or one.source.dep_ == "nummod"
    phrase = list(one.source.subtree) if unknown else noun_phrase(one.source)
    loose = (t.i for t in phrase if t.i > one.source.i and t.text in _BREAKS)
    stop = next(loose, len(one.source.doc))
    span = edges(t for t in phrase if t.i < stop and t != one.cue)
    one.phrase = " ".join(text[slice(*span)].split()) if span else one.source.text
    one.phrase = one.speaker = one.phrase.lstrip("-")  # -t-elle
    person = people.of(one.source)
    one.unnamed = not person.named if person is not None else one.source.pos_ != "PROPN"
    if person is not None and (person.named or not one.phrase.startswith(person.name)):
        one.speaker = person.name
    if one.unnamed:
        one.description = " ".join(one.speaker.split()[:LONGEST_DESCRIPTION])
