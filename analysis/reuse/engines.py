"""Engines: who runs the steps of text reuse, and where their parts lie meanwhile."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
from filelock import FileLock, Timeout
from pydantic import ByteSize, TypeAdapter, ValidationError

from analysis.errors import EngineError, OptionError
from analysis.progress import progress
from analysis.reuse.corpus_words import A_WORD
from analysis.reuse.shingles import FEWER, PARTITIONS, SLICE_BITS, slices
from analysis.reuse.spill import Folder, Memory, Nameless, free_memory
from analysis.reuse.stages import Job, Options, WordSource

LEAST_MEMORY = 250_000_000  # bytes; tables of fixed size take a good part of less
LEAST_PARTS = 5  # of a limited run: few articles can have very many passages
_PREFIX = "twicetold-reuse-"  # of folders that the workers of a cluster see


def source_digest(folder: Path) -> str:
    """A digest of the modules in a folder: another one is another code."""
    modules = sorted(folder.glob("*.py"))
    sums = [(path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in modules]
    return hashlib.sha256(repr(sums).encode()).hexdigest()[:24]


# of all that may decide what parts hold, as it was when it was loaded
CODE = source_digest(Path(__file__).parent)


@dataclass(frozen=True)
class Local:
    """Run in this process, in memory, or within a limit on it.

    Parameters
    ----------
    memory_limit : int or str, optional
        Bytes, or such as "400MB" or "2GB" (powers of 1,000), that the run may take above what the
        process holds when it starts. What does not fit lies in a file without a name in the
        temporary folder, of which nothing is left when the run ends, or is killed.
    scratch : path, optional
        A folder for it instead. A run that was killed goes on from its finished parts when it is
        started again; until then they lie there, and hold the texts' words as hashes, in order.

    Examples
    --------
    >>> import analysis as tw
    >>> corpus = tw.load("harbour")
    >>> result = tw.tl.reuse(corpus, n=6, engine=Local(memory_limit="400MB"))
    >>> len(result.table)
    175
    """

    memory_limit: int | str | None = None
    scratch: str | Path | None = None

    @contextlib.contextmanager
    def open(self, source: WordSource, options: Options) -> Iterator[Job]:
        """Plan a run; its parts are gone when the block ends."""
        limit = in_bytes(self.memory_limit)
        limited = limit is not None
        job = split_run(source, options, limit, least=LEAST_PARTS if limited else 1, exact=limited)
        if self.scratch is not None:
            with scratch_folder(self.scratch, job) as folder:
                yield replace(job, store=Folder(folder))
        elif limited:
            with _nameless() as file:
                yield replace(job, store=Nameless(file))
        else:
            yield job

    def map(
        self, function: Callable, job: Job, parts: list[str], step: str, here: bool = True
    ) -> list:
        """Run a step on each part; `here` is where this engine always runs."""
        return [_run(part, function, job) for part in progress(parts, what=step, unit="part")]

    def shares(self, n_blocks: int) -> list[str]:
        """Running blocks that are counted in one table: "first..last"."""
        return [f"0..{n_blocks - 1}"]


@dataclass(frozen=True)
class Dask:
    """Run on the workers of a Dask cluster: the same steps, in other parts.

    Parameters
    ----------
    client : distributed.Client
    scratch : path, optional
        A folder that the client and all workers see, for what goes from step to step; the temporary
        folder of this machine if not given, which does for a cluster on one machine. If you name
        one, a run that was killed goes on from its finished parts.
    memory_limit : int or str, optional
        Of one task; if not given, half of what a worker may take for each of its threads.
    """

    client: object
    scratch: str | Path | None = None
    memory_limit: int | str | None = None

    @contextlib.contextmanager
    def open(self, source: WordSource, options: Options) -> Iterator[Job]:
        """Plan a run for the workers that are there; its parts are gone when the block ends.

        Raises
        ------
        EngineError
            If there is no worker, or one does not see the scratch folder.
        """
        workers = self.client.scheduler_info(n_workers=-1)["workers"].values()
        if not workers:
            raise EngineError(
                "the Dask cluster has no worker; start some, and wait with"
                " client.wait_for_workers(1)."
            )
        limit = in_bytes(self.memory_limit)
        exact = limit is not None
        if not exact:
            limit = int(min((w["memory_limit"] or 2**32) / w["nthreads"] for w in workers)) // 2
        threads = sum(w["nthreads"] for w in workers)
        job = split_run(source, options, limit, least=2 * threads, exact=exact)
        with scratch_folder(self.scratch, job) as folder:
            seen = self.client.run(_sees, str(folder))
            if blind := [worker for worker, sees in seen.items() if not sees]:
                raise EngineError(
                    f"{len(blind)} workers do not see {folder}, among them {blind[0]}: give"
                    " Dask(client, scratch=...) a folder on a file system that this process and all"
                    " workers share."
                )
            yield replace(job, store=Folder(folder))

    def map(
        self, function: Callable, job: Job, parts: list[str], step: str, here: bool = False
    ) -> list:
        """Run a step on each part, on the workers unless it must be `here`."""
        if here:
            return Local().map(function, job, parts, step)
        from distributed import as_completed

        sent = replace(job, source=job.source if job.source.anywhere else None)
        [everywhere] = self.client.scatter([sent], broadcast=True, hash=False)
        options = {"pure": False, "key": f"twicetold-{step}", "retries": 3}
        futures = self.client.map(_run, parts, function=function, job=everywhere, **options)
        finished = progress(as_completed(futures), what=step, total=len(parts), unit="part")
        try:
            made = {future.key: future.result() for future in finished}
        finally:
            self.client.cancel([f for f in futures if not f.done()])
        return [made[future.key] for future in futures]

    def shares(self, n_blocks: int) -> list[str]:
        """Running blocks that one task counts in one table: "first..last"."""
        n = max(1, min(n_blocks, sum(self.client.nthreads().values())))
        return [f"{share[0]}..{share[-1]}" for share in np.array_split(np.arange(n_blocks), n)]


def _run(part: str, function: Callable, job: Job):
    try:
        return function(job, part)
    finally:
        if not isinstance(job.store, Memory):
            free_memory()


def _sees(folder: str) -> bool:
    return Path(folder).is_dir()


def split_run(
    source: WordSource,
    options: Options,
    limit: int | None = None,
    *,
    least: int = 1,
    exact: bool = False,
) -> Job:
    """Split a run so that no step takes more than a limit; its parts lie in memory.

    The largest are: two blocks with their words, characters and marks; one block with the counters
    of a slice of the shingles; and one range of hashes with its seeds.

    Parameters
    ----------
    source : WordSource
    options : Options
    limit : int, optional
        Bytes.
    least : int
        Of blocks and of ranges, so that as many workers find work.
    exact : bool
        Plan by measured lengths, which costs a reading of all texts, and holds where they differ
        much.
    """
    sizes = source.measured if exact else source.sizes
    n_words = int(sizes.sum())
    block, rows, most_bits = max(n_words // least, 1000) + 1, 3_000_000, SLICE_BITS
    if limit is not None:
        block, rows = min(block, limit // getattr(source, "bytes_a_word", A_WORD)), limit // 250
        most_bits = int(np.log2(limit / 5)) + 2
    number = ((np.cumsum(sizes) - sizes) / block).astype(np.int64)
    firsts = np.flatnonzero(np.diff(number, prepend=-1))
    fresh = getattr(source, "fresh", None)
    counted = n_words if fresh is None else FEWER * int(sizes[fresh].sum())
    n_slices, bits = slices(counted, most_bits)
    return Job(
        Memory(),
        source,
        options,
        source.outlets,
        source.days,
        firsts=np.r_[firsts if len(firsts) else 0, len(sizes)].astype(np.int64),
        ranges=min(max(int(0.4 * n_words // rows) + 1, least), PARTITIONS),
        n_slices=n_slices,
        bits=bits,
        fresh=fresh,
    )


def _nameless() -> BinaryIO:
    """A file that has no name, or loses it when this process ends.

    Raises
    ------
    EngineError
        If there is no room for one.
    """
    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError as error:
        problem = f"cannot be used ({error.strerror or error}); name a folder with scratch=..."
        raise EngineError(f"{tempfile.gettempdir()} {problem}") from None


@contextlib.contextmanager
def scratch_folder(scratch: str | Path | None, job: Job) -> Iterator[Path]:
    """Open a folder that is removed when the run is finished.

    In a named one, the parts of a killed run with the same input, options, plan and code stay
    usable.

    Raises
    ------
    EngineError
        If it cannot be used, or another run uses it.
    """
    finished = scratch is None
    try:
        if scratch is None:
            _remove_left()
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        else:
            folder = Path(scratch) / f"reuse-{_run_digest(job)}"
            folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{folder}.lock", timeout=0)
        lock.acquire()
    except Timeout:
        raise EngineError(
            f"{folder} is in use by another run of the same input and options; wait for its end, or"
            " name another scratch folder."
        ) from None
    except OSError as error:
        raise EngineError(
            f"{scratch or tempfile.gettempdir()} cannot be used as scratch folder"
            f" ({error.strerror or error}); name another with scratch=..."
        ) from None
    try:
        for left in folder.glob(".*.parquet.*"):  # half parts of the killed run
            left.unlink(missing_ok=True)
        yield folder
        finished = True
    finally:
        if finished:
            shutil.rmtree(folder, ignore_errors=True)
        Path(lock.lock_file).unlink(missing_ok=True)  # while it is held: no waiting run sees it
        lock.release()


def _remove_left() -> None:
    """Remove the folders of runs on a cluster that were killed: their locks are held by nobody."""
    for lock in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*.lock"):
        with contextlib.suppress(Timeout, OSError), FileLock(lock, timeout=0):
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink(missing_ok=True)


def _run_digest(job: Job) -> str:
    plan = (job.firsts.tolist(), job.ranges, job.n_slices, job.bits)
    about = (CODE, job.options, job.source.digest(), *plan)
    return hashlib.sha256(repr(about).encode()).hexdigest()[:16]


def in_bytes(given: int | str | None) -> int | None:
    """A size in bytes from a number or a text.

    Raises
    ------
    OptionError
        If it is no size, or less than 250 MB.

    Examples
    --------
    >>> in_bytes("400MB"), in_bytes("1GiB"), in_bytes(None)
    (400000000, 1073741824, None)
    """
    if given is None:
        return None
    with contextlib.suppress(ValidationError):
        size = int(TypeAdapter(ByteSize).validate_python(given))
        if size >= LEAST_MEMORY:
            return size
    raise OptionError(
        f"memory_limit must be {LEAST_MEMORY // 10**6}MB or more, such as '400MB' or 400000000"
        f" (got {given!r:.80})"
    )
