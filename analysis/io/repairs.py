"""Texts that are none, texts that were cut, and bytes that were read wrongly."""

from __future__ import annotations

import re

from ftfy import fix_encoding

from analysis.io.article import LONGEST_CELL, find_mojibake

_EMPTY = re.compile(
    r"nan|null|none|nil|n/?a|#n/a|#value!|nat|undefined|missing|-+|\.+|"
    r"\[?(removed|deleted|no (text|content|body)( available)?|kein text|pas de texte)\]?",
    re.IGNORECASE,
)
_CUT = re.compile(r"\s*\[\+(\d+) (?:chars|characters)\]\s*$")
_WALL = re.compile(
    r"\b(subscribe (now |today )?to (continue|read|unlock|keep)|(log|sign) ?in to (continue|read)|"
    r"this (content|article|story) is (only )?(available |reserved )?(for|to|only) subscribers|"
    r"already a subscriber|to continue reading|jetzt (weiter)?lesen mit|nur für abonnenten|"
    r"réservé aux abonnés|il vous reste \d+ ?% de cet article|alleen voor abonnees|"
    r"solo para suscriptores)",
    re.IGNORECASE,
)
_ERROR_PAGE = re.compile(
    r"\b(please enable (javascript|cookies)|enable javascript|access denied|403 forbidden|"
    r"404 not found|page not found|are you a robot|verify you are (a )?human|captcha|"
    r"not available in your (region|country)|unavailable due to legal reasons)\b",
    re.IGNORECASE,
)
_SHORT = 300  # characters: a page that is only a wall or an error is no longer
_TAIL = 200
_BROKEN = re.compile("[\0\ud800-\udfff]")


def empty_value(cell: str) -> bool:
    """Whether a cell says in words that it holds nothing.

    Parameters
    ----------
    cell : str

    Returns
    -------
    bool

    Examples
    --------
    >>> [empty_value(cell) for cell in ("nan", "[Removed]", "N/A", "None of us")]
    [True, True, True, False]
    """
    return len(cell) < 40 and _EMPTY.fullmatch(cell.strip()) is not None


def no_text(text: str) -> str:
    """Why a text is none; empty if it is one.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> no_text("Subscribe to continue reading."), no_text("The harbour board met.")
    ("the text is only 'Subscribe to continue reading.'", '')
    """
    plain = text.strip()
    if not plain:
        return "the article has no text"
    if not any(c.isalnum() for c in plain):
        return "the text holds no letter and no digit"
    if empty_value(plain):
        return f"the text is only {plain!r}"
    if len(plain) <= _SHORT and (_WALL.search(plain) or _ERROR_PAGE.search(plain)):
        return f"the text is only {plain!r:.60}"
    return ""


def without_cut_mark(text: str) -> tuple[str, str]:
    """A text without NewsAPI's mark that it was cut, and what is said of it.

    Parameters
    ----------
    text : str

    Returns
    -------
    text, fault : str
        The fault is empty if the text is whole.

    Examples
    --------
    >>> without_cut_mark("The board voted to close the quay… [+1250 chars]")
    ('The board voted to close the quay…', 'the text is cut: [+1250 chars]')
    """
    if mark := _CUT.search(text[-_TAIL:]):
        return text[: len(text) - len(mark.group())], f"the text is cut: [+{mark[1]} chars]"
    if wall := _WALL.search(text, max(len(text) - _TAIL, 0)):
        return text, f"the text is cut: {wall.group()!r} near its end"
    return text, ""


def without_broken(text: str) -> tuple[str, str]:
    """A text that can be stored as UTF-8 and was read in one encoding.

    Parameters
    ----------
    text : str

    Returns
    -------
    text, fault : str
        What was wrong; empty if nothing was.

    Examples
    --------
    >>> without_broken("The cafÃ© closed.")
    ('The café closed.', 'UTF-8 was read as another encoding (mojibake)')
    """
    faults = []
    if _BROKEN.search(text):
        text, n = _BROKEN.subn("", text)
        faults.append(f"{n} NUL or half characters")
    if not text.isascii() and find_mojibake(text.replace("\ufffd", "")) is not None:
        text = _repaired(text)
        faults.append("UTF-8 was read as another encoding (mojibake)")
    return text, " and ".join(faults)


def _repaired(text: str) -> str:
    for _ in range(3):  # some were read wrongly more than once
        if find_mojibake(text.replace("\ufffd", "")) is None:
            return text
        text = fix_encoding(text)
    return text


def lost_characters(text: str) -> int:
    """How many characters were lost before the text came here (U+FFFD stands for each).

    Parameters
    ----------
    text : str

    Returns
    -------
    int
    """
    return text.count("\ufffd")


def cell_that_fits(column: str, cell: str) -> tuple[str, str]:
    """A cell of metadata that can be stored, and what was wrong with it.

    Parameters
    ----------
    column, cell : str

    Returns
    -------
    cell, fault : str
        The cell is empty if it is too long.
    """
    if len(cell) > LONGEST_CELL:
        return "", f"{column} has {len(cell):,} characters; allowed are {LONGEST_CELL:,}"
    cell, fault = without_broken(cell)
    return cell, fault and f"{column}: {fault}"
