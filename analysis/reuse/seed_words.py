"""Seeds: where a run of equal words begins in two articles.

And marks: which words recur within an outlet or in many articles.
"""

from __future__ import annotations

from collections.abc import Iterator

import numba
import numpy as np

from analysis.reuse.shingles import COMMON_BITS, REPEATS

BOILERPLATE, MANY = 1, 2  # bits of a mark
RECURS = 5  # articles of one outlet in which its boilerplate stands
CARRIED = 10  # articles in which a shingle stands that many carry


def seed_words(
    rows: dict[str, np.ndarray],
    common: np.ndarray,
    outlets: np.ndarray,
    days: np.ndarray,
    *,
    across_outlets: bool = False,
    within_days: float = np.inf,
    max_articles: int = 0,
    alone: bool = True,
    pairs: int = 1 << 62,
    fresh: np.ndarray | None = None,
    asked: int = 0,
) -> Iterator[tuple[dict[str, np.ndarray], dict[str, np.ndarray]]]:
    """Find where runs of equal shingles begin, so many comparisons at once.

    Parameters
    ----------
    rows : dict of arrays of shape (n_rows,)
        Every shingle of the archive in one range of hashes, as `collect` gives them, in any order.
    common : uint32 array
        Rows of the whole archive by the first bits of their hash.
    outlets : int32 array of shape (n_articles,)
        Number of each article's outlet; -1 where it is unknown.
    days : float array of shape (n_articles,)
        NaN where there is no date.
    across_outlets : bool
        Compare only articles of different outlets; an unknown one differs from every other.
    within_days : float
        Compare only articles at most so many days apart; one without a date with all.
    max_articles : int
        A shingle in more articles than this starts runs only between an article and the next, of
        about so many, that has it and may be compared; 0 for no limit.
    alone : bool
        Whether to give also shingles beside which no word can be equal, within CONTEXT words: not
        even a gap lets them grow.
    pairs : int
        Comparisons of two places between two yields.
    fresh : bool array of shape (n_articles,), optional
        Only pairs with one of these are given.
    asked : int
        Number of the first article of which only pairs with those before are given, each as if it
        alone stood behind them; 0 for none.

    Yields
    ------
    seeds : dict of uint32 arrays
        a, b (articles, a < b), p, q (first word in either). A run that a common shingle interrupts
        may have several.
    marks : dict of arrays
        place (uint64, as in the rows), bits (uint8): BOILERPLATE where the shingle stands in at
        least RECURS articles of the article's outlet, MANY where it stands in at least CARRIED
        articles.
    """
    order = np.argsort(rows["hash"])
    ordered = rows["hash"][order]
    edges = (
        np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1], True])
        if len(order)
        else np.zeros(1, np.int64)
    )
    del ordered
    n_outlets = int(outlets.max()) + 1 if len(outlets) else 0
    days = np.require(days, requirements="W")  # the loop is compiled anew for a column of pandas
    size = np.diff(edges)
    compared = np.cumsum(
        np.where(
            (size > 1) & ((size <= REPEATS * max_articles) | (max_articles == 0)),
            size * (size - 1) // 2,
            0,
        )
    )
    first = 0
    while first < len(size):
        last = max(
            int(
                np.searchsorted(
                    compared, (compared[first - 1] if first else 0) + pairs, side="right"
                )
            ),
            first + 1,
        )
        a, b, p, q, where, bits = _seeds(
            order,
            edges[first : last + 1],
            rows["place"],
            rows["before"],
            rows["beside"],
            common,
            outlets,
            days,
            across_outlets,
            within_days,
            max_articles,
            n_outlets,
            alone,
            np.zeros(0, np.bool_) if fresh is None else fresh,
            asked,
        )
        yield {"a": a, "b": b, "p": p, "q": q}, {"place": where, "bits": bits}
        first = last


