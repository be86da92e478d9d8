"""Twicetold: who frames a news story how, in what tone, and who took whose words."""

from .checks import open_features
from .clusters import cluster
from .corpus import load_corpus
from .extract import extract
from .features import Features, load_features
from .framing import axes, frames, keyness, labels, profile, read_codes, sources, stance, word_shift
from .overview import overview
from .pulls import tone_pulls
from .reuse import disagreements, find_reuse, lineage, missing_source, rebuilt_text
from .sentiment import sentiment
from .share import share
from .show import show
from .towards import tone_towards
from .validation import coding_units, draw_sample, read_key, read_sheets, validate, write_sheets
from .vectors import similarity, vectorise

__all__ = [
    "Features",
    "axes",
    "cluster",
    "coding_units",
    "disagreements",
    "draw_sample",
    "extract",
    "find_reuse",
    "frames",
    "keyness",
    "labels",
    "lineage",
    "load_corpus",
    "load_features",
    "missing_source",
    "open_features",
    "overview",
    "profile",
    "read_codes",
    "read_key",
    "read_sheets",
    "rebuilt_text",
    "sentiment",
    "share",
    "show",
    "similarity",
    "sources",
    "stance",
    "tone_pulls",
    "tone_towards",
    "validate",
    "vectorise",
    "word_shift",
    "write_sheets",
]
