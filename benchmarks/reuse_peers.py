"""Text reuse beside other tools, on the same articles with planted copies: one JSON line, and the
table of peers in REUSE.md.

    make peers python -m benchmarks.reuse_peers --articles FILE.parquet [--rows 2000] [--cases 400]
    [--seed 0] [--peers datasketch rensa ...]

FILE has the columns id, outlet, date, text; `benchmarks.planted` says what is planted. Every tool
is one process on one core, and its CPU seconds (user and system, start, imports and reading
included) and peak memory are the system's own count. Tools that give pairs only are scored on
pairs: a planted pair counts as found if it is among them, and a pair given is right if it is
planted or shares 20 running words. Ours gives a pair where it has a passage of 20 equal words.
Tools that give passages are scored on words too. text-matcher compares two texts at a time: it gets
a sample of planted pairs and one of random pairs, and the CPU seconds of all pairs are extrapolated
from the random ones.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import OptionError
from analysis.files import write_text
from analysis.text.scan import scan
from benchmarks import planted, planting

ROOT = Path(__file__).resolve().parents[1]
DRIVERS = Path(__file__).with_name("peers")
PYTHON = ROOT / ".venv-peers" / "bin" / "python"
OURS, MATCHER = "twicetold", "text-matcher"
RUNNING = 20  # words that a right pair shares in one run
SAMPLE = 200
LIGHT = 0.1  # the table counts planted pairs with at most this share of their words changed
MARKS = "<!-- peers -->", "<!-- /peers -->"
COLUMNS = ["a_id", "a_start", "a_end", "b_id", "b_start", "b_end"]
PASSIM = (
    "not run: the package index has no package of it (the one of this name is another tool), and"
    " its jar would be downloaded at run time"
)


@dataclass(frozen=True)
class Peer:
    """Another tool.

    Attributes
    ----------
    driver : str
        Script in `benchmarks/peers`.
    says : str
        What it gives, for the table.
    options : tuple of str
        Of the driver.
    """

    driver: str
    says: str
    options: tuple[str, ...] = ()


PEERS = {
    "datasketch": Peer(
        "minhash_datasketch.py",
        "pairs: MinHash LSH, 128 permutations, runs of 5 words, Jaccard ≥ .5",
    ),
    "rensa": Peer("minhash_rensa.py", "pairs: the same"),
    "scikit-learn": Peer(
        "cosine_sklearn.py", "pairs: cosine of tf-idf ≥ .85", ("--threshold", "0.85")
    ),
    MATCHER: Peer("passages_text_matcher.py", "passages of two texts"),
}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.reuse_peers", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument(
        "--rows", type=int, default=2000, help="only the first N rows (default: 2000)"
    )
    parser.add_argument("--cases", type=int, default=400, help="host articles (default: 400)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--peers", nargs="*", choices=list(PEERS), default=list(PEERS), help="which (default: all)"
    )
    parser.add_argument(
        "--table",
        type=Path,
        default=Path(__file__).with_name("REUSE.md"),
        help="file whose table of peers is written",
    )
    options = parser.parse_args(arguments)
    if options.peers and not PYTHON.exists():
        raise SystemExit(f"{PYTHON} does not exist; run `make peers` first.")
    articles, gold = planting.plant(
        planted.read(options.articles, options.rows), options.cases, seed=options.seed
    )
    with tempfile.TemporaryDirectory(prefix="twicetold-peers-") as name:
        folder = Path(name)
        articles.to_parquet(folder / "articles.parquet")
        (folder / "articles.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in zip(articles["id"], articles["text"])),
            encoding="utf-8",
        )
        tools = {OURS: run_ours(folder, articles, gold)} | {
            peer: run_peer(peer, folder, articles, gold, options.seed) for peer in options.peers
        }
    result = {
        "articles": len(articles),
        "pieces": len(gold),
        "seed": options.seed,
        "machine": machine(),
        "tools": tools,
        "passim": PASSIM,
    }
    command = (
        f"python -m benchmarks.reuse_peers --articles articles.parquet --rows {options.rows}"
        f" --cases {options.cases} --seed {options.seed}"
    )
    write_text(
        options.table,
        splice(
            options.table.read_text(encoding="utf-8"),
            table(result, command, date.today().isoformat()),
        ),
    )
    print(json.dumps(result))


def run_ours(folder: Path, articles: pd.DataFrame, gold: pd.DataFrame) -> dict:
    """Our own finder, once on a few articles so that its compiled code is at hand, then on all."""
    articles.head(20).to_parquet(folder / "few.parquet")
    for name in ("few", "articles"):
        cost, said = measured(
            [
                sys.executable,
                "-m",
                "benchmarks.reuse_scale",
                "--articles",
                str(folder / f"{name}.parquet"),
                "--out",
                str(folder / "ours.parquet"),
            ],
            folder,
        )
    passages = pd.read_parquet(folder / "ours.parquet").astype({"a_id": str, "b_id": str})
    long = passages[passages["n_matching"] >= RUNNING]
    return {
        **cost,
        "stages": json.loads(said).get("cpu_seconds"),
        "passages": len(passages),
        **score_pairs(pairs_of(long), articles, gold),
        "words": score_words(articles, gold, passages),
    }


def run_peer(
    name: str, folder: Path, articles: pd.DataFrame, gold: pd.DataFrame, seed: int
) -> dict:
    """A peer's cost and scores; what it printed if it failed."""
    peer, out = PEERS[name], folder / f"{name}.jsonl"
    command = [
        str(PYTHON),
        str(DRIVERS / peer.driver),
        str(folder / "articles.jsonl"),
        str(out),
        *peer.options,
    ]
    if name == MATCHER:
        gold, pairs = sample(articles, gold, seed)
        (folder / "pairs.jsonl").write_text(
            "".join(json.dumps(row) + "\n" for row in pairs), encoding="utf-8"
        )
        command += ["--pairs", str(folder / "pairs.jsonl")]
    try:
        cost, said = measured(command, folder)
    except subprocess.CalledProcessError as error:
        return {"failed": error.stderr.strip().splitlines()[-1:]}
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    result: dict = {"version": version(name), **cost, "extrapolated": False}
    if name != MATCHER:
        return result | score_pairs({frozenset(row) for row in rows}, articles, gold)
    passages = pd.DataFrame(rows, columns=COLUMNS)
    return (
        result
        | extrapolate(json.loads(said), len(articles))
        | score_pairs(pairs_of(passages), articles, gold)
        | {"words": score_words(articles, gold, passages)}
    )


