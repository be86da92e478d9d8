"""What a file really is, whatever it is called: for messages about files that cannot be read."""

from __future__ import annotations

import html
import re

from analysis.io.formats.source import Source

_KINDS = (
    (b"{\\rtf", "an RTF document"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "a Word file of before 2007, or one encrypted with a password"),
    (b"\x1f\x8b", "a gzip file"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
)
_OFFICE = (("word/", "a Word file"), ("xl/", "an Excel workbook"), ("ppt/", "a PowerPoint file"))
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head)\b",
    re.I | re.S,
)
_TITLE = re.compile(rb"<title[^>]*>\s*([^<]{1,80})", re.I)


def is_web_page(source: Source) -> bool:
    """Whether a file begins as a page of HTML."""
    return _HTML.match(source.head[:4096].lstrip(b"\xef\xbb\xbf")) is not None


def kind_of_file(source: Source) -> str:
    """What a file is by its content, as a sentence's subject.

    Parameters
    ----------
    source : Source

    Returns
    -------
    str
        Such as ``a web page ("Sign in")`` or ``an RTF document``.
    """
    head = source.head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if not head.strip(b"\0"):
        return "nothing but zeros" if source.head.strip() else "an empty file"
    if source.head.startswith(b"PK"):
        if not source.members:
            return "a damaged or cut zip"
        names = (kind for part, kind in _OFFICE if any(m.startswith(part) for m in source.members))
        return next(names, "a zip archive")
    if is_web_page(source):
        title = _TITLE.search(source.head)
        name = " ".join(html.unescape(title[1].decode("utf-8", "replace")).split()) if title else ""
        return f'a web page ("{name}")' if name else "a web page"
    known = next((kind for start, kind in _KINDS if head.startswith(start)), None)
    if known:
        return known
    return "no file of a known kind" if b"\0" in head[:1024] else "plain text"
