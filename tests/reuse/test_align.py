"""Growth of passages against a plain reference, in lists and loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reuse.align import PASSAGE_COLUMNS
from analysis.reuse.engines import Local
from analysis.reuse.stages import Options, find_passages
from tests.memory import unparsed as features_of

LETTERS = st.lists(st.integers(0, 5), max_size=9) | st.lists(
    st.integers(0, 40), max_size=60
)  # so few that no run stands nine times


class Given:
    """Words given as numbers, one list for each article."""

    anywhere = False

    def __init__(self, *articles):
        self._articles = articles
        self.sizes = self.measured = np.array([len(a) for a in articles], float)
        self.outlets, self.days = (
            np.full(len(articles), -1, np.int32),
            np.full(len(articles), np.nan),
        )

    def read(self, first, stop):
        words = np.array([w for a in self._articles[first:stop] for w in a], np.uint64)
        places = np.arange(len(words), dtype=np.int32)
        return (
            {"hash": words, "start": places, "end": places + 1},
            np.array([len(a) for a in self._articles[first:stop]]),
            [],
        )


def passages(*articles, **options):
    found, _ = find_passages(Given(*articles), Options(**options), Local())
    return list(zip(*(found[name].tolist() for name in PASSAGE_COLUMNS[:7])))


def runs_by_hand(a, b, least):
    """Every maximal run of at least so many equal words."""
    found = []
    for i in range(len(a)):
        for j in range(len(b)):
            if i and j and a[i - 1] == b[j - 1]:
                continue
            k = 0
            while i + k < len(a) and j + k < len(b) and a[i + k] == b[j + k]:
                k += 1
            if k >= least:
                found.append((i, j, k))
    return sorted(found)


def once_by_hand(runs):
    """From the longest down, those of which no more than half stands in longer ones, in either
    article.
    """
    outer = []
    for i, j, k in runs:
        if not any(p <= i and i + k <= p + n and q <= j and j + k <= q + n for p, q, n in outer):
            outer.append((i, j, k))
    runs, kept, in_a, in_b = outer, [], set(), set()
    for i, j, k in sorted(runs, key=lambda run: (-run[2], run[0], run[1])):
        a, b = set(range(i, i + k)), set(range(j, j + k))
        if 2 * len(a & in_a) <= k and 2 * len(b & in_b) <= k:
            kept.append((i, j, k))
            in_a |= a
            in_b |= b
    return sorted(kept)


def common_words(a, b):
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        above = row[:]
        for j, y in enumerate(b):
            row[j + 1] = above[j] + 1 if x == y else max(row[j], above[j + 1])
    return row[-1]


@given(LETTERS, LETTERS, st.integers(2, 5))
def test_without_gaps_they_are_the_maximal_runs_each_word_taken_from_one_place(a, b, least):
    found = passages(a, b, n=2, min_words=least, max_gap=0)
    assert all(words == others == equal for _, _, _, words, _, others, equal in found)
    assert sorted((p, q, equal) for _, _, p, _, q, _, equal in found) == once_by_hand(
        runs_by_hand(a, b, least)
    )


@given(LETTERS, LETTERS, st.integers(0, 5))
def test_a_passage_begins_and_ends_with_equal_words_and_counts_no_more_than_are_equal(
    a, b, max_gap
):
    for _, _, p, m, q, n, equal in passages(a, b, n=3, min_words=4, max_gap=max_gap):
        assert a[p] == b[q] and a[p + m - 1] == b[q + n - 1] and m > 0 and n > 0
        assert 4 <= equal <= common_words(a[p : p + m], b[q : q + n])
        assert max(m, n) - equal <= equal  # more is equal than different


@given(st.integers(0, 2**32 - 1), st.sampled_from(["change", "drop", "add"]), st.integers(1, 3))
def test_changes_in_the_middle_are_passed_and_the_ends_are_found(seed, how, size):
    rng = np.random.default_rng(seed)
    stretch, before, after, other = (
        rng.integers(1000, 2**62, n).tolist() for n in (30, 20, 20, 40)
    )
    place = int(rng.integers(6, 22))
    copy = {
        "change": stretch[:place] + other[:size] + stretch[place + size :],
        "drop": stretch[:place] + stretch[place + size :],
        "add": stretch[:place] + other[:size] + stretch[place:],
    }[how]
    [(_, _, p, m, q, n, equal)] = passages(
        before + stretch + after, other[10:25] + copy + other[25:]
    )
    assert (p, m, q, n) == (20, 30, 15, len(copy)) and equal == 30 - (size if how != "add" else 0)


def test_more_changes_than_the_gap_allows_cut_it():
    words = list(range(100, 140))
    copy = words[:20] + [1, 2, 3, 4] + words[24:]
    assert len(passages(words, copy, max_gap=3)) == 2
    assert len(passages(words, copy, max_gap=4)) == 1


def test_a_change_near_the_end_is_passed_if_more_equal_words_follow():
    words = list(range(100, 120))
    assert passages(words, words[:17] + [1] + words[18:])[0][3] == 20
    assert passages(words, words[:18] + [1] + words[19:])[0][3] == 18


def test_a_phrase_that_one_article_has_three_times_is_one_passage():
    phrase = list(range(100, 112))
    found = passages([1, *phrase, 2, *phrase, 3, *phrase], [4, *phrase, 5])
    assert len(found) == 1
    assert len(passages([*phrase, *range(1, 9), *phrase], [*phrase, *range(11, 19), *phrase])) == 2


@pytest.mark.short("text0")
@pytest.mark.parametrize("text", ["ha " * 20_000, "one two three four five six " * 5_000])
def test_a_text_of_one_phrase_over_and_over_takes_no_time_of_its_square(text):
    found = find_passages_of(text, "He said: " + text)
    assert found and max(row[6] for row in found) == len(text.split())


def find_passages_of(*texts):
    from analysis import tl

    return (
        tl.reuse(features_of(dict(zip("ab", texts))))
        .table[["a", "b", "a_position", "a_words", "b_position", "b_words", "n_matching"]]
        .to_numpy()
        .tolist()
    )
