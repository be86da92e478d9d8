"""Shingles: hashes of running words.

Which of them stand more than once is found by counting, before anything is sorted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numba
import numpy as np

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
# shares of the hashes whose counters stay in the processor's cache while they are worked on
PARTITIONS = 256
# words that are split into them at once, by 8 and by 28 bytes
COUNTED, COLLECTED = 8_000_000, 2_500_000
# 2^28 counters of two bits, 64 MiB: a sixteenth full with the words of an archive of 100 MB
SLICE_BITS = 28
COMMON_BITS = 20
# times as many counters a word, where those of few articles tell what all others have of them
FEWER = 4
_ROW = {"hash": np.uint64, "place": np.uint64, "before": np.uint32, "beside": np.uint64}
CONTEXT = 4
# times that a shingle may start runs in one article; a text of one phrase over and over would start
# n² of them
REPEATS = 8
CROWD = 4096  # counters of an article's shingles, so few that they stay at hand


def slices(n_words: int, most: int = SLICE_BITS) -> tuple[int, int]:
    """How many counters n words need: about sixteen for each word, so that few words share one.

    Returns
    -------
    n_slices : int
        Equal shares of the hashes, a power of two up to PARTITIONS, that are counted one after the
        other.
    bits : int
        Counters of one slice, as a power of two, up to `most`.
    """
    bits = max(round(np.log2(16 * max(n_words, 1))), 10)
    return min(1 << max(bits - most, 0), PARTITIONS), min(bits, most)


def count_shingles(
    words: np.ndarray,
    bounds: np.ndarray,
    n: int,
    buckets: np.ndarray,
    *,
    part: int = 0,
    n_slices: int = 1,
) -> None:
    """Count the shingles of some articles, up to two.

    Parameters
    ----------
    words : uint64 array of shape (n_words,)
        Hashes of the words of all articles, one article after the other.
    bounds : int64 array of shape (n_articles + 1,)
        Where each article begins in `words`.
    n : int
        Words of a shingle.
    buckets : uint8 array of shape (2^bits / 4,)
        Counters of two bits, by the first bits of the shingle's hash behind those that tell the
        slice; changed in place.
    part, n_slices : int
        Which slice of the hashes is counted, of how many.
    """
    chunks, words = list(_chunks(bounds, COUNTED)), unwritten(words)
    columns = _room(bounds, chunks, whole=False)
    for first, stop in chunks:
        edges = _partition(words, bounds[first : stop + 1], n, 0, *_share(part, n_slices), *columns)
        _count(columns[0][: edges[-1]], buckets, n_slices)


def merge(buckets: np.ndarray, others: np.ndarray) -> None:
    """Add the counters of another part of the archive, up to two, in place."""
    for two in (0, 2, 4, 6):
        both = np.minimum((buckets >> two & 3) + (others >> two & 3), 2) << two
        buckets &= ~np.uint8(3 << two)
        buckets |= both


def collect(
    words: np.ndarray,
    bounds: np.ndarray,
    n: int,
    tables: Callable[[int], np.ndarray],
    common: np.ndarray,
    *,
    first: int = 0,
    ranges: int = 1,
    n_slices: int = 1,
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """Shingles that may stand elsewhere too, by range of hashes.

    Parameters
    ----------
    words, bounds, n
        See `count_shingles`.
    tables : callable
        Gives the counters of a slice, of the whole archive.
    common : uint32 array of shape (2^COMMON_BITS,)
        To which the rows are added by the first bits of their hash.
    first : int
        Number of the first article.
    ranges : int
        Into how many ranges the hashes are split.
    n_slices : int
        Slices of the hashes that were counted.

    Yields
    ------
    range : int
    rows : dict of arrays of shape (n_rows,)
        hash (uint64), place (uint64: number of the article and, in the lower 32 bits, the shingle's
        first word), before (uint32: 31 bits of the hash of the shingle one word before, and behind
        them 1 if that may stand in the article more than REPEATS times; 0 at the beginning of an
        article), beside (uint64: a byte of the hash of each of the CONTEXT words before, in its
        upper half, and behind; 0 where there is none).
    """
    chunks, words = list(_chunks(bounds, COLLECTED)), unwritten(words)
    columns = _room(bounds, chunks, whole=True)
    for part in range(n_slices):
        buckets = tables(part)
        for start, stop in chunks:
            edges = _partition(
                words, bounds[start : stop + 1], n, first + start, *_share(part, n_slices), *columns
            )
            _keep(*columns, edges, buckets, n_slices, common)
            edges = edges[np.arange(ranges + 1) * PARTITIONS // ranges]
            for r in np.flatnonzero(np.diff(edges)):
                rows = slice(edges[r], edges[r + 1])
                yield int(r), {name: values[rows].copy() for name, values in zip(_ROW, columns)}


def collect_few(
    words: np.ndarray,
    bounds: np.ndarray,
    n: int,
    tables: Callable[[int], np.ndarray],
    common: np.ndarray,
    *,
    first: int = 0,
    ranges: int = 1,
    n_slices: int = 1,
) -> Iterator[tuple[int, dict[str, np.ndarray]]]:
    """The same rows as `collect`, in the order of their places: faster where they are few.

    Each shingle is looked up where it stands, first in a bit for eight counters, as all bits stay
    in the processor's cache; only what is kept is written.

    Parameters
    ----------
    words, bounds, n, tables, common, first, ranges, n_slices
        See `collect`.

    Yields
    ------
    range : int
    rows : dict of arrays of shape (n_rows,)
    """
    chunks, words = list(_chunks(bounds, COLLECTED)), unwritten(words)
    size = max((int(bounds[stop] - bounds[start]) for start, stop in chunks), default=0) + 1
    hashes, at = np.empty(size, np.uint64), np.empty(size, np.int64)  # used again for each
    edges = np.arange(ranges + 1) * PARTITIONS // ranges
    range_of = np.repeat(np.arange(ranges, dtype=np.int16), np.diff(edges))
    for part in range(n_slices):
        buckets, share = tables(part), _share(part, n_slices)
        some_of_8 = np.packbits(buckets.view(np.uint16) & 0xAAAA > 0, bitorder="little")
        for start, stop in chunks:
            some = bounds[start : stop + 1]
            found = _look_up(words, some, n, some_of_8, _shift(buckets), n_slices, hashes, at)
            kept = _look_again(hashes, at, found, buckets, n_slices, *share)
            rows = _described(words, some, n, first + start, hashes[:kept], at[:kept], common)
            if ranges == 1:
                yield 0, dict(zip(_ROW, (hashes[:kept].copy(), *rows)))
                continue
            of_range = range_of[hashes[:kept] >> np.uint64(56)]
            for r in range(ranges):
                if len(inside := np.flatnonzero(of_range == r)):
                    named = zip(_ROW, (hashes[:kept], *rows))
                    yield r, {name: values[inside] for name, values in named}


def unwritten(words: np.ndarray) -> np.ndarray:
    """The same words, not to be written to: Numba compiles its loops anew for arrays that are."""
    words = words.view()
    words.flags.writeable = False
    return words


def _share(part: int, n_slices: int) -> tuple[int, int]:
    """First and last (exclusive) partition of a slice."""
    return part * PARTITIONS // n_slices, (part + 1) * PARTITIONS // n_slices


def _chunks(bounds: np.ndarray, words: int) -> Iterator[tuple[int, int]]:
    """Articles, about so many words at once."""
    first = 0
    while first < len(bounds) - 1:
        stop = max(int(np.searchsorted(bounds, bounds[first] + words, side="right")) - 1, first + 1)
        yield first, stop
        first = stop


def _room(
    bounds: np.ndarray, chunks: list[tuple[int, int]], *, whole: bool
) -> tuple[np.ndarray, ...]:
    """Arrays for the shingles of the largest chunk, used again for each.

    Fresh pages would take longer than the work.
    """
    size = max((int(bounds[stop] - bounds[first]) for first, stop in chunks), default=0)
    return tuple(
        np.empty(size if whole or name == "hash" else 0, kind) for name, kind in _ROW.items()
    )


@numba.njit(cache=True, nogil=True, inline="always")
def _mixed(rolling):
    rolling ^= rolling >> np.uint64(32)
    rolling *= _MIX
    return rolling ^ rolling >> np.uint64(32)


@numba.njit(cache=True, nogil=True)
def _first(words, at, n):
    """The rolling hash of the shingle at a place, and its first word's power of the base."""
    rolling, power = np.uint64(0), np.uint64(1)
    for k in range(n):  # wrap-around is the arithmetic of the hash
        rolling = rolling * _BASE + words[at + k]
        if k:
            power *= _BASE
    return rolling, power


