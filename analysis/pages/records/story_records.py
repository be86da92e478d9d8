"""A story: who wrote when, who took from whom, what each tells."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.pages.records.article_records import ArticleHead, Piece


@dataclass(frozen=True)
class Taken:
    """Who took words from whom."""

    giver: ArticleHead
    taker: ArticleHead
    words: int
    probability: float
    page: str


@dataclass(frozen=True)
class ClaimCell:
    """What an article does with a claim; the pages lead to the sentences."""

    sign: str
    said: str
    page: str
    otherwise: str = ""  # what it says that does not agree with another's sentence of the claim
    otherwise_page: str = ""


@dataclass(frozen=True)
class ClaimRow:
    """A claim, and what each article of the story does with it."""

    called: str
    n_tells: int
    told_by: tuple[str, ...]  # outlets
    left_out_by: tuple[str, ...]  # outlets of which no article tells it or may tell it
    cells: tuple[ClaimCell, ...]


@dataclass(frozen=True)
class LabelRow:
    """What an outlet calls an actor: label, uses, place of the first, whether it is sure."""

    actor: str
    outlet: str
    labels: tuple[tuple[str, int, str, bool], ...]


@dataclass(frozen=True)
class Witness:
    """A passage in one of the articles that have it."""

    article: ArticleHead
    mark: str
    tone: str
    page: str  # beside the first version
    position: int
    words: int
    pieces: list[Piece]


@dataclass(frozen=True)
class WitnessedPassage:
    """A passage in all its witnesses, the earliest first."""

    course: int
    witnesses: tuple[Witness, ...]
    overlaps: tuple[int, ...]  # with which it has half of the shorter or more, in its first version


@dataclass(frozen=True)
class Variant:
    """Where a witness differs from a rebuilt text."""

    article: ArticleHead
    place: str
    kind: str
    source: str
    witness: str


@dataclass(frozen=True)
class Rebuilt:
    """A text that the corpus lacks, rebuilt from those that drew on it."""

    name: str
    anchor: str
    drew: tuple[tuple[ArticleHead, float], ...]  # with the probability that it did
    n_words: int
    probability: float
    segments: tuple[str, ...]
    variants: tuple[Variant, ...]
    n_variants: int


@dataclass(frozen=True)
class StoryPage:
    """A story."""

    name: str
    title: str
    words: str
    articles: tuple[ArticleHead, ...]
    places: dict[str, float]
    undated: float
    days: tuple[tuple[str, float], ...]  # marks of the timeline
    day_width: float
    outlets: dict[str, str]  # with the page of the first article of each
    taken: tuple[Taken, ...]
    claims: tuple[ClaimRow, ...]
    missed: tuple[ClaimRow, ...]  # told by most outlets and left out by others
    dividing: ClaimRow | None  # told by three outlets or more, and left out by as many
    n_third: int  # pairs that both had it from a third text
    labels: tuple[LabelRow, ...]
    unlabelled: dict[str, list[str]]  # by actor the outlets in which no label was found
    passages: tuple[WitnessedPassage, ...]
    rebuilt: tuple[Rebuilt, ...]
