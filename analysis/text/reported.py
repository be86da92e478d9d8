"""Reported statements: what somebody is said to have said without quotation marks (English)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from analysis.text import english as en
from analysis.text import reporting as rp
from analysis.text.clauses import LONGEST, REACH, SUBJECT, Clauses
from analysis.text.people import Attribution, People
from analysis.text.quotes import Quote
from analysis.text.tokens import Tokens
from analysis.text.verbs import verbs

LONGEST_DESCRIPTION = 6
LEAST = 2  # words outside quotation marks, for a statement to be more than its quotation


@dataclass(frozen=True, order=True)
class Reported:
    """A reported statement and to whom it is put down.

    Attributes
    ----------
    start, end : int
        Characters of what is reported, without the verb and its "that".
    first, last : int
        The same in tokens, the last exclusive.
    attribution : Attribution
        As of a quotation; `scare` is always False.
    """

    start: int
    end: int
    first: int
    last: int
    attribution: Attribution


def find_reported(
    text: str,
    tokens: Tokens,
    sentences: list[tuple[int, int, int]],
    quotes: list[Quote],
    said: list[Attribution],
    people: People | None = None,
) -> list[Reported]:
    """Find reported statements with their speakers.

    A statement is reported by a verb of speech ("Orr said the bridge was safe", "Orr denied that
    ...", "Orr accused the firm of ..."), by a clause behind or within it ("..., the minister said",
    "..., says Orr") or by "according to". Verbs that are negated, conditional or put to the future
    report nothing, nor does the writer's own "I".

    Parameters
    ----------
    text : str
    tokens : Tokens
        Of the text.
    sentences : list of (start, end, paragraph)
    quotes : list of Quote
    said : list of Attribution
        One for each quotation.
    people : People, optional
        Of the text, if somebody has them already.

    Returns
    -------
    list of Reported
        In order, not overlapping. A direct quotation may stand within one.
    """
    known = verbs()
    places = [i for i, word in enumerate(tokens.words) if word in known and word not in rp.NOUNS]
    if not places:
        return []
    return _Reader(text, tokens, sentences, quotes, said, people).read(places)


def speaks(words: list[str]) -> bool:
    """Whether any word, in normal form, is a form of a verb of speech."""
    return not verbs().keys().isdisjoint(words)


class _Reader(Clauses):
    """One text, read verb by verb."""

    def __init__(self, text, tokens, sentences, quotes, said, people):
        super().__init__(text, tokens, quotes, said)
        self.people, self.quotes = people, quotes
        self.starts = [s for s, _, _ in sentences]
        self.stops = [e for _, e, _ in sentences]
        self.sentence = 0
        self.found: list[Reported] = []
        self.heard: list[Attribution] = []  # direct and reported, in the order of the text
        self.n_heard = 0
        self.last: tuple[int, str, int] | None = (
            None  # sentence, subject and place of the last verb of speech that had a subject
        )

    def read(self, places: list[int]) -> list[Reported]:
        for i in places:
            here = self.begin[i]
            if self.quoted(here) or self.found and i < self.found[-1].last:
                continue
            self.sentence = max(bisect_right(self.starts, here) - 1, 0)
            self.a = bisect_left(self.begin, self.starts[self.sentence])
            self.b = bisect_left(self.begin, self.stops[self.sentence])
            if self.words[i] == "according":
                self._according(i)
            else:
                self._verb(i)
        return self.found

    def _verb(self, i: int) -> None:
        words, verb = self.words, self.known[self.words[i]]
        j, negated, might, auxiliary = i - 1, False, False, ""
        while (
            j >= self.a
            and not self.breaks(j)
            and (
                words[j] in rp.ADVERB
                or words[j].endswith("ly")
                and not self.capital(j)
                or words[j] in rp.AUXILIARY
                or words[j] in rp.NEGATED
                or words[j] in rp.MODAL
                or words[j] in ("did", "does", "do")
            )
        ):
            negated |= words[j] in rp.NEGATED
            might |= words[j] in rp.MODAL or words[j] in rp.UNABLE
            auxiliary = auxiliary or words[j] if words[j] in rp.AUXILIARY else auxiliary
            j -= 1
        if (
            might
            or negated
            and verb.verb_class != "denying"
            or j >= self.a
            and words[j] == "to"
            and (j <= self.a or words[j - 1] not in ("on", "went", "goes"))
        ):
            return
        if j >= self.a and words[j].endswith("n't") and not self.breaks(j):
            return
        passive = (auxiliary in rp.BE or words[j] == "it's" and j == i - 1) and not words[
            i
        ].endswith("ing")
        subject, tail, place = self._left(i, j, passive)
        if subject is None and not passive or words[i] in rp.NOUNS_TOO and not self._verbal(i, j):
            return
        if verb.lemma in rp.EVIDENCE and words[i].endswith("ing"):
            return
        if (
            verb.lemma in rp.EVIDENCE
            and subject
            and subject.split()[-1][0].isupper()
            and not (place == self.begin[self.a] and " " not in subject)
        ):
            return
        content = None if tail == "inverted" else self.content(i, verb, passive)
        if passive and words[j] not in ("it", "it's") and content is not None:
            return
        if content is not None:
            if subject is not None or passive:
                self._add(*content, subject or "", i, place)
            return
        if subject is not None and not passive and verb.lemma in rp.TAIL and self._ends(i, verb):
            self._tail(i, j, subject, place, tail)

    def _ends(self, i: int, verb) -> bool:
        """Whether nothing but whom it was told, when and where follows a verb in its clause."""
        stop = i + 1
        while stop < self.b and stop - i <= REACH and not self.breaks(stop - 1):
            stop += 1
        told = "listener" in verb.takes
        return (
            stop - i <= REACH
            and (
                told
                or stop == i + 1
                or self.words[i + 1] not in rp.OBJECT
                or verb.lemma == "say"
                or self.subject_after(i) is not None
            )
            and not any(
                self.finite(x) and not self.capital(x) and not self.words[x].endswith("ed")
                for x in range(i + 1, stop)
            )
        )

    def _verbal(self, i: int, j: int) -> bool:
        """Whether a form that may be a noun is a verb here: "they claim", "claims that"."""
        return (
            i + 1 < self.b
            and self.words[i + 1] in ("that", "to")
            or j >= self.a
            and self.words[j] in en.PRONOUNS
            or self.capital(j)
            and self.opens(min(i + 1, self.b - 1))
            or self.words[i] in ("show", "shows", "urge")
        )

    def _left(self, i: int, j: int, passive: bool) -> tuple[str | None, str, int]:
        """Subject of the verb at token i whose auxiliaries begin behind token j; how it stands
        behind its statement, if it does; its place.
        """
        words = self.words
        participle = words[i].endswith("ing") and j == i - 1
        if passive:
            return (None, "", self.begin[i])
        if j < self.a:
            return None, "", 0
        gap = self.gap(j)
        if (
            not rp.MARKS.isdisjoint(gap)
            and self.text[self.end[j] : self.end[j] + 2].strip(" ,.!?")[:1] in '”"’'
        ):
            pass
        if self.breaks(j) and ")" not in gap:
            if participle:
                return self._before(i)
            if "," not in gap or not rp.MARKS.isdisjoint(gap):
                return None, "", 0
            if (after := self.subject_after(i)) is not None:
                return self.text_of(after), "inverted", self.begin[after[0]]
            if (head := self.apposition(j)) is not None:
                return self.named(head, j)
            return None, "", 0
        if (
            words[j] in ("and", "but", "or", "then", "while", "by", "without", "before", "after")
            or participle
            and words[j] in ("while", "by")
        ):
            return self._before(i)
        if words[j] == "who" and j > self.a:
            head = "," in self.gap(j - 1) and self.apposition(j - 1) or self.subject(j - 1)
            return (self.text_of(head), "", self.begin[head[0]]) if head else (None, "", 0)
        head = self.subject(j)
        if head is None:
            return None, "", 0
        if (
            words[head[0]] in ("r", "d") and self.gap(head[0]) == "-" and head[0] > self.a
        ):  # "Ada Orr, R-Maine said"
            head = self.subject(head[0] - 1) or head
        if participle and (head[0] == self.a or words[head[0] - 1] != "with"):
            leads = self._before(i)
            if leads[0] is not None:
                return leads
        return self.text_of(head), "", self.begin[head[0]]

    def _before(self, i: int) -> tuple[str | None, str, int]:
        """Whoever spoke last in the sentence, else its leading subject."""
        here = self.begin[i]
        begin = self.starts[self.sentence]
        if self.last is not None and self.last[0] == self.sentence:
            return self.last[1], "", self.last[2]
        q = bisect_left(self.q_starts, here) - 1
        if q >= 0 and self.q_starts[q] >= begin and self.said[q].speaker:
            return self.said[q].speaker, "", here
        for x in range(self.a + 1, min(i, self.a + LONGEST)):
            if self.finite(x) and not self.capital(x) and not self.quoted(self.begin[x]):
                if self.words[x - 1] in ("who", "that", "which"):
                    continue
                y = x - 1
                while y > self.a and (
                    self.words[y] in rp.ADVERB
                    or self.words[y] in rp.AUXILIARY
                    or self.words[y].endswith("ly")
                ):
                    y -= 1
                head = self.apposition(y) if self.breaks(y) else self.subject(y)
                return (self.text_of(head), "", self.begin[head[0]]) if head else (None, "", 0)
        return None, "", 0

    def _tail(self, i: int, j: int, subject: str, place: int, how: str) -> None:
        """The statement before "..., the minister said" or around it."""
        words = self.words
        k = bisect_left(self.begin, place) if how != "inverted" else i
        if k <= self.a:
            return
        conjunction = words[k - 1] == "as"
        x = k - 1 - conjunction  # last token of the statement
        if (
            x < self.a
            or not ("," in self.gap(x) or "—" in self.gap(x) or "–" in self.gap(x))
            or not rp.MARKS.isdisjoint(self.gap(x))
        ):
            return
        first = self._clause_start(x)
        behind = i
        if how == "inverted":
            behind = bisect_right(self.begin, place) - 1 + len(subject.split()) - 1
        follows = self.gap(behind).strip() if behind + 1 < self.b else "."
        rest = (behind + 1, self.b)
        if (
            how == "inverted" and not self.capital(behind) and follows.startswith(",")
        ):  # "says their leader, Ada Orr"
            stop = next(
                (y for y in range(rest[0], min(self.b, rest[0] + SUBJECT)) if self.breaks(y)),
                self.b - 1,
            )
            if name := en.ONLY_NAME.fullmatch(self.text_of((rest[0], stop))):
                subject, place, follows = name[0], self.begin[rest[0]], ""
        before = x + 1 - first
        if words[first] == "asked":
            return
        joins = words[x] in rp.STOP or before < 3 and words[first] in rp.PREPOSITION
        opening = words[first + (words[first] in ("and", "but") and first < x)]
        goes_on = (
            follows[:1] in (",", ":") and rest[0] < self.b and words[rest[0]] not in rp.AFTER_BUT
        )
        adverbial = (
            goes_on
            and opening in rp.STOP | rp.PREPOSITION | {"how", "what"}
            and opening not in rp.DETERMINED
        )
        if (
            before >= 3
            and not adverbial
            and (not joins or words[x] not in rp.STOP and self.is_clause(first, x + 1))
        ):
            self._add(first, x + 1, subject, i, place)
        if (
            how != "inverted"
            and follows.startswith(",")
            and rest[1] - rest[0] >= 2
            and (joins or words[rest[0]] not in rp.AFTER_BUT and not words[rest[0]].endswith("ing"))
        ):
            content = self.until(rest[0])
            if content is not None and content[1] - content[0] >= 2:
                self._add(*content, subject, i, place)

    def _clause_start(self, x: int) -> int:
        """Where the statement that ends at token x begins: with the sentence, or behind a
        quotation, a statement before it or a semicolon.
        """
        first = max(self.a, self.found[-1].last if self.found else 0, x - LONGEST)
        for k in range(x, first, -1):
            gap = self.gap(k - 1)  # nothing where scripts without spaces stand beside others
            if gap not in ("", " ") and (
                self.breaks(k - 1, rp.PARTS) or gap[0] in ",.!?…" and self.quoted(self.begin[k - 1])
            ):
                return k
        return first

    def _according(self, i: int) -> None:
        words, n = self.words, i + 2
        if n >= self.b or words[i + 1] != "to":
            return
        stop = n
        while stop + 1 < self.b and not self.breaks(stop) and stop - n < SUBJECT:
            stop += 1
        subject, place = self.text[self.begin[n] : self.end[stop]], self.begin[n]
        if words[n] in ("plan", "law", "schedule", "custom", "tradition"):
            return
        opens = (
            i == self.a
            or self.breaks(i - 1, rp.HARD)
            or words[i - 1] in ("and", "but", "while")
            and (i - 1 == self.a or self.breaks(i - 2))
        )
        if opens:
            content = self.until(stop + 1) if stop + 1 < self.b and "," in self.gap(stop) else None
        else:
            first = self._clause_start(i - 1)
            content = (first, i) if i - first >= 3 else None
            if content and words[first] in ("and", "but") and first + 1 < i:
                content = (first + 1, i)
            if (
                stop + 1 < self.b
                and "," in self.gap(stop)
                and "," in self.gap(i - 1)
                and self.finite(stop + 1)
            ):  # "The plan, according to Orr, was"
                if content is not None:
                    self._add(*content, subject, i, place)
                content = self.until(stop + 1)
        if content is not None:
            self._add(*content, subject, i, place)

    def _add(self, first: int, last: int, subject: str, i: int, place: int) -> None:
        """Keep a statement, if enough of it stands outside quotation marks."""
        own = sum(not self.quoted(self.begin[x]) for x in range(first, last))
        if own < LEAST or self.found and first < self.found[-1].last:
            return
        start, end = self.begin[first], self.end[last - 1]
        q = bisect_right(self.q_starts, start) - 1
        if q >= 0 and self.q_ends[q] > start:
            start = self.q_starts[q]
        q = bisect_right(self.q_starts, end - 1) - 1
        if q >= 0 and self.q_ends[q] > end:
            end = self.q_ends[q]
        self.found.append(Reported(start, end, first, last, self._speaker(subject, i, place)))

    def _speaker(self, subject: str, i: int, place: int) -> Attribution:
        verb = "according to" if self.words[i] == "according" else self.words[i]
        if not subject:
            return Attribution("", "", verb, True)
        if self.people is None:
            self.people = People(self.text, self.quotes)
        while self.n_heard < len(self.quotes) and self.q_starts[self.n_heard] < place:
            self.heard.append(self.said[self.n_heard])
            self.n_heard += 1
        speaker, unnamed = self.people.resolve(subject, place, self.heard)
        description = " ".join(speaker.split()[:LONGEST_DESCRIPTION]) if unnamed else ""
        attribution = Attribution(speaker, description, verb, unnamed)
        self.heard.append(attribution)
        self.last = self.sentence, subject, place
        return attribution
