"""Names of one person or body: what a corpus calls them most, and the codebook's actor."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from analysis.text.persons import (
    SUFFIXES,
    Keys,
    keys_of,
    may_be,
    name_lists,
    strip_titles,
    words_of_name,
)


class Persons:
    """Forms of names brought together.

    Titles before a name and initials within it are left out ("Senator Ada B. Orr" is "Ada Orr",
    unless there is an "Ada C. Orr"). A longer form that ends with a full name which is at least as
    frequent is that person's ("Lyin' Ada Orr"). A shorter form is taken for a longer one where the
    longer begins or ends with it ("Orr" and "Ada Orr", "Kestrow" and "Kestrow Lifting Inc.") and no
    other longer name does, unless that one is a form of the same name ("A. Orr"); a son's ("Tom Orr
    Jr.") is another name. Accents, hyphens and apostrophes may be missing; other spelling is not
    forgiven, but for aliases of the codebook.

    Parameters
    ----------
    names : iterable of str
        Every naming of a speaker.
    actors : mapping of str to dict
        The codebook's actors with their `name` and `aliases`.
    """

    def __init__(self, names: Iterable[str], actors: Mapping[str, dict]):
        counts = Counter(names)
        initials: dict[Keys, set[Keys]] = defaultdict(set)
        bare = {name: _words(strip_titles(name)) or _words(name) for name in counts}
        for words in bare.values():
            if dropped := _initials(words):
                initials[_without_initials(words)].add(dropped)
        form = {
            name: words if len(initials[_without_initials(words)]) > 1 else _without_initials(words)
            for name, words in bare.items()
        }
        sums: Counter[Keys] = Counter()
        for name, words in form.items():
            sums[words] += counts[name]
        core = {words: _core(words, sums) for words in sums}
        best = _fullest_forms(Counter(set(core.values())), sums)
        cluster = {name: best.get(core[words], core[words]) for name, words in form.items()}
        members: dict[Keys, Counter[str]] = defaultdict(Counter)
        for name, root in cluster.items():
            shown = strip_titles(name)
            shown = shown if " " in shown else name
            members[root][shown] += counts[name]
        self._shown = {root: max(its, key=lambda n: _rank(n, its)) for root, its in members.items()}
        self._cluster = cluster
        self._actors = {key: _words(actor["name"]) for key, actor in actors.items()}
        self._aliases = {
            key: {_words(alias) for alias in actor.get("aliases", [])}
            for key, actor in actors.items()
        }

    def fullest(self, name: str) -> str:
        """The full form of a name that was given, which is used most."""
        return self._shown[self._cluster[name]] if name in self._cluster else name

    def alias(self, name: str) -> str:
        """The key of the one actor whose name or alias a name is; else empty."""
        forms = {_words(name), _words(strip_titles(name))}
        exact = [
            key
            for key, words in self._actors.items()
            if words in forms or not forms.isdisjoint(self._aliases[key])
        ]
        return exact[0] if len(exact) == 1 else ""

    def actor(self, name: str) -> str:
        """The key of the one actor whose name a name is, or is a part of, or ends with.

        It is empty if there is none, or more than one.
        """
        if exact := self.alias(name):
            return exact
        its = _without_initials(_words(strip_titles(name)) or _words(name))
        near = [
            key
            for key, words in self._actors.items()
            if its
            and (own := _without_initials(words))
            and (own == its or _within(its, own) or len(own) > 1 and its[-len(own) :] == own)
        ]
        return near[0] if len(near) == 1 else ""


def _rank(name: str, counts: Counter[str]) -> tuple:
    """Full names come first, then those used most, then the longest."""
    return " " in strip_titles(name), counts[name], len(name), name


def _core(words: Keys, sums: Counter[Keys]) -> Keys:
    """The full name that a longer form ends with, of those as frequent."""
    lists = name_lists()  # before the particles of a last name longer names say who is meant
    ends = [words[i:] for i in range(1, len(words) - 1) if words[i] not in lists.particles]
    known = [e for e in ends if sums[e] >= sums[words] and lists.groups.isdisjoint(words)]
    return max(known, key=lambda end: sums[end]) if known else words


def _fullest_forms(forms: Iterable[Keys], counts: Counter[Keys]) -> dict[Keys, Keys]:
    """The longer form that each form with one is short for."""
    by_edge: dict[str, set[Keys]] = defaultdict(set)
    forms = list(forms)
    for words in forms:
        for edge in _edges(words):
            by_edge[edge].add(words)
    best: dict[Keys, Keys] = {}
    for words in forms:
        near = {
            longer for edge in _edges(words) for longer in by_edge[edge] if _within(words, longer)
        }
        near = {one for one in near if one[-1] not in SUFFIXES} or near
        top = [
            one for one in near if not any(_within(one, other) for other in near if other != one)
        ]
        if len(top) == 1:
            best[words] = top[0]
    return best


def _edges(words: Keys) -> set[str]:
    """The words by which longer forms of a name are looked up: first, last, and before "Jr."."""
    own = words[:-1] if len(words) > 2 and words[-1] in SUFFIXES else words
    return {words[0], words[-1], own[-1]} if words else {""}


def _words(name: str) -> Keys:
    words = keys_of(words_of_name(name)) or (name.casefold(),)
    return words[1:] if len(words) > 1 and words[0] == "the" else words


def _initials(words: Keys) -> Keys:
    return tuple(word for word in words if len(word) == 1)


def _without_initials(words: Keys) -> Keys:
    """A name without initials, if two words are left."""
    full = tuple(word for word in words if len(word) > 1)
    return full if len(full) > 1 else words


def _within(short: Keys, long: Keys) -> bool:
    """Whether a form is a shorter one of a name, of its beginning, its end, or with initials."""
    same_edge = not {short[0], short[-1]}.isdisjoint(_edges(long))
    return short != long and len(short) <= len(long) and same_edge and may_be(short, long)
