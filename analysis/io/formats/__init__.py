"""Formats of articles, one a module: what databases, crawlers, browsers and people export.

A format is a module with `TITLE`, `recognise(source)` and `read(source, settings)` (see
`source.py`) and one name in `FORMATS`.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util

from analysis.errors import OptionError
from analysis.io.formats.source import Format, Source

# In the order in which they are asked: the particular before the general.
FORMATS = (
    "nexis_docx",
    "nexis_rtf",
    "lexis_html",
    "lexis_txt",
    "factiva_html",
    "factiva_rtf",
    "proquest_txt",
    "europresse_html",
    "ris",
    "zotero_csv",
    "mediacloud_csv",
    "fourcat",
    "eventregistry_json",
    "newsapi_json",
    "newsplease_json",
    "trafilatura_json",
    "trafilatura_tei",
    "warc",
    "pdf",
    "table",  # CSV of every dialect, XLSX, JSON lines, Parquet
    "docx",  # an article a file
    "web_page",
    "txt",
)


def format_named(name: str) -> Format:
    """The reader of a format.

    Parameters
    ----------
    name : str
        As in `FORMATS`, with dashes or underscores.

    Returns
    -------
    Format
        A module of this package.

    Raises
    ------
    OptionError
        If there is none of this name.
    """
    module = name.replace("-", "_")
    if module not in FORMATS or not _is_there(module):
        known = ", ".join(known.replace("_", "-") for known in FORMATS if _is_there(known))
        raise OptionError(f"format must be one of {known} (got {name!r})")
    return importlib.import_module(f"{__name__}.{module}")


def recognise(source: Source) -> str | None:
    """Which format a file is of, or None.

    Parameters
    ----------
    source : Source

    Returns
    -------
    str or None
        A name in `FORMATS`.
    """
    there = filter(_is_there, FORMATS)
    return next((name for name in there if format_named(name).recognise(source)), None)


@functools.cache
def _is_there(module: str) -> bool:
    return importlib.util.find_spec(f"{__name__}.{module}") is not None
