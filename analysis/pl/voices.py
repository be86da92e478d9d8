"""Draw whose words articles carry."""

from __future__ import annotations

import matplotlib.colors
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from analysis.pl.style import (
    AMBER,
    BLUE,
    DOUBLE,
    GREEN,
    INK,
    ORANGE,
    PALE,
    SKY,
    legend_below,
    number,
    styled,
    wrapped,
)
from analysis.text.english import FORMS
from analysis.text.verbs import CLASSES
from analysis.tl.voices import Voices

TOP = 4  # speakers with a colour of their own
COLOURS = (BLUE, ORANGE, GREEN, SKY)
OTHERS, UNNAMED, MEDIA = "#a08bb5", AMBER, "#8c8c8c"
DARK = (BLUE, ORANGE, "#a08bb5")
LETTER = 0.06  # inches that a letter takes
_GROUPED = {
    "unnamed": ("unnamed speakers", UNNAMED),
    "media": ("other media", MEDIA),
    "unattributed": ("speaker not found", "#c9b8a8"),
}


@styled(lambda result: (DOUBLE, 1.25 + 0.24 * result.table["group"].nunique()))
def plot_voices(result: Voices, *, ax: Axes | None = None) -> Axes:
    """Share of words by voice: the outlet's own, then speakers; filled where they are quoted, pale
    where they are paraphrased.
    """
    table = result.table
    groups = list(dict.fromkeys(table["group"]))
    named = (
        table[table["voice"] == "named"]
        .groupby("speaker")["words"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    colour = dict(zip(named.index[:TOP], COLOURS))
    parts = _parts(table, colour)
    width = ax.figure.get_figwidth() * 0.8
    for y, group in enumerate(groups):
        left = 0.0
        for row in parts[parts["group"] == group].itertuples():
            for words, shade in (
                ((row.direct_words, row.colour), (row.reported_words, _pale(row.colour)))
                if row.kind
                else ((row.words, PALE),)
            ):
                size = 100 * words / row.n_words if row.n_words else 0
                ax.barh(
                    y, size, left=left, height=0.72, color=shade, edgecolor="white", linewidth=0.4
                )
                left += size
            total = 100 * row.words / row.n_words if row.n_words else 0
            label = f"{total:.0f}%" if not row.kind else _short(row.most)
            if total / 100 * width > 0.1 + LETTER * len(label):
                dark = row.direct_words > row.words / 2 and row.colour in DARK
                ax.text(
                    left - total / 2,
                    y,
                    label,
                    ha="center",
                    va="center",
                    color="white" if dark else INK,
                )
    ax.set_yticks(range(len(groups)), groups)
    ax.set_ylim(len(groups) - 0.5, -0.5)
    ax.set_xlim(0, 100)
    ax.set_xlabel("percent of the words")
    ax.spines["left"].set_visible(False)
    ax.tick_params(axis="y", length=0)
    shown = parts[parts["kind"] != ""].drop_duplicates("label")
    order = [*colour, "other named speakers", *(label for label, _ in _GROUPED.values())]
    hues = dict(zip(shown["label"], shown["colour"]))
    handles = [Patch(color=PALE, label="the outlet's own words")] + [
        Patch(color=hues[name], label=name) for name in order if name in hues
    ]
    handles += [Patch(color=_pale(INK), label="pale: paraphrased, not quoted")]
    legend_below(ax, handles, [h.get_label() for h in handles], below=0.42, ncols=4)
    ax.set_title(wrapped(voices_title(result), 0.88 * DOUBLE))
    return ax


def voices_title(result: Voices) -> str:
    """What the figure shows, in a sentence."""
    table = result.table
    outlet = table[table["voice"] == "outlet"]
    share = outlet["words"].sum() / max(outlet["n_words"].sum(), 1)
    voices = table[table["voice"] != "outlet"]
    if voices.empty:
        return "All words are the outlets' own: nobody is quoted or paraphrased"
    first = (
        voices[voices["voice"] == "named"]
        .groupby("speaker")["words"]
        .sum()
        .sort_values(ascending=False, kind="stable")
    )
    most = (
        f"; {first.index[0]} has most ({number(int(first.iloc[0]), 'word')})" if len(first) else ""
    )
    unnamed = voices.loc[voices["voice"] == "unnamed", "words"].sum() / max(
        voices["words"].sum(), 1
    )
    return (
        f"Voices have {100 * (1 - share):.0f}% of the words{most}; {100 * unnamed:.0f}% of what"
        " voices say has no name to it"
    )


@styled(lambda result: (DOUBLE, 1.05 + 0.24 * result.verbs["group"].nunique()))
def plot_verbs(result: Voices, *, ax: Axes | None = None) -> Axes:
    """Number of verbs that introduce speakers, by class, without the neutral ones; the verbs stand
    beside the dots.
    """
    table = result.verbs[(result.verbs["verb_class"] != "neutral") & (result.verbs["count"] > 0)]
    classes = [name for name in CLASSES if name in set(table["verb_class"])]
    groups = list(dict.fromkeys(result.verbs["group"]))
    for row in table.itertuples():
        x, y = classes.index(row.verb_class), groups.index(row.group)
        sure = row.p_adjusted < 0.05
        ax.plot(
            x,
            y,
            "o",
            markersize=2 + 2 * row.count**0.5,
            color=BLUE,
            markerfacecolor=BLUE if sure else "white",
        )
        said = row.verbs.replace(" (1)", "").split(", ")
        ax.text(
            x + 0.07,
            y,
            ", ".join(said[:2]) + (" …" if len(said) > 2 else ""),
            va="center",
            ha="left",
            fontsize=7,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )
    ax.set_xticks(range(len(classes)), classes)
    ax.set_xlim(-0.2, max(len(classes), 1) - 0.2)
    ax.xaxis.tick_top()
    ax.set_yticks(range(len(groups)), groups)
    ax.set_ylim(len(groups) - 0.5, -0.5)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    ax.tick_params(length=0)
    ax.grid(axis="y", color="#e6e6e6", linewidth=0.5)
    total = int(result.verbs["count"].sum())
    filled = (
        "; filled: more or less often than elsewhere (Holm)"
        if table["p_adjusted"].lt(0.05).any()
        else "; none more often in one than elsewhere (Holm)"
    )
    ax.set_title(
        f"{int(table['count'].sum())} of {number(total, 'verb')} that introduce speakers say more"
        f" than “said”{filled}",
        pad=16,
    )
    return ax


def _parts(table: pd.DataFrame, colour: dict[str, str]) -> pd.DataFrame:
    """One row per group and segment of its bar, in the order drawn."""
    kinds, labels, hues = [], [], []
    for voice, speaker in zip(table["voice"], table["speaker"]):
        if voice == "outlet":
            kind, label, hue = "", "", PALE
        elif voice == "named":
            kind, label, hue = (
                ("speaker", speaker, colour[speaker])
                if speaker in colour
                else ("others", "other named speakers", OTHERS)
            )
        else:
            kind, (label, hue) = "others", _GROUPED[voice]
        kinds.append(kind)
        labels.append(label)
        hues.append(hue)
    order = {
        label: i
        for i, label in enumerate(
            ["", *colour, "other named speakers", *(label for label, _ in _GROUPED.values())]
        )
    }
    keys = ["group", "kind", "label", "colour", "n_words"]
    rows = table.assign(kind=kinds, label=labels, colour=hues)
    parts = (
        rows.groupby(keys, sort=False)[["direct_words", "reported_words", "words"]]
        .sum()
        .reset_index()
    )
    # the name beside a segment is of the speaker who has most of it
    first = (
        rows[rows["voice"].isin(["named", "media"])]
        .sort_values("words", ascending=False, kind="stable")
        .drop_duplicates(["group", "label"])
    )
    most = {(row.group, row.label): (row.speaker, row.words) for row in first.itertuples()}
    parts["most"] = [
        name if 2 * words > whole else ""
        for (name, words), whole in zip(
            (most.get(key, ("", 0)) for key in zip(parts["group"], parts["label"])), parts["words"]
        )
    ]
    return parts.sort_values("label", key=lambda c: c.map(order), kind="stable")


def _short(name: str) -> str:
    """The last name of a person, the first word of a company."""
    words = name.split()
    return "" if not words else words[0] if words[-1].strip(".").casefold() in FORMS else words[-1]


def _pale(colour: str) -> tuple[float, ...]:
    """Half way to white."""
    return tuple(0.45 * c + 0.55 for c in matplotlib.colors.to_rgb(colour))
