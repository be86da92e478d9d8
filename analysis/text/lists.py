"""Lists of words of a language, each read once from `analysis/data/<language>/<name>.txt`."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import regex

from analysis.text.verbs import KINDS, verbs_of_kind

DATA = Path(__file__).parents[1] / "data"
ANY = "any"  # folder of lists that hold words of several languages
FOLDERS = {"en": "english", "de": "german", "es": "spanish", "fr": "french"}


def folder(language: str) -> str:
    """The folder of a language's lists.

    Examples
    --------
    >>> folder("fr"), folder("english")
    ('french', 'english')
    """
    return FOLDERS.get(language, language)


@cache
def words(language: str, name: str) -> frozenset[str]:
    """One list: a word or phrase a line; what follows "#" is a comment.

    Parameters
    ----------
    language : str
        Its code ("en") or the name of the folder, such as "english"; "any" for words of several
        languages.
    name : str
        Name of the file, without ".txt"; or a kind of verbs ("speech", "attitude", "evidence"),
        whose lemmas come from the table `verbs.csv` where the language has one.

    Returns
    -------
    frozenset of str
        Empty where the language has no such list.

    Examples
    --------
    >>> "mayor" in words("english", "titles"), "say" in words("english", "speech")
    (True, True)
    >>> "said" in words("english", "none_such")
    False
    """
    return frozenset(lines(language, name))


def lines(language: str, name: str) -> list[str]:
    """The lines of one list, in their order, without comments.

    Parameters
    ----------
    language, name : str
        As `words` takes them.

    Returns
    -------
    list of str
    """
    language = folder(language)
    path = DATA / language / f"{name}.txt"
    if not path.exists():
        return verbs_of_kind(language, name) if name in KINDS else []
    found = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return list(filter(None, found))


def english_words(*names: str) -> frozenset[str]:
    """The words of English lists, all together.

    Parameters
    ----------
    *names : str
        As `words` takes them.

    Returns
    -------
    frozenset of str

    Raises
    ------
    KeyError
        If there is no such list, or nothing in it.

    Examples
    --------
    >>> sorted(english_words("second_person"))[:2]
    ['you', "you'd"]
    """
    found = {name: words("english", name) for name in names}
    if empty := [name for name, listed in found.items() if not listed]:
        raise KeyError(f"no list {empty[0]} of English words")
    return frozenset().union(*found.values())


def either(listed: Iterable[str]) -> str:
    """A pattern of a list: each of its words, the longest first.

    Parameters
    ----------
    listed : iterable of str

    Returns
    -------
    str

    Examples
    --------
    >>> either(["to", "told"])
    'told|to'
    """
    return "|".join(map(regex.escape, sorted(set(listed), key=lambda word: (-len(word), word))))
