"""The code in README and CONTRIBUTING runs, links lead somewhere, and every command that is named
exists.
"""

import re

import pytest

from analysis.cli import main
from tests.places import ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
]


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda p: p.name)
def test_the_code_runs(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    names = {}
    for block in re.findall(
        r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL
    ):
        exec(block, names)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_every_command_that_is_named_exists(capsys):
    named = {
        m
        for page in PAGES
        for m in re.findall(
            r"twicetold (new|[a-z]+)\b (?=[A-Za-z]+`| *[A-Z-])", page.read_text(encoding="utf-8")
        )
    }
    for command in named:
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0, command
    assert {"new", "check", "share", "run"} <= named
