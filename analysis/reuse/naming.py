"""Whom articles name: outlets and authors of the corpus, by the keys of their names, and where the
words of articles name them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import regex

from analysis.features import Features
from analysis.reuse.passages import cover
from analysis.text.crediting import HEADS
from analysis.text.outlets import listed_name
from analysis.text.tokens import MIX, word_hash, words_of

AT_ONCE = 1 << 21  # words that are read at a time
LONGEST = 6  # words of a name
ADVERBS = 4  # words that may stand between a name and its verb
# a section of an outlet: "New York Times - Opinion", "CNN (Online)"
SECTION = regex.compile(r"\s*\([^()]*\)|\s+[-–—|:]\s.*")
# how an outlet's name is lengthened or shortened: "NPR Online News" is "NPR"
ONLINE = regex.compile(r"\s+(?:Online|Web|Digital)\b|\.(?:com|org|net)$")
SERVICE = regex.compile(r"\s+(?:News|TV|Radio|Magazine)$")
AND = regex.compile(r"[,;|&/]|\band\b|\bwith\b|^\s*by\b", regex.IGNORECASE)
# what outlets do to news; "said" and the like are any speaker's, so a name of one word ("the
# courier said") needs a verb of the first set
PRINTED = frozenset(
    "reported reports printed prints published publishes wrote writes revealed reveals uncovered"
    " unearthed disclosed broke obtained".split()
)
SAID = frozenset(
    "said says told tells stated states added adds claimed claims argued argues warned warns"
    " announced explained explains noted notes insisted insists denied denies acknowledged"
    " acknowledges confirmed admitted admits alleged alleges maintained maintains vowed vows"
    " promised suggested suggests complained conceded testified estimated recalled recommended"
    " urged pledged accused".split()
)
# what somebody told an outlet is that person's account; what follows it is the writer's own again
TOLD = frozenset(
    "told tell tells telling interview interviews interviewed spoke speaking talking talked said"
    " says saying appeared appearing appearance statement statements comments remarks gave".split()
)
BETWEEN = frozenset(
    "has have had first also later then since already previously itself exclusively".split()
)
VIA = frozenset("citing quoting via told per".split())
BY = frozenset("by in from to".split())
BEFORE_BY = frozenset(
    "reported published printed obtained revealed seen broadcast posted first according interview"
    " statement".split()
)
PIECE = frozenset(
    "report reports reporting story article scoop investigation column editorial account interview"
    " exclusive".split()
)


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
        self.patterns: list[
            tuple[str, bool, int, bool]
        ] = []  # words, whether behind "the", key, whether of a person
        self._of_author = self._pairs(authors, self._author_names)
        people = set(self._codes)
        self._of_outlet = self._pairs(outlets, self._outlet_names)
        # an outlet that bears an author's name is that person's, who may be a source as anybody may
        self._outlets = set(self._codes) - people
        self.patterns = [
            pattern for pattern in self.patterns if pattern[3] or pattern[0] not in people
        ]

    def keys(self, names: Iterable[str]) -> np.ndarray:
        """A number for the key of each name; -1 for an empty one."""
        remembered = {name: self._code(name) for name in dict.fromkeys(names)}
        return np.fromiter((remembered[name] for name in names), np.int64)

    def names(self, keys: np.ndarray) -> np.ndarray:
        return np.array([self._names[key] for key in keys.tolist()], object)

    def is_outlet(self, names: Iterable[str]) -> np.ndarray:
        """Whether a name is an outlet's: of the corpus, of the list, or by its last word."""
        told = {
            name: (
                bool(listed_name(name))
                or name_key(name) in self._outlets
                or name.split()[-1:]
                and name.split()[-1] in HEADS
            )
            for name in dict.fromkeys(names)
        }
        return np.fromiter((bool(told[name]) for name in names), bool)

    def belongs(self, articles: np.ndarray, keys: np.ndarray) -> np.ndarray:
        """Whether each name is that of the outlet or of an author of the article beside it."""
        size = len(self._codes) + 1
        found = np.zeros(len(keys), bool)
        for group, pairs in ((self._outlet, self._of_outlet), (self._author, self._of_author)):
            found |= np.isin(group[articles] * size + keys, pairs[:, 0] * size + pairs[:, 1])
        return found & (keys >= 0)

    def same_outlet(self, articles: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Whether two articles are known to be of one outlet."""
        return (self._outlet[articles] == self._outlet[others]) & self._named[articles]

    def _code(self, name: str) -> int:
        key = name_key(_listed(name) or name)
        if not key:
            return -1
        code = self._codes.setdefault(key, len(self._codes))
        self._names.setdefault(code, name)
        return code

    def _pairs(self, groups: pd.Index, names_of) -> np.ndarray:
        pairs = [
            (number, self._code(name))
            for number, group in enumerate(groups)
            for name in names_of(group)
        ]
        return np.array(sorted(set(pairs)), np.int64).reshape(-1, 2)

    def _outlet_names(self, outlet: str) -> list[str]:
        """The outlet's name, without its section, as the list has it, and its short form ("the
        Courier").
        """
        plain = SECTION.sub("", outlet)
        listed = _listed(outlet) or _listed(plain)
        if not listed and name_key(plain):
            self.patterns.append(
                (name_key(plain), plain.lower().startswith("the "), self._code(plain), False)
            )
        last = plain.split()[-1:]
        short = last if len(plain.split()) > 1 and last and last[0] in HEADS else []
        return list(filter(name_key, dict.fromkeys([plain, outlet, listed, *short])))

    def _author_names(self, authors: str) -> list[str]:
        names = [
            name
            for name in (part.strip() for part in AND.split(SECTION.sub("", authors)))
            if 2 <= len(words_of(name)) <= LONGEST
        ]
        self.patterns += [(name_key(name), False, self._code(name), True) for name in names]
        return names


@dataclass(frozen=True)
class Words:
    """What the words of articles tell: which stand in credit lines (`line`), which credits are of
    what was `told` an outlet, where somebody says something (`said_at`, words of the corpus), and
    where outlets and authors of the corpus are named (`named_at`, their `article`, `key`, whether
    `personal`).
    """

    line: np.ndarray
    told: np.ndarray
    said_at: np.ndarray
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
) -> Words:
    """Read `tokens` part by part; `credits` are article, first and last character of each credit."""
    line, told = np.zeros(bounds[-1], bool), np.zeros(len(is_line), bool)
    search = _Search(known.patterns)
    said, at, which = ([np.empty(0, np.int64)] for _ in range(3))
    first = 0
    while first < len(bounds) - 1:
        stop = max(
            int(np.searchsorted(bounds, bounds[first] + AT_ONCE, side="right")) - 1, first + 1
        )
        table = features.rows(
            "tokens", ["start", "end", "hash", "quoted"], int(bounds[first]), int(bounds[stop])
        )
        start, end, hashes, quoted = (
            table[name].to_numpy() for name in ("start", "end", "hash", "quoted")
        )
        article = np.repeat(np.arange(stop - first), np.diff(bounds[first : stop + 1]))
        here = np.flatnonzero((credits[0] >= first) & (credits[0] < stop))
        place = article << 32 | start
        edges = [
            np.searchsorted(place, (credits[0][here] - first) << 32 | credits[i][here])
            for i in (1, 2)
        ]
        cover(line, *(bounds[first] + edge[is_line[here]] for edge in edges))
        told[here] = np.r_[_among(hashes, TOLD), False][edges[0]]
        speaks = _among(hashes, SAID) & ~quoted
        speaks[1:] |= _among(hashes[1:], {"to"}) & _among(hashes[:-1], {"according"}) & ~quoted[1:]
        said.append(bounds[first] + np.flatnonzero(speaks))
        for found, number in search.find(hashes, article, np.r_[start[1:] - end[:-1] == 1, False]):
            at.append(bounds[first] + found)
            which.append(np.full(len(found), number))
        first = stop
    named, number = np.concatenate(at), np.concatenate(which)
    key, personal = (
        (
            np.array([pattern[i] for pattern in known.patterns], kind)[number]
            if len(number)
            else np.empty(0, kind)
        )
        for i, kind in ((2, np.int64), (3, bool))
    )
    return Words(
        line,
        told,
        np.concatenate(said),
        named,
        np.searchsorted(bounds, named, side="right") - 1,
        key,
        personal,
    )


def _hashes(words: Iterable[str]) -> np.ndarray:
    return np.array([word_hash(word) for word in words], np.uint64)


def _among(hashes: np.ndarray, words: Iterable[str]) -> np.ndarray:
    return np.isin(hashes, _hashes(words))


def _mixed(columns: Iterable[np.ndarray]) -> np.ndarray:
    """One number for a run of words."""
    mixed = np.uint64(0)
    for column in columns:
        mixed = (mixed ^ column) * np.uint64(MIX)
        mixed ^= mixed >> np.uint64(29)
    return mixed


class _Search:
    """Names in words: an author's anywhere, an outlet's beside a word that makes it a source
    ("printed", "according to", "'s report").
    """

    def __init__(self, patterns: list[tuple[str, bool, int, bool]]):
        by_length: dict[int, list[tuple[np.ndarray, int, bool]]] = {}
        self._patterns = patterns
        for number, (name, _, _, personal) in enumerate(patterns):
            words = name.split()
            for owned in (False,) if personal else (False, True):
                form = [*words[:-1], words[-1] + "'s"] if owned else words
                by_length.setdefault(len(form), []).append((_hashes(form), number, owned))
        self._tables = []
        for length, forms in by_length.items():
            codes = _mixed(np.array([form for form, _, _ in forms], np.uint64).T)
            order = np.argsort(codes, kind="stable")
            self._tables.append(
                (
                    length,
                    codes[order],
                    np.array([forms[i][1] for i in order]),
                    np.array([forms[i][2] for i in order]),
                )
            )

    def find(
        self, hashes: np.ndarray, article: np.ndarray, spaced: np.ndarray
    ) -> Iterable[tuple[np.ndarray, int]]:
        for length, codes, numbers, owned in self._tables:
            if len(hashes) < length:
                continue
            runs = _mixed([hashes[i : len(hashes) - length + 1 + i] for i in range(length)])
            which = np.minimum(np.searchsorted(codes, runs), len(codes) - 1)
            found = np.flatnonzero(codes[which] == runs)
            found = found[article[found] == article[found + length - 1]]
            for form in np.unique(which[found]):
                number = int(numbers[form])
                places = found[which[found] == form]
                personal, the = self._patterns[number][3], self._patterns[number][1]
                if not personal:
                    places = places[
                        _is_source(hashes, spaced, places, length, bool(owned[form]), the)
                    ]
                yield places, number


def _is_source(
    hashes: np.ndarray, spaced: np.ndarray, places: np.ndarray, length: int, owned: bool, the: bool
) -> np.ndarray:
    """Whether the name at each place, of so many words, is what something is from; `spaced` says
    behind which words a mere space stands.
    """

    def at(offsets: np.ndarray, words: Iterable[str]) -> np.ndarray:
        return (
            (offsets >= 0)
            & (offsets < len(hashes))
            & _among(hashes[np.clip(offsets, 0, len(hashes) - 1)], words)
        )

    behind_the = at(places - 1, {"the"})
    if owned:
        source = at(places + length, PIECE) | at(places + length + 1, PIECE)
    else:
        source, still = np.zeros(len(places), bool), np.ones(len(places), bool)
        for step in range(ADVERBS):
            still &= spaced[np.minimum(places + length + step - 1, len(hashes) - 1)]
            source |= still & at(places + length + step, PRINTED if length == 1 else PRINTED | SAID)
            still &= at(places + length + step, BETWEEN)
        before = places - 1 - behind_the
        source |= at(before, VIA) | at(before, BY) & at(before - 1, BEFORE_BY)
    return source & (behind_the | (not the))
