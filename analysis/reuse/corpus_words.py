"""The words in which reuse is found: `tokens` of private features, `ngrams` of shared ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.errors import Fault, FeaturesError
from analysis.features import Features
from analysis.reuse.spill import Arrays, join, take
from analysis.reuse.stages import CHARACTERS
from analysis.reuse.stems import has_meanings

A_WORD = 90  # bytes that a step takes for each word of a block
SHIPPED_N = 5  # words of which `ngrams` holds hashes


class CorpusWords:
    """The words of features, as `analysis.reuse.stages.WordSource` asks for them.

    Parameters
    ----------
    features : Features
    outlets, days : arrays of shape (n_articles,)
        See `analysis.reuse.seed_words`.
    """

    anywhere = False

    def __init__(self, features: Features, outlets: np.ndarray, days: np.ndarray):
        self._features = features
        articles = features.table("articles", ["article_id", "n_tokens"])
        self.outlets, self.days = outlets, days
        self._ids = articles["article_id"].tolist()
        self._words = articles["n_tokens"].to_numpy(np.int64)
        self.sizes = self.measured = self._words.astype(float)
        self._ordered = features.has("tokens")
        self._table = "tokens" if self._ordered else "ngrams"
        rows = self._words
        if not self._ordered:  # of an archive that shares some of them, some are not there
            there = features.table("ngrams", ["article_id"])["article_id"].value_counts()
            rows = there.reindex(self._ids, fill_value=0).to_numpy(np.int64)
        self._edges = np.r_[0, np.cumsum(rows)]

    def digest(self) -> str:
        """What names these words: another digest is other words."""
        return self._features.manifest["tables"][self._table]["sha256"] + self._features.digest

    def read(self, first: int, stop: int) -> tuple[Arrays, np.ndarray, list[Fault]]:
        """Words of articles `first` to `stop` (exclusive), how many each has, and faults."""
        names = ["hash", "start", "end"] if self._ordered else ["hash", "position"]
        arrays, rows = self._columns(first, stop, names)
        sizes = self._words[first:stop]
        if not self._ordered:
            places = np.repeat(np.cumsum(sizes) - sizes, rows) + arrays["position"]
            arrays = _padded(arrays["hash"], places, sizes, int(self._words[:first].sum()))
        return arrays, sizes, []

    def hashes(self, first: int, stop: int) -> tuple[Arrays, np.ndarray, list[Fault]]:
        """As `read`, of private features, without start and end: in a tenth of the time."""
        return {"hash": self._unnamed(first, stop, "hash")}, self._words[first:stop], []

    def characters(self, passages: Arrays, firsts: np.ndarray) -> Arrays:
        """CHARACTERS of passages, read from one block of articles after the other."""
        found = {name: np.empty(len(passages["a"]), np.int32) for name in CHARACTERS}
        for first, stop in zip(firsts, firsts[1:]):
            sides = {side: (passages[side] >= first) & (passages[side] < stop) for side in "ab"}
            if not any(inside.any() for inside in sides.values()):
                continue
            bounds = self._edges[first : stop + 1] - self._edges[first]
            start, end = (self._unnamed(first, stop, column) for column in ("start", "end"))
            for side, inside in sides.items():
                rows = take(passages, inside)
                at = bounds[rows[side] - first] + rows[f"{side}_position"]
                found[f"{side}_start"][inside] = start[at]
                found[f"{side}_end"][inside] = end[at + rows[f"{side}_words"] - 1]
        for side in "ab":
            if (found[f"{side}_start"] >= found[f"{side}_end"]).any():
                raise self._out_of_order()
        return found

    def _unnamed(self, first: int, stop: int, column: str) -> np.ndarray:
        """One column of the words of articles, whose ids are not compared row for row."""
        at = map(int, (self._edges[first], self._edges[stop]))
        values = self._features.rows(self._table, [column], *at)[column].to_numpy()
        if len(values) != self._edges[stop] - self._edges[first]:
            raise self._out_of_order()
        return values

    def _columns(self, first: int, stop: int, names: list[str]) -> tuple[Arrays, np.ndarray]:
        """Some columns of the words of articles, and how many each has."""
        edges = self._edges[first : stop + 1]
        table = self._features.rows(
            self._table, ["article_id", *names], int(edges[0]), int(edges[-1])
        )
        rows = np.diff(edges)
        self._check(table["article_id"], self._ids[first:stop], rows)
        return {name: table[name].to_numpy() for name in names}, rows

    def _check(self, ids: pa.ChunkedArray, expected: list[str], rows: np.ndarray) -> None:
        """The rows of an article stand together, in the order of the articles."""
        found, numbers = [np.empty(0, np.int32)], pd.Index(expected)
        for chunk in ids.chunks:
            places = numbers.get_indexer(chunk.dictionary.to_pandas()).astype(np.int32)
            found.append(places[chunk.indices.to_numpy()])
        in_order = np.repeat(np.arange(len(rows), dtype=np.int32), rows)
        if not np.array_equal(np.concatenate(found), in_order):
            raise self._out_of_order()

    def _out_of_order(self) -> FeaturesError:
        return FeaturesError(
            f"{self._features.where}: the words are not in the order of the articles; run"
            " `twicetold extract` again."
        )


class CorpusStems(CorpusWords):
    """The stems of private features, as `analysis.reuse.rewrite_stages` asks for them."""

    bytes_a_word = 220

    def __init__(
        self, features: Features, outlets: np.ndarray, days: np.ndarray, *, meanings: bool = True
    ):
        super().__init__(features, outlets, days)
        n = features.table("articles", ["n_sentences"])["n_sentences"].to_numpy(np.int64)
        there = meanings and has_meanings(features)
        self._sentences = np.r_[0, np.cumsum(n)] if there else None
        if self._sentences is not None:
            self.bytes_a_word = 600

    def digest(self) -> str:
        """What names these stems: another digest is other stems."""
        return f"stems {super().digest()}"

    def read(
        self, first: int, stop: int
    ) -> tuple[Arrays, np.ndarray, np.ndarray | None, np.ndarray | None]:
        """Words of articles `first` to `stop` (exclusive) and how many each has.

        If all sentences have an embedding those, and where each article begins among them.
        """
        arrays, sizes = self._columns(first, stop, ["stem", "sentence", "start", "end"])
        if self._sentences is None:
            return arrays, sizes, None, None
        edges = self._sentences[first : stop + 1]
        rows = self._features.rows("vectors", ["embedding"], int(edges[0]), int(edges[-1]))
        flat = rows["embedding"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
        vectors = flat.astype(np.float32).reshape(edges[-1] - edges[0], -1)
        return arrays, sizes, vectors, edges[:-1] - edges[0]


class WithTexts:
    """Texts from outside behind the articles of a corpus, with which alone they are compared.

    Parameters
    ----------
    archive, texts : CorpusWords or CorpusStems
    """

    anywhere = False
    sizes: np.ndarray
    outlets: np.ndarray
    days: np.ndarray

    def __init__(self, archive: CorpusWords, texts: CorpusWords):
        self._sources = archive, texts
        for name in ("sizes", "outlets", "days"):
            setattr(self, name, np.concatenate([getattr(one, name) for one in self._sources]))
        self.measured = self.sizes
        self.bytes_a_word = getattr(archive, "bytes_a_word", A_WORD)
        self.fresh = np.arange(len(self.sizes)) >= len(archive.sizes)

    def digest(self) -> str:
        """What names these words: another digest is other words."""
        return " ".join(source.digest() for source in self._sources)

    def read(self, first: int, stop: int) -> tuple:
        """As either source gives them."""
        n = len(self._sources[0].sizes)
        stretches = (first, min(stop, n)), (max(first, n) - n, stop - n)
        read = [
            source.read(*stretch)
            for source, stretch in zip(self._sources, stretches)
            if stretch[1] > stretch[0]
        ]
        columns, sizes, *rest = zip(*read)
        return join(list(columns)), np.concatenate(sizes), *(one[0] for one in rest)


def _padded(hashes: np.ndarray, places: np.ndarray, sizes: np.ndarray, before: int) -> Arrays:
    """One hash for each word.

    Where no run begins that is known stand hashes that no other place of the corpus has.
    """
    number = np.arange(before, before + sizes.sum(), dtype=np.uint64)
    words = number * np.uint64(0x9E3779B97F4A7C15) ^ np.uint64(0x5851F42D4C957F2D)
    words[places] = hashes
    nowhere = np.zeros(len(words), np.int32)
    return {"hash": words, "start": nowhere, "end": nowhere}


def outlet_codes(outlets: pd.Series) -> np.ndarray:
    """A number for each article's outlet; -1 where it is unknown."""
    return np.where(outlets == "", -1, pd.factorize(outlets)[0]).astype(np.int32)
