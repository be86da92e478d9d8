"""Encodings of text files: said by their marks, tried, then guessed, and never in silence."""

from __future__ import annotations

import codecs
import re

from analysis.errors import OptionError

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "windows-or-utf-8": "UTF-8, and single bytes as Windows-1252",
}
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_WESTERN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœŠšŽžŸ]+")
# what charset-normalizer chooses from; its own list holds many that no export is in
_LIKELY = (
    "cp1251", "koi8_r", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1252",
    "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "mac_roman",
)  # fmt: skip
_SAMPLE = 1 << 20
_FOREIGN = 0.35  # of the letters are no ASCII: then the bytes are of another alphabet


def _single_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows-1252", _single_bytes)


def find_encoding(data: bytes) -> str:
    """The encoding of a text's bytes.

    A byte order mark decides, then whether the bytes are UTF-8. Else they are Windows-1252 if that
    gives words of Latin letters, or what charset-normalizer finds.

    Parameters
    ----------
    data : bytes
        The whole file, so that a byte far behind counts as well.

    Returns
    -------
    str
        A codec of Python's, or "windows-or-utf-8", which `decoded` knows: UTF-8 with a few single
        bytes.

    Examples
    --------
    >>> find_encoding("Café".encode("cp1252")), find_encoding("Café".encode())
    ('cp1252', 'utf-8')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    zeros = data[:4096].count(0)
    if zeros > len(data[:4096]) // 4:
        return "utf-16-le" if data[1:4096:2].count(0) > zeros // 2 else "utf-16-be"
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError:
        pass
    sample = data[:_SAMPLE]
    high = sum(map(len, re.findall(rb"[\x80-\xff]+", sample)))
    whole = sum(map(len, _MULTIBYTE.findall(sample)))
    if whole > high / 2:
        return "windows-or-utf-8"
    return _single_byte_encoding(sample)


def _single_byte_encoding(sample: bytes) -> str:
    letters = "".join(_WESTERN.findall(sample.decode("cp1252", "ignore")))
    foreign = sum(c > "\x7f" for c in letters)
    undefined = re.search(rb"[\x81\x8d\x8f\x90\x9d]", sample)
    if not undefined and foreign < _FOREIGN * len(letters):
        return "cp1252"
    try:
        from charset_normalizer import from_bytes
    except ImportError:  # the extra `exports` is not installed
        return "cp1252"
    best = from_bytes(sample[: 1 << 16], cp_isolation=list(_LIKELY)).best()
    return best.encoding if best is not None else "cp1252"


def decoded(data: bytes, encoding: str | None = None) -> tuple[str, str]:
    """The text of bytes, without its byte order mark, and the encoding it was read in.

    Parameters
    ----------
    data : bytes
    encoding : str, optional
        Found if None.

    Returns
    -------
    text, encoding : str
        Bytes that the encoding lacks become U+FFFD.
    """
    encoding = encoding or find_encoding(data)
    codec, errors = codec_of(encoding)
    return data.decode(codec, errors).removeprefix("\ufeff"), encoding


def codec_of(encoding: str) -> tuple[str, str]:
    """Python's codec and way with wrong bytes for an encoding that `find_encoding` gave.

    Parameters
    ----------
    encoding : str

    Returns
    -------
    codec, errors : str
    """
    return ("utf-8", "windows-1252") if encoding == "windows-or-utf-8" else (encoding, "replace")


def check_encoding(name: str | None) -> None:
    """Refuse a name that is no encoding of text.

    Parameters
    ----------
    name : str or None

    Raises
    ------
    OptionError
    """
    if name is None:
        return
    try:
        b"a".decode(name)
    except (LookupError, UnicodeError, TypeError, ValueError):
        known = "utf-8, utf-16, cp1252 (Windows, Western), latin-1, cp1251, mac-roman, shift-jis"
        raise OptionError(f"encoding must be one such as {known} (got {name!r})") from None
