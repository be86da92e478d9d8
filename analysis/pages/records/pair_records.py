"""Two articles side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.pages.records.article_records import ArticleHead, Piece
from analysis.pages.records.page_names import page_name


@dataclass(frozen=True)
class PassageSide:
    """A passage in one of its two articles."""

    position: int
    words: int
    presented: str  # how the article presents it, in words
    tone: str  # in one word: quoted, credited, whole, reported, uncredited or unknown
    place: str  # corpus, article, sentence, offsets: for a note


@dataclass(frozen=True)
class Passage:
    """A passage of two articles."""

    number: int
    kind: str
    called: str
    likeness: str
    left: PassageSide
    right: PassageSide
    direction: str
    flags: tuple[str, ...] = ()
    changed: tuple[tuple[str, str], ...] = ()  # words in place of others, left and right


@dataclass(frozen=True)
class EvidenceRow:
    """One piece of evidence of who had it first."""

    says: str
    between: bool  # of the two to each other, not of one to all others
    weights: tuple[float, ...]  # log-odds of a from b, b from a, and both from a third


@dataclass(frozen=True)
class Pair:
    """Two articles side by side."""

    left: ArticleHead
    right: ArticleHead
    direction: str
    because: tuple[str, ...]
    ways: tuple[str, str, str]
    story: str
    source: tuple[str, str]  # the missing text that both drew on: its name, and its page
    evidence: tuple[EvidenceRow, ...]
    longest: str
    replaced: tuple[tuple[str, str], ...]  # in the longest passage, left and right
    shared: tuple[int, int]
    passages: tuple[Passage, ...]
    paragraphs: tuple[list[list[Piece]], list[list[Piece]]]
    notes: tuple[str, ...] = field(default=())

    @property
    def page(self) -> str:
        """The file of its page."""
        return page_name("pair", *sorted((self.left.id, self.right.id)))

    @property
    def story_page(self) -> str:
        """The page of the story that both tell."""
        return page_name("story", self.story)
