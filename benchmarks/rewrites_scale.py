"""Rewritten passages in an archive: one JSON line.

    python -m benchmarks.rewrites_scale --articles FILE.parquet [--rows N] [--within-days 7]

FILE has the columns id, outlet, date, text. Printed are CPU seconds by stage (features: sentences,
words and stems; verbatim; index of the stems; candidates: pairs of articles worth a closer look;
rewrites), how many pairs were looked at, the passages by kind, and the peak of memory.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.extract.units import STEM_CHARACTERS
from analysis.reuse.engines import Local
from analysis.reuse.rewrites import PASSAGE_KINDS, pairs_to_compare, rewrites_of_pairs
from analysis.reuse.stages import Options, find_passages
from analysis.reuse.stems import index_stems
from analysis.text.quotes import find_quotes
from analysis.text.scan import scan
from analysis.text.sentences import find_blocks, find_sentences
from analysis.text.tokens import normalise, word_hash
from benchmarks.archive import Texts, read_archive
from benchmarks.reuse_scale import peak_mb


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.rewrites_scale", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--within-days", type=float, default=7)
    options = parser.parse_args(arguments)
    laps, last = {}, [time.process_time()]

    def lap(name: str) -> None:
        laps[name], last[0] = round(time.process_time() - last[0], 2), time.process_time()

    archive = read_archive(options.articles, rows=options.rows)
    stem, sentence, start, end, sizes = [], [], [], [], []
    known: dict[str, int] = {}
    for _, texts, _ in archive.texts():
        for text in texts.to_pylist():
            starts = np.array(
                [s for s, _, _ in find_sentences(text, find_quotes(text), find_blocks(text))] or [0]
            )
            s, e, _ = scan(text)
            words = [text[i:j] for i, j in zip(s.tolist(), e.tolist())]
            for word in set(words) - known.keys():
                known[word] = word_hash(normalise(word)[:STEM_CHARACTERS])
            stem.append(np.fromiter(map(known.__getitem__, words), np.uint64, len(words)))
            sentence.append((np.searchsorted(starts, s, side="right") - 1).clip(0).astype(np.int32))
            start.append(s)
            end.append(e)
            sizes.append(len(s))
    lap("features")
    chosen, source = Options(within_days=options.within_days), Texts(archive)
    verbatim, _ = find_passages(source, chosen, Local())
    lap("verbatim")
    stems = index_stems(np.concatenate(stem), np.concatenate(sentence), np.r_[0, np.cumsum(sizes)])
    lap("index")
    pairs = pairs_to_compare(stems, verbatim, source.outlets, source.days, chosen)
    lap("candidates")
    found, _ = rewrites_of_pairs(
        stems,
        pairs,
        verbatim,
        tokens=pd.DataFrame({"start": np.concatenate(start), "end": np.concatenate(end)}),
    )
    lap("rewrites")
    kinds = pd.Series(np.array(PASSAGE_KINDS)[found["kind"]]).value_counts().to_dict()
    print(
        json.dumps(
            {
                "articles": len(archive),
                "words": int(sum(sizes)),
                "within_days": options.within_days,
                "cpu_seconds": laps | {"all": round(sum(laps.values()), 2)},
                "pairs": len(pairs),
                "ms_a_pair": round(1000 * laps["rewrites"] / max(len(pairs), 1), 2),
                "passages": {"verbatim": len(verbatim["a"]), **kinds},
                "peak_mb": peak_mb(),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