@numba.njit(cache=True, nogil=True)
def _crowd(words, first, stop, n, crowd):
    """Count an article's shingles by the last bits of their hash, up to one more than REPEATS."""
    crowd[:] = 0
    rolling, power = _first(words, first, n)
    for i in range(first, stop):
        k = _mixed(rolling) % np.uint64(CROWD)
        crowd[k] += crowd[k] <= REPEATS
        if i + 1 < stop:
            rolling = (rolling - words[i] * power) * _BASE + words[i + n]


@numba.njit(cache=True, nogil=True)
def _partition(words, bounds, n, first, low, high, hashes, places, befores, besides):
    """Put the shingles of some partitions in their order; returns where each begins.

    Where there is room, with their place and with what stands around them.
    """
    edges, whole = np.zeros(PARTITIONS + 1, np.int64), len(places) > 0
    crowd = np.zeros(CROWD, np.uint8)
    at = edges[:-1].copy()
    for fill in (False, True):
        if fill:
            for k in range(PARTITIONS):
                edges[k + 1] += edges[k]
            at = edges[:-1].copy()
        for a in range(len(bounds) - 1):
            stop = bounds[a + 1] - n + 1
            if bounds[a] >= stop:
                continue
            rolling, power = _first(words, bounds[a], n)
            before, left, right = np.uint32(0), np.uint64(0), np.uint64(0)
            if fill and whole:
                _crowd(words, bounds[a], stop, n, crowd)
            for i in range(min(CONTEXT, bounds[a + 1] - bounds[a] - n)):
                right |= words[bounds[a] + n + i] >> np.uint64(56) << np.uint64(8 * i)
            for i in range(bounds[a], stop):
                mixed = _mixed(rolling)
                k = np.int64(mixed >> np.uint64(56))
                if not fill:
                    edges[k + 1] += low <= k < high
                else:
                    if low <= k < high:
                        to = at[k]
                        hashes[to] = mixed
                        if whole:
                            places[to], befores[to] = (
                                np.uint64(first + a) << np.uint64(32) | np.uint64(i - bounds[a]),
                                before,
                            )
                            besides[to] = left << np.uint64(32) | right
                        at[k] = to + 1
                    if whole:
                        before = np.uint32(mixed >> np.uint64(32)) & np.uint32(
                            0xFFFFFFFE
                        ) | np.uint32(crowd[mixed % np.uint64(CROWD)] > REPEATS)
                        left = (left << np.uint64(8) | words[i] >> np.uint64(56)) & np.uint64(
                            0xFFFFFFFF
                        )
                        right >>= np.uint64(8)
                        if i + n + CONTEXT < bounds[a + 1]:
                            right |= words[i + n + CONTEXT] >> np.uint64(56) << np.uint64(24)
                if i + 1 < stop:
                    rolling = (rolling - words[i] * power) * _BASE + words[i + n]
    return edges


