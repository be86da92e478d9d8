"""Signs: what lists of words say of each word and of the words beside it, for measures that have
no words to read (English).

Whether a name is a source is read for every place of a text, as the names of a corpus's own outlets
and authors are known only later.
"""

from __future__ import annotations

import numpy as np

from analysis.text.lists import english_words
from analysis.text.tokens import Tokens
from analysis.text.verbs import finite_forms, verbs

# it stands behind "the"; a name that begins with it is a source ("citing ...", "reported by ...");
# a name that ends before it printed news, said something, or owns a piece; it counts the dead, or
# the injured; it has no content
THE, TOLD_BY, PRINTED, SAID, OWNED, DEAD, INJURED, EMPTY = (1 << bit for bit in range(8))
ADVERBS = 4  # words that may stand between a name and its verb
_PRINTED, _BETWEEN = english_words("printed"), english_words("before_printed")
# finite verbs of a speaker, whose words are somebody's and not the outlet's own
_SAYING = frozenset(form for form in finite_forms() if verbs()[form].takes) - _PRINTED
_CITING, _PIECES = english_words("citing"), english_words("pieces")
_LISTED = [(DEAD, ["dead"]), (INJURED, ["injured"])]
_LISTED += [(EMPTY, ["function_words", "function_words_kept"])]
_PRINTED_BY, _BY = english_words("printed_by"), frozenset("by in from to".split())


def says(tokens: Tokens, quoted: np.ndarray) -> np.ndarray:
    """Which words say that somebody says something, outside quotation marks.

    Parameters
    ----------
    tokens : Tokens
    quoted : bool array of shape (n_tokens,)

    Returns
    -------
    bool array of shape (n_tokens,)
    """
    found = _among(tokens.words, _SAYING)
    found[1:] |= _among(tokens.words[1:], {"to"}) & _among(tokens.words[:-1], {"according"})
    return found & ~quoted


def find_signs(tokens: Tokens) -> np.ndarray:
    """The signs of each word.

    Parameters
    ----------
    tokens : Tokens

    Returns
    -------
    uint8 array of shape (n_tokens,)
        Sums of `THE` and `TOLD_BY` for a name that begins with the word, of `PRINTED`, `SAID` and
        `OWNED` for one that ends before it, and of `DEAD`, `INJURED` and `EMPTY` for itself.

    Examples
    --------
    >>> from analysis.text.tokens import tokenise
    >>> (find_signs(tokenise("The Wire first reported it, citing Orr.")) % EMPTY).tolist()
    [0, 1, 4, 4, 0, 0, 2]
    """
    words, n = tokens.words, len(tokens)
    found = np.zeros(n, np.uint8)
    if not n:
        return found
    the = np.r_[False, _among(words[:-1], {"the"})]
    by = _among(words, _BY)
    by[1:] &= _among(words[:-1], _PRINTED_BY)
    by[0] = False
    told = np.r_[False, (_among(words, _CITING) | by)[:-1]]
    told |= the & np.r_[False, told[:-1]]
    found |= (the * THE + told * TOLD_BY).astype(np.uint8)
    # blanks alone may stand between a name, adverbs and the verb
    spaced = np.r_[False, tokens.start[1:] - tokens.end[:-1] == 1]
    between = _among(words, _BETWEEN)
    for bit, verb in ((PRINTED, _among(words, _PRINTED)), (SAID, _among(words, _SAYING))):
        reached = ends = verb & spaced
        for _ in range(ADVERBS - 1):
            ends = between & spaced & np.r_[ends[1:], False]
            reached = reached | ends
        found |= (reached * bit).astype(np.uint8)
    piece = _among(words, _PIECES)
    found |= ((piece | np.r_[piece[1:], False]) * OWNED).astype(np.uint8)
    for bit, names in _LISTED:
        found |= (_among(words, english_words(*names)) * bit).astype(np.uint8)
    return found


def _among(words: list[str], listed: frozenset[str] | set[str]) -> np.ndarray:
    return np.fromiter(map(listed.__contains__, words), bool, len(words))
