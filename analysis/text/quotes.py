"""Direct quotations: straight, curly, angled and single marks, mixed, nested, unbalanced, and over
several paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import regex

from analysis.text.lists import either
from analysis.text.marks import FILL, MARK, plain_marks, roles
from analysis.text.verbs import finite_forms

OPENING = {"“": "”“", "”": "”“", "„": "“”", "«": "»", "‘": "’", "‹": "›"}
CURLY, DOUBLE = "“”„", '“”„"'
NEAR = 50  # marks among which another double one is looked for
DEEP = 20  # marks within marks that are kept apart
_VERBS = either(finite_forms() | {"say", "saying"})
_ATTRIBUTION = regex.compile(
    rf"[,.?!](?=\s+(?:(?:he|she|they|it"
    rf"|[\p{{Lu}}][\p{{L}}.’'-]+(?:\s+[\p{{Lu}}][\p{{L}}.’'-]+){{0,4}}|"
    rf"(?:the|a|an|one|two|three)\s[\p{{L}} ]{{2,40}}?)\s+(?:{_VERBS})\b"
    rf"|(?:{_VERBS})\s|\p{{Ll}}+ed\s+(?:\p{{Ll}}+\s+)?\p{{Lu}}))"
)
_PARAGRAPH = regex.compile(r"\S[^\r\n]*(?:\r?\n(?:[\p{Ll}—–,;!?:)\]]|\.(?!\.))[^\r\n]*)*")
_SENTENCE_END = regex.compile(r"[.!?…](?=\s+[\p{Lu}“\"‘]|\s*$)")


@dataclass(frozen=True, order=True)
class Quote:
    """A quotation with its outer marks.

    Attributes
    ----------
    start, end : int
        Characters of the text, the marks included.
    inner_start, inner_end : int
        The quoted words without the outer marks.
    balanced : bool
        Whether both marks were found.
    paragraphs : int
        Over how many paragraphs it runs.
    """

    start: int
    end: int
    inner_start: int
    inner_end: int
    balanced: bool = True
    paragraphs: int = 1


def find_quotes(text: str) -> list[Quote]:
    """Find the outermost quotations of a text.

    A quotation inside another is part of it. Where the closing mark is missing, the next
    paragraph's opening mark continues the quotation; else it ends before an attribution ("…, he
    said") or with its sentence. Where the opening mark is missing, the quotation begins with the
    sentence.

    Returns
    -------
    list of Quote
        In order, not overlapping.
    """
    text = plain_marks(text)
    blocks = [m.span() for m in _PARAGRAPH.finditer(text)]
    quotes: list[Quote] = []
    carried: tuple[int, str, int] | None = (
        None  # start, mark and paragraphs of a quotation that the next paragraph continues
    )
    for number, (start, end) in enumerate(blocks):
        ahead = blocks[number + 1] if number + 1 < len(blocks) else (len(text), len(text))
        marks = roles(text, start, end, text[ahead[0] : ahead[0] + 1])
        stack: list[tuple[int, str]] = []
        first = 0
        if carried is not None:
            origin, mark, count = carried
            if marks and text[marks[0][0]] == mark and marks[0][0] <= start + 1:
                stack = [(origin, mark)]
                first = 1
        for at, (place, role) in enumerate(marks[first:], start=first):
            mark = text[place]
            if role == "open":
                if len(stack) == 1 and stack[0][1] == mark and carried is None:
                    quotes.append(
                        _unclosed(text, stack[0][0], place, end)
                    )  # it was never closed, another begins
                    stack = []
                if len(stack) < DEEP:
                    stack.append((place, mark))
            else:
                depth = next(
                    (i for i in range(len(stack) - 1, -1, -1) if _closes(stack[i][1], mark)), None
                )
                if depth is None and _closes_mixed(text, stack, marks, at):
                    depth = 0
                if depth is None:
                    if (
                        not stack
                        and mark in '”"»'
                        and (quote := _unopened(text, start, place, quotes)) is not None
                    ):
                        quotes.append(quote)
                    continue
                opened = stack[depth][0]
                stack = stack[:depth]
                if not stack:
                    count = carried[2] + 1 if carried is not None and opened == carried[0] else 1
                    quotes.append(Quote(opened, place + 1, opened + 1, place, True, count))
                    carried = None if count > 1 else carried
        if stack:
            opened, mark = stack[0]
            if text[ahead[0] : ahead[0] + 1] == mark and _plausible_continuation(
                text, opened, (start, end), ahead
            ):
                carried = (
                    opened,
                    mark,
                    carried[2] + 1 if carried is not None and opened == carried[0] else 1,
                )
                continue
            quotes.append(
                _unclosed(text, opened, end, end)
                if carried is None or opened != carried[0]
                else Quote(opened, end, opened + 1, end, False, carried[2] + 1)
            )
        carried = None
    return _outermost(quotes if FILL not in text else [_whole(text, q) for q in quotes])


def _closes(opening: str, mark: str) -> bool:
    return mark == opening if opening in "\"'" else mark in OPENING[opening]


def _closes_mixed(
    text: str, stack: list[tuple[int, str]], marks: list[tuple[int, str]], at: int
) -> bool:
    """Whether a straight mark closes what a curly one opened, or the other way: no mark of the kind
    that opened closes it further on, or another quotation opens before.
    """
    if len(stack) != 1:
        return False
    opening, mark = stack[0][1], text[marks[at][0]]
    if not (opening in CURLY and mark == '"' or opening == '"' and mark == "”"):
        return False
    ahead = marks[at + 1 : at + 1 + NEAR]
    return next((role for place, role in ahead if text[place] in DOUBLE), "") != "close"


def _unclosed(text: str, opened: int, limit: int, end: int) -> Quote:
    """A quotation whose closing mark is missing: up to an attribution, else to the end of its
    sentence, or of the paragraph after a colon.
    """
    found = _ATTRIBUTION.search(text, pos=opened + 1, endpos=limit)
    if found is None and not (
        limit == end and text[max(0, opened - 9) : opened].rstrip().endswith(":")
    ):
        found = _SENTENCE_END.search(text, pos=opened + 1, endpos=limit)
    stop = found.end() if found is not None else limit
    while text[stop - 1].isspace():
        stop -= 1
    return Quote(opened, stop, opened + 1, stop, False)


def _unopened(text: str, start: int, place: int, quotes: list[Quote]) -> Quote | None:
    """A quotation whose opening mark is missing: from the beginning of its sentence."""
    begin = max(start, quotes[-1].end if quotes else 0)
    if text[place - 1] not in ",.?!…" or place - begin < 4:
        return None  # a stray mark, as of inches
    for stop in _SENTENCE_END.finditer(text, pos=begin, endpos=place - 1):
        begin = stop.end()
    while begin < place and (text[begin].isspace() or text[begin] in ",;:"):
        begin += 1
    return Quote(begin, place + 1, begin, place, False) if place - begin >= 4 else None


def _plausible_continuation(
    text: str, opened: int, block: tuple[int, int], ahead: tuple[int, int]
) -> bool:
    """Whether a quotation that its paragraph leaves open goes on where the next paragraph opens
    with the same mark.
    """
    if text[ahead[0] + 1 : ahead[0] + 2].isspace():
        return False
    lead = text[block[0] : opened].rstrip() if opened >= block[0] else ""
    attributed = _ATTRIBUTION.search(text, max(opened, block[0]) + 1, block[1])
    if not attributed and (not lead or lead[-1] in ".!?…"):
        return True
    # it has its attribution before it, or within it where its closing mark is missing; where the
    # next comes to a comma and closes, that one has another after it
    mark = text[opened]
    close = next(
        (
            m.start()
            for m in MARK.finditer(text, ahead[0] + 1, ahead[1])
            if _closes(mark, m.group())
        ),
        None,
    )
    return close is None or text[close - 1] != ","


def _whole(text: str, quote: Quote) -> Quote:
    """The quotation with both characters of marks that are typed with two."""
    inner = quote.inner_start + (text[quote.inner_start : quote.inner_start + 1] == FILL)
    end = quote.end + (quote.balanced and text[quote.end : quote.end + 1] == FILL)
    return replace(quote, inner_start=min(inner, quote.inner_end), end=end)


def _outermost(quotes: list[Quote]) -> list[Quote]:
    kept: list[Quote] = []
    for quote in sorted(quotes, key=lambda q: (q.start, -q.end)):
        if not kept or quote.start >= kept[-1].end:
            kept.append(quote)
    return kept
