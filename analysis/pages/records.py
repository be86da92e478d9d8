"""What a page holds: small frozen records that templates read."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field

_LONGEST = 40  # characters of a name, before its digest
_SHARED_WORDS = 5  # of a label, where words are withheld: as the shared form has it


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


def anchor(*who: str) -> str:
    """The place in a page that something stands at, such as a claim's sentence in an article."""
    digest = hashlib.sha256("\x1f".join(who).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{who[0]}-{digest[:8]}"


def shared_label(label: str) -> str:
    """A label where words are withheld.

    Examples
    --------
    >>> shared_label("the man who was there before")
    'the man who was there'
    """
    return " ".join(label.split()[:_SHARED_WORDS])


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
class PassageSide:
    """A passage in one of its two articles."""

    position: int
    words: int
    presented: str  # how the article presents it, in words
    tone: str  # in one word: quoted, credited, reported, uncredited or unknown
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


@dataclass(frozen=True)
class Opened:
    """A page that something leads to."""

    page: str
    called: str


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
class ArticlePage:
    """One article."""

    article: ArticleHead
    summary: str
    layers: tuple[Layer, ...]
    paragraphs: list[list[Piece]]
    pairs: tuple[PairRow, ...]
    left_out: tuple[str, ...]
    story: str
    story_page: str


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
class Taken:
    """Who took words from whom."""

    giver: ArticleHead
    taker: ArticleHead
    words: int
    probability: float
    page: str


@dataclass(frozen=True)
class ClaimCell:
    """What an article does with a claim; `page` leads to the sentence that tells it."""

    sign: str
    said: str
    page: str


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
    outlets: dict[str, str]  # with the page of the first article of each
    taken: tuple[Taken, ...]
    claims: tuple[ClaimRow, ...]
    missed: tuple[ClaimRow, ...]  # told by most outlets and left out by others
    labels: tuple[LabelRow, ...]
    passages: tuple[WitnessedPassage, ...]
    rebuilt: tuple[Rebuilt, ...]


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


@dataclass(frozen=True)
class Search:
    """The page of all articles."""

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