def lost_pairs(
    rows: dict[str, np.ndarray],
    fresh: np.ndarray,
    outlets: np.ndarray,
    days: np.ndarray,
    max_articles: int,
    **options,
) -> dict[str, np.ndarray]:
    """Pairs of articles between which fewer runs start since others are there.

    A shingle that more than `max_articles` have now starts runs between neighbours only, and may
    have started others before.

    Parameters
    ----------
    rows : dict of arrays
        Every row of the shingles that a fresh article has.
    fresh : bool array of shape (n_articles,)
    outlets, days, max_articles
        See `seed_words`; options, too.

    Returns
    -------
    dict of uint32 arrays
        a, b; neither is fresh.
    """
    article = (rows["place"] >> np.uint64(32)).astype(np.int64)
    order = np.lexsort((article, rows["hash"]))
    new = np.diff(rows["hash"][order], prepend=~rows["hash"][order][:1]) != 0
    group = np.cumsum(new) - 1
    first = new | (np.diff(article[order], prepend=-1) != 0)
    common = (np.bincount(group[first]) > max_articles)[group]
    rows = {name: values[order[common]] for name, values in rows.items()}
    every = np.full(1 << COMMON_BITS, max_articles + 1, np.uint32)  # none is surely known by others
    known = ~fresh[article[order[common]]]
    now, before = (
        [
            seeds
            for seeds, _ in seed_words(
                there, every, outlets, days, max_articles=max_articles, **options
            )
        ]
        for there in (rows, {name: values[known] for name, values in rows.items()})
    )
    lost: list[np.ndarray] = [np.empty(0, np.uint64)]
    still = np.concatenate([np.empty(0, np.uint64), *map(_start_keys, now)])
    for seeds in before:
        gone = ~np.isin(_start_keys(seeds), still)
        lost.append(seeds["a"][gone].astype(np.uint64) << np.uint64(32) | seeds["b"][gone])
    pairs = np.unique(np.concatenate(lost))
    return {"a": (pairs >> np.uint64(32)).astype(np.uint32), "b": pairs.astype(np.uint32)}


def _start_keys(seeds: dict[str, np.ndarray]) -> np.ndarray:
    """A hash for each seed."""
    keys = np.zeros(len(seeds["a"]), np.uint64)
    for name in ("a", "b", "p", "q"):  # wrap-around is the arithmetic of the hash
        keys = (keys ^ keys >> np.uint64(32) ^ seeds[name]) * np.uint64(0xD6E8FEB86659FD93)
    return keys


