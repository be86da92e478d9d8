"""The compiled tokeniser: words and their hashes in one pass over the characters, without a Python string for each word.

It gives the same tokens and hashes as `analysis.text.tokens`, which is the plain reference; a property test holds them equal.
"""

from __future__ import annotations

import functools
import unicodedata

import numba
import numpy as np
import regex

from .tokens import APOSTROPHES, JOINERS, MIX, UNSPACED, normalise, word_hash

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
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    start, end = np.empty(len(points), np.int32), np.empty(len(points), np.int32)
    hashes, simple = np.empty(len(points), np.uint64), np.empty(len(points), np.bool_)
    n = _scan(points, *_tables(), start, end, hashes, simple)
    for i in np.flatnonzero(~simple[:n]):  # ligatures, combining marks and the like: rare, so left to Python
        hashes[i] = word_hash(normalise(text[start[i]:end[i]]))
    return start[:n].copy(), end[:n].copy(), hashes[:n].copy()


@functools.cache
def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For every code point its class, its folded form (or that it has no single one), and whether it counts for \\b."""
    everything = "".join(map(chr, (c for c in range(_CODE_POINTS) if not 0xD800 <= c < 0xE000)))
    points = np.frombuffer(everything.encode("utf-32-le"), np.uint32)
    kind, is_word = np.zeros(_CODE_POINTS, np.uint8), np.zeros(_CODE_POINTS, np.bool_)
    for pattern, code in ((r"\p{L}", _LETTER), (r"\p{N}", _NUMBER), (r"\p{M}", _MARK), (rf"[\p{{L}}&&{UNSPACED}]", _UNSPACED)):
        for run in regex.finditer(f"{pattern}+", everything, regex.V1):
            kind[points[run.start():run.end()]] = code
    for run in regex.finditer(rf"[\p{{M}}--{UNSPACED}]+", everything, regex.V1):
        kind[points[run.start():run.end()]] = _INSIDE
    for run in regex.finditer(r"\w+", everything):
        is_word[points[run.start():run.end()]] = True
    folded = np.arange(_CODE_POINTS, dtype=np.uint32)
    for c in np.flatnonzero(kind).tolist():
        form = normalise.__wrapped__(chr(c))
        folded[c] = ord(form) if len(form) == 1 else _NOT_SIMPLE
        if unicodedata.combining(chr(c)) or 0x1100 <= c < 0x1200:  # marks and jamo compose with what stands before
            folded[c] = _NOT_SIMPLE
    folded[(kind == _INSIDE) | (kind == _MARK)] = _NOT_SIMPLE
    for c in JOINERS:
        kind[ord(c)], folded[ord(c)] = _INSIDE, _NOT_SIMPLE
    for c in APOSTROPHES:
        kind[ord(c)], folded[ord(c)] = _APOSTROPHE, ord("'")
    kind[ord(".")], kind[ord(",")] = _POINT, _COMMA
    return kind, folded, is_word


@numba.njit(cache=True)
def _scan(points, kind, folded, is_word, start, end, hashes, simple):
    n, found, i = len(points), 0, 0
    mix = np.uint64(MIX)
    while i < n:
        here = kind[points[i]]
        if here == _UNSPACED:
            j = i + 1
            while j < n and (kind[points[j]] == _MARK or kind[points[j]] == _INSIDE) and folded[points[j]] == _NOT_SIMPLE \
                    and points[j] != 0xAD and points[j] != 0x200C and points[j] != 0x200D:
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
                while k + 1 < n and (kind[points[k]] == _POINT or kind[points[k]] == _COMMA) and kind[points[k + 1]] == _NUMBER:
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
                    elif what == _APOSTROPHE and j + 1 < n and (kind[points[j + 1]] == _LETTER or kind[points[j + 1]] == _NUMBER):
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


@numba.njit(cache=True)
def _continues(what):
    return what == _LETTER or what == _NUMBER or what == _INSIDE or what == _UNSPACED or what == _MARK
