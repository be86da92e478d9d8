"""What pages to read cost: seconds to measure and to write, and their sizes.

    python -m benchmarks.pages CORPUS [CORPUS ...]
    python -m benchmarks.pages harbour --picture docs/images/side_by_side.png

Each is a corpus that was extracted before: a folder, or a name under `corpus/`. Measuring includes
the first page; texts are shown, also those that are withheld; seconds are of the clock, and in
brackets of the processor. The largest pages are given before
their texts: without the articles' texts, the words of the search and a figure's drawing. With
`--picture` chromium takes a picture of two articles side by side, and nothing is measured.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter
from pathlib import Path

import analysis as tw
from analysis.pages.records import page_name
from analysis.pages.site import FRONT, Site


def main(arguments: list[str] | None = None) -> None:
    """Print a row for each corpus."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pages", description=__doc__.splitlines()[0]
    )
    parser.add_argument("corpora", nargs="+")
    parser.add_argument("--picture", type=Path, metavar="PNG")
    parser.add_argument("--pair", nargs=2, default=["hopper1", "courier1"], metavar="ARTICLE")
    given = parser.parse_args(arguments)
    if given.picture:
        picture(tw.load(given.corpora[0]), given.pair, given.picture)
        return
    print(
        "| corpus | articles | pages | measured, s | written, s | MB |"
        " largest of each kind before texts, KB |"
    )
    print("|---|---|---|---|---|---|---|")
    for corpus in given.corpora:
        print(row(tw.load(corpus)), flush=True)


def row(corpus: tw.Corpus) -> str:
    """One row of the table."""
    started = time.monotonic(), time.process_time()
    site = Site(corpus, withheld=True)
    site.files[FRONT]()
    for part in ("lineage", "lost_source", "story", "labels"):
        getattr(site.measured, part)
    measured = seconds_since(started)
    shown = {page_name("pair", *sorted(pair)): pair for pair in site.measured.pairs}
    shown |= {article.page: (id,) for id, article in site.measured.articles.items()}
    started, largest, total = (time.monotonic(), time.process_time()), Counter(), 0
    with tempfile.TemporaryDirectory(prefix="twicetold-") as folder:
        for name, page in site:
            data = page.encode()
            (Path(folder) / name).write_bytes(data)
            kind = name.partition("-")[0].removesuffix(".html")
            largest[kind] = max(largest[kind], len(data) - texts_in(site, name, page, shown))
            total += len(data)
    written = seconds_since(started)
    sizes = ", ".join(f"{kind} {size / 1e3:.0f}" for kind, size in sorted(largest.items()))
    return (
        f"| {corpus.name} | {len(corpus.metadata):,} | {len(site.files):,} | {measured} |"
        f" {written} | {total / 1e6:.1f} | {sizes} |"
    )


def seconds_since(started: tuple[float, float]) -> str:
    """Seconds of the clock, and of the processor."""
    clock, processor = time.monotonic() - started[0], time.process_time() - started[1]
    return f"{clock:.1f} ({processor:.1f})"


def texts_in(site: Site, name: str, page: str, shown: dict[str, tuple[str, ...]]) -> int:
    """Bytes of a page that are texts, words to search or a drawing."""
    if name.startswith(("search", "figure-")):
        inner = re.search(r'(?s)(?:id="index">|<svg role="group")(.*?)</(?:script|svg)>', page)
        return len(inner[1].encode()) if inner else 0
    return sum(len(site.measured.texts[article].encode()) for article in shown.get(name, ()))


def picture(
    corpus: tw.Corpus, pair: list[str], out: Path, size: tuple[int, int] = (1200, 1000)
) -> None:
    """What chromium shows of two articles side by side, light, with their first passage chosen."""
    from PIL import Image

    from tests.pages.browser import Browser

    with tempfile.TemporaryDirectory(prefix="twicetold-", ignore_cleanup_errors=True) as folder:
        html = Path(folder) / "pair.html"
        html.write_text(Site(corpus).files[page_name("pair", *sorted(pair))](), "utf-8")
        browser = Browser(Path(folder))
        try:
            browser.size(*size)
            browser.open(html.as_uri())
            browser.press("n")
            time.sleep(1)  # it scrolls there
            browser.run("scrollTo(0, 0)")
            time.sleep(1)
            browser.picture(out)
        finally:
            browser.close()
    Image.open(out).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(out, optimize=True)
    print(f"{out}: {out.stat().st_size / 1e3:.0f} KB")


if __name__ == "__main__":
    main()
