"""Features: the tables that extraction makes and that every measure reads.

In every private table the rows of an article stand together, and articles stand in the order of the
metadata. Row group n of every table (which may hold no row) holds the same articles, so that an
archive can be read some hundred articles at a time.
"""

from analysis.features.checking import check_features
from analysis.features.handle import Features, features_of, load_features
from analysis.features.manifest import corpus_digest
from analysis.features.saving import from_tables, save
from analysis.features.schemas import (
    EXTRACTOR_VERSION,
    MANIFEST,
    PARTS,
    PRIVATE,
    SCHEMAS,
    SHARED,
    SHARED_VERSION,
    TITLES,
)

__all__ = [
    "EXTRACTOR_VERSION",
    "MANIFEST",
    "PARTS",
    "PRIVATE",
    "SCHEMAS",
    "SHARED",
    "SHARED_VERSION",
    "TITLES",
    "Features",
    "check_features",
    "corpus_digest",
    "features_of",
    "from_tables",
    "load_features",
    "save",
]
