"""The compiled tokeniser: words and their hashes in one pass over the characters, without a Python
string for each word.

It gives the same tokens and hashes as `analysis.text.tokens`, which is the plain reference; a
property test holds them equal.
"""

from __future__ import annotations

import functools
import unicodedata

import numba
import numpy as np
import regex

from analysis.text.tokens import APOSTROPHES, JOINERS, MIX, UNSPACED, normalise, word_hash

_CODE_POINTS = 0x110000
_, _LETTER, _NUMBER, _INSIDE, _UNSPACED, _APOSTROPHE, _POINT, _COMMA, _MARK = range(9)
_NOT_SIMPLE = np.uint32(0xFFFFFFFF)


def scan(text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the words of a text.

    Returns
    -------
    start, end : int32 arrays of shape (n_tokens,)
        Characters of the text as stored, end exclusive.
    hashes : uint64 array of shape (n_tokens,)
        As `word_hash` of each word in normal form.
    """
    # a copy, as loops are compiled anew for arrays that cannot be written
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    start, end = np.empty(len(points), np.int32), np.empty(len(points), np.int32)
    hashes, simple = np.empty(len(points), np.uint64), np.empty(len(points), np.bool_)
    n = _scan(points, *_tables(), start, end, hashes, simple)
    for i in np.flatnonzero(
        ~simple[:n]
    ):  # ligatures, combining marks and the like: rare, so left to Python
        hashes[i] = word_hash(normalise(text[start[i] : end[i]]))
    return start[:n].copy(), end[:n].copy(), hashes[:n].copy()


class Scanned:
    """Words of many texts, in arrays that grow: used again from batch to batch, as fresh memory
    would take longer than the work.

    Parameters
    ----------
    room : int
        Words that are expected.
    """

    def __init__(self, room: int = 0):
        self._arrays = _room(room)
        self._used = 0
        self._sizes: list[np.ndarray] = []

    def add(self, data: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        """Find the words of texts that stand one after the other, as Arrow keeps a column of
        strings.

        Parameters
        ----------
        data : uint8 array of shape (n_bytes,)
            Valid UTF-8.
        offsets : int64 array of shape (n_texts + 1,)
            Where each text begins in `data`, in bytes.

        Returns
        -------
        int64 array of shape (n_texts,)
            Words of each text.
        """
        if (needed := self._used + int(offsets[-1] - offsets[0])) > len(
            self._arrays[0]
        ):  # no text has more words than bytes
            larger = _room(max(needed, self._used * 3 // 2))
            for array, old in zip(larger, self._arrays):
                array[: self._used] = old[: self._used]
            self._arrays = larger
        start, end, hashes = (array[self._used :] for array in self._arrays)
        bounds, odd = _scan_many(data, offsets, *_tables(), start, end, hashes)
        text = np.searchsorted(bounds, odd, side="right") - 1
        for t in np.unique(text):
            whole = data[offsets[t] : offsets[t + 1]].tobytes().decode("utf-8")
            for i in odd[text == t]:
                hashes[i] = word_hash(normalise(whole[start[i] : end[i]]))
        self._used += int(bounds[-1])
        self._sizes.append(np.diff(bounds))
        return self._sizes[-1]

    def words(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Start, end and hashes of all words so far, as `scan` gives them, and how many words each
        text has.
        """
        return *(array[: self._used] for array in self._arrays), np.concatenate(
            [np.empty(0, np.int64), *self._sizes]
        )


@numba.njit(cache=True)
def _room(size):
    """Arrays for start, end and hash; numpy's own would ask for huge pages, for which the kernel
    takes longer than the scan itself.
    """
    return np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.uint64)