@numba.njit(cache=True, nogil=True)
def _look_up(words, bounds, n, some_of_8, shift, n_slices, hashes, at):
    """Shingles one of whose eight counters is more than 1; returns how many."""
    slices, three, found = np.uint64(n_slices), np.uint64(3), 0
    for a in range(len(bounds) - 1):
        stop = bounds[a + 1] - n + 1
        if bounds[a] >= stop:
            continue
        rolling, power = _first(words, bounds[a], n)
        for i in range(bounds[a], stop):  # no branch, as none could be foretold
            mixed = _mixed(rolling)
            eight = mixed * slices >> shift >> three
            hashes[found], at[found] = mixed, i
            found += np.int64(
                some_of_8[eight >> three] >> np.uint8(eight & np.uint64(7)) & np.uint8(1)
            )
            if i + 1 < stop:
                rolling = (rolling - words[i] * power) * _BASE + words[i + n]
    return found


@numba.njit(cache=True, nogil=True)
def _look_again(hashes, at, found, buckets, n_slices, low, high):
    """Keep those of some partitions whose own counter is more than 1; returns how many."""
    shift, slices, kept = _shift(buckets), np.uint64(n_slices), 0
    for k in range(found):
        mixed = hashes[k]
        partition = np.int64(mixed >> np.uint64(56))
        hashes[kept], at[kept] = mixed, at[k]
        inside = (low <= partition) & (partition < high)
        kept += np.int64(inside & (_counter(buckets, mixed * slices >> shift) > 1))
    return kept


