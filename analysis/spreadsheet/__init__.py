"""Spreadsheets: tables written as CSV and as Excel files, and read back from what Excel,
LibreOffice or a text editor made of them.
"""

from analysis.spreadsheet.reading import read_table
from analysis.spreadsheet.writing import Sheet, SpreadsheetError, csv_bytes, plain, safe, xlsx_bytes

__all__ = ["Sheet", "SpreadsheetError", "csv_bytes", "plain", "read_table", "safe", "xlsx_bytes"]
