"""Sentences of several articles embedded together, each distinct one once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.models.encoder import Encoder


class ReadAhead:
    """An encoder that remembers the sentences it was told of.

    More sentences are of one length, and go through a model faster, than an article has alone. The
    vectors are the encoder's, as they do not depend on other sentences.

    Parameters
    ----------
    encoder : Encoder
    """

    def __init__(self, encoder: Encoder):
        self._encoder = encoder
        self.name, self.digest = encoder.name, encoder.digest
        self._known: dict[str, np.ndarray] = {}

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
        return dict(zip(distinct, self._encoder.encode(distinct)))
