"""Contexts: the words around each number, date and name of a corpus, weighed by rarity and
nearness.
"""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.features import Features
from analysis.text.tokens import word_hash
from analysis.tl._quantities import read_value

SAME_STORY = 0.1  # cosine of the words of two articles that may tell the same
BEHIND, BEFORE = 7, 3  # words behind and before a number in which it may be said what it counts
NEAR = 5  # words from a value at which a word counts half
# values in whose contexts a word may stand for it to propose pairs; commoner ones only weigh pairs
# that rarer ones propose
COMMON = 200
CHUNK = 4096  # values compared with all others at a time
# what is counted in the news of accidents and wars, each under one head: outlets word it
# differently
_COUNTED = (
    (
        (
            "dead died die dies killed kill kills killing deaths death lives fatalities fatality"
            " toll perished murdered murdering slain"
        ),
        "dead",
    ),
    (
        (
            "injured injuries injury hurt wounded wounding hospital hospitals hospitalised"
            " hospitalized"
        ),
        "injured",
    ),
)
_SILENT = (
    "the a an and or but nor of to in on at by for from with as into onto over after before about"
    " than that this these those there it its he she they them his her their hers theirs him we us"
    " our you your i me my is are was were be been being am has have had do does did will would can"
    " could may might must shall should not no so if when while who whom whose which what where why"
    " how all any some such only just also then more most other out up down off said says say told"
    " mr mrs ms"
)


