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
