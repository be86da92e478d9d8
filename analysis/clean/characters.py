"""Characters that nobody sees, and what HTML left behind."""

from __future__ import annotations

import html
from collections.abc import Iterator
from html.entities import html5

import regex

from analysis.clean.edits import Edit

_INVISIBLE = regex.compile(
    "[\u00ad\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffc"
    "\0-\x08\x0e-\x1b\x7f]+"
)
# Zero-width space parts words in scripts without spaces; the joiners are letters' business in
# Arabic and Indic scripts, and they hold emoji together.
_PARTS_WORDS = regex.compile(r"[\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}]")
_JOINED = regex.compile(
    r"[\p{Arabic}\p{Syriac}\p{Thaana}\p{NKo}\p{Mongolian}\p{Devanagari}\p{Bengali}\p{Gurmukhi}"
    r"\p{Gujarati}\p{Oriya}\p{Tamil}\p{Telugu}\p{Kannada}\p{Malayalam}\p{Sinhala}\p{Khmer}"
    r"\p{Myanmar}\p{Tibetan}\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Emoji_Modifier}"
    r"\ufe0f]"
)
_BLOCKS = (
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|figcaption|figure|footer|form|h[1-6]"
    "|header|hr|li|main|nav|ol|p|pre|section|table|tbody|tfoot|thead|tr|ul"
)
_INLINE = (
    "a|abbr|acronym|audio|b|big|button|caption|cite|code|del|dfn|em|embed|font|i|iframe|img|input"
    "|ins|kbd|label|link|mark|meta|noscript|object|option|param|path|picture|q|s|samp|select"
    "|small|source|span|strike|strong|sub|sup|svg|td|textarea|th|time|tt|u|var|video|wbr"
)
# An attribute has a value, or is one of those that need none: "a <b and c> d" is no tag.
_ATTRIBUTE = (
    r"\s++(?:[\w:.@-]++\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s<>\"']++)"
    r"|(?:allowfullscreen|async|autoplay|checked|controls|defer|disabled|hidden|loop|muted|nowrap)"
    r"\b)"
)
_TAG = regex.compile(
    rf"<(?:script|style)\b[^<>]*+>.{{0,20000}}?</(?:script|style)\s*>|<!--.{{0,5000}}?-->"
    rf"|<(?P<end>/?)(?P<name>{_BLOCKS}|{_INLINE})(?:{_ATTRIBUTE})*+\s*+/?>",
    regex.IGNORECASE | regex.DOTALL,
)
_IS_BLOCK = regex.compile(_BLOCKS, regex.IGNORECASE)
_CELL = regex.compile("t[dh]", regex.IGNORECASE)
_SHORTCODE = regex.compile(
    r"\[/?(?:audio|audio-clip|caption|embed|embedtweet|gallery|image|jwplayer|playlist|pullquote"
    r"|soundcloud|video|vimeo|youtube)\b[^\[\]\n]{0,400}\]"
)
_ENTITY = regex.compile(r"&(?:amp;)*(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]\w{1,30});")


def invisible(text: str) -> Iterator[Edit]:
    """Characters without a face, which part words and sentences that readers see whole.

    Parameters
    ----------
    text : str

    Yields
    ------
    Edit
    """
    if text.isascii() and text.isprintable():
        return
    for run in _INVISIBLE.finditer(text):
        for place in range(run.start(), run.end()):
            if not _belongs(text, place):
                yield Edit(place, place + 1, "", "invisible")


def _belongs(text: str, place: int) -> bool:
    """Whether a character without a face is part of how a script is written."""
    mark, before, after = text[place], text[place - 1 : place], text[place + 1 : place + 2]
    if mark == "\u200b":
        return bool(_PARTS_WORDS.match(before) or _PARTS_WORDS.match(after))
    return mark in "\u200c\u200d" and bool(_JOINED.match(before))


def html_remains(text: str) -> Iterator[Edit]:
    """Tags, comments, scripts, shortcodes and entities.

    A tag has a name that HTML has, so that "a < b" and "<crowd cheers>" stay.

    Parameters
    ----------
    text : str

    Yields
    ------
    Edit
    """
    found = []
    if "<" in text:
        found += [(*tag.span(), _in_place_of(tag)) for tag in _TAG.finditer(text)]
    if "[" in text:
        found += [(*code.span(), "") for code in _SHORTCODE.finditer(text)]
    if "&" in text:
        for entity in _ENTITY.finditer(text):
            character = _character(entity.group())
            if character is not None:
                found.append((*entity.span(), character))
    done = 0
    for start, end, replacement in sorted(found):
        if start >= done:  # an entity in an attribute goes with its tag
            yield Edit(start, end, replacement, "html")
            done = end


def _in_place_of(tag: regex.Match) -> str:
    name = tag["name"]
    if name is None:
        return " "
    if _IS_BLOCK.fullmatch(name):
        return "\n"
    return " " if _CELL.fullmatch(name) else ""


def _character(entity: str) -> str | None:
    """What an entity stands for, also where its ampersand was escaped again; None if it is none."""
    plain = "&" + entity[1:].replace("amp;", "")
    if plain == "&":
        return "&"
    if not plain.startswith("&#") and plain[1:] not in html5:
        return None if plain == entity else f"&{plain[1:]}"
    character = html.unescape(plain)
    return character if character.isprintable() or character.isspace() else " "
