"""Pages saved from a browser, as HTML or as a web archive (.mhtml)."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator

from analysis.io.formats.decoding import decoded_page, encoding_remarks
from analysis.io.formats.file_names import name_record
from analysis.io.formats.page import LARGEST_PAGE, page_record
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "web page, saved from a browser"
_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".mhtml", ".mht", "")
_PAGE = re.compile(rb"<!doctype\s+html|<(?:html|head|body|article)[\s>]", re.IGNORECASE)
_ARCHIVE = re.compile(rb"^(?:From|MIME-Version|Subject|Snapshot-Content-Location):", re.IGNORECASE)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:-]+)""", re.IGNORECASE)


def recognise(source: Source) -> bool:
    """Whether a file is a page, by its name and its first bytes."""
    head = source.head.replace(b"\0", b"")  # of UTF-16
    return source.suffix in _SUFFIXES and (bool(_PAGE.search(head)) or _is_archive(source))


def _is_archive(source: Source) -> bool:
    return bool(_ARCHIVE.match(source.head)) and b"multipart/related" in source.head[:4096]


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article of a page, by its text and what the page says of itself."""
    if source.size > LARGEST_PAGE:
        raise UnreadableFile(f"a page of {source.size >> 20} MB; save it without pictures.")
    data, declared, url = source.data, "", ""
    if _is_archive(source):
        data, declared, url = _page_of_archive(data)
    text, encoding = decode_page(data, declared, settings)
    record = page_record(text, url)
    remarks = name_record(record, source, settings) if settings.name_pattern else []
    if encoding == "windows-or-utf-8":
        remarks += encoding_remarks(encoding, settings.encoding)
    yield record
    yield from remarks


def decode_page(data: bytes, declared: str, settings: Settings) -> tuple[str, str]:
    """Text of a page and its encoding, by its bytes, by the server, or by what it says itself."""
    said = _CHARSET.search(data[:4096])
    return decoded_page(data, settings.encoding, declared or (said[1].decode() if said else ""))


def _page_of_archive(data: bytes) -> tuple[bytes, str, str]:
    """The first page of a web archive, its encoding and where it was fetched."""
    message = email.message_from_bytes(data, policy=email.policy.compat32)
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            payload = part.get_payload(decode=True)
            if isinstance(payload, bytes):
                url = part.get("Content-Location") or message.get("Snapshot-Content-Location") or ""
                url = str(url) if str(url).startswith("http") else ""
                return payload, part.get_content_charset() or "", url
    raise UnreadableFile("a web archive without a page; save the page as HTML.")
