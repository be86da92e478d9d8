"""What layout did to running text: lines cut at a width, words cut at line ends, lost spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import regex

from analysis.clean.edits import Edit
from analysis.text.lists import ANY
from analysis.text.lists import words as listed

_WORDS = Path(__file__).parents[1] / "data" / "vocab.txt"
NARROWEST, _WIDEST = 30, 100  # columns of a text whose lines are cut
CUT_LINES, CUT_SHARE = 3, 0.75  # at least so many of its lines, and such a share, are full
LONGEST_WORD = 40
FILLED = 0.6  # of the width: a line that ends no sentence goes on though a word had had room
_ENDS = regex.compile(r"[.!?…:\"”’»)\]]")
_BREAK = regex.compile(r"[ \t]*(?:\r\n|\r|\n)[ \t]*(?=\S)")
_ITEM = regex.compile(r"(?:[•·▪*–—-]|\d{1,2}[.)]|\(?[a-z]\))\s+\S")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}]")
_CUT = regex.compile(r"[-\u2010\u00ac](?:[ \t]*(?:\r\n|\r|\n)[ \t]*| )(?=\p{Ll})")
_WORD = re.compile(r"\w+(?:-\w+)*")
_LEFT = regex.compile(r"(?r)(?<![\p{L}\p{N}-])\p{L}{2,}")
_RIGHT = regex.compile(r"\p{Ll}+(?![\p{N}\p{Lu}])")
# "Haupt- und Nebensache": the hyphen stands for what follows later
_SUSPENDED = listed(ANY, "conjunctions")
_MAY_BE_LOST = re.compile(
    '[.!?…,;:]["”’»]?(?=[^\\W\\d_]|[“„«‘"][^\\W\\d_])'  # few, so that the next look at few
)
_LETTERS = r"\p{Ll}\p{Ll}|\p{N}\p{N}|\)"
_LOST = regex.compile(
    # "water.Nobody", "said.“Nobody", "said.”Nobody", "board,which"
    rf"(?<={_LETTERS})[.!?…][”’»]?()(?=[“„«‘]?\p{{Lu}}\p{{Ll}}+(?:[\s’',;:!?”»—–-]|\.(?:\s|$)|$))"
    rf"|(?<={_LETTERS}|[”’»])[.!?,:;]()(?=[“„]\p{{L}})"
    rf"|(?<=\p{{L}}[.,!?…]”)()(?=\p{{L}}\p{{Ll}})"
    rf"|(?<=\p{{Ll}}\p{{Ll}})[,;]()(?=\p{{Ll}}\p{{Ll}}|\p{{Lu}}\p{{Ll}})"
)
_STRAIGHT = regex.compile(
    r"(?<=\p{Ll}\p{Ll})[.!?,](?P<before>)\"(?P<after>)(?=\p{Lu}\p{Ll}|\p{Ll}{2}\s)"
)
_NO_PROSE = regex.compile(r"://|www\.|@|/\w|\\|\w\.(?:com|net|org|edu|gov|info|co|eu|uk|de|fr)\b|_")
_NO_WORD = frozenset(("Net", "Com", "Org", "Gov", "Js"))  # behind the dot of a name: "ASP.Net"


def line_wraps(text: str) -> Iterator[Edit]:
    """Line ends inside paragraphs, where the text as a whole was cut at a width.

    It was if nearly every line that another follows is so full that the next word had no room. A
    line with room that ends a sentence, or is short, ends a paragraph.

    Parameters
    ----------
    text : str

    Yields
    ------
    Edit
    """
    if text.count("\n") - 2 * text.count("\n\n") < CUT_LINES and "\r" not in text:
        return
    breaks, before = [], 0
    for found in _BREAK.finditer(text):
        start, end = found.span()
        # no further back than the break before, or a text without one of the two is read each time
        line = max(text.rfind("\n", before, start), text.rfind("\r", before, start)) + 1
        before = start
        if text[line:start].strip():
            word = text[end : end + _WIDEST].split(maxsplit=1)
            breaks.append((start, end, start - line, len(word[0]) if word else 0))
    if len(breaks) < CUT_LINES:
        return
    width = max(length for _, _, length, _ in breaks)
    full = [length + 1 + word > width for _, _, length, word in breaks]
    if not NARROWEST <= width <= _WIDEST or sum(full) < max(CUT_LINES, CUT_SHARE * len(full)):
        return
    for (start, end, length, _), is_full in zip(breaks, full):
        goes_on = is_full or length >= FILLED * width and not _ENDS.match(text, start - 1)
        if goes_on and not _ITEM.match(text, end):
            close = _UNSPACED.match(text[start - 1]) and _UNSPACED.match(text[end])
            yield Edit(start, end, "" if close else " ", "wrap")


def cut_words(text: str, *, english: bool) -> Iterator[Edit]:
    """Words that a hyphen parts at the end of a line, or did before the lines were joined.

    At a line's end they are joined, unless the text elsewhere has the hyphen, or both parts are
    words and what they make is none. Inside a line, only where they make a word and a part is none.

    Parameters
    ----------
    text : str
    english : bool
        Whether English words are known.

    Yields
    ------
    Edit
    """
    if "-" not in text and "\u2010" not in text and "\u00ac" not in text:
        return
    is_word = _vocabulary().__contains__ if english else lambda word: False
    here: set[str] | None = None
    for cut in _CUT.finditer(text):
        start, end = cut.span()
        left = _LEFT.match(text, max(0, start - LONGEST_WORD), start)
        right = _RIGHT.match(text, end)
        if left is None or right is None or right[0] in _SUSPENDED:
            continue
        here = set(_WORD.findall(text.lower())) if here is None else here
        one, other = left[0].lower(), right[0]
        joins = one + other in here or is_word(one + other)
        hyphened = f"{one}-{other}" in here
        both = is_word(one) and is_word(other)
        if cut[0][1:] == " ":
            if joins and not hyphened and not both and english:
                yield Edit(start, end, "", "hyphen")
        elif hyphened or both and not joins:
            yield Edit(start + 1, end, "", "hyphen")
        else:
            yield Edit(start, end, "", "hyphen")


@cache
def _vocabulary() -> frozenset[str]:
    """The whole words among BERT's pieces: frequent English words and names."""
    lines = _WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if len(line) > 1 and line.isalpha())


def lost_spaces(text: str) -> Iterator[Edit]:
    """Spaces that were lost where pieces of text were joined.

    Addresses, names of files, abbreviations and numbers are left alone.

    Parameters
    ----------
    text : str

    Yields
    ------
    Edit
    """
    places = set()
    counted = marks = 0  # as far as the line's straight marks are counted, and how many they are
    for candidate in _MAY_BE_LOST.finditer(text):
        at = candidate.start()
        if found := _STRAIGHT.match(text, at):
            if line := text.rfind("\n", counted, at) + 1:
                counted, marks = line, 0
            marks += text.count('"', counted, found.end("before"))
            counted = found.end("before")
            place = found.start("after" if marks % 2 else "before")
        elif found := _LOST.match(text, at) or _LOST.match(text, candidate.end()):
            place = found.end()
        else:
            continue
        if _is_prose(text, place):
            places.add(place)
    for place in sorted(places):
        yield Edit(place, place, " ", "space")


def _is_prose(text: str, place: int, reach: int = 60) -> bool:
    before = text[max(0, place - reach) : place].split()
    after = text[place : place + reach].split()
    joined = (before[-1] if before else "") + (after[0] if after else "")
    word = regex.match(r"\W*(\w*)", text, pos=place)[1]
    return word not in _NO_WORD and not _NO_PROSE.search(joined)
