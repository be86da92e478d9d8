"""Text files, an article a file, with fields from the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.errors import OptionError
from analysis.io.encodings import decoded, find_encoding
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "a text file"
USUAL = ("{outlet}_{date}_{title}", "{date}_{outlet}_{title}", "{outlet}_{date}")
_DATE = r"\d{4}-\d\d-\d\d|\d{4}[._]\d\d[._]\d\d|\d{8}|\d{1,2}[.-]\d{1,2}[.-]\d{4}"
_FIELDS = ("outlet", "date", "title", "author", "section", "page", "source_id", "language")
_SLOT = re.compile(r"\\{(\w+)\\}|\{(\w+)\}")
_EIGHT = re.compile(r"(\d{4})(\d\d)(\d\d)")


def recognise(source: Source) -> bool:
    """Whether the file is named as text and holds no bytes that text lacks."""
    head = source.head
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    return (
        source.suffix in (".txt", ".text", ".md", "") and bool(head) and (wide or b"\0" not in head)
    )


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article, with what the file's name says of it."""
    data = source.data
    encoding = settings.encoding or find_encoding(data)
    text, _ = decoded(data, encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text:
        raise UnreadableFile("the file is empty.")
    stem = source.name.rsplit("/", 1)[-1]
    stem = stem[: -len(source.suffix)] if source.suffix else stem
    said = fields_of(stem, settings.name_pattern)
    if said is None and settings.name_pattern is not None:
        problem = f"the file's name does not fit --name-pattern {settings.name_pattern}"
        yield Remark(None, problem, "read without its fields")
    said = said or {"source_id": stem}
    date = said.pop("date", "")
    if eight := _EIGHT.fullmatch(date):
        date = "-".join(eight.groups())
    yield Record(
        text,
        published=re.sub(r"[._](?=\d\d[._]|\d\d$)", "-", date) if date[:4].isdigit() else date,
        **said,
    )


def fields_of(stem: str, pattern: str | None = None) -> dict[str, str] | None:
    """What a file's name says, or None if it does not fit.

    Parameters
    ----------
    stem : str
        Of the file, without its ending.
    pattern : str, optional
        Such as ``{outlet}_{date}_{title}``; the usual ones if not given.

    Returns
    -------
    dict of str to str or None

    Raises
    ------
    OptionError
        If the pattern names no field, or one that there is none of.

    Examples
    --------
    >>> fields_of("The Courier_2023-09-05_Crane falls")
    {'outlet': 'The Courier', 'date': '2023-09-05', 'title': 'Crane falls'}
    """
    for usual in (pattern,) if pattern is not None else USUAL:
        match = _compiled(usual).fullmatch(stem)
        if match is not None:
            return {field: " ".join(value.split()) for field, value in match.groupdict().items()}
    return None


def _compiled(pattern: str) -> re.Pattern[str]:
    fields = [a or b for a, b in _SLOT.findall(pattern)]
    unknown = [field for field in fields if field not in _FIELDS]
    if not fields or unknown or len(set(fields)) < len(fields):
        allowed = ", ".join(f"{{{field}}}" for field in _FIELDS)
        raise OptionError(
            f"name_pattern must hold each of some of {allowed} once (got {pattern!r})"
        )
    parts = _SLOT.split(pattern)
    made = ""
    for plain, escaped, field in zip(parts[::3], [*parts[1::3], None], [*parts[2::3], None]):
        name = escaped or field
        made += re.escape(plain)
        if name is not None:
            made += f"(?P<{name}>{_DATE if name == 'date' else '.+?'})"
    return re.compile(made)
