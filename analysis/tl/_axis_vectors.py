"""Words in embedding space: the vector of a word by itself."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeGuard

import numpy as np
from filelock import FileLock

from analysis.errors import OptionError
from analysis.files import SHARED_WORDS
from analysis.models.encoder import Encoder
from analysis.progress import progress

CARRIER = "The word {}."  # separates words better than no carrier: benchmarks/axes_lexicon.py
_REMEMBERED = 1 << 15  # words, of 1.5 kB each
_AT_ONCE = 256  # words


def word_vectors(words: Iterable[str], encoder: Encoder, *, carrier: str = CARRIER) -> np.ndarray:
    """Embed each word by itself.

    Returns
    -------
    float32 array of shape (n_words, n_dimensions)
        Each row has length 1.
    """
    sentences = [carrier.format(word) for word in words]
    if not sentences:
        return np.empty((0, 0), np.float32)
    known = _known(encoder.encode)
    if len(known.keys() | sentences) > _REMEMBERED:
        known.clear()
    if all(one in known for one in sentences):
        return np.stack([known[one] for one in sentences])
    with _shared(known, encoder.digest):
        _embed([one for one in dict.fromkeys(sentences) if one not in known], known, encoder)
    return np.stack([known[one] for one in sentences])


def _embed(fresh: list[str], known: dict[str, np.ndarray], encoder: Encoder) -> None:
    with progress(what="embedding words", total=len(fresh), unit="words") as bar:
        for first in range(0, len(fresh), _AT_ONCE):
            some = fresh[first : first + _AT_ONCE]
            known.update(zip(some, encoder.encode(some)))
            bar.update(len(some))


@contextlib.contextmanager
def _shared(known: dict[str, np.ndarray], digest: str) -> Iterator[None]:
    """What other notebooks of the same run embedded is known too, and what is added, to them."""
    if not (folder := os.environ.get(SHARED_WORDS)):
        yield
        return
    name = hashlib.sha256(digest.encode()).hexdigest()[:16]
    path = Path(folder) / f"{name}.npz"
    with FileLock(f"{path}.lock"):  # who comes second waits, and then has nothing to embed
        if path.exists():
            with np.load(path) as there:
                known.update(zip(there["sentences"].tolist(), there["vectors"]))
        n = len(known)
        yield
        if len(known) > n:
            fresh = path.with_suffix(".new.npz")
            np.savez(fresh, sentences=np.array([*known]), vectors=np.stack([*known.values()]))
            fresh.replace(path)


@lru_cache(2)
def _known(encode: Callable) -> dict[str, np.ndarray]:
    """Vectors that an encoder gave in this process, by sentence."""
    return {}


def checked_axes(axes: Mapping[str, Mapping]) -> dict[str, tuple[list[str], list[str]]]:
    """The words of the low and the high pole of each axis.

    Raises
    ------
    OptionError
        If an axis lacks one, or has a word at both.
    """
    if not isinstance(axes, Mapping) or not axes:
        raise OptionError(
            "axes must be a mapping from each axis to its poles, such as"
            f" {{'good-bad': {{'low': ['bad'], 'high': ['good']}}}} (got {axes!r:.60})"
        )
    made = {}
    for name, poles in axes.items():
        low, high = (poles.get(s) if isinstance(poles, Mapping) else None for s in ("low", "high"))
        if not _is_words(low) or not _is_words(high):
            raise OptionError(
                f"axis {name!r} must be a mapping of `low` and `high`, each to a list of words"
                f" (got {poles!r:.60})"
            )
        if both := sorted(set(low) & set(high)):
            raise OptionError(
                f"axis {name!r} has {', '.join(both)} at both poles; keep each at one"
            )
        made[str(name)] = list(low), list(high)
    return made


def _is_words(given) -> TypeGuard[Sequence[str]]:
    listed = isinstance(given, list | tuple) and len(given) > 0
    return listed and all(isinstance(word, str) and word.strip() for word in given)


def axis_vectors(
    axes: Mapping[str, tuple[list[str], list[str]]], encoder: Encoder, *, carrier: str = CARRIER
) -> np.ndarray:
    """From the mean of each axis's low pole to that of its high one.

    Returns
    -------
    array of shape (n_axes, n_dimensions)
        Each row has length 1.
    """

    def centre(words: list[str]) -> np.ndarray:
        return word_vectors(words, encoder, carrier=carrier).astype(float).mean(axis=0)

    rows = np.stack([centre(high) - centre(low) for low, high in axes.values()])
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
