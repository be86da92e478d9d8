"""Run everything for a corpus: checks, extraction where texts are needed, notebooks, figures."""

from __future__ import annotations

import collections
import concurrent.futures
import contextlib
import fnmatch
import os
import queue
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from analysis.checks import EMPTY, TO_BEGIN, check
from analysis.corpus import Corpus, corpus_folder, load
from analysis.errors import CorpusError, TwicetoldError
from analysis.extract.extraction import extract
from analysis.extract.failures import refuse_unread
from analysis.files import clone_root, figures_folder, locked, project_root
from analysis.foresight import foresee
from analysis.notebooks import Executed, Kernel, execute
from analysis.outputs.handout import HANDOUT, write_handout
from analysis.pages.records import page_name
from analysis.pages.site import MOST_WHOLE
from analysis.pages.writing import PAGES, write_pages
from analysis.results import count

CORPORA = ("harbour", "amnesty2024")
_NUMBERED = "[0-9][0-9]_*.ipynb"  # notebooks for any corpus
EARLIER = "earlier"  # beside the figures: those of an earlier run that this one left out


@dataclass(frozen=True)
class Outcome:
    """What a run did.

    Attributes
    ----------
    notebooks : list of (str, Executed)
        Corpus and outcome, in the order in which the notebooks ended.
    problems : dict of str to str
        Corpora that could not be measured at all, and why.
    """

    notebooks: list[tuple[str, Executed]] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether a corpus has faults, or an error occurred that nobody foresaw."""
        return bool(self.problems) or any(done.failed for _, done in self.notebooks)


def run(
    corpora: list[str] | None = None,
    *,
    root: Path | None = None,
    workers: int = 2,
    say: Callable[[str], None] = print,
) -> Outcome:
    """Check, extract, execute the notebooks and draw the figures of some corpora.

    What cannot be computed is left out and told at the end; the other cells, notebooks and corpora
    run.

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
    Outcome
    """
    root = Path(root or project_root())
    started = time.monotonic()
    outcome, todo = Outcome(), []
    with contextlib.ExitStack() as stack:
        for name in dict.fromkeys(corpora or CORPORA):
            try:
                if (corpus := _opened(name, root, stack, say)) is not None:
                    todo.append(corpus)
            except Exception as error:  # whatever it is, the other corpora are measured
                ours = isinstance(error, TwicetoldError | OSError)
                outcome.problems[name] = str(error) if ours else f"{type(error).__name__}: {error}"
                say(f"{name}: not measured: {outcome.problems[name]}")
        words = stack.enter_context(tempfile.TemporaryDirectory(prefix="twicetold-words-"))
        jobs = [(corpus.name, path) for corpus in todo for path in _notebooks(root, corpus.name)]
        ended = stack.enter_context(
            contextlib.closing(_all_executed(jobs, workers, root, words, say))
        )
        for name, path, done in ended:
            outcome.notebooks.append((name, done))
            n = len(done.left_out)
            told = f"{done.seconds:.0f} s" + f", {n} left out" * (n > 0)
            say(f"[{len(outcome.notebooks)}/{len(jobs)}] {name} / {path.stem}: {told}")
        for corpus in todo:
            done = [executed for name, executed in outcome.notebooks if name == corpus.name]
            done = sorted(done, key=lambda d: d.path.name)
            _tell(corpus.name, done, root, say)
            _write_pages(corpus, root, say)
            try:
                _hand_out(corpus.name, done, root, say)
            except Exception as error:  # the figures are there all the same
                why = f"{type(error).__name__}: {error}"
                outcome.problems[f"the report of {corpus.name}"] = why
                say(f"{corpus.name}: no report was written: {why}")
    if outcome.problems:
        say(f"Not measured, for the reasons above: {', '.join(outcome.problems)}.")
    seconds = f"{time.monotonic() - started:.0f} s"
    say(f"notebooks/executed/: {len(outcome.notebooks)} notebooks. Done in {seconds}.")
    return outcome


def _opened(
    name: str, root: Path, stack: contextlib.ExitStack, say: Callable[[str], None]
) -> Corpus | None:
    """A corpus that was checked, locked and extracted; None if it has no article yet."""
    folder = corpus_folder(name, root / "corpus")
    faults = check(folder)
    if [fault.problem for fault in faults] == [EMPTY]:
        say(f"{folder.name}: nothing to measure yet. {TO_BEGIN}")
        return None
    if faults:
        raise CorpusError(folder, faults)
    stack.enter_context(locked(folder, f"twicetold run {folder.name}"))
    corpus = load(folder)
    if (folder / "features").is_dir():
        say(f"{corpus.name}: measured on its shipped features; no texts are needed")
    else:
        refuse_unread(extract(corpus, say=say))
    for warning in foresee(folder):
        say(f"{corpus.name}: {warning}")
    return corpus


def _all_executed(
    jobs: list[tuple[str, Path]], workers: int, root: Path, words: str, say: Callable[[str], None]
) -> Iterator[tuple[str, Path, Executed]]:
    """Execute notebooks of corpora in as many kernels as there are workers, as each one ends."""
    todo, ended = collections.deque(jobs), queue.SimpleQueue()

    def work() -> None:
        with Kernel() as kernel:
            while todo:
                try:
                    name, path = todo.popleft()
                except IndexError:  # another one took the last
                    return
                try:
                    done = execute(path, name, root, words=words, kernel=kernel, say=say)
                except Exception as error:  # of the notebook's file: the others run
                    done = Executed.broken(path, f"{type(error).__name__}: {error}")
                ended.put((name, path, done))

    with concurrent.futures.ThreadPoolExecutor(workers) as pool:
        working = [pool.submit(work) for _ in range(min(workers, len(jobs)))]
        try:
            for _ in jobs:
                yield ended.get()
        finally:
            todo.clear()
        for worker in working:
            worker.result()


def _tell(name: str, done: list[Executed], root: Path, say: Callable[[str], None]) -> None:
    """Say what was drawn for a corpus, and what was left out and why."""
    drawn = sorted({figure for executed in done for figure in executed.drawn})
    left_out = [(executed.path.stem, part) for executed in done for part in executed.left_out]
    changed = sum(executed.changed for executed in done)
    figures = f"{count(len(drawn), 'figure')} drawn, as .svg, .pdf, .csv and .json"
    changes = f"({changed} files changed)"
    say(f"figures/{name}/: {figures} {changes}: {', '.join(drawn) or 'none'}")
    for failed, title in ((False, "left out"), (True, "failed")):
        lines = [
            f"  - {stem}{_under(part.section)}: {' '.join(part.why.split())}"
            f"{_without(part.figures)}"
            for stem, part in left_out
            if part.failed is failed
        ]
        if lines:
            say("\n".join([f"{name}: {title}:", *lines]))
    can_draw = [figure for executed in done for figure in executed.can_draw]
    if moved := _put_aside(figures_folder(root) / name, drawn, can_draw):
        where = f"figures/{name}/{EARLIER}/"
        say(f"{name}: figures of an earlier run, now in {where}: {', '.join(moved)}")


def _hand_out(name: str, done: list[Executed], root: Path, say: Callable[[str], None]) -> None:
    """Write the report of what was drawn, in the order of the notebooks."""
    drawn = {figure for executed in done for figure in executed.drawn}
    order = dict.fromkeys(figure for executed in done for figure in executed.can_draw)
    named = [figure for figure in order if figure in drawn]
    named += sorted(drawn.difference(named))
    if not named:
        return
    folder = figures_folder(root) / name
    pages = ((figure, root / PAGES / name / page_name("figure", figure)) for figure in named)
    at = folder / HANDOUT
    behind = {f: Path(os.path.relpath(p, at)).as_posix() for f, p in pages if p.is_file()}
    left = write_handout(folder, name, named, behind)
    what = "findings.html, tables.xlsx, latex/, methods.bib and more"
    say("\n  - ".join([f"figures/{name}/{HANDOUT}/: {what}", *left]))


def _write_pages(corpus: Corpus, root: Path, say: Callable[[str], None]) -> None:
    """Write the pages to read a corpus that is not large; figures are there without them."""
    if len(corpus.metadata) > MOST_WHOLE:
        say(f"{corpus.name}: `twicetold page {corpus.name}` writes pages to read it.")
        return
    try:
        figures = figures_folder(root) / corpus.name
        write_pages(corpus, root / PAGES / corpus.name, figures=figures, say=say)
    except Exception as error:
        say(f"{corpus.name}: no pages were written: {type(error).__name__}: {error}")


def _under(section: str) -> str:
    """The heading of a part; nothing for a notebook's title, which begins with its number."""
    return "" if section[:1].isdigit() else f", {section}"


