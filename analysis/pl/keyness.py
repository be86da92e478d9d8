"""Draw keyness and frames."""

from __future__ import annotations

import textwrap

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, SINGLE, number, styled
from analysis.tl.frames import Frames
from analysis.tl.keyness import Keyness

TOP = 8
LONGEST_NAME = 24  # letters over a panel
SHOWN = 6  # frames that a page's width holds


@styled(lambda result: (SINGLE, 2.0))
def plot_keyness(result: Keyness, group: str, *, ax: Axes | None = None, top: int = TOP) -> Axes:
    """The `top` words that set one group apart, with the interval of each; filled where the word is
    beyond what chance gives anywhere. Below them, how many words reach ``|z| >= 1.96`` here, and
    how many would by chance.
    """
    table = result.table[result.table["group"] == group].head(top)
    passes, y = beyond_chance(result).loc[table.index], np.arange(len(table))
    for sure, face in ((True, BLUE), (False, "white")):
        part = (passes == sure).to_numpy()
        rows = table[part]
        if rows.empty:
            continue
        ax.hlines(y[part], rows["low"], rows["high"], color=BLUE if sure else NEUTRAL)
        ax.plot(
            rows["log_odds"],
            y[part],
            "o",
            markersize=4,
            markerfacecolor=face,
            markeredgecolor=BLUE if sure else INK,
            markeredgewidth=0.7,
        )
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.set_yticks(y, [f"{term} ({count})" for term, count in zip(table["term"], table["count"])])
    ax.set_ylim(top - 0.4, -0.6)
    alone = result.chance[(result.chance["group"] == group) & (result.chance["n_words"] == 1)].head(
        1
    )
    for row in alone.itertuples():
        ax.set_ylim(top + 0.7, -0.6)
        ax.text(
            0.98,
            0.02,
            f"{row.observed} at |z| ≥ 1.96; chance {row.low:.0f}–{row.high:.0f}",
            transform=ax.transAxes,
            ha="right",
            va="bottom",
            color="#444444",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
        )
    shown = result.table.groupby("group", sort=False).head(top)
    ax.set_xlim(min(shown["low"].min(), 0) - 0.1, shown["high"].max() + 0.1)
    ax.set_title(
        str(group)
        if len(str(group)) <= LONGEST_NAME
        else f"{str(group)[: LONGEST_NAME - 1].rstrip()}…"
    )
    return ax


def beyond_chance(result: Keyness) -> pd.Series:
    """Which words pass the family-wise test: of the shuffled corpora where there are some, else
    Bonferroni's.
    """
    adjusted = result.table["p_adjusted"]
    return (
        adjusted.le(1 - result.params["level"])
        if adjusted.notna().any()
        else result.table["familywise"]
    )


def keyness_title(result: Keyness) -> str:
    """What the figure of all groups shows, in a sentence."""
    sure = result.table[beyond_chance(result) & (result.table["z"] > 0)]
    if sure.empty:
        return "No word sets a text apart beyond what chance gives; the strongest are suggestions"
    named = list(dict.fromkeys(f"{g}: {t}" for g, t in zip(sure["group"], sure["term"])))
    more = f", and {len(named) - 4} more" if len(named) > 4 else ""
    return f"Beyond chance, these words set texts apart (filled): {', '.join(named[:4])}{more}"


@styled(lambda result: (DOUBLE, 0.95 + 0.2 * result.table["article_id"].nunique()))
def plot_frames(result: Frames, *, ax: Axes | None = None) -> Axes:
    """Share of each frame by article, in one column for each frame, with bootstrap intervals: of
    frame words, or the mean probability of sentences; of the latter only the frames in which
    articles differ most where there are many.
    """
    table, method = result.table, result.params.get("method", "words")
    frames = list(dict.fromkeys(table["frame"]))
    if method != "words":
        spread = table.groupby("frame", sort=False)["share"].agg(np.ptp).round(6)
        first = spread.sort_values(ascending=False, kind="stable").index[:SHOWN]
        frames, table = [f for f in frames if f in first], table[table["frame"].isin(first)]
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
        name = frame.replace("_", " ")
        ax.text(
            left,
            -0.9,
            name if method == "words" else _wrapped(name, len(frames)),
            fontweight="bold",
            ha="left",
            va="bottom",
        )
    ticks = _ticks(width)
    ax.set_xticks(
        [c * step + t for c in range(len(frames)) for t in ticks],
        [f"{t:g}" for _ in frames for t in ticks],
    )
    ax.set_xlim(-0.02 * step, len(frames) * step)
    ax.set_yticks(range(len(articles)), articles)
    ax.set_ylim(len(articles) - 0.5, -1.0)
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="y", color="#e6e6e6", linewidth=0.5)
    ax.set_axisbelow(True)
    if method == "words":
        ax.set_xlabel("frame words per 100 words (95% interval over sentences)")
        ax.set_title(_frames_title(table), pad=14)
        return ax
    unit = (
        "how much like the frame’s examples, 0 to 100"
        if method == "prototypes"
        else "sentences with the frame per 100, as learned from codes"
    )
    n, of = result.table["frame"].nunique(), len(frames)
    ax.set_xlabel(
        f"{unit} ({result.params['level']:.0%} interval over sentences"
        + (f"; {of} of {n} frames)" if of < n else ")")
    )
    lines = max(_wrapped(frame.replace("_", " "), len(frames)).count("\n") for frame in frames)
    ax.set_title(_standing_out_title(table), pad=14 + 9 * lines)
    return ax


def _ticks(width: float) -> list[float]:
    step = next(s for s in (0.5, 1, 2, 5, 10, 20, 50, 100) if width / s <= 3)
    return [i * step for i in range(int(width / step) + 1)]


def _frames_title(table) -> str:
    totals = (
        table.groupby("frame", sort=False)["n_hits"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    first = ", ".join(f"“{frame.replace('_', ' ')}” {n}" for frame, n in totals.head(3).items())
    return f"Of {number(int(totals.sum()), 'frame word')}: {first}" + (
        " …" if len(totals) > 3 else ""
    )


def _standing_out_title(table) -> str:
    """Which article stands out most among the others, and in what."""
    wide = (100 * table.pivot(index="article_id", columns="frame", values="share")).reindex(
        columns=list(dict.fromkeys(table["frame"]))
    )
    ranked = np.sort(wide.to_numpy(), axis=0)[::-1]
    if len(wide) == 1:
        frame = wide.iloc[0].idxmax()
        return (
            f"{wide.index[0]} takes most of “{frame.replace('_', ' ')}”: {wide[frame].iloc[0]:.0f}"
            " of 100"
        )
    frame = wide.columns[int((ranked[0] - ranked[1]).round(6).argmax())]
    best = wide[frame].sort_values(ascending=False, kind="stable")
    return (
        f"{best.index[0]} stands out most, in “{frame.replace('_', ' ')}”: {best.iloc[0]:.0f} of"
        f" 100, others {best.iloc[-1]:.0f} to {best.iloc[1]:.0f}"
    )


def _wrapped(name: str, n_frames: int) -> str:
    return "\n".join(textwrap.wrap(name, max(12, 84 // n_frames)))
