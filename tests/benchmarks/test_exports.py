"""The benchmark of exports counts what is right, what is wrong, and what is missing."""

import csv
import json

from benchmarks import exports
from tests.small import put

HEADER = [
    "file", "order", "title", "outlet", "published", "author", "section", "language", "n_words",
    "sha256", "duplicate_of",
]  # fmt: skip


def folder(path, rows, **files):
    path.mkdir(parents=True)
    for name, content in files.items():
        put(path / f"{name}.csv", content)
    with (path / "expected.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)


def row(file, order, title, text, **about):
    digest = exports.digest(text)
    return {"file": f"{file}.csv", "order": order, "title": title, "sha256": digest} | about


def test_right_wrong_missing_duplicate_and_refused_are_counted(tmp_path, capsys):
    export = (
        "title,source,date,author,text\n"
        "A,Bote (Online); Hafen,2023-09-05,By Ada,One  text.\n"
        "B,Bote,2023-09-06,,Two.\n"
        "B,Bote,2023-09-06,,Two.\n"
        "C,Post,,,Three.\n"
        "E,Post,,,Extra.\n"
    )
    rows = [
        row("a", 1, "A", "One text.", outlet="Bote", published="2023-09-05", author="ADA"),
        row("a", 2, "B", "Two.", outlet="Bote", published="2023-09-06"),
        row("a", 3, "B", "Two.", outlet="Bote", published="2023-09-06", duplicate_of=2),
        row("a", 4, "C", "Three", outlet="Post", language="de"),
        row("gone", 1, "D", "Four."),
    ]
    folder(tmp_path / "x", rows, a=export, refused="id,title\n1,none\n")
    assert exports.main(["--data", str(tmp_path), "--wrong"]) == 0
    said = capsys.readouterr()
    result = json.loads(said.out)["formats"]["x"]
    assert (result["articles"], result["extra"], result["refused"]) == ("4/5", 1, "1/1")
    assert (result["title"], result["author"], result["published"]) == ("3/3", "3/3", "3/3")
    assert (result["outlet"], result["language"], result["body"]) == ("2/3", "0/1", "2/3")
    for words in ("x/gone.csv: not found: D", "too many: E", "x/a.csv, 4: body", "language 'en'"):
        assert words in said.err
