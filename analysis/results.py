"""Results of measures: small frozen tables that show themselves in a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, fields
from functools import partial
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from analysis.methods import paragraph

_EVERY = ("table", "params", "notes", "groups")


class _Later:
    """A field that may be given as a `partial`, which is called when the field is first read."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, result: Result | None, owner: type) -> Any:
        if result is None:  # the class: the field has no default
            raise AttributeError(self.name)
        if isinstance(value := result.__dict__[self.name], partial):
            value = result.__dict__[self.name] = value()
        return value

    def __set__(self, result: Result, value: object) -> None:
        result.__dict__[self.name] = value


def later() -> Any:
    """A field of a result that is made when it is first read, if it is given as a `partial`."""
    return _Later()


@dataclass(frozen=True, eq=False)
class Result:
    """A tidy table, the parameters that made it, and what a reader must know.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per estimate; each measure documents its columns.
    params : dict
        The options, the corpus digest and `measured_on`: "private features", "shared features" or
        "results".
    notes : tuple of str
        Warnings that belong beside every use of the numbers, such as a corpus too small.
    groups : pandas.DataFrame or None
        What is compared, where a measure takes `by`: `analysis.groups.Grouping.table`.
    """

    table: pd.DataFrame
    params: dict
    notes: tuple[str, ...] = field(default=(), kw_only=True)
    groups: pd.DataFrame | None = field(default=None, kw_only=True)

    @property
    def group_names(self) -> list[str]:
        """The groups, in the order of the table."""
        return list(dict.fromkeys(self.table["group"]))

    @property
    def finding(self) -> str:
        """What the numbers say, in one sentence: the title of the figure."""
        return ""

    @property
    def measure(self) -> str:
        """What made it, such as "tl.tone"."""
        return type(self).__module__.removeprefix("analysis.")

    def methods(self) -> str:
        """A paragraph for a methods section, in plain words.

        It states how many articles and words were measured, what was masked of them and why, the
        versions and digests by which others get the same numbers, the options, what was compared,
        and every reservation.

        Examples
        --------
        >>> import analysis as tw
        >>> print(tw.tl.frames(tw.load("amnesty2024"), draws=1).methods()[:83])
        The corpus amnesty2024 holds 5 articles (en 5), with 3,359 words that were measured
        """
        return paragraph(self.measure, self.params, self.groups, self.notes)

    def brief(
        self,
        *columns: str,
        n: int = 10,
        sort: str | None = None,
        where: str | None = None,
        of: str = "table",
    ) -> Brief:
        """Some rows and columns of a table, as a notebook shows them.

        Parameters
        ----------
        *columns : str
            All that hold something if none are given.
        n : int
            Rows.
        sort : str, optional
            The column to sort by; with "-" before it, the greatest first.
        where : str, optional
            Which rows, as `DataFrame.query` takes it.
        of : str
            The attribute that holds the table.

        Returns
        -------
        Brief

        Examples
        --------
        >>> import pandas as pd
        >>> from analysis.results import Result
        >>> result = Result(pd.DataFrame({"group": ["a", "b"], "n_words": [1, 2500]}), {})
        >>> result.brief(sort="-n_words")
        group  words
            b  2,500
            a      1
        """
        table = getattr(self, of)
        table = table.query(where) if where else table
        if sort:
            table = table.sort_values(sort.lstrip("-"), ascending=sort[0] != "-", kind="stable")
        table = table[list(columns)] if columns else table.dropna(axis="columns", how="all")
        return Brief(table.head(n), len(table))

    def __repr__(self) -> str:
        extra = [f.name for f in fields(self) if f.name not in _EVERY]
        head = f"<{type(self).__name__}: {len(self.table)} rows" + (
            f"; also {', '.join(extra)}>" if extra else ">"
        )
        return "\n".join([head, *self.notes])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p{_PLAIN}>{html.escape(note)}</p>" for note in self.notes)
        return f"{notes}{_as_html(self.table, max_rows=30)}"


_PLAIN = ' class="tex2jax_ignore mathjax_ignore"'  # else "$5 … $7" is read as mathematics


def _as_html(table: pd.DataFrame, **options) -> str:
    with pd.option_context("display.html.use_mathjax", False):
        return table.to_html(index=False, escape=True, border=0, **options)


@dataclass(frozen=True, eq=False)
class Brief:
    """Some rows of a table for reading: names in plain words, numbers rounded, no row numbers.

    Attributes
    ----------
    table : DataFrame
        The rows that are shown, as they are.
    n_rows : int
        Of the whole table.
    """

    table: pd.DataFrame
    n_rows: int

    def __repr__(self) -> str:
        return "\n".join([self._written().to_string(index=False), *self._rest()])

    def _repr_html_(self) -> str:
        rest = "".join(f"<p>{line}</p>" for line in self._rest())
        return _as_html(self._written()) + rest

    def _rest(self) -> list[str]:
        shown = len(self.table)
        return [f"{shown} of {self.n_rows:,} rows"] if shown < self.n_rows else []

    def _written(self) -> pd.DataFrame:
        written = {}
        for name in self.table:
            head = str(name).removeprefix("n_").replace("_", " ")
            written[head] = self.table[name].map(_written_cell)
        return pd.DataFrame(written)


def _written_cell(cell: object) -> str:
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else ""
    if isinstance(cell, Integral):
        return f"{int(cell):,}"
    if isinstance(cell, Real):
        return "" if np.isnan(float(cell)) else f"{float(cell):.2f}"
    return "" if cell is None or cell is pd.NA or cell is pd.NaT else str(cell)


def count(n: int, noun: str, plural: str | None = None) -> str:
    """Say how many: "1 article", "2 articles"."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
