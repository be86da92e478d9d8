"""A larger tone model of the user's, behind the same interface."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ...errors import ModelError, OptionError

CLASSES = ("negative", "neutral", "positive")


class TransformersTone:
    """A text classifier of the transformers library, trained on pairs of a sentence and the words
    of a mention.

    Parameters
    ----------
    folder : path
        What `save_pretrained` wrote, model and tokenizer; its three labels are called negative,
        neutral and positive. Nothing is fetched from a hub.
    batch : int
        Pairs that go through the model at once.

    Raises
    ------
    ModelError
        If transformers is not installed, the folder holds no such model, or its labels are others.
    """

    def __init__(self, folder: str | Path, *, batch: int = 32):
        self._folder, self._batch = Path(folder), batch
        if not (self._folder / "config.json").is_file():
            raise ModelError(
                f"{folder} holds no config.json; give the folder that save_pretrained wrote."
            )
        try:
            from transformers import pipeline
        except ImportError:
            raise ModelError(
                "A model of transformers needs that library and torch, which are no part of the"
                " default install; run `pip install transformers torch`, or use load_tone()."
            ) from None
        self._classify = pipeline(
            "text-classification", model=str(self._folder), top_k=None, function_to_apply="softmax"
        )
        labels = {
            str(label).lower(): label for label in self._classify.model.config.id2label.values()
        }
        if set(labels) != set(CLASSES):
            raise ModelError(
                f"{folder} has the labels {', '.join(sorted(labels))}; allowed are"
                f" {', '.join(CLASSES)}: set id2label in its config.json."
            )
        self._labels = [labels[name] for name in CLASSES]
        self.name = self._folder.name
        self.digest = _digest(self._folder)

    def __reduce__(self):
        return TransformersTone, (self._folder,)

    def predict(self, sentences: Sequence[str], spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """Probabilities of negative, neutral and positive; see `ToneModel`."""
        pairs = []
        for sentence, (start, end) in zip(sentences, spans, strict=True):
            if not 0 <= start < end <= len(sentence) or not sentence[start:end].strip():
                raise OptionError(
                    f"the span ({start}, {end}) was given for a sentence of {len(sentence)}"
                    " characters; allowed are spans inside it that hold a word."
                )
            pairs.append({"text": sentence, "text_pair": sentence[start:end].strip()})
        found = (
            self._classify(pairs, batch_size=self._batch, truncation="only_first") if pairs else []
        )
        rows = [{one["label"]: one["score"] for one in each} for each in found]
        return np.array(
            [[row[label] for label in self._labels] for row in rows], np.float32
        ).reshape(-1, 3)


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for file in sorted(p for p in folder.iterdir() if p.is_file()):
        with file.open("rb") as stream:
            total.update(file.name.encode() + hashlib.file_digest(stream, "sha256").digest())
    return total.hexdigest()
