"""What pages to read cost: seconds to measure and to write, and their sizes.

    python -m benchmarks.pages CORPUS [CORPUS ...]

Each is a corpus that was extracted before: a folder, or a name under `corpus/`. Measuring includes
the first page; texts are shown, also those that are withheld.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

import analysis as tw
from analysis.pages.site import INDEX, Site


def main(arguments: list[str] | None = None) -> None:
    """Print a row for each corpus."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description=__doc__.splitlines()[0]
    )
    parser.add_argument("corpora", nargs="+")
    given = parser.parse_args(arguments)
    print(
        "| corpus | articles | pages | measured, s | written, s | MB | largest of each kind, KB |"
    )
    print("|---|---|---|---|---|---|---|")
    for corpus in given.corpora:
        print(row(tw.load(corpus)), flush=True)


def row(corpus: tw.Corpus) -> str:
    """One row of the table."""
    started = time.monotonic()
    site = Site(corpus, withheld=True)
    site.files[INDEX]()
    for part in ("lineage", "lost_source", "story", "labels"):
        getattr(site.measured, part)
    measured = time.monotonic() - started
    started, largest, total = time.monotonic(), Counter(), 0
    with tempfile.TemporaryDirectory(prefix="twicetold-") as folder:
        for name, page in site:
            data = page.encode()
            (Path(folder) / name).write_bytes(data)
            kind = name.partition("-")[0].removesuffix(".html")
            largest[kind] = max(largest[kind], len(data))
            total += len(data)
    written = time.monotonic() - started
    sizes = ", ".join(f"{kind} {size / 1e3:.0f}" for kind, size in sorted(largest.items()))
    return (
        f"| {corpus.name} | {len(corpus.metadata):,} | {len(site.files):,} | {measured:.1f} |"
        f" {written:.1f} | {total / 1e6:.1f} | {sizes} |"
    )


if __name__ == "__main__":
    main()
