"""Style, types and the order of the rooms, each by its own tool, set up in pyproject.toml."""

import subprocess
import sys

import pytest

from tests.places import ROOT

IMPORT_LINTER = "from importlinter.cli import lint_imports_command; lint_imports_command()"
TOOLS = {
    "ruff check": ["-m", "ruff", "check", "--quiet", "--output-format", "concise"],
    "ruff format": ["-m", "ruff", "format", "--check", "--quiet", "--diff"],
    "mypy": ["-m", "mypy", "--no-error-summary"],
    "import-linter": ["-c", IMPORT_LINTER, "--no-logo"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_it_finds_nothing(tool):
    done = subprocess.run(
        [sys.executable, *TOOLS[tool]], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        pytest.fail(f"{done.stdout}{done.stderr}", pytrace=False)


def test_no_line_of_the_package_has_more_than_100_characters():
    """Ruff counts the width of letters, and lets pass a long line without a blank."""
    long = [
        f"{path.relative_to(ROOT)}, line {number}"
        for path in (ROOT / "analysis").rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > 100
    ]
    assert not long
