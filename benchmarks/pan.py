"""Passages against PAN 2013 text alignment: one JSON line.

    python -m benchmarks.pan --data DIR [--obfuscation no-obfuscation] [--limit N] [--passages FILE]

DIR holds documents.parquet (document, role, text), pairs.parquet (suspicious, source, obfuscation)
and cases.parquet (a pair with suspicious_offset, suspicious_length, source_offset, source_length in
characters). Printed are plagdet, precision, recall and granularity over the pairs of one
obfuscation, each with its 95 % bootstrap interval over pairs, and what is found in pairs that share
nothing.

The measures are those of Potthast, Stein, Barrón-Cedeño and Rosso (2010), An Evaluation Framework
for Plagiarism Detection, COLING, at the level of characters. A case s and a detection r are sets of
characters of a suspicious document and of its source; r detects s if they meet on both sides. With
s ⊓ r the characters in both if r detects s, and none otherwise:

    precision(S, R) = 1/|R| Σ_r |∪_s (s ⊓ r)| / |r| recall(S, R) = 1/|S| Σ_s |∪_r (s ⊓ r)| / |s|
    granularity(S, R) = 1/|S_R| Σ_{s ∈ S_R} |R_s|     with S_R the cases detected, and R_s the
    detections of s plagdet(S, R) = F1 / log2(1 + granularity)
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks import planted

DRAWS = 1000
NOTHING = "no-plagiarism"


class Passage(NamedTuple):
    """A case or a detection of one pair of documents: characters on both sides, end exclusive."""

    start: int
    end: int
    source_start: int
    source_end: int


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pan", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder with documents.parquet, pairs.parquet and cases.parquet",
    )
    parser.add_argument("--obfuscation", default="no-obfuscation")
    parser.add_argument(
        "--limit",
        type=int,
        default=None,
        help="only the first N pairs of the obfuscation, and of those that share nothing",
    )
    parser.add_argument(
        "--passages", type=Path, default=None, help="score this file instead of running the finder"
    )
    options = parser.parse_args(arguments)
    documents, pairs, cases = (
        pd.read_parquet(options.data / f"{name}.parquet")
        for name in ("documents", "pairs", "cases")
    )
    parts = {
        kind: pairs[pairs["obfuscation"] == kind].head(options.limit)
        for kind in dict.fromkeys([options.obfuscation, NOTHING])
    }
    if any(part.empty for part in parts.values()):
        raise SystemExit(
            f"--obfuscation {options.obfuscation} was given; allowed are"
            f" {', '.join(sorted(pairs['obfuscation'].unique()))}."
        )
    chosen = pd.concat(parts.values())
    found = (
        detect(documents, chosen)
        if options.passages is None
        else _by_pair(chosen, pd.read_parquet(options.passages))
    )
    keys = [(row.suspicious, row.source) for row in parts[options.obfuscation].itertuples()]
    true: dict[tuple[str, str], list[Passage]] = {key: [] for key in keys}
    for row in cases[cases["obfuscation"] == options.obfuscation].itertuples():
        if (row.suspicious, row.source) in true:
            true[row.suspicious, row.source].append(
                Passage(
                    row.suspicious_offset,
                    row.suspicious_offset + row.suspicious_length,
                    row.source_offset,
                    row.source_offset + row.source_length,
                )
            )
    false = [found[row.suspicious, row.source] for row in parts[NOTHING].itertuples()]
    print(
        json.dumps(
            {
                "obfuscation": options.obfuscation,
                "pairs": len(keys),
                **evaluate([(true[key], found[key]) for key in keys]),
                NOTHING: {
                    "pairs": len(false),
                    "pairs_with_passages": sum(map(bool, false)),
                    "passages": sum(map(len, false)),
                    "characters": sum(p.end - p.start for part in false for p in part),
                },
            }
        )
    )


def detect(documents: pd.DataFrame, pairs: pd.DataFrame) -> dict[tuple[str, str], list[Passage]]:
    """Run the finder on all documents at once and keep what it finds within each pair."""
    texts = documents.drop_duplicates("document").set_index("document")["text"]
    wanted = pd.unique(pd.concat([pairs["suspicious"], pairs["source"]]))
    with tempfile.TemporaryDirectory(prefix="twicetold-pan-") as name:
        folder = Path(name)
        pd.DataFrame(
            {"id": wanted, "outlet": "", "date": "", "text": texts[wanted].to_numpy()}
        ).to_parquet(folder / "articles.parquet")
        planted.find(folder / "articles.parquet", folder / "passages.parquet")
        return _by_pair(pairs, pd.read_parquet(folder / "passages.parquet"))


def _by_pair(pairs: pd.DataFrame, passages: pd.DataFrame) -> dict[tuple[str, str], list[Passage]]:
    found: dict[tuple[str, str], list[Passage]] = {
        key: [] for key in zip(pairs["suspicious"], pairs["source"])
    }
    columns = [
        passages[f"{side}_{what}"].astype(str if what == "id" else int)
        for side in "ab"
        for what in ("id", "start", "end")
    ]
    for a, a_start, a_end, b, b_start, b_end in zip(*columns):
        if (a, b) in found:
            found[a, b].append(Passage(a_start, a_end, b_start, b_end))
        if (b, a) in found:
            found[b, a].append(Passage(b_start, b_end, a_start, a_end))
    return found


def evaluate(
    pairs: list[tuple[list[Passage], list[Passage]]], drawn: np.ndarray | None = None
) -> dict:
    """Plagdet and its parts over pairs of documents, with intervals.

    Parameters
    ----------
    pairs : list of (cases, detections)
        For each pair of documents.
    drawn : int array of shape (n_pairs,), optional
        Pairs of one number are drawn together for the intervals; each alone where it is not given.

    Returns
    -------
    dict
        plagdet, precision, recall, granularity, each with `_interval`; n_cases, n_detections.
    """
    each = np.array([measure(cases, detections) for cases, detections in pairs]).reshape(-1, 6)
    drawn = np.unique(np.arange(len(each)) if drawn is None else drawn, return_inverse=True)[1]
    sums = np.zeros((drawn.max(initial=-1) + 1, 6))
    np.add.at(sums, drawn, each)
    rng = np.random.default_rng(0)
    draws = [
        combine(sums[rng.integers(len(sums), size=len(sums))].sum(axis=0)) for _ in range(DRAWS)
    ]
    said: dict = {}
    for name, value in combine(sums.sum(axis=0)).items():
        low, high = np.quantile([draw[name] for draw in draws], [0.025, 0.975])
        said |= {
            name: round(value, 4),
            f"{name}_interval": [round(float(low), 4), round(float(high), 4)],
        }
    return said | {"n_cases": int(sums[:, 3].sum()), "n_detections": int(sums[:, 1].sum())}


def measure(
    cases: list[Passage], detections: list[Passage]
) -> tuple[float, int, float, int, int, int]:
    """Sums that one pair of documents adds: precisions and their number, recalls and theirs, cases
    detected and how often.
    """
    detected = [[s for s in cases if _meets(s, r)] for r in detections]
    detecting = [[r for r in detections if _meets(s, r)] for s in cases]
    precisions = sum(_covered(r, met) / _size(r) for r, met in zip(detections, detected))
    recalls = sum(_covered(s, met) / _size(s) for s, met in zip(cases, detecting))
    return (
        precisions,
        len(detections),
        recalls,
        len(cases),
        sum(map(bool, detecting)),
        sum(map(len, detecting)),
    )


def combine(sums: Iterable[float]) -> dict[str, float]:
    """Plagdet and its parts from added sums; what nothing was found for is 0, and granularity then
    1.
    """
    precisions, n_detections, recalls, n_cases, n_detected, times = sums
    precision, recall = precisions / max(n_detections, 1), recalls / max(n_cases, 1)
    granularity = times / n_detected if n_detected else 1.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {
        "plagdet": float(f1 / np.log2(1 + granularity)),
        "precision": float(precision),
        "recall": float(recall),
        "granularity": float(granularity),
    }


def _size(p: Passage) -> int:
    return p.end - p.start + p.source_end - p.source_start


def _meets(s: Passage, r: Passage) -> bool:
    return max(s.start, r.start) < min(s.end, r.end) and max(s.source_start, r.source_start) < min(
        s.source_end, r.source_end
    )


def _covered(one: Passage, others: list[Passage]) -> int:
    """Characters of one passage, on both sides, that others cover."""
    return _length_covered(
        one.start, one.end, [(o.start, o.end) for o in others]
    ) + _length_covered(
        one.source_start, one.source_end, [(o.source_start, o.source_end) for o in others]
    )


def _length_covered(start: int, end: int, spans: list[tuple[int, int]]) -> int:
    covered, done = 0, start
    for s, e in sorted(spans):
        s, e = max(s, done), min(e, end)
        if e > s:
            covered, done = covered + e - s, e
    return covered


if __name__ == "__main__":
    main()
