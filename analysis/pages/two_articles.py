"""The page of two articles side by side, from the results of `tl.reuse` and `tl.lineage`."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Iterator

import pandas as pd

from analysis.errors import OptionError
from analysis.pages.changed import PRESENTED, changed_words, colour_of, facts_first
from analysis.pages.direction import chance, evidence, reasons, verdict, way_names
from analysis.pages.marked import cut
from analysis.pages.measured import Measured
from analysis.pages.records import (
    ArticleHead,
    Mark,
    Pair,
    PairRow,
    Passage,
    PassageSide,
    Piece,
    anchor,
    page_name,
)
from analysis.results import count
from analysis.reuse.marks import CREDITED, WHOLE_ARTICLE
from analysis.tl._voiced import NOBODY
from analysis.tl.lineage import PROBABILITIES, VERDICTS

CALLED = {"equal": "same words", "rewritten": "rewritten", "summarised": "summarised"}
_LISTED = 8  # pieces of evidence
_EDGE, _LINE = 0.2, 160  # share of an article that is its beginning or end; letters of a line


def pair_page(measured: Measured, a: str, b: str) -> Pair:
    """Two articles side by side.

    The one that more probably was first stands left; where that cannot be told, the one published
    first.

    Parameters
    ----------
    measured : Measured
    a, b : str
        Ids of two articles with a passage in common, in any order.

    Raises
    ------
    OptionError
        If they have none.
    """
    rows = _rows(measured, a, b)
    key = rows[0]["a"], rows[0]["b"]
    about = measured.verdicts.get(key)
    one, other, sides = _ordered(measured, key)
    names = _names(one, other)
    passages: list[Passage] = []
    marks: tuple[list[Mark], list[Mark]] = ([], [])
    for number, row in enumerate(rows, 1):
        kind = _kind(row)
        replaced: list[tuple[str, str]] = []
        left, right = (_side(measured, row, s, x) for s, x in zip(sides, (one, other)))
        if measured.shows_words:
            looks = f"{kind} {left.tone}", f"{kind} {right.tone}"
            *found, replaced = changed_words(measured, row, sides, number, looks)
            for to, of in zip(marks, found):
                to.extend(of)
        passages.append(
            Passage(
                number=number,
                kind=kind,
                called=CALLED[kind],
                likeness=_likeness(row),
                left=left,
                right=right,
                direction=_short(measured.judged.get(row["passage"]), names),
                flags=tuple(_flags(row)),
                changed=facts_first(replaced),
            )
        )
    texts: tuple[list[list[Piece]], list[list[Piece]]] = ([], [])
    if measured.shows_words:
        sides_cut = [cut(measured.texts[x.id], m) for x, m in zip((one, other), marks)]
        texts = sides_cut[0], sides_cut[1]
    longest = max(passages, key=lambda p: (min(p.left.words, p.right.words), -p.number))
    told_in = {measured.story_of.get(x.id, "") for x in (one, other)}
    story = told_in.pop() if len(told_in) == 1 else ""
    told = evidence(measured.evidence.get(key, ()), *key, names)
    return Pair(
        left=one,
        right=other,
        direction=verdict(about, names, (one, other)),
        because=reasons(about, told, names),
        ways=way_names(about, names) if about else ("", "", ""),
        story=story,
        source=_source(measured, key, story),
        evidence=told[:_LISTED],
        longest=_longest(longest, names[one.id], names[other.id]),
        replaced=longest.changed,
        shared=_shared(measured, key, sides),
        passages=tuple(passages),
        paragraphs=texts,
    )


def pair_rows(measured: Measured, pairs: Iterable[tuple[str, str]]) -> tuple[PairRow, ...]:
    """A list of pairs, by the words that it shows of each.

    Parameters
    ----------
    measured : Measured
    pairs : iterable of tuple
    """
    return tuple(sorted((pair_row(measured, a, b) for a, b in pairs), key=lambda r: -r.words))


def pair_row(measured: Measured, a: str, b: str) -> PairRow:
    """Two articles as a list has them.

    Parameters
    ----------
    measured : Measured
    a, b : str
        Ids, in the order of the results.
    """
    left, right, sides = _ordered(measured, (a, b))
    longest = max(measured.passages[a, b], key=lambda row: min(row["a_words"], row["b_words"]))
    about = measured.verdicts.get((a, b))
    line = credit_line(measured, longest, sides[1]).partition(":")[0]
    return PairRow(
        page=page_name("pair", *sorted((a, b))),
        left=left,
        right=right,
        words=max(_shared(measured, (a, b), sides)),
        longest=int(max(longest["a_words"], longest["b_words"])),
        told=about is not None and about["verdict"] in VERDICTS[:2],
        direction=_short(about, _names(left, right)),
        presented=line or presented(measured, longest, sides[1]),
    )


def _rows(measured: Measured, a: str, b: str) -> list[dict]:
    for pair in ((a, b), (b, a)):
        if (rows := measured.passages.get(pair)) is not None:
            return rows
    raise OptionError(f"two articles with a passage in common are needed (got {(a, b)!r:.80})")


def _ordered(measured: Measured, key: tuple[str, str]) -> tuple[ArticleHead, ArticleHead, str]:
    """Left and right, and which sides of the results they are."""
    about = measured.verdicts.get(key)
    a, b = (measured.articles[article] for article in key)
    if about is not None and about["verdict"] in VERDICTS[:2]:
        turned = about["verdict"] == VERDICTS[0]  # a had it from b
    else:
        turned = b.day < a.day < math.inf
    return (b, a, "ba") if turned else (a, b, "ab")


def _names(one: ArticleHead, other: ArticleHead) -> dict[str, str]:
    """What a pair's articles are called on its page: their outlets, where those tell them apart."""
    if one.outlet and one.outlet == other.outlet:
        return {x.id: x.label.replace(f"{x.outlet}, ", "the text of ", 1) for x in (one, other)}
    short = one.outlet and other.outlet
    return {x.id: x.outlet if short else x.label for x in (one, other)}


