"""Style: marks, long words and small words of each sentence, as counts; how a text is written, not
what it says (words: English).
"""

from __future__ import annotations

import numpy as np

from analysis.text.lists import english_words
from analysis.text.tokens import Tokens

# (name, characters)
MARKS = {
    "commas": ",،、，",
    "colons": ":;：；",
    "dashes": "–—―",
    "brackets": "()[]",
    "exclamations": "!¡！",
    "questions": "?¿？",
    "ellipses": "…",
    "digits": "0123456789",
}
WORDS = {
    name: english_words(name)
    for name in "first_person second_person hedges boosters modals small_words".split()
}
LONG = 7  # letters
STYLE = ("letters", *MARKS, "capitals", "long_words", "contractions", *WORDS, "in_marks")

_CLASS = np.zeros(0x10000, np.uint8)
for _number, _characters in enumerate(MARKS.values(), start=1):
    for _character in _characters:
        _CLASS[ord(_character)] = _number


def count_style(
    text: str,
    tokens: Tokens,
    sentence: np.ndarray,
    starts: np.ndarray,
    quoted: np.ndarray,
    *,
    english: bool = True,
) -> dict[str, np.ndarray]:
    """Count what makes the style of each sentence.

    Parameters
    ----------
    text : str
    tokens : Tokens
    sentence : int array of shape (n_tokens,)
        The sentence of each token.
    starts : int array of shape (n_sentences,)
        Where sentences begin, in characters.
    quoted : bool array of shape (n_tokens,)
        Whether a token stands inside quotation marks.
    english : bool
        Whether words are counted by English lists; they are 0 elsewhere.

    Returns
    -------
    dict of int32 arrays of shape (n_sentences,)
        By the names of `STYLE`: letters (and digits of words), marks by kind, words in capitals
        (two letters and more), words of seven letters and more, contractions, words of the lists,
        and words in quotation marks.
    """
    n = len(starts)
    codes = np.frombuffer(text.encode("utf-32-le"), np.uint32)
    classes = _CLASS[np.where(codes < len(_CLASS), codes, 0)]
    places = np.flatnonzero(classes)
    where = np.maximum(np.searchsorted(starts, places, side="right") - 1, 0)
    width = len(MARKS) + 1
    marks = (
        np.bincount(where * width + classes[places], minlength=n * width).reshape(n, width)
        if n
        else np.zeros((0, width), np.int64)
    )
    length = (tokens.end - tokens.start).astype(np.int64)
    shouted = np.fromiter(
        (text[s:e].isupper() for s, e in zip(tokens.start.tolist(), tokens.end.tolist())),
        bool,
        len(tokens),
    ) & (length > 1)

    def per_sentence(weights: np.ndarray) -> np.ndarray:
        return np.bincount(sentence, weights=weights, minlength=n)[:n]

    def listed(known: frozenset[str]) -> np.ndarray:
        return (
            per_sentence(np.fromiter((w in known for w in tokens.words), bool, len(tokens)))
            if english
            else np.zeros(n)
        )

    counts = {
        "letters": per_sentence(length),
        **{name: marks[:, i] for i, name in enumerate(MARKS, start=1)},
        "capitals": per_sentence(shouted),
        "long_words": per_sentence(length >= LONG),
        "contractions": per_sentence(
            np.fromiter(
                ("'" in w and not w.endswith("'s") for w in tokens.words), bool, len(tokens)
            )
        ),
        **{name: listed(known) for name, known in WORDS.items()},
        "in_marks": per_sentence(quoted),
    }
    return {name: np.asarray(values, np.int64).astype(np.int32) for name, values in counts.items()}
