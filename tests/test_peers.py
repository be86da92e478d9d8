"""The comparison with other tools: what needs none of them installed."""

import json
import re
import sys

import numpy as np
import pandas as pd
import pytest

from benchmarks import reuse_peers
from tests.places import ROOT

RUN = " ".join(f"w{i}" for i in range(20))
ARTICLES = pd.DataFrame(
    {"id": list("abcde"), "text": [f"One. {RUN}", f"Two! {RUN}", "three", f"{RUN[:-4]}", "five"]}
)
GOLD = pd.DataFrame(
    {
        "case": [0, 1, 2],
        "host": ["a", "c", "d"],
        "source": ["b", "e", "e"],
        "kind": ["whole", "50-99", "sentences"],
        "changed": [0.0, 0.1, 0.0],
        "n_words": [20, 60, 12],
        "n_changed": [0, 6, 0],
    }
)


def test_pairs_are_scored_on_what_was_planted_and_on_what_they_share():
    pairs = {frozenset(pair) for pair in ("ba", "ad", "ec")}  # a and d share 19 running words only
    said = reuse_peers.score_pairs(pairs, ARTICLES, GOLD)
    assert said == {
        "planted": {
            "whole": {"0": {"found": 1, "n": 1}},
            "start": {},
            "piece": {"0.1": {"found": 1, "n": 1}},
        },
        "pairs": 3,
        "pairs_right": 2,
    }
    shared = reuse_peers.score_pairs({frozenset("ab")}, ARTICLES, GOLD[1:])
    assert (shared["pairs_right"], shared["planted"]["piece"]["0.1"]["found"]) == (1, 0)


def test_the_cost_of_all_pairs_follows_from_a_sample():
    said = reuse_peers.extrapolate(
        {"articles": 10, "articles_cpu": 5, "random": 4, "random_cpu": 2, "failed": 1}, 100
    )
    assert said == {
        "cpu_seconds": 50 + 0.5 * 4950,
        "extrapolated": True,
        "sampled_pairs": 4,
        "failed_pairs": 1,
    }


def test_a_sample_holds_planted_and_random_pairs():
    some, pairs = reuse_peers.sample(ARTICLES, GOLD, 0)
    assert len(some) == 3 and [why for *_, why in pairs] == ["wanted"] * 3 + ["random"] * 3
    assert all(a != b for a, b, _ in pairs)


def test_the_table_stands_between_its_marks():
    once = reuse_peers.splice("# Title\n\nText.\n", "one")
    assert once == "# Title\n\nText.\n\n## Peers\n\n<!-- peers -->\none\n<!-- /peers -->\n"
    assert (
        reuse_peers.splice(once + "\nAfter.\n", "two") == once.replace("one", "two") + "\nAfter.\n"
    )


def test_cost_is_that_of_the_command_and_failure_is_raised(tmp_path):
    cost, said = reuse_peers.measured(
        [sys.executable, "-S", "-c", "x = bytearray(80_000_000); print(sum(range(3_000_000)))"],
        tmp_path,
    )
    assert (
        int(said) == sum(range(3_000_000))
        and cost["cpu_seconds"] > 0
        and 80 < cost["peak_mb"] < 150
    )
    with pytest.raises(reuse_peers.subprocess.CalledProcessError):
        reuse_peers.measured([sys.executable, "-S", "-c", "raise SystemExit(3)"], tmp_path)


TOOL = {
    "cpu_seconds": 1.5,
    "seconds": 2.0,
    "peak_mb": 1200,
    "pairs": 4,
    "pairs_right": 3,
    "planted": {
        "whole": {
            "0": {"found": 1, "n": 2},
            "0.1": {"found": 1, "n": 1},
            "0.3": {"found": 0, "n": 9},
        },
        "start": {},
        "piece": {},
    },
}


def test_a_row_counts_lightly_changed_pairs_and_tells_what_failed():
    tools = {
        "twicetold": TOOL | {"words": {"0": {"recall": 1.0}, "0.1": {"recall": 0.5}}},
        "rensa": {"version": "1.2", "failed": ["ImportError"]},
        "text-matcher": TOOL | {"version": "0.1", "extrapolated": True},
    }
    said = reuse_peers.table(
        {
            "machine": "M",
            "articles": 2000,
            "pieces": 9,
            "tools": tools,
            "passim": reuse_peers.PASSIM,
        },
        "run",
        "2026-01-02",
    )
    ours, rensa, matcher = [line for line in said.splitlines() if line.startswith("| ")][1:]
    assert (
        ours
        == "| twicetold | passages | 1.5 | 1,200 MB | 2 of 3 | 0 of 0 | 0 of 0 | 4, 75% | 1.000 |"
        " 0.500 |"
    )
    assert rensa.startswith("| rensa 1.2 |") and "| failed |" in rensa
    assert matcher.startswith("| text-matcher 0.1 |") and "| 1.5* |" in matcher


def test_the_command_writes_the_table_and_one_line(tmp_path, monkeypatch, capsys):
    rng = np.random.default_rng(0)
    texts = [
        " ".join("".join(rng.choice(list("abcdefgh"), 5)) for _ in range(60)) + "."
        for _ in range(30)
    ]
    pd.DataFrame(
        {"id": [str(i) for i in range(30)], "outlet": "", "date": "", "text": texts}
    ).to_parquet(tmp_path / "in.parquet")
    (tmp_path / "REUSE.md").write_text("# Passages\n", encoding="utf-8")
    monkeypatch.setattr(reuse_peers, "run_ours", lambda folder, articles, gold: TOOL)
    reuse_peers.main(
        [
            "--articles",
            str(tmp_path / "in.parquet"),
            "--cases",
            "8",
            "--peers",
            "--table",
            str(tmp_path / "REUSE.md"),
        ]
    )
    result = json.loads(capsys.readouterr().out)
    assert result["tools"] == {"twicetold": TOOL} and result["passim"].startswith("not run")
    assert "| twicetold | passages |" in (tmp_path / "REUSE.md").read_text(encoding="utf-8")


def test_without_the_peers_environment_the_command_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(reuse_peers, "PYTHON", tmp_path / "none")
    with pytest.raises(SystemExit, match="make peers"):
        reuse_peers.main(["--articles", "x.parquet"])


@pytest.mark.parametrize("lock", ["requirements-peers.txt", "requirements-peers-source.txt"])
def test_the_peers_are_pinned_with_hashes(lock):
    text = re.sub(
        r"^\s*#.*\n",
        "",
        (ROOT / "benchmarks" / lock).read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    entries = [line for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    assert entries and all(
        re.search(r"==[\w.]+ .*--hash=sha256:[0-9a-f]{64}(\s|$)", entry) and "://" not in entry
        for entry in entries
    )


def test_every_peer_has_its_driver():
    assert all((reuse_peers.DRIVERS / peer.driver).is_file() for peer in reuse_peers.PEERS.values())
