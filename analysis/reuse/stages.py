"""The steps from words to passages, each a function of a job and the name of a part: engines run
them here or elsewhere.

    words ─▶ count: which shingles may stand twice ─▶ rows, by range of hashes ─▶ seeds and marks,
    by blocks ─▶ passages

A block holds some running articles, a range an equal share of all hashes. Nothing but the words of
two blocks, or the rows of one range, is in memory at once, and what a step reads is what the step
before it wrote, row for row.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from numbers import Integral
from typing import Protocol

import numpy as np

from analysis.errors import Fault, OptionError
from analysis.results import at_least
from analysis.reuse import shingles
from analysis.reuse.align import COLUMNS, align
from analysis.reuse.seeds import seeds
from analysis.reuse.shingles import CONTEXT
from analysis.reuse.store import Columns, Store, Sums, join

ALL = "all"
CHARACTERS = ("a_start", "a_end", "b_start", "b_end")
MOST = 1_000_000  # of any option that counts words or articles
PAIRS_AT_ONCE = 1_000_000  # comparisons of two places between two writes


class Source(Protocol):
    """Where words come from.

    Attributes
    ----------
    sizes : float array of shape (n_articles,)
        Words of each article, as far as is known at once.
    measured : float array of shape (n_articles,)
        The same, if need be by reading all texts.
    outlets, days : arrays of shape (n_articles,)
        See `analysis.reuse.seeds`.
    anywhere : bool
        Whether workers elsewhere can read it.
    """

    sizes: np.ndarray
    measured: np.ndarray
    outlets: np.ndarray
    days: np.ndarray
    anywhere: bool

    def read(self, first: int, stop: int) -> tuple[Columns, np.ndarray, list[Fault]]:
        """Words of some articles (hash, start, end), how many each article has, and which rows are
        bad.
        """


@dataclass(frozen=True)
class Options:
    """What is a passage: see `find_reuse`; `width` as in `align`; `max_articles` 0 for no limit."""

    n: int = 5
    width: int = 1
    min_words: int = 8
    max_gap: int = 3
    across_outlets: bool = False
    within_days: float = np.inf
    max_articles: int = 50

    def __post_init__(self):
        """Raise `OptionError` for what the compiled loops could not take."""
        for name, least in (("n", self.width), ("min_words", self.n), ("max_gap", 0)):
            object.__setattr__(self, name, _whole(name, getattr(self, name), least))
        at_least("within_days", self.within_days, 0)
        if self.max_articles != 0:
            object.__setattr__(self, "max_articles", _whole("max_articles", self.max_articles, 2))


def _whole(name: str, given, least: int) -> int:
    if not isinstance(given, Integral) or isinstance(given, bool) or not least <= given <= MOST:
        raise OptionError(
            f"{name}={given!r} was given; allowed are whole numbers from {least} to {MOST:,}."
        )
    return int(given)


@dataclass(frozen=True)
class Job:
    """A run: what every step needs, and what the steps so far made.

    Attributes
    ----------
    source : Source
        None for steps on workers that cannot read it.
    outlets, days : arrays of shape (n_articles,)
    firsts : int64 array of shape (n_blocks + 1,)
        First article of each block.
    ranges : int
        Of hashes.
    n_slices, bits : int
        Slices of the hashes that are counted one after the other, and counters of each as a power
        of two.
    made : dict
        Rows and checksums by (step, part).
    """

    store: Store
    source: Source | None
    options: Options
    outlets: np.ndarray
    days: np.ndarray
    firsts: np.ndarray
    ranges: int
    n_slices: int
    bits: int
    made: dict[tuple[str, str], Sums] = field(default_factory=dict, repr=False)

    @property
    def blocks(self) -> list[str]:
        return [str(i) for i in range(len(self.firsts) - 1)]

    def get(self, step: str, part: str, key: str = ALL) -> Columns | None:
        """What a part holds for a key, checked against what was written; None if nothing."""
        expected = self.made[step, part].get(key)
        return None if expected is None else self.store.get(step, part, key, expected)

    def gather(self, step: str, parts: list[str], key: str) -> Columns | None:
        """What all parts hold for a key."""
        pieces = [piece for part in parts if (piece := self.get(step, part, key)) is not None]
        return join(pieces) if pieces else None

    def with_made(self, made: list[dict[tuple[str, str], Sums]]) -> Job:
        return replace(
            self, made={**self.made, **{key: sums for one in made for key, sums in one.items()}}
        )

    def words(self, block: str) -> tuple[np.ndarray, np.ndarray]:
        """Hashes of the words of a block, and where each article begins among them."""
        sizes = self.get("sizes", block) or {"n": np.empty(0, np.int64)}
        words = self.get("words", block) or {"hash": np.empty(0, np.uint64)}
        return words["hash"], np.r_[0, np.cumsum(sizes["n"])]


def done(job: Job, part: str, *steps: str) -> dict[tuple[str, str], Sums] | None:
    """What an earlier run finished of a part, if it finished all of these steps."""
    made = {(step, part): job.store.sums(step, part) for step in steps}
    return None if None in made.values() else made


def words_part(job: Job, part: str) -> tuple[dict[tuple[str, str], Sums], list[Fault]]:
    """Read the words of a block."""
    first, stop = job.firsts[int(part)], job.firsts[int(part) + 1]
    columns, sizes, faults = job.source.read(first, stop)
    spans = {name: columns[name] for name in ("start", "end")}
    return {
        ("words", part): job.store.put("words", part, [(ALL, {"hash": columns["hash"]})]),
        ("spans", part): job.store.put("spans", part, [(ALL, spans)]),
        ("sizes", part): job.store.put("sizes", part, [(ALL, {"n": sizes})]),
    }, faults


def count_part(job: Job, part: str) -> dict[tuple[str, str], Sums]:
    """Count the shingles of running blocks in one slice: "0..5.1" are blocks 0 to 5 in slice 1."""
    if made := done(job, part, "buckets"):
        return made
    blocks, slice_ = part.rsplit(".", 1)
    first, last = map(int, blocks.split(".."))
    buckets = np.zeros(1 << job.bits - 2, np.uint8)
    for block in job.blocks[first : last + 1]:
        words, bounds = job.words(block)
        shingles.count(
            words,
            bounds,
            job.options.n - job.options.width + 1,
            buckets,
            part=int(slice_),
            n_slices=job.n_slices,
        )
    return {
        ("buckets", part): job.store.put("buckets", part, [(ALL, {"n": buckets.view(np.uint64)})])
    }


def rows_part(job: Job, part: str) -> dict[tuple[str, str], Sums]:
    """Shingles of a block that may stand elsewhere too, by range of hashes."""
    if made := done(job, part, "rows", "common"):
        return made
    words, bounds = job.words(part)
    common = np.zeros(1 << shingles.COMMON_BITS, np.uint32)
    rows = shingles.collect(
        words,
        bounds,
        job.options.n - job.options.width + 1,
        lambda slice_: job.get("buckets", f"{ALL}.{slice_}")["n"].view(np.uint8),
        common,
        first=int(job.firsts[int(part)]),
        ranges=job.ranges,
        n_slices=job.n_slices,
    )
    return {
        ("rows", part): job.store.put("rows", part, ((str(r), found) for r, found in rows)),
        ("common", part): job.store.put("common", part, [(ALL, {"n": common})]),
    }


def seeds_part(job: Job, part: str) -> dict[tuple[str, str], Sums]:
    """Seeds of a range of hashes, by pair of blocks, and marks, by block."""
    if made := done(job, part, "marks", "seeds"):
        return made
    rows = job.gather("rows", job.blocks, part)
    marks: list[tuple[str, Columns]] = []

    def found() -> Iterator[tuple[str, Columns]]:
        options = job.options
        for seeded, marked in (
            seeds(
                rows,
                job.get("common", ALL)["n"],
                job.outlets,
                job.days,
                across_outlets=options.across_outlets,
                within_days=options.within_days,
                max_articles=options.max_articles,
                alone=options.n >= options.min_words
                or options.max_gap >= CONTEXT
                or options.width > 1,
                pairs=PAIRS_AT_ONCE,
            )
            if rows is not None
            else ()
        ):
            a, b = (np.searchsorted(job.firsts, seeded[side], side="right") - 1 for side in "ab")
            yield from _split(
                seeded,
                a * len(job.blocks) + b,
                lambda key: f"{key // len(job.blocks)}x{key % len(job.blocks)}",
            )
            marks.extend(
                _split(
                    marked,
                    np.searchsorted(job.firsts, marked["place"] >> np.uint64(32), side="right") - 1,
                    str,
                )
            )

    made = {("seeds", part): job.store.put("seeds", part, found())}
    return made | {("marks", part): job.store.put("marks", part, marks)}


def passages_part(job: Job, part: str) -> dict[tuple[str, str], Sums]:
    """Passages of a block with itself and with those after it."""
    if made := done(job, part, "passages"):
        return made
    ranges = [str(r) for r in range(job.ranges)]

    def found() -> Iterator[tuple[str, Columns]]:
        a = _Block(job, part, ranges)
        for other in job.blocks[int(part) :]:
            if (seeded := job.gather("seeds", ranges, f"{part}x{other}")) is not None:
                b = a if other == part else _Block(job, other, ranges)
                passages = align(
                    seeded,
                    a.hashes,
                    a.bounds,
                    a.first,
                    a.marks,
                    b.hashes,
                    b.bounds,
                    b.first,
                    b.marks,
                    n=job.options.n,
                    width=job.options.width,
                    min_words=job.options.min_words,
                    max_gap=job.options.max_gap,
                )
                table = dict(zip(COLUMNS, passages.T.copy()))
                if not len(passages):
                    continue
                for side, block in (("a", a), ("b", b)):
                    at = block.bounds[table[side] - block.first] + table[f"{side}_position"]
                    spans = block.spans()
                    table[f"{side}_start"], table[f"{side}_end"] = (
                        spans["start"][at],
                        spans["end"][at + table[f"{side}_words"] - 1],
                    )
                    del spans
                yield ALL, table
                del b

    return {("passages", part): job.store.put("passages", part, found())}


class _Block:
    """Words of a block, where each article begins among them, their marks, and how to read their
    characters.
    """

    def __init__(self, job: Job, part: str, ranges: list[str]):
        self.hashes, self.bounds = job.words(part)
        self.spans = functools.partial(job.get, "spans", part)
        self.first = int(job.firsts[int(part)])
        self.marks = np.zeros(self.bounds[-1], np.uint8)
        for r in ranges:
            if (found := job.get("marks", r, part)) is not None:
                article = (found["place"] >> np.uint64(32)).astype(np.int64) - self.first
                self.marks[
                    self.bounds[article] + (found["place"] & np.uint64(0xFFFFFFFF)).astype(np.int64)
                ] = found["bits"]


def _split(columns: Columns, keys: np.ndarray, name) -> Iterator[tuple[str, Columns]]:
    """The rows by key."""
    if not len(keys):
        return
    if keys[0] == keys[-1] and (keys == keys[0]).all():
        yield name(int(keys[0])), columns
        return
    order = np.argsort(keys.astype(np.uint16) if keys.max() < 2**16 else keys, kind="stable")
    edges = np.flatnonzero(np.r_[True, np.diff(keys[order]) != 0, True])
    for start, stop in zip(edges, edges[1:]):
        rows = order[start:stop]
        yield name(int(keys[rows[0]])), {column: values[rows] for column, values in columns.items()}


def find_passages(source: Source, options: Options, engine) -> tuple[Columns, list[Fault]]:
    """Run all steps on an engine (see `analysis.reuse.engines`).

    Returns
    -------
    passages : dict of int32 arrays
        COLUMNS and CHARACTERS; sorted by all of COLUMNS.
    faults : list of Fault
        Rows of the source that could not be used.
    """
    with finding(source, options, engine) as (pieces, faults):
        return (
            join([{name: np.empty(0, np.int32) for name in (*COLUMNS, *CHARACTERS)}, *pieces]),
            faults,
        )


@contextlib.contextmanager
def finding(
    source: Source, options: Options, engine
) -> Iterator[tuple[Iterator[Columns], list[Fault]]]:
    """As `find_passages`, but the passages one block of articles after the other, for those that
    are too many for the memory.
    """
    with engine.open(source, options) as job:
        blocks = job.blocks
        made = engine.map(words_part, job, blocks, "words", here=not source.anywhere)
        faults = [fault for _, told in made for fault in told]
        job = job.with_made([one for one, _ in made])
        shares = [
            f"{share}.{slice_}"
            for slice_ in range(job.n_slices)
            for share in engine.shares(len(blocks))
        ]
        job = job.with_made(engine.map(count_part, job, shares, "counting"))
        for slice_ in range(job.n_slices):
            parts = [share for share in shares if share.endswith(f".{slice_}")]
            job = _merged(
                job,
                "buckets",
                parts,
                f"{ALL}.{slice_}",
                lambda one, other: shingles.merge(one.view(np.uint8), other.view(np.uint8)),
            )
        job = job.with_made(engine.map(rows_part, job, blocks, "shingles"))
        job = _merged(job, "common", blocks, ALL, lambda one, other: np.add(one, other, out=one))
        job.store.drop("buckets")
        job = job.with_made(
            engine.map(seeds_part, job, [str(r) for r in range(job.ranges)], "seeds")
        )
        job.store.drop("rows")
        job = job.with_made(engine.map(passages_part, job, blocks, "passages"))
        job.store.drop("seeds")
        yield (
            (
                in_order(found)
                for block in blocks
                if (found := job.get("passages", block)) is not None
            ),
            faults,
        )


def in_order(found: Columns) -> Columns:
    """Passages sorted by all of COLUMNS; the articles of a block stand before those of the next, so
    that blocks can be sorted alone.
    """
    order = np.lexsort([found[name] for name in reversed(COLUMNS)])
    return {name: found[name][order] for name in (*COLUMNS, *CHARACTERS)}


def _merged(job: Job, step: str, parts: list[str], name: str, add) -> Job:
    """The same table of counts of several parts as one."""
    total = job.get(step, parts[0])["n"].copy()
    for part in parts[1:]:
        add(total, job.get(step, part)["n"])
    return job.with_made([{(step, name): job.store.put(step, name, [(ALL, {"n": total})])}])
