"""Nouns and adjectives that name or describe somebody, by list and by ending (English)."""

from __future__ import annotations

from functools import lru_cache

from analysis.text.lists import english_words
from analysis.text.verbs import verbs

_PERSONS, _NO_PERSONS = english_words("persons"), english_words("no_persons")
_FORMER, _JUDGING = english_words("former"), english_words("judging")
SPEAKING = frozenset(verbs())  # forms of verbs of speech
# what no title and no noun phrase holds
CLOSED = (
    (english_words("stop_words", "openers", "affiliations", "no_labels") | SPEAKING)
    - _JUDGING
    - _PERSONS
    - _FORMER
)
_PERSONAL = tuple(english_words("person_endings"))
_DESCRIBING = tuple(english_words("describing_endings"))


@lru_cache(1 << 14)
def is_person(word: str) -> bool:
    """Whether a noun in small letters names a person by office, trade, origin or epithet.

    Parameters
    ----------
    word : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_person("ex-mayor"), is_person("cartographer"), is_person("checklist")
    (True, True, False)
    """
    if word in _PERSONS or "-" in word and word.rsplit("-", 1)[1] in _PERSONS:
        return True
    if word.startswith("ex-"):
        return is_person(word[3:])
    return (
        len(word) > 5
        and word not in CLOSED
        and word not in _NO_PERSONS
        and word.endswith(_PERSONAL)
    )


@lru_cache(1 << 14)
def is_adjective(word: str) -> bool:
    """Whether a word before a noun reads as an adjective, not as a part of a compound noun.

    Parameters
    ----------
    word : str

    Returns
    -------
    bool

    Examples
    --------
    >>> is_adjective("controversial"), is_adjective("furious"), is_adjective("dock")
    (True, True, False)
    """
    if word in _JUDGING:
        return True
    if word in CLOSED or word in _PERSONS or word in _FORMER:
        return False
    if "-" in word:
        return not word.startswith(("ex-", "vice-", "co-"))
    return len(word) > 4 and word.endswith(_DESCRIBING)
