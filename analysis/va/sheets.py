"""Coding sheets: written for coders, blind to outlet and model, and read back with all faults."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import CorpusError, Fault, OptionError
from analysis.files import write_bytes
from analysis.io.sheets import Sheet, SheetError, csv_bytes, plain, read_sheet, xlsx_bytes
from analysis.results import Result
from analysis.va.sample import Sample

KINDS = (".csv", ".xlsx")
_WIDTHS = {"unit": 10, "text": 90, "actor": 24}
_MINUS = str.maketrans(dict.fromkeys("−–—﹣－‐‑", "-") | {"＋": "+"})
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_TEXT = ("unit", "coders", "stratum", "article_id", "outlet", "actor", "language", "published")


@dataclass(frozen=True, eq=False, repr=False)
class Codes(Result):
    """What coders said.

    Attributes
    ----------
    table : DataFrame
        unit, coder, code (numbers, or labels as the key has them): one row per code that was given.
    missing : DataFrame
        unit, coder: units that a coder was given and left without a code.
    codes : tuple
        The codes that were allowed, in order.
    """

    missing: pd.DataFrame
    codes: tuple


def write_sheets(
    sample: Sample, folder: str | Path, *, key: str | Path | None = None
) -> list[Path]:
    """Write a sample's coding sheets and its key.

    Parameters
    ----------
    sample : Sample
    folder : str or Path
        Gets two files for each coder, of which one is to be filled in: `<coder>.csv` (UTF-8) and
        `<coder>.xlsx` (with a list of codes to choose from).
    key : str or Path, optional
        File of the key, which coders must not see: outside `folder`; beside it and named after it
        if not given.

    Returns
    -------
    list of Path
        What was written, the key first.

    Raises
    ------
    OptionError
        If a file with codes, or another key, would be overwritten. Nothing is written then.
    """
    folder = Path(folder)
    key = folder.with_name(f"{folder.name}-key.csv") if key is None else Path(key)
    if key.resolve().is_relative_to(folder.resolve()):
        raise OptionError(
            f"key={str(key)!r} was given; it must lie outside {folder}, as coders get that folder."
        )
    allowed = json.dumps(list(sample.codes), ensure_ascii=False)
    table = sample.table.assign(codes=allowed)
    contents = {
        key: csv_bytes(
            [
                list(table.columns),
                *([_cell(c) for c in row] for row in table.itertuples(index=False, name=None)),
            ]
        )
    }
    for coder, sheet in sample.sheets.items():
        header = [*sheet.columns, f"code ({', '.join(map(str, sample.codes))})"]
        rows = [header, *([*row, None] for row in sheet.itertuples(index=False, name=None))]
        contents[folder / f"{coder}.csv"] = csv_bytes(rows)
        last = len(header) - 1
        contents[folder / f"{coder}.xlsx"] = xlsx_bytes(
            [
                Sheet(
                    "coding",
                    rows,
                    [*(_WIDTHS[column] for column in sheet.columns), 18],
                    (last, f"codes!$A$2:$A${len(sample.codes) + 1}"),
                ),
                Sheet(
                    "codes",
                    [
                        ["code", "meaning"],
                        *([code, meaning] for code, meaning in sample.codes.items()),
                    ],
                    [18, 80],
                ),
            ]
        )
    for path, content in contents.items():
        _keep(path, content, is_key=path == key)
    for path, content in contents.items():
        write_bytes(path, content)
    return list(contents)


def read_key(path: str | Path) -> pd.DataFrame:
    """Read the key of a sample.

    Its columns are unit, coders, stratum, weight, those of the units, and codes (those that are
    allowed, as JSON).

    Raises
    ------
    OptionError
        If the file is no key.
    """
    rows = _table(Path(path))
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    if not {"unit", "coders", "weight", "codes"} <= set(header) or len(rows) < 2:
        raise OptionError(
            f"{path} is no key of a sample; give the file that `write_sheets` wrote outside the"
            " sheets' folder."
        )
    table = pd.DataFrame(
        [
            [plain(cell) for cell in (*cells, *[""] * len(header))[: len(header)]]
            for _, cells in rows[1:]
        ],
        columns=header,
    )
    for column in table.columns.difference([*_TEXT, "codes"]):
        numbers = pd.to_numeric(table[column].where(table[column] != ""), errors="coerce")
        if (numbers.notna() | (table[column] == "")).all() and numbers.notna().any():
            table[column] = numbers
    return table


def read_sheets(
    paths: str | Path | Sequence[str | Path] | Mapping[str, str | Path],
    key: str | Path | pd.DataFrame,
) -> Codes:
    """Read the sheets that coders filled in.

    Parameters
    ----------
    paths : path, list of paths, or dict of coder to path
        A folder, or files, named after their coders unless a dict says who filled in which. A coder
        may have filled in the CSV, the .xlsx, or part of either.
    key : path or DataFrame
        The sample's key, as `write_sheets` wrote it or `read_key` read it.

    Returns
    -------
    Codes
        Units without a code are listed in `missing` and counted in `notes`; they stop nothing.

    Raises
    ------
    CorpusError
        With every fault, file and row: no column unit or code, a unit that the key does not know or
        that was another coder's, a code that is not allowed, a unit that is coded twice, a coder
        who is not in the key.

    Notes
    -----
    Codes are read as spreadsheets rewrite them: "1.0" and "1,0" as 1, "−1" with a minus sign as -1,
    labels in any case.
    """
    key = key if isinstance(key, pd.DataFrame) else read_key(key)
    allowed = _allowed(key)
    given = {unit: coders.split("; ") for unit, coders in zip(key["unit"], key["coders"])}
    coders = sorted({coder for names in given.values() for coder in names})
    faults: list[Fault] = []
    codes: dict[tuple[str, str], tuple[object, str]] = {}
    for coder, path in _sources(paths):
        if coder not in coders:
            faults.append(
                Fault(
                    path.name,
                    None,
                    f"is named after no coder of the key ({', '.join(coders)}); rename it, or give"
                    " a dict of coder to path.",
                )
            )
            continue
        for unit, code, fault in _read(path, coder, given, allowed):
            if fault is not None:
                faults.append(fault)
            elif codes.setdefault((coder, unit), (code, path.name))[0] != code:
                faults.append(
                    Fault(
                        path.name,
                        None,
                        f"codes unit {unit} as {code}, but {codes[coder, unit][1]} as"
                        f" {codes[coder, unit][0]}; keep one.",
                    )
                )
    if faults:
        raise CorpusError("coding sheets", faults)
    rows = [
        (unit, coder, codes[coder, unit][0])
        for unit, names in given.items()
        for coder in names
        if (coder, unit) in codes
    ]
    missing = pd.DataFrame(
        [
            (unit, coder)
            for unit, names in given.items()
            for coder in names
            if (coder, unit) not in codes
        ],
        columns=["unit", "coder"],
    )
    notes = [
        f"{coder} left {left} of {sum(coder in names for names in given.values())} units without a"
        " code."
        for coder in coders
        if (left := int((missing["coder"] == coder).sum()))
    ]
    table = pd.DataFrame(rows, columns=["unit", "coder", "code"])
    return Codes(
        table, {"n_units": len(given), "coders": coders}, missing, allowed, notes=tuple(notes)
    )


def _keep(path: Path, content: bytes, *, is_key: bool) -> None:
    """Raise unless what stands at a path may be written over."""
    if not path.exists() or path.is_file() and path.read_bytes() == content:
        return
    if is_key:
        raise OptionError(
            f"{path} is the key of another sample, without which its sheets tell nothing; choose"
            " another folder, or move both away."
        )
    try:
        rows = read_sheet(path)
        columns = _columns(rows[0][1]) if rows else None
        filled = (
            sum(
                len(cells) > columns[1] and bool(cells[columns[1]].strip()) for _, cells in rows[1:]
            )
            if columns
            else 0
        )
    except (SheetError, OSError):
        columns = None
    if columns is None:
        raise OptionError(
            f"{path} exists and is no coding sheet; choose another folder, or move it away."
        )
    if filled:
        raise OptionError(
            f"{path} holds {filled} codes; it is not overwritten. Choose another folder, or move it"
            " away."
        )


def _cell(value):
    if value is None or value is pd.NA or isinstance(value, float) and value != value:
        return None
    return value if isinstance(value, str) else value.item() if hasattr(value, "item") else value


def _allowed(key: pd.DataFrame) -> tuple:
    try:
        codes = json.loads(key["codes"].iloc[0])
        return tuple(codes) if isinstance(codes, list) and codes else ()[0]
    except (KeyError, IndexError, ValueError, TypeError):
        raise OptionError(
            "the key does not say which codes are allowed; give the file that `write_sheets` wrote."
        ) from None


def _sources(paths) -> list[tuple[str, Path]]:
    """Coder and file."""
    if isinstance(paths, Mapping):
        return [(coder, Path(path)) for coder, path in paths.items()]
    if isinstance(paths, str | Path):
        paths = (
            sorted(
                p
                for p in Path(paths).iterdir()
                if p.suffix.lower() in KINDS and p.name[0] not in ".~"
            )
            if Path(paths).is_dir()
            else [paths]
        )
    if not (files := [(Path(path).stem, Path(path)) for path in paths]):
        raise OptionError(
            "there is no coding sheet; give files or a folder that holds some"
            f" ({', '.join(KINDS)})."
        )
    return files


def _table(path: Path) -> list[tuple[int, list[str]]]:
    try:
        return read_sheet(path)
    except SheetError as error:
        raise OptionError(str(error)) from None


def _columns(header: list[str]) -> tuple[int, int] | None:
    """Where unit and code stand; the header of the codes also says which are allowed."""
    names = [cell.strip().casefold() for cell in header]
    unit = next((i for i, name in enumerate(names) if name == "unit"), None)
    code = next((i for i, name in enumerate(names) if re.match(r"code\b", name)), None)
    return None if unit is None or code is None else (unit, code)


def _read(
    path: Path, coder: str, given: dict[str, list[str]], allowed: tuple
) -> list[tuple[str, object, Fault | None]]:
    """(unit, code, None) for each unit that a sheet codes, and ("", None, fault) for each fault."""
    try:
        rows = read_sheet(path)
    except SheetError as error:
        return [("", None, Fault(path.name, None, str(error)))]
    columns = _columns(rows[0][1]) if rows else None
    if columns is None:
        said = (
            f"its first row holds {', '.join(map(repr, rows[0][1][:6]))}" if rows else "it is empty"
        )
        return [
            (
                "",
                None,
                Fault(path.name, 1, f"needs a header with the columns unit and code; {said}."),
            )
        ]
    found, seen = [], {}
    for number, cells in rows[1:]:
        unit, said = (
            (cells[i] if i < len(cells) else "").replace("\u00a0", " ").strip() for i in columns
        )
        fault, code = None, _code(said, allowed)
        if unit not in given:
            fault = (
                f"{unit!r:.40} is no unit of the key; remove the row, or restore the id."
                if unit
                else "has no unit; restore its id, or remove the row."
            )
        elif coder not in given[unit]:
            fault = (
                f"unit {unit} was not given to {coder}, but to {', '.join(given[unit])}; remove the"
                " row."
            )
        elif unit in seen:
            fault = f"unit {unit} stands here a second time, first in row {seen[unit]}; keep one."
        elif said and code is None:
            fault = (
                f"the code {said!r:.40} was given for unit {unit}; allowed are"
                f" {', '.join(map(str, allowed))}."
            )
        seen.setdefault(unit, number)
        if fault:
            found.append(("", None, Fault(path.name, number, fault)))
        elif said:
            found.append((unit, code, None))
    return found


def _code(said: str, allowed: tuple):
    """The code that a cell stands for; None if it is not allowed."""
    said = plain(said).strip()
    number = said.translate(_MINUS).replace(" ", "")
    for code in allowed:
        if isinstance(code, str):
            if said.casefold() == code.casefold():
                return code
        elif _NUMBER.fullmatch(number) and float(number.replace(",", ".")) == code:
            return code
    return None
