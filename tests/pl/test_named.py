"""What a title may name is drawn and marked: among rows, panels, lines and over weeks."""

import numpy as np
import pandas as pd
import pytest

from analysis.pl.rows import MOST_PANELS, draw_groups
from analysis.pl.weeks import MOST_LINES, MOST_SERIES
from analysis.results import Result

DAYS = pd.date_range("2024-08-05", periods=3, freq="W-MON")


def result_of(series, *, weeks=False, items=("tone",), apart=()):
    """Estimates of every series (and week) and item: those in `apart` are 0.9, all others 0.1.

    The first series have most articles, the first items most evidence.
    """
    rows = [(one, day) for one in series for day in (DAYS if weeks else [pd.NaT])]
    groups = pd.DataFrame(rows, columns=["series", "period"])
    groups.insert(0, "group", [f"{one} · {day}" if weeks else one for one, day in rows])
    groups["label"], groups["outlet"] = groups["series"], groups["series"]
    groups["colour"] = [min(series.index(one), 9) for one, _ in rows]
    groups["n_articles"] = [2 * (len(series) - series.index(one)) for one, _ in rows]
    parts = []
    for place, item in enumerate(items):
        far = [(one, item) in apart and (not weeks or day == DAYS[1]) for one, day in rows]
        value = np.where(far, 0.9, 0.1)
        part = pd.DataFrame({"group": groups["group"], "item": item, "tone": value})
        part = part.assign(low=value - 0.05, high=value + 0.05, rest=0.1, shrunk=value, apart=far)
        part["weight"] = groups["n_articles"] * (len(items) - place)
        parts.append(part.assign(joint_low=value - 0.1, joint_high=value + 0.1))
    table = pd.concat(parts, ignore_index=True)
    by = "outlet · week" if weeks else "outlet"
    return Result(table, {"by": by, "corpus": "x", "measured_on": "", "digest": ""}, groups=groups)


def draw(result, **options):
    return draw_groups(result, "tone", result.table, "tone", title="A title.", **options)


SERIES = [f"Outlet {i}" for i in range(30)]
ITEMS = [f"actor {i}" for i in range(12)]


def titles(figure):
    return [axis.get_title("left") for axis in figure.axes]


def rings(axis):
    return [
        line for line in axis.lines if line.get_gid() == "apart" and line.get_linestyle() == "None"
    ]


def test_of_many_outlets_over_weeks_twelve_panels_stand_and_the_last_pools_all_others():
    result = result_of(SERIES, weeks=True)
    figure = draw(result)
    assert titles(figure) == [*SERIES[: MOST_SERIES - 1], "19 outlets more, together"]
    pooled = [line for line in figure.axes[-1].lines if len(line.get_xdata()) == 3]
    rows = result.table[result.table["group"].str.contains(r"Outlet (?:1[1-9]|2\d)")]
    assert len(rows) == 19 * 3
    assert pooled[0].get_ydata() == pytest.approx(
        [np.average(rows["tone"], weights=rows["weight"])] * 3
    )
    below = [axis.xaxis.get_tick_params()["labelbottom"] for axis in figure.axes]
    assert below == [False] * 9 + [True] * 3, "days stand once a column"
    assert figure.canvas.figure.get_size_inches()[1] <= 9


def test_pooled_series_are_weighed():
    result = result_of(SERIES, weeks=True)
    last = result.table["group"].str.startswith("Outlet 29")
    result.table.loc[last, "tone"] = 1.0
    weight = result.table["weight"].where(result.table["group"].str.contains("08-12"))
    pooled = weight[result.table["group"].str.contains(r"Outlet (?:1[1-9]|2\d)")]
    share = weight[last].sum() / pooled.sum()
    line = [line for line in draw(result).axes[-1].lines if len(line.get_xdata()) == 3][0]
    assert line.get_ydata()[1] == pytest.approx(0.1 + 0.9 * share)


def test_a_small_outlet_that_is_apart_in_a_week_has_a_panel_and_its_week_a_ring():
    figure = draw(result_of(SERIES, weeks=True, apart={("Outlet 29", "tone")}))
    assert titles(figure)[-2:] == ["Outlet 29", "19 outlets more, together"]
    (ring,) = rings(figure.axes[-2])
    assert [pd.Timestamp(day) for day in ring.get_xdata()] == [DAYS[1]]
    assert ring.get_ydata().tolist() == [0.9]
    assert not any(rings(axis) for axis in figure.axes[:-2])
    said = [text.get_text() for legend in figure.canvas.legends for text in legend.get_texts()]
    assert any(text.startswith("differs from all other groups") for text in said)


@pytest.mark.parametrize("n", [4, 8])
def test_of_many_panels_points_of_few_articles_are_hollow_and_have_no_band(n):
    result = result_of(SERIES[:n], weeks=True)
    few = result.table["group"].str.contains("Outlet 1 .*08-12")
    result.table.loc[few, ["joint_low", "joint_high"]] = np.nan
    axis = draw(result).axes[1]
    hollow = [line for line in axis.lines if line.get_gid() == "few" and len(line.get_xdata())]
    bands = sum(len(path.vertices) > 3 for part in axis.collections for path in part.get_paths())
    if n < 7:
        assert not hollow and bands == 1, "one band over three weeks"
    else:
        assert [line.get_xdata()[0] for line in hollow] == [DAYS[1]]
        assert [line.get_markerfacecolor() for line in hollow] == ["white"]
    limits = {axis.get_ylim() for axis in draw(result).axes}
    assert len(limits) == 1, "all panels have one scale"


@pytest.mark.parametrize("weeks", [False, True])
def test_an_item_with_little_evidence_that_sets_apart_is_drawn(weeks):
    last = ITEMS[-1]
    figure = draw(
        result_of(SERIES[:3], weeks=weeks, items=ITEMS, apart={("Outlet 1", last)}), panel="item"
    )
    if weeks:  # a line in every panel
        assert len(figure.axes) == 3
        names = figure.axes[0].get_legend_handles_labels()[1]
        assert len(names) == MOST_LINES and last in names
        assert rings(figure.axes[1])
    else:
        assert len(titles(figure)) == MOST_PANELS and last in titles(figure)
    assert f"of {MOST_PANELS if weeks else 12} are shown" in figure.subtitle


def test_a_small_outlet_that_is_apart_has_a_row_that_is_filled():
    figure = draw(result_of(SERIES, apart={("Outlet 29", "tone")}))
    (axis,) = figure.axes
    names = [text.get_text() for text in axis.get_yticklabels()]
    (mark,) = [line for line in axis.lines if line.get_gid() == "apart"]
    assert len(names) == 20 and names[int(mark.get_ydata()[0])] == "Outlet 29"
