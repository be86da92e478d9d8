"""The format that CONTRIBUTING shows reads what it says, through the way that all formats go."""

import re
import types

from analysis.io import drafts
from analysis.io.formats import FORMATS
from analysis.io.reading import read_articles
from tests.places import ROOT
from tests.small import put


def test_the_format_of_the_worked_example_works(tmp_path, monkeypatch):
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    section = page.partition("## A worked extension: a format of articles")[2]
    made = types.ModuleType("hash_txt")
    exec(re.search(r"```python\n(.*?)```", section, re.DOTALL)[1], made.__dict__)
    monkeypatch.setattr(drafts, "recognise", lambda s: "hash_txt" if made.recognise(s) else None)
    monkeypatch.setattr(drafts, "format_named", lambda name: made)
    text = (
        "# One\nBote / 5 May 2023\nA text.\n\nIts end.\n# Two\nno outlet\nLost.\n"
        "# Three\nPost / 6.5.2023\nC."
    )
    read = read_articles(put(tmp_path / "a.txt", text))
    assert [(row["title"], row["outlet"], row["published"]) for row in read.rows] == [
        ("One", "Bote", "2023-05-05"),
        ("Three", "Post", "2023-05-06"),
    ]
    assert [a.text for a in read] == ["A text.\n\nIts end.", "C."]
    assert [(line.row, line.done) for line in read.report] == [(2, "left out")]
    assert read.recognised() == "1 file: Hash export, text"


def test_every_format_stands_in_the_docs():
    page = (ROOT / "docs" / "importing.md").read_text(encoding="utf-8")
    for name in FORMATS:
        assert f"`{name.replace('_', '-')}`" in page, name
