"""Tokens: the words of a text, with their offsets."""

from __future__ import annotations

import functools
import hashlib
import unicodedata
from dataclasses import dataclass

import numpy as np
import regex

# A word is letters and digits of any script with their combining marks; an apostrophe, or the point or comma within
# a number, belongs to it; so do the points of initials ("U.S.", "a.m.").
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_FIRST = rf"[[\p{{L}}\p{{N}}]--{_UNSPACED}]"
_NEXT = rf"[[\p{{L}}\p{{N}}\p{{M}}\u200c\u200d\u00ad]--{_UNSPACED}]"
WORD = regex.compile(
    rf"""(?: (?=\p{{L}}) {_UNSPACED} \p{{M}}*
        | \b \p{{L}} (?: \. \p{{L}} )+ (?![\p{{L}}\p{{N}}\p{{M}}])
        | \p{{N}}+ (?: [.,] \p{{N}}+ )+ (?![\p{{L}}\p{{N}}\p{{M}}])
        | {_FIRST} {_NEXT}* (?: ['\u2019\u02bc] {_FIRST} {_NEXT}* )* )""", regex.VERBOSE | regex.V1)
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u00ad": None, "\u200c": None, "\u200d": None})


@dataclass(frozen=True)
class Tokens:
    """Words of one text.

    Attributes
    ----------
    start, end : int32 arrays of shape (n_tokens,)
        Characters of the text as stored, end exclusive.
    words : list of str
        In normal form (see `normalise`).
    """

    start: np.ndarray
    end: np.ndarray
    words: list[str]

    def __len__(self) -> int:
        return len(self.words)

    @property
    def hashes(self) -> np.ndarray:
        """uint64 array of shape (n_tokens,): equal words have equal hashes, in every text and on every machine."""
        return np.array([word_hash(w) for w in self.words], np.uint64)


def tokenise(text: str) -> Tokens:
    """Find the words of a text.

    Examples
    --------
    >>> tokenise("The U.S. can’t pay $1,500.").words
    ['the', 'u.s', "can't", 'pay', '1,500']
    """
    spans = [m.span() for m in WORD.finditer(text)]
    starts, ends = (np.array(x, np.int32) for x in zip(*spans)) if spans else (np.empty(0, np.int32),) * 2
    return Tokens(starts, ends, [normalise(text[s:e]) for s, e in spans])


def words_of(text: str) -> list[str]:
    """The words of a text in normal form, without offsets."""
    return [normalise(m.group()) for m in WORD.finditer(text)]


@functools.lru_cache(maxsize=1 << 16)
def normalise(word: str) -> str:
    """Case folded, compatibility forms and combining marks composed, apostrophes straight."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word.translate(_APOSTROPHES)).casefold())


@functools.lru_cache(maxsize=1 << 18)
def word_hash(word: str) -> int:
    """64 bits of BLAKE2b of a word in normal form."""
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
