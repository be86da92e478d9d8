"""The file formats of dictionaries: Lexicoder, LIWC, Yoshikoder, quanteda YAML and plain CSV.

Each is read into rows of a pattern with its category, or with its score.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import yaml

from analysis.errors import Fault
from analysis.io.dictionary_csv import csv_table
from analysis.io.dictionary_rows import Note, Row, Unreadable, cells_of, raise_first
from analysis.io.text import decode_any, read_utf8
from analysis.io.yaml import load_yaml

STRICT = ("csv", "yaml")  # files that their owner writes; the others are read as they were bought
_LARGEST = 16 << 20  # bytes; the largest dictionaries that are sold have less than two
DEEPEST = 50
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}$")
_NUMBERED = re.compile(r"(\d+)\s+(\S.*)")
_LISTED = re.compile(r"([^\t]*)\t(.*)|(.+?)((?:\s+\d+)*)")  # a pattern, and numbers of categories
_CONDITION = re.compile(r"<of>|\(\d|/\d")


def read_rows(path: Path, name: str, format: str) -> tuple[list[Row], list[Fault]]:
    """Rows of a dictionary file, and notes on what of it could not be used.

    Parameters
    ----------
    path : Path
    name : str
        What faults and notes call the file.
    format : {"csv", "lexicoder", "liwc", "yaml", "yoshikoder"}

    Returns
    -------
    list of Row, list of Fault

    Raises
    ------
    Unreadable
        If the file is too large, in no encoding that is known, or not of its format.

    Notes
    -----
    Lexicoder 3 (`.lc3`): a line `+name` (a colour such as `#AA0000` may follow) opens a category,
    every other line is a pattern of it. Lexicoder 2 (`.lcd`) and Yoshikoder (`.ykd`): XML,
    categories `cnode` that hold patterns `pnode`. LIWC (`.dic`): numbered categories between two
    lines `%`, then patterns with the numbers of their categories; `.dicx`: a CSV with a column for
    each category. A `.dic` row with a condition, such as `<of>` or `(02 134)`, is left out and
    noted. quanteda: YAML, categories that hold lists of patterns or categories; `__` holds those of
    the category itself. CSV: the header word,score or word,category, with commas, semicolons or
    tabs; more of it in `analysis.io.dictionary_csv`.
    """
    if path.stat().st_size > _LARGEST:
        problem = f"is larger than {_LARGEST >> 20} MiB; a dictionary is not that large."
        raise Unreadable(None, problem)
    notes = []
    if format in STRICT:
        text, faults = read_utf8(path, name)
        raise_first(faults)
        parse = csv_table if format == "csv" else _yaml
    else:
        text, encoding = _decoded(path.read_bytes())
        if encoding == "cp1252":
            problem = (
                "is not UTF-8; it was read as Windows-1252. If accents are wrong, save as UTF-8."
            )
            notes = [Fault(name, None, problem)]
        parse = _parser(text.lstrip(), format)
    found = list(parse(text))
    notes += [Fault(name, *note) for note in found if isinstance(note, Note)]
    return [row for row in found if isinstance(row, Row)], notes


def _parser(text: str, format: str):
    """The reader of a format that is bought, in its older or its newer form."""
    if format == "liwc":
        return _dicx if text.casefold().startswith(("dicterm", '"dicterm')) else _liwc
    if text.startswith("<"):
        return _yoshikoder
    if format == "yoshikoder":
        problem = "is not XML; a Yoshikoder dictionary begins with <?xml or <dictionary."
        raise Unreadable(1, problem)
    return _lexicoder


def _decoded(data: bytes) -> tuple[str, str]:
    try:
        text, encoding = decode_any(data)
    except UnicodeDecodeError as error:
        row, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        problem = f"the byte 0x{byte:02x} is neither UTF-8 nor Windows-1252; save it as UTF-8."
        raise Unreadable(row, problem) from None
    if "\0" in text:
        row = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable(row, "holds a NUL character; save the file as UTF-8.")
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _lexicoder(text: str) -> Iterator[Row]:
    category = None
    for number, line in enumerate(map(str.strip, text.split("\n")), start=1):
        if line.startswith("+"):
            category = _COLOUR.sub("", line.lstrip("+")).strip()
        elif line and category is None:
            problem = f"{line!r:.60} is before the first category, a line such as +positive."
            raise Unreadable(number, problem)
        elif line:
            yield Row(number, line, (category,))


def _yoshikoder(text: str) -> list[Row]:
    rows, open_nodes = [], []
    parser = expat.ParserCreate("utf-8")

    def start(tag, attributes):
        number, given = parser.CurrentLineNumber, attributes.get("name", "")
        if len(open_nodes) > DEEPEST:
            raise Unreadable(number, "holds categories nested too deeply.")
        if tag == "pnode":
            rows.append(Row(number, given, tuple(filter(None, open_nodes))))
        open_nodes.append(given if tag == "cnode" else "")

    def doctype(*_):  # entities of a few lines can expand to gigabytes
        raise Unreadable(parser.CurrentLineNumber, "declares a document type; remove that line.")

    parser.StartElementHandler, parser.EndElementHandler = start, lambda tag: open_nodes.pop()
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(text.lstrip().encode("utf-8", "replace"), True)
    except expat.ExpatError as error:
        problem = f"not valid XML: {expat.ErrorString(error.code)}."
        raise Unreadable(error.lineno, problem) from None
    tops = {row.category[:1] for row in rows}
    if len(tops) == 1 and all(len(row.category) > 1 for row in rows):
        # the node of the dictionary itself
        rows = [row._replace(category=row.category[1:]) for row in rows]
    return rows


def _liwc(text: str) -> Iterator[Row | Note]:
    lines = [(number, line.strip()) for number, line in enumerate(text.split("\n"), start=1)]
    marks = [i for i, (_, line) in enumerate(lines) if line == "%"]
    if len(marks) < 2:
        problem = "has no list of categories between two lines %, as a LIWC dictionary begins."
        raise Unreadable(None, problem)
    categories = {}
    for number, line in lines[marks[0] + 1 : marks[1]]:
        if found := _NUMBERED.fullmatch(line):
            categories[int(found[1])] = _category(found[2])
        elif line:
            problem = f"{line!r:.60} is not a category; needed are a number and a name."
            raise Unreadable(number, problem)
    for number, line in lines[marks[1] + 1 :]:
        if not line:
            continue
        pattern, numbered = filter(lambda part: part is not None, _LISTED.fullmatch(line).groups())
        if _CONDITION.search(line.partition("\t")[2] or line):
            problem = f"{line!r:.60} depends on a condition that cannot be applied; it is left out."
            yield Note(number, problem)
            continue
        numbers = numbered.split()
        if not numbers or not all(map(str.isdecimal, numbers)):
            problem = f"{line!r:.60} has no numbers of categories after the word."
            raise Unreadable(number, problem)
        if unknown := [n for n in numbers if int(n) not in categories]:
            listed = ", ".join(unknown)
            problem = f"{pattern!r:.60}: the file names no category {listed}; it is left out."
            yield Note(number, problem)
        known = [categories[int(n)] for n in numbers if int(n) in categories]
        yield from (Row(number, pattern.strip(), (category,)) for category in known)


def _category(given: str) -> str:
    """Name of a LIWC category: that of 2015 has "posemo (Positive Emotion)"."""
    return given.split(" (")[0].strip()


def _dicx(text: str) -> Iterator[Row]:
    (_, header), *lines = cells_of(text)
    for number, cells in lines:
        for category, cell in zip(header[1:], cells[1:]):
            if cell.strip().casefold() == "x":
                yield Row(number, cells[0].strip(), (_category(category),))
            elif cell.strip():
                problem = f"{category!r:.40} is {cell!r:.60}; a cell of .dicx is X or empty."
                raise Unreadable(number, problem)


def _yaml(text: str) -> Iterator[Row]:
    node, _, faults = load_yaml(text, "")
    raise_first(faults)
    if not isinstance(node, yaml.MappingNode):
        raise Unreadable(1, "must map categories to lists of words.")
    return _nested(node, ())


def _nested(node: yaml.Node, path: tuple[str, ...]) -> Iterator[Row]:
    """Patterns as they are written: YAML would read the word "no" as false."""
    number = node.start_mark.line + 1
    if len(path) > DEEPEST:
        raise Unreadable(number, "holds categories nested too deeply.")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                problem = "a category's name is a list or mapping; write a word."
                raise Unreadable(key.start_mark.line + 1, problem)
            yield from _nested(value, path if key.value == "__" else (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            if isinstance(value, yaml.SequenceNode):
                problem = "a list is within a list; write words, or categories and words."
                raise Unreadable(value.start_mark.line + 1, problem)
            yield from _nested(value, path)
    elif node.value.strip():
        yield Row(number, node.value, path)
