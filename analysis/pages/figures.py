"""The pages of saved figures: the drawing, and for each of its names the pages behind it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from analysis.features import PRIVATE
from analysis.outputs.saved_figures import SavedFigure, read_figures
from analysis.pages.drawn import drawing
from analysis.pages.measured import Measured
from analysis.pages.records import FigurePage, Opened, Subject, anchor, page_name, shared_label
from analysis.shared_form import RunningWords

MOST_OPENED, MOST_SUBJECTS = 12, 60
_LAYERS = {  # of an article, by measure
    "reuse": "reuse lineage lost_source similarity",
    "voices": "voices",
    "labels": "labels",
    "frames": "frames axes",
    "tone": "tone tone_words sentiment stance",
    "claims": "claims story story_omissions disagreements",
}
_SECTIONS = {  # as the notebooks have them, by measure
    "What is in the corpus?": "overview",
    "Who calls whom what, whom do they let speak, and which words do they use?": "labels voices"
    " keyness frames",
    "Towards whom is the tone harsh or kind, in whose voice?": "tone",
    "Who frames alike?": "clusters",
    "Who takes whose words?": "reuse lineage lost_source",
    "Who tells what, and who leaves it out?": "stories claims story disagreements",
    "Does the tone agree with people?": "validate",
}
_REST = "Appendix"
_LAYER_OF = {verb: layer for layer, verbs in _LAYERS.items() for verb in verbs.split()}
_GROUPS = ("group", "outlet", "taker", "giver", "first_outlet", "a", "b")
_ARTICLES = ("article_id", "group", "a", "b", "parent", "child", "first", "column")
_PAIRS = (("a", "b"), ("parent", "child"), ("taker", "giver"))
_BETWEEN = re.compile(r" (?:→|–|and|from) ")
_PLAIN = re.compile(r"[\w-][\w.-]*/[\w-]+\.\w+", re.ASCII)  # a path that needs no escape
_CUT = "…"  # in a name that was too long for its figure

_Found = dict[tuple[str, str], dict[str, str]]  # of kind and name the pages, with their names


def saved_figures(measured: Measured, folder: Path) -> Iterator[SavedFigure]:
    """The figures of a folder that were drawn from these features.

    Parameters
    ----------
    measured : Measured
        Its `left_out` says which figures are older or newer, or hold withheld words.
    folder : path
    """
    names = sorted(path.stem for path in folder.glob("*.svg"))
    private = measured.features.form == PRIVATE and not measured.shows_words
    running = RunningWords(measured.features) if private and names else None
    others = []
    for figure in read_figures(folder, names):
        said = (figure.finding, str(figure.about.get("subtitle", "")))
        if figure.about.get("digest") != measured.features.digest:
            others.append(figure.name)
        elif running and any(map(running.found_in, said)):
            measured.left_out[f"figure {figure.name}"] = "Its title holds words of the texts."
        else:
            yield figure
    if others:
        why = "They were drawn from other features: `twicetold run` draws them again."
        measured.left_out[f"figures {', '.join(others)}"] = why


def sections(figures: Iterable[SavedFigure]) -> dict[str, list[SavedFigure]]:
    """Figures under the titles of their notebooks, in their order."""
    title_of = {verb: title for title, verbs in _SECTIONS.items() for verb in verbs.split()}
    order = [verb for verbs in _SECTIONS.values() for verb in verbs.split()]
    found: dict[str, list[SavedFigure]] = {title: [] for title in (*_SECTIONS, _REST)}
    for figure in sorted(figures, key=lambda f: order.index(f.verb) if f.verb in order else 0):
        found[title_of.get(figure.verb, _REST)].append(figure)
    return {title: those for title, those in found.items() if those}


def figure_page(
    measured: Measured, figure: SavedFigure, folder: Path, *, beside: bool = False
) -> FigurePage:
    """A figure with a link at each name that a page stands behind.

    Parameters
    ----------
    measured : Measured
    figure : SavedFigure
    folder : path
        Where its drawing lies.
    beside : bool
        Whether a page can link its files.
    """
    found: _Found = {}
    for table in figure.tables.values():
        _add(found, measured, figure, table)
    subjects = [
        Subject(
            kind,
            name,
            anchor("of", kind, name),
            tuple(Opened(page, called) for page, called in pages.items())[:MOST_OPENED],
            max(len(pages) - MOST_OPENED, 0),
        )
        for (kind, name), pages in found.items()
        if pages
    ]
    leads: dict[str, tuple[str, str]] = {}
    for subject in subjects:
        only = subject.opens[0] if len(subject.opens) == 1 else None
        where = only.page if only else f"#{subject.anchor}"
        leads.setdefault(subject.name, (where, f"{subject.name}: what stands behind it"))
    svg = (folder / f"{figure.name}.svg").read_text("utf-8", "replace")
    return FigurePage(
        name=figure.name,
        page=page_name("figure", figure.name),
        title=figure.finding or figure.name,
        subtitle=str(figure.about.get("subtitle", "")),
        drawing=drawing(svg, figure.finding, lambda said: _leads(leads, said)),
        subjects=tuple(subjects),
        files=tuple(
            Opened(f"../../{folder.parent.name}/{folder.name}/{name}", name)
            for name in (f"{figure.name}.svg", f"{figure.name}.csv")
            if beside and _PLAIN.fullmatch(f"{folder.name}/{name}") and (folder / name).is_file()
        ),
    )


def _leads(leads: dict[str, tuple[str, str]], said: str) -> tuple[str, str] | None:
    """The link of a name as a figure writes it: whole or cut, or two articles with an arrow."""
    if said in leads:
        return leads[said]
    two = _BETWEEN.split(said)
    if len(two) == 2:
        for name in (f"{two[0]} and {two[1]}", f"{two[1]} and {two[0]}"):
            if name in leads:
                return leads[name]
    if _CUT not in said:
        return None
    like = re.compile("(?: and )".join(".+".join(map(re.escape, part.split(_CUT))) for part in two))
    fits = {link for name, link in leads.items() if like.fullmatch(name)}
    return fits.pop() if len(fits) == 1 else None


def _add(found: _Found, measured: Measured, figure: SavedFigure, table: pd.DataFrame) -> None:
    """The subjects of a table's rows, with their pages."""
    layer = _LAYER_OF.get(figure.verb, "")
    rows = table.head(2000).astype(object).where(table.notna(), None).to_dict("records")
    for row in rows:
        if len(found) >= MOST_SUBJECTS * 4:
            return
        for one, other in _PAIRS:
            _pair(found, measured, row.get(one), row.get(other))
        for column in _ARTICLES:
            if (article := measured.articles.get(row.get(column))) is not None:
                page = article.page + (f"#show-{layer}" if layer else "")
                found.setdefault(("article", article.label), {})[page] = article.label
        for column in _GROUPS:
            name = row.get(column)
            if name in measured.articles_by_outlet:
                for article in measured.articles_by_outlet[name]:
                    page = article.page + (f"#show-{layer}" if layer else "")
                    found.setdefault(("outlet", name), {})[page] = article.label
        if row.get("actor") is not None:
            _label(found, measured, row["actor"], row.get("label"))
        if (story := row.get("story")) in measured.about_story:
            found.setdefault(("story", story), {})[page_name("story", story)] = story
        if row.get("claim") is not None:
            _claim(found, measured, str(row["claim"]))


