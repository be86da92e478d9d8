"""A text cut at the ends of its marks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from analysis.pages.records import Mark, Piece

_BREAK = re.compile(r"\r?\n(?:[^\S\n]*\r?\n)+")  # one line or more left empty


def cut(text: str, marks: Iterable[Mark]) -> list[list[Piece]]:
    """Cut a text into paragraphs, and those into pieces of which each lies under the same marks.

    Parameters
    ----------
    text : str
    marks : iterable of Mark
        They may overlap.

    Returns
    -------
    list of list of Piece
        All characters of the text but for empty lines between paragraphs; the kinds and numbers of
        a piece in the order of its marks, the longest first.

    Examples
    --------
    >>> [[piece]] = cut("Rain.", [])
    >>> piece.text
    'Rain.'
    >>> cut("a b", [Mark(2, 3, "label", 1)])[0][1]
    Piece(text='b', kinds=('label',), numbers=(1,), opens=(1,))
    """
    marks = sorted(marks, key=lambda m: (m.start, m.start - m.end, m.number))
    marks = [mark for mark in marks if mark.start < mark.end]
    breaks = [(m.start(), m.end()) for m in _BREAK.finditer(text)]
    edges = {0, len(text), *(edge for pair in breaks for edge in pair)}
    edges |= {min(max(edge, 0), len(text)) for m in marks for edge in (m.start, m.end)}
    ends, skipped = sorted(edges), dict(breaks)
    paragraphs: list[list[Piece]] = [[]]
    open_marks: list[Mark] = []
    opened: list[int] = []
    following, inside = 0, -1
    for start, end in zip(ends, ends[1:]):
        open_marks = [mark for mark in open_marks if mark.end > start]
        while following < len(marks) and marks[following].start <= start:
            open_marks.append(marks[following])
            opened.append(marks[following].number)
            following += 1
        inside = max(inside, skipped.get(start, -1))
        if start < inside:  # between two paragraphs
            if paragraphs[-1]:
                paragraphs.append([])
            continue
        nested = sorted(open_marks, key=lambda m: m.start - m.end)
        paragraphs[-1].append(
            Piece(
                text[start:end],
                tuple(dict.fromkeys(mark.kind for mark in nested)),
                tuple(dict.fromkeys(mark.number for mark in nested if mark.number)),
                tuple(number for number in dict.fromkeys(opened) if number),
            )
        )
        opened = []
    return [pieces for pieces in paragraphs if pieces]
