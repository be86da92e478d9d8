"""The steps from stems to rewritten passages, as those of `analysis.reuse.stages` from words.

    stems ─▶ counted: how frequent each is in all ─▶ candidates: pairs worth a look, by blocks ─▶
    rewrites

Nothing but the stems of two blocks is in memory at once, and where passages grow nothing but those
of the articles that are looked at.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.errors import Fault
from analysis.reuse.corpus_words import CorpusStems, WithTexts
from analysis.reuse.passages import pair_keys
from analysis.reuse.rewrites import (
    REAL,
    REWRITE,
    SENTENCE_PAIR,
    pairs_to_compare,
    rewrites_of_pairs,
)
from analysis.reuse.spill import Arrays, join, take
from analysis.reuse.stages import ALL, CHARACTERS, Job, Made, Options
from analysis.reuse.stems import (
    INDEX,
    SENTENCES_AT_ONCE,
    Index,
    StemCounts,
    Stems,
    count_stems,
    index_block,
    join_stems,
    read_index,
    similar_pairs,
)

_SPANS = {"spans": {"start": np.int32, "end": np.int32}}
_AT_ONCE = 4_000  # sentences whose likes are looked up at once where memory is short
PASSAGE = (*REWRITE, "flags", *CHARACTERS)


def rewritten_passages(
    source: CorpusStems | WithTexts,
    verbatim: Arrays,
    options: Options,
    kinds: tuple[str, ...],
    engine,
) -> tuple[Arrays, Arrays]:
    """Rewritten and summarised passages of private features.

    Looked at are pairs of articles that share a verbatim passage (boilerplate apart) or several
    pairs of sentences with rare words in common.

    Parameters
    ----------
    source : CorpusStems or WithTexts
    verbatim : dict of arrays
        As `find_passages` gives them.
    options : Options
        across_outlets, within_days, asked.
    kinds : tuple
        Which of PASSAGE_KINDS.
    engine : Local or Dask

    Returns
    -------
    passages : dict of arrays
        REWRITE, a_start, a_end, b_start, b_end (characters) and flags; in the order of a, b,
        a_position.
    sentences : dict of arrays
        SENTENCE_PAIR, numbered by the passages.
    """
    with engine.open(source, replace(options, kinds=tuple(sorted(kinds)))) as job:
        blocks = job.blocks
        made = engine.map(stems_part, job, blocks, "stems", here=not source.anywhere)
        job = job.with_made([one for one, _ in made])
        counts = count_stems([_read(job, block, "names", "sizes", "meant") for block in blocks])
        job = job.with_made([_put_counts(job, counts)])
        job = job.with_made(engine.map(candidates_part, job, blocks, "candidates"))
        found = [pairs for block in blocks if (pairs := job.get("candidates", block)) is not None]
        alike = np.concatenate([np.empty((0, 2), np.int64), *(_couples(pairs) for pairs in found)])
        sizes = np.concatenate([job.get("sizes", block)["words"] for block in blocks])
        pairs = pairs_to_compare(alike, verbatim, sizes)
        job = job.with_made([_put_pairs(job, pairs, verbatim)])
        job = job.with_made(engine.map(rewrites_part, job, blocks, "rewrites"))
        passages, sentences, count = [no_rows(PASSAGE)], [no_rows(SENTENCE_PAIR)], 0
        for block in blocks:
            if (piece := job.get("rewrites", block)) is not None:
                told = job.get("told", block) or no_rows(SENTENCE_PAIR)
                sentences.append(told | {"passage": told["passage"] + count})
                passages.append(piece)
                count += len(piece["a"])
    return join(passages), join(sentences)


def stems_part(job: Job, part: str) -> tuple[Made, list[Fault]]:
    """Read and index the stems of a block."""
    steps = [*INDEX, "spans"]
    if made := job.finished(part, *steps):
        return made, []
    first, stop = job.firsts[int(part) : int(part) + 2]
    columns, sizes, vectors, first_vector = job.source.read(first, stop)
    bounds = np.r_[0, np.cumsum(sizes)]
    index = index_block(columns["stem"], columns["sentence"], bounds, vectors, first_vector)
    spans = {edge: columns[edge] for edge in ("start", "end")}
    return job.put(part, **index, spans=spans), []


def candidates_part(job: Job, part: str) -> Made:
    """Pairs of articles of a block and of those after it that share rare words of sentences."""
    if made := job.finished(part, "candidates"):
        return made
    counts = _counts(job)
    at_once = SENTENCES_AT_ONCE if len(job.blocks) == 1 else _AT_ONCE

    def found() -> Iterator[tuple[str, Arrays]]:
        a_first = job.firsts[int(part)]
        one = _sentences(job, part, counts)
        for other in job.blocks[int(part) :]:
            b_first, b_stop = job.firsts[int(other) : int(other) + 2]
            if b_stop <= job.options.asked:
                continue
            if _too_far(job, part, other):
                continue
            comparable = functools.partial(_comparable, job, int(a_first), int(b_first))
            another = None if other == part else _sentences(job, other, counts)
            pairs = similar_pairs(one, another, comparable=comparable, at_once=at_once)
            if len(pairs):
                yield ALL, {"a": pairs[:, 0] + a_first, "b": pairs[:, 1] + b_first}

    return {("candidates", part): job.store.put("candidates", part, found())}


def _comparable(job: Job, a_first: int, b_first: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Which pairs of articles of two blocks, by their numbers in these, may be compared."""
    a, b = a + a_first, b + b_first
    allowed, options = np.ones(len(a), bool), job.options
    if options.across_outlets:
        allowed &= (job.outlets[a] != job.outlets[b]) | (job.outlets[a] < 0)
    if options.within_days is not None:
        allowed &= ~(np.abs(job.days[a] - job.days[b]) > options.within_days)  # NaN: no date
    if options.asked:
        allowed &= (a < options.asked) & (b >= options.asked)
    return allowed


