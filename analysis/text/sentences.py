"""Sentences: where they begin and end, never inside quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left

import nupunkt
import regex

from analysis.text.lists import either, english_words
from analysis.text.marks import plain_marks
from analysis.text.quotes import Quote, find_quotes
from analysis.text.scripts import has_other_scripts, sentence_ends

WINDOW = 80  # characters beside a boundary that decide on it
LINE_END = 200  # characters of a line's end that tell whether the next continues it
_LINE = regex.compile(r"[^\r\n\u2028\u2029]+")
_TERMINAL = regex.compile(r"[.!?…:;][\"'”’“‘»«)\]]*\s*$")
_ENDS = ".!?…:;。｡！？؟；：।"
_FINAL = regex.compile(rf"([{_ENDS}])[\p{{P}}\p{{S}}\s\u2060--{_ENDS}]*$", regex.V1)
_MARKS = str.maketrans("。｡！？؟；：।", "..!??;:.")
_CONTINUES = regex.compile(r"\s*(?:[\p{Ll}—–,;!?:)\]]|\.(?!\.))")
# a line that stops after such a word, or after "A fresh", was broken at a link
_UNFINISHED = regex.compile(
    rf"(?:[,—–]|\b(?:{either(english_words('unfinished'))}))\s*$"
    r"|^\s*(?:A|An|The)\s\p{Ll}+\s*$"
)
_BULLET = "•·▪●■□◦‣∙○►▶➤✓✔*–—-"
_ROMAN = r"(?i:i{1,3}|iv|vi{0,3}|ix|xi{0,3}|xi?v)"
_LIST_ITEM = regex.compile(
    rf"\s*(?:[{_BULLET}]|\(?\d{{1,3}}[.)]|\(?(?:\p{{Ll}}|\p{{Lu}}(?=\)))[.)]|\(?{_ROMAN}[.)])\s+\S"
)
_ITEM = regex.compile(rf"\s*\(?(?:\d{{1,3}}|\p{{L}}|{_ROMAN})[.)]\s+")  # its number or letter
_NUMBERED = regex.compile(r"(?:(?<=^)|(?<=[.!?:;,][\"”’)]?\s))\(?(\d{1,2})[.)]\s+(?=\S)")
_ANY_BULLET = re.compile("[•▪●■◦‣]")
_INLINE = regex.compile(r"(?:^|(?<=\s))[•▪●■◦‣]\s+(?=\S+\s+\S+\s+\S)")
# same length, so that offsets stay: the splitter knows straight marks best
_PLAIN = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‘": "'",
        "’": "'",
        "‚": "'",
        "‹": "'",
        "›": "'",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        "\ufeff": " ",
        "\t": " ",
    }
)
_PERHAPS_LOST = regex.compile(
    r"[.!?][\"”’']?[\"“‘]?\p{Lu}\p{Ll}"
)  # in few texts, so that the next need not look at the others
_LOST_SPACE = regex.compile(
    r"(?<=[\p{Ll}\)\d]{2}[.!?][\"”’']?)(?=[\"“‘]?\p{Lu}\p{Ll}+(?:[\s’',;!?]|\.(?:\s|$)|$))"
)
_TITLES = regex.compile(
    rf"(?:^|[\s(\"“‘'])(?:{either(english_words('abbreviations'))}|\p{{Lu}})\.\s*$"
)
_ADDRESS = regex.compile(
    r"\b(?:on|in|off|at|near|of|along|from)\s+(?:\p{Lu}[\p{L}’']*\s+){1,3}(?:St|Ave|Rd|Blvd)\.\s*$"
)
_STARTERS = regex.compile(rf"[\"“‘'(\u2060]*(?:{either(english_words('starters'))})\b")
# "No." is an answer, or stands before a number
_NO = regex.compile(r"(?:^|[\s(\"“‘'])Nos?\.$")
_ANSWER = regex.compile(r"\?[\"”’)]*\s+[\"“‘']?No\.$")
_NUMBER_AHEAD = regex.compile(
    r"[#(]?\d|[IVX]{2,}\b|(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten)\b"
)
_BEFORE_DIGIT = regex.compile(
    r"(?:^|[\s(])(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|ca?|pp?|art|sec|ch|nos?)\.$"
)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\p{Ll}*\b"
_ORDINAL, _MONTH_AHEAD = (
    regex.compile(r"(?<!\d)\d{1,2}\.$"),
    regex.compile(_MONTH),
)  # "on the 3. October"
_CLOCK = regex.compile(r"\b[ap]\.\s?m\.$", regex.IGNORECASE)
_OF_THE_CLOCK = regex.compile(
    rf"{_MONTH}|(?:Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)(?:\p{{Ll}}*day)?\b|\p{{Lu}}{{1,3}}T\b|UTC\b|"
    r"(?:Eastern|Central|Mountain|Pacific|Greenwich|Atlantic|Standard|Daylight)\b"
)
# a letter that names a thing ("Plan B.") ends a sentence before a word that is nobody's surname
_LETTER = regex.compile(r"\S\s\p{Lu}\.$")
_NO_SURNAME = regex.compile(r"(?!(?:A|An|He|So|No|To|On|As|I|We|You|By)\b)")
# where a sentence may end: a mark, then white space, then a capital, a digit or an opening mark
_BOUNDARY = regex.compile(
    r"([.!?…][\"'”’“‘»«)\]\u2060]*)\s+(?=[\"“‘„‚'«»‹›(\[\u2060]*[\p{Lu}\p{N}]"
    r"|[\"“‘„‚«»‹›(\[•@#]|\p{So}|\p{Ll}+\p{Lu})"
)
_INITIALS = regex.compile(r"(?:^|[\s.(])\p{L}\.$")
# read backwards from the end, where a search would try every beginning
_SURE_END = regex.compile(
    r"(?r)(?:[\p{Ll}\d%)’'\"”“‘»«\u2060][.!?…][\"'”’“‘»«)\]\u2060]*"
    r"|[!?…][\"'”’“‘»«)\]\u2060]*|[.][\"'”’“‘»«)\]\u2060]+)"
)


def final_mark(sentence: str) -> str:
    """The mark that ends a sentence; an empty text where none does, as of a headline or byline.

    Parameters
    ----------
    sentence : str

    Returns
    -------
    str
        One of ". ! ? … : ;", whatever the script.

    Examples
    --------
    >>> final_mark("“Who came?”"), final_mark("(She did.)"), final_mark("By Ada Orr")
    ('?', '.', '')
    """
    found = _FINAL.search(sentence)
    return found[1].translate(_MARKS) if found else ""


def find_blocks(text: str) -> list[tuple[int, int]]:
    """Paragraphs of a text: its lines, those joined that were broken in the middle of a sentence.

    Returns
    -------
    list of (start, end)
        Without the white space around them.
    """
    blocks: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        stripped = line.group().strip(" \t\u00a0\u202f\u2009\u3000\ufeff")
        if not stripped:
            continue
        start = line.start() + line.group().index(stripped)
        end = start + len(stripped)
        first, last = blocks[-1] if blocks else (0, 0)
        if (
            blocks
            and text.count("\n", last, start) == 1
            and _joins(text[max(first, last - LINE_END) : last], stripped)
        ):
            blocks[-1] = (first, end)
        else:
            blocks.append((start, end))
    return blocks


def _joins(before: str, line: str) -> bool:
    if _LIST_ITEM.match(line) or _TERMINAL.search(before):
        return False
    last = before[before.rfind("\n") + 1 :]
    return bool(_CONTINUES.match(line) or _UNFINISHED.search(last))


def find_sentences(
    text: str, quotes: list[Quote] | None = None, blocks: list[tuple[int, int]] | None = None
) -> list[tuple[int, int, int]]:
    """Split a text into sentences.

    The splitter is nupunkt's (Punkt; Kiss and Strunk 2006, doi.org/10.1162/coli.2006.32.4.485),
    trained on English; on it stand rules: no sentence runs over two blocks; none ends inside a
    quotation; none ends after a title, an initial or the number of a list's item; one ends where
    the space after its full stop was lost. Scripts with marks of their own, or without capitals,
    are split by `analysis.text.scripts`.

    Returns
    -------
    list of (start, end, block)
        Without the white space around them; together they cover all other characters.
    """
    text = plain_marks(text)
    quotes = find_quotes(text) if quotes is None else quotes
    closed = sorted((q.start, q.end) for q in quotes if q.balanced)
    starts = [s for s, _ in closed]
    lost, other = _PERHAPS_LOST.search(text) is not None, has_other_scripts(text)
    sentences = []
    for number, (start, end) in enumerate(find_blocks(text) if blocks is None else blocks):
        edges = [start]
        for cut in _cuts(text[start:end], lost, other):
            before = bisect_left(starts, start + cut) - 1
            if before < 0 or closed[before][1] <= start + cut:
                edges.append(start + cut)
        for a, b in zip(edges, [*edges[1:], end]):
            piece = text[a:b]
            if stripped := piece.strip():
                lead = len(piece) - len(piece.lstrip())
                sentences.append((a + lead, a + lead + len(stripped), number))
    return sentences


def _cuts(block: str, lost: bool, other: bool) -> list[int]:
    """Offsets in a block at which a new sentence begins; `lost` says whether the space after a full
    stop may be lost somewhere, `other` whether there are other scripts than those with capitals.
    """
    cuts = {m.start() for m in _LOST_SPACE.finditer(block)} if lost else set()
    unsure = set()
    for boundary in _BOUNDARY.finditer(block):
        place = boundary.end()
        before, after = (
            block[max(0, boundary.end(1) - WINDOW) : boundary.end(1)],
            block[place : place + WINDOW],
        )
        ends = _ends(before, after)
        if ends:
            cuts.add(place)
        elif ends is None:
            unsure.add(place)
    if unsure:
        cuts |= unsure & {b for _, b in nupunkt.sent_spans(block.translate(_PLAIN))}
    if other:
        cuts |= sentence_ends(block)
    if _ANY_BULLET.search(block):
        bullets = {m.start() for m in _INLINE.finditer(block)}
        cuts |= bullets - {0} if len(bullets) > 1 else set()
    return sorted(cuts - _behind_numbers(block) if cuts else cuts)


def _behind_numbers(block: str) -> set[int]:
    """Where the words of a list's items begin, behind their numbers: the number that a block begins
    with, and those within it that count on.
    """
    item = _ITEM.match(block)
    behind = {item.end()} if item else set()
    if "1." not in block and "1)" not in block:
        return behind
    numbers = [(int(m[1]), m.end()) for m in _NUMBERED.finditer(block)]
    last_two = max((at for at, (number, _) in enumerate(numbers) if number == 2), default=-1)
    before: set[int] = set()
    for at, (number, end) in enumerate(numbers):
        if number - 1 in before or number == 1 and at < last_two:
            behind.add(end)
        before.add(number)
    return behind


def _ends(before: str, after: str) -> bool | None:
    """Whether a sentence ends between two pieces of text; None leaves it to the splitter."""
    if before.endswith(("No.", "Nos.")) and _NO.search(before):
        return _ANSWER.search(before) is not None or not _NUMBER_AHEAD.match(after)
    if _TITLES.search(before):
        starts = _STARTERS.match(after) is not None
        return starts and bool(
            _ADDRESS.search(before) or _LETTER.search(before) and _NO_SURNAME.match(after)
        )
    if (
        _BEFORE_DIGIT.search(before)
        and after[0].isdigit()
        or _ORDINAL.search(before)
        and _MONTH_AHEAD.match(after)
    ):
        return False
    if _CLOCK.search(before) and after[0].isupper():
        return not _OF_THE_CLOCK.match(after)
    return True if _surely_ends(before, after) else None


def _surely_ends(before: str, after: str) -> bool:
    """Whether a sentence ends here though the splitter may see no end: after a word in small
    letters or a closed mark, or after initials where the next word is one that opens sentences.
    """
    if _INITIALS.search(before):
        return bool(_STARTERS.match(after)) and "." in before[-4:-1]
    return _SURE_END.match(before) is not None
