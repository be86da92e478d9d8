"""Marks of quotations and apostrophes as they are typed, and what each mark of a paragraph does."""

from __future__ import annotations

from bisect import bisect_left

import regex

from analysis.text.lists import either, english_words

FILL = "\u2060"  # second character of a mark that is typed with two
FAR = 2000  # characters within which the other single mark is looked for
_ODD_APOSTROPHE = regex.compile(r"(?<=[\p{L}\p{N}])['ʼ‘`´′＇](?=[\p{L}\p{N}])")
_FOREIGN = regex.compile("[＂‟〝〞〟「」﹁﹂『』﹃﹄]")
_SAME = str.maketrans("＂‟〝〞〟「」﹁﹂『』﹃﹄", '"““””“”“”«»«»')
_TURN = str.maketrans("»«›‹", "«»‹›")
# pairs that close where English opens (»German«), told by which stands first at the beginning of a
# word
_TURNED = regex.compile(r"[«‹]|(?<!\w)([»›])(?=\w)")
_DOUBLED = regex.compile(r"\n\s*\n|``|''|‘‘|’’|´´|(?<!\S),,(?=\w)")
_DOUBLED_CLOSE = regex.compile(r"(?<=\S)(?:''|’’|´´|``|[\"”“])(?!\w)")
_BACKTICK = regex.compile(r"(?<![^\s([{—–-])`(?=\w)")
_BACKTICK_CLOSE = regex.compile(r"(?<=[^\s`])[`´'’](?![\w`'’])")
MARK = regex.compile(r"[“”„«»‹›‘’\"']")

# words that lose their first letters, so that the mark before them is an apostrophe
_ELISION = regex.compile(rf"(?:{either(english_words('elisions'))}|\d\d)\b", regex.IGNORECASE)
# 's-Hertogenbosch, 't, 'n; contractions that are cut off ("it 's"); the '90s
_CLIPPED = regex.compile(r"(?:\d\ds\b|(?:s|t|n|k|m|r|d|ns|ll|ve)(?![\w'’‘]))", regex.IGNORECASE)
_AND = regex.compile(r".{0,2}['‘’]n['’]")  # rock 'n' roll
_SINGLE_CLOSE = {
    mark: regex.compile(rf"(?<=\S)[{close}](?!\w)") for mark, close in (("‘", "’'"), ("'", "'"))
}
_LATER_CLOSE = {
    mark: regex.compile(rf"[.,?!;…]{mark}(?!\w)|\w{mark}(?=[.,;:)]|\s*$)|[^\Ws]{mark}(?!\w)")
    for mark in "'’"
}
_WORD_AHEAD = regex.compile(r"\s+[\p{L}\p{N}]")
_SINGLE_OPEN = {"'": regex.compile(r"(?<=[\s(])'(?=\w)"), "’": regex.compile(r"(?<=[\s(])‘(?=\w)")}
_WITHIN = regex.compile(r"[.!?…]\s+\p{Lu}")
_OPENS_AFTER = frozenset("([{—–-‘'“/:")
_CLOSES_BEFORE = frozenset(".,;:!?)]}…—–،؛؟。，、；：！？" + FILL)
_CURLY_CLOSE = regex.compile(r"(?<=[^\s([{])[”“](?!\w)")


def plain_apostrophes(text: str) -> str:
    """The text with typographic apostrophes in place of straight ones, backticks, accents, primes
    and opening marks that stand within words; every character keeps its place.

    Examples
    --------
    >>> plain_apostrophes("O`Dell isn´t in")
    'O’Dell isn’t in'
    """
    return _ODD_APOSTROPHE.sub("’", text)


