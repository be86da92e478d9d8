"""Entries of the codebook applied to an article: hits of frames and dictionaries, scores of
sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from analysis.codebook import Entry
from analysis.extract.units import Columns, Remembered, Units
from analysis.text.tokens import words_of

NEGATORS = frozenset(
    "not no never neither nor none nobody nothing nowhere without cannot hardly barely scarcely"
    " rarely".split()
)
REACH = 3


class Matcher:
    """Finds an entry's words, words with any ending, and phrases of these among tokens; the match
    of most words wins, then the most exact one.
    """

    def __init__(self, entry: Entry):
        self.root = _Node()
        for pattern in entry.weights:
            parts = _parts(pattern)
            if parts and parts[0] != ANY:
                node = self.root
                for word, open_end in parts:
                    node = (node.prefixes if open_end else node.words).setdefault(word, _Node())
                rank = -len(parts), sum(open_end for _, open_end in parts), -len(pattern), pattern
                node.rank = min(rank, node.rank or rank)
        self.root.sort()
        self.opens = Remembered(self._opens)

    def find(
        self, words: list[str], sentence: list[int], places: Iterable[int] | None = None
    ) -> list[tuple[int, int, str]]:
        """Matches as (first token, tokens, pattern), none over the end of a sentence; `places` are
        all whose words may open one.
        """
        found, free = [], 0
        for place in range(len(words)) if places is None else places:
            if (
                place >= free
                and (rank := _best(self.root, words, sentence, place, sentence[place])) is not None
            ):
                found.append((place, -rank[0], rank[3]))
                free = place - rank[0]
        return found

    def _opens(self, word: str) -> bool:
        """Whether a match may begin with a word."""
        return next(self.root.after(word), None) is not None


ANY = ("", True)


class _Node:
    """A place in the tree of an entry's patterns: the words that may follow, and how the pattern
    that ends here ranks.
    """

    __slots__ = ("words", "prefixes", "lengths", "rank")

    def __init__(self):
        self.words: dict[str, _Node] = {}
        self.prefixes: dict[str, _Node] = {}
        self.lengths: list[int] = []
        self.rank: tuple[int, int, int, str] | None = None

    def sort(self) -> None:
        self.lengths = sorted({len(prefix) for prefix in self.prefixes})
        for node in (*self.words.values(), *self.prefixes.values()):
            node.sort()

    def after(self, word: str) -> Iterator[_Node]:
        """The places that a word leads to."""
        if word in self.words:
            yield self.words[word]
        for length in self.lengths:
            if length <= len(word) and word[:length] in self.prefixes:
                yield self.prefixes[word[:length]]


def _best(
    node: _Node, words: list[str], sentence: list[int], place: int, within: int
) -> tuple[int, int, int, str] | None:
    """The first in rank of the patterns that end at a node or behind it."""
    best = node.rank
    if (node.words or node.prefixes) and place < len(words) and sentence[place] == within:
        for following in node.after(words[place]):
            rank = _best(following, words, sentence, place + 1, within)
            if rank is not None and (best is None or rank < best):
                best = rank
    return best


def _parts(pattern: str) -> list[tuple[str, bool]]:
    """The words of a pattern in normal form, each with whether it may have any ending; a * alone is
    any word.
    """
    parts = []
    for piece in pattern.split():
        words = words_of(piece)
        parts += [(word, False) for word in words[:-1]] + [
            (word, piece.endswith("*")) for word in words[-1:]
        ]
        if piece == "*":
            parts.append(ANY)
    return parts


def apply_entry(units: Units, entry: Entry, matcher: Matcher) -> dict[str, Columns]:
    """Columns of `hits`, and for a dictionary of `scores`.

    A sentence's score is the mean weight of its matched words. In English the sign of one is turned
    where a negation stands among the three words before it (unless the dictionary lists negated
    phrases itself), and words of names do not match: no praise is meant by "United States".
    """
    words, sentence = units.tokens.words, units.sentence_list
    opens = np.fromiter(
        map(matcher.opens.__getitem__, units.vocabulary), bool, len(units.vocabulary)
    )
    found = matcher.find(words, sentence, np.flatnonzero(opens[units.numbers]).tolist())
    english = (entry.language or "").split("-")[0] == "en"
    if english and entry.kind == "dictionary":
        capital = units.capital.tolist()
        found = [(f, n, p) for f, n, p in found if not all(capital[f : f + n])]
    first = np.array([f for f, _, _ in found], np.int64)
    last = np.array([f + n - 1 for f, n, _ in found], np.int64)
    where = [sentence[f] for f in first]
    tables: dict[str, Columns] = {
        "hits": {
            "sentence": where,
            "entry": [entry.name] * len(found),
            "kind": [entry.kind] * len(found),
            "pattern": [p for _, _, p in found],
            "start": units.tokens.start[first],
            "end": units.tokens.end[last],
        }
    }
    if entry.kind == "dictionary":
        totals: dict[int, list[float]] = {}
        for place, s, (_, _, pattern) in zip(first.tolist(), where, found):
            negated = (
                english
                and entry.negate
                and any(
                    sentence[i] == s and (words[i] in NEGATORS or words[i].endswith("n't"))
                    for i in range(max(0, place - REACH), place)
                )
            )
            totals.setdefault(s, []).append(
                -entry.weights[pattern] if negated else entry.weights[pattern]
            )
        tables["scores"] = {
            "sentence": list(totals),
            "dictionary": [entry.name] * len(totals),
            "score": [float(np.add.reduce(v)) / len(v) for v in totals.values()],
            "n_matched": [len(v) for v in totals.values()],
        }
    return tables
