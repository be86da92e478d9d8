"""What all tests share: where they draw, threads, hypothesis' profiles, what is compared."""

import contextlib
import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

# Tests and nbval's kernels draw into their own folder: committed figures are never overwritten.
_FIGURES = tempfile.TemporaryDirectory(prefix="twicetold-figures-")
os.environ["TWICETOLD_FIGURES"] = _FIGURES.name

# A project with `harbour` extracted anew, for the notebooks and the tests of all processes.
_PROJECT = tempfile.TemporaryDirectory(prefix="twicetold-project-")
os.environ.setdefault("TWICETOLD_TEST_PROJECT", _PROJECT.name)

# Before NumPy is imported: last digits must not depend on the number of processors.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("PYTHONHASHSEED", "0")
os.environ.setdefault("MPLBACKEND", "agg")
os.environ.setdefault("TQDM_DISABLE", "1")

# Most objects live to the end of the run: it takes long to look through them for those that do not.
gc.set_threshold(100_000, 20, 100)

# A test may be given the same temporary folder for every example: they write what they read.
_SAME_FOLDER = [HealthCheck.function_scoped_fixture]
settings.register_profile(
    "short", max_examples=9, deadline=None, derandomize=True, suppress_health_check=_SAME_FOLDER
)
settings.register_profile(
    "long", max_examples=300, deadline=None, suppress_health_check=_SAME_FOLDER
)
settings.load_profile("short")

# The rules of English are tested in tests/; the next version replaces them.
# What the appendix shows are figures, which tests/pl/test_figures.py draws from its own results.
collect_ignore_glob = ["analysis/text/*", "notebooks/08_appendix.ipynb"]


# Files that take longest go first, so that no process is left with one at the end.
_FIRST = """
harbour tests/pl/test_legibility.py notebooks tests/test_run.py
tests/tl/test_growing_reuse.py tests/test_style.py tests/test_shipped_tables.py
tests/reuse/test_engines.py tests/test_extract.py tests/va/test_validate.py tests/tl/test_frames.py
tests/tl/test_sentiment.py tests/test_robustness.py tests/tl/test_stories.py tests/tl/test_reuse.py
tests/tl/test_axes.py tests/tl/test_profile.py tests/tl/test_keyness.py tests/tl/test_stance.py
tests/tl/test_clusters.py tests/tl/test_lineage.py tests/tl/test_claims.py tests/tl/test_voices.py
tests/tl/test_tone_words.py tests/tl/test_disagreements.py tests/tl/test_overview.py
tests/tl/test_lost_source.py tests/tl/test_story.py tests/tl/test_tone.py tests/reuse/test_marks.py
tests/test_release.py tests/tl/test_between.py
""".split()


def _together(nodeid: str) -> str:
    """What one process runs: a file, the notebooks in their kernel, or all that reads `harbour`."""
    file = nodeid.split("::")[0]
    if _measured(file) or file in ("tests/test_share.py", "tests/test_benchmarks.py"):
        return "harbour"
    return "notebooks" if file.startswith("notebooks/") else file


def _measured(file: str) -> bool:
    """Whether tests share what they measure: examples of docstrings and pages, all figures."""
    return file.startswith("analysis/") or file in (
        "tests/pl/test_figures.py",
        "tests/test_docs.py",
    )


