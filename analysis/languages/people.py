"""People: whom a word means, be it a name, a description ("the minister") or a pronoun."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import exp
from typing import TYPE_CHECKING, NamedTuple

from analysis.languages.described import Phrase, beside, personal
from analysis.languages.names import Name, find_names, fullest
from analysis.languages.tree import SUBJECTS, Spans, child, description, inside, noun_phrase
from analysis.text.lists import lines, words
from analysis.text.persons import fold, name_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

Told = tuple[str, Sequence[Sequence[str]]]  # a full name, and what its bearer is called, in words
PRONOUNS = {
    "it": "",
    **dict.fromkeys(("he", "him", "his", "himself"), "m"),
    **dict.fromkeys(("she", "her", "hers", "herself"), "f"),
}
_INNER = frozenset("attr oprd ccomp compound amod nmod".split())
_SMALL = frozenset(("ADP", "DET", "CCONJ", "PUNCT", "PRON", "PART", "SPACE"))
FIRST_BODY = 100_000  # from which number on a name is a body's
RELATED = 500_000  # likewise of somebody who shares a surname with an actor
ACTORS = 1_000_000  # from which number on a person is one of the codebook
NAMELESS = 2_000_000  # from which number on a person has no name in the article
FAR = 3  # sentences back to which a pronoun may lead, and which are near
# a pronoun or a description leads to one of the last so many mentions
NEAR_PERSONS = 60
# what speaks for somebody whom a pronoun may mean, beside nearness: a subject, less one of an
# embedded clause, and in each sentence further back; a title or given name that tells the sex.
# Against: a mention in a quotation. Chosen on 70 pronouns of PolNeAR (train), read by hand
SUBJECT, EMBEDDED, FADING, ELSE_QUOTED, KNOWN_SEX = 0.6, 0.7, 0.6, 0.4, 0.1
LEADS_BACK = -0.6  # score of a description that leads back to somebody
# a score as the chance of being right (fitted by benchmarks/newswcl50.py --calibrate)
CALIBRATION = 0.76, 0.57
# how much speaks for somebody whom a description may mean (chosen on NewsWCL50). For: the text
# calls them by this noun, as often as anybody; an adjective, a body or a country of the description
# is known of them; they are near, the only one near whom it fits, often named. Against: most are
# not meant; only others are called by it; it has a body or a country, and none is known of them
_CALLED_SO, _SHARED, _NEAR, _ALONE, _OFTEN = 2.1, 1.0, 0.7, 0.6, 1.3
_UNLIKELY, _OTHERS, _CLASH = -2.6, -1.7, -0.5


@dataclass(frozen=True)
class Person:
    """Whom a word means.

    Attributes
    ----------
    name : str
        The fullest that the article gives; without one, the description ("a banker").
    body : bool
        A company, an office, a party.
    named : bool
        Whether the article names them.
    confidence : float
        How sure it is that this one is meant, 0 to 1.
    number : int
        The same for the same person in one article.
    """

    name: str
    body: bool
    named: bool
    confidence: float
    number: int


@dataclass(frozen=True)
class _Called:
    """A description: its noun, the other words of weight, the countries among them."""

    head: str
    words: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@dataclass
class _Known:
    """Somebody of the article and what they are called."""

    body: bool
    name: str
    sex: str = ""
    called: list[_Called] = field(default_factory=list)
    mentions: int = 0

    @property
    def places(self) -> set[str]:
        return {place for called in self.called for place in called.places}


class _Seen(NamedTuple):
    """A mention: its word, who is meant, a subject's weight."""

    word: int
    number: int
    subject: float


