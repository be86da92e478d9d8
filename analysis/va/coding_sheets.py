"""Coding sheets: written for coders, blind to outlet and model, and read back with all faults."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import zipfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.errors import CorpusError, Fault, OptionError
from analysis.files import write_bytes
from analysis.io.sheets import Rows, Sheet, SheetError, csv_bytes, plain, read_sheet, xlsx_bytes
from analysis.results import Result
from analysis.va.sample import Sample, check_columns

_KINDS = (".csv", ".xlsx")
_WIDTHS = {"unit": 10, "text": 90, "actor": 24}
_MINUS = str.maketrans(dict.fromkeys("−–—﹣－‐‑", "-") | {"＋": "+"})
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>([0-9TZ:.+-]{10,35})</dcterms:modified>")
_MOST_ABOUT = 1 << 16  # bytes of what a workbook says of itself
AUDIT = ["coder", "machine", "file", "sha256", "first", "last", "n_codes"]
_TEXT = ("unit", "coders", "stratum", "article_id", "outlet", "actor", "language", "published")


@dataclass(frozen=True, eq=False, repr=False)
class Codes(Result):
    """The codes that coders gave.

    Attributes
    ----------
    table : DataFrame
        One row a code.

        ======  ===========================================
        column  meaning
        ======  ===========================================
        unit    id in the key
        coder   name
        code    a number, or a label as the key has it
        ======  ===========================================
    missing : DataFrame
        unit, coder: units that a coder was given and left without a code.
    codes : tuple
        The codes that were allowed, in order.
    sheets : DataFrame
        The audit trail, one row a file that holds codes.

        ===========  =====  ======================================================================
        column       unit   meaning
        ===========  =====  ======================================================================
        coder               name
        machine             what it is, such as a language model with its version and prompt; empty
                            for a person
        file                its name
        sha256              of the file's bytes
        first, last  date   when it was coded: what the column `coded` of the sheet says, else when
                            Excel saved it; empty where neither is known
        n_codes      codes  in it
        ===========  =====  ======================================================================
    """

    missing: pd.DataFrame
    codes: tuple
    sheets: pd.DataFrame


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

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> import analysis as tw
    >>> units = pd.DataFrame({"article_id": ["a", "b"], "text": ["Rain.", "Sun."]})
    >>> sample = tw.va.draw_sample(units, n=2, coders=["Ada"])
    >>> with TemporaryDirectory() as folder:
    ...     paths = tw.va.write_sheets(sample, folder + "/sheets")
    >>> [path.name for path in paths]
    ['sheets-key.csv', 'Ada.csv', 'Ada.xlsx']
    """
    folder = Path(folder)
    key = folder.with_name(f"{folder.name}-key.csv") if key is None else Path(key)
    if key.resolve().is_relative_to(folder.resolve()):
        raise OptionError(f"key must be outside {folder}, which coders get (got {str(key)!r})")
    table = sample.table.assign(codes=json.dumps(list(sample.codes), ensure_ascii=False))
    contents = {key: csv_bytes([list(table.columns), *_rows(table)])}
    choices = Sheet("codes", [["code", "meaning"], *map(list, sample.codes.items())], [18, 80])
    for coder, sheet in sample.sheets.items():
        header = [*sheet.columns, f"code ({', '.join(map(str, sample.codes))})"]
        rows = [header, *([*row, None] for row in _rows(sheet))]
        widths = [*(_WIDTHS[column] for column in sheet.columns), 18]
        allowed = (len(header) - 1, f"codes!$A$2:$A${len(sample.codes) + 1}")
        contents[folder / f"{coder}.csv"] = csv_bytes(rows)
        contents[folder / f"{coder}.xlsx"] = xlsx_bytes(
            [Sheet("coding", rows, widths, allowed), choices]
        )
    for path, content in contents.items():
        if path.exists() and not (path.is_file() and path.read_bytes() == content):
            _check_replaceable(path, is_key=path == key)
    for path, content in contents.items():
        write_bytes(path, content)
    return list(contents)


