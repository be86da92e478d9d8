"""Clauses of English as reported statements need them: where a subject begins, what a verb reports,
and where that ends.
"""

from __future__ import annotations

from bisect import bisect_right

from analysis.text import english as en
from analysis.text import reporting as rp
from analysis.text.people import Attribution
from analysis.text.quotes import Quote
from analysis.text.tokens import Tokens
from analysis.text.verbs import Verb, verbs

REACH = 12  # words between a verb and its "that", "to" or "of"
SUBJECT = 24  # words of the longest subject
LONGEST = 100  # words of the longest statement


class Clauses:
    """One text, read token by token; `a` and `b` are the first token of the sentence that is read
    and the first behind it.
    """

    def __init__(self, text: str, tokens: Tokens, quotes: list[Quote], said: list[Attribution]):
        self.text, self.words = text, tokens.words
        self.begin, self.end = tokens.start.tolist(), tokens.end.tolist()
        self.said = said
        self.q_starts, self.q_ends = [q.start for q in quotes], [q.end for q in quotes]
        self.known = verbs()
        self.a = self.b = 0

    def quoted(self, place: int) -> bool:
        q = bisect_right(self.q_starts, place) - 1
        return q >= 0 and place < self.q_ends[q] and not self.said[q].scare

    def gap(self, i: int) -> str:
        """What stands between token i and the next."""
        return (
            self.text[self.end[i] : self.begin[i + 1]]
            if i + 1 < len(self.begin)
            else self.text[self.end[i] :]
        )

    def breaks(self, i: int, marks=rp.BREAK) -> bool:
        gap = self.gap(i)
        return gap != " " and not marks.isdisjoint(gap)

    def capital(self, i: int) -> bool:
        return self.text[self.begin[i]].isupper()

    def finite(self, i: int) -> bool:
        word = self.words[i]
        return (
            word in rp.FINITE
            or len(word) > 4
            and word.endswith("ed")
            or word.endswith("n't")
            or word in self.known
        )

    def is_clause(self, first: int, last: int) -> bool:
        """Whether words may be a clause: more than one, and a finite verb behind the first."""
        return last - first > 1 and any(self.finite(i) for i in range(first + 1, last))

    def subject(self, j: int) -> tuple[int, int] | None:
        """First and last token of the noun phrase that ends at token j."""
        words, k = self.words, j
        if (
            words[j] in rp.NOT_SUBJECT
            or words[j].endswith("'s")
            or words[j] in rp.DETERMINED
            and words[j] not in rp.STANDS_ALONE
        ):
            return None
        if words[j] in en.PRONOUNS:
            return (j, j) if words[j] not in ("who", "i", "we", "you") else None
        if ")" in self.gap(j):
            k = (
                next(
                    (x for x in range(j, max(self.a, j - 8), -1) if "(" in self.gap(x - 1)), self.a
                )
                - 1
            )
            if k < self.a:
                return None
            j = k
        while k > self.a and j - k < SUBJECT:
            before = words[k - 1]
            if self.breaks(k - 1):
                break
            if before == "and" and k - 2 >= self.a and (self.capital(k) and self.capital(k - 2)):
                k -= 2
                continue
            if before == "who" and k - 2 >= self.a and not self.breaks(k - 2):
                k -= 2
                continue
            if before in rp.STOP:
                break
            if self.finite(k - 1) and not self.capital(k - 1):
                who = next(
                    (x for x in range(k - 2, max(self.a, k - 10), -1) if words[x] == "who"), None
                )
                if (
                    who is None
                    or who <= self.a
                    or any(self.breaks(x) for x in range(who - 1, k - 1))
                ):
                    if (
                        before in rp.FINITE
                        or before in self.known
                        or who is not None
                        or words[k] in ("on", "upon", "to", "with")
                    ):
                        break
                    k -= 1  # "a retired teacher": a participle within the phrase
                    continue
                k = who - 1
                continue
            k -= 1
        while k < j and (
            words[k] in rp.PREPOSITION
            or k > self.a
            and words[k].endswith("ed")
            and words[k - 1] in rp.FINITE
            and not self.breaks(k - 1)
        ):
            opened = k
            k = self._noun_phrase(j, opened)
            if k == opened:
                break
        if words[k] in rp.NOT_SUBJECT and k == j or words[k] in ("not", "to", "how", "what"):
            return None
        return k, j

    def _noun_phrase(self, j: int, opened: int) -> int:
        """Where the last noun phrase up to j begins, behind an adverbial that opens the sentence
        ("On Monday the minister").
        """
        k = j
        if self.capital(k):
            while k - 1 > opened and self.capital(k - 1):
                k -= 1
        while k - 1 > opened:
            if self.words[k] in rp.DETERMINED:
                if (
                    self.words[k - 1] not in ("of", "for", "at", "from", "with", "to", "by")
                    or k - 1 == opened
                ):
                    break
            elif self.capital(k) and self.words[k - 1] in rp.TIME or self.words[k - 1] in rp.TIME:
                break
            elif self.capital(j) and self.words[k - 1] in rp.PREPOSITION and k - 1 == opened:
                break
            k -= 1
        return k if k - 1 >= opened else opened

    def apposition(self, j: int) -> tuple[int, int] | None:
        """The subject before an aside that ends at token j: "Orr, 45, a fitter, said"."""
        for x in range(j - 1, max(self.a - 1, j - 40), -1):
            if self.breaks(x, rp.HARD):
                return None
            if "," in self.gap(x):
                head = self.subject(x)
                if (
                    head is None
                    or self.words[head[1]] in en.PRONOUNS
                    or any(self.words[y] in rp.FINITE for y in range(*head))
                ):
                    continue
                k = head[0]
                named = self.capital(head[1])
                if (
                    k == self.a
                    or self.breaks(k - 1, rp.HARD)
                    or self.words[k - 1] in rp.STOP - {"and", "or"}
                    or named
                    and (self.breaks(k - 1) or self.finite(k - 1))
                ):
                    return head
        return None

    def subject_after(self, i: int) -> tuple[int, int] | None:
        """The subject behind an inverted verb: "..., says their leader, Rosa Orr"."""
        stop = i + 1
        if (
            stop >= self.b
            or self.words[stop] in ("that", "to", "of")
            or "listener" in self.known[self.words[i]].takes
        ):
            return None
        while (
            stop < self.b
            and stop - i < SUBJECT
            and not self.breaks(stop)
            and self.words[stop] not in ("who", "in", "on", "after", "as", "when", "during")
        ):
            stop += 1
        stop = min(stop, self.b - 1)
        if self.words[stop] in ("who", "in", "on", "after", "as", "when", "during"):
            stop -= 1
        if (
            stop <= i
            or self.words[i + 1] in en.PRONOUNS
            and stop > i + 1
            or any(self.finite(x) and not self.capital(x) for x in range(i + 1, stop + 1))
        ):
            return None
        if self.words[i + 1] in rp.TIME or not (
            self.capital(i + 1)
            or self.words[i + 1] in rp.DETERMINED
            or self.words[i + 1] in en.PRONOUNS
            or self.capital(stop)
            or self.words[stop].endswith("s")
            or self.words[stop] == "police"
        ):
            return None
        return i + 1, stop

    def text_of(self, head: tuple[int, int]) -> str:
        end = self.end[head[1]]
        word = self.words[head[1]]
        return self.text[
            self.begin[head[0]] : end
            + (self.text[end : end + 1] == "." and (word in en.FORMS or "." in word))
        ]

    def named(self, head: tuple[int, int], j: int) -> tuple[str, str, int]:
        """The name beside a role: "Her deputy, Ada Orr, said" is Ada Orr."""
        if not self.capital(head[1]):
            beside = self.text[
                self.begin[head[1] + 1] : self.end[
                    next((x for x in range(head[1] + 1, j) if "," in self.gap(x)), j)
                ]
            ]
            if (name := en.ONLY_NAME.fullmatch(beside)) and len(beside.split()) > 1:
                return name[0], "", self.begin[head[1] + 1]
        return self.text_of(head), "", self.begin[head[0]]

    def content(self, i: int, verb: Verb, passive: bool) -> tuple[int, int] | None:
        """Tokens of the statement behind a verb, the last exclusive."""
        words, takes, n = self.words, verb.takes, i + 1
        if n + 1 < self.b and verb.lemma.endswith(" out") and words[n] == "out":
            i, n = n, n + 1
        if (
            n >= self.b
            or not takes
            or words[n] in rp.REFLEXIVE
            and not {"listener", "accuse", "urge", "to"} & takes
        ):
            return None
        gap = self.gap(i)
        if gap.strip() and not (gap.strip() == "," and "that" in words[n : n + 6]):
            return None
        far = min(self.b, n + REACH)
        that = next((x for x in range(n, far) if words[x] == "that"), None)
        if that is not None and that + 1 < self.b and {"clause", "that", "listener"} & takes:
            between = range(n, that)
            plain = not any(self.finite(x) and not self.capital(x) for x in between) and not any(
                self.breaks(x, rp.HARD) for x in range(i, that)
            )
            aside = any(self.breaks(x) for x in range(i, that)) and "," not in self.gap(that - 1)
            thing = that > n and (
                words[that - 1] in rp.PREPOSITION
                and words[that - 1] not in rp.TIME
                or that + 1 < self.b
                and self.finite(that + 1)
                or (
                    "listener" not in takes
                    and words[n] not in rp.PREPOSITION
                    and words[n] not in rp.ADVERB
                    and not words[n].endswith("ly")
                )
            )  # "announced a plan that"
            if plain and not aside and not thing:
                demonstrative = that + 1 < self.b and words[that + 1] in rp.FINITE and that == n
                return self.until(that if demonstrative else that + 1)
        for kind, after in rp.FOLLOWS.items():
            if kind in takes:
                at = (
                    n
                    if kind == "to"
                    else next((x for x in range(n, far) if words[x] in after), None)
                )
                if (
                    at is None
                    or at >= self.b
                    or words[at] not in after
                    or any(self.breaks(x) for x in range(n, at))
                ):
                    continue
                if kind in ("accuse", "urge"):
                    return self.until(n) if at > n else None
                if kind == "of" and at > n + 3:
                    continue
                return self.until(at if kind in ("to", "whether") else at + 1)
        if "thing" in takes and not passive:
            return (
                self.until(n)
                if words[n] not in ("to", "by", "in", "on", "at", "it", "that", "as")
                and n + 1 < self.b
                else None
            )
        if passive:
            return None
        if "listener" in takes:
            start = self._past_listener(n)
            if start is None:
                return None
            content = self.until(start)
            return content if content and self.opens(start) and self.is_clause(*content) else None
        if "clause" in takes:
            start = n
            while start < far and words[start] in rp.TIME:
                start += 1
            if start == n and words[n] in ("on", "in", "at", "during", "through"):
                start = next(
                    (
                        x
                        for x in range(n + 2, far)
                        if words[x] in en.PRONOUNS
                        or words[x] in rp.DETERMINED
                        and words[x - 1] not in rp.PREPOSITION
                    ),
                    far,
                )
            if start >= far or not self.opens(start):
                return None
            content = self.until(start)
            return (
                content if content and self.is_clause(start, min(content[1], start + 25)) else None
            )
        return None

    def opens(self, i: int) -> bool:
        """Whether a clause may begin at token i."""
        word = self.words[i]
        if (
            word in en.PRONOUNS
            and word != "who"
            or word in rp.DETERMINED
            or word in ("there", "if", "when", "while", "although", "because", "since", "nobody")
        ):
            return True
        return (
            word not in rp.PREPOSITION
            and word not in rp.STOP
            and not word.endswith("ing")
            and not self.finite(i)
        )

    def _past_listener(self, n: int) -> int | None:
        words, k = self.words, n
        if words[k] in rp.LISTENER:
            k += 1
        elif words[k] in rp.DETERMINED or self.capital(k):
            k += words[k] in rp.DETERMINED
            if k < self.b and self.capital(k):
                while k < self.b and self.capital(k) and not self.breaks(k):
                    k += 1
            else:
                k += 1
        else:
            return None
        while k < self.b and words[k] in rp.TIME:
            k += 1
        return k if k < self.b and not any(self.breaks(x) for x in range(n, k)) else None

    def until(self, first: int) -> tuple[int, int] | None:
        """A statement from token `first` to where its clause ends."""
        words, k = self.words, first
        while k + 1 < min(self.b, first + LONGEST):
            gap, ahead = self.gap(k), words[k + 1]
            if gap != " ":
                if ";" in gap or ":" in gap and not rp.MARKS.isdisjoint(gap):
                    break
                if "," in gap or "—" in gap or "–" in gap:
                    if (
                        ahead in self.known
                        and (
                            ahead.endswith(("ing", "ed", "s")) or ahead in ("said", "told", "wrote")
                        )
                        or ahead in rp.CUTS
                    ):
                        break
                    if (
                        ahead in ("and", "or")
                        and k + 2 < self.b
                        and words[k + 2] in self.known
                        and self._reports(k + 2)
                    ):
                        break
            elif (
                ahead == "and"
                and k + 2 < self.b
                and words[k + 2] in self.known
                and self._reports(k + 2)
            ):
                break
            elif ahead == "but" and k + 2 < self.b and words[k + 2] in self.known:
                break
            elif ahead == "according":
                break
            k += 1
        return (first, k + 1) if k >= first else None

    def _reports(self, i: int) -> bool:
        """Whether the verb at token i goes on to report something: "and promised that"."""
        return self.content(
            i, self.known[self.words[i]], False
        ) is not None or not rp.MARKS.isdisjoint(self.gap(i))
