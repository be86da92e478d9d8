"""One input of `benchmarks.reports` on its way from `twicetold new` to features."""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path

import pandas as pd
import yaml

from analysis import extract
from analysis.cli import main as twicetold
from analysis.corpus import load
from analysis.features import Features

PROJECT = Path(__file__).resolve().parents[1]
NAME = "reported"
ACTORS = {
    "brandt": {"name": "Ola Brandt", "aliases": ["Brandt", "Mayor Ola Brandt"]},
    "holt": {"name": "Mira Holt", "aliases": ["Holt"]},
    "pell": {"name": "Nora Pell", "aliases": ["Pell"]},
    "oneil": {"name": "O'Neil", "aliases": []},
}


class Case:
    """An input, what `new` and `check` say of it, and its features.

    Parameters
    ----------
    path : Path
        The input; a text becomes the one row of a table.
    root : Path
        An empty folder for the project.
    language : str
    run : bool
        Whether `run` may be called.
    """

    def __init__(self, path: Path, root: Path, language: str = "en", *, run: bool = True):
        self.path, self.root, self.language, self.may_run = path, root, language, run
        self.folder = root / "corpus" / NAME

    @cached_property
    def text(self) -> str:
        """The text as extraction reads it."""
        return next(iter(load(NAME, root=self.root / "corpus").articles())).text

    @cached_property
    def new(self) -> tuple[int, str]:
        """Exit status and output of `twicetold new`."""
        (self.root / "corpus").mkdir(exist_ok=True)
        source = self.path
        if source.suffix == ".txt":
            source = self.root / "table.csv"
            with source.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.writer(stream)
                writer.writerow(["id", "outlet", "date", "text"])
                text = self.path.read_bytes().decode("utf-8")
                writer.writerow(["a1", "Lantern", "2024-05-03", text])
        return self._say("new", NAME, "--from", str(source), "--language", self.language)

    @cached_property
    def checked(self) -> str:
        """All that `new`, its report and `check` say."""
        status, said = self.new
        report = self.folder / "import.csv"
        said += report.read_text(encoding="utf-8") if report.is_file() else ""
        return said + (self.check[1] if not status else "")

    @cached_property
    def check(self) -> tuple[int, str]:
        """Exit status and output of `twicetold check`."""
        return self._say("check", NAME)

    @property
    def metadata(self) -> pd.DataFrame:
        """The table of articles that `new` wrote; empty if it wrote none."""
        file = self.folder / "metadata.csv"
        if self.new[0] or not file.is_file():
            return pd.DataFrame({"article_id": [], "outlet": [], "published": []})
        return pd.read_csv(file, dtype=str, keep_default_na=False)

    def texts(self) -> list[str]:
        """The texts that `new` wrote."""
        return [
            (self.folder / "articles" / file).read_bytes().decode("utf-8")
            for file in self.metadata.get("file", [])
        ]

    def with_dictionary(self, weights: dict) -> None:
        """Put a dictionary of these words into the codebook before extraction."""
        status, said = self.new
        if status:
            raise ValueError(said)
        rows = "".join(f"{word},{score}\n" for word, score in weights.items())
        (self.folder / "mine.csv").write_text(f"word,score\n{rows}", encoding="utf-8")
        self.codebook({"dictionaries": {"mine": {"file": "mine.csv", "language": "en"}}})

    def codebook(self, entries: dict | None = None) -> None:
        """Write a codebook of the invented actors and further entries."""
        book = yaml.safe_dump({"actors": ACTORS, **(entries or {})}, allow_unicode=True)
        (self.folder / "codebook.yml").write_text(book, encoding="utf-8")

    @cached_property
    def features(self) -> Features:
        """Private features, without vectors and tone."""
        status, said = self.new
        if status:
            raise ValueError(said)
        if not (self.folder / "mine.csv").is_file():
            self.codebook()
        corpus = load(NAME, root=self.root / "corpus")
        return extract(corpus, encoder=None, tone=None, values=True, say=lambda line: None)

    def table(self, name: str) -> pd.DataFrame:
        """A table of the features, in the order of the text."""
        return self.features.table(name)

    def sentences(self) -> list[str]:
        """The sentences, as one line each."""
        table = self.table("sentences")
        spans = zip(table["start"], table["end"])
        return [" ".join(self.text[start:end].split()) for start, end in spans]

    def quotations(self) -> list[tuple[str, str]]:
        """Speaker and words of every direct quotation."""
        table = self.table("quotes")
        table = table[table["direct"].astype(bool)]
        rows = zip(table["speaker"], table["start"], table["end"])
        return [(speaker, " ".join(self.text[start:end].split())) for speaker, start, end in rows]

    def words(self) -> set[str]:
        """The distinct words."""
        return set(self.table("terms")["term"])

    def mentions(self, actor: str) -> pd.DataFrame:
        """Mentions of an actor by name."""
        table = self.table("mentions")
        return table[(table["actor"] == actor) & (table["form"] != "pronoun")]

    def run(self) -> tuple[int, str]:
        """Exit status and output of `twicetold run` on the project's notebooks."""
        for name in ("notebooks", "pyproject.toml"):
            source, target = PROJECT / name, self.root / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("executed"))
            else:
                shutil.copy(source, target)
        command = [sys.executable, "-m", "analysis.cli", "--root", str(self.root), "run", NAME]
        path = os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH", "")]))
        done = subprocess.run(
            command,
            cwd=self.root,
            env=os.environ | {"PYTHONPATH": path},
            capture_output=True,
            text=True,
        )
        return done.returncode, done.stdout + done.stderr

    def _say(self, *arguments: str) -> tuple[int, str]:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            try:
                status = twicetold(["--root", str(self.root), *arguments])
            except SystemExit as error:  # arguments that are not known
                status = int(error.code or 0)
        return status or 0, said.getvalue()
