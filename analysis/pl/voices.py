"""Draw whose words articles carry."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from analysis.pl.figure import Figure, chosen_kind, draw_nothing, panels
from analysis.pl.rows import draw_groups
from analysis.results import count
from analysis.tl.voices import VOICE_FIGURES, Voices
from analysis.wording import agreement, noun

_VERBS = 2  # verbs that stand above a panel


def voices(
    result: Voices,
    *,
    kind: str | None = None,
    label_by: str = "label",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """Shares of words by voice, or of the verbs that introduce speakers.

    Each voice, or class of verbs, has a panel, and each group a row: its share, the interval of its
    difference from all other groups, and where those stand. Over time, each group has a panel.

    Parameters
    ----------
    result : Voices
    kind : {"speakers", "verbs"}
        "speakers" draws the voices that are heard most: actors of the codebook, other speakers, all
        the others by kind, and the outlet itself. "verbs" draws the classes of verbs that say more
        than "said".
    label_by : str
        The column of `groups` that names the rows: "label", "group", or another.
    ax : Axes, or a sequence of them, one for each panel, optional
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
    title = result.finding_of(kind)
    speakers = kind == VOICE_FIGURES[0]
    name = "voices" if speakers else f"voices_{kind}"
    table = result.heard if speakers else result.telling_verbs
    voiced = table[table["voice"] != "outlet"]["words"] if speakers else table["count"]
    if not voiced.sum():
        with panels(ax, 1, columns=1, height=1.0, title="") as (axis,):
            draw_nothing(axis, title)
        return Figure(axis.figure, name, result, table, title=title)
    panel = "heard" if speakers else "verb_class"
    known = agreement("voices" if speakers else "verbs")
    return draw_groups(
        result,
        name,
        table,
        "share",
        panel=panel,
        panel_names=None if speakers else _heads(table),
        label="share of all words" if speakers else "share of the verbs",
        percent=True,
        noun=noun(result.params["by"]),
        title=title,
        subtitle=f"{_measured(result, speakers)} {known}".strip(),
        label_by=label_by,
        ax=ax,
    )


def _measured(result: Voices, speakers: bool) -> str:
    """What is measured, and how much of it there is."""
    assert result.groups is not None, "voices have groups"
    articles = count(int(result.groups["n_articles"].sum()), "article")
    if not speakers:
        n = count(int(result.verbs["count"].sum()), "verb")
        return f"Share of each kind in {n} that introduce speakers, in {articles}."
    quotations, statements = (int(result.table[c].sum()) for c in ("n_direct", "n_reported"))
    return (
        f"Share of all words that are each voice's, in {count(quotations, 'quotation')} and"
        f" {count(statements, 'reported statement')} of {articles}."
    )


def _heads(table: pd.DataFrame) -> dict[str, str]:
    """Each class with the verbs of it that are used most."""
    heads = {}
    for name, rows in table.groupby("verb_class", sort=False):
        uses: dict[str, int] = {}
        for verb in filter(None, ", ".join(rows["verbs"]).split(", ")):
            word, _, n = verb.removesuffix(")").rpartition(" (")
            uses[word] = uses.get(word, 0) + int(n)
        most = sorted(uses, key=lambda word: (-uses[word], word))[:_VERBS]
        heads[str(name)] = f"{name}: {', '.join(most)}"
    return heads
