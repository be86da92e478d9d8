"""Tables read from CSV and .xlsx files of any origin."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from analysis.spreadsheet.writing import ESCAPE, SpreadsheetError

LARGEST = 32 << 20  # bytes of a file, and of what it unpacks to
MOST_FILES = 1_000
MOST_CELLS = 1_000_000
MOST_COLUMNS = 16_384
_DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    expat.ExpatError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    LookupError,
    ValueError,
    TypeError,
)


def read_table(path: str | Path) -> list[tuple[int, list[str]]]:
    """Rows of a CSV or of the first sheet of an .xlsx, each with its number in the file; empty rows
    are left out.

    A CSV may be in UTF-8 (with its mark or without), UTF-16 with its mark, or Windows-1252, and
    separated by commas, semicolons or tabs. Numbers of an .xlsx come as text, whole ones without
    ".0"; a cell with a formula comes as "=" and the formula.

    Raises
    ------
    SpreadsheetError
        If the file is missing, too large (32 MiB, packed or unpacked), or no spreadsheet.
    """
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST:
            raise SpreadsheetError(
                f"{path.name} is larger than {LARGEST >> 20} MiB; that is no coding sheet."
            )
        data = path.read_bytes()
    except OSError as error:
        raise SpreadsheetError(f"{path.name} cannot be read: {error.strerror}.") from None
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise SpreadsheetError(
            f"{path.name} is in the old format of Excel, or locked with a password; save it as"
            " .xlsx or as CSV."
        )
    if data[:2] == b"PK" or path.suffix.lower() == ".xlsx":
        return _xlsx(data, path.name)
    return _csv(data, path.name)


def _csv(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    for encoding in ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SpreadsheetError(f"{name} is in an unknown encoding; save it as CSV in UTF-8.")
    if "\0" in text:
        raise SpreadsheetError(
            f"{name} holds NUL characters and is no CSV; save it as CSV in UTF-8."
        )
    first = text.split("\n", 1)[0].rstrip("\r")
    told = re.fullmatch("sep=(.)", first)  # what Excel writes for itself
    delimiter = told[1] if told else max(",;\t", key=first.count)
    rows, before = [], 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cells in reader:
            if any(map(str.strip, cells)) and not (told and before == 0):
                rows.append((before + 1, cells))
            before = reader.line_num
    except (csv.Error, TypeError, ValueError) as error:
        raise SpreadsheetError(f"{name}, row {before + 1}: not readable as CSV: {error}.") from None
    return rows


def _xlsx(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {member.filename: member for member in archive.infolist()}
            if (
                len(archive.infolist()) > MOST_FILES
                or sum(member.file_size for member in members.values()) > LARGEST
            ):
                raise SpreadsheetError(
                    f"{name} unpacks to more than {LARGEST >> 20} MiB or {MOST_FILES:,} files; it"
                    " was not opened."
                )
            if "xl/workbook.xml" not in members:
                raise SpreadsheetError(f"{name} is no .xlsx file; save it as .xlsx or as CSV.")
            book, relations, strings = _Book(), _Relations(), _Strings()
            _parse(archive, "xl/workbook.xml", book)
            _parse(archive, "xl/_rels/workbook.xml.rels", relations)
            if "xl/sharedStrings.xml" in members:
                _parse(archive, "xl/sharedStrings.xml", strings)
            sheet = _Rows(strings.found)
            _parse(archive, relations.found[book.first], sheet)
    except _TooMuch:
        raise SpreadsheetError(
            f"{name} holds more than {MOST_CELLS:,} cells or {LARGEST >> 20} MiB; that is no coding"
            " sheet."
        ) from None
    except _DAMAGED:
        raise SpreadsheetError(
            f"{name} is damaged or no .xlsx file; save it again, or as CSV."
        ) from None
    return [
        (number, [cells.get(i, "") for i in range(max(cells) + 1)])
        for number, cells in sheet.found
        if any(map(str.strip, cells.values()))
    ]


class _TooMuch(Exception):
    pass


class _Part:
    """Takes what the parser finds in a part of an .xlsx file: tags without their namespace, and
    text.
    """

    def open(self, tag: str, about: dict[str, str]) -> None:
        pass

    def close(self, tag: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


def _parse(archive: zipfile.ZipFile, name: str, part: _Part) -> None:
    with archive.open(name) as stream:
        data = stream.read(LARGEST + 1)  # what the list of contents says of the size may be wrong
    if len(data) > LARGEST:
        raise _TooMuch
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, about: part.open(tag.rpartition(":")[2], about)
    parser.EndElementHandler = lambda tag: part.close(tag.rpartition(":")[2])
    parser.CharacterDataHandler = part.text

    def doctype(*_):  # entities of a few lines can stand for gigabytes
        raise ValueError("a document type")

    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(data, True)


class _Book(_Part):
    """The relation of the first sheet."""

    first: str | None = None

    def open(self, tag, about):
        if tag == "sheet" and self.first is None:
            self.first = next(
                (value for key, value in about.items() if key.rpartition(":")[2] == "id"), None
            )


class _Relations(_Part):
    """The part that each relation stands for."""

    def __init__(self):
        self.found: dict[str | None, str] = {}

    def open(self, tag, about):
        if tag == "Relationship":
            target = about["Target"]
            self.found[about["Id"]] = target[1:] if target.startswith("/") else f"xl/{target}"


class _Strings(_Part):
    """The shared strings; the readings aloud (phonetic runs) that Excel keeps beside Japanese are
    no part of them.
    """

    def __init__(self):
        self.found: list[str] = []
        self._inside, self._aloud = False, False

    def open(self, tag, about):
        if tag == "si":
            self.found.append("")
        self._inside, self._aloud = tag == "t" or self._inside, tag == "rPh" or self._aloud

    def close(self, tag):
        if tag == "si":
            self.found[-1] = _unescaped(self.found[-1])
        self._inside, self._aloud = self._inside and tag != "t", self._aloud and tag != "rPh"

    def text(self, text):
        if self._inside and not self._aloud:
            self.found[-1] += text


class _Rows(_Part):
    """The rows of a sheet: number, and cells by column."""

    def __init__(self, shared: list[str]):
        self.found: list[tuple[int, dict[int, str]]] = []
        self._shared, self._row, self._column, self._width = shared, 0, -1, 0
        self._kind, self._texts, self._inside, self._formula = "n", {}, "", False

    def open(self, tag, about):
        if tag == "row":
            self._row, self._column = int(about.get("r", self._row + 1)), -1
            self.found.append((self._row, {}))
        elif tag == "c":
            self._column = _column(about["r"]) if "r" in about else self._column + 1
            self._kind, self._texts, self._formula = (
                about.get("t", "n"),
                {"v": "", "t": "", "f": ""},
                False,
            )
        elif tag in ("v", "t", "f"):
            self._inside, self._formula = tag, self._formula or tag == "f"

    def close(self, tag):
        if tag in ("v", "t", "f"):
            self._inside = ""
        elif tag == "c":
            if value := self._value():
                self.found[-1][1][self._column] = value
        elif tag == "row":
            self._width += max(self.found[-1][1], default=0) + 1
            if self._width > MOST_CELLS:
                raise _TooMuch

    def text(self, text):
        if self._inside:
            self._texts[self._inside] += text

    def _value(self) -> str:
        if self._formula:
            return "=" + self._texts["f"]
        if self._kind == "s":
            return self._shared[int(self._texts["v"])]
        if self._kind == "inlineStr":
            return _unescaped(self._texts["t"])
        return _number(self._texts["v"]) if self._kind == "n" else _unescaped(self._texts["v"])


def _column(place: str) -> int:
    total = 0
    for letter in re.match("[A-Z]{1,3}", place)[0]:
        total = total * 26 + ord(letter) - 64
    if total > MOST_COLUMNS:
        raise ValueError("no such column")
    return total - 1


def _number(text: str) -> str:
    value = float(text) if text.strip() else None
    return (
        ""
        if value is None
        else str(int(value))
        if value.is_integer() and abs(value) < 1e15
        else repr(value)
    )


def _unescaped(text: str) -> str:
    return ESCAPE.sub(
        lambda found: "" if 0xD800 <= int(found[1], 16) <= 0xDFFF else chr(int(found[1], 16)), text
    )
