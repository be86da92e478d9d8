"""Lines of code and names of a package written for the purpose."""

import json
import subprocess

import pytest

from benchmarks import size

MODULE = '''"""A module."""

LIMIT = 3
_HIDDEN = 4
low, high = 1, 2


def measure(a: int) -> str:
    """Return a text.

    Over several lines.
    """
    # a comment
    return """two
    lines"""


class Result:
    """Only a docstring."""

    def method(self): pass
'''


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(size, "ROOT", tmp_path)
    (tmp_path / "analysis/text").mkdir(parents=True)
    (tmp_path / "analysis/one.py").write_text(MODULE)
    (tmp_path / "analysis/text/two.py").write_text("x = 1  # " + "é" * 92 + "\n")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        names = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", "-C", tmp_path, *names, *command], check=True)
    return tmp_path


def test_code_and_names_are_counted(project):
    assert size.code_lines(MODULE) == 8
    assert size.public_names(MODULE) == ["LIMIT", "low", "high", "measure", "Result"]
    assert size.measure(project / "analysis") == {
        "lines": len(MODULE.splitlines()) + 1,
        "code_outside_text": 8,
        "code_in_text": 1,
        "modules": 2,
        "public_names": 6,
        "long_lines": 1,
    }


def test_characters_are_counted_not_bytes(project):
    (project / "analysis/text/two.py").write_text("x = 1  # " + "é" * 91 + "\n")
    assert size.measure(project / "analysis")["long_lines"] == 0


def test_a_revision_is_measured_beside_the_tree(project, capsys):
    (project / "analysis/one.py").unlink()
    size.main(["--base", "HEAD"])
    sizes = json.loads(capsys.readouterr().out)
    assert [found["modules"] for found in sizes.values()] == [1, 2]


def test_a_revision_is_formatted_first(project, capsys):
    size.main(["--base", "HEAD", "--format"])
    sizes = json.loads(capsys.readouterr().out)
    assert sizes["HEAD"]["code_outside_text"] == 9  # `pass` gets a line
    assert "def method(self): pass" in (project / "analysis/one.py").read_text()
