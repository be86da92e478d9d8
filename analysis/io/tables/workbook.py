"""Rows of an Excel workbook."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from itertools import chain, islice

from analysis.io.formats.source import Remark, Source, UnreadableFile
from analysis.io.tables.headers import MOST_HEADS, header_row, recognised

_EMPTY_IN_A_ROW = 10_000  # rows; a sheet that was once formatted to its end has a million


def sheets(
    source: Source, settings: dict[str, str]
) -> Iterator[tuple[str, Iterator[tuple[int, list]]]]:
    """The sheets of a workbook with rows that are not empty, each with its number.

    What stands above the header is left out, so that the first row is the header.

    Parameters
    ----------
    source : Source
    settings : dict
        A field → the name of its column.

    Yields
    ------
    str, iterator of (int, list)
        Name of the sheet, and its rows.

    Raises
    ------
    UnreadableFile
    """
    import openpyxl

    source.check_zip()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of styles and extensions that openpyxl does not know
        try:
            book = openpyxl.load_workbook(source.path, read_only=True, data_only=True)
        except Exception as error:  # openpyxl's, of any damage
            why = str(error) or type(error).__name__
            raise UnreadableFile(
                f"not readable as XLSX ({why:.80}); open and save it again."
            ) from None
        try:
            for sheet in book.worksheets:
                yield sheet.title, _rows(sheet, settings)
        finally:
            book.close()


def _rows(sheet, settings: dict[str, str]) -> Iterator[tuple[int, list]]:
    rows = _filled(sheet)
    first = list(islice(rows, MOST_HEADS))
    at = header_row([cells for _, cells in first], settings)
    header = first[at][1] if first else []
    while len(header) > 1 and header[-1] == "":
        header.pop()
    for number, cells in chain(first[at:], rows):
        cells = cells[: len(header)]
        yield number, cells + [""] * (len(header) - len(cells))


def _filled(sheet) -> Iterator[tuple[int, list]]:
    empty = 0
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            cells = ["" if cell is None else cell for cell in row]
            if any(str(cell).strip() for cell in cells):
                empty = 0
                yield number, cells
            elif (empty := empty + 1) > _EMPTY_IN_A_ROW:
                return
    except Exception as error:  # openpyxl's, of any damage
        why = str(error) or type(error).__name__
        raise UnreadableFile(f"not readable as XLSX from here ({why:.80}).") from None


def has_articles(header: list, settings: dict[str, str]) -> bool:
    """Whether a header names a column of texts.

    Parameters
    ----------
    header : list
    settings : dict

    Returns
    -------
    bool
    """
    return "text" in recognised(header, settings)


def no_articles(name: str) -> Remark:
    """What is said of a sheet without articles.

    Parameters
    ----------
    name : str
        Of the sheet.

    Returns
    -------
    Remark
    """
    return Remark(None, f"the sheet {name!r} has no column of texts")
