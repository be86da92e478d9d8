"""Notebooks are stored executed, are thin, and draw every figure that is stored."""

import os
import re
import warnings

import nbformat
import pytest

from analysis.notebooks import execute
from analysis.pages.records import page_name
from tests.places import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_cell_was_executed_in_order_without_an_error(path):
    code = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    assert [c.execution_count for c in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell.outputs]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    corpus = "amnesty2024" if path.stem == "amnesty2024" else "harbour"
    assert "parameters" in code[0].metadata["tags"]
    assert code[0].source == f'corpus = "{corpus}"'


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_cells_are_thin(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert cell.cell_type != "code" or len(cell.source.splitlines()) <= 10, cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_figure_has_a_link_to_its_page(path):
    cells = nbformat.read(path, as_version=4).cells
    corpus = "amnesty2024" if path.stem == "amnesty2024" else "harbour"
    shown = [
        output.data["text/plain"].partition(":")[0].removeprefix(f"figures/{corpus}/")
        for cell in cells
        for output in cell.get("outputs", ())
        if "image/svg+xml" in output.get("data", {})
    ]
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    links = dict(re.findall(rf"\[(\w+)\]\(\.\./pages/{corpus}/([^)]+)\)", text))
    assert shown and links == {name: page_name("figure", name) for name in shown}
    assert f"once `twicetold page {corpus}` has written" in cells[0].source


def test_links_of_an_executed_notebook_are_those_of_its_corpus_and_place(tmp_path):
    (tmp_path / "notebooks").mkdir()
    about = nbformat.v4.new_markdown_cell(
        "[how](../docs/tone.md) [labels](../pages/harbour/x.html), `twicetold page harbour`"
    )
    given = nbformat.v4.new_code_cell('corpus = "harbour"', metadata={"tags": ["parameters"]})
    path = tmp_path / "notebooks" / "a.ipynb"
    about_kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    nbformat.write(nbformat.v4.new_notebook(cells=[about, given], metadata=about_kernel), path)
    done = execute(path, "mine", tmp_path).path
    said = nbformat.read(done, as_version=4).cells[0].source
    assert said == (
        "[how](../../../docs/tone.md) [labels](../../../pages/mine/x.html), `twicetold page mine`"
    )
    assert (done.parent / "../../../pages").resolve() == (tmp_path / "pages").resolve()


@pytest.mark.long
def test_they_run_on_a_corpus_with_texts_and_draw_its_figures(project, monkeypatch, tmp_path):
    monkeypatch.chdir(project)
    monkeypatch.setenv("TWICETOLD_FIGURES", str(tmp_path))
    monkeypatch.delenv("TWICETOLD_TEXTS", raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in NOTEBOOKS:
            names = {}
            for cell in nbformat.read(path, as_version=4).cells:
                if cell.cell_type == "code":
                    exec(cell.source.replace('"amnesty2024"', '"harbour"'), names)
    drawn = {path.name for path in (tmp_path / "harbour").iterdir()}
    stored = (path for path in (ROOT / "figures" / "harbour").iterdir() if path.is_file())
    assert drawn == {path.name for path in stored}


def test_tests_do_not_draw_into_the_committed_figures():
    assert os.environ["TWICETOLD_FIGURES"] != str(ROOT / "figures")
