"""Run everything for a corpus: checks, extraction where texts are needed, notebooks, figures."""

from __future__ import annotations

import concurrent.futures
import contextlib
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbclient
import nbformat
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

from analysis.checks import check
from analysis.corpus import load
from analysis.errors import CorpusError, TwicetoldError
from analysis.extract.extraction import extract
from analysis.files import project_root, write_text
from analysis.progress import PATIENCE

CORPORA = ("harbour", "amnesty2024")
_NO_WORK = re.compile(r"\s*(#|%|import |from |$)")


@dataclass(frozen=True)
class Executed:
    """The outcome of one notebook.

    Attributes
    ----------
    path : path
        The executed notebook.
    seconds : float
    refused : str
        Why a measure cannot be made in the corpus's language; empty if all were made.
    """

    path: Path
    seconds: float
    refused: str = ""


def run(
    corpora: list[str] | None = None,
    *,
    root: Path | None = None,
    workers: int = 2,
    say: Callable[[str], None] = print,
) -> list[Executed]:
    """Check, extract, execute the notebooks and draw the figures of some corpora.

    Nothing is written before every corpus has passed its checks.

    Parameters
    ----------
    corpora : list of str
        Names of folders under `corpus/`, or the folders; both shipped corpora if none is given.
    root : path, optional
        The project's folder.
    workers : int
        Notebooks executed at once.
    say : callable
        Takes each line of progress.

    Returns
    -------
    list of Executed
        In the order in which the notebooks ended.

    Raises
    ------
    CorpusError
        If a corpus has faults.
    TwicetoldError
        If a cell of a notebook fails.
    """
    root = Path(root or project_root())
    started = time.monotonic()
    loaded = []
    for name in corpora or CORPORA:
        corpus = load(name, root=root / "corpus")
        if faults := check(corpus.folder):
            raise CorpusError(corpus.folder, faults)
        loaded.append(corpus)
    for corpus in loaded:
        if (corpus.folder / "features").is_dir():
            say(f"{corpus.name}: measured on its shipped features; no texts are needed")
        else:
            extract(corpus, say=say)
    jobs = [(corpus.name, path) for corpus in loaded for path in _notebooks(root)]
    before = {corpus.name: _stamps(root / "figures" / corpus.name) for corpus in loaded}
    done: list[Executed] = []
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        futures = {
            pool.submit(execute, path, name, root, say=say): (name, path) for name, path in jobs
        }
        try:
            for future in concurrent.futures.as_completed(futures):
                name, path = futures[future]
                result = future.result()
                done.append(result)
                ended = (
                    f"refused: {result.refused}" if result.refused else f"{result.seconds:.0f} s"
                )
                say(f"[{len(done)}/{len(jobs)}] {name} / {path.stem}: {ended}")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for name, earlier in before.items():
        now = _stamps(root / "figures" / name)
        changed = sum(now[file] != earlier.get(file) for file in now)
        # a figure may have further tables, each a .csv
        names = sorted(Path(file).stem for file in now if file.endswith(".svg"))
        say(
            f"figures/{name}/: {len(names)} figures as .svg, .pdf, .csv and .json ({changed}"
            f" of {len(now)} files changed): " + ", ".join(names)
        )
    say(f"notebooks/executed/: {len(done)} notebooks. Done in {time.monotonic() - started:.0f} s.")
    return done


def _stamps(folder: Path) -> dict[str, int]:
    files = folder.iterdir() if folder.is_dir() else ()
    return {file.name: file.stat().st_mtime_ns for file in files if not file.name.startswith(".")}


def execute(
    path: Path, corpus: str | None, root: Path, *, say: Callable[[str], None] = print
) -> Executed:
    """Execute one notebook for a corpus, into `notebooks/executed/<corpus>/`.

    Parameters
    ----------
    path : path
        The notebook.
    corpus : str or None
        With None the notebook is executed as it is, and written in its place.
    root : path
        The project's folder.
    say : callable
        Takes a line for each cell that runs for more than five seconds.

    Returns
    -------
    Executed

    Raises
    ------
    TwicetoldError
        If a cell fails for another reason than the corpus's language.
    """
    started = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    if corpus is not None:
        _set_parameter(notebook, path, corpus)
    refused = ""
    label = f"{corpus} / {path.stem}" if corpus is not None else path.stem
    try:
        with (
            tempfile.TemporaryDirectory(prefix="twicetold-") as private,
            _Watch(label, say) as watch,
        ):
            config = Config()
            if os.name == "posix":
                # sockets in a private folder: else the kernel listens on TCP ports open to others
                config.KernelManager.transport = "ipc"
                config.KernelManager.ip = f"{private}/kernel"
            nbclient.NotebookClient(
                notebook,
                timeout=3600,
                kernel_name="python3",
                config=config,
                record_timing=False,
                resources={"metadata": {"path": str(root / "notebooks")}},
                on_cell_execute=watch.begin,
                on_cell_executed=watch.end,
            ).execute()
    except CellExecutionError as error:
        if error.ename != "LanguageError":
            problem = f"{path.name} stopped for {corpus}: {error.ename}: {error.evalue}"
            raise TwicetoldError(problem) from None
        refused = error.evalue
    kernel = notebook.metadata["kernelspec"]
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}  # no version
    target = path if corpus is None else root / "notebooks" / "executed" / corpus / path.name
    write_text(target, nbformat.writes(notebook) + "\n")
    return Executed(target, time.monotonic() - started, refused)


class _Watch(contextlib.AbstractContextManager):
    """Says which cell of a notebook is running when it takes longer than `PATIENCE`."""

    def __init__(self, label: str, say: Callable[[str], None]):
        self._label, self._say, self._timer = label, say, None

    def begin(self, cell, **_) -> None:
        lines = [line for line in cell.source.splitlines() if not _NO_WORK.match(line)]
        line = f"{self._label}: computing {lines[0] if lines else 'a cell'}"
        self._timer = threading.Timer(PATIENCE, self._say, (line,))
        self._timer.daemon = True
        self._timer.start()

    def end(self, **_) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def __exit__(self, *_) -> None:
        self.end()


def store(root: Path | None = None, *, say: Callable[[str], None] = print) -> list[Executed]:
    """Execute the notebooks as they are and keep their outputs in them, for the tests.

    Parameters
    ----------
    root : path, optional
        The project's folder.
    say : callable
        Takes each line of progress.

    Returns
    -------
    list of Executed
    """
    root = Path(root or project_root())
    done = []
    for path in _notebooks(root):
        done.append(execute(path, None, root, say=say))
        say(f"{path.relative_to(root)}: {done[-1].seconds:.0f} s")
    return done


def _notebooks(root: Path) -> list[Path]:
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def _set_parameter(notebook, path: Path, corpus: str) -> None:
    """Put a cell after the one tagged "parameters", as papermill does."""
    for index, cell in enumerate(notebook.cells, start=1):
        if "parameters" in cell.metadata.get("tags", []):
            tags = {"tags": ["injected-parameters"]}
            injected = nbformat.v4.new_code_cell(f"corpus = {corpus!r}", metadata=tags)
            notebook.cells.insert(index, injected)
            return
    raise TwicetoldError(f'{path}: no cell is tagged "parameters"; tag the one that sets `corpus`.')