def measured(command: list[str], folder: Path) -> tuple[dict, str]:
    """CPU seconds, seconds and peak memory of a command on one thread, and what it printed."""
    out = folder / "cost.json"
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS"), "1")
    done = subprocess.run(
        [sys.executable, "-S", "-E", str(DRIVERS / "measured.py"), str(out), *command],
        cwd=ROOT,
        env=os.environ | one,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(out.read_text(encoding="utf-8")), done.stdout


def version(name: str) -> str:
    asked = f"from importlib.metadata import version; print(version({name!r}))"
    return subprocess.run(
        [str(PYTHON), "-c", asked], capture_output=True, text=True, check=True
    ).stdout.strip()


def sample(
    articles: pd.DataFrame, gold: pd.DataFrame, seed: int
) -> tuple[pd.DataFrame, list[tuple[str, str, str]]]:
    """Some planted pieces, and the pairs to compare: theirs, and as many drawn at random."""
    rng = np.random.default_rng(seed)
    some = gold.iloc[np.sort(rng.choice(len(gold), size=min(SAMPLE, len(gold)), replace=False))]
    ids = articles["id"].tolist()
    drawn = (rng.choice(len(ids), size=2, replace=False) for _ in range(len(some)))
    return some, [
        *((h, s, "wanted") for h, s in zip(some["host"], some["source"])),
        *((ids[i], ids[j], "random") for i, j in drawn),
    ]


def extrapolate(said: dict, n: int) -> dict:
    """CPU seconds that all pairs of n articles would take, from those of a sample."""
    each, pair = said["articles_cpu"] / said["articles"], said["random_cpu"] / said["random"]
    return {
        "cpu_seconds": round(each * n + pair * n * (n - 1) / 2),
        "extrapolated": True,
        "sampled_pairs": said["random"],
        "failed_pairs": said["failed"],
    }


def pairs_of(passages: pd.DataFrame) -> set[frozenset]:
    return {frozenset(pair) for pair in zip(passages["a_id"], passages["b_id"])}


def score_pairs(pairs: set[frozenset], articles: pd.DataFrame, gold: pd.DataFrame) -> dict:
    """Planted pairs found by kind of piece and share changed (pieces of 20 words and more), and
    pairs given that are right.
    """
    gold = gold[gold["n_words"] >= planted.SHORTEST]
    found = np.array([frozenset(pair) in pairs for pair in zip(gold["host"], gold["source"])], bool)
    kind = gold["kind"].where(gold["kind"].isin(planting.ALONE), "piece")
    by_kind = {
        name: {
            f"{changed:g}": {"found": int(found[part].sum()), "n": int(part.sum())}
            for changed in sorted(gold["changed"].unique())
            if (part := ((kind == name) & (gold["changed"] == changed)).to_numpy()).any()
        }
        for name in (*planting.ALONE, "piece")
    }
    texts = dict(zip(articles["id"], articles["text"]))
    planted_pairs = {frozenset(pair) for pair in zip(gold["host"], gold["source"])}
    grams: dict[str, np.ndarray] = {}
    right = sum(pair in planted_pairs or _share(pair, texts, grams) for pair in pairs)
    return {"planted": by_kind, "pairs": len(pairs), "pairs_right": right}


def _share(pair: frozenset, texts: dict[str, str], grams: dict[str, np.ndarray]) -> bool:
    """Whether two articles have `RUNNING` running words in common."""
    for article in pair:
        if article not in grams:
            grams[article] = np.unique(planting.runs(scan(texts[article])[2], RUNNING))
    return len(np.intersect1d(*(grams[article] for article in pair), assume_unique=True)) > 0


def score_words(articles: pd.DataFrame, gold: pd.DataFrame, passages: pd.DataFrame) -> dict:
    """Recall and precision of words by share changed."""
    counts = planted.score(articles, gold[gold["n_words"] >= planted.SHORTEST], passages)
    return {f"{changed:g}": planted.estimate(part) for changed, part in counts.groupby("changed")}


def table(result: dict, command: str, day: str) -> str:
    """The table of peers in Markdown."""
    lines = [
        (
            f"`{command}`, {day}, {result['machine']}; {result['articles']:,} articles with"
            f" {result['pieces']:,} planted pieces. Planted pairs: those with at most {LIGHT:.0%}"
            f" of their words changed. Right: planted, or sharing {RUNNING} running words. An"
            " asterisk: extrapolated from a sample."
        ),
        "",
        (
            "| tool | gives | CPU seconds | peak memory | whole copies | cut copies | pieces |"
            " pairs given, right | words verbatim | words, 10 % changed |"
        ),
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name, tool in result["tools"].items():
        says = PEERS[name].says if name in PEERS else "passages"
        title = f"{name} {tool['version']}" if "version" in tool else name
        if "failed" in tool:
            lines.append(f"| {title} | {says} | failed | | | | | | | |")
            continue
        pairs = [_of(tool["planted"][kind]) for kind in (*planting.ALONE, "piece")]
        words = [
            f"{tool['words'][c]['recall']:.3f}" if c in tool.get("words", {}) else ""
            for c in ("0", "0.1")
        ]
        star = "*" if tool.get("extrapolated") else ""
        right = f"{tool['pairs']:,}, {tool['pairs_right'] / max(tool['pairs'], 1):.0%}"
        lines.append(
            f"| {title} | {says} | {tool['cpu_seconds']:,.1f}{star} | {tool['peak_mb']:,} MB |"
            f" {' | '.join([*pairs, right, *words])} |"
        )
    return "\n".join([*lines, "", f"passim is {result['passim']}."])


def _of(by_changed: dict) -> str:
    light = [cell for changed, cell in by_changed.items() if float(changed) <= LIGHT]
    return f"{sum(cell['found'] for cell in light)} of {sum(cell['n'] for cell in light)}"


def splice(text: str, between: str) -> str:
    """Put a text between the two marker comments, which are added at the end where they are
    missing.
    """
    begin, end = MARKS
    if begin not in text or end not in text:
        text = f"{text.rstrip()}\n\n## Peers\n\n{begin}\n{end}\n"
    head, _, rest = text.partition(begin)
    return f"{head}{begin}\n{between}\n{end}{rest.partition(end)[2]}"


def machine() -> str:
    """Python, processors and their name, as far as the system tells."""
    cpu = Path("/proc/cpuinfo")
    named = (
        [
            line.partition(":")[2].strip()
            for line in cpu.read_text().splitlines()
            if line.startswith("model name")
        ]
        if cpu.exists()
        else []
    )
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores"
        f" ({named[0] if named else platform.machine()})"
    )


if __name__ == "__main__":
    try:
        main()
    except OptionError as error:
        raise SystemExit(str(error)) from None
