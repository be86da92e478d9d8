"""Planted copies stand where the gold says, changed as much as was asked; the scorer is held to
cases counted by hand.
"""

import json

import numpy as np
import pandas as pd
import pytest

from analysis.errors import OptionError
from analysis.text.scan import scan
from benchmarks import planted, planting
from tests.reuse.test_rewrites import COMMON, prose, text

LETTERS = list("abcdefghijklmnopqrstuvwxyz")


def word(rng):
    return "".join(rng.choice(LETTERS, size=int(rng.integers(3, 9))))


def article(rng, paragraphs=6):
    sentence = lambda: (
        " ".join(word(rng) for _ in range(int(rng.integers(5, 30)))).capitalize() + "."
    )
    return "\n\n".join(
        " ".join(sentence() for _ in range(int(rng.integers(1, 5)))) for _ in range(paragraphs)
    )


@pytest.fixture(scope="module")
def articles():
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "id": [f"n{i}" for i in range(300)],
            "outlet": "",
            "date": "",
            "text": [article(rng) for _ in range(300)],
        }
    )


@pytest.fixture(scope="module")
def truth(articles):
    return planting.plant(articles, 110, seed=3)


def sides(truth, row):
    texts = dict(zip(truth[0]["id"], truth[0]["text"]))
    return (
        texts[row.host][row.host_start : row.host_end],
        texts[row.source][row.source_start : row.source_end],
    )


def test_gold_spans_point_at_what_was_planted(articles, truth):
    before = dict(zip(articles["id"], articles["text"]))
    gold = truth[1]
    assert (
        set(gold["kind"]) == set(planting.KINDS)
        and set(gold["changed"]) == set(planting.CHANGED)
        and gold["case"].nunique() == 110
    )
    assert not set(gold["host"]) & set(gold["source"]) and gold["source"].is_unique
    after = dict(zip(truth[0]["id"], truth[0]["text"]))
    assert {i for i in before if before[i] != after[i]} == set(gold["host"])
    for row in gold.itertuples():
        here, there = (scan(side)[2] for side in sides(truth, row))
        assert here[0] == there[0] and here[-1] == there[-1]
        if row.changed == 0:
            assert np.array_equal(here, there)
        assert (row.host_start, row.host_end) in zip(*spans_of(after[row.host], row))
    several = gold.groupby("host")["source"].count()
    assert several.max() >= 2 and 0.1 < (several > 1).mean() < 0.4


def spans_of(text, row):
    """Spans of characters that begin and end with a word, of which the gold must be one."""
    start, end, _ = scan(text)
    n = len(scan(text[row.host_start : row.host_end])[0])
    return start[: len(start) - n + 1], end[n - 1 :]


def test_the_words_around_a_piece_are_the_hosts_own(articles, truth):
    before = dict(zip(articles["id"], articles["text"]))
    after = dict(zip(truth[0]["id"], truth[0]["text"]))
    for host, pieces in truth[1][truth[1]["changed"] == 0].groupby("host"):
        if (
            len(pieces) == 1
            and pieces["kind"].iat[0] not in planting.ALONE
            and (truth[1]["host"] == host).sum() == 1
        ):
            row = pieces.iloc[0]
            left = np.r_[
                scan(after[host][: row["host_start"]])[2], scan(after[host][row["host_end"] :])[2]
            ]
            assert np.array_equal(left, scan(before[host])[2])


def test_lengths_and_shares_are_what_was_asked(truth):
    gold = truth[1]
    assert (gold["n_changed"] == (gold["changed"] * gold["n_words"]).round()).all()
    for kind, (low, high) in planting.LENGTHS.items():
        assert (
            gold.loc[gold["kind"] == kind, "n_words"].between(low, high).mean() > 0.9
        )  # short sources cannot give 300 words
    for row in gold.itertuples():
        here, there = (scan(side)[2] for side in sides(truth, row))
        lost = len(there) - np.isin(there, here).sum()
        assert lost <= row.n_changed and (row.n_changed < 10 or lost >= 0.5 * row.n_changed)


