"""Tables as CSV and .xlsx, written so that no cell runs as a formula.

They are read from what Excel, LibreOffice or a text editor saved.
"""

from __future__ import annotations

import csv
import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Real
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.parsers import expat

from analysis.errors import TwicetoldError
from analysis.io.text import decode_any

if TYPE_CHECKING:
    import xlsxwriter

_LARGEST = 32 << 20  # bytes of a file, bytes of what it unpacks to, and characters of its cells
MOST_FILES = 1_000
MOST_CELLS = 1_000_000
MOST_ELEMENTS, PER_CELL = 100_000, 10  # XML elements of a part: so many, and ten more a cell
MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384  # of a sheet of Excel
_LONGEST = 32_767  # characters that a cell of Excel holds

# A spreadsheet may run as a formula what begins with one of these, after blanks or not.
RISKY = ("=", "+", "-", "@", "'", "\t", "\r", "＝", "＋", "－", "＠")
# what shows nothing before it: blanks, soft hyphens, marks of direction and of width zero
_INVISIBLE = re.compile(
    "[ \n\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]*"
)
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")

_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_SHEET, _STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_USUAL = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"

_TOO_MUCH = f"holds more than {MOST_CELLS:,} cells or too much else; copy the table to a new file"

# What XlsxWriter always writes and we leave out: program, time and theme, and defaults of a sheet.
_LEFT_OUT = re.compile(
    rb"<(?:Override|Relationship) [^>]*(?:docProps|theme)[^>]*/>"
    rb"|<(?:dimension|sheetFormatPr|pageMargins)\b[^>]*/>"
    rb"|(?<=>)_x0001_"  # the mark that `_write_cell` sets
)
_NO_THEME = {"font_name": "Calibri", "font_size": 11, "font_scheme": False, "theme": -1}

Cell = str | int | float | None
Rows = list[tuple[int, list[str]]]


class SheetError(TwicetoldError):
    """A file is no table that can be read, or a table none that can be written."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of an Excel file.

    Attributes
    ----------
    name : str
        At most 31 characters.
    rows : sequence of sequences of str, int, float or None
        The first is the header: bold, and kept in sight.
    widths : sequence of float
        Widths of the columns, in characters; long texts wrap.
    choices : tuple of (int, str), optional
        A column, counted from 0, whose cells below the header take only the values in a range such
        as ``codes!$A$2:$A$4``.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[float]
    choices: tuple[int, str] | None = None


def safe(text: str) -> str:
    """Make a text that no spreadsheet runs as a formula.

    An apostrophe is set before a sign that may begin one; control characters are removed.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> safe("=1+1"), safe("plain"), plain(safe("=1+1"))
    ("'=1+1", 'plain', '=1+1')
    """
    text = _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "'" + text if _is_risky(text) else text


def _is_risky(text: str) -> bool:
    return text.startswith(RISKY, _INVISIBLE.match(text).end())


def plain(text: str) -> str:
    """Remove the apostrophe that `safe` set before a text.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> plain("'-1"), plain("'tis")
    ('-1', "'tis")
    """
    risky = text.startswith("'") and _is_risky(text[1:])
    return text[1:] if risky else text


def csv_bytes(rows: Sequence[Sequence[Cell]]) -> bytes:
    r"""Rows as a CSV in UTF-8 with its mark, by which Excel knows the encoding.

    Parameters
    ----------
    rows : sequence of sequences of str, int, float or None

    Returns
    -------
    bytes

    Examples
    --------
    >>> csv_bytes([["unit", "code"], ["kq", -1], ["=1", None]])
    b"\xef\xbb\xbfunit,code\r\nkq,-1\r\n'=1,\r\n"
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerows([safe(c) if isinstance(c, str) else c for c in row] for row in rows)
    return sink.getvalue().encode("utf-8-sig")


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """An Excel file: the same bytes for the same sheets, without author, time or other metadata.

    Texts are written as texts, never as formulas.

    Parameters
    ----------
    sheets : sequence of Sheet

    Returns
    -------
    bytes

    Raises
    ------
    SheetError
        If a text is longer than a cell of Excel holds.

    Examples
    --------
    >>> data = xlsx_bytes([Sheet("coding", [["unit", "code"], ["kq", -1]], [10, 8])])
    >>> data == xlsx_bytes([Sheet("coding", [["unit", "code"], ["kq", -1]], [10, 8])])
    True
    """
    import xlsxwriter  # here and below, as every process reads this module and few open a sheet

    written, sink = io.BytesIO(), io.BytesIO()
    # in memory: a process that is killed leaves no sentences in the temporary folder
    options = {"in_memory": True, "default_format_properties": _NO_THEME}
    with xlsxwriter.Workbook(written, options) as book:
        body = {"text_wrap": True, "valign": "top"}
        styles = book.add_format(body | {"bold": True}), book.add_format(body)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, styles)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(sink, "w") as target:
        for name in source.namelist():
            if not name.startswith(("docProps/", "xl/theme/")):
                about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                about.create_system = 0  # else it says on which system it was written
                content = _LEFT_OUT.sub(b"", source.read(name))
                target.writestr(about, content, zipfile.ZIP_DEFLATED)
    return sink.getvalue()


