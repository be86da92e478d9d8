"""People: whom a word means, be it a name, a description ("the minister") or a pronoun."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from math import exp
from typing import TYPE_CHECKING

from analysis.languages.described import Phrase, beside, personal
from analysis.languages.names import Name, find_names, fullest
from analysis.languages.tree import SUBJECTS, child, description, inside, noun_phrase
from analysis.text.lists import lines, words
from analysis.text.persons import fold, name_lists

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

SEXES = {
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
# a pronoun or a description leads to one of the last so many mentions; a description also to one of
# those who are named most, or who are called so near it
NEAR_PERSONS, OFTEN_NAMED = 60, 20
# what speaks for somebody whom a pronoun may mean, beside nearness: a subject, less one of an
# embedded clause, and in each sentence further back; a title or given name that tells the sex.
# Against: a mention in a quotation. Chosen on 70 pronouns of PolNeAR (train), read by hand
SUBJECT, EMBEDDED, FADING, ELSE_QUOTED, KNOWN_SEX = 0.6, 0.7, 0.6, 0.4, 0.1
LEADS_BACK = -0.6  # score of a description that leads back to somebody
# a score as the chance of being right (fitted by benchmarks/newswcl50.py --calibrate)
CALIBRATION = 0.76, 0.57
# how much speaks for somebody whom a description may mean (chosen on NewsWCL50)
WEIGHTS = {
    "bias": -2.6,
    # the text calls them by this noun, as often as anybody; half, if by one that may mean the same
    "called": 2.1,
    "others": -1.7,  # only others are called by it
    "shared": 1.0,  # an adjective, a body or a country of the description is known of them
    "clash": -0.5,  # it has a body or a country, and none is known of them
    "near": 0.7,
    "alone": 0.6,  # the only one near whom it fits
    "topic": 0.5,  # the subject of the sentence before, as the description is one
    "often": 1.3,  # how often they are named
}


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


@dataclass(frozen=True, order=True)
class _Seen:
    """A mention: first word, sentence, who, a subject's weight, the quotation it stands in."""

    word: int
    sentence: int
    number: int
    subject: float
    quote: int


