"""What a page holds: small frozen records that templates read."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

_LONGEST = 40  # characters of a name, before its digest


def page_name(kind: str, *ids: str) -> str:
    """The file of a page: safe letters of what it is about, and a digest that tells it apart.

    Parameters
    ----------
    kind : {"article", "pair", "story"}
    *ids : str
        Whatever they hold, the name has letters a to z, digits, hyphens and one dot.

    Examples
    --------
    >>> page_name("article", "../Émile's “first”")
    'article-emile-s-first-fe60065e.html'
    """
    plain = unicodedata.normalize("NFKD", "-".join(ids)).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:_LONGEST].strip("-")
    digest = hashlib.sha256("\x1f".join(ids).encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, (kind, slug, digest))) + ".html"


@dataclass(frozen=True)
class Article:
    """What pages say of an article; title and address are empty where words are withheld."""

    id: str
    label: str
    outlet: str
    published: str
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
class Side:
    """A passage in one of its two articles."""

    position: int
    words: int
    presented: str  # how the article presents it, in words
    credited: bool
    place: str  # corpus, article, sentence, offsets: for a note


@dataclass(frozen=True)
class Passage:
    """A passage of two articles."""

    number: int
    kind: str
    called: str
    likeness: str
    left: Side
    right: Side
    direction: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """One piece of evidence of who had it first."""

    says: str
    towards: str
    weight: float


@dataclass(frozen=True)
class Pair:
    """Two articles side by side."""

    left: Article
    right: Article
    direction: str
    because: str
    evidence: tuple[Evidence, ...]
    longest: str
    shared: tuple[int, int]
    passages: tuple[Passage, ...]
    paragraphs: tuple[list[list[Piece]], list[list[Piece]]]
    notes: tuple[str, ...] = field(default=())

    @property
    def page(self) -> str:
        """The file of its page."""
        return page_name("pair", *sorted((self.left.id, self.right.id)))


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
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True)
class Kind:
    """A row of a legend."""

    colour: str
    called: str
    n: int


@dataclass(frozen=True)
class Layer:
    """What is marked in an article at one time."""

    key: str
    called: str
    about: str
    kinds: tuple[Kind, ...]
    rows: tuple[Finding, ...]


@dataclass(frozen=True)
class ArticlePage:
    """One article."""

    article: Article
    summary: str
    layers: tuple[Layer, ...]
    paragraphs: list[list[Piece]]
    pairs: tuple[PairRow, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class PairRow:
    """Two articles in a list."""

    page: str
    left: Article
    right: Article
    words: int  # in passages, of the article that has more in them
    longest: int
    direction: str
    presented: str  # the longest passage on the right


@dataclass(frozen=True)
class Index:
    """The first page."""

    finding: str
    pairs: tuple[PairRow, ...]
    n_pairs: int
    articles: tuple[tuple[Article, int], ...]
