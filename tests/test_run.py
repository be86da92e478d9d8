"""A run goes on: what cannot be computed is left out and told, cell by cell."""

import os
import shutil
import sys

import nbformat
import pytest

from analysis import cli
from analysis import run as room
from analysis.corpus import load
from analysis.notebooks import Executed, Kernel, LeftOut, _names, _put, execute
from analysis.run import run
from tests.invented import news
from tests.lifelike import write
from tests.places import ROOT
from tests.small import csv_of, put, write_corpus

# draws as `tw.pl` does: into the folder of figures, here of a corpus "small"
DRAW = """\
import os, pathlib
from analysis.errors import FeaturesError

class pl:
    def labels(result, content="new", kind=""):
        folder = pathlib.Path(os.environ["TWICETOLD_FIGURES"], "small")
        folder.mkdir(parents=True, exist_ok=True)
        for end in ("svg", "csv"):
            (folder / f"labels{kind and '_' + kind}.{end}").write_text(content)

def measure(fails=FeaturesError):
    if fails:
        raise fails("there are no axes; add some")
    return 1
"""


# by which signal the kernel ends when this process does
TIED = """\
import ctypes, sys
signal = ctypes.c_int()
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(2, ctypes.byref(signal))
print(signal.value)
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Makes a project's folder with a notebook of given cells, and returns its path."""
    monkeypatch.delenv("TWICETOLD_FIGURES")

    def project(*cells, name="01_small.ipynb"):
        made = [
            nbformat.v4.new_markdown_cell(cell)
            if cell.startswith("#")
            else nbformat.v4.new_code_cell(
                cell, outputs=[nbformat.v4.new_output("stream", text="of another corpus\n")]
            )
            for cell in cells
        ]
        made.insert(0, nbformat.v4.new_code_cell('corpus = "x"', metadata={"tags": ["parameters"]}))
        notebook = nbformat.v4.new_notebook(cells=made)
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        return put(tmp_path / "notebooks" / name, nbformat.writes(notebook))

    return project


def outputs(executed):
    """What each code cell printed, or the name of its error."""
    cells = nbformat.read(executed.path, as_version=4).cells
    return [
        "".join(o.get("text") or o.get("ename", "") for o in cell.outputs)
        for cell in cells
        if cell.cell_type == "code"
    ]


def test_a_cell_that_cannot_be_computed_is_left_out_with_what_needs_it(project, tmp_path):
    path = project(
        DRAW,
        "# Axes",
        "print('before')\naxes = measure()",
        "pl.labels(axes, kind='merges')",
        "shown = [axes for axes in (1, 2)]\nprint(shown)",
        "# Words",
        "words = measure(None)\npl.labels(words)",
        "axes = measure(None)",
        "print(axes)",
    )
    done = execute(path, "small", tmp_path)
    why = "there are no axes; add some"
    assert done.left_out == (LeftOut("Axes", why, ("labels_merges",)),) and not done.failed
    assert outputs(done)[3:] == [
        f"before\nLeft out: {why}\n",
        "Left out: needs `axes`, which was left out above.\n",
        "[1, 2]\n",
        "",
        "",
        "1\n",
    ]
    assert done.drawn == ("labels",) and done.changed == 2
    assert (tmp_path / "figures" / "small" / "labels.svg").read_text() == "new"


def test_an_error_that_nobody_foresaw_is_kept_and_called_a_failure(project, tmp_path):
    path = project(DRAW, "# Odd", "one = measure(ValueError)", "print(one)", "print('on')", TIED)
    done = execute(path, "small", tmp_path)
    assert done.failed and done.left_out[0].why == "ValueError: there are no axes; add some"
    needs = "Left out: needs `one`, which was left out above.\n"
    ends_with_us = f"{9 * (sys.platform == 'linux')}\n"
    assert outputs(done)[3:] == ["ValueError", needs, "on\n", ends_with_us]


def test_a_kernel_that_dies_ends_its_notebook_only(project, tmp_path):
    path = project(DRAW, "# End", "import os\nos._exit(1)", "# More", "pl.labels(1)")
    done = execute(path, "small", tmp_path)
    assert done.failed and done.left_out[0].section == "End"
    assert "died" in done.left_out[0].why and done.left_out[0].figures == ("labels",)
    assert "of another corpus" not in "".join(outputs(done))


