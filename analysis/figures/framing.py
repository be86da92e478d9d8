"""Draw keyness and frames."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from ..framing import Frames, Keyness
from .style import BLUE, DOUBLE, INK, NEUTRAL, SINGLE, number, styled

TOP = 8


@styled(lambda result: (SINGLE, 2.0))
def plot_keyness(result: Keyness, group: str, *, ax: Axes | None = None, top: int = TOP) -> Axes:
    """The `top` words that set one group apart, with the interval of each; filled where the word passes the
    family-wise test."""
    table = result.table[result.table["group"] == group].head(top)
    y = np.arange(len(table))
    for sure, face in ((True, BLUE), (False, "white")):
        part = (table["familywise"] == sure).to_numpy()
        rows = table[part]
        if rows.empty:
            continue
        ax.hlines(y[part], rows["low"], rows["high"], color=BLUE if sure else NEUTRAL)
        ax.plot(rows["log_odds"], y[part], "o", markersize=4, markerfacecolor=face,
                markeredgecolor=BLUE if sure else INK, markeredgewidth=0.7)
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.set_yticks(y, [f"{term} ({count})" for term, count in zip(table["term"], table["count"])])
    ax.set_ylim(top - 0.4, -0.6)
    shown = result.table.groupby("group", sort=False).head(top)
    ax.set_xlim(min(shown["low"].min(), 0) - 0.1, shown["high"].max() + 0.1)
    ax.set_title(str(group))
    return ax


def keyness_title(result: Keyness) -> str:
    """What the figure of all groups shows, in a sentence."""
    sure = result.table[result.table["familywise"] & (result.table["z"] > 0)]
    if sure.empty:
        return "No word sets a text apart beyond what chance gives; the strongest are suggestions"
    named = list(dict.fromkeys(f"{g}: {t}" for g, t in zip(sure["group"], sure["term"])))
    more = f", and {len(named) - 4} more" if len(named) > 4 else ""
    return f"Beyond chance, these words set texts apart (filled): {', '.join(named[:4])}{more}"


@styled(lambda result: (DOUBLE, 0.95 + 0.2 * result.table["article_id"].nunique()))
def plot_frames(result: Frames, *, ax: Axes | None = None) -> Axes:
    """Share of frame words by article, in one column for each frame, with bootstrap intervals."""
    table = result.table
    frames = list(dict.fromkeys(table["frame"]))
    articles = list(dict.fromkeys(table["article_id"]))
    place = {a: i for i, a in enumerate(articles)}
    width = 100 * max(table["high"].max(), 1e-9)
    step = 1.18 * width
    for column, frame in enumerate(frames):
        part = table[table["frame"] == frame]
        left = column * step
        y = [place[a] for a in part["article_id"]]
        ax.axvline(left, color=INK, linewidth=0.6)
        ax.hlines(y, left + 100 * part["low"], left + 100 * part["high"], color=NEUTRAL)
        ax.plot(left + 100 * part["share"], y, "o", markersize=4, color=BLUE)
        ax.text(left, -0.9, frame.replace("_", " "), fontweight="bold", ha="left", va="bottom")
    ticks = _ticks(width)
    ax.set_xticks([c * step + t for c in range(len(frames)) for t in ticks], [f"{t:g}" for _ in frames for t in ticks])
    ax.set_xlim(-0.02 * step, len(frames) * step)
    ax.set_yticks(range(len(articles)), articles)
    ax.set_ylim(len(articles) - 0.5, -1.0)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", color="#e6e6e6", linewidth=0.5)
    ax.set_axisbelow(True)
    ax.set_xlabel("frame words per 100 words (95% interval over sentences)")
    ax.set_title(_frames_title(table), pad=14)
    return ax


def _ticks(width: float) -> list[float]:
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100) if width / s <= 3)
    return [i * step for i in range(int(width / step) + 1)]


def _frames_title(table) -> str:
    totals = table.groupby("frame", sort=False)["n_hits"].sum().sort_values(ascending=False, kind="stable")
    first = ", ".join(f"“{frame.replace('_', ' ')}” {n}" for frame, n in totals.head(3).items())
    return f"Of {number(int(totals.sum()), 'frame word')}: {first}" + (" …" if len(totals) > 3 else "")