def _write_sheet(target: xlsxwriter.worksheet.Worksheet, sheet: Sheet, styles: tuple) -> None:
    target.freeze_panes(1, 0)
    for column, width in enumerate(sheet.widths):
        target.set_column(column, column, width)
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            _write_cell(target, (row, column), cell, styles[row > 0])
    if sheet.choices is not None and len(sheet.rows) > 1:
        column, source = sheet.choices
        rule = {
            "validate": "list",
            "source": "=" + source,
            "error_title": "Not a code",
            "error_message": "Choose one of the codes in the list.",
        }
        target.data_validation(1, column, len(sheet.rows) - 1, column, rule)


def _write_cell(target, place: tuple[int, int], cell: Cell, style) -> None:
    if cell is None or cell == "" or cell != cell:  # the last is NaN
        target.write_blank(*place, None, style)
    elif isinstance(cell, Real):
        target.write_number(*place, float(cell), style)
    else:
        text = safe(cell)
        if len(text) > _LONGEST:
            problem = f"{len(text):,} characters were given; give a cell at most {_LONGEST:,}."
            raise SheetError(problem)
        # XlsxWriter reads a text from <r> to </r> as XML, so a mark is set, and removed at the end
        target.write_string(*place, "\x01" + text if text.startswith("<r>") else text, style)


def read_sheet(path: str | Path) -> Rows:
    """Read the rows of a CSV, or of the first sheet of an .xlsx.

    Parameters
    ----------
    path : str or Path
        A CSV in UTF-8 (with its mark or without), UTF-16 with its mark, or Windows-1252, separated
        by commas, semicolons or tabs; or an .xlsx.

    Returns
    -------
    list of (int, list of str)
        Each row's number in the file, from 1, and its cells; empty rows are left out. Numbers of an
        .xlsx come as text, whole ones without ".0"; a formula comes as "=" and the formula.

    Raises
    ------
    SheetError
        If the file is missing, too large (32 MiB, packed or unpacked), or no table.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "ada.xlsx")
    ...     rows = [["unit", "code"], ["kq", 1]]
    ...     size = path.write_bytes(xlsx_bytes([Sheet("coding", rows, [9, 9])]))
    ...     read_sheet(path)
    [(1, ['unit', 'code']), (2, ['kq', '1'])]
    """
    path = Path(path)
    try:
        if path.stat().st_size > _LARGEST:
            raise SheetError(
                f"{path.name} is larger than {_LARGEST >> 20} MiB; give a smaller one."
            )
        data = path.read_bytes()
    except OSError as error:
        raise SheetError(f"{path.name} cannot be read: {error.strerror}.") from None
    if data[:4] == b"\xd0\xcf\x11\xe0":
        raise SheetError(f"{path.name} is in the old format of Excel or locked; save it as .xlsx.")
    if data[:2] == b"PK" or path.suffix.lower() == ".xlsx":
        return _read_xlsx(data, path.name)
    return _read_csv(data, path.name)


def _read_csv(data: bytes, name: str) -> Rows:
    try:
        text, _ = decode_any(data)
    except UnicodeDecodeError:
        raise SheetError(f"{name} is in an unknown encoding; save it as CSV in UTF-8.") from None
    if "\0" in text:
        raise SheetError(f"{name} holds NUL characters and is no CSV; save it as CSV in UTF-8.")
    first = text.split("\n", 1)[0].rstrip("\r")
    given = re.fullmatch("sep=(.)", first)  # a line that Excel writes for itself
    delimiter = given[1] if given else max(",;\t", key=first.count)
    rows, before = [], 0
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for cells in reader:
            if any(map(str.strip, cells)) and not (given and before == 0):
                rows.append((before + 1, cells))
            before = reader.line_num
    except (csv.Error, TypeError, ValueError) as error:
        raise SheetError(f"{name}, row {before + 1}: not readable as CSV: {error}.") from None
    return rows


def _read_xlsx(data: bytes, name: str) -> Rows:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out, which is no cell
            return list(_rows(archive))
    except _Refused as refused:
        raise SheetError(f"{name} {refused}.") from None
    except Exception:  # broken files raise errors of every kind in zipfile, expat and openpyxl
        raise SheetError(f"{name} is damaged or no .xlsx file; save it again, or as CSV.") from None


class _Refused(Exception):
    """A file is too large, or of another kind."""