class People:
    """Who is meant by the names, descriptions and pronouns of one article.

    Parameters
    ----------
    doc : spacy.tokens.Doc
        The article as `Parse.doc` gives it.
    quotes : list of (start, end)
        Its quotations, in characters.
    names : sequence of Name, optional
        Those of the article; found here if not given.
    called : mapping of int to lists of words, optional
        What persons are known to be called, by their number.
    full : mapping of int to str, optional
        Their full names, where they are known.
    """

    def __init__(
        self,
        doc: Doc,
        quotes: Sequence[tuple[int, int]],
        names: Sequence[Name] | None = None,
        called: Mapping[int, Sequence[Sequence[str]]] | None = None,
        full: Mapping[int, str] | None = None,
    ):
        self.doc = doc
        names = _numbered(find_names(doc) if names is None else names)
        self.names = [n for n in names if n.person >= 0]
        self.said: list[list[Phrase]] = []  # of each name, beside it
        self._people: dict[int, _Known] = {}
        self._of: dict[int, tuple[int, float]] = {}  # word → person, confidence
        self._seen: dict[int, list[_Seen]] = {}  # by person
        self._all: list[_Seen] = []
        self._speakers: dict[int, set[int]] = {}  # by sentence, outside quotations
        self._at_names: set[int] = set()  # titles and appositives
        starts = [sentence.start for sentence in doc.sents]
        self._sentence = [bisect_right(starts, i) - 1 for i in range(len(doc))]
        self.quote = inside(doc, quotes)
        self._learn(called or {}, full or {})
        known = [k for k in self._people.values() if not k.body]
        self._nouns = {c.head for k in known for c in k.called}  # also some that no list has
        self._by_head: dict[str, list[int]] = {}  # whom the text calls so, in order
        for number, one in self._people.items():
            for head in {called.head for called in one.called}:
                self._by_head.setdefault(head, []).append(number)
        most = Counter({n: one.mentions for n, one in self._people.items()}).most_common(
            OFTEN_NAMED
        )
        self._often = {n for n, _ in most}
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
        owner = child(token, "poss")
        its = owner is not None and self.doc.lang_ == "en" and token.lower_ in self._in("bodies")
        whose = self.of(owner) if its else None
        if whose is None or whose.body or not whose.named:
            return None
        name = f"{whose.name}’s {token.text}"  # "her office"
        return Person(name, True, True, whose.confidence, NAMELESS + token.i)

    @property
    def kinds(self) -> dict[int, str]:
        """Words of names: "person" or "body"."""
        return {i: name.kind for name in self.names for i in range(name.start, name.end)}

    def meant(self) -> Iterator[tuple[Token, Person]]:
        """Descriptions away from names and pronouns, by their heads, and whom they mean."""
        names = {i for name in self.names for i in range(name.start, name.end)}
        for i in sorted(self._of.keys() - names - self._at_names):
            person = self.of(self.doc[i])
            if person is not None:
                yield self.doc[i], person

    # what the article calls whom

    def _learn(self, told: Mapping[int, Sequence[Sequence[str]]], names: Mapping[int, str]) -> None:
        full, sexes = {**fullest(self.names), **names}, name_lists(self.doc.lang_).sex
        for name in self.names:
            if name.person not in self._people:
                own, body = full.get(name.person) or name.text, name.kind != "person"
                sex = "" if body or " " not in own else sexes.get(fold(own.split()[0]), "")
                called = [
                    _Called(its[-1], frozenset(its[:-1])) for its in told.get(name.person, ())
                ]
                self._people[name.person] = _Known(body, own, sex, called)
            known = self._people[name.person]
            known.mentions += 1
            before = {t.lower_.strip(".") for t in self.doc[max(0, name.start - 2) : name.end]}
            known.sex = self._sex(before & self._in("courtesy")) or known.sex
            if known.body:  # "the agency" after "the Central Intelligence Agency"
                inside = self.doc[name.start : name.end]
                known.called += [
                    _Called(t.lower_) for t in inside if t.lower_ in self._in("bodies")
                ]
            self.said.append(beside(self.doc, name.start, name.end, known.body))
            for phrase in self.said[-1]:
                if phrase.head is not None:
                    called = self._call(self.doc[phrase.head], phrase.first, phrase.last)
                    known.called.append(called)
                    known.sex = known.sex or self._sex({called.head})

    def _call(self, head: Token, first: int, last: int) -> _Called:
        inside = [*self.doc[first : last + 1]]
        inside += [t for c in head.children if c.norm_ in ("of", "for") for t in c.subtree][:12]
        found = frozenset(
            t.lower_.replace(".", "") for t in inside if t.pos_ not in _SMALL and t != head
        )
        return _Called(head.lower_.rstrip("."), found, _places(inside))

    # from the first word to the last

    def _read(self) -> None:
        taken: set[int] = set()
        for name, said in zip(self.names, self.said):
            taken.update(range(name.start, name.end))
            root = self.doc[name.start : name.end].root
            self._of.update(dict.fromkeys(range(name.start, name.end), (name.person, 1.0)))
            if 0 <= name.title < name.start:  # "Minister for Health Ola Brandt"
                taken.add(name.title)
                self._at_names.add(name.title)
                self._of.setdefault(name.title, (name.person, 1.0))
            above = root.head if root.dep_ in ("appos", "conj") else root
            # in a sentence that is not parsed, who stands first is mostly the subject
            opens = not above.dep_ and bool(self.doc[name.start].is_sent_start)
            self._see(name.start, name.person, opens or above.dep_ in SUBJECTS)
            self._speaks(root)
            for phrase in said:
                if phrase.construction == "title":
                    taken.update(range(phrase.first, phrase.last + 1))
                if phrase.head is not None:
                    taken.add(phrase.head)
                    if phrase.construction in ("title", "appositive"):
                        self._of.setdefault(phrase.head, (name.person, 0.95))
                        self._at_names.add(phrase.head)
        # who is spoken of within a quotation is known when its speaker is
        waiting = [t for t in self.doc if t.i not in taken and t.dep_]
        for token in sorted(waiting, key=lambda t: bool(self.quote[t.i])):
            if token.norm_ in SEXES and token.pos_ == "PRON":
                found = self._pronoun(token)
            elif token.norm_ == "it" and token.dep_ in SUBJECTS:
                found = self._it(token)
            elif self.is_bare(token):
                found = self._described(token)
            elif personal(token) and self._new(token):
                number = NAMELESS + token.i
                words = description(token).text
                self._people[number] = _Known(False, words, self._sex({token.lower_}))
                self._people[number].called.append(self._call(token, token.i, token.i))
                found = number, 0.9
            else:
                continue
            if found is not None:
                self._of[token.i] = found
                self._see(token.i, found[0], token.dep_ in SUBJECTS)
                self._speaks(token)

    def _speaks(self, token: Token) -> None:
        """Keep who says something in a sentence, outside its quotations."""
        if not self.quote[token.i] and token.dep_ in SUBJECTS:
            if token.head.lemma_.lower() in self._in("speech"):
                speakers = self._speakers.setdefault(self._sentence[token.i], set())
                speakers.add(self._of[token.i][0])

    def _see(self, word: int, number: int, subject: bool) -> None:
        above = self.doc[word]
        while above.dep_ in ("compound", "nmod", "amod", "poss"):
            above = above.head
        weight = subject * (1 if above.head.dep_ == "ROOT" else EMBEDDED)
        quote = self.quote[word]
        seen = _Seen(word, self._sentence[word], number, weight, quote)
        insort(self._seen.setdefault(number, []), seen)
        insort(self._all, seen)

    def _last(self, token: Token, number: int) -> _Seen | None:
        """The last mention of a person before a word."""
        its = self._seen.get(number, [])
        at = bisect_left(its, token.i, key=lambda seen: seen.word)
        return its[at - 1] if at else None

    def _recent(self, token: Token, far: int) -> dict[int, list[_Seen]]:
        """The mentions of each person in the sentences before a word, the nearest first."""
        found: dict[int, list[_Seen]] = {}
        at = bisect_left(self._all, token.i, key=lambda seen: seen.word)
        for seen in reversed(self._all[max(0, at - NEAR_PERSONS) : at]):
            if self._sentence[token.i] - seen.sentence > far:
                break
            found.setdefault(seen.number, []).append(seen)
        return found

    def _pronoun(self, token: Token) -> tuple[int, float] | None:
        """The person of the right sex who is near, best a subject."""
        sex, scores = SEXES[token.norm_], {}
        quoted = self.quote[token.i]  # nobody says "he" of himself
        speakers = self._speakers.get(self._sentence[token.i], ()) if quoted else ()
        for number, its in self._recent(token, FAR).items():
            known = self._people[number]
            if (
                known.body
                or number in speakers
                or known.sex not in ("", sex)
                or self._beside(token, its[0])
            ):
                continue
            scores[number] = max(self._salience(token, seen) for seen in its)
            scores[number] += KNOWN_SEX * (known.sex == sex)
        best = max(scores, key=scores.__getitem__, default=None)
        if best is None:
            return None
        others = [score for number, score in scores.items() if number != best]
        margin = scores[best] - max(others, default=0)
        return best, max(0.2, min(0.9, 0.45 + 0.5 * margin))

    def _salience(self, token: Token, seen: _Seen) -> float:
        """How much a mention speaks for being meant by a pronoun."""
        distance = self._sentence[token.i] - seen.sentence
        score = 1 / (1 + distance) + SUBJECT * FADING**distance * seen.subject
        return score - ELSE_QUOTED * (seen.quote not in (0, self.quote[token.i]))

    def _it(self, token: Token) -> tuple[int, float] | None:
        """The body that "it" means where it says something: the last that was a subject."""
        if token.head.lemma_.lower() not in self._in("speech"):
            return None
        for number, its in self._recent(token, 1).items():
            if self._people[number].body and any(seen.subject for seen in its):
                return number, 0.7
        return None

    def _beside(self, token: Token, seen: _Seen) -> bool:
        """Whether a mention takes part in what a word takes part in, so that it is another."""
        if token.dep_ == "poss" or token.lower_.endswith("self"):
            return False
        if token.dep_ in SUBJECTS and seen.sentence == self._sentence[token.i]:
            if seen.quote and not self.quote[token.i]:
                return True  # "“Orr is a liar,” the minister said."
        other = self.doc[seen.word]
        while other.dep_ in ("compound", "nmod", "amod", "flat") and other.head.i > other.i:
            other = other.head
        verb = token.head.head if token.dep_ == "pobj" else token.head
        if token.dep_ == "conj":
            first = token
            while first.dep_ == "conj":
                first = first.head
                if first == other:
                    return True
            return False
        return token.dep_ not in SUBJECTS and other.head == verb and other.dep_ in SUBJECTS

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
        there = token.dep_ == "attr" and child(token.head, "expl") is not None
        # "the head of the authority", "the harbour head"
        of = head == "head" and child(token, "prep", "compound") is not None
        if token.pos_ == "ADJ" or token.dep_ in _INNER and not there:
            return False
        # titles that mostly mean something else where they stand alone are none
        never = head in self._in("no_persons") or head in self._in("titles_only")
        if never and not of:
            return False
        said = head in self._nouns and token.tag_ == "NN" and child(token, "det") is not None
        body = head in self._in("bodies") and token.pos_ in ("NOUN", "PROPN")
        if not (personal(token) or body or said):
            return False
        article, owner = child(token, "det"), child(token, "poss")
        if owner is not None:
            return True
        if article is not None:
            return article.lower_ in self._in("definite")
        before = self.doc[token.i - 1].lower_.strip(".") if token.i else ""
        if before in self._in("courtesy"):
            return False
        if (
            head in self._in("generic")
            or token.dep_ == "pobj"
            and token.head.norm_ in ("as", "for")
        ):
            return False  # running for president
        return any(c.i < token.i for c in token.children)

    def _new(self, token: Token) -> bool:
        """Whether a noun brings somebody in: "a banker said"."""
        article = child(token, "det")
        fits = token.dep_ in SUBJECTS or token.dep_ in ("dobj", "pobj", "agent")
        return fits and article is not None and article.norm_ in ("a", "an", "one", "another")

    def _described(self, token: Token) -> tuple[int, float] | None:
        """Whom a description means: the likeliest of those whom it fits."""
        scores = {
            number: sum(WEIGHTS[name] * value for name, value in seen.items())
            for number, seen in self.fitting(token)
        }
        best = max(scores, key=scores.__getitem__, default=None)
        if best is None or scores[best] < LEADS_BACK:
            return None
        return best, 1 / (1 + exp(-CALIBRATION[0] - CALIBRATION[1] * scores[best]))

    def fitting(self, token: Token) -> Iterator[tuple[int, dict[str, float]]]:
        """Persons whom a description fits, and what speaks for each.

        Parameters
        ----------
        token : spacy.tokens.Token
            Head of the description.

        Yields
        ------
        (int, dict of str to float)
            Number and features (see `WEIGHTS`).
        """
        phrase = noun_phrase(token)
        asked = self._call(token, min(t.i for t in phrase), max(t.i for t in phrase))
        sentence = self._sentence[token.i]
        mates = _mates(self.doc.lang_, asked.head)
        asked_of = self._recent(token, len(self.doc)).keys() | self._often
        for head in (asked.head, *mates):
            its = self._by_head.get(head, [])
            at = bisect_left(its, token.i, key=lambda n: self._seen[n][0].word)
            asked_of |= set(its[max(0, at - OFTEN_NAMED) : at + OFTEN_NAMED])
        near = {n: seen for n in asked_of if (seen := self._last(token, n)) is not None}
        inside = {self._of[t.i][0] for t in token.subtree if t.i in self._of}
        sex = self._sex({asked.head})
        fits = {
            n: known
            for n, known in ((n, self._people[n]) for n in sorted(asked_of, key=self._rank))
            if n not in inside
            and known.sex in ("", sex or known.sex)
            and self._fits(token, asked, n, near.get(n))
        }
        exact, alike = (
            {n: sum(c.head in heads for c in known.called) for n, known in fits.items()}
            for heads in ({asked.head}, mates)
        )
        known_so = any(exact.values())
        said = exact if known_so else alike
        top = max(said.values(), default=0) or 1
        close = [n for n in fits if n in near and sentence - near[n].sentence <= FAR]
        most = max((k.mentions for k in fits.values()), default=0)
        proper = {t.lower_.replace(".", "") for t in phrase if t.pos_ == "PROPN" and t != token}
        for number, known in fits.items():
            theirs = {w for c in known.called for w in c.words}
            shared = bool(theirs & asked.words or asked.places & known.places)
            seen = near.get(number)
            distance = sentence - seen.sentence if seen else 99
            topic = seen is not None and seen.subject and distance == 1 and not any(said.values())
            yield (
                number,
                {
                    "bias": 1.0,
                    "called": said[number] / top * (1 if known_so else 0.5),
                    "others": float(known_so and not exact[number]),
                    "shared": float(shared),
                    "clash": float(bool(proper or asked.places) and not shared),
                    "near": 1 / (1 + distance),
                    "alone": float(close == [number]),
                    "topic": float(bool(topic) and token.dep_ in SUBJECTS),
                    "often": known.mentions / max(most, 1),
                },
            )

    def _rank(self, number: int) -> tuple[int, int]:
        return self._seen[number][0].word if number in self._seen else 0, number

    def _fits(self, token: Token, asked: _Called, number: int, seen: _Seen | None) -> bool:
        """Whether somebody may be meant: no other country, nobody beside it."""
        known = self._people[number]
        body = asked.head in self._in("bodies") and not personal(token)
        if known.body != body:
            return False
        called = any(c.head == asked.head for c in known.called)
        if asked.places and not asked.places & known.places and (known.places or not called):
            return False
        owner = child(token, "poss")
        if owner is not None and owner.pos_ == "PRON" and not called:
            known_there = asked.places & known.places  # "his French counterpart"
            if body or asked.head in self._in("generic") and not known_there:
                return False  # "her office", "his lawyer"
        if seen is None:
            return number < NAMELESS and asked.head not in self._in("generic")
        return not self._beside(token, seen)

    def _in(self, name: str) -> frozenset[str]:
        return words(self.doc.lang_, name)

    def _sex(self, found: set[str]) -> str:
        return "m" if found & self._in("men") else "f" if found & self._in("women") else ""


def _numbered(names: Sequence[Name]) -> list[Name]:
    """Names of persons and bodies; a body has a number, too, one for each form."""
    bodies = {text: i for i, text in enumerate(sorted({n.text for n in names if n.kind == "body"}))}
    return [
        replace(n, person=FIRST_BODY + bodies[n.text]) if n.kind == "body" and n.person < 0 else n
        for n in names
    ]


@cache
def _mates(language: str, head: str) -> set[str]:
    """Nouns that may mean the same person: "boss" and "chief executive"."""
    classes = [set(line.split()) for line in lines(language, "classes")]
    return {mate for c in classes if head in c for mate in c} - {head}


@cache
def _countries() -> dict[str, str]:
    return {
        word.strip(): line.partition(",")[0]
        for line in lines("english", "countries")
        for word in line.split(",")
    }


def _places(tokens) -> frozenset[str]:
    """Countries named or meant by words, such as "French" and "of France"."""
    lower = [t.lower_.rstrip(".") for t in tokens]
    pairs = [" ".join(pair) for pair in zip(lower, lower[1:])]
    found = [_countries()[pair] for pair in pairs if pair in _countries()]
    if found:
        return frozenset(found)
    return frozenset(_countries()[word] for word in lower if word in _countries())
