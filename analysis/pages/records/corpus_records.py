"""A corpus: its first page, all its articles, and its figures."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.pages.records.article_records import ArticleHead, Opened, PairRow


@dataclass(frozen=True)
class StoryRow:
    """A story in a list."""

    page: str
    name: str
    words: str
    n_articles: int
    n_outlets: int
    first: str


@dataclass(frozen=True)
class Between:
    """Words that one outlet has in common with another, and where each stands in the network."""

    taker: str
    giver: str
    words: int
    credited: int
    quoted: int
    uncredited: int
    line: tuple[float, float, float, float]


@dataclass(frozen=True)
class FrontPage:
    """The first page."""

    finding: str
    weeks: tuple[str, ...]
    outlets: tuple[tuple[str, tuple[int, ...]], ...]  # articles of each week
    between: tuple[Between, ...]
    stories: tuple[StoryRow, ...]
    pairs: tuple[PairRow, ...]
    n_pairs: int
    alone: tuple[ArticleHead, ...]  # of no story of two and without a pair
    n_alone: int


@dataclass(frozen=True)
class Part:
    """Articles that follow one another by date."""

    page: str
    first: int  # the number of its first article, from 1
    last: int
    days: tuple[str, str]  # of its first and last article


@dataclass(frozen=True)
class Search:
    """A page of articles: all of them, or a part where there are many."""

    n: int  # articles in all
    part: Part
    parts: tuple[Part, ...]

    actors: tuple[str, ...]
    frames: tuple[str, ...]
    outlets: tuple[str, ...]
    about: dict[str, tuple[str, str]]  # of each article the numbers of its actors and frames
    words: dict[str, str]  # of each word the articles that have it
    articles: tuple[tuple[ArticleHead, int], ...]


@dataclass(frozen=True)
class Subject:
    """What a figure tells of: an outlet, actor, label, article, pair, story or claim."""

    kind: str
    name: str
    anchor: str
    opens: tuple[Opened, ...]
    n_more: int


@dataclass(frozen=True)
class FigurePage:
    """A figure of the notebooks and what stands behind it."""

    name: str
    page: str
    title: str
    subtitle: str
    drawing: str  # safe HTML: what `drawn` wrote
    subjects: tuple[Subject, ...]
    files: tuple[Opened, ...]  # for a paper, where the page stands beside them
