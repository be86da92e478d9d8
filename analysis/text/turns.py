"""Turns of transcripts and interviews: whose words stand behind a label ("ADA ORR, HOST:")."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

import regex

from analysis.text.quotes import Quote
from analysis.text.turn_lines import (
    Line,
    explains,
    heads_of,
    is_transcript,
    line_of,
    speakers_of,
    speech,
)

LEAST_TURNS, LEAST_SPEAKERS = 3, 2
LEAST_RECURRING = 0.6  # turns of speakers who have several
LEAST_SPEECH = 1 / 3  # turns that ask, or speak in the first or second person
FEW, LEAST_SHARE = 3, 0.2  # so few turns must be a fifth of the text
_LINE = regex.compile(r"[^\r\n\u2028\u2029]+")
_DIRECTION = regex.compile(r"\s*[(\[（【][^()\[\]（）【】]*[)\]）】]\.?\s*")
_BREAK = regex.compile(r"break|clip|tape|video|audio|end|music|film|pause", regex.IGNORECASE)
_END = regex.compile(
    r"\s*(?:END\b|#{2,}|\*{3}|-30-|©|Copyright\b|Transcript\b|Edited\b|Reporting by\b"
    r"|Interview(?: by|:)|(?:This|The|Our) (?:interview|transcript|conversation)\b"
    r"|Das (?:Gespräch|Interview)\b|Propos recueillis|Entretien\b|Entrevista\b|Intervista\b)"
)


@dataclass(frozen=True)
class Turn:
    """Words of one speaker.

    Attributes
    ----------
    start, end : int
        Characters of the text, without the label.
    speaker : str
        The fullest name that labels or the text give, or what the label says of somebody unnamed.
    unnamed : bool
    """

    start: int
    end: int
    speaker: str
    unnamed: bool


@dataclass(frozen=True)
class Turns:
    """What is found in a text.

    Attributes
    ----------
    turns : list of Turn
        In order, not overlapping.
    apparatus : list of (start, end)
        Labels, and lines that tell what happens ("(CROSSTALK)"): nobody's words.
    """

    turns: list[Turn] = field(default_factory=list)
    apparatus: list[tuple[int, int]] = field(default_factory=list)


def find_turns(text: str) -> Turns:
    """Find the turns of a transcript or an interview, in any language.

    Labels must recur: three turns of two speakers at least, most turns of such as speak twice, and
    a third of the turns must ask something or speak in the first or second person; fields
    ("CREDIT:", "Director:") are none, nor are questions that an outlet asks and answers itself. In
    a transcript a turn goes on to the next label; among other prose it ends with its paragraph.

    Parameters
    ----------
    text : str

    Returns
    -------
    Turns

    Examples
    --------
    >>> text = "Herald: What sank?\\nADA ORR: My boat.\\nHerald: Why?\\nORR: I do not know."
    >>> [(turn.speaker, text[turn.start : turn.end]) for turn in find_turns(text).turns]
    [('Herald', 'What sank?'), ('Ada Orr', 'My boat.'), ('Herald', 'Why?'),
    ('Ada Orr', 'I do not know.')]
    """
    heads = heads_of(text)
    if len(heads) < LEAST_TURNS:
        return Turns()
    lines = [line_of(text, m.start(), m.end(), heads) for m in _LINE.finditer(text)]
    lines = [line for line in lines if text[line.start : line.end].strip()]
    speakers = speakers_of(text, lines)
    lines = [
        line if line.start in speakers else Line(line.start, line.end, line.start) for line in lines
    ]
    counts = Counter(speakers.values())
    if (
        len(speakers) < LEAST_TURNS
        or len(counts) < LEAST_SPEAKERS
        or sum(n for n in counts.values() if n > 1) < LEAST_RECURRING * len(speakers)
        or explains(text, lines)
        or speech(text, lines) < LEAST_SPEECH
    ):
        return Turns()
    found = _assembled(text, lines, speakers, whole=is_transcript(text, lines))
    share = sum(turn.end - turn.start for turn in found.turns) / len(text)
    return Turns() if len(speakers) <= FEW and share < LEAST_SHARE else found


def without_labels(text: str, found: Turns) -> str:
    """The text with blanks for labels and directions; every character keeps its place.

    Parameters
    ----------
    text : str
    found : Turns
        Of the text.

    Returns
    -------
    str
    """
    pieces, last = [], 0
    for start, end in found.apparatus:
        pieces += [text[last:start], " " * (end - start)]
        last = end
    return "".join([*pieces, text[last:]])


def outside(quotes: list[Quote], found: Turns) -> list[Quote]:
    """The quotations that lie in no turn, as those in one are part of it.

    Parameters
    ----------
    quotes : list of Quote
    found : Turns

    Returns
    -------
    list of Quote
    """
    if not found.turns:
        return quotes
    starts = [turn.start for turn in found.turns]
    kept = []
    for quote in quotes:
        before = bisect_left(starts, quote.end) - 1
        if before < 0 or found.turns[before].end <= quote.start:
            kept.append(quote)
    return kept


def _assembled(
    text: str, lines: list[Line], speakers: dict[int, tuple[str, bool]], *, whole: bool
) -> Turns:
    """Turns from lines; `whole` says whether lines without a label go on with the turn."""
    turns: list[Turn] = []
    apparatus: list[tuple[int, int]] = []
    speaker: tuple[str, bool] | None = None
    open_turn = goes_on = False  # whether the next line joins the last turn; whether any has
    last_label = max(speakers)
    for line in lines:
        if line.name:
            speaker, open_turn = speakers[line.start], False
            apparatus.append((line.start, line.words))
            start = line.words
        elif speaker is None:
            continue
        elif whole and _DIRECTION.fullmatch(text, line.start, line.end):
            apparatus.append((line.start, line.end))
            open_turn = False
            speaker = None if _BREAK.search(text, line.start, line.end) else speaker
            continue
        else:
            empty = (
                not open_turn and apparatus[-1][1] <= line.start and _bare(text, apparatus, line)
            )
            if not empty and (
                not whole or _is_note(text, line) or line.start > last_label and not goes_on
            ):
                speaker, open_turn = None, False
                continue
            goes_on = goes_on or open_turn
            start = line.start
        end = line.end - len(text[start : line.end]) + len(text[start : line.end].rstrip())
        start += len(text[start:end]) - len(text[start:end].lstrip())
        if start >= end:
            continue
        if open_turn:
            turns[-1] = Turn(turns[-1].start, end, *speaker)
        else:
            turns.append(Turn(start, end, *speaker))
            open_turn = True
    return Turns(turns, apparatus)


def _bare(text: str, apparatus: list[tuple[int, int]], line: Line) -> bool:
    """Whether the label before a line stood on a line of its own."""
    return not text[apparatus[-1][1] : line.start].strip()


def _is_note(text: str, line: Line) -> bool:
    """Whether a line is a heading in capitals, or says that the transcript ends."""
    words = text[line.start : line.end].strip()
    return _END.match(words) is not None or (
        words.isupper() and " " in words and words[-1] not in ".!?…,—"
    )
