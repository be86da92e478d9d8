"""Entries of the codebook applied to an article: hits, and sentences scored by dictionaries."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.codebook import Entry
from analysis.extract.units import Columns, Units
from analysis.matching import Matcher
from analysis.text.negation import NEGATION_REACH, NEGATORS


def apply_entry(units: Units, entry: Entry, matcher: Matcher) -> dict[str, Columns]:
    """Columns of `hits`, and for a dictionary of `scores`.

    A hit is `negated` where an English negation stands among the three words before it, whatever
    the article's language, which a measure knows.

    A sentence's score is the mean weight of its matched words. In English the sign of one is turned
    where a negation stands among the three words before it (unless the dictionary lists negated
    phrases itself), and words of names do not match: no praise is meant by "United States".
    """
    words, sentence = units.tokens.words, units.sentence_list
    opens = np.fromiter(map(matcher.opens, units.vocabulary), bool, len(units.vocabulary))
    found = matcher.find(words, sentence, np.flatnonzero(opens[units.numbers]).tolist())
    english = (entry.language or "").split("-")[0] == "en"
    if english and entry.kind == "dictionary":
        capital = units.capital.tolist()
        found = [(f, n, p) for f, n, p in found if not all(capital[f : f + n])]
    first = np.array([f for f, _, _ in found], np.int64)
    last = np.array([f + n - 1 for f, n, _ in found], np.int64)
    where = [sentence[f] for f in first]
    negated = [_is_negated(words, sentence, f) for f in first.tolist()]
    tables: dict[str, Columns] = {
        "hits": {
            "sentence": where,
            "entry": [entry.name] * len(found),
            "kind": [entry.kind] * len(found),
            "pattern": [p for _, _, p in found],
            "start": units.tokens.start[first],
            "end": units.tokens.end[last],
            "negated": negated,
        }
    }
    if entry.kind == "dictionary":
        totals: dict[int, list[float]] = {}
        turns = english and entry.negate
        for turned, s, (_, _, pattern) in zip(negated, where, found):
            weight = entry.weights[pattern]
            totals.setdefault(s, []).append(-weight if turns and turned else weight)
        tables["scores"] = {
            "sentence": list(totals),
            "dictionary": [entry.name] * len(totals),
            "score": [float(np.add.reduce(v)) / len(v) for v in totals.values()],
            "n_matched": [len(v) for v in totals.values()],
        }
    return tables


def _is_negated(words: Sequence[str], sentence: Sequence[int], place: int) -> bool:
    """Whether an English negation stands among the three words before one, in its sentence."""
    return any(
        sentence[i] == sentence[place] and (words[i] in NEGATORS or words[i].endswith("n't"))
        for i in range(max(0, place - NEGATION_REACH), place)
    )
