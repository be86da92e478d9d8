"""Draw the tone towards actors, by group."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from analysis.options import check_choice
from analysis.pl.figure import Figure, draw_nothing, one_axes
from analysis.pl.rows import draw_groups
from analysis.pl.style import DOUBLE
from analysis.results import count
from analysis.tl.tone import VOICES, WHERE, Tone
from analysis.wording import agreement, listed, noun


def tone(
    result: Tone,
    *,
    voice: str = "outlet",
    label_by: str = "label",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """One panel an actor: the tone of each group beside that of the rest, or its course over time.

    Actors towards whom groups differ most come first, then those with most mentions; who is never
    mentioned in this voice has no panel.

    Parameters
    ----------
    result : Tone
    voice : {"outlet", "quoted", "reported"}
        Whose words: the outlets' own, or those that they quote or report.
    label_by : str
        The column of `result.groups` that names the rows.
    ax : Axes, or a sequence of them, one for each panel, optional
        A new figure with a legend if not given.

    Returns
    -------
    Figure
        Its name is "tone" in the outlets' own words, else "tone_<voice>".

    Raises
    ------
    OptionError
        If there is no such voice.

    Examples
    --------
    >>> import analysis as tw
    >>> tw.pl.tone(tw.tl.tone(tw.load("amnesty2024"), draws=10))
    Figure(name='tone')
    """
    check_choice("voice", voice, VOICES)
    name = "tone" if voice == "outlet" else f"tone_{voice}"
    table = result.table[result.table["voice"] == voice]
    weight = table.groupby("actor", sort=False)["weight"].sum()
    found = [actor for actor, _, _ in result.differences(voice)]
    ranked = [*found, *weight[weight > 0].sort_values(ascending=False, kind="stable").index]
    actors = list(dict.fromkeys(ranked))
    if not actors:
        nothing = result.finding_of(voice)
        with one_axes(ax, DOUBLE, 1) as ax:
            draw_nothing(ax, f"{nothing}.")
        return Figure(ax.figure, name, result, table, title=nothing)
    order = {actor: place for place, actor in enumerate(actors)}
    shown = table[table["actor"].isin(actors)].sort_values(
        "actor", key=lambda keys: keys.map(order), kind="stable"
    )
    return draw_groups(
        result,
        name,
        shown,
        "tone",
        panel="actor",
        panel_names=result.names,
        label="tone, from −1 to +1",
        zero=True,
        noun=noun(result.params["by"]),
        title=result.finding_of(voice),
        subtitle=_subtitle(result, voice, actors),
        label_by=label_by,
        ax=ax,
    )


def _subtitle(result: Tone, voice: str, actors: list[str]) -> str:
    """What is measured, how often, and how well it is known."""
    mentions = result.mentions[result.mentions["voice"] == voice]
    n, n_articles = len(mentions), mentions["article_id"].nunique()
    said = (
        f"Mean tone (probability of positive less that of negative) of {count(n, 'mention')} in"
        f" {count(n_articles, 'article')}, {WHERE[voice]}."
    )
    never = [result.names[actor] for actor in result.actors if actor not in actors]
    if never:
        said += f" Never mentioned: {listed(never).rstrip('.')}."
    if by := result.params.get("calibration"):
        said += f" Recalibrated by {by}."
    return f"{said} {agreement('tone')}"
