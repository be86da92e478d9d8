"""Draw whose words articles carry."""

from __future__ import annotations

import matplotlib.colors
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.pl.figure import Figure, chosen_kind, draw_nothing, one_axes
from analysis.pl.style import (
    AMBER,
    BLUE,
    DOUBLE,
    GREEN,
    INK,
    ORANGE,
    PAGE,
    PALE,
    SKY,
    legend_below,
    wrapped,
)
from analysis.text.english import FORMS
from analysis.text.verbs import CLASSES
from analysis.tl.voices import VOICE_FIGURES, Voices

_COLOURS = (BLUE, ORANGE, GREEN, SKY)  # of the speakers with most words
DARK = (BLUE, ORANGE, "#a08bb5")
OWN, OTHERS = "the outlet's own words", "other named speakers"
_LABELS = {
    "unnamed": "unnamed speakers",
    "media": "other media",
    "unattributed": "speaker not found",
}
HUES = {
    OWN: PALE,
    OTHERS: "#a08bb5",
    "unnamed speakers": AMBER,
    "other media": "#8c8c8c",
    "speaker not found": "#c9b8a8",
}
_LETTER = 0.06  # inches that a letter takes
_ROW = 0.24  # inches of a group
_AROUND = {"speakers": 1.25, "verbs": 1.05}  # inches that stand above and below all


def voices(result: Voices, *, kind: str | None = None, ax: Axes | None = None) -> Figure:
    """Shares of words by voice, or the verbs that introduce speakers.

    Where a page does not hold all groups, those are drawn that give voices most words, or use most
    verbs that say more than "said".

    Parameters
    ----------
    result : Voices
    kind : {"speakers", "verbs"}
        "speakers" draws a bar for each group: the outlet's own words, then those of speakers,
        filled where they are quoted, pale where they are paraphrased. "verbs" draws a dot for each
        class of verbs but the neutral one, whose area is their number; the verbs stand beside it.
    ax : Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure

    Raises
    ------
    OptionError
        If `kind` is none of these.

    Examples
    --------
    >>> import analysis as tw
    >>> result = tw.tl.voices(tw.load("amnesty2024"))
    >>> tw.pl.voices(result), tw.pl.voices(result, kind="verbs")
    (Figure(name='voices'), Figure(name='voices_verbs'))
    """
    kind = chosen_kind(kind, VOICE_FIGURES)
    draw, table = {
        "speakers": (_draw_speakers, result.table),
        "verbs": (_draw_verbs, result.telling_verbs),
    }[kind]
    voiced = table[table["voice"] != "outlet"]["words"] if kind == "speakers" else table["count"]
    amount = voiced.groupby(table["group"]).sum().reindex(result.group_names, fill_value=0)
    most = int((PAGE - _AROUND[kind]) / _ROW)
    kept = amount.sort_values(ascending=False, kind="stable").index[:most]
    groups = [group for group in result.group_names if group in kept]
    with one_axes(ax, DOUBLE, _AROUND[kind] + _ROW * max(len(groups), 1)) as ax:
        if table.empty:
            draw_nothing(ax, result.finding_of(kind))
        else:
            draw(ax, result, groups)
            ax.set_yticks(range(len(groups)), groups)
            ax.set_ylim(len(groups) - 0.5, -0.5)
    return Figure(
        ax.figure, "voices" if kind == VOICE_FIGURES[0] else f"voices_{kind}", result, table
    )


def _draw_speakers(ax: Axes, result: Voices, groups: list[str]) -> None:
    parts = _parts(result.table)
    width = ax.figure.figure.get_figwidth() * 0.8
    for y, group in enumerate(groups):
        left = 0.0
        for row in parts[parts["group"] == group].itertuples():
            shades = [(row.direct_words, row.colour), (row.reported_words, _pale(row.colour))]
            for words, shade in shades if row.label != OWN else [(row.words, PALE)]:
                size = 100 * words / row.n_words if row.n_words else 0
                ax.barh(
                    y, size, left=left, height=0.72, color=shade, edgecolor="white", linewidth=0.4
                )
                left += size
            total = 100 * row.words / row.n_words if row.n_words else 0
            label = f"{total:.0f}%" if row.label == OWN else _short(row.most)
            if total / 100 * width > 0.1 + _LETTER * len(label):
                dark = row.direct_words > row.words / 2 and row.colour in DARK
                colour = "white" if dark else INK
                ax.text(left - total / 2, y, label, ha="center", va="center", color=colour)
    ax.set_xlim(0, 100)
    cut = _cut(groups, result, "whose voices have most words")
    ax.set_xlabel(f"percent of the words{cut}")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    hues = dict(zip(parts["label"], parts["colour"]))
    handles = [Patch(color=hue, label=label) for label, hue in {OWN: PALE, **hues}.items()]
    handles += [Patch(color=_pale(INK), label="pale: paraphrased, not quoted")]
    legend_below(ax, handles, [h.get_label() for h in handles], below=0.42, ncols=4)
    ax.set_title(wrapped(result.finding, 0.88 * DOUBLE))


