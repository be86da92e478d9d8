"""An article, its text in pieces, and what was found in it."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.pages.records.page_names import page_name


@dataclass(frozen=True)
class ArticleHead:
    """What pages say of an article; title and address are empty where words are withheld."""

    id: str
    label: str
    outlet: str
    published: str
    day: float  # since 1970, of the world; infinite without a date: by it articles are ordered
    author: str
    title: str
    url: str
    language: str
    direction: str
    n_words: int
    n_sentences: int

    @property
    def page(self) -> str:
        """The file of its page."""
        return page_name("article", self.id)


@dataclass(frozen=True)
class Mark:
    """A stretch of a text, in characters: what it is, and which row of the page tells of it."""

    start: int
    end: int
    kind: str
    number: int = 0


@dataclass(frozen=True)
class Piece:
    """Running characters under the same marks; `opens` are the numbers of marks that begin here."""

    text: str
    kinds: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    opens: tuple[int, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A page that something leads to."""

    page: str
    called: str
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """What was found at one place of an article, and what found it."""

    number: int
    colour: str
    kind: str
    start: int | None
    end: int | None
    sentence: int | None
    words: str
    what: str
    made: str  # "rule: …" or "model: …"
    score: str
    place: str  # corpus, article, sentence, offsets: for a note
    unit: str  # its id in a coding sheet
    partners: tuple[Opened, ...] = ()  # articles that share it, each with the page of the pair
    anchor: str = ""


@dataclass(frozen=True)
class Kind:
    """A row of a legend; no words are counted where places are not known."""

    colour: str
    called: str
    n: int
    n_words: int


@dataclass(frozen=True)
class Layer:
    """What is marked in an article at one time."""

    key: str
    called: str
    about: str
    kinds: tuple[Kind, ...]
    rows: tuple[Finding, ...]


@dataclass(frozen=True)
class PairRow:
    """Two articles in a list."""

    page: str
    left: ArticleHead
    right: ArticleHead
    words: int  # in passages, of the article that has more in them
    longest: int
    told: bool  # whether the right one had it from the left one
    direction: str
    presented: str  # the longest passage on the right


@dataclass(frozen=True)
class ArticlePage:
    """One article."""

    article: ArticleHead
    summary: str
    layers: tuple[Layer, ...]
    paragraphs: list[list[Piece]]
    pairs: tuple[PairRow, ...]
    own_pairs: tuple[PairRow, ...]  # with articles of the same outlet
    left_out: tuple[str, ...]
    story: str
    story_page: str
