"""Running text: words with what stands between them, their sentences and quotations."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from analysis.text.marks import plain_apostrophes
from analysis.text.quotes import Quote

_MARKS = "\u0300-\u036f"
_APOSTROPHE = "'\u2019\u02bc"
# a compound is one word, and so are initials; what belongs to somebody keeps its ’s
WORD = re.compile(
    rf"\d+(?:[.,]\d+)+(?:[-\u2010\u2011]\w+)*|(?<!\w)(?:[^\W\d_]\.){{2,}}|"
    rf"\w[\w{_MARKS}]*(?:[-\u2010\u2011{_APOSTROPHE}]\w[\w{_MARKS}]*)*"
)
LONGEST_HEADLINE = 20
CAPITALS = 0.6  # share of a line's words from which their capitals say nothing


def fold(word: str) -> str:
    """A word without accents, its apostrophes straight; capitals stay."""
    if word.isascii():
        return word
    word = (
        word.replace("\u2019", "'")
        .replace("\u02bc", "'")
        .replace("\u2010", "-")
        .replace("\u2011", "-")
    )
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def bare(word: str) -> str:
    """A folded word without the ending of the possessive."""
    return word[:-2] if word.endswith("'s") or word.endswith("'S") else word


class Running:
    """Words of one text.

    Attributes
    ----------
    words, lower : list of str
        Folded (see `fold`); `lower` in small letters and without the possessive's ending.
    start, end, sentence : list of int
    gaps : list of str
        What stands before each word, and behind the last.
    owned : list of bool
        Whether a word ends in a possessive ("Orban's", "workers'").
    quotes : list of int
        Which quotation a word stands in, -1 outside; scare quotes do not count.
    """

    def __init__(
        self,
        text: str,
        sentences: list[tuple[int, int, int]],
        quotes: list[Quote],
        scare: list[bool],
    ):
        text = self.text = plain_apostrophes(text)
        spans = [m.span() for m in WORD.finditer(text)]
        self.start, self.end = [s for s, _ in spans], [e for _, e in spans]
        self.words = [fold(text[s:e]) for s, e in spans]
        self.lower = [bare(word).lower() for word in self.words]
        ends = [0, *self.end]
        self.gaps = [text[e:s] for e, s in zip(ends, [*self.start, len(text)])]
        self.owned = [
            word[-2:] in ("'s", "'S")
            or word[-1] in "sS"
            and self.gaps[i + 1][:1] in ("'", "\u2019")
            and self.gaps[i + 1][1:2] == " "
            for i, word in enumerate(self.words)
        ]
        starts = [s for s, _, _ in sentences] or [0]
        self.blocks = [b for _, _, b in sentences] or [0]
        self.sentence = [max(bisect_right(starts, s) - 1, 0) for s in self.start]
        self.marks = [(q.start, q.end) for q in quotes]
        self._begins = [q.start for q in quotes]
        spoken = [(q.start, q.end) for q, s in zip(quotes, scare) if not s]
        begins = [s for s, _ in spoken]
        self.quotes = []
        for s in self.start:
            at = bisect_right(begins, s) - 1
            self.quotes.append(at if at >= 0 and s < spoken[at][1] else -1)
        self._lines()

    def __len__(self) -> int:
        return len(self.words)

    def _lines(self) -> None:
        """Sentences whose capitals say nothing: a headline in capitals, or one that begins most
        words with one.
        """
        n = max(self.sentence, default=0) + 1
        total, upper, capital, opens = [0] * n, [0] * n, [0] * n, [-1] * n
        for i, (s, word) in enumerate(zip(self.sentence, self.words)):
            if opens[s] < 0:
                opens[s] = i
            if len(word) > 1 and word[0].isalpha():
                total[s] += 1
                capital[s] += word[0].isupper()
                upper[s] += word.isupper()
        self.first = [opens[s] == i for i, s in enumerate(self.sentence)]
        self.shouted = [t > 1 and u >= CAPITALS * t for t, u in zip(total, upper)]
        ends = [""] * n
        for i, s in enumerate(self.sentence):
            ends[s] = self.gaps[i + 1]
        self.headline = [
            3 < t <= LONGEST_HEADLINE and c >= CAPITALS * t and not e.startswith(".")
            for t, c, e in zip(total, capital, ends)
        ]
        self.titular = [
            b == self.blocks[0] and not e.startswith((".", ",")) for b, e in zip(self.blocks, ends)
        ]

    def opens(self, i: int) -> bool:
        """Whether a capital at a word says nothing, as a sentence, a line or a quotation begins
        there.
        """
        gap = self.gaps[i]
        return (
            self.first[i]
            or any(c in '“"‘«:;!?\n—•' for c in gap)
            or gap.startswith(".")
            and gap not in (". ", "., ")
            or (gap == ". " and len(self.words[i - 1]) > 4)
        )

    def in_marks(self, start: int) -> bool:
        """Whether a place stands inside quotation marks of any kind."""
        at = bisect_right(self._begins, start) - 1
        return at >= 0 and start < self.marks[at][1]

    def joined(self, i: int) -> bool:
        """Whether nothing but white space (or the point of an abbreviation) stands before a word,
        within its sentence.
        """
        gap = self.gaps[i]
        return (
            i > 0
            and (
                gap == " "
                or gap in (". ", ".\u00a0")
                and len(self.words[i - 1]) <= 5
                or gap.isspace()
                and gap.count("\n") < 2
                or gap in ("' ", "\u2019 ")
                and self.owned[i - 1]
            )
            and self.sentence[i] == self.sentence[i - 1]
        )
