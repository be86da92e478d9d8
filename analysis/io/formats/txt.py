"""Texts, an article a file; what else is known of it stands in the file's name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.io.formats.decoding import decoded_page, encoding_remarks
from analysis.io.formats.file_names import name_record
from analysis.io.formats.source import Record, Remark, Settings, Source, UnreadableFile

TITLE = "texts, one article a file"
_SUFFIXES = (".txt", ".text")
_LONGEST_HEADLINE = 250
_SHORTEST_START = 15  # letters of a headline that a name cut short


def recognise(source: Source) -> bool:
    """Whether a file is a text, by its name and its first bytes."""
    if source.suffix not in _SUFFIXES:
        return False
    try:
        text, _ = decoded_page(source.head)
    except UnreadableFile:
        return False
    odd = sum(not (letter.isprintable() or letter.isspace()) for letter in text[:4096])
    return odd * 50 <= len(text[:4096])


def read(source: Source, settings: Settings) -> Iterator[Record | Remark]:
    """The article of a file; fields come from its name (`Settings.name_pattern`)."""
    text, encoding = decoded_page(source.data, settings.encoding)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if not text.strip():
        raise UnreadableFile("holds no text; put the article into it, or leave it out.")
    record = Record(text)
    remarks = name_record(record, source, settings)
    remarks += encoding_remarks(encoding, settings.encoding)
    _take_headline(record)
    yield record
    yield from remarks


def _take_headline(record: Record) -> None:
    """Where the text begins with the headline of the name, take it from there: a name cuts it."""
    first, _, rest = record.text.partition("\n")
    named, stands = _letters(record.title), _letters(first)
    short = len(first) <= _LONGEST_HEADLINE and rest.strip()
    if named and short and (stands == named or _begins(stands, named, first)):
        record.title, record.text = first.strip(), rest.strip("\n")


def _begins(stands: str, named: str, first: str) -> bool:
    """Whether a line is the headline that a name gives the beginning of, and no sentence."""
    return (
        len(named) >= _SHORTEST_START
        and stands.startswith(named)
        and not first.rstrip().endswith(".")
    )


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
