"""The figure that every plot returns: what was drawn, and the numbers behind it."""

from __future__ import annotations

import contextlib
import html
import importlib.metadata
import io
import json
import math
import os
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import matplotlib
import numpy as np
import pandas as pd
from fontTools import subset
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.figure import SubFigure
from matplotlib.text import Text

from analysis.errors import OptionError
from analysis.files import project_root, write_bytes, write_text
from analysis.io.sheets import safe
from analysis.methods import meanings_of
from analysis.options import check_choice
from analysis.pl.style import DOUBLE, STYLE, in_style, missing_letters, wrapped
from analysis.results import Result

# inches beside titles: on a screen letters are up to 5 % wider than on paper
_EDGE = 0.45
_ALT = 2  # sentences of the subtitle in a figure's text alternative
_SENTENCE_END = re.compile(r"(?<=[^A-Z][.!?])\s+(?=[^a-z])")
# of the parameters: what stands for itself in the file beside a figure
_APART = ("corpus", "digest", "measured_on", "material")
PACKAGES = ("matplotlib", "numpy", "pandas", "scikit-learn", "scipy")


@dataclass(frozen=True, eq=False)
class Figure:
    """A drawn result; shows itself in a notebook, and saves itself with its numbers.

    Attributes
    ----------
    canvas : matplotlib.figure.Figure or SubFigure
    name : str
        Of its files: the verb, and its kind if it is not the verb's first.
    result : Result
        What was drawn; its `params` and `notes` are saved as JSON.
    table : DataFrame
        The numbers that are drawn, which are saved as CSV.
    more : mapping of str to DataFrame
        Further tables that are drawn, each saved as `name`.`key`.csv.
    title, subtitle : str
        What it is headed by; without a title the result's finding.
    """

    canvas: Canvas | SubFigure = field(repr=False)
    name: str
    result: Result = field(repr=False)
    table: pd.DataFrame = field(repr=False)
    more: Mapping[str, pd.DataFrame] = field(default_factory=dict, repr=False)
    title: str = field(default="", repr=False)
    subtitle: str = field(default="", repr=False)

    @property
    def alt(self) -> str:
        """What the figure shows, for those who do not see it: its finding, and what is measured."""
        said = " ".join(str(self.title or self.result.finding).split())
        about = _SENTENCE_END.split(self.subtitle)[:_ALT]  # what is measured comes first
        return " ".join(filter(None, [said.rstrip(".") + "." if said else "", *about]))

    @property
    def axes(self) -> list[Axes]:
        """The axes drawn on, in order."""
        return self.canvas.axes

    def save(self, folder: str | Path | None = None) -> Saved:
        """Write `name`.svg, .pdf, .csv and .json: the same bytes from the same result.

        Parameters
        ----------
        folder : path, optional
            Instead of `$TWICETOLD_FIGURES/<corpus>` or `figures/<corpus>`.

        Returns
        -------
        Saved
        """
        params = self.result.params
        corpus, measured_on = params["corpus"], params["measured_on"]
        if folder is None:
            folder = (
                Path(os.environ.get("TWICETOLD_FIGURES") or project_root() / "figures") / corpus
            )
        place = Path(folder)
        about = {
            "corpus": corpus,
            "digest": params["digest"],
            "measured_on": measured_on,
            "material": params.get("material", {}),
            "measure": self.result.measure,
            "parameters": {k: v for k, v in params.items() if k not in _APART},
            "title": " ".join(str(self.title or self.result.finding).split()),
            "subtitle": self.subtitle,
            "alt": self.alt,
            "notes": list(self.result.notes),
            "methods": replace(self.result, notes=()).methods(),  # which stand for themselves
            "groups": self._group_labels(),
            "columns": self._columns(),
            "packages": {p: importlib.metadata.version(p) for p in PACKAGES},
        }
        svg = self._render("svg", {"Date": None, "Creator": None})
        pdf = self._render("pdf", {"CreationDate": None, "Creator": None, "Producer": None})
        self._warn_of_boxes()
        write_bytes(place / f"{self.name}.svg", svg)
        write_bytes(place / f"{self.name}.pdf", pdf)
        text = json.dumps(about, indent=1, ensure_ascii=False) + "\n"
        write_text(place / f"{self.name}.json", text)
        for name, table in {"": self.table, **self.more}.items():
            rows = table.assign(measured_on=measured_on).rename(columns=_without_formula)
            for column in rows.select_dtypes(["object", "string", "category"]):
                rows[column] = rows[column].astype(object).map(_without_formula)
            text = rows.to_csv(index=False, float_format="%.9g", lineterminator="\n")
            write_text(place / ".".join(filter(None, (self.name, name, "csv"))), text)
        return Saved(f"figures/{corpus}", self.name, svg.decode("utf-8"))

    def _group_labels(self) -> dict[str, str]:
        """What people call the groups, where that is not their name."""
        groups = self.result.groups
        if groups is None or "label" not in groups:
            return {}
        pairs = zip(groups["group"].map(str), groups["label"].map(str))
        return {group: label for group, label in pairs if group != label}

    def _columns(self) -> dict[str, dict[str, list[str]]]:
        """Unit and meaning of the columns of each CSV."""
        kind, said = type(self.result), {}
        for name, table in {"": self.table, **self.more}.items():
            columns = [*map(str, table.columns), "measured_on"]
            meanings = meanings_of(kind, name or "table", columns)
            said[name or "table"] = {column: list(about) for column, about in meanings.items()}
        return said

    def _repr_svg_(self) -> str:
        self._warn_of_boxes()
        return self._render("svg", {"Date": None, "Creator": None}).decode("utf-8")

    def _render(self, kind: str, metadata: dict) -> bytes:
        sink = io.BytesIO()
        with in_style(), _glyphs_alone():
            settle(self.canvas.figure)
            self.canvas.figure.savefig(sink, format=kind, metadata=metadata)
        return self._with_alt(sink.getvalue()) if kind == "svg" else sink.getvalue()

    def _warn_of_boxes(self) -> None:
        drawn = (text for text in self.canvas.findobj(Text) if text.get_visible())
        missing = missing_letters("".join(text.get_text() for text in drawn))
        if missing:
            warnings.warn(
                f"{self.name}: no font of this machine has {missing[:20]}, which is drawn as boxes;"
                " install Noto Sans CJK, say, and draw again.",
                stacklevel=3,
            )

    def _with_alt(self, svg: bytes) -> bytes:
        """The drawing with its text alternative, which browsers read aloud."""
        before, tag, rest = svg.partition(b"<svg ")
        attributes, end, drawing = rest.partition(b">")
        said = f"\n <title>{html.escape(self.alt)}</title>".encode()
        return b"".join([before, tag, b'role="img" ', attributes, end, said, drawing])


