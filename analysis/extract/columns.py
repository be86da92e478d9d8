"""Columns of many articles, gathered into one Arrow table each."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

import numpy as np
import pyarrow as pa

from analysis.extract.units import Columns
from analysis.features import PRIVATE, SCHEMAS


class Gathered:
    """The tables of a run of articles, of which each adds its columns in turn."""

    def __init__(self, names: list[str]):
        self._columns: dict[str, dict[str, list]] = {name: {} for name in names}
        self._rows: dict[str, list[tuple[str, int]]] = {name: [] for name in names}

    def add(self, name: str, article_id: str, columns: Columns | Mapping) -> None:
        """Add an article's rows to a table.

        Parameters
        ----------
        name : str
            Of the table.
        article_id : str
        columns : Columns or Mapping
            Without article_id.
        """
        for column, values in columns.items():
            self._columns[name].setdefault(column, []).append(values)
        self._rows[name].append((article_id, len(values)))

    def tables(self) -> dict[str, pa.Table]:
        """Each table with the contract's columns and types; of `articles` those that were added.

        Returns
        -------
        dict of str to pyarrow.Table
        """
        return {name: self._table(name) for name in self._columns}

    def _table(self, name: str) -> pa.Table:
        given, rows = self._columns[name], self._rows[name]
        ids = pa.array([article for article, _ in rows], pa.string())
        arrays = [ids.take(pa.array(np.repeat(np.arange(len(rows)), [n for _, n in rows])))]
        fields = [pa.field(*field) for field in SCHEMAS[PRIVATE][name]]
        fields = fields[:1] + [field for field in fields[1:] if field.name in given or not given]
        arrays += [_array(given.get(field.name, []), field.type) for field in fields[1:]]
        return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _array(pieces: list, kind: pa.DataType) -> pa.Array:
    if pieces and all(isinstance(piece, np.ndarray) and piece.dtype != object for piece in pieces):
        return pa.array(np.concatenate(pieces), kind)
    return pa.array(list(chain.from_iterable(pieces)), kind)
