"""Upper layers of the encoder, trained for the tone towards a target."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np

from analysis.errors import ModelError
from analysis.models.encoder import MINILM_SHA256, open_session
from analysis.models.tone.head import MentionTone, distance_buckets

INPUTS = ("states", "place", "target")
BELOW = "layers below"  # the key of the file's metadata that says which states it reads
_REMEDY = "train it with `python -m benchmarks.tone_tune`, or run `make clean setup` again"


class TunedTone(MentionTone):
    """The default encoder, whose upper layers were trained for tone.

    The lower layers are those of the encoder as published. To their states the model adds what it
    learned of each piece's distance to the mention and of the channels of its word; the upper
    layers go on from there, and a small network reads the mean of the mention's states, the first
    state and the mean of all. Its weights are int8, its sums float32.

    Parameters
    ----------
    path : Path
        The ONNX file that `benchmarks.tone_tune` wrote.
    published : str, optional
        The sha256 that the file must have.

    Raises
    ------
    ModelError
        If the file is missing, damaged, another than was published, or takes other inputs.
    """

    name = "all-MiniLM-L6-v2 (int8), its upper layers trained for tone"

    def __init__(self, path: Path, *, published: str | None = None):
        self._loaded_with = path, published
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise ModelError(f"{path}: no tone model ({error}); {_REMEDY}.") from None
        found = hashlib.sha256(content).hexdigest()
        if published and found != published:
            problem = f"{path} has the sha256 {found}, published was {published}"
            raise ModelError(f"{problem}; {_REMEDY}.")
        try:
            self._session = open_session(content)
            below = int(self._session.get_modelmeta().custom_metadata_map[BELOW])
        except Exception as error:  # onnxruntime's own classes share no other root
            raise ModelError(f"{path} is no tone model ({error!r:.200}); {_REMEDY}.") from None
        takes = {one.name for one in self._session.get_inputs()}
        if takes != set(INPUTS):
            given = f"{path} takes {', '.join(sorted(takes))}; needed are {', '.join(INPUTS)}"
            raise ModelError(f"{given}; {_REMEDY}.")
        self.digest = hashlib.sha256((found + MINILM_SHA256).encode()).hexdigest()
        super().__init__([below])

    def __reduce__(self):
        return type(self)._again, self._loaded_with

    @classmethod
    def _again(cls, path: Path, published: str | None) -> TunedTone:
        return cls(path, published=published)

    def shares(self, inputs: np.ndarray, first: int, last: int) -> np.ndarray:
        """Three probabilities of one mention, from what `Reader.read` yields."""
        n = inputs.shape[1]
        target = np.zeros((1, n), np.float32)
        target[0, first:last] = 1 / (last - first)
        given = (inputs, distance_buckets(n, first, last)[None], target)
        return self._session.run(None, dict(zip(INPUTS, given)))[0][0]
