"""Passages found in real articles in which copies were planted: one JSON line.

    python -m benchmarks.planted --articles FILE.parquet [--rows N] [--cases N] [--seed 0] [--write
    FOLDER] [--passages FILE] [--moved] [--every-kind [--no-embeddings]]

FILE has the columns id, outlet, date, text. A case is one host article, drawn at random, that takes
one piece from a source article (a quarter of the cases: one piece from each of 2 to 4). Kinds of
pieces: `whole` (the host becomes the copy), `start` (the host becomes the first 30 to 80 % of the
source's sentences), `paragraph`, `sentences` (one to three running ones), and runs of an exact
number of words from the beginning of a sentence on (`20-29`, `30-49`, `50-99`, `100+`, at most
300), set between two sentences or paragraphs of the host. Every kind comes verbatim and with 5, 10,
20 and 30 % of its words changed: of these 60 % are replaced by a word drawn from the corpus, 20 %
left out, and 20 % get a drawn word put before them. Half of the verbatim pieces are dressed anew
(capitals, curly or straight marks, commas left out). No piece is mostly boilerplate: runs of eight
words that stand in more than 20 articles. With `--moved` the parts of each sentence, of three to
eight words, change places too.

The finder is `benchmarks.reuse_scale` on the table with the hosts in place (or whatever wrote
`--passages` for the same options); with `--every-kind` it is `tl.reuse` with its defaults, on
features with embeddings or without. Counted are words of either side of a pair of host and source.
The gold is the piece from its first to its last unchanged word, so changed words inside it count as
copied. Recall: found gold words by gold words. Precision: found gold words by found words, where a
word does not count as wrong that the two share anyway: one in eight running words that stand in the
source and in the host outside the piece too (before planting, or with another piece), or twice in
the source. Every number comes with a 95 % bootstrap interval over cases. Kinds and totals count
pieces of 20 words and more; shorter ones stand under the length `1-19`.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import tl
from analysis.errors import OptionError
from analysis.extract.memory import extract_articles
from analysis.inference import bootstrap, interval
from analysis.io.article import Article
from analysis.models.encoder import Encoder, load_encoder
from analysis.text.scan import scan
from benchmarks import planting, reuse_scale

DRAWS = 2000
SHORTEST = 20
BANDS = ((1, "1-19"), (20, "20-29"), (30, "30-49"), (50, "50-99"), (100, "100+"))
SHARED = 8  # running words that two articles share by more than chance


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.planted", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=None, help="only the first N rows")
    parser.add_argument("--cases", type=int, default=400, help="host articles (default: 400)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--write",
        type=Path,
        default=None,
        help="keep articles.parquet, gold.parquet and passages.parquet in this folder",
    )
    parser.add_argument(
        "--passages", type=Path, default=None, help="score this file instead of running the finder"
    )
    parser.add_argument(
        "--moved", action="store_true", help="the parts of each sentence change places"
    )
    parser.add_argument(
        "--every-kind", action="store_true", help="rewritten and summarised passages too"
    )
    parser.add_argument("--no-embeddings", action="store_true")
    options = parser.parse_args(arguments)
    articles = read(options.articles, options.rows)
    planted, gold = planting.plant(articles, options.cases, seed=options.seed, moved=options.moved)
    with contextlib.ExitStack() as stack:
        folder = options.write or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="twicetold-planted-"))
        )
        folder.mkdir(parents=True, exist_ok=True)
        planted.to_parquet(folder / "articles.parquet")
        gold.to_parquet(folder / "gold.parquet")
        passages, cost = options.passages, {}
        if passages is None:
            passages = folder / "passages.parquet"
            if options.every_kind:
                encoder = None if options.no_embeddings else load_encoder()
                cost = find_every_kind(planted, passages, encoder)
            else:
                cost = find(folder / "articles.parquet", passages)
        counts = score(planted, gold, pd.read_parquet(passages))
    print(
        json.dumps(
            {
                "articles": len(planted),
                "cases": int(gold["case"].nunique()),
                "pieces": len(gold),
                "seed": options.seed,
                "cpu_seconds": cost.get("cpu_seconds"),
                **summary(counts),
            }
        )
    )


def read(path: Path, rows: int | None = None) -> pd.DataFrame:
    """Articles with an id of their own and words, as the finder reads them."""
    table = pd.read_parquet(path, columns=["id", "outlet", "date", "text"]).head(rows)
    table = table[table["id"].notna() & table["text"].notna()]
    table = table[table["text"].str.contains(r"[^\W_]")]
    table["id"] = table["id"].astype(str)
    return table[table["id"] != ""].drop_duplicates("id").reset_index(drop=True)


def find(articles: Path, passages: Path) -> dict:
    """Run the finder from one Parquet file to the other and return what it prints."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        reuse_scale.main(["--articles", str(articles), "--out", str(passages)])
    return json.loads(said.getvalue())


def find_every_kind(articles: pd.DataFrame, passages: Path, encoder: Encoder | None) -> dict:
    """Write the passages of every kind, and say what extraction and search took."""
    started = time.process_time()
    outlets = articles["outlet"].fillna("")
    features = extract_articles(
        [
            Article(id_, text, "en", {"outlet": outlet})
            for id_, text, outlet in zip(articles["id"], articles["text"], outlets)
        ],
        encoder=encoder,
        parse="none",
        values=False,
    )
    table = tl.reuse(features, draws=1).table
    table.rename(columns={"a": "a_id", "b": "b_id"}).to_parquet(passages)
    return {"cpu_seconds": round(time.process_time() - started, 1)}