def _short(about: dict | None, names: dict[str, str]) -> str:
    """The direction of one passage, for a cell."""
    if about is None:
        return "no evidence"
    a, b = (names[about[side]] for side in "ab")
    said = dict(zip(VERDICTS, (f"{a} from {b}", f"{b} from {a}", "both from a third text")))
    p = max(about[name] for name in PROBABILITIES)
    return f"{said[about['verdict']]} ({chance(p)})" if about["verdict"] in said else "cannot tell"


def _kind(row: dict) -> str:
    return "equal" if row["kind"] == "verbatim" else row["kind"]


def _likeness(row: dict) -> str:
    longer = max(row["a_words"], row["b_words"])
    if row["kind"] == "verbatim":
        return f"{row['n_matching']} of {count(longer, 'word')} the same"
    said = f"{row['n_matching']} of {count(longer, 'word')} alike"
    if pd.notna(row["meaning"]):
        return f"{said}; alike in meaning, cosine {row['meaning']:.2f}"
    return said if pd.isna(row["score"]) else f"{said}; log-odds {row['score']:.1f}"


def _flags(row: dict) -> Iterator[str]:
    if row["evidence"] == "none":
        yield "boilerplate or a credit line: evidence of nothing"
    elif row["boilerplate"]:
        yield "boilerplate"
    if row["many"]:
        yield "stands in ten articles or more"


def _side(measured: Measured, row: dict, side: str, article: ArticleHead) -> PassageSide:
    position, words = row[f"{side}_position"], row[f"{side}_words"]
    line = credit_line(measured, row, side)
    return PassageSide(
        position=position,
        words=words,
        presented=line or presented(measured, row, side),
        tone="whole" if line else colour_of(row[f"{side}_mark"]),
        place=place_of(
            measured, article.id, position, words, row[f"{side}_start"], row[f"{side}_end"]
        ),
    )


