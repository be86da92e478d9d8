"""Objects of JSON files of crawlers: one a file, a list, or one a line."""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from analysis.io.formats.decoding import decode
from analysis.io.formats.source import Remark, Settings, Source, UnreadableFile

_LONGEST_LINE = 64 << 20  # bytes
_LONGEST_EXTRA = 2_000  # characters of a value that becomes a column


def objects(source: Source, settings: Settings) -> Iterator[tuple[int, dict[str, Any] | Remark]]:
    """Each object of a file with its place, or what is wrong with it.

    Parameters
    ----------
    source : Source
    settings : Settings

    Yields
    ------
    (int, dict or Remark)

    Raises
    ------
    UnreadableFile
        If it holds none.
    """
    with source.path.open("rb") as file:
        first = file.readline(_LONGEST_LINE)
        if isinstance(_parsed(first, settings), dict):
            file.seek(0)
            yield from _lines(file, settings)
            return
    text, _ = decode(source.data, settings.encoding)
    if not text.strip():
        raise UnreadableFile("is empty; fetch it again.")
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from _lines(io.BytesIO(text.encode()), Settings())
        return
    for place, item in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        yield place, item if isinstance(item, dict) else Remark(place, "no object")


def _lines(file: BinaryIO, settings: Settings) -> Iterator[tuple[int, dict[str, Any] | Remark]]:
    """An object a line; a line that is none, such as one cut short, is remarked."""
    read, place = 0, 0
    while line := file.readline(_LONGEST_LINE):
        if not line.strip():
            continue
        place += 1
        item = _parsed(line, settings)
        read += isinstance(item, dict)
        yield place, item if isinstance(item, dict) else Remark(place, "no object, or cut short")
    if not read:
        raise UnreadableFile("no JSON, or cut short; fetch it again.")


def _parsed(line: bytes, settings: Settings) -> object:
    try:
        return json.loads(decode(line, settings.encoding)[0])
    except (ValueError, RecursionError, UnreadableFile):
        return None


def text_of(value: object) -> str:
    """A value as a text: names of a list parted by semicolons, nothing for null."""
    if isinstance(value, list):
        return "; ".join(filter(None, map(text_of, value)))
    if isinstance(value, dict):
        return text_of(value.get("name") or value.get("title"))
    return "" if value is None or isinstance(value, bool) else str(value).strip()


def place_rest(item: dict[str, Any], placed: Collection[str]) -> dict[str, str]:
    """What an object has beyond the fields of a record, where it is a short text.

    Parameters
    ----------
    item : dict
    placed : collection of str
        Names that have a place already, or that are none of the article's.

    Returns
    -------
    dict of str to str
    """
    rest = {name: text_of(value) for name, value in item.items() if name not in placed}
    return {name: value for name, value in rest.items() if value and len(value) <= _LONGEST_EXTRA}
