"""What a release says of itself is the same everywhere, and its wheel works on its own, also on
systems without the modules of POSIX.
"""

import json
import subprocess
import sys
import tomllib
import zipfile

import pytest
import yaml

from tests.places import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
AUTHORS = [author["name"] for author in PROJECT["authors"]]
TITLE = f"Twicetold: {PROJECT['description'][0].lower()}{PROJECT['description'][1:].rstrip('.')}"


def test_the_citation_agrees_with_the_project():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (cited["title"], cited["version"]) == (TITLE, PROJECT["version"])
    assert cited["license"] == PROJECT["license"]
    assert [author["name"] for author in cited["authors"]] == AUTHORS
    assert cited["keywords"] == PROJECT["keywords"]


def test_the_archive_record_agrees_with_the_project():
    record = json.loads((ROOT / ".zenodo.json").read_text(encoding="utf-8"))
    assert (record["title"], record["version"]) == (TITLE, PROJECT["version"])
    assert record["license"] == PROJECT["license"]
    assert [creator["name"] for creator in record["creators"]] == AUTHORS
    assert record["keywords"] == PROJECT["keywords"]


def test_the_changelog_begins_with_the_version():
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert changelog.split("\n## ")[1].split()[0] == PROJECT["version"]


def test_the_workflow_runs_the_two_commands_and_what_windows_users_type():
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    lines = {
        name: [step["run"] for step in job["steps"] if "run" in step]
        for name, job in workflow["jobs"].items()
    }
    browser, figures, tests, in_browser = lines["make"]
    assert "chromium" in browser and (figures, tests) == ("make figures", "make test")
    assert in_browser.endswith('make test-long ARGS="tests/pages/test_browser.py"\n')
    start = (ROOT / "docs/start.md").read_text(encoding="utf-8").splitlines()
    assert lines["windows"] and set(lines["windows"]) <= set(start)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "flit_core.wheel", "--outdir", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


def test_a_wheel_holds_every_file_of_the_package(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if name.startswith("analysis/")}
    files = {path for path in (ROOT / "analysis").rglob("*") if path.is_file()}
    there = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    assert held == there
    assert {"analysis/data/vocab.txt", "analysis/py.typed", "analysis/__init__.pyi"} <= held


# In Python's isolated mode, without the link to this clone that `make setup` leaves, and without
# the modules that Windows lacks and those of a cluster.
INSTALLED = """
import importlib, pkgutil, sys

wheel, clone = sys.argv[1:]
sys.path[:] = [wheel, *(folder for folder in sys.path if folder != clone)]
for name in ("fcntl", "grp", "pwd", "resource", "termios", "distributed"):
    sys.modules[name] = None  # importing it fails
import analysis as tw
from analysis.cli import main

assert tw.__file__.startswith(wheel), tw.__file__
assert main(["--root", wheel, "new", "mine"]) == 0
assert main(["--root", wheel, "check", "mine"]) == 0
for module in pkgutil.walk_packages(tw.__path__, "analysis."):
    importlib.import_module(module.name)
for room in (tw.tl, tw.va):
    assert all(callable(getattr(room, name)) for name in room.__all__)
"""


def test_a_wheel_works_without_the_clone_and_what_only_posix_or_a_cluster_has(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    command = [sys.executable, "-I", "-c", INSTALLED, tmp_path, ROOT]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert "corpus.yml" in done.stdout and "no article yet" in done.stdout
