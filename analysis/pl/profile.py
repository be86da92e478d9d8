"""Draw profiles: groups or articles by features, by how far they are from the mean."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import AMBER, BLUE, DOUBLE, GREEN, INK, NEUTRAL, ORANGE, PALE, SKY, fitted
from analysis.tl.profile import Profile

_MOST_DRAWN, _MOST_FEATURES = 20, 24
CELLS = "Cells: {unit} from the mean (violet more, orange less)."
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
    """Groups or articles by features, coloured by how far they are from the mean.

    Of many those furthest from the mean are drawn.

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
    counts = result.matrix * (result.weights > 0)
    differ = counts.loc[:, counts.abs().max() > 0]
    named = result.furthest[:_MOST_DRAWN]  # which come first, as the title names some
    first = pd.Series(np.inf, [group for group, _ in named]).reindex(differ.index).fillna(0)
    shown = differ[_furthest((differ**2).sum(axis=1) + first, _MOST_DRAWN)]
    first = (
        pd.Series(np.inf, list(dict.fromkeys(column for _, column in named)))
        .reindex(differ.columns)
        .fillna(0)
    )
    shown = shown.loc[:, _furthest(shown.abs().max() + first, _MOST_FEATURES)]
    by_article = result.params["by"] == "article_id"
    said = CELLS.format(unit="standard deviations" if by_article else "standard errors")
    if named:
        said += " Framed: furthest."
    if shown.shape != differ.shape:
        said += (
            f" Those furthest from the mean: {len(shown)} of {len(differ)}"
            f" {'articles' if by_article else 'groups'}, {shown.shape[1]} of {differ.shape[1]}"
            " features."
        )
    with one_axes(
        ax, DOUBLE, 2.9 + 0.19 * max(len(shown), 3), title=result.finding, subtitle=said
    ) as ax:
        if shown.empty:
            draw_nothing(ax, result.finding)
        else:
            names = result.features.set_index(result.matrix.columns)["name"]
            draw_matrix(ax, shown, fitted(names[shown.columns], 1.7))
            ax.set_yticks(range(len(shown)), fitted(result.labels[shown.index], 1.7))
            for group, column in named:
                at = shown.columns.get_loc(column) - 0.5, shown.index.get_loc(group) - 0.5
                ax.add_patch(Rectangle(at, 1, 1, fill=False, edgecolor=INK, linewidth=1.4))
    return Figure(ax.figure, "profile", result, result.table, title=result.finding, subtitle=said)


def draw_matrix(ax: Axes, matrix: pd.DataFrame, names: list[str]) -> None:
    """Draw cells with the names of features below and of blocks above."""
    values, n = matrix.to_numpy(), matrix.shape[1]
    bound = max(2.0, float(np.abs(values).max()))
    image = ax.imshow(values, aspect="auto", cmap="PuOr", vmin=-bound, vmax=bound)
    bar = ax.figure.colorbar(image, ax=ax, fraction=0.02, pad=0.01, aspect=30)
    bar.outline.set_visible(False)
    ax.set_xticks(range(n), names, rotation=90, ha="center", va="top")
    ax.tick_params(length=0)
    for side in ax.spines.values():
        side.set_visible(False)
    _name_blocks(ax, tuple(column.split(": ", 1)[0] for column in matrix.columns))


def _name_blocks(ax: Axes, blocks: tuple[str, ...]) -> None:
    """The blocks' colours above their columns, and a name where it fits."""
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
        cell = 4.2 / len(blocks)  # inches, at least
        ax.annotate(
            fitted([blocks[first].replace("_", " ")], (after - first) * cell - 0.05)[0],
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
