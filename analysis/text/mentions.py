"""Mentions: where a text names the actors of a codebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.text.lists import english_words
from analysis.text.marks import plain_apostrophes
from analysis.text.nouns import CLOSED, SPEAKING, is_adjective, is_person
from analysis.text.running import WORD, Running, bare, fold
from analysis.text.titles import TITLE_WORDS

NAME, TITLE, POSSESSIVE, PRONOUN = FORMS = ("name", "title", "possessive", "pronoun")
_SUFFIXES = frozenset("jr sr ii iii iv".split())
# words before a month; some of them stand before names too
_DATED = frozenset(
    "in on by since until till from through during before after between early late mid last next"
    " this every each of to and the a or".split()
)
_ALSO_NAMES = frozenset("of to by and after before from the".split())
_PEOPLES = frozenset(
    "french dutch greek swiss czech thai afghan cuban texan african moroccan saudi yemeni welsh"
    " labour tory".split()
)
_ALSO_VERBS = frozenset("plan bill base store camp rule house office staff".split())
_MODALS = frozenset("will may can".split())
_CALENDAR, _OPENERS = english_words("calendar"), english_words("openers")
_COMMON = english_words("names_too") | _CALENDAR | _OPENERS
_COURTESY, _PERSONS, _WOMEN = map(english_words, ("courtesy", "persons", "women"))
_RULES, _MODIFIED, _BODIES = map(english_words, ("rules", "modified", "bodies"))
_FORMER, _JUDGING = english_words("former"), english_words("judging")
_PROVINCES = english_words("places", "provinces")  # behind a comma they say where a town is
_THINGS = english_words("things", "sites")
_GROUPS = english_words("groups") - set("house city force bank page guard capital temple".split())
_LEGAL_FORMS = english_words("company_forms")
_DEFINITE = english_words("definite") | {"a", "an"}
_ACTS = frozenset(
    "is was has had will would could should might can did does says said told isn't wasn't hasn't"
    " hadn't won't wouldn't".split()
)


@dataclass(frozen=True)
class Mention:
    """Where an actor is mentioned: key in the codebook, form, start and end in characters."""

    actor: str
    form: str
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """A mention in words: first and last word (inclusive), and the name where it is but a part of
    the word ("Orban-led").
    """

    actor: str
    form: str
    first: int
    last: int
    part: str = ""


@dataclass(frozen=True)
class _Alias:
    words: tuple[str, ...]
    gaps: tuple[str, ...]
    actors: tuple[str, ...]
    form: str
    common: bool  # a single name that is a word too


class Names:
    """Names and aliases of all actors, looked up by their first word.

    Parameters
    ----------
    actors : mapping of str to dict
        Key → name, aliases, kind.
    """

    def __init__(self, actors: Mapping[str, dict]):
        bearers: dict[str, list[str]] = {}
        for key, about in actors.items():
            for alias in [about["name"], *about.get("aliases", [])]:
                bearers.setdefault(" ".join(plain_apostrophes(alias).split()), []).append(key)
        self.first: dict[str, list[_Alias]] = {}
        self.group = {key: is_group(about) for key, about in actors.items()}
        self.female: dict[str, bool] = {}  # what the codebook tells of an actor by a title
        self.titles: list[tuple[str, list[str]]] = []  # aliases that are titles, in small letters
        self.company = {
            key: (
                self.group[key]
                and bool({w.strip(".,").lower() for w in about["name"].split()} & _LEGAL_FORMS)
            )
            for key, about in actors.items()
        }
        for alias, keys in bearers.items():
            found = list(WORD.finditer(alias))
            words = tuple(fold(m.group()) for m in found)
            if words and words[0].lower() in ("mr", "mrs", "ms", "miss"):
                self.female.update(dict.fromkeys(keys, words[0].lower() in _WOMEN))
            if (
                len(words) > 1 and words[0].lower() == "the"
            ):  # the article belongs to a name only where it does in small letters too
                words, found = (
                    (words[1:], found[1:])
                    if words[0] == "The" or any(w[0].isupper() for w in words[1:])
                    else (words, found)
                )
            if not words:
                continue
            gaps = tuple(_gap(alias[a.end() : b.start()]) for a, b in zip(found, found[1:]))
            last = words[-1].lower()
            role = (
                is_person(last)
                and last not in _COMMON
                and not any(fold(alias) == fold(actors[k]["name"]) for k in keys)
            )
            form = (
                TITLE
                if words[0][0].islower() or role and len(words) > 1 and words[-1][0].isupper()
                else NAME
            )
            if form == TITLE:
                self.titles += [(key, [w.lower() for w in words]) for key in keys]
            entry = _Alias(
                words,
                gaps,
                tuple(dict.fromkeys(keys)),
                form,
                len(words) == 1 and words[0].lower() in _COMMON,
            )
            self.first.setdefault(words[0].lower(), []).append(entry)
        for entries in self.first.values():
            entries.sort(key=lambda a: (-len(a.words), a.words))

    def find(self, run: Running) -> list[Named]:
        """Every name in the order of the text, none overlapping another."""
        found: list[Named] = []
        n, i, first = len(run), 0, self.first
        last_of: dict[str, int] = {}  # where the unmistakable name of an actor stood last
        raw: list[tuple[_Alias, int, int]] = []
        while i < n:
            word = run.lower[i]
            entries = first.get(word)
            if entries is None and "-" in word:
                entries = self._in_compound(run.words[i])
            hit = next((a for a in entries if self._matches(run, a, i)), None) if entries else None
            if hit is None:
                i += 1
                continue
            raw.append((hit, i, i + len(hit.words) - 1))
            i += len(hit.words)
        if not raw:
            return found
        sure = {
            key
            for alias, _, _ in raw
            if not alias.common and alias.form == NAME
            for key in alias.actors
        }
        sure |= {
            key
            for alias, i, _ in raw
            if alias.common and i and run.joined(i) and run.lower[i - 1] in _COURTESY
            for key in alias.actors
        }
        small = (
            {w for w in run.words if w.islower()}
            if any(len(a.words) == 1 for a, _, _ in raw)
            else set()
        )
        others = _other_bearers(run, raw)
        for alias, i, j in raw:
            single = len(alias.words) == 1
            if (
                single
                and alias.form == NAME
                and not self._is_name(run, alias, i, small, sure, others)
            ):
                continue
            if alias.form == NAME and not self._alone(run, i, j, single):
                continue
            if len(alias.actors) > 1:
                actor = max(
                    (a for a in alias.actors if a in last_of), key=last_of.get, default=None
                )
                if actor is None:
                    continue
            else:
                actor = alias.actors[0]
                last_of[actor] = i
            part = alias.words[0] if single and _is_compound(run, alias, i) else ""
            form = (
                POSSESSIVE if alias.form == NAME and (part or _modifies(run, i, j)) else alias.form
            )
            found.append(Named(actor, form, i, j, part))
        # a title before a name is part of one mention, also where the codebook lists it as a name
        return [
            m
            for m, after in zip(found, [*found[1:], None])
            if not (
                m.form in (TITLE, NAME)
                and after
                and after.actor == m.actor
                and after.first == m.last + 1
                and run.joined(after.first)
            )
        ]

    def _in_compound(self, word: str) -> list[_Alias] | None:
        """Names of one word in "Orban-led" and "anti-Orban"."""
        head, _, tail = word.partition("-")
        if tail[:1].islower() and head[:1].isupper():
            return [a for a in self.first.get(head.lower(), ()) if a.words == (head,)]
        if word[:1].islower():
            last = bare(word).rsplit("-", 1)[1]
            return [a for a in self.first.get(last.lower(), ()) if a.words == (last,)]
        return None

    def _matches(self, run: Running, alias: _Alias, i: int) -> bool:
        last = i + len(alias.words) - 1
        if last >= len(run):
            return False
        if last == i and _is_compound(run, alias, i):
            return True
        for k, said in enumerate(alias.words):
            word = run.words[i + k]
            if k and (
                _gap(run.gaps[i + k]) != alias.gaps[k - 1] or run.gaps[i + k].count("\n") > 1
            ):
                return False
            if word != said and not (i + k == last and bare(word) == said):
                if said.islower():
                    if bare(word).lower() != said:
                        return False
                elif not (
                    word.isupper()
                    and len(said) > 1
                    and bare(word) == said.upper()
                    and _shouted(run, i + k)
                ):
                    return False
        return True

    def _is_name(
        self,
        run: Running,
        alias: _Alias,
        i: int,
        small: set[str],
        sure: set[str],
        others: set[tuple[str, str]],
    ) -> bool:
        """Whether a single word is the actor's name there: no month, no verb at the beginning of a
        sentence, no part of somebody else's name.
        """
        word, lower = run.words[i], run.lower[i]
        before = run.lower[i - 1] if i and run.joined(i) else ""
        if (before, lower) in others:
            return False
        if not (alias.common or lower in small):
            return True
        titled = before in _COURTESY or before in _PERSONS and run.words[i - 1][:1].isupper()
        if titled:
            return True
        after = run.lower[i + 1] if i + 1 < len(run) and run.joined(i + 1) else ""
        acts = after in _ACTS or after in SPEAKING
        if lower in _CALENDAR:
            if (
                before in _DATED - _ALSO_NAMES
                or before.isdigit()
                or after[:1].isdigit()
                or (
                    run.gaps[i + 1] in (" ", ", ")
                    and i + 1 < len(run)
                    and run.lower[i + 1][:4].isdigit()
                )
            ):
                return False
            known = any(a in sure for a in alias.actors)
            does = (
                run.opens(i)
                and after[-1:] == "s"
                and not after.endswith(("ions", "ers", "ments", "ities", "ors", "ays"))
                or after.endswith("ed")
            )
            return (
                (acts or does)
                and known
                or known
                and not run.opens(i)
                and before not in _DATED
                or known
                and run.owned[i]
                and before not in _DATED
                or (
                    acts
                    and after in ("said", "says", "told", "has", "had", "did", "insisted", "was")
                )
            )
        if (
            not run.opens(i)
            and not run.headline[run.sentence[i]]
            and not run.shouted[run.sentence[i]]
        ):
            return lower not in _OPENERS or before not in ("", "and", "or")
        known = any(a in sure for a in alias.actors)
        return (
            acts
            or run.owned[i]
            or after in _MODIFIED
            or after.endswith("ed")
            and len(after) > 4
            or known
            and (
                lower not in _OPENERS
                and lower not in _MODALS
                or run.gaps[i + 1][:1] == ","
                or after.endswith("s")
                and len(after) > 3
            )
        )

    def _alone(self, run: Running, i: int, j: int, single: bool) -> bool:
        """Whether a name is no part of a longer one: a place, a tower, a relative of the same
        surname.
        """
        before, after = run.gaps[i][-1:], run.gaps[j + 1]
        if before in "-\u2010\u2011_@#&/" and before and not run.gaps[i][:-1]:
            return before in "/#@&"
        if (
            after[:1] in ("-", "&")
            and run.words[min(j + 1, len(run) - 1)][:1].isupper()
            and len(after) == 1
        ):
            return False
        headline = run.headline[run.sentence[i]] or run.shouted[run.sentence[i]]
        if j + 1 < len(run) and not run.owned[j] and "-" not in run.words[j]:
            word, lower = run.words[j + 1], run.lower[j + 1]
            if after == ", " and lower in _PROVINCES and word[:1].isupper():
                return False
            if run.joined(j + 1) and (after == " " or after == "\u00a0"):
                if lower in _THINGS and (word[:1].isupper() or headline) and lower not in _SUFFIXES:
                    return False
                if (
                    single
                    and not headline
                    and word[:1].isupper()
                    and word.isalpha()
                    and not word.isupper()
                    and not (
                        lower in _RULES
                        or lower in _MODIFIED
                        or lower in _CALENDAR
                        or lower in _SUFFIXES
                    )
                ):
                    return False
        if (
            single
            and i
            and run.joined(i)
            and run.gaps[i] in (" ", "\u00a0", ". ", ".\u00a0")
            and not headline
        ):
            word, lower = run.words[i - 1], run.lower[i - 1]
            if (
                word[:1].isupper()
                and not run.owned[i - 1]
                and not may_stand_before(run, i - 1, lower)
            ):
                return False
        return True


def is_group(about: dict) -> bool:
    """Whether an actor is a body rather than a person: as the codebook says, else by the words of
    the name.
    """
    if "kind" in about:
        return about["kind"] == "group"
    words = [fold(w).strip(".,").lower() for w in about["name"].split()]
    return bool(words) and (
        words[0] in ("the", "los", "les", "die")
        or bool(set(words) & _GROUPS)
        or words[-1] in _LEGAL_FORMS
        or words[-1] in _RULES
        or len(words) == 1
        and about["name"].isupper()
        and len(about["name"]) > 1
        or len(words) > 1
        and (words[-1] in _BODIES or words[-1].endswith("s") and words[-1][:-1] in _PERSONS)
    )


def _is_compound(run: Running, alias: _Alias, i: int) -> bool:
    return "-" in run.words[i] and run.lower[i] != alias.words[0].lower()


def _gap(gap: str) -> str:
    """What stands between two words, written one way."""
    return " ".join(gap.replace(".", " ").replace("\u2019", " ").replace("'", " ").split()) or " "


def _shouted(run: Running, i: int) -> bool:
    """Whether a word in capitals stands in a line of them, or beside another."""
    return run.shouted[run.sentence[i]] or any(
        0 <= k < len(run)
        and run.sentence[k] == run.sentence[i]
        and run.words[k].isupper()
        and len(run.words[k]) > 2
        for k in (i - 1, i + 1)
    )


def may_stand_before(run: Running, i: int, lower: str) -> bool:
    """Whether a capitalised word before a surname is no first name of somebody else."""
    return (
        run.opens(i)
        and (lower in CLOSED or lower in _JUDGING or is_adjective(lower))
        or lower in _PERSONS
        or lower in _COURTESY
        or lower in TITLE_WORDS
        or lower in CLOSED
        or lower in _CALENDAR
        or run.words[i].isupper()
        and len(lower) > 1
        or lower in _FORMER
        or lower in _JUDGING
        or lower.endswith(
            ("ian", "ese", "ish", "ican", "uelan", "erman", "inian", "ean", "aqi", "aeli", "stani")
        )
        or lower in _PEOPLES
        or "-" in lower
        or is_person(lower)
        or run.opens(i)
        and lower.endswith(("ing", "ed", "ly"))
    )


def _other_bearers(run: Running, raw: list[tuple[_Alias, int, int]]) -> set[tuple[str, str]]:
    """First names and surnames of others that share a surname with an actor, where capitals tell:
    they hold in headlines too.
    """
    found = set()
    for alias, i, _ in raw:
        if (
            len(alias.words) == 1
            and i
            and run.joined(i)
            and not run.headline[run.sentence[i]]
            and not run.shouted[run.sentence[i]]
        ):
            word = run.words[i - 1]
            if (
                word[:1].isupper()
                and not run.opens(i - 1)
                and not run.owned[i - 1]
                and not may_stand_before(run, i - 1, run.lower[i - 1])
            ):
                found.add((run.lower[i - 1], run.lower[i]))
    return found


def _modifies(run: Running, i: int, j: int) -> bool:
    """Whether a name stands before a noun of its bearer's: "Orban's", "the Orban government",
    "Orban-led".
    """
    if run.owned[j]:
        return True
    after = j + 1
    if after >= len(run) or not run.joined(after) or run.gaps[after] not in (" ", "\u00a0"):
        return False
    lower = run.lower[after]
    if lower in _MODIFIED:
        return lower not in _ALSO_VERBS or i > 0 and run.lower[i - 1] in _DEFINITE
    return bool(
        i
        and run.joined(i)
        and run.lower[i - 1] in ("the", "a", "this", "that")
        and run.words[after].islower()
        and lower not in CLOSED
        and lower not in SPEAKING
        and not lower.endswith("ed")
    )
