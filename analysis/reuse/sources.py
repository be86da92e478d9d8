"""The words that reuse is found in: the tokens of features in either form."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.errors import Fault, FeaturesError
from analysis.features import PRIVATE, Features
from analysis.reuse.store import Columns

SHIPPED_N = 5


class Tokens:
    """The words of features.

    Of the private form its `tokens`; of the shared form the `ngrams`, which are hashes of five
    words.
    """

    anywhere = False

    def __init__(self, features: Features, outlets: np.ndarray, days: np.ndarray):
        self._features = features
        articles = features.table("articles", ["article_id", "n_tokens"])
        self.outlets, self.days = outlets, days
        self._ids = articles["article_id"].tolist()
        self._words = articles["n_tokens"].to_numpy(np.int64)
        self.sizes = self.measured = self._words.astype(float)
        self._private = features.form == PRIVATE
        rows = self._words if self._private else np.maximum(self._words - SHIPPED_N + 1, 0)
        self._edges = np.r_[0, np.cumsum(rows)]

    def digest(self) -> str:
        """What names these words: another digest is other words."""
        return (
            self._features.manifest["tables"]["tokens" if self._private else "ngrams"]["sha256"]
            + self._features.digest
        )

    def read(self, first: int, stop: int) -> tuple[Columns, np.ndarray, list[Fault]]:
        """Words of articles `first` to `stop` (exclusive), how many each has, and faults."""
        names = ["article_id", "hash", *(("start", "end") if self._private else ())]
        table = self._features.rows(
            "tokens" if self._private else "ngrams",
            names,
            int(self._edges[first]),
            int(self._edges[stop]),
        )
        self._check(table["article_id"], first, stop)
        columns = {name: table[name].to_numpy() for name in names[1:]}
        sizes = self._words[first:stop]
        if not self._private:
            columns = _padded(
                columns["hash"],
                np.diff(self._edges[first : stop + 1]),
                sizes,
                int(self._words[:first].sum()),
            )
        return columns, sizes, []

    def _check(self, ids: pa.ChunkedArray, first: int, stop: int) -> None:
        """The rows of an article stand together, in the order of the articles."""
        here = pd.Index(self._ids[first:stop])
        found = [
            here.get_indexer(chunk.dictionary.to_pandas()).astype(np.int32)[
                chunk.indices.to_numpy()
            ]
            for chunk in ids.chunks
            if len(chunk)
        ]
        expected = np.repeat(
            np.arange(stop - first, dtype=np.int32), np.diff(self._edges[first : stop + 1])
        )
        if not np.array_equal(np.concatenate([*found, np.empty(0, np.int32)]), expected):
            raise FeaturesError(
                f"{self._features.where}: the words are not in the order of the articles; run"
                " `twicetold extract` again."
            )


def _padded(hashes: np.ndarray, have: np.ndarray, sizes: np.ndarray, before: int) -> Columns:
    """One hash for each word.

    After an article's last run of five stand hashes that no other place of the corpus has.
    """
    number = np.arange(before, before + sizes.sum(), dtype=np.uint64)
    words = number * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(0x5851F42D4C957F2D)
    starts = np.r_[0, np.cumsum(sizes)][:-1]
    words[np.repeat(starts - (np.cumsum(have) - have), have) + np.arange(have.sum())] = hashes
    nowhere = np.zeros(len(words), np.int32)
    return {"hash": words, "start": nowhere, "end": nowhere}


def outlet_codes(outlets: pd.Series) -> np.ndarray:
    """A number for each article's outlet; -1 where it is unknown."""
    return np.where(outlets == "", -1, pd.factorize(outlets)[0]).astype(np.int32)
