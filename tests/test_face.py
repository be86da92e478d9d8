"""The public face: names that are resolved when they are first used, and their types."""

import ast
import importlib
import inspect
import subprocess
import sys

import pytest

import analysis as tw
from tests.places import ROOT

ROOMS_OF_THE_FACE = ("io", "pl", "tl", "va")
ROOMS = ("analysis", "analysis.io", "analysis.pl", "analysis.tl", "analysis.va")


@pytest.mark.parametrize("room", ROOMS)
def test_type_checkers_see_the_names_that_there_are(room):
    stub = ROOT.joinpath(*room.split("."), "__init__.pyi").read_text(encoding="utf-8")
    imports = [node for node in ast.parse(stub).body if isinstance(node, ast.ImportFrom)]
    seen = {alias.asname: (node.module, alias.name) for node in imports for alias in node.names}
    module = importlib.import_module(room)
    assert set(seen) == set(module.__all__)
    for name, (source, original) in seen.items():
        defining = importlib.import_module(source)  # binds a module to the room, the name must win
        found = getattr(module, name)
        assert found is getattr(defining, original)
        assert inspect.ismodule(found) == (name in ROOMS_OF_THE_FACE)


def test_an_unknown_name_lists_those_that_there_are():
    with pytest.raises(AttributeError, match="analysis.tl has no 'nonsense'; there are axes, cl"):
        _ = tw.tl.nonsense
    assert {"load", "tl"} <= set(dir(tw))


@pytest.mark.parametrize("statement", ["import analysis", "import analysis.cli"])
def test_the_start_imports_no_library(statement):
    code = f"import sys; {statement}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    libraries = set(done.stdout.split()) - set(sys.stdlib_module_names) - {"analysis", "__main__"}
    heavy = {"matplotlib", "numba", "numpy", "pandas", "pydantic", "scipy", "yaml"}
    assert not libraries & heavy
