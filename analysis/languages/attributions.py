"""Attributions: who says, thinks or shows what, in quotation marks or not.

Candidates come from the parse, a learned selector picks; quotations are given, and get the source
of the candidate around them, of a verb of speech near them, or of the quotation before.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from analysis.languages.candidates import Candidate, find_candidates
from analysis.languages.selector import Selector, load_selector
from analysis.languages.tree import child, edges, inside, noun_phrase, subject_of
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
_MARKED = 0.6  # a content with a larger share in quotation marks is the quotation's
_NAME = r"\p{Lu}[\p{L}.'’-]+(?:\s\p{Lu}[\p{L}.'’-]+){0,3}"
_SIGNED = regex.compile(rf"\s*[―—–]+ ?({_NAME})")
_WORD = regex.compile(r"\w+")
_ENDS = frozenset(",?!…")
_BREAKS = frozenset(", ; : ( — –".split())
_NEAR, _SAME, _LEADS = 250, 400, 60  # characters
_PARAGRAPH = 2000  # characters of the paragraph before that are looked at
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_NOBODY = frozenset("nobody none neither".split())
_REFUSES = frozenset("decline refuse".split())
_DOCUMENTS, _SIGNS = words("english", "documents"), frozenset(("sign", "write", "pen"))
_WRITER = frozenset(("i", "we"))


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
    doc: Doc,
    quotes: list[tuple[int, int]],
    people: People | None = None,
    *,
    selector: Selector | None = None,
    cuts: Mapping[str, float] = CUTS,
) -> list[Attribution]:
    """Who says, thinks or shows what in an article.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Parsed where something may be read.
    quotes : list of (start, end)
        Quotations in characters, in order, not overlapping.
    people : People, optional
        Tells whom a name, a pronoun or a role means; without it speakers are the words found.
    selector : Selector, optional
        The one that ships if not given.
    cuts : mapping of str to float
        Least chance of what is kept, by kind.

    Returns
    -------
    list of Attribution
        In the order of the text; one for every quotation.
    """
    text: str = doc.user_data.get("text", doc.text)  # with its line breaks
    quoted = inside(doc, quotes)
    pool = find_candidates(doc, quoted, {} if people is None else people.kinds)
    chances, fits = (selector or load_selector(doc.lang_)).judge(pool)
    least = min(_LEAST, *cuts.values())
    best = _fitting(pool, chances.tolist(), fits.tolist())
    found = [_attribution(one, chance) for one, chance in best if chance >= least]
    kept = _kept(found, quotes, quoted, cuts)
    out = kept + _Quoted(doc, text, quotes, quoted, found, kept, people).attributions()
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
    found_in = one.how.startswith("adjunct:") and not speech
    kind = "evidence" if found_in or thing and shown else "speech" if speech else "attitude"
    return Attribution(
        doc[one.first].idx,
        doc[one.last].idx + len(doc[one.last]),
        kind,
        confidence=score,
        negated=_negated(cue, source),
        cue=cue,
        source=source,
    )


def _negated(cue: Token, source: Token | None) -> bool:
    if source is not None:
        if source.norm_ in _NOBODY or any(c.norm_ == "no" for c in source.children):
            return True
    if any(c.dep_ == "dobj" and c.norm_ == "nothing" for c in cue.children):
        return True
    helps = [c for c in cue.children if c.dep_ in ("neg", "aux")]
    return any(c.dep_ == "neg" or c.tag_ == "MD" for c in helps) or cue.lemma_ in _REFUSES


def _fitting(
    pool: list[Candidate], chances: list[float], fits: list[float]
) -> list[tuple[Candidate, float]]:
    """Of the candidates of each cue the one whose content fits best, with the highest chance."""
    best: dict[int, tuple[float, Candidate]] = {}
    highest: dict[int, float] = {}
    for one, chance, fit in zip(pool, chances, fits):
        cue = one.cue.i
        highest[cue] = max(highest.get(cue, 0), chance)
        if cue not in best or fit > best[cue][0]:
            best[cue] = fit, one
    return [(one, highest[cue]) for cue, (_, one) in best.items()]


def _kept(
    found: list[Attribution],
    quotes: list[tuple[int, int]],
    quoted: list[int],
    cuts: Mapping[str, float],
) -> list[Attribution]:
    """The best candidates, of those that tell the same one."""
    kept: list[Attribution] = []
    by_sentence: dict[int, list[Attribution]] = {}
    for one in sorted(found, key=lambda one: -one.confidence):
        if one.confidence < cuts[one.kind]:
            continue
        within = _within(quotes, one.start, one.end)
        marked = sum(min(one.end, end) - max(one.start, start) for start, end in within)
        if marked >= _MARKED * (one.end - one.start):
            continue
        if one.source is not None and one.source.norm_ in _WRITER and not quoted[one.source.i]:
            continue  # the outlet speaks itself
        others = by_sentence.setdefault(one.cue.sent.start, [])
        if not any(_rivals(one, other) for other in others):
            others.append(one)
            kept.append(one)
    return kept


def _within(spans: list[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Those of spans in order, not overlapping, that meet another."""
    first = bisect_right(spans, start, key=lambda span: span[1])
    return spans[first : bisect_left(spans, end, key=lambda span: span[0])]


