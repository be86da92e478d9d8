"""Pages to read a corpus in a browser: every number with the words behind it."""

from analysis.pages.writing import write_pages

__all__ = ["write_pages"]
