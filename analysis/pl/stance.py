"""Draw whether groups speak better of one side than of the other."""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.rows import draw_groups
from analysis.pl.style import DOUBLE
from analysis.results import count
from analysis.tl.stance import Stance
from analysis.tl.tone import WHERE
from analysis.wording import agreement, noun


def stance(result: Stance, *, label_by: str = "label", ax: Axes | None = None) -> Figure:
    """The score of each group beside that of the rest, or its course over time.

    Parameters
    ----------
    result : Stance
    label_by : str
        The column of `result.groups` that names the rows.
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("amnesty2024")
    >>> tw.pl.stance(tw.tl.stance(corpus, towards="government", against="opposition", draws=10))
    Figure(name='stance')
    """
    table, (towards, against) = result.table, result.sides
    if table["score"].isna().all():
        with one_axes(ax, DOUBLE, 1) as ax:
            draw_nothing(ax, f"{result.finding}.")
        return Figure(ax.figure, "stance", result, table)
    n, where = table[["n_towards", "n_against"]].sum(), WHERE[result.params["voice"]]
    subtitle = (
        f"Mean tone of {count(int(n['n_towards']), 'mention')} of {towards} less that of"
        f" {count(int(n['n_against']), 'mention')} of {against}, {where}. {agreement('stance')}"
    )
    return draw_groups(
        result,
        "stance",
        table,
        "score",
        label=f"better of {against} ← 0 → better of {towards}",
        zero=True,
        noun=noun(result.params["by"]),
        subtitle=subtitle,
        label_by=label_by,
        ax=ax,
    )
