"""Notebooks executed cell by cell: one that cannot be computed is left out, the rest goes on."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import os
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import nbclient
import nbformat
from nbclient.exceptions import CellExecutionError
from nbclient.util import ensure_async, run_sync
from traitlets.config import Config

from analysis.errors import TwicetoldError
from analysis.files import (
    HELD,
    SHARED_WORDS,
    figures_folder,
    held,
    remove_left,
    write_bytes,
    write_text,
)
from analysis.groups import PERIODS
from analysis.progress import PATIENCE

_NO_WORK = re.compile(r"\s*(#|%|import |from |$)")
_PAGES = re.compile(r"(\bpages/|`twicetold page )[\w-]+")  # of the corpus that is stored
_DRAWN = ".drawn-"  # folders of figures, until they are put into their place
# done by the kernel first: it ends with this process, also while a cell lets no thread run
_END = "__import__('analysis.processes').processes.end_with_parent()"
_BEGIN = "__import__('analysis.turns').turns.take_turn"  # called in the kernel before each notebook
# asked of the kernel: whether the last error is one that Twicetold raises on purpose
_ON_PURPOSE = (
    "isinstance(__import__('sys').last_value,"
    " __import__('analysis.errors', fromlist=['errors']).TwicetoldError)"
)


@dataclass(frozen=True)
class LeftOut:
    """A part of a notebook that could not be computed.

    Attributes
    ----------
    section : str
        The heading that it stands under.
    why : str
        The error: what is missing and what to do.
    figures : tuple of str
        Names of the figures that were not drawn for it; a ``*`` stands for any ending.
    failed : bool
        Whether it is an error that nobody foresaw.
    """

    section: str
    why: str
    figures: tuple[str, ...] = ()
    failed: bool = False


@dataclass(frozen=True)
class Executed:
    """The outcome of one notebook.

    Attributes
    ----------
    path : path
        The executed notebook.
    seconds : float
    drawn : tuple of str
        Names of the figures that were drawn.
    changed : int
        How many files of figures are new or not as before.
    left_out : tuple of LeftOut
        What could not be computed, in order.
    can_draw : tuple of str
        Names of the figures that its cells draw where they can; a ``*`` stands for any ending.
    """

    path: Path
    seconds: float
    drawn: tuple[str, ...] = ()
    changed: int = 0
    left_out: tuple[LeftOut, ...] = ()
    can_draw: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether an error occurred that nobody foresaw."""
        return any(part.failed for part in self.left_out)

    @classmethod
    def broken(cls, path: Path, why: str) -> Executed:
        """The outcome of a notebook that could not be executed at all."""
        return cls(path, 0, left_out=(LeftOut(path.name, why, failed=True),))


def execute(
    path: Path,
    corpus: str | None,
    root: Path,
    *,
    words: str | Path | None = None,
    kernel: Kernel | None = None,
    say: Callable[[str], None] = print,
) -> Executed:
    """Execute one notebook for a corpus, into `notebooks/executed/<corpus>/`.

    A cell whose error says what is missing is left out, and so are later cells that need a name it
    would have defined; the output of such a cell is one line that says so.

    Parameters
    ----------
    path : path
        The notebook.
    corpus : str or None
        With None the notebook is executed as it is, and written in its place.
    root : path
        The project's folder.
    words : path, optional
        A folder where notebooks that run together share the vectors of words.
    kernel : Kernel, optional
        The one of this thread; a new one that ends with the notebook if not given.
    say : callable
        Takes a line for each cell that runs for more than five seconds.

    Returns
    -------
    Executed

    Raises
    ------
    TwicetoldError
        If no cell is tagged "parameters"; or, with None, if a cell is left out.
    """
    started = time.monotonic()
    notebook = nbformat.read(path, as_version=4)
    if corpus is not None:
        _set_parameter(notebook, path, corpus)
        _set_links(notebook, corpus)
    for cell in notebook.cells:
        if cell.cell_type == "code":  # stored outputs are of another corpus
            cell.outputs, cell.execution_count = [], None
    label = f"{corpus} / {path.stem}" if corpus is not None else path.stem
    target = path if corpus is None else root / "notebooks" / "executed" / corpus / path.name
    beside = root / "notebooks" / "executed"  # and not where others could read what a kill leaves
    beside.mkdir(parents=True, exist_ok=True)
    remove_left(beside, f"{_DRAWN}*")
    with (
        contextlib.nullcontext(kernel) if kernel is not None else Kernel() as lent,
        tempfile.TemporaryDirectory(prefix=_DRAWN, dir=beside) as drawn_into,
        _Watch(label, say) as watch,
    ):
        client = _Client(
            notebook,
            timeout=3600,
            kernel_name="python3",
            config=lent.config,
            record_timing=False,
            extra_arguments=[f"--IPKernelApp.exec_lines={_END}"],
            resources={"metadata": {"path": str(root / "notebooks")}},
            on_cell_execute=watch.begin,
            on_cell_executed=watch.end,
        )
        drawn = Path(drawn_into)  # apart, so that what was drawn now is known
        try:
            told = {"TWICETOLD_FIGURES": str(drawn), HELD: held()}
            lent.execute(client, told | ({SHARED_WORDS: str(words)} if words is not None else {}))
        except Exception as error:  # the kernel died, did not start, or took too long
            client.end(f"{type(error).__name__}: {error}")
        if corpus is None and client.left_out:
            about = client.left_out[0]
            raise TwicetoldError(f"{path.name} stopped under {about.section!r}: {about.why}")
        names, changed = _put(drawn, figures_folder(root))
    kernel = notebook.metadata["kernelspec"]
    notebook.metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}  # no version
    write_text(target, nbformat.writes(notebook) + "\n")
    left_out = [
        replace(part, figures=tuple(name for name in part.figures if name not in names))
        for part in client.left_out
    ]
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    named = dict.fromkeys(figure for source in code for figure in _figures(source))
    over_time = [f"{figure}_{period}s" for figure in named for period in PERIODS]
    can_draw = (*named, *over_time)
    seconds = time.monotonic() - started
    return Executed(target, seconds, names, changed, tuple(left_out), can_draw)


