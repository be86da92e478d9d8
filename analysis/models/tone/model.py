"""What extraction asks of a tone model, and the one that ships."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from analysis.models.tone.head import load_head
from analysis.models.tone.tuned import TunedTone

TONE_WEIGHTS = Path(__file__).parents[2] / "data" / "tone.npz"


class ToneModel(Protocol):
    """What extraction asks of a tone model; anything with these three serves.

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
            One for each mention; a sentence with two mentions is given twice.
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
    """The tone model that ships, or one that was trained here.

    Parameters
    ----------
    path : path, optional
        The weights: an .npz file of `benchmarks.tone_train`, or an .onnx file of
        `benchmarks.tone_tune`; those that ship if not given.

    Returns
    -------
    ToneModel
        The same object for the same path.

    Raises
    ------
    ModelError
        If the weights or the encoder are missing or damaged.

    References
    ----------
    Hamborg, F., and Donnay, K. (2021). NewsMTSC: A dataset for (multi-)target-dependent sentiment
    classification in political news articles. EACL. https://doi.org/10.18653/v1/2021.eacl-main.142

    Examples
    --------
    The probability of positive less that of negative, towards each of two people in a sentence:

    >>> from analysis.models.tone import load_tone
    >>> sentence = "Adler praised the crew, but Brandt attacked them with shameful lies."
    >>> rows = load_tone().predict([sentence, sentence], [(0, 5), (28, 34)])
    >>> [round(float(positive - negative), 1) for negative, _, positive in rows]
    [0.2, -0.8]
    """
    weights = TONE_WEIGHTS if path is None else Path(path)
    return TunedTone(weights) if weights.suffix == ".onnx" else load_head(weights)
