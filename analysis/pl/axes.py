"""Draw biases along axes."""

from __future__ import annotations

import numpy as np
from matplotlib import axes as mpl

from analysis.pl.style import BLUE, INK, NEUTRAL, SINGLE, styled
from analysis.tl.axes import Axes

NAMED, LONGEST = 2, 11  # words at either side, and letters of each


@styled(lambda result: (SINGLE, 0.75 + 0.19 * result.table["group"].nunique()))
def plot_axes(
    result: Axes, axis: str, *, ax: mpl.Axes | None = None, named: int = NAMED
) -> mpl.Axes:
    """Bias of each group along one axis, less the baseline, with its interval and the words that
    pull to either pole; filled where the bias is beyond chance over all groups and axes.
    """
    table = result.table[result.table["axis"] == axis].reset_index(drop=True)
    words = result.words[result.words["axis"] == axis]
    y, sure = np.arange(len(table)), (table["p_adjusted"] <= 1 - result.params["level"]).to_numpy()
    bias, low, high = (
        100 * (table[c] - table["baseline"]).to_numpy() for c in ("bias", "low", "high")
    )
    reach = max(float(np.nanmax(np.abs(np.r_[bias, low, high]), initial=0.0)), 0.1)
    ax.axvline(0, color=INK, linewidth=0.6)
    ax.hlines(y, low, high, color=np.where(sure, BLUE, NEUTRAL))
    for part, face in ((sure, BLUE), (~sure, "white")):
        ax.plot(
            bias[part],
            y[part],
            "o",
            markersize=4,
            markerfacecolor=face,
            markeredgecolor=BLUE if face == BLUE else INK,
            markeredgewidth=0.7,
        )
    for at, group in enumerate(table["group"]):
        for pole, x, side in (("low", -2.9, "left"), ("high", 2.9, "right")):
            said = words.loc[(words["group"] == group) & (words["pole"] == pole), "term"].head(
                named
            )
            ax.text(
                x * reach,
                at,
                ", ".join(w if len(w) <= LONGEST else w[: LONGEST - 1] + "…" for w in said),
                ha=side,
                va="center",
                color="#444444",
            )
    poles = result.params["axes"][axis]
    ax.text(
        -0.06 * reach, -0.95, f"← {poles['low'][0]}", ha="right", va="center", fontweight="bold"
    )
    ax.text(0.06 * reach, -0.95, f"{poles['high'][0]} →", ha="left", va="center", fontweight="bold")
    ax.set_xlim(-3.0 * reach, 3.0 * reach)
    ax.set_ylim(len(table) - 0.5, -1.5)
    ax.set_yticks(y, table["group"])
    step = max(s * 10.0**e for s in (1, 2, 5) for e in range(-3, 3) if s * 10.0**e <= reach)
    ax.set_xticks([-step, 0, step], [f"−{step:g}", "0", f"{step:g}"])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set_title(str(axis))
    return ax


AXES_LABEL = "bias less the corpus's, in hundredths of a cosine (95% interval)"


def axes_title(result: Axes) -> str:
    """What the figure of all axes shows, in a sentence."""
    sure = result.table[result.table["p_adjusted"] <= 1 - result.params["level"]].sort_values(
        ["p_adjusted", "group", "axis"], kind="stable"
    )
    if sure.empty:
        return (
            "Along no axis does a text lean further than chance gives; the words at either side"
            " pull most"
        )
    said = []
    for row in sure.itertuples():
        said.append(
            f"{row.group} to"
            f" “{result.params['axes'][row.axis]['high' if row.bias > row.baseline else 'low'][0]}”"
        )
    more = f", and {len(said) - 4} more" if len(said) > 4 else ""
    return (
        f"Beyond chance (filled): {', '.join(said[:4])}{more}; the words at either side pull most"
    )
