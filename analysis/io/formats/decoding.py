"""Bytes of texts and pages as text, by what they are and by what is said of them."""

from __future__ import annotations

import codecs

from analysis.io.encodings import ENCODINGS, decoded, find_encoding
from analysis.io.formats.source import Remark, UnreadableFile

# What browsers read for these names, and what the files were in fact written in.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}


def decoded_page(data: bytes, encoding: str | None = None, declared: str = "") -> tuple[str, str]:
    """Text of bytes, and the encoding they were read in.

    What is UTF-8 is read as UTF-8, whatever a page says of itself: no other text of length is
    valid UTF-8 by chance.

    Parameters
    ----------
    data : bytes
    encoding : str, optional
        A user's word, followed to the letter.
    declared : str
        What the file or the server says.

    Returns
    -------
    text, encoding : str

    Raises
    ------
    UnreadableFile
        If the bytes are no text.

    Examples
    --------
    >>> decoded_page("naïve".encode("cp1252"), declared="utf-8")
    ('naïve', 'cp1252')
    """
    found = encoding or find_encoding(data)
    if encoding is None and b"\0" in data and not _is_wide(data, found):
        raise UnreadableFile(
            "holds bytes that are no text; it is of another kind than its name says."
        )
    if encoding is None and not found.startswith(("utf", "windows")):
        found = _codec(declared) if _codec(declared) not in ("", "utf-8") else found
    return decoded(data, found)


def _is_wide(data: bytes, encoding: str) -> bool:
    """Whether bytes with zeros are of UTF-16 or UTF-32: every other byte of Latin text is 0."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)):
        return True
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    many, few = (odd, even) if encoding == "utf-16-le" else (even, odd)
    return encoding.startswith("utf-16") and many > 0.3 * len(head) and few < 0.05 * len(head)


def _codec(name: str) -> str:
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
        b"".decode(found)  # codecs such as hex are no encodings of text
    except (LookupError, ValueError):
        return ""
    return _MEANT.get(found, found)


def encoding_remarks(encoding: str, asked: str | None, place: int | None = None) -> list[Remark]:
    """What is to say of the encoding that a file, or an article of it, was read in.

    Parameters
    ----------
    encoding : str
        As `find_encoding` gives it.
    asked : str or None
        The user's.
    place : int, optional
        Of an article that is in another encoding than the others.

    Returns
    -------
    list of Remark
        Empty if it is UTF-8 or marked as UTF-16, or what the user asked for.
    """
    if asked or encoding in ("utf-8", "utf-8-sig", "utf-16"):
        return []
    done = f"read as {ENCODINGS.get(encoding, encoding)}; --encoding overrules"
    return [Remark(place, f"{'the file' if place is None else 'it'} is not UTF-8", done)]
