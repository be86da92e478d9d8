"""Growth of rewritten passages in one pair of articles, compiled: see `analysis.reuse.rewrites`."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numba
import numpy as np

from analysis.reuse.pieces import join_pieces

COSINE = DICE = 0.30  # of two sentences where growth begins
ALIKE, WORDS_TOO = 0.68, 0.5  # cosine of what two sentences mean, plus half of that of their words
# that cosine, and twice by how much it is greater than that of either sentence with any other of
# the articles: articles on one subject have many sentences that mean much the same
STANDS_OUT = 1.1
SAYS_SOMETHING = 8  # words of a sentence that is compared by its meaning
REACHES = np.array([50, 25, 100, 200])  # words to either side of the place that corresponds
_WINDOW = 40  # words that growth looks ahead
# of words that have their like: at the start, and bounds of its estimate
SHARE, LEAST_SHARE, MOST_SHARE = 0.6, 0.4, 0.97
LEAST_CHANCE, MOST_CHANCE = 3e-3, 0.95  # no single word decides
ELSEWHERE = 50  # words that the rest of an article counts for at least
ROUNDS = 40
PIECE = 0.5  # of the least log-odds: enough for a piece of a passage that has them
CONDENSED = 3.0  # times as long as its summary
LEAST_A_WORD = 0.4  # log-odds of each word of a summary
# of the rare words of a summary that stand within twice its length in the other article
MOST_NEAR = 0.8
PASSAGES_BEST = 0.75  # of a summary's log-odds; passages that reach so much of it are what happened
TELLING = 0.3  # chance below which a word says where a summary begins and ends


class Side(NamedTuple):
    """The words of one of two articles, and where their likes stand in both.

    Attributes
    ----------
    chance : float32 array of shape (n_words,)
        Of each word's stem in the corpus.
    order : int32 array of shape (n_words,)
        Places of the article's words, by stem, then by place.
    begin, end : int64 arrays of shape (n_words,)
        Which part of `order` holds the words of the same stem.
    other_begin, other_end : int64 arrays of shape (n_words,)
        The same of the other article.
    """

    chance: np.ndarray
    order: np.ndarray
    begin: np.ndarray
    end: np.ndarray
    other_begin: np.ndarray
    other_end: np.ndarray


class Sentences(NamedTuple):
    """The sentences of an article, short ones joined, and their different stems.

    Attributes
    ----------
    first : int64 array of shape (n_sentences + 1,)
        First word of each, and the end.
    size, number : int32 arrays of shape (n_sentences,)
        Different stems; its number in the article.
    entry_code, entry_sentence : int32 arrays of shape (n_entries,)
        By stem.
    entry_weight : float32 array of shape (n_entries,)
    """

    first: np.ndarray
    size: np.ndarray
    number: np.ndarray
    entry_code: np.ndarray
    entry_sentence: np.ndarray
    entry_weight: np.ndarray


def grow_pair(
    stems, a: int, b: int, least: float, least_summary: float, later: int = -1
) -> tuple[np.ndarray, np.ndarray]:
    """Passages of two articles, and the pairs of sentences that made each.

    `later` is the side of the later article, 0 or 1, and -1 where it is not known.

    Returns
    -------
    passages : float array of shape (n_passages, 9)
        a_position, a_words, b_position, b_words, n_matching, score, similarity, meaning, kind.
    sentences : float array of shape (n_pairs, 4)
        Number of the passage, both sentences, their cosine.
    """
    sides = _side(stems, a, b), _side(stems, b, a)
    sentences = _sentences(stems, a), _sentences(stems, b)
    return _pair(*sides, *sentences, stems.alike(a, b), least, least_summary, later)


def _side(stems, article: int, other: int) -> Side:
    codes, order = (
        values[stems.bounds[article] : stems.bounds[article + 1]]
        for values in (stems.code, stems.order)
    )
    words = slice(*stems.bounds[other : other + 2])
    by_stem, other_by_stem = codes[order], stems.code[words][stems.order[words]]
    found = np.empty((4, len(codes)), np.int64)
    for row, (among, side) in enumerate(product((by_stem, other_by_stem), ("left", "right"))):
        # stems in their order are found many times as fast as in that of the words
        found[row, order] = np.searchsorted(among, by_stem, side)
    return Side(stems.chance[codes], order, *found)


def _sentences(stems, article: int) -> Sentences:
    begin, end = stems.group_bounds[article : article + 2]
    entries = slice(*stems.entry_bounds[article : article + 2])
    return Sentences(
        stems.group_first[begin : end + 1] - stems.bounds[article],
        stems.group_size[begin:end],
        stems.group_sentence[begin:end],
        stems.entry_code[entries],
        stems.entry_group[entries] - begin,
        stems.entry_weight[entries],
    )


@numba.njit(cache=True, nogil=True)
def _pair(a, b, a_said, b_said, meaning, least, least_summary, later):
    a_first, b_first = a_said.first, b_said.first
    cosine, seeds = _seeds(a_said, b_said)
    # a first, a end, b first, b end, score, matching, kind, meaning
    grown, n = np.empty((16, 8)), 0
    for k in np.argsort(-seeds[:, 3], kind="mergesort"):
        i, j = int(seeds[k, 0]), int(seeds[k, 1])
        at_a, at_b = (a_first[i] + a_first[i + 1]) // 2, (b_first[j] + b_first[j + 1]) // 2
        inside = False
        for g in range(n):
            inside |= grown[g, 0] <= at_a < grown[g, 1] and grown[g, 2] <= at_b < grown[g, 3]
        if inside:
            continue
        best = np.zeros(6)
        for reach in REACHES:
            found = _grow(a, b, a_first[i], a_first[i + 1], b_first[j], b_first[j + 1], reach)
            if found[4] > best[4]:
                best = found
            if best[4] < 0.5 * PIECE * least:
                break  # another reach would not double it
        if best[4] >= PIECE * least:
            grown, n = _push(grown, n, best, 1.0)
    kept, n_kept = np.empty((max(n, 1) + 2, 8)), 0
    for k in np.argsort(-grown[:n, 4], kind="mergesort"):
        if not _taken(grown[k], kept, n_kept):
            kept[n_kept] = grown[k]
            n_kept += 1
    for turned in (False, True):
        if turned:
            found = _summary(b, a.order)
            found = np.append(found[np.array([2, 3, 0, 1])], found[4:])
        else:
            found = _summary(a, b.order)
        n_kept = _with_summary(kept, n_kept, found, turned, least_summary)
    n_kept = _sure(kept, n_kept, least, later)
    kept, n_kept, seeds = _with_meaning(
        kept, n_kept, seeds, cosine, meaning, a_first, b_first, a, b
    )
    rows = np.empty((n_kept, 9))
    for k in range(n_kept):
        g = kept[k]
        words = min(g[1] - g[0], g[3] - g[2]) if g[6] == 2.0 else max(g[1] - g[0], g[3] - g[2])
        rows[k] = np.array(
            [g[0], g[1] - g[0], g[2], g[3] - g[2], g[5], g[4], min(g[5] / words, 1.0), g[7], g[6]]
        )
    made, m = np.empty((len(seeds) * max(n_kept, 1), 4)), 0
    for g in range(n_kept):
        for s in range(len(seeds)):
            i, j = int(seeds[s, 0]), int(seeds[s, 1])
            if (
                a_first[i] < kept[g, 1]
                and a_first[i + 1] > kept[g, 0]
                and b_first[j] < kept[g, 3]
                and b_first[j + 1] > kept[g, 2]
            ):
                made[m, 0], made[m, 1], made[m, 2], made[m, 3] = (
                    g,
                    a_said.number[i],
                    b_said.number[j],
                    seeds[s, 2],
                )
                m += 1
    return rows, made[:m].copy()


@numba.njit(cache=True, nogil=True)
def _seeds(a, b):
    """Cosines of all pairs of sentences, and those pairs that are alike.

    Of these both sentences, their cosine, and that times the root of the lesser number of stems, so
    that longer ones come first.
    """
    a_code, b_code, a_size, b_size = a.entry_code, b.entry_code, a.size, b.size
    cosine = np.zeros((len(a_size), len(b_size)), np.float32)
    common = np.zeros((len(a_size), len(b_size)), np.int32)
    i = j = 0
    while i < len(a_code) and j < len(b_code):
        if a_code[i] < b_code[j]:
            i += 1
        elif a_code[i] > b_code[j]:
            j += 1
        else:
            i_end, j_end = i, j
            while i_end < len(a_code) and a_code[i_end] == a_code[i]:
                i_end += 1
            while j_end < len(b_code) and b_code[j_end] == b_code[j]:
                j_end += 1
            for k in range(i, i_end):
                for m in range(j, j_end):
                    at = a.entry_sentence[k], b.entry_sentence[m]
                    cosine[at] += a.entry_weight[k] * b.entry_weight[m]
                    common[at] += 1
            i, j = i_end, j_end
    out, n = np.empty((64, 4)), 0
    for i in range(len(a_size)):
        for j in range(len(b_size)):
            if cosine[i, j] > COSINE and 2 * common[i, j] > DICE * (a_size[i] + b_size[j]):
                if n == len(out):
                    larger = np.empty((2 * n, 4))
                    larger[:n] = out
                    out = larger
                out[n, 0], out[n, 1], out[n, 2], out[n, 3] = (
                    i,
                    j,
                    cosine[i, j],
                    cosine[i, j] * np.sqrt(min(a_size[i], b_size[j])),
                )
                n += 1
    return cosine, out[:n].copy()


@numba.njit(cache=True, nogil=True)
def _grow(a, b, i0, i1, j0, j1, reach):
    """The stretches of greatest log-odds around words i0 to i1 and j0 to j1 of two articles.

    Returns both stretches, the lesser log-odds, the lesser number of matches.
    """
    n_a, n_b = len(a.order), len(b.order)
    share, a_score, b_score, a_hits, b_hits = SHARE, 0.0, 0.0, 0.0, 0.0
    nothing = np.zeros(6)
    score, hit = np.empty(max(n_a, n_b)), np.empty(max(n_a, n_b))
    for _ in range(ROUNDS):
        low, high = max(0, i0 - _WINDOW), min(n_a, i1 + _WINDOW)
        _score(a, b.order, low, high, i0, i1, j0, j1, share, reach, score, hit)
        p, q, a_score = _heaviest(score[: high - low])
        if q <= p:
            return nothing
        a_hits = hit[p:q].sum()
        k0, k1 = low + p, low + q
        low, high = max(0, j0 - _WINDOW), min(n_b, j1 + _WINDOW)
        _score(b, a.order, low, high, j0, j1, k0, k1, share, reach, score, hit)
        p, q, b_score = _heaviest(score[: high - low])
        if q <= p:
            return nothing
        b_hits = hit[p:q].sum()
        m0, m1 = low + p, low + q
        still = k0 == i0 and k1 == i1 and m0 == j0 and m1 == j1
        i0, i1, j0, j1 = k0, k1, m0, m1
        share = min(max(min(a_hits / (i1 - i0), b_hits / (j1 - j0)), LEAST_SHARE), MOST_SHARE)
        if still:
            break
    return np.array([i0, i1, j0, j1, min(a_score, b_score), min(a_hits, b_hits)])


@numba.njit(cache=True, nogil=True)
def _score(side, other, low, high, i0, i1, j0, j1, share, reach, score, hit):
    """Log-odds of each word from `low` to `high` of one article, and whether it has its like.

    Its like stands near the place that corresponds in the other article, whose words are `other` by
    stem. A word that the stretch says more often than the other stretch has its like in part only:
    one word is copied to one place.
    """
    slope = (j1 - j0) / max(i1 - i0, 1)
    for t in range(low, high):
        middle = (
            j0 + (t - i0) if t < i0 else j1 + (t - i1) if t >= i1 else j0 + int((t - i0) * slope)
        )
        first, end = middle - reach, middle + reach + 1
        near, n_likes = 0, 0
        begin, stop = side.other_begin[t], side.other_end[t]
        for k in range(begin, stop):
            within = first <= other[k] < end
            n_likes += within
            near += within or j0 <= other[k] < j1
        same = side.order[side.begin[t] : side.end[t]]
        n_same = np.searchsorted(same, max(i1, t + 1)) - np.searchsorted(same, min(i0, t))
        elsewhere = (stop - begin - near) / max(len(other) - (j1 - j0), ELSEWHERE)
        chance = 1.0 - np.exp(-max(side.chance[t], elsewhere) * (2 * reach + 1))
        found = min(n_likes / n_same, 1.0)
        hit[t - low] = found
        score[t - low] = found * _odds(True, chance, share)
        if found < 1:
            score[t - low] += (1 - found) * _odds(False, chance, share)


@numba.njit(cache=True, nogil=True)
def _odds(found, chance, share):
    chance = min(max(chance, LEAST_CHANCE), MOST_CHANCE)
    share = max(share, chance + 0.02)  # what chance alone would give says nothing
    return np.log(share / chance) if found else np.log((1 - share) / (1 - chance))


@numba.njit(cache=True, nogil=True)
def _heaviest(score):
    """First, end and sum of the stretch of greatest sum."""
    first = end = begun = 0
    best = total = 0.0
    for t in range(len(score)):
        if total <= 0:
            total, begun = 0.0, t
        total += score[t]
        if total > best:
            best, first, end = total, begun, t + 1
    return first, end, best


@numba.njit(cache=True, nogil=True)
def _summary(side, other):
    """The stretch of one article that another as a whole explains best.

    Returns it, the stretch of the other from its first to its last rare word, the log-odds, the
    matches, and the share of the rare words that stand close together in the other.
    """
    score, hit = np.empty(len(side.chance)), side.other_end > side.other_begin
    chance = 1.0 - np.exp(-side.chance.astype(np.float64) * len(other))
    for t in range(len(side.chance)):
        score[t] = _odds(hit[t], chance[t], SHARE)
    p, q, total = _heaviest(score)
    place, stem, n, n_telling = np.empty(len(other), np.int64), np.empty(len(other), np.int64), 0, 0
    seen = np.zeros(len(other), np.bool_)
    for t in range(p, q):
        if hit[t] and chance[t] < TELLING and not seen[side.other_begin[t]]:
            seen[side.other_begin[t]] = True
            n_telling += 1
            for k in range(side.other_begin[t], side.other_end[t]):
                place[n], stem[n] = other[k], side.other_begin[t]
                n += 1
    if not n:
        return np.zeros(7)
    order = np.argsort(place[:n])
    near = _most_within(place[:n][order], stem[:n][order], 2 * (q - p), len(other))
    return np.array(
        [p, q, place[order[0]], place[order[-1]] + 1, total, hit[p:q].sum(), near / n_telling]
    )


@numba.njit(cache=True, nogil=True)
def _most_within(place, stem, width, n_stems):
    """Most different stems in any stretch of so many words."""
    times, first, here, most = np.zeros(n_stems, np.int64), 0, 0, 0
    for k in range(len(place)):
        here += times[stem[k]] == 0
        times[stem[k]] += 1
        while place[k] - place[first] >= width:
            times[stem[first]] -= 1
            here -= times[stem[first]] == 0
            first += 1
        most = max(most, here)
    return most


@numba.njit(cache=True, nogil=True)
def _with_summary(kept, n, one, turned, least):
    """Add a summary, which takes in what it holds.

    Unless it is weak, not much shorter than what it sums up, or made of passages already found.
    """
    side = 2 if turned else 0
    other = 2 - side
    length = one[side + 1] - one[side]
    if (
        one[4] < max(least, LEAST_A_WORD * length)
        or one[other + 1] - one[other] < CONDENSED * length
        or one[6] > MOST_NEAR
    ):
        return n
    explained = 0.0
    for g in range(n):
        common = max(0.0, min(kept[g, side + 1], one[side + 1]) - max(kept[g, side], one[side]))
        explained += kept[g, 4] * common / (kept[g, side + 1] - kept[g, side])
    if explained > PASSAGES_BEST * one[4]:
        return n
    left = 0
    for g in range(n):
        if not (kept[g, side] >= one[side] and kept[g, side + 1] <= one[side + 1]):
            kept[left] = kept[g]
            left += 1
    kept[left, :6], kept[left, 6], kept[left, 7] = one[:6], 2.0, np.nan
    return left + 1


@numba.njit(cache=True, nogil=True)
def _sure(kept, n, least, later):
    """Drop what has not enough log-odds itself and is no piece of a passage that has."""
    first, words = np.empty((2, n), np.int64), np.empty((2, n), np.int64)
    for g in range(n):
        first[0, g], words[0, g] = int(kept[g, 0]), int(kept[g, 1] - kept[g, 0])
        first[1, g], words[1, g] = int(kept[g, 2]), int(kept[g, 3] - kept[g, 2])
    whole = join_pieces(np.zeros(n, np.int64), np.full(n, later), first, words)
    sure = np.zeros(n, np.bool_)
    for g in range(n):
        sure[whole[g]] |= kept[g, 4] >= least or kept[g, 6] == 2.0
    left = 0
    for g in range(n):
        if sure[whole[g]]:
            kept[left] = kept[g]
            left += 1
    return left


@numba.njit(cache=True, nogil=True)
def _with_meaning(kept, n, seeds, cosine, meaning, a_first, b_first, a, b):
    """Add sentences that mean the same and stand in no passage yet, running ones joined.

    Each must be the other's most alike, by far, and long enough to say something. They are added to
    the pairs of sentences too.
    """
    first, n_seeds = n, len(seeds)
    longest = max(len(a.order), len(b.order))
    score, hit = np.empty(longest), np.empty(longest)
    alike = meaning + WORDS_TOO * cosine[: meaning.shape[0], : meaning.shape[1]]
    a_best, b_best = np.full(alike.shape[0], ALIKE), np.full(alike.shape[1], ALIKE)
    for i in range(alike.shape[0]):
        for j in range(alike.shape[1]):
            a_best[i], b_best[j] = max(a_best[i], alike[i, j]), max(b_best[j], alike[i, j])
    for i in range(alike.shape[0]):
        for j in range(alike.shape[1]):
            if alike[i, j] < max(a_best[i], b_best[j]):
                continue
            if 3 * meaning[i, j] - 2 * _next_best(meaning, i, j) < STANDS_OUT:
                continue
            words = min(a_first[i + 1] - a_first[i], b_first[j + 1] - b_first[j])
            if words < SAYS_SOMETHING:
                continue
            one = np.array([a_first[i], a_first[i + 1], b_first[j], b_first[j + 1], 0.0, 0.0])
            if _taken(one, kept, first):
                continue
            joined = False
            for g in range(first, n):
                if kept[g, 1] >= one[0] >= kept[g, 0] and kept[g, 3] >= one[2] >= kept[g, 2]:
                    kept[g, 1], kept[g, 3] = max(kept[g, 1], one[1]), max(kept[g, 3], one[3])
                    kept[g, 7] = max(kept[g, 7], meaning[i, j])
                    joined = True
                    break
            if not joined:
                kept, n = _push(kept, n, one, 1.0)
                kept[n - 1, 7] = meaning[i, j]
            seeds, n_seeds = _push_seed(seeds, n_seeds, i, j, cosine[i, j])
    for g in range(first, n):
        i0, i1, j0, j1 = int(kept[g, 0]), int(kept[g, 1]), int(kept[g, 2]), int(kept[g, 3])
        reach = max(i1 - i0, j1 - j0)
        _score(a, b.order, i0, i1, i0, i1, j0, j1, SHARE, reach, score, hit)
        a_score, a_hits = score[: i1 - i0].sum(), hit[: i1 - i0].sum()
        _score(b, a.order, j0, j1, j0, j1, i0, i1, SHARE, reach, score, hit)
        kept[g, 4], kept[g, 5] = (
            min(a_score, score[: j1 - j0].sum()),
            min(a_hits, hit[: j1 - j0].sum()),
        )
    return kept, n, seeds[:n_seeds]


@numba.njit(cache=True, nogil=True)
def _next_best(meaning, i, j):
    """The greatest cosine of either of two sentences with another one."""
    best = -1.0
    for k in range(meaning.shape[0]):
        if k != i:
            best = max(best, meaning[k, j])
    for k in range(meaning.shape[1]):
        if k != j:
            best = max(best, meaning[i, k])
    return best


@numba.njit(cache=True, nogil=True)
def _push_seed(seeds, n, i, j, cosine):
    for k in range(n):
        if seeds[k, 0] == i and seeds[k, 1] == j:
            return seeds, n
    if n == len(seeds):
        larger = np.empty((max(2 * n, 8), 4))
        larger[:n] = seeds[:n]
        seeds = larger
    seeds[n, 0], seeds[n, 1], seeds[n, 2], seeds[n, 3] = i, j, cosine, 0.0
    return seeds, n + 1


@numba.njit(cache=True, nogil=True)
def _taken(one, kept, n):
    """Whether stronger passages hold most of its words on one side, or part of them on both."""
    for g in range(n):
        a = min(one[1], kept[g, 1]) - max(one[0], kept[g, 0])
        b = min(one[3], kept[g, 3]) - max(one[2], kept[g, 2])
        if (a > 0 and b > 0) or a > 0.5 * (one[1] - one[0]) or b > 0.5 * (one[3] - one[2]):
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _push(rows, n, one, kind):
    if n == len(rows):
        larger = np.empty((2 * n, rows.shape[1]))
        larger[:n] = rows
        rows = larger
    rows[n, :6], rows[n, 6], rows[n, 7] = one, kind, np.nan
    return rows, n + 1