def read_key(path: str | Path) -> pd.DataFrame:
    """Read the key of a sample.

    Parameters
    ----------
    path : str or Path
        The file that `write_sheets` wrote.

    Returns
    -------
    DataFrame
        One row a unit: unit, coders, stratum, weight, the columns of the units, and codes (those
        that are allowed, as JSON).

    Raises
    ------
    OptionError
        If the file is no key.

    Examples
    --------
    >>> import analysis as tw
    >>> key = tw.va.read_key("corpus/harbour/gold/coding/key.csv")
    >>> key[["unit", "coders", "predicted", "tone"]].head(1)
         unit                     coders  predicted   tone
    0  mwkbvg  coder_a; coder_b; coder_c         -1 -0.609
    """
    try:
        rows = read_sheet(path)
    except SheetError as error:
        raise OptionError(str(error)) from None
    header = [cell.strip() for cell in rows[0][1]] if rows else []
    doubled = len(set(header)) < len(header)
    if doubled or not {"unit", "coders", "weight", "codes"} <= set(header) or len(rows) < 2:
        raise OptionError(
            f"{path} is no key of a sample; give the file that `write_sheets` wrote outside the"
            " sheets' folder."
        )
    cells = [dict(zip(header, map(plain, cells))) for _, cells in rows[1:]]
    table = pd.DataFrame(cells, columns=header, dtype=str).fillna("")
    for column in table.columns.difference([*_TEXT, "codes"]):
        filled = table[column] != ""
        numbers = pd.to_numeric(table[column].where(filled), errors="coerce")
        if filled.any() and numbers[filled].notna().all():
            table[column] = numbers
    return table


def read_sheets(
    paths: str | Path | Sequence[str | Path] | Mapping[str, str | Path],
    key: str | Path | pd.DataFrame,
    *,
    machines: Mapping[str, str] | None = None,
) -> Codes:
    """Read the sheets that coders filled in.

    Parameters
    ----------
    paths : path, list of paths, or dict of coder to path
        A folder, or files, named after their coders unless a dict says who filled in which. A coder
        may have filled in the CSV, the .xlsx, or part of either.
    key : path or DataFrame
        The sample's key, as `write_sheets` wrote it or `read_key` read it.
    machines : dict of coder to str, optional
        Coders that are no people, and what each is: name, version and prompt of a language model,
        say. `validate` keeps them apart from people.

    Returns
    -------
    Codes
        Units without a code are listed in `missing` and counted in `notes`; they are no fault.

    Raises
    ------
    CorpusError
        With every fault, file and row: no column unit or code, a unit that the key does not know or
        that was another coder's, a code that is not allowed, a unit that is coded twice, a coder
        who is not in the key.
    OptionError
        If there is no sheet, the key is none, or a machine is no coder of it.

    Notes
    -----
    A sheet may have a column `coded` that says when a unit was coded (2026-11-28, or with a time):
    a program that codes by a machine should write one. Codes are read as spreadsheets rewrite them:
    "1.0" and "1,0" as 1, "−1" with a minus sign as -1,
    labels in any case.

    Examples
    --------
    >>> import analysis as tw
    >>> coding = "corpus/harbour/gold/coding"
    >>> codes = tw.va.read_sheets(f"{coding}/sheets", f"{coding}/key.csv")
    >>> codes.table.head(3)
         unit    coder  code
    0  mwkbvg  coder_a    -1
    1  mwkbvg  coder_b    -1
    2  mwkbvg  coder_c     0
    >>> codes.codes, len(codes.missing)
    ((-1, 0, 1), 0)
    >>> codes.sheets[["coder", "file", "n_codes"]].head(1)
         coder         file  n_codes
    0  coder_a  coder_a.csv      120
    """
    key = read_key(key) if isinstance(key, str | Path) else key
    check_columns("key", key, ["unit", "coders", "codes"])
    allowed = _allowed(key)
    given = {unit: coders.split("; ") for unit, coders in zip(key["unit"], key["coders"])}
    asked = [(unit, coder) for unit, coders in given.items() for coder in coders]
    n_given = Counter(sorted(coder for _, coder in asked))
    machines = checked_machines(machines, n_given)
    faults: list[Fault] = []
    codes: dict[tuple[str, str], object] = {}
    places: dict[tuple[str, str], str] = {}
    sheets: list[tuple] = []
    for coder, path in _sources(paths):
        if coder not in n_given:
            problem = (
                f"is named after no coder of the key ({', '.join(n_given)}); rename it, or give a"
                " dict of coder to path."
            )
            faults.append(Fault(path.name, None, problem))
            continue
        n_before = len(codes)
        days: list[str] = []
        for found in _read(path, coder, given, allowed, days):
            if isinstance(found, Fault):
                faults.append(found)
                continue
            unit, code = found
            before = codes.setdefault((unit, coder), code)
            first = places.setdefault((unit, coder), path.name)
            if before != code:
                problem = f"codes unit {unit} as {code}, but {first} as {before}; keep one."
                faults.append(Fault(path.name, None, problem))
        if n := len(codes) - n_before:
            days = days or _saved(path)
            when = (min(days), max(days)) if days else ("", "")
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            sheets.append((coder, machines.get(coder, ""), path.name, digest, *when, n))
    if faults:
        raise CorpusError("coding sheets", faults)
    coded = [(*pair, codes[pair]) for pair in asked if pair in codes]
    table = pd.DataFrame(coded, columns=["unit", "coder", "code"])
    missing = pd.DataFrame([pair for pair in asked if pair not in codes], columns=["unit", "coder"])
    left = Counter(missing["coder"])
    notes = tuple(
        f"{coder} left {left[coder]} of {n} units without a code."
        for coder, n in n_given.items()
        if left[coder]
    )
    params = {"n_units": len(given), "coders": list(n_given), "machines": machines}
    trail = pd.DataFrame(sheets, columns=AUDIT)
    return Codes(table, params, missing, allowed, trail, notes=notes)


