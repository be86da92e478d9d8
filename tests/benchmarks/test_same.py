"""Planted changes in a small repository: which are found, which the CHANGELOG excuses."""

import json
import subprocess

import pandas as pd
import pytest

from benchmarks import cells, same

KEYNESS = {"term": ["port", "ferry"], "count": [4, 2], "low": [0.1, 0.2], "high": [0.5, 1.2]}
HEAD = "# Changelog\n\n### Renamed\n\n| What | Old | New |\n|---|---|---|\n"
RESAMPLED = "\n### Resampled\n\n| File or table | Columns |\n|---|---|\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.setattr(same, "ROOT", tmp_path)
    changelog(tmp_path)
    figure(tmp_path)
    results = tmp_path / "corpus/bay/features/results"
    results.mkdir(parents=True)
    pd.DataFrame({"a": ["x", None], "score": [0.25, 1 / 3]}).to_parquet(results / "pairs.parquet")
    notebook(tmp_path, "01_words", KEYNESS, "Only 5 articles. Alpha was .944 (n = 12).")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        names = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
        subprocess.run(["git", "-C", tmp_path, *names, *command], check=True)
    return tmp_path


def changelog(root, renamed="", resampled=""):
    text = HEAD + renamed + RESAMPLED + resampled + "\n## 0.0.1\n"
    (root / "CHANGELOG.md").write_text(text, encoding="utf-8")


def figure(root, name="words", **columns):
    path = root / "figures/bay" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(KEYNESS | {"measured_on": ["texts", "texts"]} | columns).to_csv(path, index=False)
    return path


def notebook(root, name, table, printed):
    html = {"text/html": pd.DataFrame(table).to_html(), "text/plain": "…"}
    outputs = [
        {"output_type": "execute_result", "data": html},
        {"output_type": "stream", "name": "stdout", "text": printed},
    ]
    path = root / "notebooks" / f"{name}.ipynb"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"cells": [{"cell_type": "code"}, {"outputs": outputs}]}))
    return path


def compared(capsys, *options):
    with pytest.raises(SystemExit) as status:
        same.main(["--base", "HEAD", *options])
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert bool(status.value.code) == (report["differences"] > 0)
    return report, err.splitlines()


def test_an_unchanged_tree_is_the_same(project, capsys):
    report, listed = compared(capsys)
    assert report["differences"] == 0 and not listed
    assert report["compared"] == {
        "figures": 1,
        "tables": 1,
        "renamed_files": 0,
        "notebook_tables": 1,
        "printed": 2,
    }


def test_a_changed_digit_of_a_figure_is_found(project, capsys):
    figure(project, low=[0.1, 0.20001])
    report, listed = compared(capsys)
    assert report["differences"] == 1
    assert listed == [
        "figures/bay/words.csv, low: 1 rows, largest difference 1e-05 (row 1: 0.2 → 0.20001)"
    ]


@pytest.mark.parametrize(
    ("column", "cells"), [("count", [4, 3]), ("term", ["port", "boat"]), ("low", [0.2, 0.1])]
)
def test_a_changed_count_word_or_order_is_found(project, capsys, column, cells):
    figure(project, **{column: cells})
    assert compared(capsys)[0]["differences"] == 1


def test_a_changed_digit_of_a_table_is_found_and_the_last_bits_are_not(project, capsys):
    path = project / "corpus/bay/features/results/pairs.parquet"
    pd.DataFrame({"a": ["x", None], "score": [0.25, 1 / 3 + 1e-15]}).to_parquet(path)
    assert compared(capsys)[0]["differences"] == 0
    pd.DataFrame({"a": ["x", None], "score": [0.25, 1 / 3 + 1e-8]}).to_parquet(path)
    report, listed = compared(capsys)
    assert report["differences"] == 1 and "pairs.parquet, score: 1 rows" in listed[0]


def test_a_lost_row_column_or_file_is_found(project, capsys):
    path = figure(project)
    pd.read_csv(path).iloc[:1].to_csv(path, index=False)
    assert compared(capsys)[1] == ["figures/bay/words.csv, rows: 1 instead of 2"]
    pd.DataFrame(KEYNESS).to_csv(path, index=False)
    assert compared(capsys)[1] == ["figures/bay/words.csv, measured_on: missing"]
    path.unlink()
    assert compared(capsys)[1] == ["figures/bay/words.csv: missing"]