def plain_marks(text: str) -> str:
    """The text with the marks of quotations as books have them: one character for each, a filler
    behind those that are typed with two; every character keeps its place.

    Examples
    --------
    >>> plain_marks("``Row,'' she said.").replace(FILL, "")
    '“Row,” she said.'
    """
    if (first := _TURNED.search(text)) and first[1]:
        # »German« is turned; a text without the other mark closes with the one that opens (»so»)
        same = first[1] == "»" and "«" not in text
        text = text.replace("»", "”") if same else text.translate(_TURN)
    text = plain_apostrophes(text.translate(_SAME) if _FOREIGN.search(text) else text)
    if "``" in text or "''" in text or "‘‘" in text or "’’" in text or ",," in text:
        text = _doubled(text)
    return _backticks(text) if "`" in text else text


def _doubled(text: str) -> str:
    pieces, last, opened = [], 0, False
    closes = [m.start() for m in _DOUBLED_CLOSE.finditer(text)]
    for match in _DOUBLED.finditer(text):
        mark, (start, end) = match.group(), match.span()
        if mark.isspace():
            opened = False
            continue
        before, after = text[start - 1 : start] or " ", text[end : end + 1] or " "
        starts = not before.isalnum() and not after.isspace() and mark != "´´"
        stop = _line_end(text, end)
        if starts and not opened and (before.isspace() or before in _OPENS_AFTER):
            ahead = bisect_left(closes, end + 1)
            new = "„" if mark == ",," else "“"
            if mark != "``" and (ahead == len(closes) or closes[ahead] >= stop):
                continue
            opened = True
        elif opened and not before.isspace() and not after.isalnum() and mark != ",,":
            new, opened = "”", False
        else:
            continue
        pieces += [text[last:start], new, FILL]
        last = end
    return "".join([*pieces, text[last:]])


def _line_end(text: str, place: int) -> int:
    """Where the line of a place ends, or what is too far from it."""
    far = min(len(text), place + FAR)
    stop = text.find("\n", place, far)
    return far if stop < 0 else stop


def _backticks(text: str) -> str:
    """`Single' quotations in single marks."""
    characters, end = list(text), 0
    closes = [m.start() for m in _BACKTICK_CLOSE.finditer(text)]
    for match in _BACKTICK.finditer(text):
        if match.start() < end:
            continue
        ahead = bisect_left(closes, match.end())
        close = closes[ahead] if ahead < len(closes) else len(text)
        if close >= _line_end(text, match.end()) or "`" in text[match.end() : close]:
            continue
        characters[match.start()], characters[close] = "‘", "’"
        end = close + 1
    return "".join(characters)


def roles(text: str, start: int, end: int, ahead: str) -> list[tuple[int, str]]:
    """What every mark of a paragraph does.

    Parameters
    ----------
    text : str
        With plain marks.
    start, end : int
        The paragraph.
    ahead : str
        The first character of the next paragraph.

    Returns
    -------
    list of (int, {"open", "close"})
    """
    found = []
    later = _Later(text)
    straight_open = low_open = curly_open = False
    single_open = 0
    for m in MARK.finditer(text, pos=start, endpos=end):
        place, mark = m.start(), m.group()
        before = text[place - 1] if place > start else " "
        after = text[place + 1] if place + 1 < end else " "
        if mark == "“" and low_open and (after.isspace() or not after.isalnum()):
            low_open = False  # German closes „ with “
            found.append((place, "close"))
        elif mark == "“" and curly_open and _ends_word(before, after):
            curly_open = False
            found.append((place, "close"))
        elif mark in "„“«‹":
            low_open = low_open or mark == "„"
            curly_open = curly_open or mark == "“"
            found.append((place, "open"))
        elif mark == "”" and not curly_open and not low_open and _opens_right(text, place, start):
            curly_open = True  # Swedish opens with what English closes with
            found.append((place, "open"))
        elif mark in "”»›":
            curly_open = curly_open and mark != "”"
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
            if opens and not _CLIPPED.match(text, place + 1):
                if _opens_single(later, (start, place, end), mark, ahead):
                    single_open += 1
                    found.append((place, "open"))
            elif (
                mark == "'"
                and single_open
                and not after.isalnum()
                and not _possessive(later, place, end, "'")
            ):
                single_open -= 1
                found.append((place, "close"))
        elif mark == "’":
            if before.isalnum() and after.isalnum():
                continue
            if single_open and not after.isalnum() and not _possessive(later, place, end, "’"):
                single_open -= 1
                found.append((place, "close"))
    return found


