"""Draw a story: who tells which claim, where and in whose voice, and who leaves it out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from analysis.groups import unit_labels
from analysis.options import check_choice
from analysis.pl.figure import Figure, chosen_kind, draw_nothing, panels
from analysis.pl.rows import FIGURE_ROWS, draw_groups
from analysis.pl.style import BLUE, GREEN, INK, ORANGE, PALE, fitted, inches_of
from analysis.results import count
from analysis.tl._story_places import HEADLINE
from analysis.tl.story import Story
from analysis.wording import noun

STORY_FIGURES = ("matrix", "omissions")
_COLUMNS = 20  # articles side by side; of more, their groups
_LABELS, _HEADS = 2.0, 1.15  # inches for the names of claims, and of articles
_LOOK = {"outlet": BLUE, "quoted": ORANGE, "reported": INK, "attitude": GREEN}
_SAID = {
    "outlet": "in the outlet's voice",
    "quoted": "quoted",
    "reported": "reported",
    "attitude": "as somebody's attitude",
}
_TOLD, _LINE = "#d9e8f4", "#b9b9b9"
_HELD = ["claim", "label", "column", "answer", "p", "rate", "place", "down", "voice"]


def story(
    result: Story,
    *,
    kind: str | None = None,
    story: str | None = None,
    label_by: str = "label",
    ax: Axes | Sequence[Axes] | None = None,
) -> Figure:
    """The claims of a story as rows, its articles as columns; or what groups omit over all stories.

    In "matrix" a shaded cell tells the claim; the point stands as far to the right as the sentence
    stands down the article, a star where the headline tells it too; its colour says in whose voice.
    An open point is unsure, an empty cell omits the claim, a dash is not judged. Beside each row
    stand how many tell and omit it, and how often such omissions are wrong. Up to 20 claims are
    drawn, those that most tell, and up to 20 articles; of more, the groups.

    Parameters
    ----------
    result : Story
    kind : {"matrix", "omissions"}
    story : str, optional
        One story by its name; of "matrix" the one of most articles if not given.
    label_by : str
        The column of `result.groups` that names the rows of "omissions".
    ax : Axes or sequence of Axes, optional
        A new figure if not given.

    Returns
    -------
    Figure
        The table of "matrix" holds the cells that are drawn.

    Examples
    --------
    >>> from analysis.extract.memory import extract_articles
    >>> from analysis.io.article import Article
    >>> from analysis.models import load_encoder
    >>> from analysis import tl
    >>> texts = {"a": "The crane killed seven.", "b": "Seven were killed by the crane."}
    >>> articles = [Article(name, text, "en") for name, text in texts.items()]
    >>> from analysis import pl
    >>> pl.story(tl.story(extract_articles(articles, encoder=load_encoder())))
    Figure(name='story')
    """
    kind = chosen_kind(kind, STORY_FIGURES)
    if kind == "omissions":
        return _omissions(result, label_by, ax)
    if story is not None:
        check_choice("story", story, result.stories)
    name = story if story is not None else next(iter(result.stories), "")
    cells, columns = _cells(result, name)
    rows = _rows(result, name, cells)
    title = result.finding_of(name) if result.stories else result.finding
    about = result.claims[result.claims["story"] == name]
    subtitle = _subtitle(result, about, rows, columns)
    height = _HEADS + 0.2 * max(len(rows), 2)
    new = ax is None
    with panels(ax, 1, columns=1, title=title, subtitle=subtitle, height=height, extra=0.3) as (
        ax,
    ):
        if not len(rows):
            draw_nothing(ax, f"{title}.")
            return Figure(ax.figure, "story", result, cells.iloc[:0][_HELD], title=title)
        shown = cells[cells["claim"].isin(rows["claim"])]
        _draw(ax, rows, columns, shown, result.named_claim(name))
        if new:
            handles = _legend(shown)
            ax.figure.legend(
                handles=handles, loc="outside lower center", ncols=min(len(handles), 5)
            )
    order = shown.assign(row=shown["claim"].map(dict(zip(rows["claim"], range(len(rows))))))
    table = order.sort_values(["row", "x"])[_HELD].reset_index(drop=True)
    return Figure(ax.figure, "story", result, table, title=title, subtitle=subtitle)


def _omissions(result: Story, label_by: str, ax) -> Figure:
    """What share of what at least three others tell each group omits."""
    table = result.omissions
    by = noun(str(result.params["by"]))
    if not table["n_claims"].sum() or len(table) < 2:
        title = f"No claim is told by three other {by[1]}"
        with panels(ax, 1, columns=1, title=title) as (only,):
            draw_nothing(only, f"{title}.")
        return Figure(only.figure, "story_omissions", result, table, title=title)
    return draw_groups(
        result,
        "story_omissions",
        table,
        "share",
        percent=True,
        label="share of these claims that it leaves out",
        noun=by,
        title=result.finding_of_omissions,
        subtitle=(
            f"{count(len(table), by[0])}, asked {count(int(table['n_claims'].sum()), 'time')} for a"
            f" claim that at least three other {by[1]} tell."
        ),
        label_by=label_by,
        ax=ax,
    )


def _cells(result: Story, story: str) -> tuple[pd.DataFrame, list[str]]:
    """The cells of a story with their column `x`, and the columns' names."""
    cells = result.table[result.table["story"] == story]
    articles = result.articles.set_index("group")
    ids = [article for article in articles.index if article in set(cells["article_id"])]
    if len(ids) <= _COLUMNS:
        outlets = articles.loc[ids, "outlet"].tolist()
        first = {outlet: i for i, outlet in reversed([*enumerate(outlets)])}
        order = sorted(range(len(ids)), key=lambda i: (first[outlets[i]] if outlets[i] else i, i))
        ids = [ids[i] for i in order]
        names, column = _short(articles.loc[ids, "label"]), cells["article_id"]
    else:
        cells = result.grouped[result.grouped["story"] == story]
        ids = list(dict.fromkeys(cells["group"]))[:_COLUMNS]
        names, column = unit_labels(result.groups).loc[ids].tolist(), cells["group"]
    x = column.map(dict(zip(ids, range(len(ids)))))
    label = result.claims.drop_duplicates("claim").set_index("claim")["label"]
    cells = cells.assign(x=x, column=x.map(dict(enumerate(names))), label=cells["claim"].map(label))
    return cells.dropna(subset="x").astype({"x": int}), names


