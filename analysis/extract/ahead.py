"""Sentences of several articles embedded together, each distinct one once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.models.encoder import MINILM_SHA256, Encoder, OnnxEncoder
from analysis.models.tone.model import ToneModel
from analysis.models.tone.states import WINDOW


class ReadAhead:
    """An encoder that remembers the sentences it was told of.

    More sentences are of one length, and go through a model faster, than an article has alone. The
    vectors are the encoder's, as they do not depend on other sentences.

    Parameters
    ----------
    encoder : Encoder
    tone : ToneModel, optional
        One that reads inner layers of the same encoder is told of those of sentences read ahead, so
        that no sentence is read twice.
    """

    def __init__(self, encoder: Encoder, tone: ToneModel | None = None):
        self._encoder = encoder
        self.name, self.digest = encoder.name, encoder.digest
        self._known: dict[str, np.ndarray] = {}
        self._states, self._passing = getattr(tone, "states", None), None
        if self._states and isinstance(encoder, OnnxEncoder) and encoder.digest == MINILM_SHA256:
            self._passing = encoder.with_layers(self._states.names)

    def read(self, sentences: Sequence[str]) -> None:
        """Embed sentences that will be asked for, and forget those read before.

        Parameters
        ----------
        sentences : sequence of str
        """
        self._known.clear()
        try:
            self._known.update(self._vectors(sentences))
        except MemoryError:
            raise
        except Exception:  # the article that it fails on fails alone when it asks
            return

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        """Embed sentences; see `Encoder`.

        Parameters
        ----------
        sentences : sequence of str

        Returns
        -------
        float32 array of shape (n_sentences, n_dimensions)
        """
        known = self._known
        if not sentences or any(one not in known for one in sentences):
            return self._encoder.encode(sentences)
        return np.stack([known[one] for one in sentences])

    def _vectors(self, sentences: Sequence[str]) -> dict[str, np.ndarray]:
        distinct = list(dict.fromkeys(sentences))
        if self._passing is None:
            return dict(zip(distinct, self._encoder.encode(distinct)))
        self._states.known, vectors = {}, {}
        for place, vector, pieces, layers in self._passing.passes(distinct):
            vectors[distinct[place]] = vector
            if len(pieces) <= WINDOW:
                self._states.known[pieces.tobytes()] = np.stack(layers)
        return vectors
