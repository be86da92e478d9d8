"""Draw what articles differ on: the values of each matter, who gave them first, who changed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.pl.figure import Figure, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS
from analysis.pl.style import BLUE, GREEN, INK, ORANGE, PALE, fitted
from analysis.tl.disagreements import VALUE_KINDS, Disagreements

_NAMES, _VALUES = 1.75, 1.15  # inches for the name of an article, and for a value
_MOST_VALUES = 4  # of one matter
LOOK = dict(zip(VALUE_KINDS, (BLUE, ORANGE, GREEN, INK)))
_COUNTED = {"toll": " dead", "injured": " injured"}
_MONTHS = "Jan Feb Mar Apr May June July Aug Sept Oct Nov Dec".split()


def disagreements(result: Disagreements, *, ax: Axes | None = None) -> Figure:
    """The surest matters on which articles differ: by each value, how many articles give it.

    Parameters
    ----------
    result : Disagreements
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        Its table has one row a value: matter, kind, what, value, n_articles, first (the earliest
        article), before (the value of the same outlet's earlier article, where it gave another) and
        changed (who did).

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.disagreements(tw.tl.disagreements(tw.load("amnesty2024")))
    Figure(name='disagreements')
    """
    table = _lines(result)
    n_matters = result.matters["matter"].nunique()
    y = np.arange(len(table)) + 0.5 * (table["matter"].rank(method="dense").to_numpy() - 1)
    height, title = 0.5 + 0.19 * max(y.max(initial=0) + 1, 2), result.finding
    subtitle = "Articles by the value that they give; the earliest is named."
    if table["matter"].nunique() < n_matters:
        subtitle += f" The surest {table['matter'].nunique()} of {n_matters:,} are shown."
    subtitle += " Read the sentences: both may be right, of different times."
    new = ax is None
    with panels(ax, 1, columns=1, title=title, subtitle=subtitle, height=height, extra=0.15) as (
        ax,
    ):
        if table.empty:
            draw_nothing(ax, title)
            return Figure(ax.figure, "disagreements", result, table, title=title)
        for kind, colour in LOOK.items():
            of = (table["kind"] == kind).to_numpy()
            if of.any():
                ax.barh(y[of], table["n_articles"][of], 0.7, color=colour, label=kind)
        most = table["n_articles"].max()
        for line in np.flatnonzero(np.diff(table["matter"])):
            ax.axhline((y[line] + y[line + 1]) / 2, color=PALE, linewidth=0.6)
        for at, row in zip(y, table.itertuples()):
            if row.before:
                said = fitted([shown_value(row.before)], _VALUES)[0]
                by = fitted([row.changed], _NAMES)[0]
                ax.text(row.n_articles + most / 40, at, f"{by} had {said} before", va="center")
        ax.set_yticks(y, _said(result, table))
        ax.set_ylim(y.max() + 0.75, -0.75)
        ax.set_xlim(0, most * (2.1 if table["before"].any() else 1.05))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
        ax.set_xlabel("articles")
        if new:
            ax.figure.legend(loc="outside lower center", ncols=len(VALUE_KINDS))
    return Figure(ax.figure, "disagreements", result, table, title=title, subtitle=subtitle)


def _lines(result: Disagreements) -> pd.DataFrame:
    """One row a value of the matters that fit, those of a matter by who was first."""
    rows: list[dict] = []
    for _, mentions in result.matters.groupby("matter"):
        values = mentions.groupby("value", sort=False)
        counts = values["article_id"].nunique()
        shown = set(counts.sort_values(ascending=False, kind="stable").index[:_MOST_VALUES])
        if len(rows) + len(shown) > FIGURE_ROWS:
            break
        for value, given in values:
            if value not in shown:
                continue
            first, changed = given.iloc[0], given[given["before"] != ""]
            last = changed.iloc[0] if len(changed) else {"before": "", "outlet": ""}
            rows.append(
                {
                    **first[["matter", "kind", "what", "value"]],
                    "n_articles": int(counts[value]),
                    "first": first["article_id"],
                    "before": last["before"],
                    "changed": last["outlet"],
                }
            )
    columns = ["matter", "kind", "what", "value", "n_articles", "first", "before", "changed"]
    return pd.DataFrame(rows, columns=columns)


def _said(result: Disagreements, table: pd.DataFrame) -> list[str]:
    """Each row as what is said and by whom first: "7: The Post, 5 Sep 2023"."""
    label = result.articles.set_index("group")["label"]
    ids = pd.unique(table["first"])
    name = dict(zip(ids, fitted(label[ids], _NAMES)))
    values = [""] * len(table)
    # values of one matter may look alike when cut, each beside the other
    for rows in table.groupby("matter").indices.values():
        of = table.iloc[rows]
        said = [
            shown_value(value) + _COUNTED.get(what, "")
            for value, what in zip(of["value"], of["what"])
        ]
        for row, value in zip(rows, fitted(said, _VALUES)):
            values[row] = value
    return [f"{value}: {name[first]}" for value, first in zip(values, table["first"])]


def shown_value(value: str) -> str:
    """A value in normal form as a reader has it.

    Examples
    --------
    >>> [shown_value(v) for v in ("XXXX-09-03 Sun", "2023-06", "XXXX-12", "4700000 crown", "7")]
    ['Sun 3 Sept', 'June 2023', 'Dec', '4,700,000 crown', '7']
    """
    if date := re.fullmatch(r"(\d{4}|XXXX)-(\d\d)(?:-(\d\d))?(?: (\w{3}))?", value):
        year, month, day, weekday = date.groups()
        named = _MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else month
        parts = [weekday, day and str(int(day)), named, year if year.isdigit() else ""]
        return " ".join(filter(None, parts))
    if (number := re.fullmatch(r"(\d{5,})( .+)?", value)) is not None:
        return f"{int(number[1]):,}{number[2] or ''}"
    return value
