"""Draw biases along axes."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import axes as mpl

from analysis.options import check_choices
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.rows import draw_groups
from analysis.pl.style import DOUBLE
from analysis.results import count
from analysis.tl.axes import Axes
from analysis.wording import agreement, noun

_PANELS = 4  # axes that a page holds
_SCALED = ["bias", "low", "high", "shrunk", "rest", "joint_low", "joint_high"]


def axes(
    result: Axes,
    *,
    ax: mpl.Axes | Sequence[mpl.Axes] | None = None,
    axes: Sequence[str] | None = None,
    label_by: str = "label",
) -> Figure:
    """Bias of each group beside the rest's, one panel an axis, the low pole at the left.

    Filled points are beyond chance over all groups and axes. `result.words` has the words that
    pull.

    Parameters
    ----------
    result : Axes
    ax : Axes or sequence of Axes, optional
        One for each axis drawn; a new figure if not given.
    axes : sequence of str, optional
        Axes of the result to draw; the four along which groups lean most if not given.
    label_by : str
        The column of `result.groups` that names the rows.

    Returns
    -------
    Figure
        Its table holds all axes and groups.

    Raises
    ------
    OptionError
        If an axis is not in the result, or there are too few axes to draw on.

    Examples
    --------
    >>> import analysis as tw
    >>> safety = {"safety": {"low": ["danger"], "high": ["safe"]}}
    >>> leaning = tw.tl.axes(tw.load("amnesty2024"), axes=safety, most=50)
    >>> tw.pl.axes(leaning)
    Figure(name='axes')
    """
    table = result.table
    if axes is not None:
        check_choices("axes", axes, table["axis"].unique().tolist())
    shown = list(result.ranked[:_PANELS] if axes is None else axes)
    drawn = table[table["axis"].isin(shown)]
    if drawn["bias"].isna().all() or drawn["group"].nunique() < 2:
        nothing = drawn["bias"].isna().all()
        reason = "No words were compared along an axis" if nothing else result.finding
        with one_axes(ax, DOUBLE, 1.6) as only:
            draw_nothing(only, f"{reason}.")
        return Figure(only.figure, "axes", result, table)
    place = {axis: i for i, axis in enumerate(shown)}
    drawn = drawn.iloc[drawn["axis"].map(place).argsort(kind="stable")]
    drawn = drawn.assign(**{column: 100 * drawn[column] for column in _SCALED})
    poles = result.params["axes"]
    figure = draw_groups(
        result,
        "axes",
        drawn,
        "bias",
        panel="axis",
        panel_names={axis: f"{poles[axis]['low'][0]} – {poles[axis]['high'][0]}" for axis in shown},
        label="bias, in hundredths of a cosine: to the right the words lean to the second pole",
        noun=noun(str(result.params["by"])),
        subtitle=_subtitle(result, len(shown)),
        label_by=label_by,
        ax=ax,
    )
    return Figure(
        figure.canvas, "axes", result, table, title=figure.title, subtitle=figure.subtitle
    )


def _subtitle(result: Axes, n_shown: int) -> str:
    """What is measured, and of how much."""
    assert result.groups is not None, "made by axes"
    n_words = int(result.table.drop_duplicates("group")["n_words"].sum())
    n = f"{count(int(result.groups['n_articles'].sum()), 'article')}, {count(n_words, 'word')}"
    of = result.table["axis"].nunique()
    part = f" {n_shown} of {of} axes are drawn, those along which words differ most." * (
        n_shown < of
    )
    return (
        "How near single words, whatever is said with them, stand to one of two poles in embedding"
        f" space: {n}.{part} {agreement('axes')}"
    )
