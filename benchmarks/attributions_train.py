"""Train the weights by which attributions are told, on PolNeAR's training articles.

    python -m benchmarks.attributions_train --data DIR

DIR holds PolNeAR's `articles.parquet` and `attributions.parquet`. A candidate is right if its
content and a gold content share half of their words (of all that either has) and its cue is a word
(or the colon) of the gold cue. Chances are those of `NETWORKS` small networks over the features of
`analysis.languages.candidates`, over what the parser sees of the words, and over what the sentence
encoder that ships makes of the lemmas of cue and content; which content of a cue fits best is a
linear score, trained on the share of words. Chances are calibrated on a fifth of the articles, left
out for it. Cues that fewer than `LEAST_ARTICLES` articles have are not told apart, so that no word
of a topic is kept. All goes to `analysis/data/english/attributions.npz`, with the encoder's vectors
of the words of its own vocabulary in `DIMENSIONS` numbers each, so that no encoder is asked when
articles are read; and to `cues.txt` beside it the forms by which a sentence is known in which
something may be attributed: those of which at least `LEAST_SHARE` are cues.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from analysis.extract.attributed import ParsedArticle
from analysis.languages.candidates import Candidate, find_candidates
from analysis.languages.people import People
from analysis.languages.selector import FILE, LEXICAL, UNKNOWN_CUE, Meanings, contexts, lemmas_of
from analysis.languages.syntax import load_syntax
from analysis.languages.tree import inside
from analysis.models.encoder import VOCABULARY, load_encoder
from analysis.text.lists import DATA
from analysis.text.marks import plain_marks
from analysis.text.quotes import find_quotes
from analysis.text.sentences import find_blocks, find_sentences
from analysis.text.turns import find_turns, outside, without_labels
from benchmarks.attributions_network import Network, calibrated, chances
from benchmarks.polnear import read_articles, read_gold

OUT = DATA / "english"
LEAST_ARTICLES = 12  # that have a cue
LEAST = 8  # candidates that have a feature
LEAST_EMBEDDED = 20  # candidates that have a feature of hidden units
LEAST_SHARE, LEAST_SEEN = 0.01, 2  # of the uses of a form; articles in which it is a cue
NETWORKS = 3
DIMENSIONS, STEPS = 24, 24  # of a word's vector; steps of a number in its standard deviation
LEAST_LETTERS = 3  # of a word that has a vector
HELD_OUT = 5  # one of so many articles calibrates
HEAD = """# Forms of cues: words by which something may be attributed to a source
# made by `python -m benchmarks.attributions_train` from PolNeAR's training articles (see NOTICE)
"""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Row:
    """A candidate: its article, cue, features, lemmas of cue and content, what the parser sees,
    how right it is.
    """

    article: int
    cue: int
    form: str
    preposition: bool
    features: list[str]
    lemmas: tuple[str, str]
    seen: np.ndarray
    share: float


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.attributions_train", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT, help="folder (default: that which ships)")
    options = parser.parse_args(arguments)
    gold, rows = read_gold(options.data), []
    for number, (article, text) in enumerate(read_articles(options.data, "train")):
        rows += rows_of(number, text, gold.get(article, []))
    arrays = trained(rows, Meanings(*word_vectors()))
    np.savez_compressed(options.out / FILE, **arrays)
    forms = cue_forms(rows)
    (options.out / "cues.txt").write_text(HEAD + "\n".join(forms) + "\n", "utf-8")
    said = {"candidates": len(rows), "features": len(arrays["row"]), "forms": len(forms)}
    print(json.dumps(said | {"scale": float(arrays["scale"]), "shift": float(arrays["shift"])}))


def rows_of(number: int, text: str, gold: list[dict]) -> list[Row]:
    """The candidates of one article.

    Parameters
    ----------
    number : int
    text : str
    gold : list of dict
        With `cue_spans` and `content_spans`.

    Returns
    -------
    list of Row
    """
    turns = find_turns(text)
    text = without_labels(text, turns)
    plain = plain_marks(text)
    quotes = find_quotes(plain)
    sentences = find_sentences(plain, quotes, find_blocks(text))
    reading = ParsedArticle(load_syntax(), plain, sentences, outside(quotes, turns))
    doc = reading.parse.doc()
    found = find_candidates(doc, inside(doc, reading.quotes), People(doc, reading.quotes).kinds)
    seen = contexts(found).astype(np.float16) if found else []
    rows = []
    for one, context, share in zip(found, seen, right(found, plain, gold).tolist()):
        preposition = one.cue.dep_ == "prep" and one.cue.lower_ != "according"
        rows.append(
            Row(
                number,
                one.cue.i,
                one.cue.lower_,
                preposition,
                one.features,
                lemmas_of(one),
                context,
                share,
            )
        )
    return rows


def right(found: list[Candidate], text: str, gold: list[dict]) -> np.ndarray:
    """How right candidates are.

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
    by_cue: dict[int, list[set[int]]] = defaultdict(list)  # by words of the cue, and its colons

    def inside(spans) -> set[int]:
        return {
            i
            for a, z in spans
            for i in range(np.searchsorted(start, a), np.searchsorted(end, z, side="right"))
        }

    for one in gold:
        content = inside(one["content_spans"])
        for i in inside(one["cue_spans"]):
            by_cue[i].append(content)
        for a, z in one["cue_spans"]:
            for colon in (i for i in range(a, z) if text[i] == ":"):
                by_cue[-colon].append(content)

    def word_of(token) -> int:
        return int(np.searchsorted(start, token.idx, side="right")) - 1

    best = np.zeros(len(found))
    for number, one in enumerate(found):
        contents = by_cue[-one.cue.idx if one.cue.text == ":" else word_of(one.cue)]
        if contents:
            doc = one.cue.doc
            mine = inside([(doc[one.first].idx, doc[one.last].idx + len(doc[one.last]))])
            best[number] = max(len(mine & c) / max(len(mine | c), 1) for c in contents)
    return best