def checked_machines(machines: Mapping[str, str] | None, coders: Collection[str]) -> dict[str, str]:
    """What each coder that is no person is.

    Raises
    ------
    OptionError
        If one is no coder, or it is not said what it is.
    """
    if machines is None:
        return {}
    told = isinstance(machines, Mapping) and all(
        isinstance(what, str) and what.strip() for what in machines.values()
    )
    if not told:
        raise OptionError(
            "machines must say what each is, as a dict of coder to its name, version and prompt"
            f" (got {machines!r:.80})"
        )
    if strange := [coder for coder in machines if coder not in coders]:
        raise OptionError(
            f"machines names {', '.join(map(str, strange))}, who coded nothing; coders are"
            f" {', '.join(map(str, coders))}"
        )
    return {coder: " ".join(what.split()) for coder, what in machines.items()}


def _rows(table: pd.DataFrame) -> list[list]:
    """The cells of a table as Python's own values, None where one is empty."""
    return table.astype(object).where(table.notna(), None).to_numpy(object).tolist()


def _check_replaceable(path: Path, *, is_key: bool) -> None:
    """Raise unless a file is a sheet without codes."""
    if is_key:
        raise OptionError(
            f"{path} is the key of another sample, whose sheets cannot be read without it; choose"
            " another folder, or move both away."
        )
    try:
        rows = read_sheet(path)
    except (SheetError, OSError):
        rows = []
    columns = _columns(rows)
    if columns is None:
        raise OptionError(
            f"{path} exists and is no coding sheet; choose another folder, or move it away."
        )
    if filled := sum(bool(_cells(cells, columns)[1]) for _, cells in rows[1:]):
        raise OptionError(
            f"{path} holds {filled} codes; it is not overwritten. Choose another folder, or move it"
            " away."
        )


def _allowed(key: pd.DataFrame) -> tuple:
    try:
        codes = json.loads(key["codes"].iloc[0])
    except (IndexError, ValueError, TypeError, RecursionError):
        codes = None
    if not isinstance(codes, list) or not codes:
        raise OptionError(
            "the key does not say which codes are allowed; give the file that `write_sheets` wrote."
        )
    return tuple(codes)