@numba.njit(cache=True, nogil=True)
def _described(words, bounds, n, first, hashes, at, common):
    """Where shingles stand and what is beside them, as `collect` gives it."""
    places = np.empty(len(at), np.uint64)
    befores, besides = np.zeros(len(at), np.uint32), np.empty(len(at), np.uint64)
    crowd, a, counted, byte = np.zeros(CROWD, np.uint8), 0, -1, np.uint64(56)
    for row in range(len(at)):
        i = at[row]
        while bounds[a + 1] <= i:
            a += 1
        begin, end = bounds[a], bounds[a + 1]
        if a != counted:
            _crowd(words, begin, end - n + 1, n, crowd)
            counted = a
        common[hashes[row] >> np.uint64(64 - COMMON_BITS)] += np.uint32(1)
        places[row] = np.uint64(first + a) << np.uint64(32) | np.uint64(i - begin)
        if i > begin:
            before = _mixed(_first(words, i - 1, n)[0])
            crowded = np.uint32(crowd[before % np.uint64(CROWD)] > REPEATS)
            befores[row] = np.uint32(before >> np.uint64(32)) & np.uint32(0xFFFFFFFE) | crowded
        left, right = np.uint64(0), np.uint64(0)
        for j in range(max(i - CONTEXT, begin), i):
            left = left << np.uint64(8) | words[j] >> byte
        for j in range(min(CONTEXT, end - i - n)):
            right |= words[i + n + j] >> byte << np.uint64(8 * j)
        besides[row] = left << np.uint64(32) | right
    return places, befores, besides


@numba.njit(cache=True, nogil=True)
def _shift(buckets):
    """By how much a hash is shifted to give the number of its counter."""
    bits, size = 2, len(buckets)
    while size > 1:
        size >>= 1
        bits += 1
    return np.uint64(64 - bits)


@numba.njit(cache=True, nogil=True, inline="always")
def _counter(buckets, bucket):
    two = np.uint8((bucket & np.uint64(3)) << np.uint64(1))
    return buckets[bucket >> np.uint64(2)] >> two & np.uint8(3)


@numba.njit(cache=True, nogil=True)
def _count(hashes, buckets, n_slices):
    shift, slices = _shift(buckets), np.uint64(n_slices)
    for h in hashes:
        bucket = h * slices >> shift
        at, two = bucket >> np.uint64(2), np.uint8((bucket & np.uint64(3)) << np.uint64(1))
        byte = buckets[at]
        buckets[at] = byte + (
            np.uint8(byte >> two & np.uint8(3) < 2) << two
        )  # no branch, as none could be foretold


@numba.njit(cache=True, nogil=True)
def _keep(hashes, places, befores, besides, edges, buckets, n_slices, common):
    """Move the rows that may stand elsewhere too to the front, and the edges with them."""
    shift, slices, kept, first = _shift(buckets), np.uint64(n_slices), 0, 0
    rows = np.empty(np.diff(edges).max() + 1, np.int64)
    for k in range(PARTITIONS):
        found = 0
        for i in range(first, edges[k + 1]):
            bucket = hashes[i] * slices >> shift
            rows[found] = i
            found += _counter(buckets, bucket) > 1
        first = edges[k + 1]
        for i in rows[:found]:
            hashes[kept], places[kept], befores[kept], besides[kept] = (
                hashes[i],
                places[i],
                befores[i],
                besides[i],
            )
            common[hashes[kept] >> np.uint64(64 - COMMON_BITS)] += np.uint32(1)
            kept += 1
        edges[k + 1] = kept
