"""Candidates of attributions: what a cue may put down to a source, and what tells whether it does.

A cue is a verb, noun or adjective with a complement ("said that ...", "the claim that ..."), the
verb of a parenthesis ("..., he said, ...") or "according to"; most candidates attribute nothing,
and `analysis.languages.selector` picks from them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.languages.lists import words
from analysis.languages.tree import SUBJECTS, child, subject_of

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_CUES = frozenset(("VERB", "AUX", "NOUN", "ADJ"))
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_COMPLEMENTS = frozenset(
    "ccomp xcomp dobj prep acl relcl oprd nsubjpass advcl dative acomp agent attr".split()
)
_OWNERS = frozenset(("by", "from", "of", "among"))
_EDGE = frozenset(",;:—–-. ")
_WH = frozenset(("WDT", "WP", "WRB", "WP$"))
_FEW = 4  # words, up to which lengths are told apart one by one


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
    features : list of str
        The first is the cue's lemma.
    """

    cue: Token
    source: Token | None
    head: Token
    first: int
    last: int
    features: list[str]


def candidates(doc: Doc, quotes: list[tuple[int, int]]) -> list[Candidate]:
    """All that may be an attribution, with what is seen of it.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Parsed.
    quotes : list of (start, end)
        Characters of the quotations.

    Returns
    -------
    list of Candidate
    """
    text = doc.text
    starts = [start for start, _ in quotes]
    quoted = []
    for token in doc:
        at = bisect_right(starts, token.idx) - 1
        quoted.append(at >= 0 and token.idx < quotes[at][1])
    found = []
    for cue in doc:
        for source, head, first, last, how in _complements(cue):
            while first < last and doc[first].text in _EDGE:
                first += 1
            while last > first and doc[last].text in _EDGE:
                last -= 1
            if doc[last].idx + len(doc[last]) - doc[first].idx > 2:
                seen = _features(doc, text, cue, source, head, first, last, how, quoted)
                found.append(Candidate(cue, source, head, first, last, seen))
    return found


def _complements(cue: Token) -> Iterator[tuple[Token | None, Token, int, int, str]]:
    """Source, head of the content, its first and last word, and how it hangs on the cue."""
    verb, kind = cue.pos_ in ("VERB", "AUX"), cue.dep_
    if kind == "prep" or cue.norm_ == "according":  # according to a poll; in a poll
        object_ = next((p for c in (cue, *cue.children) if (p := child(c, "pobj"))), None)
        if object_ is not None and cue.head.pos_ in ("VERB", "AUX") and cue.head != cue:
            yield object_, cue.head, *_beside(cue.head, cue), "adjunct:" + cue.norm_
        return
    if cue.pos_ not in _CUES:
        return
    if verb:
        source = subject_of(cue)
    elif cue.pos_ == "NOUN":
        source = _owner_of(cue)
    else:
        source = subject_of(cue.head) if kind in ("acomp", "oprd") else None
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


def _beside(head: Token, part: Token) -> tuple[int, int]:
    """First and last word of a clause without a part at its beginning or end."""
    first, last = head.left_edge.i, head.right_edge.i
    if part.left_edge.i == first:
        first = min(part.right_edge.i + 1, last)
    elif part.right_edge.i == last:
        last = max(part.left_edge.i - 1, first)
    return first, last


def _owner_of(noun: Token) -> Token | None:
    """Whose opinion a noun names: its genitive, "by" and "from", or the subject of its verb."""
    owner = child(noun, "poss")
    if owner is not None:
        return owner
    for c in noun.children:
        if c.dep_ in ("prep", "agent") and c.norm_ in _OWNERS:
            return child(c, "pobj")
    verb = noun.head.head if noun.dep_ == "pobj" else noun.head
    held = noun.dep_ in ("dobj", "attr", "pobj") and verb.pos_ in ("VERB", "AUX")
    return subject_of(verb) if held else None


