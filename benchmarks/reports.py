"""Small inputs of public bug reports, each with the right value and what comes out: a table, and
one JSON line.

    python -m benchmarks.reports --data DIR [--no-run] [--only NAME ...]

DIR holds the inputs (`k01-fresh.csv` to `k20-ocr.txt`; its README says what each recreates). Every
input goes the way of a user: `twicetold new NAME --from FILE`, `check`, and extraction without
vectors; k01 also `twicetold run` on the notebooks of this project (minutes; `--no-run` leaves it
out), with the codebook that `new` wrote. A text is the one row of a table. The table is printed on
standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

from benchmarks import reports_checks
from benchmarks.reports_case import Case

LANGUAGES = {"k08-mixed-de": "de", "k09-arabic": "ar", "k09-chinese": "zh"}
WIDTH = 70  # characters of what is right, and of what comes out, in the table


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reports", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True, help="the folder of the inputs")
    parser.add_argument("--no-run", action="store_true", help="leave out k01's `twicetold run`")
    parser.add_argument("--only", nargs="+", default=[], help="inputs that begin so")
    options = parser.parse_args(arguments)
    print(json.dumps(evaluate(options.data, run=not options.no_run, only=tuple(options.only))))


def evaluate(data: Path, *, run: bool = True, only: tuple[str, ...] = ()) -> dict:
    """What comes out of every input, and whether it is right.

    Parameters
    ----------
    data : Path
        The folder of the inputs.
    run : bool
        Whether to run the notebooks on k01.
    only : tuple of str
        Beginnings of names; all inputs if empty.

    Returns
    -------
    dict
        `inputs`, `right`, and `wrong` with what came out; `unknown` are files without a check,
        `missing` checks without a file.
    """
    files = {path.stem: path for path in sorted(data.glob("k[0-9]*.*"))}
    files = {name: path for name, path in files.items() if not only or name.startswith(only)}
    wrong, right = {}, []
    _say("input", "right", "what comes out", "")
    for name, path in files.items():
        if (about := reports_checks.CHECKS.get(name)) is None:
            continue
        expected, check = about
        with tempfile.TemporaryDirectory() as folder:
            case = Case(path, Path(folder), LANGUAGES.get(name, "en"), run=run)
            try:
                good, now = check(case)
            except Exception as error:  # work in progress must not hide the other inputs
                good, now = False, f"{type(error).__name__}: {error}"
        now = now if isinstance(now, str) else json.dumps(now, ensure_ascii=False, default=str)
        _say(name, expected, now, "right" if good else "WRONG")
        if good:
            right.append(name)
        else:
            wrong[name] = now[:300]
    result = {"inputs": len(right) + len(wrong), "right": len(right), "wrong": wrong}
    if not only:
        result["missing"] = sorted(reports_checks.CHECKS.keys() - files.keys())
    return result | {"unknown": sorted(files.keys() - reports_checks.CHECKS.keys())}


def _say(name: str, expected: str, now: str, good: str) -> None:
    cells = [" ".join(cell.split())[:WIDTH].ljust(WIDTH) for cell in (expected, now)]
    print(f"{name:20} {cells[0]} | {cells[1]} {good}".rstrip(), file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
