"""Sentences, quotations and speakers on invented articles beside harbour's, and how time grows with length: one JSON line.

    python -m benchmarks.units [--errors]

The articles stand marked up in `benchmarks/articles/`: ¦ ends a sentence, {q:Speaker|…} is a quotation, {s:…} are scare quotes. `growth` is the CPU time of
80,000 characters of a repeated piece in one line by that of 20,000: 4 is linear, 16 quadratic.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from pathlib import Path

from analysis.corpus import Article
from analysis.extract.units import extract_units
from benchmarks.harbour import same_speaker, scores

ARTICLES = Path(__file__).parent / "articles"
PIECES = ['"', "”", "„“", "abcd.” ", "U.S. ", "He rowed home early. ", "a line\n", "'dogs' and ", "“‘a ", "“A b,” said Orr. "]
_PIECE = re.compile(r"\{q:([^|]+)\||\{s:|\}|¦|[^{}¦]+")


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.units", description=__doc__.splitlines()[0])
    parser.add_argument("--errors", action="store_true", help="list every error on standard error")
    options = parser.parse_args(arguments)
    result = {path.stem: evaluate(path, show=options.errors) for path in sorted(ARTICLES.glob("*.txt"))}
    print(json.dumps(result | {"growth": {piece: growth(piece) for piece in PIECES}}))


def read(path: Path) -> dict[str, tuple[str, set[int], dict[tuple[int, int], str], set[tuple[int, int]]]]:
    """For each article its text, ends of sentences, quotations with their speakers, and scare quotes."""
    articles = {}
    for part in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        name, marked = part.split("\n", 1)
        text, ends, quotes, scare, opened = "", set(), {}, set(), None
        for match in _PIECE.finditer(marked.rstrip("\n")):
            piece = match.group()
            if piece.startswith(("{q:", "{s:")):
                opened = len(text), match[1]
            elif piece == "}":
                span = opened[0], len(text)
                if opened[1] is None:
                    scare.add(span)
                else:
                    quotes[span] = opened[1]
            elif piece == "¦":
                ends.add(len(text))
            else:
                text += piece
        articles[name] = text, ends, quotes, scare
    return articles


def evaluate(path: Path, *, show: bool = False) -> dict:
    """Scores on one file of articles, each with its n and its interval over articles."""
    rows: dict[str, list[tuple[int, int, int]]] = {"sentence": [], "quotation": [], "scare_quote": []}
    right = told = 0
    for name, (text, ends, quotes, scare) in read(path).items():
        units = extract_units(Article(name, text))
        table = units.tables["quotes"]
        spans = list(zip(table["start"], table["end"]))
        found = {span: speaker for span, speaker, is_scare in zip(spans, table["speaker"], table["scare"]) if not is_scare}
        pairs = {"sentence": (ends, {end for _, end, _ in units.spans}), "quotation": (set(quotes), set(found)),
                 "scare_quote": (scare, set(spans) - set(found))}
        for what, (true, got) in pairs.items():
            rows[what].append((len(true & got), len(got), len(true)))
            if show and true ^ got:
                print(path.stem, name, what, "missed", sorted(true - got), "wrong", sorted(got - true), file=sys.stderr)
        for span in quotes.keys() & found.keys():
            told += 1
            right += same_speaker(quotes[span], found[span])
            if show and not same_speaker(quotes[span], found[span]):
                print(path.stem, name, f"speaker: gold {quotes[span]!r}, found {found[span]!r}", file=sys.stderr)
    result = {}
    for what, counts in rows.items():
        result |= scores(what, counts, "both ends exact" if what != "sentence" else "sentence ends")
    return result | {"speaker_accuracy": round(right / max(told, 1), 4), "n_speakers": told}


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
