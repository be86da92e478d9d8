"""What a page holds: small frozen records that templates read."""

from analysis.pages.records.article_records import (
    ArticleHead,
    ArticlePage,
    Finding,
    Kind,
    Layer,
    Mark,
    Opened,
    PairRow,
    Piece,
)
from analysis.pages.records.corpus_records import (
    Between,
    FigurePage,
    FrontPage,
    Search,
    StoryRow,
    Subject,
)
from analysis.pages.records.page_names import anchor, page_name, shared_label
from analysis.pages.records.pair_records import EvidenceRow, Pair, Passage, PassageSide
from analysis.pages.records.story_records import (
    ClaimCell,
    ClaimRow,
    LabelRow,
    Rebuilt,
    StoryPage,
    Taken,
    Variant,
    Witness,
    WitnessedPassage,
)

__all__ = [
    "ArticleHead",
    "ArticlePage",
    "Between",
    "ClaimCell",
    "ClaimRow",
    "EvidenceRow",
    "FigurePage",
    "Finding",
    "FrontPage",
    "Kind",
    "LabelRow",
    "Layer",
    "Mark",
    "Opened",
    "Pair",
    "PairRow",
    "Passage",
    "PassageSide",
    "Piece",
    "Rebuilt",
    "Search",
    "StoryPage",
    "StoryRow",
    "Subject",
    "Taken",
    "Variant",
    "Witness",
    "WitnessedPassage",
    "anchor",
    "page_name",
    "shared_label",
]
