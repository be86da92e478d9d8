"""Attention heads over frozen states of the encoder, averaged: the tone towards one mention."""

from __future__ import annotations

import functools
import hashlib
import io
import itertools
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from scipy.special import softmax
from threadpoolctl import ThreadpoolController

from analysis.errors import ModelError, OptionError
from analysis.models.encoder import MINILM_SHA256
from analysis.models.tone.states import LayerStates, Pieces
from analysis.models.tone.words import CHANNELS, channels

_NEAR = 6  # distances up to so many pieces have a bucket each, further ones share
SIDES = 12  # buckets before the mention, and as many after it
DISTANCES = 2 * SIDES + 1
ARRAYS = "project place project_bias query key value near hidden hidden_bias out out_bias".split()
WIDTH = 384
_AT_ONCE = 64  # sentences whose states are held


def distance_buckets(n: int, first: int, last: int) -> np.ndarray:
    """The bucket of each piece's signed distance to a mention.

    Parameters
    ----------
    n : int
        Pieces in all.
    first, last : int
        Pieces of the mention, `last` exclusive.

    Returns
    -------
    int64 array of shape (n,)
        From 0 to 24: below 12 before the mention, 12 inside, above 12 after it.

    Examples
    --------
    >>> from analysis.models.tone.head import distance_buckets
    >>> distance_buckets(9, 3, 5).tolist()
    [9, 10, 11, 12, 12, 13, 14, 15, 16]
    """
    at = np.arange(n)
    distance = np.where(at < first, at - first, np.where(at >= last, at - last + 1, 0))
    size = np.abs(distance)
    far = _NEAR + 1 + np.floor(2.5 * np.log2(np.maximum(size, _NEAR) / _NEAR)).astype(np.int64)
    return SIDES + np.sign(distance) * np.where(size <= _NEAR, size, np.minimum(far, SIDES))


class Reader:
    """Turns sentences and mentions into what the heads read.

    Parameters
    ----------
    layers : sequence of int
        Layers of the encoder, see `LayerStates`.
    """

    def __init__(self, layers: Sequence[int]):
        self.layers = tuple(layers)
        self.states = LayerStates(self.layers)

    def read(
        self, sentence: str, spans: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[np.ndarray, int, int]]:
        """Read the mentions of a sentence; those in the same window share one pass of the encoder.

        Parameters
        ----------
        sentence : str
        spans : sequence of (start, end)
            The mentions' characters, end exclusive.

        Yields
        ------
        inputs : float32 array of shape (n_layers, n_pieces, 392)
            States and channels of the pieces in the mention's window; the same object for the
            mentions that share one.
        first, last : int
            The mention's pieces, `last` exclusive.

        Raises
        ------
        OptionError
            If a span lies outside the sentence, or holds nothing that the encoder can read.
        """
        yield from self.read_all([(sentence, spans)])

    def read_all(
        self, asked: Sequence[tuple[str, Sequence[tuple[int, int]]]]
    ) -> Iterator[tuple[np.ndarray, int, int]]:
        """Read the mentions of several sentences, one after another, see `read`.

        Parameters
        ----------
        asked : sequence of (sentence, spans)

        Yields
        ------
        inputs, first, last
            Of each mention.
        """
        places, windows = [], {}
        for number, (sentence, spans) in enumerate(asked):
            cut = self.states.pieces(sentence)
            for start, end in spans:
                first, last = _located(sentence, start, end, cut)
                low, high = cut.window(first, last)
                windows[number, low, high] = sentence, cut
                # one mark precedes the pieces
                places.append(((number, low, high), first - low + 1, min(last, high) - low + 1))
        states = self.states.states_of(
            [cut.ids[low:high] for (_, low, high), (_, cut) in windows.items()]
        )
        inputs = {
            window: _with_channels(each, *read, *window[1:])
            for each, (window, read) in zip(states, windows.items())
        }
        for window, first, last in places:
            yield inputs[window], first, last


def _with_channels(
    states: np.ndarray, sentence: str, cut: Pieces, low: int, high: int
) -> np.ndarray:
    known = np.zeros((*states.shape[:2], len(CHANNELS)), np.float32)
    begin, end = int(cut.offsets[low, 0]), int(cut.offsets[high - 1, 1])
    known[:, 1:-1] = channels(sentence[begin:end])[cut.offsets[low:high, 0] - begin]
    return np.concatenate([states, known], axis=2)


