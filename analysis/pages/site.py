"""The pages of a corpus: which there are, and each as HTML when it is asked for."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from analysis.corpus import Corpus
from analysis.outputs.saved_figures import SavedFigure
from analysis.pages.figures import figure_page, saved_figures, sections
from analysis.pages.index import index_page
from analysis.pages.measured import Measured
from analysis.pages.one_article import article_page
from analysis.pages.one_story import story_page
from analysis.pages.records import page_name
from analysis.pages.render import render
from analysis.pages.search import n_parts, search_name, search_page
from analysis.pages.two_articles import CALLED, pair_page

FRONT, _FIGURES = "index.html", "figures.html"
MOST_WHOLE = 1000  # articles of which each has a page, also those that share nothing


@dataclass(frozen=True)
class About:
    """What every page of a corpus says."""

    corpus: str
    digest: str
    version: str
    banner: str
    shows_words: bool
    kinds: dict[str, str]
    left_out: dict[str, str]
    pages: Container[str]
    figures: bool


class Site:
    """The pages of one corpus.

    Parameters
    ----------
    corpus : Corpus
    withheld : bool
        Show words also where the corpus's texts may not be shared.
    whole : bool
        A page for each article however many there are.
    figures : path, optional
        The folder of the corpus's saved figures, which get a page each.
    beside : bool
        Whether the pages stand where `../../figures/NAME/` are those figures: then they link them.
    """

    def __init__(
        self,
        corpus: Corpus,
        *,
        withheld: bool = False,
        whole: bool = False,
        figures: Path | None = None,
        beside: bool = False,
    ):
        self.measured = Measured(corpus, withheld=withheld)
        self.folder, self.beside = figures, beside
        self.figures = [] if figures is None else list(saved_figures(self.measured, figures))
        self.whole = whole or len(self.measured.table) <= MOST_WHOLE
        self.about = About(
            corpus=corpus.name,
            digest=self.measured.features.digest,
            version=importlib.metadata.version("twicetold"),
            banner=_banner(self.measured),
            shows_words=self.measured.shows_words,
            kinds=CALLED,
            left_out=self.measured.left_out,
            pages=_Pages(self),
            figures=bool(self.figures),
        )

    @cached_property
    def files(self) -> dict[str, Callable[[], str]]:
        """The name of every page, and what makes it."""
        made: dict[str, Callable[[], str]] = {FRONT: self._index}
        for part in range(n_parts(self.measured)):
            made[search_name(part)] = partial(self._search, part)
        if self.figures:
            made[_FIGURES] = self._figures
        for figure in self.figures:
            name = page_name("figure", figure.name)
            made[name] = partial(self._figure, figure)
        for a, b in self.measured.pairs:
            made[page_name("pair", *sorted((a, b)))] = partial(self._pair, a, b)
        for story in self.measured.about_story:
            made[page_name("story", story)] = partial(self._story, story)
        measured = self.measured
        for article in measured.articles.values():
            if not (self.whole or measured.pairs_of(article.id) or article.id in measured.story_of):
                continue
            made[article.page] = partial(self._article, article.id)
        return made

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """The name and the HTML of every page."""
        for name, made in self.files.items():
            yield name, made()

    def _index(self) -> str:
        return render("index.html", site=self.about, page=index_page(self.measured))

    def _search(self, part: int) -> str:
        return render("search.html", site=self.about, page=search_page(self.measured, part))

    def _figures(self) -> str:
        return render("figures.html", site=self.about, sections=sections(self.figures))

    def _figure(self, figure: SavedFigure) -> str:
        assert self.folder is not None
        page = figure_page(self.measured, figure, self.folder, beside=self.beside)
        return render("figure.html", site=self.about, page=page)

    def _article(self, article: str) -> str:
        return render("article.html", site=self.about, page=article_page(self.measured, article))

    def _story(self, story: str) -> str:
        return render("story.html", site=self.about, page=story_page(self.measured, story))

    def _pair(self, a: str, b: str) -> str:
        return render("pair.html", site=self.about, page=pair_page(self.measured, a, b))


class _Pages(Container):
    """The names of a site's pages, for links."""

    def __init__(self, site: Site):
        self._site = site

    def __contains__(self, name: object) -> bool:
        return name in self._site.files


def _banner(measured: Measured) -> str:
    name, withheld = measured.corpus.name, measured.corpus.withheld
    if measured.shows_words:
        kept = "These pages hold texts that corpus.yml says are withheld: keep them to yourself."
        return kept if withheld else ""
    said = f"The texts of {name} are withheld" if withheld else f"The texts of {name} are not here"
    return (
        f"{said}: pages show places, lengths and counts, and no running words. Their owner sees"
        f" more: `twicetold page {name}{' --withheld' if withheld else ''}` where the texts are."
    )
