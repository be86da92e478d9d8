"""Titles: what stands before a name of a person and is no part of it (English)."""

from __future__ import annotations

from analysis.text.lists import english_words

TITLE_WORDS = english_words("titles", "title_parts")
_POSSESSIVE = "’s", "'s"


def without_possessive(name: str) -> str:
    """A name without the ending of what belongs to somebody.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return name[:-2] if name.endswith(_POSSESSIVE) else name
