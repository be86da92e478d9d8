"""Variants: one name as two articles spell it, where neither has the other's spelling."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.text.tokens import normalise
from analysis.tl._contexts import SAME_STORY, Told

LIKE = 0.7  # how alike two spellings of one word are (Ratcliff and Obershelp's measure)
LETTERS = 5  # of a word of a name that may be a spelling of another
SINGLE = 6  # letters of a single word from which spelling can tell anything
DOUBTFUL_WORD, DOUBTFUL_PLACE = (
    1.5,
    0.6,
)  # evidence that such a variant needs from its contexts (`Told.evidence`)
MOST = (
    40  # names that are compared with each other because they share a part; more share it by chance
)
# the last words of names of places, which one outlet changes for another
_PLACES = frozenset(
    "quay wharf pier dock docks harbour harbor street road avenue lane square bridge tower hospital"
    " clinic infirmary school college church chapel cathedral station terminal hotel inn prison"
    " jail centre center hall island beach bay".split()
)
_DERIVED = frozenset(
    [
        "",
        *(
            "s n an ans ian ians i is ish ese ic ical ics es ns al als ally ism ist ists ity y ies"
            " er ers ed ing o a as e os ation ations ern"
        ).split(),
    ]
)


def name_variants(told: Told, floor: float) -> pd.DataFrame:
    """Pairs of mentions of one name in two spellings, the most alike of each pair of articles and
    spellings: i, j, a, b, score.

    Of names of several words, one must be a spelling or short form of the other, and the articles
    of one story. A single word, or a place whose last word is another, must stand in like contexts.
    """
    values = told.values
    rows = np.flatnonzero((values["kind"] == "name") & values["telling"])
    words = [_words(value) for value in values["value"].to_numpy()[rows]]
    mentions: dict[tuple, list[int]] = defaultdict(list)
    for row, name in zip(rows.tolist(), words):
        if name:
            mentions[name].append(row)
    article = values["article"].to_numpy()
    having = {name: set(article[found].tolist()) for name, found in mentions.items()}
    found = []
    for x, y in _pairs(mentions):
        likeness, doubtful = _variant(x, y)
        if likeness:
            needed = (DOUBTFUL_WORD if len(x) == 1 else DOUBTFUL_PLACE) if doubtful else 0.0
            found += _between(
                told, mentions[x], mentions[y], having[x], having[y], likeness, needed
            )
    pairs = pd.DataFrame(found, columns=["i", "j", "a", "b", "score"])
    return pairs[pairs["score"] >= floor]


def _pairs(names) -> set[tuple[tuple, tuple]]:
    """Names that share all words but one, or the first letters of every word."""
    blocks: dict[tuple, list[tuple]] = defaultdict(list)
    for name in names:
        blocks["begin", *(word[:3] for word in name)].append(name)
        if len(name) > 1:
            for i, word in enumerate(name):
                blocks[
                    i, len(name), *name[:i], "", *name[i + 1 :], "" if word in _PLACES else word[0]
                ].append(name)
    return {
        pair if pair[0] < pair[1] else pair[::-1]
        for block in blocks.values()
        if len(block) <= MOST
        for pair in combinations(block, 2)
    }


def _variant(x: tuple[str, ...], y: tuple[str, ...]) -> tuple[float, bool]:
    """How alike two names are, and whether that alone is doubtful; 0 if they are not one name."""
    if len(x) != len(y):
        return 0.0, True
    likeness = []
    for i, (p, q) in enumerate(zip(x, y)):
        if p == q:
            likeness.append(1.0)
        elif len(x) > 1 and i == len(x) - 1 and p in _PLACES and q in _PLACES:
            return (0.8, True) if x[:-1] == y[:-1] else (0.0, True)
        elif (
            i == 0
            and len(x) > 1
            and x[1:] == y[1:]
            and min(len(p), len(q)) >= 3
            and (p.startswith(q) or q.startswith(p))
        ):
            likeness.append(0.9)  # Sam, Samuel
        elif (
            _derived(p, q) or p[0] != q[0] or min(len(p), len(q)) < LETTERS or not (p + q).isalpha()
        ):
            return 0.0, True
        else:
            likeness.append(SequenceMatcher(None, p, q, autojunk=False).ratio())
    if min(likeness) < LIKE or len(x) == 1 and min(len(x[0]), len(y[0])) < SINGLE:
        return 0.0, True
    return sum(likeness) / len(likeness), len(x) == 1


def _derived(p: str, q: str) -> bool:
    """Whether one word is made from the other's stem: Venezuela and Venezuelan, Democrats and
    Democratic.
    """
    same = next((i for i, (c, d) in enumerate(zip(p, q)) if c != d), min(len(p), len(q)))
    return (
        same >= 4
        and p[same:] in _DERIVED
        and q[same:] in _DERIVED
        or same >= 4
        and min(len(p), len(q)) - same <= 1
        and abs(len(p) - len(q)) >= 2
    )


def _between(
    told: Told,
    x: list[int],
    y: list[int],
    has_x: set[int],
    has_y: set[int],
    likeness: float,
    needed: float,
) -> list[tuple]:
    """The most alike mentions in every two articles of which one has only the first spelling and
    the other only the second.
    """
    article, text_length = (
        told.values["article"].to_numpy(),
        told.values["end"].to_numpy() - told.values["start"].to_numpy(),
    )
    x, y = (
        [i for i in side if article[i] in only]
        for side, only in ((x, has_x - has_y), (y, has_y - has_x))
    )
    if not x or not y:
        return []
    contexts = told.contexts(np.array(x + y), [""] * (len(x) + len(y)))
    alike = np.asarray((contexts[: len(x)] @ contexts[len(x) :].T).todense())
    # the whole name rather than the last name alone
    whole = text_length[x][:, None] + text_length[y][None, :]
    order = np.lexsort((-alike.ravel(), (whole < whole.max() * 0.8).ravel()))
    best: dict[tuple[int, int], tuple[int, int]] = {}
    top: dict[tuple[int, int], float] = {}
    for place in order.tolist():
        p, q = divmod(place, len(y))
        key = article[x[p]], article[y[q]]
        best.setdefault(key, (x[p], y[q]))
        top[key] = max(top.get(key, 0.0), float(alike[p, q]))
    rank = {row: place for place, row in enumerate(x + y)}
    evidence = told.evidence(
        contexts,
        *(np.array([rank[pair[side]] for pair in best.values()], np.int64) for side in (0, 1)),
    )
    story = told.story(*np.array(list(best), np.int64).T)
    found = []
    for (key, (i, j)), same, shared in zip(best.items(), story.tolist(), evidence.tolist()):
        either = 1 - (1 - top[key]) * (1 - same)
        if same >= SAME_STORY and shared >= needed:
            i, j = (i, j) if key[0] < key[1] else (j, i)
            found.append((i, j, min(key), max(key), likeness * (either if needed else either**0.5)))
    return found


@lru_cache(1 << 16)
def _words(name: str) -> tuple[str, ...]:
    """A name without accents and points: those alone make no other name."""
    plain = "".join(
        c for c in unicodedata.normalize("NFD", normalise(name)) if not unicodedata.combining(c)
    )
    return tuple(
        word
        for word in plain.replace(".", "").replace("’", "'").replace("-", " ").split()
        if word not in ("the", "&")
    )
