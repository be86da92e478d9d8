"""Copies planted in articles, with their places on both sides; `benchmarks.planted` says which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import regex

from analysis.errors import OptionError
from analysis.text.scan import scan
from analysis.text.sentences import find_sentences

LENGTHS = {"20-29": (20, 29), "30-49": (30, 49), "50-99": (50, 99), "100+": (100, 300)}
KINDS = ("whole", "start", "paragraph", "sentences", *LENGTHS)
ALONE = ("whole", "start")  # the host becomes the copy
CHANGED = (0.0, 0.05, 0.1, 0.2, 0.3)
REPLACED, LEFT_OUT = 0.6, 0.2  # shares of the changed words; the rest get a word put before them
SEVERAL = 0.25
RUN, MANY = 8, 20  # a run of so many words in more articles than this is boilerplate
MOVED = (3, 8)  # words that change their place in a sentence together
_ODD = np.uint64(0x9E3779B97F4A7C15)
_CAPITALS = str.maketrans({chr(c): chr(c - 32) for c in range(ord("a"), ord("z") + 1)})
_MARKS = str.maketrans("'\"“”‘’", "’“\"\"''")
_COMMA = regex.compile(r",(?=\s)")


@dataclass(frozen=True)
class Piece:
    """A piece of a source as it stands in the host.

    Attributes
    ----------
    text : str
    start, end : int
        Characters of the gold in `text`: from the first to the last unchanged word.
    source_start, source_end : int
        The same words in the source.
    n_words : int
        Words taken from the source, changed ones and all.
    n_changed : int
    """

    text: str
    start: int
    end: int
    source_start: int
    source_end: int
    n_words: int
    n_changed: int


def plant(
    articles: pd.DataFrame, cases: int, *, seed: int = 0, moved: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Plant pieces of some articles in others; no article is a host or a source twice, and no piece
    is mostly boilerplate.

    Parameters
    ----------
    articles : DataFrame
        id, text and any other columns.
    cases : int
        Hosts.
    seed : int
    moved : bool
        Whether the parts of each sentence of a piece change places.

    Returns
    -------
    articles : DataFrame
        With the new texts of the hosts.
    gold : DataFrame
        case, host, source (ids), host_start, host_end, source_start, source_end (characters), kind,
        changed (share asked for), n_words, n_changed: one row for each piece.
    """
    rng = np.random.default_rng(seed)
    texts = articles["text"].tolist()
    ids = articles["id"].tolist()
    sizes = np.where(rng.random(cases) < SEVERAL, rng.integers(2, 5, cases), 1)
    if cases < 1 or cases + sizes.sum() > len(texts):
        raise OptionError(
            f"{cases} cases were asked for of {len(texts)} articles; allowed are 1 to about"
            f" {int(len(texts) / 2.5)}."
        )
    order = rng.permutation(len(texts))
    hosts, sources = order[:cases], iter(order[cases:])
    words = _words(texts, rng)
    common = boilerplate(texts)
    plan = _plan(rng)
    rows = []
    for case, host in enumerate(hosts):
        pieces = []
        for _ in range(sizes[case]):
            kind, changed = next(plan)
            while kind in ALONE and sizes[case] > 1:
                kind = KINDS[rng.integers(len(ALONE), len(KINDS))]
            source = next(sources)
            pieces.append(
                (
                    kind,
                    changed,
                    source,
                    cut(texts[source], kind, changed, words, rng, common, moved),
                )
            )
        texts[host], places = _put(texts[host], pieces, rng)
        for (kind, changed, source, piece), place in zip(pieces, places):
            rows.append(
                (
                    case,
                    ids[host],
                    ids[source],
                    place + piece.start,
                    place + piece.end,
                    piece.source_start,
                    piece.source_end,
                    kind,
                    changed,
                    piece.n_words,
                    piece.n_changed,
                )
            )
    gold = pd.DataFrame(
        rows,
        columns=[
            "case",
            "host",
            "source",
            "host_start",
            "host_end",
            "source_start",
            "source_end",
            "kind",
            "changed",
            "n_words",
            "n_changed",
        ],
    )
    return articles.assign(text=texts), gold


def _plan(rng: np.random.Generator):
    """Every kind with every share of changed words, each round in another order."""
    both = [(kind, changed) for kind in KINDS for changed in CHANGED]
    while True:
        yield from (both[i] for i in rng.permutation(len(both)))


