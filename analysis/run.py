"""Run everything for a corpus: checks, extraction where texts are needed, notebooks, figures."""

from __future__ import annotations

import concurrent.futures
import os
import tempfile
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
from analysis.extract.corpus import extract
from analysis.files import project_root, write_text

CORPORA = ("harbour", "amnesty2024")


@dataclass(frozen=True)
class Executed:
    """What became of one notebook.

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
    """
    root = Path(root or project_root())
    started = time.monotonic()
    loaded = []
    for name in corpora or CORPORA:
        corpus = load(name, root=root / "corpus")
        faults = check(corpus.folder)
        if faults:
            raise CorpusError(corpus.folder, faults)
        loaded.append(corpus)
    for corpus in loaded:
        if (corpus.folder / "features").is_dir():
            say(f"{corpus.name}: measured on its shipped features; no texts are needed")
        else:
            extract(corpus, say=say)
    jobs = [(corpus, path) for corpus in loaded for path in _notebooks(root)]
    before = {corpus.name: _stamps(root / "figures" / corpus.name) for corpus in loaded}
    done: list[Executed] = []
    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        futures = {
            pool.submit(execute, path, corpus.name, root): (corpus, path) for corpus, path in jobs
        }
        try:
            for future in concurrent.futures.as_completed(futures):
                corpus, path = futures[future]
                done.append(future.result())
                said = (
                    f"refused: {done[-1].refused}"
                    if done[-1].refused
                    else f"{done[-1].seconds:.0f} s"
                )
                say(f"[{len(done)}/{len(jobs)}] {corpus.name} / {path.stem}: {said}")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    for corpus in loaded:
        folder = root / "figures" / corpus.name
        now = _stamps(folder)
        changed = sum(now[f] != before[corpus.name].get(f) for f in now)
        names = sorted({Path(f).stem for f in now})
        say(
            f"figures/{corpus.name}/: {len(names)} figures as .svg, .pdf, .csv and .json ({changed}"
            f" of {len(now)} files changed): " + ", ".join(names)
        )
    say(f"notebooks/executed/: {len(done)} notebooks. Done in {time.monotonic() - started:.0f} s.")
    return done


def _stamps(folder: Path) -> dict[str, int]:
    return (
        {p.name: p.stat().st_mtime_ns for p in folder.iterdir() if not p.name.startswith(".")}
        if folder.is_dir()
        else {}
    )


def execute(path: Path, corpus: str | None, root: Path) -> Executed:
    """Execute one notebook for a corpus, into `notebooks/executed/<corpus>/`.

    With None as the corpus it is executed as it stands, in its place.
    """
    started = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    if corpus is not None:
        _set_parameter(notebook, path, corpus)
    refused = ""
    try:
        with tempfile.TemporaryDirectory(prefix="twicetold-") as private:
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
            ).execute()
    except CellExecutionError as error:
        if error.ename != "LanguageError":
            raise TwicetoldError(
                f"{path.name} stopped for {corpus}: {error.ename}: {error.evalue}"
            ) from None
        refused = error.evalue
    notebook.metadata = {
        "kernelspec": notebook.metadata["kernelspec"],
        "language_info": {"name": "python"},
    }  # no version of Python
    target = path if corpus is None else root / "notebooks" / "executed" / corpus / path.name
    write_text(target, nbformat.writes(notebook) + "\n")
    return Executed(target, time.monotonic() - started, refused)


def store(root: Path | None = None, *, say: Callable[[str], None] = print) -> list[Executed]:
    """Execute the notebooks as they stand and keep their outputs in them.

    The tests compare what notebooks give with these outputs.
    """
    root = Path(root or project_root())
    done = []
    for path in _notebooks(root):
        done.append(execute(path, None, root))
        say(f"{path.relative_to(root)}: {done[-1].seconds:.0f} s")
    return done


def _notebooks(root: Path) -> list[Path]:
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def _set_parameter(notebook, path: Path, corpus: str) -> None:
    """Put a cell behind the one tagged "parameters", as papermill does."""
    for index, cell in enumerate(notebook.cells):
        if "parameters" in cell.metadata.get("tags", []):
            injected = nbformat.v4.new_code_cell(
                f"corpus = {corpus!r}", metadata={"tags": ["injected-parameters"]}
            )
            notebook.cells.insert(index + 1, injected)
            return
    raise TwicetoldError(f'{path}: no cell is tagged "parameters"; tag the one that sets `corpus`.')