@numba.njit(cache=True, nogil=True)
def _seeds(
    order,
    edges,
    places,
    before,
    beside,
    common,
    outlets,
    days,
    across,
    within,
    limit,
    n_outlets,
    alone,
    fresh,
    asked,
):
    size, found = 4096, 0
    out = np.empty((size, 4), np.uint32)
    n_marks, where, bits = 0, np.empty(1024, np.uint64), np.empty(1024, np.uint8)
    told = np.zeros(n_outlets, np.int32)
    unlimited, dated, some = limit == 0, within < np.inf, len(fresh) > 0
    place, prior, near, nth = (
        np.empty(64, np.uint64),
        np.empty(64, np.uint32),
        np.empty(64, np.uint64),
        np.empty(64, np.int32),
    )
    for g in range(len(edges) - 1):
        m = edges[g + 1] - edges[g]
        if m < 2:
            continue
        if m > len(place):
            place, prior, near, nth = (
                np.empty(2 * m, np.uint64),
                np.empty(2 * m, np.uint32),
                np.empty(2 * m, np.uint64),
                np.empty(2 * m, np.int32),
            )
        n_articles = _group(
            order[edges[g] : edges[g + 1]], places, before, beside, place, prior, near, nth
        )
        if asked:  # with one of them
            n_articles = 1
            for i in range(m):
                n_articles += nth[i] == 0 and np.int64(place[i] >> np.uint64(32)) < asked
        if n_articles < 2:
            continue
        if n_articles >= RECURS:
            for i in range(m):
                outlet = outlets[place[i] >> np.uint64(32)]
                if nth[i] == 0 and outlet >= 0:
                    told[outlet] += 1
            for i in range(m):
                outlet = outlets[place[i] >> np.uint64(32)]
                mark = np.uint8(MANY) if n_articles >= CARRIED else np.uint8(0)
                if outlet >= 0 and told[outlet] >= RECURS:
                    mark |= np.uint8(BOILERPLATE)
                if mark:
                    if n_marks == len(where):
                        where, bits = _larger(where, 2 * n_marks), _larger(bits, 2 * n_marks)
                    where[n_marks], bits[n_marks] = place[i], mark
                    n_marks += 1
            for i in range(m):
                outlet = outlets[place[i] >> np.uint64(32)]
                if outlet >= 0:
                    told[outlet] = 0
        everyone = unlimited or n_articles <= limit
        for i in range(m - 1):
            a, p = np.int64(place[i] >> np.uint64(32)), np.int64(place[i] & np.uint64(0xFFFFFFFF))
            if nth[i] >= REPEATS:
                continue
            if asked and a >= asked:
                break
            nearest, looked, before_asked, last = np.int64(-1), 0, 0, np.int64(-1)
            for j in range(i + 1, m):
                b, q = (
                    np.int64(place[j] >> np.uint64(32)),
                    np.int64(place[j] & np.uint64(0xFFFFFFFF)),
                )
                if a == b or nth[j] >= REPEATS:
                    continue
                one_asked = asked > 0 and b >= asked
                if one_asked and b != last:
                    looked = before_asked
                looked, last = looked + 1, b
                if not one_asked:
                    before_asked = looked
                if not everyone and looked > REPEATS * limit:
                    if one_asked:
                        continue
                    break
                if (
                    across
                    and outlets[a] == outlets[b]
                    and outlets[a] >= 0
                    or dated
                    and abs(days[a] - days[b]) > within
                ):
                    continue
                if not everyone:
                    if nearest >= 0 and b != nearest and (asked == 0 or nearest < asked):
                        break
                    nearest = b
                if some and not fresh[a] and not fresh[b]:
                    continue
                if (
                    p > 0
                    and q > 0
                    and prior[i] == prior[j]
                    and not prior[i] & np.uint32(1)
                    and (unlimited or common[prior[i] >> np.uint32(32 - COMMON_BITS)] <= limit)
                ):
                    # the run began one word earlier, or before that, at a shingle that surely
                    # started it
                    continue
                if not alone and not _any_equal(near[i], near[j]):
                    continue
                if found == size:
                    size *= 2
                    grown = np.empty((size, 4), np.uint32)
                    grown[:found] = out
                    out = grown
                out[found] = a, b, p, q
                found += 1
    return (
        out[:found, 0].copy(),
        out[:found, 1].copy(),
        out[:found, 2].copy(),
        out[:found, 3].copy(),
        where[:n_marks],
        bits[:n_marks],
    )


@numba.njit(cache=True, nogil=True, inline="always")
def _any_equal(x, y):
    """Whether any byte of the upper halves is equal, or any of the lower.

    Each byte of x is compared with y as it stands and turned by one, two and three bytes.
    """
    for _ in range(4):
        differ = x ^ y
        if (differ - np.uint64(0x0101010101010101)) & ~differ & np.uint64(0x8080808080808080):
            return True
        y = (y & np.uint64(0x00FFFFFF00FFFFFF)) << np.uint64(8) | (
            y & np.uint64(0xFF000000FF000000)
        ) >> np.uint64(24)
    return False


@numba.njit(cache=True, nogil=True)
def _group(rows, places, before, beside, place, prior, near, nth):
    """One shingle's places in order, what stands around each, and which of its article's each is.

    Returns the number of articles.
    """
    m = len(rows)
    if m > 32:
        here = np.empty(m, np.uint64)
        for i in range(m):
            here[i] = places[rows[i]]
        rows = rows[
            np.argsort(here, kind="mergesort")
        ]  # quicksort takes the square of the time on the places of a few long texts
    for i in range(m):
        at, said, around = places[rows[i]], before[rows[i]], beside[rows[i]]
        k = i
        while k > 0 and place[k - 1] > at:
            place[k], prior[k], near[k] = place[k - 1], prior[k - 1], near[k - 1]
            k -= 1
        place[k], prior[k], near[k] = at, said, around
    n_articles = 0
    for i in range(m):
        same = i > 0 and place[i] >> np.uint64(32) == place[i - 1] >> np.uint64(32)
        nth[i] = nth[i - 1] + 1 if same else 0
        n_articles += not same
    return n_articles


@numba.njit(cache=True, nogil=True)
def _larger(array, size):
    grown = np.empty(size, array.dtype)
    grown[: len(array)] = array
    return grown
