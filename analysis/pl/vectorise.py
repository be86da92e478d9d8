"""Draw the rows of vectors on two dimensions."""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE
from analysis.tl.vectorise import Vectors

_NAMED = 30  # rows that leave room for their names
LARGE = 2000  # more points are drawn as an image, to keep the file small


def vectorise(result: Vectors, *, ax: Axes | None = None) -> Figure:
    """Points for articles or sentences: those near each other are about the same.

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
    table = result.table
    with one_axes(ax, DOUBLE, 4.2) as ax:
        if len(table) < 2:
            draw_nothing(ax, "One row is near to nothing: there must be two")
        else:
            few = len(table) <= _NAMED
            ax.scatter(
                table["x"],
                table["y"],
                s=14 if few else 5,
                color=BLUE,
                linewidths=0,
                alpha=1 if few else 0.6,
                rasterized=len(table) > LARGE,
            )
            for row in table.itertuples() if few else ():
                ax.annotate(
                    row.article_id, (row.x, row.y), xytext=(3, 2), textcoords="offset points"
                )
            ax.margins(0.15)
            ax.set_xlabel("first principal component")
            ax.set_ylabel("second")
            ax.set_title(result.finding)
    return Figure(ax.figure, "vectorise", result, table)
