"""Text reuse: which words articles share or rewrote, where, who had them from whom, which source is
missing, and where articles disagree.
"""

from .disagreements import Disagreements, disagreements
from .engines import Dask, Local
from .lineage import Lineage, lineage
from .missing import MissingSource, missing_source, rebuilt_text
from .passages import Reuse, find_reuse

__all__ = [
    "Dask",
    "Disagreements",
    "Lineage",
    "Local",
    "MissingSource",
    "Reuse",
    "disagreements",
    "find_reuse",
    "lineage",
    "missing_source",
    "rebuilt_text",
]
