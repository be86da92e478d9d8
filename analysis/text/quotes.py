"""Direct quotations: straight, curly, angled and single marks, nested, unbalanced, and over several
paragraphs.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

OPENING = {"“": "”", "„": "“”", "«": "»", "‘": "’", "‹": "›"}
FAR = 2000  # characters within which the other single mark is looked for
DEEP = 20  # marks within marks that are kept apart
# words that lose their first letters, so that the mark before them is an apostrophe
_ELISION = regex.compile(
    r"(?:em|til|tis|twas|cause|cos|bout|round|neath|n|\d\d)\b", regex.IGNORECASE
)
_DECADE = regex.compile(r"\d\ds\b")  # the '90s
_AND = regex.compile(r".{0,2}['‘’]n['’]")  # rock 'n' roll
_VERBS = (
    "said|says|say|saying|told|tells|asked|asks|added|adds|replied|replies|wrote|writes"
    "|claimed|claims|insisted|insists|"
    "stated|states|warned|warns|argued|argues|explained|explains|noted|notes|admitted|admits"
    "|called|calls|joked|shouted|"
    "declared|declares|tweeted|posted|according"
)
_ATTRIBUTION = regex.compile(
    rf"[,.?!](?=\s+(?:(?:he|she|they|it"
    rf"|[\p{{Lu}}][\p{{L}}.’'-]+(?:\s+[\p{{Lu}}][\p{{L}}.’'-]+){{0,4}}|"
    rf"(?:the|a|an|one|two|three)\s[\p{{L}} ]{{2,40}}?)\s+(?:{_VERBS})\b"
    rf"|(?:{_VERBS})\s|\p{{Ll}}+ed\s+(?:\p{{Ll}}+\s+)?\p{{Lu}}))"
)
_PARAGRAPH = regex.compile(r"\S[^\r\n]*(?:\r?\n(?:[\p{Ll}—–,;!?:)\]]|\.(?!\.))[^\r\n]*)*")
_MARK = regex.compile(r"[“”„«»‹›‘’\"']")
# pairs that close where English opens (»German«), told by which stands first at the beginning of a
# word
_TURNED = regex.compile(r"[«‹]|(?<!\w)([»›])(?=\w)")
_TURN = str.maketrans("»«›‹", "«»‹›")
_SINGLE_CLOSE = {
    mark: regex.compile(rf"(?<=\S)[{close}](?!\w)") for mark, close in (("‘", "’'"), ("'", "'"))
}
_LATER_CLOSE = {
    mark: regex.compile(rf"[.,?!;…]{mark}(?!\w)|\w{mark}(?=[.,;:)]|\s*$)|[^\Ws]{mark}(?!\w)")
    for mark in "'’"
}
_WORD_AHEAD = regex.compile(r"\s+[\p{L}\p{N}]")
_SINGLE_OPEN = {"'": regex.compile(r"(?<=[\s(])'(?=\w)"), "’": regex.compile(r"(?<=[\s(])‘(?=\w)")}
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
    if (first := _TURNED.search(text)) and first[1]:
        text = text.translate(_TURN)
    blocks = [m.span() for m in _PARAGRAPH.finditer(text)]
    quotes: list[Quote] = []
    carried: tuple[int, str, int] | None = (
        None  # start, mark and paragraphs of a quotation that the next paragraph continues
    )
    for number, (start, end) in enumerate(blocks):
        ahead = blocks[number + 1] if number + 1 < len(blocks) else (len(text), len(text))
        marks = _marks(text, start, end, text[ahead[0] : ahead[0] + 1])
        stack: list[tuple[int, str]] = []
        first = 0
        if carried is not None:
            origin, mark, count = carried
            if marks and text[marks[0][0]] == mark and marks[0][0] <= start + 1:
                stack = [(origin, mark)]
                first = 1
        for place, role in marks[first:]:
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
    return _outermost(quotes)


def _marks(text: str, start: int, end: int, ahead: str) -> list[tuple[int, str]]:
    """Every quotation mark of a paragraph with its role, "open" or "close"; `ahead` is how the next
    paragraph begins.
    """
    found = []
    straight_open = low_open = False
    single_open = 0
    for m in _MARK.finditer(text, pos=start, endpos=end):
        place, mark = m.start(), m.group()
        before = text[place - 1] if place > start else " "
        after = text[place + 1] if place + 1 < end else " "
        if mark == "“" and low_open and (after.isspace() or not after.isalnum()):
            low_open = False  # German closes „ with “
            found.append((place, "close"))
        elif mark in "„“«‹":
            low_open = low_open or mark == "„"
            found.append((place, "open"))
        elif mark in "”»›":
            found.append((place, "close"))
        elif mark == '"':
            can_open = not after.isspace() and (before.isspace() or before in "([{—–-‘'“/")
            can_close = not before.isspace() and before not in "([{" and not after.isalnum()
            if can_open and not (can_close and straight_open):
                straight_open = True
                found.append((place, "open"))
            elif can_close or straight_open:
                straight_open = False
                found.append((place, "close"))
            else:
                straight_open = True
                found.append((place, "open"))
        elif mark == "‘" or mark == "'":
            if (
                before.isalnum()
                and after.isalnum()
                or _AND.match(text, max(place - 2, 0), place + 3)
            ):
                continue
            opens = (before.isspace() or before in '([{—–-"“') and not after.isspace()
            if opens and not _DECADE.match(text, place + 1):
                closes = _closing_ahead(text, place + 1, end, mark)
                if (
                    closes
                    or not _ELISION.match(text, place + 1)
                    and (mark == "‘" or mark == ahead and _stays_open(text, start, place, end))
                ):
                    single_open += 1
                    found.append((place, "open"))
            elif (
                mark == "'"
                and single_open
                and not after.isalnum()
                and not _possessive(text, place, end, "'")
            ):
                single_open -= 1
                found.append((place, "close"))
        elif mark == "’":
            if before.isalnum() and after.isalnum():
                continue
            if single_open and not after.isalnum() and not _possessive(text, place, end, "’"):
                single_open -= 1
                found.append((place, "close"))
    return found


def _closing_ahead(text: str, start: int, end: int, mark: str) -> bool:
    """Whether a single mark further on in the paragraph may close a quotation that opens here."""
    return _SINGLE_CLOSE[mark].search(text, start, min(end, start + FAR)) is not None


def _stays_open(text: str, start: int, place: int, end: int) -> bool:
    """Whether a paragraph ends within the quotation that a single mark opens: it has a lead or
    none, and ends as speech does.
    """
    return (
        text[max(start, place - 9) : place].rstrip()[-1:] in ("", ":", ",")
        and text[end - 1] in ".!?…"
    )


def _possessive(text: str, place: int, end: int, mark: str) -> bool:
    """Whether a single mark is a plural's possessive ("the workers’ pay") rather than the end of a
    quotation.
    """
    if text[place - 1] not in "sS" or not _WORD_AHEAD.match(text, place + 1, end):
        return False
    limit = min(end, place + FAR)
    another = _SINGLE_OPEN[mark].search(text, place + 1, limit)
    return (
        _LATER_CLOSE[mark].search(text, place + 1, another.start() if another else limit)
        is not None
    )


def _closes(opening: str, mark: str) -> bool:
    return mark == opening if opening in "\"'" else mark in OPENING[opening]


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
    if not lead or lead[-1] in ".!?…":
        return True
    # it has its attribution before it; where the next comes to a comma and closes, that one has
    # another after it
    mark = text[opened]
    close = next(
        (
            m.start()
            for m in _MARK.finditer(text, ahead[0] + 1, ahead[1])
            if _closes(mark, m.group())
        ),
        None,
    )
    return close is None or text[close - 1] != ","


def _outermost(quotes: list[Quote]) -> list[Quote]:
    kept: list[Quote] = []
    for quote in sorted(quotes, key=lambda q: (q.start, -q.end)):
        if not kept or quote.start >= kept[-1].end:
            kept.append(quote)
    return kept
