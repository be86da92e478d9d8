"""Lines of a text that labels begin: who speaks in them, and what kind of text they make."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

import regex

from analysis.text import turn_labels as labels

LEAD = 600  # characters before the first label of a transcript, or a quarter of it
LABELLED = 0.4  # share of a transcript behind its first label that stands in lines with a label
MOST_NAMES = 100  # of labels; a text with more is a list
MOSTLY = 0.75  # share of labels that are "Q" and "A" where a text asks and answers
MANY = 6  # turns that make a transcript of a text with fewer such lines, if it hardly quotes
FEW_QUOTED = 0.15
LONGEST_LABEL = 240  # characters
_COLON = re.compile("[:：]")
_QUOTES = regex.compile(r"[“”\"«»]")


@dataclass(frozen=True)
class Line:
    """A line, where its words begin behind its label, and the label's name."""

    start: int
    end: int
    words: int  # where they begin, behind the label
    name: str = ""


def heads_of(text: str) -> dict[int, tuple[int, str]]:
    """Where lines that may begin a turn begin: where the words do, and the label's name."""
    found = {}
    matches = [labels.LABEL.match(text, start) for start in _starts(text)]
    if "Q" in text:
        matches += labels.QUESTION.finditer(text)
    for match in filter(None, matches):
        name = match["name"].strip()
        quoted = _QUOTES.match(text, match.end())  # their label is read with the quotation
        if not labels.is_field(name) and not quoted:
            found[match.start()] = match.end(), name
    return found


def _starts(text: str) -> list[int]:
    """Where lines begin that have a colon near their beginning."""
    starts: dict[int, None] = {}
    for colon in _COLON.finditer(text):
        far = max(0, colon.start() - LONGEST_LABEL)
        start = max(text.rfind(mark, far, colon.start()) for mark in "\n\r\u2028\u2029") + 1
        if start or not far:
            starts[start] = None
    return list(starts)


def line_of(text: str, start: int, end: int, heads: dict[int, tuple[int, str]]) -> Line:
    words, name = heads.get(start, (start, ""))
    return Line(start, end, min(words, end), name)


def speakers_of(text: str, lines: list[Line]) -> dict[int, tuple[str, bool]]:
    """Who speaks in each line that has a label, and whether unnamed; labels in small letters that
    stand there once must be known names.
    """
    counts = Counter(line.name.casefold() for line in lines if line.name)
    names = dict.fromkeys(line.name for line in lines if line.name)
    if len(names) > MOST_NAMES:
        return {}
    spelled = {name: labels.spelled(name, text) for name in names if not labels.is_role(name)}
    full = {name: labels.full_name(name, text) for name in spelled.values() if " " not in name}
    current: dict[str, str] = {}
    for name in spelled.values():
        if " " in name:
            current.setdefault(_last(name), name)
    found = {}
    for line in lines:
        if not line.name:
            continue
        if line.name not in spelled:
            role = line.name if len(line.name) == 1 else line.name.casefold()
            found[line.start] = role, True
            continue
        name = spelled[line.name]
        last = _last(name)
        if " " in name:
            current[last] = name
        elif last in current:
            name = current[last]
        elif name[0].isupper() and full[name]:
            name = current[last] = full[name]
        elif not line.name.isupper() and counts[line.name.casefold()] < 2:
            continue
        found[line.start] = name, False
    return found


def _last(name: str) -> str:
    return name.split()[-1].casefold()


def speech(text: str, lines: list[Line]) -> float:
    """Share of turns that sound like speech."""
    spoken = []
    for line, after in zip(lines, [*lines[1:], None]):
        if line.name:
            words = text[line.words : line.end]
            if not words.strip() and after is not None:
                words = text[after.start : after.end]
            spoken.append(labels.sounds_like_speech(words))
    return sum(spoken) / max(len(spoken), 1)


def explains(text: str, lines: list[Line]) -> bool:
    """Whether the outlet answers its own questions: not half of the answers are in the first
    person.
    """
    named = [line for line in lines if line.name]
    asked = [line for line in named if labels.is_question_or_answer(line.name)]
    if len(asked) < MOSTLY * len(named):
        return False
    answers = [line for line in asked if line.name[0].upper() not in "QFPD"] or asked
    own = sum(labels.speaks_of_itself(text[line.words : line.end]) for line in answers)
    return 2 * own < len(answers)


def is_transcript(text: str, lines: list[Line]) -> bool:
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