def _features(
    doc: Doc,
    text: str,
    cue: Token,
    source: Token | None,
    head: Token,
    first: int,
    last: int,
    how: str,
    quoted: list[bool],
) -> list[str]:
    """What the selector sees: grammar, the cue's lemma, marks; no other words of the text."""
    how = how or head.dep_ + (":" + head.lower_ if head.dep_ == "prep" else "")
    kind = how.partition(":")[0]
    mark = wh = ""
    own = False
    for c in head.children:
        if c.i < head.i:
            if not mark and (c.dep_ == "mark" or c.dep_ == "aux" and c.lower_ == "to"):
                mark = c.lower_
            own = own or c.dep_ in SUBJECTS
    edge = doc[first]
    wh = edge.lower_ if edge.tag_ in _WH else ""
    lemma = cue.lemma_.lower()
    modal = particle = ""
    negated = passive = objects = perfect = False
    for c in cue.children:
        dep = c.dep_
        if dep == "prt":
            particle = "+" + c.lower_
        elif dep == "aux":
            if c.tag_ == "MD" or c.lower_ == "to":
                modal = c.lower_
            perfect = perfect or c.lemma_ == "have"
        elif dep == "neg":
            negated = True
        elif dep == "auxpass":
            passive = True
        elif dep == "dobj" or dep == "dative":
            objects = objects or c != head
    lemma += particle
    speaking = words(doc.lang_, "speech")
    speech = lemma in speaking
    if source is None:
        who = "none"
    else:
        who = source.lower_ if source.pos_ == "PRON" else source.pos_
        if source.lemma_.lower() in words(doc.lang_, "persons"):
            who = "person"
    n = last - first + 1
    size = str(n) if n <= _FEW else "-8" if n <= 8 else "-16" if n <= 16 else "more"
    inside = sum(quoted[first : last + 1])
    marked = "all" if inside > 0.8 * n else "part" if inside else "none"
    before, after = doc[max(first - 1, 0)].text, doc[min(last + 1, len(doc) - 1)].text
    side = "in" if first <= cue.i <= last else "right" if cue.i < first else "left"
    gap = first - cue.i - 1 if side == "right" else cue.i - last - 1
    object_ = child(head, "pobj", "pcomp") if head.dep_ == "prep" else None
    out = [
        "l=" + lemma,
        f"ld={lemma}|{how}",
        f"lm={lemma}|{mark or wh}",
        f"lp={lemma}|{passive}{source is None}",
        f"d={how}",
        f"dm={how}|{mark or wh}|{own}",
        f"dp={how}|{head.pos_}|{head.tag_}",
        f"sd={speech}|{how}",
        f"sm={speech}|{kind}|{mark or wh}|{own}",
        f"p={cue.pos_}|{how}",
        f"tag={cue.tag_}|{cue.dep_}",
        f"tk={cue.tag_}|{kind}|{modal}",
        f"s={who}|{speech}",
        f"sk={who}|{kind}",
        f"up={cue.dep_}|{kind}",
        f"upl={cue.dep_}|{cue.head.lemma_.lower() in speaking}|{speech}",
        f"pass={passive}|{kind}|{source is None}",
        f"q={quoted[cue.i]}|{marked}|{kind}",
        f"qs={marked}|{speech}|{quoted[first]}",
        f"len={size}|{kind}|{speech}",
        f"aux={modal}|{speech}",
        f"neg={negated}|{speech}",
        f"perf={perfect}",
        f"obj={objects}|{kind}",
        f"side={side}|{kind}",
        f"gap={min(gap, 5)}|{kind}",
        f"at={before if not before.isalnum() else ''}|{after if not after.isalnum() else ''}",
        f"first={first == cue.sent.start}|{kind}|{speech}",
        f"ends={doc[cue.sent.end - 1].text if last >= cue.sent.end - 3 else 'no'}",
    ]
    if kind in ("adjunct", "paren"):
        out.append(f"adj={how}|{cue.left_edge.i < head.i}|{side}")
        if kind == "paren":
            out.append(f"pl={lemma}|{side}")
    if object_ is not None:
        out.append(f"op={object_.pos_}|{head.lower_}|{speech}")
        out.append(f"lop={lemma}|{head.lower_}|{object_.dep_}")
    return out