def _pair(found: _Found, measured: Measured, a: str | None, b: str | None) -> None:
    """Two articles side by side, or the pairs of two outlets."""
    if a is None or b is None:
        return
    if (a, b) in measured.pairs or (b, a) in measured.pairs:
        name = f"{measured.articles[a].label} and {measured.articles[b].label}"
        found.setdefault(("pair", name), {})[page_name("pair", *sorted((a, b)))] = name
    for pair in measured.pairs_of_outlets.get(frozenset((a, b)), ()):
        one, other = (measured.articles[article] for article in pair)
        pages = found.setdefault(("two outlets", f"{a} and {b}"), {})
        pages[page_name("pair", *sorted(pair))] = f"{one.label} and {other.label}"


def _label(found: _Found, measured: Measured, actor: str, label: str | None) -> None:
    """Where an actor is called something, at most one place in each article."""
    if measured.labels is None:
        return
    name = measured.labels.names.get(actor, actor)
    for row in measured.label_uses.get(actor, ()):
        article = measured.articles[row["article_id"]]
        page = f"{article.page}#{anchor('label', actor, row['label'])}"
        words = row["label"] if measured.shows_words else shared_label(row["label"])
        found.setdefault(("actor", name), {}).setdefault(page, f"{words}, {article.label}")
        if label is not None and row["label"] == label:
            found.setdefault(("label", words), {})[page] = article.label


def _claim(found: _Found, measured: Measured, claim: str) -> None:
    """The sentences that tell a claim."""
    for row in measured.cells_of_claim.get(claim, ()):
        name = measured.claim_names[row["story"], claim]
        article = measured.articles[row["article_id"]]
        page = f"{article.page}#{anchor('claim', row['story'], claim)}"
        found.setdefault(("claim", name), {})[page] = article.label
