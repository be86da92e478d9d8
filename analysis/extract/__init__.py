"""Extraction: texts to tables; the only room that reads an article's text."""

from analysis.extract.extraction import DEFAULT, article_table, entry_list, extract
from analysis.extract.memory import extract_articles

__all__ = ["DEFAULT", "article_table", "entry_list", "extract", "extract_articles"]
