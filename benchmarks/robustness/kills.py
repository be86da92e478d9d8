"""Commands that are killed at random points: what they leave is the state of before or the new one.

Half of the kills come before a step on the file system that is drawn from all that the command
takes, half at a moment that is drawn from its time. POSIX only: each command runs in a fork of this
process, which has imported all that it needs.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.cli import main as command
from analysis.corpus import load
from analysis.errors import TwicetoldError
from analysis.extract.extraction import extract
from analysis.features import check_features
from analysis.files import locked
from analysis.run import run, store
from analysis.va import draw_sample, write_sheets
from benchmarks.robustness import corpora

ROOT = Path(__file__).resolve().parents[2]
ENDING = 2.0  # seconds in which what a command started must have ended, too
_AGAIN = 5  # of so many kills, one command is run again to its end
_STEPS = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.chmod", "os.truncate"}
_MANY = 401  # articles, so that extraction starts processes


@dataclass(frozen=True)
class Command:
    """Something that writes: how a project is made ready for it, what it does, how often of 100."""

    ready: Callable[[Path], None]
    does: Callable[[Path], object]
    share: int
    articles: int = 4


def _folder(project: Path) -> Path:
    return project / "corpus" / corpora.NAME


def _nothing(project: Path) -> None:
    pass


def _old_private(project: Path) -> None:
    corpora.extracted(_folder(project))
    corpora.change(_folder(project))


def _old_shared(project: Path) -> None:
    corpora.shared(_folder(project), project / "mini.zip")
    corpora.change(_folder(project))


def _old_run(project: Path) -> None:
    run([corpora.NAME], root=project, say=lambda line: None)
    corpora.change(_folder(project))


def _sheets(project: Path) -> None:
    texts = [f"Satz {i}." for i in range(40)]
    units = pd.DataFrame({"article_id": [f"a{i}" for i in range(40)], "text": texts})
    write_sheets(draw_sample(units, n=20), project / "sheets")


def _in_processes(project: Path) -> None:
    extract(load(_folder(project)), workers=2, say=lambda line: None)


COMMANDS = {
    "extract": Command(_nothing, lambda p: corpora.extracted(_folder(p)), 25),
    "update": Command(_old_private, lambda p: corpora.extracted(_folder(p)), 25),
    "share": Command(_old_shared, lambda p: corpora.shared(_folder(p), p / "mini.zip"), 14),
    "run": Command(_old_run, lambda p: run([corpora.NAME], root=p, say=lambda line: None), 4),
    "store": Command(_old_private, lambda p: store(p, say=lambda line: None), 5),
    "sheets": Command(_nothing, _sheets, 17),
    "suggest": Command(
        _old_private, lambda p: command(["--root", str(p), "suggest", corpora.NAME]), 2
    ),
    "processes": Command(_nothing, _in_processes, 3, _MANY),
}


def kills(
    n: int,
    seed: int = 0,
    *,
    only: list[str] | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> dict:
    """Kill commands at `n` points.

    Parameters
    ----------
    n, seed : int
    only : list of str, optional
        Of `COMMANDS`; all if not given.
    say : callable
        Takes a line for each thing that is wrong.

    Returns
    -------
    dict
        By command: kills; finished (it ended before the kill came), before and new (what was
        found), again (commands that were run to their end afterwards); and wrong: damaged (neither
        the state of before nor the new one, or not whole), orphans (processes that were still there
        after two seconds), left (files with content in the temporary folder), stuck (commands that
        did not reach the new state when they were run again).
    """
    rng, said = random.Random(f"{seed} kills"), {"seed": seed}
    names = list(COMMANDS) if only is None else only
    total = sum(COMMANDS[name].share for name in names)
    for name in names:
        times = max(1, round(n * COMMANDS[name].share / total))
        with tempfile.TemporaryDirectory(prefix="twicetold-kills-") as root:
            said[name] = dict(_killed(name, times, rng, Path(root), say))
    return said


def _killed(name: str, times: int, rng: random.Random, root: Path, say) -> Counter:
    of, found = COMMANDS[name], Counter(kills=times)
    before, trial = root / "before", root / "trial" / "project"
    corpora.write(before, of.articles)
    with _environment(root):
        _in_fork(lambda: of.ready(before))
        old = _state(before)
        corpora.copied(before, trial)
        steps, seconds = _counted(lambda: of.does(trial), root, trial)
        new = _state(trial)
        allowed = {part: {old.get(part), new.get(part)} for part in {*old, *new}}
        for number in range(times):
            corpora.copied(before, trial)
            shutil.rmtree(root / "tmp")
            (root / "tmp").mkdir()
            at = rng.randrange(steps) if number % 2 == 0 else None
            after = rng.random() * seconds
            mark = f"{name}-{number}-{os.getpid()}"
            killed = _kill(lambda: of.does(trial), root, trial, at, after, mark)
            point = f"step {at} of {steps}" if at is not None else f"{after:.2f} of {seconds:.2f} s"
            wrong = _wrong(root, trial, allowed, mark)
            try:
                state = _state(trial)
            except Exception:  # damaged: `wrong` says so
                state = {}
            found["finished"] += not killed
            found["new" if state == new else "before" if state == old else "between"] += 1
            if number % _AGAIN == _AGAIN - 1:
                found["again"] += 1
                failed = _in_fork(lambda: of.does(trial))
                if failed or _state(trial) != new:
                    wrong.append(("stuck", failed or "another state than the new one"))
            for what, about in wrong:
                found[what] += 1
                say(f"{name}, killed at {point}: {what}: {about}")
    return found


@contextlib.contextmanager
def _environment(root: Path) -> Iterator[None]:
    """Temporary files of the commands apart; corpora by their folders alone."""
    kept = dict(os.environ)
    (root / "tmp").mkdir()
    os.environ |= {"TMPDIR": str(root / "tmp"), "PYTHONPATH": str(ROOT), "TQDM_DISABLE": "1"}
    for name in ("TWICETOLD_CORPORA", "TWICETOLD_TEXTS", "TWICETOLD_FIGURES"):
        os.environ.pop(name, None)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= kept


def _fork(does: Callable[[], object], mark: str = "", hook=None, ready: int = -1) -> int:
    """Begin something in a fork of this process; gives back its number."""
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        os.setsid()
        os.environ["TWICETOLD_TRIAL"] = mark
        tempfile.tempdir = None
        nowhere = os.open(os.devnull, os.O_RDWR)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        if hook is not None:
            sys.addaudithook(hook)
        if ready >= 0:
            os.write(ready, b"x")
        does()
        status = 0
    except BaseException:
        problem = Path(os.environ["TMPDIR"]).parent / "problem.txt"
        problem.write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        os._exit(status)


def _in_fork(does: Callable[[], object]) -> str:
    """Do something in a fork of this process; what went wrong, empty if nothing did."""
    _, status = os.waitpid(_fork(does), 0)
    problem = Path(os.environ["TMPDIR"]).parent / "problem.txt"
    return problem.read_text(encoding="utf-8").splitlines()[-1] if status else ""


def _within(project: Path, root: Path) -> Callable[[str, tuple], bool]:
    """Whether an event is a step on the project's or the temporary folder."""
    ours = str(project), str(root / "tmp")

    def steps(event: str, arguments: tuple) -> bool:
        if event not in _STEPS or not isinstance(arguments[0], str | os.PathLike):
            return False
        return str(arguments[0]).startswith(ours)

    return steps


