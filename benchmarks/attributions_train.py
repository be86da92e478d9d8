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
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from scipy.sparse import csr_array

from analysis.extract.attributed import Reading
from analysis.languages.candidates import Candidate, candidates
from analysis.languages.lists import DATA
from analysis.languages.selector import BIAS, UNKNOWN
from analysis.languages.syntax import load_syntax
from analysis.text.marks import plain_marks
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences
from analysis.text.turns import find_turns, outside, without_labels
from benchmarks.polnear import read_articles, read_gold

OUT = DATA / "english"
LEAST_ARTICLES = 12  # that have a cue
LEAST = 8  # candidates that have a feature
LEAST_SHARE, LEAST_SEEN = 0.05, 5  # of the uses of a form; articles in which it is a cue
COST = 0.15  # inverse strength of the regularisation, chosen on the development articles
SMALLEST = 0.02  # weight that is kept
HEAD = """# Forms of cues: words by which something may be attributed to a source
# made by `python -m benchmarks.attributions_train` from PolNeAR's training articles (see NOTICE)
"""
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


def reading_of(text: str) -> Reading:
    """A text as extraction has it parsed.

    Parameters
    ----------
    text : str

    Returns
    -------
    Reading
    """
    turns = find_turns(text)
    text = without_labels(text, turns)
    plain = plain_marks(text)
    quotes = find_quotes(plain)
    sentences = find_sentences(plain, quotes, find_blocks(text))
    return Reading(load_syntax(), plain, sentences, outside(quotes, turns))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.attributions_train", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT, help="folder (default: that which ships)")
    options = parser.parse_args(arguments)
    gold, rows = read_gold(options.data), []
    forms: dict[str, set[int]] = defaultdict(set)  # articles in which a form is a cue
    uses, right_uses = Counter(), Counter()
    for number, (article, text) in enumerate(read_articles(options.data, "train")):
        reading = reading_of(text)
        doc = reading.parse.doc()
        found = candidates(doc, reading.quotes)
        for one, share in zip(found, right(found, reading.text, gold.get(article, []))):
            rows.append((number, one.features, share))
            form = one.cue.lower_
            uses[form] += 1
            if share >= 0.5:
                right_uses[form] += 1
                forms[form].add(number)
    cues, features = generic(rows)
    weights = fitted(rows, cues, features)
    lines = [f"{feature}\t{weight:.2f}\n" for feature, weight in sorted(weights.items())]
    (options.out / "attributions.tsv").write_text("".join(lines), "utf-8")
    known = sorted(
        form
        for form, seen in forms.items()
        if len(seen) >= LEAST_SEEN and right_uses[form] >= LEAST_SHARE * uses[form]
    )
    (options.out / "cues.txt").write_text(HEAD + "\n".join(known) + "\n", "utf-8")
    said = {"candidates": len(rows), "cues": len(cues), "weights": len(lines)}
    print(json.dumps(said | {"forms": len(known)}))


def fitted(
    rows: list[tuple[int, list[str], float]], cues: set[str], features: set[str]
) -> dict[str, float]:
    """Weights of a logistic regression of what is right on features.

    Parameters
    ----------
    rows : list of (article, features, share)
    cues, features : set of str
        As `generic` gives them.

    Returns
    -------
    dict of str to float
        Those that matter, and the intercept under `BIAS`.
    """
    place = {feature: i for i, feature in enumerate(sorted(features))}
    columns, ends = [], [0]
    for _, seen, _ in rows:
        columns += [place[f] for f in kept(seen, cues) if f in place]
        ends.append(len(columns))
    matrix = csr_array((np.ones(len(columns)), columns, ends), shape=(len(rows), len(place)))
    model = LogisticRegression(C=COST, solver="liblinear", max_iter=200)
    model.fit(matrix, [share >= 0.5 for _, _, share in rows])
    found = dict(zip(place, model.coef_[0].tolist()))
    found = {feature: weight for feature, weight in found.items() if abs(weight) >= SMALLEST}
    return found | {BIAS: float(model.intercept_[0])}


if __name__ == "__main__":
    main()
