"""Cleaning: a text as it is read, with every change and its reason; the text as stored stays."""

from __future__ import annotations

from collections.abc import Collection

from analysis.clean.boxes import boxes, joined
from analysis.clean.characters import html_remains, invisible
from analysis.clean.edits import Cleaned
from analysis.clean.furniture import Furniture, furniture_lines
from analysis.clean.layout import cut_words, line_wraps, lost_spaces
from analysis.errors import OptionError

REPAIRS = ("invisible", "html", "hyphen", "wrap", "space")
MASKS = ("furniture", "caption", "box", "copyright", "video")
REASONS = REPAIRS + MASKS


def reasons_of(given: bool | Collection[str] | None) -> frozenset[str]:
    """What is to be cleaned: all unless it is refused, or what is listed.

    Parameters
    ----------
    given : bool, collection of str, or None

    Returns
    -------
    frozenset of str

    Raises
    ------
    OptionError
        If a reason is unknown.
    """
    if given is None or isinstance(given, bool):
        return frozenset(REASONS if given is not False else ())
    _check(given)
    return frozenset(given)


def _check(reasons: Collection[str]) -> None:
    if unknown := sorted(set(reasons) - set(REASONS)):
        allowed = ", ".join(REASONS)
        raise OptionError(f"clean must be among {allowed} (got {', '.join(unknown)})")


def clean(
    text: str,
    furniture: Furniture | None = None,
    *,
    reasons: Collection[str] = REASONS,
    language: str = "en",
) -> Cleaned:
    r"""Clean a text.

    Characters are repaired first (`repair`), then stretches are masked that are none of the
    article's own words: they are read as nothing.

    Parameters
    ----------
    text : str
        As stored.
    furniture : Furniture, optional
        Lines that recur in the outlet's articles, as `find_furniture` finds them.
    reasons : collection of str
        What to clean:

        ==========  ==================================================================
        reason      what
        ==========  ==================================================================
        invisible   zero-width and directional characters, soft hyphens
        html        tags, comments, scripts, shortcodes, entities
        hyphen      words that a hyphen parts at the end of a line
        wrap        line ends inside paragraphs, in a text that was cut at a width
        space       spaces that were lost at joins ("water.Nobody")
        furniture   lines that recur in the outlet's articles
        caption     captions and credits of photographs, galleries
        box         newsletters, sharing, comments, advertisements, links to other articles
        copyright   notices of rights
        video       players and lists of videos
        ==========  ==================================================================

    language : str
        Code of the text's language; English words are known where hyphens are judged.

    Returns
    -------
    Cleaned

    Raises
    ------
    OptionError
        If a reason is unknown.

    Examples
    --------
    >>> clean("The har-\nbour is closed.\nSign up for our newsletter").text
    'The harbour is closed.\n'
    """
    return mask(repair(text, reasons=reasons, language=language), furniture, reasons=reasons)


def repair(text: str, *, reasons: Collection[str] = REASONS, language: str = "en") -> Cleaned:
    """Repair characters, line ends and spaces of a text; nothing is masked.

    Parameters
    ----------
    text : str
    reasons : collection of str
        As of `clean`.
    language : str

    Returns
    -------
    Cleaned
    """
    _check(reasons)
    english = language.split("-")[0] == "en"
    steps = {
        "html": html_remains,
        "invisible": invisible,
        "hyphen": lambda text: cut_words(text, english=english),
        "wrap": line_wraps,
        "space": lost_spaces,
    }
    cleaned = Cleaned(text)
    for reason, step in steps.items():
        if reason in reasons:
            cleaned = cleaned.then(step(cleaned.text))
    return cleaned


def mask(
    cleaned: Cleaned, furniture: Furniture | None = None, *, reasons: Collection[str] = REASONS
) -> Cleaned:
    """Mask what is none of an article's own words.

    A text of which no word would be left keeps all of them.

    Parameters
    ----------
    cleaned : Cleaned
        A repaired text.
    furniture : Furniture, optional
    reasons : collection of str
        As of `clean`.

    Returns
    -------
    Cleaned
    """
    found = boxes(cleaned.text, frozenset(reasons))
    if furniture is not None and "furniture" in reasons:
        found = joined([*found, *furniture_lines(cleaned.text, furniture)])
    masked = cleaned.then(found)
    return masked if any(map(str.isalnum, masked.text)) else cleaned
