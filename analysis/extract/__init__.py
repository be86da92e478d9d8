"""Extraction: texts to tables; the only room that reads an article's text."""

from analysis.extract.extraction import DEFAULT, extract
from analysis.extract.listed import article_table, entry_list
from analysis.extract.memory import extract_articles

__all__ = ["DEFAULT", "article_table", "entry_list", "extract", "extract_articles"]
