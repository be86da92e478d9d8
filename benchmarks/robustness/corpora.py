"""A small invented corpus to damage, in German: nothing of it is parsed or embedded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from analysis.corpus import load
from analysis.errors import CorpusError
from analysis.extract.extraction import extract
from analysis.share import share

NAME = "mini"
_TEXT = (
    "Der Kran von Port Elva stürzte am Montag ins Meer. „Die Stadt klagt gegen Werk {i}“, sagte"
    " Ola Brandt. Niemand wurde verletzt, und {i} Lotsen halfen.\n"
)
CODEBOOK = (
    "frames:\n  unfall: {words: [stürz*, verletzt, Kran]}\n"
    "dictionaries:\n  gut: {file: gut.csv, language: de}\n"
)
DATASHEET = (
    f"name: {NAME}\ntitle: Mini\ndescription: Invented\nlanguages: [de]\ntexts: shared\n"
    "licence: CC0-1.0\ncollected: Written for a benchmark\n"
)
NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "id": "a", "execution_count": None, "outputs": [],
         "metadata": {"tags": ["parameters"]}, "source": f'corpus = "{NAME}"'},
        {"cell_type": "code", "id": "b", "execution_count": None, "outputs": [], "metadata": {},
         "source": "import analysis as tw\nprint(tw.load(corpus).features.form)"},
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python",
                                "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}  # fmt: skip


def write(project: Path, n: int = 4) -> Path:
    """A project with the corpus and one notebook; gives back the corpus folder."""
    folder = project / "corpus" / NAME
    (folder / "articles").mkdir(parents=True)
    rows = ["article_id,file,outlet,published,author,url,language"]
    for i in range(n):
        (folder / "articles" / f"a{i}.txt").write_text(_TEXT.format(i=i + 2), encoding="utf-8")
        rows.append(f"a{i},a{i}.txt,{'Bote' if i % 2 else 'Echo'},2024-08-{1 + i % 28:02},,,de")
    files = {"metadata.csv": "\n".join(rows) + "\n", "codebook.yml": CODEBOOK}
    files |= {"corpus.yml": DATASHEET, "gut.csv": "word,score\ngut,1\nverletzt,-1\n"}
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    (project / "notebooks").mkdir()
    notebook = json.dumps(NOTEBOOK, indent=1)
    (project / "notebooks" / "01_mini.ipynb").write_text(notebook + "\n", encoding="utf-8")
    return folder


def change(folder: Path, number: int = 1) -> None:
    """Another text for one article, so that the next extraction has something to do."""
    text = f"Der Rat sagt nein, und der Kran {number} steht.\n"
    (folder / "articles" / "a1.txt").write_text(text, encoding="utf-8")


def extracted(folder: Path) -> None:
    """Extract the private features, without a word."""
    extract(load(folder), say=_quiet)


def shared(folder: Path, out: Path) -> None:
    """Share the corpus, without a word."""
    share(load(folder), out=out, say=_quiet)


def copied(source: Path, target: Path) -> Path:
    """A fresh copy of a project."""
    shutil.rmtree(target, ignore_errors=True)
    return shutil.copytree(source, target)


def loads(folder: Path) -> bool:
    """Whether a corpus folder can be loaded at all."""
    try:
        load(folder)
        return True
    except CorpusError:
        return False


def _quiet(line: str) -> None:
    pass