@functools.cache
def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every code point its class, its folded form (or that it has no single one), and whether
    it counts for \\b.
    """
    everything = "".join(map(chr, (c for c in range(_CODE_POINTS) if not 0xD800 <= c < 0xE000)))
    points = np.frombuffer(everything.encode("utf-32-le"), np.uint32)
    kind, is_word = np.zeros(_CODE_POINTS, np.uint8), np.zeros(_CODE_POINTS, np.bool_)
    for pattern, code in (
        (r"\p{L}", _LETTER),
        (r"\p{N}", _NUMBER),
        (r"\p{M}", _MARK),
        (rf"[\p{{L}}&&{UNSPACED}]", _UNSPACED),
    ):
        for run in regex.finditer(f"{pattern}+", everything, regex.V1):
            kind[points[run.start() : run.end()]] = code
    for run in regex.finditer(rf"[\p{{M}}--{UNSPACED}]+", everything, regex.V1):
        kind[points[run.start() : run.end()]] = _INSIDE
    for run in regex.finditer(r"\w+", everything):
        is_word[points[run.start() : run.end()]] = True
    folded = np.arange(_CODE_POINTS, dtype=np.uint32)
    for c in np.flatnonzero(kind).tolist():
        form = normalise.__wrapped__(chr(c))
        folded[c] = ord(form) if len(form) == 1 else _NOT_SIMPLE
        if (
            unicodedata.combining(chr(c)) or 0x1100 <= c < 0x1200
        ):  # marks and jamo compose with what stands before
            folded[c] = _NOT_SIMPLE
    folded[(kind == _INSIDE) | (kind == _MARK)] = _NOT_SIMPLE
    for c in JOINERS:
        kind[ord(c)], folded[ord(c)] = _INSIDE, _NOT_SIMPLE
    for c in APOSTROPHES:
        kind[ord(c)], folded[ord(c)] = _APOSTROPHE, ord("'")
    kind[ord(".")], kind[ord(",")] = _POINT, _COMMA
    return kind, folded, is_word


@numba.njit(cache=True, nogil=True)
def _scan(points, kind, folded, is_word, start, end, hashes, simple):
    n, found, i = len(points), 0, 0
    mix = np.uint64(MIX)
    while i < n:
        here = kind[points[i]]
        if here == _UNSPACED:
            j = i + 1
            while (
                j < n
                and (kind[points[j]] == _MARK or kind[points[j]] == _INSIDE)
                and folded[points[j]] == _NOT_SIMPLE
                and points[j] != 0xAD
                and points[j] != 0x200C
                and points[j] != 0x200D
            ):
                j += 1
        elif here == _LETTER or here == _NUMBER:
            j = -1
            if here == _LETTER and (i == 0 or not is_word[points[i - 1]]):
                k = i + 1
                while k + 1 < n and kind[points[k]] == _POINT and kind[points[k + 1]] == _LETTER:
                    k += 2
                    if k >= n or not _continues(kind[points[k]]):
                        j = k
            elif here == _NUMBER:
                k = i
                while k < n and kind[points[k]] == _NUMBER:
                    k += 1
                while (
                    k + 1 < n
                    and (kind[points[k]] == _POINT or kind[points[k]] == _COMMA)
                    and kind[points[k + 1]] == _NUMBER
                ):
                    k += 1
                    while k < n and kind[points[k]] == _NUMBER:
                        k += 1
                    if k >= n or not _continues(kind[points[k]]):
                        j = k
            if j < 0:
                j = i + 1
                while j < n:
                    what = kind[points[j]]
                    if what == _LETTER or what == _NUMBER or what == _INSIDE:
                        j += 1
                    elif (
                        what == _APOSTROPHE
                        and j + 1 < n
                        and (kind[points[j + 1]] == _LETTER or kind[points[j + 1]] == _NUMBER)
                    ):
                        j += 2
                    else:
                        break
        else:
            i += 1
            continue
        h, plain = np.uint64(j - i), True
        for k in range(i, j):
            form = folded[points[k]]
            plain &= form != _NOT_SIMPLE
            h = (h ^ np.uint64(form)) * mix
            h ^= h >> np.uint64(32)
        start[found], end[found], hashes[found], simple[found] = i, j, h, plain
        found += 1
        i = j
    return found


@numba.njit(cache=True, nogil=True)
def _scan_many(data, offsets, kind, folded, is_word, start, end, hashes):
    n_texts = len(offsets) - 1
    longest = 0
    for t in range(n_texts):
        longest = max(longest, offsets[t + 1] - offsets[t])
    points, simple = np.empty(longest, np.uint32), np.empty(longest, np.bool_)
    bounds, odd, n_odd = np.zeros(n_texts + 1, np.int64), np.empty(64, np.int64), 0
    for t in range(n_texts):
        n, found = _decode(data, offsets[t], offsets[t + 1], points), bounds[t]
        count = _scan(
            points[:n], kind, folded, is_word, start[found:], end[found:], hashes[found:], simple
        )
        for i in range(count):
            if not simple[i]:
                if n_odd == len(odd):
                    larger = np.empty(2 * n_odd, np.int64)
                    larger[:n_odd] = odd
                    odd = larger
                odd[n_odd] = found + i
                n_odd += 1
        bounds[t + 1] = found + count
    return bounds, odd[:n_odd]


@numba.njit(cache=True, nogil=True)
def _decode(data, first, last, points):
    """Code points of valid UTF-8."""
    n, i = 0, first
    while i < last:
        byte = np.uint32(data[i])
        if byte < 0x80:
            points[n] = byte
            i += 1
        elif byte < 0xE0:
            points[n] = (byte & np.uint32(0x1F)) << np.uint32(6) | np.uint32(
                data[i + 1]
            ) & np.uint32(0x3F)
            i += 2
        elif byte < 0xF0:
            points[n] = (
                (byte & np.uint32(0x0F)) << np.uint32(12)
                | (np.uint32(data[i + 1]) & np.uint32(0x3F)) << np.uint32(6)
                | np.uint32(data[i + 2]) & np.uint32(0x3F)
            )
            i += 3
        else:
            points[n] = (
                (byte & np.uint32(0x07)) << np.uint32(18)
                | (np.uint32(data[i + 1]) & np.uint32(0x3F)) << np.uint32(12)
                | (np.uint32(data[i + 2]) & np.uint32(0x3F)) << np.uint32(6)
                | np.uint32(data[i + 3]) & np.uint32(0x3F)
            )
            i += 4
        n += 1
    return n


@numba.njit(cache=True, nogil=True)
def _continues(what):
    return (
        what == _LETTER or what == _NUMBER or what == _INSIDE or what == _UNSPACED or what == _MARK
    )
