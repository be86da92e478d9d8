"""Tables written as Excel files (.xlsx) and as CSV, of which no cell is run as a formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from xml.sax.saxutils import escape, quoteattr

from analysis.errors import TwicetoldError

LONGEST = 32_767  # characters that a cell of Excel holds
RISKY = (
    "=",
    "+",
    "-",
    "@",
    "'",
    "\t",
    "\r",
    "＝",
    "＋",
    "－",
    "＠",
)  # what begins with them may be run as a formula
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
Cell = str | int | float | None


class SpreadsheetError(TwicetoldError):
    """A file is no spreadsheet that can be read; says what to do."""


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
    """A text that no spreadsheet runs as a formula: an apostrophe goes before a sign that may begin
    one; control characters go.

    Examples
    --------
    >>> safe("=1+1"), safe("plain"), plain(safe("=1+1"))
    ("'=1+1", 'plain', '=1+1')
    """
    text = _UNSAFE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "'" + text if text.lstrip(" \n\u00a0\ufeff").startswith(RISKY) else text


def plain(text: str) -> str:
    """A text without the apostrophe that `safe` set before it."""
    return (
        text[1:]
        if text.startswith("'") and text[1:].lstrip(" \n\u00a0\ufeff").startswith(RISKY)
        else text
    )


def csv_bytes(rows: Sequence[Sequence[Cell]]) -> bytes:
    """Rows as a CSV in UTF-8 with its mark, by which Excel knows the encoding."""
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\r\n").writerows(
        [[safe(c) if isinstance(c, str) else "" if c is None else c for c in row] for row in rows]
    )
    return b"\xef\xbb\xbf" + sink.getvalue().encode("utf-8")


def xlsx_bytes(sheets: Sequence[Sheet]) -> bytes:
    """An Excel file: the same bytes for the same sheets, without author, time or any other
    metadata.

    Texts stand in the cells themselves (inline strings), never as formulas.
    """
    numbers = range(1, len(sheets) + 1)
    files = {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/><Override'
            ' PartName="/xl/workbook.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override'
            ' PartName="/xl/styles.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
            + "".join(
                f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
                'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
                for n in numbers
            )
            + "</Types>"
        ),
        "_rels/.rels": _relationships([(f"{_RELS}/officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>'
            + "".join(
                f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"/>'
                for n, sheet in zip(numbers, sheets)
            )
            + "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relationships(
            [(f"{_RELS}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers]
            + [(f"{_RELS}/styles", "styles.xml")]
        ),
        "xl/styles.xml": (
            f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name'
            ' val="Calibri"/></font><font><b/><sz val="11"/><name'
            ' val="Calibri"/></font></fonts><fills count="2"><fill><patternFill'
            ' patternType="none"/></fill><fill><patternFill'
            ' patternType="gray125"/></fill></fills><borders'
            ' count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs'
            ' count="1"><xf numFmtId="0" fontId="0" fillId="0"'
            ' borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0"'
            ' fillId="0" borderId="0" xfId="0"/>'
            + "".join(
                f'<xf numFmtId="0" fontId="{font}" fillId="0" borderId="0" xfId="0" applyFont="1"'
                ' applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
                for font in (1, 0)
            )
            + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0"'
            ' builtinId="0"/></cellStyles></styleSheet>'
        ),
    } | {f"xl/worksheets/sheet{n}.xml": _worksheet(sheet) for n, sheet in zip(numbers, sheets)}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            about = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            about.compress_type, about.create_system, about.external_attr = (
                zipfile.ZIP_DEFLATED,
                0,
                0,
            )
            archive.writestr(about, (_DECLARED + content).encode("utf-8"))
    return sink.getvalue()


def _relationships(targets: list[tuple[str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{n}" Type="{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _worksheet(sheet: Sheet) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
        for n, width in enumerate(sheet.widths, start=1)
    )
    rows = "".join(
        f'<row r="{n}">'
        + "".join(
            _cell(f"{_letters(i)}{n}", cell, 1 if n == 1 else 2) for i, cell in enumerate(row)
        )
        + "</row>"
        for n, row in enumerate(sheet.rows, start=1)
    )
    choices = ""
    if sheet.choices is not None and len(sheet.rows) > 1:
        column, source = _letters(sheet.choices[0]), sheet.choices[1]
        choices = (
            '<dataValidations count="1"><dataValidation type="list" allowBlank="1"'
            ' showErrorMessage="1" errorTitle="Not a code" '
            'error="Choose one of the codes in the list."'
            f' sqref="{column}2:{column}{len(sheet.rows)}"><formula1>{escape(source)}</formula1>'
            "</dataValidation></dataValidations>"
        )
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
        ' topLeftCell="A2" activePane="bottomLeft" '
        f'state="frozen"/></sheetView></sheetViews><cols>{columns}</cols><sheetData>{rows}</sheetData>{choices}</worksheet>'
    )


def _cell(place: str, cell: Cell, style: int) -> str:
    if cell is None or cell == "":
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(cell, Real):
        number = int(cell) if float(cell).is_integer() else float(cell)
        return f'<c r="{place}" s="{style}"><v>{number!r}</v></c>'
    text = ESCAPE.sub(
        lambda m: f"_x005F_x{m[1]}_", safe(cell)
    )  # Excel would read _x0041_ as the letter A
    if len(text) > LONGEST:
        raise SpreadsheetError(
            f"a text of {len(text):,} characters was given; a cell of Excel holds {LONGEST:,}. Give"
            " shorter texts."
        )
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t'
        f' xml:space="preserve">{escape(text)}</t></is></c>'
    )


def _letters(column: int) -> str:
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)