def test_changed_words_are_replaced_left_out_or_preceded():
    rng = np.random.default_rng(0)
    text = "\n\n".join(article(rng) for _ in range(4))
    piece = planting.cut(text, "whole", 0.2, ["zebra", "quagga"], rng)
    new = sum(w in ("zebra", "quagga") for w in piece.text.replace(".", " ").split())
    assert piece.n_changed == round(0.2 * piece.n_words)
    assert new == piece.n_changed - round(0.2 * piece.n_changed)
    assert len(scan(piece.text)[0]) == piece.n_words - round(0.2 * piece.n_changed) + (
        piece.n_changed - round(0.6 * piece.n_changed) - round(0.2 * piece.n_changed)
    )


def test_a_seed_gives_the_same_truth_and_too_many_cases_are_refused(articles, truth):
    again = planting.plant(articles, 110, seed=3)
    assert all(a.equals(b) for a, b in zip(truth, again))
    with pytest.raises(OptionError, match="300 articles"):
        planting.plant(articles, 290)


def test_hosts_of_one_sentence_take_several_pieces():
    rng = np.random.default_rng(4)
    short = pd.DataFrame(
        {
            "id": [str(i) for i in range(60)],
            "text": [" ".join(word(rng) for _ in range(40)) for _ in range(60)],
        }
    )
    truth = planting.plant(short, 20)
    assert truth[1].groupby("host")["source"].count().max() >= 3
    for row in truth[1][truth[1]["changed"] == 0].itertuples():
        assert np.array_equal(*(scan(side)[2] for side in sides(truth, row)))


def test_boilerplate_is_not_planted():
    rng = np.random.default_rng(1)
    legal = "All rights are reserved and nothing of this may be printed again without leave."
    texts = [legal + " " + article(rng, 1) for _ in range(30)]
    common = planting.boilerplate(texts)
    assert len(common) == 14 - planting.RUN + 1
    pieces = [planting.cut(text, "sentences", 0, ["x"], rng, common) for text in texts]
    assert not any(piece.text.startswith(legal) and piece.n_words < 20 for piece in pieces)


# The host has ten words of its own, then the twelve planted ones p0 … p11; the source has them
# after five of its own.
OWN, PLANTED = " ".join(f"h{i}" for i in range(10)), " ".join(f"p{i}" for i in range(12))
TEXTS = pd.DataFrame(
    {"id": ["host", "source"], "text": [f"{OWN} {PLANTED}", f"s0 s1 s2 s3 s4 {PLANTED} s5"]}
)
HOST, SOURCE = (TEXTS["text"][i].index("p0") for i in (0, 1))
GOLD = pd.DataFrame(
    [
        (
            0,
            "host",
            "source",
            HOST,
            HOST + len(PLANTED),
            SOURCE,
            SOURCE + len(PLANTED),
            "sentences",
            0.0,
            12,
            0,
        )
    ],
    columns=[
        "case",
        "host",
        "source",
        "host_start",
        "host_end",
        "source_start",
        "source_end",
        "kind",
        "changed",
        "n_words",
        "n_changed",
    ],
)
HALF = len("p0 p1 p2 p3 p4 p5")


@pytest.mark.parametrize(
    "rows, counted",
    [
        ([("host", HOST, HOST + len(PLANTED), "source", SOURCE, SOURCE + len(PLANTED))], (24, 24)),
        ([("source", SOURCE, SOURCE + len(PLANTED), "host", HOST, HOST + len(PLANTED))], (24, 24)),
        ([("host", HOST, HOST + HALF, "source", SOURCE, SOURCE + HALF)], (12, 12)),
        ([("host", HOST, HOST + HALF, "source", SOURCE, SOURCE + HALF)] * 2, (12, 12)),
        ([("host", 0, len(OWN), "source", 0, len("s0 s1 s2 s3 s4"))], (0, 15)),
        ([("host", 0, HOST + len(PLANTED), "source", SOURCE, SOURCE + len(PLANTED))], (24, 34)),
        ([("host", HOST, HOST + len(PLANTED), "other", 0, 9)], (0, 0)),
        ([], (0, 0)),
    ],
)
def test_scores_of_cases_counted_by_hand(rows, counted):
    found = pd.DataFrame(rows, columns=["a_id", "a_start", "a_end", "b_id", "b_start", "b_end"])
    row = planted.score(TEXTS, GOLD, found).iloc[0]
    assert (row["n_right"], row["n_found"], row["n_gold"]) == (*counted, 24)