def test_what_is_new_is_counted(project, capsys):
    figure(project, more=[1, 2])
    figure(project, "tone")
    notebook(project, "02_more", {"tone": [1.5]}, "Another 7.")
    report, _ = compared(capsys)
    assert report["differences"] == 0
    assert report["added"] == {"figures": 1, "tables": 0, "columns": 1, "notebook_tables": 1}


def test_renames_are_accepted_and_need_not_be_done_yet(project, capsys):
    renamed = "| figure | `words` | `reuse_words` |\n| column | `words: count` | `n` |\n"
    changelog(project, renamed + "| value | port | harbour |\n| table | pairs | pairings |\n")
    assert compared(capsys)[0]["differences"] == 0
    path = figure(project)
    table = pd.read_csv(path).rename(columns={"count": "n"}).replace("port", "harbour")
    table.to_csv(path.with_stem("reuse_words"), index=False)
    path.unlink()
    results = project / "corpus/bay/features/results"
    (results / "pairs.parquet").rename(results / "pairings.parquet")
    report, _ = compared(capsys)
    assert report["differences"] == 0 and report["compared"]["renamed_files"] == 2
    changelog(project)
    assert compared(capsys)[0]["differences"] == 2


def test_a_rename_does_not_hide_a_number(project, capsys):
    changelog(project, "| column | count | n |\n")
    path = figure(project)
    pd.read_csv(path).rename(columns={"count": "n"}).assign(n=[4, 9]).to_csv(path, index=False)
    assert compared(capsys)[1][0].startswith("figures/bay/words.csv, count: 1 rows, largest")


def test_resampled_columns_move_within_their_interval(project, capsys):
    changelog(project, resampled="| words | `low`, high |\n")
    figure(project, low=[0.15, 0.2])
    report, listed = compared(capsys)
    assert report["differences"] == 0 and not listed
    assert report["resampled"] == ["figures/bay/words.csv, low"]
    assert compared(capsys, "--changed-draws")[1][0].startswith("resampled: figures/bay/words.csv")
    figure(project, low=[0.25, 0.2])
    assert compared(capsys)[0]["differences"] == 1


def test_a_notebooks_table_is_found_in_another_notebook(project, capsys):
    path = notebook(project, "01_words", KEYNESS, "Only 5 articles. Alpha was .944 (n = 12).")
    path.rename(path.with_stem("09_words"))
    assert compared(capsys)[0]["differences"] == 0


def test_a_changed_number_in_a_notebook_is_found(project, capsys):
    changed = KEYNESS | {"low": [0.1, 0.3]}
    notebook(project, "01_words", changed, "Only 5 articles. Alpha was .945 (n = 12).")
    report, listed = compared(capsys)
    assert report["differences"] == 2
    assert listed[0].startswith("01_words.ipynb, table 1, low: 1 rows, largest difference 0.1")
    assert listed[1] == "01_words, printed: Alpha was .944 (n = 12)."


def test_other_words_around_the_same_numbers_are_listed(project, capsys):
    notebook(project, "01_words", KEYNESS, "Only 5 articles.\nAlpha: .944 of 12 units")
    report, listed = compared(capsys)
    assert report["differences"] == 0 and report["reworded"] == 1
    assert listed == ["reworded: 01_words: Alpha was .944 (n = 12). → Alpha: .944 of 12 units"]


def test_a_row_of_the_changelog_that_cannot_be_read_is_named(project):
    changelog(project, "| figure | words |\n")
    with pytest.raises(ValueError, match=r"Renamed: a row has 3 cells \(got figure \| words\)"):
        same.main(["--base", "HEAD"])


def test_a_table_with_two_heads_and_spans_is_read(tmp_path):
    table = pd.DataFrame(
        {"article": ["a", "a", "b"], "frame": ["x", "y", "x"], "share": [1, 2, 3]}
    ).set_index(["article", "frame"])
    path = notebook(tmp_path, "01", {}, "")
    page = json.loads(path.read_text())
    page["cells"][1]["outputs"][0]["data"]["text/html"] = table.to_html()
    path.write_text(json.dumps(page))
    assert cells.notebook(path).tables == [
        {"article": ["a", "a", "b"], "frame": ["x", "y", "x"], "share": ["1", "2", "3"]}
    ]