def _put(drawn: Path, figures: Path) -> tuple[tuple[str, ...], int]:
    """Put the files that were drawn into their place; the figures' names, the files changed."""
    names, changed = {}, 0
    for file in sorted(drawn.glob("*/*")):
        place, data = figures / file.parent.name / file.name, file.read_bytes()
        changed += not place.is_file() or place.read_bytes() != data
        write_bytes(place, data)
        names[file.name.split(".")[0]] = None
    return tuple(names), changed


class Kernel(contextlib.AbstractContextManager):
    """The kernel that the notebooks of a thread take turns in; started when the first one needs it.

    One that died, or in which a cell took too long, is followed by a new one. It belongs to the
    thread that uses it first, with which it ends.
    """

    def __init__(self):
        self.config = Config()
        self._private = tempfile.TemporaryDirectory(prefix="twicetold-")
        if os.name == "posix":
            # sockets in a private folder: else the kernel listens on TCP ports open to others
            self.config.KernelManager.transport = "ipc"
            self.config.KernelManager.ip = f"{self._private.name}/kernel"
        self._last: _Client | None = None

    def execute(self, client: _Client, variables: dict[str, str]) -> None:
        """Execute a client's notebook, with variables of the environment."""
        if self._last is not None:
            client.km, client.kc = self._last.km, self._last.kc
            try:
                client.begin(variables)
            except Exception:  # it ended with the notebook before, or right after
                self.close()
                client.km = client.kc = None
        try:
            if self._last is None:
                self._start(client)
                client.begin(variables)
            self._last = client
            client.execute(cleanup_kc=False)
        except BaseException:
            self.close()
            raise

    def _start(self, client: _Client) -> None:
        self._last = client
        client.create_kernel_manager()
        client.start_new_kernel(env=dict(os.environ))
        client.start_new_kernel_client()

    def close(self) -> None:
        """End the kernel, if there is one."""
        last, self._last = self._last, None
        if last is not None and last.km is not None:
            last._cleanup_kernel()

    def __exit__(self, *_) -> None:
        self.close()
        self._private.cleanup()


class _Client(nbclient.NotebookClient):
    """Executes a notebook, and notes what is left out of it."""

    def __init__(self, notebook, **options):
        super().__init__(notebook, **options)
        self.left_out: list[LeftOut] = []
        self._missing: dict[str, int] = {}  # names that were not defined: by which part left out
        self._section, self._done = "", 0

    async def async_execute_cell(self, cell, cell_index, *arguments, **options):
        """Execute a cell, or leave it out and write why into its output."""
        self._section, self._done = _heading(cell) or self._section, cell_index
        if cell.cell_type != "code":
            return cell
        needed, defined = _names(cell.source)
        if lost := [name for name in needed if name in self._missing]:
            part = self._missing[lost[0]]
            self._leave_out(cell, part, defined, f"needs `{lost[0]}`, which was left out above.")
            return cell
        try:
            await super().async_execute_cell(cell, cell_index, *arguments, **options)
            for name in defined:
                self._missing.pop(name, None)
        except CellExecutionError as error:
            failed = not await self._on_purpose()
            why = f"{error.ename}: {error.evalue}" if failed else error.evalue
            self.left_out.append(LeftOut(self._section, why, failed=failed))
            told = "" if failed else why
            self._leave_out(cell, len(self.left_out) - 1, defined, told)
        return cell

    def end(self, why: str) -> None:
        """Note that the notebook ended with the cell that is running."""
        self.left_out.append(LeftOut(self._section, why, failed=True))
        for cell in self.nb.cells[self._done :]:
            if cell.cell_type == "code":
                self._leave_out(cell, len(self.left_out) - 1, (), why)

    def _leave_out(self, cell, part: int, defined, told: str) -> None:
        if told:
            printed = [o for o in cell.outputs if o.output_type != "error"]
            line = nbformat.v4.new_output("stream", name="stdout", text=f"Left out: {told}\n")
            cell.outputs = [*printed, line]
        self._missing |= dict.fromkeys(defined, part)
        about = self.left_out[part]
        names = dict.fromkeys((*about.figures, *_figures(cell.source)))
        self.left_out[part] = replace(about, figures=tuple(names))

    async def _on_purpose(self) -> bool:
        return await self._asked(_ON_PURPOSE) == "True"

    async def async_begin(self, variables: dict[str, str]) -> None:
        """Let the kernel forget the notebook before, and set variables of its environment."""
        if await self._asked(f"{_BEGIN}({variables!r})") != "None":
            raise RuntimeError("the kernel cannot take another notebook")

    begin = run_sync(async_begin)

    async def _asked(self, expression: str) -> str | None:
        asked = {"asked": expression}
        sent = await ensure_async(self.kc.execute("", silent=True, user_expressions=asked))
        reply = await self.async_wait_for_reply(sent)
        await asyncio.sleep(0.1)  # until the kernel is idle: it complains if its end interrupts it
        answer = (reply or {}).get("content", {}).get("user_expressions", {}).get("asked", {})
        return answer.get("data", {}).get("text/plain")


