"""Candidates of attributions: what a cue may put down to a source, and what tells whether it does.

A cue is a verb, noun or adjective with a complement ("said that ...", "the claim that ..."), the
verb of a parenthesis ("..., he said, ..."), "according to", or the colon of a headline ("Mayor:
Bridge is safe"); most candidates attribute nothing, and `analysis.languages.selector` picks from
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.languages.cue_features import cue_features, cue_lemma
from analysis.languages.tree import EDGE_MARKS, SUBJECTS, child, subject_of
from analysis.text.lists import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CUES = frozenset(("VERB", "AUX", "NOUN", "ADJ"))
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_COMPLEMENTS = frozenset(
    "ccomp xcomp dobj prep acl relcl oprd nsubjpass advcl dative acomp agent attr".split()
)
_LABEL = 8  # words before the colon of a headline, at most


@dataclass(slots=True)
class Candidate:
    """What may be an attribution.

    Attributes
    ----------
    cue : spacy.tokens.Token
    source : spacy.tokens.Token or None
        Head of the phrase that names whoever says or thinks it.
    head : spacy.tokens.Token
        Head of the content.
    first, last : int
        Its first and last word.
    how : str
        How it hangs on the cue: a label of a dependency, "paren:...", "adjunct:..." or "colon".
    speech : bool
        Whether the cue is one of speech.
    features : list of str
        The first is the cue's lemma.
    """

    cue: Token
    source: Token | None
    head: Token
    first: int
    last: int
    how: str
    speech: bool
    features: list[str]


def find_candidates(doc: Doc, quoted: list[int], kinds: Mapping[int, str]) -> list[Candidate]:
    """All that may be an attribution, with what is seen of it.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Parsed.
    quoted : list of int
        As `inside` gives it.
    kinds : mapping of int to str
        Words of names: whether of a person, a body or a place.

    Returns
    -------
    list of Candidate
    """
    found, said = [], words(doc.lang_, "speech")
    for cue in doc:
        for number, (source, head, first, last, how) in enumerate(_complements(cue)):
            if how == "colon" and source.text.isupper() and source.i not in kinds:
                continue  # "BREAKING: ..."
            content = [t for t in doc[first : last + 1] if t.text not in EDGE_MARKS]
            if content and len(doc[content[0].i : content[-1].i + 1].text) > 2:
                speech = cue.norm_ in ("according", ":") or cue_lemma(cue) in said
                first, last = content[0].i, content[-1].i
                one = Candidate(cue, source, head, first, last, how, speech, [])
                one.features = cue_features(one, number, quoted, kinds)
                found.append(one)
    return found


def _complements(cue: Token) -> Iterator[tuple[Token | None, Token, int, int, str]]:
    """Source, head of the content, its first and last word, and how it hangs on the cue."""
    verb, kind = cue.pos_ in ("VERB", "AUX"), cue.dep_
    if cue.norm_ == "according":
        object_ = next((p for c in (cue, *cue.children) if (p := child(c, "pobj"))), None)
        if object_ is not None and cue.head.pos_ in ("VERB", "AUX") and cue.head != cue:
            yield object_, cue.head, *_beside(cue.head, cue), "adjunct:" + cue.norm_
        return
    if cue.text == ":":
        yield from _headline(cue)
    if cue.pos_ not in _CUES:
        return
    source = subject_of(cue) if verb else _owner_of(cue)
    if verb and kind in ("parataxis", "advcl", "ccomp") and child(cue, *SUBJECTS) is not None:
        if cue.head.pos_ != "ADJ":  # the plan, he said, will fail
            yield source, cue.head, *_beside(cue.head, cue), "paren:" + kind
    parts = [c for c in cue.children if c.dep_ in _COMPLEMENTS and (verb or c.i > cue.i)]
    for part in parts:
        first, last = part.left_edge.i, part.right_edge.i
        yield source, part, first + (part.dep_ == "prep" and first == part.i), last, ""
    after = [c for c in parts if c.i > cue.i and c.dep_ not in ("advcl", "agent")]
    if verb and len(after) > 1:  # accused X of Y
        how = "all:" + "+".join(c.dep_ for c in after[:3])
        yield source, after[0], after[0].left_edge.i, after[-1].right_edge.i, how


def _headline(colon: Token) -> Iterator[tuple[Token | None, Token, int, int, str]]:
    """A statement behind who makes it and a colon, with which its sentence begins."""
    sentence, at = colon.sent, colon.i
    if 0 < at - sentence.start <= _LABEL and at + 1 < sentence.end:
        source = colon.doc[sentence.start : at].root
        if source.pos_ in _NOMINAL:
            head = colon.doc[at + 1 : sentence.end].root
            yield source, head, at + 1, sentence.end - 1, "colon"


def _beside(head: Token, part: Token) -> tuple[int, int]:
    """First and last word of a clause without a part at its beginning or end."""
    start, stop = part.left_edge.i, part.right_edge.i
    rest = [t.i for t in head.subtree if not start <= t.i <= stop] or [head.i]
    while len(rest) > 1 and rest[-1] > stop and head.doc[rest[-1]].is_punct:
        rest.pop()
    return rest[0], rest[-1]


def _owner_of(word: Token) -> Token | None:
    """Whose opinion a noun or an adjective names: its genitive, or the subject of its verb."""
    verb = word.head.head if word.dep_ == "pobj" else word.head
    held = word.dep_ in ("dobj", "attr", "pobj", "acomp", "oprd") and verb.pos_ in ("VERB", "AUX")
    return child(word, "poss") or (subject_of(verb) if held else None)
