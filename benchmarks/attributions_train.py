"""Train the weights by which attributions are told, on PolNeAR's training articles.

    python -m benchmarks.attributions_train --data DIR

DIR holds PolNeAR's `articles.parquet` and `attributions.parquet`. A candidate is right if its
content and a gold content share half of their words (of all that either has) and its cue is a word
of the gold cue. The weights are those of a logistic regression over the features of
`analysis.languages.candidates`: cues that fewer than `LEAST_ARTICLES` articles have are not told
apart, so that no word of a topic is kept. They go to `analysis/data/english/attributions.tsv`.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.languages.candidates import Candidate, candidates
from analysis.languages.lists import DATA
from analysis.languages.selector import BIAS, UNKNOWN
from benchmarks.polnear import parsed, read_gold

OUT = DATA / "english" / "attributions.tsv"
LEAST_ARTICLES = 12  # that have a cue
LEAST = 8  # candidates that have a feature
COST = 0.15  # inverse strength of the regularisation, chosen on the development articles
LEXICAL = ("l=", "ld=", "lm=", "lp=", "lop=", "pl=")  # features that name the cue
_WORD = re.compile(r"\w+")


def right(found: list[Candidate], text: str, gold: list[dict]) -> np.ndarray:
    """Which candidates are attributions of the gold.

    Parameters
    ----------
    found : list of Candidate
    text : str
    gold : list of dict
        With `cue_spans` and `content_spans`.

    Returns
    -------
    float array
        The best intersection over union of their words with a gold content of the same cue.
    """
    words = [m.span() for m in _WORD.finditer(text)]
    start, end = (np.array(column) for column in zip(*words)) if words else (np.empty(0),) * 2
    by_cue: dict[int, list[set[int]]] = defaultdict(list)
    for one in gold:
        inside = {
            i
            for a, z in one["content_spans"]
            for i in range(np.searchsorted(start, a), np.searchsorted(end, z, side="right"))
        }
        for a, z in one["cue_spans"]:
            for i in range(np.searchsorted(start, a), np.searchsorted(end, z, side="right")):
                by_cue[i].append(inside)
    best = np.zeros(len(found))
    for number, one in enumerate(found):
        contents = by_cue.get(int(np.searchsorted(start, one.cue.idx, side="right")) - 1)
        if not contents:
            continue
        doc = one.cue.doc
        a, z = doc[one.first].idx, doc[one.last].idx + len(doc[one.last])
        first, last = np.searchsorted(start, a), np.searchsorted(end, z, side="right")
        inside = set(range(first, last))
        best[number] = max(len(inside & c) / max(len(inside | c), 1) for c in contents)
    return best


def generic(rows: list[tuple[int, list[str], float]]) -> tuple[set[str], set[str]]:
    """Cues and features common enough to be kept.

    Parameters
    ----------
    rows : list of (article, features, share)

    Returns
    -------
    set of str, set of str
        First features (cues), and all features.
    """
    articles: dict[str, set[int]] = defaultdict(set)
    for article, features, _ in rows:
        articles[features[0]].add(article)
    cues = {cue for cue, seen in articles.items() if len(seen) >= LEAST_ARTICLES}
    counts = Counter(f for _, features, _ in rows for f in kept(features, cues))
    return cues, {f for f, n in counts.items() if n >= LEAST}


def kept(features: list[str], cues: set[str]) -> list[str]:
    """The features of a candidate, without those that name a rare cue."""
    if features[0] in cues:
        return features
    return [UNKNOWN, *(f for f in features if not f.startswith(LEXICAL))]
