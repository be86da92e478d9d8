"""Tokens: the words of a text, with their offsets."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass

import numpy as np
import regex

# A word is letters and digits of any script with their combining marks; an apostrophe, or the point
# or comma within
# a number, belongs to it; so do the points of initials ("U.S.", "a.m.").
UNSPACED = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]--\p{N}]"
JOINERS = "\u00ad\u200c\u200d"
APOSTROPHES = "'\u2019\u02bc\u2018`\u00b4\u2032\uff07"  # as typed, those of other keyboards too
_OTHER = rf"[{UNSPACED}[{APOSTROPHES}]]"  # Unicode counts one apostrophe (U+02BC) among the letters
_LETTER = rf"[\p{{L}}--{_OTHER}]"
_FIRST = rf"[[\p{{L}}\p{{N}}]--{_OTHER}]"
_NEXT = rf"[[\p{{L}}\p{{N}}\p{{M}}{JOINERS}]--{_OTHER}]"
_END = rf"(?![[\p{{L}}\p{{N}}\p{{M}}{JOINERS}]--[{APOSTROPHES}]])"
WORD = regex.compile(
    rf"""(?: (?=\p{{L}}) {UNSPACED} \p{{M}}*
        | \b {_LETTER} (?: \. {_LETTER} )+ {_END}
        | \p{{N}}++ (?: [.,] \p{{N}}++ )+ {_END}
        | {_FIRST} {_NEXT}* (?: [{APOSTROPHES}] {_FIRST} {_NEXT}* )* )""",
    regex.VERBOSE | regex.V1,
)
_PLAIN = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(JOINERS))
MIX = 0x9E3779B97F4A7C15
_64 = (1 << 64) - 1


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
        """uint64 array of shape (n_tokens,): equal words have equal hashes, in every text and on
        every machine.
        """
        return np.array([word_hash(w) for w in self.words], np.uint64)


def tokenise(text: str) -> Tokens:
    """Find the words of a text.

    Examples
    --------
    >>> tokenise("The U.S. can’t pay $1,500.").words
    ['the', 'u.s', "can't", 'pay', '1,500']
    """
    spans = [m.span() for m in WORD.finditer(text)]
    starts, ends = (
        (np.array(x, np.int32) for x in zip(*spans)) if spans else (np.empty(0, np.int32),) * 2
    )
    return Tokens(starts, ends, [normalise(text[s:e]) for s, e in spans])


def words_of(text: str) -> list[str]:
    """The words of a text in normal form, without offsets."""
    return [normalise(m.group()) for m in WORD.finditer(text)]


@functools.lru_cache(maxsize=1 << 16)
def normalise(word: str) -> str:
    """Case folded, compatibility forms and combining marks composed, apostrophes straight."""
    return unicodedata.normalize(
        "NFKC", unicodedata.normalize("NFKC", word.translate(_PLAIN)).casefold()
    )


@functools.lru_cache(maxsize=1 << 18)
def word_hash(word: str) -> int:
    """64 bits that tell words in normal form apart, the same on every machine; of no use as a
    secret.
    """
    mixed = len(word)
    for character in word:
        mixed = (mixed ^ ord(character)) * MIX & _64
        mixed ^= mixed >> 32
    return mixed