def _rivals(one: Attribution, other: Attribution) -> bool:
    """Whether two tell the same: one cue, or more than half of both shared."""
    both = min(one.end, other.end) - max(one.start, other.start)
    if both <= 0:
        return False
    longest = max(one.end - one.start, other.end - other.start)
    return one.cue == other.cue or 2 * both > longest


class _Quoted:
    """Quotations with their cues and sources."""

    def __init__(
        self,
        doc: Doc,
        text: str,
        spans: list[tuple[int, int]],
        quoted: list[int],
        found: list[Attribution],
        kept: list[Attribution],
        people: People | None,
    ):
        self.people, self.quoted = people, quoted
        self.doc, self.text, self.spans = doc, text, spans
        self.kept = sorted(kept, key=lambda one: one.end)
        self.verbs: dict[int, list[Token]] = {}
        self.ends = [one.end for one in self.kept]
        self.starts = [sentence.start for sentence in doc.sents]
        self.around: dict[int, list[Attribution]] = {}
        for one in found:
            if one.source is None or quoted[one.cue.i] or quoted[one.source.i]:
                continue
            for start, end in _within(spans, one.start, one.end):
                if min(one.end, end) - max(one.start, start) > 0.4 * (end - start):
                    self.around.setdefault(start, []).append(one)

    def attributions(self) -> list[Attribution]:
        out: list[Attribution] = []
        last: tuple[int, Attribution] | None = None
        for start, end in self.spans:
            short = len(_WORD.findall(self.text[start:end])) <= SCARE_WORDS
            one = self._signed(start, end) or self._candidate(start, 0.35 if short else _LEAST)
            if not short or self.text[end - 2 : end - 1] in _ENDS:
                one = one or self._speech_near(start, end)
            if one is None and not short:
                one = self._continued(start, last) or self._before(start)
                one = one or self._paragraph(start, last)
            direct = Attribution(start, end, direct=True, scare=one is None and short)
            if one is not None:
                direct.cue, direct.source, direct.negated = one.cue, one.source, one.negated
                direct.confidence = one.confidence
                last = end, one
            else:
                direct.confidence = 0.5
            out.append(direct)
        return out

    def _candidate(self, start: int, least: float) -> Attribution | None:
        fit = [one for one in self.around.get(start, ()) if one.confidence > least]
        return max(fit, key=lambda one: one.confidence + 0.3 * (one.kind == "speech"), default=None)

    def _signed(self, start: int, end: int) -> Attribution | None:
        """A name behind a dash."""
        match = _SIGNED.match(self.text, end)
        if match is None:
            return None
        name = self.doc.char_span(*match.span(1), alignment_mode="expand")
        known = self.people is None or self.people.of(name.root) is not None
        if match[1].isupper() and not known:  # a heading
            return None
        return Attribution(start, end, source=name.root, confidence=0.8)

    def _speech_near(self, start: int, end: int) -> Attribution | None:
        """A verb of speech in the sentences of a quotation, or in the one behind it."""
        span = self.doc.char_span(start, end, alignment_mode="expand")
        first, last = (bisect_right(self.starts, i) - 1 for i in (span.start, span.end - 1))
        near = [first, last] if first < last else [first]
        stop = self.starts[last + 1] if last + 1 < len(self.starts) else len(self.doc)
        if span.end == stop < len(self.doc):
            open_end = self.text[end - 2 : end - 1] in (",", "?", "!")
            if (open_end or len(span) < 25) and "\n" not in self.text[end : self.doc[stop].idx]:
                near.append(last + 1)
        verbs = [verb for number in near for verb in self._verbs(number)]
        verbs.sort(key=lambda t: min(abs(t.idx - end), abs(t.idx - start)))
        for verb in verbs:
            if self.quoted[verb.i]:
                continue
            source = subject_of(verb)
            behind = source is None and verb.i == span.end  # “...,” said Ada Orr
            if behind or source is not None and self.quoted[source.i]:
                others = (c for c in verb.rights if c.pos_ in _NOMINAL)
                source = next((c for c in others if not self.quoted[c.i]), None)
            if source is not None and not self.quoted[source.i]:
                return Attribution(start, end, cue=verb, source=source, confidence=0.7)
        return None

    def _verbs(self, number: int) -> list[Token]:
        """The verbs of speech of a sentence."""
        if number not in self.verbs:
            stop = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.doc)
            self.verbs[number] = [
                t
                for t in self.doc[self.starts[number] : stop]
                if t.pos_ == "VERB"
                and t.tag_ != "VB"
                and t.lemma_.lower() in words(t.lang_, "speech")
            ]
        return self.verbs[number]

    def _continued(self, start: int, last: tuple[int, Attribution] | None) -> Attribution | None:
        """The speaker of the quotation before it in the paragraph."""
        if last is None or start - last[0] > _SAME or "\n" in self.text[last[0] : start]:
            return None
        return Attribution(start, start, source=last[1].source, confidence=0.7)

    def _before(self, start: int) -> Attribution | None:
        """The source of the last statement before it."""
        at = bisect_right(self.ends, start)
        for one in self.kept[max(0, at - 3) : at][::-1]:
            if one.source is not None and start - one.end < _NEAR:
                if "\n" not in self.text[one.end : start]:
                    return Attribution(start, start, source=one.source, confidence=0.6)
        return None

    def _paragraph(self, start: int, last: tuple[int, Attribution] | None) -> Attribution | None:
        """Who spoke in the paragraph before, or was its subject, if a quotation begins one."""
        line = self.text.rfind("\n", max(0, start - _LEADS), start)
        if line < 0 or self.text[line:start].strip():
            return self._subject(max(line, start - _NEAR, 0), start)
        far = max(0, line - _PARAGRAPH)
        before = max(far, self.text.rfind("\n", far, far + len(self.text[far:line].rstrip())))
        led = self.text[before:line].rstrip().endswith(":")
        if last is not None and last[0] > before and not led:
            return Attribution(start, start, source=last[1].source, confidence=0.6)
        return self._subject(before, line)

    def _subject(self, start: int, end: int) -> Attribution | None:
        """The last subject between two characters, if it is a person."""
        span = self.doc.char_span(start, end, alignment_mode="contract")
        colon = self.text[start:end].rstrip().endswith(":")  # it leads to the quotation
        for token in reversed(span or ()):
            if colon and token.pos_ == "PROPN" and not self.quoted[token.i]:
                named = token.dep_ == "ROOT" and child(token, "compound") is not None
                if named or self.people and self.people.of(token) is not None:
                    return Attribution(end, end, source=token, confidence=0.6)
            if token.dep_ in ("nsubj", "nsubjpass", "agent") and not self.quoted[token.i]:
                who = child(token, "pobj") if token.dep_ == "agent" else token
                person = self.people.of(who) if self.people and who is not None else None
                if person is not None and not person.body:
                    return Attribution(end, end, source=who, confidence=0.5)
        return None


