"""The steps from words to passages, each a function of a job and the name of a part.

    words ─▶ count: which shingles may stand twice ─▶ rows, by range of hashes ─▶ seeds and marks,
    by blocks ─▶ passages

A block holds some running articles, a range an equal share of all hashes. Nothing but the words of
two blocks, or the rows of one range, is in memory at once, and what a step reads is what the step
before it wrote, row for row. Engines run the steps here or elsewhere.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from analysis.errors import Fault
from analysis.options import Whole, check_option, check_options
from analysis.reuse import shingles
from analysis.reuse.align import PASSAGE_COLUMNS, align
from analysis.reuse.seed_words import lost_pairs, seed_words
from analysis.reuse.shingles import CONTEXT
from analysis.reuse.spill import Arrays, PartStore, Sums, join, take

ALL = "all"  # the key of what is not split
CHARACTERS = ("a_start", "a_end", "b_start", "b_end")
MOST_COUNTED = 1_000_000  # of any option that counts words or articles
PAIRS_AT_ONCE = 1_000_000  # comparisons of two places between two writes

Made = dict[tuple[str, str], Sums]  # rows and checksums by (step, part)


class WordSource(Protocol):
    """Where words come from.

    Attributes
    ----------
    sizes : float array of shape (n_articles,)
        Words of each article, as far as is known at once.
    measured : float array of shape (n_articles,)
        The same, if need be by reading all texts.
    outlets, days : arrays of shape (n_articles,)
        See `analysis.reuse.seed_words`.
    anywhere : bool
        Whether workers elsewhere can read it.
    """

    sizes: np.ndarray
    measured: np.ndarray
    outlets: np.ndarray
    days: np.ndarray
    anywhere: bool

    def read(self, first: int, stop: int) -> tuple[Arrays, np.ndarray, list[Fault]]:
        """Words of some articles (hash, start, end), how many each has, and which rows are bad."""

    def digest(self) -> str:
        """What names these words: another digest is other words."""


@dataclass(frozen=True)
class Options:
    """What is a passage: the options of `tl.reuse`.

    Attributes
    ----------
    n, min_words, max_gap, across_outlets
        See `tl.reuse`.
    width : int
        See `analysis.reuse.align.align`.
    within_days, max_articles
        See `tl.reuse`; None for no limit.
    asked : int
        Number of the first article that is compared with those before it only, and these not with
        each other; 0 for none. Each counts as if it alone stood behind the others.
    kinds : tuple of str
        Of rewritten passages.

    Raises
    ------
    OptionError
        For what the compiled loops could not take.
    """

    n: int = 5
    width: int = 1
    min_words: int = 8
    max_gap: int = 3
    across_outlets: bool = False
    within_days: float | None = None
    max_articles: int | None = 50
    asked: int = 0
    kinds: tuple[str, ...] = ()

    def __post_init__(self):
        """Check the options, and make numbers of numpy plain ones."""
        self._check("n", self.width)
        self._check("min_words", self.n)
        self._check("max_gap", 0)
        if self.max_articles is not None:
            self._check("max_articles", 2)
        check_options(across_outlets=self.across_outlets)
        if self.within_days is not None:
            check_options(within_days=self.within_days)
            object.__setattr__(self, "within_days", float(self.within_days))

    def _check(self, name: str, least: int) -> None:
        check_option(name, getattr(self, name), Whole(least, MOST_COUNTED))
        object.__setattr__(self, name, int(getattr(self, name)))


@dataclass(frozen=True)
class Job:
    """A run: what every step needs, and what the steps so far made.

    Attributes
    ----------
    store : PartStore
    source : WordSource
        None for steps on workers that cannot read it.
    options : Options
    outlets, days : arrays of shape (n_articles,)
    firsts : int64 array of shape (n_blocks + 1,)
        First article of each block.
    ranges : int
        Of hashes.
    n_slices, bits : int
        Slices of the hashes that are counted one after the other, and counters of each as a power
        of two.
    fresh : bool array of shape (n_articles,) or None
        Only pairs with one of these are looked for.
    made : dict
        Rows and checksums by (step, part).
    """

    store: PartStore
    source: WordSource | None
    options: Options
    outlets: np.ndarray
    days: np.ndarray
    firsts: np.ndarray
    ranges: int
    n_slices: int
    bits: int
    fresh: np.ndarray | None = None
    made: Made = field(default_factory=dict, repr=False)

    @property
    def blocks(self) -> list[str]:
        """Names of the blocks."""
        return [str(i) for i in range(len(self.firsts) - 1)]

    def block_of(self, articles: np.ndarray) -> np.ndarray:
        """Number of the block that holds each article."""
        return np.searchsorted(self.firsts, articles, side="right") - 1

    def put(self, part: str, **tables: Arrays) -> Made:
        """Store one whole table for each step that is named."""
        return {
            (step, part): self.store.put(step, part, [(ALL, arrays)])
            for step, arrays in tables.items()
        }

    def get(self, step: str, part: str, key: str = ALL) -> Arrays | None:
        """What a part holds for a key, checked against what was written; None if nothing."""
        expected = self.made[step, part].get(key)
        return None if expected is None else self.store.get(step, part, key, expected)

    def gather(self, step: str, parts: list[str], key: str) -> Arrays | None:
        """What all parts hold for a key."""
        pieces = [piece for part in parts if (piece := self.get(step, part, key)) is not None]
        return join(pieces) if pieces else None

    def with_made(self, made: list[Made]) -> Job:
        """The job after a step."""
        return replace(self, made=functools.reduce(dict.__or__, made, self.made))

    def finished(self, part: str, *steps: str) -> Made | None:
        """What an earlier run finished of a part, if it finished all of these steps."""
        made = {(step, part): self.store.sums(step, part) for step in steps}
        return None if None in made.values() else made

    def words(self, block: str) -> tuple[np.ndarray, np.ndarray]:
        """Hashes of the words of a block, and where each article begins among them."""
        sizes = self.get("sizes", block) or {"n": np.empty(0, np.int64)}
        words = self.get("words", block) or {"hash": np.empty(0, np.uint64)}
        return words["hash"], np.r_[0, np.cumsum(sizes["n"])]


def words_part(job: Job, part: str) -> tuple[Made, list[Fault]]:
    """Read the words of a block."""
    first, stop = job.firsts[int(part) : int(part) + 2]
    columns, sizes, faults = job.source.read(first, stop)
    spans = {name: columns[name] for name in ("start", "end")}
    return job.put(part, words={"hash": columns["hash"]}, spans=spans, sizes={"n": sizes}), faults


def count_part(job: Job, part: str) -> Made:
    """Count the shingles of running blocks in one slice: "0..5.1" are blocks 0 to 5 in slice 1."""
    if made := job.finished(part, "buckets"):
        return made
    blocks, slice_ = part.rsplit(".", 1)
    first, last = map(int, blocks.split(".."))
    buckets = np.zeros(1 << job.bits - 2, np.uint8)
    n = job.options.n - job.options.width + 1
    for block in job.blocks[first : last + 1]:
        words, bounds = job.words(block)
        if job.fresh is not None:  # whatever they have, others may have: it counts twice
            inside = job.fresh[job.firsts[int(block)] : job.firsts[int(block) + 1]]
            sizes = np.diff(bounds)
            words, bounds = words[np.repeat(inside, sizes)], np.r_[0, np.cumsum(sizes[inside])]
        for _ in range(1 if job.fresh is None else 2):
            shingles.count_shingles(
                words, bounds, n, buckets, part=int(slice_), n_slices=job.n_slices
            )
    return job.put(part, buckets={"n": buckets.view(np.uint64)})


def rows_part(job: Job, part: str) -> Made:
    """Shingles of a block that may stand elsewhere too, by range of hashes."""
    if made := job.finished(part, "rows", "common"):
        return made
    common = np.zeros(1 << shingles.COMMON_BITS, np.uint32)
    rows = shingles.collect(
        *job.words(part),
        job.options.n - job.options.width + 1,
        lambda slice_: job.get("buckets", f"{ALL}.{slice_}")["n"].view(np.uint8),
        common,
        first=int(job.firsts[int(part)]),
        ranges=job.ranges,
        n_slices=job.n_slices,
    )
    stored = job.store.put("rows", part, ((str(r), found) for r, found in rows))
    return {("rows", part): stored} | job.put(part, common={"n": common})


def seeds_part(job: Job, part: str) -> Made:
    """Seeds of a range of hashes, by pair of blocks, and marks, by block.

    If only pairs with fresh articles are looked for, also which others have lost seeds by them.
    """
    if made := job.finished(part, "marks", "seeds", "lost"):
        return made
    rows, options = job.gather("rows", job.blocks, part), job.options
    n_blocks = len(job.blocks)
    marks: list[tuple[str, Arrays]] = []
    compared = {
        "across_outlets": options.across_outlets,
        "within_days": np.inf if options.within_days is None else options.within_days,
        "max_articles": options.max_articles or 0,
    }

    def found() -> Iterator[tuple[str, Arrays]]:
        if rows is None:
            return
        for seeded, marked in seed_words(
            rows,
            job.get("common", ALL)["n"],
            job.outlets,
            job.days,
            **compared,
            alone=options.n >= options.min_words or options.max_gap >= CONTEXT or options.width > 1,
            pairs=PAIRS_AT_ONCE,
            fresh=job.fresh,
            asked=options.asked,
        ):
            key = job.block_of(seeded["a"]) * n_blocks + job.block_of(seeded["b"])
            yield from _split(seeded, key, lambda key: f"{key // n_blocks}x{key % n_blocks}")
            marks.extend(_split(marked, job.block_of(marked["place"] >> np.uint64(32)), str))

    made = {("seeds", part): job.store.put("seeds", part, found())}
    made["marks", part] = job.store.put("marks", part, marks)
    lost: Arrays = {}
    if rows is not None and job.fresh is not None and options.max_articles and not options.asked:
        lost = lost_pairs(rows, job.fresh, job.outlets, job.days, **compared)
    return made | job.put(part, lost=lost)


def passages_part(job: Job, part: str) -> Made:
    """Passages of a block with itself and with those after it."""
    if made := job.finished(part, "passages"):
        return made
    ranges = [str(r) for r in range(job.ranges)]
    options = {name: getattr(job.options, name) for name in ("n", "width", "min_words", "max_gap")}

    def found() -> Iterator[tuple[str, Arrays]]:
        a = _Block(job, part, ranges)
        for other in job.blocks[int(part) :]:
            if (seeded := job.gather("seeds", ranges, f"{part}x{other}")) is None:
                continue
            b = a if other == part else _Block(job, other, ranges)
            passages = align(seeded, *a.words, *b.words, **options)
            if len(passages):
                table = dict(zip(PASSAGE_COLUMNS, passages.T.copy()))
                yield ALL, table | a.characters(table, "a") | b.characters(table, "b")
            del b

    return {("passages", part): job.store.put("passages", part, found())}


class _Block:
    """Words of a block: hashes, where each article begins, the first article's number, marks."""

    def __init__(self, job: Job, part: str, ranges: list[str]):
        hashes, bounds = job.words(part)
        first = int(job.firsts[int(part)])
        marks = np.zeros(bounds[-1], np.uint8)
        for r in ranges:
            if (found := job.get("marks", r, part)) is not None:
                article = (found["place"] >> np.uint64(32)).astype(np.int64) - first
                word = (found["place"] & np.uint64(0xFFFFFFFF)).astype(np.int64)
                marks[bounds[article] + word] = found["bits"]
        self.words = hashes, bounds, first, marks
        self._spans = functools.partial(job.get, "spans", part)

    def characters(self, passages: Arrays, side: str) -> Arrays:
        """First and last character of each passage on one side."""
        _, bounds, first, _ = self.words
        at = bounds[passages[side] - first] + passages[f"{side}_position"]
        spans = self._spans()
        last = at + passages[f"{side}_words"] - 1
        return {f"{side}_start": spans["start"][at], f"{side}_end": spans["end"][last]}


