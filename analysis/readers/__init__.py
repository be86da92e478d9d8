"""Readers: one file per source format, each yielding article records."""

from analysis.readers.archive import Archive, read_archive
from analysis.readers.table import read_table

__all__ = ["Archive", "read_archive", "read_table"]
