"""People: who is named in an article, by which fullest name, and whom a pronoun or a role goes back
to (English).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from analysis.text import english as en
from analysis.text.quotes import Quote
from analysis.text.tokens import words_of

RECENT = 6  # mentions among which a pronoun looks for a subject
NEAR = 200  # mentions back to which a role is looked up


@dataclass(frozen=True)
class Attribution:
    """Who a quotation is put in the mouth of.

    Attributes
    ----------
    speaker : str
        The fullest name that the article gives, or the description of someone unnamed; empty if
        none was found.
    description : str
        How an unnamed speaker is described, at most six words.
    verb : str
        As in the text, in small letters; empty if none.
    unnamed : bool
    scare : bool
        One to three words in marks that nobody is said to have said.
    """

    speaker: str = ""
    description: str = ""
    verb: str = ""
    unnamed: bool = False
    scare: bool = False


class People:
    """Who is mentioned in a text and where: people by their fullest names, the words beside them,
    organisations, the unnamed.
    """

    def __init__(self, text: str, quotes: list[Quote]):
        self.organisations: list[tuple[int, str]] = []
        self._text = text
        self._beside: dict[int, set[str]] = {}
        self._quotes = [q.start for q in quotes], [q.end for q in quotes]
        fullest: dict[str, str] = {}
        begins: dict[int, int] = {}  # where the full name that ends at a place begins
        within: set[int] = set()  # where the words of full names before the last stand
        for match in en.FULL_NAME.finditer(text):
            start, end, words = match.start(), match.end(), match.group()
            owned = "’s " in words or "'s " in words
            name = strip_titles(en.OWNER.sub("", words) if owned else words)
            within.update(
                word.start()
                for word in en.CAPITALISED.finditer(text, start, end)
                if word.end() < end
            )
            if _words(name) & en.ORGANISATION or en.OF_SOMEBODY.search(name):
                self.organisations.append((start, name))
            elif " " in name and last_name(name) not in en.STOP_FIRST:
                begins[end] = start + (
                    owner.end() if owned and (owner := en.OWNER.match(words)) else 0
                )
                key = last_name(name)
                if len(name) > len(fullest.get(key, "")):
                    fullest[key] = name
        capitals = [(m.start(), m.end(), m.group()) for m in en.CAPITALISED.finditer(text)]
        keys = {word: last_name(word) for word in {word for _, _, word in capitals}}
        named, perhaps = _named(text, capitals, keys, fullest, begins, within)
        self.full = {key: fullest.get(key, name) for key, name in named.items()}
        self.names = set(self.full.values())
        self.roles: list[tuple[int, str, int]] = []
        mentions: list[tuple[int, str]] = []
        weak: list[
            tuple[int, str]
        ] = []  # names that nothing shows to be a person's, and nothing a place's
        for start, end, word in capitals:
            key = keys[word]
            doubtful = key in perhaps and end in begins
            if not (doubtful or key in self.full) or start in within:
                continue
            begin = begins.get(end, start)
            if en.BYLINE.match(text, max(0, begin - 20), begin):
                continue
            if doubtful:
                weak.append((start, fullest[key]))
            if key in self.full:
                mentions.append((start, self.full[key]))
                self.roles.append((start, self.full[key], end))
        self._ends = {start: end for start, _, end in self.roles}
        self._begins = {start: begins[end] for start, end in self._ends.items() if end in begins}
        self.mentions, self._weak = self._outside(mentions), self._outside(weak)

    @cached_property
    def unnamed(self) -> list[tuple[int, str]]:
        return self._outside((m.start(), m.group()) for m in en.UNNAMED.finditer(self._text))

    @cached_property
    def groups(self) -> list[tuple[int, str]]:
        return self._outside((m.start(), m.group()) for m in en.PLURAL.finditer(self._text))

    @cached_property
    def _described(self) -> set[str]:
        return {name for _, name in self.unnamed}

    @cached_property
    def _anyone(self) -> list[tuple[int, str]]:
        return sorted(self.mentions + self.unnamed)

    def _outside(self, mentions: Iterable[tuple[int, str]]) -> list[tuple[int, str]]:
        starts, ends = self._quotes
        kept = []
        for start, name in mentions:
            before = bisect_right(starts, start) - 1
            if before < 0 or ends[before] <= start:
                kept.append((start, name))
        return sorted(kept)

    def _role(self, start: int, end: int) -> set[str]:
        """The words beside a mention, in which its role may stand."""
        if start not in self._beside:
            after = en.BESIDE.match(self._text, end, end + 80)
            before = en.SINCE_BREAK.search(self._text, max(0, start - 60), start)
            self._beside[start] = {
                *words_of(before[0])[-6:],
                *(words_of(after[1]) if after else ()),
            }
        return self._beside[start]

    def last_before(self, place: int, *, since: int = 0, unnamed: bool = False) -> str | None:
        """Who was mentioned last before a place, outside quotations."""
        for mentions in (self._anyone if unnamed else self.mentions, self._weak):
            last = bisect_left(mentions, (place,)) - 1
            if last >= 0 and mentions[last][0] >= since:
                return mentions[last][1]
        return None

    def _subject_before(self, place: int) -> str | None:
        """Whom a pronoun goes back to: whoever was mentioned last, but for those whom somebody told
        or spoke of.
        """
        for start, name in _latest(self._anyone, place)[:RECENT]:
            begin, end = self._begins.get(start, start), self._ends.get(start, start + len(name))
            before = self._text[max(0, begin - 40) : begin]
            spoken_of = en.OBJECT.search(before) and self._text[end : end + 2].lstrip()[:1] in (
                "",
                ".",
                ",",
                "”",
                '"',
            )
            if not spoken_of and not en.SUBORDINATE.search(before):
                return name
        return None

    def resolve(self, subject: str, place: int, found: list[Attribution]) -> tuple[str, bool]:
        """Fullest name or description of a subject that stands at `place`, and whether it stays
        unnamed.
        """
        bare = without_possessive(" ".join(subject.split())).strip(" ,")
        bare = bare if en.INITIALS.search(bare) else bare.rstrip(" ,.")
        lower = bare.casefold()
        if bare in self.names:
            return bare, False
        if lower in ("he", "she", "his", "her", "who", "you"):
            last = self._subject_before(place) or self.last_before(place, unnamed=True)
            return (last, last in self._described) if last else (bare, True)
        if lower in en.PRONOUNS or lower == "their":
            previous = next((a for a in found[:-NEAR:-1] if a.speaker), None)
            return (previous.speaker, previous.unnamed) if previous else (bare, True)
        if (
            lower.startswith(("his ", "her "))
            and len(lower.split()) <= 3
            and lower[-1].isalpha()
            and not any(c.isupper() for c in bare[1:])
        ):
            owner = self.last_before(place)
            body = lower.split()[-1] in en.ORGANISATION
            return (f"{owner}'s {bare.split(' ', 1)[1]}", not body) if owner else (bare, True)
        if lower in ("one", "another", "one of them", "both"):
            group = bisect_left(self.groups, (place,)) - 1
            name = self.groups[group][1] if group >= 0 else ""
            return (f"one of {name[:1].lower()}{name[1:]}" if name else bare), True
        trailing = en.TRAILING_NAME.search(bare)
        name = strip_titles(en.OWNER.sub("", trailing.group())) if trailing else ""
        if name and not en.OF_OTHERS.match(lower):
            for part in (name, name.split(" of ")[0]):
                known = self.full.get(last_name(part))
                if known is not None:
                    return (known if _may_be(part, known) else part), False
        if lower in en.ANYBODY:
            return bare, True
        if lower.split()[:1] and lower.split()[0] in ("the", "this", "that"):
            return self._in_role(bare, place, found)
        named = (
            bare[:1].isupper() and not en.DETERMINED.match(bare) and not bare.split()[-1].islower()
        )
        return bare, not named

    def _in_role(self, bare: str, place: int, found: list[Attribution]) -> tuple[str, bool]:
        """Whom "the minister", "the company" or "the official" means: who fits and is named most,
        the nearest of them.
        """
        words = words_of(bare)
        head = words[-1]
        for _, organisation in _latest(self.organisations, place):
            said = _words(organisation)
            if head in said or head in en.COMPANY and said & en.FORMS:
                return organisation, False
        fits = [
            person
            for start, person, end in _latest(self.roles, place)
            if head in (role := self._role(start, end))
            and (head in en.TITLE_WORDS or len(set(words) & role) >= min(2, len(words) - 1))
        ]
        if fits:
            return max(dict.fromkeys(fits), key=[name for _, name in self.mentions].count), False
        for a in found[:-NEAR:-1]:
            if a.unnamed and head in words_of(a.speaker):
                return a.speaker, True
        for _, description in _latest(self.unnamed, place):
            if head in words_of(description):
                return description, True
        return bare, not any(c.isupper() for c in bare[1:])


def _latest(mentions: list[tuple], place: int) -> list[tuple]:
    """The last mentions before a place, the nearest first."""
    stop = bisect_left(mentions, (place,))
    return mentions[max(0, stop - NEAR) : stop][::-1]


def _named(
    text: str,
    capitals: list[tuple[int, int, str]],
    keys: dict[str, str],
    fullest: dict[str, str],
    begins: dict[int, int],
    within: set[int],
) -> tuple[dict[str, str], set[str]]:
    """Last names of those whom the text treats as people, by a title, an age, an apposition or a
    verb of theirs; and the last words of other names that it does not treat as places or outlets
    either.
    """
    people, places, odd = Counter(), Counter(), set()
    shown: dict[str, str] = {}
    small = set(en.SMALL.findall(text))
    no_name = {
        word
        for word, key in keys.items()
        if key not in fullest and (key in en.NO_NAME or key in small or word.isupper())
    }
    for start, end, word in capitals:
        key = keys[word]
        single = key not in fullest
        if word in no_name or single and start in within:
            continue
        begin = begins.get(end, start)
        behind = (
            found.lastgroup
            if (found := en.BEHIND.match(text[max(0, begin - 60) : begin]))
            else None
        )
        if behind == "byline":
            continue
        shown.setdefault(key, without_possessive(word))
        if behind == "place":
            places[key] += 1
        elif (
            behind == "person"
            or text[begin : begin + 2] in en.TITLES_BEGIN
            and en.TITLED.match(text, begin, end)
            or (text[end : end + 1] in (",", " ") and en.HUMAN.match(text, end, end + 20))
        ):
            people[key] += 1
        elif behind == "preposition":
            odd.add(key)
        elif (en.SPEAKS if single else en.DOES).match(text, end, end + 160):
            people[key] += 1
    named = {key: shown[key] for key in people if people[key] >= places[key]}
    return named, {
        key
        for key, name in fullest.items()
        if key not in named and key not in odd and not places[key] and not name.isupper()
    }


@lru_cache(1 << 14)
def _words(name: str) -> frozenset[str]:
    return frozenset(words_of(name))


_OPENERS = en.STOP_FIRST | frozenset(
    "later earlier meanwhile however afterwards again instead once perhaps soon often sometimes"
    " besides thus".split()
)


def _may_be(name: str, known: str) -> bool:
    """Whether a name may be another form of one with the same last word: a first name of its own
    ("Ada Orr", "Tom Orr") or initials tell.
    """
    first, other = (one.split()[0].rstrip(".").casefold() for one in (name, known))
    return (
        first in _OPENERS
        or first.endswith("ly")
        or min(len(name.split()), len(known.split())) < 2
        or first == other
        or min(len(first), len(other)) == 1
        and first[0] == other[0]
        or other in name.casefold().split()
    )


def strip_titles(name: str) -> str:
    """The name behind its titles: "U.S. President Ada Orr" is "Ada Orr"."""
    words = name.replace("\u00a0", " ").split()
    titles = [
        i for i, word in enumerate(words[:-1]) if word.rstrip(".").casefold() in en.TITLE_WORDS
    ]
    words = words[titles[-1] + 1 :] if titles else words
    while len(words) > 1 and words[0].rstrip(".").casefold() in en.STOP_FIRST:
        words = words[1:]
    return without_possessive(" ".join(words))


def last_name(name: str) -> str:
    return without_possessive(name.split()[-1]).casefold() if name.split() else ""


def without_possessive(name: str) -> str:
    return name[:-2] if name.endswith(en.POSSESSIVE) else name
