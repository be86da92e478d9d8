"""Mentions: where an article names the actors of a codebook."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from analysis.languages.names import Name
from analysis.text.lists import words
from analysis.text.marks import plain_apostrophes
from analysis.text.persons import SUFFIXES, name_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

NAME, TITLE, POSSESSIVE, PRONOUN = FORMS = ("name", "title", "possessive", "pronoun")
PERSONS = words("english", "persons")
_JUDGING = words("english", "judging") - words("english", "given_men")  # "Rich", "Frank"
_BODIES = words("english", "groups") | words("english", "rules")
_NO_NAMES = words("english", "calendar") | words("english", "common_names")
_ARTICLE = regex.compile(r"^\s*(?:The|the(?=\s+\p{Lu}))\s+(?=\S)")
_ASCII_MARKS = str.maketrans("’ʼ‐‑", "''--")


@dataclass(frozen=True)
class Mention:
    """Where an actor is mentioned: key in the codebook, form, start and end in characters."""

    actor: str
    form: str
    start: int
    end: int


class Actors:
    """The actors of a codebook, compiled once for many articles.

    Parameters
    ----------
    actors : mapping of str to dict
        Key → name, aliases, side, kind.
    """

    def __init__(self, actors: Mapping[str, dict]):
        self.names = {key: about["name"] for key, about in actors.items()}
        self.groups = {key for key, about in actors.items() if is_group(about)}
        # aliases that describe, in small letters
        self.titles: dict[str, list[list[str]]] = defaultdict(list)
        self._bearers: dict[str, dict[str, None]] = defaultdict(dict)  # of each form, plainly
        self._words: dict[str, set[str]] = defaultdict(set)
        self._written: set[str] = set()
        self._described: set[str] = set()  # forms that are descriptions
        for key, about in actors.items():
            for alias in dict.fromkeys([about["name"], *about.get("aliases", [])]):
                self._add(key, alias, alias == about["name"])
        either = "|".join(map(_pattern, sorted(self._written, key=len, reverse=True)))
        self._pattern = regex.compile(rf"(?<![\w@#])(?:{either or '(?!)'})(?!\w)")

    def _add(self, key: str, alias: str, is_name: bool) -> None:
        said = _ARTICLE.sub("", fold(alias)).split()
        if not said:
            return
        form = " ".join(word.rstrip(".") for word in said)
        self._written.add(form)
        self._bearers[_plainly(form)][key] = None
        self._words[key].update(_parts(form))
        describes = said[-1].lower() in PERSONS and not is_name and key not in self.groups
        if said[0][0].islower() or describes and len(said) > 1:
            self._described.add(_plainly(form))
            self.titles[key].append([w.lower() for w in said])

    def starts(self, text: str) -> list[int]:
        """Where a text may name one of them, in characters.

        Parameters
        ----------
        text : str

        Returns
        -------
        list of int
        """
        folded, places = _folded(text)
        return [places[m.start()] for m in self._pattern.finditer(folded)]

    def find(self, doc: Doc, names: Sequence[Name] = ()) -> list[Mention]:
        """Every mention by name in the order of the text, none overlapping another.

        Parameters
        ----------
        doc : spacy.tokens.Doc
        names : sequence of Name
            Those of the article: an actor's name within a longer one is somebody else's.

        Returns
        -------
        list of Mention
        """
        text, places = _folded(doc.text)
        at = {i: name for name in names for i in range(name.start, name.end)}
        kept = []
        for m in self._pattern.finditer(text):
            span = doc.char_span(places[m.start()], places[m.end()], alignment_mode="expand")
            kept.append((span, _plainly(m.group()), places[m.start()], places[m.end()]))
        plain = {form for span, form, *_ in kept if not _common(span) or _courteous(span)}
        sure = {key for form in plain for key in self._bearers[form]}
        found: list[Mention] = []
        last: dict[str, int] = {}
        for span, form, start, end in kept:
            keys, how = [*self._bearers[form]], TITLE if form in self._described else NAME
            if how == NAME and not self._is_name(span, keys, at, sure):
                continue
            actor = max(keys, key=lambda key: last.get(key, -1))
            if len(keys) == 1:
                last[actor] = start
            elif actor not in last:
                continue
            if how == NAME and _modifies(span):
                how = POSSESSIVE
            beside = found and doc.text[found[-1].end : start] == " "
            if beside and (found[-1].actor, found[-1].form) == (actor, TITLE):
                found.pop()  # a title before a name is part of it
            found.append(Mention(actor, how, start, end))
        return found

    def may_bear(self, key: str, name: str) -> bool:
        """Whether every word of a name is one of an actor's, or an initial."""
        return all(w in self._words[key] or len(w) == 1 for w in _parts(fold(name)))

    def _is_name(self, span: Span, keys: list[str], at: dict[int, Name], sure: set[str]) -> bool:
        """Whether a name is the actor's there: no part of a longer name, no month, no verb."""
        doc, start, end = span.doc, span.start, span.end
        name = at.get(start) or at.get(end - 1)
        if name is not None:
            near = (t for t in doc[name.start : name.end] if not start <= t.i < end and t.is_alpha)
            others = {part for t in near for part in _parts(fold(t.text)) if len(part) > 1}
            own = set().union(*(self._words[key] for key in keys)) - SUFFIXES
            if others - own - name_lists(doc.lang_).persons - _JUDGING:  # "Tearful Orr"
                return False
        return not _common(span) or self._common_name(span, keys, sure)

    def _common_name(self, span: Span, keys: list[str], sure: set[str]) -> bool:
        """Whether a name that is a word, too ("May", "Will"), is a name there."""
        token, known = span[0], not sure.isdisjoint(keys)
        month = token.lower_ in words(token.lang_, "calendar")
        dated = month and (not known or token.dep_ in ("pobj", "npadvmod", "compound"))
        return _courteous(span) or token.pos_ == "PROPN" and not dated


