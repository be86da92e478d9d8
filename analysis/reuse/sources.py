"""Sources of words: an archive of texts, or the tokens of features in either form."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.errors import Fault, FeaturesError
from analysis.features import PRIVATE, Features
from analysis.readers.archive import Archive
from analysis.reuse.store import Columns
from analysis.text.scan import Scanned

BYTES_A_WORD = 6  # of English text
SHIPPED_N = 5


@dataclass(frozen=True)
class Texts:
    """The texts of an archive, split into words as they are read."""

    archive: Archive
    anywhere: bool = True
    _open: dict[int, Iterator] = field(
        default_factory=dict, repr=False, compare=False
    )  # the reader that stands before an article

    def __getstate__(self) -> dict:
        return {**self.__dict__, "_open": {}}

    @functools.cached_property
    def sizes(self) -> np.ndarray:
        """As if all articles of a row group were of the same length."""
        about = pq.ParquetFile(self.archive.path).metadata
        column = next(i for i in range(about.num_columns) if about.schema.column(i).path == "text")
        groups = [about.row_group(i) for i in range(about.num_row_groups)]
        edges = np.cumsum([g.num_rows for g in groups])
        mean = np.array(
            [
                g.column(column).total_uncompressed_size / max(g.num_rows, 1) / BYTES_A_WORD
                for g in groups
            ]
        )
        return (
            mean[np.searchsorted(edges, self.archive.rows - 1, side="right")]
            if len(self.archive)
            else np.zeros(0)
        )

    @functools.cached_property
    def measured(self) -> np.ndarray:
        return self.archive.text_bytes() / BYTES_A_WORD

    @property
    def outlets(self) -> np.ndarray:
        return outlet_codes(self.archive.outlets.to_pandas())

    @property
    def days(self) -> np.ndarray:
        return self.archive.days

    def digest(self) -> str:
        about = self.archive.path.stat()
        return (
            f"{self.archive.path.resolve()} {about.st_size} {about.st_mtime_ns} {len(self.archive)}"
        )

    def read(self, first: int, stop: int) -> tuple[Columns, np.ndarray, list[Fault]]:
        sizes = self.__dict__.get("measured", self.sizes)
        scanned, faults = Scanned(int(1.1 * sizes[first:stop].sum())), []
        for number, texts, told in self._texts(first, stop):
            offsets = np.frombuffer(
                texts.buffers()[1], np.int64 if pa.types.is_large_string(texts.type) else np.int32
            )
            offsets = offsets[texts.offset : texts.offset + len(texts) + 1].astype(np.int64)
            data = (
                np.frombuffer(texts.buffers()[2], np.uint8)
                if texts.buffers()[2]
                else np.empty(0, np.uint8)
            )
            words = scanned.add(data, offsets)
            faults += told
            bad = {fault.row for fault in told}
            faults += [
                Fault(self.archive.path.name, int(row), "has no word; left out")
                for row in self.archive.rows[number + np.flatnonzero(words == 0)]
                if row not in bad
            ]
        start, end, hashes, sizes = scanned.words()
        return {"hash": hashes, "start": start, "end": end}, sizes, faults

    def _texts(self, first: int, stop: int) -> Iterator[tuple[int, pa.Array, list[Fault]]]:
        """The texts of some articles, from where the last call ended if they follow it: a row group
        can be read from its start only.
        """
        batches = self._open.pop(first, None) or self.archive.texts(first)
        self._open.clear()
        for number, texts, told in batches:
            if (n := stop - number) >= len(texts):
                yield number, texts, told
            else:
                row = self.archive.rows[stop]
                yield number, texts[:n], [fault for fault in told if fault.row < row]
                batches = itertools.chain(
                    [(stop, texts[n:], [fault for fault in told if fault.row >= row])], batches
                )
            if n <= len(texts):
                if stop < len(self.archive):
                    self._open[stop] = batches
                return


class Tokens:
    """The words of features: `tokens` of the private form; of the shared form the `ngrams`, which
    are hashes of five words.
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
        return (
            self._features.manifest["tables"]["tokens" if self._private else "ngrams"]["sha256"]
            + self._features.digest
        )

    def read(self, first: int, stop: int) -> tuple[Columns, np.ndarray, list[Fault]]:
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
    """One hash for each word: after an article's last run of five stand hashes that no other place
    of the corpus has.
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
