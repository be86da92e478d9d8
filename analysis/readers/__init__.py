"""Readers: one module for each source of articles, all yielding the same `Article` records."""

from .table import read_table

__all__ = ["read_table"]
