"""Web pages saved from a browser or by a crawler, an article a page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.source import Record, Remark, Settings, Source
from analysis.io.formats.web import page_record

TITLE = "a web page"
_SAVED = re.compile(rb"<!-- saved from url=\(\d+\)(\S+?)\s*-->")
_PAGE = re.compile(rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)


def recognise(source: Source) -> bool:
    """Whether the file begins as HTML does."""
    return _PAGE.search(source.head[:4096].replace(b"\0", b"")) is not None


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article of the page."""
    data = source.data
    saved = _SAVED.search(source.head)
    if settings.encoding is not None:
        data = data.decode(settings.encoding, "replace").encode()
    yield page_record(data, url=saved[1].decode("ascii", "replace") if saved else "")
