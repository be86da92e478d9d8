"""The page of two articles side by side, from the results of `tl.reuse` and `tl.lineage`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from analysis.errors import OptionError
from analysis.pages.direction import evidence, percent, reasons, verdict, way_names
from analysis.pages.marked import cut
from analysis.pages.measured import Measured
from analysis.pages.records import ArticleHead, Mark, Pair, PairRow, Passage, Piece, Side, page_name
from analysis.results import count
from analysis.reuse.marks import CREDITED
from analysis.tl.lineage import PROBABILITIES, VERDICTS

CALLED = {
    "equal": "equal words",
    "quoted": "equal words, quoted on both sides",
    "rewritten": "rewritten",
    "summarised": "summarised",
}
_LISTED = 8  # pieces of evidence
_UNKNOWN_CREDIT = "not known whether credited"


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
    passages, marks = [], ([], [])
    for number, row in enumerate(rows, 1):
        kind = _kind(row)
        passages.append(
            Passage(
                number=number,
                kind=kind,
                called=CALLED[kind],
                likeness=_likeness(row),
                left=_side(measured, row, sides[0], one),
                right=_side(measured, row, sides[1], other),
                direction=_short(measured.judged.get(row["passage"]), names),
                flags=tuple(_flags(row)),
            )
        )
        if measured.shows_words:
            for to, found in zip(marks, _marks(measured, row, sides, number, kind)):
                to.extend(found)
    texts: tuple[list[list[Piece]], list[list[Piece]]] = ([], [])
    if measured.shows_words:
        left, right = (cut(measured.texts[x.id], m) for x, m in zip((one, other), marks))
        texts = left, right
    told = evidence(measured.evidence.get(key, ()), *key, names)
    return Pair(
        left=one,
        right=other,
        direction=verdict(about, names, (one, other)),
        because=reasons(about, told, names),
        ways=way_names(about, names) if about else ("", "", ""),
        evidence=told[:_LISTED],
        longest=_longest(passages, names[one.id], names[other.id]),
        shared=_shared(measured, key, sides),
        passages=tuple(passages),
        paragraphs=texts,
    )


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
    return PairRow(
        page=page_name("pair", *sorted((a, b))),
        left=left,
        right=right,
        words=max(_shared(measured, (a, b), sides)),
        longest=int(max(longest["a_words"], longest["b_words"])),
        told=about is not None and about["verdict"] in VERDICTS[:2],
        direction=_short(about, _names(left, right)),
        presented=presented(measured, longest, sides[1]),
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
        turned = bool(a.published and b.published) and b.published < a.published
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
    said = dict(zip(VERDICTS, (f"{a} from {b}", f"{b} from {a}", "from a third text")))
    p = max(about[name] for name in PROBABILITIES)
    return f"{said[about['verdict']]} ({percent(p)})" if about["verdict"] in said else "cannot tell"


def _kind(row: dict) -> str:
    if row["kind"] != "verbatim":
        return row["kind"]
    return "quoted" if row["quoted"] else "equal"


def _likeness(row: dict) -> str:
    longer = max(row["a_words"], row["b_words"])
    if row["kind"] == "verbatim":
        return f"{row['n_matching']} of {count(longer, 'word')} equal"
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


def _side(measured: Measured, row: dict, side: str, article: ArticleHead) -> Side:
    position, words = row[f"{side}_position"], row[f"{side}_words"]
    return Side(
        position=position,
        words=words,
        presented=presented(measured, row, side),
        credited=row[f"{side}_mark"] in CREDITED or row[f"{side}_mark"] == "quoted",
        place=place_of(
            measured, article.id, position, words, row[f"{side}_start"], row[f"{side}_end"]
        ),
    )


def presented(measured: Measured, row: dict, side: str) -> str:
    """How an article presents the words of a passage."""
    mark = row[f"{side}_mark"]
    if pd.isna(mark):
        return _UNKNOWN_CREDIT
    names = measured.shows_words
    credit, speaker = row[f"{side}_credit"], row[f"{side}_speaker"]
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
    return "said to be somebody’s words, not credited" if mark == "reported" else "uncredited"


def place_of(measured: Measured, article: str, position: int, words: int, start, end) -> str:
    """Corpus, article, sentence and offsets."""
    number = measured.sentence_at(article, position)
    where = f"words {position}–{position + words}"
    where = where if pd.isna(start) else f"characters {start}–{end}"
    return f"{measured.corpus.name}, {article}, sentence {number}, {where}"


def _marks(
    measured: Measured, row: dict, sides: str, number: int, kind: str
) -> tuple[list[Mark], list[Mark]]:
    """A passage, and the words in which its two sides differ or, if rewritten, are the same."""
    stretches = [(row[s], row[f"{s}_position"], row[f"{s}_words"]) for s in sides]
    spans = [measured.spans(*stretch) for stretch in stretches]
    found = tuple([Mark(s[0][0], s[-1][1], kind, number)] for s in spans)
    equal = measured.equal(*stretches[0], *stretches[1]).tolist()
    if row["kind"] != "verbatim":
        for of, places in enumerate(zip(*equal)):
            for first, last in _runs(places):
                found[of].append(Mark(spans[of][first][0], spans[of][last][1], "same"))
        return found[0], found[1]
    ends = [(-1, -1), *equal, (len(spans[0]), len(spans[1]))]
    for (i, j), (k, m) in zip(ends, ends[1:]):
        gaps = (i + 1, k), (j + 1, m)
        how = "replaced" if all(first < stop for first, stop in gaps) else "only"
        for of, (first, stop) in enumerate(gaps):
            if first < stop:
                found[of].append(Mark(spans[of][first][0], spans[of][stop - 1][1], how))
    return found[0], found[1]


def _runs(places: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of the numbers that follow one upon the other."""
    first = last = places[0]
    for place in places[1:]:
        if place != last + 1:
            yield first, last
            first = place
        last = place
    yield first, last


def _longest(passages: list[Passage], left: str, right: str) -> str:
    """Who credits the longest passage."""
    longest = max(passages, key=lambda p: (min(p.left.words, p.right.words), -p.number))
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