def _words(texts: list[str], rng: np.random.Generator) -> list[str]:
    """Words to put in: plain ones of some articles, as often as they stand there."""
    some = (texts[i] for i in rng.choice(len(texts), size=min(200, len(texts)), replace=False))
    return [
        text[s:e]
        for text in some
        for s, e in zip(*scan(text)[:2])
        if text[s:e].isalpha() and text[s:e].isascii()
    ]


def boilerplate(texts: list[str]) -> np.ndarray:
    """Hashes of `RUN` running words that stand in more than `MANY` articles, sorted."""
    found, counts = np.unique(
        np.concatenate([np.unique(runs(scan(text)[2])) for text in texts]), return_counts=True
    )
    return found[counts > MANY]


def runs(hashes: np.ndarray, size: int = RUN) -> np.ndarray:
    """Hashes of every run of so many words, in order."""
    mixed = np.zeros(max(len(hashes) - size + 1, 0), np.uint64)
    for k in range(size):  # wrap-around is the arithmetic of the hash
        mixed = (mixed ^ hashes[k : k + len(mixed)]) * _ODD
        mixed ^= mixed >> np.uint64(29)
    return mixed


def cut(
    text: str,
    kind: str,
    changed: float,
    words: list[str],
    rng: np.random.Generator,
    common: np.ndarray = np.empty(0, np.uint64),  # noqa: B008  (never written to)
    moved: bool = False,
) -> Piece:
    """Take a piece of one kind from a source and change a share of its words.

    Parameters
    ----------
    text : str
        Of the source.
    kind : str
        One of `KINDS`.
    changed : float
        Share of the piece's words, 0 to 1.
    words : list of str
        From which new words are drawn.
    rng : numpy.random.Generator
    common : uint64 array
        See `boilerplate`.
    moved : bool
        Whether the parts of each of its sentences change places.

    Returns
    -------
    Piece
    """
    start, end, hashes = scan(text)
    sentences = np.array(find_sentences(text))
    is_common = np.isin(runs(hashes), common)
    spans = _spans(
        kind,
        np.searchsorted(start, sentences[:, 0]),
        np.searchsorted(start, sentences[:, 1]),
        sentences,
        len(start),
        rng,
    )
    own = [(a, b) for a, b in spans if b - a < RUN or is_common[a : b - RUN + 1].mean() < 0.5]
    a, b = (own or spans)[rng.integers(len(own or spans))]
    stop = int(end[b - 1])
    closed = int(sentences[np.searchsorted(sentences[:, 1], stop), 1])
    if b == len(start) or start[b] >= closed:  # closing marks belong to a whole sentence
        stop = closed
    return _change(text[start[a] : stop], int(start[a]), changed, words, rng, moved)


def _spans(
    kind: str,
    first: np.ndarray,
    last: np.ndarray,
    sentences: np.ndarray,
    n: int,
    rng: np.random.Generator,
) -> list[tuple[int, int]]:
    """Pieces of one kind that a source has: first word and the word after the last.

    `first` and `last` are those of its sentences.
    """
    if kind == "start":
        spans = [(0, int(last[int(np.ceil(rng.uniform(0.3, 0.8) * len(sentences))) - 1]))]
    elif kind == "paragraph":
        spans = [(first[rows[0]], last[rows[-1]]) for rows in _paragraphs(sentences)]
    elif kind == "sentences":
        count = int(rng.integers(1, 4))
        spans = [(first[i], last[min(i + count, len(last)) - 1]) for i in range(len(first))]
    elif kind in LENGTHS:
        low, high = LENGTHS[kind]
        length = int(rng.integers(low, high + 1))
        spans = [(f, f + length) for f in first if f + length <= n]
    else:
        spans = []
    return [(int(a), int(b)) for a, b in spans if b > a] or [(0, n)]


def _paragraphs(sentences: np.ndarray) -> list[np.ndarray]:
    return np.split(np.arange(len(sentences)), np.flatnonzero(np.diff(sentences[:, 2])) + 1)


