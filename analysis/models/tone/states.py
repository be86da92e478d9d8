"""States of a sentence's word pieces at inner layers of the default encoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ...errors import ModelError
from ..encoder import inputs_of, minilm, open_session

MAX_PIECES = 128  # longer sentences are read through a window around the mention
LAYER_OUTPUTS = tuple(
    ["layer_norm", *(f"layer_norm_{2 * i}" for i in range(1, 6))]
)  # of the embedding and of layers 1 to 5


@dataclass(frozen=True)
class Pieces:
    """A sentence cut into word pieces.

    Attributes
    ----------
    ids : array of int64, shape (n_pieces,)
        Without the two marks that the encoder wants at either end.
    offsets : array of int64, shape (n_pieces, 2)
        Characters of the sentence, end exclusive.
    """

    ids: np.ndarray
    offsets: np.ndarray

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The pieces that share a character with a span, as first and last (exclusive); equal where
        there are none.
        """
        hit = np.flatnonzero((self.offsets[:, 0] < end) & (self.offsets[:, 1] > start))
        return (int(hit[0]), int(hit[-1]) + 1) if len(hit) else (0, 0)

    def window(self, first: int, last: int) -> tuple[int, int]:
        """The pieces to read for a mention: all, or as many as fit around its start where the
        sentence is too long.
        """
        n, room = len(self.ids), MAX_PIECES - 2
        if n <= room:
            return 0, n
        spare = max(room - (last - first), room // 2)
        start = min(max(first - spare // 2, 0), n - room)
        return start, start + room


class LayerStates:
    """The default encoder, asked for what its inner layers hold.

    Sentence encoders are trained to say what a sentence is about; what it says of somebody stands
    more plainly in the layers before the last. The session is cut off after the highest layer asked
    for, so it costs less than an embedding.

    Parameters
    ----------
    layers : sequence of int
        From 0 (embeddings) to 5.
    """

    def __init__(self, layers: Sequence[int]):
        model, self._tokenizer = minilm()
        self._names = [LAYER_OUTPUTS[layer] for layer in layers]
        self._session = open_session(with_outputs(model.read_bytes(), self._names))
        self._start, self._end = (self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def pieces(self, sentence: str) -> Pieces:
        """Cut a sentence into word pieces, however long it is."""
        cut = self._tokenizer.encode(sentence, add_special_tokens=False)
        return Pieces(np.array(cut.ids, np.int64), np.array(cut.offsets, np.int64).reshape(-1, 2))

    def states(self, ids: np.ndarray) -> np.ndarray:
        """States of pieces and of the marks at either end: float32 array of shape (n_layers,
        n_pieces + 2, 384).

        One sentence at a time, so that a result never depends on what else is asked.
        """
        ids = np.concatenate([[self._start], ids, [self._end]])[None].astype(np.int64)
        return np.concatenate(self._session.run(self._names, inputs_of(ids)))


def with_outputs(model: bytes, names: Sequence[str]) -> bytes:
    """Cut an ONNX model so that it returns inner values, and computes nothing else.

    onnxruntime returns only what a model declares.

    Parameters
    ----------
    model : bytes
        A serialised ONNX model.
    names : sequence of str
        The values to return, as the model's graph names them.

    Returns
    -------
    bytes
        The serialised model with these outputs, in this order.

    Raises
    ------
    ModelError
        If the bytes are no ONNX model, or it has no value of such a name.
    """
    import onnx  # here, as the import takes a fifth of a second
    from google.protobuf.message import DecodeError
    from onnx.utils import Extractor

    try:
        whole = onnx.load_from_string(model)
        inputs = [value.name for value in whole.graph.input]
        cut = Extractor(whole).extract_model(inputs, list(names))
    except (DecodeError, ValueError) as error:
        raise ModelError(
            f"the encoder's file cannot be cut to {', '.join(names)} ({error});"
            " run `make clean setup` again."
        ) from None
    return cut.SerializeToString()