class People:
    """Who is meant by the names, descriptions and pronouns of one article.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        The article as `Parse.doc` gives it.
    quotes : list of (start, end)
        Its quotations, in characters.
    names : list of Name, optional
        Those of the article; found here if not given.
    who : mapping of int to (str, lists of words)
        Full names of persons and what they are called, where they are known, by their number.
    """

    def __init__(
        self, doc: Doc, quotes: Spans, names: list[Name] | None = None, who: Mapping[int, Told] = {}
    ):
        self.doc = doc
        names = find_names(doc) if names is None else names
        bodies = {n.text: FIRST_BODY + n.start for n in names if n.kind == "body"}
        numbers = [n.person if n.person >= 0 else bodies.get(n.text, -1) for n in names]
        # of persons and bodies
        self.names = [replace(name, person=n) for name, n in zip(names, numbers) if n >= 0]
        # of the words of names: "person" or "body"
        self.kinds = {i: name.kind for name in self.names for i in range(name.start, name.end)}
        self.said: list[list[Phrase]] = []  # of each name, beside it
        self._people: dict[int, _Known] = {}
        self._of: dict[int, tuple[int, float]] = {}  # word → person, confidence
        self._all: list[_Seen] = []
        self._speakers: dict[int, set[int]] = {}  # by sentence, outside quotations
        self._meant: list[Token] = []  # descriptions away from names, and pronouns
        self._sexes = name_lists(doc.lang_).sex
        # the number of each word's
        self.sentence = [n for n, sentence in enumerate(doc.sents) for _ in sentence]
        self.quote = inside(doc, quotes)
        self._learn(who)
        self._read()

    def of(self, token: Token) -> Person | None:
        """Whom the head of a noun phrase or a pronoun means.

        Parameters
        ----------
        token : spacy.tokens.Token

        Returns
        -------
        Person or None
            None if nobody in particular.
        """
        for t in (token, *(c for c in token.children if c.dep_ == "appos")):
            if t.i in self._of:
                number, confidence = self._of[t.i]
                known = self._people[number]
                return Person(known.name, known.body, number < NAMELESS, confidence, number)
        return None

    def meant(self) -> Iterator[tuple[Token, Person]]:
        """Descriptions away from names and pronouns, by their heads, and whom they mean."""
        yield from ((token, self.of(token)) for token in self._meant)

    # what the article calls whom

    def _learn(self, who: Mapping[int, Told]) -> None:
        full = fullest(self.names)
        for name in self.names:
            if name.person not in self._people:
                own, its = who.get(name.person) or (full.get(name.person) or name.text, ())
                body, given = name.kind != "person", fold(own.partition(" ")[0])
                sex = self._sexes.get(given, "") if " " in own and not body else ""
                called = [_Called(words[-1], frozenset(words[:-1])) for words in its]
                self._people[name.person] = _Known(body, own, sex, called)
            known, inside = self._people[name.person], self.doc[name.start : name.end]
            known.mentions += 1
            known.sex = name.sex or known.sex
            if known.body:  # "the agency" after "the Central Intelligence Agency"
                nouns = self._in("bodies").intersection(map(_noun, inside))
                known.called += map(_Called, sorted(nouns))
            self.said.append(beside(self.doc, name.start, name.end, known.body))
            for phrase in self.said[-1]:
                if phrase.head is not None:
                    called = self._call(self.doc[phrase.head], phrase.first, phrase.last)
                    known.called.append(called)
                    known.sex = known.sex or self._sexes.get(called.head, "")

    def _call(self, head: Token, first: int, last: int) -> _Called:
        inside = [*self.doc[first : last + 1]]
        inside += [t for c in head.children if c.norm_ in ("of", "for") for t in c.subtree][:12]
        said = (t for t in inside if t.pos_ not in _SMALL and t != head)
        found = frozenset(t.lower_.replace(".", "") for t in said)
        return _Called(_noun(head), found, _places(inside))

    # from the first word to the last

    def _read(self) -> None:
        taken = {*self.kinds}
        for name, said in zip(self.names, self.said):
            self._of.update(dict.fromkeys(range(name.start, name.end), (name.person, 1.0)))
            if 0 <= name.title < name.start:  # "Minister for Health Ola Brandt"
                taken.add(name.title)
                self._of.setdefault(name.title, (name.person, 1.0))
            self._see(self.doc[name.start : name.end].root, name.person)
            for phrase in said:
                if phrase.construction == "title":
                    taken.update(range(phrase.first, phrase.last + 1))
                if phrase.construction in ("title", "appositive"):
                    self._of.setdefault(phrase.head, (name.person, 0.95))
                taken.add(phrase.head)
        for token in (t for t in self.doc if t.i not in taken and t.dep_):
            found = None
            if token.norm_ in PRONOUNS and token.pos_ == "PRON":
                found = self._pronoun(token)
            elif self.is_bare(token):
                found = self._described(token)
            elif personal(token) and _new(token):
                called = [self._call(token, token.i, token.i)]
                sex, found = self._sexes.get(token.lower_, ""), (NAMELESS + token.i, 0.9)
                self._people[found[0]] = _Known(False, description(token).text, sex, called)
            if found is not None:
                self._of[token.i] = found
                self._meant.append(token)
                self._see(token, found[0])

    def _see(self, token: Token, number: int) -> None:
        """Keep that somebody is mentioned, and speaks if it is as who says something."""
        above = token.head if token.dep_ in ("appos", "conj") else token
        subject = above.dep_ in SUBJECTS
        weight = subject * (1 if self._whole(token).head.dep_ == "ROOT" else EMBEDDED)
        insort(self._all, _Seen(token.i, number, weight))
        if subject and not self.quote[token.i] and above.head.lemma_.lower() in self._in("speech"):
            self._speakers.setdefault(self.sentence[token.i], set()).add(number)

    def _away(self, token: Token, seen: _Seen) -> int:
        """How many sentences a mention is away."""
        return self.sentence[token.i] - self.sentence[seen.word]

    def _recent(self, token: Token) -> dict[int, list[_Seen]]:
        """The mentions of each person before a word, the nearest first."""
        found: dict[int, list[_Seen]] = {}
        at = bisect_left(self._all, (token.i,))
        for seen in reversed(self._all[max(0, at - NEAR_PERSONS) : at]):
            found.setdefault(seen.number, []).append(seen)
        return found

    def _pronoun(self, token: Token) -> tuple[int, float] | None:
        """The person of the right sex who is near, best a subject; where "it" speaks, the body."""
        sex, quoted, body = PRONOUNS[token.norm_], self.quote[token.i], token.norm_ == "it"
        speaks = token.dep_ in SUBJECTS and token.head.lemma_.lower() in self._in("speech")
        if body and not speaks:
            return None
        # nobody says "he" of himself
        speakers = self._speakers.get(self.sentence[token.i], ()) if quoted else ()
        scores = {
            number: max(self._salience(token, seen) for seen in its) + KNOWN_SEX * (own == sex)
            for number, its in self._recent(token).items()
            if (own := self._people[number].sex) in ("", sex) and number not in speakers
            if self._people[number].body == body and not self._beside(token, its[0])
            if self._away(token, its[0]) <= (1 if body else FAR)
        }
        if not scores:
            return None
        best, *others = sorted(scores, key=scores.__getitem__, reverse=True)
        margin = scores[best] - (scores[others[0]] if others else 0)
        return best, max(0.2, min(0.9, 0.45 + 0.5 * margin))

    def _salience(self, token: Token, seen: _Seen) -> float:
        """How much a mention speaks for being meant by a pronoun."""
        away, quote = self._away(token, seen), self.quote[seen.word]
        score = 1 / (1 + away) + SUBJECT * FADING**away * seen.subject
        return score - ELSE_QUOTED * (quote not in (0, self.quote[token.i]))

    def _beside(self, token: Token, seen: _Seen) -> bool:
        """Whether a mention takes part in what a word takes part in, so that it is another."""
        if token.dep_ == "poss" or token.lower_.endswith("self"):
            return False
        if token.dep_ in SUBJECTS and not self._away(token, seen):
            if self.quote[seen.word] and not self.quote[token.i]:
                return True  # "“Orr is a liar,” the minister said."
        other = self._whole(self.doc[seen.word])
        if token.dep_ == "conj":
            return other.is_ancestor(token)
        verb = token.head.head if token.dep_ == "pobj" else token.head
        return token.dep_ not in SUBJECTS and other.head == verb and other.dep_ in SUBJECTS

    def _whole(self, token: Token) -> Token:
        """The head of the noun phrase that a word stands in."""
        while token.dep_ in ("compound", "nmod", "amod", "poss", "flat") and token.head != token:
            token = token.head
        return token

    def is_bare(self, token: Token) -> bool:
        """Whether a noun describes somebody without a name: definite, or without an article.

        Parameters
        ----------
        token : spacy.tokens.Token

        Returns
        -------
        bool
        """
        head = token.lower_
        # titles that mostly mean something else where they stand alone are none
        never = head in self._in("no_persons") or head in self._in("titles_only")
        if never or token.pos_ == "ADJ" or token.dep_ in _INNER:
            return False
        article, owner = child(token, "det"), child(token, "poss")
        body = head in self._in("bodies") and token.pos_ in ("NOUN", "PROPN")
        if not (personal(token) or body):
            return False
        if owner is not None or article is not None:
            return owner is not None or article.lower_ in self._in("definite")
        before = self.doc[token.i - 1].lower_.strip(".") if token.i else ""
        office = token.dep_ == "pobj" and token.head.norm_ in ("as", "for")  # running for president
        if office or before in self._in("courtesy") or head in self._in("generic"):
            return False
        return any(c.i < token.i for c in token.children)

    def _described(self, token: Token) -> tuple[int, float] | None:
        """Whom a description means: the likeliest of those whom it fits."""
        phrase, known = noun_phrase(token), self._people
        asked = self._call(token, min(t.i for t in phrase), max(t.i for t in phrase))
        last = {n: seen[0] for n, seen in self._recent(token).items()}
        numbers = last.keys() - {self._of[t.i][0] for t in token.subtree if t.i in self._of}
        called = {n: sum(c.head == asked.head for c in known[n].called) for n in numbers}
        fits = [n for n in sorted(numbers) if self._fits(token, asked, n, last[n], called[n])]
        away = {n: self._away(token, last[n]) for n in fits}
        close = [n for n in fits if away[n] <= FAR]
        top = max((called[n] for n in fits), default=0)
        most = max((known[n].mentions for n in fits), default=0)
        proper = {t for t in phrase if t.pos_ == "PROPN" and t != token} or asked.places
        scores = {}
        for n in fits:
            theirs = {w for c in known[n].called for w in c.words}
            shared = bool(theirs & asked.words or asked.places & known[n].places)
            scores[n] = _UNLIKELY + _NEAR / (1 + away[n]) + _ALONE * (close == [n])
            scores[n] += _CALLED_SO * called[n] / max(top, 1) + _OTHERS * (called[n] == 0 < top)
            scores[n] += _OFTEN * known[n].mentions / max(most, 1)
            scores[n] += _SHARED if shared else _CLASH * bool(proper)
        best = max(scores, key=scores.__getitem__, default=None)
        if best is None or scores[best] < LEADS_BACK:
            return None
        return best, 1 / (1 + exp(-CALIBRATION[0] - CALIBRATION[1] * scores[best]))

    def _fits(self, token: Token, asked: _Called, n: int, seen: _Seen, called: int) -> bool:
        """Whether somebody may be meant: no other sex or country, nobody beside it."""
        known, sex = self._people[n], self._sexes.get(asked.head, "")
        body = asked.head in self._in("bodies") and not personal(token)
        if known.body != body or {known.sex, sex} == {"m", "f"}:
            return False
        there, owner = asked.places & known.places, child(token, "poss")
        if asked.places and not there and (known.places or not called):
            return False
        if owner is not None and owner.pos_ == "PRON" and not called:
            if body or asked.head in self._in("generic") and not there:
                return False  # "her office", "his lawyer", but "his French counterpart"
        return not self._beside(token, seen)

    def _in(self, name: str) -> frozenset[str]:
        return words(self.doc.lang_, name)


def _new(token: Token) -> bool:
    """Whether a noun brings somebody in: "a banker said"."""
    article = child(token, "det")
    fits = token.dep_ in SUBJECTS or token.dep_ in ("dobj", "pobj", "agent")
    return fits and article is not None and article.norm_ in ("a", "an", "one", "another")


@cache
def _full_forms(language: str) -> dict[str, str]:
    return dict(line.split() for line in lines(language, "full_forms"))


def _noun(token: Token) -> str:
    """A noun in full: "the senator" after "Sen. Orr", "the company" after "Orr Inc."."""
    noun = token.lower_.rstrip(".")
    return _full_forms(token.lang_).get(noun, noun)


@cache
def _countries() -> dict[str, str]:
    rows = [line.split(",") for line in lines("english", "countries")]
    return {word.strip(): row[0] for row in rows for word in row}


def _places(tokens) -> frozenset[str]:
    """Countries named or meant by words, such as "French" and "of France"."""
    lower = [t.lower_.rstrip(".") for t in tokens]
    pairs = _countries().keys() & set(map(" ".join, zip(lower, lower[1:])))
    return frozenset(map(_countries().get, pairs or _countries().keys() & set(lower)))
