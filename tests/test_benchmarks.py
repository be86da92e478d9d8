"""The benchmarks print what they promise, on small data; what they measure is not asserted here."""

import datetime
import json

import pandas as pd
import pytest

from analysis.text.tokens import words_of
from benchmarks import (
    extract_scale,
    harbour_labels,
    harbour_voices,
    measures,
    reports,
    reuse_growing,
    reuse_scale,
    rewrites_scale,
    units,
)
from benchmarks import harbour as harbour_scores
from tests.archives import archive_features, archive_file, texts_that_share, write_features
from tests.quick import Known
from tests.remembered import remembering

SHARED = "the crane had been overdue for inspection since the spring of last year"


def test_reuse_scale_gives_the_characters_of_passages_and_tells_bad_rows(tmp_path, capsys):
    texts = [f"One begins so: {SHARED}.", f"Another. {SHARED.upper()}!", None, "…", f"{SHARED}"]
    pd.DataFrame(
        {"id": ["a", "b", "c", "d", "a"], "outlet": "", "date": "", "text": texts}
    ).to_parquet(tmp_path / "in.parquet")
    reuse_scale.main(
        ["--articles", str(tmp_path / "in.parquet"), "--out", str(tmp_path / "out.parquet")]
    )
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert {
        "articles",
        "bytes",
        "seconds",
        "cpu_seconds",
        "base_mb",
        "peak_mb",
        "passages",
        "pairs",
    } <= set(result)
    assert (result["articles"], result["passages"], result["pairs"]) == (
        2,
        1,
        1,
    ) and "all" in result["cpu_seconds"]
    assert all(f"row {row} " in said.err for row in (3, 4, 5))
    row = pd.read_parquet(tmp_path / "out.parquet").iloc[0]
    assert (
        texts[0][row["a_start"] : row["a_end"]] == SHARED
        and texts[1][row["b_start"] : row["b_end"]] == SHARED.upper()
    )


@pytest.mark.parametrize(
    "option",
    [
        ("--n", "-3"),
        ("--max-gap", "-5"),
        ("--min-words", "2"),
        ("--max-articles", "1"),
        ("--within-days", "nan"),
        ("--rows", "0"),
    ],
)
def test_reuse_scale_refuses_what_cannot_be(tmp_path, capsys, option):
    pd.DataFrame({"id": ["a"], "text": [SHARED]}).to_parquet(tmp_path / "in.parquet")
    try:
        assert (
            reuse_scale.main(
                [
                    "--articles",
                    str(tmp_path / "in.parquet"),
                    "--out",
                    str(tmp_path / "out.parquet"),
                    *option,
                ]
            )
            == 1
        )
    except SystemExit as stop:
        assert stop.code == 2
    said = capsys.readouterr().err
    assert "must be" in said or "was given; allowed" in said
    assert not (tmp_path / "out.parquet").exists()


def test_extract_scale_counts_what_was_extracted_and_tells_bad_rows(tmp_path, capsys):
    texts = [
        "One fell. “It fell down there,” she said.",
        "Two fell.",
        None,
        "…",
        "Five.",
        "x" * 5_000_001,
    ]
    dates = [datetime.datetime(2017, 5, 1), datetime.datetime(1, 1, 1), None, None, None, None]
    pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "a", "f"],
            "outlet": "",
            "text": texts,
            "date": pd.array(dates, "datetime64[us]"),
        }
    ).to_parquet(tmp_path / "in.parquet")
    extract_scale.main(["--articles", str(tmp_path / "in.parquet")])
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert (result["articles"], result["rows"]["sentences"], result["rows"]["quotes"]) == (
        2,
        3,
        1,
    ) and "vectors" not in result["rows"]
    assert result["peak_mb"] > 0 and set(result["cpu_seconds"]) == set(result["seconds"]) == {
        "corpus",
        "extract",
        "all",
    }
    assert all(f"row {row} " in said.err for row in (2, 3, 4, 5, 6)) and not said.err.startswith(
        "row 1 "
    )


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.long)])
def test_harbour_prints_its_keys_and_reaches_what_was_asked(capsys, monkeypatch, harbour, whole):
    monkeypatch.setattr(harbour_scores, "load_encoder", lambda: Known(harbour))
    if not whole:  # labels and voices, of which nothing is asked here
        for scores in (harbour_labels, harbour_voices):
            monkeypatch.setattr(scores, "evaluate", lambda *_, **__: {})
    with remembering(harbour_scores, harbour_labels, harbour_voices):
        harbour_scores.main([])
    result = json.loads(capsys.readouterr().out)
    assert (
        result["sentence_f1"] >= 0.98
        and result["quotation_f1"] >= 0.95
        and result["speaker_accuracy"] >= 0.80
    )
    assert result["passage_precision"] >= 0.95 and result["passage_recall"] >= 0.95