def _short(labels: pd.Series) -> list[str]:
    """Articles as outlet and day, cut to fit; without the year where all have the same."""
    parts = labels.str.extract(
        r"^(?P<outlet>.*?)(?P<day>, \d+ \w+)?(?P<year> \d{4})?(?P<n> \(.*)?$"
    )
    parts = parts.fillna("")
    years = "" if parts["year"].replace("", np.nan).nunique() <= 1 else parts["year"]
    behind = parts["day"] + years + parts["n"]
    room = 1.6 - max(map(inches_of, behind), default=0)
    return [name + more for name, more in zip(_cut(parts["outlet"], room), behind)]


def _cut(outlets: pd.Series, room: float) -> list[str]:
    names = outlets.unique()
    cut = dict(zip(names, fitted(names, max(room, 0.5))))
    return [cut[name] for name in outlets]


def _rows(result: Story, story: str, cells: pd.DataFrame) -> pd.DataFrame:
    """The claims that are drawn, those that the same articles tell beside one another."""
    about = result.claims[result.claims["story"] == story]
    told = cells[cells["answer"] == "tells"].groupby("claim")["x"].agg(lambda x: tuple(sorted(x)))
    omits = cells[cells["answer"] == "omits"].groupby("claim")
    n_omits, rate = omits.size(), omits["rate"].mean()
    by = [told.get(claim, ()) for claim in about["claim"]]
    about = about.assign(by=by, n=[len(one) for one in by])
    about = about.assign(omits=about["claim"].map(n_omits).fillna(0).astype(int))
    about = about.assign(rate=about["claim"].map(rate), at=range(len(about)))
    most = about.sort_values(["judged", "n", "at"], ascending=[False, False, True], kind="stable")
    named = most["claim"] == result.named_claim(story)
    kept = pd.concat([most[named], most[~named]]).head(FIGURE_ROWS)
    order = sorted(kept.index, key=lambda i: (-kept.at[i, "n"], kept.at[i, "by"], kept.at[i, "at"]))
    return kept.loc[order].reset_index(drop=True)


