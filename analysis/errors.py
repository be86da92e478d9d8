"""Errors that say what was given, what is allowed and what to do."""

from __future__ import annotations

from dataclasses import dataclass


class TwicetoldError(Exception):
    """Root of every error that Twicetold raises on purpose."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing wrong with a corpus, and where it is.

    Attributes
    ----------
    file : str
        Path inside the corpus folder.
    row : int or None
        Line of the file, counted from 1 (so the header of a CSV is row 1); None for the whole file.
    problem : str
        What was given, what is allowed, and what to do.
    """

    file: str
    row: int | None
    problem: str

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}, row {self.row}"
        # names of files may hold bytes that no encoding can write
        return f"{where}: {self.problem}".encode("utf-8", "backslashreplace").decode("utf-8")


class CorpusError(TwicetoldError):
    """A corpus folder has faults; all of them are listed."""

    def __init__(self, folder, faults: list[Fault]):
        self.faults = sorted(faults, key=lambda f: (f.file, f.row or 0, f.problem))
        n = len(self.faults)
        counted = f"{n} fault{'s' * (n != 1)}"
        head = f"{folder}: {counted}. Nothing was written; correct them and try again."
        super().__init__("\n  - ".join([head, *map(str, self.faults)]))


class FeaturesError(TwicetoldError):
    """Features are missing, damaged, of another version, or lack a table that a measure needs."""


class TextsNeeded(TwicetoldError):
    """The step reads articles' texts, and they are not on this machine."""


class LanguageError(TwicetoldError):
    """A measure was asked for in a language that it is not made for."""


class ModelError(TwicetoldError):
    """An embedding model is missing, incomplete, or not the one that was published."""


class InUseError(TwicetoldError):
    """Another process is at work on the corpus."""


class EngineError(TwicetoldError):
    """A step of a distributed or spilled run lost something, or its workers cannot do it."""


class OptionError(TwicetoldError, ValueError):
    """An option has a value that is not allowed."""
