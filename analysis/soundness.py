"""What extraction writes: rows that it could not have written are found, with column and row.

A checksum shows damage. It does not show a table that somebody made or changed, whose checksum they
wrote anew; such a table is compared with what stands in `articles`, with the codebook and itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

SIZED = ("article_id", "n_chars", "n_tokens", "n_sentences")  # of `articles`
MOST_IN_ARTICLE = 100_000_000  # characters of an article: more than are in a hundred long books
# column → the column of `articles` that says how many there are of it
_NUMBERED = {"sentence": "n_sentences", "position": "n_tokens"}
_SHARES = {"negative", "neutral", "positive", "confidence", "quoted_share"}
_MAY_LACK = _SHARES - {"quoted_share"} | {"score"}  # nobody judged it
_COUNTED = {"sentences": "sentence", "tokens": "position"}  # from 0, none left out
_ONCE = {"sentences", "style", "vectors", "ngrams", "tokens"}  # no number twice in an article
_BY_ENTRY = {("hits", False), ("scores", False), ("scores", True)}  # table, whether shared
_BY_NAME = {"terms", "patterns", "credits", "labels"}  # of the shared form: articles by their ids
_KEYS: dict[str, list[str]] = {  # of tables that sum rows
    "terms": ["article_id", "term"],
    "hits": ["article_id", "sentence", "entry", "kind"],
    "patterns": ["article_id", "entry", "kind", "pattern"],
    "credits": ["article_id", "kind", "name"],
    "masks": ["article_id", "reason"],
    "scores": ["article_id", "sentence", "dictionary"],
    "style": ["article_id"],
}


class Unsound(ValueError):
    """A column holds what extraction does not write."""

    def __init__(self, column: str, row: int, problem: str):
        super().__init__(f"column {column!r}, row {row + 1:,}: {problem}")


@dataclass(frozen=True)
class Sizes:
    """The articles of some features, and how large each is.

    Attributes
    ----------
    ids : pandas.Index
    most : dict of int64 arrays
        By column of `articles`: n_chars, n_tokens, n_sentences.
    """

    ids: pd.Index
    most: Mapping[str, np.ndarray]


def article_sizes(articles: pa.Table) -> Sizes:
    """The sizes of articles, which bound what other tables may hold.

    Parameters
    ----------
    articles : pyarrow.Table
        With the columns `SIZED`.

    Raises
    ------
    Unsound
        If there is no article, one has no id or that of another, or sizes that no text has.

    Examples
    --------
    >>> table = {"article_id": ["a"], "n_chars": [90], "n_tokens": [15], "n_sentences": [1]}
    >>> article_sizes(pa.table(table)).most["n_tokens"]
    array([15])
    """
    for column in SIZED:
        _refuse_gaps(articles, column, 0)
    ids = pd.Index(articles["article_id"].to_pylist())
    if ids.empty:
        raise Unsound("article_id", 0, "no article")
    _refuse("article_id", ids.to_numpy(), ids == "", 0, "empty")
    _refuse("article_id", ids.to_numpy(), ids.duplicated(), 0, "is that of an earlier row")
    most = {column: articles[column].to_numpy().astype(np.int64) for column in SIZED[1:]}
    chars = most["n_chars"]
    for column, values in most.items():
        limit = MOST_IN_ARTICLE if column == "n_chars" else chars + 1
        wrong = (values < 0) | (values > limit)
        _refuse(column, values, wrong, 0, "is not the size of a text")
    return Sizes(ids, most)


def most_rows(sizes: Sizes, n_names: int) -> int:
    """More rows than a table of these articles can have.

    Parameters
    ----------
    sizes : Sizes
    n_names : int
        Actors, frames and dictionaries, each of which may stand at every word.

    Returns
    -------
    int
    """
    return int(sizes.most["n_chars"].sum() + len(sizes.ids)) * (n_names + 1)


def key_columns(name: str, *, shared: bool) -> list[str]:
    """The columns without which the rows of a table cannot be compared with its articles.

    Parameters
    ----------
    name : str
        Of the table.
    shared : bool
        Whether it is of the shared form.

    Returns
    -------
    list of str
    """
    return _KEYS.get(name, [*SIZED[:1]]) if shared else [*SIZED[:1]]


def refuse_unsound(
    table: pa.Table,
    name: str,
    sizes: Sizes,
    known: Mapping[str, set[str]],
    *,
    shared: bool,
    first: int = 0,
    whole: bool = True,
) -> None:
    """Refuse rows of a table that extraction could not have written.

    Only the columns that are there are looked at.

    Parameters
    ----------
    table : pyarrow.Table
        All rows, or some that follow each other.
    name : str
        Of the table.
    sizes : Sizes
    known : mapping
        By column (such as `actor`) the names that it may hold.
    shared : bool
        Whether it is of the shared form.
    first : int
        The number of the first row.
    whole : bool
        Whether these are all rows.

    Raises
    ------
    Unsound
        With the column, the row (from 1) and what is wrong.
    """
    for column in table.column_names:
        kind = table.schema.field(column).type
        if name == "articles" and column not in SIZED:
            continue  # what the metadata says
        if column not in _MAY_LACK:
            _refuse_gaps(table, column, first)
        if column in known:
            _refuse_unknown(table[column], column, known[column], first)
        if pa.types.is_floating(kind):
            _refuse_floats(table[column], column, first)
        elif pa.types.is_list(kind):
            _refuse_vectors(table[column], column, first)
    if name == "articles" or "article_id" not in table.column_names or not table.num_rows:
        if whole and name in _COUNTED and not table.num_rows:
            _refuse_counts(np.zeros(len(sizes.ids), int), name, sizes)
        return
    place = _places(table["article_id"], sizes, first)
    same = np.r_[place[:1] < 0, place[1:] == place[:-1]]
    alphabetic = shared and name in _BY_NAME
    limits: dict[str, np.ndarray] = {}
    _refuse_order(place, ~same, alphabetic, sizes, first)
    for column in table.column_names:
        if table.schema.field(column).type != pa.int32():  # not hashes and bits
            continue
        values = table[column].to_numpy()
        counted = _NUMBERED.get(column)
        size = counted or "n_chars"
        if size not in limits:
            limits[size] = sizes.most[size].astype(np.uint32)[place]
        limit, what = limits[size], f"the article has {{}} {size.removeprefix('n_')}"
        large = values.view(np.uint32)  # what is below 0 is larger than any limit
        wrong = large >= limit if counted and name in _ONCE else large > limit
        _refuse(column, values, wrong, first, what, limit)
        if column == _COUNTED.get(name):
            expected = np.where(same, np.r_[-1, values[:-1]] + 1, 0)
            wrong = values != expected
            wrong[0] &= whole
            _refuse(column, values, wrong, first, "needed is {}", expected)
        if counted and (name, shared) not in _BY_ENTRY:
            before, after = values[:-1], values[1:]
            once = name in _ONCE and column != _inner(name)
            wrong = same & np.r_[False, after <= before if once else after < before]
            _refuse(column, values, wrong, first, "comes after {}", np.r_[values[:1], values[:-1]])
    if {"start", "end"} <= set(table.column_names):
        start, end = table["start"].to_numpy(), table["end"].to_numpy()
        _refuse("end", end, end < start, first, "is before its start, {}", start)
    if whole and name in _COUNTED:
        _refuse_counts(np.bincount(place, minlength=len(sizes.ids)), name, sizes)
    keys = key_columns(name, shared=shared)
    if whole and name in _KEYS and shared and set(keys) <= set(table.column_names):
        _refuse_doubled(table.select(keys), first)


def _inner(name: str) -> str:
    """The number that several rows of a table share."""
    return "sentence" if name == "tokens" else ""


def _refuse(column, values, wrong, first: int, problem: str, about=None) -> None:
    """Raise for the first row that is wrong."""
    if np.any(wrong):
        row = int(np.argmax(wrong))
        more = problem if about is None else problem.format(f"{about[row]:,}")
        raise Unsound(column, first + row, f"{values[row]!s:.60} ({more})")


def _refuse_gaps(table: pa.Table, column: str, first: int) -> None:
    if table[column].null_count:
        row = pc.index(pc.is_null(table[column]), True).as_py()
        raise Unsound(column, first + row, "empty")


def _refuse_unknown(cells: pa.ChunkedArray, column: str, known: set[str], first: int) -> None:
    strange = [name for name in pc.unique(cells).to_pylist() if name not in known]
    if strange:
        row = pc.index(cells, pa.scalar(strange[0], cells.type)).as_py()
        raise Unsound(column, first + row, f"{strange[0]!r:.60} is not in the codebook")


def _refuse_floats(cells: pa.ChunkedArray, column: str, first: int) -> None:
    values = cells.to_numpy()
    if column in _SHARES:
        _refuse(column, values, (values < 0) | (values > 1), first, "is not from 0 to 1")
    missing = np.zeros(len(values), bool) if column in _MAY_LACK else np.isnan(values)
    _refuse(column, values, np.isinf(values) | missing, first, "is no number")


def _refuse_vectors(cells: pa.ChunkedArray, column: str, first: int) -> None:
    cells = cells.combine_chunks()
    lengths = np.diff(cells.offsets.to_numpy())
    if not len(lengths):
        return
    _refuse(column, lengths, (lengths != lengths[0]) | (lengths < 1), first, "numbers are too few")
    numbers = np.isfinite(cells.flatten().to_numpy(zero_copy_only=False))
    whole = numbers.reshape(len(lengths), -1).all(axis=1)
    _refuse(column, np.full(len(whole), "a vector"), ~whole, first, "holds what is no number")


def _places(ids: pa.ChunkedArray, sizes: Sizes, first: int) -> np.ndarray:
    """The number of each row's article."""
    if not pa.types.is_dictionary(ids.type):
        ids = ids.dictionary_encode()
    coded = ids.unify_dictionaries().combine_chunks()
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    named = coded.dictionary.to_pylist()
    numbers = sizes.ids.get_indexer(named).astype(np.int32)
    place = numbers[coded.indices.to_numpy()]
    if (numbers < 0).any() and (place < 0).any():
        row = int(np.argmax(place < 0))
        strange = named[coded.indices[row].as_py()]
        raise Unsound("article_id", first + row, f"{strange!r:.60} is no article")
    return place


