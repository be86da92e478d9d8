"""Draw outlets that share words, and whom they credit, as a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.style import AMBER, DOUBLE, INK, NEUTRAL, fitted, inches_of, look_of
from analysis.tl._reuse_said import noun_of, outside_of, percent, takers_of, ties_of
from analysis.tl.lineage import Lineage
from analysis.tl.reuse import Reuse

NODES, OUTSIDE, NETWORK_LINES = 14, 6, 15  # groups, others that they credit, and lines of each sort
_WIDTH, _HEIGHT = 6.8, 5.2  # inches of the drawing
_LABEL, _LINE, _PAD = 1.4, 0.14, 0.05  # inches: a label, its height, and around it
_STEPS, _PULL = 300, 0.35  # of springs: weaker ones leave room for names


def draw_network(
    result: Reuse, lineage: Lineage | None, ax: Axes | Sequence[Axes] | None
) -> Figure:
    """Nodes are groups, and those whom they credit; lines are shared words and credits."""
    title, (_, several) = result.finding_of("network"), noun_of(result.params["by"])
    nodes, lines, said = _chosen(result, several)
    subtitle = (
        f"Lines: share of the words of two {several} that the other has too, and dashed ones:"
        f" credits to agencies and outlets that the corpus lacks. {said}"
    )
    lines["verdict"] = ""
    if lineage is not None:
        lines["verdict"] = _verdicts(lines, lineage)
        subtitle = f"Arrows point from who had the words first, where that is known. {subtitle}"
    with one_axes(ax, DOUBLE, _HEIGHT + 1.3, title=title, subtitle=subtitle.strip()) as ax:
        ax.set_axis_off()
        if lines.empty:
            draw_nothing(ax, title)
        else:
            _draw(ax, nodes, lines)
    return Figure(
        ax.figure, "reuse_network", result, lines, {"nodes": nodes}, title=title, subtitle=subtitle
    )


def _chosen(result: Reuse, several: str) -> tuple[pd.DataFrame, pd.DataFrame, str]:
    """Nodes and lines that are drawn, and what is left out.

    The two that share most are there, and those that credit whom most credit: the title names them.
    """
    takers, ties, outside = takers_of(result), ties_of(result), outside_of(result.credits)
    credits = result.credits.merge(outside[["source"]], on="source")
    credits = credits.sort_values("n_articles", ascending=False, kind="stable")
    foremost = credits["source"].isin(outside["source"].head(1))
    credits = pd.concat([credits[foremost], credits[~foremost]])
    strongest = ties[["a", "b"]].stack().drop_duplicates().tolist()
    kept = pd.Index(list(dict.fromkeys([*strongest[:2], *credits["taker"], *strongest])))
    if len(kept) > NODES:  # those of the title, then those with most articles
        size = takers["n_articles"][kept[2:]].sort_values(ascending=False, kind="stable")
        kept = pd.Index([*kept[:2], *size.index[: NODES - 2]])
    shown = outside.head(OUTSIDE)
    nodes = pd.DataFrame(
        {
            "node": [*kept, *shown["source"]],
            "label": [*takers["label"][kept], *shown["source"]],
            "outside": [False] * len(kept) + [True] * len(shown),
            "agency": [False] * len(kept) + shown["agency"].tolist(),
            "colour": [*takers["colour"][kept], *[-1] * len(shown)],
            "n_articles": [*takers["n_articles"][kept], *shown["n_articles"]],
        }
    )
    inside = ties[ties["a"].isin(kept) & ties["b"].isin(kept)]
    inside = _strongest(inside, NETWORK_LINES)
    given = credits[credits["taker"].isin(kept) & credits["source"].isin(shown["source"])]
    n_given, given = len(given), given.head(NETWORK_LINES)
    lines = pd.concat(
        [
            inside.assign(kind="shared"),
            pd.DataFrame(
                {
                    "a": given["taker"],
                    "b": given["source"],
                    "words": given["words"],
                    "n_articles": given["n_articles"],
                    "share": given["share"],
                    "kind": "credit",
                }
            ),
        ],
        ignore_index=True,
    )
    lines = lines.reindex(columns=["kind", "a", "b", "words", "n_passages", "n_articles", "share"])
    nodes = nodes[nodes["node"].isin(lines[["a", "b"]].stack())].reset_index(drop=True)
    n_groups, left = int((~nodes["outside"]).sum()), []
    if len(takers) > n_groups:
        left.append(f"{n_groups} of {len(takers)} {several}")
    n_outside = int(nodes["outside"].sum())
    if len(outside) > n_outside:
        left.append(f"{n_outside} of {len(outside)} credited, those by most {several}")
    if len(ties) > len(inside):
        left.append(
            f"{len(inside)} of {len(ties):,} lines between {several}, of each the strongest and"
            " then the strongest of all"
        )
    if n_given > len(given):
        left.append(f"{len(given)} of {n_given} credits to these")
    return nodes, lines, f"Shown are {'; '.join(left)}." if left else ""


def _strongest(ties: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many ties: the strongest of each group, as far as they reach, then of all."""
    first = ties[["a", "b"]].stack().drop_duplicates().index.get_level_values(0)
    return ties.loc[sorted(list(dict.fromkeys([*first, *ties.index]))[:most])]