def _without_formula(cell):
    """A cell that Excel, which opens a CSV with a click, does not run."""
    return safe(cell) if isinstance(cell, str) else cell


@dataclass(frozen=True)
class Saved:
    """Where a figure was written; shows it in a notebook."""

    folder: str
    name: str
    svg: str = field(repr=False)

    def __repr__(self) -> str:
        return f"{self.folder}/{self.name}: .svg .pdf .csv .json"

    def _repr_svg_(self) -> str:
        return self.svg


@contextlib.contextmanager
def _glyphs_alone() -> Iterator[None]:
    """Put fonts into a PDF without the tables by which letters are shaped and spaced.

    A PDF says which glyph stands where: its readers never look at them, and to cut them down to
    the letters of a figure takes most of the time of writing it.
    """
    loads = subset.load_font

    def load_font(*arguments, **options):
        font = loads(*arguments, **options)
        for table in ("GDEF", "GPOS", "GSUB", "kern"):
            if table in font:
                del font[table]
        return font

    subset.load_font = load_font
    try:
        yield
    finally:
        subset.load_font = loads


def settle(canvas: Canvas) -> None:
    """Lay a figure out once and for all: each further drawing would move its axes a little more."""
    if (engine := canvas.get_layout_engine()) is not None:
        before = None
        for _ in range(3):
            engine.execute(canvas)
            places = np.array([axes.get_position().bounds for axes in canvas.get_axes()])
            if before is not None and np.array_equal(places, before):
                break  # half of them stand still at once, and each time costs as much as drawing
            before = places
        canvas.set_layout_engine("none")