def _refuse_order(
    place: np.ndarray, begins: np.ndarray, alphabetic: bool, sizes: Sizes, first: int
) -> None:
    """Rows of an article stand together, and articles in their order."""
    starts = np.flatnonzero(begins)
    order = place[starts]
    if alphabetic:
        again = pd.Index(order).duplicated()
    else:
        again = np.diff(order, prepend=-1) < 0
    if again.any():
        row = int(starts[np.argmax(again)])
        problem = f"{sizes.ids[place[row]]!r} is out of order"
        raise Unsound("article_id", first + row, problem)


def _refuse_counts(found: np.ndarray, name: str, sizes: Sizes) -> None:
    """An article has as many words and sentences as `articles` says."""
    most = sizes.most[f"n_{name}"]
    if (found != most).any():
        at = int(np.argmax(found != most))
        row = int(found[: at + 1].sum())
        said = f"{sizes.ids[at]!r} has {found[at]:,} rows; `articles` says {most[at]:,} {name}"
        raise Unsound("article_id", max(row - 1, 0), said)


def _refuse_doubled(keys: pa.Table, first: int) -> None:
    doubled = keys.to_pandas().duplicated().to_numpy()
    column = keys.column_names[-1]
    if doubled.any():
        row = int(np.argmax(doubled))
        cell = keys[column][row].as_py()
        raise Unsound(column, first + row, f"{cell!r:.60} stands in an earlier row of its article")
