"""Draw profiles: articles by features, in standard deviations from the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import AMBER, BLUE, DOUBLE, GREEN, INK, NEUTRAL, ORANGE, PALE, SKY, note
from analysis.tl.profile import Profile

_HEIGHT = 9.5  # inches of height that a figure may have
MOST_ARTICLES, MOST_FEATURES = 40, 50
CELLS = "Cells: standard deviations from the mean (violet more, orange less)."
NUMBERED = 12  # columns that leave room for a number in each cell
COLOURS = {
    "labels": BLUE,
    "voices": SKY,
    "frames": GREEN,
    "axes": "#cc79a7",
    "tone": ORANGE,
    "polarity": AMBER,
    "style": NEUTRAL,
    "function_words": PALE,
    "content": INK,
}


def profile(result: Profile, *, ax: Axes | None = None) -> Figure:
    """Articles by features, coloured by the standard deviations from the mean.

    Of many articles and features those furthest from the mean are drawn.

    Parameters
    ----------
    result : Profile
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.profile(tw.load("amnesty2024"), blocks=("frames",), draws=10)
    >>> tw.pl.profile(result)
    Figure(name='profile')
    """
    differ = result.matrix.loc[:, result.matrix.abs().max() > 0]
    shown = differ[_furthest((differ**2).sum(axis=1), MOST_ARTICLES)]
    shown = shown.loc[:, _furthest(shown.abs().max(), MOST_FEATURES)]
    with one_axes(ax, DOUBLE, min(2.2 + max(0.24 * len(shown), 0.6), _HEIGHT)) as ax:
        if shown.empty:
            draw_nothing(ax, result.finding)
        else:
            below = draw_matrix(ax, shown)
            ax.set_yticks(range(len(shown)), shown.index)
            ax.set_title(result.finding, pad=16)
            said = [CELLS]
            if shown.shape != differ.shape:
                said.append(
                    f"Those furthest from the mean: {len(shown)} of {len(differ)} articles,"
                    f" {shown.shape[1]} of {differ.shape[1]} features shown."
                )
            note(ax, " ".join(said), width=DOUBLE * 0.9, below=below)
    return Figure(ax.figure, "profile", result, result.table)


def draw_matrix(ax: Axes, matrix: pd.DataFrame) -> float:
    """Draw cells with the names of features and blocks; how far below them is free, in inches."""
    values, n = matrix.to_numpy(), matrix.shape[1]
    bound = max(2.0, float(np.abs(values).max()))
    ax.imshow(values, aspect="auto", cmap="PuOr", vmin=-bound, vmax=bound)
    if n <= NUMBERED:
        for (row, column), value in np.ndenumerate(values):
            ax.text(
                column,
                row,
                f"{value:+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0"),
                ha="center",
                va="center",
                color="white" if abs(value) > 0.62 * bound else INK,
            )
    blocks, names = zip(*(column.split(": ", 1) for column in matrix.columns))
    steep = n > 2 * NUMBERED
    ax.set_xticks(
        range(n),
        [name.replace("_", " ") for name in names],
        rotation=90 if steep else 35,
        ha="right",
        rotation_mode="anchor",
        va="center" if steep else "top",
    )
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    _name_blocks(ax, blocks)
    return 0.2 + (0.053 if steep else 0.037) * max(map(len, names))


def _name_blocks(ax: Axes, blocks: tuple[str, ...]) -> None:
    """The blocks' names above their columns."""
    starts = [i for i in range(len(blocks)) if i == 0 or blocks[i] != blocks[i - 1]]
    for first, after in zip(starts, [*starts[1:], len(blocks)]):
        ax.plot(
            [first - 0.42, after - 0.58],
            [-0.62, -0.62],
            color=COLOURS.get(blocks[first], INK),
            linewidth=2,
            clip_on=False,
            solid_capstyle="butt",
        )
        ax.annotate(
            blocks[first].replace("_", " "),
            (first - 0.42, -0.62),
            xytext=(0, 3),
            textcoords="offset points",
            ha="left",
            va="bottom",
            annotation_clip=False,
        )
        if first:
            ax.axvline(first - 0.5, color="white", linewidth=2)


def _furthest(distances: pd.Series, most: int) -> pd.Series:
    return distances.rank(ascending=False, method="first") <= most