def _verdicts(lines: pd.DataFrame, lineage: Lineage) -> list[str]:
    """For each line "a from b", "b from a" or nothing, as the lineage of their articles says."""
    found = lineage.between.set_index(["taker", "giver"])["verdict"].to_dict()
    return [
        next(
            (
                f"{'ab'[i]} from {'ba'[i]}"
                for i, pair in enumerate(((a, b), (b, a)))
                if found.get(pair) == "taker from giver"
            ),
            "",
        )
        for a, b in zip(lines["a"], lines["b"])
    ]


# --- places ---


def layout(n: int, ties: np.ndarray, boxes: np.ndarray, width: float, height: float) -> np.ndarray:
    """Places of nodes: tied ones near each other, no two boxes over each other.

    Springs between tied nodes and a push between all of them (Fruchterman and Reingold 1991) from a
    circle, and boxes that overlap are then moved apart. Nothing is drawn at random.

    Parameters
    ----------
    n : int
    ties : array of shape (n, n)
        Symmetric weights from 0.
    boxes : array of shape (n, 2)
        Width and height of each node with its label.
    width, height : float

    Returns
    -------
    array of shape (n, 2)
        Centres of the boxes, within the width and height.

    References
    ----------
    Fruchterman, T. M. J., and Reingold, E. M. (1991). Graph drawing by force-directed placement.
    Software: Practice and Experience 21(11). https://doi.org/10.1002/spe.4380211102
    """
    angle = 2 * np.pi * np.arange(n) / max(n, 1)
    place = np.stack([np.cos(angle) * width, np.sin(angle) * height], axis=1) / 3
    pull = np.sqrt(ties / max(ties.max(initial=0), 1e-9))
    k = np.sqrt(width * height / max(n, 1)) * 0.8
    for step in range(_STEPS):
        away = place[:, None] - place[None]
        far = np.maximum(np.hypot(*np.moveaxis(away, -1, 0)), 1e-6)
        push = k**2 / far**2
        force = (away * (push - _PULL * pull * far / k)[..., None]).sum(axis=1) - 0.3 * place
        size = np.maximum(np.hypot(*force.T), 1e-9)
        heat = 0.25 * (1 - step / _STEPS)
        place = place + force / size[:, None] * np.minimum(size, heat)[:, None]
    room = (np.array([width, height]) - boxes.max(axis=0, initial=0)) / 2
    if n:
        place = place - (place.max(axis=0) + place.min(axis=0)) / 2  # the middle of what it fills
    spread = np.abs(place).max(axis=0, initial=1e-9)
    place = place / spread * room
    for _ in range(_STEPS):
        if not _part(place, boxes):
            break
        limit = (np.array([width, height]) - boxes) / 2
        place = np.clip(place, -limit, limit)
    return place


def _part(place: np.ndarray, boxes: np.ndarray) -> bool:
    """Move boxes that overlap a little apart, in place; whether any did."""
    moved = False
    for i in range(len(place)):
        for j in range(i):
            away = place[i] - place[j]
            over = (boxes[i] + boxes[j]) / 2 - np.abs(away)
            if (over > 0).all():
                axis = int(np.argmin(over))
                shift = (over[axis] / 2 + 0.01) * (1 if away[axis] >= 0 else -1)
                place[i, axis] += shift
                place[j, axis] -= shift
                moved = True
    return moved


