"""A larger tone model of the user's, in the transformers library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from analysis.errors import ModelError, OptionError
from analysis.models.encoder import sha256

CLASSES = ("negative", "neutral", "positive")


class TransformersTone:
    """A text classifier, trained on pairs of a sentence and the words of a mention.

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
            needed = "give the folder that save_pretrained wrote"
            raise ModelError(f"{folder} holds no config.json; {needed}.")
        try:
            from transformers import pipeline
        except ImportError:
            problem = (
                "this model needs the libraries transformers and torch, which are not installed"
            )
            remedy = "run `pip install transformers torch`, or use load_tone()"
            raise ModelError(f"{problem}; {remedy}.") from None
        self._classify = pipeline(
            "text-classification", model=str(self._folder), top_k=None, function_to_apply="softmax"
        )
        found = self._classify.model.config.id2label.values()
        labels = {str(label).lower(): label for label in found}
        if set(labels) != set(CLASSES):
            given = f"{folder} has the labels {', '.join(sorted(labels))}"
            needed = f"allowed are {', '.join(CLASSES)}: set id2label in its config.json"
            raise ModelError(f"{given}; {needed}.")
        self._labels = [labels[name] for name in CLASSES]
        self.name, self.digest = self._folder.name, _digest(self._folder)

    def __reduce__(self):
        return TransformersTone, (self._folder,)

    def predict(self, sentences: Sequence[str], spans: Sequence[tuple[int, int]]) -> np.ndarray:
        """Probabilities of negative, neutral and positive tone; see `ToneModel`.

        Parameters
        ----------
        sentences : sequence of str
            One for each mention.
        spans : sequence of (start, end)
            The mention's characters in its sentence, end exclusive.

        Returns
        -------
        float32 array of shape (n_mentions, 3)
            Each row adds up to 1.

        Raises
        ------
        OptionError
            If a span lies outside its sentence or holds only whitespace.
        """
        pairs = []
        for sentence, (start, end) in zip(sentences, spans, strict=True):
            mention = sentence[start:end].strip()
            if not (0 <= start < end <= len(sentence) and mention):
                given = f"the span ({start}, {end}) was given for {len(sentence)} characters"
                raise OptionError(f"{given}; allowed are spans inside them that hold a word.")
            pairs.append({"text": sentence, "text_pair": mention})
        if not pairs:
            return np.empty((0, 3), np.float32)
        found = self._classify(pairs, batch_size=self._batch, truncation="only_first")
        scores = [{one["label"]: one["score"] for one in each} for each in found]
        return np.array([[row[label] for label in self._labels] for row in scores], np.float32)


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for file in sorted(p for p in folder.iterdir() if p.is_file()):
        total.update(file.name.encode() + bytes.fromhex(sha256(file)))
    return total.hexdigest()
