"""Collation: which words of articles are the same word of a lost text, and their order in it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from itertools import combinations

import numpy as np
from scipy import sparse
from scipy.cluster.hierarchy import DisjointSet
from scipy.sparse.csgraph import connected_components

Members = dict[int, dict[int, int]]  # of each column: by article the word

JUMP = 8  # words that may stand between two shared words that still follow one upon the other
LEAST_SEGMENT = 5  # words


class Alignment:
    """Words held to be the same word of one text, in columns: of each article at most one.

    Parameters
    ----------
    article : int array of shape (n_words,)
        To which article each word of the corpus belongs.

    Attributes
    ----------
    members : dict
        Of each column, by article, the word's place in the corpus.
    surest : dict
        Of each column, how probably the surest two articles had the word from a third.
    """

    def __init__(self, article: np.ndarray):
        self.members: Members = {}
        self.surest: dict[int, float] = defaultdict(float)
        self._article = article
        self._column: dict[int, int] = {}
        self._direct = DisjointSet()

    def link(self, x: int, y: int, direct: bool, common: float) -> None:
        """Two words are the same, unless their columns have words of one article.

        `direct` if one article had it from the other, `common` how probably both had it from a
        third.
        """
        one, other = self._column.get(x, x), self._column.get(y, y)
        if one != other:
            here = self.members.get(one, {int(self._article[x]): x})
            there = self.members.get(other, {int(self._article[y]): y})
            if not here.keys().isdisjoint(there):
                return
            if len(here) < len(there):
                one, other, here, there = other, one, there, here
            self._column.setdefault(one, one)
            self._column.update(dict.fromkeys(there.values(), one))
            here.update(there)
            self.members[one] = here
            self.members.pop(other, None)
            self.surest[one] = max(self.surest[one], self.surest.pop(other, 0.0))
        if direct:
            self._direct.add(x)
            self._direct.add(y)
            self._direct.merge(x, y)
        else:
            self.surest[one] = max(self.surest[one], common)

    def witness(self, word: int) -> int:
        """One word that stands for all that articles had from one another."""
        return self._direct[word] if word in self._direct else word


def components(n: int, pairs: Collection[tuple[int, int]]) -> list[int]:
    """The connected component of each of `n` nodes, numbered in the order of their first nodes."""
    x, y = np.array(list(pairs), int).reshape(-1, 2).T
    graph = sparse.coo_array((np.ones(len(x)), (x, y)), shape=(n, n))
    return connected_components(graph, directed=False)[1].tolist()


def segments(members: Members, witness: dict[int, int]) -> list[list[int]]:
    """Runs of columns in order, each through the readings that most witnesses carry."""
    left, out = list(members), []
    while left:
        steps = _steps({column: members[column] for column in left})
        place = {column: k for k, column in enumerate(left)}
        label = components(len(left), [(place[x], place[y]) for x, y in steps])
        nodes: dict[int, list[int]] = defaultdict(list)
        votes: dict[int, dict[tuple[int, int], float]] = defaultdict(dict)
        for column in sorted(left):
            nodes[label[place[column]]].append(column)
        for (x, y), articles in steps.items():
            carriers = {witness[members[y][article]] for article in articles}
            votes[label[place[x]]][x, y] = len(carriers)
        used = set()
        for part in dict.fromkeys(label):
            weight = {x: len({witness[w] for w in members[x].values()}) for x in nodes[part]}
            path = heaviest(untangle(nodes[part], votes[part]), votes[part], weight)
            used |= set(path)
            if len(path) >= LEAST_SEGMENT:
                out.append(path)
                used |= _other_readings(path, nodes[part], members)
        left = [column for column in left if column not in used]
    return out


def sources(
    found: list[list[int]], members: Members, min_words: int, family: np.ndarray
) -> list[list[list[int]]]:
    """Segments of one source, in the order of most articles.

    A segment is of the family, by the number of each article, that most of its articles are of. One
    of which no article has enough words is left out.
    Sources have `min_words` words or more, and the longest comes first.
    """
    placed = [(path, _mean_places(path, members)) for path in found]
    found = [path for path, places in placed if places]
    where = [places for _, places in placed if places]
    label = [Counter(family[list(places)].tolist()).most_common(1)[0][0] for places in where]
    groups, out = defaultdict(list), []
    for segment, part in enumerate(label):
        groups[part].append(segment)
    for group in groups.values():
        held, votes = defaultdict(list), Counter[tuple[int, int]]()
        for segment in group:
            for article, place in where[segment].items():
                held[article].append((place, segment))
        for places in held.values():  # most pairs of segments have no article in common
            for (x, i), (y, j) in combinations(sorted(places), 2):
                votes[i, j] += x < y
        order = untangle(group, +votes)
        out.append([found[i] for i in order])
    out = [source for source in out if sum(map(len, source)) >= min_words]
    return sorted(out, key=lambda source: -sum(map(len, source)))


def _steps(members: Members) -> dict[tuple[int, int], set[int]]:
    """Which column follows upon which, and in which articles."""
    by_article = defaultdict(list)
    for column, words in members.items():
        for article, word in words.items():
            by_article[article].append((word, column))
    steps = defaultdict(set)
    for article, held in by_article.items():
        held.sort()
        for (x, one), (y, other) in zip(held, held[1:]):
            if y - x <= JUMP:
                steps[one, other].add(article)
    return steps


def _other_readings(path: list[int], nodes: list[int], members: Members) -> set[int]:
    """Columns of which some article has a word between two near words of a path."""
    on = defaultdict(list)
    for place, column in enumerate(path):
        for article, word in members[column].items():
            on[article].append((word, place))
    for words in on.values():
        words.sort()

    def between(article: int, word: int) -> bool:
        words = on[article]
        k = bisect_left(words, (word, -1))
        if not 0 < k < len(words):
            return False
        (before, i), (after, j) = words[k - 1], words[k]
        return after - before <= 2 * JUMP and abs(j - i) <= JUMP

    return {node for node in nodes if any(between(*item) for item in members[node].items())}


def _mean_places(path: list[int], members: Members) -> dict[int, float]:
    """The mean place of a segment in each article that has enough of it."""
    words = defaultdict(list)
    for column in path:
        for article, word in members[column].items():
            words[article].append(word)
    return {
        a: float(np.mean(places)) for a, places in words.items() if len(places) >= LEAST_SEGMENT
    }


def untangle(nodes: list[int], votes: Mapping[tuple[int, int], float]) -> list[int]:
    """Order nodes as most votes have it; ties go by the order given.

    Of a circle, the step with fewest votes is dropped.

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
    after: dict[int, dict[int, float]] = defaultdict(dict)
    before: dict[int, dict[int, float]] = defaultdict(dict)
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
        for other in sorted(after[node], key=place.__getitem__, reverse=True):
            before[other].pop(node, None)
            if not before[other] and other in left:
                ready.append(other)
        for other in before[node]:
            after[other].pop(node, None)
    return out


def heaviest(
    order: list[int], steps: Mapping[tuple[int, int], float], weight: Mapping[int, float]
) -> list[int]:
    """The path through columns in order that most articles carry.

    References
    ----------
    Lee, C. (2003). Generating consensus sequences from partial order multiple sequence alignment
    graphs. Bioinformatics 19(8). https://doi.org/10.1093/bioinformatics/btg109
    """
    place = {node: k for k, node in enumerate(order)}
    after = defaultdict(list)
    for (node, other), n in steps.items():
        if place[other] > place[node]:
            after[node].append((other, n))
    best: dict[int, float] = defaultdict(float)
    back: dict[int, int] = {}
    for node in order:
        best[node] += weight[node]
        for other, n in after[node]:
            if best[node] + n > best[other]:
                best[other], back[other] = best[node] + n, node
    path = [max(order, key=lambda node: (best[node], -place[node]))]
    while path[-1] in back:
        path.append(back[path[-1]])
    return path[::-1]
