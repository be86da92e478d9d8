"""Ends of sentences in scripts without capitals, or with marks of their own.

Marks are Unicode's (property Sentence_Terminal). A script that has none, such as Thai, is not
split: white space in it ends phrases as well as sentences.
"""

from __future__ import annotations

import re

import regex

from analysis.text.marks import FILL

_CASELESS = r"[[\p{Lo}\p{Georgian}]--[ªº]]"
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ー々]"
_TERM = r"[[\p{Sentence_Terminal}\u037e]--[.!?]]"
_CLOSE = rf"[\"'”’»›)\]）】」』》〉〕｝{FILL}]"
_OPEN = rf"[\"'“‘«‹(\[（【「『《〈〔{FILL}]"
# what lies outside Latin script and general punctuation, looked for first as it takes less time
_FAR = re.compile("[\u0370-\u1dff\u203c\u203d\u2047-\u2049\u2cf9-\ud7ff\uf900-\U0010ffff]")
_ANY = regex.compile(rf"{_CASELESS}|\p{{Greek}}|\p{{Armenian}}|{_TERM}", regex.V1)
# marks that nothing but an end has: white space need not follow
_MARKED = regex.compile(rf"{_TERM}[{_TERM}.!?…]*(?:{_CLOSE}|{_TERM})*\s*", regex.V1)
_GOES_ON = regex.compile(r"[，、,;:；：)）\]】」』》〉”’»؛،.…]")
# possessive, from a run's beginning: else a long run of marks takes quadratic time
_SHARED = regex.compile(
    rf"(?<![.!?…])(?P<mark>[.!?…]++){_CLOSE}*+"
    rf"(?:\s+(?={_OPEN}*(?:(?P<caseless>{_CASELESS})|[\p{{Lu}}\p{{N}}]))"
    rf"|(?={_OPEN}*{_CASELESS}))",
    regex.V1,
)
_GREEK = regex.compile(r"(?<=\p{Greek});\s+(?=[«“\"]*\p{Lu})|(?<=\p{Armenian}):\s+(?=\p{Lu})")
_DANDA = regex.compile(r"(?<=[\p{Devanagari}\p{Bengali}])\s?\|{1,2}\s+(?=\S)")  # a bar for a danda
# read backwards from a mark
_LETTER = regex.compile(rf"(?r)(?:^|[\s.({FILL}\"“«])\p{{L}}\p{{M}}*", regex.V1)
_SHORT = regex.compile(r"(?r)(?:^|[\s(\"“«])(?:प्रो|श्री|सुश्री|स्व|एड|मो|ডাঃ?|অধ্যা|প্রফে)")
_WORD = regex.compile(rf"(?r){_CASELESS}[{_CASELESS}\p{{M}}]{{2}}", regex.V1)
_WORD_AHEAD = regex.compile(rf"{_OPEN}*{_CASELESS}[{_CASELESS}\p{{M}}]{{2}}", regex.V1)
_DENSE = regex.compile(_UNSPACED)
_LATIN = regex.compile(r"\p{Latin}")
_BESIDE = regex.compile(rf"[{_CASELESS}\p{{M}}]", regex.V1)


def has_other_scripts(text: str) -> bool:
    """Whether a text holds letters without capitals, or marks that end sentences elsewhere."""
    return not text.isascii() and bool(_FAR.search(text) and _ANY.search(text))


def sentence_ends(block: str) -> set[int]:
    """Where sentences begin in a paragraph, told by other marks than Latin script has, or by the
    letters beside a full stop.

    Examples
    --------
    >>> sentence_ends("船沉了。没有人知道！")
    {4}
    """
    found = set()
    for match in _MARKED.finditer(block):
        place, first = match.end(), match.start()
        if place == len(block) or _GOES_ON.match(block, place):
            continue
        if block[first] == "．" and block[first - 1 : first].isdigit() and block[place].isdigit():
            continue
        if match.group().rstrip()[-1:] in "”’»)）" and "\u3041" <= block[place] <= "\u309f":
            continue  # 「…。」と言った
        found.add(place)
    for match in _SHARED.finditer(block):
        if _ends_at(block, match):
            found.add(match.end())
    for pattern in (_GREEK, _DANDA):
        found.update(match.end() for match in pattern.finditer(block))
    return found


def _ends_at(block: str, match: regex.Match) -> bool:
    start, place = match.span()
    before = block[start - 1 : start]
    spaced = block[place - 1].isspace()
    if match["mark"] == "." and (_LETTER.match(block, 0, start) or _SHORT.match(block, 0, start)):
        return False
    if not spaced:
        dense = _DENSE.match(before) and _DENSE.match(block, place)
        if match["mark"].startswith("…"):
            return False
        return bool(dense or _WORD.match(block, 0, start) and _WORD_AHEAD.match(block, place))
    if match["caseless"]:
        return not (_LATIN.match(before) and _DENSE.match(match["caseless"]))
    return _BESIDE.match(before) is not None
