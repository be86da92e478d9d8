"""Twicetold: who frames a news story how, in what tone, and who took whose words."""

from .checks import open_features
from .clusters import cluster
from .corpus import load_corpus
from .extract import extract
from .features import Features, load_features
from .framing import frames, keyness
from .overview import overview
from .reuse import disagreements, find_reuse, lineage, missing_source, rebuilt_text
from .sentiment import sentiment
from .share import share
from .show import show
from .vectors import similarity, vectorise

__all__ = ["Features", "cluster", "disagreements", "extract", "find_reuse", "frames", "keyness", "lineage", "load_corpus", "load_features",
           "missing_source", "open_features", "overview", "rebuilt_text", "sentiment", "share", "show", "similarity", "vectorise"]
