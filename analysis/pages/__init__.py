"""Pages to read a corpus in a browser: every number with the words behind it."""

from analysis.pages.serving import serve_pages
from analysis.pages.writing import write_pages

__all__ = ["serve_pages", "write_pages"]