def _too_far(job: Job, part: str, other: str) -> bool:
    """Whether no article of a block was published near enough to one of the other."""
    if job.options.within_days is None:
        return False
    a, b = (job.days[job.firsts[int(k)] : job.firsts[int(k) + 1]] for k in (part, other))
    return max(b.min() - a.max(), a.min() - b.max()) > job.options.within_days  # NaN: no date


def rewrites_part(job: Job, part: str) -> Made:
    """Passages of the pairs that a block has with itself and with those after it."""
    if made := job.finished(part, "rewrites", "told"):
        return made
    counts = _counts(job)
    passages, sentences, count = [], [], 0
    read = functools.lru_cache(1)(functools.partial(_whole_block, job))  # which most pairs share
    for other in job.blocks[int(part) :]:
        key = f"{part}x{other}"
        if (pairs := job.get("looked", ALL, key)) is None:
            continue
        pairs = _couples(pairs)
        articles = np.unique(pairs).astype(np.int32)
        stems, spans = _stems_of(job, articles, counts, {part: read(part)})
        known = job.get("known", ALL, key) or no_rows(PASSAGE)
        local = {side: np.searchsorted(articles, known[side]) for side in "ab"}
        about = spans, job.options.kinds, job.days[articles]
        found, told = rewrites_of_pairs(
            stems, np.searchsorted(articles, pairs), known | local, *about
        )
        if len(found["a"]):
            sentences.append(told | {"passage": told["passage"] + count})
            passages.append(found | {side: articles[found[side]] for side in "ab"})
            count += len(found["a"])
    # each piece is in order; of one block all must be
    whole = join([no_rows(PASSAGE), *passages])
    order = np.lexsort([whole[name] for name in ("b_position", "a_position", "b", "a")])
    number = np.argsort(order).astype(np.int32)
    told = join([no_rows(SENTENCE_PAIR), *sentences])
    told["passage"] = number[told["passage"]]
    return job.put(part, rewrites=take(whole, order), told=told)


def _stems_of(
    job: Job, articles: np.ndarray, counts: StemCounts, held: dict[str, Index]
) -> tuple[Stems, pd.DataFrame]:
    """The stems of some articles of one block or two, and the characters of their words."""
    stems, spans, block_of = None, [], job.block_of(articles)
    for block in np.unique(block_of):
        inside = articles[block_of == block] - job.firsts[block]
        index = held.get(str(block)) or _whole_block(job, str(block))
        some = read_index(index, counts, inside)
        stems = some if stems is None else join_stems(stems, some)
        sizes = index["sizes"]["words"]
        spans.append(take(index["spans"], np.isin(np.repeat(np.arange(len(sizes)), sizes), inside)))
    return stems, pd.DataFrame(join(spans))


def _whole_block(job: Job, block: str) -> Index:
    return _read(job, block, *(name for name in INDEX if name != "meant"), "spans")


def _sentences(job: Job, block: str, counts: StemCounts) -> Stems:
    """The stems of the sentences of a block, without its words."""
    tables = _read(job, block, *(name for name in INDEX if name not in ("words", "meant")))
    return read_index({"words": _none_of("words")} | tables, counts)


def _read(job: Job, block: str, *tables: str) -> Index:
    """Some tables of the index of a block; of what is empty nothing was stored."""
    return {name: job.get(name, block) or _none_of(name) for name in tables}


def _none_of(table: str) -> Arrays:
    return {name: np.empty(0, kind) for name, kind in (INDEX | _SPANS)[table].items()}


def _put_counts(job: Job, counts: StemCounts) -> Made:
    names = {"name": counts.names, "words": counts.words, "groups": counts.groups}
    more = {"n": np.array([counts.n_groups])}
    return job.put(ALL, counted=names, counted_groups=more, counted_mean={"value": counts.mean})


def _counts(job: Job) -> StemCounts:
    names = job.get("counted", ALL) or _none_of("names")
    mean = job.get("counted_mean", ALL) or _none_of("meanings")
    n_groups = int(job.get("counted_groups", ALL)["n"][0])
    return StemCounts(*names.values(), n_groups, mean["value"])


def _put_pairs(job: Job, pairs: np.ndarray, verbatim: Arrays) -> Made:
    """The pairs that are looked at and their verbatim passages, by their two blocks."""
    n = len(job.blocks)
    looked = {"a": pairs[:, 0], "b": pairs[:, 1]}
    known = take(verbatim, np.isin(pair_keys(verbatim), pair_keys(looked)))
    made = {}
    for step, table in (("looked", looked), ("known", known)):
        key = job.block_of(table["a"]) * n + job.block_of(table["b"])
        by_blocks = ((f"{k // n}x{k % n}", take(table, key == k)) for k in np.unique(key))
        made[step, ALL] = job.store.put(step, ALL, by_blocks)
    return made


def _couples(pairs: Arrays) -> np.ndarray:
    return np.stack([pairs["a"], pairs["b"]], axis=1).astype(np.int64)


def no_rows(names: tuple[str, ...]) -> Arrays:
    """No row of passages or of their sentences."""
    return {name: np.empty(0, np.float64 if name in REAL else np.int32) for name in names}
