"""Draw how much of each group's text each frame takes."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from analysis.groups import has_periods
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.rows import draw_groups
from analysis.pl.style import DOUBLE
from analysis.results import count
from analysis.tl.frames import Frames
from analysis.wording import agreement, noun

_LINES = 3  # bands that can be told apart where they lie over each other
_PANELS, _ROWS = 4, 16  # beside each other, and rows of two panels above each other
_LABEL = {
    "words": "share of all words",
    "prototypes": "how much like the frame’s examples its sentences are",
    "coded": "share of sentences with the frame, as learned from codes",
}
_MEASURED = {
    "words": "How many of all words are words that the codebook lists for a frame",
    "prototypes": "How near sentences come to a frame’s description and examples",
    "coded": "How many sentences carry a frame, as a model learned it from coded ones",
}


def frames(
    result: Frames, *, label_by: str = "label", ax: Axes | Sequence[Axes] | None = None
) -> Figure:
    """A panel for each frame, a row a group: its share, and where all other groups stand.

    The six frames are drawn that set groups apart or have most words. Groups with a day, week or
    month have a course over time.

    Parameters
    ----------
    result : Frames
    label_by : str
        The column of `result.groups` that names the rows.
    ax : Axes, or a sequence of them, one for each frame, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.frames(tw.tl.frames(tw.load("amnesty2024")))
    Figure(name='frames')
    """
    method, shown = result.params.get("method", "words"), _drawn(result)
    place = {frame: i for i, frame in enumerate(shown)}
    drawn = result.table[result.table["frame"].isin(shown)]
    drawn = drawn.iloc[drawn["frame"].map(place).argsort(kind="stable")]
    if drawn.empty or (method == "words" and not result.table["n_hits"].sum()):
        with one_axes(ax, DOUBLE, 1.6) as only:
            draw_nothing(only, f"{result.finding}.")
        return Figure(only.figure, "frames", result, result.table)
    if drawn["group"].nunique() == 1:  # nothing to compare: how sure its own share is
        drawn = drawn.assign(joint_low=drawn["low"], joint_high=drawn["high"])
    figure = draw_groups(
        result,
        "frames",
        drawn,
        "share",
        panel="frame",
        label=_LABEL[method],
        percent=True,
        noun=noun(str(result.params["by"])),
        subtitle=_subtitle(result, method, len(shown)),
        label_by=label_by,
        ax=ax,
    )
    return Figure(
        figure.canvas, "frames", result, result.table, title=figure.title, subtitle=figure.subtitle
    )


def _drawn(result: Frames) -> list[str]:
    """The frames that are drawn: three where each is a line, four where rows fill the page."""
    groups = result.groups
    assert groups is not None, "made by frames"
    if has_periods(groups):
        return result.shown[:_LINES] if groups["series"].nunique() > 1 else result.shown
    return result.shown[: _PANELS if len(groups) > _ROWS else None]


def _subtitle(result: Frames, method: str, n_shown: int) -> str:
    """What is measured, of how much, and how well frames are found."""
    assert result.groups is not None, "made by frames"
    n = [count(int(result.groups["n_articles"].sum()), "article")]
    n.append(count(int(result.groups["n_sentences"].sum()), "sentence"))
    if method == "words":
        n.append(count(int(result.table["n_hits"].sum()), "frame word"))
    said = f"{_MEASURED[method]}: {', '.join(n)}."
    all_of = result.table["frame"].nunique()
    if all_of > n_shown:
        said += f" {n_shown} of {all_of} frames are drawn."
    return f"{said} {_known(result, method)}"


def _known(result: Frames, method: str) -> str:
    if result.quality is None:
        return agreement("frames" if method == "words" else f"frames by {method}")
    mean = result.quality.iloc[-1]
    return (
        f"In {count(int(mean['n_coded']), 'coded sentence')}, {mean['precision']:.0%} of those in"
        f" which a frame is found have its code, and {mean['recall']:.0%} of those with a code are"
        " found (means of frames)."
    )
