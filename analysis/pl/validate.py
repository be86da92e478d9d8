"""Draw how well coders, and the model, agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.typing import LineStyleType

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, ORANGE, fitted
from analysis.results import count
from analysis.va.report import MACHINE
from analysis.va.validate import Validation

_MOST_PAIRS, _MOST_CLASSES = 8, 8  # of coders, and of the model's classes, in the figure
_NAMES = 2.3  # inches


def validate(
    result: Validation, *, code_names: Mapping | None = None, ax: Axes | None = None
) -> Figure:
    """Each measure of agreement with its interval; a tick marks the bar that was asked for.

    What stays below its bar is orange and open. Of many pairs of coders, and of many classes, those
    that agree least are shown.

    Parameters
    ----------
    result : Validation
    code_names : mapping of code to str, optional
        What codes are called, such as {-1: "negative"}; the `classes` of the validation if not
        given.
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import pandas as pd
    >>> import analysis as tw
    >>> codes = pd.DataFrame({"unit": [1, 2, 1, 2], "coder": list("aabb"), "code": [0, 1, 0, 1]})
    >>> tw.pl.validate(tw.va.validate(codes, draws=10))
    Figure(name='validate')
    """
    names = {**result.params["class_names"], **{str(k): v for k, v in (code_names or {}).items()}}
    rows, hidden = _drawn(result.table)
    subtitle = _subtitle(result, hidden)
    with one_axes(
        ax, DOUBLE, 1.45 + 0.2 * max(len(rows), 1), title=result.finding, subtitle=subtitle
    ) as axis:
        if rows.empty:
            draw_nothing(axis, result.finding)
        else:
            _draw(axis, rows, names)
            if ax is None:
                _legend(axis.figure, rows)
    return Figure(
        axis.figure, "validate", result, result.table, title=result.finding, subtitle=subtitle
    )


def _subtitle(result: Validation, hidden: list[str]) -> str:
    """Who coded how much, what the bars are, and what is not drawn."""
    params = result.params
    said = (
        f"{count(params['n_units'], 'unit')} coded by {count(len(params['coders']), 'coder')},"
        f" {params['n_overlap']:,} by at least two. 1 is full agreement, an alpha of 0 chance."
        f" Bars: {params['level'] * 100:g}% intervals, each by itself."
    )
    return " ".join([said, *hidden])


def _drawn(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The rows to draw, and what is said of those that are left out."""
    other_metric = (table["measure"] == "alpha") & table["bar"].isna()
    rows = table[table["low"].notna() & ~other_metric]
    said = []
    for who, measure, most, what in (
        ("coders", "agreement", _MOST_PAIRS, ("pair of coders", "pairs of coders")),
        ("model", "f1", _MOST_CLASSES, ("class", "classes")),
    ):
        mine = rows[(rows["who"] == who) & (rows["measure"] == measure)]
        left_out = mine.sort_values("value", kind="stable").index[most:]
        rows = rows.drop(left_out)
        if len(left_out):
            verb = "agrees" if len(left_out) == 1 else "agree"
            verb += " more is" if len(left_out) == 1 else " more are"
            said.append(f"{count(len(left_out), *what)} that {verb} not shown.")
    machine = rows["who"].str.startswith(MACHINE)  # of each its alpha and its average F1
    rows = rows[~machine | rows["measure"].isin(["alpha", "macro F1"])]
    return rows.reset_index(drop=True), said


def _name(row, names: Mapping[str, str]) -> str:
    """What was compared with what."""
    said = {
        ("coders", "alpha"): f"coders: Krippendorff's alpha, {row.of}",
        ("coders", "agreement"): f"coders {row.of}: same code",
        ("model", "alpha"): f"model and coders: alpha, {row.of}",
        ("model", "agreement"): "model and coders: same code",
        ("model", "macro F1"): "model, all classes: macro-F1",
        ("model", "rank correlation"): "model and coders: rank correlation",
    }
    if row.who.startswith(MACHINE):
        return f"{row.who} and people: {row.measure} {row.of}".strip()
    if row.measure == "f1":
        return f"model, class {names.get(row.of, row.of)}: F1"
    return said.get((row.who, row.measure), f"{row.who}: {row.measure} {row.of}".strip())


def _draw(ax: Axes, rows: pd.DataFrame, names: Mapping[str, str]) -> None:
    y = np.arange(len(rows))
    below = ~rows["meets"].fillna(True).to_numpy(bool)
    for which, colour, face in ((below, ORANGE, "white"), (~below, BLUE, BLUE)):
        ax.hlines(y[which], rows["low"][which], rows["high"][which], color=colour)
        ax.plot(
            rows["value"][which], y[which], "o", markersize=4, color=colour, markerfacecolor=face
        )
    ax.plot(rows["bar"], y, "|", markersize=9, color=INK, markeredgewidth=1.2)
    for place, row in enumerate(rows.itertuples()):
        ax.text(1.03, place, f"{row.value:.2f}  (n {row.n:,})", va="center", color=INK)
    ax.set_yticks(y, fitted([_name(row, names) for row in rows.itertuples()], _NAMES))
    ax.set_ylim(len(rows) - 0.5, -0.6)
    ax.set_xlim(min(0.0, float(rows["low"].min()) - 0.02), 1.02)
    ax.axvline(0, color=NEUTRAL, linewidth=0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("agreement")


def _legend(canvas, rows: pd.DataFrame) -> None:
    """What colours and ticks mean: those that are there."""
    below = ~rows["meets"].fillna(True).to_numpy(bool)
    looks: list[tuple[bool, str, str, str, LineStyleType, str]] = [
        (not below.all(), BLUE, BLUE, "o", "-", "reaches its bar, or has none"),
        (bool(below.any()), ORANGE, "white", "o", "-", "stays below its bar"),
        (bool(rows["bar"].notna().any()), INK, INK, "|", "", "bar that was asked for"),
    ]
    handles = [
        Line2D([], [], color=c, markerfacecolor=f, marker=m, linestyle=s, markersize=5, label=said)
        for there, c, f, m, s, said in looks
        if there
    ]
    canvas.legend(handles=handles, loc="outside lower center", ncols=3)