def test_what_the_two_share_anyway_is_not_wrong():
    texts = TEXTS.assign(text=[f"{OWN} {PLANTED}", f"{OWN} {PLANTED}"])
    gold = GOLD.assign(source_start=HOST, source_end=HOST + len(PLANTED))
    size = len(texts["text"][0])
    found = pd.DataFrame(
        [("host", 0, size, "source", 0, size)],
        columns=["a_id", "a_start", "a_end", "b_id", "b_start", "b_end"],
    )
    assert planted.score(texts, gold, found)[["n_right", "n_found"]].iloc[0].tolist() == [24, 24]


def test_estimates_sum_words_over_pieces():
    counts = pd.DataFrame(
        {"case": [0, 0, 1], "n_right": [10, 0, 20], "n_found": [10, 10, 20], "n_gold": [20, 20, 20]}
    )
    said = planted.estimate(counts)
    assert (said["recall"], said["precision"], said["n_pieces"], said["n_words"]) == (
        0.5,
        0.75,
        3,
        60,
    )
    assert said["recall_interval"] == [0.25, 1.0] and said["precision_interval"] == [0.5, 1.0]


@pytest.mark.long
def test_the_command_prints_every_part(articles, tmp_path, capsys):
    articles.to_parquet(tmp_path / "in.parquet")
    ours = [
        "--articles",
        str(tmp_path / "in.parquet"),
        "--cases",
        "80",
        "--write",
        str(tmp_path / "kept"),
    ]
    planted.main(ours)
    result = json.loads(capsys.readouterr().out)
    assert result["cases"] == 80 and set(result["by_changed"]) == {"0", "0.05", "0.1", "0.2", "0.3"}
    assert (
        result["by_changed"]["0"]["recall"] >= 0.99
        and result["by_changed"]["0"]["precision"] >= 0.99
    )
    planted.main([*ours[:4], "--passages", str(tmp_path / "kept" / "passages.parquet")])
    assert json.loads(capsys.readouterr().out) == result | {"cpu_seconds": None}


def test_moved_parts_of_a_sentence_are_the_same_words_in_another_order():
    rng = np.random.default_rng(2)
    text = "Before it. " + " ".join(f"w{k}" for k in range(40)) + ". After it."
    piece = planting.cut(text, "whole", 0.0, ["zebra"], rng, moved=True)
    assert sorted(piece.text.replace(".", "").split()) == sorted(text.replace(".", "").split())
    assert piece.text != text and (piece.source_start, piece.source_end) == (0, len(text) - 1)
    inner = piece.text[piece.text.index("w0 ") :].split()
    assert inner[:3] == ["w0", "w1", "w2"]  # at least three words stay together


def test_rewritten_pieces_are_found_among_every_kind(tmp_path):
    source, host = prose(30, 50), prose(20, 51)
    rng = np.random.default_rng(3)
    piece = planting.cut(text(source), "50-99", 0.3, [*COMMON], rng, moved=True)
    articles = pd.DataFrame(
        {"id": ["s", "h"], "outlet": [None, "x"], "text": [text(source), text(host) + piece.text]}
    )
    planted.find_every_kind(articles, tmp_path / "found.parquet", None)
    found = pd.read_parquet(tmp_path / "found.parquet")
    place = len(text(host)) + piece.start, len(text(host)) + piece.end
    gold = pd.DataFrame(
        [("h", "s", *place, piece.source_start, piece.source_end)],
        columns=["host", "source", "host_start", "host_end", "source_start", "source_end"],
    )
    row = planted.score(articles, gold, found).iloc[0]
    assert row["n_right"] > 0.8 * row["n_gold"] and row["n_right"] > 0.8 * row["n_found"]
