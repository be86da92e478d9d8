"""Counting and collecting of shingles against plain sets."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analysis.reuse import shingles
from analysis.reuse.seed_words import _any_equal
from analysis.reuse.shingles import (
    COMMON_BITS,
    CONTEXT,
    PARTITIONS,
    collect,
    count_shingles,
    merge,
    slices,
)

ARTICLES = st.lists(st.lists(st.integers(0, 6), max_size=25), max_size=6)


def hashed(word):
    return (word + 1) * 0x9E3779B97F4A7C15 % 2**64


def arrays(articles):
    words = np.array([hashed(w) for a in articles for w in a], np.uint64)
    return words, np.r_[0, np.cumsum([len(a) for a in articles])].astype(np.int64)


@given(
    ARTICLES,
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(1, 30),
    st.sampled_from([1, 2, 16, 256]),
    st.sampled_from([collect, shingles.collect_few]),
)
def test_every_shingle_that_stands_twice_is_collected_with_what_stands_around_it(
    articles, n, ranges, chunk, n_slices, collect
):
    usual, shingles.COUNTED, shingles.COLLECTED = (
        (shingles.COUNTED, shingles.COLLECTED),
        chunk,
        chunk,
    )
    try:
        words, bounds = arrays(articles)
        tables, common = (
            [np.zeros(1 << 8, np.uint8) for _ in range(n_slices)],
            np.zeros(1 << COMMON_BITS, np.uint32),
        )
        for part, buckets in enumerate(tables):
            count_shingles(words, bounds, n, buckets, part=part, n_slices=n_slices)
        rows = [
            (r, *row)
            for r, part in collect(
                words,
                bounds,
                n,
                tables.__getitem__,
                common,
                first=3,
                ranges=ranges,
                n_slices=n_slices,
            )
            for row in zip(*(part[name].tolist() for name in ("hash", "place", "before", "beside")))
        ]
    finally:
        shingles.COUNTED, shingles.COLLECTED = usual
    places = {
        (a, i): tuple(article[i : i + n])
        for a, article in enumerate(articles)
        for i in range(len(article) - n + 1)
    }
    times = Counter(places.values())
    found = {
        ((place >> 32) - 3, place & 0xFFFFFFFF): (r, h, before, beside)
        for r, h, place, before, beside in rows
    }
    assert len(found) == len(rows) == common.sum()
    assert {place for place, words_ in places.items() if times[words_] > 1} <= set(found)
    assert (
        len({(places[place], h) for place, (_, h, _, _) in found.items()})
        == len({places[p] for p in found})
        == len({h for _, h, _, _ in found.values()})
    )
    assert len({(h, r) for r, h, _, _ in found.values()}) == len(
        {h for _, h, _, _ in found.values()}
    )  # equal shingles are in one range
    for (a, i), (_, _, before, beside) in found.items():
        prints = [hashed(w) >> 56 for w in articles[a]]
        left, right = prints[max(0, i - CONTEXT) : i][::-1], prints[i + n : i + n + CONTEXT]
        assert beside == sum(b << 32 + 8 * k for k, b in enumerate(left)) + sum(
            b << 8 * k for k, b in enumerate(right)
        )
        assert (before == 0) == (i == 0)


@given(ARTICLES, ARTICLES, st.integers(1, 3))
def test_parts_counted_apart_and_merged_are_as_counted_together(one, other, n):
    size = 1 << 8
    together, apart, more = (np.zeros(size, np.uint8) for _ in range(3))
    count_shingles(*arrays(one + other), n, together)
    count_shingles(*arrays(one), n, apart)
    count_shingles(*arrays(other), n, more)
    merge(apart, more)
    assert np.array_equal(together, apart)


@given(st.lists(st.integers(0, 255), min_size=16, max_size=16))
def test_words_beside_two_places_are_compared_each_with_each(given_bytes):
    x, y = given_bytes[:8], given_bytes[8:]
    as_number = [np.uint64(sum(b << 8 * k for k, b in enumerate(side))) for side in (x, y)]
    assert _any_equal(*as_number) == any(
        a == b for half in (slice(0, 4), slice(4, 8)) for a in x[half] for b in y[half]
    )


def test_few_shingles_are_collected_as_many_are():
    words = np.random.default_rng(1).integers(0, 40, 4_000).astype(np.uint64) << np.uint64(50)
    words[:600] = words[0]  # a text of one word over and over
    bounds = np.r_[np.arange(0, 4_000, 300), 4_000]
    for n_slices, ranges in ((1, 1), (2, 3)):
        tables = [np.zeros(1 << 8, np.uint8) for _ in range(n_slices)]
        for part, buckets in enumerate(tables):
            count_shingles(words, bounds, 3, buckets, part=part, n_slices=n_slices)
        rows = []
        for way in (collect, shingles.collect_few):
            common = np.zeros(1 << COMMON_BITS, np.uint32)
            options = {"first": 7, "ranges": ranges, "n_slices": n_slices}
            found = [
                (r, *row)
                for r, part in way(words, bounds, 3, tables.__getitem__, common, **options)
                for row in zip(*(part[name].tolist() for name in part))
            ]
            rows.append((sorted(found), common.tolist()))
        assert rows[0] == rows[1] and len(rows[0][0]) > 1_000


def test_large_archives_are_counted_slice_by_slice():
    assert (
        slices(10) == (1, 10)
        and slices(18_000_000, 28) == (1, 28)
        and slices(30_000_000, 28) == (2, 28)
    )
    assert slices(10**10, 28) == (PARTITIONS, 28) and slices(10**10, 31) == (64, 31)