# what a notebook finds, and what it could leave to the next one in its kernel
FINDS = """\
import os, random, sys, warnings
import matplotlib.pyplot as plt, numpy as np, pandas as pd
print("left" in dir(), os.environ.get("LEFT"), os.path.basename(os.getcwd()), plt.get_fignums())
print(plt.rcParams["font.size"], np.get_printoptions()["precision"], np.geterr()["divide"])
print(pd.get_option("display.max_rows"), "gone" in sys.path, random.random() == 0.13436424411240122)
warnings.warn_explicit("odd", UserWarning, "some.py", 1, registry=sys.__dict__.setdefault("r", {}))
"""
LEAVES = """\
plt.figure(), warnings.simplefilter("ignore"), pd.set_option("display.max_rows", 3)
plt.rcParams["font.size"], os.environ["LEFT"] = 77, "left"
np.set_printoptions(precision=1), np.seterr(divide="ignore"), random.seed(1)
sys.path.append("gone"), os.chdir("/")
left = 1;
"""


def test_notebooks_take_turns_in_one_kernel_and_leave_each_other_nothing(project, tmp_path):
    pid = "print(os.getpid())"
    paths = [
        project(FINDS, LEAVES, pid, DRAW, "pl.labels(1)", name="01.ipynb"),
        project(FINDS, pid, "left", name="02.ipynb"),
    ]
    with Kernel() as kernel:
        first, second = (execute(path, "small", tmp_path, kernel=kernel) for path in paths)
    assert first.drawn == ("labels",) and not first.failed and not second.drawn
    found, then = outputs(first), outputs(second)
    assert "False None notebooks []" in found[2] and "odd" in found[2] and found[2] == then[2]
    assert found[4] == then[3] and "name 'left' is not defined" in second.left_out[0].why
    counts = [cell.execution_count for cell in nbformat.read(second.path, as_version=4).cells]
    assert counts[:4] == [1, 2, 3, 4]


def test_a_kernel_that_dies_is_followed_by_another(project, tmp_path):
    pid = "import os\nprint(os.getpid())"
    paths = [
        project(pid, "os._exit(1)", "1", name="01.ipynb"),
        project(pid, "exit()", name="02.ipynb"),
        project(pid, "2", name="03.ipynb"),
        project(pid, "3", name="04.ipynb"),
    ]
    with Kernel() as kernel:
        done = [execute(path, "small", tmp_path, kernel=kernel) for path in paths]
        ran = [int(outputs(each)[2]) for each in done]
        os.kill(ran[-1], 0)
    assert [each.failed for each in done] == [True, False, False, False]
    assert ran[0] != ran[1] != ran[2] == ran[3]
    with pytest.raises(ProcessLookupError):
        os.kill(ran[-1], 0)


def test_notebooks_that_are_stored_must_be_whole(project, tmp_path):
    path = project(DRAW, "# Axes", "axes = measure()")
    before = path.read_bytes()
    with pytest.raises(room.TwicetoldError, match="stopped under 'Axes': there are no axes"):
        execute(path, None, tmp_path)
    assert path.read_bytes() == before