# --- drawing ---


def _draw(ax: Axes, nodes: pd.DataFrame, lines: pd.DataFrame) -> None:
    labels = fitted(nodes["label"], _LABEL)
    radius = 0.06 + 0.11 * np.sqrt(nodes["n_articles"] / nodes["n_articles"].max()).to_numpy()
    boxes = np.stack(
        [
            np.maximum([inches_of(label) for label in labels], 2 * radius) + 2 * _PAD,
            2 * radius + _LINE + 2 * _PAD,
        ],
        axis=1,
    )
    number = {name: i for i, name in enumerate(nodes["node"])}
    ends = np.array([[number[a], number[b]] for a, b in zip(lines["a"], lines["b"])])
    ties = np.zeros((len(nodes), len(nodes)))
    widest = lines.groupby("kind")["share"].transform("max").clip(lower=1e-9)
    ties[ends[:, 0], ends[:, 1]] = (lines["share"] / widest).clip(lower=0.15)
    place = layout(len(nodes), np.maximum(ties, ties.T), boxes, _WIDTH, _HEIGHT)
    dots = place + np.stack([np.zeros(len(nodes)), _LINE / 2 * np.ones(len(nodes))], axis=1)
    most = {kind: part["share"].max() for kind, part in lines.groupby("kind")}
    # the two that the title names
    shared = lines["share"].where(lines["kind"] == "shared")
    named = shared.idxmax() if shared.notna().any() else -1
    for line, (a, b) in zip(lines.itertuples(), ends):
        wide = 0.4 + 3.6 * line.share / max(most[line.kind], 1e-9)
        start, stop = (a, b) if line.verdict == "b from a" else (b, a)
        ax.add_patch(
            FancyArrowPatch(
                dots[start],
                dots[stop],
                arrowstyle="-|>" if line.verdict else "-",
                mutation_scale=9,
                shrinkA=72 * radius[start],
                shrinkB=72 * radius[stop],
                linewidth=wide,
                linestyle="-" if line.kind == "shared" else (0, (3, 1.5)),
                color=AMBER if line.kind == "credit" else INK if line.Index == named else NEUTRAL,
                alpha=0.75,
                zorder=1,
            )
        )
    for node, label, at, r in zip(nodes.itertuples(), labels, dots, radius):
        colour, marker = look_of(int(node.colour))
        face = "white" if node.outside else colour
        ax.plot(
            *at,
            marker="s" if node.outside else marker,
            color=INK if node.outside else colour,
            markerfacecolor=face,
            markersize=72 * 2 * r * (0.85 if node.outside else 1),
            zorder=2,
        )
        ax.text(
            at[0],
            at[1] - r - 0.03,
            label,
            ha="center",
            va="top",
            zorder=3,
            bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.3},
        )
    ax.set_xlim(-_WIDTH / 2, _WIDTH / 2)
    ax.set_ylim(-_HEIGHT / 2 - 0.05, _HEIGHT / 2)
    ax.set_aspect("equal")
    _legend(ax, most)


def _legend(ax: Axes, most: dict[str, float]) -> None:
    handles = []
    for kind, share in most.items():
        if kind == "shared":
            look: dict[str, Any] = {"color": INK, "linestyle": "-", "alpha": 0.75}
            said = f"widest, dark: {percent(share)} of both sides' words shared"
        else:
            look = {"color": AMBER, "linestyle": ":"}
            of = f"widest: {percent(share)} of the words are" if share else "some are"
            said = f"{of} credited there"
        handles.append(Line2D([], [], linewidth=3.5, label=said, **look))
    node: dict[str, Any] = {"marker": "s", "markerfacecolor": "white", "markersize": 6}
    said = "credited, not in the corpus"
    handles.append(Line2D([], [], linestyle="", color=INK, label=said, **node))
    ax.figure.legend(handles=handles, loc="outside lower center", ncols=3, handlelength=2.4)
