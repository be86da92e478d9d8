"""Extraction: texts to tables, one article at a time; the only room that reads an article's text."""

from .corpus import article_table, entry_list, extract
from .memory import extract_articles

__all__ = ["article_table", "entry_list", "extract", "extract_articles"]