def test_a_cell_that_takes_long_is_named_while_it_runs(project, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.notebooks.PATIENCE", 0.5)
    path = project("# wait", "import time\nresult = time.sleep(1.5)", "1 + 1")
    lines = []
    execute(path, None, tmp_path, say=lines.append)
    assert lines == ["01_small: computing result = time.sleep(1.5)"]


def test_a_run_lists_what_was_drawn_and_left_out_and_puts_old_figures_aside(project, tmp_path):
    write_corpus(tmp_path / "corpus" / "small")
    figures = tmp_path / "figures" / "small"
    figures.mkdir(parents=True)
    for name in ("labels_merges.svg", "labels_merges.more.csv", "mine.svg"):
        put(figures / name, "old")
    fails = "axes = measure()\npl.labels(axes, kind='merges')"
    project(DRAW, "# Axes", fails, "# All", "pl.labels(1)")
    put(tmp_path / "notebooks" / "02_broken.ipynb", "none")
    lines = []
    outcome = run(["small"], root=tmp_path, say=lines.append)
    assert outcome.failed and not outcome.problems
    said = "\n".join(lines)
    assert "1 figure drawn" in said and "  - 01_small, Axes: there are no axes; add some" in said
    assert "(not drawn: labels_merges)" in said and "small: failed:\n  - 02_broken" in said
    assert "now in figures/small/earlier/: labels_merges" in said
    there = {"labels.svg", "labels.csv", "mine.svg", "earlier"}
    assert {p.name for p in figures.iterdir()} == there, "what nobody left out stays"
    shared = "import os\nassert os.path.isdir(os.environ['TWICETOLD_WORDS'])"
    project(DRAW, "# Axes", fails.replace("measure()", "measure(None)"), shared)
    (tmp_path / "notebooks" / "02_broken.ipynb").unlink()
    assert not run(["small"], root=tmp_path, say=lines.append).failed
    assert (figures / "labels_merges.svg").read_text() == "new"
    assert not (figures / "earlier").exists()


def test_the_report_tells_figures_in_the_order_of_the_notebooks_and_says_what_fails(
    tmp_path, monkeypatch
):
    monkeypatch.delenv("TWICETOLD_FIGURES")
    told, lines = [], []
    monkeypatch.setattr(room, "write_handout", lambda *given: told.append(given) or ["x: too long"])
    done = [
        Executed(tmp_path / "01", 1, ("frames", "axes_weeks"), can_draw=("labels", "frames")),
        Executed(tmp_path / "02", 1, ("tone", "axes"), can_draw=("tone", "axes")),
    ]
    room._hand_out("small", done, tmp_path, lines.append)
    names = ["frames", "tone", "axes", "axes_weeks"]
    assert told == [(tmp_path / "figures" / "small", "small", names, {})]
    assert "figures/small/report/" in lines[0] and lines[0].endswith("\n  - x: too long")
    room._hand_out("small", [], tmp_path, lines.append)
    assert len(told) == 1, "nothing drawn, nothing told"


def test_a_corpus_that_is_named_twice_is_measured_once(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(room, "_opened", lambda name, *_: opened.append(name))
    run(["small", "other", "small"], root=tmp_path, say=lambda line: None)
    assert opened == ["small", "other"]


def test_a_project_outside_the_clone_runs_the_clones_notebooks_unless_it_has_its_own(project):
    own = project("1", name="01_small.ipynb").parents[1]
    assert [path.parent for path in room._notebooks(own, "x")] == [own / "notebooks"]
    numbered = sorted((ROOT / "notebooks").glob("0*.ipynb"))
    assert len(numbered) == 8 and room._notebooks(own / "elsewhere", "x") == numbered


def test_a_section_is_named_in_the_report_and_a_notebooks_own_title_is_not():
    assert (room._under("Axes"), room._under("1 Words"), room._under("")) == (", Axes", "", ", ")


def test_files_of_figures_count_as_changed_where_they_are_new_or_other(tmp_path):
    for name, before, now in (
        ("a.svg", "same", "same"),
        ("b.svg", "old", "new"),
        ("c.svg", "", "new"),
    ):
        for folder, content in (("drawn", now), ("figures", before)):
            (tmp_path / folder / "small").mkdir(parents=True, exist_ok=True)
            if content:
                put(tmp_path / folder / "small" / name, content)
    assert _put(tmp_path / "drawn", tmp_path / "figures") == (("a", "b", "c"), 2)
    assert (tmp_path / "figures" / "small" / "b.svg").read_text() == "new"


def test_what_a_loop_runs_over_is_needed_and_its_variable_is_not():
    needed, defined = _names("for kind in kinds:\n    kind.save()\nlast = [n for n in kinds]")
    assert (needed, defined) == (["kinds"], ["kind", "last"])


# case: articles, what must be left out (words of the lines that say so)
CASES = {
    "one": ({"n": 1, "outlets": 1}, ["keyness compares", "clusters need", "word_shift compares"]),
    "two": ({"n": 2, "outlets": 2}, ["names no actors"]),
    "nodates": ({"n": 12, "outlets": 3, "dates": False}, []),
    "nooutlets": ({"n": 12, "outlets": 0}, []),
    "oneoutlet": ({"n": 12, "outlets": 1}, []),
    "german": (
        {"n": 12, "outlets": 3, "language": "de"},
        ["names no actors", "the sentence encoder", "axes is made", "sentiment ("],
    ),
}


def commands(root, capsys):
    """What runs a command in a folder and gives back what it said."""

    def twicetold(*arguments):
        assert cli.main(["--root", str(root), *map(str, arguments)]) == 0
        return capsys.readouterr().out

    return twicetold


@pytest.mark.parametrize("case", [pytest.param(c, marks=pytest.mark.long) for c in CASES])
def test_a_new_corpus_as_it_is_ends_well(tmp_path, monkeypatch, capsys, case):
    monkeypatch.setenv("TWICETOLD_FIGURES", str(tmp_path / "figures"))
    (tmp_path / "corpus").mkdir()
    shutil.copytree(
        ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns("executed")
    )
    about, left_out = CASES[case]
    table = put(tmp_path / "articles.csv", csv_of(news(**about)))
    twicetold = commands(tmp_path, capsys)
    twicetold("new", case, "--from", table, "--language", about.get("language", "en"))
    assert "no fault found" in twicetold("check", case)
    said = twicetold("run", case)
    lines = [line for line in said.splitlines() if line.startswith("  - ")]
    assert all(any(words in line for line in lines) for words in left_out)
    assert all(any(words in line for words in left_out) for line in lines)
    assert "failed" not in said
    executed = sorted((tmp_path / "notebooks" / "executed" / case).iterdir())
    assert len(executed) == 8
    for path in executed:
        cells = nbformat.read(path, as_version=4).cells
        found = [o for cell in cells for o in cell.get("outputs", ())]
        assert not [o for o in found if o.output_type == "error" or o.get("name") == "stderr"]
        assert "amnesty2024" not in "".join(str(o.get("data", o.get("text"))) for o in found)
    assert len([f for f in os.listdir(tmp_path / "figures" / case) if f.endswith(".svg")]) > 15


def in_one(paths):
    """A notebook with all cells of several, in which each opens the corpus anew."""
    whole, *rest = [nbformat.read(path, as_version=4) for path in paths]
    for cell in (cell for notebook in rest for cell in notebook.cells):
        if "parameters" in cell.metadata.get("tags", ()):
            cell.metadata, cell.source = {}, "corpus = corpus.name"
        whole.cells.append(cell)
    for number, cell in enumerate(whole.cells):
        cell.id = str(number)
    return nbformat.writes(whole)


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_a_corpus_that_looks_like_life_from_its_table_to_its_figures(
    tmp_path, monkeypatch, capsys, whole
):
    """`make test` runs the cells of two notebooks in one kernel: tests/pl/test_legibility.py
    draws what the others show, of articles like these.
    """
    monkeypatch.setenv("TWICETOLD_FIGURES", str(tmp_path / "figures"))
    (tmp_path / "corpus").mkdir()
    if not whole:  # two pages an article: of few articles they are written above
        monkeypatch.setattr(room, "_write_pages", lambda *_: None)
    if whole:
        without = shutil.ignore_patterns("executed")
        shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=without)
    else:
        (tmp_path / "notebooks").mkdir()
        paths = sorted((ROOT / "notebooks").glob("0[13]_*.ipynb"))
        put(tmp_path / "notebooks" / "01_all.ipynb", in_one(paths))
    n = 60 if whole else 32
    planted = write(tmp_path / "export.csv", n)
    twicetold = commands(tmp_path, capsys)
    said = twicetold("new", "life", "--from", tmp_path / "export.csv", "--drop-duplicates")
    assert f"{n} articles read" in said and "Windows-1252" in said
    report = (tmp_path / "corpus" / "life" / "import.csv").read_text(encoding="utf-8")
    assert report.count("left out") == len(planted["copies"] + planted["updates"]) + 3
    checked = twicetold("check", "life")
    unknown = f"outlet is empty in {len(planted['unknown'])} of {n} rows"
    assert "no fault found" in checked and unknown in checked
    assert "actor brandt: in" in checked and "Pavel Ormond" in checked
    said = twicetold("run", "life")
    assert "failed" not in said and "left out:" not in said, said
    corpus = load("life", root=tmp_path / "corpus")
    assert corpus.metadata["published"].min() == "2024-05-06"
    masks = corpus.features.table("masks")
    assert {"furniture", "caption", "space"} <= set(masks["reason"])
    terms = set(corpus.features.table("terms")["term"])
    assert not terms & {"newsletter", "subscribe", "facebook", "toggle", "caption"}
    drawn = {f.name for f in (tmp_path / "figures" / "life").iterdir()}
    assert {"overview.svg", "tone.svg"} <= drawn
    assert ({"keyness.svg", "frames.svg", "reuse.svg", "clusters.svg"} <= drawn) == whole
