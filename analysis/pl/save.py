"""Save a figure with the numbers behind it."""

from __future__ import annotations

import importlib.metadata
import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.files import project_root, write_bytes, write_text
from analysis.pl.style import STYLE
from analysis.results import Result

PACKAGES = ("matplotlib", "numpy", "pandas", "scikit-learn", "scipy")


@dataclass(frozen=True)
class Saved:
    """Where a figure was written; shows itself in a notebook."""

    folder: str
    name: str
    svg: str = field(repr=False)

    def __repr__(self) -> str:
        return f"{self.folder}/{self.name}: .svg .pdf .csv .json"

    def _repr_svg_(self) -> str:
        return self.svg


def save_figure(
    drawn: Axes | Figure,
    name: str,
    result: Result,
    *,
    table: pd.DataFrame | None = None,
    folder: str | Path | None = None,
) -> Saved:
    """Write `name`.svg, .pdf, .csv and .json into `figures/<corpus>/`.

    Parameters
    ----------
    drawn : Axes or Figure
    name : str
    result : Result
        Its `table` becomes the CSV (with a column `measured_on`), its `params` and `notes` the
        JSON.
    table : DataFrame, optional
        The table that was drawn, if it is another one of the result's.
    folder : path, optional
        Instead of `$TWICETOLD_FIGURES/<corpus>` or `figures/<corpus>`.
    """
    corpus = result.params["corpus"]
    if folder is None:
        folder = Path(os.environ.get("TWICETOLD_FIGURES") or project_root() / "figures") / corpus
    folder = Path(folder)
    figure = drawn if isinstance(drawn, Figure) else drawn.figure
    table = result.table if table is None else table
    rows = table.assign(measured_on=result.params["measured_on"])
    about = {
        "corpus": corpus,
        "digest": result.params["digest"],
        "measured_on": result.params["measured_on"],
        "parameters": {
            k: v for k, v in result.params.items() if k not in ("corpus", "digest", "measured_on")
        },
        "notes": list(result.notes),
        "packages": {p: importlib.metadata.version(p) for p in PACKAGES},
    }
    with matplotlib.rc_context(STYLE):
        settle(figure)
        svg = _render(figure, "svg", {"Date": None, "Creator": None})
        pdf = _render(figure, "pdf", {"CreationDate": None, "Creator": None, "Producer": None})
    write_bytes(folder / f"{name}.svg", svg)
    write_bytes(folder / f"{name}.pdf", pdf)
    write_text(
        folder / f"{name}.csv", rows.to_csv(index=False, float_format="%.9g", lineterminator="\n")
    )
    write_text(folder / f"{name}.json", json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    return Saved(f"figures/{corpus}", name, svg.decode("utf-8"))


def settle(figure: Figure) -> None:
    """Lay the figure out once and for all: each further drawing would move its axes a little more."""
    if figure.get_layout_engine() is not None:
        for _ in range(3):
            figure.draw_without_rendering()
        figure.set_layout_engine("none")


def _render(figure: Figure, kind: str, metadata: dict) -> bytes:
    sink = io.BytesIO()
    figure.savefig(sink, format=kind, metadata=metadata)
    return sink.getvalue()