class _Later:
    """What is found behind the marks of a paragraph, one mark after another: where many marks have
    the same before them, or nothing, that is not searched for each.

    Patterns look one character ahead, or to the end.
    """

    def __init__(self, text: str):
        self.text = text
        self._last: dict[tuple, tuple[int, int, regex.Match | None]] = {}

    def search(self, pattern: regex.Pattern, place: int, end: int, why: str = ""):
        """What `pattern.search` finds; `why` parts searches whose ends do not grow together."""
        since, until, found = self._last.get((pattern, why), (place + 1, end, None))
        begin = place
        if since <= place and until <= end:
            if found is None:
                begin = max(place, until - 2)
            elif found.start() >= place:
                begin = found.start()
        found = pattern.search(self.text, begin, end)
        self._last[pattern, why] = place, end, found
        return found


def _ends_word(before: str, after: str) -> bool:
    return not (before.isspace() or before in "([{—–-") and (
        after.isspace() or after in _CLOSES_BEFORE
    )


def _opens_right(text: str, place: int, start: int) -> bool:
    """Whether a mark that closes in English opens a quotation here: it begins a word, and another
    ends one further on in the line.
    """
    before, after = text[place - 1] if place > start else " ", text[place + 1 : place + 2]
    if not (before.isspace() or before in _OPENS_AFTER) or not after.isalnum():
        return False
    close = _CURLY_CLOSE.search(text, place + 1, _line_end(text, place))
    return close is not None and "“" not in text[place : close.start()]


def _opens_single(later: _Later, where: tuple[int, int, int], mark: str, ahead: str) -> bool:
    """Whether a single mark before a word opens a quotation, and is no apostrophe of the word."""
    text, (start, place, end) = later.text, where
    limit, close = min(end, place + FAR), "'" if mark == "'" else "’"
    another = later.search(_SINGLE_OPEN[close], place + 1, limit)
    while another is not None and _CLIPPED.match(text, another.end()):
        another = _SINGLE_OPEN[close].search(text, another.end(), limit)
    until = limit if another is None else another.start()
    sure = later.search(_LATER_CLOSE[close], place + 1, until)
    if _ELISION.match(text, place + 1):
        return sure is not None and (
            sure.group()[0] in ".,?!;…" or not _WITHIN.search(text, place, sure.start())
        )
    if mark == "‘":
        return True
    if text[place - 1].isspace() and text[max(start, place - 9) : place].rstrip()[-1:].isalnum():
        # in running words: the mark that closes stands before any other that opens
        near = later.search(_SINGLE_CLOSE[mark], place + 1, until, "near")
        return near is not None and (
            sure is not None or not _WITHIN.search(text, place, near.start())
        )
    return later.search(_SINGLE_CLOSE[mark], place + 1, limit) is not None or (
        mark == ahead and _stays_open(text, start, place, end)
    )


def _stays_open(text: str, start: int, place: int, end: int) -> bool:
    """Whether a paragraph ends within the quotation that a single mark opens: it has a lead or
    none, and ends as speech does.
    """
    return (
        text[max(start, place - 9) : place].rstrip()[-1:] in ("", ":", ",")
        and text[end - 1] in ".!?…"
    )


def _possessive(later: _Later, place: int, end: int, mark: str) -> bool:
    """Whether a single mark is a plural's possessive ("the workers’ pay") rather than the end of a
    quotation.
    """
    text = later.text
    if text[place - 1] not in "sS" or not _WORD_AHEAD.match(text, place + 1, end):
        return False
    limit = min(end, place + FAR)
    another = later.search(_SINGLE_OPEN[mark], place + 1, limit, "possessive")
    until = another.start() if another else limit
    return later.search(_LATER_CLOSE[mark], place + 1, until, "possessive") is not None
