"""Draw how well coders, and the model, agree."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from analysis.pl.style import BLUE, DOUBLE, INK, NEUTRAL, ORANGE, styled
from analysis.va.validate import Validation


def _rows(result: Validation):
    table = result.table
    return table[
        table["low"].notna()
        & ~((table["who"] == "coders") & (table["measure"] == "alpha") & table["bar"].isna())
        & ~((table["who"] == "model") & (table["measure"] == "alpha") & table["bar"].isna())
    ].reset_index(drop=True)


@styled(lambda result: (DOUBLE, 0.85 + 0.2 * len(_rows(result))))
def plot_validation(result: Validation, *, ax: Axes | None = None) -> Axes:
    """Each measure of agreement with its interval; a tick marks the bar that was asked for, orange
    what stays below it.
    """
    rows = _rows(result)
    y = np.arange(len(rows))
    below = np.array(
        [
            meets is not None and meets == 0
            for meets in rows["meets"].astype(object).where(rows["meets"].notna(), None)
        ],
        bool,
    )
    for which, colour in ((below, ORANGE), (~below, BLUE)):
        ax.hlines(y[which], rows["low"][which], rows["high"][which], color=colour)
        ax.plot(rows["value"][which], y[which], "o", markersize=4, color=colour)
    ax.plot(rows["bar"], y, "|", markersize=9, color=INK, markeredgewidth=1.2)
    for place, row in zip(y, rows.itertuples()):
        ax.text(1.03, place, f"{row.value:.2f}  (n {row.n})", va="center", color=INK)
    names = [
        f"{who}: {measure} {str(of).strip()}".strip()
        for who, measure, of in rows[["who", "measure", "of"]].values
    ]
    ax.set_yticks(y, names)
    ax.set_ylim(len(rows) - 0.5, -0.6)
    ax.set_xlim(min(0.0, float(rows["low"].min()) - 0.02), 1.02)
    ax.axvline(0, color=NEUTRAL, linewidth=0.6)
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("agreement (95% interval; the upright tick is the bar that was asked for)")
    coders = rows[(rows["who"] == "coders") & (rows["measure"] == "alpha")]
    model = rows[(rows["who"] == "model") & (rows["measure"] == "macro F1")]
    said = [
        f"coders {'agree' if part['meets'].iloc[0] else 'do not agree enough'} (alpha"
        f" {part['value'].iloc[0]:.2f})"
        for part in (coders,)
        if len(part)
    ]
    said += [
        f"the model {'meets' if part['meets'].iloc[0] else 'stays below'} the bar (macro-F1"
        f" {part['value'].iloc[0]:.2f})"
        for part in (model,)
        if len(part)
    ]
    title = "; ".join(said)
    ax.set_title(title[:1].upper() + title[1:])
    return ax