def head(canvas: Canvas | SubFigure, title: str, subtitle: str = "") -> None:
    """Head a figure: the finding in bold, and below it what is measured."""
    inches = canvas.figure.get_size_inches()
    lines = wrapped(title, inches[0] - _EDGE)
    below = wrapped(subtitle, inches[0] - _EDGE, title=False) if subtitle else ""
    n_lines, n_below = lines.count("\n") + 1, below.count("\n") + 1 if below else 0
    # room for both: the layout knows of the one title only
    room = lines + "\n" * math.ceil(n_below * STYLE["font.size"] / STYLE["figure.titlesize"])
    # where the layout puts a title that is given no height: of others it takes no notice
    top = 1 - matplotlib.rcParams["figure.constrained_layout.h_pad"] / inches[1]
    canvas.suptitle(room, x=0.07 / inches[0], ha="left", va="top", fontweight="bold")
    if below:
        drop = n_lines * STYLE["figure.titlesize"] * 1.22 / 72
        y = top - (drop + 0.02) / inches[1]
        canvas.text(0.07 / inches[0], y, below, ha="left", va="top", color="#444444")


def head_lines(title: str, subtitle: str = "", width: float = DOUBLE) -> int:
    """How many lines a title and a subtitle take on a figure of a width in inches."""
    lines = wrapped(title, width - _EDGE).count("\n") + 1
    below = wrapped(subtitle, width - _EDGE, title=False).count("\n") + 1 if subtitle else 0
    return lines + below


@contextlib.contextmanager
def one_axes(
    ax: Axes | Sequence[Axes] | None,
    width: float,
    height: float,
    *,
    title: str = "",
    subtitle: str = "",
) -> Iterator[Axes]:
    """The axes to draw on, in the one style: the first given, or of a new figure (inches)."""
    with in_style():
        if ax is None:
            canvas = Canvas(figsize=(width, height))
            if title:
                head(canvas, title, subtitle)
            yield canvas.add_subplot()
        else:
            yield np.ravel(np.asarray(ax, object))[0]


@contextlib.contextmanager
def panels(
    ax: Axes | Sequence[Axes] | np.ndarray | None,
    n_panels: int,
    *,
    columns: int,
    title: str,
    subtitle: str = "",
    height: float = 1.5,
    extra: float = 0.0,
    label: str = "",
    sharey: bool = False,
) -> Iterator[list[Axes]]:
    """One axes for each panel: those given, or a grid on a new figure.

    Parameters
    ----------
    ax : Axes, or a sequence or array of at least `n_panels` of them, or None
    n_panels : int
    columns : int
    title : str
        The finding, above all panels of a new figure.
    subtitle : str
        What is measured, below the title.
    height : float
        Of one row of panels, in inches.
    extra : float
        Inches for a legend or the like.
    label : str
        Of the horizontal axis that all panels of a new figure share.
    sharey : bool
        Whether the panels of a row share their vertical axis, labelled at the left only.

    Raises
    ------
    OptionError
        If too few axes are given.
    """
    with in_style():
        if ax is not None:
            given = np.atleast_1d(np.asarray(ax, object)).ravel().tolist()
            if len(given) < n_panels:
                raise OptionError(
                    f"ax must hold {n_panels} axes, one for each panel (got {len(given)})"
                )
            yield given[:n_panels]
            return
        columns = max(1, min(columns, n_panels))
        rows = max(1, math.ceil(n_panels / columns))
        lines = head_lines(title, subtitle)
        canvas = Canvas(figsize=(DOUBLE, rows * height + 0.42 + 0.135 * lines + extra))
        axes = canvas.subplots(rows, columns, squeeze=False, sharey="row" if sharey else False)
        axes = axes.ravel()
        yield axes[:n_panels].tolist()
        for spare in axes[n_panels:]:
            spare.remove()
        head(canvas, title, subtitle)
        if label:
            canvas.supxlabel(label, fontsize=7)


def draw_nothing(ax: Axes, reason: str) -> None:
    """The empty state of a figure: one sentence that says why there is nothing to see."""
    ax.set_axis_off()
    said = wrapped(reason, 3, title=False)
    ax.text(0.5, 0.5, said, ha="center", va="center", transform=ax.transAxes)


def chosen_kind(kind: str | None, kinds: Sequence[str]) -> str:
    """The kind of a figure: the first if none is given.

    Raises
    ------
    OptionError
        If it is none of `kinds`.
    """
    kind = kinds[0] if kind is None else kind
    check_choice("kind", kind, kinds)
    return kind