def test_units_reads_marked_articles_and_scores_them(tmp_path):
    marked = (
        "# how they came about\n=== one\n{q:Ada Orr|“We rowed all night,”} said Ada Orr.¦ It was"
        " {s:“fun”}.¦ Ada Orr said {r:Ada Orr|it was late}.¦\n"
    )
    (tmp_path / "some.txt").write_text(marked, encoding="utf-8")
    text, ends, quotes, scare, stated = units.read(tmp_path / "some.txt")["one"]
    assert text == "“We rowed all night,” said Ada Orr. It was “fun”. Ada Orr said it was late."
    assert [text[s:e] for s, e in [*quotes, *scare, *stated]] == [
        "“We rowed all night,”",
        "“fun”",
        "it was late",
    ] and ends == {35, 49, 75}
    result = units.evaluate(tmp_path / "some.txt")
    assert (
        result["sentence_f1"],
        result["quotation_f1"],
        result["scare_quote_f1"],
        result["speaker_accuracy"],
    ) == (1, 1, 1, 1)
    assert [
        result["reported"][score] for score in ("recall", "precision", "speaker_accuracy", "n_gold")
    ] == [1, 1, 1, 1]


def test_the_marked_articles_hold_what_is_claimed():
    articles = {path.stem: units.read(path) for path in units.ARTICLES.glob("*.txt")}
    assert {name: len(part) for name, part in articles.items()} == {
        "tester": 8,
        "fresh": 3,
        "voices": 5,
        "voices_2026_11": 3,
        "voices_2026_12": 3,
    }
    assert (
        sum(len(quotes) for part in articles.values() for _, _, quotes, _, _ in part.values())
        == 176
    )
    assert sum(len(stated) for part in articles.values() for *_, stated in part.values()) == 115
    assert all(len(words_of(text)) > 80 for part in articles.values() for text, *_ in part.values())


def test_reports_says_what_is_right_and_what_comes_out(tmp_path, capsys):
    for name, text in (
        ("k09-arabic.txt", "القارب في الميناء. " * 12),
        ("k09-chinese.txt", "船在港口。" * 11),
        ("k99-new.txt", "Nobody knows this one."),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    reports.main(["--data", str(tmp_path), "--no-run"])
    said = capsys.readouterr()
    result = json.loads(said.out)
    assert (result["inputs"], result["right"], result["unknown"]) == (2, 1, ["k99-new"])
    assert result["wrong"] == {"k09-chinese": "11 sentences"} and "k13-nrc" in result["missing"]
    assert "12 sentences" in said.err and "WRONG" in said.err


@pytest.mark.long  # each step is a process of its own
def test_reuse_that_grows_is_told_with_the_same_passages(tmp_path, capsys):
    texts = texts_that_share(80)
    write_features(tmp_path, archive_features(texts), range(80))
    articles = archive_file(tmp_path / "articles.parquet", texts)
    given = ["--features", str(tmp_path / "private"), "--articles", str(articles)]
    assert reuse_growing.main([*given, "--new", "7", "--queries", "2"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {told[step]["digest"] for step in ("update", "unchanged")} == {told["fresh"]["digest"]}
    assert told["fresh"]["passages"] > 20 and told["2"]["passages"] >= 2
    assert list(tmp_path.iterdir()) != [] and not (tmp_path / ".private.reuse").exists()
    lines = []
    for limit in ([], ["--memory-limit", "250MB"]):
        assert rewrites_scale.main(["--features", str(tmp_path / "private"), *limit]) == 0
        lines.append(json.loads(capsys.readouterr().out))
    assert lines[0]["digest"] == lines[1]["digest"]
    assert lines[1]["cpu_seconds"]["blocks"] > lines[0]["cpu_seconds"]["blocks"] == 1


def test_measures_tells_how_a_measure_grows_where_it_takes_time():
    seconds = {"linear": (1, 10), "squared": (0.1, 10), "quick": (0.1, 0.4)}
    rows = [
        {"measure": verb, "question": "usual", "articles": 60 * 10**i, "measured": s, "mb": 1}
        for i in (0, 1)
        for verb, s in zip(seconds, [each[i] for each in seconds.values()])
    ]
    rows += [{"measure": "squared", "question": "usual", "articles": 6000, "failed": "no texts"}]
    lines = measures.by_measure(rows)
    growth = {verb: line["growth"] for (verb, _), line in lines.items()}
    assert growth == {"linear": [1.0], "squared": [2.0], "quick": []}
    assert [size["articles"] for size in lines["squared", "usual"]["sizes"]] == [60, 600, 6000]


def test_measures_tells_what_one_costs_or_that_it_was_given_up():
    [told] = measures.evaluate("amnesty2024", ["sentiment"], 1, usual=True)
    assert told["articles"] == 5 and told["mb"] > 50 and told["measured"] >= 0
    [told] = measures.evaluate("amnesty2024", ["sentiment"], 1, seconds=0, usual=True)
    assert told["failed"] == "more than 0 s"
