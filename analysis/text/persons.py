"""Persons: which forms of names are one person's, and names without their titles."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from functools import cache
from typing import NamedTuple

from analysis.text.lists import words

Keys = tuple[str, ...]

SUFFIXES = frozenset("jr sr ii iii iv".split())
LINKS = frozenset(("of", "for", "&"))
_MARKS = frozenset("“”\"'‘’")
_LATE = 3  # times that a last name stands before its full name
_BEARERS = 20  # persons with one last name among whom a shorter form is looked for


class NameLists(NamedTuple):
    """Lists of words that tell names."""

    titles: frozenset[str]
    persons: frozenset[str]
    given: frozenset[str]
    sex: dict[str, str]  # of titles and given names
    particles: frozenset[str]
    portfolios: frozenset[str]
    peoples: frozenset[str]
    groups: frozenset[str]
    known: frozenset[str]
    works: frozenset[str]
    sites: frozenset[str]
    places: frozenset[str]
    states: frozenset[str]
    calendar: frozenset[str]
    speech: frozenset[str]


@cache
def name_lists(language: str = "en") -> NameLists:
    """The lists of a language, read once."""

    def listed(name: str) -> frozenset[str]:
        found = words(language, name)
        return found if language == "en" else found | frozenset(map(fold, found))

    men, women = listed("given_men"), listed("given_women")
    titles = listed("persons") | listed("courtesy")
    several = {f"{title}s" for title in titles}  # "Senators Orr and Holt"
    sexes = {"m": listed("men") | (men - women), "f": listed("women") | (women - men)}
    return NameLists(
        titles=(titles | several) - listed("peoples") - men - women - {"saint"},  # Saint Orla Quay
        persons=titles,
        given=men | women,
        sex={word: sex for sex, its in sexes.items() for word in its},
        particles=listed("particles"),
        portfolios=listed("portfolios"),
        peoples=listed("peoples"),
        groups=listed("groups"),
        known=listed("known_bodies"),
        works=listed("works"),
        sites=listed("sites"),
        places=listed("places"),
        states=listed("places_short") | listed("places"),
        calendar=listed("calendar"),
        speech=listed("speech"),
    )


class NameWord(NamedTuple):
    """A word of a name; "Jean-Marie", "al-Storr" and "of the" are one."""

    start: int
    end: int
    text: str
    key: str
    link: bool = False


def keys_of(its: list[NameWord]) -> Keys:
    """The words of a name, folded."""
    return tuple(word.key for word in its)


def fold(word: str) -> str:
    """A word of a name in small letters, without accents, apostrophes, points and hyphens.

    Examples
    --------
    >>> fold("D’Angelo") == fold("D'ANGELO"), fold("Jong-un"), fold("Peña")
    (True, 'jongun', 'pena')
    """
    if word.isascii() and word.isalpha():
        return word.lower()
    plain = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in plain if c.isalnum() and not unicodedata.combining(c))


def behind_titles(run: list[NameWord], language: str = "en") -> tuple[int, list[NameWord]]:
    """The last title in a run of words, and the name behind it."""
    lists, last = name_lists(language), -1
    if run[-1].key not in lists.groups:  # State Department Refugee Processing Center
        for i, word in enumerate(run[:-1]):
            field = i > 0 and run[i - 1].link  # Commissioner for Refugees
            if word.key in lists.titles and not field and run[i + 1].key not in SUFFIXES:
                last = i
    rest = run[last + 1 :]
    if last >= 0 and rest[0].link:
        rest = _behind_portfolio(rest[1:], lists)
    return last, rest


def _behind_portfolio(run: list[NameWord], lists: NameLists) -> list[NameWord]:
    """The name behind "for Health", "of State" or "of New York"; empty if there is none."""
    n = 0
    while n < len(run) - 1 and (run[n].key in lists.portfolios or run[n].link):
        n += 1
    if n:
        return run[n:]
    for n in (3, 2, 1):
        if " ".join(word.text.lower() for word in run[:n]) in lists.places:
            return run[n:]
    return run[-2:] if len(run) > 2 else []


def words_of_name(name: str) -> list[NameWord]:
    """The words of a name that stands by itself, without a nickname in marks.

    "al-Assad" has the key of "Assad".
    """
    found = []
    for i, text in enumerate(name.split()):
        if i and text[0] in _MARKS and text[-1] in _MARKS:
            continue
        particle, _, rest = text.partition("-")
        own = rest if rest and particle.lower() in name_lists().particles else text
        found.append(NameWord(i, i + 1, text, fold(own), i > 0 and text.lower() in LINKS))
    return [word for word in found if word.key or word.link]


def strip_titles(name: str) -> str:
    """A name without the titles before it and the ending of a genitive.

    Examples
    --------
    >>> strip_titles("U.S. President Ada Orr"), strip_titles("Minister for Health Ola Brandt’s")
    ('Ada Orr', 'Ola Brandt')
    """
    run = words_of_name(name.removesuffix("’s").removesuffix("'s"))
    rest = behind_titles(run)[1] if run else []
    before = words("english", "openers") | words("english", "affiliations")
    while len(rest) > 1 and (rest[0].key in before or rest[0].link):
        rest = rest[1:]
    return " ".join(word.text for word in rest or run) or name


def number_persons(named: list[tuple[Keys, str]]) -> dict[tuple[Keys, str], int]:
    """The number of the person whom each form of a name means, in order of the article.

    A short form means whoever is named most of those who bear it, unless a title tells the sex.
    """
    places: dict[tuple[Keys, str], list[int]] = defaultdict(list)
    for i, form in enumerate(named):
        places[form].append(i)
    forms = sorted(
        places, key=lambda form: (-len(form[0]), not form[1], -len(places[form]), places[form])
    )
    alone = {keys[0] for keys, _ in places if len(keys) == 1}
    bearers: dict[str, list[int]] = defaultdict(list)
    shown: list[tuple[Keys, str]] = []
    weight: Counter[int] = Counter()
    number: dict[tuple[Keys, str], int] = {}
    for form in forms:
        keys, sex = form

        near = dict.fromkeys(bearers[keys[-1]] + bearers[keys[0]] + bearers["".join(keys)])
        fits = []
        for n in near:
            full, other = shown[n]
            named_late = bisect_left(places[form], places[shown[n]][0]) >= _LATE
            # "Trump ... his wife Melania Trump. Melania" does not say who Trump is
            beside = named_late and full[0] in alone and len(keys) == 1 and keys[0] != full[0]
            if not beside and {sex, other} != {"m", "f"} and may_be(keys, full):
                first = -places[shown[n]][0]
                fits.append((full[-1] == keys[-1], weight[n], full[0] not in alone, first, n))
        if fits:
            n = max(fits)[-1]
        else:
            n = len(shown)
            shown.append(form)
            for key in {*keys, "".join(keys)}:
                if len(bearers[key]) < _BEARERS:
                    bearers[key].append(n)
        number[form] = n
        weight[n] += len(places[form]) * (len(keys) > 1 or bool(sex))
    order: dict[int, int] = {}
    for form in named:
        order.setdefault(number[form], len(order))
    return {form: order[n] for form, n in number.items()}


def may_be(short: Keys, full: Keys) -> bool:
    """Whether a form may be one of a longer name: words of it in order, initials for words."""
    if "".join(short) == "".join(full):
        return True
    if len(short) > 1 and (short[-1] in SUFFIXES) != (full[-1] in SUFFIXES):
        return False
    rest = iter(full)
    if all(any(key == word for word in rest) for key in short if len(key) > 1 or len(short) == 1):
        return True
    last = len(short) > 1 and short[-1] == full[-1]
    return last and all(a == b or len(a) == 1 and b.startswith(a) for a, b in zip(short, full))
