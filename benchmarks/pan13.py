"""Passages of every kind against PAN 2013 text alignment: one JSON line.

    python -m benchmarks.pan13 --data DIR --out detections.parquet [--half development|check]
    [--limit N] [--sample N] [--no-embeddings]

DIR holds documents.parquet (document, role, text), pairs.parquet (suspicious, source, obfuscation)
and, if it is to be scored, cases.parquet (a pair with suspicious_offset, suspicious_length,
source_offset, source_length in characters). The pairs given are compared, and no others. Written
are the detections: suspicious, source, suspicious_offset, suspicious_length, source_offset,
source_length, kind. Printed are plagdet and its parts (see `benchmarks.pan`) of each obfuscation
and of all, with 95 % bootstrap intervals over connected components of the graph of pairs, over the
half chosen (else over both), what is found in pairs that share nothing, and CPU seconds a pair. As
`make figures` does, sentences are embedded (not with `--no-embeddings`), and the pieces of one
passage are one (`whole` of `tl.reuse`, the suspicious document being the later article). The halves
are made of connected components, so that no document stands in both; the constants of
`analysis.reuse.growing` and `.pieces` were chosen on the development half. `whole_source` is the
same with the source's side of every summary drawn out to the whole document, which the corpus
counts as its source, and which would not be true of news.
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
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.errors import TwicetoldError
from analysis.extract.memory import extract_articles
from analysis.io.article import Article
from analysis.models.encoder import Encoder, load_encoder
from analysis.reuse.corpus_words import CorpusWords
from analysis.reuse.engines import Local
from analysis.reuse.passages import covered_share
from analysis.reuse.pieces import whole_passages
from analysis.reuse.rewrites import PASSAGE_KINDS, rewrites_of_pairs
from analysis.reuse.spill import take
from analysis.reuse.stages import Options, find_passages
from analysis.reuse.stems import stems_of
from benchmarks.pan import Passage, evaluate

HALVES = ("development", "check")
# equal words of a verbatim passage that counts where nothing else was found; shorter ones are
# phrases that recur
ALONE = 20
# of a verbatim passage's words on one side in rewritten ones of the pair: then it is part of one
INSIDE = 0.0
PLACED = (
    "a",
    "b",
    *(f"{side}_{what}" for side in "ab" for what in "position words start end".split()),
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pan13", description=__doc__.splitlines()[0]
    )
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        help="folder with documents.parquet, pairs.parquet and perhaps cases.parquet",
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--half", choices=HALVES)
    parser.add_argument("--limit", type=int, help="only the first N pairs of each obfuscation")
    parser.add_argument(
        "--sample",
        type=int,
        help="N pairs of each obfuscation drawn at random, the same ones each time; of summaries"
        " 5 N with a case, as they are few, and N / 2 without",
    )
    parser.add_argument("--no-embeddings", action="store_true")
    options = parser.parse_args(arguments)
    try:
        documents, pairs = (
            pd.read_parquet(options.data / f"{name}.parquet") for name in ("documents", "pairs")
        )
    except OSError as error:
        parser.error(f"--data {options.data} was given: {error}")
    pairs = pairs.assign(half=halves(pairs), component=components(pairs))
    if options.half:
        pairs = pairs[pairs["half"] == options.half]
    if options.limit:
        pairs = (
            pairs.groupby("obfuscation", sort=False).head(options.limit)
            if "obfuscation" in pairs
            else pairs.head(options.limit)
        )
    if options.sample:
        pairs = sample(pairs, pd.read_parquet(options.data / "cases.parquet"), options.sample)
    encoder = None if options.no_embeddings else load_encoder()
    try:
        found, seconds = detect(documents, pairs, encoder)
    except TwicetoldError as error:
        print(f"pan13: {error}", file=sys.stderr)
        return 1
    found.to_parquet(options.out)
    said = {
        "pairs": len(pairs),
        "half": options.half or "both",
        "embeddings": encoder is not None,
        "detections": len(found),
        "kinds": found["kind"].value_counts().to_dict(),
        "cpu_seconds": seconds,
        "cpu_seconds_a_pair": round(sum(seconds.values()) / max(len(pairs), 1), 4),
    }
    if (options.data / "cases.parquet").is_file():
        cases = pd.read_parquet(options.data / "cases.parquet")
        lengths = documents.drop_duplicates("document").set_index("document")["text"].str.len()
        said |= score(pairs, cases, found)
        wide = (found["kind"] == "summarised") & (
            found["source_length"] >= found["suspicious_length"]
        )
        whole = found.assign(
            source_offset=found["source_offset"].mask(wide, 0),
            source_length=np.where(wide, found["source"].map(lengths), found["source_length"]),
        )
        said["whole_source"] = {
            name: value["plagdet"]
            for name, value in score(pairs, cases, whole).items()
            if "plagdet" in value
        }
    print(json.dumps(said))
    return 0


def halves(pairs: pd.DataFrame) -> np.ndarray:
    """Which half each pair is in: by connected component, drawn by a hash of its first document."""
    component = components(pairs)
    first = pairs["suspicious"].groupby(component).min()
    drawn = {
        c: HALVES[int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2]
        for c, name in first.items()
    }
    return np.array([drawn[c] for c in component], dtype=object)


def components(pairs: pd.DataFrame) -> np.ndarray:
    """A number for the connected component that each pair is in."""
    names = pd.Index(pd.unique(pd.concat([pairs["suspicious"], pairs["source"]])))
    a, b = names.get_indexer(pairs["suspicious"]), names.get_indexer(pairs["source"])
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(len(names), len(names)))
    return connected_components(graph, directed=False)[1][a]


def sample(pairs: pd.DataFrame, cases: pd.DataFrame, n: int) -> pd.DataFrame:
    """Pairs drawn by obfuscation: n each, but 5 n summaries with a case, and n / 2 without."""
    hold = set(zip(cases["suspicious"], cases["source"]))
    with_case = pd.Series([k in hold for k in zip(pairs["suspicious"], pairs["source"])])
    with_case.index = pairs.index
    drawn = []
    for kind, part in pairs.groupby("obfuscation"):
        if kind.startswith("summary"):
            full, bare = part[with_case[part.index]], part[~with_case[part.index]]
            full = full if len(full) <= 5 * n else full.sample(5 * n, random_state=0)
            drawn += [full, bare.sample(min(n // 2, len(bare)), random_state=0)]
        else:
            drawn.append(part.sample(min(n, len(part)), random_state=0))
    return pd.concat(drawn)


def detect(
    documents: pd.DataFrame, pairs: pd.DataFrame, encoder: Encoder | None
) -> tuple[pd.DataFrame, dict[str, float]]:
    """Passages of the pairs, in characters, and CPU seconds by step (compilation not counted)."""
    texts = documents.drop_duplicates("document").set_index("document")["text"]
    names = pd.Index(pd.unique(pd.concat([pairs["suspicious"], pairs["source"]])))
    suspicious = set(pairs["suspicious"])
    days = np.array([float(name in suspicious) for name in names])
    _passages(texts[names[:2]].tolist(), np.array([[0, 1]]), days[:2], encoder)
    seconds: dict[str, float] = {}
    couples = np.sort(
        np.stack(
            [names.get_indexer(pairs["suspicious"]), names.get_indexer(pairs["source"])], axis=1
        ),
        axis=1,
    )
    pages = texts[names].tolist()
    found = _passages(pages, np.unique(couples, axis=0), days, encoder, seconds)
    tables = []
    for suspicious, source in (("a", "b"), ("b", "a")):
        table = pd.DataFrame(
            {
                "suspicious": names[found[suspicious]],
                "source": names[found[source]],
                "kind": np.array(PASSAGE_KINDS)[found["kind"]],
            }
        )
        for column, side in (("suspicious", suspicious), ("source", source)):
            table[f"{column}_offset"], table[f"{column}_length"] = (
                found[f"{side}_start"],
                found[f"{side}_end"] - found[f"{side}_start"],
            )
        tables.append(table.merge(pairs[["suspicious", "source"]].drop_duplicates()))
    return pd.concat(tables, ignore_index=True), seconds


def _passages(
    texts: list[str],
    couples: np.ndarray,
    days: np.ndarray,
    encoder: Encoder | None,
    seconds: dict | None = None,
) -> dict[str, np.ndarray]:
    clock = [time.process_time()]

    def lap(name: str) -> None:
        clock.append(time.process_time())
        if seconds is not None:
            seconds[name] = round(clock[-1] - clock[-2], 2)

    articles = [Article(str(i), text) for i, text in enumerate(texts)]
    features = extract_articles(articles, encoder=encoder, parse="none", values=False)
    lap("features")
    unknown = np.full(len(texts), -1, np.int32)
    verbatim, _ = find_passages(
        CorpusWords(features, unknown, np.full(len(texts), np.nan)), Options(), Local()
    )
    wanted = {(a, b) for a, b in couples.tolist()}
    inside = np.array(
        [pair in wanted for pair in zip(verbatim["a"].tolist(), verbatim["b"].tolist())], bool
    )
    verbatim = {name: values[inside] for name, values in verbatim.items()}
    lap("verbatim")
    rewritten, _ = rewrites_of_pairs(
        stems_of(features),
        couples,
        verbatim,
        tokens=features.table("tokens", ["start", "end"]),
        days=days,
    )
    lap("rewritten")
    alone = (np.maximum(*(covered_share(verbatim, rewritten, side) for side in "ab")) <= INSIDE) & (
        verbatim["n_matching"] >= ALONE
    )
    found = {name: np.r_[verbatim[name][alone], rewritten[name]] for name in PLACED}
    found["kind"] = np.r_[np.zeros(alone.sum(), int), rewritten["kind"]]
    whole = whole_passages(found, days)
    for side in "ab":
        for edge, of in (("start", np.minimum), ("end", np.maximum)):
            of.at(found[f"{side}_{edge}"], whole, found[f"{side}_{edge}"].copy())
    np.maximum.at(found["kind"], whole, found["kind"].copy())
    return take(found, np.unique(whole))


def score(pairs: pd.DataFrame, cases: pd.DataFrame, found: pd.DataFrame) -> dict:
    """Plagdet by obfuscation and in all, and how many pairs without a case have a detection."""
    true, detected = by_pair(cases), by_pair(found)
    said: dict = {}
    for kind, part in [
        *(pairs.groupby("obfuscation") if "obfuscation" in pairs else ()),
        ("all", pairs),
    ]:
        keys = list(zip(part["suspicious"], part["source"]))
        bare = [key for key in keys if not true.get(key)]
        false = sum(bool(detected.get(key)) for key in bare)
        said[kind] = {"pairs": len(keys), "without_case": len(bare), "of_these_detected": false}
        if len(bare) < len(keys):
            passages = [(true.get(key, []), detected.get(key, [])) for key in keys]
            said[kind] |= evaluate(passages, part["component"].to_numpy())
    return said


def by_pair(table: pd.DataFrame) -> dict[tuple[str, str], list[Passage]]:
    """Passages by (suspicious, source)."""
    listed: dict[tuple[str, str], list[Passage]] = {}
    for row in table.itertuples():
        listed.setdefault((row.suspicious, row.source), []).append(
            Passage(
                row.suspicious_offset,
                row.suspicious_offset + row.suspicious_length,
                row.source_offset,
                row.source_offset + row.source_length,
            )
        )
    return listed


if __name__ == "__main__":
    sys.exit(main())
