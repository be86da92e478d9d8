"""What extraction asks of a tone model, and the one that ships."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from scipy.special import softmax

from analysis.models.tone.head import MentionTone, load_head
from analysis.models.tone.tuned import TunedTone

_DATA = Path(__file__).parents[2] / "data"
TONE_WEIGHTS = _DATA / "tone.npz"
TUNED_WEIGHTS = _DATA / "tone.onnx"
TUNED_SHA256 = "a1966c137764b4c98cffb81c087de030f22562d7da8052f555185db7593cbe14"
# of the mean of both models' log-probabilities, on the articles that neither learned from
TEMPERATURE = 0.94
_NAME = "attention heads and trained upper layers on all-MiniLM-L6-v2 (int8)"
_LEAST = np.float32(1e-9)


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


class ToneMixture(MentionTone):
    """The geometric mean of several models' probabilities, made to add up to 1.

    A sentence is read once for all.

    Parameters
    ----------
    models : sequence of MentionTone
    temperature : float
        The mean's logarithm is divided by it.
    name : str, optional
        The models' names if not given.
    """

    def __init__(self, models: Sequence[MentionTone], temperature: float = 1.0, name: str = ""):
        super().__init__([layer for model in models for layer in model.layers])
        self._models, self._temperature = tuple(models), temperature
        self.name = name or " and ".join(model.name for model in models)
        parts = " ".join([*(model.digest for model in models), str(temperature)])
        self.digest = hashlib.sha256(parts.encode()).hexdigest()
        self._edges = np.cumsum([0, *(len(model.layers) for model in models)])

    def __reduce__(self):
        return type(self), (self._models, self._temperature, self.name)

    def shares(self, inputs: np.ndarray, first: int, last: int) -> np.ndarray:
        """Probabilities of one mention, see `MentionTone`."""
        parts = zip(self._models, self._edges, self._edges[1:])
        every = [model.shares(inputs[a:b], first, last) for model, a, b in parts]
        return softmax(
            np.log(np.stack(every) + _LEAST).mean(axis=0) / np.float32(self._temperature)
        )


@functools.cache
def load_tone(path: str | Path | None = None) -> MentionTone:
    """The tone model that ships, or one that was trained here.

    Parameters
    ----------
    path : path, optional
        The weights: an .npz file of `benchmarks.tone_train`, or an .onnx file of
        `benchmarks.tone_tune`; both that ship, as a `ToneMixture`, if not given.

    Returns
    -------
    MentionTone
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
    [0.2, -0.9]
    """
    if path is None:
        tuned = TunedTone(TUNED_WEIGHTS, published=TUNED_SHA256)
        return ToneMixture([load_head(TONE_WEIGHTS), tuned], TEMPERATURE, _NAME)
    weights = Path(path)
    return TunedTone(weights) if weights.suffix == ".onnx" else load_head(weights)
