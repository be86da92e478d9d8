"""Direct quotations: straight, curly, angled and single marks, nested, unbalanced, and over several paragraphs."""

from __future__ import annotations

from dataclasses import dataclass

import regex

OPENING = {"“": "”", "„": "“”", "«": "»", "‘": "’", "‹": "›"}
CLOSING = "”»’›"
_BLOCK = regex.compile(r"[^\r\n\u2028\u2029]*[^\s]")
# words that lose their first letters, so that the mark before them is an apostrophe
_ELISION = regex.compile(r"(?:em|til|tis|twas|cause|cos|bout|round|neath|n|\d0s|\d\d)\b", regex.IGNORECASE)
_VERBS = ("said|says|say|saying|told|tells|asked|asks|added|adds|replied|replies|wrote|writes|claimed|claims|insisted|insists|"
          "stated|states|warned|warns|argued|argues|explained|explains|noted|notes|admitted|admits|called|calls|joked|shouted|"
          "declared|declares|tweeted|posted|according")
_ATTRIBUTION = regex.compile(
    rf"[,.?!](?=\s+(?:(?:he|she|they|it|[\p{{Lu}}][\p{{L}}.’'-]+(?:\s+[\p{{Lu}}][\p{{L}}.’'-]+){{0,4}}|(?:the|a|an|one|two|three)\s[\p{{L}} ]{{2,40}}?)\s+(?:{_VERBS})\b"
    rf"|(?:{_VERBS})\s|\p{{Ll}}+ed\s+(?:\p{{Ll}}+\s+)?\p{{Lu}}))")
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

    A quotation inside another is part of it. Where the closing mark is missing, the next paragraph's opening mark
    continues the quotation; else it ends before an attribution ("…, he said") or with its sentence. Where the opening
    mark is missing, the quotation begins with the sentence.

    Returns
    -------
    list of Quote
        In order, not overlapping.
    """
    blocks = [m.span() for m in _paragraphs(text)]
    quotes: list[Quote] = []
    carried: tuple[int, str, int] | None = None  # start, mark and paragraphs of a quotation that the next paragraph continues
    for number, (start, end) in enumerate(blocks):
        marks = _marks(text, start, end)
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
                    quotes.append(_unclosed(text, stack[0][0], place, end))  # it was never closed, another begins
                    stack = []
                stack.append((place, mark))
            else:
                depth = next((i for i in range(len(stack) - 1, -1, -1) if _closes(stack[i][1], mark)), None)
                if depth is None:
                    if not stack and mark in "”\"»" and (quote := _unopened(text, start, place, quotes)) is not None:
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
            follows = number + 1 < len(blocks) and text[blocks[number + 1][0]] == mark and mark not in "'‘" or (
                number + 1 < len(blocks) and mark == "‘" and text[blocks[number + 1][0]] == mark)
            if follows and _plausible_continuation(text, blocks[number + 1]):
                carried = (opened, mark, carried[2] + 1 if carried is not None and opened == carried[0] else 1)
                continue
            quotes.append(_unclosed(text, opened, end, end) if carried is None or opened != carried[0]
                          else Quote(opened, end, opened + 1, end, False, carried[2] + 1))
        carried = None
    return _outermost(quotes)


def _paragraphs(text: str):
    """Lines, a line that begins in lower case joined to the one before (it was broken at a link)."""
    return regex.finditer(r"\S[^\r\n]*(?:\r?\n(?=[\p{Ll}—–,;])[^\r\n]+)*", text)


def _marks(text: str, start: int, end: int) -> list[tuple[int, str]]:
    """Every quotation mark of a paragraph with its role, "open" or "close"."""
    found = []
    straight_open = False
    single_open = 0
    for m in regex.finditer(r"[“”„«»‹›‘’\"']", text, pos=start, endpos=end):
        place, mark = m.start(), m.group()
        before = text[place - 1] if place > start else " "
        after = text[place + 1] if place + 1 < end else " "
        if mark == "„" or mark in "“«‹":
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
            if before.isalnum() and after.isalnum():
                continue
            opens = (before.isspace() or before in "([{—–-\"“") and not after.isspace()
            if opens and not (_ELISION.match(text, place + 1) and not _closing_ahead(text, place + 1, end, mark)):
                if mark == "‘" or _closing_ahead(text, place + 1, end, mark):
                    single_open += 1
                    found.append((place, "open"))
            elif mark == "'" and single_open and not after.isalnum() and not _possessive(text, place, end, "'"):
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
    close = "’'" if mark == "‘" else "'"
    return regex.search(rf"(?<=\S)[{close}](?!\w)", text, pos=start, endpos=end) is not None


def _possessive(text: str, place: int, end: int, mark: str) -> bool:
    """Whether a single mark is a plural's possessive ("the workers’ pay") rather than the end of a quotation."""
    if text[place - 1] not in "sS" or not regex.match(r"\s+\p{Ll}", text, pos=place + 1, endpos=end):
        return False
    return regex.search(rf"[.,?!;…]{mark}(?!\w)|\w{mark}(?=[.,;:)]|\s*$)", text, pos=place + 1, endpos=end) is not None


def _closes(opening: str, mark: str) -> bool:
    return mark == opening if opening in "\"'" else mark in OPENING[opening]


def _unclosed(text: str, opened: int, limit: int, end: int) -> Quote:
    """A quotation whose closing mark is missing: up to an attribution, else to the end of its sentence."""
    found = _ATTRIBUTION.search(text, pos=opened + 1, endpos=limit)
    if found is None:
        found = _SENTENCE_END.search(text, pos=opened + 1, endpos=limit)
    stop = found.end() if found is not None else limit
    stop = len(text[:stop].rstrip())
    return Quote(opened, stop, opened + 1, stop, False)


def _unopened(text: str, start: int, place: int, quotes: list[Quote]) -> Quote | None:
    """A quotation whose opening mark is missing: from the beginning of its sentence."""
    begin = max([start, *(q.end for q in quotes if q.end <= place)])
    for stop in _SENTENCE_END.finditer(text, pos=begin, endpos=place - 1):
        begin = stop.end()
    while begin < place and (text[begin].isspace() or text[begin] in ",;:"):
        begin += 1
    if text[place - 1] not in ",.?!…" or place - begin < 4:
        return None  # a stray mark, as of inches
    return Quote(begin, place + 1, begin, place, False)


def _plausible_continuation(text: str, block: tuple[int, int]) -> bool:
    return not text[block[0] + 1:block[0] + 2].isspace()


def _outermost(quotes: list[Quote]) -> list[Quote]:
    kept: list[Quote] = []
    for quote in sorted(quotes, key=lambda q: (q.start, -q.end)):
        if not kept or quote.start >= kept[-1].end:
            kept.append(quote)
    return kept
