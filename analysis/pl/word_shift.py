"""Draw word shifts."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, ORANGE, note, styled, wrapped
from analysis.tl.word_shift import WordShift

TOP = 20
UNITS = {
    "jsd": ("bits", "to the Jensen-Shannon divergence, in thousandths of a bit"),
    "proportion": ("of all words", "to the total variation, per 1,000 words"),
    "average": ("", "to the difference of the averages, in thousandths"),
}


@styled(lambda result: (DOUBLE * 0.72, 1.35 + 0.165 * min(TOP, len(result.table))))
def plot_word_shift(result: WordShift, *, ax: Axes | None = None, top: int = TOP) -> Axes:
    """The `top` words that make two groups differ: those of the one on the left, of the other on
    the right, with intervals.

    With weights, bars to the right raise the average of a and those to the left lower it; the
    colour says whether the word weighs more or less than the average of b, and an arrow whether a
    uses it more or less.
    """
    table, params = result.table.head(top), result.params
    weighted = params["measure"] == "average"
    a, b = params["a"], params["b"]
    sign = np.ones(len(table)) if weighted else np.where(table["group"] == a, 1.0, -1.0)
    size, y = 1000 * sign * table["contribution"].to_numpy(), np.arange(len(table))
    used_more = (table["group"] == a).to_numpy()
    heavy = (table["contribution"].to_numpy() >= 0) == used_more if weighted else used_more
    ax.barh(y, size, height=0.62, color=np.where(heavy, BLUE, ORANGE))
    ends = np.sort(1000 * sign[:, None] * table[["low", "high"]].to_numpy(), axis=1)
    known = np.isfinite(ends).all(axis=1)
    ax.hlines(y[known], ends[known, 0], ends[known, 1], color=NEUTRAL)
    reach = float(np.nanmax(np.abs(np.c_[size, ends]), initial=1e-9))
    for at, length, low, high, row, more in zip(y, size, *ends.T, table.itertuples(), used_more):
        right = length >= 0
        edge = np.nanmax([length, high, 0.0]) if right else np.nanmin([length, low, 0.0])
        label = (
            f"{row.term} ({row.count_a}:{row.count_b})"
            if not weighted
            else f"{row.term} {'↑' if more else '↓'} ({row.count_a}:{row.count_b})"
        )
        ax.annotate(
            label,
            (edge, at),
            xytext=(3 if right else -3, 0),
            textcoords="offset points",
            ha="left" if right else "right",
            va="center",
        )
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.set_xlim(-1.75 * reach, 1.75 * reach)
    ax.set_ylim(max(len(table), 1) - 0.4, -1.6)
    ticks = [t for t in ax.get_xticks() if abs(t) <= 1.05 * reach]
    ax.set_xticks(ticks, [f"{t if weighted else abs(t):g}" for t in ticks])
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    left, right = ("lowers", "raises") if weighted else (b, a)
    ax.text(
        -0.05 * reach,
        -1.0,
        f"← {left}",
        ha="right",
        color=INK if weighted else ORANGE,
        fontweight="bold",
        va="center",
    )
    ax.text(
        0.05 * reach,
        -1.0,
        f"{right} →",
        ha="left",
        color=INK if weighted else BLUE,
        fontweight="bold",
        va="center",
    )
    ax.set_xlabel(f"contribution {UNITS[params['measure']][1]}")
    ax.set_title(wrapped(_title(result), DOUBLE * 0.72))
    said = f"In brackets: how often {a} and {b} use the word."
    if weighted:
        said += (
            f" Blue words weigh more than the average of {b}, orange ones less; an arrow says"
            f" whether {a} uses the word more or less."
        )
    note(ax, said, width=DOUBLE * 0.66, below=0.42)
    return ax


def _title(result: WordShift) -> str:
    row = result.total.iloc[0]
    unit = UNITS[row["measure"]][0]
    said = f"{row['a']} and {row['b']} differ by {row['total']:.2f}{' ' + unit if unit else ''}"
    chance = (
        f"(chance: {row['expected']:.2f}, p {'<' if row['p'] < 0.001 else '='}"
        f" {max(row['p'], 0.001):.3f})"
    )
    if not np.isfinite(row["p"]):
        return said + "; what chance gives is not known"
    if row["p"] > 1 - result.params["level"]:
        return f"{said}, which chance gives too {chance}"
    return f"{said}, more than chance gives {chance}"