def _sources(paths) -> list[tuple[str, Path]]:
    """Coder and file."""
    if isinstance(paths, Mapping):
        return [(coder, Path(path)) for coder, path in paths.items()]
    files = [Path(path) for path in ([paths] if isinstance(paths, str | Path) else paths)]
    if isinstance(paths, str | Path) and files[0].is_dir():
        there = sorted(files[0].iterdir())
        files = [p for p in there if p.suffix.lower() in _KINDS and p.name[0] not in ".~"]
    if not files:
        kinds = ", ".join(_KINDS)
        raise OptionError(f"there is no coding sheet; give files or a folder of them ({kinds}).")
    return [(path.stem, path) for path in files]


def _columns(rows: Rows) -> tuple[int, int] | None:
    """Where unit and code stand; the header of the codes also lists those that are allowed."""
    names = [cell.strip().casefold() for cell in rows[0][1]] if rows else []
    unit = next((i for i, name in enumerate(names) if name == "unit"), None)
    code = next((i for i, name in enumerate(names) if re.match(r"code\b", name)), None)
    return None if unit is None or code is None else (unit, code)


def _cells(cells: list[str], columns: tuple[int, int]) -> list[str]:
    """Unit and code of a row, empty where it is too short."""
    return [(cells[i] if i < len(cells) else "").replace("\u00a0", " ").strip() for i in columns]


def _read(
    path: Path, coder: str, given: dict[str, list[str]], allowed: tuple, days: list[str]
) -> Iterator[tuple[str, object] | Fault]:
    """A unit and its code, or a fault, for each row of a sheet that has either; adds to `days`."""
    try:
        rows = read_sheet(path)
    except SheetError as error:
        yield Fault(path.name, None, str(error))
        return
    columns = _columns(rows)
    if columns is None:
        first = ", ".join(map(repr, rows[0][1][:6])) if rows else ""
        found = f"its first row holds {first}" if rows else "it is empty"
        yield Fault(path.name, 1, f"needs a header with the columns unit and code; {found}.")
        return
    seen: dict[str, int] = {}
    names = [cell.strip().casefold() for cell in rows[0][1]]
    when = names.index("coded") if "coded" in names else None
    for number, cells in rows[1:]:
        unit, written = _cells(cells, columns)
        code = _code(written, allowed)
        if not unit:
            problem = "has no unit; restore its id, or remove the row."
        elif unit not in given:
            problem = f"{unit!r:.40} is no unit of the key; remove the row, or restore the id."
        elif coder not in given[unit]:
            others = ", ".join(given[unit])
            problem = f"unit {unit} was not given to {coder}, but to {others}; remove the row."
        elif unit in seen:
            problem = f"unit {unit} is here a second time, first in row {seen[unit]}; keep one."
        elif written and code is None:
            listed = ", ".join(map(str, allowed))
            problem = f"unit {unit} has the code {written!r:.40}; allowed are {listed}."
        else:
            problem = ""
        seen.setdefault(unit, number)
        if problem:
            yield Fault(path.name, number, problem)
        elif written:
            if when is not None and when < len(cells) and cells[when].strip():
                days.append(plain(cells[when]).strip())
            yield unit, code


def _saved(path: Path) -> list[str]:
    """When the program of a workbook says that it saved it; nothing where it does not say."""
    if path.suffix.lower() != ".xlsx":
        return []
    with contextlib.suppress(OSError, KeyError, zipfile.BadZipFile), zipfile.ZipFile(path) as book:
        with book.open("docProps/core.xml") as stream:
            found = _MODIFIED.search(stream.read(_MOST_ABOUT))
        return [found[1].decode()] if found else []
    return []


def _code(written: str, allowed: tuple):
    """The code that a cell means; None if it is not allowed."""
    label = plain(written).strip()
    digits = label.translate(_MINUS).replace(" ", "")
    number = float(digits.replace(",", ".")) if _NUMBER.fullmatch(digits) else None
    for code in allowed:
        if code == number or isinstance(code, str) and label.casefold() == code.casefold():
            return code
    return None