def _counted(does: Callable[[], object], root: Path, project: Path) -> tuple[int, float]:
    """How many steps a command takes on the file system, and how many seconds."""
    is_step, count = _within(project, root), Counter()

    def hook(event, arguments):
        count["steps"] += is_step(event, arguments)

    def counting():
        does()
        (root / "count.json").write_text(json.dumps(count["steps"]), encoding="utf-8")

    began = time.monotonic()
    child = _fork(counting, hook=hook)
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError((root / "problem.txt").read_text(encoding="utf-8"))
    return json.loads((root / "count.json").read_text()), time.monotonic() - began


def _kill(does, root: Path, project: Path, at: int | None, after: float, mark: str) -> bool:
    """Do something and kill it before a step, or after some seconds; whether it was killed."""
    is_step, left = _within(project, root), at

    def hook(event, arguments):
        nonlocal left
        if is_step(event, arguments):
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    reading, ready = os.pipe()
    child = _fork(does, mark, None if at is None else hook, ready)
    os.read(reading, 1)
    os.close(reading)
    os.close(ready)
    if at is None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def _wrong(root: Path, project: Path, allowed: dict, mark: str) -> list[tuple[str, str]]:
    """What a kill left that must not be."""
    wrong = []
    deadline = time.monotonic() + ENDING
    while (alive := _alive(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in alive:
        wrong.append(("orphans", f"process {process}"))
        with contextlib.suppress(OSError):
            os.kill(process, signal.SIGKILL)
    left = [p for p in (root / "tmp").rglob("*") if p.is_file() and p.stat().st_size]
    left = [p for p in left if not _says_nothing(p)]
    if left:
        names = ", ".join(str(p.relative_to(root / "tmp")) for p in left[:3])
        wrong.append(("left", f"{len(left)} files in the temporary folder: {names}"))
    try:
        state = _state(project)
    except Exception as error:
        return [*wrong, ("damaged", f"{type(error).__name__}: {error}")]
    for part, value in state.items():
        if value not in allowed.get(part, {None}):
            wrong.append(("damaged", f"{part} is neither that of before nor the new one"))
    return wrong


def _says_nothing(path: Path) -> bool:
    """Whether a file is what a kernel is spoken to by: random numbers, for its owner alone."""
    private = path.stat().st_mode & 0o077 == 0
    return private and b'"signature_scheme"' in path.read_bytes()


def _alive(mark: str) -> list[int]:
    """Processes that a killed command started, where the system tells (Linux)."""
    found, sought = [], f"TWICETOLD_TRIAL={mark}\0".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if sought in (process / "environ").read_bytes() + b"\0":
                found.append(int(process.name))
    return found


def _state(project: Path) -> dict[str, str | None]:
    """What a project holds, as readers see it; raises where any of it is not whole."""
    folder = _folder(project)
    with locked(folder, "benchmarks.robustness"):
        corpus = load(folder)
    try:
        found = {"load": json.dumps(corpus.features.manifest)}
    except TwicetoldError:  # none yet
        found = {"load": None}
    for form in ("private", "features"):
        if (folder / form).exists():
            if faults := check_features(folder / form):
                raise AssertionError(str(faults[0]))
    archive = project / "mini.zip"
    if archive.exists():
        found["archive"] = json.dumps(load(archive).features.manifest)
    written = [*project.glob("sheets*"), *project.glob("sheets/*")]
    written += [*project.glob("notebooks/**/*.ipynb"), *project.glob("figures/*/*")]
    for path in written:
        if path.is_file() and not path.name.startswith("."):
            found[path.relative_to(project).as_posix()] = _content(path)
    return found


def _content(path: Path) -> str:
    """What a file holds; of a notebook without the ids of its cells, which are drawn at random."""
    if path.suffix != ".ipynb":
        return path.read_bytes().hex()
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return json.dumps([[cell["source"], cell.get("outputs")] for cell in cells])