def _author(source: Token) -> Token:
    """Who speaks in a letter: its owner, or whoever the text says signed or wrote one."""
    if source.lemma_.lower() not in _DOCUMENTS:
        return source
    owner = child(source, "poss")
    if owner is not None:
        return owner
    for verb in source.doc:
        if verb.lemma_ in _SIGNS and verb.pos_ == "VERB":
            agent = child(verb, "agent")
            writer = child(agent, "pobj") if agent is not None else None
            if writer is not None:
                return writer
    return source


def _name(text: str, one: Attribution, people: People | None) -> None:
    """Say who the source is, by name or as described."""
    if one.cue is not None:
        one.verb = "according to" if one.cue.lower_ == "according" else one.cue.lower_.strip(":")
    if one.source is None:
        return
    unknown = one.source.pos_ == "NOUN" or one.source.dep_ == "nummod"
    phrase = list(one.source.subtree) if unknown else noun_phrase(one.source)
    loose = next((t.i for t in phrase if t.i > one.source.i and t.text in _BREAKS), None)
    span = edges(t for t in phrase if (loose is None or t.i < loose) and t != one.cue)
    person = None
    if people is not None:
        person = people.of(one.source) or people.of(_author(one.source))
    one.phrase = " ".join(text[slice(*span)].split()) if span else one.source.text
    one.phrase = one.phrase.lstrip("-")  # -t-elle
    one.speaker = one.phrase
    if person is not None and person.name:
        one.unnamed = not person.named
        if person.named or not one.phrase.startswith(person.name):
            one.speaker = person.name
    else:
        one.unnamed = one.source.pos_ != "PROPN"
    if one.unnamed:
        one.description = " ".join(one.speaker.split()[:LONGEST_DESCRIPTION])