def score(articles: pd.DataFrame, gold: pd.DataFrame, passages: pd.DataFrame) -> pd.DataFrame:
    """Count words of each planted piece, on both sides together.

    Parameters
    ----------
    articles : DataFrame
        id, text; with the hosts in place.
    gold : DataFrame
        See `benchmarks.planting.plant`.
    passages : DataFrame
        a_id, a_start, a_end, b_id, b_start, b_end; a pair may stand either way round.

    Returns
    -------
    DataFrame
        The gold with n_right, n_found (without what the pair shares anyway) and n_gold words.
    """
    texts = dict(zip(articles["id"], articles["text"]))
    pairs = set(zip(gold["host"], gold["source"]))
    one = passages[["a_id", "a_start", "a_end", "b_id", "b_start", "b_end"]].astype(
        {"a_id": str, "b_id": str}
    )
    other = one.rename(columns=lambda name: {"a": "b", "b": "a"}[name[0]] + name[1:])
    both = pd.concat([one, other])
    both = both[both["a_id"].isin(gold["host"]) & both["b_id"].isin(gold["source"])]
    found: dict[tuple[str, str], list] = {pair: [] for pair in pairs}
    for row in both.itertuples():
        found.get((row.a_id, row.b_id), []).append(row)
    rows = []
    for piece in gold.itertuples():
        host, source = scan(texts[piece.host]), scan(texts[piece.source])
        here, there = (
            _within(host, [(piece.host_start, piece.host_end)]),
            _within(source, [(piece.source_start, piece.source_end)]),
        )
        passages_of = found[piece.host, piece.source]
        got = (
            _within(host, [(r.a_start, r.a_end) for r in passages_of]),
            _within(source, [(r.b_start, r.b_end) for r in passages_of]),
        )
        anyway = shared_anyway(host[2], here, source[2], there)
        right = sum(int((g & f).sum()) for g, f in zip((here, there), got))
        wrong = sum(int((f & ~g & ~s).sum()) for g, f, s in zip((here, there), got, anyway))
        rows.append((right, right + wrong, int(here.sum() + there.sum())))
    return gold.assign(**dict(zip(("n_right", "n_found", "n_gold"), np.array(rows, np.int64).T)))


def _within(
    words: tuple[np.ndarray, np.ndarray, np.ndarray], spans: list[tuple[int, int]]
) -> np.ndarray:
    """Which words stand in one of the spans of characters."""
    inside = np.zeros(len(words[0]), bool)
    for start, end in spans:
        inside[np.searchsorted(words[0], start) : np.searchsorted(words[1], end, side="right")] = (
            True
        )
    return inside


def shared_anyway(
    host: np.ndarray, here: np.ndarray, source: np.ndarray, there: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Words of both sides in `SHARED` running ones that the pair has in common without the piece,
    or that the source has twice.
    """
    known: dict[bytes, list[int]] = {}
    for q in range(len(source) - SHARED + 1):
        known.setdefault(source[q : q + SHARED].tobytes(), []).append(q)
    marked = np.zeros(len(host), bool), np.zeros(len(source), bool)
    for p in range(len(host) - SHARED + 1):
        places = known.get(host[p : p + SHARED].tobytes(), ())
        if places and not here[p : p + SHARED].all():
            marked[0][p : p + SHARED] = True
            for q in places:
                marked[1][q : q + SHARED] = True
    for places in known.values():
        if len(places) > 1:
            for q in places:
                marked[1][q : q + SHARED] = True
    return marked


def summary(counts: pd.DataFrame) -> dict:
    """Recall and precision by share changed, and within each share by kind and by length."""
    band = np.array([name for _, name in BANDS])[
        np.searchsorted([least for least, _ in BANDS], counts["n_words"], side="right") - 1
    ]
    counts = counts.assign(length=band)
    long = counts["n_words"] >= SHORTEST
    result: dict = {
        "all": estimate(counts[long]),
        "by_kind": _by(counts[long], "kind"),
        "by_length": _by(counts, "length"),
        "by_changed": {},
    }
    for changed, part in counts.groupby("changed"):
        of_it = part["n_words"] >= SHORTEST
        result["by_changed"][f"{changed:g}"] = {
            **estimate(part[of_it]),
            "by_kind": _by(part[of_it], "kind"),
            "by_length": _by(part, "length"),
        }
    return result


def _by(counts: pd.DataFrame, column: str) -> dict:
    order = [*planting.KINDS, *(name for _, name in BANDS)]
    return {
        name: estimate(counts[counts[column] == name])
        for name in dict.fromkeys(order)
        if (counts[column] == name).any()
    }


def estimate(counts: pd.DataFrame) -> dict:
    """Recall and precision of words with their intervals over cases, pieces and gold words."""
    by_case = counts.groupby("case")[["n_right", "n_found", "n_gold"]].sum().to_numpy(float)
    right, n_found, n_gold = by_case.sum(axis=0)
    said: dict = {}
    for name, below, column in (("recall", n_gold, 2), ("precision", n_found, 1)):
        if not below:
            said |= {name: None, f"{name}_interval": None}
            continue
        samples = bootstrap(
            by_case[:, :1], by_case[:, column], draws=DRAWS, rng=np.random.default_rng(0)
        )
        low, high = interval(samples)
        said |= {
            name: round(right / below, 4),
            f"{name}_interval": [round(float(low[0]), 4), round(float(high[0]), 4)],
        }
    return said | {"n_pieces": len(counts), "n_words": int(n_gold)}


if __name__ == "__main__":
    try:
        main()
    except OptionError as error:
        raise SystemExit(str(error)) from None
