"""Candidates of attributions: what a cue may put down to a source, and what tells whether it does.

A cue is a verb, noun or adjective with a complement ("said that ...", "the claim that ..."), the
verb of a parenthesis ("..., he said, ..."), "according to", "in" before a poll or a report, or the
colon of a headline ("Mayor: Bridge is safe"); most candidates attribute nothing, and
`analysis.languages.selector` picks from them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.languages.tree import SUBJECTS, child, subject_of
from analysis.text.lists import words

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SOURCES = (("person", "persons"), ("body", "bodies"), ("paper", "documents"))
_CUES = frozenset(("VERB", "AUX", "NOUN", "ADJ"))
_NOMINAL = frozenset(("NOUN", "PROPN", "PRON"))
_COMPLEMENTS = frozenset(
    "ccomp xcomp dobj prep acl relcl oprd nsubjpass advcl dative acomp agent attr".split()
)
_OWNERS = frozenset(("by", "from", "of", "among"))
_EDGE = frozenset(",;:—–-. ")
_WH = frozenset(("WDT", "WP", "WRB", "WP$"))
_SHOWS = frozenset(("in", "among", "by", "from"))  # "leads in polls"
_SPOKEN = frozenset(("according", ":"))
_LABEL = 8  # words before the colon of a headline, at most
_FAR = 4  # words above a cue among which one of speech is looked for
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


def find_candidates(doc: Doc, quoted: list[bool], kinds: Mapping[int, str] = {}) -> list[Candidate]:
    """All that may be an attribution, with what is seen of it.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        Parsed.
    quoted : list of bool
        As `inside` gives it.
    kinds : mapping of int to str
        Words of names: whether of a person, a body or a place.

    Returns
    -------
    list of Candidate
    """
    found = []
    for cue in doc:
        for number, (source, head, first, last, how) in enumerate(_complements(cue, quoted)):
            if how == "colon" and source.text.isupper() and source.i not in kinds:
                continue  # "BREAKING: ..."
            while first < last and doc[first].text in _EDGE:
                first += 1
            while last > first and doc[last].text in _EDGE:
                last -= 1
            # nothing follows the last word of a text
            if first <= last and doc[last].idx + len(doc[last]) - doc[first].idx > 2:
                speech = cue.norm_ in ("according", ":") or _lemma(cue) in words(
                    doc.lang_, "speech"
                )
                one = Candidate(cue, source, head, first, last, how, speech, [])
                one.features = _features(doc, one, number, quoted, kinds)
                found.append(one)
    return found


def inside(doc: Doc, quotes: list[tuple[int, int]]) -> list[bool]:
    """Whether each word stands in a quotation.

    Parameters
    ----------
    doc : spacy.tokens.Doc
    quotes : list of (start, end)
        In order, not overlapping.

    Returns
    -------
    list of bool
    """
    starts = [start for start, _ in quotes]
    words = [token.idx for token in doc]
    places = [bisect_right(starts, word) - 1 for word in words]
    return [at >= 0 and word < quotes[at][1] for word, at in zip(words, places)]


def _complements(
    cue: Token, quoted: list[bool]
) -> Iterator[tuple[Token | None, Token, int, int, str]]:
    """Source, head of the content, its first and last word, and how it hangs on the cue."""
    verb, kind = cue.pos_ in ("VERB", "AUX"), cue.dep_
    if cue.norm_ == "according":
        object_ = next((p for c in (cue, *cue.children) if (p := child(c, "pobj"))), None)
        if object_ is not None and cue.head.pos_ in ("VERB", "AUX") and cue.head != cue:
            yield object_, cue.head, *_beside(cue.head, cue), "adjunct:" + cue.norm_
        return
    if cue.text == ":":
        yield from _headline(cue)
    elif cue.norm_ in _SHOWS and cue.dep_ == "prep" and cue.head.pos_ in ("VERB", "AUX"):
        object_ = child(cue, "pobj")
        if object_ is not None and object_.lemma_.lower() in words(cue.lang_, "surveys"):
            yield object_, cue.head, *_beside(cue.head, cue), "adjunct:" + cue.norm_
    if cue.pos_ not in _CUES:
        return
    if verb:
        source = speaker_of(cue, quoted)
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


def _headline(colon: Token) -> Iterator[tuple[Token | None, Token, int, int, str]]:
    """A statement behind who makes it and a colon, with which its sentence begins."""
    sentence, at = colon.sent, colon.i
    if 0 < at - sentence.start <= _LABEL and at + 1 < sentence.end:
        source = colon.doc[sentence.start : at].root
        if source.pos_ in _NOMINAL:
            head = colon.doc[at + 1 : sentence.end].root
            yield source, head, at + 1, sentence.end - 1, "colon"


def speaker_of(verb: Token, quoted: list[bool]) -> Token | None:
    """The subject of a verb; of one outside quotation marks a subject outside them.

    Parameters
    ----------
    verb : spacy.tokens.Token
    quoted : list of bool
        Whether each word of the document stands in a quotation.

    Returns
    -------
    spacy.tokens.Token or None
    """
    subject = subject_of(verb)
    if subject is None or quoted[verb.i] or not quoted[subject.i]:
        return subject
    return next((c for c in verb.rights if c.pos_ in _NOMINAL and not quoted[c.i]), None)


def _beside(head: Token, part: Token) -> tuple[int, int]:
    """First and last word of a clause without a part at its beginning or end."""
    first, last = head.left_edge.i, head.right_edge.i
    start, stop = part.left_edge.i, part.right_edge.i
    while last > stop and head.doc[last].is_punct:
        last -= 1
    if start <= first:
        first = min(stop + 1, last)
    elif stop >= last:
        last = max(start - 1, first)
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


def _lemma(cue: Token) -> str:
    """The lemma of a cue, with its particle ("lash+out")."""
    particle = child(cue, "prt")
    return cue.lemma_.lower() + ("" if particle is None else "+" + particle.lower_)


def _features(
    doc: Doc, one: Candidate, number: int, quoted: list[bool], kinds: Mapping[int, str]
) -> list[str]:
    """What the selector sees: grammar, the cue's lemma, marks; no other words of the text."""
    cue, source, head, first, last = one.cue, one.source, one.head, one.first, one.last
    speech, lemma = one.speech, _lemma(cue)
    how = one.how or head.dep_ + (":" + head.lower_ if head.dep_ == "prep" else "")
    kind = how.partition(":")[0]
    mark = wh = inner = outer = ""
    own = False
    for c in head.children:
        if c.i < head.i:
            if not mark and (c.dep_ == "mark" or c.dep_ == "aux" and c.lower_ == "to"):
                mark = c.lower_
            own = own or c.dep_ in SUBJECTS
            if c.dep_ == "aux":
                inner = c.lower_ if c.tag_ == "MD" else inner
    edge = doc[first]
    wh = edge.lower_ if edge.tag_ in _WH else ""
    modal = ""
    negated = passive = objects = perfect = False
    for c in cue.children:
        dep = c.dep_
        if dep == "aux":
            if c.tag_ == "MD" or c.lower_ == "to":
                modal = c.lower_
            perfect = perfect or c.lemma_ == "have"
        elif dep == "neg":
            negated = True
        elif dep == "mark" or dep == "advmod" and c.tag_ == "WRB":
            outer = c.lower_
        elif dep == "auxpass":
            passive = True
        elif dep == "dobj" or dep == "dative":
            objects = objects or c != head
    if source is None:
        who = "none"
    else:
        who = source.lower_ if source.pos_ == "PRON" else source.pos_
        for kind_of, nouns in _SOURCES:
            if source.lemma_.lower() in words(doc.lang_, nouns):
                who = kind_of + source.tag_[-1:]
                break
    name = "" if source is None else kinds.get(source.i, "")
    above = cue.head
    for _ in range(_FAR):
        if above.head == above or above.lemma_.lower() in words(doc.lang_, "speech"):
            break
        above = above.head
    told = above != cue and above.lemma_.lower() in words(doc.lang_, "speech")
    n = last - first + 1
    size = str(n) if n <= _FEW else "-8" if n <= 8 else "-16" if n <= 16 else "more"
    within = sum(quoted[first : last + 1])
    marked = "all" if within > 0.8 * n else "part" if within else "none"
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
        f"name={name}|{kind}|{speech}",
        f"noun={name}|{who}|{speech}|{cue.tag_}",
        f"told={told}|{kind}|{speech}|{cue.dep_}",
        f"up={cue.dep_}|{kind}",
        f"upl={cue.dep_}|{cue.head.lemma_.lower() in words(doc.lang_, 'speech')}|{speech}",
        f"pass={passive}|{kind}|{source is None}",
        f"q={quoted[cue.i]}|{marked}|{kind}",
        f"qs={marked}|{speech}|{quoted[first]}",
        f"len={size}|{kind}|{speech}",
        f"aux={modal}|{speech}",
        f"neg={negated}|{speech}",
        f"perf={perfect}",
        f"mark={outer}|{kind}|{speech}",
        f"modal={inner}|{kind}|{mark or wh}",
        f"tense={head.tag_}|{cue.tag_}|{kind}",
        f"order={number}|{kind}|{speech}",
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
