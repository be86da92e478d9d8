"""Objects of JSON: one a line, in a list, or in a list inside an object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from analysis.io.encodings import decoded
from analysis.io.formats.source import Remark, Source, UnreadableFile

_DEEPEST = 4  # objects in objects in which the list of articles may stand

_SPACE = re.compile(r"\s*")
_SPACE_OR_COMMA = re.compile(r"[\s,]*")
_NEXT = re.compile(r"(?<=\n)[{\[]")  # a line that begins an object, as all do of JSON lines


def begins_as_json(source: Source) -> bool:
    """Whether a file begins as an object or a list of JSON does.

    Parameters
    ----------
    source : Source

    Returns
    -------
    bool
    """
    head = source.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.decode("utf-16", "ignore").encode().lstrip()
    return head[:1] == b"{" or head[:1] == b"[" and head[1:].lstrip()[:1] in (b"{", b"]")


def first_object(source: Source) -> dict:
    """The first article's object of a file as far as its first bytes hold it, else an empty one.

    Parameters
    ----------
    source : Source

    Returns
    -------
    dict
        The keys seen before the first bytes end, if the object is longer.
    """
    if not begins_as_json(source):
        return {}
    text = decoded(source.head)[0].lstrip()
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        value = _cut_value(text)
    while isinstance(value, dict) and (inner := _list_in(value)) is not None:
        value = inner
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, dict)), {})
    return value if isinstance(value, dict) else {}


def _cut_value(text: str):
    """What a JSON text that was cut holds up to the last whole value."""
    closing, inside, escaped, ends = [], False, False, []
    for at, c in enumerate(text):
        if inside:
            escaped, inside = (c == "\\" and not escaped), (c != '"' or escaped)
        elif c == '"':
            inside = True
        elif c in "{[":
            closing.append("}" if c == "{" else "]")
        elif c in "}]" and closing:
            closing.pop()
        elif c == ",":
            ends.append((at, "".join(reversed(closing))))
        if len(closing) > 50:
            return {}
    for at, closed in ends[: -20 - 1 : -1]:
        try:
            return json.loads(text[:at] + closed)
        except (ValueError, RecursionError):
            continue
    return {}


def objects(source: Source, encoding: str | None = None) -> Iterator[tuple[int, dict] | Remark]:
    """The objects of a file, each with its number: the line, or the place in the list.

    Parameters
    ----------
    source : Source
    encoding : str, optional

    Yields
    ------
    (int, dict) or Remark

    Raises
    ------
    UnreadableFile
        If it is no JSON.
    """
    text = decoded(source.data, encoding)[0]
    at = _SPACE.match(text).end()
    if at == len(text):
        raise UnreadableFile("the file is empty.")
    decode = json.JSONDecoder(object_pairs_hook=_checked).raw_decode
    yield from (_of_list if text[at] == "[" else _of_lines)(text, at, decode)


def _of_list(text: str, at: int, decode) -> Iterator[tuple[int, dict] | Remark]:
    at, number = at + 1, 0
    while True:
        at = _SPACE_OR_COMMA.match(text, at).end()
        if text[at : at + 1] == "]":
            return
        number += 1
        try:
            value, at = decode(text, at)
        except (ValueError, RecursionError) as error:
            raise UnreadableFile(
                f"not JSON from item {number} of the list: {error!s:.200}"
            ) from None
        yield _item(number, value)


def _of_lines(text: str, at: int, decode) -> Iterator[tuple[int, dict] | Remark]:
    line, counted = 1, 0
    while (at := _SPACE.match(text, at).end()) < len(text):
        line, counted = line + text.count("\n", counted, at), at
        try:
            value, at = decode(text, at)
        except (ValueError, RecursionError) as error:
            yield Remark(line, f"not JSON: {error!s:.200}")
            following = _NEXT.search(text, at + 1)
            at = following.start() if following else len(text)
            continue
        inner = value
        for _ in range(_DEEPEST):
            if isinstance(inner, dict) and (found := _list_in(inner)) is not None:
                inner = found
        if inner is value or isinstance(inner, dict):
            yield _item(line, inner)
        else:
            yield from (_item(number, item) for number, item in enumerate(inner, start=1))


def _item(number: int, value) -> tuple[int, dict] | Remark:
    if isinstance(value, dict):
        return number, value
    return Remark(number, f"{value!r:.60} was given; needed is an object")


def _list_in(value: dict):
    """The list of articles in an answer of a platform, which says little else."""
    if any(key in value for key in ("text", "body", "content", "maintext", "title")):
        return None
    for key in ("articles", "results", "data", "items", "docs", "response", "hits", "stories"):
        inner = value.get(key)
        if (
            isinstance(inner, dict)
            or isinstance(inner, list)
            and (not inner or isinstance(inner[0], dict))
        ):
            return inner
    return None


def _checked(pairs: list[tuple]) -> dict:
    given = dict(pairs)
    if len(given) < len(pairs):
        raise ValueError(f"a key is given twice among {', '.join(key for key, _ in pairs)}")
    return given
