"""Quoted spans of BASIL and their speakers: one JSON line.

    python -m benchmarks.basil_voices --data DIR [--errors]

DIR holds `articles.parquet` (article_id, text) and `spans.parquet` (article_id, paragraph, start,
end, in_quote, speaker) of BASIL (Fan and others 2019, doi.org/10.18653/v1/D19-1664), whose coders
said of each biased span whether it stands in a quotation, and who speaks. A span stands in a
quotation if half of its characters do. Names are compared by their last words, bodies by any word
of theirs; of speakers whom the coders gave by role alone ("other_anti") it is only counted whether
some speaker is found. Intervals are of a bootstrap over articles.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.extract.units import extract_units
from analysis.io.article import Article
from analysis.text.tokens import words_of
from benchmarks.units import overlap, ratio

BODIES = frozenset(
    "democrats republicans lawmakers campaign officials house senate party administration office"
    " committee members group groups".split()
)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.basil_voices", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument(
        "--errors", action="store_true", help="list who was found for whom on standard error"
    )
    options = parser.parse_args(arguments)
    articles, spans = (
        pd.read_parquet(options.data / f"{name}.parquet") for name in ("articles", "spans")
    )
    print(json.dumps(evaluate(articles, spans, show=options.errors)))


def evaluate(articles: pd.DataFrame, spans: pd.DataFrame, *, show: bool = False) -> dict:
    """Agreement with the coders, each share with its n and interval."""
    texts = dict(zip(articles["article_id"], articles["text"]))
    counts: dict[str, list] = {
        name: []
        for name in ("quoted", "quoted_or_reported", "outside", "speaker", "speaker_by_role")
    }
    left_out = 0
    for article, mine in spans.groupby("article_id", sort=True):
        text = texts[article]
        table = pd.DataFrame(extract_units(Article(article, text)).tables["quotes"])
        told = {name: [0, 0] for name in counts}
        for row in mine.itertuples():
            begin = (
                text.find(row.paragraph) if isinstance(row.paragraph, str) and row.paragraph else -1
            )
            if begin < 0:
                left_out += 1
                continue
            span = begin + int(row.start), begin + int(row.end)
            near = [
                2 * overlap(span, place) >= span[1] - span[0]
                for place in zip(table["start"], table["end"])
            ]
            around = table[np.array(near, bool)]
            direct = around[around["direct"].to_numpy(bool)]
            if row.in_quote != "yes":
                _count(told, "outside", direct[~direct["scare"].to_numpy(bool)].empty)
                continue
            _count(told, "quoted", not direct.empty)
            _count(told, "quoted_or_reported", not around.empty)
            if direct.empty:
                continue
            found = direct.iloc[0]["speaker"]
            if row.speaker.startswith("other"):
                _count(told, "speaker_by_role", found != "")
            elif row.speaker:
                _count(told, "speaker", same(row.speaker, found))
                if show and not same(row.speaker, found):
                    print(article, f"coders {row.speaker!r}, found {found!r}", file=sys.stderr)
        for name in counts:
            counts[name].append(told[name])
    result = {
        name: (
            dict(zip(("share", "interval"), ratio(np.array(rows, float))))
            | {"n": int(np.sum(rows, axis=0)[1])}
        )
        for name, rows in counts.items()
    }
    return {"articles": len(texts)} | result | {"spans_left_out": left_out, "unit": "spans"}


def _count(told: dict, name: str, right: bool) -> None:
    told[name][0] += bool(right)
    told[name][1] += 1


def same(coded: str, found: str) -> bool:
    """Whether a coder's name, with underscores, is the speaker found."""
    gold, words = words_of(coded.replace("_", " ")), set(words_of(found))
    return bool(gold) and (
        gold[-1] in words or bool(set(gold) & BODIES) and bool(set(gold) & words)
    )


if __name__ == "__main__":
    main()
