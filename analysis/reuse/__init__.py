"""Text reuse: which words articles share, where, and how many are an article's own."""

from .engines import Dask, Local
from .passages import Reuse, find_reuse

__all__ = ["Dask", "Local", "Reuse", "find_reuse"]
