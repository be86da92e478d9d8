"""Draw the rows of vectors on two dimensions."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import DOUBLE, LOOKS, fitted, look_of
from analysis.tl.vectorise import Vectors

_NAMED = 30  # rows of which some may have names
LARGE = 2000  # more points are drawn as an image, to keep the file small
_HEIGHT, _WIDE, _HIGH = 4.4, 1.1, 0.14  # inches: the figure, and a name


def vectorise(result: Vectors, *, ax: Axes | None = None) -> Figure:
    """Points for articles, groups or sentences: those near each other are about the same.

    Coloured by outlet, the eight with most articles; of up to 30 points those are named whose name
    has room.

    Parameters
    ----------
    result : Vectors
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.vectorise(tw.tl.vectorise(tw.load("amnesty2024")))
    Figure(name='vectorise')
    """
    table, said = result.table, "Near each other is what is about the same."
    with one_axes(ax, DOUBLE, _HEIGHT, title=result.finding, subtitle=said) as ax:
        if len(table) < 2:
            draw_nothing(ax, "One row is near to nothing: there must be two")
        else:
            _points(ax, result)
            ax.set_xlabel("first principal component")
            ax.set_ylabel("second")
            ax.margins(0.12)
            if len(table) <= _NAMED:
                _name(ax, table, result.labels.tolist())
    figure = Figure(ax.figure, "vectorise", result, table, title=result.finding, subtitle=said)
    return figure


def _points(ax: Axes, result: Vectors) -> None:
    """The points, grey ones first, and a legend where several outlets have colours."""
    table, looks = result.table, result.outlets
    few = len(table) <= 200
    order = sorted(looks["colour"].unique(), key=lambda c: (0 <= c < len(LOOKS), -c))
    for number in dict.fromkeys(c if 0 <= c < len(LOOKS) else -1 for c in order):
        of = (
            looks["colour"] == number
            if number >= 0
            else ~looks["colour"].between(0, len(LOOKS) - 1)
        )
        colour, marker = look_of(int(number))
        named = looks.loc[of, "outlet"].iloc[0] if number >= 0 else "others"
        ax.plot(
            table.loc[of, "x"],
            table.loc[of, "y"],
            linestyle="",
            color=colour,
            marker=marker,
            markersize=4 if few else 2.5,
            markeredgewidth=0,
            alpha=1 if few else 0.6,
            rasterized=len(table) > LARGE,
            label=fitted([named], 1.5)[0],
        )
    handles, names = ax.get_legend_handles_labels()
    if len(names) > 1:
        ax.legend(handles[::-1], names[::-1], loc="upper left", bbox_to_anchor=(1.0, 1.0))


def _name(ax: Axes, table: pd.DataFrame, labels: list[str]) -> None:
    """Name the points whose names touch neither another name nor another point."""
    places = table[["x", "y"]].to_numpy(float)
    span = np.maximum(np.ptp(places, axis=0) * 1.24, 1e-9)
    inches = (places - places.min(axis=0)) / span * [DOUBLE - 2.3, _HEIGHT - 1.2]
    boxes: list[tuple[float, float]] = []
    for i, name in enumerate(fitted(labels, _WIDE)):
        x, y = inches[i] + [0.05, 0.02]
        others = np.delete(inches, i, axis=0)
        inside = (np.abs(others[:, 0] - x - _WIDE / 2) < _WIDE / 2 + 0.05) & (
            np.abs(others[:, 1] - y - _HIGH / 2) < _HIGH / 2 + 0.05
        )
        if inside.any() or any(abs(x - u) < _WIDE + 0.1 and abs(y - v) < _HIGH for u, v in boxes):
            continue
        boxes.append((x, y))
        ax.annotate(name, places[i], xytext=(4, 2), textcoords="offset points")
    if boxes:  # the name farthest to the right ends within the axes
        right = max(x for x, _ in boxes) + _WIDE
        reach = places[:, 0].min() + right / (DOUBLE - 2.3) * span[0]
        ax.set_xlim(right=max(ax.get_xlim()[1], reach))
