"""The code in README and CONTRIBUTING runs, links lead somewhere, and every command, measure and
option that a page names exists.
"""

import ast
import importlib
import inspect
import re

import pytest

import analysis as tw
from analysis.cli import main
from tests.places import ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "SECURITY.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "questions").glob("*.md")),
    *sorted((ROOT / "benchmarks").glob("*.md")),
]


def code_of(page) -> list[str]:
    return re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda p: p.name)
def test_the_code_runs(page, monkeypatch):
    monkeypatch.chdir(ROOT)
    names = {}
    for block in code_of(page):
        exec(block, names)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_call_fits_its_function(page):
    for node in (n for block in code_of(page) for n in ast.walk(ast.parse(block))):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func).startswith("tw.")):
            continue
        path = ast.unparse(node.func).split(".")[1:]
        if not all(part.isidentifier() for part in path):  # a method of what a call returned
            continue
        function = tw
        for part in path:
            function = getattr(function, part)
        keywords = {k.arg: None for k in node.keywords}
        inspect.signature(function).bind(*node.args, **keywords)


def test_the_page_of_a_paper_runs_in_at_most_ten_lines_and_shows_its_figures(
    project, monkeypatch, tmp_path
):
    monkeypatch.chdir(project)
    monkeypatch.syspath_prepend(ROOT / "docs")
    page = (ROOT / "docs" / "paper.md").read_text(encoding="utf-8")
    made = importlib.import_module("_run").run_page(page, tmp_path, "paper")
    figures = re.findall(r"!\[(.+)\]\(_build/executed/(.+)\)", made)
    assert [name for _, name in figures] == ["paper1.svg", "paper2.svg", "paper3.svg"]
    assert all((tmp_path / name).read_bytes().startswith(b"<?xml") for _, name in figures)
    answers = "".join(code_of(ROOT / "docs" / "paper.md")[:3])
    assert len([line for line in answers.splitlines() if line]) <= 10


def test_every_measure_has_its_page():
    pages = {p.stem for p in (ROOT / "docs" / "questions").glob("*.md")}
    assert pages == {*tw.tl.__all__, "validate", "index"}
    listed = (ROOT / "docs" / "questions" / "index.md").read_text(encoding="utf-8")
    assert all(f"({name}.md)" in listed for name in pages - {"index"})


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
