"""Text reuse: which words articles share, where, and how many are an article's own."""

from .passages import Reuse, find_reuse

__all__ = ["Reuse", "find_reuse"]