def _draw(ax: Axes, rows: pd.DataFrame, columns: list[str], cells: pd.DataFrame, named: str):
    y_of = dict(zip(rows["claim"], range(len(rows))))
    for cell in cells.itertuples():
        x, y = cell.x, y_of[cell.claim]
        if cell.answer == "tells":
            ax.add_patch(Rectangle((x - 0.47, y - 0.44), 0.94, 0.88, color=_TOLD, lw=0, zorder=0))
        if cell.answer == "not judged":
            ax.plot(x, y, "_", color=_LINE, markersize=4)
        if cell.answer not in ("tells", "unsure"):
            continue
        colour = _LOOK.get(cell.voice, INK)
        face = colour if cell.answer == "tells" else "white"
        star = cell.place == HEADLINE
        at = x - 0.35 if star else x - 0.35 + 0.7 * float(cell.down)
        marker, size = ("*", 7) if star else ("o", 4)
        ax.plot(at, y, marker, color=colour, mfc=face, mew=0.7, markersize=size, clip_on=False)
    ax.set_xlim(-0.5, len(columns) - 0.5)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    for edge in np.arange(-0.5, len(columns), 1):
        ax.axvline(edge, color=PALE, lw=0.5, zorder=0)
    n = rows["n"].to_numpy()
    for i in np.flatnonzero(np.diff(n)):  # claims that equally many tell stand together
        ax.axhline(i + 0.5, color=_LINE, lw=0.6)
    width = (1.2 if len(columns) > 10 else 1.6) * _LABELS
    ax.set_yticks(range(len(rows)), fitted(rows["label"], width))
    for tick, claim in zip(ax.get_yticklabels(), rows["claim"]):
        tick.set_fontweight("bold" if claim == named else "normal")
    ax.set_xticks(range(len(columns)), fitted(columns, 1.75))
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    for tick in ax.get_xticklabels():
        tick.set(rotation=45, ha="left", va="bottom", rotation_mode="anchor")
    for side in ax.spines.values():
        side.set_visible(False)
    right = ax.twinx()
    right.set_ylim(ax.get_ylim())
    right.set_yticks(range(len(rows)), [_margin(row) for row in rows.itertuples()])
    right.tick_params(length=0)
    for side in right.spines.values():
        side.set_visible(False)


def _margin(row) -> str:
    """How many tell and omit a claim: "7 tell, 4 omit (5%)"."""
    if not row.judged:
        return "not judged"
    wrong = "" if pd.isna(row.rate) or not row.omits else f" ({row.rate:.0%})"
    return f"{row.n} tell, {row.omits} omit{wrong}"


def _subtitle(result: Story, about: pd.DataFrame, rows: pd.DataFrame, columns: list[str]) -> str:
    parts = ["Each point stands as far to the right as the sentence stands down the article."]
    if rows["rate"].notna().any():
        parts.append("In brackets: how often such omissions are wrong.")
    if len(about) > len(rows):
        parts.append(f"The {len(rows)} claims that most tell, of {len(about):,}.")
    n = result.table.loc[result.table["story"].isin(about["story"]), "article_id"].nunique()
    if n > _COLUMNS:
        parts.append(f"Columns are {noun(str(result.params['by']))[1]} of {n:,} articles.")
    if result.params["claims"] == "found":
        worded = "called" in result.params
        parts.append(
            "Rows begin like the sentence that words them best."
            if worded
            else "Rows are named by their words."
        )
    return " ".join(parts)


def _legend(cells: pd.DataFrame) -> list:
    there = set(cells["voice"])
    handles: list = [Patch(color=_TOLD, label="tells")]
    handles += [
        Line2D([], [], ls="", marker="o", ms=4, color=colour, label=_SAID[voice])
        for voice, colour in _LOOK.items()
        if voice in there
    ]
    if (cells["place"] == HEADLINE).any():
        handles.append(Line2D([], [], ls="", marker="*", ms=7, color=INK, label="in the headline"))
    if (cells["answer"] == "unsure").any():
        handles.append(
            Line2D([], [], ls="", marker="o", ms=4, color=INK, mfc="white", label="unsure")
        )
    if (cells["answer"] == "not judged").any():
        handles.append(Line2D([], [], ls="", marker="_", ms=5, color=_LINE, label="not judged"))
    handles.append(Patch(facecolor="white", edgecolor=PALE, label="empty: left out"))
    return handles