def kept(features: list[str], cues: set[str]) -> list[str]:
    """The features of a candidate, without those that name a rare cue."""
    if features[0] in cues:
        return features
    return [UNKNOWN_CUE, *(f for f in features if not f.startswith(LEXICAL))]


def word_vectors() -> tuple[list[str], np.ndarray]:
    """Words of the encoder's vocabulary, and what it makes of each: its principal components.

    Returns
    -------
    words : list of str
    vectors : int8 array of shape (n_words, DIMENSIONS)
        In steps of 1 / STEPS standard deviations.
    """
    words = VOCABULARY.read_text("utf-8").split("\n")
    words = [w for w in words if w.isascii() and w.isalpha() and len(w) >= LEAST_LETTERS]
    vectors = load_encoder().encode(words)
    vectors = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    found = vectors @ axes[:, ::-1][:, :DIMENSIONS]
    steps = np.round(found / found.std() * STEPS)
    return words, np.clip(steps, -127, 127).astype(np.int8)


def trained(rows: list[Row], meanings: Meanings) -> dict[str, np.ndarray]:
    """The arrays of a selector.

    Parameters
    ----------
    rows : list of Row
    meanings : Meanings

    Returns
    -------
    dict of str to array
    """
    articles: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        articles[row.features[0]].add(row.article)
    cues = {cue for cue, seen in articles.items() if len(seen) >= LEAST_ARTICLES}
    counts = Counter(f for row in rows for f in kept(row.features, cues))
    features = sorted(f for f, n in counts.items() if n >= LEAST)
    place = {feature: i for i, feature in enumerate(features)}
    columns, ends = [], [0]
    for row in rows:
        columns += [place[f] for f in kept(row.features, cues) if f in place]
        ends.append(len(columns))
    ones = np.ones(len(columns), np.float32)
    matrix = csr_array((ones, columns, ends), shape=(len(rows), len(features)))
    embedded = np.array([i for i, f in enumerate(features) if counts[f] >= LEAST_EMBEDDED])
    seen = np.array([row.seen for row in rows], np.float32)
    context = np.concatenate([seen, meanings.of([row.lemmas for row in rows])], axis=1)
    mean, spread = context.mean(0), context.std(0) + 1e-3
    context = (context - mean) / spread
    share = np.array([row.share for row in rows], np.float32)
    target = (share >= 0.5).astype(np.float32)

    held = np.array([row.article % HELD_OUT == 0 for row in rows])
    first = [Network(matrix, embedded, context, n).fit(target, ~held) for n in range(NETWORKS)]
    scale, shift = calibrated(chances(first, held), target[held])
    networks = [Network(matrix, embedded, context, n).fit(target) for n in range(NETWORKS)]

    cue = np.array([row.article * 1_000_000 + row.cue for row in rows])
    _, of_cue = np.unique(cue, return_inverse=True)
    best = np.zeros(of_cue.max() + 1, np.float32)
    np.maximum.at(best, of_cue, share)
    choice = Network(matrix, embedded[:0], context[:, :0], 0, hidden=0)
    choice.fit(share, best[of_cue] >= 0.5, epochs=8)

    dense = np.concatenate([net.dense for net in networks], axis=1)
    unseen = np.concatenate([net.hidden_bias for net in networks])
    row_of = np.zeros(len(features), np.int32)
    row_of[embedded] = np.arange(1, len(embedded) + 1)
    embedding = np.concatenate([net.embedding for net in networks], axis=1)
    half = {
        "linear": np.mean([net.linear for net in networks], axis=0),
        "choice": choice.linear,
        "embedding": np.vstack([np.zeros_like(embedding[:1]), embedding]),
        "dense": dense / spread[:, None],
        "seen": unseen - (mean / spread) @ dense,
        "unseen": unseen,
        "output": np.concatenate([net.output for net in networks]) / NETWORKS,
    }
    return {name: array.astype(np.float16) for name, array in half.items()} | {
        "features": np.frombuffer("\n".join(features).encode("utf-8"), np.uint8),
        "row": row_of,
        "bias": np.mean([net.bias for net in networks]),
        "scale": np.array(scale),
        "shift": np.array(shift),
        "pipeline": np.array(load_syntax().name),
        **meanings.arrays,
    }


def cue_forms(rows: list[Row]) -> list[str]:
    """Forms of cues that several articles have.

    Parameters
    ----------
    rows : list of Row

    Returns
    -------
    list of str
    """
    uses, cues, articles = Counter(), Counter(), defaultdict(set)
    for row in rows:
        if row.preposition or not row.form.isalpha():
            continue
        uses[row.form] += 1
        if row.share >= 0.5:
            cues[row.form] += 1
            articles[row.form].add(row.article)
    often = {form for form, seen in articles.items() if len(seen) >= LEAST_SEEN}
    return sorted(form for form in often if cues[form] >= LEAST_SHARE * uses[form])


if __name__ == "__main__":
    main()
