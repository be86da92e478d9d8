"""Values (numbers, dates, times, names): what each measures, and the words around it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.features import Features
from analysis.text.dimensions import UNITS
from analysis.text.signs import DEAD, EMPTY, INJURED
from analysis.text.tokens import word_hash
from analysis.tl._claim_contexts import claim_contexts

SAME_STORY = 0.15  # cosine of the words of two articles that may report the same
_NEAR = 5  # words from a value at which a word counts half
# values in whose contexts a word may stand for it to propose pairs; commoner ones only weigh pairs
# that rarer ones propose
_COMMON = 200
_BESIDE = 5  # words that tell something to either side of a value: what it is of
_OTHER_GRAIN = 0.5  # what is left of a score of a day and a month, or a month and a year
_WEEKDAYS = 0.4  # a story has something for every day of the week
_CHUNK = 4096  # values or pairs at a time
_DEAD, _INJURED = (word_hash(f"\0{head}") for head in ("dead", "injured"))


@lru_cache(1 << 16)
def read_value(kind: str, value: str) -> tuple[str, tuple]:
    """Dimension of a value (values of one can be compared), and what of it is compared."""
    head, _, tail = value.partition(" ")
    if kind == "number":
        dimension, factor = UNITS.get(tail, (tail, 1))
        whole, point, decimals = head.partition(".")
        last = -len(decimals) if point else len(head) - len(head.rstrip("0"))
        return dimension, (float(head) * factor, 10.0**last * factor, tail)
    if kind == "time":
        return "time of day", (int(head[:2]) * 60 + int(head[3:5]), head.endswith("?"), tail)
    day, weekday = ("", head) if head.isalpha() else (head, tail)
    parts = [part if "X" not in part else "" for part in [*day.split("-"), "", ""][:3]]
    return "date", (*parts, weekday)


@lru_cache(1 << 16)
def agree(kind: str, a: str, b: str) -> bool | None:
    """Whether two values say the same; None where they cannot be compared."""
    (dimension, x), (other, y) = read_value(kind, a), read_value(kind, b)
    if dimension != other:
        return None
    if kind == "number":
        if x[2] == y[2] and max(x[0], y[0]) < 1000:
            return x[0] == y[0]
        # the rounder number may be a rounding of the other
        return abs(x[0] - y[0]) <= min(max(x[1], y[1]) / 2, 0.05 * max(x[0], y[0]))
    if kind == "time":
        if x[2] != y[2] and x[2] and y[2]:
            return None
        return (x[0] - y[0]) % (720 if x[1] or y[1] else 1440) == 0
    both = [(p, q) for p, q in zip(x, y) if p and q]
    if not both or any(p != q for p, q in both):
        return False if both else None
    # without a year a day says which date it is; "June" may be that of June 12, or another
    told = all(p == q for p, q in zip(x, y)) or (x[0] and y[0]) or (x[2] and y[2])
    return True if told or (x[3] and y[3]) else None


@lru_cache(1 << 16)
def nearness(kind: str, a: str, b: str) -> float:
    """How likely two differing values are of the same thing, by their distance: 1 for the same."""
    (_, x), (_, y) = read_value(kind, a), read_value(kind, b)
    if kind == "number":
        low, high = sorted((x[0], y[0]))
        # of the same thing hardly anybody says less than half
        return (low / high) ** 0.25 * min(2 * low / high, 1) if high else 1.0
    if kind == "time":
        away = abs(x[0] - y[0])
        return (1 + min(away, 1440 - away) / 60) ** -0.25
    # who tells a day and who tells a month or a year seldom tell of one thing
    alike = 1.0 if _told_to(x) == _told_to(y) else _OTHER_GRAIN
    if not any(x[:3]) and not any(y[:3]):
        return _WEEKDAYS
    years = abs(int(x[0]) - int(y[0])) if x[0] and y[0] else 0
    return alike * (1 + years) ** -0.25


def _told_to(date: tuple) -> str:
    """How precisely a date is told."""
    _, month, day, weekday = date
    return "day" if day or weekday else "month" if month else "year"


class Values:
    """The values of a corpus, and the words around each.

    Attributes
    ----------
    table : DataFrame
        As in the features, with article (place in the metadata), first, stop (its words among all
        of the corpus) and usable (not in a byline, a notice of rights or the like).
    claims : ClaimContexts or None
        The claims of the corpus, where they can be found.
    """

    def __init__(self, features: Features, articles: pd.DataFrame):
        read = ["article_id", "sentence", "start", "end", "stem", "signs"]
        tokens, values = features.table("tokens", read), features.table("values")
        ids = pd.Index(articles["article_id"])
        # characters counted through the corpus, so that values are found among words at once
        base = np.r_[0, np.cumsum(articles["n_chars"].to_numpy(np.int64) + 1)]
        article = ids.get_indexer(tokens["article_id"])
        start, end = (base[article] + tokens[side].to_numpy(np.int64) for side in ("start", "end"))
        values["article"] = ids.get_indexer(values["article_id"])
        at = base[values["article"]]
        values["first"] = np.searchsorted(end, at + values["start"], side="right")
        values["stop"] = np.searchsorted(start, at + values["end"], side="left")
        credits = features.table("credits", ["article_id", "sentence", "kind"])
        formulas, sentences = (
            pd.MultiIndex.from_frame(table[["article_id", "sentence"]])
            for table in (credits[credits["kind"] != "outlet"], values)
        )
        values["usable"] = ~sentences.isin(formulas) & (values["stop"] > values["first"])
        self.table = values
        begins = np.diff(article, prepend=-1) != 0
        begins |= np.diff(tokens["sentence"].to_numpy(np.int64), prepend=-1) != 0
        self._sentence = np.cumsum(begins) - 1
        self._edges = np.r_[np.flatnonzero(begins), len(tokens)]
        self._code, self._weight = self._codes(tokens)
        cells = self._weight[self._code], (article, self._code)
        counts = sparse.csr_array(cells, shape=(len(articles), len(self._weight)))
        self._articles = _unit(counts.sqrt())
        self._meaning = _embedded(features, values)
        self.claims = claim_contexts(features)
        if self.claims is not None:
            # a claim has a weekday for what happened and one for who said so
            weekday = values["kind"].eq("date") & values["value"].astype(str).str.isalpha()
            self._unit = np.where(weekday, -1, self.claims.places(values))

    def _codes(self, tokens: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """What each word says as a number, and the weight of that: how few sentences say it.

        A word says its stem, what it counts, or the value that it begins.
        """
        signs = tokens["signs"].to_numpy()
        stem = tokens["stem"].to_numpy(np.uint64).copy()
        silent = signs & EMPTY > 0
        # outlets word differently who died and who was hurt
        stem[signs & DEAD > 0], stem[signs & INJURED > 0] = _DEAD, _INJURED
        self._in_value = np.zeros(len(stem), bool)
        table = self.table
        rows = table[(table["kind"] != "name") & (table["stop"] > table["first"])]
        for first, stop, kind, value in zip(*(rows[c] for c in ("first", "stop", "kind", "value"))):
            stem[first:stop], silent[first:stop] = word_hash(f"\0{kind} {value}"), True
            silent[first], self._in_value[first:stop] = False, True
        distinct, code = np.unique(stem, return_inverse=True)
        said = pd.DataFrame({"sentence": self._sentence, "code": code})[~silent].drop_duplicates()
        df = np.bincount(said["code"], minlength=len(distinct) + 1)
        n_sentences = max(len(self._edges) - 1, 1)
        weight = np.where(df > 0, np.log((n_sentences + 1) / np.maximum(df, 1)), 0)
        return np.where(silent, len(distinct), code), weight

    def likeness(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """Cosine of the words of two articles."""
        pairs = np.asarray(a, np.int64) * self._articles.shape[0] + b
        distinct, of = np.unique(pairs, return_inverse=True)
        a, b = np.divmod(distinct, self._articles.shape[0])
        return dots(self._articles, a, self._articles, b)[of]

    def meant_alike(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray | None:
        """How alike the sentences of values are in meaning, 0 to 1; None without embeddings."""
        if self._meaning is None:
            return None
        unit, of = self._meaning
        return np.maximum((unit[of[rows]] * unit[of[others]]).sum(axis=1), 0)

    def told_alike(self, rows: np.ndarray, others: np.ndarray) -> np.ndarray:
        """How likely the sentences of values tell one claim, 0 to 1; NaN where nothing says."""
        if self.claims is None:
            return np.full(len(rows), np.nan)
        return self.claims.alike(self._unit[rows], self._unit[others])

    def evidence(self, contexts: sparse.csr_array, i: np.ndarray, j: np.ndarray) -> np.ndarray:
        """How unlikely it is that contexts share their words by chance.

        It is the sum of their rarities, where 1 is that of a word said once.
        """
        words = self._rarities(contexts[:, : len(self._weight)])
        return dots(words, i, words, j)

    def heads(self, rows: np.ndarray) -> np.ndarray:
        """The word behind each value, or the next if it is of no weight; -1 where there is none."""
        first, stop = (self.table[side].to_numpy()[rows] for side in ("first", "stop"))
        end = self._edges[self._sentence[first] + 1]
        nil = len(self._weight) - 1
        code = np.r_[self._code, nil, nil]
        after = np.where(stop + 1 < end, code[stop + 1], nil)
        return np.where(stop < end, np.where(code[stop] != nil, code[stop], after), -1)

    def beside(self, rows: np.ndarray) -> sparse.csr_array:
        """The next telling words to either side of some values, in their sentences.

        Returns
        -------
        csr_array of shape (n_rows, n_codes)
            Products of rows are the sum of the rarities of the words they share, where 1 is that of
            a word said once.
        """
        first, stop = (self.table[side].to_numpy()[rows] for side in ("first", "stop"))
        nil = len(self._weight) - 1
        telling = np.flatnonzero((self._code != nil) & ~self._in_value)
        own = self._sentence[first]
        row, code = [], []
        after, before = np.searchsorted(telling, stop), np.searchsorted(telling, first) - 1
        for k in range(_BESIDE):
            for at in (after + k, before - k):
                there = (at >= 0) & (at < len(telling))
                there[there] &= self._sentence[telling[at[there]]] == own[there]
                row.append(np.flatnonzero(there))
                code.append(self._code[telling[at[there]]])
        cells = np.ones(sum(map(len, row))), (np.concatenate(row), np.concatenate(code))
        return self._rarities(sparse.csr_array(cells, shape=(len(rows), len(self._weight))))

    def _rarities(self, words: sparse.csr_array) -> sparse.csr_array:
        """Roots of the rarities of words in place of their counts."""
        words = words.sign()
        words.data = np.sqrt(self._weight / np.log(len(self._edges) + 1))[words.indices]
        return words

    def says(self, rows: pd.Series, others: pd.Series) -> np.ndarray:
        """Whether the sentence of one value says the other value too."""
        first = np.minimum(self.table["first"], len(self._sentence) - 1)
        sentence, value = self._sentence[first].tolist(), self.table["value"].tolist()
        known = set(zip(sentence, value))
        return np.array([(sentence[i], value[j]) in known for i, j in zip(rows, others)], bool)

    def contexts(self, rows: np.ndarray, dimensions: np.ndarray) -> sparse.csr_array:
        """Words of the sentences of some values, weighed by rarity and nearness; unit rows.

        The dimension of each is one more word.
        """
        first, stop = (self.table[side].to_numpy()[rows] for side in ("first", "stop"))
        sentence = self._sentence[first]
        begin, size = self._edges[sentence], self._edges[sentence + 1] - self._edges[sentence]
        row = np.repeat(np.arange(len(rows)), size)
        word = np.arange(len(row)) + np.repeat(begin - np.cumsum(size) + size, size)
        away = np.maximum(np.maximum(first[row] - word, word - stop[row] + 1), 0)
        weight = np.where(away > 0, self._weight[self._code[word]] * _NEAR / (_NEAR + away), 0)
        said = dimensions.astype(str)
        names, code, counts = np.unique(said, return_inverse=True, return_counts=True)
        rarity = np.log((len(self._edges) + 1) / counts).clip(0)
        rarity[np.isin(names, ("", "date"))] = 0
        n_codes = len(self._weight)
        columns = np.r_[self._code[word], n_codes + code]
        cells = np.r_[weight, rarity[code]], (np.r_[row, np.arange(len(rows))], columns)
        return _unit(sparse.csr_array(cells, shape=(len(rows), n_codes + len(names))))


def _embedded(features: Features, values: pd.DataFrame) -> tuple[np.ndarray, np.ndarray] | None:
    """Embeddings of sentences less the mean of all, of length 1, and the row of each value's."""
    if not features.has("vectors"):
        return None
    vectors = features.table("vectors", ["article_id", "sentence", "embedding"])
    if vectors.empty:
        return None
    unit = np.stack(vectors["embedding"].to_numpy()).astype(np.float32)
    for centre in (0, unit.mean(axis=0, keepdims=True)):
        unit = unit - centre
        unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-9)
    places = pd.MultiIndex.from_frame(
        vectors[["article_id", "sentence"]].astype({"article_id": str})
    )
    of = places.get_indexer(
        pd.MultiIndex.from_frame(values[["article_id", "sentence"]].astype({"article_id": str}))
    )
    nowhere = np.zeros((1, unit.shape[1]), np.float32)  # of -1: a sentence without an embedding
    return np.concatenate([unit, nowhere]), of


