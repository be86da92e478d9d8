"""Words of the codebook's entries among tokens: single words, words with any ending, phrases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from analysis.codebook import Entry
from analysis.text.tokens import words_of

ANY = ("", True)  # a * alone, which stands for any word
_REMEMBERED = 1 << 17  # words, as those of an archive recur


class Matcher:
    """Finds an entry's words, words with any ending, and phrases of these among tokens.

    The match of most words wins, then the most exact one.
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
        self.opens = lru_cache(_REMEMBERED)(self._opens)  # whether a match may begin with a word

    def find(
        self,
        words: list[str],
        sentence: list[int] | None = None,
        places: Iterable[int] | None = None,
    ) -> list[tuple[int, int, str]]:
        """Find the matches, none over the end of a sentence.

        Parameters
        ----------
        words : list of str
            In normal form, as `words_of` gives them.
        sentence : list of int, optional
            The sentence of each word; one for all if not given.
        places : iterable of int, optional
            All places whose words may begin a match.

        Returns
        -------
        list of (first word, number of words, pattern)
        """
        sentence = sentence or [0] * len(words)
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
        return next(self.root.after(word), None) is not None


class _Node:
    """A place in the tree of patterns: the rank of one that ends here, the words that follow."""

    __slots__ = ("words", "prefixes", "lengths", "rank")

    def __init__(self):
        self.words: dict[str, _Node] = {}
        self.prefixes: dict[str, _Node] = {}
        self.lengths: list[int] = []
        self.rank: tuple[int, int, int, str] | None = None

    def sort(self) -> None:
        nodes = [self]
        while nodes:
            node = nodes.pop()
            node.lengths = sorted({len(prefix) for prefix in node.prefixes})
            nodes += [*node.words.values(), *node.prefixes.values()]

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
    best, reached = None, [(node, place)]  # and no recursion: a pattern may have thousands of words
    while reached:
        node, place = reached.pop()
        if node.rank is not None and (best is None or node.rank < best):
            best = node.rank
        if (node.words or node.prefixes) and place < len(words) and sentence[place] == within:
            reached += [(following, place + 1) for following in node.after(words[place])]
    return best


def _parts(pattern: str) -> list[tuple[str, bool]]:
    """The words of a pattern in normal form, each with whether it may have any ending."""
    parts = []
    for piece in pattern.split():
        words = words_of(piece)
        parts += [(word, False) for word in words[:-1]]
        parts += [(word, piece.endswith("*")) for word in words[-1:]]
        if piece == "*":
            parts.append(ANY)
    return parts
