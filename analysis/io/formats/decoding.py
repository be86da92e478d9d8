"""Bytes of texts and pages as text, in whatever encoding they were written."""

from __future__ import annotations

import codecs
import re

from analysis.errors import OptionError
from analysis.io.formats.source import UnreadableFile

# What browsers read for these names, and what the files were in fact written in.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030"}
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_FOREIGN = 0.25  # of the bytes above ASCII: so many are letters of another script


def decode(data: bytes, encoding: str | None = None, declared: str = "") -> tuple[str, str]:
    """Text of bytes, and the encoding they were read in.

    What is UTF-8 is read as UTF-8, whatever a page says of itself: no other text of length is
    valid UTF-8 by chance. Single foreign bytes within UTF-8 are read as Windows-1252.

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
        If the bytes are no text, or not in the encoding the user names.
    OptionError
        If there is no encoding of this name.

    Examples
    --------
    >>> decode("naïve".encode("cp1252"), declared="utf-8")
    ('naïve', 'cp1252')
    """
    if encoding:
        return _as_told(data, encoding)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            return data.decode(name, "replace").removeprefix("\ufeff"), name
    name = _wide(data)
    if name:
        return data.decode(name, "replace"), name
    if b"\0" in data:
        raise UnreadableFile(
            "holds bytes that are no text; it is of another kind than its name says."
        )
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    right = sum(len(found) for found in _MULTIBYTE.findall(data))
    wrong = sum(byte > 127 for byte in data) - right
    if right > wrong:
        return data.decode("utf-8", "twicetold-windows"), "utf-8 with single bytes of cp1252"
    name = _codec(declared) or ("cp1252" if wrong < _FOREIGN * len(data) else _guessed(data))
    if name == "utf-8":
        name = "cp1252"
    return data.decode(name, "twicetold-windows" if name == "cp1252" else "replace"), name


def _as_told(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding).removeprefix("\ufeff"), encoding
    except LookupError:
        example = "one such as utf-8, windows-1252 or utf-16"
        raise OptionError(f"encoding must be {example} (got {encoding!r})") from None
    except UnicodeError:
        raise UnreadableFile(f"not in {encoding}; give another encoding, or none.") from None


def _wide(data: bytes) -> str:
    """UTF-16 without its mark: every other byte of Latin text is 0."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if odd > 0.3 * len(head) and even < 0.05 * len(head):
        return "utf-16-le"
    return "utf-16-be" if even > 0.3 * len(head) and odd < 0.05 * len(head) else ""


def _codec(name: str) -> str:
    try:
        found = codecs.lookup(name.strip().strip("\"'")).name
        b"".decode(found)  # codecs such as hex are no encodings of text
    except (LookupError, ValueError):
        return ""
    return _MEANT.get(found, found)


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 1 << 15]).best()
    return best.encoding if best else "cp1252"


def _windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_single(byte) for byte in wrong), error.end


def _single(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:  # five bytes have no letter there
        return "\ufffd"


codecs.register_error("twicetold-windows", _windows)
