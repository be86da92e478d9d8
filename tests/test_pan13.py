"""The benchmark of every kind of passages: halves share no document, and planted cases are scored
as they are found.
"""

import json

import numpy as np
import pandas as pd
import pytest

from benchmarks import pan13
from tests.reuse.test_rewrites import prose, reworded, text


def test_no_document_stands_in_both_halves():
    rng = np.random.default_rng(0)
    pairs = pd.DataFrame(
        {
            "suspicious": [f"s{k}" for k in rng.integers(0, 200, 300)],
            "source": [f"d{k}" for k in rng.integers(0, 400, 300)],
        }
    )
    half = pan13.halves(pairs)
    sides = [set(pairs[half == name].to_numpy().ravel()) for name in pan13.HALVES]
    assert not sides[0] & sides[1] and min(map(len, sides)) > 0
    assert (pan13.halves(pairs.iloc[::-1]) == half[::-1]).all()


@pytest.fixture
def data(tmp_path):
    """One pair that was copied, one reworded, one of which nothing was."""
    source, hosts = prose(60, 2), [prose(12, k) for k in (3, 4, 5)]
    middles = [source[10:16], reworded(source[20:27], 0.25, 6), prose(6, 7)]
    documents, cases = [("source", "source", text(source))], []
    for k, (host, middle) in enumerate(zip(hosts, middles)):
        before = text(host[:6])
        documents.append((f"s{k}", "suspicious", f"{before} {text(middle)} {text(host[6:])}"))
        first, last = ((10, 16), (20, 27), (0, 0))[k]
        if last:
            cases.append(
                (
                    f"s{k}",
                    "source",
                    ("no-obfuscation", "random-obfuscation")[k],
                    len(before) + 1,
                    len(text(middle)),
                    len(text(source[:first])) + 1,
                    len(text(source[first:last])),
                )
            )
    pd.DataFrame(documents, columns=["document", "role", "text"]).to_parquet(
        tmp_path / "documents.parquet"
    )
    pd.DataFrame(
        [
            (f"s{k}", "source", o)
            for k, o in enumerate(("no-obfuscation", "random-obfuscation", "no-plagiarism"))
        ],
        columns=["suspicious", "source", "obfuscation"],
    ).to_parquet(tmp_path / "pairs.parquet")
    pd.DataFrame(
        cases,
        columns=[
            "suspicious",
            "source",
            "obfuscation",
            "suspicious_offset",
            "suspicious_length",
            "source_offset",
            "source_length",
        ],
    ).to_parquet(tmp_path / "cases.parquet")
    return tmp_path


@pytest.mark.long
def test_planted_cases_are_found_and_scored(data, capsys):
    assert pan13.main(["--data", str(data), "--out", str(data / "out.parquet")]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["no-obfuscation"]["plagdet"] > 0.95 and said["random-obfuscation"]["plagdet"] > 0.8
    assert said["no-plagiarism"] == {"pairs": 1, "without_case": 1, "of_these_detected": 0}
    found = pd.read_parquet(data / "out.parquet")
    assert list(found) == [
        "suspicious",
        "source",
        "kind",
        "suspicious_offset",
        "suspicious_length",
        "source_offset",
        "source_length",
    ]
    assert set(found["suspicious"]) == {"s0", "s1"}


def test_without_cases_detections_are_written_and_not_scored(data, capsys):
    (data / "cases.parquet").unlink()
    options = ["--data", str(data), "--out", str(data / "out.parquet"), "--no-embeddings"]
    assert pan13.main(options) == 0
    assert (
        "all" not in json.loads(capsys.readouterr().out)
        and len(pd.read_parquet(data / "out.parquet")) >= 2
    )
    with pytest.raises(SystemExit):
        pan13.main(["--data", str(data / "nowhere"), "--out", str(data / "out.parquet")])
