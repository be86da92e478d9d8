"""The size of `analysis/` in the working tree and in a git revision: one JSON line.

    python -m benchmarks.size [--base REV] [--format]

`code` counts the lines that hold code: no docstring, comment or blank line. `public` counts the
functions, classes and constants at the top of a module whose names have no underscore in front.
A revision of another style is first formatted with ruff at 100 columns by `--format`.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import shutil
import subprocess
import sys
import tempfile
import tokenize
from pathlib import Path

from benchmarks.same import ROOT, unpack

WIDTH = 100
_NO_CODE = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_STATEMENT_START = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.size", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--base", help="a git revision to measure as well")
    parser.add_argument(
        "--format", action="store_true", help="format the revision's files first (needs ruff)"
    )
    options = parser.parse_args(arguments)
    sizes = {"working tree": measure(ROOT / "analysis")}
    if options.base:
        with tempfile.TemporaryDirectory() as folder:
            unpack(ROOT, options.base, Path(folder))
            if options.format:
                format_files(Path(folder, "analysis"))
            sizes[options.base] = measure(Path(folder, "analysis"))
    print(json.dumps(sizes))


def format_files(folder: Path) -> None:
    """Formats the modules below a folder as the project does."""
    ruff = shutil.which("ruff") or shutil.which("ruff", path=Path(sys.executable).parent)
    if ruff is None:
        sys.exit("size: --format needs ruff on the path: install the project's extra `test`.")
    options = ["--isolated", "--quiet", "--target-version", "py311", "--line-length", str(WIDTH)]
    subprocess.run([ruff, "format", *options, str(folder)], check=True)


def measure(package: Path) -> dict[str, int]:
    """Counts over the modules of a package, its folder `text` apart where it matters."""
    totals = dict.fromkeys(
        ["lines", "code_outside_text", "code_in_text", "modules", "public_names", "long_lines"], 0
    )
    for path in sorted(package.rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        lines = source.splitlines()
        in_text = path.relative_to(package).parts[0] == "text"
        totals["lines"] += len(lines)
        totals["code_in_text" if in_text else "code_outside_text"] += code_lines(source)
        totals["modules"] += 1
        totals["public_names"] += len(public_names(source))
        totals["long_lines"] += sum(len(line) > WIDTH for line in lines)
    return totals


def code_lines(source: str) -> int:
    r"""Lines with code; a string that is a whole statement is a docstring.

    Examples
    --------
    >>> code_lines("'About.'\n\n# why\nx = 1  # one\ny = [\n    2,\n]\n")
    4
    """
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    tokens = [token for token in tokens if token.type not in (tokenize.COMMENT, tokenize.NL)]
    held: set[int] = set()
    before = tokenize.NEWLINE
    for token, after in zip(tokens, tokens[1:], strict=False):
        alone = before in _STATEMENT_START and after.type == tokenize.NEWLINE
        if token.type not in _NO_CODE and not (token.type == tokenize.STRING and alone):
            held.update(range(token.start[0], token.end[0] + 1))
        before = token.type
    return len(held)


def public_names(source: str) -> list[str]:
    """Functions, classes and constants that a module defines without an underscore in front."""
    names: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [
                found.id
                for target in targets
                for found in ast.walk(target)
                if isinstance(found, ast.Name) and isinstance(found.ctx, ast.Store)
            ]
    return [name for name in names if not name.startswith("_")]


if __name__ == "__main__":
    main()