@pytest.hookimpl(tryfirst=True)  # before those that are not asked for are left out
def pytest_collection_modifyitems(config, items):
    """Mark cases beside `short` as long; put what `_FIRST` names first, in its order."""
    named = {}
    for item in items:
        if short := item.get_closest_marker("short"):
            of_test = named.setdefault(item.nodeid.split("[")[0], {*short.args})
            of_test.discard(item.callspec.id)
            if item.callspec.id not in short.args:
                item.add_marker("long")
    wrong = {test: ids for test, ids in named.items() if ids}
    if wrong and not any("::" in str(argument) for argument in config.args):
        raise pytest.UsageError(f"`short` names cases that are none: {wrong}")
    places = {part: place for place, part in enumerate(_FIRST)}
    items.sort(key=lambda item: places.get(_together(item.nodeid), len(places)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give each process what belongs together, see `_together`."""
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return _together(nodeid)

    return Together(config, log) if config.getvalue("dist") == "loadfile" else None


def pytest_collectstart(collector):
    """Leave SVG out of what nbval compares: the figures' CSV files are compared instead."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("image/svg+xml",)
        collector.setup, collector.teardown = _lent_kernel(collector), lambda: None


_KERNELS = []  # the one of this process, once a notebook has started it


# Figures are rendered in tests/pl and tests/test_run.py; of a notebook's, the numbers are compared.
_UNDRAWN = "__import__('analysis.pl.figure').pl.figure.Figure._render = lambda *_: b''"
# Nor does each take the time to look for what could be freed among all that was imported.
_FROZEN = "__import__('gc').freeze()"


def _lent_kernel(notebook):
    """Let the notebooks of a process take turns in one kernel, each without the others' names.

    A kernel of its own for each would import everything anew.
    """
    start = notebook.setup

    def setup():
        if not _KERNELS or not _KERNELS[0].is_alive():
            start()
            _KERNELS[:] = [notebook.kernel]
        notebook.kernel = _KERNELS[0]
        notebook.setup_sanitize_files()
        for cell in (_UNDRAWN, _FROZEN, "%reset -f"):
            sent = notebook.kernel.execute_cell_input(cell)
            notebook.kernel.await_reply(sent, timeout=60)
            notebook.kernel.await_idle(sent, 60)

    return setup


def pytest_sessionfinish():
    """End the notebooks' kernel, and keep pytest from looking five times through all that lives."""
    for kernel in _KERNELS:
        if kernel.is_alive():
            kernel.stop()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Let notebooks and docstrings' examples read the corpora that were extracted for this run.

    Examples, and the tests of all figures, are given what others of them measured.
    """
    item.stash[_BEGAN] = _cpu()
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as opened:
        if type(item).__name__ in ("IPyNbCell", "DoctestItem"):
            patch.setenv("TWICETOLD_CORPORA", str(extracted_project() / "corpus"))
        if _measured(item.nodeid.split("::")[0]):
            from tests.remembered import measuring_once

            opened.enter_context(measuring_once())
        return (yield)


# --- what tests cost ---

_BEGAN = pytest.StashKey[float]()


def _cpu() -> float:
    """CPU seconds of this process and of those that it started and that ended."""
    return sum(os.times()[:4])


def pytest_addoption(parser):
    """Add `--cost N`, which lists the tests that take most CPU time."""
    parser.addoption("--cost", type=int, metavar="N", help="list N tests by their CPU time")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Note in the last report of a test what it took with its fixtures."""
    report = yield
    if call.when == "teardown":
        report.user_properties.append(("cpu", _cpu() - item.stash[_BEGAN]))
    return report


def pytest_terminal_summary(terminalreporter, config):
    """List what was asked for: CPU seconds and the name of a test."""
    if not config.getoption("cost"):
        return
    ended = [r for r in terminalreporter.getreports("") if getattr(r, "when", "") == "teardown"]
    costs = sorted(((dict(r.user_properties)["cpu"], r.nodeid) for r in ended), reverse=True)
    terminalreporter.section(f"{sum(cost for cost, _ in costs):.0f} CPU s in {len(costs)} tests")
    for cost, nodeid in costs[: config.getoption("cost")]:
        terminalreporter.write_line(f"{cost:7.2f} {nodeid}")


def extracted_project() -> Path:
    """A project's folder with both corpora, `harbour` extracted: made once a run."""
    import analysis as tw
    from tests.remembered import remembering

    root = Path(os.environ["TWICETOLD_TEST_PROJECT"])
    with FileLock(root / "lock"):
        if not (root / "done").exists():
            ours = Path(__file__).parent / "corpus"
            for name in ("harbour", "amnesty2024"):
                apart = shutil.ignore_patterns("private", ".*")
                shutil.copytree(ours / name, root / "corpus" / name, ignore=apart)
            with remembering():  # many tests read its texts
                tw.extract(tw.load(root / "corpus" / "harbour"), say=lambda line: None)
            (root / "done").touch()
    return root
