"""The words of lost sources, and what else witnesses have in their place, beside them or twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.tl._collation import JUMP, Alignment, Members

WORDS = ["family", "segment", "place", "article_id", "position", "n_witnesses", "witnesses"]
WORDS += ["n_variants", "confidence"]
VARIANTS = ["family", "segment", "place", "n_places", "article_id", "position", "n_words", "kind"]
VARIANTS += ["n_articles"]
VARIANT_KINDS = ("instead", "left out", "besides", "twice")
LEAST_AGAIN = 8  # running words that are no chance when they stand in an article twice
BESIDES = 40  # words between two stretches of the source that are shown as one article's own


class OtherWords(NamedTuple):
    """Words of an article where the source has others, or none.

    Attributes
    ----------
    segment, place, n_places : int
        Places of the source, from 0: those that the article lacks. Of words that it has besides
        those of the source, the place before them, and 0.
    article, first, stop : int
        Words of the corpus.
    kind : str
        One of `VARIANT_KINDS`.
    """

    segment: int
    place: int
    n_places: int
    article: int
    first: int
    stop: int
    kind: str


def written_out(
    sources: Sequence[tuple[str, list[list[int]]]],
    members: Members,
    alignment: Alignment,
    hashes: np.ndarray,
    ids: np.ndarray,
    bounds: np.ndarray,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`LostSource.table` and `LostSource.variants` of sources, given by name and segments."""
    words: list[tuple] = []
    variants: list[tuple] = []
    for name, source in sources:
        readings = [*_readings(source, members), *_twice(source, members, hashes, bounds)]
        said = [hashes[x.first : x.stop].tobytes() for x in readings]
        where = [x[:3] for x in readings]
        alike = Counter(zip(where, said))
        others: dict[tuple[int, int], Counter[bytes]] = defaultdict(Counter)
        for x, key, text in zip(readings, where, said):
            variants.append(
                (
                    name,
                    x.segment + 1,
                    x.place + 1,
                    x.n_places,
                    ids[x.article],
                    x.first - bounds[x.article],
                    x.stop - x.first,
                    x.kind,
                    alike[key, text],
                )
            )
            if x.kind in VARIANT_KINDS[:2]:
                for place in range(x.place, x.place + x.n_places):
                    others[x.segment, place][text] += 1
        for number, path in enumerate(source):
            carried = Counter(a for column in path for a in members[column])
            for place, column in enumerate(path):
                have, other = members[column], others[number, place]
                best = max(have, key=lambda a: (carried[a], -a))
                names = " ".join(ids[a] for a in sorted(have))
                sure = alignment.surest[column] * len(have) / (len(have) + other.total())
                at = ids[best], have[best] - bounds[best]
                words.append((name, number + 1, place + 1, *at, len(have), names, len(other), sure))
    return pd.DataFrame(words, columns=WORDS), pd.DataFrame(variants, columns=VARIANTS)


def of_earlier_archive(variants: pd.DataFrame) -> pd.DataFrame:
    """Variants as archives of earlier versions hold them: words instead of one, or none."""
    if "kind" in variants:
        return variants
    kind = np.where(variants["n_words"] > 0, *VARIANT_KINDS[:2])
    return variants.assign(n_places=1, kind=kind, n_articles=1)[VARIANTS]


def _carried(source: list[list[int]], members: Members) -> dict[int, list[tuple[int, int, int]]]:
    """Of each article its words of a source: segment, place and word, in the source's order."""
    out = defaultdict(list)
    for segment, path in enumerate(source):
        for place, column in enumerate(path):
            for article, word in members[column].items():
                out[article].append((segment, place, word))
    return out


def _readings(source: list[list[int]], members: Members) -> Iterator[OtherWords]:
    """Where articles differ from a source between two words that they have of it."""
    for article, held in sorted(_carried(source, members).items()):
        for (segment, place, word), (next_segment, next_place, next_word) in pairwise(held):
            n_words = next_word - word - 1
            if segment == next_segment:
                n_places, most = next_place - place - 1, JUMP - 1
            else:
                n_places, most = 0, BESIDES
            if not 0 <= n_words <= most or not n_places <= JUMP or n_words == n_places == 0:
                continue
            kind = (
                VARIANT_KINDS[2]
                if not n_places
                else VARIANT_KINDS[0]
                if n_words
                else VARIANT_KINDS[1]
            )
            yield OtherWords(
                segment, place + (n_places > 0), n_places, article, word + 1, next_word, kind
            )


def _twice(
    source: list[list[int]], members: Members, hashes: np.ndarray, bounds: np.ndarray
) -> Iterator[OtherWords]:
    """Runs of a source that an article has once more."""
    held = _carried(source, members)
    places: dict[bytes, tuple[int, int]] = {}
    for segment, path in enumerate(source):
        text = hashes[[next(iter(members[column].values())) for column in path]]
        for place in range(len(text) - LEAST_AGAIN + 1):
            places.setdefault(text[place : place + LEAST_AGAIN].tobytes(), (segment, place))
    for article, mine in sorted(held.items()):
        carried = {(segment, place): word for segment, place, word in mine}
        first, end = int(bounds[article]), int(bounds[article + 1])
        begun: tuple[int, int, int] | None = None  # segment, place and word of the run so far
        for word in range(first, end - LEAST_AGAIN + 2):
            at = places.get(hashes[word : word + LEAST_AGAIN].tobytes())
            new = at is not None and carried.get(at, word) != word
            if begun and (not new or at != (begun[0], begun[1] + word - begun[2])):
                n = word - begun[2] + LEAST_AGAIN - 1
                segment, place, start = begun
                yield OtherWords(segment, place, n, article, start, start + n, VARIANT_KINDS[3])
                begun = None
            if new and begun is None and at is not None:
                begun = (at[0], at[1], word)
