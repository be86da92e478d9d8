"""Channels of single words, known before any training.

A lexicon's valence, negation, speech, degree, capitals and quotation marks.
"""

from __future__ import annotations

import functools

import numpy as np
import regex
from vaderSentiment.vaderSentiment import BOOSTER_DICT, NEGATE, SentimentIntensityAnalyzer

CHANNELS = ("valence", "praise", "blame", "negation", "speech", "degree", "capital", "quoted")
# brings the channels, most of them 0 or 1 and seldom 1, near the spread of a standardised state
SCALE = 0.3
WORD = regex.compile(r"[\w'’]+")
NEGATIONS = frozenset(NEGATE) | {"no", "not", "never", "without", "nor", "neither"}
SPEECH = frozenset(
    "say says said saying tell tells told add adds added claim claims claimed argue argues argued"
    " accuse accuses accused blame blames blamed criticize criticizes criticized criticised call"
    " calls called calling describe described write writes wrote tweet tweeted warn warned warns"
    " suggest suggested believe believes believed think thinks thought according note noted state"
    " stated insist insisted insists deny denied denies praise praised attack attacked condemn"
    " condemned denounce denounced".split()
)


@functools.cache
def _valences() -> dict[str, float]:
    return SentimentIntensityAnalyzer().lexicon


def channels(sentence: str) -> np.ndarray:
    """What is known of each character's word.

    Parameters
    ----------
    sentence : str

    Returns
    -------
    float32 array of shape (n_characters, 8)
        Divided by `SCALE`:

        ========  =======  ===============================================
        column    unit     meaning
        ========  =======  ===============================================
        valence   -2 to 2  the word's valence in the VADER lexicon, halved
        praise    0 to 2   its positive part
        blame     0 to 2   its negative part, as a positive number
        negation  0 or 1   the word negates: not, never, isn't
        speech    0 or 1   it is a verb of speech: said, claims
        degree    0 or 1   it is a word of degree: very, slightly
        capital   0 or 1   it begins with a capital
        quoted    0 or 1   the character is inside quotation marks
        ========  =======  ===============================================

    References
    ----------
    Hutto, C., and Gilbert, E. (2014). VADER: A parsimonious rule-based model for sentiment analysis
    of social media text. ICWSM 8. https://doi.org/10.1609/icwsm.v8i1.14550

    Examples
    --------
    >>> from analysis.models.tone.words import CHANNELS, SCALE, channels
    >>> first = channels("Bad, he said.")[0] * SCALE
    >>> {name: round(float(value), 2) for name, value in zip(CHANNELS, first) if value}
    {'valence': -1.25, 'blame': 1.25, 'capital': 1.0}
    """
    table = np.zeros((len(sentence), len(CHANNELS)), np.float32)
    valences = _valences()
    for match in WORD.finditer(sentence):
        word = match.group().lower().replace("’", "'").strip("'")
        valence = valences.get(word, valences.get(word.removesuffix("'s"), 0.0)) / 2
        table[match.start() : match.end(), :7] = (
            valence,
            max(valence, 0),
            max(-valence, 0),
            word in NEGATIONS or word.endswith("n't"),
            word in SPEECH,
            word in BOOSTER_DICT,
            match.group()[0].isupper(),
        )
    inside = False
    for at, character in enumerate(sentence):
        if character in '“”"':
            inside = character == "“" or (character == '"' and not inside)
        table[at, 7] = inside
    return table / np.float32(SCALE)
