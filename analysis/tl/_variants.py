"""Variants: one name as two articles spell it, where neither has the other's spelling."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations
from os.path import commonprefix

import numpy as np
import pandas as pd

from analysis.text.lists import english_words
from analysis.text.tokens import normalise
from analysis.tl._contexts import SAME_STORY, Values

_LIKE = 0.7  # how alike two spellings of one word are (Ratcliff and Obershelp's measure)
_SHORT = 0.3  # Sam, Samuel: mostly one person, whom nobody disagrees on
LETTERS = 5  # of a word of a name that may be a spelling of another
_SINGLE = 6  # letters of a single word from which its spelling says anything
# evidence that a doubtful variant needs from its contexts (`Values.evidence`)
DOUBTFUL_WORD, DOUBTFUL_PLACE = 1.5, 0.6
# names that are compared with each other because they share a part; more share it by chance
_MOST = 40
_WHOLE = 0.8  # of the longest pair of mentions, from which on names are taken to be given in full
# the last words of names of places, which one outlet changes for another
_PLACES = english_words("buildings")
ENDINGS = frozenset(
    (
        "s n an ans ian ians i is ish ese ic ical ics es ns al als ally ism ist ists ity y ies er"
        " ers ed ing o a as e os ation ations ern"
    ).split()
) | {""}
SpokenName = tuple[str, ...]


def name_variants(values: Values, floor: float) -> pd.DataFrame:
    """Pairs of mentions of one name in two spellings: i, j (rows of the values), score.

    Of each pair of articles and spellings it is the most alike pair. Of names of several words, one
    must be a spelling or short form of the other, and the articles of one story. A single word, or
    a place whose last word is another, must stand in like contexts.
    """
    table = values.table
    rows = table[(table["kind"] == "name") & table["usable"]]
    mentions: dict[SpokenName, list[int]] = defaultdict(list)
    for row, value in rows["value"].items():
        if name := _words(value):
            mentions[name].append(row)
    article = table["article"].to_numpy()
    articles = {name: set(article[found].tolist()) for name, found in mentions.items()}
    found = []
    for x, y in _pairs(mentions):
        alike, doubtful = _variant(x, y)
        needed = (DOUBTFUL_WORD if len(x) == 1 else DOUBTFUL_PLACE) if doubtful else 0.0
        # articles that have both spellings disagree with none
        only_x, only_y = (
            [row for row in mentions[name] if article[row] not in articles[other]]
            for name, other in ((x, y), (y, x))
        )
        if alike and only_x and only_y:
            found += _most_alike(values, only_x, only_y, alike, needed)
    return pd.DataFrame([pair for pair in found if pair[2] >= floor], columns=["i", "j", "score"])


def _pairs(names: dict[SpokenName, list[int]]) -> set[tuple[SpokenName, SpokenName]]:
    """Names that share all words but one, or the first letters of every word."""
    blocks: dict[tuple, list[SpokenName]] = defaultdict(list)
    for name in names:
        blocks["begin", *(word[:3] for word in name)].append(name)
        for i, word in enumerate(name if len(name) > 1 else ()):
            initial = "" if word in _PLACES else word[0]
            blocks[i, len(name), *name[:i], "", *name[i + 1 :], initial].append(name)
    return {
        (min(pair), max(pair))
        for block in blocks.values()
        if len(block) <= _MOST
        for pair in combinations(block, 2)
    }


def _variant(x: SpokenName, y: SpokenName) -> tuple[float, bool]:
    """How alike two names are, and whether that alone is doubtful; 0 if they are not one name."""
    if len(x) != len(y):
        return 0.0, True
    if len(x) > 1 and x[-1] != y[-1] and {x[-1], y[-1]} <= _PLACES:
        return (0.8, True) if x[:-1] == y[:-1] else (0.0, True)
    alike = [_word_variant(p, q) for p, q in zip(x, y)]
    if len(x) > 1 and x[1:] == y[1:] and _short_form(x[0], y[0]):
        alike[0] = _SHORT
    if _SHORT in alike:
        return _SHORT, False
    if min(alike) < _LIKE or len(x) == 1 and min(len(x[0]), len(y[0])) < _SINGLE:
        return 0.0, True
    return sum(alike) / len(alike), len(x) == 1


def _word_variant(p: str, q: str) -> float:
    """How alike two words are; 0 if they are not one word in two spellings."""
    if p == q:
        return 1.0
    if p[0] != q[0] or min(len(p), len(q)) < LETTERS or not (p + q).isalpha() or _derived(p, q):
        return 0.0
    return SequenceMatcher(None, p, q, autojunk=False).ratio()


def _short_form(p: str, q: str) -> bool:
    return p != q and min(len(p), len(q)) >= 3 and (p.startswith(q) or q.startswith(p))


def _derived(p: str, q: str) -> bool:
    """Whether words are of one stem: Venezuela and Venezuelan, Democrats and Democratic."""
    same = len(commonprefix([p, q]))
    short, long = sorted((len(p), len(q)))
    endings = p[same:] in ENDINGS and q[same:] in ENDINGS
    return same >= 4 and (endings or (short - same <= 1 and long - short >= 2))


def _most_alike(
    values: Values, x: list[int], y: list[int], alike: float, needed: float
) -> list[tuple[int, int, float]]:
    """The most alike mentions of two spellings in every two articles that have one each.

    Parameters
    ----------
    x, y : list of int
        Rows of the mentions of either spelling.
    alike : float
        How alike the spellings are.
    needed : float
        Evidence from contexts, if the spellings are doubtful; else 0.
    """
    rows, n = np.array(x + y), len(x)
    article, start, end = (values.table[c].to_numpy()[rows] for c in ("article", "start", "end"))
    contexts = values.contexts(rows, np.full(len(rows), ""))
    likeness = (contexts[:n] @ contexts[n:].T).toarray().ravel()
    p, q = np.indices((n, len(y))).reshape(2, -1)
    q += n
    # the whole name rather than the last name alone
    letters = (end - start)[p] + (end - start)[q]
    order = np.lexsort((-likeness, letters < letters.max() * _WHOLE))
    p, q, likeness = p[order], q[order], likeness[order]
    pair = article[p].astype(np.int64) << 32 | article[q]
    _, first, of = np.unique(pair, return_index=True, return_inverse=True)
    top = np.zeros(len(first))
    np.maximum.at(top, of, likeness)
    p, q = p[first], q[first]
    story = values.likeness(article[p], article[q])
    either = 1 - (1 - top) * (1 - story)
    score = alike * (either if needed else np.sqrt(either))
    kept = (story >= SAME_STORY) & (values.evidence(contexts, p, q) >= needed)
    i, j = np.minimum(rows[p], rows[q])[kept], np.maximum(rows[p], rows[q])[kept]
    return list(zip(i.tolist(), j.tolist(), score[kept].tolist()))


@lru_cache(1 << 16)
def _words(name: str) -> SpokenName:
    """A name without accents and points: those alone make no other name."""
    letters = unicodedata.normalize("NFD", normalise(name))
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    words = plain.replace(".", "").replace("’", "'").replace("-", " ").split()
    return tuple(word for word in words if word not in ("the", "&"))
