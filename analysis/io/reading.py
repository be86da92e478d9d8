"""Articles from whatever people have: files and folders of any format, and a report."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from analysis.errors import CorpusError, Fault, OptionError
from analysis.io.articles import Reading
from analysis.io.drafts import Drafts
from analysis.io.encodings import check_encoding
from analysis.io.formats import format_named
from analysis.io.formats.source import Settings
from analysis.io.paths import files_below
from analysis.io.tables.headers import field_named
from analysis.io.text import LANGUAGE

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
    drafts = Drafts(language)
    for source in files_below(given):
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
