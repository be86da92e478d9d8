"""Sentences, quotations, reported statements and speakers on invented articles beside harbour's,
and how time grows with length: one JSON line.

    python -m benchmarks.units [--errors]

The articles stand marked up in `benchmarks/articles/`: ¦ ends a sentence, {q:Speaker|…} is a
quotation, {s:…} are scare quotes, {r:Speaker|…} is a reported statement (scored where a file marks
them). `growth` is the CPU time of 80,000 characters of a repeated piece in one line by that of
20,000: 4 is linear, 16 quadratic.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.views import spoken
from benchmarks.harbour import interval, same_speaker, scores

ARTICLES = Path(__file__).parent / "articles"
PIECES = [
    '"',
    "”",
    "„“",
    "abcd.” ",
    "U.S. ",
    "He rowed home early. ",
    "a line\n",
    "'dogs' and ",
    "“‘a ",
    "“A b,” said Orr. ",
]
_PIECE = re.compile(r"\{([qr]):([^|]*)\||\{s:|\}|¦|[^{}¦]+")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.units", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--errors", action="store_true", help="list every error on standard error")
    options = parser.parse_args(arguments)
    result = {
        path.stem: evaluate(path, show=options.errors) for path in sorted(ARTICLES.glob("*.txt"))
    }
    print(json.dumps(result | {"growth": {piece: growth(piece) for piece in PIECES}}))


def read(
    path: Path,
) -> dict[
    str,
    tuple[
        str, set[int], dict[tuple[int, int], str], set[tuple[int, int]], dict[tuple[int, int], str]
    ],
]:
    """For each article its text, ends of sentences, quotations with their speakers, scare quotes,
    and reported statements with their speakers.
    """
    articles = {}
    for part in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, marked = part.split("\n", 1)
        text, ends, quotes, scare, stated, opened = "", set(), {}, set(), {}, []
        for match in _PIECE.finditer(marked.rstrip("\n")):
            piece = match.group()
            if piece.startswith("{"):
                opened.append((len(text), match[1], match[2]))
            elif piece == "}":
                begin, kind, speaker = opened.pop()
                span = begin, len(text)
                if kind is None:
                    scare.add(span)
                else:
                    (quotes if kind == "q" else stated)[span] = speaker
            elif piece == "¦":
                ends.add(len(text))
            else:
                text += piece
        articles[name] = text, ends, quotes, scare, stated
    return articles


def evaluate(path: Path, *, show: bool = False) -> dict:
    """Scores on one file of articles, each with its n and its interval over articles."""
    rows: dict[str, list[tuple[int, int, int]]] = {
        "sentence": [],
        "quotation": [],
        "scare_quote": [],
    }
    right = told = 0
    reported = Statements()
    for name, (text, ends, quotes, scare, stated) in read(path).items():
        units = extract_units(Article(name, text))
        table = [
            row
            for row in zip(
                *(
                    units.tables["quotes"][name]
                    for name in ("start", "end", "speaker", "scare", "direct")
                )
            )
            if row[-1]
        ]
        spans = [row[:2] for row in table]
        found = {row[:2]: row[2] for row in table if not row[3]}
        pairs = {
            "sentence": (ends, {end for _, end, _ in units.spans}),
            "quotation": (set(quotes), set(found)),
            "scare_quote": (scare, set(spans) - set(found)),
        }
        for what, (true, got) in pairs.items():
            rows[what].append((len(true & got), len(got), len(true)))
            if show and true ^ got:
                print(
                    path.stem,
                    name,
                    what,
                    "missed",
                    sorted(true - got),
                    "wrong",
                    sorted(got - true),
                    file=sys.stderr,
                )
        if stated:
            reported.add(name, text, stated, units.tables["quotes"], show)
        for span in quotes.keys() & found.keys():
            told += 1
            right += same_speaker(quotes[span], found[span])
            if show and not same_speaker(quotes[span], found[span]):
                print(
                    path.stem,
                    name,
                    f"speaker: gold {quotes[span]!r}, found {found[span]!r}",
                    file=sys.stderr,
                )
    result = {}
    for what, counts in rows.items():
        result |= scores(what, counts, "both ends exact" if what != "sentence" else "sentence ends")
    return (
        result
        | {"speaker_accuracy": round(right / max(told, 1), 4), "n_speakers": told}
        | reported.result()
    )


class Statements:
    """Reported statements: a gold one is found by a row that covers at least half of it, a row is
    right if a gold one covers half of the row.
    """

    def __init__(self):
        self.rows: list[
            tuple[int, int, int, int]
        ] = []  # found of the gold, gold, right of the rows, rows
        self.speakers: list[tuple[int, int]] = []

    def add(
        self,
        name: str,
        text: str,
        gold: dict[tuple[int, int], str],
        quotes: dict,
        show: bool = False,
    ) -> None:
        # what counts as somebody's words: attitudes and what is not said are kinds of their own
        told = spoken(pd.DataFrame(quotes))
        told = told[~told["direct"].astype(bool)]
        found = {(r.start, r.end): r.speaker for r in told.itertuples()}
        hit = {span: max(found, key=lambda f: overlap(span, f), default=None) for span in gold}
        hit = {
            span: f
            for span, f in hit.items()
            if f is not None and 2 * overlap(span, f) >= span[1] - span[0]
        }
        right = [f for f in found if any(2 * overlap(span, f) >= f[1] - f[0] for span in gold)]
        self.rows.append((len(hit), len(gold), len(right), len(found)))
        same = {
            span: gold[span] == found[f] or same_speaker(gold[span], found[f])
            for span, f in hit.items()
        }
        self.speakers.append((sum(same.values()), len(hit)))
        if show:
            for span in gold.keys() - hit.keys():
                print(name, "statement missed", text[slice(*span)], file=sys.stderr)
            for span in found.keys() - set(right):
                print(
                    name,
                    "statement not in the gold",
                    text[slice(*span)],
                    f"({found[span]})",
                    file=sys.stderr,
                )
            for span in (span for span, ok in same.items() if not ok):
                print(
                    name,
                    f"speaker of statement: gold {gold[span]!r}, found {found[hit[span]]!r}",
                    file=sys.stderr,
                )

    def result(self) -> dict:
        if not self.rows:
            return {}
        rows, speakers = np.array(self.rows, float), np.array(self.speakers, float)
        found, gold, right, n = rows.sum(axis=0)
        recall = ratio(rows[:, :2])
        precision = ratio(rows[:, 2:])
        return {
            "reported": {
                "recall": recall[0],
                "recall_interval": recall[1],
                "n_gold": int(gold),
                "precision": precision[0],
                "precision_interval": precision[1],
                "n_found": int(n),
                "speaker_accuracy": ratio(speakers)[0],
                "speaker_interval": ratio(speakers)[1],
                "unit": "statements, half covered",
            }
        }


def overlap(a: tuple[int, int], b: tuple[int, int]) -> int:
    return min(a[1], b[1]) - max(a[0], b[0])


def ratio(counts: np.ndarray) -> tuple[float, list[float]]:
    """Sum of the first column by that of the second, with its interval over the rows."""
    low, high = interval(counts, lambda s: s[0] / max(s[1], 1))
    return round(float(counts[:, 0].sum() / max(counts[:, 1].sum(), 1)), 4), [low, high]


def growth(piece: str) -> float:
    """How much longer four times the text takes."""
    seconds = []
    for length in (20_000, 80_000):
        article = Article("a", piece * (length // len(piece)))
        best = []
        for _ in range(3):
            started = time.process_time()
            extract_units(article)
            best.append(time.process_time() - started)
        seconds.append(min(best))
    return round(seconds[1] / max(seconds[0], 1e-4), 1)


if __name__ == "__main__":
    main()
