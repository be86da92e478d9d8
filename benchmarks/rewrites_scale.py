"""Rewritten passages in an archive: one JSON line.

    python -m benchmarks.rewrites_scale --features corpus/NAME/private [--within-days 7]
        [--memory-limit 256MB]

The features are private, as `twicetold extract NAME --parse none --no-vectors --no-tone` makes them
of an archive. Printed are CPU seconds by stage, the passages by kind with a digest of all of them,
and the memory of the process after the verbatim passages are found (`base_mb`) and at its peak.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.features import load_features
from analysis.reuse.corpus_words import CorpusStems, CorpusWords, outlet_codes
from analysis.reuse.engines import Local
from analysis.reuse.rewrite_stages import rewritten_passages
from analysis.reuse.rewrites import PASSAGE_KINDS
from analysis.reuse.spill import free_memory
from analysis.reuse.stages import Options, find_passages
from analysis.views import publication_days
from benchmarks.reuse_scale import memory_mb, peak_mb


class _Timed(Local):
    """Says what each step took."""

    laps: dict[str, float] = {}

    def map(self, function, job, parts, step, here=True):
        began = time.process_time()
        made = super().map(function, job, parts, step, here)
        self.laps[step] = round(time.process_time() - began, 2)
        self.laps["blocks"] = len(parts)
        return made


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.rewrites_scale", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--within-days", type=float)
    parser.add_argument("--memory-limit", help="such as 1GB, above what the process holds before")
    given = parser.parse_args(arguments)
    features = load_features(given.features)
    articles = features.table("articles")
    about = features, outlet_codes(articles["outlet"]), publication_days(articles)
    options = Options(within_days=given.within_days)
    # both limited, so that the parts of the first are not in the memory of the second
    verbatim, _ = find_passages(CorpusWords(*about), options, Local("250MB"))
    free_memory()
    base, began = memory_mb(), time.process_time()
    found, told = rewritten_passages(
        CorpusStems(*about), verbatim, options, PASSAGE_KINDS, _Timed(given.memory_limit)
    )
    rows = pd.DataFrame(
        found | {"sentences": np.bincount(told["passage"], minlength=len(found["a"]))}
    )
    digest = hashlib.sha256(rows.sort_index(axis=1).to_csv(index=False).encode()).hexdigest()
    kinds = pd.Series(np.array(PASSAGE_KINDS)[found["kind"]]).value_counts().to_dict()
    said = {
        "articles": len(articles),
        "words": int(articles["n_tokens"].sum()),
        "within_days": given.within_days,
        "memory_limit": given.memory_limit,
        "cpu_seconds": _Timed.laps | {"all": round(time.process_time() - began, 2)},
        "passages": {"verbatim": len(verbatim["a"]), **kinds},
        "digest": digest[:16],
        "base_mb": base,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
