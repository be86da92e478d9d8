"""Words in embedding space: the vector of a word by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np

from analysis.errors import OptionError
from analysis.models.encoder import Encoder

CARRIER = (  # a sentence encoder tells words apart better within one: benchmarks/axes_lexicon.py
    "The word {}."
)
REMEMBERED = 1 << 15  # words, of 1.5 kB each
TELL_EVERY = 1000


def word_vectors(
    words: Iterable[str],
    encoder: Encoder,
    *,
    carrier: str = CARRIER,
    say: Callable[[str], None] = lambda line: None,
) -> np.ndarray:
    """Embed each word by itself: float32 array of shape (n_words, n_dimensions), each row of length
    1.
    """
    rows = []
    words = list(words)
    for word in words:
        rows.append(_vector(encoder, carrier.format(word)))
        if len(rows) % TELL_EVERY == 0:
            say(f"embedded {len(rows):,} of {len(words):,} words")
    return np.stack(rows) if rows else np.empty((0, 0), np.float32)


@lru_cache(REMEMBERED)
def _vector(encoder: Encoder, sentence: str) -> np.ndarray:
    return encoder.encode([sentence])[0]


def checked_axes(axes: Mapping[str, Mapping]) -> dict[str, tuple[list[str], list[str]]]:
    """The words of the low and the high pole of each axis."""
    if not isinstance(axes, Mapping) or not axes:
        raise OptionError(
            f"axes={axes!r:.60} was given; allowed is a mapping from each axis to its poles, such"
            " as {'good-bad': {'low': ['bad'], 'high': ['good']}}}}."
        )
    made = {}
    for name, poles in axes.items():
        sides = [
            poles.get(side) if isinstance(poles, Mapping) else None for side in ("low", "high")
        ]
        if not all(
            isinstance(side, list | tuple)
            and side
            and all(isinstance(w, str) and w.strip() for w in side)
            for side in sides
        ):
            raise OptionError(
                f"axis {name!r} is {poles!r:.60}; allowed are `low` and `high`, each a list of"
                " words."
            )
        if both := sorted(set(sides[0]) & set(sides[1])):
            raise OptionError(
                f"axis {name!r} has {', '.join(both)} at both poles; keep each at one."
            )
        made[str(name)] = list(sides[0]), list(sides[1])
    return made


def axis_vectors(
    axes: Mapping[str, tuple[list[str], list[str]]], encoder: Encoder, *, carrier: str = CARRIER
) -> np.ndarray:
    """From the mean of the low pole to that of the high one: array of shape (n_axes, n_dimensions),
    rows of length 1.
    """

    def centre(words: list[str]) -> np.ndarray:
        return word_vectors(words, encoder, carrier=carrier).astype(float).mean(axis=0)

    rows = np.stack([centre(high) - centre(low) for low, high in axes.values()])
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