def _unit(rows: sparse.csr_array) -> sparse.csr_array:
    rows.eliminate_zeros()
    length = np.sqrt(rows.multiply(rows).sum(axis=1))
    rows.data /= np.repeat(np.where(length > 0, length, 1), np.diff(rows.indptr))
    return rows


def dots(x: sparse.csr_array, i: np.ndarray, y: sparse.csr_array, j: np.ndarray) -> np.ndarray:
    """Products of rows `i` of one matrix with rows `j` of another."""
    found = np.empty(len(i))
    for start in range(0, len(i), _CHUNK):  # all rows at once take gigabytes
        at = slice(start, start + _CHUNK)
        found[at] = x[i[at]].multiply(y[j[at]]).sum(axis=1)
    return found


def candidates(
    contexts: sparse.csr_array, articles: np.ndarray, floor: float
) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of rows of different articles that share words which few rows have."""
    df = np.bincount(contexts.indices, minlength=contexts.shape[1])
    rare = contexts[:, np.flatnonzero((df > 1) & (df <= _COMMON))].tocsr()
    across = rare.T.tocsr()
    found = [np.empty((2, 0), np.int64)]
    for start in range(0, rare.shape[0], _CHUNK):
        alike = (rare[start : start + _CHUNK] @ across).tocoo()
        i, j = alike.row + start, alike.col
        kept = (alike.data >= floor) & (i < j) & (articles[i] != articles[j])
        found.append(np.stack([i[kept], j[kept]]))
    return tuple(np.concatenate(found, axis=1))