def _text(doc: Doc, i: int) -> str:
    """A word of a document; nothing outside it."""
    return doc[i].text if 0 <= i < len(doc) else ""


def _parts(name: str) -> list[str]:
    """The words of a name in small letters, without points."""
    return [word.strip(".") for word in name.lower().replace("-", " ").split()]


def is_group(about: dict) -> bool:
    """Whether an actor is a body rather than a person: as the codebook says, else by its name."""
    said = [w.strip(".,").lower() for w in fold(about["name"]).split()]
    if "kind" in about or not said:
        return about.get("kind") == "group"
    last, several = said[-1], len(said) > 1
    group = said[0] == "the" or not _BODIES.isdisjoint(said)
    people = several and last.endswith("s") and last[:-1] in PERSONS
    return group or people or not several and len(last) > 1 and about["name"].isupper()


def fold(text: str) -> str:
    """Text without accents, its apostrophes and hyphens straight; capitals stay."""
    return _folded(text)[0]


def _folded(text: str) -> tuple[str, Sequence[int]]:
    """Folded text, and where in the text each of its characters and its end stand."""
    parts = [c if c.isascii() else _plain(c) for c in plain_apostrophes(text)]
    places = [i for i, part in enumerate(parts) for _ in part]
    return "".join(parts), [*places, len(text)]


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """What one character is written as without its accents."""
    parts = [p for p in unicodedata.normalize("NFKD", character) if not unicodedata.combining(p)]
    return "".join(parts).translate(_ASCII_MARKS)


def _pattern(form: str) -> str:
    """Words as they may be written: in capitals, over a line's end, without points."""
    said = (regex.escape(word.rstrip(".")) for word in form.split())
    either = (f"(?i:{word})" if word.islower() else f"(?:{word}|{word.upper()})" for word in said)
    return r"\.?\s{1,2}".join(either)


def _plainly(form: str) -> str:
    """A form of a name in small letters, without points."""
    return " ".join(form.lower().replace(".", "").split())


def _common(span: Span) -> bool:
    """Whether a name is a single word that is no name elsewhere."""
    return len(span) == 1 and span[0].lower_ in _NO_NAMES


def _courteous(span: Span) -> bool:
    """Whether a form of address stands before a name."""
    before = _text(span.doc, span.start - 1)
    return before.lower().strip(".") in words(span.doc.lang_, "courtesy")


def _modifies(span: Span) -> bool:
    """Whether a name stands before a noun of its bearer's: "Orban's", "the Orban government"."""
    doc, root, after = span.doc, span.root, _text(span.doc, span.end)
    joined = after.lower() in ("'s", "’s", "'", "’") or after[:1] == "-"
    if joined and not doc[span.end - 1].whitespace_ or _text(doc, span.start - 1) == "-":
        return True
    inner = root.dep_ in ("compound", "nmod", "amod") and root.head.i >= span.end
    return inner and root.head.text.islower()
