"""What a reader of exports gets and gives: a file, and one record an article."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from analysis.errors import TwicetoldError

LARGEST_FILE = 512 << 20  # bytes; a larger file is named in the report and left out
LARGEST_UNPACKED = 1 << 30  # bytes that a zip may unpack to
HEAD = 1 << 16


class UnreadableFile(TwicetoldError):
    """A file, or all that is left of it, cannot be read; the message says why and what to do."""


@dataclass
class Record:
    """One article as an export gives it, before dates and names are decided.

    Attributes
    ----------
    text : str
        The article's paragraphs, one a line or parted by blank lines; empty if the export has none.
    place : int
        Of the article in its file, from 1 (of a table: the row as a spreadsheet numbers it).
    title, outlet, author, section, page, url : str
        Empty where the export says nothing.
    published : str
        As the export writes it, or ISO 8601 where the reader knows better.
    language : str
        A code such as en, empty where the export does not say.
    source_id : str
        What the source numbers the article by, such as a Factiva accession number.
    more : dict of str to str
        What else the export says, by its own names; each becomes a column.
    """

    text: str
    place: int = 1
    title: str = ""
    outlet: str = ""
    published: str = ""
    author: str = ""
    section: str = ""
    page: str = ""
    language: str = ""
    url: str = ""
    source_id: str = ""
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Remark:
    """What a reader left out or was not sure of.

    Attributes
    ----------
    place : int or None
        As of a record; None for the whole file.
    problem : str
        What is wrong, as a sentence's beginning: "the date 31/31/2020 is none".
    done : str
        What was done about it: "left out", "left empty", "read as Windows-1252".
    """

    place: int | None
    problem: str
    done: str = "left out"


@dataclass(frozen=True)
class Settings:
    """What a user overrules.

    Attributes
    ----------
    encoding : str, optional
    day_first : bool, optional
        Of dates such as 3/4/2023; decided by the whole column if None.
    timezone : str, optional
        Of times without one, such as Europe/Berlin.
    columns : dict of str to str
        A field of the record → the export's own column.
    name_pattern : str, optional
        How names of files are made, such as ``{outlet}_{date}_{title}``.
    """

    encoding: str | None = None
    day_first: bool | None = None
    timezone: str | None = None
    columns: dict[str, str] = field(default_factory=dict)
    name_pattern: str | None = None


class Source:
    """A file to be read.

    Parameters
    ----------
    path : path
    name : str, optional
        What reports call it: its path in the folder that was given.
    """

    def __init__(self, path: str | Path, name: str | None = None):
        self.path = Path(path)
        self.name = name or self.path.name
        self.suffix = self.path.suffix.lower()

    @cached_property
    def size(self) -> int:
        """Bytes of the file."""
        return self.path.stat().st_size

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB."""
        with self.path.open("rb") as file:
            return file.read(HEAD)

    @property
    def data(self) -> bytes:
        """All bytes, read anew at each call, so that none stay in memory.

        Raises
        ------
        UnreadableFile
            If there are too many.
        """
        if self.size > LARGEST_FILE:
            raise UnreadableFile(
                f"{self.size >> 20} MB; at most {LARGEST_FILE >> 20} are read. Export it in parts."
            )
        return self.path.read_bytes()

    @cached_property
    def members(self) -> list[str]:
        """Names of the files in a zip (as Word and Excel files are); empty if it is none."""
        if not self.head.startswith(b"PK"):
            return []
        try:
            with zipfile.ZipFile(self.path) as archive:
                return archive.namelist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            return []

    def unpacked(self, member: str) -> io.BytesIO:
        """One file of a zip.

        Raises
        ------
        UnreadableFile
            If it is damaged, encrypted, or unpacks to more than is sensible.
        """
        self.check_zip()
        try:
            with zipfile.ZipFile(self.path) as archive:
                return io.BytesIO(archive.read(member))
        except (zipfile.BadZipFile, RuntimeError, OSError, KeyError, ValueError) as error:
            raise UnreadableFile(f"damaged or encrypted ({error}); save it again.") from None

    def check_zip(self) -> None:
        """Refuse a zip bomb or a damaged zip before a library opens it.

        Raises
        ------
        UnreadableFile
        """
        try:
            with zipfile.ZipFile(self.path) as archive:
                total = sum(info.file_size for info in archive.infolist())
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise UnreadableFile(f"a damaged or cut zip ({error}); fetch it again.") from None
        if total > LARGEST_UNPACKED:
            raise UnreadableFile(f"unpacks to {total >> 20} MB; at most {LARGEST_UNPACKED >> 20}.")


class Format(Protocol):
    """A module of this package that reads one format.

    Attributes
    ----------
    TITLE : str
        What the report calls it, such as "Nexis Uni, Word".
    """

    TITLE: str

    def recognise(self, source: Source) -> bool:
        """Whether a file is of this format, by its content; never raises, reads little."""
        ...

    def read(self, source: Source, settings: Settings) -> Iterator[Record | Remark]:
        """The articles of a file in their order; raises UnreadableFile for the rest of it."""
        ...