class Told:
    """The values of a corpus, and the words around each.

    Attributes
    ----------
    values : DataFrame
        As in the features, with article (place in the metadata), first, stop (its words among all
        of the corpus) and telling (not in a byline, a notice of rights or the like).
    """

    def __init__(self, features: Features, articles: pd.DataFrame):
        tokens = features.table(
            "tokens", ["article_id", "sentence", "start", "end", "hash", "stem"]
        )
        values = features.table("values")
        places = pd.Index(articles["article_id"])
        base = np.r_[0, np.cumsum(articles["n_chars"].to_numpy(np.int64) + 1)]
        article, values["article"] = (
            places.get_indexer(tokens["article_id"]),
            places.get_indexer(values["article_id"]),
        )
        start, end = (base[article] + tokens[side].to_numpy(np.int64) for side in ("start", "end"))
        at = base[values["article"]]
        values["first"] = np.searchsorted(
            end, at + values["start"].to_numpy(np.int64), side="right"
        )
        values["stop"] = np.searchsorted(start, at + values["end"].to_numpy(np.int64), side="left")
        credits = features.table("credits", ["article_id", "sentence", "kind"])
        formulas = set(
            credits.loc[credits["kind"] != "outlet", ["article_id", "sentence"]].itertuples(
                index=False, name=None
            )
        )
        told = [
            place not in formulas
            for place in values[["article_id", "sentence"]].itertuples(index=False, name=None)
        ]
        values["telling"] = np.array(told, bool) & (values["stop"] > values["first"])
        self.values = values
        sentence = (
            np.cumsum(np.r_[False, (np.diff(article) != 0) | (np.diff(tokens["sentence"]) != 0)])
            if len(tokens)
            else np.empty(0, np.int64)
        )
        self._edges = (
            np.r_[np.flatnonzero(np.r_[True, np.diff(sentence) > 0]), len(tokens)]
            if len(tokens)
            else np.zeros(1, np.int64)
        )
        self._sentence = sentence
        self._apart = np.r_[
            False, start[1:] > end[:-1] + 1, False
        ]  # more than a space or hyphen before the word
        self._code, self._weight = self._codes(tokens)
        n = self._weight[self._code]
        self._stories = _unit(
            sparse.csr_array((n, (article, self._code)), shape=(len(articles), len(self._weight))),
            np.sqrt,
        )

    def _codes(self, tokens: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """A number for what each word says (its stem, its head of counting, the value it begins),
        and its weight: how few sentences say it.
        """
        stem = tokens["stem"].to_numpy(np.uint64).copy()
        silent = _among(tokens["hash"], _SILENT)
        self._more = _among(tokens["hash"], "more another further others")
        self._heads = np.zeros(len(tokens), np.int8)
        for i, (words, head) in enumerate(_COUNTED, 1):
            of = _among(tokens["hash"], words)
            stem[of], self._heads[of] = word_hash(f"\0{head}"), i
        values = self.values[
            (self.values["kind"] != "name") & (self.values["stop"] > self.values["first"])
        ]
        for first, stop, kind, value in values[["first", "stop", "kind", "value"]].itertuples(
            index=False
        ):
            stem[first:stop], silent[first:stop] = word_hash(f"\0{kind} {value}"), True
            silent[first] = False
        self._starts = set(values.loc[values["kind"] == "number", "first"].tolist())
        said, code = np.unique(stem, return_inverse=True)
        seen = np.unique(self._sentence[~silent] * np.int64(len(said) + 1) + code[~silent]) % (
            len(said) + 1
        )
        df = np.bincount(seen, minlength=len(said) + 1)
        n_sentences = max(len(self._edges) - 1, 1)
        weight = np.where(df > 0, np.log((n_sentences + 1) / np.maximum(df, 1)), 0)
        weight[-1] = 0
        return np.where(silent, len(said), code), weight

    def story(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Cosine of the words of two articles."""
        return dots(self._stories, a, self._stories, b)

    def evidence(self, contexts: sparse.csr_array, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """How unlikely it is that contexts share their words by chance: the rarities of those,
        summed, where 1 is that of a word said once.
        """
        rarity = self._weight / np.log(len(self._edges) + 1)
        said = contexts[:, : len(rarity)].sign()
        said.data = np.sqrt(rarity[said.indices])
        return dots(said, i, said, j)

    def dimensions(self, which: np.ndarray) -> list[str]:
        """What each value measures: values of one dimension can be compared.

        Empty for mere numbers.
        """
        values = self.values
        people = values[
            (values["kind"] == "name")
            & values["value"].str.contains(" ")
            & (values["stop"] > values["first"])
        ]
        names = tuple(people[name].tolist() for name in ("first", "stop", "article", "value"))
        found = []
        for kind, value, article, first, stop in values.iloc[which][
            ["kind", "value", "article", "first", "stop"]
        ].itertuples(index=False):
            dimension = read_value(kind, value)[0]
            if kind == "number" and not dimension:
                dimension = self._counted(first, stop)
            elif dimension == "year-old":
                dimension = f"{dimension} {self._aged(names, article, first, stop)}".strip()
            found.append(dimension)
        return found

    def heads(self, which: np.ndarray) -> np.ndarray:
        """The word right behind each value, or the next if that is of no weight; -1 at the end of a
        sentence.
        """
        stop = self.values["stop"].to_numpy()[which]
        end = self._edges[self._sentence[self.values["first"].to_numpy()[which]] + 1]
        nil = len(self._weight) - 1
        code = np.r_[self._code, nil, nil]
        return np.where(
            stop < end,
            np.where(code[stop] != nil, code[stop], np.where(stop + 1 < end, code[stop + 1], nil)),
            -1,
        )

    def says(self, which: pd.Series, other: pd.Series) -> np.ndarray:
        """Whether the sentence of one value says the other value too."""
        keys = list(
            zip(
                self._sentence[np.minimum(self.values["first"], len(self._sentence) - 1)].tolist(),
                self.values["value"],
            )
        )
        known = set(keys)
        return np.array([(keys[i][0], keys[j][1]) in known for i, j in zip(which, other)], bool)

    def _counted(self, first: int, stop: int) -> str:
        """ "dead" or "injured" where a number counts those: a word for it within some words, and no
        other number between.
        """
        sentence = self._sentence[first]
        begin, end = self._edges[sentence], self._edges[sentence + 1]
        behind, before = (
            range(stop, min(stop + BEHIND, end)),
            range(first - 1, max(first - BEFORE, begin) - 1, -1),
        )
        more = False
        for places, apart in ((behind, self._apart), (before, self._apart[1:])):
            for place in places:
                if place in self._starts or apart[place]:
                    break
                more |= self._more[place]
                if self._heads[place]:
                    head = _COUNTED[self._heads[place] - 1][1]
                    return (
                        "more dead" if more and head == "dead" else head
                    )  # the injured are often told as so many more than the dead
        return ""

    def _aged(
        self, names: tuple[list, list, list, list], article: int, first: int, stop: int
    ) -> str:
        """Whose age it is: who is named right before or behind it, else who was named last, in its
        sentence or the one before it.
        """
        starts, stops, articles, said = names
        low = bisect_left(starts, first)
        before = low - 1 if low and articles[low - 1] == article else None
        after = (
            low
            if low < len(starts)
            and articles[low] == article
            and self._sentence[starts[low]] == self._sentence[first]
            else None
        )
        if before is not None and stops[before] == first:
            return said[before]
        if after is not None and starts[after] <= stop + 2:
            return said[after]
        if before is not None and self._sentence[first] - self._sentence[starts[before]] <= 1:
            return said[before]
        return ""

    def contexts(self, which: np.ndarray, dimensions: list[str]) -> sparse.csr_array:
        """Words of the sentences of some values, weighed by rarity and nearness, and the dimension
        of each; unit rows.
        """
        first, stop = (self.values[side].to_numpy()[which] for side in ("first", "stop"))
        sentence = self._sentence[first]
        begin, size = self._edges[sentence], self._edges[sentence + 1] - self._edges[sentence]
        row = np.repeat(np.arange(len(which)), size)
        word = np.arange(len(row)) + np.repeat(begin - np.cumsum(size) + size, size)
        away = np.maximum(np.maximum(first[row] - word, word - stop[row] + 1), 0)
        weight = np.where(away > 0, self._weight[self._code[word]] * NEAR / (NEAR + away), 0)
        told, sign, counts = np.unique(
            np.array(dimensions, dtype=object).astype(str), return_inverse=True, return_counts=True
        )
        own = np.where(np.isin(told, ("", "date")), 0, np.log((len(self._edges) + 1) / counts))[
            sign
        ]
        n_codes = len(self._weight)
        rows, columns = np.r_[row, np.arange(len(which))], np.r_[self._code[word], n_codes + sign]
        return _unit(
            sparse.csr_array(
                (np.r_[weight, np.maximum(own, 0)], (rows, columns)),
                shape=(len(which), n_codes + len(told)),
            )
        )


def _among(hashes: pd.Series, words: str) -> np.ndarray:
    return np.isin(
        hashes.to_numpy(np.uint64), np.array([word_hash(word) for word in words.split()], np.uint64)
    )


def _unit(rows: sparse.csr_array, damp=None) -> sparse.csr_array:
    rows.sum_duplicates()
    if damp is not None:
        rows.data = damp(rows.data)
    rows.eliminate_zeros()
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    rows.data /= np.repeat(np.where(length > 0, length, 1), np.diff(rows.indptr))
    return rows


def dots(x: sparse.csr_array, i: np.ndarray, y: sparse.csr_array, j: np.ndarray) -> np.ndarray:
    return np.asarray(x[i].multiply(y[j]).sum(axis=1)).ravel() if len(i) else np.zeros(0)


def candidates(
    contexts: sparse.csr_array, articles: np.ndarray, floor: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows of different articles that share words which few rows have."""
    df = np.bincount(contexts.indices, minlength=contexts.shape[1])
    rare = contexts[:, np.flatnonzero((df > 1) & (df <= COMMON))].tocsr()
    across = rare.T.tocsr()
    found = []
    for start in range(0, rare.shape[0], CHUNK):
        alike = (rare[start : start + CHUNK] @ across).tocoo()
        i, j = alike.row + start, alike.col
        kept = (alike.data >= floor) & (i < j) & (articles[i] != articles[j])
        found.append((i[kept], j[kept]))
    return tuple(
        np.concatenate([pair[side] for pair in found]) if found else np.empty(0, np.int64)
        for side in (0, 1)
    )
