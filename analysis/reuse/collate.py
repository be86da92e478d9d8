"""Collation: which words of several articles are the same word of one text, and in which order they
stood in it.
"""

from __future__ import annotations

from collections import defaultdict

import numba
import numpy as np

# by how many words two sides of a passage may drift apart besides the difference of their lengths
DRIFT = 24
JUMP = 8  # words that may stand between two shared words that still follow one upon the other


@numba.njit(cache=True, nogil=True)
def equal_words(a, b, least_run):
    """Places of equal words in the longest common subsequence of two short texts, near the
    diagonal.

    Parameters
    ----------
    a, b : uint64 arrays
        Hashes of words.
    least_run : int
        Equal words that must follow one upon the other on both sides to count.

    Returns
    -------
    int32 array of shape (n_equal, 2)
    """
    n, m = len(a), len(b)
    low, high = (
        min(0, m - n) - DRIFT,
        max(0, m - n) + DRIFT,
    )  # diagonals, as place in b less place in a
    width = high - low + 1
    best = np.zeros((n + 1, width + 1), np.int32)
    for i in range(n - 1, -1, -1):
        for d in range(width - 1, -1, -1):
            j = i + d + low
            if j < 0 or j >= m:
                continue
            value = max(best[i + 1, d - 1] if d > 0 else 0, best[i, d + 1])
            if a[i] == b[j]:
                value = max(value, best[i + 1, d] + 1)
            best[i, d] = value
    out, found = np.empty((min(n, m), 2), np.int32), 0
    i, j = 0, 0
    while i < n and j < m:
        d = j - i - low
        if d < 0:
            j += 1
        elif d >= width:
            i += 1
        elif a[i] == b[j] and best[i, d] == best[i + 1, d] + 1:
            out[found, 0], out[found, 1] = i, j
            found += 1
            i, j = i + 1, j + 1
        elif d > 0 and best[i + 1, d - 1] >= best[i, d + 1]:
            i += 1
        else:
            j += 1
    kept, start = 0, 0
    for k in range(1, found + 1):
        if k == found or out[k, 0] != out[k - 1, 0] + 1 or out[k, 1] != out[k - 1, 1] + 1:
            if k - start >= least_run:
                for x in range(start, k):
                    out[kept] = out[x]
                    kept += 1
            start = k
    return out[:kept].copy()


class Columns:
    """Words held to be the same word of one text: of each article at most one.

    Parameters
    ----------
    article : int array of shape (n_words,)
        To which article each word of the corpus belongs.
    """

    def __init__(self, article: np.ndarray):
        self._article = article
        self._of: dict[int, int] = {}
        self.members: dict[int, dict[int, int]] = {}  # column: article, word
        self._head: dict[int, int] = {}
        self.surest: dict[int, float] = {}

    def link(self, x: int, y: int, direct: bool, common: float) -> None:
        """Two words are the same; `direct` if one article had it from the other, `common` how
        probably both had it from a third.
        """
        one, other = self._of.get(x, x), self._of.get(y, y)
        if one != other:
            here = self.members.get(one, {int(self._article[x]): x})
            there = self.members.get(other, {int(self._article[y]): y})
            if not here.keys().isdisjoint(there):
                return
            if len(here) < len(there):
                one, other, here, there = other, one, there, here
            self._of.setdefault(one, one)
            here.update(there)
            self.members[one] = here
            self.members.pop(other, None)
            for word in there.values():
                self._of[word] = one
            self.surest[one] = max(self.surest.get(one, 0.0), self.surest.pop(other, 0.0))
        if direct:
            self._head[self._root(x)] = self._root(y)
        else:
            self.surest[one] = max(self.surest.get(one, 0.0), common)

    def heads(self, column: int) -> dict[int, int]:
        """For each article of a column one word that stands for all that had it from one another."""
        return {article: self._root(word) for article, word in self.members[column].items()}

    def _root(self, word: int) -> int:
        while (up := self._head.get(word, word)) != word:
            self._head[word] = self._head.get(up, up)
            word = up
        return word


def follow(columns: dict[int, dict[int, int]]) -> dict[tuple[int, int], set[int]]:
    """Which column follows upon which, and in which articles."""
    by_article = defaultdict(list)
    for column, members in columns.items():
        for article, word in members.items():
            by_article[article].append((word, column))
    steps = defaultdict(set)
    for article, words in by_article.items():
        words.sort()
        for (x, one), (y, other) in zip(words, words[1:]):
            if y - x <= JUMP:
                steps[one, other].add(article)
    return steps


def untangle(nodes: list[int], votes: dict[tuple[int, int], float]) -> list[int]:
    """Order nodes as most votes have it: of a circle, the step with fewest votes is dropped; ties
    go by the order given.

    Parameters
    ----------
    nodes : list
    votes : dict
        From (before, after) to how many say so.

    Returns
    -------
    list
    """
    place = {node: k for k, node in enumerate(nodes)}
    after, before = defaultdict(dict), defaultdict(dict)
    for (x, y), n in votes.items():
        if n > votes.get((y, x), 0) or n == votes.get((y, x), 0) and place[x] < place[y]:
            after[x][y] = before[y][x] = n - votes.get((y, x), 0)
    out, left = [], set(nodes)
    ready = [node for node in nodes if not before[node]][::-1]
    while left:
        if not ready:  # only circles are left: begin where the least is said against it
            ready = [min(left, key=lambda node: (sum(before[node].values()), place[node]))]
        node = ready.pop()
        if node not in left:
            continue
        left.discard(node)
        out.append(node)
        for other in sorted(after[node], key=place.get, reverse=True):
            before[other].pop(node, None)
            if not before[other] and other in left:
                ready.append(other)
        for other in before[node]:
            after[other].pop(node, None)
    return out


def heaviest(
    order: list[int], steps: dict[int, list[tuple[int, float]]], weight: dict[int, float]
) -> list[int]:
    """The path through columns in order that most articles carry (Lee 2003,
    doi.org/10.1093/bioinformatics/btg109).
    """
    place = {node: k for k, node in enumerate(order)}
    best, back = {}, {}
    for node in order:
        best[node] = best.get(node, 0.0) + weight[node]
        for other, n in steps.get(node, ()):
            if place.get(other, -1) > place[node] and best[node] + n > best.get(other, 0.0):
                best[other], back[other] = best[node] + n, node
    node = max(order, key=lambda x: (best[x], -place[x]))
    path = [node]
    while node in back:
        node = back[node]
        path.append(node)
    return path[::-1]
