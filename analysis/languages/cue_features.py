"""What the learned selector sees of a candidate: features that its weights know by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.languages.tree import SUBJECTS, child
from analysis.text.lists import words

if TYPE_CHECKING:
    from spacy.tokens import Token

    from analysis.languages.candidates import Candidate

_SOURCES = (("person", "persons"), ("body", "bodies"), ("paper", "documents"))
_WH = frozenset(("WDT", "WP", "WRB", "WP$"))
_FAR = 4  # words above a cue among which one of speech is looked for
_FEW = 4  # words, up to which lengths are told apart one by one


def cue_lemma(cue: Token) -> str:
    """The lemma of a cue, with its particle ("lash+out").

    Parameters
    ----------
    cue : spacy.tokens.Token

    Returns
    -------
    str
    """
    particle = child(cue, "prt")
    return cue.lemma_.lower() + ("" if particle is None else "+" + particle.lower_)


def cue_features(
    one: Candidate, number: int, quoted: list[int], kinds: Mapping[int, str]
) -> list[str]:
    """What the selector sees: grammar, the cue's lemma, marks; no other words of the text.

    Parameters
    ----------
    one : Candidate
    number : int
        Of those of its cue.
    quoted : list of int
        As `inside` gives it.
    kinds : mapping of int to str
        Words of names: whether of a person, a body or a place.

    Returns
    -------
    list of str
        The first is the cue's lemma.
    """
    doc = one.cue.doc
    cue, source, head, first, last = one.cue, one.source, one.head, one.first, one.last
    speech, lemma = one.speech, cue_lemma(cue)
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
    within = sum(map(bool, quoted[first : last + 1]))
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
        f"q={bool(quoted[cue.i])}|{marked}|{kind}",
        f"qs={marked}|{speech}|{bool(quoted[first])}",
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