def _split(columns: Arrays, keys: np.ndarray, name) -> Iterator[tuple[str, Arrays]]:
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
        yield name(int(keys[rows[0]])), take(columns, rows)


def find_passages(source: WordSource, options: Options, engine) -> tuple[Arrays, list[Fault]]:
    """Run all steps on an engine (see `analysis.reuse.engines`).

    Returns
    -------
    passages : dict of int32 arrays
        PASSAGE_COLUMNS and CHARACTERS; sorted by all of PASSAGE_COLUMNS.
    faults : list of Fault
        Rows of the source that could not be used.
    """
    nothing = {name: np.empty(0, np.int32) for name in (*PASSAGE_COLUMNS, *CHARACTERS)}
    with finding(source, options, engine) as (pieces, faults):
        return join([nothing, *pieces]), faults


@contextlib.contextmanager
def finding(
    source: WordSource, options: Options, engine
) -> Iterator[tuple[Iterator[Arrays], list[Fault]]]:
    """As `find_passages`, but one block of articles after the other, where memory is short."""
    with engine.open(source, options) as job:
        job, faults = read_all_words(job, engine)
        job = search(job, engine)
        found = (job.get("passages", block) for block in job.blocks)
        yield (in_order(piece) for piece in found if piece is not None), faults


def read_all_words(job: Job, engine) -> tuple[Job, list[Fault]]:
    """The first step: words, from wherever they are."""
    made = engine.map(words_part, job, job.blocks, "words", here=not job.source.anywhere)
    return job.with_made([one for one, _ in made]), [fault for _, found in made for fault in found]


