"""Articles from whatever people have: files and folders of any format, and a report."""

from __future__ import annotations

import datetime
import hashlib
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from analysis.errors import CorpusError, Fault, OptionError
from analysis.io.article import Article, text_problem
from analysis.io.dates import read_dates
from analysis.io.encodings import check_encoding
from analysis.io.formats import format_named, recognise
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.ids import Ids
from analysis.io.languages import NAMES, language_code, looks_like
from analysis.io.paths import sources
from analysis.io.repairs import (
    cell_that_fits,
    empty_value,
    lost_characters,
    no_text,
    without_broken,
    without_cut_mark,
)
from analysis.io.report import Line
from analysis.io.report import summary as summary_of
from analysis.io.tables.columns import field_named
from analysis.io.text import LANGUAGE
from analysis.io.unknown import what_it_is

FIRST = ("article_id", "file", "title", "outlet", "published", "author", "url", "language")
WHERE_GIVEN = ("section", "page", "source_id")
_RESERVED = {"article_id", "file", "text", "n_chars", "n_tokens", "n_sentences", "sha256"}
_CELLS = ("title", "outlet", "author", "section", "page", "url", "source_id")
MOST_COLUMNS = 2000
_IN_MEMORY = 64 << 20  # bytes of text; more go to a temporary file
_SAID_AT_MOST = 50  # lines of the report in an error


class NoArticles(CorpusError):
    """No article is left; `reading` holds the report and what was read without text."""

    def __init__(self, paths, reading: Reading):
        lines = [Fault(line.file, line.row, line.fault) for line in reading.report]
        if len(lines) > _SAID_AT_MOST:
            lines = [Fault("in all", None, said) for said in reading.summary()]
        named = ", ".join(map(str, paths))
        super().__init__(named, lines or [Fault(named, None, "there is no file to read.")])
        self.reading = reading


