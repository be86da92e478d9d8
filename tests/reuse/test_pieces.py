"""Pieces of one passage: joined where they are near in the later article, and nowhere else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.reuse.pieces import APART, whole_passages


def passages(*rows):
    """Rows of a, b, a_position, a_words, b_position, b_words."""
    names = ("a", "b", "a_position", "a_words", "b_position", "b_words")
    return {name: np.array(column) for name, column in zip(names, zip(*rows))}


FAR = [(0, 1, 0, 40, 0, 60), (0, 1, 60, 40, 900, 60)]  # near in a only, which is shorter


@pytest.mark.parametrize(
    "days, expected",
    [
        ([2.0, 1.0], [0, 0]),  # a is later: it tells in one go what is scattered in b
        ([1.0, 2.0], [0, 1]),  # b is later
        ([np.nan, 1.0], [0, 0]),  # unknown: a has the shorter pieces
        ([1.0, 1.0], [0, 0]),
    ],
)
def test_pieces_near_in_the_later_article_are_one(days, expected):
    assert whole_passages(passages(*FAR), np.array(days)).tolist() == expected


def test_pieces_of_one_length_must_be_near_in_both_where_nobody_knows_who_was_later():
    same = [(0, 1, 0, 40, 0, 40), (0, 1, 60, 40, 900, 40)]
    near = [(0, 1, 0, 40, 0, 40), (0, 1, 40 + APART, 40, 40 + APART, 40)]
    farther = [(0, 1, 0, 40, 0, 40), (0, 1, 41 + APART, 40, 41 + APART, 40)]
    unknown = np.array([np.nan, np.nan])
    found = [whole_passages(passages(*rows), unknown).tolist() for rows in (same, near, farther)]
    assert found == [[0, 1], [0, 0], [0, 1]]


def test_a_piece_links_two_others_and_pairs_of_articles_stay_apart():
    rows = [(0, 1, 200, 60, 10, 60), (0, 1, 0, 60, 500, 60), (0, 1, 100, 60, 900, 60)]
    rows.append((0, 2, 100, 60, 900, 60))
    assert whole_passages(passages(*rows), np.array([3.0, 1.0, 1.0])).tolist() == [1, 1, 1, 3]


def naive(rows, later):
    """Pieces joined one by one until none are near, by their first and end in the later article."""
    groups = [[i] for i in range(len(rows))]
    side = 2 + 2 * later

    def hull(group):
        return min(rows[i][side] for i in group), max(sum(rows[i][side : side + 2]) for i in group)

    joined = True
    while joined:
        joined = False
        for one in groups:
            for other in groups:
                (a, b), (c, d) = hull(one), hull(other)
                if one is not other and max(a, c) - min(b, d) <= APART:
                    one += other
                    groups.remove(other)
                    joined = True
                    break
            if joined:
                break
    return {frozenset(group) for group in groups}


places = st.tuples(*(st.integers(0, 900), st.integers(1, 60)) * 2)


@given(st.lists(places, min_size=1, max_size=8), st.sampled_from([0, 1]))
def test_it_is_as_joining_them_one_by_one(places, later):
    rows = [(0, 1, *place) for place in places]
    days = np.array([1.0, 2.0]) if later else np.array([2.0, 1.0])
    whole = whole_passages(passages(*rows), days)
    found = {frozenset(np.flatnonzero(whole == k).tolist()) for k in set(whole.tolist())}
    both = naive(rows, later)
    assert all(any(group <= larger for larger in found) for group in both)
    assert found == both  # what is near in both is near in the later one
