"""Results of measures: small frozen tables that show themselves in a notebook."""

from __future__ import annotations

import html
from dataclasses import dataclass, field, fields

import pandas as pd

_EVERY = ("table", "params", "notes", "groups")


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

    def __repr__(self) -> str:
        extra = [f.name for f in fields(self) if f.name not in _EVERY]
        head = f"<{type(self).__name__}: {len(self.table)} rows" + (
            f"; also {', '.join(extra)}>" if extra else ">"
        )
        return "\n".join([head, *self.notes])

    def _repr_html_(self) -> str:
        notes = "".join(f"<p>{html.escape(note)}</p>" for note in self.notes)
        return f"{notes}{self.table.to_html(index=False, max_rows=30, escape=True, border=0)}"


def count(n: int, noun: str, plural: str | None = None) -> str:
    """Say how many: "1 article", "2 articles"."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
