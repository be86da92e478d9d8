"""Articles as they are read, file by file, until dates and ids can be decided."""

from __future__ import annotations

import datetime
import hashlib
from collections import Counter
from dataclasses import dataclass

from analysis.io.article import text_problem
from analysis.io.articles import FIRST, Reading
from analysis.io.dates import read_dates
from analysis.io.formats import format_named, recognise
from analysis.io.formats.contents import what_it_is
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile
from analysis.io.ids import Ids
from analysis.io.import_report import Line
from analysis.io.languages import LANGUAGE_NAMES, language_code, looks_like
from analysis.io.repairs import (
    cell_that_fits,
    empty_value,
    lost_characters,
    no_text,
    without_broken,
    without_cut_mark,
)

_MOST_COLUMNS = 2000
_LOOKED_AT = 500  # articles whose language is compared with the one that is taken
_WHERE_GIVEN = ("section", "page", "source_id")
_CELLS = ("title", "outlet", "author", "url", *_WHERE_GIVEN)
_RESERVED = {"article_id", "file", "text", "n_chars", "n_tokens", "n_sentences", "sha256"}


@dataclass
class _Draft:
    """An article whose date is not decided yet."""

    source: int  # of the files, for the order of the report
    file: str
    format: str
    place: int
    row: dict[str, str]
    text: tuple[int, int] | None


class Drafts:
    """Articles as they are read, file by file.

    Parameters
    ----------
    language : str or None
        Of articles whose export does not say; en if None.
    """

    def __init__(self, language: str | None):
        self.reading = Reading()
        self.drafts: list[_Draft] = []
        self.lines: list[tuple[int, Line]] = []  # with the number of the file
        self.language, self.asked = language or "en", language is not None
        self.seen: dict[tuple[bytes, str], tuple[str, int]] = {}
        self.unsaid: Counter = Counter()  # what articles look like whose export names no language
        self.columns: dict[str, str] = {}  # the exports' own: as given → as stored
        self.n = 0  # files

    def _say(self, file: str, row: int | None, fault: str, done: str) -> None:
        self.lines.append((self.n, Line(file, row, fault, done)))

    def read(self, source: Source, format: str | None, settings: Settings) -> None:
        """Read one file; whatever goes wrong becomes a line of the report."""
        self.n += 1
        name = source.name
        try:
            known = format or recognise(source)
            if known is None:
                self.reading.formats[None] += 1
                self._say(name, None, what_it_is(source), "left out")
                return
            reader = format_named(known)
            self.reading.formats[reader.TITLE] += 1
            for item in reader.read(source, settings):
                if isinstance(item, Remark):
                    self._say(name, item.place, item.problem, item.done)
                else:
                    self._add(item, name, known)
        except UnreadableFile as error:
            self._say(name, None, str(error), "left out")
        except ImportError as error:
            missing = f"needs the package {error.name}, which is not installed"
            self._say(name, None, f"{missing}; install twicetold[exports]", "left out")
        except OSError as error:
            self._say(name, None, f"cannot be read: {error.strerror or error}", "left out")
        except Exception as error:  # whatever a reader did not expect must not stop the others
            why = f"{type(error).__name__}: {error}"
            self._say(name, None, f"cannot be read further ({why:.200})", "left out")

    def _add(self, record: Record, file: str, format: str) -> None:
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
            self._say(file, place, fault, "left out")
            self.drafts.append(_Draft(self.n, file, format, place, row, None))
            return
        text, broken = without_broken(text)
        damaged = broken or "\ufffd" in text
        if damaged and (problem := text_problem(text.encode("utf-8"))):
            self._say(file, place, problem[1].rstrip("."), "left out")
            return
        before = (hashlib.sha256(text.strip().encode()).digest(), row["outlet"])
        first = self.seen.setdefault(before, (file, place))
        if first != (file, place):
            where = f"row {first[1]}" if first[0] == file else f"{first[0]}, row {first[1]}"
            fault = f"the same text as {where}, of the same outlet"
            self._say(file, place, fault, "left out")
            return
        if cut:
            self._say(file, place, cut, "kept as far as it goes")
        if broken:
            self._say(file, place, broken, "repaired")
        if lost := lost_characters(text):
            fault = f"{lost} characters were lost before (U+FFFD stands for each)"
            self._say(file, place, fault, "kept")
        if not record.language and not self.asked and self.unsaid.total() < _LOOKED_AT:
            self.unsaid[looks_like(text)] += 1
        self.drafts.append(_Draft(self.n, file, format, place, row, self.reading.texts.add(text)))

    def _cell(self, name: str, value: str, file: str, place: int) -> str:
        value = " ".join(str(value).split())
        if empty_value(value):
            return ""
        value, fault = cell_that_fits(name, value)
        if fault:
            self._say(file, place, fault, "repaired" if value else "left empty")
        return value

    def _language(self, record: Record, file: str, place: int) -> str:
        if not (given := record.language.strip()) or empty_value(given):
            return self.language
        if code := language_code(given):
            return code
        self._say(
            file, place, f"language {given!r:.40} is no code or name", f"{self.language} taken"
        )
        return self.language

    def _column(self, name: str, file: str) -> str:
        """The name under which a column of an export is kept."""
        if name in self.columns:
            return self.columns[name]
        plain, _ = cell_that_fits("a column's name", " ".join(name.split()))
        stored = plain[:200] or "unnamed"
        while stored.lower() in _RESERVED or stored in (*FIRST, *_WHERE_GIVEN):
            stored += "_given"
        if stored != name:
            self._say(file, None, f"the column {name!r:.80} needs another name", f"called {stored}")
        if len(self.columns) >= _MOST_COLUMNS:
            if len(self.columns) == _MOST_COLUMNS:
                fault = f"there are more than {_MOST_COLUMNS:,} columns"
                self._say(file, None, fault, f"{stored} and all others left out")
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
            reading.places.append(draft.text)
            reading.rows.append(draft.row)
        self._say_language()
        if all(row["source_id"] in ("", row["article_id"]) for row in reading.rows):
            for row in reading.rows:
                del row["source_id"]
        own = dict.fromkeys(filter(None, self.columns.values()))
        there = {name for row in reading.rows for name, value in row.items() if value}
        optional = [name for name in (*_WHERE_GIVEN, *own) if name in there]
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
            fault = f"{n} of {self.unsaid.total()} articles look {LANGUAGE_NAMES[code]}"
            done = f"taken as {self.language}; --language {code} says otherwise"
            self.lines.append((0, Line("all files", None, fault, done)))
