"""What a file really is, whatever it is called: for messages about what cannot be read."""

from __future__ import annotations

import html
import re

from analysis.io.formats.source import Source

_OCR = "its text must be recognised first (OCR)"
# by how a file begins: what it is, and what to do where no format reads it
_KINDS = (
    (b"{\\rtf", "an RTF document", "save it as .docx or .txt"),
    (b"%PDF", "a PDF", "save it again"),
    (b"\xd0\xcf\x11\xe0", "an Office file of before 2007, or one encrypted with a password",
     "save it as .docx or .xlsx without a password"),
    (b"\x1f\x8b", "a packed file (gzip)", "unpack it first"),
    (b"Rar!", "a packed file (RAR)", "unpack it first"),
    (b"7z\xbc\xaf", "a packed file (7z)", "unpack it first"),
    (b"BZh", "a packed file (bzip2)", "unpack it first"),
    (b"\x89PNG", "a picture", _OCR),
    (b"\xff\xd8\xff", "a picture", _OCR),
    (b"II*\0", "a picture", _OCR),
    (b"MM\0*", "a picture", _OCR),
    (b"SQLite format 3", "a database", "export its table as CSV"),
)  # fmt: skip
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
    known = next((kind for start, kind, _ in _KINDS if head.startswith(start)), None)
    if known:
        return known
    return "no file of a known kind" if b"\0" in head[:1024] else "plain text"


def what_it_is(source: Source) -> str:
    """A fault for the report, of a file that no format recognises.

    Parameters
    ----------
    source : Source

    Returns
    -------
    str
    """
    if not source.head.strip():
        return "the file is empty"
    for beginning, what, to_do in _KINDS:
        if source.head.startswith(beginning):
            return f"not recognised: {what}; {to_do}"
    if source.members:
        members = [name for name in source.members if not name.endswith("/")]
        return f"not recognised: a zip of {len(members)} files; unpack it first"
    if source.head.startswith(b"PK"):
        return "not recognised: a zip that is damaged or cut; fetch it again"
    ending = source.suffix or "without an ending"
    return f"not recognised: a file {ending} in no format of articles"