def search(job: Job, engine) -> Job:
    """The steps from words to passages."""
    blocks, shares = job.blocks, engine.shares(len(job.blocks))
    slices = [[f"{share}.{slice_}" for share in shares] for slice_ in range(job.n_slices)]
    job = job.with_made(engine.map(count_part, job, sum(slices, []), "counting"))
    for slice_, parts in enumerate(slices):
        job = _merged(job, "buckets", parts, f"{ALL}.{slice_}", _add_counters)
    job = job.with_made(engine.map(rows_part, job, blocks, "shingles"))
    job = _merged(job, "common", blocks, ALL, lambda one, other: np.add(one, other, out=one))
    job.store.drop("buckets")
    ranges = [str(r) for r in range(job.ranges)]
    job = job.with_made(engine.map(seeds_part, job, ranges, "seeds"))
    job.store.drop("rows")
    job = job.with_made(engine.map(passages_part, job, blocks, "passages"))
    job.store.drop("seeds")
    return job


def in_order(passages: Arrays) -> Arrays:
    """Passages sorted by PASSAGE_COLUMNS; as blocks are in order, each can be sorted alone."""
    order = np.lexsort([passages[name] for name in reversed(PASSAGE_COLUMNS)])
    return {name: passages[name][order] for name in (*PASSAGE_COLUMNS, *CHARACTERS)}


def _add_counters(one: np.ndarray, other: np.ndarray) -> None:
    shingles.merge(one.view(np.uint8), other.view(np.uint8))


def _merged(job: Job, step: str, parts: list[str], name: str, add) -> Job:
    """The same table of counts of several parts as one."""
    total = job.get(step, parts[0])["n"].copy()
    for part in parts[1:]:
        add(total, job.get(step, part)["n"])
    return job.with_made([job.put(name, **{step: {"n": total}})])
