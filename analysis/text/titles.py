"""Titles: what stands before a name of a person and is no part of it (English)."""

from __future__ import annotations

from analysis.text.lists import english_words

TITLE_WORDS = english_words("titles", "title_parts")
NOT_NAMES = english_words("openers", "affiliations")  # of those that a name begins with
_POSSESSIVE = "’s", "'s"


def strip_titles(name: str) -> str:
    """The name behind its titles.

    Parameters
    ----------
    name : str

    Returns
    -------
    str

    Examples
    --------
    >>> strip_titles("U.S. President Ada Orr's")
    'Ada Orr'
    """
    words = name.replace("\u00a0", " ").split()
    titles = [i for i, word in enumerate(words[:-1]) if word.rstrip(".").casefold() in TITLE_WORDS]
    words = words[titles[-1] + 1 :] if titles else words
    while len(words) > 1 and words[0].rstrip(".").casefold() in NOT_NAMES:
        words = words[1:]
    return without_possessive(" ".join(words))


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
