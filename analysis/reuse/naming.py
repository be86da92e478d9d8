"""Whom articles name: outlets and authors of the corpus, and where the words name them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
import regex

from analysis.features import Features
from analysis.reuse.passages import cover
from analysis.text.crediting import HEADS
from analysis.text.outlets import listed_name
from analysis.text.signs import OWNED, PRINTED, SAID, THE, TOLD_BY
from analysis.text.tokens import MIX, word_hash, words_of

WORDS_AT_ONCE = 1 << 21  # that are read at a time
NAME_WORDS = 2, 6  # of an author's name
# a section of an outlet: "New York Times - Opinion", "CNN (Online)"
SECTION = regex.compile(r"\s*\([^()]*\)|\s+[-–—|:]\s.*")
# how an outlet's name is lengthened or shortened: "NPR Online News" is "NPR"
ONLINE = regex.compile(r"\s+(?:Online|Web|Digital)\b|\.(?:com|org|net)$")
SERVICE = regex.compile(r"\s+(?:News|TV|Radio|Magazine)$")
BETWEEN_AUTHORS = regex.compile(r"[,;|&/]|\band\b|\bwith\b|^\s*by\b", regex.IGNORECASE)


class NamePattern(NamedTuple):
    """A name to look for: its words, whether it follows "the", its key, and of what it is."""

    words: str
    the: bool
    key: int
    personal: bool


def name_key(name: str) -> str:
    """A name as its words in normal form, without "the"."""
    words = words_of(name)
    return " ".join(words[1:] if words[:1] == ["the"] and len(words) > 1 else words)


def _listed(name: str) -> str:
    """What the list calls an outlet, also where its name is lengthened; empty if it lacks it."""
    plain = ONLINE.sub("", name)
    return listed_name(name) or listed_name(plain) or listed_name(SERVICE.sub("", plain))


class Known:
    """The outlets and authors of a corpus, and the names that credits use for them.

    Parameters
    ----------
    articles : DataFrame
        Columns outlet and author.
    """

    def __init__(self, articles: pd.DataFrame):
        self._codes: dict[str, int] = {}
        self._names: dict[int, str] = {}
        self._outlet, outlets = pd.factorize(articles["outlet"].fillna(""))
        self._named = (articles["outlet"].fillna("") != "").to_numpy()
        self._author, authors = pd.factorize(articles["author"].fillna(""))
        self.patterns: list[NamePattern] = []
        self._of_author = self._pairs(authors, self._author_names)
        people = set(self._codes)
        self._of_outlet = self._pairs(outlets, self._outlet_names)
        # an outlet that bears an author's name is that person's, who may be a source as anybody may
        self._outlets = set(self._codes) - people
        self.patterns = [p for p in self.patterns if p.personal or p.words not in people]
        self._outlets_given = outlets.tolist()

    def keys(self, names: Iterable[str]) -> np.ndarray:
        """A number for the key of each name; -1 for an empty one."""
        known = {name: self._code(name) for name in dict.fromkeys(names)}
        return np.fromiter((known[name] for name in names), np.int64)

    def names(self, keys: np.ndarray) -> np.ndarray:
        """The name that first had each key."""
        return np.array([self._names[key] for key in keys.tolist()], object)

    def is_outlet(self, names: Iterable[str]) -> np.ndarray:
        """Whether a name is an outlet's: of the corpus, of the list, or by its last word."""
        known = {
            name: listed_name(name) != ""
            or name_key(name) in self._outlets
            or not HEADS.isdisjoint(name.split()[-1:])
            for name in dict.fromkeys(names)
        }
        return np.fromiter((known[name] for name in names), bool)

    def belongs(self, articles: np.ndarray, keys: np.ndarray) -> np.ndarray:
        """Whether each name is that of the outlet or of an author of the article signs it."""
        size = len(self._codes) + 1
        found = np.zeros(len(keys), bool)
        for group, pairs in ((self._outlet, self._of_outlet), (self._author, self._of_author)):
            found |= np.isin(group[articles] * size + keys, pairs[:, 0] * size + pairs[:, 1])
        return found & (keys >= 0)

    def same_outlet(self, articles: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Whether two articles are known to be of one outlet."""
        return (self._outlet[articles] == self._outlet[others]) & self._named[articles]

    def outlets_of(self, names: Iterable[str]) -> list[str]:
        """The outlet of the corpus that each name is of; empty where of none.

        Of several that go by one name it is the one that bears it itself, else the first.
        """
        named: dict[int, str] = {}
        for outlet in sorted(self._outlets_given, key=lambda o: listed_name(o) != o):
            named.setdefault(self._code(outlet), outlet)
        for number, code in self._of_outlet.tolist():
            named.setdefault(code, self._outlets_given[number])
        named.pop(-1, None)
        return [named.get(self._code(name), "") for name in names]

    def _code(self, name: str) -> int:
        key = name_key(_listed(name) or name)
        if not key:
            return -1
        code = self._codes.setdefault(key, len(self._codes))
        self._names.setdefault(code, name)
        return code

    def _pairs(self, groups: pd.Index, names_of) -> np.ndarray:
        pairs = {
            (number, self._code(name))
            for number, group in enumerate(groups)
            for name in names_of(group)
        }
        return np.array(sorted(pairs), np.int64).reshape(-1, 2)

    def _outlet_names(self, outlet: str) -> list[str]:
        """The outlet's name, without its section, as listed, and shortened ("the Courier")."""
        plain = SECTION.sub("", outlet)
        listed = _listed(outlet) or _listed(plain)
        if not listed and (words := name_key(plain)):
            the = plain.lower().startswith("the ")
            self.patterns.append(NamePattern(words, the, self._code(plain), False))
        *first, last = plain.split() or [""]
        short = [last] if first and last in HEADS else []
        return list(filter(name_key, dict.fromkeys([plain, outlet, listed, *short])))

    def _author_names(self, authors: str) -> list[str]:
        least, most = NAME_WORDS
        parts = (part.strip() for part in BETWEEN_AUTHORS.split(SECTION.sub("", authors)))
        names = [name for name in parts if least <= len(words_of(name)) <= most]
        self.patterns += [
            NamePattern(name_key(name), False, self._code(name), True) for name in names
        ]
        return names


@dataclass(frozen=True)
class Wording:
    """What the words of articles say about sources.

    Attributes
    ----------
    line : bool array of shape (n_words,)
        Which words of the corpus stand in credit lines.
    named_at, article, key, personal : arrays of shape (n_names,)
        Where outlets and authors of the corpus are named, in which article, which, and whether it
        is a person.
    """

    line: np.ndarray
    named_at: np.ndarray
    article: np.ndarray
    key: np.ndarray
    personal: np.ndarray


def read_words(
    features: Features,
    bounds: np.ndarray,
    known: Known,
    credits: tuple[np.ndarray, np.ndarray, np.ndarray],
    is_line: np.ndarray,
) -> Wording:
    """Read `tokens` part by part.

    Parameters
    ----------
    features : Features
        Private.
    bounds : int64 array of shape (n_articles + 1,)
        Where each article begins among the words.
    known : Known
    credits : tuple of int64 arrays of shape (n_credits,)
        Article, first and last character of each credit.
    is_line : bool array of shape (n_credits,)
        Whether a credit is a line of its own.
    """
    line = np.zeros(bounds[-1], bool)
    search = _Search(known.patterns)
    at, which = ([np.empty(0, np.int64)] for _ in range(2))
    first, columns = 0, ["start", "hash", "signs"]
    while first < len(bounds) - 1:
        enough = int(np.searchsorted(bounds, bounds[first] + WORDS_AT_ONCE, side="right")) - 1
        stop, before = max(enough, first + 1), bounds[first]
        table = features.rows("tokens", columns, int(before), int(bounds[stop]))
        start, hashes, signs = (table[name].to_numpy() for name in columns)
        article = np.repeat(np.arange(stop - first), np.diff(bounds[first : stop + 1]))
        here = np.flatnonzero((credits[0] >= first) & (credits[0] < stop))
        place = article << 32 | start
        opens, closes = (
            np.searchsorted(place, (credits[0][here] - first) << 32 | edge[here])
            for edge in credits[1:]
        )
        cover(line, before + opens[is_line[here]], before + closes[is_line[here]])
        for found, number in search.find(hashes, article, signs):
            at.append(before + found)
            which.append(np.full(len(found), number))
        first = stop
    named, number = np.concatenate(at), np.concatenate(which)
    return Wording(
        line,
        named,
        np.searchsorted(bounds, named, side="right") - 1,
        np.array([pattern.key for pattern in known.patterns], np.int64)[number],
        np.array([pattern.personal for pattern in known.patterns], bool)[number],
    )


def _hashes(words: Iterable[str]) -> np.ndarray:
    return np.array([word_hash(word) for word in words], np.uint64)


def _mixed(columns: Iterable[np.ndarray]) -> np.ndarray:
    """One number for a run of words."""
    mixed = np.uint64(0)
    for column in columns:
        mixed = (mixed ^ column) * np.uint64(MIX)
        mixed ^= mixed >> np.uint64(29)
    return mixed


class _Search:
    """Names in words: an author's anywhere, an outlet's where it is a source."""

    def __init__(self, patterns: list[NamePattern]):
        by_length: dict[int, list[tuple[np.ndarray, int, bool]]] = defaultdict(list)
        self._patterns = patterns
        for number, pattern in enumerate(patterns):
            *words, last = pattern.words.split()
            by_length[len(words) + 1].append((_hashes([*words, last]), number, False))
            if not pattern.personal:
                by_length[len(words) + 1].append((_hashes([*words, last + "'s"]), number, True))
        self._tables = []
        for length, forms in by_length.items():
            codes = _mixed(np.array([form for form, _, _ in forms], np.uint64).T)
            order = np.argsort(codes, kind="stable")
            self._tables.append((length, codes[order], [forms[i] for i in order]))

    def find(
        self, hashes: np.ndarray, article: np.ndarray, signs: np.ndarray
    ) -> Iterator[tuple[np.ndarray, int]]:
        """First words of names, and the number of the pattern; `signs` as in the features."""
        for length, codes, forms in self._tables:
            if len(hashes) < length:
                continue
            runs = _mixed([hashes[i : len(hashes) - length + 1 + i] for i in range(length)])
            which = np.minimum(np.searchsorted(codes, runs), len(codes) - 1)
            found = np.flatnonzero(codes[which] == runs)
            found = found[article[found] == article[found + length - 1]]
            for form in np.unique(which[found]):
                _, number, owned = forms[form]
                places, pattern = found[which[found] == form], self._patterns[number]
                if not pattern.personal:
                    places = places[_is_source(signs, places, length, owned, pattern.the)]
                yield places, number


def _is_source(
    signs: np.ndarray, places: np.ndarray, length: int, owned: bool, the: bool
) -> np.ndarray:
    """Whether something is from the outlet named at each place.

    A word signs the name says so: "printed", "according to", "'s report". The verbs of saying are
    any speaker's, so a name of one word ("the courier said") needs one of printing.
    """
    before, behind = signs[places], np.r_[signs, 0][places + length]
    if owned:
        source = behind & OWNED > 0
    else:
        verbs = PRINTED if length == 1 else PRINTED | SAID
        source = (before & TOLD_BY | behind & verbs) > 0
    return source & (before & THE > 0 if the else True)