class _Watch(contextlib.AbstractContextManager):
    """Says which cell of a notebook is running when it takes longer than `PATIENCE`."""

    def __init__(self, label: str, say: Callable[[str], None]):
        self._label, self._say, self._timer = label, say, None

    def begin(self, cell, **_) -> None:
        """Begin to wait for a cell."""
        lines = [line for line in cell.source.splitlines() if not _NO_WORK.match(line)]
        line = f"{self._label}: computing {lines[0] if lines else 'a cell'}"
        self._timer = threading.Timer(PATIENCE, self._say, (line,))
        self._timer.daemon = True
        self._timer.start()

    def end(self, **_) -> None:
        """Wait no longer."""
        if self._timer is not None:
            self._timer.cancel()

    def __exit__(self, *_) -> None:
        self.end()


def _heading(cell) -> str:
    lines = cell.source.splitlines() if cell.cell_type == "markdown" else []
    return next((line.lstrip("# ") for line in lines if line.startswith("#")), "")


def _names(source: str) -> tuple[list[str], list[str]]:
    """The names that a cell needs from others, and those that it defines."""
    needed: dict[str, None] = {}
    defined: dict[str, None] = {}
    for statement in _statements(source):
        loads, stores, own = set(), set(), set()
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                (loads if isinstance(node.ctx, ast.Load) else stores).add(node.id)
            elif isinstance(node, ast.alias):
                stores.add((node.asname or node.name).split(".")[0])
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                stores.add(node.name)
            elif isinstance(node, ast.arg):
                own.add(node.arg)
            elif isinstance(node, ast.comprehension):
                own |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.Expr):
            stores -= own  # what a comprehension runs over is no name of the notebook
        else:
            own |= stores  # what a loop and the like define they use themselves
        needed |= dict.fromkeys(sorted(loads - own - defined.keys()))
        defined |= dict.fromkeys(sorted(stores))
    return list(needed), list(defined)


def _figures(source: str) -> Iterator[str]:
    """Names, or patterns of names, of the figures that a cell draws by `tw.pl.verb(...)`."""
    for statement in _statements(source):
        for node in ast.walk(statement):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            room = node.func.value
            if (room.attr if isinstance(room, ast.Attribute) else getattr(room, "id", "")) == "pl":
                options = {k.arg: getattr(k.value, "value", None) for k in node.keywords}
                kind = options.get("kind")
                yield node.func.attr if kind is None else f"{node.func.attr}_{kind}"
                if "dictionary" in options:
                    yield f"{node.func.attr}_*"


def _statements(source: str) -> list[ast.stmt]:
    try:
        return ast.parse(source).body
    except SyntaxError:  # of IPython, such as %time
        return []


def _set_links(notebook, corpus: str) -> None:
    """Links as from `notebooks/executed/<corpus>/`, and those to pages as of this corpus."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = _PAGES.sub(rf"\g<1>{corpus}", cell.source).replace("](../", "](../../../")


def _set_parameter(notebook, path: Path, corpus: str) -> None:
    """Put a cell after the one tagged "parameters", as papermill does."""
    for index, cell in enumerate(notebook.cells, start=1):
        if "parameters" in cell.metadata.get("tags", []):
            tags = {"tags": ["injected-parameters"]}
            source = f"corpus = {corpus!r}"
            injected = nbformat.v4.new_code_cell(source, metadata=tags, id="parameters-given")
            notebook.cells.insert(index, injected)
            return
    raise TwicetoldError(f'{path}: no cell is tagged "parameters"; tag the one that sets `corpus`.')
