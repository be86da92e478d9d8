"""What extraction asks of a tone model, and the one that ships."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from .head import load_head

WEIGHTS = Path(__file__).parents[2] / "data" / "tone.npz"


class ToneModel(Protocol):
    """Anything with these three serves.

    Attributes
    ----------
    name : str
        Shown beside results.
    digest : str
        Changes whenever the probabilities would; part of the cache's key.
    """

    name: str
    digest: str

    def predict(self, sentences: Sequence[str], spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """Tone towards mentions.

        Parameters
        ----------
        sentences : sequence of str
            One for each mention; a sentence with two mentions stands twice.
        spans : sequence of (start, end)
            The mention's characters in its sentence, end exclusive.

        Returns
        -------
        float32 array of shape (n_mentions, 3)
            Probabilities of negative, neutral and positive; each row adds up to 1.

        Raises
        ------
        OptionError
            If a span lies outside its sentence or holds nothing to read.
        """


@functools.cache
def load_tone(path: str | Path | None = None) -> ToneModel:
    """The tone model that ships, or the one that `benchmarks.tone_train` wrote to `path`.

    Raises
    ------
    ModelError
        If the weights or the encoder are missing or damaged.
    """
    return load_head(Path(path) if path is not None else WEIGHTS)
