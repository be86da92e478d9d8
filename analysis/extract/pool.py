"""Chunks over all cores: a pool of processes that ends with the process that started it."""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import sys
from collections.abc import Iterator
from concurrent.futures.process import BrokenProcessPool

from analysis.errors import TwicetoldError
from analysis.extract.chunks import Advance, Chunk, Extractor, Plan
from analysis.processes import Tie, begin

ALONE = 2  # chunks that take less time than to start processes

_extractor: Extractor


def cores() -> int:
    """Cores that this process may use, and on Windows no more than a pool can wait for.

    Returns
    -------
    int
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return min(os.cpu_count() or 1, 61)


def extract_chunks(
    plan: Plan, chunks: list[list[tuple[str, str, str, str]]], *, workers: int, advance: Advance
) -> Iterator[Chunk]:
    """Extract chunks, in any order.

    Parameters
    ----------
    plan : Plan
        What to extract, and how.
    chunks : list of list[(str, str, str, str)]
        Rows (article_id, file, language, outlet) of each chunk.
    workers : int
        Processes.
    advance : callable
        Takes how many more articles are done.

    Yields
    ------
    Chunk

    Raises
    ------
    TwicetoldError
        If a process is killed, as where memory runs out.
    """
    if workers == 1 or len(chunks) <= ALONE:
        with contextlib.closing(Extractor(plan)) as extractor:
            for number, rows in enumerate(chunks):
                yield extractor.chunk(number, rows, advance)
        return
    context = multiprocessing.get_context("spawn")
    theirs, ours = context.Pipe(duplex=False)
    pool = concurrent.futures.ProcessPoolExecutor(
        min(workers, len(chunks)), context, begin, (Tie(theirs), _prepare, plan)
    )
    try:
        with _main_hidden(unless=type(plan.encoder).__module__ == "__main__"):
            futures = [pool.submit(_chunk, number, rows) for number, rows in enumerate(chunks)]
        for future in concurrent.futures.as_completed(futures):
            chunk = future.result()
            advance(len(chunk.counted))
            yield chunk
    except BrokenProcessPool:
        problem = "a process of the extraction was killed, perhaps for lack of memory"
        remedy = "run it again, with fewer --workers if it happens again"
        raise TwicetoldError(f"{problem}; finished chunks are kept: {remedy}.") from None
    except BaseException:
        ours.close()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        ours.close()
        theirs.close()


@contextlib.contextmanager
def _main_hidden(*, unless: bool) -> Iterator[None]:
    """Let no new process run the user's script once more.

    Without ``if __name__ == "__main__"`` the script would start processes in each of them.
    """
    main = sys.modules["__main__"]
    names = () if unless else ("__file__", "__spec__")
    hidden = {name: getattr(main, name) for name in names if hasattr(main, name)}
    for name in hidden:
        setattr(main, name, None)
    try:
        yield
    finally:
        for name, value in hidden.items():
            setattr(main, name, value)


def _prepare(plan: Plan) -> None:
    global _extractor
    _extractor = Extractor(plan)


def _chunk(number: int, rows: list[tuple[str, str, str, str]]) -> Chunk:
    return _extractor.chunk(number, rows)
