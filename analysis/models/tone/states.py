"""States of a sentence's word pieces at inner layers of the default encoder."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.models.encoder import inputs_of, minilm, open_session, with_outputs

WINDOW = 128  # pieces around the mention that are read of a longer sentence, with two marks
_BATCH = 8  # sentences of one length that are read at once; more are slower where they are long
# of the embedding and of layers 1 to 5
LAYER_OUTPUTS = ("layer_norm", *(f"layer_norm_{2 * i}" for i in range(1, 6)))


@dataclass(frozen=True)
class Pieces:
    """A sentence cut into word pieces.

    Attributes
    ----------
    ids : int64 array of shape (n_pieces,)
        Without the two marks that the encoder wants at either end.
    offsets : int64 array of shape (n_pieces, 2)
        Characters of the sentence, end exclusive.
    """

    ids: np.ndarray
    offsets: np.ndarray

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The pieces that share a character with a span.

        Parameters
        ----------
        start, end : int
            Characters of the sentence, `end` exclusive.

        Returns
        -------
        first, last : int
            `last` exclusive; both 0 where there are none.
        """
        hit = np.flatnonzero((self.offsets[:, 0] < end) & (self.offsets[:, 1] > start))
        return (int(hit[0]), int(hit[-1]) + 1) if len(hit) else (0, 0)

    def window(self, first: int, last: int) -> tuple[int, int]:
        """The pieces to read for a mention: all, or as many as fit around its start.

        Parameters
        ----------
        first, last : int
            Pieces of the mention, `last` exclusive.

        Returns
        -------
        low, high : int
            `high` exclusive; at most 126 pieces, which hold the mention's first.
        """
        n, room = len(self.ids), WINDOW - 2
        if n <= room:
            return 0, n
        spare = max(room - (last - first), room // 2)
        start = min(max(first - spare // 2, 0), n - room)
        return start, start + room


class LayerStates:
    """The default encoder, asked for what its inner layers hold.

    Sentence encoders are trained to represent what a sentence is about; how it judges somebody is
    clearer in the layers before the last. The model is cut off after the highest layer asked for,
    so this costs less than an embedding.

    Parameters
    ----------
    layers : sequence of int
        From 0 (embeddings) to 5.

    Raises
    ------
    ModelError
        If the encoder's files are missing or damaged.

    Examples
    --------
    >>> from analysis.models.tone.states import LayerStates
    >>> encoder = LayerStates([3, 4])
    >>> pieces = encoder.pieces("The crane fell.")
    >>> pieces.offsets.tolist()
    [[0, 3], [4, 9], [10, 14], [14, 15]]
    >>> encoder.states(pieces.ids).shape
    (2, 6, 384)
    """

    def __init__(self, layers: Sequence[int]):
        model, self._tokenizer = minilm()
        self.names = [LAYER_OUTPUTS[layer] for layer in layers]
        self._session = open_session(with_outputs(model.read_bytes(), self.names))
        # states that embedding came by, by the bytes of a sentence's pieces with both marks
        self.known: dict[bytes, np.ndarray] = {}
        self._start, self._end = (self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def pieces(self, sentence: str) -> Pieces:
        """Cut a sentence into word pieces, however long it is.

        Parameters
        ----------
        sentence : str

        Returns
        -------
        Pieces
        """
        cut = self._tokenizer.encode(sentence, add_special_tokens=False)
        return Pieces(np.array(cut.ids, np.int64), np.array(cut.offsets, np.int64).reshape(-1, 2))

    def states(self, ids: np.ndarray) -> np.ndarray:
        """States of pieces, and of the mark at either end.

        Parameters
        ----------
        ids : int64 array of shape (n_pieces,)

        Returns
        -------
        float32 array of shape (n_layers, n_pieces + 2, 384)
        """
        return self.states_of([ids])[0]

    def states_of(self, sentences: Sequence[np.ndarray]) -> list[np.ndarray]:
        """The states of several sentences, of each the same as alone, see `states`.

        Those of one length go together: nothing is padded, and the encoder computes in float32,
        whose scales do not depend on a batch.

        Parameters
        ----------
        sentences : sequence of int64 arrays of shape (n_pieces,)

        Returns
        -------
        list of float32 arrays of shape (n_layers, n_pieces + 2, 384)
        """
        marked = [np.array([self._start, *ids, self._end], np.int64) for ids in sentences]
        found = [self.known.get(ids.tobytes(), np.empty(0)) for ids in marked]
        unknown = [i for i, states in enumerate(found) if not states.size]
        unknown.sort(key=lambda i: len(marked[i]))
        for _, same in itertools.groupby(unknown, key=lambda i: len(marked[i])):
            places = list(same)
            for first in range(0, len(places), _BATCH):
                batch = places[first : first + _BATCH]
                ids = np.stack([marked[i] for i in batch])
                layers = self._session.run(self.names, inputs_of(ids))
                for i, *states in zip(batch, *layers):
                    found[i] = np.stack(states)
        return found