def _located(sentence: str, start: int, end: int, cut: Pieces) -> tuple[int, int]:
    if not 0 <= start < end <= len(sentence):
        given = f"the span ({start}, {end}) was given for a sentence of {len(sentence)} characters"
        raise OptionError(f"{given}; allowed are 0 <= start < end <= its length, end exclusive.")
    first, last = cut.within(start, end)
    if first == last:
        given = f"the span ({start}, {end}) holds {sentence[start:end][:40]!r}"
        raise OptionError(f"{given}, which the model cannot read; give a name or a pronoun.")
    return first, last


class MentionTone:
    """What models of single mentions share: how sentences are read, and the loop over mentions.

    Attributes
    ----------
    name, digest : str
        See `ToneModel`.
    layers : tuple of int
        Layers of the encoder that `shares` is given.
    states : LayerStates
        What reads them.
    """

    name: str
    digest: str

    def __init__(self, layers: Sequence[int]):
        self._reader = Reader(layers)
        self.layers, self.states = self._reader.layers, self._reader.states

    def shares(self, inputs: np.ndarray, first: int, last: int) -> np.ndarray:
        """Probabilities of one mention, from what `Reader.read` yields.

        Returns
        -------
        float32 array of shape (3,)
        """
        raise NotImplementedError

    def predict(self, sentences: Sequence[str], spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """Probabilities of negative, neutral and positive tone; see `ToneModel`.

        Sentences of one length are read together.

        Parameters
        ----------
        sentences : sequence of str
            One for each mention.
        spans : sequence of (start, end)
            The mention's characters in its sentence, end exclusive.

        Returns
        -------
        float32 array of shape (n_mentions, 3)
            Each row adds up to 1 and depends on its own sentence and span alone.

        Raises
        ------
        OptionError
            If sentences and spans are not as many, or a span holds nothing to read.
        """
        if len(sentences) != len(spans):
            given = f"{len(sentences)} sentences and {len(spans)} spans were given"
            raise OptionError(f"{given}; allowed is one span for each sentence.")
        rows = np.empty((len(spans), 3), np.float32)
        mentions: dict[str, list[int]] = {}
        for i, sentence in enumerate(sentences):
            mentions.setdefault(sentence, []).append(i)
        every_sentence = list(mentions.items())
        for start in range(0, len(every_sentence), _AT_ONCE):
            some = every_sentence[start : start + _AT_ONCE]
            asked = [(sentence, [spans[i] for i in places]) for sentence, places in some]
            every = itertools.chain.from_iterable(places for _, places in some)
            for i, read in zip(every, self._reader.read_all(asked)):
                rows[i] = self.shares(*read)
        return rows


class HeadTone(MentionTone):
    """Attention heads on the frozen default encoder.

    For a mention of the pieces m in a sentence with the states x_t and signed distances d(t) to the
    mention::

        g_t = max(0, W x_t + p_d(t) + b)
        u = mean of g_t over m
        a_t = softmax over t of (Q u)·(K g_t) / sqrt(k) + r_d(t), for each of the attention's heads
        o = sum of a_t V g_t
        h = max(0, H [u, o, mean of all g_t] + c)
        probabilities = softmax of (mean over members of (O h + e)) / temperature

    Parameters
    ----------
    arrays : dict of arrays
        As `benchmarks.tone_train` writes them: `layers` of the encoder, `member_layer` (index into
        `layers`), `centre` and `spread` of each layer's states, `temperature`, and the parameters
        of `ARRAYS`, one row a member.
    digest : str
        Of the weights' file and of the encoder.
    path : Path or None
        Where they were read; another process reads them there again.

    Raises
    ------
    ModelError
        If an array is missing or has another shape.
    """

    name = "attention heads on all-MiniLM-L6-v2 (int8)"

    def __init__(self, arrays: dict[str, np.ndarray], *, digest: str, path: Path | None = None):
        self.digest, self._path = digest, path
        try:
            self._temperature = np.float32(arrays["temperature"].item())
            self._groups = _by_layer(arrays)
            self._n_members = len(arrays["out"])
            layers = [int(layer) for layer in arrays["layers"]]
        except (KeyError, ValueError, IndexError) as error:
            problem = f"{path or 'the arrays'}: not the weights of a tone model ({error})"
            remedy = "train them with `python -m benchmarks.tone_train`"
            raise ModelError(f"{problem}; {remedy}.") from None
        super().__init__(layers)

    def __reduce__(self):
        return load_head, (self._path,)

    def shares(self, inputs: np.ndarray, first: int, last: int) -> np.ndarray:
        """Three probabilities of one mention, from what `Reader.read` yields."""
        # one thread: the order of sums stays the same, and is faster for products so small
        with _threads().limit(limits=1):
            return softmax(self._scores(inputs, first, last) / self._temperature)

    def _scores(self, inputs: np.ndarray, first: int, last: int) -> np.ndarray:
        bucket = distance_buckets(inputs.shape[1], first, last)
        total = sum(
            forward(weights, (inputs[layer] - centre) / spread, bucket, first, last).sum(axis=0)
            for layer, centre, spread, weights in self._groups
        )
        return total / self._n_members


@functools.cache
def _threads() -> ThreadpoolController:
    return ThreadpoolController()


def forward(
    w: dict[str, np.ndarray], x: np.ndarray, bucket: np.ndarray, first: int, last: int
) -> np.ndarray:
    """Scores of every member for one mention; the formula is `HeadTone`'s.

    Parameters
    ----------
    w : dict of arrays
        The parameters of `ARRAYS`, one row a member.
    x : array of shape (n_pieces, 392)
        Standardised states, and channels.
    bucket : int64 array of shape (n_pieces,)
        See `distance_buckets`.
    first, last : int
        Pieces of the mention, `last` exclusive.

    Returns
    -------
    array of shape (n_members, 3)
        Before the softmax: negative, neutral, positive.
    """
    g = x @ w["project"] + w["place"][:, bucket] + w["project_bias"][:, None]
    g = np.maximum(g, 0)  # member, piece, width
    u, mean = g[:, first:last].mean(axis=1), g.mean(axis=1)
    # (Q u)·(K g) is g·(K' Q u), and the sum of a V g is V times the sum of a g: neither needs a key
    # or a value of every piece
    query = np.einsum("mdhk,mhk->mdh", w["key"], np.einsum("md,mdhk->mhk", u, w["query"]))
    query = query / np.float32(np.sqrt(w["key"].shape[3]))
    attention = softmax(g @ query + w["near"][:, bucket], axis=1)  # member, piece, head
    o = np.einsum("mhd,mdhk->mhk", attention.transpose(0, 2, 1) @ g, w["value"]).reshape(len(g), -1)
    h = np.einsum("mr,mrh->mh", np.concatenate([u, o, mean], axis=1), w["hidden"])
    h = np.maximum(h + w["hidden_bias"], 0)
    return np.einsum("mh,mhc->mc", h, w["out"]) + w["out_bias"]


def _by_layer(arrays: dict[str, np.ndarray]) -> list[tuple]:
    """Members that read the same layer, stacked: layer, centre, spread, weights."""
    weights = {name: arrays[name].astype(np.float32) for name in ARRAYS}
    centre, spread = arrays["centre"].astype(np.float32), arrays["spread"].astype(np.float32)
    pad = np.zeros(len(CHANNELS), np.float32)  # channels stay as they are
    groups = []
    for layer in np.unique(arrays["member_layer"]):
        members = arrays["member_layer"] == layer
        stacked = {name: np.ascontiguousarray(array[members]) for name, array in weights.items()}
        standard = np.concatenate([centre[layer], pad]), np.concatenate([spread[layer], pad + 1])
        groups.append((int(layer), *standard, stacked))
    return groups


def load_head(path: Path) -> HeadTone:
    """Read weights that `save_head` wrote.

    Parameters
    ----------
    path : path
        An .npz file.

    Returns
    -------
    HeadTone

    Raises
    ------
    ModelError
        If the file is missing or holds something else.
    """
    try:
        content = Path(path).read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = dict(stored)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"{path}: no weights of a tone model ({error});"
            " train them with `python -m benchmarks.tone_train`."
        ) from None
    digest = hashlib.sha256(content + MINILM_SHA256.encode()).hexdigest()
    return HeadTone(arrays, digest=digest, path=Path(path))


def save_head(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Write weights so that the same arrays give the same bytes: no time of writing is stored.

    Parameters
    ----------
    path : path
        The .npz file.
    arrays : dict of arrays
        See `HeadTone`.
    """
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            data, array = io.BytesIO(), np.asarray(arrays[name], order="C")
            np.lib.format.write_array(data, array, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, data.getvalue())
