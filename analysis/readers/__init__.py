"""Readers: one file per source format, each yielding article records."""

from .table import read_table

__all__ = ["read_table"]
