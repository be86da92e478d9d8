"""Compiled: how strongly each group uses each word when units are permuted between groups."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numba
import numpy as np

from analysis.inference import permuted_labels
from analysis.tl._null import GUARD, STEP, STEPS

if TYPE_CHECKING:
    from analysis.tl._contrast import Contrast

_FEW = 4  # a group has most words less often: those of equal sums have equal z, which is looked up


def permuted_counts(
    made: Contrast, n_tested: int, draws: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """How many words of each group fall into each step of ``|z|``, in each draw.

    What `steps` gives of `Contrast.log_odds`, summed word by word.

    Parameters
    ----------
    made : Contrast
    n_tested : int
        Its first groups, which are counted.
    draws : int
    rng : numpy.random.Generator

    Yields
    ------
    int array of shape (n_tested, n_steps)
        Up to the largest step that a word reaches; `draws` of them. The next overwrites it.
    """
    n, background = len(made.terms), made.n_labels > made.n_groups
    words, spread = made.units[:, :n].tocsc(), made.units[:, n + 1 :].tocsc()
    # what the group and what it is compared with have together, or what the latter has
    sums = np.stack([words.sum(axis=0), spread.sum(axis=0)], axis=1)
    if made.fixed is not None:
        sums = np.stack([made.fixed[:n], made.fixed[n + 1 :]], axis=1)
    order = np.lexsort((*sums.T, made.alpha))  # those that are looked up stand together
    words, spread = words[:, order], spread[:, order]  # the same cells: counts, or their squares
    cells = words.indptr, words.indices, words.data, spread.data
    own_sizes = made.units[:, [n]].toarray().ravel()
    left_out = np.zeros((n_tested, n), bool)  # they have the step 0
    if made.own is not None:
        # in rows, as those above: the loop is compiled anew for another order
        left_out = np.ascontiguousarray(made.own[:n_tested, order])
    counts = np.zeros((n_tested, STEPS), np.int64)
    for labels in permuted_labels(made.labels, made.stratum, draws, rng):
        sizes = np.bincount(labels, own_sizes, made.n_labels)
        if made.fixed is not None:
            rest_sizes = np.full(n_tested, made.fixed[n])
        else:
            rest_sizes = np.full(n_tested, sizes[-1]) if background else sizes.sum() - sizes
        most = _count(
            *cells,
            labels,
            sizes + made.prior,
            rest_sizes + made.prior,
            made.alpha[order],
            sums[order],
            left_out,
            made.n_groups if background else -1 if made.fixed is None else made.n_labels,
            counts,
        )
        yield counts[:, : most + 1]


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _count(
    indptr, units, data, spread, labels, sizes, rest_sizes, alpha, sums, left_out, against, counts
):
    """Fill `counts` for these labels, and return the largest step.

    Groups are compared with the label `against`; if it is -1, with all others, if there is no such
    label, with `sums`.
    """
    n_labels = len(sizes)
    own = np.zeros((n_labels + 1, 2))
    steps = np.empty((len(counts), _FEW), np.int64)  # of words that are alike
    counts[:] = 0
    most = 0
    for word in range(len(alpha)):
        prior, (total, total_scatter) = alpha[word], sums[word]
        alike = 0 < word and prior == alpha[word - 1] and not 0 <= against < n_labels
        if not (alike and total == sums[word - 1, 0] and total_scatter == sums[word - 1, 1]):
            steps[:] = -1
        own[:] = 0
        for cell in range(indptr[word], indptr[word + 1]):
            label = labels[units[cell]]
            own[label, 0] += data[cell]
            own[label, 1] += spread[cell]
        own[n_labels] = total, total_scatter
        for group in range(len(counts)):
            if left_out[group, word]:
                counts[group, 0] += 1
                continue
            times, scatter = own[group]
            few = times < _FEW and times == scatter
            step = steps[group, int(times)] if few else -1
            if step < 0:
                rest, rest_scatter = own[against]
                if against < 0:
                    rest, rest_scatter = total - times, total_scatter - scatter
                a, b = times + prior, rest + prior
                odds = a * (rest_sizes[group] - b) / ((sizes[group] - a) * b)
                sd_ab = np.sqrt((scatter + prior) * b * b + (rest_scatter + prior) * a * a)
                step = min(int(abs(np.log(odds)) * a * b / sd_ab / STEP + GUARD), STEPS - 1)
                most = max(most, step)
                if few:
                    steps[group, int(times)] = step
            counts[group, step] += 1
    return most