def _without(figures: tuple[str, ...]) -> str:
    named = ", ".join(figure for figure in figures if "*" not in figure)
    return f" (not drawn: {named})" if named else ""


def _put_aside(folder: Path, drawn: list[str], can_draw: list[str]) -> list[str]:
    """Move what an earlier run drew and this one did not, so that it does not pass as new."""
    earlier, moved = folder / EARLIER, {}
    for file in sorted(earlier.glob("*.*")):
        if file.name.split(".")[0] in drawn:
            file.unlink()
    for file in sorted(folder.glob("[!.]*.*")):
        figure = file.name.split(".")[0]
        if figure not in drawn and any(fnmatch.fnmatchcase(figure, name) for name in can_draw):
            earlier.mkdir(exist_ok=True)
            shutil.move(file, earlier / file.name)
            moved[figure] = None
    if earlier.is_dir() and not any(earlier.iterdir()):
        earlier.rmdir()
    return list(moved)


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

    Raises
    ------
    TwicetoldError
        If a cell cannot be computed.
    """
    root = Path(root or project_root())
    done = []
    with Kernel() as kernel:
        for path in sorted((root / "notebooks").glob("*.ipynb")):
            done.append(execute(path, None, root, kernel=kernel, say=say))
            say(f"{path.relative_to(root)}: {done[-1].seconds:.0f} s")
    return done


def _notebooks(root: Path, corpus: str) -> list[Path]:
    """A corpus's own notebook, which is called like it; else those that have a number.

    A project's folder outside the clone has the clone's, unless it holds some of its own.
    """
    own = root / "notebooks" / f"{corpus}.ipynb"
    if own.is_file():
        return [own]
    places = (place / "notebooks" for place in (root, clone_root()))
    return next((found for place in places if (found := sorted(place.glob(_NUMBERED)))), [])
