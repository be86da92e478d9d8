"""Text in UTF-8 and CSV: whatever is wrong comes back as a fault with its row."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from analysis.errors import Fault

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def decode(data: bytes) -> tuple[str, tuple[int, str] | None]:
    """Text of UTF-8 bytes; where they are none, the line and what is wrong with it.

    Parameters
    ----------
    data : bytes
        The bytes of the file.

    Returns
    -------
    str, (int, str) or None
        The text; and the line and a sentence if it is not UTF-8.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        at, problem = error.start, f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
    else:
        if "\0" not in text:
            return text, None
        at, problem = data.index(b"\0"), f"NUL at character {text.index(chr(0))}, as in UTF-16"
    return "", (data.count(b"\n", 0, at) + 1, f"{problem}; save it as UTF-8.")


def decode_any(data: bytes) -> tuple[str, str]:
    """Text of a file that another program wrote, and the encoding it was read in.

    Parameters
    ----------
    data : bytes
        In UTF-8, in UTF-16 with its mark, or else in Windows-1252, as older files are.

    Returns
    -------
    text, encoding : str

    Raises
    ------
    UnicodeDecodeError
        If the bytes are in none of these encodings.

    Examples
    --------
    >>> decode_any("naïve".encode("cp1252"))
    ('naïve', 'cp1252')
    """
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return data.decode("cp1252"), "cp1252"


def stored_text(path: Path) -> tuple[str, str]:
    """An article's text as it is stored, and why it cannot be read.

    Parameters
    ----------
    path : Path

    Returns
    -------
    text, problem : str
        One of them is empty.
    """
    try:
        return path.read_bytes().decode("utf-8"), ""
    except OSError as error:
        return "", f"cannot be read ({error.strerror or error})"
    except UnicodeDecodeError as error:
        return "", f"cannot be read (byte {error.start} is not UTF-8)"


def read_utf8(path: Path, name: str | None = None) -> tuple[str, list[Fault]]:
    """Text of a file without its byte order mark; what is wrong with it comes back as a fault.

    Parameters
    ----------
    path : Path
    name : str or None
        What faults call the file.

    Returns
    -------
    str, list of Fault
        The text is empty where there is a fault.
    """
    path = Path(path)
    name = name or path.name
    try:
        if path.exists() and not path.is_file():
            return "", [Fault(name, None, "is no file; remove it and put a file there.")]
        text, problem = decode(path.read_bytes())
    except FileNotFoundError:
        missing = "the file is missing; `twicetold new` writes one to start from."
        return "", [Fault(name, None, missing)]
    except OSError as error:
        return "", [Fault(name, None, f"cannot be read: {error.strerror}.")]
    return text.removeprefix("\ufeff"), [] if problem is None else [Fault(name, *problem)]


def csv_rows(
    text: str, name: str, delimiter: str = ","
) -> tuple[list[tuple[int, list[str]]], list[Fault]]:
    """Rows of a CSV, each with the line of the file that it begins in.

    Parameters
    ----------
    text : str
    name : str
        What faults call the file.
    delimiter : str
        What separates its cells.

    Returns
    -------
    list of (int, list of str), list of Fault
        Each row with its line; and what is wrong.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, first = [], 1
    try:
        for cells in reader:
            rows.append((first, cells))
            first = reader.line_num + 1  # a cell may run over several lines
    except csv.Error as error:
        return [], [Fault(name, reader.line_num, f"not readable as CSV: {error}.")]
    return rows, []
