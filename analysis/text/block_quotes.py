"""Block quotations and posts: words of somebody else in a paragraph of their own, without marks."""

from __future__ import annotations

from bisect import bisect_left

import regex

from analysis.text.lists import words
from analysis.text.quotes import Quote
from analysis.text.verbs import finite_forms

BLOCK, POST = "block", "post"
LEAST_WORDS = 6
_LONGEST_SIGNATURE = 200  # characters
_LEAD = 3  # words before the colon among which it says that something is quoted
_VERBS = finite_forms()
_WORD = regex.compile(r"[\p{L}’'-]+")
_MARKED = regex.compile(r"[\"“”„«‘'›»]|[•·*▪◦–—-]\s|\p{N}+[.)]\s|\p{L}\)\s|Q\b|[^\n:]{1,40}:\s")
_SENTENCE = regex.compile(r"[.!?…][\"”’)\]]*\s*$")
_CITED = regex.compile(r"[>|]\s?")  # as mail programs and Markdown mark what is quoted
_HANDLE = r"\(@\w{2,20}\)"
_NAME = r"\p{Lu}[\p{L}\p{N}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,3}"
_SIGNED = regex.compile(rf"\s*[—–―]\s?{_NAME} {_HANDLE}")
_HEADED = regex.compile(rf"{_NAME} {_HANDLE}:?\s+(?=[\p{{Lu}}@.#])")


def find_block_quotes(
    text: str, blocks: list[tuple[int, int]], quotes: list[Quote]
) -> list[tuple[Quote, str]]:
    """Quotations without marks that are a paragraph of their own, and whether a block or a post.

    A block follows a paragraph that ends with a verb of speech, or a word such as "statement", and
    a colon, or has the marks of a quoted mail before its lines. A post ends with its author's name
    and handle behind a dash ("— Ada Orr (@adaorr)"), or begins with them.

    Parameters
    ----------
    text : str
    blocks : list of (start, end)
        Its paragraphs, as `find_blocks` gives them.
    quotes : list of Quote
        Those in marks; a paragraph that begins in or with one is not among those found.

    Returns
    -------
    list of (Quote, {"block", "post"})
        In order.

    Examples
    --------
    >>> text = "The ministry wrote:\\n\\nThe bridge is safe, and it will stay open all year."
    >>> [(quote, kind)] = find_block_quotes(text, [(0, 19), (21, 72)], [])
    >>> text[quote.start : quote.end], kind
    ('The bridge is safe, and it will stay open all year.', 'block')
    """
    found, ends = [], [quote.end for quote in quotes]
    for number, (start, end) in enumerate(blocks):
        at = bisect_left(ends, start + 1)
        if at < len(quotes) and quotes[at].start <= start + 1:
            continue
        before = text[slice(*blocks[number - 1])] if number else ""
        span = _post(text, start, end), POST
        if span[0] is None:
            cited = _CITED.match(text, start, end)
            led = _leads(before) and not _MARKED.match(text, start, end)
            span = (cited.end() if cited else start, end) if cited or led else None, BLOCK
            if led and not cited and not _SENTENCE.search(text, start, end):
                continue
        if span[0] is not None and len(_WORD.findall(text, *span[0])) >= LEAST_WORDS:
            found.append((Quote(*span[0], *span[0]), span[1]))
    return found


def with_blocks(
    quotes: list[Quote], found: list[tuple[Quote, str]]
) -> tuple[list[Quote], dict[int, str]]:
    """Quotations with the blocks among them, and what each block is, by its beginning.

    What stands in marks within a block is part of it.

    Parameters
    ----------
    quotes : list of Quote
    found : list of (Quote, str)

    Returns
    -------
    list of Quote
    dict of int to str
    """
    if not found:
        return quotes, {}
    blocks = [block for block, _ in found]
    outer = [q for q in quotes if not any(b.start <= q.start < b.end for b in blocks)]
    clear = {
        b: kind for b, kind in found if all(q.end <= b.start or b.end <= q.start for q in outer)
    }
    return sorted([*outer, *clear]), {b.start: kind for b, kind in clear.items()}


def _leads(paragraph: str) -> bool:
    """Whether a paragraph says at its end that somebody's words follow."""
    said = paragraph.rstrip()
    if not said.endswith(":"):
        return False
    last = [word.lower() for word in _WORD.findall(said[-80:])][-_LEAD:]
    return any(word in _VERBS or word in words("english", "quoting") for word in last)


def _post(text: str, start: int, end: int) -> tuple[int, int] | None:
    """What somebody posted, without the name and handle at its beginning or end."""
    signed = [m.start() for m in _SIGNED.finditer(text, start, end) if m.start() > start]
    # regex looks for what must follow as far as it may: not through the whole text, for each block
    if signed or _SIGNED.match(text, end, end + _LONGEST_SIGNATURE):
        return start, signed[-1] if signed else end
    headed = _HEADED.match(text, start, end)
    return None if headed is None else (headed.end(), end)