def _rows(archive: zipfile.ZipFile) -> Iterator[tuple[int, list[str]]]:
    import openpyxl

    members = archive.infolist()
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > _LARGEST:
        most = f"{_LARGEST >> 20} MiB or {MOST_FILES:,} files"
        raise _Refused(f"unpacks to more than {most}; give a smaller one")
    if _BOOK not in archive.namelist():
        raise _Refused("is no .xlsx file; save it as .xlsx or as CSV")
    content, formulas = _first_sheet(archive)
    sheet = openpyxl.load_workbook(content, read_only=True, data_only=True).worksheets[0]
    sheet.reset_dimensions()  # what a file says of its size may be wrong
    size = 0
    for row, values in enumerate(sheet.values, start=1):
        size += sum(len(value) for value in values if isinstance(value, str))
        if size > _LARGEST:
            raise _Refused(_TOO_MUCH)
        cells = [
            "".join(formulas.get((row, column), ())) or _text(value)
            for column, value in enumerate(values, start=1)
        ]
        while cells and not cells[-1]:
            cells.pop()
        if any(map(str.strip, cells)):
            yield row, cells


def _first_sheet(archive: zipfile.ZipFile) -> tuple[io.BytesIO, dict]:
    """A workbook of the first sheet's cells alone, each part of it checked, and its formulas.

    Styles, links, names, macros and whatever else the file holds never reach openpyxl.
    """
    import xlsxwriter

    book, relations = (
        ElementTree.XML(_Part(archive, name).content) for name in (_BOOK, _RELATIONS)
    )
    attributes = book.find(".//{*}sheet").attrib
    first = next(value for name, value in attributes.items() if name.endswith("}id"))
    targets = {relation.get("Id"): relation.get("Target") for relation in relations}
    sheet = _Part(archive, posixpath.join("/xl", targets[first]).lstrip("/"))
    parts = {_SHEET: sheet.content, _STRINGS: b"<sst/>"}
    if _STRINGS in archive.namelist():
        # openpyxl removes "x005F_" wherever it is, which leaves this one to `_text`
        parts[_STRINGS] = _Part(archive, _STRINGS).content.replace(b"x005F_", b"x005x005F_F_")
    frame, sink = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(frame, {"in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, "a text, so that there is a part for texts")
    with zipfile.ZipFile(frame) as source, zipfile.ZipFile(sink, "w") as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name) or source.read(name))
    return sink, sheet.formulas


class _Part:
    """A part of an .xlsx, checked before openpyxl builds a tree of it.

    Raises for a document type (its entities can stand for gigabytes), for too many cells or
    elements, and for rows and cells out of order, which openpyxl would drop. Collects the formulas
    by row and column, as openpyxl would multiply those that cells share.
    """

    def __init__(self, archive: zipfile.ZipFile, name: str):
        from openpyxl.utils.cell import coordinate_to_tuple

        self._place = coordinate_to_tuple
        if archive.getinfo(name).compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError("a compression that zipfile unpacks without a limit")
        with archive.open(name) as stream:  # the size in the list of contents may be wrong
            self.content = stream.read(_LARGEST + 1).replace(_STRICT, _USUAL)
        self.formulas: dict[tuple[int, int], list[str]] = {}
        self._row = self._column = self._cells = self._elements = 0
        self._path, self._formula = [""], None
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._open, self._close
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        parser.Parse(self.content, True)

    def _open(self, tag: str, about: dict[str, str]) -> None:
        tag, parent = tag.rpartition(":")[2], self._path[-1]
        self._path.append(tag)
        self._elements += 1
        if tag == "row":
            row = int(about.get("r", self._row + 1))
            if not self._row < row <= MOST_ROWS:
                raise ValueError("a row out of order")
            self._row, self._column, self._cells = row, 0, self._cells + 1
        elif parent == "row":  # whatever its name, openpyxl reads it as a cell
            column = self._place(about["r"])[1] if "r" in about else self._column + 1
            if not self._column < column <= _MOST_COLUMNS:
                raise ValueError("a cell out of order")
            self._cells += column - self._column
            self._column = column
        elif tag == "c":
            raise ValueError("a cell outside of a row")
        elif tag == "si":
            self._cells += 1
        elif tag == "f" and parent == "c":
            self._formula = self.formulas[self._row, self._column] = ["="]
        if self._cells > MOST_CELLS or self._elements > MOST_ELEMENTS + PER_CELL * self._cells:
            raise _Refused(_TOO_MUCH)

    def _close(self, tag: str) -> None:
        self._path.pop()
        self._formula = None

    def _text(self, text: str) -> None:
        if self._formula is not None:
            self._formula.append(text)

    def _doctype(self, *_) -> None:
        raise ValueError("a document type")


def _text(value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), value)
        return text.encode("utf-8", "ignore").decode("utf-8")  # without halves of a character
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
    if whole or isinstance(value, bool):
        return str(int(value))
    return str(value)
