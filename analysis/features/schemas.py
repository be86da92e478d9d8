"""The contract: every table of the features, its columns and their types, in both forms."""

from __future__ import annotations

import pyarrow as pa

from analysis.text.style import STYLE

EXTRACTOR_VERSION = 11
# 2: tone in classes, mentions without their sentence, no probabilities of sentences, no characters
SHARED_VERSION = 2
MANIFEST = "features.json"
PRIVATE, SHARED = "private", "shared"
PARTS = ("body", "title")  # of an article, each measured on its own
TITLES = "titles"  # folder of the headlines' features in those of the bodies

_TYPES = {
    pa.int32(): (
        "sentence unit paragraph start end position n_chars n_tokens n_sentences n_words n_matched"
        f" count reach n_negated {' '.join(STYLE)}"
    ),
    pa.string(): (
        "article_id outlet published author url language sha256 term entry kind pattern dictionary"
        " actor form part layout voice speaker label construction description verb name value"
        " component key reason replacement dimension mark"
    ),
    pa.bool_(): "quoted is_name direct scare unnamed says negated",
    pa.uint8(): "signs",
    pa.float32(): "negative neutral positive confidence",
    pa.float64(): "quoted_share score",
    pa.uint64(): "hash stem",
    pa.list_(pa.float16()): "embedding",
}
_COLUMNS = {
    PRIVATE: {
        "articles": (
            "article_id outlet published author url language n_chars n_tokens n_sentences sha256"
        ),
        "sentences": "article_id sentence paragraph start end n_tokens quoted_share says mark",
        "tokens": "article_id position sentence start end hash stem quoted signs",
        "terms": "article_id sentence term is_name count",
        "hits": "article_id sentence entry kind pattern start end negated",
        "scores": "article_id sentence dictionary score n_matched",
        "mentions": (
            "article_id sentence actor form start end voice speaker negative neutral positive"
        ),
        "labels": "article_id sentence actor label construction start end quoted confidence",
        "style": f"article_id sentence {' '.join(STYLE)}",
        "quotes": (
            "article_id sentence position start end kind layout n_words direct scare negated"
            " speaker description verb unnamed confidence"
        ),
        "credits": "article_id sentence kind name start end reach",
        "values": "article_id sentence kind value start end dimension",
        "masks": "article_id start end reason replacement n_words",
        "vectors": "article_id sentence embedding",
        "keys": "article_id component key",
    },
    SHARED: {
        "articles": (
            "article_id outlet published author url language n_chars n_tokens n_sentences sha256"
        ),
        "sentences": "article_id sentence paragraph n_tokens quoted_share",
        "ngrams": "article_id position hash quoted",
        "terms": "article_id term is_name count",
        "hits": "article_id sentence entry kind count",
        "patterns": "article_id entry kind pattern count n_negated",
        "scores": "article_id sentence dictionary score n_matched",
        "mentions": "article_id unit part actor form voice negative neutral positive",
        "labels": "article_id actor label construction quoted confidence count",
        "style": f"article_id {' '.join(STYLE)}",
        "quotes": "article_id position n_words direct scare",
        "credits": "article_id kind name count",
        "masks": "article_id reason count n_words",
        "vectors": "article_id sentence embedding",
    },
}
_TYPE_OF = {column: kind for kind, columns in _TYPES.items() for column in columns.split()}
SCHEMAS: dict[str, dict[str, list[tuple[str, pa.DataType]]]] = {
    form: {
        table: [(column, _TYPE_OF[column]) for column in columns.split()]
        for table, columns in tables.items()
    }
    for form, tables in _COLUMNS.items()
}