class _Texts:
    """Texts one after another, in memory or, if they are many, in a temporary file."""

    def __init__(self):
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)
        self._end = 0

    def add(self, text: str) -> tuple[int, int]:
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
    """

    rows: list[dict[str, str]] = field(default_factory=list)
    report: list[Line] = field(default_factory=list)
    formats: Counter = field(default_factory=Counter)
    without_text: list[dict[str, str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=lambda: [*FIRST])
    origins: list[tuple[str, int]] = field(default_factory=list)
    _texts: _Texts = field(default_factory=_Texts, repr=False)
    _places: list[tuple[int, int]] = field(default_factory=list, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Article]:
        for row, place in zip(self.rows, self._places):
            yield Article(row["article_id"], self._texts[place], row["language"], dict(row))

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


def read_articles(
    paths: str | Path | Iterable[str | Path],
    *,
    format: str | None = None,
    encoding: str | None = None,
    day_first: bool | None = None,
    timezone: str | None = None,
    columns: Mapping[str, str] | None = None,
    name_pattern: str | None = None,
    language: str | None = None,
    strict: bool = False,
    today: datetime.date | None = None,
) -> Reading:
    r"""Read articles from files and folders of any format.

    Nothing is refused whole: what cannot be used is left out or left empty, and the report says so.

    Parameters
    ----------
    paths : path or several
        Files, and folders with all that is in them.
    format : str, optional
        Of all files, such as table or nexis-docx; recognised if None.
    encoding : str, optional
        Of files of text; found if None.
    day_first : bool, optional
        Whether 3/4/2023 is in April; decided by the whole column if None, and empty where no row
        decides.
    timezone : str, optional
        Of times without one, such as Europe/Berlin; such times are left out if None.
    columns : mapping, optional
        text, title, outlet, published, author, section, page, url, language or source_id → the
        name of a table's column.
    name_pattern : str, optional
        How names of files of text are made, such as ``{outlet}_{date}_{title}``.
    language : str, optional
        Of articles whose export does not say; en if None.
    strict : bool
        Whether anything that would be reported is an error.
    today : date, optional
        Later dates are none; the computer's if None.

    Returns
    -------
    Reading

    Raises
    ------
    CorpusError
        If a path is missing, no article is left, or `strict` and anything is to report.
    OptionError
        If an option is none that is allowed.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> path = Path(tempfile.mkdtemp(), "two.csv")
    >>> _ = path.write_text("Titel;Zeitung;Datum;Text\nKran;Bote;8.9.2023;Er fiel.\nNichts;;;\n")
    >>> reading = read_articles(path, language="de")
    >>> [(row["title"], row["outlet"], row["published"]) for row in reading.rows]
    [('Kran', 'Bote', '2023-09-08')]
    >>> reading.summary()
    ['two.csv, row 3: the article has no text: left out']
    """
    given = [paths] if isinstance(paths, (str, Path)) else list(paths)
    check_encoding(encoding)
    _check_timezone(timezone)
    if format is not None:
        format_named(format)
    if language is not None and not LANGUAGE.fullmatch(language):
        raise OptionError(f"language must be a code such as en, de or pt-BR (got {language!r})")
    named = {field_named(name): column for name, column in (columns or {}).items()}
    settings = Settings(encoding, day_first, timezone, named, name_pattern)
    drafts = _Drafts(language)
    for source in sources(given):
        drafts.read(source, format, settings)
    reading = drafts.finish(settings, today)
    if strict and reading.report:
        faults = [Fault(line.file, line.row, line.fault) for line in reading.report]
        raise CorpusError(", ".join(map(str, given)), faults)
    if not reading.rows:
        raise NoArticles(given, reading)
    return reading


def _check_timezone(name: str | None) -> None:
    try:
        if name is not None:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        given = f"(got {name!r})"
        raise OptionError(f"timezone must be one such as Europe/Berlin or UTC {given}") from None


@dataclass
class _Draft:
    """An article whose date is not decided yet."""

    source: int  # of the files, for the order of the report
    file: str
    format: str
    place: int
    row: dict[str, str]
    text: tuple[int, int] | None


class _Drafts:
    """Articles as they are read, file by file."""

    def __init__(self, language: str | None):
        self.reading = Reading()
        self.drafts: list[_Draft] = []
        self.lines: list[tuple[int, Line]] = []  # with the number of the file
        self.language, self.asked = language or "en", language is not None
        self.seen: dict[tuple[bytes, str], tuple[str, int]] = {}
        self.unsaid: Counter = Counter()  # what articles look like whose export names no language
        self.columns: dict[str, str] = {}  # the exports' own: as given → as stored
        self.n = 0  # files

    def say(self, file: str, row: int | None, fault: str, done: str) -> None:
        self.lines.append((self.n, Line(file, row, fault, done)))

    def read(self, source: Source, format: str | None, settings: Settings) -> None:
        self.n += 1
        name = source.name
        try:
            known = format or recognise(source)
            if known is None:
                self.reading.formats[None] += 1
                self.say(name, None, what_it_is(source), "left out")
                return
            reader = format_named(known)
            self.reading.formats[reader.TITLE] += 1
            for item in reader.read(source, settings):
                if isinstance(item, Remark):
                    self.say(name, item.place, item.problem, item.done)
                else:
                    self.add(item, name, known)
        except UnreadableFile as error:
            self.say(name, None, str(error), "left out")
        except ImportError as error:
            missing = f"needs the package {error.name}, which is not installed"
            self.say(name, None, f"{missing}; install twicetold[exports]", "left out")
        except OSError as error:
            self.say(name, None, f"cannot be read: {error.strerror or error}", "left out")
        except Exception as error:  # whatever a reader did not expect must not stop the others
            why = f"{type(error).__name__}: {error}"
            self.say(name, None, f"cannot be read further ({why:.200})", "left out")

    def add(self, record: Record, file: str, format: str) -> None:
        """Keep an article, or say why not."""
        place = record.place
        row = {"published": " ".join(record.published.split())}
        for name in _CELLS:
            row[name] = self._cell(name, getattr(record, name), file, place)
        row["language"] = self._language(record, file, place)
        for name, value in record.more.items():
            if stored := self._column(name, file):
                row[stored] = self._cell(stored, value, file, place)
        text, cut = without_cut_mark(record.text)
        if fault := no_text(text):
            self.say(file, place, fault, "left out")
            self.drafts.append(_Draft(self.n, file, format, place, row, None))
            return
        text, broken = without_broken(text)
        if problem := text_problem(text.encode("utf-8")):
            self.say(file, place, problem[1].rstrip("."), "left out")
            return
        before = (hashlib.sha256(text.strip().encode()).digest(), row["outlet"])
        first = self.seen.setdefault(before, (file, place))
        if first != (file, place):
            where = f"row {first[1]}" if first[0] == file else f"{first[0]}, row {first[1]}"
            fault = f"the same text as {where}, of the same outlet"
            self.say(file, place, fault, "left out")
            return
        if cut:
            self.say(file, place, cut, "kept as far as it goes")
        if broken:
            self.say(file, place, broken, "repaired")
        if lost := lost_characters(text):
            fault = f"{lost} characters were lost before (U+FFFD stands for each)"
            self.say(file, place, fault, "kept")
        if not record.language and not self.asked:
            self.unsaid[looks_like(text)] += 1
        self.drafts.append(_Draft(self.n, file, format, place, row, self.reading._texts.add(text)))

    def _cell(self, name: str, value: str, file: str, place: int) -> str:
        value = " ".join(str(value).split())
        if empty_value(value):
            return ""
        value, fault = cell_that_fits(name, value)
        if fault:
            self.say(file, place, fault, "repaired" if value else "left empty")
        return value

    def _language(self, record: Record, file: str, place: int) -> str:
        if not (given := record.language.strip()) or empty_value(given):
            return self.language
        if code := language_code(given):
            return code
        self.say(
            file, place, f"language {given!r:.40} is no code or name", f"{self.language} taken"
        )
        return self.language

    def _column(self, name: str, file: str) -> str:
        """The name under which a column of an export is kept."""
        if name in self.columns:
            return self.columns[name]
        plain, _ = cell_that_fits("a column's name", " ".join(name.split()))
        stored = plain[:200] or "unnamed"
        while stored.lower() in _RESERVED or stored in (*FIRST, *WHERE_GIVEN):
            stored += "_given"
        if stored != name:
            self.say(file, None, f"the column {name!r:.80} needs another name", f"called {stored}")
        if len(self.columns) >= MOST_COLUMNS:
            if len(self.columns) == MOST_COLUMNS:
                fault = f"there are more than {MOST_COLUMNS:,} columns"
                self.say(file, None, fault, f"{stored} and all others left out")
            stored = ""
        self.columns[name] = stored
        return stored

    def finish(self, settings: Settings, today: datetime.date | None) -> Reading:
        """Decide dates and ids, and give what was read."""
        self._date(settings, today)
        reading = self.reading
        ids = Ids()
        for draft in self.drafts:
            if draft.text is None:
                reading.without_text.append(draft.row)
                continue
            identity, file, fault, done = ids.of(draft.row, f"{draft.file}, row {draft.place}")
            if fault:
                self.lines.append((draft.source, Line(draft.file, draft.place, fault, done)))
            draft.row |= {"article_id": identity, "file": file}
            reading.origins.append((draft.file, draft.place))
            reading._places.append(draft.text)
            reading.rows.append(draft.row)
        self._say_language()
        if all(row["source_id"] in ("", row["article_id"]) for row in reading.rows):
            for row in reading.rows:
                del row["source_id"]
        own = dict.fromkeys(filter(None, self.columns.values()))
        there = {name for row in reading.rows for name, value in row.items() if value}
        optional = [name for name in (*WHERE_GIVEN, *own) if name in there]
        reading.columns = [*FIRST, *optional]
        reading.rows = [
            {name: row.get(name, "") for name in reading.columns} for row in reading.rows
        ]
        in_order = sorted(self.lines, key=lambda said: (said[0], said[1].row or 0))
        reading.report = [line for _, line in in_order]
        return reading

    def _date(self, settings: Settings, today: datetime.date | None) -> None:
        by_file: dict[int, list[_Draft]] = {}
        by_format: dict[str, list[str]] = {}
        for draft in self.drafts:
            by_file.setdefault(draft.source, []).append(draft)
            by_format.setdefault(draft.format, []).append(draft.row["published"])
        also = {name: tuple(set(given)) for name, given in by_format.items()}
        for drafts in by_file.values():
            dates = read_dates(
                [draft.row["published"] for draft in drafts],
                day_first=settings.day_first,
                timezone=settings.timezone,
                today=today,
                also=also[drafts[0].format],
            )
            for draft, date in zip(drafts, dates):
                draft.row["published"] = date.iso
                if date.problem:
                    line = Line(draft.file, draft.place, date.problem, "left empty")
                    self.lines.append((draft.source, line))

    def _say_language(self) -> None:
        code, n = max(
            ((code, n) for code, n in self.unsaid.items() if code), key=lambda c: c[1],
            default=(None, 0),
        )  # fmt: skip
        if code and code != self.language and 2 * n > self.unsaid.total():
            fault = f"{n} of {self.unsaid.total()} articles look {NAMES[code]}"
            done = f"taken as {self.language}; --language {code} says otherwise"
            self.lines.append((0, Line("all files", None, fault, done)))
