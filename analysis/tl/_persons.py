"""Names of one person or body: the fullest form that a corpus has, and the codebook's actor."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from analysis.text.tokens import words_of


class Persons:
    """Forms of names brought together.

    A shorter form is taken for a longer one where the longer begins or ends with it ("Orr" and "Ada
    Orr", "Kestrow" and "Kestrow Lifting Inc.") and no other longer name does, unless that one is a
    form of the same name ("A. Orr"). Accents may be missing; other spelling is not forgiven.

    Parameters
    ----------
    names : iterable of str
        Every naming of a speaker.
    actors : mapping of str to dict
        The codebook's actors with their `name` and `aliases`.
    """

    def __init__(self, names: Iterable[str], actors: Mapping[str, dict]):
        counts = Counter(names)
        words = {name: _words(name) for name in counts}
        by_edge: dict[str, set[str]] = defaultdict(set)
        for name, its in words.items():
            for edge in {its[:1], its[-1:]}:
                by_edge[" ".join(edge)].add(name)
        best: dict[str, str] = {}
        for name, its in words.items():
            near = {
                longer
                for edge in {its[:1], its[-1:]}
                for longer in by_edge[" ".join(edge)]
                if longer != name and _within(its, words[longer])
            }
            top = [
                one
                for one in near
                if not any(
                    _within(words[one], words[other])
                    for other in near
                    if other != one and words[other] != words[one]
                )
            ]
            forms = {words[one] for one in top}
            if len(forms) == 1:
                best[name] = max(top, key=lambda one: (counts[one], one))
        same: dict[tuple[str, ...], str] = {}
        for name in sorted(counts, key=lambda one: (-counts[one], one)):
            same.setdefault(words[name], name)
        self._fullest = {name: same[words[best.get(name, name)]] for name in counts}
        self._actors = {key: _words(actor["name"]) for key, actor in actors.items()}
        self._aliases = {
            key: {_words(alias) for alias in actor.get("aliases", [])}
            for key, actor in actors.items()
        }

    def fullest(self, name: str) -> str:
        """The fullest form of a name that was given."""
        return self._fullest.get(name, name)

    def actor(self, name: str) -> str:
        """The key of the one actor whose name a name is, or is a part of, or has as a part.

        It is empty if there is none, or more than one.
        """
        its = _words(name)
        exact = [
            key for key, words in self._actors.items() if words == its or its in self._aliases[key]
        ]
        near = exact or [
            key
            for key, words in self._actors.items()
            if its and words and (_within(its, words) or _within(words, its))
        ]
        return near[0] if len(near) == 1 else ""


def _words(name: str) -> tuple[str, ...]:
    words = [_plain(word) for word in words_of(name)]
    return tuple(words[1:] if words[:1] == ["the"] else words)


def _plain(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def _within(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """Whether a form is a shorter one of a name.

    It is so if it is the beginning, the end, or the last word with initials ("A. Orr").
    """
    if not short or len(short) > len(long) or short == long:
        return False
    if long[: len(short)] == short or long[-len(short) :] == short:
        return True
    return (
        len(short) > 1
        and short[-1] == long[-1]
        and all(len(a) == 1 and b.startswith(a) or a == b for a, b in zip(short[:-1], long))
    )
