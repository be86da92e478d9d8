"""What cleaning masks in an archive of news, and what it costs: one JSON line.

    python -m benchmarks.cleaning --data FILE.parquet [--rows N] [--half 0|1] [--show N] [--kept N]

FILE has the columns outlet and text, and date if there is. Of its outlets with at least ten
articles every second one is taken (`--half` says which: rules were written on half 0, and judged on
half 1), and of their articles N are drawn; furniture is found in all of them. Printed are the
shares of words masked by reason, by outlet, and by outlet and reason, how often characters were
mended, and the CPU seconds of extraction with and without cleaning, of the same articles, with
their ratio (furniture of the drawn articles included; the smaller of two runs each).

`--show N` writes N masked stretches of every reason to standard error, with what stands around
them, and `--kept N` N lines beside them that stay though they are short or hold a word that masks
often hold: to be read where the texts are, never to be stored.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd
import regex

from analysis.clean import MASKS, REASONS, clean, find_furniture
from analysis.codebook import read_codebook
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.scaffold import SCAFFOLD
from analysis.text.tokens import words_of

FEWEST = 10  # articles of an outlet
AROUND = 60  # characters shown on each side
TIMED = 300  # articles of which extraction is timed
_NEAR = regex.compile(
    r"newsletter|click|photo|video|©|copyright|follow|subscribe|sign up|read more|related|inbox"
    r"|twitter|facebook|caption|getty|advert|share|comment|www\.|e-?mail|@|watch",
    regex.IGNORECASE,
)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.cleaning", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=1500, help="articles that are drawn")
    parser.add_argument("--half", type=int, choices=(0, 1), default=1, help="of the outlets")
    parser.add_argument("--show", type=int, default=0, help="masked stretches to print, by reason")
    parser.add_argument("--kept", type=int, default=0, help="lines to print that stay")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    archive = _archive(options.data, options.half)
    started = time.process_time()
    furniture = find_furniture(archive[["outlet", "day", "text"]].itertuples(index=False))
    seconds = time.process_time() - started
    drawn = archive.sample(min(options.rows, len(archive)), random_state=options.seed)
    edits, words, kept = [], Counter(), []
    for row in drawn.itertuples():
        found = clean(row.text, furniture.get(row.outlet))
        words[row.outlet] += len(words_of(row.text))
        for e in found.edits:
            n = len(words_of(row.text[e.start : e.end])) if e.reason in MASKS else 0
            edits.append((row.outlet, e.reason, n, row.text, e.start, e.end))
        if options.kept:
            kept += ((row.outlet, line) for line in found.text.splitlines() if _is_near(line))
    table = pd.DataFrame(edits, columns=["outlet", "reason", "n_words", "text", "start", "end"])
    rng = np.random.default_rng(options.seed)
    _show(table, options.show, rng)
    for i in rng.permutation(len(kept))[: options.kept].tolist():
        print("kept", *kept[i], sep=" | ", file=sys.stderr)
    print(json.dumps(_said(table, words, archive, drawn, seconds), ensure_ascii=False))


def _archive(path: Path, half: int) -> pd.DataFrame:
    archive = pd.read_parquet(path)
    archive = archive[archive["text"].str.contains(r"\w")]
    sizes = archive["outlet"].value_counts()
    chosen = sizes.index[sizes >= FEWEST][half::2]
    archive = archive[archive["outlet"].isin(chosen)].reset_index(drop=True)
    dates = archive["date"] if "date" in archive else pd.Series("", index=archive.index)
    days = dates.astype(str).str[:10]
    return archive.assign(day=days.where(days >= "1900", ""))  # absurd dates are none


def _is_near(line: str) -> bool:
    line = line.strip()
    return 0 < len(line) < 160 and (bool(_NEAR.search(line)) or len(line.split()) < 4)


def _show(table: pd.DataFrame, most: int, rng: np.random.Generator) -> None:
    for reason in REASONS if most else ():
        rows = table[table["reason"] == reason]
        for i in rng.permutation(len(rows))[:most].tolist():
            row = rows.iloc[i]
            before = row["text"][max(0, row["start"] - AROUND) : row["start"]]
            after = row["text"][row["end"] : row["end"] + AROUND]
            stretch = row["text"][row["start"] : row["end"]]
            shown = f"{before!r} [[{stretch!r}]] {after!r}"
            print(reason, row["outlet"], shown, sep=" | ", file=sys.stderr)


def _said(
    table: pd.DataFrame, words: Counter, archive: pd.DataFrame, drawn: pd.DataFrame, seconds: float
) -> dict:
    total = sum(words.values())
    masked = table[table["reason"].isin(MASKS)]

    def shares(columns: list[str]) -> dict:
        sums = masked.groupby(columns)["n_words"].sum()
        of = total if columns == ["reason"] else sums.index.get_level_values(0).map(words)
        return {key: round(float(share), 4) for key, share in (sums / of).items() if share > 0}

    both = shares(["outlet", "reason"])
    mended = table[~table["reason"].isin(MASKS)]["reason"].value_counts()
    with_it, without = _cpu(drawn, True), _cpu(drawn, False)
    return {
        "articles": len(drawn),
        "outlets": len(words),
        "words": total,
        "masked": round(float(masked["n_words"].sum()) / total, 4),
        "by_reason": shares(["reason"]),
        "by_outlet": shares(["outlet"]),
        "by_outlet_and_reason": {f"{o}: {r}": share for (o, r), share in both.items()},
        "mended": {reason: int(n) for reason, n in mended.items()},
        "furniture": {"articles": len(archive), "cpu_seconds": round(seconds, 2)},
        "extraction": {
            "articles": min(len(drawn), TIMED),
            "cpu_seconds_cleaned": round(with_it, 2),
            "cpu_seconds_as_stored": round(without, 2),
            "ratio": round(with_it / without, 3),
        },
    }


def _cpu(drawn: pd.DataFrame, cleaned: bool) -> float:
    """CPU seconds of extraction, without embeddings and tone, which take much longer."""
    articles = [
        Article(f"a{i}", row.text, "en", {"outlet": row.outlet, "published": row.day})
        for i, row in enumerate(drawn.head(TIMED).itertuples())
    ]
    codebook, _ = read_codebook(SCAFFOLD / "codebook.yml")
    extract_articles(articles[:20], codebook=codebook, clean=cleaned)  # what is compiled once
    times = []
    for _ in range(2):
        started = time.process_time()
        extract_articles(articles, codebook=codebook, clean=cleaned)
        times.append(time.process_time() - started)
    return min(times)


if __name__ == "__main__":
    main()
