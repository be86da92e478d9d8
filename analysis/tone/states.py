"""States of a sentence's word pieces at inner layers of the default encoder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import onnxruntime

from analysis import models
from analysis.errors import ModelError

MAX_PIECES = 128  # longer sentences are read through a window around the mention
LAYER_OUTPUTS = tuple(
    ["layer_norm", *(f"layer_norm_{2 * i}" for i in range(1, 6))]
)  # of the embedding and of layers 1 to 5
GRAPH, NODE, OUTPUT = 7, 1, 12  # fields of ONNX's ModelProto and GraphProto
NODE_INPUT, NODE_OUTPUT, VALUE_NAME = 1, 2, 1  # fields of its NodeProto and ValueInfoProto
VARINT, EIGHT_BYTES, COUNTED, FOUR_BYTES = 0, 1, 2, 5  # wire types of protocol buffers


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
        model, self._tokenizer = models.minilm()
        self._names = [LAYER_OUTPUTS[layer] for layer in layers]
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the order of sums, and so the last digits, stay the same
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            with_outputs(model.read_bytes(), self._names),
            options,
            providers=["CPUExecutionProvider"],
        )
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
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        return np.concatenate(self._session.run(self._names, feed))


def with_outputs(model: bytes, names: Sequence[str]) -> bytes:
    """An ONNX model that returns other inner values instead of its own outputs, and computes
    nothing else.

    onnxruntime returns only what a model declares. The onnx package would do this too, but is no
    dependency: a model is a message of numbered fields, of which only the graph's nodes and outputs
    change.

    Raises
    ------
    ModelError
        If the bytes are no such message.
    """
    out = bytearray()
    for number, field, content in _fields(model):
        if number == GRAPH:
            kept = b"".join(_needed(list(_fields(content)), {name.encode() for name in names}))
            field = _field(
                GRAPH,
                kept
                + b"".join(_field(OUTPUT, _field(VALUE_NAME, name.encode())) for name in names),
            )
        out += field
    return bytes(out)


def _needed(graph: list[tuple[int, bytes, bytes]], wanted: set[bytes]) -> list[bytes]:
    """The fields of a graph without its outputs, and without the nodes that nothing wanted comes
    from (a graph lists them in order).
    """
    kept = []
    for number, field, content in reversed(graph):
        if number == NODE:
            inner = list(_fields(content))
            if wanted.isdisjoint(name for n, _, name in inner if n == NODE_OUTPUT):
                continue
            wanted = wanted.union(name for n, _, name in inner if n == NODE_INPUT)
        if number != OUTPUT:
            kept.append(field)
    return kept[::-1]


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, all bytes, and content (of counted fields) of each field of a message."""
    at = 0
    while at < len(message):
        began = at
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        content = b""
        if wire == VARINT:
            _, at = _varint(message, at)
        elif wire == COUNTED:
            size, at = _varint(message, at)
            content = message[at : at + size]
            at += size
        elif wire in (EIGHT_BYTES, FOUR_BYTES):
            at += 8 if wire == EIGHT_BYTES else 4
        else:
            raise ModelError(
                f"the model's file holds a field of the unknown type {wire} at byte {began}; run"
                " `make clean setup` again."
            )
        yield number, message[began:at], content


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(message):
            raise ModelError("the model's file ends too early; run `make clean setup` again.")
        byte = message[at]
        value, shift, at = value | (byte & 127) << shift, shift + 7, at + 1
        if byte < 128:
            return value, at


def _field(number: int, content: bytes) -> bytes:
    return _to_varint(number << 3 | COUNTED) + _to_varint(len(content)) + content


def _to_varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