def _draw_verbs(ax: Axes, result: Voices, groups: list[str]) -> None:
    table = result.telling_verbs
    classes = [name for name in CLASSES if name in set(table["verb_class"])]
    letters = int(ax.figure.figure.get_figwidth() * 0.8 / len(classes) / _LETTER)
    for row in table[table["group"].isin(groups)].itertuples():
        place = classes.index(row.verb_class), groups.index(row.group)
        face, size = BLUE if row.p_adjusted < 0.05 else "white", 2 + 2 * row.count**0.5
        ax.plot(*place, "o", markersize=size, color=BLUE, markerfacecolor=face, zorder=4)
        ax.annotate(
            _fitting(row.verbs.replace(" (1)", "").split(", "), letters - int(size / 4)),
            place,
            xytext=(size / 2 + 3, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            fontsize=7,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    ax.set_xticks(range(len(classes)), classes)
    ax.set_xlim(-0.2, len(classes) - 0.2)
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.set_xlabel("the larger a dot, the more verbs" + _cut(groups, result, "with most of them"))
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.grid(axis="y", color="#e6e6e6", linewidth=0.5)
    ax.set_title(result.finding_of("verbs"), pad=16)


def _fitting(verbs: list[str], letters: int) -> str:
    """As many verbs as fit beside a dot, at least one."""
    n = len(verbs)
    while n > 1 and len(", ".join(verbs[:n])) > letters - 2 * (n < len(verbs)):
        n -= 1
    return ", ".join(verbs[:n]) + (" …" if n < len(verbs) else "")


def _cut(groups: list[str], result: Voices, which: str) -> str:
    n = len(result.group_names)
    return f" (the {len(groups)} of {n} groups {which})" if len(groups) < n else ""


def _parts(table: pd.DataFrame) -> pd.DataFrame:
    """One row for each group and segment of its bar, in the order drawn, with label and colour."""
    named = table[table["voice"] == "named"].groupby("speaker")["words"].sum()
    named = named.sort_values(ascending=False, kind="stable")
    hues = {OWN: PALE, **dict(zip(named.index, _COLOURS)), **HUES}
    speaker = table["speaker"].where(table["speaker"].isin(named.index[: len(_COLOURS)]), OTHERS)
    label = table["voice"].map({"outlet": OWN, **_LABELS}).fillna(speaker)
    rows = table.assign(label=label, colour=label.map(hues))
    keys, words = (
        ["group", "label", "colour", "n_words"],
        ["direct_words", "reported_words", "words"],
    )
    parts = rows.groupby(keys, sort=False)[words].sum().reset_index()
    # the name in a segment is of the speaker who has most of it
    spoken = rows[rows["voice"].isin(["named", "media"])]
    spoken = spoken.sort_values("words", ascending=False, kind="stable")
    first = spoken.drop_duplicates(["group", "label"])[["group", "label", "speaker", "words"]]
    parts = parts.merge(first, on=["group", "label"], how="left", suffixes=("", "_most"))
    parts["most"] = parts["speaker"].where(2 * parts["words_most"] > parts["words"], "")
    order = {label: i for i, label in enumerate(hues)}
    return parts.sort_values("label", key=lambda cells: cells.map(order), kind="stable")


def _short(name: str) -> str:
    """The last name of a person, the first word of a company."""
    words = name.split()
    return "" if not words else words[0] if words[-1].strip(".").casefold() in FORMS else words[-1]


def _pale(colour: str) -> tuple[float, float, float]:
    """Half way to white."""
    r, g, b = (0.45 * c + 0.55 for c in matplotlib.colors.to_rgb(colour))
    return r, g, b
