"""Articles that were read, and the report."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from analysis.io.article import Article
from analysis.io.import_report import Line
from analysis.io.import_report import summary as summary_of

FIRST = ("article_id", "file", "title", "outlet", "published", "author", "url", "language")
_IN_MEMORY = 64 << 20  # bytes of text; more go to a temporary file


class Texts:
    """Texts one after another, in memory or, if they are many, in a temporary file."""

    def __init__(self):
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)
        self._end = 0

    def add(self, text: str) -> tuple[int, int]:
        """Keep a text; returns its place."""
        data = text.encode("utf-8")
        self._file.seek(self._end)
        self._file.write(data)
        begin, self._end = self._end, self._end + len(data)
        return begin, self._end

    def __getitem__(self, place: tuple[int, int]) -> str:
        self._file.seek(place[0])
        return self._file.read(place[1] - place[0]).decode("utf-8")


@dataclass
class Reading:
    """The articles that were read, in order, and what there is to say about them.

    Iterating gives each as an `Article`.

    Attributes
    ----------
    rows : list of dict
        The metadata of each: article_id, file, title, outlet, published, author, url, language;
        section, page, source_id and the exports' own columns where an article has them.
    report : list of Line
        Whatever was left out, left empty, repaired or guessed: file, row, fault, done.
    formats : Counter
        Files by format, as people call it; None for those that are not recognised.
    without_text : list of dict
        What exports say of articles whose text they lack, such as lists of addresses.
    columns : list of str
        Of the rows.
    origins : list of (str, int)
        The file of each article, and its place in it.
    texts : Texts
    places : list of (int, int)
        Of the articles among the texts.
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    report: list[Line] = field(default_factory=list)
    formats: Counter = field(default_factory=Counter)
    without_text: list[dict[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=lambda: [*FIRST])
    origins: list[tuple[str, int]] = field(default_factory=list)
    texts: Texts = field(default_factory=Texts, repr=False)
    places: list[tuple[int, int]] = field(default_factory=list, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Article]:
        for row, place in zip(self.rows, self.places):
            yield Article(row["article_id"], self.texts[place], row["language"], dict(row))

    def leave_out(self, why: Mapping[int, str]) -> None:
        """Leave out articles, and say so in the report.

        Parameters
        ----------
        why : mapping of int to str
            Place of an article among the rows → the fault.
        """
        for at, fault in sorted(why.items()):
            self.report.append(Line(*self.origins[at], fault, "left out"))
        kept = [at for at in range(len(self.rows)) if at not in why]
        for name in ("rows", "origins", "places"):
            setattr(self, name, [getattr(self, name)[at] for at in kept])

    def recognised(self) -> str:
        """How many files are of which format.

        Returns
        -------
        str

        Examples
        --------
        >>> Reading(formats=Counter({"table": 2, None: 1})).recognised()
        '2 files: table; 1 file: not recognised'
        """
        named = sorted(self.formats.items(), key=lambda item: (item[0] is None, -item[1]))
        return "; ".join(
            f"{n} file{'s' * (n != 1)}: {title or 'not recognised'}" for title, n in named
        )

    def summary(self) -> list[str]:
        """The report in short: one line for each kind of fault.

        Returns
        -------
        list of str
        """
        return list(summary_of(self.report))
