"""Lists of words of a language, each read once from `analysis/data/<language>/<name>.txt`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"


@cache
def words(language: str, name: str) -> frozenset[str]:
    """One list: a word or phrase a line; what follows "#" is a comment.

    Parameters
    ----------
    language : str
        Name of the folder, such as "english".
    name : str
        Name of the file, without ".txt".

    Returns
    -------
    frozenset of str
        Empty where the language has no such list.

    Examples
    --------
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
    path = DATA / language / f"{name}.txt"
    if not path.exists():
        return []
    found = (line.partition("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return list(filter(None, found))
