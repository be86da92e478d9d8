"""Turns of transcripts and interviews: whose words stand behind a label ("ADA ORR, HOST:")."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

import regex

from analysis.text import turn_labels as labels
from analysis.text.people import Attribution
from analysis.text.quotes import Quote

LEAST_TURNS, LEAST_SPEAKERS = 3, 2
LEAST_SPEECH = 1 / 3  # turns that ask, or speak in the first or second person
LEAD = 600  # characters before the first label of a transcript, or a quarter of it
LABELLED = 0.4  # share of a transcript behind its first label that stands in lines with a label
MANY = 6  # turns that make a transcript of a text with fewer such lines, if it hardly quotes
FEW_QUOTED = 0.15
_LINE = regex.compile(r"[^\r\n\u2028\u2029]+")
_DIRECTION = regex.compile(r"\s*[(\[（【][^()\[\]（）【】]*[)\]）】]\.?\s*")
_BREAK = regex.compile(r"break|clip|tape|video|audio|end|music|film|pause", regex.IGNORECASE)
_END = regex.compile(
    r"\s*(?:END\b|#{2,}|\*{3}|-30-|©|Copyright\b|Transcript\b|Edited\b|Reporting by\b"
    r"|Interview(?: by|:)|(?:This|The|Our) (?:interview|transcript|conversation)\b"
    r"|Das (?:Gespräch|Interview)\b|Propos recueillis|Entretien\b|Entrevista\b|Intervista\b)"
)
_QUOTES = regex.compile(r"[“”\"«»]")


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


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    words: int  # where they begin, behind the label
    name: str = ""


def find_turns(text: str) -> Turns:
    """Find the turns of a transcript or an interview, in any language.

    Labels must recur: three turns of two speakers at least, one of whom speaks twice, and a third
    of the turns must ask something or speak in the first or second person; fields ("CREDIT:",
    "Director:") are none. In a transcript a turn goes on to the next label; among other prose it
    ends with its paragraph.

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
    heads = _heads(text)
    if len(heads) < LEAST_TURNS:
        return Turns()
    lines = [_line(text, m.start(), m.end(), heads) for m in _LINE.finditer(text)]
    lines = [line for line in lines if text[line.start : line.end].strip()]
    speakers = _speakers(text, lines)
    lines = [
        line if line.start in speakers else _Line(line.start, line.end, line.start)
        for line in lines
    ]
    counts = Counter(speakers.values())
    if (
        len(speakers) < LEAST_TURNS
        or len(counts) < LEAST_SPEAKERS
        or max(counts.values()) < 2
        or _speech(text, lines) < LEAST_SPEECH
    ):
        return Turns()
    return _assembled(text, lines, speakers, whole=_is_transcript(text, lines))


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


def with_turns(
    quotes: list[Quote], said: list[Attribution], found: Turns
) -> tuple[list[Quote], list[Attribution]]:
    """Quotations and turns in the order of the text, with their attributions; a turn has no verb.

    Parameters
    ----------
    quotes : list of Quote
        Outside the turns.
    said : list of Attribution
        One for each quotation.
    found : Turns

    Returns
    -------
    list of Quote, list of Attribution
    """
    if not found.turns:
        return quotes, said
    turns = [
        (
            Quote(t.start, t.end, t.start, t.end),
            Attribution(t.speaker, t.speaker if t.unnamed else "", "", t.unnamed),
        )
        for t in found.turns
    ]
    rows = sorted([*zip(quotes, said), *turns], key=lambda row: row[0])
    return [quote for quote, _ in rows], [one for _, one in rows]


def _heads(text: str) -> dict[int, tuple[int, str]]:
    """Where lines that may begin a turn begin: where the words do, and the label's name."""
    found = {}
    for pattern in (labels.LABEL, labels.QUESTION):
        for match in pattern.finditer(text):
            name = match["name"].strip()
            if not labels.is_field(name):
                found[match.start()] = match.end(), name
    return found


def _line(text: str, start: int, end: int, heads: dict[int, tuple[int, str]]) -> _Line:
    words, name = heads.get(start, (start, ""))
    return _Line(start, end, min(words, end), name)


def _speakers(text: str, lines: list[_Line]) -> dict[int, tuple[str, bool]]:
    """Who speaks in each line that has a label, and whether unnamed; labels in small letters that
    stand there once must be known names.
    """
    counts = Counter(line.name.casefold() for line in lines if line.name)
    known: dict[str, str] = {}
    for line in lines:
        if " " in line.name and not labels.is_role(line.name):
            name = labels.spelled(line.name, text)
            known.setdefault(_last(name), name)
    found, current = {}, dict(known)
    for line in lines:
        if not line.name:
            continue
        if labels.is_role(line.name):
            role = line.name if len(line.name) == 1 else line.name.casefold()
            found[line.start] = role, True
            continue
        name = labels.spelled(line.name, text)
        last = _last(name)
        if " " in name:
            current[last] = name
        elif last in current:
            name = current[last]
        elif name[0].isupper() and (full := labels.full_name(name, text)):
            name = current[last] = full
        elif not line.name.isupper() and counts[line.name.casefold()] < 2:
            continue
        found[line.start] = name, False
    return found


def _last(name: str) -> str:
    return name.split()[-1].casefold()


def _speech(text: str, lines: list[_Line]) -> float:
    """Share of turns that sound like speech."""
    spoken = []
    for line, after in zip(lines, [*lines[1:], None]):
        if line.name:
            words = text[line.words : line.end]
            if not words.strip() and after is not None:
                words = text[after.start : after.end]
            spoken.append(labels.sounds_like_speech(words))
    return sum(spoken) / max(len(spoken), 1)


def _is_transcript(text: str, lines: list[_Line]) -> bool:
    """Whether a text is its turns, and not prose that holds some."""
    first = next(i for i, line in enumerate(lines) if line.name)
    if lines[first].start > max(LEAD, len(text) / 4):
        return False
    sizes = [(line.end - line.start, bool(line.name)) for line in lines[first:]]
    if sum(n for n, named in sizes if named) >= LABELLED * sum(n for n, _ in sizes):
        return True
    alone = [line for line in lines[first:] if not line.name]
    if any(lines[i].name and lines[i].words == lines[i].end for i in range(first, len(lines))):
        return True  # labels on lines of their own
    quoted = sum(_QUOTES.search(text, line.start, line.end) is not None for line in alone)
    return len(lines) - first - len(alone) >= MANY and quoted <= FEW_QUOTED * len(alone)


def _assembled(
    text: str, lines: list[_Line], speakers: dict[int, tuple[str, bool]], *, whole: bool
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


def _bare(text: str, apparatus: list[tuple[int, int]], line: _Line) -> bool:
    """Whether the label before a line stood on a line of its own."""
    return not text[apparatus[-1][1] : line.start].strip()


def _is_note(text: str, line: _Line) -> bool:
    """Whether a line is a heading in capitals, or says that the transcript ends."""
    words = text[line.start : line.end].strip()
    return _END.match(words) is not None or (
        words.isupper() and " " in words and words[-1] not in ".!?…,—"
    )
