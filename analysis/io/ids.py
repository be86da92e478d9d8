"""Ids of articles, and names of their files."""

from __future__ import annotations

import re
import unicodedata

from analysis.io.article import is_portable

_LONGEST = 80
_LONGEST_MADE = 60  # of an id that is made from outlet, date and title


class Ids:
    """Gives each article an id and a name of its file that no other has."""

    def __init__(self):
        self._ids: dict[str, tuple[str, str]] = {}  # → the source's, and where that stands
        self._numbers: dict[str, int] = {}
        self._files: set[str] = set()

    def of(self, row: dict[str, str], where: str = "") -> tuple[str, str, str, str]:
        """The id and the file's name of an article.

        Parameters
        ----------
        row : dict of str to str
            With source_id, outlet, published and title.
        where : str
            The article's place, for the fault of a later one.

        Returns
        -------
        article_id, file, fault, done : str
            The fault is empty if the source's id could be taken.
        """
        given, fault, done = row["source_id"], "", ""
        wanted = _allowed(given)[:_LONGEST].rstrip("-.")
        if given and not wanted:
            fault = f"the id {given!r:.100} has no letter from A to Z and no digit"
        identity = wanted or made_of(row["outlet"], row["published"], row["title"])
        stem = identity[: _LONGEST - 8].rstrip("-.")
        doubled = identity in self._ids
        while identity in self._ids:
            self._numbers[stem] = self._numbers.get(stem, 1) + 1
            identity = f"{stem}-{self._numbers[stem]}"
        if wanted and doubled:
            before, place = self._ids[wanted]
            fault = (
                f"the id {given!r:.100} is doubled, first in {place}"
                if before == given
                else f"the id {given!r:.100} becomes {wanted!r}, as {before!r:.100} of {place} does"
            )
        if fault:
            done = f"called {identity}"
        self._ids[identity] = given, where
        return identity, self._file(identity), fault, done

    def _file(self, identity: str) -> str:
        identity = identity if is_portable(identity) else f"_{identity}"
        name, number = identity, 1
        # some file systems take capitals and small letters for the same
        while f"{name}.txt".lower() in self._files:
            number += 1
            name = f"{identity}.{number}"
        self._files.add(f"{name}.txt".lower())
        return f"{name}.txt"


def _allowed(given: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", given).lstrip("-._").rstrip("-.")


def made_of(outlet: str, published: str, title: str) -> str:
    """An id from what is known of an article.

    Parameters
    ----------
    outlet, published, title : str

    Returns
    -------
    str
        "article" if nothing is known.

    Examples
    --------
    >>> made_of("Le Café, Paris", "2024-08-01", "Nine dead as crane toll rises")
    'le-cafe-paris-2024-08-01-nine-dead-as-crane-toll-rises'
    """
    words = unicodedata.normalize("NFKD", f"{outlet} {published[:10]} {title}".lower())
    plain = "".join(c for c in words if not unicodedata.combining(c))
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(slug) > _LONGEST_MADE:
        slug = slug[:_LONGEST_MADE].rsplit("-", 1)[0]
    return slug or "article"