def presented(measured: Measured, row: dict, side: str) -> str:
    """How an article presents the words of a passage."""
    mark = row[f"{side}_mark"]
    if pd.isna(mark):
        return PRESENTED["unknown"]
    names = measured.shows_words
    credit, speaker = row[f"{side}_credit"], row[f"{side}_speaker"]
    speaker = "a source" if str(speaker).lower() in NOBODY else speaker
    theirs = row["a_credits_b" if side == "a" else "b_credits_a"]
    other = measured.articles[row["b" if side == "a" else "a"]]
    to = ""
    if not pd.isna(credit):
        to = credit if credit and names else "a source"
        to = other.outlet if theirs and other.outlet else to
    if mark == "quoted":
        who = f" from {speaker}" if speaker and names else ""
        return f"quoted{who}" + (f", credited to {to}" if to and to != speaker else "")
    if mark in CREDITED:
        line = "a credit line" if mark == "credit line" else "credited"
        return f"{line} to {to}" if to and line == "credited" else line
    return PRESENTED[mark]


def place_of(measured: Measured, article: str, position: int, words: int, start, end) -> str:
    """Corpus, article, sentence and offsets."""
    number = measured.sentence_at(article, position)
    where = f"words {position}–{position + words}"
    where = where if pd.isna(start) else f"characters {start}–{end}"
    return f"{measured.corpus.name}, {article}, sentence {number}, {where}"


def _source(measured: Measured, key: tuple[str, str], story: str) -> tuple[str, str]:
    """A missing text that both drew on: its name where it may be said, and its page."""
    for family, articles in measured.drew.items() if story else ():
        if set(key) <= articles:
            named = measured.lost_source.named.set_index("family")["name"]
            name = str(named[family]) if measured.shows_words else ""
            return name, f"{page_name('story', story)}#{anchor('lost', family)}"
    return "", ""


def credit_line(measured: Measured, row: dict, side: str) -> str:
    """A line that credits the whole article and stands elsewhere, told with its place; or none."""
    sentence, article = row[f"{side}_credit_sentence"], row[side]
    if row[f"{side}_mark"] not in CREDITED[:1] or pd.isna(sentence):
        return ""
    whole = any(
        credit["sentence"] == sentence and credit["kind"] in WHOLE_ARTICLE
        for credit in measured.of_articles("credits").get(article, ())
    )
    first = measured.sentence_at(article, row[f"{side}_position"])
    last = measured.sentence_at(article, row[f"{side}_position"] + row[f"{side}_words"] - 1)
    if not whole or first <= sentence <= last:
        return ""
    share = sentence / max(measured.articles[article].n_sentences - 1, 1)
    where = "elsewhere in"
    if not _EDGE <= share <= 1 - _EDGE:
        where = "at the end of" if share > _EDGE else "at the beginning of"
    said = f"credited {where} the article"
    if not measured.shows_words:
        return said
    line = measured.sentences[article][int(sentence)]
    text = " ".join(measured.texts[article][int(line["start"]) : int(line["end"])].split())
    return f"{said}: “{textwrap.shorten(text, _LINE, placeholder='…').rstrip('.')}”"


def _longest(longest: Passage, left: str, right: str) -> str:
    """Who credits the longest passage."""
    words = [longest.left.words, longest.right.words]
    size = f"{words[0]}" if words[0] == words[1] else f"{words[0]} and {words[1]}"
    of = CALLED[longest.kind]
    said = f"The longest passage, number {longest.number}, has {size} words ({of})"
    if longest.left.presented == longest.right.presented:
        return f"{said}; in both articles it is {longest.left.presented}."
    return (
        f"{said}; in {left} it is {longest.left.presented}, in {right} {longest.right.presented}."
    )


def _shared(measured: Measured, key: tuple[str, str], sides: str) -> tuple[int, int]:
    row = measured.pairs.get(key)
    return (0, 0) if row is None else (row[f"{sides[0]}_shared"], row[f"{sides[1]}_shared"])