def _change(
    text: str,
    offset: int,
    changed: float,
    words: list[str],
    rng: np.random.Generator,
    moved: bool = False,
) -> Piece:
    stood = scan(text)[:2]
    if moved:
        text, order = _moved(text, rng)
        stood = stood[0][order], stood[1][order]
    start, end, hashes = scan(text)
    n = len(start)
    count = round(changed * n)
    if count == 0:
        new = _dress(text, rng)
        begins, ends, _ = scan(new)
        return Piece(
            new,
            int(begins[0]),
            int(ends[-1]),
            offset + int(stood[0].min()),
            offset + int(stood[1].max()),
            n,
            0,
        )
    ways = dict(zip(rng.choice(n, size=count, replace=False).tolist(), _ways(count)))
    parts, length, done = [], 0, 0
    kept = []  # unchanged words: where each stands now and where it stood
    for i in range(n):
        between, word, way = text[done : start[i]], text[start[i] : end[i]], ways.get(i)
        if way == "left out":
            between, word = between.rstrip(), ""
        elif way == "replaced":
            word = _another(hashes[i], words, rng)
        elif way == "put before":
            between += _another(hashes[i], words, rng) + " "
        parts += [between, word]
        length += len(between) + len(word)
        if way in (None, "put before"):
            kept.append((length - len(word), length, int(stood[0][i]), int(stood[1][i])))
        done = end[i]
    return Piece(
        "".join([*parts, text[done:]]),
        kept[0][0],
        kept[-1][1],
        offset + min(word[2] for word in kept),
        offset + max(word[3] for word in kept),
        n,
        count,
    )


def _moved(text: str, rng: np.random.Generator) -> tuple[str, np.ndarray]:
    """The parts of each sentence in another order, and which word each of the new text was."""
    start = scan(text)[0]
    edges = np.r_[start, len(text)]
    parts, order = [text[: start[0]]], []
    for first, last in np.searchsorted(start, np.array(find_sentences(text))[:, :2]):
        cuts = [int(first)]
        while cuts[-1] < last:
            cuts.append(min(cuts[-1] + int(rng.integers(MOVED[0], MOVED[1] + 1)), int(last)))
        for k in rng.permutation(len(cuts) - 1):
            part = text[edges[cuts[k]] : edges[cuts[k + 1]]]
            parts.append(part if part[-1:].isspace() else part + " ")
            order += range(cuts[k], cuts[k + 1])
    return "".join(parts).rstrip(), np.array(order)


def _ways(count: int) -> list[str]:
    replaced, left_out = round(REPLACED * count), round(LEFT_OUT * count)
    return (["replaced"] * replaced + ["left out"] * left_out + ["put before"] * count)[:count]


def _another(unlike: np.uint64, words: list[str], rng: np.random.Generator) -> str:
    while True:
        word = words[rng.integers(len(words))]
        if scan(word)[2][0] != unlike:
            return word


def _dress(text: str, rng: np.random.Generator) -> str:
    """Other capitals and marks in half of the pieces: no word changes by it."""
    way = rng.integers(6)
    if way > 2:
        return text
    new = (text.translate(_CAPITALS), text.translate(_MARKS), _COMMA.sub("", text))[way]
    return new if np.array_equal(scan(new)[2], scan(text)[2]) else text


def _put(host: str, pieces: list, rng: np.random.Generator) -> tuple[str, list[int]]:
    """The host with its pieces, and where each begins."""
    if pieces[0][0] in ALONE:
        return pieces[0][3].text, [0]
    sentences = np.array(find_sentences(host))
    # a sentence takes one piece after it, so that two do not touch, if there are enough sentences
    places = []
    for kind, _, _, _ in pieces:
        ends = (
            [rows[-1] for rows in _paragraphs(sentences)]
            if kind == "paragraph"
            else range(len(sentences))
        )
        free = (
            [i for i in ends if i not in places]
            or [i for i in range(len(sentences)) if i not in places]
            or range(len(sentences))
        )
        places.append(free[rng.integers(len(free))])
    parts, begins, done, length = [], {}, 0, 0
    for i in np.argsort(places):
        kind, at = pieces[i][0], int(sentences[places[i]][1])
        gap = "\n\n" if kind == "paragraph" else " "
        parts += [host[done:at], gap, pieces[i][3].text]
        length += at - done + len(gap)
        begins[i] = length
        length += len(pieces[i][3].text)
        done = at
        if host[done : done + 1].strip():
            parts.append(" ")
            length += 1
    return "".join([*parts, host[done:]]), [begins[i] for i in range(len(pieces))]
