"""Draw how much of each article each frame takes."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, PAGE
from analysis.tl.frames import Frames

_ROW, _AROUND = 0.2, 0.95  # inches: an article's, and what stands above and below all
_MOST = int((PAGE - _AROUND) / _ROW)  # articles that a page holds
_UNITS = {
    "words": "frame words per 100 words",
    "prototypes": "how much like the frame’s examples, 0 to 100",
    "coded": "sentences with the frame per 100, as learned from codes",
}


def frames(result: Frames, *, ax: Axes | None = None) -> Figure:
    """Dots for each article's share of each frame, one column a frame, with bootstrap intervals.

    Where a page does not hold all frames and articles, those with the highest shares are drawn; of
    "prototypes" and "coded" the frames in which articles differ most.

    Parameters
    ----------
    result : Frames
    ax : Axes, optional
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
    method, names = result.params.get("method", "words"), result.shown
    table = result.table[result.table["frame"].isin(names)]
    n_articles = table["article_id"].nunique()
    highest = table.groupby("article_id", sort=False)["share"].max()
    kept = highest.sort_values(ascending=False, kind="stable").index[:_MOST]
    table = table[table["article_id"].isin(kept)]
    articles = list(dict.fromkeys(table["article_id"]))
    place = {article: i for i, article in enumerate(articles)}
    with one_axes(ax, DOUBLE, _AROUND + _ROW * max(len(articles), 1)) as ax:
        if table.empty:
            draw_nothing(ax, "There is no sentence in which a frame could be found")
            return Figure(ax.figure, "frames", result, result.table)
        width = 100 * max(table["high"].max(), 1e-9)
        step = 1.18 * width
        letters = max(12, 84 // len(names))
        titles = [textwrap.fill(name.replace("_", " "), letters) for name in names]
        for column, (name, title) in enumerate(zip(names, titles)):
            part = table[table["frame"] == name]
            left = column * step
            y = part["article_id"].map(place).tolist()
            ax.axvline(left, color=INK, linewidth=0.6)
            ax.hlines(y, left + 100 * part["low"], left + 100 * part["high"], color=NEUTRAL)
            ax.plot(left + 100 * part["share"], y, "o", markersize=4, color=BLUE)
            ax.text(left, -0.9, title, fontweight="bold", ha="left", va="bottom")
        ticks = _ticks(width)
        ax.set_xticks(
            [column * step + tick for column in range(len(names)) for tick in ticks],
            [f"{tick:g}" for tick in ticks] * len(names),
        )
        ax.set_xlim(-0.02 * step, len(names) * step)
        ax.set_yticks(range(len(articles)), articles)
        ax.set_ylim(len(articles) - 0.5, -1.0)
        ax.spines["left"].set_visible(False)
        ax.tick_params(axis="y", length=0)
        ax.grid(axis="y", color="#e6e6e6", linewidth=0.5)
        ax.set_axisbelow(True)
        about = [f"{result.params['level']:.0%} interval over sentences"]
        about += _cut(len(names), result.table["frame"].nunique(), "frames")
        about += _cut(len(articles), n_articles, "articles, by their highest share")
        ax.set_xlabel(f"{_UNITS[method]} ({'; '.join(about)})")
        ax.set_title(result.finding, pad=14 + 9 * max(title.count("\n") for title in titles))
    return Figure(ax.figure, "frames", result, result.table)


def _cut(n_shown: int, n: int, what: str) -> list[str]:
    return [f"{n_shown} of {n} {what}"] if n_shown < n else []


def _ticks(width: float) -> list[float]:
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100) if width / s <= 3)
    return [i * step for i in range(int(width / step) + 1)]
